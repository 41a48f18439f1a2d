"""Simulated studies: do the intervals of `estimates` hold the truth as often as they say? `python -m
presslab.validation.estimates [FIGURES.md README.md [--saved]]`.

Writes data/validation/coding.json, the tables of FIGURES.md and the sentence of README.md; with --saved only the texts,
from the saved figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
import math
import os
from pathlib import Path
import sys
import textwrap

import pandas as pd

from presslab.measures.validity import ValidationError, figures, save
from presslab.system.parallel import Trouble, in_parallel

from .studies import BIAS, CORRELATION, DESIGNS, SHARES, USUAL, WAYS, YES_NO, simulated

MARKS = "<!-- coverage -->", "<!-- /coverage -->"
STUDIES = 1000
LIKELY = 0.05  # share of studies with a number below which a design counts as refused


def simulate(studies: int = STUDIES, seed: int = 1, numbers: Sequence[int] = range(len(DESIGNS))) -> dict:
    """Return the results of all designs, and of all of them the lowest and the highest coverage of the estimates that
    are recommended (corrected; if coders err, without their error), with the intervals that had no width or left the
    range. Raises ValidationError if a design failed."""
    found = []
    jobs = os.cpu_count() or 1
    for (number, *_), result in in_parallel(simulated, [(number, studies, seed) for number in numbers], jobs):
        if isinstance(result, Trouble):
            raise ValidationError(f"{DESIGNS[number]}: {result.traceback or result.reason}")
        found.append(asdict(DESIGNS[number]) | {"targets": result})
    return {"studies": studies} | _overall(found)


def _overall(found: list[dict]) -> dict:
    """Return what the results of all designs come to, and the results of each."""
    recommended = [way for design in found for way in _recommended(design)]
    kept = [way for way in recommended if _there(way)]
    few = [way for way in recommended if not _there(way) and way["coverage"] is not None]
    samples = [ways["sample_only"] for d in found if not d["error"] for ways in d["targets"].values()]
    every = [way for design in found for ways in design["targets"].values() for way in ways.values()]
    return {
        "bias": BIAS,
        "correlation": CORRELATION,
        "designs_count": len(found),
        "compared": len(kept),
        "lowest_coverage": min(way["coverage"] for way in kept),
        "highest_coverage": max(way["coverage"] for way in kept),
        "lowest_sample_only": min(way["coverage"] for way in samples if _there(way)),
        "wrong_though_refused": max((round((1 - w["refused"]) * (1 - w["coverage"]), 4) for w in few), default=0.0),
        "no_width": sum(way["no_width"] for way in every),
        "outside": sum(way["outside"] for way in every),
        "designs": [design | {"targets": _quoted(design)} for design in found],
    }


def _quoted(design: dict) -> dict:
    """Return what is saved of a design's results by target and way: what tables quote."""
    ways = ("corrected", "without_error") if design["error"] else ("corrected", "sample_only", "machine_only")
    names = ("refused", "coverage", "width")
    return {
        target: {way: {name: result[way][name] for name in names} for way in ways if way in result}
        for target, result in design["targets"].items()
    }


def _recommended(design: dict) -> list[dict]:
    """Return the results of the way that readers are to use, by target."""
    return [ways["without_error" if design["error"] else "corrected"] for ways in design["targets"].values()]


def saved() -> pd.DataFrame:
    """Return the saved result, one row per design and target: how often there was no number, how often the interval of
    each way held the truth (NaN: not saved), and the width of the corrected interval as a share of that from the sample
    alone."""
    rows = []
    for design in figures("coding")["designs"]:
        about = {
            name: design[name]
            for name in ("codes", "level", "outlets", "strata", "articles", "drawn", "error", "machine")
        }
        for target, ways in design["targets"].items():
            first, sample = ways["corrected"], ways.get("sample_only", {"width": None})
            ratio = first["width"] / sample["width"] if first["width"] and sample["width"] else math.nan
            coverage = {way: ways[way]["coverage"] if way in ways else math.nan for way in WAYS.values()}
            rows.append(about | {"estimate of": target, "refused": first["refused"]} | coverage | {"width": ratio})
    return pd.DataFrame(rows)


def sentence() -> str:
    """Return the line of README.md, from the saved result."""
    told = figures("coding")
    width = "none had width 0" if not told["no_width"] else f"{told['no_width']} had width 0"
    text = (
        f"In {told['studies']:,} simulated studies of each of {told['designs_count']} designs (2 to 50 % yes,"
        " skewed shares, one to ten outlets, strata unlike each other, useless to close scores, 0 to 10 % coder"
        f" error), {told['lowest_coverage']:.1%} to {told['highest_coverage']:.1%} of a design’s 95 % intervals"
        f" held the true value and {width}; what was too rare to say had no number ([FIGURES.md](FIGURES.md))."
    )
    return textwrap.fill(text, 130)


def summary() -> str:
    """Return the tables of FIGURES.md, in Markdown, from the saved result."""
    told = figures("coding")
    designs = told["designs"]
    plain = [d for d in designs if d["codes"] == YES_NO and not d["error"]]
    others = [d for d in designs if d["codes"] != YES_NO]
    wrong = [d for d in designs if d["error"]]
    head = " | mean | width, and from the sample alone | outlet | difference of two outlets | trend |"
    lines = [
        textwrap.fill(
            f"{told['studies']:,} studies of each design. Usual scores correlate {told['correlation']} with the"
            f" codes and are {told['bias']} too high on average, unevenly over outlets and months. Outlets are the"
            " strata, alike or unlike in their codes, drawn in proportion or the small ones more. A cell has the"
            " share of 95 % intervals that held the true value, corrected by the codes, and how many studies had"
            f" no number because too little was coded; *refused*: more than {1 - LIKELY:.0%}. Of refused designs"
            " the samples with a number are extreme ones; at most"
            f" {told['wrong_though_refused']:.1%} of the studies of such a design had an interval that missed."
            f" From the sample alone at least {told['lowest_sample_only']:.1%} of the intervals held the true"
            f" value. Width 0: {told['no_width']}; outside the range: {told['outside']}.",
            130,
        ),
        "",
        f"| yes or no: share of yes | outlets | coded{head}",
        "|---|---|---|---|---|---|---|---|",
        *(_row(f"{d['level']:.0%}{_machine(d)}", d, "corrected") for d in plain),
        "",
        f"| other codes | outlets | coded{head}",
        "|---|---|---|---|---|---|---|---|",
        *(
            _row(d["codes"] + (f", σ {d['level']}" if d["codes"] == SHARES else "") + _machine(d), d, "corrected")
            for d in others
        ),
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


def _machine(design: dict) -> str:
    return "" if design["machine"] == USUAL else f", {design['machine']} scores"


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
