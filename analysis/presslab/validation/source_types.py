"""How often the type of a source is right, against data/validation/source_types.csv (its README says who coded).

Columns of the coded set: article (place in ../shared; after "|" a name inside a file), start, end (the words that name
the source, as offsets into the corpus's text), name, first and second (the two passes), type (agreed on), topic
("politics", "other") and part: "tune" (errors were read while the word lists were written) or "check" (they were not).
"""

from __future__ import annotations

from collections.abc import Callable
import csv
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from presslab.measures.attribution import Attribution, extract
from presslab.measures.sources import Source, resolve
from presslab.measures.sources.phrases import key
from presslab.measures.sources.types import UNRESOLVED
from presslab.measures.statistics import agreement, bootstrap
from presslab.parsing.document import Document, parse
from presslab.reading.article import Article
from presslab.reading.from_text import from_text
from presslab.reading.read import read, read_one

from . import gold, off_politics

TOPICS = ("politics", "other")
NOT_FOUND = ""


def coded() -> pd.DataFrame:
    """Return the coded sources, one row each (columns above)."""
    file = resources.files("presslab") / "data" / "validation" / "source_types.csv"
    with file.open("r", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    return pd.DataFrame(rows).astype({"start": int, "end": int})


def report(table: pd.DataFrame) -> dict[str, Any]:
    """Return the agreement of `typed` sources with the coded set, and Krippendorff's alpha between its two passes.

    By part and topic ("all", "politics", "other"), each with n and the 95 % interval of draws of articles: `given`, the
    share right of all sources if attributions are the coders'; `decided`, of those that get a type; `open`, the share
    that gets none; `end_to_end`, the share that presslab finds itself and gives the right type, of all; `not_found`,
    the share that it does not find.
    """
    codes = sorted({*table["first"], *table["second"]})

    def alpha(rows: pd.DataFrame) -> float:
        coders = [[codes.index(code) for code in rows[name]] for name in ("first", "second")]
        return round(agreement.alpha(np.array(coders, dtype=float), "nominal"), 3)

    figures: dict[str, Any] = {
        "sources": len(table),
        "articles": int(table["article"].nunique()),
        "alpha": alpha(table),
        "settled": int((table["first"] != table["second"]).sum()),
    }
    for topic in TOPICS:
        rows = table[table["topic"] == topic]
        figures[topic] = {"sources": len(rows), "articles": int(rows["article"].nunique()), "alpha": alpha(rows)}
    for part, rows in table.groupby("part"):
        figures[str(part)] = _figures(rows) | {topic: _figures(rows[rows["topic"] == topic]) for topic in TOPICS}
    return figures


def _figures(rows: pd.DataFrame) -> dict[str, dict[str, float]]:
    """Return the shares of one part or topic."""
    given, decided = rows["given"] == rows["wanted"], rows["given"] != UNRESOLVED
    every = pd.Series(True, index=rows.index)
    return {
        "given": _share(rows, given, every),
        "decided": _share(rows, given & decided, decided),
        "open": _share(rows, ~decided, every),
        "end_to_end": _share(rows, rows["found"] == rows["wanted"], every),
        "not_found": _share(rows, rows["found"] == NOT_FOUND, every),
    }


def _share(rows: pd.DataFrame, yes: pd.Series, of: pd.Series) -> dict[str, float]:
    """Return n and the share of `yes` among `of`, with the 95 % interval of articles drawn with replacement."""
    counts = pd.DataFrame({"yes": yes.astype(int), "of": of.astype(int)}).groupby(rows["article"]).sum()
    low, high = bootstrap(counts.to_numpy(), lambda sums: sums[:, 0] / sums[:, 1])
    n, share = int(of.sum()), float(yes.sum() / of.sum())
    return {"n": n, "share": round(share, 3), "low": round(low, 3), "high": round(high, 3)}


def typed(shared: Path, table: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return coded sources (by default all) with `given` (our type from the coders' attributions), `found` (from our
    own, "" if we do not find the source) and `wanted` (the coders' type). Raises FileNotFoundError if a corpus is
    missing."""
    table = coded() if table is None else table
    load = _loader(shared)
    parts = []
    for name, rows in table.groupby("article", sort=False):
        document, marked = load(str(name), list(zip(rows["start"], rows["end"])))
        theirs, ours = resolve(document, marked), resolve(document, extract(document))
        places = list(zip(rows["start"], rows["end"]))
        given = [_at(document, theirs, *place) for place in places]
        found = [_at(document, ours, *place) or _named(ours, source) for place, source in zip(places, given)]
        parts.append(rows.assign(given=[s.type if s else UNRESOLVED for s in given], found=[_type(s) for s in found]))
    whole = pd.concat(parts)
    return whole.assign(wanted=whole["type"].replace("other", UNRESOLVED))


def _type(source: Source | None) -> str:
    return source.type if source else NOT_FOUND


def _at(document: Document, sources: list[Source], start: int, end: int) -> Source | None:
    """Return the source one of whose mentions stands at [start, end) of the input."""
    for source in sources:
        for mention in source.mentions:
            span = document.input_span(mention.start, mention.end)
            if span and span[0] < end and start < span[1]:
                return source
    return None


def _named(sources: list[Source], wanted: Source | None) -> Source | None:
    """Return the source of the same name: we may find a source by other words of the article than those coded."""
    return next((s for s in sources if wanted and key(s.name) == key(wanted.name)), None)


def _loader(shared: Path) -> Callable[[str, list[tuple[int, int]]], tuple[Document, list[Attribution]]]:
    """Return a function from an article's place and the coded spans to its document and the coders' attributions."""
    texts, marks = off_politics.texts(shared), off_politics.marks()

    def load(place: str, spans: list[tuple[int, int]]) -> tuple[Document, list[Attribution]]:
        if place.startswith("polnear/"):
            corpus, part, name = place.split("/")
            folder = shared / corpus / part
            document = parse(read_one(str(folder / "text" / f"{name}.txt"), clean=False, any_language=True))
            annotated = min((folder / "attributions").glob(f"{name}_*.ann"))
            return document, gold.attributions(document, gold.read(annotated))
        if place.startswith("formats/"):
            document = parse(_exported(shared, place))
            return document, _named_only(document, spans)
        document = parse(from_text(texts[place], id=place))
        return document, gold.attributions(document, _of_either(marks[place], spans))

    return load


def _exported(shared: Path, place: str) -> Article:
    """Return an article of an export, which nobody coded for attributions: "formats/FILE|ID"."""
    file, _, name = place.partition("|")
    return next(item for item in read([str(shared / file)]) if isinstance(item, Article) and item.id == name)


def _named_only(document: Document, spans: list[tuple[int, int]]) -> list[Attribution]:
    """Return an attribution without cue and content for each of the coded sources."""
    place = {offset: i for i, offset in enumerate(document.offsets) if offset >= 0}
    found = [Attribution(((place[start], place[end - 1] + 1),), (), (), "indirect") for start, end in spans]
    return sorted(found, key=lambda attribution: attribution.source)


def _of_either(coders: list[off_politics.Marks], spans: list[tuple[int, int]]) -> off_politics.Marks:
    """Return what the coder marked who has most of the coded sources, and the other's attributions to the rest."""
    best, *others = sorted(coders, key=lambda marked: -sum(_names(marked, span) for span in spans))
    rest = [span for span in spans if not _names(best, span)]
    return best + [mark for marked in others for mark in marked if any(_names([mark], span) for span in rest)]


def _names(marked: list[dict[str, Any]], span: tuple[int, int]) -> bool:
    """Return whether a coder marked the words at a place as a source."""
    return any(s < span[1] and span[0] < e for mark in marked for s, e in mark["source"])
