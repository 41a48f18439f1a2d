"""Estimates for the whole collection from machine scores on all articles and human codes on a sample.

Prediction-powered inference with power tuning (Angelopoulos, Bates, Fannjiang, Jordan & Zrnic 2023, Science 382; PPI++,
Angelopoulos, Duchi & Zrnic 2023): mean of tuned scores of all articles + weighted mean of (code − tuned score) in the
sample. What is estimated is the mean that coders would have given this collection, so that only the sample varies: the
standard error is that of a stratified sample from a finite population (Cochran 1977, ch. 5 and 7).

The interval of a share of yes is Korn & Graubard's (1998), that of another mean is studentised by bootstrap, those of
differences come from the intervals of the two means (Zou & Donner 2008). What is rare has no number but a count.
"""

from __future__ import annotations

from dataclasses import dataclass
import math

import numpy as np

from presslab.measures.statistics import Z95, student_exact
from presslab.measures.statistics.counted import (
    at_most,
    clopper_pearson,
    effective_size,
    korn_graubard,
    low_if_given,
)
from presslab.measures.statistics.mover import mover_difference
from presslab.measures.statistics.skewed import studentised
from presslab.reporting.wording import percent

from . import CodingError
from .scored import HALF, Data, precision, tuning

LEAST = 10  # coded articles below which no interval is given
RARE = 5  # coded articles with the rarer answer below which there is a count and no share
CORRECTED, SAMPLE_ONLY, MACHINE = "corrected", "sample only", "machine only"
SMOOTH = 2.0  # made-up codes like those of the whole sample that each stratum gets for its variance


@dataclass(frozen=True)
class Estimate:
    """A number about a group of articles with its 95 % interval. `way` is CORRECTED, SAMPLE_ONLY or MACHINE; `coded` of
    `articles` were coded by hand; `note` says why there is no number. If all were coded, the number has no interval
    (NaN): nothing is estimated."""

    what: str
    way: str
    value: float
    low: float
    high: float
    coded: int
    articles: int
    note: str = ""

    @property
    def width(self) -> float:
        """Width of the interval."""
        return self.high - self.low

    @property
    def ends(self) -> tuple[float, float, float]:
        """Value, low and high; if all articles were coded these are the same."""
        certain = math.isnan(self.low) and self.coded == self.articles
        return (self.value, self.value, self.value) if certain else (self.value, self.low, self.high)


def mean(what: str, data: Data, trust: float | None = None) -> list[Estimate]:
    """Return the mean code of the collection three ways: corrected, from the sample alone, from the machine alone.

    `trust` is the λ to use, by default that of `tuning` on these data. If fewer than LEAST articles were coded, or
    fewer than RARE with a rare answer, there is no number but the machine's.
    """
    low, high = (0.0, 1.0) if data.binary else data.bounds
    machine = _naive(what, data.score, low, high)
    if refused := _refused(data):
        return [*_without(what, data, refused), machine]
    count, total = int(data.coded.sum()), len(data.score)
    if count == total:
        value = float(data.code.mean())
        known = [Estimate(what, way, value, math.nan, math.nan, count, total) for way in (CORRECTED, SAMPLE_ONLY)]
        return [*known, machine]
    trust = tuning(data) if trust is None else trust
    interval = _share if data.binary else _mean
    estimates = []
    for way, tuned in ((CORRECTED, trust), (SAMPLE_ONLY, 0.0)):
        value, low, high = interval(data, tuned, _value(data, np.ones(total), tuned))
        estimates.append(_estimate(what, way, data, _within(value, low, high, *data.limits)))
    return [*estimates, machine]


