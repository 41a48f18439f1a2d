"""Intervals of shares."""

from __future__ import annotations

import math

import numpy as np

from .quantiles import Z95


def wilson(successes: float, trials: float, z: float = Z95) -> tuple[float, float]:
    """Return 95 % interval of a share of few cases (Wilson 1927), with another quantile than the normal one if wanted.
    (NaN, NaN) for no trials."""
    if not trials:
        return math.nan, math.nan
    share = successes / trials
    middle = (share + z * z / (2 * trials)) / (1 + z * z / trials)
    half = z * math.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials)) / (1 + z * z / trials)
    return max(0.0, middle - half), min(1.0, middle + half)


def cases_worth(cases: np.ndarray, of: np.ndarray) -> float:
    """Return how many independent cases clusters are worth for a share, given both counts by cluster: at most all (Rao
    & Scott 1992, Biometrics 48). 0 if the share is the same in all of them."""
    count, total = len(of), of.sum()
    share = cases.sum() / total
    error = count / max(count - 1, 1) * float((((cases - share * of) / total) ** 2).sum())
    return float(min(share * (1 - share) / error, total)) if error > 1e-18 else 0.0
