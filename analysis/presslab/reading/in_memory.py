"""Articles out of what is in memory: texts and rows of a table, read as if they lay in a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from .article import Article, Failure
from .file import article_of
from .formats import Found
from .formats.record import attempted
from .formats.tables import columns_of, record_of

NOWHERE = Path()  # where what is in memory lies


def articles(
    rows: Iterable[Mapping[str, Any]], clean: bool = True, any_language: bool = False
) -> Iterator[Article | Failure]:
    """Return the article of each row, or the Failure with the reason why it can't be one, in order.

    Keys are columns as in a file with a table: `id`, `text`, title, outlet, published, byline, section, url; None for
    an empty cell. Raises ReaderError if there is no `id` or `text`."""
    columns: dict[str, str] | None = None
    for number, row in enumerate(rows, start=1):
        columns = columns or columns_of(row, 0, None)
        item = attempted("row", record_of, row, columns, number)
        article = article_of(Found("jsonl", "", item), "row", number, NOWHERE, clean, any_language)
        if isinstance(article, Failure):
            article = replace(article, reason=article.reason.removeprefix(f"row {number}: "))
        yield article
