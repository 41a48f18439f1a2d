"""Made-up studies in which the truth is known: collections, machines, samples, and coders who err."""

from __future__ import annotations

from dataclasses import dataclass
import math

import numpy as np

from presslab.coding.coder_error import WITHOUT_ERROR, CoderError, from_pairs, stated, without_error
from presslab.coding.estimates import CORRECTED, MACHINE, SAMPLE_ONLY, Estimate, difference, mean, slope
from presslab.coding.sample import allotted
from presslab.coding.scored import Data, tuning

BIAS, CORRELATION, MONTHS = 0.1, 0.8, 12
WAYS = {
    CORRECTED: "corrected",
    SAMPLE_ONLY: "sample_only",
    MACHINE: "machine_only",
    WITHOUT_ERROR[CORRECTED]: "without_error",
}
YES_NO, SHARES, COUNTS = "yes or no", "share of words", "count"
EVEN, INFORMATIVE, SMALL = "alike", "unlike", "unlike, small ones drawn more"


USUAL, USELESS, CLOSE, COARSE, EXTREME = "usual", "useless", "close", "coarse", "extreme"
MACHINES = (USUAL, USELESS, CLOSE, COARSE, EXTREME)


@dataclass(frozen=True)
class Design:
    """A kind of study. `level` is the share of yes, or how skewed shares are (σ of the logarithm); `strata` says
    whether outlets, which are the strata, have the same codes and were drawn alike; `error` is the share of codes
    that are wrong, `twice` the articles coded twice from which it is estimated (0: it is stated); `machine` is one of
    MACHINES."""

    codes: str
    level: float
    outlets: int
    strata: str = EVEN
    articles: int = 3000
    drawn: int = 60
    error: float = 0.0
    twice: int = 0
    machine: str = USUAL


DESIGNS = (
    *(Design(YES_NO, p, outlets, strata) for p in (0.02, 0.05, 0.1, 0.25, 0.5)
      for outlets, strata in ((1, EVEN), (3, EVEN), (3, INFORMATIVE), (10, EVEN), (10, INFORMATIVE), (10, SMALL))),
    *(Design(YES_NO, p, 10, INFORMATIVE, drawn=200) for p in (0.05, 0.1, 0.25, 0.5)),
    *(Design(YES_NO, p, 3, INFORMATIVE, drawn=200) for p in (0.05, 0.1, 0.25, 0.5)),
    *(Design(YES_NO, p, 2, INFORMATIVE, articles=150) for p in (0.05, 0.1, 0.25, 0.5)),
    *(Design(SHARES, sigma, outlets, strata) for sigma in (0.5, 1.0, 1.3)
      for outlets, strata in ((1, EVEN), (3, INFORMATIVE), (10, INFORMATIVE), (10, SMALL))),
    *(Design(SHARES, sigma, 10, INFORMATIVE, drawn=200) for sigma in (0.5, 1.0, 1.3)),
    Design(SHARES, 1.0, 2, INFORMATIVE, articles=150),
    Design(SHARES, 1.0, 2, INFORMATIVE, drawn=25),
    *(Design(COUNTS, 1.0, outlets, INFORMATIVE) for outlets in (1, 3, 10)),
    *(Design(YES_NO, p, outlets, INFORMATIVE, error=error, twice=twice) for p in (0.02, 0.05, 0.1, 0.25, 0.5)
      for outlets in (1, 3) for error, twice in ((0.05, 40), (0.1, 0), (0.1, 40))),
    *(Design(named, level, 3, INFORMATIVE, machine=machine)
      for named, level in ((YES_NO, 0.1), (YES_NO, 0.5), (SHARES, 1.0)) for machine in MACHINES[1:]),
)  # fmt: skip


def codes(random: np.random.Generator, design: Design, outlet: np.ndarray, month: np.ndarray) -> np.ndarray:
    """Return the codes that faultless coders would give the articles."""
    spread = np.linspace(0.25, -0.25, design.outlets) if design.strata == EVEN else np.linspace(1, -0.7, design.outlets)
    place = (spread - spread.mean())[outlet] + 0.02 * (month - (MONTHS - 1) / 2)
    if design.codes == YES_NO:
        chance = design.level * np.exp(place)
        chance *= design.level / chance.mean()
        return (random.random(len(outlet)) < np.minimum(chance, 0.97)).astype(float)
    if design.codes == COUNTS:
        return random.negative_binomial(2, 1 / (1 + 1.6 * np.exp(place / 2))).astype(float)
    return np.minimum(0.08 * np.exp(place / 2 + random.normal(0, design.level, len(outlet))), 1.0)


def scored(
    random: np.random.Generator, code: np.ndarray, outlet: np.ndarray, month: np.ndarray, machine: str
) -> np.ndarray:
    """Return the scores of a machine: noise (USELESS), CLOSE to the codes, in steps (COARSE), or some far too high
    (EXTREME).

    USUAL ones correlate with the codes by CORRELATION and are too high by BIAS, more so for the first outlet and for
    later months, as a machine is that was made for other texts; on a scale beyond 1 by that part of a standard
    deviation.
    """
    if machine == USELESS:
        return random.random(len(code))
    if machine == CLOSE:
        return code + random.normal(0, 0.25 * code.std(), len(code))
    if machine == COARSE:
        return np.round(np.clip(code + random.normal(0, 0.6 * code.std(), len(code)), 0, 1) * 4) / 4
    if machine == EXTREME:
        return code * random.lognormal(0, 1, len(code)) + 0.02 * random.lognormal(0, 1.5, len(code))
    noise = random.normal(0, code.std() * math.sqrt(1 / CORRELATION**2 - 1), len(code))
    uneven = np.where(outlet == 0, 1.5, 0.5) + 0.08 * (month - (MONTHS - 1) / 2)
    return code + noise + BIAS * uneven * max(1.0, code.std())


