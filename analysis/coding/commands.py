"""What the commands do with a coded sample: read it, compute, write pages and tables, and say what came out."""

from __future__ import annotations

from importlib.util import find_spec
import json
from pathlib import Path

import pandas as pd

from .. import finished, trust
from ..files import inside, write
from ..tables import csv_text, guarded
from . import CodingError, collection as collections, pages, reliability, report, validity
from .collection import Collection
from .read import CODEBOOK, read
from .sample import SAMPLE

PLACE = "coding"  # the folder within a run that holds the codes which its reports use


def agree(folder: Path) -> list[str]:
    """Write agreement.html, agreement.json and disagreements.csv; gives what to tell people, a line each."""
    coding = read(folder)
    found = reliability.agreement(coding)
    write(inside(folder, "agreement.html"), [pages.agreement_page(coding, found)])
    write(inside(folder, "agreement.json"), [json.dumps(reliability.plain(found), indent=1, ensure_ascii=False) + "\n"])
    differ = reliability.disagreements(coding)
    write(inside(folder, "disagreements.csv"), [csv_text(guarded(differ))])
    lines = [pages.coded(coding)]
    width = max((len(a.name) for a in found), default=0)
    lines += [f"  {a.name:<{width}}  alpha {a.note or pages.spread(a.alpha, a.low, a.high)}, {a.verdict}; {a.same:.0%} the same; {a.n:,} {a.unit}" for a in found]
    if not found:
        lines.append("No article was coded by two people yet: agreement can't be told.")
    return [*lines, f"{len(differ)} disagreements. Open {folder / 'agreement.html'}"]


def validate(run: Path, folder: Path) -> list[str]:
    """Hold a run's measures against the codes of its sample: tables and pages in the folder `coding` of the run, from which
    the run's reports take their figures. Gives what to tell people, a line each."""
    collection = collections.load(run, folder)
    agreements = reliability.agreement(collection.coding)
    found = validity.validity(collection, agreements)
    place = _kept(run, collection, agreements)
    write(place / "validity.html", [report.validity_page(collection, found)])
    write(inside(run, trust.FILE), [validity.dumped(found, collection.coding.design.sample, collection.coding.files)])
    width = max((len(v.measure) for v in found), default=0)
    return [pages.coded(collection.coding), *(f"  {v.measure:<{width}}  {v.told}" for v in found), f"Open {place / 'validity.html'}"]


def estimate(run: Path, folder: Path, by: list[str]) -> list[str]:
    """Estimate means, differences and trends of the whole collection: estimates.csv and estimates.html in the folder `coding`
    of the run. Gives what to tell people, a line each."""
    if find_spec("ppi_py") is None:
        raise CodingError("estimates need the package ppi-python: pip install 'presslab[estimates]'")
    collection = collections.load(run, folder)
    agreements = reliability.agreement(collection.coding)
    found = report.estimate(collection, by)
    paragraph = report.paragraph(collection, agreements, validity.validity(collection, agreements))
    place = _kept(run, collection, agreements)
    write(place / "estimates.csv", [csv_text(guarded(found), float_format="%.6g")])
    write(place / "estimates.html", [report.estimates_page(collection, found, paragraph)])
    overall = found[(found["kind"] == report.MEAN) & (found["by"] == "")]
    width = max((len(name) for name in overall["question"]), default=0)
    told = [f"  {r.question:<{width}}  {r.way:<12}  {r.note or pages.spread(r.value, r.low, r.high)}" for r in overall.itertuples()]
    return [pages.coded(collection.coding), *told, f"Open {place / 'estimates.html'}"]


def _kept(run: Path, collection: Collection, agreements: list[reliability.Agreement]) -> Path:
    """The run's own copy of what its reports rest on: sample, codebook, codes, marks, agreement."""
    place, coding = inside(run, PLACE), collection.coding
    place.mkdir(exist_ok=True)
    for name in (SAMPLE, CODEBOOK):
        write(place / name, [finished.text(coding.folder, name)])
    tables: dict[str, pd.DataFrame] = {"codes": coding.codes, "marks": coding.marks, "notes": coding.notes, "agreed": coding.agreed}
    for name, table in tables.items():
        write(place / f"{name}.csv", [csv_text(guarded(table))])
    write(place / "agreement.json", [json.dumps(reliability.plain(agreements), indent=1, ensure_ascii=False) + "\n"])
    return place
