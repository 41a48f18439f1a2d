"""What a number is made of: the words behind it, its interval, its count. Every measure is one of these."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
import math

import numpy as np

SCOPES = ("article", "journalist", "quoted")
DRAWS = 1000
SEED = 20180501


@dataclass(frozen=True)
class Evidence:
    """A span of `Document.text` that a number was computed from; `label` says what it counted as, `weight` how much."""

    start: int
    end: int
    label: str
    weight: float = 1.0


@dataclass(frozen=True)
class Measure:
    """One number about one article.

    `name` has a card in data/cards; `scope` is one of SCOPES; `value` is NaN where it could not be measured, and `note`
    then says why (it may also carry a warning); `low` and `high` are the 95 % interval, NaN where there is none; `n` is
    the number of things it was counted on (the card's `counted_on` names them).
    """

    name: str
    scope: str
    value: float
    low: float = math.nan
    high: float = math.nan
    n: int = 0
    evidence: tuple[Evidence, ...] = ()
    note: str = ""


def draws(units: int) -> np.ndarray:
    """How often each unit is drawn in each of DRAWS resamples: float array (DRAWS, units), the same on every call."""
    return _draws(units).astype(float)


@lru_cache(maxsize=128)  # as small integers: an eighth of the memory
def _draws(units: int) -> np.ndarray:
    random = np.random.default_rng(SEED)
    drawn = random.multinomial(units, np.full(units, 1 / units), size=DRAWS)
    return drawn.astype(np.min_scalar_type(drawn.max()))


def bootstrap(parts: np.ndarray, statistic: Callable[[np.ndarray], np.ndarray]) -> tuple[float, float]:
    """Percentile bootstrap over units (sentences, attributions), 95 %, fixed seed (Efron & Tibshirani 1993).

    `parts` has one row a unit and one column a count; `statistic` takes summed counts (draws × columns) and gives one
    value a draw. NaN draws (nothing to divide by) are left out. (NaN, NaN) for fewer than two units.
    """
    if len(parts) < 2:
        return math.nan, math.nan
    with np.errstate(divide="ignore", invalid="ignore"):
        return interval(statistic(draws(len(parts)) @ np.asarray(parts, dtype=float)))


def interval(values: np.ndarray, units: int = 0) -> tuple[float, float]:
    """The middle 95 % of resampled values, NaN left out; (NaN, NaN) where there are none. With the number of `units` that
    were drawn the percentiles lie further out, by `tails`."""
    values = values[np.isfinite(values)]
    if not len(values):
        return math.nan, math.nan
    low, high = np.percentile(values, tails(units) if units else (2.5, 97.5))
    return float(low), float(high)


@lru_cache(maxsize=4096)
def tails(units: int) -> tuple[float, float]:
    """Percentiles of the expanded percentile interval, 95 % (Hesterberg 2015): few units vary less in resamples than in truth.

    The normal tail at √(n/(n−1)) times Student's quantile of n−1 degrees of freedom, that by its Cornish–Fisher expansion.
    """
    if units < 3:
        return 0.0, 100.0
    z, free = 1.959963984540054, units - 1
    student = z + (z**3 + z) / (4 * free) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * free**2)
    student += (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * free**3)
    low = 50 * math.erfc(math.sqrt(units / free) * student / math.sqrt(2))
    return low, 100 - low


def wilson(successes: int, trials: int) -> tuple[float, float]:
    """95 % interval of a share of few cases (Wilson 1927). (NaN, NaN) for no trials."""
    if not trials:
        return math.nan, math.nan
    z = 1.959963984540054
    share = successes / trials
    middle = (share + z * z / (2 * trials)) / (1 + z * z / trials)
    half = z * math.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials)) / (1 + z * z / trials)
    return max(0.0, middle - half), min(1.0, middle + half)
