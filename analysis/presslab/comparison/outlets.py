"""Outlets side by side on the same measures: one chart for all parts of a comparison report."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from presslab.reporting.dots import Dot, chart, numbers, with_numbers
from presslab.reporting.html import Fragment
from presslab.reporting.wording import short


def versus(values: pd.DataFrame, order: Mapping[str, str], title: str, unit: str, shares: bool = False) -> Fragment:
    """Return outlets on the same measures: a mark for each outlet, with its interval.

    `values` has the columns outlet, row, value, low, high, said (the value in words); `order` has the rows in their
    order with the label of each.
    """
    mine = values[values["row"].isin(list(order))]
    rows = {row: part for row, part in mine.groupby("row")}
    dots = [
        Dot(label, r.value, r.low, r.high, r.said, r.outlet)
        for row, label in order.items()
        if row in rows
        for r in rows[row].itertuples()
    ]
    outlets = {outlet: short(outlet, 34) for outlet in values["outlet"]}
    drawing = chart(dots, title, unit, outlets, shares)
    return with_numbers(drawing, numbers(dots, ("measure", "outlet", "value"), title))
