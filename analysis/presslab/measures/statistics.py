"""Intervals, differences and corrections for many tests."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
import math

import numpy as np

Z95 = 1.959963984540054


def two_sided(z: float) -> float:
    """Return the chance of a standard normal value at least as far from 0 as z."""
    return math.erfc(abs(z) / math.sqrt(2))


def holm(p: np.ndarray) -> np.ndarray:
    """Return p-values corrected for their number after Holm (1979): never smaller than before, at most 1, in the
    same order."""
    if not len(p):
        return np.zeros(0)
    order = np.argsort(p, kind="stable")
    steps = np.maximum.accumulate((len(p) - np.arange(len(p))) * np.asarray(p, dtype=float)[order])
    corrected = np.empty(len(p))
    corrected[order] = np.minimum(steps, 1.0)
    return corrected


def difference(a: tuple[float, float, float], b: tuple[float, float, float]) -> tuple[float, float, float, float]:
    """Return the difference of two values given as (value, low, high): difference, its 95 % interval, and p.

    The interval joins the two intervals' distances (MOVER: Newcombe 1998; Zou & Donner 2008); p is the level at
    which an interval of this shape would just touch 0. NaN if an interval is missing or both have no width.
    """
    gap = a[0] - b[0]
    below, above = math.hypot(a[0] - a[1], b[2] - b[0]), math.hypot(a[2] - a[0], b[0] - b[1])
    towards_zero = below if gap > 0 else above
    if math.isnan(below) or math.isnan(above) or not towards_zero:
        return gap, math.nan, math.nan, math.nan
    return gap, gap - below, gap + above, two_sided(Z95 * gap / towards_zero)


# articles from which a mean gets an interval: with fewer it would hold too seldom (data/validation/corpus.json)
FEWEST = 10
MEAN_DRAWS = 2000
MEAN_SEED = 20161108


@lru_cache(maxsize=32)
def _mean_draws(units: int) -> np.ndarray:
    return (
        np.random.default_rng(MEAN_SEED)
        .multinomial(units, np.full(units, 1 / units), size=MEAN_DRAWS)
        .astype(np.float32)
    )


def ratio(above: np.ndarray, below: np.ndarray | None = None) -> tuple[float, float, float]:
    """Return the sum of `above` by sum of `below` over articles (without `below`: the mean), with its 95 % interval.

    The interval is bootstrap-t over articles (Efron & Tibshirani 1993, chapter 12), the error of a ratio by
    linearisation (Cochran 1977, section 6.3). (value, NaN, NaN) for fewer than FEWEST articles and where all are
    alike; NaN for nothing.
    """
    x = np.asarray(above, dtype=float)
    y = np.ones_like(x) if below is None else np.asarray(below, dtype=float)
    n, total = len(x), y.sum()
    if not n or total <= 0:
        return math.nan, math.nan, math.nan
    value = float(x.sum() / total)
    error = float(_error(np.array([[n, x.sum(), total, (x * x).sum(), (x * y).sum(), (y * y).sum()]]))[0])
    if n < FEWEST or not error > 1e-12:
        return value, math.nan, math.nan
    parts = np.stack([np.ones(n), x, y, x * x, x * y, y * y], axis=1)
    sums = _mean_draws(n).astype(float) @ parts if n <= 1000 else _in_steps(n, parts)
    with np.errstate(divide="ignore", invalid="ignore"):
        t = (sums[:, 1] / sums[:, 2] - value) / _error(sums)
    t = t[np.isfinite(t)]
    if len(t) < MEAN_DRAWS / 2:
        return value, math.nan, math.nan
    low, high = np.percentile(t, [2.5, 97.5])
    return value, value - float(high) * error, value - float(low) * error


def _error(sums: np.ndarray) -> np.ndarray:
    """Return standard error of a ratio from the sums of 1, x, y, x², xy, y² (rows: draws)."""
    n, x, y, xx, xy, yy = sums.T
    with np.errstate(divide="ignore", invalid="ignore"):
        r = x / y
        return np.sqrt(np.maximum(xx - 2 * r * xy + r * r * yy, 0) * n / np.maximum(n - 1, 1)) / y


def _in_steps(units: int, parts: np.ndarray) -> np.ndarray:
    """Return the sums of resamples of very many articles, a few draws at a time so that memory stays small."""
    random = np.random.default_rng(MEAN_SEED)
    even = np.full(units, 1 / units)
    return np.concatenate(
        [random.multinomial(units, even, size=100).astype(float) @ parts for _ in range(MEAN_DRAWS // 100)]
    )


def welch(one: np.ndarray, other: np.ndarray) -> tuple[float, float, float, float]:
    """Return the difference of two means of articles, its 95 % interval and p (Welch 1947; Student's t by Wallace's
    normal approximation, 1959). NaN if one of them has fewer than FEWEST articles or all are alike."""
    gap = float(np.mean(one) - np.mean(other)) if len(one) and len(other) else math.nan
    if min(len(one), len(other)) < FEWEST:
        return gap, math.nan, math.nan, math.nan
    a, b = np.var(one, ddof=1) / len(one), np.var(other, ddof=1) / len(other)
    if not a + b > 1e-24:
        return gap, math.nan, math.nan, math.nan
    free = (a + b) ** 2 / (a**2 / (len(one) - 1) + b**2 / (len(other) - 1))
    t = gap / math.sqrt(a + b)
    z = math.copysign(math.sqrt(free * math.log1p(t * t / free)) * (8 * free + 1) / (8 * free + 3), t)
    half = student(free) * math.sqrt(a + b)
    return gap, gap - half, gap + half, two_sided(z)


def student(free: float) -> float:
    """Return Student's 97.5 % quantile: Cornish–Fisher from the normal one (Abramowitz & Stegun 1964, 26.7.5)."""
    z = 1.959963984540054
    found = z + (z**3 + z) / (4 * free) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * free**2)
    found += (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * free**3)
    return found + (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / (92160 * free**4)


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
    """Return the middle 95 % of resampled values, NaN left out; (NaN, NaN) where there are none. With the number of
    `units` that were drawn the percentiles lie further out, by `tails`."""
    values = values[np.isfinite(values)]
    if not len(values):
        return math.nan, math.nan
    low, high = np.percentile(values, tails(units) if units else (2.5, 97.5))
    return float(low), float(high)


@lru_cache(maxsize=4096)
def tails(units: int) -> tuple[float, float]:
    """Return the percentiles of the expanded percentile interval, 95 % (Hesterberg 2015): few units vary less in
    resamples than in truth.

    The normal tail at √(n/(n−1)) times Student's quantile of n−1 degrees of freedom, that by its Cornish–Fisher
    expansion.
    """
    if units < 3:
        return 0.0, 100.0
    z, free = 1.959963984540054, units - 1
    student = z + (z**3 + z) / (4 * free) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * free**2)
    student += (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * free**3)
    low = 50 * math.erfc(math.sqrt(units / free) * student / math.sqrt(2))
    return low, 100 - low


def wilson(successes: int, trials: int) -> tuple[float, float]:
    """Return 95 % interval of a share of few cases (Wilson 1927). (NaN, NaN) for no trials."""
    if not trials:
        return math.nan, math.nan
    z = 1.959963984540054
    share = successes / trials
    middle = (share + z * z / (2 * trials)) / (1 + z * z / trials)
    half = z * math.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials)) / (1 + z * z / trials)
    return max(0.0, middle - half), min(1.0, middle + half)
