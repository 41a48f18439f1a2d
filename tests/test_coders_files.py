"""What coders hand in is checked to the last cell: one line that names the file, or codes that are right; never a
traceback."""

import io
import json
import math
import zipfile

from click.testing import CliRunner
from openpyxl import load_workbook
import pandas as pd
import pytest

from coded import folder_with
from presslab import cli
from presslab.coding import codebook, form, read, sample, sheet

BOOK = codebook.Codebook(
    "Test",
    "Read.",
    (
        codebook.Question("conflict", "Conflict?", "nominal", ((1, "yes"), (0, "no"))),
        codebook.Question("sources", "How many?", "ratio", low=0),
    ),
    (codebook.SpanKind("attribution", "Attributed", "a"),),
)


@pytest.fixture()
def folder(tmp_path):
    folder_with(tmp_path / "coding", BOOK)
    return tmp_path / "coding"


def good(folder, coder: str = "ada") -> dict:
    """An export of the form that is as it should be: one article, with a mark."""
    chosen, design = sample.load(folder)
    id = chosen["id"][0]
    start = sample.texts(folder)[id].index("It rained")
    marks = [{"kind": "attribution", "start": start, "end": start + 9, "text": "It rained"}]
    entry = {"id": id, "answers": {"conflict": 1, "sources": 3}, "marks": marks, "comment": "", "uncodable": False}
    return {
        "format": "presslab codes 1",
        "sample": design.sample,
        "codebook": form.fingerprint(BOOK),
        "coder": coder,
        "articles": [entry],
    }


def changed(folder, **fields) -> bytes:
    """The export with other fields of its article."""
    found = good(folder)
    found["articles"][0] |= fields
    return json.dumps(found).encode()


def marked(folder, **fields) -> bytes:
    """The export with other fields of its mark."""
    found = good(folder)
    found["articles"][0]["marks"][0] |= fields
    return json.dumps(found).encode()


def top(folder, **fields) -> bytes:
    return json.dumps(good(folder) | fields).encode()


def without(folder, *path) -> bytes:
    """The export with one key taken out."""
    found = part = good(folder)
    for key in path[:-1]:
        part = part[key]
    del part[path[-1]]
    return json.dumps(found).encode()


def swapped(folder, old: str, new: str) -> bytes:
    text = json.dumps(good(folder))
    assert old in text
    return text.replace(old, new, 1).encode()


