"""How numbers, intervals, plurals and long names are written for readers: one notation for pages, sentences, tables
and the terminal."""

from __future__ import annotations

from collections.abc import Sequence
import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the terminal writes numbers too, and starts without measures
    from presslab.measures.measure import Measure


FEW_CASES = 5  # of fewer a share says less than the count


def number(value: float | None, decimals: int = 0) -> str:
    """Return a number for readers: "1,234.5", with a real minus sign; "–" if it could not be measured."""
    return "–" if value is None or math.isnan(value) else f"{value:,.{decimals}f}".replace("-", "−")


def signed(value: float, decimals: int) -> str:
    """Return a number with its sign: "+0.12"."""
    return "–" if math.isnan(value) else f"{value:+,.{decimals}f}".replace("-", "−")


def percent(share: float, decimals: int = 0) -> str:
    """Return a share of 1 in per cent: "43 %"."""
    return "–" if math.isnan(share) else f"{number(100 * share, decimals)} %"


def interval(low: float, high: float, decimals: int) -> str:
    """Return the ends of an interval: "33.2 to 54.0"."""
    return f"{number(low, decimals)} to {number(high, decimals)}"


def with_interval(value: float, low: float, high: float, decimals: int) -> str:
    """Return value and 95 % interval, if it has one: "43.0 [33.2 to 54.0]"."""
    text = number(value, decimals)
    return text if math.isnan(value) or math.isnan(low) else f"{text} [{interval(low, high, decimals)}]"


def measured(m: Measure, decimals: int) -> str:
    """Return the value of a measure with its interval, if it has one."""
    return with_interval(m.value, m.low, m.high, decimals)


def value_of(m: Measure, unit: str, decimals: int) -> str:
    """Return a measure's value for readers; a share of fewer than FEW_CASES as a count: "2 of 3"."""
    if unit.startswith("share") and 0 < m.n < FEW_CASES and not math.isnan(m.value):
        cases = m.value * m.n
        if abs(cases - round(cases)) < 1e-9:
            return f"{round(cases)} of {m.n}"
    return number(m.value, decimals)


def shares(low: float, high: float, decimals: int = 0) -> str:
    """Return the ends of an interval of shares, none of which is below 0 or above 1: "38 % to 47 %"."""
    return f"{percent(max(low, 0.0), decimals)} to {percent(min(high, 1.0), decimals)}"


def share(value: float, low: float, high: float, decimals: int = 0) -> str:
    """Return a share with its 95 % interval, if it has one: "43 % [38 % to 47 %]"."""
    text = percent(value, decimals)
    return text if math.isnan(value) or math.isnan(low) else f"{text} [{shares(low, high, decimals)}]"


def chance(p: float) -> str:
    """Return a p value: ".034", "< .001"."""
    return "< .001" if p < 0.001 else f"{p:.3f}".removeprefix("0")


def many(count: int, one: str, more: str = "") -> str:
    """Return how many there are of something: "1 word", "1,234 words"; `more` is a plural that is not made by an s."""
    return f"{count:,} {either(count, one, more)}"


def either(count: int, one: str, more: str = "") -> str:
    """Return the word for one or for several: "story", "stories"."""
    return one if count == 1 else more or f"{one}s"


def order(place: int) -> str:
    """Return a place in an order: "1st", "12th"."""
    ending = {1: "st", 2: "nd", 3: "rd"}.get(place % 10 if place % 100 not in (11, 12, 13) else 0, "th")
    return f"{place}{ending}"


def short(name: str, most: int = 40) -> str:
    """Return a name of at most so many characters, with … in place of the rest."""
    return name if len(name) <= most else f"{name[: most - 1]}…"


def first(names: Sequence[str], most: int) -> str:
    """Return names one after the other, with … in place of those after the first so many."""
    return ", ".join(names[:most]) + (" …" if len(names) > most else "")