def shared_out(sizes: dict[str, int], design: Design) -> dict[str, int]:
    """Return how many articles are drawn from each outlet: as `presslab sample` does, or as many of each."""
    if design.strata != SMALL:
        return allotted(sizes, design.drawn)
    each = design.drawn // len(sizes)
    return {name: min(each, size) for name, size in sizes.items()}


def study(random: np.random.Generator, design: Design) -> list[tuple[str, float, list[Estimate]]]:
    """Return one study of a new collection: for each target its name, the true value and the estimates."""
    sizes = np.linspace(3, 1, design.outlets) if design.outlets > 1 else np.ones(1)
    outlet = random.choice(design.outlets, design.articles, p=sizes / sizes.sum())
    month = random.integers(MONTHS, size=design.articles)
    truth = codes(random, design, outlet, month)
    score = scored(random, truth, outlet, month, design.machine)
    wrong = random.random(design.articles) < design.error
    given = np.where(wrong, 1 - truth, truth)
    names = np.array([f"{o:02}" for o in range(design.outlets)])[outlet]
    counts = {str(name): int(size) for name, size in zip(*np.unique(names, return_counts=True))}
    share = shared_out(counts, design)
    known, chance = np.full(design.articles, math.nan), np.zeros(design.articles)
    for name, size in counts.items():
        places = np.flatnonzero(names == name)
        chance[places] = share[name] / size
        chosen = random.choice(places, share[name], replace=False)
        known[chosen] = given[chosen]
    bounds = {YES_NO: (0.0, 1.0), SHARES: (0.0, 1.0), COUNTS: (0.0, math.inf)}[design.codes]
    data = Data(score, known, names, chance, bounds, design.codes == YES_NO)
    trust = tuning(data)
    error = coder_error(random, design) if design.error else None

    def target(name: str, true: float, estimates: list[Estimate], gap: bool) -> tuple[str, float, list[Estimate]]:
        if error is not None:
            ends = (-math.inf if name == "trend" else -1.0, math.inf if name == "trend" else 1.0) if gap else (0.0, 1.0)
            estimates = [*estimates, without_error(estimates[0], error, gap, ends)]
        return name, true, estimates

    centred = month - month.mean()
    found = [target("mean", truth.mean(), mean("mean", data, trust), False)]
    if design.outlets > 1:
        ends = (0, design.outlets - 1)
        parts = [mean(f"outlet {o}", data.part(outlet == o), trust) for o in ends]
        true = [float(truth[outlet == o].mean()) for o in ends]
        found += [target("outlet", t, part, False) for t, part in zip(true, parts)]
        found.append(target("difference", true[0] - true[1], difference("difference", *parts), True))
    rise = float((centred * truth).sum() / (centred**2).sum())
    found.append(target("trend", rise, slope("trend", data, month.astype(float), trust), True))
    return found


def coder_error(random: np.random.Generator, design: Design) -> CoderError:
    """Return the coder error as people know it: stated, or from articles coded twice."""
    if not design.twice:
        return stated(design.error)
    wrong = random.random((2, design.twice)) < design.error
    return from_pairs(float((wrong[0] != wrong[1]).mean()), design.twice)


def simulated(number: int, studies: int, seed: int) -> dict:
    """Return refusals, coverage and width of each way by target, over many studies of a design."""
    design = DESIGNS[number]
    kept: dict[str, dict[str, list[tuple[float, ...]]]] = {}
    random = np.random.default_rng([seed, number])
    for _ in range(studies):
        for name, truth, estimates in study(random, design):
            limits = (0.0, 1.0) if name in ("mean", "outlet") and design.codes != COUNTS else (-math.inf, math.inf)
            for e in estimates:
                kept.setdefault(name, {}).setdefault(WAYS[e.way], []).append(_checked(e, truth, limits))
    return {name: {way: _summary(np.array(rows)) for way, rows in ways.items()} for name, ways in kept.items()}


def _checked(e: Estimate, truth: float, limits: tuple[float, float]) -> tuple[float, ...]:
    """Return of an estimate: was there a number, did it hold the truth, width, no width, outside its range."""
    if math.isnan(e.low):
        return 0.0, math.nan, math.nan, 0.0, 0.0
    outside = e.low < limits[0] or e.high > limits[1] or not e.low <= e.value <= e.high
    return 1.0, float(e.low <= truth <= e.high), e.width, float(e.width <= 0), float(outside)


def _summary(rows: np.ndarray) -> dict:
    """Return the share of studies without a number, and of those with one the share of intervals that held the truth
    and their mean width; and how many had no width or left the range."""
    there = rows[rows[:, 0] == 1]
    return {
        "refused": round(1 - len(there) / len(rows), 4),
        "coverage": round(float(there[:, 1].mean()), 4) if len(there) else None,
        "width": round(float(there[:, 2].mean()), 5) if len(there) else None,
        "no_width": int(there[:, 3].sum()),
        "outside": int(there[:, 4].sum()),
    }
