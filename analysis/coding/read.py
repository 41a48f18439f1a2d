"""Read what coders handed in: exports of the form, filled sheets, and what was agreed on afterwards."""

from __future__ import annotations

import csv
from dataclasses import dataclass
import json
import math
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from openpyxl import load_workbook
import pandas as pd

from . import CodingError
from .codebook import Codebook, Question, SpanKind, load as load_codebook
from .form import fingerprint
from .sample import Design, load as load_sample, texts, word_count

CODEBOOK, AGREED = "codebook.yaml", "agreed.csv"
FORMAT = "presslab codes 1"
CODES = ("id", "coder", "question", "value")
MARKS = ("id", "coder", "kind", "start", "end", "text")
NOTES = ("id", "coder", "comment", "uncodable")


@dataclass(frozen=True)
class Coding:
    """A coded sample: the design, the sample's table, the codebook, and what coders handed in as tidy tables.

    `codes` has a row an answer (CODES), `marks` a row a marked stretch (MARKS), `notes` a row an article and coder that
    has a comment or can't be coded (NOTES). `agreed` are answers settled after discussion (id, question, value): where
    there is one it counts, not those of the coders. `files` names what was read.
    """

    folder: Path
    design: Design
    sample: pd.DataFrame
    book: Codebook
    codes: pd.DataFrame
    marks: pd.DataFrame
    notes: pd.DataFrame
    agreed: pd.DataFrame
    files: tuple[str, ...]

    @property
    def coders(self) -> tuple[str, ...]:
        """Who handed in codes."""
        return tuple(sorted(set(self.codes["coder"]) | set(self.marks["coder"]) | set(self.notes["coder"])))

    def texts(self) -> dict[str, str]:
        """The texts of the sample by id, as coders saw them; {} where texts.jsonl was taken away."""
        return texts(self.folder)

    def table(self, question: str) -> pd.DataFrame:
        """The answers to a question: a row an article (the sample's order), a column a coder, NaN where there is none."""
        found = self.codes[self.codes["question"] == question]
        wide = found.pivot(index="id", columns="coder", values="value")
        return wide.reindex(index=self.sample["id"], columns=sorted(set(self.codes["coder"])))

    def settled(self, question: str) -> pd.Series:
        """One value an article: what was agreed on, else the mean of the coders' answers; NaN where nobody answered."""
        means = self.table(question).mean(axis=1, skipna=True)
        agreed = self.agreed[self.agreed["question"] == question].set_index("id")["value"]
        means.update(agreed)
        return means.rename(question)


def read(folder: Path) -> Coding:
    """Read a folder that `presslab sample` made, with the codes that were put there: any .json exported from the form, any
    filled .xlsx, and agreed.csv (id, question, value), in it or in folders below.

    Raises CodingError, which names the file, for codes of another sample or codebook, two files of one coder, and answers
    that are none.
    """
    sample, design = load_sample(folder)
    book = load_codebook(folder / CODEBOOK)
    ids = set(sample["id"])
    codes, marks, notes, seen, files = [], [], [], {}, []
    for path in sorted(p for p in folder.rglob("*") if p.suffix in (".json", ".xlsx") and not p.name.startswith((".", "~"))):
        name = path.relative_to(folder).as_posix()
        entry = _exported(path, name) if path.suffix == ".json" else _filled(path, name, book)
        if entry is None:
            continue
        coder, found = entry["coder"], entry["articles"]
        if entry["sample"] != design.sample:
            raise CodingError(f"{name}: these codes are of another sample; take the file away, or name the folder that they belong to")
        if entry["codebook"] != fingerprint(book):
            raise CodingError(f"{name}: the codebook was changed after the forms were made; put the old one back, or make new forms")
        if not found:
            continue
        if coder in seen:
            raise CodingError(f"{name}: {coder} has handed in {seen[coder]} already; keep one of the two")
        seen[coder] = name
        files.append(name)
        for article in found:
            _take(article, coder, name, ids, book, codes, marks, notes)
    agreed = _agreed(folder, ids, book)
    if len(agreed):
        files.append(AGREED)
    codes = pd.DataFrame(codes, columns=list(CODES)).astype({"value": float})
    shares = _shares(pd.DataFrame(marks, columns=list(MARKS)), book.spans, codes, dict(zip(sample["id"], sample["words"])))
    return Coding(folder, design, sample, book, _tidy(pd.concat([codes, shares]) if len(shares) else codes, ["id", "coder", "question"]),
                  _tidy(pd.DataFrame(marks, columns=list(MARKS)), ["id", "coder", "kind", "start"]),
                  _tidy(pd.DataFrame(notes, columns=list(NOTES)), ["id", "coder"]), agreed, tuple(sorted(files)))  # fmt: skip


