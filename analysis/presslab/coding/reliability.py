"""How reliable the codes are: Krippendorff's alpha by scale with interval, percent agreement, and where coders
differ."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from itertools import combinations
import json
import math
from typing import Any

import numpy as np
import pandas as pd

from presslab.measures.statistics.agreement import alpha, alpha_interval, same_share

from .codebook import Question, SpanKind
from .read import Coding
from .sample import WORD

RELIABLE, TENTATIVE = 0.8, 0.667  # Krippendorff (2004), Content Analysis, p. 241


@dataclass(frozen=True)
class Agreement:
    """Agreement on one question: alpha with its 95 % interval, articles coded by two or more, coders, the share of
    pairs of answers that are the same. `name` and `label` say on what, `unit` what n counts; `note` says why there is
    no alpha."""

    name: str
    label: str
    scale: str
    alpha: float
    low: float
    high: float
    n: int
    coders: int
    same: float
    unit: str = "articles"
    note: str = ""

    @property
    def verdict(self) -> str:
        """What Krippendorff (2004) makes of alpha."""
        if math.isnan(self.alpha):
            return "can’t be told"
        return (
            "reliable"
            if self.alpha >= RELIABLE
            else "for tentative conclusions only"
            if self.alpha >= TENTATIVE
            else "not reliable"
        )


def agreement(coding: Coding) -> list[Agreement]:
    """Return agreement on every question that two coders answered for the same article, then on every kind of span,
    by word."""
    questions = [of_question(coding, q) for q in coding.book.asked()]
    return [a for a in questions if a] + [a for kind in coding.book.spans if (a := _span(coding, kind))]


def of_question(coding: Coding, question: Question) -> Agreement | None:
    """Return agreement on one question; None if no two coders answered it for the same article."""
    wide = coding.table(question.name)
    both = wide[wide.notna().sum(axis=1) >= 2]
    if both.empty:
        return None
    codes = both.dropna(axis=1, how="all").to_numpy(float).T
    value = alpha(codes, question.scale)
    note = "all coders gave the same answer everywhere: alpha needs some variety" if math.isnan(value) else ""
    low, high = alpha_interval(codes, question.scale) if not note else (math.nan, math.nan)
    return Agreement(
        question.name,
        question.ask,
        question.scale,
        value,
        low,
        high,
        len(both),
        codes.shape[0],
        same_share(codes),
        note=note,
    )


def _span(coding: Coding, kind: SpanKind) -> Agreement | None:
    """Return agreement on a kind of span: alpha over words, each of which a coder marked or not; resampled by
    article."""
    share = coding.table(f"{kind.name}_share")
    both = share[share.notna().sum(axis=1) >= 2]
    texts = coding.texts()
    both = both[[id in texts for id in both.index]]
    if both.empty:
        return None
    marks = coding.marks[coding.marks["kind"] == kind.name]
    coders, columns, groups = list(both.dropna(axis=1, how="all").columns), [], []
    for place, (id, row) in enumerate(both.iterrows()):
        words = [m.span() for m in WORD.finditer(texts[id])]
        block = np.full((len(coders), len(words)), math.nan)
        for number, coder in enumerate(coders):
            if not math.isnan(row[coder]):
                mine = marks[(marks["id"] == id) & (marks["coder"] == coder)]
                spans = list(zip(mine["start"], mine["end"]))
                block[number] = [any(s < end and start < e for s, e in spans) for start, end in words]
        columns.append(block)
        groups += [place] * len(words)
    codes = np.concatenate(columns, axis=1)
    value = alpha(codes, "nominal")
    low, high = alpha_interval(codes, "nominal", np.array(groups)) if not math.isnan(value) else (math.nan, math.nan)
    return Agreement(
        kind.name,
        f"{kind.label}: words marked",
        "nominal, by word",
        value,
        low,
        high,
        codes.shape[1],
        len(coders),
        same_share(codes),
        "words",
    )


def confusion(coding: Coding, question: Question) -> pd.DataFrame:
    """Return how often each answer met each: over all pairs of coders, the first coder's answer a row, the second's
    a column.

    Index and columns are the answers in words, in the order of the codebook.
    """
    wide = coding.table(question.name)
    order = [value for value, _ in question.values]
    counts = pd.DataFrame(0, index=order, columns=order)
    for one, two in combinations(wide.columns, 2):
        for a, b in wide[[one, two]].dropna().itertuples(index=False):
            counts.loc[a, b] += 1
    names = [question.label(value) for value in order]
    return counts.set_axis(names, axis=0).set_axis(names, axis=1)


def disagreements(coding: Coding) -> pd.DataFrame:
    """Return where coders differ: id, title, question, ask, one column per coder (answers in words), comments, and
    an empty `value`.

    Saved as agreed.csv with `value` filled in, it settles them.
    """
    titles = dict(zip(coding.sample["id"], coding.sample["title"]))
    agreed_pairs = set(zip(coding.agreed["id"], coding.agreed["question"]))
    comments = {
        id: "; ".join(f"{coder}: {comment}" for coder, comment in zip(part["coder"], part["comment"]) if comment)
        for id, part in coding.notes.groupby("id")
    }
    rows, coders = [], list(coding.table("").columns)
    for question in coding.book.questions:
        wide = coding.table(question.name)
        for id, answers in wide[wide.nunique(axis=1) > 1].iterrows():
            if (id, question.name) not in agreed_pairs:
                answers_in_words = {
                    coder: "" if math.isnan(v) else f"{v:g} {question.label(v)}" if question.values else f"{v:g}"
                    for coder, v in answers.items()
                }
                rows.append(
                    {
                        "id": id,
                        "title": titles[id],
                        "question": question.name,
                        "ask": question.ask,
                        **answers_in_words,
                        "comments": comments.get(id, ""),
                        "value": "",
                    }
                )
    return pd.DataFrame(rows, columns=["id", "title", "question", "ask", *coders, "comments", "value"])


def dumped(agreements: list[Agreement]) -> str:
    """Return agreements as the text of agreement.json."""
    return json.dumps([plain(asdict(a)) for a in agreements], indent=1, ensure_ascii=False) + "\n"


def plain(fields: dict[str, Any]) -> dict[str, Any]:
    """Return fields as plain data for JSON: numbers with six decimals, null for what is unknown."""
    numbers = {name: value for name, value in fields.items() if isinstance(value, float)}
    return fields | {name: None if math.isnan(value) else round(value, 6) for name, value in numbers.items()}
