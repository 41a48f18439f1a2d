"""The bootstrap: units (sentences, attributions) drawn again and again, the same way on every call."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
import math

import numpy as np

from .quantiles import student, two_sided

DRAWS = 1000
SEED = 20180501


def draws(units: int) -> np.ndarray:
    """Return how often each unit is drawn in each of DRAWS resamples: float array (DRAWS, units), the same on every
    call."""
    return _draws(units).astype(float)


@lru_cache(maxsize=128)  # as small integers: an eighth of the memory
def _draws(units: int) -> np.ndarray:
    random = np.random.default_rng(SEED)
    drawn = random.multinomial(units, np.full(units, 1 / units), size=DRAWS)
    return drawn.astype(np.min_scalar_type(drawn.max()))


def bootstrap(parts: np.ndarray, statistic: Callable[[np.ndarray], np.ndarray]) -> tuple[float, float]:
    """Return percentile bootstrap over units (sentences, attributions), 95 %, fixed seed (Efron & Tibshirani 1993).

    `parts` has one row per unit and one column per count; `statistic` takes summed counts (draws × columns) and
    returns one value a draw. NaN draws (nothing to divide by) are left out. (NaN, NaN) for fewer than two units.
    """
    if len(parts) < 2:
        return math.nan, math.nan
    with np.errstate(divide="ignore", invalid="ignore"):
        return interval(statistic(draws(len(parts)) @ np.asarray(parts, dtype=float)))


def interval(values: np.ndarray, units: int = 0) -> tuple[float, float]:
    """Return the middle 95 % of resampled values, NaN left out; (NaN, NaN) if there are none. With the number of
    `units` that were drawn the percentiles lie further out, by `tails`."""
    values = values[np.isfinite(values)]
    if not len(values):
        return math.nan, math.nan
    low, high = np.percentile(values, tails(units) if units else (2.5, 97.5))
    return float(low), float(high)


def intervals(rows: list[np.ndarray], units: int) -> list[tuple[float, float]]:
    """Return the `interval` of each row of resampled values; all rows at once if each value is a number."""
    table = np.array(rows, dtype=float)
    if not np.isfinite(table).all():
        return [interval(row, units) for row in table]
    return list(zip(*np.percentile(table, tails(units), axis=1).tolist()))


@lru_cache(maxsize=4096)
def tails(units: int) -> tuple[float, float]:
    """Return the percentiles of the expanded percentile interval, 95 % (Hesterberg 2015): few units vary less in
    resamples than in truth.

    The normal tail at √(n/(n−1)) times Student's quantile of n−1 degrees of freedom.
    """
    if units < 3:
        return 0.0, 100.0
    low = 50 * two_sided(math.sqrt(units / (units - 1)) * student(units - 1, terms=3))
    return low, 100 - low
