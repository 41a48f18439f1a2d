"""Means and ratios over articles."""

from __future__ import annotations

from functools import lru_cache
import math

import numpy as np

# Articles from which a mean gets an interval: with fewer it would hold too seldom (data/validation/corpus.json).
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
    linearisation (Cochran 1977, section 6.3). (value, NaN, NaN) for fewer than FEWEST articles and if all are
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
