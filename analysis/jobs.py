"""What a worker does with one article when no report is wanted."""

from __future__ import annotations

import json
from typing import Any

from . import measures
from .article import Article
from .document import parse
from .framing import Frame
from .readers.tables import ARTICLE_COLUMNS as ARTICLE_COLUMNS


def measure_row(article: Article, frames: tuple[Frame, ...] = ()) -> dict[str, Any]:
    """The article's row of the wide table: `id`, then a number a column; NaN where not measurable. `frames` are one's own."""
    row: dict[str, Any] = {"id": article.id}
    for m in measures.analyse(article, measures.catalogued(frames)).measures:
        base = measures.column(m.name, m.scope)
        row |= {base: m.value, f"{base}_low": m.low, f"{base}_high": m.high}
    return row


def attribution_row(article: Article) -> dict[str, Any]:
    """The article's attributions with offsets into the input as given; parts that are not in the input are left out."""
    document = parse(article)
    attributions, sources = measures.heard(document)
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


def clean_row(article: Article) -> dict[str, Any]:
    """The article's fields, its body, and what was removed with reasons."""
    fields = ("id", "title", "byline", "dateline", "agency", "published", "outlet", "url", "language", "body")
    removed = [
        {"start": r.start, "end": r.end, "text": r.text, "reason": r.reason, "rule": r.rule} for r in article.removed
    ]
    return {name: getattr(article, name) for name in fields} | {"removed": removed}


def article_row(article: Article) -> dict[str, str]:
    """The article's row of the table that `presslab read` writes: fields, body, and what it takes to read it again
    just as it was (the text with what was removed, as JSON). `duplicate_*` are left empty."""
    metadata = dict(article.metadata)
    edition = metadata.pop("edition", "")
    removed = [{"start": r.start, "end": r.end, "rule": r.rule, "reason": r.reason} for r in article.removed]
    fields = {name: getattr(article, name, "") for name in ARTICLE_COLUMNS}
    row = fields | {
        "authors": "; ".join(article.authors), "edition": edition, "removed": json.dumps(removed, ensure_ascii=False),
        "metadata": json.dumps(metadata, ensure_ascii=False, sort_keys=True),
    }  # fmt: skip
    return {name: str(value).encode("utf-8", "replace").decode() for name, value in row.items()}
