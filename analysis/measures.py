"""The catalogue: every measure with its card, one call that computes them all, and the tidy tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
import math
import re

import pandas as pd

from . import attribution, framing, handover, provenance, readability, sources, validation
from .article import Article
from .attribution import Attribution
from .document import Document, parse
from .evidence import SCOPES, Measure
from .names import slug
from .plain_yaml import packaged
from .sources import Source

FAMILIES = ("attribution", "readability", "framing")


class CardError(Exception):
    """A measure card is missing or incomplete; the message names the card, the key and the file."""


@dataclass(frozen=True)
class Card:
    """What a measure means, how it is computed and how far to trust it: one entry of data/cards/FAMILY.yaml.

    `counted_on` names what `Measure.n` counts; `scopes` tells for each scope in which text it was computed (none: it is shown as a table, not as a number); `validation`
    is a figure with data and command, or the word "descriptive"; `decimals` is how many a reader is shown; `key` marks
    the few measures of the index and the summary; these say in `plain` what their value means, with {value} or {of_100}.
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
    plain: str = ""

    @property
    def trust(self) -> str:
        """The first and main figure of `validation`: what comes before a semicolon outside brackets."""
        return re.split(r";(?![^(]*\))", self.validation, maxsplit=1)[0].strip()

    def said(self, value: float) -> str:
        """What a value means, in a plain sentence; what the measure means where the card has no such sentence."""
        if not self.plain or math.isnan(value):
            return self.meaning
        return self.plain.format(value=f"{value:.{self.decimals}f}", of_100=f"{100 * value:.{max(0, self.decimals - 2)}f}")


@lru_cache(maxsize=1)
def cards() -> dict[str, Card]:
    """All cards by measure name, in the order of the files. Raises CardError for a missing or unknown key."""
    found: dict[str, Card] = {}
    for family in FAMILIES:
        for name, entry in (packaged(f"cards/{family}.yaml") or {}).items():
            try:
                entry["validation"] = validation.filled(entry.get("validation", ""), family)
                card = Card(name=name, family=family, **entry)
            except (TypeError, validation.ValidationError) as error:
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


_remembered: dict[tuple[str, bool, bool], Analysis] = {}


def remember(reference: str, clean: bool, any_language: bool, analysis: Analysis) -> None:
    """Keep one analysis, so that a notebook in a forked kernel finds it instead of computing it again."""
    _remembered.clear()
    _remembered[reference, clean, any_language] = analysis


def own_frames(path: str) -> tuple[framing.Frame, ...]:
    """The frames of one's own in a YAML file, their cards added to the catalogue; none for "". Raises LexiconError."""
    return catalogued(framing.load_frames(path) if path else ())


def catalogued(frames: tuple[framing.Frame, ...]) -> tuple[framing.Frame, ...]:
    """The same frames, once their cards are in the catalogue of this process."""
    for frame in frames:
        cards()[frame.column] = Card(name=frame.column, family="framing", **framing.card(frame))
    return frames


def catalogued_again(rows: Iterable[Mapping[str, str]]) -> None:
    """Put the cards of frames of one's own, as a run's codebook.csv has them, in the catalogue of this process."""
    for row in rows:
        if row["measure"] not in cards():
            scopes = dict(part.partition(": ")[::2] for part in row["scopes"].split("; "))
            rest = {name: row[name] for name in row if name not in ("measure", "scopes")}
            cards()[row["measure"]] = Card(name=row["measure"], scopes=scopes, **rest)


def load(reference: str, clean: bool = True, any_language: bool = False, frames: str = "") -> Analysis:
    """Analysis of an article by its path, or `TABLE#ID` for a row of a table. The notebooks' first call.

    `frames` is the path of a frame file of one's own, or "". Raises ArticleError where there is no article to be read.
    """
    from .article import read_one

    ready = _remembered.get((reference, clean, any_language))
    if ready:
        return ready
    handed = handover.unpack()  # a batch that runs a plain kernel leaves the article it has read in the kernel's folder
    article = handed[0] if handed else read_one(reference, clean=clean, any_language=any_language)
    return analyse(article, own_frames(frames))


def analyse(article: Article, frames: tuple[framing.Frame, ...] = ()) -> Analysis:
    """Parse an article and compute every measure, those of frames of one's own too. The one door for notebooks, command
    line and batch."""
    return analyse_document(parse(article), frames)


def analyse_document(document: Document, frames: tuple[framing.Frame, ...] = ()) -> Analysis:
    """Like `analyse`, from a document that is parsed already."""
    attributions, people = heard(document)
    voices = attribution.voices(document, attributions)
    found = (
        sources.measure(document, attributions, people)
        + readability.measure(document)
        + framing.measure(document, attributions, voices, people, frames)
    )
    without = sorted({m.name for m in found} - set(cards()))
    if without:
        raise CardError(f"measure without a card: {', '.join(without)}")
    return Analysis(document.article, document, attributions, people, voices, found)


def heard(document: Document) -> tuple[list[Attribution], list[Source]]:
    """The attributions of a document and who is heard in them, after the corrections beside the article.

    Raises CorrectionError where these don't fit the article.
    """
    attributions = attribution.extract(document)
    return sources.apply(document, attributions, sources.resolve(document, attributions))


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


