"""The coding sheet: the same questions as an Excel workbook with lists to choose from, for whoever prefers that."""

from __future__ import annotations

import math
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet
import pandas as pd

from presslab.reading.names import slug
from presslab.reporting.html import plain
from presslab.runs.excel import CHARACTERS, save

from .codebook import Codebook, Question
from .form import fingerprint

LONGEST_ID = 200  # characters in a cell that is to be read
BOLD, WRAP = Font(bold=True), Alignment(wrap_text=True, vertical="top")


def sheet(
    book: Codebook, articles: pd.DataFrame, coder: str, sample: str, path: Path, show_outlet: bool = False
) -> None:
    """Write the workbook of one coder; arguments as in `form.form`. Spans can't be marked in it.

    Its sheets: codes (one row per article, one column per question), articles (one row per paragraph), codebook, lists,
    about."""
    workbook = Workbook()
    codes, texts, questions, lists, about = (
        workbook.active,
        *(workbook.create_sheet(n) for n in ("articles", "codebook", "lists", "about")),
    )
    codes.title = "codes"
    places = _texts(texts, articles, show_outlet)
    head = ["id", "title", *(q.name for q in book.questions), "comment", "uncodable"]
    for column, name in enumerate(head, start=1):
        _put(codes, 1, column, name, BOLD)
        codes.column_dimensions[get_column_letter(column)].width = {"id": 18, "title": 40, "comment": 40}.get(name, 16)
    for row, article in enumerate(articles.to_dict("records"), start=2):
        _put(codes, row, 1, called(article["id"]))
        _put(codes, row, 2, article["title"] or article["id"])
        codes.cell(row, 2).hyperlink = f"#articles!A{places[article['id']]}"
    last = len(articles) + 1
    for column, question in enumerate(book.questions, start=3):
        rule = _rule(question, lists, column - 2)
        rule.add(f"{get_column_letter(column)}2:{get_column_letter(column)}{last}")
        codes.add_data_validation(rule)
    yes = DataValidation(type="list", formula1='"yes"', allow_blank=True, showErrorMessage=True)
    yes.add(f"{get_column_letter(len(head))}2:{get_column_letter(len(head))}{last}")
    codes.add_data_validation(yes)
    codes.freeze_panes = "C2"
    _codebook(questions, book)
    lists.sheet_state = "hidden"
    facts = [
        ("coder", coder),
        ("sample", sample),
        ("codebook", fingerprint(book)),
        ("how to", book.instructions),
        ("", "Fill in the sheet “codes”; leave this sheet as it is. The title is a link to the text."),
    ]
    for row, (name, value) in enumerate(facts, start=1):
        _put(about, row, 1, name, BOLD)
        _put(about, row, 2, value)
    about.column_dimensions["B"].width = 110
    save(workbook, path)


def called(id: str) -> str:
    """Return what a sheet calls an article: its id, or its slug if a cell would change the id (a line end, a blank at
    the edge)."""
    return id if id.isprintable() and id == id.strip() and len(id) <= LONGEST_ID else slug(id)


def shown(question: Question, value: float) -> str:
    """Return an answer as the lists of the workbook show it: number and label."""
    return f"{value:g} {question.label(value)}"


def _texts(sheet_: Worksheet, articles: pd.DataFrame, show_outlet: bool) -> dict[str, int]:
    """Write the articles, a paragraph a row; returns the row that each begins in."""
    sheet_.column_dimensions["A"].width, sheet_.column_dimensions["B"].width = 18, 110
    places, row = {}, 1
    for article in articles.to_dict("records"):
        places[article["id"]] = row
        _put(sheet_, row, 1, called(article["id"]), BOLD)
        if show_outlet:
            _put(sheet_, row, 2, " · ".join(article[name] for name in ("outlet", "published") if article[name]))
        for part in article["text_analysed"].split("\n\n"):
            for begin in range(0, len(part), CHARACTERS):
                row += 1
                _put(sheet_, row, 2, part[begin : begin + CHARACTERS])
        row += 2
    return places


def _rule(question: Question, lists: Worksheet, column: int) -> DataValidation:
    if question.values:
        for row, (value, _) in enumerate(question.values, start=1):
            _put(lists, row, column, shown(question, value))
        letter = get_column_letter(column)
        rule = DataValidation(
            type="list", formula1=f"lists!${letter}$1:${letter}${len(question.values)}", allow_blank=True
        )
    else:
        low = question.low if math.isfinite(question.low) else -1e12
        high = question.high if math.isfinite(question.high) else 1e12
        rule = DataValidation(
            type="decimal", operator="between", formula1=f"{low:g}", formula2=f"{high:g}", allow_blank=True
        )
    rule.showErrorMessage, rule.errorTitle, rule.error = (
        True,
        "No answer here",
        "Choose from the list, or give a number within the bounds.",
    )
    rule.showInputMessage, rule.promptTitle, rule.prompt = True, question.name[:32], question.ask[:250]
    return rule


def _codebook(sheet_: Worksheet, book: Codebook) -> None:
    for column, (name, width) in enumerate(
        {"question": 22, "asks": 50, "answers": 30, "definition": 70, "examples": 60}.items(), start=1
    ):
        _put(sheet_, 1, column, name, BOLD)
        sheet_.column_dimensions[get_column_letter(column)].width = width
    for row, q in enumerate(book.questions, start=2):
        answers = "\n".join(shown(q, v) for v, _ in q.values) or q.unit
        for column, value in enumerate((q.name, q.ask, answers, q.definition, "\n".join(q.examples)), start=1):
            _put(sheet_, row, column, value)


def _put(sheet_: Worksheet, row: int, column: int, value: str, font: Font | None = None) -> None:
    """Write text to a cell that is never a formula."""
    cell = sheet_.cell(row, column, ILLEGAL_CHARACTERS_RE.sub("\ufffd", plain(value))[:CHARACTERS])
    cell.data_type, cell.quotePrefix, cell.alignment = "s", cell.value.startswith(("=", "+", "-", "@")), WRAP
    if font:
        cell.font = font
