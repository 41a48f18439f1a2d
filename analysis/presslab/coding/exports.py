"""One file that a coder handed in, checked to the last cell: an export of the form (JSON) or a filled sheet (XLSX)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
import io
import json
import math
from pathlib import Path
import re
from typing import Any

from openpyxl import load_workbook

from presslab.reading.formats.archives import checked_zip
from presslab.reading.formats.record import ReaderError
from presslab.reporting.html import plain
from presslab.reporting.wording import many

from . import CodingError
from .codebook import Codebook, Question

FORMAT = "presslab codes 1"
LARGEST = 60_000_000  # bytes of a file, and of a part of a workbook when it is unpacked
MOST_LINES, MOST_MORE = 20_000, 50  # lines of a sheet, and columns beyond its own
LONGEST = 10_000  # characters of a comment
LONGEST_NAME = 100  # characters of a coder's name
OTHERS = (".xls", ".xlsm", ".xlsb", ".ods", ".numbers")  # what people take for an .xlsx file
# of the table of disagreements, which has one for each coder
COLUMNS = {
    "id",
    "title",
    "question",
    "ask",
    "comments",
    "value",
}
NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d{1,3})?", re.ASCII)
AGAIN = "export it from the form again"


@dataclass(frozen=True)
class Mark:
    """A stretch [start, end) of an article's text that a coder marked as being of a kind."""

    kind: str
    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Coded:
    """What a coder says of one article: answers by question, marks, a comment ("": none), whether it can't be coded."""

    id: str
    answers: dict[str, float]
    marks: tuple[Mark, ...]
    comment: str
    uncodable: bool


@dataclass(frozen=True)
class Export:
    """What one coder handed in, with the hashes of the sample and the codebook that it belongs to."""

    coder: str
    sample: str
    codebook: str
    articles: tuple[Coded, ...]


def read_export(path: Path, name: str, book: Codebook, texts: Mapping[str, str]) -> Export | None:
    """Return what a file holds; None for a file that is none of a coder's. `texts` has the texts of the sample by id,
    as coders saw them ({}: not known). Raises CodingError, which begins with `name`, for one that is damaged or that
    presslab did not make."""
    ending = path.suffix.lower()
    if ending in OTHERS:
        raise CodingError(f"{name}: is not an .xlsx file; save it as one, or remove it")
    if ending not in (".json", ".xlsx"):
        return None
    try:
        if path.stat().st_size > LARGEST:
            raise CodingError(f"{name}: is too large for codes (more than {LARGEST // 1_000_000} MB)")
        content = path.read_bytes()
    except OSError as error:
        raise CodingError(f"{name}: can't be read ({error.strerror})") from error
    export = _form(content, name, book, texts) if ending == ".json" else _sheet(content, name, book)
    if export is not None:
        _check_name(export.coder, name)
        ids = [article.id for article in export.articles]
        twice = (
            next((id for place, id in enumerate(ids) if id in ids[:place]), None) if len(set(ids)) < len(ids) else None
        )
        if twice is not None:
            raise CodingError(f"{name}: article {twice} is in it twice; keep one")
    return export


def _check_name(coder: str, name: str) -> None:
    if (
        not coder.strip()
        or len(coder) > LONGEST_NAME
        or coder != plain(coder)
        or not coder.isprintable()
        or coder in COLUMNS
    ):
        raise CodingError(
            f"{name}: {_short(coder)} can't be a coder's name: give 1 to {LONGEST_NAME} plain characters, and none of"
            f" {', '.join(sorted(COLUMNS))}"
        )


def _form(content: bytes, name: str, book: Codebook, texts: Mapping[str, str]) -> Export | None:
    """Return an export of the form; None for other JSON files (design.json is one)."""
    data = _json(content, name)
    if not isinstance(data, dict) or not {"coder", "articles"} <= data.keys():
        return None
    if data.get("format") != FORMAT:
        raise CodingError(
            f"{name}: is not an export that this version reads (format {_short(data.get('format'))}); {AGAIN}"
        )
    _typed(data, {"format": str, "sample": str, "codebook": str, "coder": str, "articles": list}, name)
    articles = tuple(
        _article(entry, f"{name}: article number {number}", book, texts)
        for number, entry in enumerate(data["articles"], start=1)
    )
    return Export(data["coder"], data["sample"], data["codebook"], articles)


