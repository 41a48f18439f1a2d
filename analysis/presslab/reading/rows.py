"""Rows of tables about articles as they were read."""

from __future__ import annotations

from collections.abc import Iterable
import json
from typing import Any

from .article import Article
from .duplicates import Group
from .formats.tables import ARTICLE_COLUMNS


def clean_row(article: Article) -> dict[str, Any]:
    """Return the article's fields, its body, and what was removed with reasons."""
    fields = ("id", "title", "byline", "dateline", "agency", "published", "outlet", "url", "language", "body")
    removed = [
        {"start": r.start, "end": r.end, "text": r.text, "reason": r.reason, "rule": r.rule} for r in article.removed
    ]
    return {name: getattr(article, name) for name in fields} | {"removed": removed}


def article_row(article: Article) -> dict[str, str]:
    """Return the article's row of the table that `presslab read` writes: fields, body, and what it takes to read it
    again just as it was (the text with what was removed, as JSON). `duplicate_*` are left empty."""
    metadata = dict(article.metadata)
    edition = metadata.pop("edition", "")
    removed = [{"start": r.start, "end": r.end, "rule": r.rule, "reason": r.reason} for r in article.removed]
    fields = {name: getattr(article, name, "") for name in ARTICLE_COLUMNS}
    row = fields | {
        "authors": "; ".join(article.authors), "edition": edition, "removed": json.dumps(removed, ensure_ascii=False),
        "metadata": json.dumps(metadata, ensure_ascii=False, sort_keys=True),
    }  # fmt: skip
    return {name: str(value).encode("utf-8", "replace").decode() for name, value in row.items()}


def with_duplicates(rows: list[dict[str, str]], groups: Iterable[Group]) -> list[dict[str, str]]:
    """Return the rows with the columns `duplicate_*` filled in: the group's first id, its kind, and in what they
    differ."""
    places = {
        id: (group.ids[0], group.kind, differs) for group in groups for id, differs in zip(group.ids, group.differs)
    }
    names = ("duplicate_group", "duplicate_kind", "duplicate_differs")
    return [row | dict(zip(names, places.get(row["id"], ("", "", "")))) for row in rows]
