"""Intervals of numbers that are computed from two others, from the intervals of those (MOVER, Zou & Donner 2008).

What is combined may have skewed intervals, as rare shares have; the result stays within its range.
"""

from __future__ import annotations

from collections.abc import Callable
import math


def mover_difference(one: tuple[float, float, float], two: tuple[float, float, float]) -> tuple[float, float, float]:
    """Return value and 95 % interval of one less two, each given as value, low, high and independent of the other."""
    value = one[0] - two[0]
    low = value - math.hypot(one[0] - one[1], two[2] - two[0])
    return value, low, value + math.hypot(one[2] - one[0], two[0] - two[1])


def mover(
    function: Callable[[float, float], float], one: tuple[float, float, float], two: tuple[float, float, float]
) -> tuple[float, float, float]:
    """Return value and 95 % interval of a function of two independent numbers, each given as value, low, high. The
    function rises or falls in each of them throughout their intervals."""
    value = function(one[0], two[0])
    by_one = sorted(function(end, two[0]) - value for end in one)
    by_two = sorted(function(one[0], end) - value for end in two)
    return value, value - math.hypot(by_one[0], by_two[0]), value + math.hypot(by_one[-1], by_two[-1])


def rogan_gladen(share: float, error: float) -> float:
    """Return the true share of yes behind an observed one, if an answer is wrong with the chance `error`, yes for no
    as often as no for yes (Rogan & Gladen 1978). Outside 0 to 1 if errors alone would give more yes or no."""
    return (share - error) / (1 - 2 * error)
