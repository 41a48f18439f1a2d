"""Whether coded articles are like the others of a run: by their everyday words, and by a measure's values.

A sample drawn at random is; one that was coded in part, or whose run has grown since, may not be, and what was learned
from it then holds for the others less.
"""

from __future__ import annotations

import math

import numpy as np

from presslab.measures import topic
from presslab.measures.statistics.agreement import roc_area, roc_interval
from presslab.measures.statistics.counted import effective_size

FEWEST = 20  # articles on each side
MOST = 1000  # articles on each side whose words are looked at
FOLDS = 5
# area from which coded articles are called unlike the rest. Random halves of 342 articles on climate are at .41 to .57,
# the earlier against the later half at .76, outlets of one leaning against others at .81 (where one of five frames was
# calibrated 13 points too high in a trial), climate against politics at .98
APART = 0.65
VALUES_APART = 0.15  # largest distance of two cumulated distributions, if beyond chance


def told_apart(coded: list[str], others: list[str]) -> tuple[float, float, float]:
    """Return how well everyday words tell coded articles from others, as an area under the ROC curve (.5: not at all)
    with its 95 % interval; NaN if there are fewer than FEWEST texts on a side.

    Each text is compared with the mean profiles of both sides (nearest centroid), which were made without its fold: a
    classifier two-sample test (Lopez-Paz & Oquab 2017, ICLR).
    """
    sides = [_some(coded), _some(others)]
    if min(map(len, sides)) < FEWEST:
        return math.nan, math.nan, math.nan
    known = topic.profiles()
    profiles = np.array([topic.profile(text, known.place, known.rarity) for side in sides for text in side])
    mine = np.arange(len(profiles)) < len(sides[0])
    fold = np.concatenate([np.arange(len(side)) % FOLDS for side in sides])
    margin = np.empty(len(profiles))
    for number in range(FOLDS):
        out = fold == number
        one, other = (topic.unit(profiles[side & ~out].mean(axis=0)) for side in (mine, ~mine))
        margin[out] = profiles[out] @ (one - other)
    area = roc_area(mine, margin)
    return area, *roc_interval(area, len(sides[0]), len(sides[1]))


def _some(texts: list[str]) -> list[str]:
    """Return at most MOST of the texts, by a fixed seed, in mixed order."""
    order = np.random.default_rng(1).permutation(len(texts))[:MOST]
    return [texts[place] for place in order]


def distance(coded: np.ndarray, weight: np.ndarray, run: np.ndarray) -> tuple[float, float]:
    """Return the largest distance (0–1, Kolmogorov & Smirnov) between the cumulated distributions of a measure's values
    in coded articles, weighted, and in the run; and the one that chance alone exceeds in 5 % of samples."""
    points = np.unique(np.concatenate([coded, run]))
    order = np.argsort(coded, kind="stable")
    reached = np.concatenate([[0.0], np.cumsum(weight[order])]) / weight.sum()
    mine = reached[np.searchsorted(coded[order], points, "right")]
    theirs = np.searchsorted(np.sort(run), points, "right") / len(run)
    by_chance = 1.358 * math.sqrt(1 / effective_size(list(weight)) + 1 / len(run))
    return float(np.abs(mine - theirs).max()), by_chance
