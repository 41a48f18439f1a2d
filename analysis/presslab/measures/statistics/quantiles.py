"""Quantiles of the normal distribution and of Student's. What measuring needs does without SciPy, which takes longer
to load than an article to measure."""

from __future__ import annotations

import math

Z95 = 1.959963984540054  # the normal 97.5 % quantile


def two_sided(z: float) -> float:
    """Return the chance of a standard normal value at least as far from 0 as z."""
    return math.erfc(abs(z) / math.sqrt(2))


def student(free: float, terms: int = 4) -> float:
    """Return Student's 97.5 % quantile: the normal one with so many terms of its Cornish–Fisher expansion
    (Abramowitz & Stegun 1964, 26.7.5). With four it is off by 0.00002 at 9 degrees of freedom, less at more."""
    z = Z95
    steps = (
        (z**3 + z) / (4 * free),
        (5 * z**5 + 16 * z**3 + 3 * z) / (96 * free**2),
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * free**3),
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / (92160 * free**4),
    )
    quantile = z
    for step in steps[:terms]:
        quantile += step
    return quantile


def student_exact(free: float) -> float:
    """Return Student's 97.5 % quantile by SciPy."""
    from scipy.special import stdtrit

    return float(stdtrit(free, 0.975))
