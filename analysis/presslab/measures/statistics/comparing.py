"""How often words occur in two texts; and corrections for many tests."""

from __future__ import annotations

import numpy as np


def holm(p: np.ndarray) -> np.ndarray:
    """Return p-values corrected for their number after Holm (1979): never smaller than before, at most 1, in the
    same order."""
    if not len(p):
        return np.zeros(0)
    order = np.argsort(p, kind="stable")
    steps = np.maximum.accumulate((len(p) - np.arange(len(p))) * np.asarray(p, dtype=float)[order])
    corrected = np.empty(len(p))
    corrected[order] = np.minimum(steps, 1.0)
    return corrected


def log_odds(counts: np.ndarray, others: np.ndarray, prior: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the log-odds-ratio of each word between two texts, and its z-score.

    `counts` and `others` are how often each word occurs in the two texts, `prior` the pseudo-counts that both get
    (above 0). Equations 16, 20 and 22 of Monroe, Colaresi & Quinn (2008), Fightin' words, Political Analysis 16(4);
    exchanging the two texts changes the sign and nothing else.
    """
    mine, theirs = counts + prior, others + prior
    difference = np.log(mine / (mine.sum() - mine)) - np.log(theirs / (theirs.sum() - theirs))
    return difference, difference / np.sqrt(1 / mine + 1 / theirs)


def informative_prior(counts: np.ndarray) -> np.ndarray:
    """Return pseudo-counts by word: its share of all articles' words (rows of `counts`), times the length of a mean
    article.

    The prior thus weighs as much as one article; it draws a word that is rare everywhere towards no difference.
    """
    total = counts.sum(axis=0)
    return total / total.sum() * counts.sum() / len(counts)
