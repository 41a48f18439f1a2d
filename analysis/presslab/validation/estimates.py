"""Simulated studies: do the intervals of `estimates` hold the truth as often as they say? `python -m
presslab.validation.estimates [FIGURES.md [--saved]]`.

Writes data/validation/coding.json and the table of FIGURES.md; with --saved only the table, from the saved figures.
"""

from __future__ import annotations

from collections.abc import Callable
import math
from pathlib import Path
import sys

import numpy as np
import pandas as pd

from presslab.coding.estimates import CORRECTED, MACHINE, SAMPLE_ONLY, Data, Estimate, difference, mean, slope, tuning
from presslab.coding.sample import allotted
from presslab.measures.validity import figures, save

MARKS = "<!-- coverage -->", "<!-- /coverage -->"
ARTICLES, DRAWN, STUDIES, BIAS, CORRELATION = 3000, 60, 1000, 0.1, 0.8
OUTLETS, MONTHS = (0.5, 0.3, 0.2), 12
WAYS = {CORRECTED: "corrected", SAMPLE_ONLY: "sample_only", MACHINE: "machine_only"}


def shares(random: np.random.Generator, centre: np.ndarray) -> np.ndarray:
    """Return codes between 0 and 1 around `centre` (a share of words)."""
    return np.clip(centre + random.normal(0, 0.15, len(centre)), 0, 1)


def yes_or_no(random: np.random.Generator, centre: np.ndarray) -> np.ndarray:
    """Return codes 1 and 0 (a frame)."""
    return (random.random(len(centre)) < centre).astype(float)


def counts(random: np.random.Generator, centre: np.ndarray) -> np.ndarray:
    """Return codes that count (sources in an article), most small and few large."""
    return random.negative_binomial(2, 1 / (1 + 4 * centre)).astype(float)


def scored(random: np.random.Generator, code: np.ndarray, outlet: np.ndarray, month: np.ndarray) -> np.ndarray:
    """Return the scores of a machine that correlate with the codes by CORRELATION and are too high by BIAS: more so
    for the first outlet and for later months, as a machine is that was made for other texts. On a scale that goes
    beyond 1 the bias is that part of a standard deviation."""
    noise = random.normal(0, code.std() * math.sqrt(1 / CORRELATION**2 - 1), len(code))
    uneven = np.array([1.5, 0.5, 0.5])[outlet] + 0.08 * (month - (MONTHS - 1) / 2)
    return code + noise + BIAS * uneven * max(1.0, code.std())


KINDS: dict[str, Callable] = {"share": shares, "yes_no": yes_or_no, "count": counts}


