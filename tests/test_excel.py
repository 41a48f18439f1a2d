"""`presslab excel`: every table of a run in one workbook that a spreadsheet can't be harmed by."""

import json
from pathlib import Path

from click.testing import CliRunner
import openpyxl
import pandas as pd
import pytest

from presslab.cli import main
from presslab.runs import excel
from presslab.runs.articles import report_run
from presslab.system.parallel import here
from stories import story

EVIL = [
    '=HYPERLINK("http://evil.example","click")',
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1)",
    "\t=1+1",
    "=1\x0b+\x00\ud800",
]


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> Path:
    place = tmp_path_factory.mktemp("excel")
    rows = [{"id": f"a{n}", "title": title, "outlet": "The Daily", "text": story(n)} for n, title in enumerate(EVIL)]
    (place / "t.jsonl").write_text("\n".join(json.dumps(r) for r in rows), "utf-8")
    report_run([place / "t.jsonl"], place / "out", spread=here)
    return place / "out"


@pytest.fixture(scope="module")
def book(run, tmp_path_factory):
    path = tmp_path_factory.mktemp("book") / "run.xlsx"
    excel.write(run, path)
    return path


@pytest.mark.slow
def test_a_sheet_for_each_table_with_its_rows_and_numbers(run, book):
    sheets = pd.read_excel(book, sheet_name=None)
    described = json.loads((run / "datapackage.json").read_text())
    assert list(sheets) == [
        "about",
        "codebook",
        *(r["name"] for r in described["resources"] if r["path"].startswith("tables/")),
    ]
    measures = pd.read_parquet(run / "tables" / "measures.parquet")
    assert len(sheets["measures"]) == len(measures)
    assert sheets["measures"]["value"].to_numpy() == pytest.approx(
        measures["value"].astype(float).to_numpy(), nan_ok=True
    )
    assert set(pd.read_csv(run / "codebook.csv")["measure"]) == set(sheets["codebook"]["measure"])


def test_the_first_sheet_says_what_it_is_and_how_to_cite_it(run, book):
    cells = " ".join(str(c.value) for row in openpyxl.load_workbook(book)["about"] for c in row if c.value)
    assert json.loads((run / "datapackage.json").read_text())["presslab"]["citation"] in cells and "interval" in cells


def test_no_cell_is_a_formula_and_texts_stay_as_they_are(book):
    workbook = openpyxl.load_workbook(book)
    cells = [c for sheet in workbook for row in sheet for c in row]
    assert not [c.coordinate for c in cells if c.data_type == "f"]
    place = [cell.value for cell in next(workbook["articles"].iter_rows(max_row=1))].index("title")
    titles = [row[place].value for row in workbook["articles"].iter_rows(min_row=2)]
    assert titles[0] == EVIL[0] and all(
        row[place].quotePrefix for row in workbook["articles"].iter_rows(min_row=2, max_row=4)
    )


def test_the_same_run_gives_the_same_bytes(run, book, tmp_path):
    excel.write(run, tmp_path / "again.xlsx")
    assert (tmp_path / "again.xlsx").read_bytes() == book.read_bytes()


def test_a_table_longer_than_a_sheet_goes_on_in_another_and_long_cells_are_told(run, tmp_path, monkeypatch):
    monkeypatch.setattr(excel, "ROWS", 100)
    monkeypatch.setattr(excel, "CHARACTERS", 40)
    told = excel.write(run, tmp_path / "long.xlsx")
    sheets = pd.read_excel(tmp_path / "long.xlsx", sheet_name=None)
    measures = pd.read_parquet(run / "tables" / "measures.parquet")
    parts = [name for name in sheets if name.startswith("measures")]
    assert parts[:2] == ["measures", "measures 2"] and sum(len(sheets[p]) for p in parts) == len(measures)
    assert any("cut" in line and "articles" in line for line in told) and any("goes on" in line for line in told)


def test_the_command(run, tmp_path):
    done = CliRunner().invoke(main, ["excel", str(run), "-o", str(tmp_path / "x.xlsx")])
    assert done.exit_code == 0 and (tmp_path / "x.xlsx").exists(), done.output
    assert CliRunner().invoke(main, ["excel", str(tmp_path), "-o", str(tmp_path / "y.xlsx")]).exit_code == 1
    assert CliRunner().invoke(main, ["excel", str(run), "-o", str(tmp_path / "y.csv")]).exit_code == 2
    assert not list(tmp_path.glob("y.*")) and not list(tmp_path.glob(".*"))