def _json(content: bytes, name: str) -> Any:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len({key for key, _ in pairs}) < len(pairs):
            raise ValueError("a key twice in one place")
        return dict(pairs)

    def no_number(word: str) -> float:
        raise ValueError(f"{word} is no number")

    try:
        return json.loads(content.decode("utf-8-sig"), object_pairs_hook=once, parse_constant=no_number)
    except UnicodeDecodeError as error:
        raise CodingError(f"{name}: can't be read (no UTF-8 text); {AGAIN}") from error
    except (ValueError, RecursionError) as error:
        raise CodingError(
            f"{name}: can't be read ({'nested too deep' if isinstance(error, RecursionError) else error}); {AGAIN}"
        ) from error


def _typed(entry: Any, kinds: Mapping[str, type], place: str) -> None:
    """Raise CodingError unless an object has these keys, no others, and values of these types."""
    if not isinstance(entry, dict):
        raise CodingError(
            f"{place}: is damaged ({_short(entry)} where an object with {', '.join(kinds)} belongs); {AGAIN}"
        )
    wrong = [f"{key} is missing" for key in kinds if key not in entry] + [
        f"unknown key {_short(key)}" for key in entry if key not in kinds
    ]
    wrong += [
        f"{key} is {_short(entry[key])}" for key, kind in kinds.items() if key in entry and type(entry[key]) is not kind
    ]
    if wrong:
        raise CodingError(f"{place}: is damaged ({wrong[0]}); {AGAIN}")


def _article(entry: Any, place: str, book: Codebook, texts: Mapping[str, str]) -> Coded:
    _typed(entry, {"id": str, "answers": dict, "marks": list, "comment": str, "uncodable": bool}, place)
    place = f"{place} ({_short(entry['id'])})"
    questions = {q.name: q for q in book.questions}
    answers = {}
    for question, value in entry["answers"].items():
        if question not in questions:
            raise CodingError(f"{place} answers a question that the codebook does not have: {_short(question)}")
        answers[question] = _fitting(questions[question], value, f"{place}, {question}")
    text = texts.get(entry["id"])
    marks = tuple(
        _mark(mark, f"{place}, mark {number}", book, text) for number, mark in enumerate(entry["marks"], start=1)
    )
    return Coded(entry["id"], answers, marks, _comment(entry["comment"], place), entry["uncodable"])


def _mark(entry: Any, place: str, book: Codebook, text: str | None) -> Mark:
    _typed(entry, {"kind": str, "start": int, "end": int, "text": str}, place)
    mark = Mark(entry["kind"], entry["start"], entry["end"], entry["text"])
    if mark.kind not in {s.name for s in book.spans}:
        raise CodingError(f"{place}: the codebook does not know the kind {_short(mark.kind)}")
    if not 0 <= mark.start < mark.end < 10**9 or len(mark.text) != mark.end - mark.start:
        raise CodingError(f"{place}: {_short(mark.start)} to {_short(mark.end)} is not a stretch of the text; {AGAIN}")
    if text is not None and text[mark.start : mark.end] != mark.text:
        raise CodingError(f"{place}: the text from {mark.start} to {mark.end} is another; {AGAIN}")
    return mark


def _sheet(content: bytes, name: str, book: Codebook) -> Export | None:
    """Return a coding sheet; rows without an answer are left out. None for other workbooks."""
    sheets = _workbook(content, name, len(book.questions) + MOST_MORE)
    if not {"codes", "about"} & sheets.keys():
        return None
    if not {"codes", "about"} <= sheets.keys() or not sheets["codes"]:
        raise CodingError(
            f"{name}: the sheets “codes” and “about” belong in it; copy what was filled in into the sheet as it was"
            " made"
        )
    about = {_cell(row[0]): _cell(row[1]) if len(row) > 1 else "" for row in sheets["about"] if row}
    missing_keys = [key for key in ("coder", "sample", "codebook") if not about.get(key)]
    if missing_keys:
        raise CodingError(
            f"{name}: the sheet “about” was changed ({', '.join(missing_keys)} missing); copy it from the sheet as it"
            " was made"
        )
    questions = {q.name: q for q in book.questions}
    head, *rows = [[_cell(value) for value in row] for row in sheets["codes"]]
    for column in ("id", *questions, "comment", "uncodable"):
        if head.count(column) != 1:
            raise CodingError(
                f"{name}: the sheet “codes” has {head.count(column)} columns {column}; leave the first line as it was"
                " made"
            )
    articles = []
    for number, row in enumerate(rows, start=2):
        place = f"{name}: codes, line {number}"
        cells = dict(zip(head, row))
        answers = {
            key: answer(question, cells[key], f"{place}, {key}")
            for key, question in questions.items()
            if cells.get(key)
        }
        uncodable = cells.get("uncodable", "").lower()
        if uncodable not in ("", "yes", "no"):
            raise CodingError(f"{place}: uncodable is yes or nothing, not {_short(uncodable)}")
        if answers or cells.get("comment") or uncodable == "yes":
            articles.append(
                Coded(cells.get("id", ""), answers, (), _comment(cells.get("comment", ""), place), uncodable == "yes")
            )
    return Export(about["coder"], about["sample"], about["codebook"], tuple(articles))


