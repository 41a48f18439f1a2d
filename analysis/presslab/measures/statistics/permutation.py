"""Studentised permutation tests of two groups of clusters: labels are drawn again, everything else stays as it is.

The difference is divided by its standard error in every draw, so that the test holds for groups of unequal size and
spread (Janssen 1997, Statistics & Probability Letters 36; Chung & Romano 2013, Annals of Statistics 41). Where both
groups report the same events, labels are exchanged within events.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial

import numpy as np

BATCH = 9999  # draws at once: p is 1/10,000 at least
BATCH_FOR = 200  # comparisons for which one batch is enough: 200 / 10,000 < .025
ENOUGH = 20  # draws as far out as the data from which p is known well enough
SEED = 20131001
PART = 1111  # draws in memory at once
CLOSE = 1e-5  # t as near to the data's as this is as far out as the data: sums are in 32 bits

Statistic = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]  # sums (draws × columns) → differences, variances


@dataclass(frozen=True)
class Tested:
    """A difference for each measure (columns): `gap`, `low` and `high` (95 %, from the same draws), `p`, and how many
    clusters it rests on: `mine` and `others` (with paired events both are the number of events)."""

    gap: np.ndarray
    low: np.ndarray
    high: np.ndarray
    p: np.ndarray
    mine: np.ndarray
    others: np.ndarray


def unpaired(x: np.ndarray, y: np.ndarray, mine: np.ndarray, comparisons: int = 1) -> Tested:
    """Return the difference of two means over clusters, and its p by permuting which clusters are `mine`.

    `x` and `y` have one row per cluster, one column per measure: the sum of the values in the cluster, and of their
    weights (0 if there are none). A mean is sum of x by sum of y; its error is linearised over clusters.
    `comparisons` says how many p there will be in all, so that enough draws are made.
    """
    total_y = y.sum(axis=0)
    centre = x.sum(axis=0) / np.where(total_y > 0, total_y, 1)
    off = x - centre * y  # what is left when all clusters have one mean: small numbers, exact enough in 32 bits
    spread = np.sqrt((off**2).mean(axis=0))
    off = off / np.where(spread > 0, spread, 1)
    parts = np.concatenate([y > 0, off, y, off * off, off * y, y * y], axis=1).astype(np.float32)
    whole = parts.sum(axis=0, dtype=float)

    def statistic(sums: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        one, two = _mean(sums), _mean(whole - sums)
        return one[0] - two[0], one[1] + two[1]

    there = y > 0
    counts = (there & mine[:, None]).sum(axis=0), (there & ~mine[:, None]).sum(axis=0)
    batch = partial(_labels, len(mine), int(mine.sum()))
    return _tested(statistic, mine, parts, batch, spread, counts, comparisons)


def paired(x: np.ndarray, y: np.ndarray, event: np.ndarray, mine: np.ndarray, comparisons: int = 1) -> Tested:
    """Return the mean difference within events between `mine` and the others, and its p by exchanging within events.

    Rows are cells: what one outlet has on one event; `event` has its number, `mine` is true for one cell an event at
    most; `x` and `y` as in `unpaired`. Each event counts once: the mean of my cell less the mean of the others' cells.
    """
    order = np.argsort(event, kind="stable")
    x, y, event, mine = x[order], y[order], event[order], mine[order]
    _, start, size = np.unique(event, return_index=True, return_counts=True)
    place = np.repeat(np.arange(len(size)), size)
    there = y > 0
    value = np.where(there, x / np.where(there, y, 1), 0.0)
    count, total = np.add.reduceat(there, start, axis=0)[place], np.add.reduceat(value, start, axis=0)[place]
    some = there & (count > 1)
    off = np.where(some, value - (total - value) / np.where(count > 1, count - 1, 1), 0.0)
    spread = np.sqrt((off**2).mean(axis=0))
    off = off / np.where(spread > 0, spread, 1)
    parts = np.concatenate([some, off, off * off], axis=1).astype(np.float32)

    def statistic(sums: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        n, s, ss = np.split(sums, 3, axis=1)
        with np.errstate(divide="ignore", invalid="ignore"):
            return s / n, np.maximum(ss - s * s / n, 0) / np.maximum(n - 1, 1) / n

    n = (some & mine[:, None]).sum(axis=0)
    return _tested(statistic, mine, parts, partial(_choices, start, size), spread, (n, n), comparisons)


def _tested(
    statistic: Statistic, mine: np.ndarray, parts: np.ndarray, batch: Callable[[int], np.ndarray], spread: np.ndarray,
    counts: tuple[np.ndarray, np.ndarray], comparisons: int,
) -> Tested:  # fmt: skip
    """Return the statistic of the data beside those of draws: as many as `comparisons` need, and fewer for measures of
    which p is large anyway."""
    gap, variance = (v[0] for v in statistic(mine.astype(float)[None] @ parts.astype(float)))
    t, error = _t(gap, variance), np.sqrt(variance)
    drawn = np.concatenate(
        [_t(*statistic((part.astype(np.float32) @ parts).astype(float))) for part in _split(batch(SEED))]
    )
    beyond, draws = (drawn >= t * (1 - CLOSE)).sum(axis=0), np.full(len(t), BATCH)
    for more in range(1, -(-comparisons // BATCH_FOR)):
        open_ = beyond < ENOUGH
        if not open_.any():
            break
        for part in _split(batch(SEED + more)):
            again = _t(*statistic((part.astype(np.float32) @ parts).astype(float)))
            beyond += np.where(open_, (again >= t * (1 - CLOSE)).sum(axis=0), 0)
        draws += np.where(open_, BATCH, 0)
    p = (beyond + 1) / (draws + 1)
    with np.errstate(invalid="ignore"):
        half = np.quantile(drawn, 0.95, axis=0, method="higher") * error
    none = ~np.isfinite(gap) | ~(error > 1e-9) | ~np.isfinite(half)  # 1e-9: of the spread of all clusters
    p, half, gap = np.where(none, np.nan, p), np.where(none, np.nan, half * spread), gap * spread
    return Tested(gap, gap - half, gap + half, p, *counts)


def _t(gap: np.ndarray, variance: np.ndarray) -> np.ndarray:
    """Return |difference| by its error; without a difference 0, without an error infinity."""
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.abs(gap) / np.sqrt(variance)
    return np.where(np.isnan(t), np.where(np.abs(gap) > 1e-9, np.inf, 0.0), t)


def _mean(sums: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return mean and variance, linearised, from the sums of 1, x, y, x², xy, y² of the clusters (draws in rows)."""
    n, x, y, xx, xy, yy = np.split(sums, 6, axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        r = x / y
        return r, np.maximum(xx - 2 * r * xy + r * r * yy, 0) * n / np.maximum(n - 1, 1) / (y * y)


def _split(batch: np.ndarray) -> list[np.ndarray]:
    return [batch[start : start + PART] for start in range(0, len(batch), PART)]


@lru_cache(maxsize=2)
def _labels(units: int, mine: int, seed: int) -> np.ndarray:
    """Return BATCH rows of units, so many of them mine, at random."""
    row = np.zeros(units, dtype=np.int8)
    row[:mine] = 1
    return np.random.default_rng(seed).permuted(np.tile(row, (BATCH, 1)), axis=1)


def _choices(start: np.ndarray, size: np.ndarray, seed: int) -> np.ndarray:
    """Return BATCH rows of cells, one of each event mine, at random; an event's cells begin at `start`."""
    chosen = start + np.floor(np.random.default_rng(seed).random((BATCH, len(size)), dtype=np.float32) * size).astype(
        int
    )
    rows = np.zeros((BATCH, int(size.sum())), dtype=np.int8)
    np.put_along_axis(rows, chosen, 1, axis=1)
    return rows
