"""The tidy tables and the wide one: columns, types, and the rows that one article adds."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from presslab.parsing.document import parse
from presslab.reading.article import Article
from presslab.reading.names import slug
from presslab.system import provenance
from presslab.system.plain_yaml import packaged

from .analyse import Analysis, analyse, heard
from .attribution import Attribution
from .cards import with_frames
from .framing import Frame
from .measure import SCOPES, Measure
from .usual import Yardstick

if TYPE_CHECKING:
    import pandas as pd  # imported where a table is built: measuring does without


def measure_row(article: Article, frames: tuple[Frame, ...] = (), yardstick: Yardstick | None = None) -> dict[str, Any]:
    """Return the article's row of the wide table: `id`, then one number per column, NaN if not measurable. `frames` are
    user-defined; a `yardstick` adds the rank of each number in usual news."""
    analysis = analyse(article, frames, yardstick)
    row: dict[str, Any] = {"id": article.id}
    for m in analysis.measures:
        base = column(m.name, m.scope)
        row |= {base: m.value, f"{base}_low": m.low, f"{base}_high": m.high}
        if yardstick:
            row[f"{base}_usual"] = usual_share(analysis, m)
    return row


def usual_share(a: Analysis, m: Measure) -> float:
    """Return the rank of an article's number in usual news (0–1), NaN if that is not known."""
    place = a.usual(m)
    return place.rank if place else math.nan


def measure_rows(
    article: Article, frames: tuple[Frame, ...] = (), yardstick: Yardstick | None = None
) -> list[dict[str, Any]]:
    """Return the article's rows of the table `measures`. `frames` are user-defined ones, `yardstick` is usual news."""
    return rows(analyse(article, frames, yardstick))["measures"]


def evidence_rows(article: Article, frames: tuple[Frame, ...] = ()) -> list[dict[str, Any]]:
    """Return the article's rows of the table `evidence`. `frames` are user-defined ones."""
    return rows(analyse(article, frames))["evidence"]


def heard_rows(article: Article, name: str) -> list[dict[str, Any]]:
    """Return the article's rows of the table `attributions` or `sources`; nothing is measured for that."""
    document = parse(article)
    return rows(Analysis(article, document, *heard(document), [], []))[name]


def attribution_row(article: Article) -> dict[str, Any]:
    """Return the article's attributions with offsets into the original input; parts that are not in the input are left
    out."""
    document = parse(article)
    attributions, sources = heard(document)
    owner = {index: source for source in sources for index in source.attributions}
    found = []
    for index, attribution in enumerate(attributions):
        source = owner.get(index)
        spans = {
            role: [list(span) for s, e in getattr(attribution, role) if (span := document.input_span(s, e))]
            for role in ("source", "cue", "content")
        }
        if not any(spans.values()):
            continue
        found.append(
            spans
            | {
                "source_name": source.name if source else None,
                "source_type": source.type if source else None,
                "kind": attribution.kind,
                "cue_class": attribution.cue_class,
                "corrected": attribution.corrected,
            }
        )
    return {"id": article.id, "attributions": found}


def column(name: str, scope: str) -> str:
    """Return the column of a measure in a wide table: its name, with "journalist_" or "quoted_" in front for these
    scopes."""
    return name if scope == "article" else f"{scope}_{name}"


def columns(frames: tuple[Frame, ...] = (), yardstick: Yardstick | None = None) -> list[str]:
    """List all columns of the wide table, in the order of the cards, each followed by its interval's _low and _high,
    and with a `yardstick` by _usual. `frames` are user-defined ones, which come last."""
    return [
        column(card.name, scope) + end
        for card in with_frames(frames).values()
        for scope in SCOPES
        if scope in card.scopes
        for end in ("", "_low", "_high", *(["_usual"] if yardstick else []))
    ]


def wide(analyses: list[Analysis]) -> pd.DataFrame:
    """Return one row per article: `id`, then float columns as in `columns()`, empty if not measurable."""
    import pandas as pd

    rows = []
    for analysis in analyses:
        row: dict[str, object] = {"id": analysis.article.id}
        for m in analysis.measures:
            base = column(m.name, m.scope)
            row |= {base: m.value, f"{base}_low": m.low, f"{base}_high": m.high}
        rows.append(row)
    return pd.DataFrame(rows, columns=["id", *columns()])


TEXT, NUMBER, COUNT, FLAG = "string", "double", "int64", "bool"
KINDS = {"text": TEXT, "number": NUMBER, "count": COUNT, "flag": FLAG}
TABLES_OF: dict[str, dict[str, dict[str, str]]] = {  # by kind of run, a key of `outputs.KINDS`
    kind: {name: {field: KINDS[what] for field, what in columns.items()} for name, columns in tables.items()}
    for kind, tables in packaged("tables.yaml").items()
}
TABLES = TABLES_OF["report"]


def tables(analyses: list[Analysis]) -> dict[str, pd.DataFrame]:
    """Return the tidy tables by name, one fact per row, columns as in TABLES (the batch adds `failures` and `files`).

    Offsets `start` and `end` point into `articles.text_analysed` (in `removed`: into the input); lists of spans are
    text such as "0-12;30-41".
    """
    import pandas as pd

    found: dict[str, list[dict]] = {name: [] for name in TABLES if name not in ("failures", "files")}
    for analysis in analyses:
        for name, records in rows(analysis).items():
            found[name] += records
    return {name: pd.DataFrame(records, columns=list(TABLES[name])) for name, records in found.items()}


def rows(a: Analysis) -> dict[str, list[dict]]:
    """Return the rows that one article adds to each of the tidy tables."""
    article, text, key, cards = a.article, a.document.text, {"id": a.article.id}, with_frames(a.frames)
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
            key
            | {"slug": slug(article.id)}
            | {field: getattr(article, field) for field in list(TABLES["articles"])[2:13]}
            | {
                "removed_count": len(article.removed),
                "text_analysed": text,
                "text_sha256": provenance.digest(text.encode("utf-8", "replace")),
                "reads_like": " ".join(a.topics),
            }
        ],
        "measures": [
            key
            | {
                "measure": m.name,
                "scope": m.scope,
                "value": float(m.value),
                "low": float(m.low),
                "high": float(m.high),
                "n": int(m.n),
                "unit": cards[m.name].unit,
                "note": m.note,
                "usual_share": usual_share(a, m),
            }
            for m in a.measures
        ],
        "attributions": [attribution_row(index, found) for index, found in enumerate(a.attributions)],
        "sources": [
            key
            | {
                "source": s.name,
                "type": s.type,
                "type_words": s.type_words,
                "role": s.role,
                "gender": s.gender,
                "named": s.named,
                "attributions": len(s.attributions),
                "words": int(s.words),
                "first_start": min((float(m.start) for m in s.mentions), default=math.nan),
                "mentions": "; ".join(f"{m.text} ({m.how})" for m in s.mentions),
                "corrected": s.corrected,
            }
            for s in a.sources
        ],
        "evidence": [
            key
            | {
                "measure": m.name,
                "scope": m.scope,
                "label": e.label,
                "weight": float(e.weight),
                "start": e.start,
                "end": e.end,
                "text": text[e.start : e.end],
            }
            for m in a.measures
            for e in m.evidence
        ],
        "removed": [
            key | {"start": r.start, "end": r.end, "rule": r.rule, "reason": r.reason, "text": r.text}
            for r in article.removed
        ],
    }
