"""Filter the articles of a collection, put them in an order, and turn the pages of what is left."""

from __future__ import annotations

from dataclasses import dataclass
import math

import pandas as pd

from .collection import Collection, ExploreError

PAGE = 20  # articles on a page
ORDERS = {
    "newest first": ("day", False),
    "oldest first": ("day", True),
    "title": ("title", True),
    "outlet": ("outlet", True),
    "longest first": ("words", False),
}


@dataclass(frozen=True)
class Filter:
    """Which articles are wanted; an empty field wants all.

    `words` are in title, text or id; `outlets` are names as given; `since` and `until` are ISO dates, both included,
    and leave out articles without a date; `source` is part of a source's name, `source_type` a type of source that is
    heard; `frame` is the column of a frame and `least` the lowest score wanted (0–1).
    """

    words: str = ""
    outlets: tuple[str, ...] = ()
    since: str = ""
    until: str = ""
    source: str = ""
    source_type: str = ""
    frame: str = ""
    least: float = 0.0
    order: str = ""


def filtered(collection: Collection, wanted: Filter = Filter()) -> pd.DataFrame:
    """Return the rows of `Collection.articles` that are wanted, in the order that is wanted: a key of ORDERS, the
    column of a frame (highest first), or "" as they were read. Raises ExploreError for a frame or an order that
    isn't there."""
    articles = collection.articles
    keep = pd.Series(True, index=articles.index)
    if wanted.words.strip():
        sought = wanted.words.strip()
        keep &= sum(
            (articles[c].str.contains(sought, case=False, regex=False) for c in ("title", "text", "id")), start=~keep
        )
    if wanted.outlets:
        keep &= articles["outlet"].isin(wanted.outlets)
    if wanted.since:
        keep &= articles["day"] >= wanted.since
    if wanted.until:
        keep &= (articles["day"] <= wanted.until) & (articles["day"] != "")
    if wanted.source.strip() or wanted.source_type:
        sources = collection.tables["sources"]
        if wanted.source.strip():
            sources = sources[sources["source"].str.contains(wanted.source.strip(), case=False, regex=False)]
        if wanted.source_type:
            sources = sources[sources["type"] == wanted.source_type]
        keep &= articles["id"].isin(sources["id"])
    if wanted.frame and wanted.frame not in collection.frames:
        raise ExploreError(f"there is no frame {wanted.frame}; there are {', '.join(collection.frames)}")
    if wanted.frame and wanted.least > 0:
        keep &= articles[wanted.frame] >= wanted.least
    return _ordered(collection, articles[keep], wanted.order)


def _ordered(collection: Collection, rows: pd.DataFrame, order: str) -> pd.DataFrame:
    if not order:
        return rows
    column, rising = ORDERS.get(order, (order, False))
    if order not in ORDERS and order not in collection.frames:
        raise ExploreError(f"there is no order {order}; there are {', '.join([*ORDERS, *collection.frames])}")
    empty = rows[column].isna() | (rows[column] == "")  # what has no date or title comes last, whichever way
    with_value = rows[~empty].sort_values(column, ascending=rising, kind="stable", key=_folded)
    return pd.concat([with_value, rows[empty]])


def _folded(column: pd.Series) -> pd.Series:
    return column.str.casefold() if column.dtype == object or str(column.dtype).startswith("str") else column


def pages(count: int) -> int:
    """Return how many pages so many articles fill; one at least."""
    return max(1, math.ceil(count / PAGE))


def page(rows: pd.DataFrame, number: int) -> pd.DataFrame:
    """Return the rows of one page, from 1; a number beyond the last gives the last."""
    first = (min(max(number, 1), pages(len(rows))) - 1) * PAGE
    return rows.iloc[first : first + PAGE]
