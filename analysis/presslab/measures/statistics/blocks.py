"""Intervals of numbers of one text, whose sentences are no independent cases: neighbours are alike, as is all that one
source says. What is drawn, or left out, is therefore a stretch of text or a source."""

from __future__ import annotations

from collections.abc import Callable
import math

import numpy as np

from .quantiles import student
from .shares import cases_worth, wilson

SENTENCES = 5  # of a block, at least: with fewer, halves of articles have too short intervals (validation/intervals.py)
LONG = 10  # sentences: a text without paragraphs is no single block
FEWEST_CLUSTERS = 3  # stretches or sources: as few have an interval, and a wide one
NONE = math.nan, math.nan
Ends = tuple[float, float]


def blocks(paragraphs: np.ndarray) -> np.ndarray:
    """Return the number of the block of each sentence, given its paragraph, in the order of the text: neighbouring
    paragraphs with SENTENCES or more sentences together, longer ones than LONG cut; what is left at the end belongs to
    the last block."""
    numbers = np.zeros(len(paragraphs), dtype=int)
    block = count = inside = 0  # sentences of the block, and of its last paragraph
    for i in range(1, len(paragraphs)):
        same = paragraphs[i] == paragraphs[i - 1]
        count, inside = count + 1, inside + 1
        if count >= SENTENCES and (not same or inside >= LONG):
            block, count, inside = block + 1, 0, 0
        elif not same:
            inside = 0
        numbers[i] = block
    if block and count + 1 < SENTENCES:
        numbers[numbers == block] = block - 1
    return numbers


def jackknife(
    parts: np.ndarray, statistic: Callable[[np.ndarray], np.ndarray], least: float = -math.inf, most: float = math.inf
) -> Ends:
    """Return the 95 % interval of a statistic by leaving out one block after the other (Tukey 1958; Künsch 1989), with
    Student's quantile.

    `parts` has one row per block and one column per count; `statistic` takes summed counts (rows) and returns one
    value a row; `least` and `most` are its range. NaN for fewer than FEWEST_CLUSTERS blocks, if nothing varies, and if
    the interval would be all of the range.
    """
    parts = np.asarray(parts, dtype=float)
    count = len(parts)
    if count < FEWEST_CLUSTERS:
        return NONE
    total = parts.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = float(statistic(total[None])[0])
        left = np.asarray(statistic(total[None] - parts), dtype=float)
    error = math.sqrt((count - 1) / count * float(((left - left.mean()) ** 2).sum()))
    if not error > 1e-12 or not math.isfinite(value):
        return NONE
    half = student(count - 1) * error
    if value - half <= least and value + half >= most:
        return NONE  # all that it can be
    return max(least, value - half), min(most, value + half)


def cluster_share(cases: np.ndarray, of: np.ndarray) -> Ends:
    """Return the 95 % interval of a share, given both counts by cluster: of words by block, of attributions by source.

    Wilson's (1927) with the number of cases that the clusters are worth (Rao & Scott 1992) and Student's quantile; at 0
    and 1 the rule of three on clusters (Hanley & Lippman-Hand 1983). NaN for fewer than FEWEST_CLUSTERS.
    """
    inside = of > 0
    cases, of = cases[inside].astype(float), of[inside].astype(float)
    if len(of) < FEWEST_CLUSTERS:
        return NONE
    share = float(cases.sum() / of.sum())
    worth = cases_worth(cases, of)
    if not 0 < share < 1 or not worth:
        return _at_the_end(share, len(of))
    return wilson(float(share * worth), worth, student(len(of) - 1))


def _at_the_end(share: float, units: int) -> Ends:
    most = min(3 / units, 1.0)
    return (share, min(share + most, 1.0)) if share < 0.5 else (max(share - most, 0.0), share)