DEEP = b"[" * 100_000
ODD = {
    "empty": lambda f: b"",
    "half": lambda f: top(f)[:-30],
    "no JSON": lambda f: b"\x89PNG\r\n\x1a\n",
    "UTF-16": lambda f: top(f).decode().encode("utf-16"),
    "nested": lambda f: DEEP,
    "nested inside": lambda f: swapped(f, '"conflict": 1', '"conflict": ' + "[" * 100_000 + "]" * 100_000),
    "newer format": lambda f: top(f, format="presslab codes 2"),
    "format missing": lambda f: without(f, "format"),
    "articles an object": lambda f: top(f, articles={}),
    "articles null": lambda f: top(f, articles=None),
    "article a list": lambda f: top(f, articles=[["a0001", 1]]),
    "article null": lambda f: top(f, articles=[None]),
    "extra key": lambda f: top(f, note="x"),
    "extra key of an article": lambda f: changed(f, note="x"),
    "key twice": lambda f: swapped(f, '"conflict": 1', '"conflict": 0, "conflict": 1'),
    "article twice": lambda f: top(f, articles=good(f)["articles"] * 2),
    "sample missing": lambda f: without(f, "sample"),
    "answers missing": lambda f: without(f, "articles", 0, "answers"),
    "uncodable missing": lambda f: without(f, "articles", 0, "uncodable"),
    "end missing": lambda f: without(f, "articles", 0, "marks", 0, "end"),
    "id a number": lambda f: changed(f, id=7),
    "id a list": lambda f: changed(f, id=[]),
    "id not in the sample": lambda f: changed(f, id="zzz"),
    "id a surrogate": lambda f: changed(f, id="\ud800"),
    "answers a list": lambda f: changed(f, answers=[1, 2]),
    "answer true": lambda f: changed(f, answers={"conflict": True}),
    "answer a text": lambda f: changed(f, answers={"conflict": "1"}),
    "answer null": lambda f: changed(f, answers={"conflict": None}),
    "answer a list": lambda f: changed(f, answers={"conflict": [1]}),
    "answer NaN": lambda f: changed(f, answers={"sources": math.nan}),
    "answer Infinity": lambda f: changed(f, answers={"sources": math.inf}),
    "answer 1e999": lambda f: swapped(f, '"sources": 3', '"sources": 1e999'),
    "answer of 5000 digits": lambda f: swapped(f, '"sources": 3', '"sources": ' + "9" * 5000),
    "answer of 400 digits": lambda f: swapped(f, '"sources": 3', '"sources": ' + "9" * 400),
    "answer out of bounds": lambda f: changed(f, answers={"sources": -1}),
    "unknown question": lambda f: changed(f, answers={"colour": 1}),
    "uncodable a text": lambda f: changed(f, uncodable="no"),
    "comment a list": lambda f: changed(f, comment=["x"]),
    "comment of a megabyte": lambda f: changed(f, comment="x" * 1_000_000),
    "marks null": lambda f: changed(f, marks=None),
    "mark a list": lambda f: changed(f, marks=[[1, 2]]),
    "span a text": lambda f: marked(f, start="61"),
    "span a fraction": lambda f: marked(f, start=61.5),
    "span true": lambda f: marked(f, start=True),
    "span negative": lambda f: marked(f, start=-9, end=0),
    "span reversed": lambda f: marked(f, start=70, end=61),
    "span beyond the text": lambda f: marked(f, start=9_000, end=9_009),
    "span of 400 digits": lambda f: marked(f, start=int("9" * 400), end=int("9" * 400) + 9),
    "span on another text": lambda f: marked(f, text="It snowed"),
    "unknown kind": lambda f: marked(f, kind="colour"),
    "coder missing": lambda f: without(f, "coder"),
    "coder empty": lambda f: top(f, coder=" "),
    "coder a number": lambda f: top(f, coder=7),
    "coder of a megabyte": lambda f: top(f, coder="x" * 1_000_000),
    "coder with control characters": lambda f: top(f, coder="a\x1b[2Jda"),
    "coder turned round": lambda f: top(f, coder="a\u202eda"),
    "coder with a line end": lambda f: top(f, coder="a\nda"),
    "coder named like a column": lambda f: top(f, coder="value"),
    "another sample": lambda f: top(f, sample="x"),
    "another codebook": lambda f: top(f, codebook="x"),
}  # fmt: skip
IGNORED = ("coder missing",)  # a JSON file that is no export: no coder, or no articles


def agree(folder):
    return CliRunner().invoke(cli.main, ["agree", str(folder)])


@pytest.mark.parametrize("name", ODD)
def test_an_odd_export_is_one_line_that_names_the_file(folder, name):
    (folder / "odd.json").write_bytes(ODD[name](folder))
    done = agree(folder)
    if name in IGNORED:
        assert done.exit_code == 0 and "coded so far: none" in done.output
        return
    assert done.exit_code == 1 and isinstance(done.exception, SystemExit), repr(done.exception)
    lines = done.output.strip().splitlines()
    assert len(lines) == 1 and "odd.json" in lines[0] and len(lines[0]) < 500, done.output[:600]
    assert not (folder / "agreement.html").exists()


@pytest.mark.parametrize(
    "content",
    [
        lambda f: top(f),
        lambda f: b"\xef\xbb\xbf" + top(f),
        lambda f: changed(f, comment="\ud800 ünï \u2028 code"),
        lambda f: top(f, coder="Åda, O’Quill (2)"),
        lambda f: top(f, coder="=cmd|' /C calc'!A0"),
        lambda f: changed(f, answers={}, marks=[], uncodable=True, comment="=1+1"),
        lambda f: json.dumps(good(f), indent=4).replace("\n", "\r\n").encode(),
    ],
)
def test_what_is_unusual_and_right_is_read(folder, content):
    (folder / "Codes.JSON").write_bytes(content(folder))
    done = agree(folder)
    assert done.exit_code == 0, done.output
    assert len(read.read(folder).coders) == 1


def test_two_files_of_one_coder_are_refused_with_both_names(folder):
    for name in ("one.json", "two.json"):
        (folder / name).write_bytes(top(folder))
    done = agree(folder)
    assert done.exit_code == 1 and "two.json: ada has handed in one.json already" in done.output


