"""Quantiles for intervals of means whose cases are skewed, as shares and counts are."""

from __future__ import annotations

import numpy as np

SAMPLES, SEED = 1999, 1


def studentised(shape: np.ndarray, count: int) -> tuple[float, float]:
    """Return the 2.5 and 97.5 % quantiles of the studentised mean of `count` cases of that shape, by bootstrap (Efron
    1982; Hall 1988).

    `shape` has one number per case, of this group or of a larger one. Student's quantiles are about −2 and 2 for any
    shape; for codes with few large values the lower one is farther from 0, so that the interval reaches farther up.
    """
    random = np.random.default_rng(SEED)
    deviations = shape - shape.mean()
    drawn = deviations[random.integers(len(shape), size=(SAMPLES, count))]
    errors = drawn.std(axis=1, ddof=1) * np.sqrt(count)
    ratios = drawn.sum(axis=1)[errors > 0] / errors[errors > 0]
    low, high = np.quantile(ratios, (0.025, 0.975))
    return float(low), float(high)
