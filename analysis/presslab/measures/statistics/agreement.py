"""How well codes agree: coders with each other, scores of a machine with codes of people."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
import math
from typing import Literal

import krippendorff
import numpy as np

from .quantiles import Z95
from .resampling import bootstrap, interval

RESAMPLES = 1000
Scale = Literal["nominal", "ordinal", "interval", "ratio"]


def alpha(codes: np.ndarray, scale: Scale) -> float:
    """Return Krippendorff's alpha (2011); `codes` has one row per coder and one column per unit, NaN if a unit was
    not coded.

    NaN if no unit has two codes or all codes are the same: there is nothing to tell agreement from.
    """
    pairable = codes[:, (~np.isnan(codes)).sum(axis=0) >= 2]
    values = pairable[~np.isnan(pairable)]
    if not values.size or (values == values[0]).all():
        return math.nan
    return float(krippendorff.alpha(reliability_data=pairable, level_of_measurement=scale))


def alpha_interval(
    codes: np.ndarray, scale: Scale, groups: np.ndarray | None = None, seed: int = 1
) -> tuple[float, float]:
    """Return 95 % interval of alpha by bootstrap over units (Zapf et al. 2016), or over `groups` of units that
    belong together.

    NaN if one resample in ten or more has no alpha.
    """
    members = _members(np.arange(codes.shape[1]) if groups is None else groups)
    if len(members) < 2:
        return math.nan, math.nan
    random = np.random.default_rng(seed)
    places = (random.integers(len(members), size=len(members)) for _ in range(RESAMPLES))
    alphas = np.array([alpha(codes[:, np.concatenate([members[i] for i in drawn])], scale) for drawn in places])
    return (math.nan, math.nan) if np.isnan(alphas).mean() >= 0.1 else interval(alphas)


def same_share(codes: np.ndarray) -> float:
    """Return the share of pairs of answers to the same unit that are the same; `codes` as in `alpha`."""
    same = pairs = 0
    for one, two in combinations(codes, 2):
        both = ~np.isnan(one) & ~np.isnan(two)
        pairs += int(both.sum())
        same += int((one[both] == two[both]).sum())
    return same / pairs if pairs else math.nan


def correlation(one: np.ndarray, two: np.ndarray, weight: np.ndarray) -> float:
    """Return the weighted correlation of two columns (of their ranks: a rank correlation); NaN if one of them does
    not vary."""
    x, y = (column - np.average(column, weights=weight) for column in (one, two))
    spread = math.sqrt((weight * x**2).sum() * (weight * y**2).sum())
    return float((weight * x * y).sum() / spread) if spread > 1e-12 else math.nan


def stratified_interval(statistic: Callable[[np.ndarray], float], strata: np.ndarray) -> tuple[float, float]:
    """Return 95 % interval by bootstrap within strata; `statistic` takes the places of the units that were drawn."""
    random, members = np.random.default_rng(1), _members(strata)
    places = (np.concatenate([random.choice(some, len(some)) for some in members]) for _ in range(RESAMPLES))
    return interval(np.array([statistic(drawn) for drawn in places]))


def roc_area(judged: np.ndarray, values: np.ndarray, weights: np.ndarray | None = None) -> float:
    """Return area under the ROC curve: the chance that a judged case has the higher value (ties count half); NaN if
    all cases are judged alike."""
    if judged.all() or not judged.any():
        return math.nan
    return float(_areas(judged, values, np.ones((1, len(values))) if weights is None else weights[None, :])[0])


def roc_bootstrap(judged: np.ndarray, values: np.ndarray) -> tuple[float, float]:
    """Return 95 % bootstrap interval of the area under the ROC curve, over cases."""
    return bootstrap(np.eye(len(values)), lambda weights: _areas(judged, values, weights))


def roc_interval(value: float, yes: float, no: float) -> tuple[float, float]:
    """Return 95 % interval of an area under the ROC curve from so many cases judged yes and no, by Newcombe (2006),
    method 5, which holds for few cases and for an area of 1 too."""
    from scipy.optimize import brentq

    star = (yes + no) / 2 - 1

    def beyond(theta: float) -> float:
        spread = theta * (1 - theta) * (1 + star * ((1 - theta) / (2 - theta) + theta / (1 + theta))) / (yes * no)
        return abs(theta - value) - Z95 * math.sqrt(max(spread, 0.0))

    edge = 1e-9
    low = brentq(beyond, edge, min(value, 1 - 1e-6)) if value > edge and beyond(edge) > 0 else 0.0
    high = brentq(beyond, max(value, 1e-6), 1 - edge) if value < 1 - edge and beyond(1 - edge) > 0 else 1.0
    return float(low), float(high)


def _areas(judged: np.ndarray, values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the area for each row of weights."""
    order = np.argsort(values, kind="stable")
    ranked = values[order]
    starts = np.flatnonzero(np.r_[True, ranked[1:] != ranked[:-1]])
    yes, no = weights[:, order] * judged[order], weights[:, order] * ~judged[order]
    yes, no = np.add.reduceat(yes, starts, axis=1), np.add.reduceat(no, starts, axis=1)
    below = np.cumsum(no, axis=1) - no / 2
    return (yes * below).sum(axis=1) / (yes.sum(axis=1) * no.sum(axis=1))


def _members(groups: np.ndarray) -> list[np.ndarray]:
    """Return the places of each group's units, groups by first appearance."""
    return [np.flatnonzero(groups == group) for group in dict.fromkeys(groups.tolist())]
