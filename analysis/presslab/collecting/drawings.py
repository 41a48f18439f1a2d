"""The figures of a collection in its page: dots with intervals in the page's colours, with their numbers as a table."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from presslab.measures.cards import Catalogue, type_label
from presslab.reporting.dots import Dot, along, chart, with_numbers
from presslab.reporting.html import Fragment, html, join, table
from presslab.reporting.wording import number, share, short

from . import ALL, Collection
from .plans import COUNTS, LINES, MOST_OUTLETS, PANELS, Plan, plans, time_label
from .sentences import rows_for_readers, shown

MOST = 300  # rows of a folded table
SAVED = "Saved as figures/{name}.svg and figures/{name}.png, 180 mm wide."


def figure(c: Collection, name: str) -> Fragment:
    """Return one of the figures, with its numbers; a note if the collection has nothing to show for it."""
    plan = next((plan for plan in plans(c) if plan.name == name), None)
    if plan is None:
        return html('<p class="note">This collection has nothing to show here.</p>')
    caption = html("<b>{}.</b> {} {}", plan.title, plan.caption, SAVED.format(name=name))
    if plan.kind == COUNTS:
        return html('<figure class="chart counts"><figcaption>{}</figcaption>{}</figure>', caption, _counts(plan))
    drawing = html('<figure class="chart"><figcaption>{}</figcaption>{}</figure>', caption, _drawn(plan, c))
    return with_numbers(drawing, _ranked(plan, c) if plan.kind not in (PANELS, LINES) else _numbers(plan, c.cards))


def _drawn(plan: Plan, c: Collection) -> Fragment:
    if plan.kind == PANELS:
        return html('<div class="panels">{}</div>', join(_panel(plan, *part, c) for part in plan.order))
    if plan.kind == LINES:
        return html('<div class="panels">{}</div>', join(_line(plan, *part, c.cards) for part in plan.order))
    values = [
        Dot(short(r.name, 56), r.value, r.low, r.high, share(r.value, r.low, r.high))
        for r in plan.rows.itertuples(index=False)
    ]
    return chart(values, "", plan.unit, shares=True)


def _panel(plan: Plan, row: str, label: str, c: Collection) -> Fragment:
    mine = plan.rows[plan.rows["row"] == row].set_index("outlet")
    values = [
        Dot(short(outlet, 36), r.value, r.low, r.high, _said(plan, row, r, c.cards))
        for outlet in c.outlets[:MOST_OUTLETS]
        if outlet in mine.index
        for r in [mine.loc[outlet]]
    ]
    every = mine.loc[ALL, "value"] if ALL in mine.index else math.nan
    return chart(
        values, label, "", shares=_is_share(plan, row, c.cards), zero=_from_zero(plan, row, c.cards), line=every
    )


def _line(plan: Plan, row: str, label: str, cards: Catalogue) -> Fragment:
    starts = sorted(plan.rows["period"].unique())
    mine = plan.rows[plan.rows["row"] == row].set_index("period").reindex(starts)
    unit = plan.rows["unit"].iloc[0]
    values = [
        Dot(time_label(start, unit), r.value, r.low, r.high, _said(plan, row, r, cards))
        for start, r in zip(starts, mine.itertuples())
    ]
    return along(values, label, "", _is_share(plan, row, cards), _from_zero(plan, row, cards))


def _said(plan: Plan, row: str, r: Any, cards: Catalogue) -> str:
    return share(r.value, r.low, r.high) if plan.shares else shown(cards[row], r.value, r.low, r.high)


def _is_share(plan: Plan, row: str, cards: Catalogue) -> bool:
    return plan.shares or cards[row].unit.startswith("share")


def _from_zero(plan: Plan, row: str, cards: Catalogue) -> bool:
    """Return whether 0 has a meaning for what is shown; a school grade of 0 has none."""
    return plan.shares or cards[row].family != "readability"


def _counts(plan: Plan) -> Fragment:
    most = max(plan.rows["articles"].max(), 1)
    rows = [
        (
            r.outlet,
            html('{}<i class="length" style="width:{:.0f}%"></i>', number(r.articles), 100 * r.articles / most),
            number(r.articles - r.repeated),
            number(r.words),
        )
        for r in plan.rows.itertuples()
    ]
    return table(("outlet", "articles", "independent stories", "words"), rows, plan.title, right=(1, 2, 3))


def _ranked(plan: Plan, c: Collection) -> Fragment:
    outlets = c.outlets[:MOST_OUTLETS]
    head = ("source", "type", "articles", "stories", "share of stories", "attributions", "words", *outlets)
    rows = [
        (
            r["source"],
            type_label(r["type"]),
            number(r["articles"]),
            number(r["stories"]),
            share(r["share"], r["low"], r["high"]),
            number(r["attributions"]),
            number(r["words"]),
            *(r[o] for o in outlets),
        )
        for r in plan.numbers.to_dict("records")
    ]
    return table(head, rows, plan.title, right=tuple(range(2, len(head))))


def _numbers(plan: Plan, cards: Catalogue) -> Fragment:
    numbers: pd.DataFrame = plan.numbers
    first = "period" if "period" in numbers else "outlet"
    second = "measure" if "measure" in numbers else "group"
    head = (
        first,
        second,
        "value [95 % interval]",
        "unit" if second == "measure" else "counted",
        "articles",
        "stories",
        "events",
    )
    rows = rows_for_readers(numbers, cards)
    if second == "group":
        rows = [(a, type_label(b) if plan.name == "types" else b, *rest) for a, b, *rest in rows]
    return table(head, rows[:MOST], plan.title, right=(2, 4, 5, 6))
