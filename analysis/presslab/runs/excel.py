"""All tables of a run in one Excel workbook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, islice
import math
from pathlib import Path
import re
import shutil
from typing import TYPE_CHECKING, overload
import zipfile

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

from presslab.reporting.wording import either, many, number
from presslab.system import files
from presslab.system.files import part
from presslab.system.formulas import STARTS
from presslab.system.outputs import publish

from . import finished

if TYPE_CHECKING:
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

ROWS, CHARACTERS = 1_048_576, 32_767  # what a sheet and a cell can hold
TIME = (1980, 1, 1, 0, 0, 0)
BOLD = Font(bold=True)
ABOUT = (
    (
        "Each sheet is a table of the run; the sheet codebook says what each measure means, how it is computed and how"
        " far to trust it."
    ),
    (
        "low and high are the 95 % interval of a value; n is what the value was counted on; an empty cell could not be"
        " measured."
    ),
    "Texts are as in the articles. A text that begins like a formula is kept as text.",
)


def write(run: Path, path: Path) -> list[str]:
    """Write the tables, the codebook and how to cite them to an .xlsx file, whole or not at all, the same bytes for
    the same run. Returns a line for each table that needed several sheets and for each whose long texts were cut to
    what a cell can hold. Raises Stopped if the folder contains no finished run, or a file of it can't be used.
    """
    package, cards = finished.described(run), finished.listed(run, "codebook.csv", "measure")
    tables = finished.tables(run)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = part(path)
    partial.touch()  # where nothing can be written this fails, before openpyxl has files open that it would complain of
    partial.unlink()
    book, notes = Workbook(write_only=True), []
    about = book.create_sheet("about")
    about.column_dimensions["A"].width = 120
    for line in (package["title"], package["presslab"]["citation"], *ABOUT):
        about.append([_cell(about, line)])
    notes += _table(
        book, "codebook", tuple(cards[0]) if cards else ("measure",), (tuple(card.values()) for card in cards)
    )
    try:
        for name in tables:
            rows = finished.rows(run, name)
            notes += _table(book, name, next(rows), rows)
    except files.Stopped:
        for sheet in book:
            sheet.close()
        raise
    try:
        save(book, partial)
        publish(partial, path)
    finally:
        partial.unlink(missing_ok=True)
    return notes


def _table(book: Workbook, name: str, head: Sequence[str], rows: Iterator[tuple]) -> list[str]:
    """Add a table, on as many sheets as it needs; one if it has no rows."""
    sheets, cut_count = 0, 0
    while (part := list(islice(rows, 1))) or not sheets:
        sheets += 1
        sheet = book.create_sheet(name if sheets == 1 else f"{name} {sheets}")
        sheet.freeze_panes = "B2"
        for letter in "ABCDEF":
            sheet.column_dimensions[letter].width = 22
        titles = [_cell(sheet, title) for title in head]
        for cell in titles:
            cell.font = BOLD
        sheet.append(titles)
        for row in chain(part, islice(rows, ROWS - 2)):
            cut_count += sum(isinstance(value, str) and len(value) > CHARACTERS for value in row)
            sheet.append([_cell(sheet, value) for value in row])
    notes = [f"{name} is longer than a sheet can be: it goes on in {name} 2 to {name} {sheets}"] if sheets > 1 else []
    if cut_count:
        notes.append(
            f"{name}: {many(cut_count, 'text')} {either(cut_count, 'was', 'were')} cut to {number(CHARACTERS)}"
            f" characters, what a cell can hold; the CSV has {either(cut_count, 'it', 'them')} whole"
        )
    return notes


@overload
def _cell(sheet: WriteOnlyWorksheet, value: str) -> Cell: ...
@overload
def _cell(sheet: WriteOnlyWorksheet, value: object) -> Cell | None: ...
def _cell(sheet: WriteOnlyWorksheet, value: object) -> Cell | None:
    """Return a cell that is never a formula."""
    if value is None or isinstance(value, float) and not math.isfinite(value):
        return None
    if not isinstance(value, str):
        return WriteOnlyCell(sheet, value)
    text = re.sub(
        "[\ufffe\uffff]", "\ufffd", ILLEGAL_CHARACTERS_RE.sub("\ufffd", value.encode("utf-8", "replace").decode())
    )[:CHARACTERS]
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    cell.quotePrefix = text.startswith(STARTS)
    return cell


def save(book: Workbook, path: Path) -> None:
    """Save without the clock."""
    draft = part(path)
    try:
        book.save(draft)
        with zipfile.ZipFile(draft) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
            for entry in old.infolist():
                plain = zipfile.ZipInfo(entry.filename, TIME)
                plain.compress_type = zipfile.ZIP_DEFLATED
                if entry.filename == "docProps/core.xml":
                    new.writestr(plain, re.sub(rb"\d{4}-\d\d-\d\dT[\d:]+Z", b"1980-01-01T00:00:00Z", old.read(entry)))
                else:
                    with old.open(entry) as source, new.open(plain, "w") as target:
                        shutil.copyfileobj(source, target)
    finally:
        draft.unlink(missing_ok=True)