def _workbook(content: bytes, name: str, columns: int) -> dict[str, list[tuple]]:
    """Return the cells of the sheets “codes” and “about”, formulas as they are written: what they came to is not
    looked at."""
    try:
        with checked_zip(io.BytesIO(content)) as archive:
            parts = [member for member in archive.infolist() if member.filename.lower().endswith((".xml", ".rels"))]
            if any(member.file_size > LARGEST for member in parts):
                raise CodingError(f"{name}: is too large for codes (more than {LARGEST // 1_000_000} MB when unpacked)")
            if any(re.search(rb"<!(DOCTYPE|ENTITY)", archive.read(member).replace(b"\0", b"")) for member in parts):
                raise CodingError(
                    f"{name}: holds definitions (DTD), as no workbook does that a coder fills in; it was not read"
                )
            if any(
                re.search(rb"<(\w+:)?mergeCell\b", archive.read(member))
                for member in parts
                if member.filename.startswith("xl/worksheets/")
            ):
                raise CodingError(
                    f"{name}: cells are merged, so that it is unclear which articles an answer is for; undo that"
                )
        workbook = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        sheets = [sheet for sheet in workbook.worksheets if sheet.title in ("codes", "about")]
        for sheet in sheets:
            sheet.reset_dimensions()  # what a file says of its size is not to be trusted
        cells = {
            sheet.title: list(sheet.iter_rows(max_row=MOST_LINES + 1, max_col=columns, values_only=True))
            for sheet in sheets
        }
        workbook.close()
        if any(len(rows) > MOST_LINES for rows in cells.values()):
            raise CodingError(f"{name}: a sheet has more than {many(MOST_LINES, 'line')}")
    except ReaderError as error:
        raise CodingError(f"{name}: {error}") from error
    except CodingError:
        raise
    except Exception as error:  # openpyxl lets through whatever zipfile, the XML parser and its own lookups raise
        raise CodingError(
            f"{name}: can't be read as a workbook ({type(error).__name__}); save it again as .xlsx"
        ) from error
    return cells


def _cell(value: Any) -> str:
    """Return a cell as text; a whole number without its point, as an id is written."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return "" if value is None else str(value).strip()


def answer(question: Question, text: str, place: str) -> float:
    """Return an answer as a cell has it: the number itself, “1 yes” or “yes”. Raises CodingError, which begins with
    `place`."""
    text = text.strip()
    for number, label in question.values:
        if text in (label, f"{number:g} {label}"):
            return number
    if not NUMBER.fullmatch(text):
        raise CodingError(f"{place}: {_short(text)} is no answer to it")
    return _fitting(question, float(text.replace(",", ".")), place)


def _fitting(question: Question, value: Any, place: str) -> float:
    """Return a number that is an answer. Raises CodingError for another, or for none."""
    if (
        type(value) not in (int, float)
        or not -1e12 <= value <= 1e12
        or not math.isfinite(value)
        or not question.fits(value)
    ):
        raise CodingError(f"{place}: {_short(value)} is no answer to it")
    return float(value)


def _comment(text: str, place: str) -> str:
    if len(text) > LONGEST:
        raise CodingError(f"{place}: the comment is longer than {many(LONGEST, 'character')}")
    return text.encode("utf-8", "replace").decode()  # half of a surrogate pair, which no file can hold


def _short(value: Any) -> str:
    """Return a value in an error's message, in plain characters and short: a number of 4,000 digits can't be
    written out at all."""
    if isinstance(value, int) and abs(value) > 10**15:
        return "a number beyond all bounds"
    if isinstance(value, list | dict):
        return "a list" if isinstance(value, list) else "an object"
    return f"“{plain(' '.join(value[:60].split()))}”" if isinstance(value, str) else repr(value)
