"""What the commands do with a coded sample: read it, compute, write pages and tables, and say what came out."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

import pandas as pd

from presslab.reporting.wording import number, percent, with_interval
from presslab.runs import finished
from presslab.runs.state import State
from presslab.runs.writers import csv_text, guarded
from presslab.system import outputs
from presslab.system.files import inside

from . import CodingError, calibrated, calibration_page, coded_run as collections, pages, reliability, report, validity
from .coded_run import Collection
from .read import CODEBOOK, read
from .sample import SAMPLE

DISAGREEMENTS = "disagreements.csv"
PLACE = "coding"  # the folder within a run that holds the codes which its reports use


def agree(folder: Path) -> list[str]:
    """Write agreement.html, agreement.json and disagreements.csv; returns what to tell people, line by line."""
    coding = read(folder)
    agreements = reliability.agreement(coding)
    differ = reliability.disagreements(coding)
    with closing(State(folder, "coding", outputs.NAMES["coding"])) as state:
        state.ours.write("agreement.html", [pages.agreement_page(coding, agreements)])
        state.ours.write("agreement.json", [reliability.dumped(agreements)])
        if state.ours.changed(DISAGREEMENTS):
            notes = [
                f"{DISAGREEMENTS} was changed by hand: it is kept (saved as agreed.csv its values count), and no new"
                " one is made"
            ]
        else:
            state.ours.write(DISAGREEMENTS, [csv_text(guarded(differ))])
            notes = []
        notes += state.ours.kept
    lines = [pages.coded(coding)]
    width = max((len(a.name) for a in agreements), default=0)
    lines += [
        f"  {a.name:<{width}}  alpha {a.note or with_interval(a.alpha, a.low, a.high, 2)}, {a.verdict};"
        f" {percent(a.same)} the same; {number(a.n)} {a.unit}"
        for a in agreements
    ]
    if not agreements:
        lines.append("No article was coded by two people yet: agreement can't be computed.")
    return [*lines, *notes, f"{len(differ)} disagreements. Open {folder / 'agreement.html'}"]


def validate(run: Path, folder: Path) -> list[str]:
    """Hold a run's measures against the codes of its sample: tables and pages in the folder `coding` of the run,
    from which the run's reports take their figures. Returns what to tell people, line by line."""
    collection = collections.load(run, folder)
    agreements = reliability.agreement(collection.coding)
    validities = validity.validity(collection, agreements)
    notes = _written(run, collection, agreements, {
        "validity.html": report.validity_page(collection, validities),
        "validity.json": validity.dumped(validities, collection.coding.design.sample, collection.coding.files),
    })  # fmt: skip
    width = max((len(v.measure) for v in validities), default=0)
    return [
        pages.coded(collection.coding),
        *(f"  {v.measure:<{width}}  {v.told}" for v in validities),
        *notes,
        f"Open {run / PLACE / 'validity.html'}",
    ]


def estimate(run: Path, folder: Path, by: list[str], coder_error: float | None = None) -> list[str]:
    """Estimate means, differences and trends of the whole collection: estimates.csv and estimates.html in the
    folder `coding` of the run. `coder_error` is the share of wrong answers, by default that of the articles coded
    twice. Returns what to tell people, line by line."""
    if find_spec("ppi_py") is None:
        raise CodingError("estimates need the package ppi-python: pip install 'presslab[estimates]'")
    collection = collections.load(run, folder)
    agreements = reliability.agreement(collection.coding)
    table = report.estimate(collection, by, coder_error)
    errors = report.coder_errors(collection, coder_error)
    paragraph = report.paragraph(collection, agreements, validity.validity(collection, agreements), errors)
    notes = _written(run, collection, agreements, {
        "estimates.csv": csv_text(guarded(table), float_format="%.6g"),
        "estimates.html": report.estimates_page(collection, table, paragraph, errors),
    })  # fmt: skip
    overall = table[(table["kind"] == report.MEAN) & (table["by"] == "")]
    width, wide = (max((len(text) for text in overall[name]), default=0) for name in ("question", "way"))
    lines = [
        f"  {r.question:<{width}}  {r.way:<{wide}}  {r.note or with_interval(r.value, r.low, r.high, 2)}"
        for r in overall.itertuples()
    ]
    return [pages.coded(collection.coding), *lines, *notes, f"Open {run / PLACE / 'estimates.html'}"]


def calibrate(run: Path, folder: Path, output: Path) -> list[str]:
    """Write index.html, calibration.json and calibrated.csv of a run's frames into a folder; run and codes are only
    read. Returns what to tell people, line by line. Raises OutputError if the folder is not presslab's, or part of
    what is read."""
    outputs.apart(output, [run, folder], [], folder=True)
    outputs.apart(output, [run, folder], [], folder=False)  # a folder within the run would be a change of the run
    outputs.claim(output, "calibration")
    result = calibrated.calibrated(collections.beside(run, folder))
    with closing(State(output, "calibration")) as state:
        state.ours.write("index.html", [calibration_page.calibration_page(result)])
        state.ours.write("calibration.json", [calibrated.dumped(result)])
        state.ours.write("calibrated.csv", [csv_text(guarded(result.articles), float_format="%.6g")])
        kept = list(state.ours.kept)
    width = max(len(frame.question.name) for frame in result.frames)
    lines = [f"  {frame.question.name:<{width}}  {calibration_page.told(frame.calibration)}" for frame in result.frames]
    warnings = [f"Warning: {line}" for line in result.warnings]
    warnings += [f"Warning, {f.question.name}: {line}" for f in result.done for line in f.warnings]
    return [pages.coded(result.collection.coding), *lines, *warnings, *kept, f"Open {output / 'index.html'}"]


def _written(
    run: Path, collection: Collection, agreements: list[reliability.Agreement], results: Mapping[str, str]
) -> list[str]:
    """Write results and what they rest on (sample, codebook, codes, marks, agreement) into the folder `coding` of
    the run; returns line by line what others had put or changed there, which is kept."""
    coding = collection.coding
    texts = {name: finished.text(coding.folder, name) for name in (SAMPLE, CODEBOOK)}
    marks = coding.marks if finished.text_shown(run) == "full" else coding.marks.assign(text="")
    tables: dict[str, pd.DataFrame] = {
        "codes": coding.codes,
        "marks": marks,
        "notes": coding.notes,
        "agreed": coding.agreed,
    }
    for name, table in tables.items():
        texts[f"{name}.csv"] = csv_text(guarded(table))
    texts["agreement.json"] = reliability.dumped(agreements)
    with closing(State(run, "report")) as state:
        inside(run, PLACE).mkdir(exist_ok=True)
        in_run = coding.folder.samefile(run / PLACE)  # a sample that was drawn into the run lies there already
        for name, text in (texts | dict(results)).items():
            if not (in_run and name in (SAMPLE, CODEBOOK)):
                state.ours.write(f"{PLACE}/{name}", [text])
        return list(state.ours.kept)
