"""How numbers, intervals and names are written for readers: one notation for all pages, tables and sentences."""

from __future__ import annotations

import math

from presslab.measures.measure import Measure


def number(value: float, decimals: int) -> str:
    """Return a number for readers: fixed decimals, a real minus sign; "–" where it could not be measured."""
    return "–" if math.isnan(value) else f"{value:,.{decimals}f}".replace("-", "−")


def with_interval(m: Measure, decimals: int) -> str:
    """Return value and 95 % interval: "43.0 [33.2 to 54.0]"."""
    if math.isnan(m.low) or math.isnan(m.value):
        return number(m.value, decimals)
    return f"{number(m.value, decimals)} [{number(m.low, decimals)} to {number(m.high, decimals)}]"