def slope(what: str, data: Data, time: np.ndarray, trust: float | None = None) -> list[Estimate]:
    """Return by how much the mean code rises with `time` (a number an article), by least squares over the whole
    collection."""
    deviation = time - time.mean()
    if not (deviation**2).sum():
        raise CodingError(f"{what}: all articles are of the same time; there is no trend to estimate")
    factor = deviation * len(time) / (deviation**2).sum()
    low, high = (0.0, 1.0) if data.binary else data.bounds
    steepest = (high - low) * float(np.abs(factor).mean()) / 2
    machine = _naive(what, factor * data.score, -steepest, steepest)
    if refused := _refused(data):
        return [*_without(what, data, refused), machine]
    count, total = int(data.coded.sum()), len(data.score)
    trust = tuning(data) if trust is None else trust
    estimates = []
    for way, tuned in ((CORRECTED, trust), (SAMPLE_ONLY, 0.0)):
        value = _value(data, factor, tuned)
        if count == total:
            estimates.append(Estimate(what, way, value, math.nan, math.nan, count, total))
            continue
        low, high = _studentised(data, *_slopes_rests(data, factor, tuned), value, fitted=bool(tuned))
        estimates.append(_estimate(what, way, data, _within(value, low, high, -steepest, steepest)))
    return [*estimates, machine]


def difference(what: str, one: list[Estimate], two: list[Estimate]) -> list[Estimate]:
    """Return the first group's mean less the second's, each way. The groups have no articles in common."""
    gaps = []
    for a, b in zip(one, two):
        counts = (a.coded + b.coded, a.articles + b.articles)
        if a.note or b.note:
            gaps.append(Estimate(what, a.way, math.nan, math.nan, math.nan, *counts, a.note or b.note))
            continue
        value, low, high = mover_difference(a.ends, b.ends)
        certain = low == high
        gaps.append(Estimate(what, a.way, value, *((math.nan, math.nan) if certain else (low, high)), *counts))
    return gaps


def _refused(data: Data) -> str:
    """Return why there is no number, or ""."""
    codes, total = data.code[data.coded], len(data.score)
    count = len(codes)
    if count < LEAST:
        return f"too few: {count} coded of {total}, at least {LEAST} are needed"
    if count == total:
        return ""
    if data.binary:
        yes, no = int((codes >= HALF).sum()), int((codes <= HALF).sum())
        if min(yes, no) >= RARE:
            return ""
        rare, answer = min((yes, "yes"), (no, "no"))
        weights = data.weight[data.coded]
        size = effective_size(list(weights)) / (1 - count / total)
        share = float(np.average(codes if answer == "yes" else 1 - codes, weights=weights))
        bound = max(at_most(share * size, size), (rare + 1) / total)
        return (
            f"too rare: {rare or 'none'} of {count} coded {answer}, at least {RARE} are needed; by the sample at most"
            f" {percent(bound)} of the articles"
        )
    values, counts = np.unique(codes, return_counts=True)
    others = count - int(counts.max())
    if others >= RARE:
        return ""
    common = f"{values[counts.argmax()]:.4g}"
    alike = f"all {count} codes are {common}" if not others else f"only {others} of {count} codes are not {common}"
    return f"too uniform: {alike}, at least {RARE} others are needed"


def _estimate(what: str, way: str, data: Data, ends: tuple[float, float, float]) -> Estimate:
    """Return the estimate with that value, low and high; without a number if they are the same."""
    counts = int(data.coded.sum()), len(data.score)
    if ends[2] - ends[1] > 1e-12:
        return Estimate(what, way, *ends, *counts)
    note = "too uniform: the scores say the codes of the sample exactly, so that nothing is left for an interval"
    if way == SAMPLE_ONLY:
        note = "too uniform: the codes are all the same in each stratum that was not coded as a whole"
    return Estimate(what, way, math.nan, math.nan, math.nan, *counts, note)


def _without(what: str, data: Data, note: str) -> list[Estimate]:
    count, total = int(data.coded.sum()), len(data.score)
    return [Estimate(what, way, math.nan, math.nan, math.nan, count, total, note) for way in (CORRECTED, SAMPLE_ONLY)]


