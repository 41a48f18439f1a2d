"""Made-up coders, for trying out a design and for the notebook: they answer by the scores, with errors of their own."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pandas as pd

from presslab.runs import finished
from presslab.system.files import write

from .codebook import Question, load as load_codebook
from .exports import FORMAT
from .form import fingerprint
from .read import CODEBOOK
from .sample import load as load_sample, texts

SLIP = 0.15  # how often a coder answers otherwise than by the truth that both see


def code(run: Path, folder: Path, seed: int = 1) -> list[str]:
    """Write what made-up coders hand in, in the form's format; returns the file names.

    Both see the same truth, which follows the machine's scores loosely, and slip on their own. The codes say
    nothing about the articles: they only show how the parts fit together.
    """
    sample, design = load_sample(folder)
    book, article_texts = load_codebook(folder / CODEBOOK), texts(folder)
    measures = finished.table(run, "measures", ["id", "measure", "scope", "value"])
    spans = finished.table(run, "attributions", ["id", "content_spans"])
    random = np.random.default_rng(seed)
    truth: dict[str, dict[str, tuple[float, float]]] = {}
    for question in book.questions:
        values = measures[(measures["measure"] == question.measure) & (measures["scope"] == question.scope)].set_index(
            "id"
        )["value"]
        scores = values.reindex(sample["id"]).fillna(values.mean() if len(values) else 0.0).to_numpy(float)
        spread = scores.std() or 1.0
        place = (scores - scores.mean()) / spread + random.normal(0, 0.7, len(scores))
        truth[question.name] = dict(zip(sample["id"], zip(place, scores)))
    names = []
    for number, coder in enumerate(design.coders):
        rng = np.random.default_rng([seed, number])
        mine = [id for id, coders in zip(sample["id"], sample["coders"]) if coder in coders.split(";")]
        articles = []
        for id in mine:
            answers = {q.name: _answer(q, *truth[q.name][id], rng) for q in book.questions}
            marks = (
                []
                if not book.spans
                else _marks(book.spans[0].name, spans.loc[spans["id"] == id, "content_spans"], article_texts[id], rng)
            )
            articles.append({"id": id, "answers": answers, "marks": marks, "comment": "", "uncodable": False})
        export = {
            "format": FORMAT,
            "sample": design.sample,
            "codebook": fingerprint(book),
            "coder": coder,
            "articles": articles,
        }
        names.append(f"codes-{coder}.json")
        write(folder / names[-1], [json.dumps(export, ensure_ascii=False, indent=1) + "\n"])
    return names


def _answer(question: Question, place: float, score: float, rng: np.random.Generator) -> float:
    """Return an answer by where the truth lies (in standard deviations), and by a slip now and then."""
    slip = rng.random() < SLIP
    if not question.values:
        return float(
            np.clip(round(score + (rng.integers(-1, 2) if slip else 0)), max(question.low, 0), min(question.high, 99))
        )
    values = sorted(value for value, _ in question.values)
    at = (
        int(np.clip(math.floor((place + 2) / 4 * len(values)), 0, len(values) - 1))
        if len(values) > 2
        else int(place > 0)
    )
    if slip:
        at = int(np.clip(at + rng.choice([-1, 1]), 0, len(values) - 1)) if len(values) > 2 else 1 - at
    return values[at]


def _marks(kind: str, span_lists: pd.Series, text: str, rng: np.random.Generator) -> list[dict]:
    """Return the attributed stretches that presslab found, some of them overlooked."""
    marks = []
    for spans in span_lists:
        for span in filter(None, spans.split(";")):
            start, end = map(int, span.split("-"))
            if rng.random() > SLIP:
                marks.append({"kind": kind, "start": start, "end": end, "text": text[start:end]})
    return marks