TEXT, NUMBER, COUNT, FLAG = "string", "double", "int64", "bool"
TABLES: dict[str, dict[str, str]] = {
    "articles": {
        "id": TEXT, "slug": TEXT, "title": TEXT, "byline": TEXT, "dateline": TEXT, "agency": TEXT, "published": TEXT, "outlet": TEXT,
        "section": TEXT, "url": TEXT, "language": TEXT, "file": TEXT, "cleaned": FLAG, "removed_count": COUNT, "text_analysed": TEXT,
        "text_sha256": TEXT,
    },
    "measures": {
        "id": TEXT, "measure": TEXT, "scope": TEXT, "value": NUMBER, "low": NUMBER, "high": NUMBER, "n": COUNT,
        "unit": TEXT, "note": TEXT,
    },
    "attributions": {
        "id": TEXT, "attribution": COUNT, "source": TEXT, "source_type": TEXT, "kind": TEXT, "cue_class": TEXT,
        "negated": FLAG, "modal": FLAG, "source_spans": TEXT, "cue_spans": TEXT, "content_spans": TEXT,
        "source_text": TEXT, "cue_text": TEXT, "content_text": TEXT, "corrected": FLAG,
    },
    "sources": {
        "id": TEXT, "source": TEXT, "type": TEXT, "type_words": TEXT, "role": TEXT, "gender": TEXT, "named": FLAG,
        "attributions": COUNT, "words": COUNT, "first_start": NUMBER, "mentions": TEXT,
        "corrected": TEXT,
    },
    "evidence": {
        "id": TEXT, "measure": TEXT, "scope": TEXT, "label": TEXT, "weight": NUMBER, "start": COUNT, "end": COUNT,
        "text": TEXT,
    },
    "removed": {"id": TEXT, "start": COUNT, "end": COUNT, "rule": TEXT, "reason": TEXT, "text": TEXT},
    "failures": {"id": TEXT, "file": TEXT, "reason": TEXT, "cell": COUNT, "traceback": TEXT},
    "files": {
        "file": TEXT, "format": TEXT, "announced": COUNT, "found": COUNT, "read": COUNT, "refused": TEXT, "skipped": TEXT,
        "warning": TEXT,
    },
}  # fmt: skip


def tables(analyses: list[Analysis]) -> dict[str, pd.DataFrame]:
    """The tidy tables by name, one fact a row, columns as in TABLES (`failures` and `files` are left to the batch).

    Offsets `start` and `end` point into `articles.text_analysed` (in `removed`: into the input); span lists are text
    such as "0-12;30-41".
    """
    found: dict[str, list[dict]] = {name: [] for name in TABLES if name not in ("failures", "files")}
    for analysis in analyses:
        for name, records in rows(analysis).items():
            found[name] += records
    return {name: pd.DataFrame(records, columns=list(TABLES[name])) for name, records in found.items()}


def rows(a: Analysis) -> dict[str, list[dict]]:
    """The rows that one article adds to each of the tidy tables."""
    article, text, key = a.article, a.document.text, {"id": a.article.id}
    owner = {index: source for source in a.sources for index in source.attributions}

    def attribution_row(index: int, found: Attribution) -> dict:
        source = owner.get(index)
        row = key | {
            "attribution": index, "source": source.name if source else "", "source_type": source.type if source else "",
            "kind": found.kind, "cue_class": found.cue_class, "negated": found.negated, "modal": found.modal,
        }  # fmt: skip
        for role in ("source", "cue", "content"):
            spans = getattr(found, role)
            row[f"{role}_spans"] = ";".join(f"{s}-{e}" for s, e in spans)
            row[f"{role}_text"] = " … ".join(text[s:e] for s, e in spans)
        return row | {"corrected": found.corrected}

    return {
        "articles": [
            key | {"slug": slug(article.id)} | {field: getattr(article, field) for field in list(TABLES["articles"])[2:13]}
            | {"removed_count": len(article.removed), "text_analysed": text,
               "text_sha256": provenance.digest(text.encode("utf-8", "replace"))}
        ],
        "measures": [
            key | {"measure": m.name, "scope": m.scope, "value": float(m.value), "low": float(m.low),
                   "high": float(m.high), "n": int(m.n), "unit": cards()[m.name].unit, "note": m.note}
            for m in a.measures
        ],
        "attributions": [attribution_row(index, found) for index, found in enumerate(a.attributions)],
        "sources": [
            key | {"source": s.name, "type": s.type, "type_words": s.type_words, "role": s.role, "gender": s.gender,
                   "named": s.named, "attributions": len(s.attributions), "words": int(s.words),
                   "first_start": min((float(m.start) for m in s.mentions), default=math.nan),
                   "mentions": "; ".join(f"{m.text} ({m.how})" for m in s.mentions), "corrected": s.corrected}
            for s in a.sources
        ],
        "evidence": [
            key | {"measure": m.name, "scope": m.scope, "label": e.label, "weight": float(e.weight), "start": e.start,
                   "end": e.end, "text": text[e.start : e.end]}
            for m in a.measures
            for e in m.evidence
        ],
        "removed": [
            key | {"start": r.start, "end": r.end, "rule": r.rule, "reason": r.reason, "text": r.text}
            for r in article.removed
        ],
    }  # fmt: skip