def filled(folder, change=lambda book: None, name: str = "sheet.xlsx"):
    """A coding sheet with one answer, changed."""
    chosen, design = sample.load(folder)
    articles = chosen.assign(text_analysed="Text.")
    sheet.sheet(BOOK, articles, "ada", design.sample, folder / "made.xlsx")
    book = load_workbook(folder / "made.xlsx")
    book["codes"]["C2"], book["codes"]["D2"] = "1 yes", 3
    change(book)
    book.save(folder / name)
    (folder / "made.xlsx").unlink()


def put(cell, value, where="codes"):
    def change(book):
        book[where][cell] = value

    return change


def merged(book):
    book["codes"].merge_cells("C2:C5")


def renamed(book):
    book["codes"].title = "Codes (2)"


def no_about(book):
    del book["about"]


def again(book):
    book["codes"]["A3"] = book["codes"]["A2"].value
    book["codes"]["C3"] = "0 no"


SHEETS = {
    "a formula for an answer": put("D2", "=1+2"),
    "a formula for an id": put("A2", "=A3"),
    "true for a number": put("D2", True),
    "a date for a number": put("D2", pd.Timestamp("2026-01-02")),
    "no answer": put("C2", "maybe"),
    "nan": put("D2", "nan"),
    "inf": put("D2", "inf"),
    "1_0": put("D2", "1_0"),
    "an id that is not in the sample": put("A2", 17),
    "no id": put("A2", None),
    "uncodable with a comment": put("F2", "I think so"),
    "merged cells": merged,
    "sheet renamed": renamed,
    "about taken away": no_about,
    "an article twice": again,
    "a question twice": put("D1", "conflict"),
    "a question renamed": put("C1", "konflikt"),
    "head taken away": put("A1", None),
    "coder taken away": put("B1", None, "about"),
    "coder with an escape": put("B1", "a\u202eda", "about"),
    "coder of 5000 characters": put("B1", "x" * 5000, "about"),
    "another sample": put("B2", "x", "about"),
    "a comment of 30,000 characters": put("E2", "x" * 30_000),
}


@pytest.mark.parametrize("name", SHEETS)
def test_an_odd_sheet_is_one_line_that_names_the_file(folder, name):
    filled(folder, SHEETS[name])
    done = agree(folder)
    assert done.exit_code == 1 and isinstance(done.exception, SystemExit), repr(done.exception)
    lines = done.output.strip().splitlines()
    assert len(lines) == 1 and "sheet.xlsx" in lines[0] and len(lines[0]) < 500, done.output[:600]


def hidden(book):
    book["codes"].column_dimensions["C"].hidden = book["codes"].row_dimensions[2].hidden = True


def more(book):
    book["codes"]["H1"], book["codes"]["H2"] = "my notes", '=HYPERLINK("https://example.org")'
    book.create_sheet("scratch")["A1"] = "=1/0"


@pytest.mark.parametrize(
    "change, sources",
    [
        (lambda book: None, 3),
        (hidden, 3),
        (more, 3),
        (put("D2", "2,5"), 2.5),
        (put("D2", 2.0), 2),
        (put("C2", "yes"), 3),
        (put("F2", "No"), 3),
    ],
)
def test_a_sheet_that_was_filled_in_another_way_is_read(folder, change, sources):
    filled(folder, change, "Sheet.XLSX")
    coding = read.read(folder)
    answers = coding.codes.set_index("question")["value"]
    assert coding.coders == ("ada",) and answers["conflict"] == 1 and answers["sources"] == sources


def zipped(parts: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def parts_of(folder) -> dict[str, bytes]:
    filled(folder)
    with zipfile.ZipFile(folder / "sheet.xlsx") as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def wide(parts: dict[str, bytes]) -> bytes:
    """A sheet whose cells stand at the end of a million lines."""
    lines = b"".join(b'<row r="%d"><c r="XFD%d"><v>1</v></c></row>' % (n, n) for n in range(10, 1_000_000, 50))
    return zipped(
        parts
        | {
            "xl/worksheets/sheet1.xml": (
                parts["xl/worksheets/sheet1.xml"].replace(b"</sheetData>", lines + b"</sheetData>")
            )
        }
    )


def entities(parts: dict[str, bytes]) -> bytes:
    laughs = (
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "ha">'
        + b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 12))
        + b"]>"
    )
    return zipped(
        parts
        | {
            "xl/sharedStrings.xml": (
                laughs
                + b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>&a11;</t></si></sst>'
            )
        }
    )


