"""The catalogue: every measure with its card, one call that computes them all, and the tidy tables."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
import math

import pandas as pd
import yaml

from . import attribution, framing, readability, sources
from .article import Article
from .attribution import Attribution
from .document import Document, parse
from .evidence import SCOPES, Measure
from .sources import Source

FAMILIES = ("attribution", "readability", "framing")


class CardError(Exception):
    """A measure card is missing or incomplete; the message names the card, the key and the file."""


@dataclass(frozen=True)
class Card:
    """What a measure means, how it is computed and how far to trust it: one entry of data/cards/FAMILY.yaml.

    `counted_on` names what `Measure.n` counts; `scopes` tells for each scope in which text it was computed; `validation`
    is a figure with data and command, or the word "descriptive"; `decimals` is how many a reader is shown; `key` marks
    the few measures of the index and the summary strip.
    """

    name: str
    family: str
    label: str
    meaning: str
    unit: str
    counted_on: str
    direction: str
    formula: str
    source: str
    minimum: str
    validation: str
    scopes: dict[str, str]
    limits: str = ""
    decimals: int = 2
    key: bool = False


@lru_cache(maxsize=1)
def cards() -> dict[str, Card]:
    """All cards by measure name, in the order of the files. Raises CardError for a missing or unknown key."""
    found: dict[str, Card] = {}
    for family in FAMILIES:
        file = resources.files("analysis") / "data" / "cards" / f"{family}.yaml"
        for name, entry in (yaml.safe_load(file.read_text("utf-8")) or {}).items():
            try:
                card = Card(name=name, family=family, **entry)
            except TypeError as error:
                raise CardError(f"cards/{family}.yaml: {name}: {error}") from error
            unknown = set(card.scopes) - set(SCOPES)
            if unknown:
                raise CardError(f"cards/{family}.yaml: {name}: unknown scope {', '.join(sorted(unknown))}")
            found[name] = card
    return found


@dataclass(frozen=True)
class Analysis:
    """Everything presslab knows of one article. `voices` has one entry a token of the document."""

    article: Article
    document: Document
    attributions: list[Attribution]
    sources: list[Source]
    voices: list[str]
    measures: list[Measure]

    def measure(self, name: str, scope: str = "article") -> Measure:
        """One measure by name and scope. Raises KeyError with the name where there is none."""
        for measure in self.measures:
            if (measure.name, measure.scope) == (name, scope):
                return measure
        raise KeyError(f"no measure {name} for scope {scope}")


def analyse(article: Article) -> Analysis:
    """Parse an article and compute every measure. The one door for notebooks, command line and batch."""
    return analyse_document(parse(article))


def analyse_document(document: Document) -> Analysis:
    """Like `analyse`, from a document that is parsed already."""
    attributions = attribution.extract(document)
    people = sources.resolve(document, attributions)
    voices = attribution.voices(document, attributions)
    found = (
        sources.measure(document, attributions, people)
        + readability.measure(document)
        + framing.measure(document, attributions, voices, people)
    )
    without = sorted({m.name for m in found} - set(cards()))
    if without:
        raise CardError(f"measure without a card: {', '.join(without)}")
    return Analysis(document.article, document, attributions, people, voices, found)


def column(name: str, scope: str) -> str:
    """Column of a measure in a wide table: its name, after "journalist_" or "quoted_" for these scopes."""
    return name if scope == "article" else f"{scope}_{name}"


def columns() -> list[str]:
    """All columns of the wide table, in the order of the cards, each followed by its interval's _low and _high."""
    return [
        column(card.name, scope) + end
        for card in cards().values()
        for scope in SCOPES
        if scope in card.scopes
        for end in ("", "_low", "_high")
    ]