def collection(random: np.random.Generator, kind: Callable) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return a made-up collection: codes that people would give, scores, outlet and month of each article."""
    outlet = random.choice(len(OUTLETS), ARTICLES, p=OUTLETS)
    month = random.integers(MONTHS, size=ARTICLES)
    code = kind(random, np.array([0.3, 0.4, 0.5])[outlet] + 0.01 * month)
    return code, scored(random, code, outlet, month), outlet, month


def study(random: np.random.Generator, kind: Callable) -> list[tuple[str, float, list[Estimate]]]:
    """Return one study of a new collection: for each target its name, the true value and the estimates."""
    code, score, outlet, month = collection(random, kind)
    names = np.array([f"{o}" for o in outlet])
    sizes = {str(name): int(size) for name, size in zip(*np.unique(names, return_counts=True))}
    share = allotted(sizes, DRAWN)
    known, chance = np.full(ARTICLES, math.nan), np.zeros(ARTICLES)
    for name, size in sizes.items():
        places = np.flatnonzero(names == name)
        chance[places] = share[name] / size
        chosen = random.choice(places, share[name], replace=False)
        known[chosen] = code[chosen]
    data = Data(score, known, names, chance)
    trust = tuning(data)
    parts = [mean(f"outlet {o}", data.part(outlet == o), trust) for o in range(2)]
    first, second = (code[outlet == o].mean() for o in range(2))
    centred = month - month.mean()
    return [
        ("mean", code.mean(), mean("mean", data, trust)), ("outlet", first, parts[0]),
        ("difference", first - second, difference("difference", *parts)),
        ("trend", float((centred * code).sum() / (centred**2).sum()), slope("trend", data, month.astype(float), trust)),
    ]  # fmt: skip


def simulate(studies: int = STUDIES, seed: int = 1) -> dict:
    """Return coverage and width of each way by kind of code and target, over many studies."""
    found: dict = {
        "articles": ARTICLES,
        "drawn": DRAWN,
        "studies": studies,
        "bias": BIAS,
        "correlation": CORRELATION,
        "kinds": {},
    }
    for number, (kind, made) in enumerate(KINDS.items()):
        random = np.random.default_rng([seed, number])
        kept: dict[str, list] = {}
        for _ in range(studies):
            for target, truth, three in study(random, made):
                kept.setdefault(target, []).append(
                    [(e.low <= truth <= e.high, e.width, e.value - truth) for e in three]
                )
        found["kinds"][kind] = {target: _summary(np.array(rows, float)) for target, rows in kept.items()}
    listed = [t for kind in found["kinds"].values() for t in kind.values()]
    found["lowest_coverage"] = min(t["corrected"]["coverage"] for t in listed)
    found["highest_coverage"] = max(t["corrected"]["coverage"] for t in listed)
    found["widest_ratio"] = max(t["width_ratio"] for t in listed)
    return found


def _summary(rows: np.ndarray) -> dict:
    """Return the return of an array studies × ways × (held, width, error): coverage, mean width, mean error; and
    the ratio of widths."""
    ways = {
        name: {
            "coverage": round(float(rows[:, i, 0].mean()), 4),
            "width": round(float(rows[:, i, 1].mean()), 5),
            "bias": round(float(rows[:, i, 2].mean()), 5),
        }
        for i, name in enumerate(WAYS.values())
    }
    return ways | {"width_ratio": round(float(rows[:, 0, 1].mean() / rows[:, 1, 1].mean()), 4)}


def saved() -> pd.DataFrame:
    """Return the saved result, one row per kind of code and target: how often the interval of each way held the
    truth, and the width of the corrected interval as a share of that from the sample alone."""
    rows = [
        {
            "codes": kind,
            "estimate of": target,
            **{way: found[way]["coverage"] for way in WAYS.values()},
            "width": found["width_ratio"],
        }
        for kind, targets in figures("coding")["kinds"].items()
        for target, found in targets.items()
    ]
    return pd.DataFrame(rows)


def summary() -> str:
    """Return the table of FIGURES.md, in Markdown, from the saved result."""
    told = figures("coding")
    names = {"share": "share of words", "yes_no": "yes or no", "count": "count"}
    lines = [
        (
            f"{told['studies']:,} studies of each kind: {told['drawn']} of {told['articles']:,} articles coded, scores"
            f" that correlate {told['correlation']} with the codes and are"
        ),
        (
            f"{told['bias']} too high on average, unevenly over outlets and months; “outlet” is one with half of the"
            " articles, 30 of them coded."
        ),
        "",
        (
            "| codes | estimate of | 95 % interval holds the truth: corrected | sample alone | scores alone | width,"
            " corrected ÷ sample alone |"
        ),
        "|---|---|---|---|---|---|",
    ]
    for kind, targets in told["kinds"].items():
        for target, found in targets.items():
            shares = " | ".join(f"{found[way]['coverage']:.1%}" for way in WAYS.values())
            lines.append(f"| {names[kind]} | {target} | {shares} | {found['width_ratio']:.2f} |")
    return "\n".join(lines)


if __name__ == "__main__":
    if sys.argv[2:] != ["--saved"]:
        save("coding", "make simulate", simulate())
    for path in map(Path, sys.argv[1:2]):
        text = path.read_text("utf-8")
        begin, end = text.index(MARKS[0]) + len(MARKS[0]), text.index(MARKS[1])
        path.write_text(f"{text[:begin]}\n{summary()}\n{text[end:]}", "utf-8")
    print(summary())