def reading(parts: dict[str, bytes]) -> bytes:
    """Shared strings that ask for a file of the machine."""
    return zipped(
        parts
        | {
            "xl/sharedStrings.xml": (
                b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><sst'
                b' xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>&a;</t></si></sst>'
            )
        }
    )


BOOKS = {
    "empty": lambda p: b"",
    "no ZIP": lambda p: b"PK\x03\x04" + b"\0" * 200,
    "half": lambda p: zipped(p)[:3000],
    "no parts": lambda p: zipped({}),
    "a bomb": lambda p: zipped(p | {"xl/worksheets/sheet1.xml": b"<x>" + b" " * 300_000_000}),
    "a sheet of a million lines": wide,
    "entities": entities,
    "a file of the machine": reading,
    "broken XML": lambda p: zipped(p | {"xl/worksheets/sheet1.xml": p["xl/worksheets/sheet1.xml"][:-300]}),
    "a part missing": lambda p: zipped({n: c for n, c in p.items() if n != "xl/worksheets/sheet1.xml"}),
    "no workbook": lambda p: zipped({n: c for n, c in p.items() if n != "xl/workbook.xml"}),
    "another type": lambda p: zipped(p | {"[Content_Types].xml": b"<Types/>"}),
}


@pytest.mark.parametrize("name", BOOKS)
def test_a_workbook_made_to_do_harm_is_one_line(folder, name):
    (folder / "sheet.xlsx").write_bytes(BOOKS[name](parts_of(folder)))
    done = agree(folder)
    assert done.exit_code == 1 and isinstance(done.exception, SystemExit), repr(done.exception)
    lines = done.output.strip().splitlines()
    assert len(lines) == 1 and "sheet.xlsx" in lines[0] and "root:" not in done.output, done.output[:600]


@pytest.mark.parametrize("name", ["codes.xls", "codes.xlsm", "Codes.ODS"])
def test_what_people_take_for_a_sheet_is_named(folder, name):
    (folder / name).write_bytes(b"x")
    done = agree(folder)
    assert done.exit_code == 1 and f"{name}: is not an .xlsx file" in done.output


AGREED = {
    "UTF-16": lambda id: f"id,question,value\n{id},conflict,1\n".encode("utf-16"),
    "Latin-1": lambda id: "id,question,value\n\xe9,conflict,1\n".encode("latin-1"),
    "NUL": lambda id: b"id,question,value\n\0,conflict,1\n",
    "no head": lambda id: f"{id},conflict,1\n".encode(),
    "a column twice": lambda id: b"id,id,question,value\n",
    "empty": lambda id: b"\n",
    "a field too many": lambda id: f"id,question,value\n{id},conflict,1,2\n".encode(),
    "a field too few": lambda id: f"id,question,value\n{id},conflict\n".encode(),
    "nan": lambda id: f"id,question,value\n{id},sources,nan\n".encode(),
    "inf": lambda id: f"id,question,value\n{id},sources,inf\n".encode(),
    "no answer": lambda id: f"id,question,value\n{id},conflict,maybe\n".encode(),
    "another id": lambda id: b"id,question,value\nzzz,conflict,1\n",
    "another question": lambda id: f"id,question,value\n{id},colour,1\n".encode(),
    "two answers": lambda id: f"id,question,value\n{id},conflict,1\n{id},conflict,0\n".encode(),
    "a field of a megabyte": lambda id: b"id,question,value\n" + b"x" * 30_000_000 + b",conflict,1\n",
}


@pytest.mark.parametrize("name", AGREED)
def test_odd_agreed_answers_are_one_line(folder, name):
    (folder / "agreed.csv").write_bytes(AGREED[name](sample.load(folder)[0]["id"][0]))
    done = agree(folder)
    assert done.exit_code == 1 and isinstance(done.exception, SystemExit), repr(done.exception)
    lines = done.output.strip().splitlines()
    assert len(lines) == 1 and "agreed.csv" in lines[0], done.output[:600]