def _value(data: Data, factor: np.ndarray, tuned: float) -> float:
    """Return the estimated mean of `factor` × code. `factor` is 1 for a mean, and sums to 0 for a slope."""
    from ppi_py import ppi_mean_pointestimate  # here: it brings numba, which takes seconds to load

    coded = data.coded
    codes, scores = factor * (data.code - _centre(data, factor, tuned)), factor * data.fair
    weight = data.weight[coded]
    return float(np.squeeze(ppi_mean_pointestimate(codes[coded], scores[coded], scores, lam=tuned, w=weight)))


def _centre(data: Data, factor: np.ndarray, tuned: float) -> float:
    """Return what a slope's codes are taken from: their mean, which a factor that sums to 0 over all articles but not
    over the sample would let in."""
    if abs(factor.sum()) >= 1e-6 * np.abs(factor).sum():
        return 0.0
    rest = data.code - tuned * data.fair
    return float(np.average(rest[data.coded], weights=data.weight[data.coded]))


def _variance(data: Data, rests: np.ndarray, lacks: np.ndarray | float = 0.0) -> tuple[float, float]:
    """Return variance of the weighted mean of `rests` (centred within cells), and its degrees of freedom (Satterthwaite
    1946). `lacks` is added to the variance within each cell."""
    within = np.array([(rests[coded] ** 2).sum() for _, coded in data.cells])
    free = np.array([len(coded) - 1 for _, coded in data.cells])
    parts = np.array([precision(data, *cell) for cell in data.cells]) * (within + lacks * free)
    total = float(parts.sum())
    return total, float(total**2 / (parts**2 / free).sum()) if total > 0 else float(free.sum())


def _share(data: Data, tuned: float, value: float) -> tuple[float, float, float]:
    """Return the share of yes with its interval. Samples with fewer than RARE yes or no have none: the ends allow
    for that."""
    count = int(data.coded.sum())
    unseen = _unseen(data)
    variance, freedom = _variance(data, data.rests(tuned), unseen)
    plain, _ = _variance(data, data.rests(0.0), unseen)
    value = min(max(value, data.limits[0]), data.limits[1])
    low, high = korn_graubard(value, math.sqrt(variance), count, max(freedom - bool(tuned), 1.0))
    share = float(np.average(data.code[data.coded], weights=data.weight[data.coded]))
    # the sample as a simple random one, no larger than it was: what is rare is counted there
    size = min(share * (1 - share) / plain, count) if 0 < share < 1 else count
    least = RARE * size / count
    plain_low, plain_high = clopper_pearson(share * size, size)
    # a machine that knows the codes is not misled by a sample with many yes: its interval gives way less
    give = min(1.0, variance / plain)
    low -= give * max(0.0, plain_low - low_if_given(share * size, size, least))
    high += give * max(0.0, 1 - plain_high - low_if_given((1 - share) * size, size, least))
    return value, *_allowing(data, tuned, low, high)


def _unseen(data: Data) -> np.ndarray:
    """Return for each cell what its variance lacks because few of it were coded: of a stratum with 0 yes in 3
    codes it is not known that there are none. SMOOTH codes of the sample's share are added to each for that."""
    codes = data.code[data.coded]
    overall = (codes.sum() + 1) / (len(codes) + 2)
    lacks = []
    for _, coded_members in data.cells:
        mine = data.code[coded_members]
        share = (mine.sum() + SMOOTH * overall) / (len(mine) + SMOOTH)
        lacks.append(max(0.0, share * (1 - share) - float(mine.var(ddof=1))))
    return np.array(lacks)


