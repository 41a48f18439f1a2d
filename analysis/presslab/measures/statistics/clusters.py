"""Sums by cluster, and means and shares whose interval is over clusters: articles on one event are no independent
observations."""

from __future__ import annotations

import math

import numpy as np

from .means import ratio
from .shares import cases_worth, wilson


def summed(values: np.ndarray, clusters: np.ndarray) -> np.ndarray:
    """Return the sums of values (one or several columns) by cluster, clusters in ascending order."""
    _, places = np.unique(clusters, return_inverse=True)
    sums = np.zeros((int(places.max()) + 1 if len(places) else 0, *values.shape[1:]))
    np.add.at(sums, places, values)
    return sums


def clustered(above: np.ndarray, below: np.ndarray, clusters: np.ndarray) -> tuple[float, float, float, int]:
    """Return sum of `above` by sum of `below` (weights, for a mean), its 95 % interval, and the number of clusters.

    The interval is bootstrap-t over clusters, as `ratio` does over articles; none for fewer clusters than FEWEST.
    Clusters in which nothing was counted (`below` 0) are left out.
    """
    x, y = summed(np.asarray(above, float), clusters), summed(np.asarray(below, float), clusters)
    some = y > 0
    return *ratio(x[some], y[some]), int(some.sum())


def share_clustered(yes: np.ndarray, clusters: np.ndarray) -> tuple[float, float, float]:
    """Return the share of cases that are `yes`, with Wilson's 95 % interval on the effective number of cases.

    That number is the cases' by the design effect of clusters, at least 1 (Rao & Scott 1992, Biometrics 48): it holds
    for the rare, where a mean's interval does not.
    """
    n = len(yes)
    share = float(np.mean(yes)) if n else math.nan
    if not n or share in (0.0, 1.0):
        return share, *wilson(share * n if n else 0, n)
    effective = cases_worth(summed(np.asarray(yes, float), clusters), summed(np.ones(n), clusters)) or n
    return share, *wilson(share * effective, effective)
