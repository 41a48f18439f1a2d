"""Where an article lies among the articles of its run: worked out once for the run, put into finished reports.

A report is made by itself, so that its notebook depends on no other article; it has a mark where its place belongs.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Mapping
import re
from typing import Any

from presslab.measures.cards import builtin

from . import strips
from .html import Fragment, html
from .wording import interval, many, number

PLACE = re.compile(r"<!--place ([^ >]+)-->.*?<!--/-->", re.DOTALL)


def empty(name: str) -> Fragment:
    """Return the mark for a measure's place, to be filled by `placed`."""
    return html("<!--place {}--><!--/-->", name)


def taken_out(page: str) -> str:
    """Return a report as its notebook gives it, without the article's place in a run."""
    return PLACE.sub(lambda match: empty(match[1]), page)


class Distribution:
    """The key measures of all articles of a run. `rows` are rows of `writers.index_row`."""

    def __init__(self, rows: Iterable[Mapping[str, Any]] = ()) -> None:
        self.values: dict[str, list[float]] = {card.name: [] for card in builtin().values() if card.key}
        self.around: dict[str, Fragment] = {}  # what is drawn around each article's value, the same for all
        for row in rows:
            self.add(row)

    def add(self, row: Mapping[str, Any]) -> None:
        """Count one article; all must be counted before the first is placed."""
        self.around.clear()
        for name, values in self.values.items():
            if row[name] is not None:
                insort(values, row[name])

    def placed(self, page: str, row: Mapping[str, Any]) -> str:
        """Return a report with its article's place in it, whatever place was there before; `row` is that of the
        index."""

        def filled(match: re.Match) -> str:
            name = match[1]
            inner = self._drawn(name, row) if name in self.values and row[name] is not None else ""
            return html("<!--place {}-->{}<!--/-->", name, inner)

        return PLACE.sub(filled, page)

    def _drawn(self, name: str, row: Mapping[str, Any]) -> Fragment | str:
        values, value = self.values[name], row[name]
        if len(values) < 2:
            return ""
        low, high = row[f"{name}_low"], row[f"{name}_high"]
        start, end, decimals = values[0], values[-1], builtin()[name].decimals
        nan = float("nan")
        interval = nan if low is None else low, nan if high is None else high
        if name not in self.around:
            self.around[name] = strips.others(values, start, end)
        drawing = self.around[name] + strips.mark(value, *interval, start, end, "50%")
        ends = html(
            '<p class="ends"><span>{}</span><span>{}</span></p>', number(start, decimals), number(end, decimals)
        )
        return html(
            '<svg class="strip" aria-hidden="true">{}</svg>{}<p>{}</p>', drawing, ends, rank(values, value, low, high)
        )


def rank(values: list[float], value: float, low: float | None, high: float | None) -> str:
    """Return where a value lies among sorted values of which it is one, in words, and where the ends of its
    interval would lie."""
    others, below, same = (
        len(values) - 1,
        bisect_left(values, value),
        bisect_right(values, value) - bisect_left(values, value) - 1,
    )
    if same == others:
        return f"the same in all {many(len(values), 'article')}"
    if not below:
        phrase = f"the lowest of {many(len(values), 'article')}" + (f", as in {number(same)} more" if same else "")
    elif below + same == others:
        phrase = f"the highest of {many(len(values), 'article')}" + (f", as in {number(same)} more" if same else "")
    else:
        phrase = f"higher than {number(below)} of the {many(others, 'other article')}"
    if low is None or high is None:
        return phrase
    first, last = bisect_left(values, low) - (value < low), bisect_left(values, high) - (value < high)
    return phrase if first == last else f"{phrase} ({interval(first, last, 0)} within its interval)"
