"""Intervals of shares from few or weighted yes-or-no cases, by the exact binomial distribution.

`presslab estimate` needs them; they load SciPy, which measuring does without.
"""

from __future__ import annotations

import math

import numpy as np

OUTSIDE = 0.025  # on each side of a 95 % interval


def clopper_pearson(successes: float, trials: float, outside: float = OUTSIDE) -> tuple[float, float]:
    """Return the interval of a share after Clopper & Pearson (1934), which leaves out at most `outside` on each side.

    Neither number need be whole: Korn & Graubard (1998) take `trials` to be the size of a simple random sample that
    is as precise as the one at hand.
    """
    from scipy.special import betaincinv

    low = float(betaincinv(successes, trials - successes + 1, outside)) if successes > 0 else 0.0
    high = float(betaincinv(successes + 1, trials - successes, 1 - outside)) if successes < trials else 1.0
    return low, high


def at_most(successes: float, trials: float) -> float:
    """Return the share that is exceeded with a confidence of 5 % only: for no success in n trials about 3 ÷ n, the
    rule of three (Hanley & Lippman-Hand 1983)."""
    return clopper_pearson(successes, trials, 0.05)[1]


def low_if_given(successes: float, trials: float, least: float) -> float:
    """Return the lower end of a share's interval that is reported only from `least` successes on.

    The plain interval is too high then: of rare things only those samples report a number that had many of them by
    chance. The end is the smallest share at which so many successes still come in more than `OUTSIDE` of the samples
    that report one (the binomial distribution truncated at `least`); 0 for exactly `least`.
    """
    from scipy.special import betainc

    if successes <= least:
        return 0.0
    low, high = 0.0, successes / trials
    for _ in range(50):
        share = (low + high) / 2
        reported = float(betainc(least, trials - least + 1, share))
        so_many = float(betainc(successes, trials - successes + 1, share))
        low, high = (low, share) if reported and so_many > OUTSIDE * reported else (share, high)
    return low


def korn_graubard(share: float, error: float, trials: int, freedom: float) -> tuple[float, float]:
    """Return the interval of an estimated share after Korn & Graubard (1998): Clopper & Pearson's for the size of a
    simple random sample with the same standard error, reduced for few degrees of freedom."""
    from scipy.special import stdtrit

    spread = max(share * (1 - share), 1e-9)
    size = spread / error**2 * (float(stdtrit(max(trials - 1, 1), 0.975)) / float(stdtrit(freedom, 0.975))) ** 2
    return clopper_pearson(min(max(share, 0.0), 1.0) * size, size)


def effective_size(weights: list[float]) -> float:
    """Return the size of an equally weighted sample that is as precise as one with these weights (Kish 1965)."""
    total, squares = math.fsum(weights), math.fsum(w * w for w in weights)
    return total * total / squares if squares else 0.0


def beyond(successes: int, trials: int, log_odds: float, error: float) -> float:
    """Return the chance of a smaller number of successes than seen (mid-p: one just as large counts half), if the share
    was forecast: its log odds with their standard error. Far from 0.5 on either side the forecast was wrong."""
    from scipy.special import bdtr, expit, ndtri

    shares = expit(log_odds + error * ndtri((np.arange(99) + 0.5) / 99))
    smaller = bdtr(successes - 1, trials, shares).mean() if successes else 0.0
    return float((smaller + bdtr(successes, trials, shares).mean()) / 2)
