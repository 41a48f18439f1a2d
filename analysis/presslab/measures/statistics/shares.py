"""Intervals of shares."""

from __future__ import annotations

import math

from .quantiles import Z95


def wilson(successes: float, trials: float) -> tuple[float, float]:
    """Return 95 % interval of a share of few cases (Wilson 1927). (NaN, NaN) for no trials."""
    if not trials:
        return math.nan, math.nan
    z = Z95
    share = successes / trials
    middle = (share + z * z / (2 * trials)) / (1 + z * z / trials)
    half = z * math.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials)) / (1 + z * z / trials)
    return max(0.0, middle - half), min(1.0, middle + half)