def _uneven(data: Data, rests: np.ndarray) -> np.ndarray:
    """Return for each cell what its variance lacks because few of it were coded: two codes that happen to be alike do
    not say that the cell's are. SMOOTH codes of the variance within all cells are added to each for that."""
    squares = np.array([(rests[coded] ** 2).sum() for _, coded in data.cells])
    free = np.array([len(coded) - 1 for _, coded in data.cells])
    varied = np.array([len(coded) < len(members) for members, coded in data.cells])
    overall = squares[varied].sum() / free[varied].sum()
    return np.maximum(0.0, (squares + SMOOTH * overall) / (free + SMOOTH) - squares / free)


def _mean(data: Data, tuned: float, value: float) -> tuple[float, float, float]:
    """Return a mean that is no share of yes, with its interval. How skewed codes are is taken from the whole sample,
    not from a group's few."""
    whole = data if data.whole is None else data.whole
    low, high = _studentised(data, data.rests(tuned), _overall(whole, tuned), value, fitted=bool(tuned))
    return value, *(_allowing(data, tuned, low, high) if low < high else (low, high))


def _allowing(data: Data, tuned: float, low: float, high: float) -> tuple[float, float]:
    """Return an interval that allows for codes no farther out than seen in articles with scores beyond those of coded
    articles: there the tuned scores only guess."""
    up, down = data.beyond if tuned > 0 else data.beyond[::-1]
    return low - abs(tuned) * up, high + abs(tuned) * down


def _overall(data: Data, tuned: float) -> np.ndarray:
    """Return what is left of the weighted codes of the sample, as deviations from the mean of the cell or, in cells too
    small to have a shape of their own, of the sample."""
    weight = data.weight[data.coded]
    if min(len(coded_members) for _, coded_members in data.cells) >= LEAST:
        return weight * data.rests(tuned)[data.coded]
    plain = (data.code - tuned * data.fair)[data.coded]
    return weight * (plain - np.average(plain, weights=weight))


def _slopes_rests(data: Data, factor: np.ndarray, tuned: float) -> tuple[np.ndarray, np.ndarray]:
    """Return what is left of factor × code, centred within cells, and the same of the coded articles alone, centred
    over all, for its shape."""
    z = factor * (data.code - _centre(data, factor, tuned) - tuned * data.fair)
    z = z / (1 - data.pull) if tuned else z
    rests = np.full(len(z), math.nan)
    for _, coded_members in data.cells:
        rests[coded_members] = z[coded_members] - z[coded_members].mean()
    weight = data.weight[data.coded]
    return rests, weight * (z[data.coded] - np.average(z[data.coded], weights=weight))


def _studentised(data: Data, rests: np.ndarray, shape: np.ndarray, value: float, fitted: bool) -> tuple[float, float]:
    """Return the interval by bootstrap-t, or that by Student's t on the side where it is the longer one."""
    count = int(data.coded.sum())
    variance, freedom = _variance(data, rests, _uneven(data, rests))
    if variance < 1e-24:
        return value, value
    student, error = student_exact(max(freedom - fitted, 1.0)), math.sqrt(variance)
    low, high = studentised(shape, count)
    fewer = student / student_exact(count - 1)  # strata leave fewer degrees of freedom than cases
    return value - max(student, high * fewer) * error, value + max(student, -low * fewer) * error


def _within(value: float, low: float, high: float, least: float, most: float) -> tuple[float, float, float]:
    """Return a number and its interval within what is possible."""
    value = min(max(value, least), most)
    return value, min(max(low, least), value), max(min(high, most), value)


def _naive(what: str, scores: np.ndarray, least: float, most: float) -> Estimate:
    """Return what is often given instead: the machine's mean with its interval, as if scores were codes."""
    value, count = float(scores.mean()), len(scores)
    error = float(scores.std(ddof=1)) / math.sqrt(count) if count > 1 else 0.0
    value, low, high = _within(value, value - Z95 * error, value + Z95 * error, least, most)
    # scores that are all the same have no spread, and those beyond the range of codes are outside all of it
    ends = (low, high) if high - low > 1e-12 else (math.nan, math.nan)
    return Estimate(what, MACHINE, value, *ends, 0, count)