def wide(analyses: list[Analysis]) -> pd.DataFrame:
    """One row an article: `id`, then float columns as in `columns()`, empty where not measurable."""
    rows = []
    for analysis in analyses:
        row: dict[str, object] = {"id": analysis.article.id}
        for m in analysis.measures:
            base = column(m.name, m.scope)
            row |= {base: m.value, f"{base}_low": m.low, f"{base}_high": m.high}
        rows.append(row)
    return pd.DataFrame(rows, columns=["id", *columns()])


def tables(analyses: list[Analysis]) -> dict[str, pd.DataFrame]:
    """The tidy tables, one fact a row: articles, measures, attributions, sources, evidence, removed.

    Offsets `start` and `end` point into `articles.text_analysed`; `attributions` keeps span lists as text "s-e;s-e".
    """
    rows: dict[str, list[dict]] = {name: [] for name in TABLES}
    for a in analyses:
        _add(rows, a)
    return {name: pd.DataFrame(rows[name], columns=list(names)) for name, names in TABLES.items()}


TABLES = {
    "articles": (
        "id", "title", "byline", "dateline", "agency", "published", "outlet", "url", "language", "file", "cleaned",
        "removed_count", "text_analysed",
    ),
    "measures": ("id", "measure", "scope", "value", "low", "high", "n", "unit", "note"),
    "attributions": (
        "id", "attribution", "source", "source_type", "kind", "cue_class", "negated", "modal", "source_spans",
        "cue_spans", "content_spans", "source_text", "cue_text", "content_text",
    ),
    "sources": (
        "id", "source", "type", "type_words", "role", "gender", "named", "attributions", "words", "first_start",
        "mentions",
    ),
    "evidence": ("id", "measure", "scope", "label", "weight", "start", "end", "text"),
    "removed": ("id", "start", "end", "rule", "reason", "text"),
}  # fmt: skip


def _add(rows: dict[str, list[dict]], a: Analysis) -> None:
    article, text, name = a.article, a.document.text, a.article.id
    owner = {index: source for source in a.sources for index in source.attributions}
    rows["articles"].append(
        {field: getattr(article, field) for field in TABLES["articles"][:11]}
        | {"removed_count": len(article.removed), "text_analysed": text}
    )
    for m in a.measures:
        rows["measures"].append(
            {
                "id": name, "measure": m.name, "scope": m.scope, "value": m.value, "low": m.low, "high": m.high,
                "n": m.n, "unit": cards()[m.name].unit, "note": m.note,
            }
        )  # fmt: skip
        for e in m.evidence:
            rows["evidence"].append(
                {
                    "id": name, "measure": m.name, "scope": m.scope, "label": e.label, "weight": e.weight,
                    "start": e.start, "end": e.end, "text": text[e.start : e.end],
                }
            )  # fmt: skip
    for index, found in enumerate(a.attributions):
        source = owner.get(index)
        row = {
            "id": name, "attribution": index, "source": source.name if source else "",
            "source_type": source.type if source else "", "kind": found.kind, "cue_class": found.cue_class,
            "negated": found.negated, "modal": found.modal,
        }  # fmt: skip
        for role in ("source", "cue", "content"):
            spans = getattr(found, role)
            row[f"{role}_spans"] = ";".join(f"{s}-{e}" for s, e in spans)
            row[f"{role}_text"] = " … ".join(text[s:e] for s, e in spans)
        rows["attributions"].append(row)
    for source in a.sources:
        rows["sources"].append(
            {
                "id": name, "source": source.name, "type": source.type, "type_words": source.type_words,
                "role": source.role, "gender": source.gender, "named": source.named,
                "attributions": len(source.attributions), "words": source.words,
                "first_start": min((m.start for m in source.mentions), default=math.nan),
                "mentions": "; ".join(f"{m.text} ({m.how})" for m in source.mentions),
            }
        )  # fmt: skip
    for cut in article.removed:
        rows["removed"].append(
            {
                "id": name, "start": cut.start, "end": cut.end, "rule": cut.rule, "reason": cut.reason,
                "text": cut.text,
            }
        )  # fmt: skip