def edited(name, old, new):
    def change(folder):
        text = (folder / name).read_text("utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new, 1), "utf-8")

    return change


def whole(name, content):
    return lambda folder: (folder / name).write_bytes(content)


OURS = {
    "design empty": whole("design.json", b""),
    "design a list": whole("design.json", b"[]"),
    "design with a text for a number": edited("design.json", '"drawn": 20', '"drawn": "20"'),
    "design with another key": edited("design.json", '"drawn"', '"drawing"'),
    "design by another field": edited("design.json", '"outlet"', '"colour"'),
    "design of nothing": edited("design.json", '"drawn": 20', '"drawn": 0'),
    "design nested": whole("design.json", DEEP),
    "design UTF-16": whole("design.json", "{}".encode("utf-16")),
    "sample UTF-16": whole("sample.csv", "id\n".encode("utf-16")),
    "sample empty": whole("sample.csv", b""),
    "sample with another id": edited("sample.csv", "a00", "b00"),
    "sample with a text for a number": edited("sample.csv", ",67,", ",x,"),
    "sample with NUL": edited("sample.csv", "a00", "a\0"),
    "texts a list": whole("texts.jsonl", b"[1]\n"),
    "texts without ids": whole("texts.jsonl", b'{"text": "x"}\n'),
    "texts half": whole("texts.jsonl", b'{"id": "a'),
    "texts UTF-16": whole("texts.jsonl", "{}".encode("utf-16")),
    "texts nested": whole("texts.jsonl", DEEP),
    "codebook UTF-16": whole("codebook.yaml", "title: x".encode("utf-16")),
    "codebook a list": whole("codebook.yaml", b"- x"),
    "codebook nested": whole("codebook.yaml", DEEP[:1000]),
}


@pytest.mark.parametrize("name", OURS)
def test_a_sample_that_was_changed_is_one_line(folder, name):
    (folder / "ada.json").write_bytes(top(folder))
    OURS[name](folder)
    done = agree(folder)
    file = next(
        f for f in ("design.json", "sample.csv", "texts.jsonl", "codebook.yaml") if f.startswith(name.split()[0])
    )
    assert done.exit_code == 1 and isinstance(done.exception, SystemExit), repr(done.exception)
    lines = done.output.strip().splitlines()
    assert len(lines) == 1 and file in lines[0], done.output[:600]


def test_no_text_of_a_coder_runs_in_a_spreadsheet(folder):
    """Names of coders stand in headings too."""
    for number, coder in enumerate(("=cmd|' /C calc'!A0", "@ben", "+1", "-x")):
        content = good(folder, coder)
        content["articles"][0] |= {
            "comment": '=HYPERLINK("https://example.org")',
            "answers": {"conflict": number % 2, "sources": number},
        }
        (folder / f"{number}.json").write_text(json.dumps(content), "utf-8")
    assert agree(folder).exit_code == 0
    differ = pd.read_csv(folder / "disagreements.csv", dtype=str, keep_default_na=False)
    cells = [*differ.columns, *differ.to_numpy().ravel()]
    assert any(cell.startswith("'=cmd") for cell in cells) and not [
        cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    ]


def test_a_guard_against_formulas_is_taken_away_again(tmp_path):
    from coded import table
    from presslab.runs.state import State

    articles = table(20).assign(id=lambda t: "=" + t["id"], outlet="@post")
    chosen, design = sample.draw(articles, 10)
    sample.save(
        State(tmp_path / "c", "coding").ours, chosen, design, dict(zip(articles["id"], articles["text_analysed"]))
    )
    assert (
        "'@post" in (tmp_path / "c" / "sample.csv").read_text()
        and set(sample.load(tmp_path / "c")[0]["outlet"]) == {"@post"}
        and sample.load(tmp_path / "c")[0]["id"].tolist() == chosen["id"].tolist()
    )


@pytest.mark.parametrize(
    "name",
    [
        "sample.csv",
        "design.json",
        "texts.jsonl",
        "codebook.yaml",
        "agreed.csv",
        "ada.json",
        "deep/ada.json",
        "agreement.html",
        "disagreements.csv",
        "deep",
    ],
)
def test_no_link_in_a_folder_of_codes_is_followed(folder, tmp_path, name):
    victim = tmp_path / "victim"
    victim.mkdir() if name == "deep" else victim.write_text("the secret", "utf-8")
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).unlink(missing_ok=True)
    (folder / name).symlink_to(victim)
    done = agree(folder)
    assert done.exit_code == 1 and "is a link" in done.output and "secret" not in done.output, done.output
    assert victim.is_dir() or victim.read_text("utf-8") == "the secret"
