"""How much of a difference may be chance, where many differences are looked at."""

from __future__ import annotations

import math

import numpy as np

Z95 = 1.959963984540054


def two_sided(z: float) -> float:
    """Chance of a standard normal value at least as far from 0 as z."""
    return math.erfc(abs(z) / math.sqrt(2))


def holm(p: np.ndarray) -> np.ndarray:
    """p-values corrected for their number after Holm (1979): never smaller than before, at most 1, in the same order."""
    if not len(p):
        return np.zeros(0)
    order = np.argsort(p, kind="stable")
    steps = np.maximum.accumulate((len(p) - np.arange(len(p))) * np.asarray(p, dtype=float)[order])
    corrected = np.empty(len(p))
    corrected[order] = np.minimum(steps, 1.0)
    return corrected


def difference(a: tuple[float, float, float], b: tuple[float, float, float]) -> tuple[float, float, float, float]:
    """Difference of two values given as (value, low, high): difference, its 95 % interval, and p.

    The interval joins the two intervals' distances (MOVER: Newcombe 1998; Zou & Donner 2008); p is the level at which an
    interval of this shape would just touch 0. NaN where an interval is missing or both have no width.
    """
    gap = a[0] - b[0]
    below, above = math.hypot(a[0] - a[1], b[2] - b[0]), math.hypot(a[2] - a[0], b[0] - b[1])
    towards_zero = below if gap > 0 else above
    if math.isnan(below) or math.isnan(above) or not towards_zero:
        return gap, math.nan, math.nan, math.nan
    return gap, gap - below, gap + above, two_sided(Z95 * gap / towards_zero)