def _tidy(table: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    return table.sort_values(keys, kind="stable", ignore_index=True)


def _take(article: Any, coder: str, name: str, ids: set[str], book: Codebook, codes: list, marks: list, notes: list) -> None:
    """Check one article of an export and add its rows."""
    try:
        key, answers, comment, uncodable = article["id"], article["answers"], article["comment"], bool(article["uncodable"])
        marked = [(m["kind"], int(m["start"]), int(m["end"]), str(m["text"])) for m in article["marks"]]
        given = {str(q): float(v) for q, v in answers.items()}
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise CodingError(f"{name}: is damaged ({type(error).__name__}: {error}); export it from the form again") from error
    if key not in ids:
        raise CodingError(f"{name}: article {key} is not in the sample")
    if comment or uncodable:
        notes.append((key, coder, str(comment), uncodable))
    if uncodable:
        return
    for question, value in given.items():
        try:
            asked = next(q for q in book.questions if q.name == question)
        except StopIteration:
            raise CodingError(f"{name}: article {key} answers a question that the codebook does not have: {question}") from None
        if not math.isfinite(value) or not asked.fits(value):
            raise CodingError(f"{name}: article {key}, {question}: {value:g} is no answer to it")
        codes.append((key, coder, question, value))
    kinds = {s.name for s in book.spans}
    for kind, start, end, text in marked:
        if kind not in kinds or not 0 <= start < end:
            raise CodingError(f"{name}: article {key} has a mark that the codebook does not know: {kind} {start}–{end}")
        marks.append((key, coder, kind, start, end, text))


def _exported(path: Path, name: str) -> dict | None:
    """An export of the form; None for other JSON files (design.json is one)."""
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise CodingError(f"{name}: can't be read ({error}); export it from the form again") from error
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        return None
    if not all(isinstance(found.get(k), str) for k in ("coder", "sample", "codebook")) or not isinstance(found.get("articles"), list):
        raise CodingError(f"{name}: is damaged; export it from the form again")
    return found


def _filled(path: Path, name: str, book: Codebook) -> dict | None:
    """A coding sheet as an export of the form would be; rows without an answer are left out. None for other workbooks."""
    try:
        workbook = load_workbook(path, read_only=True, data_only=True)
        if not {"codes", "about"} <= set(workbook.sheetnames):
            return None
        about = {str(row[0]): str(row[1]) for row in workbook["about"].iter_rows(values_only=True, max_col=2) if row[0]}
        head, *rows = workbook["codes"].iter_rows(values_only=True)
        workbook.close()
    except (OSError, BadZipFile, KeyError, ValueError) as error:
        raise CodingError(f"{name}: can't be read as a workbook ({error})") from error
    questions = {q.name: q for q in book.questions}
    articles = []
    for number, row in enumerate(rows, start=2):
        cells = {str(k): v for k, v in zip(head, row) if k is not None and v is not None and str(v).strip()}
        answers = {k: _value(questions[k], v, f"{name}: codes, line {number}, {k}") for k, v in cells.items() if k in questions}
        if cells.get("id") and (answers or cells.get("comment") or cells.get("uncodable")):
            articles.append({"id": str(cells["id"]), "answers": answers, "marks": [], "comment": str(cells.get("comment", "")),
                             "uncodable": str(cells.get("uncodable", "")).lower() == "yes"})  # fmt: skip
    missing = {"coder", "sample", "codebook"} - set(about)
    if missing:
        raise CodingError(f"{name}: the sheet “about” was changed ({', '.join(sorted(missing))} missing); copy it from the sheet as it was made")
    return {**about, "articles": articles}


def _value(question: Question, value: Any, place: str) -> float:
    """A cell as a number: the number itself, “1 yes” or “yes”."""
    text = str(value).strip()
    for number, label in question.values:
        if text in (label, f"{number:g} {label}"):
            return number
    try:
        return float(text.replace(",", "."))
    except ValueError:
        raise CodingError(f"{place}: “{text}” is no answer to it") from None


def _agreed(folder: Path, ids: set[str], book: Codebook) -> pd.DataFrame:
    path, rows = folder / AGREED, []
    if path.is_file():
        questions = {q.name: q for q in book.asked()}
        with path.open(encoding="utf-8-sig", newline="") as stream:
            for number, row in enumerate(csv.DictReader(stream), start=2):
                place = f"{AGREED}:{number}"
                if not {"id", "question", "value"} <= set(row):
                    raise CodingError(f"{AGREED}:1: expected the columns id, question, value")
                if row["id"] not in ids:
                    raise CodingError(f"{place}: article {row['id']} is not in the sample")
                if row["question"] not in questions:
                    raise CodingError(f"{place}: the codebook has no question {row['question']}")
                if not (row["value"] or "").strip():
                    continue  # not settled yet
                value = _value(questions[row["question"]], row["value"], place)
                if not questions[row["question"]].fits(value):
                    raise CodingError(f"{place}: {value:g} is no answer to {row['question']}")
                rows.append((row["id"], row["question"], value))
    found = pd.DataFrame(rows, columns=["id", "question", "value"]).astype({"value": float})
    twice = found[found.duplicated(["id", "question"])]
    if len(twice):
        raise CodingError(f"{AGREED}: article {twice.iloc[0]['id']} has two answers to {twice.iloc[0]['question']}; keep one")
    return found


def _shares(marks: pd.DataFrame, kinds: tuple[SpanKind, ...], codes: pd.DataFrame, words: dict[str, int]) -> pd.DataFrame:
    """For each kind of span the share of an article's words that a coder marked, as codes.

    A coder who marked this kind somewhere found none in the articles that were answered without such a mark: 0.
    """
    rows = []
    for kind in kinds:
        mine = marks[marks["kind"] == kind.name]
        counts = mine.assign(words=mine["text"].map(word_count)).groupby(["id", "coder"])["words"].sum().to_dict()
        for coder in sorted(set(mine["coder"])):
            read_by = sorted(set(codes.loc[codes["coder"] == coder, "id"]) | set(mine.loc[mine["coder"] == coder, "id"]))
            rows += [(id, coder, f"{kind.name}_share", min(1.0, counts.get((id, coder), 0) / max(words[id], 1))) for id in read_by]
    return pd.DataFrame(rows, columns=list(CODES)).astype({"value": float})
