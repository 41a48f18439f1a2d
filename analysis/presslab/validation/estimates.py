"""Simulated studies: do the intervals of `estimates` hold the truth as often as they say? `python -m
presslab.validation.estimates [FIGURES.md README.md [--saved]]`.

Writes data/validation/coding.json, the tables of FIGURES.md and the sentence of README.md; with --saved only the texts,
from the saved figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
import math
import os
from pathlib import Path
import sys

import numpy as np
import pandas as pd

from presslab.coding.coder_error import WITHOUT_ERROR, CoderError, from_pairs, stated, without_error
from presslab.coding.estimates import CORRECTED, MACHINE, SAMPLE_ONLY, Data, Estimate, difference, mean, slope, tuning
from presslab.coding.sample import allotted
from presslab.measures.validity import ValidationError, figures, save
from presslab.system.parallel import Trouble, in_parallel

MARKS = "<!-- coverage -->", "<!-- /coverage -->"
STUDIES, BIAS, CORRELATION, MONTHS = 1000, 0.1, 0.8, 12
LIKELY = 0.05  # share of studies with a number below which a design counts as refused
WAYS = {
    CORRECTED: "corrected",
    SAMPLE_ONLY: "sample_only",
    MACHINE: "machine_only",
    WITHOUT_ERROR[CORRECTED]: "without_error",
}
YES_NO, SHARES, COUNTS = "yes or no", "share of words", "count"
EVEN, INFORMATIVE, SMALL = "alike", "unlike", "unlike, small ones drawn more"


@dataclass(frozen=True)
class Design:
    """A kind of study. `level` is the share of yes, or how skewed shares are (σ of the logarithm); `strata` says
    whether outlets, which are the strata, have the same codes and were drawn alike; `error` is the share of codes
    that are wrong, `twice` the articles coded twice from which it is estimated (0: it is stated)."""

    codes: str
    level: float
    outlets: int
    strata: str = EVEN
    articles: int = 3000
    drawn: int = 60
    error: float = 0.0
    twice: int = 0


DESIGNS = (
    *(Design(YES_NO, p, outlets, strata) for p in (0.02, 0.05, 0.1, 0.25, 0.5)
      for outlets, strata in ((1, EVEN), (3, EVEN), (3, INFORMATIVE), (10, EVEN), (10, INFORMATIVE), (10, SMALL))),
    *(Design(YES_NO, p, 10, INFORMATIVE, drawn=200) for p in (0.05, 0.1, 0.25, 0.5)),
    *(Design(YES_NO, p, 2, INFORMATIVE, articles=150) for p in (0.05, 0.1, 0.25, 0.5)),
    *(Design(SHARES, sigma, outlets, strata) for sigma in (0.5, 1.0, 1.3)
      for outlets, strata in ((1, EVEN), (3, INFORMATIVE), (10, INFORMATIVE), (10, SMALL))),
    *(Design(SHARES, sigma, 10, INFORMATIVE, drawn=200) for sigma in (0.5, 1.0, 1.3)),
    *(Design(SHARES, 1.0, 2, INFORMATIVE, articles=articles, drawn=drawn) for articles, drawn in ((150, 60), (3000, 25))),
    *(Design(COUNTS, 1.0, outlets, INFORMATIVE) for outlets in (1, 3, 10)),
    *(Design(YES_NO, p, outlets, INFORMATIVE, error=error, twice=twice) for p in (0.02, 0.05, 0.1, 0.25, 0.5)
      for outlets in (1, 3) for error in (0.05, 0.1) for twice in (0, 40)),
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


def scored(random: np.random.Generator, code: np.ndarray, outlet: np.ndarray, month: np.ndarray) -> np.ndarray:
    """Return the scores of a machine that correlate with the codes by CORRELATION and are too high by BIAS: more so
    for the first outlet and for later months, as a machine is that was made for other texts. On a scale that goes
    beyond 1 the bias is that part of a standard deviation."""
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
    score = scored(random, truth, outlet, month)
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
    design, kept = DESIGNS[number], {}
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


def simulate(studies: int = STUDIES, seed: int = 1, numbers: Sequence[int] = range(len(DESIGNS))) -> dict:
    """Return the results of all designs, and of all of them the lowest and the highest coverage of the estimates that
    are recommended (corrected; if coders err, without their error), with the intervals that had no width or left the
    range. Raises ValidationError if a design failed."""
    from presslab.validation.estimates import simulated as task  # by its name, which workers can load

    found = []
    jobs = os.cpu_count() or 1
    for (number, *_), result in in_parallel(task, [(number, studies, seed) for number in numbers], jobs):
        if isinstance(result, Trouble):
            raise ValidationError(f"{DESIGNS[number]}: {result.traceback or result.reason}")
        found.append(asdict(DESIGNS[number]) | {"targets": result})
    kept = [way for design in found for way in _recommended(design) if way["refused"] <= 1 - LIKELY]
    every = [way for design in found for ways in design["targets"].values() for way in ways.values()]
    return {
        "studies": studies,
        "bias": BIAS,
        "correlation": CORRELATION,
        "designs_count": len(found),
        "compared": len(kept),
        "lowest_coverage": min(way["coverage"] for way in kept),
        "highest_coverage": max(way["coverage"] for way in kept),
        "no_width": sum(way["no_width"] for way in every),
        "outside": sum(way["outside"] for way in every),
        "designs": found,
    }


def _recommended(design: dict) -> list[dict]:
    """Return the results of the way that readers are to use, by target."""
    return [ways["without_error" if design["error"] else "corrected"] for ways in design["targets"].values()]


def saved() -> pd.DataFrame:
    """Return the saved result, one row per design and target: how often there was a number, how often the interval of
    each way held the truth, and the width of the corrected interval as a share of that from the sample alone."""
    rows = []
    for design in figures("coding")["designs"]:
        about = {name: design[name] for name in ("codes", "level", "outlets", "strata", "articles", "drawn", "error")}
        for target, ways in design["targets"].items():
            first, sample = ways["corrected"], ways["sample_only"]
            ratio = first["width"] / sample["width"] if first["width"] and sample["width"] else math.nan
            coverage = {way: ways[way]["coverage"] if way in ways else math.nan for way in WAYS.values()}
            rows.append(about | {"estimate of": target, "refused": first["refused"]} | coverage | {"width": ratio})
    return pd.DataFrame(rows)


def sentence() -> str:
    """Return the line of README.md, from the saved result."""
    told = figures("coding")
    width = "none had width 0" if not told["no_width"] else f"{told['no_width']} had width 0"
    return (
        f"In {told['studies']:,} simulated studies of each of {told['designs_count']} designs (2 to 50 % yes, skewed"
        f" shares, one to ten outlets, strata unlike each other, 0 to 10 % coder error), {told['lowest_coverage']:.1%} to"
        f" {told['highest_coverage']:.1%} of the 95 % intervals held the true value, {width}; what was too rare to say"
        " had no number ([FIGURES.md](FIGURES.md))."
    )


def summary() -> str:
    """Return the tables of FIGURES.md, in Markdown, from the saved result."""
    told = figures("coding")
    designs = told["designs"]
    plain = [d for d in designs if d["codes"] == YES_NO and not d["error"]]
    others = [d for d in designs if d["codes"] != YES_NO]
    wrong = [d for d in designs if d["error"]]
    head = " | mean | width, and from the sample alone | outlet | difference of two outlets | trend |"
    lines = [
        (
            f"{told['studies']:,} studies of each design. Scores correlate {told['correlation']} with the codes and are"
            f" {told['bias']} too high on average, unevenly over outlets and"
        ),
        (
            "months. Outlets are the strata: *alike* or *unlike* in their codes, drawn in proportion or the small ones"
            " more. A cell has the share of 95 %"
        ),
        (
            "intervals that held the true value, corrected by the codes, and how many studies had no number because too"
            f" little was coded; *refused*: more than {1 - LIKELY:.0%}."
        ),
        f"Intervals of width 0: {told['no_width']}; outside the range of their number: {told['outside']}.",
        "",
        f"| yes or no: share of yes | outlets | coded{head}",
        "|---|---|---|---|---|---|---|---|",
        *(_row(f"{d['level']:.0%}", d, "corrected") for d in plain),
        "",
        f"| other codes | outlets | coded{head}",
        "|---|---|---|---|---|---|---|---|",
        *(_row(d["codes"] + (f", σ {d['level']}" if d["codes"] == SHARES else ""), d, "corrected") for d in others),
        "",
        (
            "σ is that of the logarithm of shares. With coder error, the truth is what faultless coders would have"
            " found; the error is stated, or computed from 40"
        ),
        "articles coded twice. *As coded* is the interval of the mean that takes the codes as right.",
        "",
        "| share of yes, coder error | outlets | mean as coded | mean without coder error | width | outlet | difference"
        " of two outlets | trend |",
        "|---|---|---|---|---|---|---|---|",
        *(_error_row(d) for d in wrong),
    ]
    return "\n".join(lines)


def _row(name: str, design: dict, way: str) -> str:
    targets = design["targets"]
    first, sample = targets["mean"][way], targets["mean"]["sample_only"]
    width = f"{first['width']:.3f}, {sample['width']:.3f}" if _there(first) else "–"
    cells = [name, _outlets(design), f"{design['drawn']} of {design['articles']:,}", _cell(first), width]
    return f"| {' | '.join([*cells, *_cells(targets, way)])} |"


def _error_row(design: dict) -> str:
    targets, way = design["targets"], "without_error"
    name = f"{design['level']:.0%}, {design['error']:.0%} {'from codes' if design['twice'] else 'stated'}"
    first = targets["mean"][way]
    width = f"{first['width']:.3f}" if _there(first) else "–"
    cells = [name, str(design["outlets"]), _cell(targets["mean"]["corrected"]), _cell(first), width]
    return f"| {' | '.join([*cells, *_cells(targets, way)])} |"


def _cells(targets: dict, way: str) -> list[str]:
    return [_cell(targets[name][way]) if name in targets else "–" for name in ("outlet", "difference", "trend")]


def _there(result: dict) -> bool:
    return result["refused"] <= 1 - LIKELY


def _cell(result: dict) -> str:
    if not _there(result):
        return "refused"
    none = f", {result['refused']:.0%} none" if result["refused"] >= 0.005 else ""
    return f"{result['coverage']:.1%}{none}"


def _outlets(design: dict) -> str:
    return "1" if design["outlets"] == 1 else f"{design['outlets']} {design['strata']}"


def written_into(text: str, inner: str) -> str:
    """Return a text with what is between MARKS made again."""
    begin, end = text.index(MARKS[0]) + len(MARKS[0]), text.index(MARKS[1])
    return f"{text[:begin]}\n{inner}\n{text[end:]}"


if __name__ == "__main__":
    if sys.argv[3:] != ["--saved"]:
        save("coding", "make simulate", simulate())
    for path, inner in zip(map(Path, sys.argv[1:3]), (summary(), sentence())):
        path.write_text(written_into(path.read_text("utf-8"), inner), "utf-8")
    print(summary())
