"""The numbers that reports print, article by article, beside the same numbers computed from what coders marked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
import csv
from dataclasses import replace
import math
from pathlib import Path
import tempfile

import pandas as pd

from presslab.measures import attribution, framing, readability, sources
from presslab.measures.attribution import Attribution
from presslab.measures.attribution.rules import cue_classes, kind_of
from presslab.measures.measure import Measure
from presslab.parsing.document import Document, parse
from presslab.reading.article import Article
from presslab.reading.from_text import from_text
from presslab.reading.read import read, read_one

from . import fit_readability, gold, off_politics

COLUMNS = ["article", "by", "measure", "scope", "value", "n"]
Rows = Iterator[tuple[str, str, list[Measure]]]  # article, by whom ("presslab" or a coder), its measures


def measured(document: Document, attributions: list[Attribution]) -> list[Measure]:
    """Return the measures of attribution and framing of a document with these attributions, computed as a report
    computes them."""
    people = sources.resolve(document, attributions)
    voices = attribution.voices(document, attributions)
    return sources.measure(document, attributions, people) + framing.measure(document, attributions, voices, people)


def marked(document: Document, marks: list[dict]) -> list[Attribution]:
    """Return what a coder marked as presslab's attributions: kind of speech and class of the cue are decided by the
    same rules."""
    t = document.tokens

    def inside(spans: tuple[tuple[int, int], ...]) -> list[int]:
        return [i for i in range(len(t)) if any(s <= t.start[i] < e for s, e in spans)]

    found = []
    for one in gold.attributions(document, marks):
        cue = next((c for i in inside(one.cue) if (c := cue_classes().get(t.lemma[i]))), "neutral")
        found.append(replace(one, kind=kind_of(t, inside(one.content)), cue_class=cue))
    return found


def polnear(shared: Path, part: str, double: bool) -> Rows:
    """Yield presslab's and the coders' numbers for the articles of PolNeAR's part "dev" or "train"; only those that
    two people coded if `double`."""
    folder = shared / "polnear" / part
    for path in sorted((folder / "text").glob("*.txt")):
        coders = sorted((folder / "attributions").glob(f"{path.stem}_*.ann"))
        if double and len(coders) < 2:
            continue
        document = parse(read_one(str(path), clean=False, any_language=True))
        yield path.stem, "presslab", measured(document, attribution.extract(document))
        for name, file in zip(("first", "second"), coders):
            marks = gold.read(file)
            yield path.stem, name, [*measured(document, marked(document, marks)), _wordings(document, marks)]


def _wordings(document: Document, marks: list[dict]) -> Measure:
    """Return how many different wordings of sources a coder marked ("Trump" and "the candidate" are two)."""
    text = document.article.text
    strings = {" ".join(text[s:e] for s, e in mark["source"]).lower() for mark in marks if mark["source"]}
    return Measure("source_wordings", "article", len(strings))


def other_news(shared: Path) -> Rows:
    """Yield the numbers for news that is not politics, the half that taught nothing; "first" and "second" are the two
    passes of a language model."""
    for document, coders in off_politics.articles(shared, "kept"):
        yield document.article.id, "presslab", measured(document, attribution.extract(document))
        for name, marks in zip(("first", "second"), coders):
            yield document.article.id, name, measured(document, marked(document, marks))


def loaded_spans(shared: Path) -> Rows:
    """Yield, for BASIL's articles, presslab's loaded words, and the words of the spans that its coders marked as
    lexical bias, each ÷ the words of the scope: all spans, those outside quotations, those inside."""
    coded = {row["id"]: row["phrases"] for row in gold.lines(shared / "basil" / "annotations.jsonl")}
    for document in _articles(shared / "basil" / "articles.jsonl"):
        numbers = measured(document, attribution.extract(document))
        yield document.article.id, "presslab", numbers
        spans = [p for p in coded[document.article.id] if p["bias"] == "lex"]
        theirs = []
        for m in numbers:
            if m.name == "loaded_word_share":
                wanted = {"article": ("yes", "no"), "journalist": ("no",), "quoted": ("yes",)}[m.scope]
                words = sum(len(p["txt"].split()) for p in spans if p["quote"] in wanted)
                theirs.append(Measure(m.name, m.scope, words / m.n if m.n else math.nan, n=m.n))
        yield document.article.id, "first", theirs


def coded_frames(shared: Path) -> Rows:
    """Yield the frames of the Narrative Frames Corpus: presslab's scores, and 1 or 0 as its coders saw each frame."""
    coded = {row["id"]: row["frames"] for row in gold.lines(shared / "frames" / "articles.jsonl")}
    for document in _articles(shared / "frames" / "articles.jsonl"):
        found = attribution.extract(document)
        numbers = framing.measure(
            document, found, attribution.voices(document, found), sources.resolve(document, found)
        )
        yield document.article.id, "presslab", [m for m in numbers if m.name.startswith("frame_")]
        frames = coded[document.article.id].items()
        yield document.article.id, "first", [Measure(f"frame_{k}", "article", float(v)) for k, v in frames]


def graded(shared: Path) -> Rows:
    """Yield the readability of OneStopEnglish's texts, without the marks that one level has lost; the id is
    story|level, with the editors' level from 0 to 2."""
    for (story, level), text in fit_readability.read_stories(shared).items():
        document = parse(from_text(text, clean=False, any_language=True))
        yield f"{story}|{level}", "presslab", [m for m in readability.measure(document) if m.scope == "article"]


CORPORA: dict[str, Callable[[Path], Rows]] = {
    "dev": lambda shared: polnear(shared, "dev", double=False),
    "double_train": lambda shared: polnear(shared, "train", double=True),
    "other_news": other_news,
    "loaded_spans": loaded_spans,
    "coded_frames": coded_frames,
    "graded": graded,
}


def table(name: str, shared: Path, kept: Path | None = None) -> pd.DataFrame:
    """Return the numbers of a corpus (a key of CORPORA): COLUMNS, one row per article, maker, measure and scope.

    They are read from `kept`/NAME.csv if it is there, and written there otherwise. Raises OSError if the corpus is
    missing.
    """
    file = kept / f"{name}.csv" if kept else None
    if file and file.is_file():
        return pd.read_csv(file)
    rows = [
        (article, by, m.name, m.scope, m.value, m.n) for article, by, numbers in CORPORA[name](shared) for m in numbers
    ]
    if file:
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=file.parent, suffix=".csv", delete=False, newline="") as stream:
            csv.writer(stream).writerows([COLUMNS, *rows])
        Path(stream.name).replace(file)
    return pd.DataFrame(rows, columns=COLUMNS)


def _articles(file: Path) -> Iterable[Document]:
    for item in read([str(file)], clean=False, any_language=True):
        if not isinstance(item, Article):
            raise SystemExit(f"{file.name}: {item.id}: {item.reason}")
        yield parse(item)
