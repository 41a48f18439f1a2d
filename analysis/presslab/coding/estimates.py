"""Estimates for the whole collection from machine scores on all articles and human codes on a sample.

Prediction-powered inference with power tuning (Angelopoulos, Bates, Fannjiang, Jordan & Zrnic 2023, Science 382; PPI++,
Angelopoulos, Duchi & Zrnic 2023): mean of tuned scores of all articles + weighted mean of (code − tuned score) in the
sample. What is estimated is the mean that coders would have given this collection, so that only the sample varies: the
interval is that of a stratified sample from a finite population (Cochran 1977, ch. 5 and 7), with t quantiles.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
import math

import numpy as np
import pandas as pd

from presslab.measures.statistics import Z95, student_exact

from . import CodingError

LEAST = 10  # coded articles below which no interval is given
CORRECTED, SAMPLE_ONLY, MACHINE = "corrected", "sample only", "machine only"


@dataclass(frozen=True)
class Estimate:
    """A number about a group of articles with its 95 % interval. `way` is CORRECTED, SAMPLE_ONLY or MACHINE; `coded` of
    `articles` were coded by hand; `note` says why there is no number."""

    what: str
    way: str
    value: float
    low: float
    high: float
    coded: int
    articles: int
    note: str = ""
    error: float = math.nan  # standard error
    freedom: float = 0  # degrees of freedom of it

    @property
    def width(self) -> float:
        """Width of the interval."""
        return self.high - self.low


@dataclass(frozen=True, eq=False)
class Data:
    """One row per article of the collection: `score` by machine, `code` by people (NaN if not coded), `stratum` it
    was drawn from, `chance` with which an article of that stratum was drawn."""

    score: np.ndarray
    code: np.ndarray
    stratum: np.ndarray
    chance: np.ndarray

    @property
    def coded(self) -> np.ndarray:
        """Which articles were coded."""
        return ~np.isnan(self.code)

    @cached_property
    def cells(self) -> list[tuple[np.ndarray, np.ndarray]]:
        """The places of articles that were drawn alike, and of the coded ones among them, two at least: strata, joined
        with the next one (of the same chance, as far as that goes) if fewer were coded."""
        frame = pd.DataFrame({"stratum": self.stratum, "chance": self.chance})
        groups: list[tuple[np.ndarray, np.ndarray]] = []
        waiting = np.array([], int)
        for _, places in sorted(frame.groupby(["chance", "stratum"]).indices.items()):
            waiting = np.concatenate([waiting, places])
            if (coded_members := waiting[self.coded[waiting]]).size >= 2:
                groups.append((waiting, coded_members))
                waiting = np.array([], int)
        if waiting.size and groups:
            members = np.concatenate([groups[-1][0], waiting])
            groups[-1] = (members, members[self.coded[members]])
        return groups

    def part(self, chosen: np.ndarray) -> Data:
        """Return some of the articles."""
        return Data(self.score[chosen], self.code[chosen], self.stratum[chosen], self.chance[chosen])


def tuning(data: Data) -> float:
    """Return how much the machine's scores are trusted: the λ of PPI++ for a stratified sample, which makes the
    interval shortest.

    0 ignores the machine, 1 takes its scores at their face value; for scores on another scale than the codes it is
    the slope of the codes on the scores within strata.
    """
    both = spread = 0.0
    for members, coded_members in data.cells:
        score, code = data.score[coded_members], data.code[coded_members]
        if len(coded_members) < 2:
            continue
        weight = (len(members) / len(data.score)) ** 2 * (1 - len(coded_members) / len(members)) / len(coded_members)
        both += weight * np.cov(score, code)[0, 1]
        spread += weight * score.var(ddof=1)
    return both / spread if spread > 1e-12 else 0.0


def mean(what: str, data: Data, trust: float | None = None) -> list[Estimate]:
    """Return the mean code of the collection three ways: corrected, from the sample alone, from the machine alone.

    `trust` is the λ to use, by default that of `tuning` on these data. If fewer than LEAST articles were coded
    there is no number but the machine's.
    """
    ones = np.ones(len(data.score))
    return _three(what, data, ones, tuning(data) if trust is None else trust)


def slope(what: str, data: Data, time: np.ndarray, trust: float | None = None) -> list[Estimate]:
    """Return by how much the mean code rises with `time` (a number an article), by least squares over the whole
    collection."""
    deviation = time - time.mean()
    if not (deviation**2).sum():
        raise CodingError(f"{what}: all articles are of the same time; there is no trend to estimate")
    return _three(what, data, deviation * len(time) / (deviation**2).sum(), tuning(data) if trust is None else trust)


def difference(what: str, one: list[Estimate], two: list[Estimate]) -> list[Estimate]:
    """Return the first group's mean less the second's, each way. The groups have no articles in common; Welch's
    degrees of freedom."""
    gaps = []
    for a, b in zip(one, two):
        value, counts = a.value - b.value, (a.coded + b.coded, a.articles + b.articles)
        if a.note or b.note:
            gaps.append(Estimate(what, a.way, math.nan, math.nan, math.nan, *counts, a.note or b.note))
            continue
        variances = a.error**2, b.error**2
        total = sum(variances)
        # one article has no variance
        terms = sum(v**2 / e.freedom if e.freedom else math.nan for v, e in zip(variances, (a, b)))
        freedom = total**2 / terms if terms else math.inf
        half = student_exact(freedom) * math.sqrt(total) if total else 0.0
        gaps.append(Estimate(what, a.way, value, value - half, value + half, *counts, "", math.sqrt(total), freedom))
    return gaps


def _three(what: str, data: Data, factor: np.ndarray, trust: float) -> list[Estimate]:
    """Return the mean of `factor` × code, three ways. `factor` is 1 for a mean, and sums to 0 for a slope."""
    count, total = int(data.coded.sum()), len(data.score)
    machine = _naive(what, factor * data.score)
    if count < LEAST:
        note = f"too few: {count} coded of {total}, at least {LEAST} are needed"
        return [
            Estimate(what, way, math.nan, math.nan, math.nan, count, total, note) for way in (CORRECTED, SAMPLE_ONLY)
        ] + [machine]
    estimates = []
    for way, tuned in ((CORRECTED, trust), (SAMPLE_ONLY, 0.0)):
        value, error, freedom = _estimated(data, factor, tuned, fitted=way == CORRECTED)
        half = student_exact(freedom) * error
        estimates.append(Estimate(what, way, value, value - half, value + half, count, total, "", error, freedom))
    return [*estimates, machine]


def _estimated(data: Data, factor: np.ndarray, tuned: float, fitted: bool) -> tuple[float, float, int]:
    """Return value, standard error and degrees of freedom."""
    from ppi_py import ppi_mean_pointestimate  # here: it brings numba, which takes seconds to load

    coded = data.coded
    weight = _weights(data)
    rest = data.code - tuned * data.score
    centre = np.average(rest[coded], weights=weight[coded]) if abs(factor.sum()) < 1e-6 * np.abs(factor).sum() else 0.0
    z, f = factor * (data.code - centre), factor * data.score
    value = float(np.squeeze(ppi_mean_pointestimate(z[coded], f[coded], f, lam=tuned, w=weight[coded])))
    variance, freedom = 0.0, -1 if fitted and tuned else 0
    for members, coded_members in data.cells:
        residuals = (z - tuned * f)[coded_members]
        part, share = len(members) / len(data.score), len(coded_members) / len(members)
        variance += part**2 * (1 - share) * residuals.var(ddof=1) / len(coded_members)
        freedom += len(coded_members) - 1
    return value, math.sqrt(variance), max(freedom, 1)


def _weights(data: Data) -> np.ndarray:
    """Return for each article how many articles stand behind it: those of its cell ÷ the coded ones of its cell."""
    weight = np.zeros(len(data.score))
    for members, coded_members in data.cells:
        weight[members] = len(members) / len(coded_members)
    return weight


def _naive(what: str, scores: np.ndarray) -> Estimate:
    """Return what is often given instead: the machine's mean with its interval, as if scores were codes."""
    value, count = float(scores.mean()), len(scores)
    error = float(scores.std(ddof=1)) / math.sqrt(count) if count > 1 else math.nan
    return Estimate(what, MACHINE, value, value - Z95 * error, value + Z95 * error, 0, count, "", error, count - 1)
