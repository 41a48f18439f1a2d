"""Read what coders handed in: exports of the form, filled sheets, and what was agreed on afterwards."""

from __future__ import annotations

from collections.abc import Iterator
import csv
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from presslab.runs.finished import below
from presslab.system.files import inside

from . import CodingError
from .codebook import Codebook, SpanKind, load as load_codebook
from .exports import LARGEST, answer, read_export
from .form import fingerprint
from .sample import Design, load as load_sample, texts, word_count
from .sheet import called

CODEBOOK, AGREED = "codebook.yaml", "agreed.csv"
CODES = ("id", "coder", "question", "value")
MARKS = ("id", "coder", "kind", "start", "end", "text")
NOTES = ("id", "coder", "comment", "uncodable")


@dataclass(frozen=True)
class Coding:
    """A coded sample: the design, the sample's table, the codebook, and what coders handed in as tidy tables.

    `codes` has one row per answer (CODES), `marks` one row per marked stretch (MARKS), `notes` one row per article
    and coder that has a comment or can't be coded (NOTES). `agreed` are answers settled after discussion (id,
    question, value): if there is one it counts, not those of the coders. `files` names what was read.
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
        """Return the texts of the sample by id, as coders saw them; {} if texts.jsonl was removed."""
        return texts(self.folder)

    def table(self, question: str) -> pd.DataFrame:
        """Return the answers to a question: one row per article (the sample's order), one column per coder, NaN if
        there is none."""
        rows = self.codes[self.codes["question"] == question]
        wide = rows.pivot(index="id", columns="coder", values="value")
        return wide.reindex(index=self.sample["id"], columns=sorted(set(self.codes["coder"])))

    def settled(self, question: str) -> pd.Series:
        """Return one value an article: what was agreed on, otherwise the mean of the coders' answers; NaN if nobody
        answered."""
        means = self.table(question).mean(axis=1, skipna=True)
        values = self.agreed[self.agreed["question"] == question].set_index("id")["value"]
        means.update(values)
        return means.rename(question)


def read(folder: Path) -> Coding:
    """Read a folder that `presslab sample` made, with the codes that were put there: any .json exported from the form,
    any filled .xlsx, and agreed.csv (id, question, value), in it or in folders below.

    Raises CodingError, which names the file, for codes of another sample or codebook, two files of one coder, and
    answers that are none; Stopped for a link."""
    sample, design = load_sample(folder)
    book, article_texts = load_codebook(inside(folder, CODEBOOK)), texts(folder)
    ids = set(sample["id"])
    in_sheets = {called(id): id for id in sample["id"]}
    codes, marks, notes, files = [], [], [], []
    coders: dict[str, str] = {}
    for name in below(folder):
        export = (
            read_export(folder / name, name, book, article_texts)
            if not Path(name).name.startswith((".", "~"))
            else None
        )
        if export is None:
            continue
        if export.sample != design.sample:
            raise CodingError(
                f"{name}: these codes are of another sample; remove the file, or name the folder that they belong to"
            )
        if export.codebook != fingerprint(book):
            raise CodingError(
                f"{name}: the codebook was changed after the forms were made; put the old one back, or make new forms"
            )
        if not export.articles:
            continue
        if export.coder in coders:
            raise CodingError(
                f"{name}: {export.coder} has handed in {coders[export.coder]} already; keep one of the two"
            )
        coders[export.coder] = name
        files.append(name)
        for article in export.articles:
            id = article.id if article.id in ids else in_sheets.get(article.id)
            if id is None:
                raise CodingError(f"{name}: article {article.id} is not in the sample")
            if article.comment or article.uncodable:
                notes.append((id, export.coder, article.comment, article.uncodable))
            if not article.uncodable:
                codes += [(id, export.coder, question, value) for question, value in article.answers.items()]
                marks += [(id, export.coder, m.kind, m.start, m.end, m.text) for m in article.marks]
    agreed_codes = _agreed(folder, ids, book)
    if len(agreed_codes):
        files.append(AGREED)
    codes = pd.DataFrame(codes, columns=list(CODES)).astype({"value": float})
    shares = _shares(
        pd.DataFrame(marks, columns=list(MARKS)), book.spans, codes, dict(zip(sample["id"], sample["words"]))
    )
    return Coding(
        folder,
        design,
        sample,
        book,
        _tidy(pd.concat([codes, shares]) if len(shares) else codes, ["id", "coder", "question"]),
        _tidy(pd.DataFrame(marks, columns=list(MARKS)), ["id", "coder", "kind", "start"]),
        _tidy(pd.DataFrame(notes, columns=list(NOTES)), ["id", "coder"]),
        agreed_codes,
        tuple(sorted(files)),
    )


def _tidy(table: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    return table.sort_values(keys, kind="stable", ignore_index=True)


def _agreed(folder: Path, ids: set[str], book: Codebook) -> pd.DataFrame:
    """Return the answers in agreed.csv, none if there is no such file."""
    questions = {q.name: q for q in book.asked()}
    agreed_codes: dict[tuple[str, str], float] = {}
    for number, row in _lines(inside(folder, AGREED)):
        place = f"{AGREED}:{number}"
        if None in row or None in row.values():
            raise CodingError(f"{place}: has more or fewer fields than the first line")
        key = row["id"], row["question"]
        if key[0] not in ids:
            raise CodingError(f"{place}: article {key[0]} is not in the sample")
        if key[1] not in questions:
            raise CodingError(f"{place}: the codebook has no question {key[1]}")
        if not row["value"].strip():
            continue  # not agreed yet
        if key in agreed_codes:
            raise CodingError(f"{place}: article {key[0]} has two answers to {key[1]}; keep one")
        agreed_codes[key] = answer(questions[key[1]], row["value"], place)
    return pd.DataFrame(
        [(*key, value) for key, value in agreed_codes.items()], columns=["id", "question", "value"]
    ).astype({"value": float})


def _lines(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the rows of agreed.csv with their line numbers."""
    try:
        if not path.is_file():
            return
        if path.stat().st_size > LARGEST:
            raise CodingError(f"{AGREED}: is too large for answers (more than {LARGEST // 1_000_000} MB)")
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream)
            head = list(reader.fieldnames or ())
            if any(head.count(name) != 1 for name in ("id", "question", "value")):
                raise CodingError(f"{AGREED}:1: expected the columns id, question, value")
            for row in reader:
                yield reader.line_num, row
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        reason = (
            error.strerror
            if isinstance(error, OSError)
            else "no UTF-8 text"
            if isinstance(error, UnicodeDecodeError)
            else error
        )
        raise CodingError(f"{AGREED}: can't be read ({reason}); save it as CSV in UTF-8") from error


def _shares(
    marks: pd.DataFrame, kinds: tuple[SpanKind, ...], codes: pd.DataFrame, words: dict[str, int]
) -> pd.DataFrame:
    """Return for each kind of span the share of an article's words that a coder marked, as codes.

    A coder who marked this kind somewhere found none in the articles that were answered without such a mark: 0.
    """
    rows = []
    for kind in kinds:
        mine = marks[marks["kind"] == kind.name]
        counts = mine.assign(words=mine["text"].map(word_count)).groupby(["id", "coder"])["words"].sum().to_dict()
        for coder in sorted(set(mine["coder"])):
            ids = sorted(set(codes.loc[codes["coder"] == coder, "id"]) | set(mine.loc[mine["coder"] == coder, "id"]))
            rows += [
                (id, coder, f"{kind.name}_share", min(1.0, counts.get((id, coder), 0) / max(words[id], 1)))
                for id in ids
            ]
    return pd.DataFrame(rows, columns=list(CODES)).astype({"value": float})
