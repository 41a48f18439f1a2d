"""Write the tidy tables of a run as Parquet and CSV, piece by piece, whatever the number of articles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
import csv
from dataclasses import asdict
from io import StringIO
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from presslab.measures.cards import builtin
from presslab.measures.tables import NUMBER, TEXT, column
from presslab.reading.account import Account
from presslab.reading.article import Failure
from presslab.system.files import Stopped, part
from presslab.system.formulas import EXACT, no_formula
from presslab.system.ours import Ours
from presslab.system.outputs import publish

from .state import FILE, REMEDY, State

if TYPE_CHECKING:
    import pandas as pd  # these two are imported where they are needed: a table as CSV needs neither
    import pyarrow as pa

ARTICLES_AT_ONCE = 50
MOST_SOURCES = 12
INDEX_FIELDS = ("id", "slug", "title", "outlet", "published", "byline", "file", "removed_count")


class TableWriter:
    """One table of a run as tables/NAME.parquet and tables/NAME.csv; rows are added in batches and both files appear
    when it is closed.

    `columns` are its columns with their types. A missing text is "" in both files. Cells of the columns EXACT are the
    same in both; in CSV, any other text that begins like a formula gets an apostrophe in front."""

    def __init__(self, ours: Ours, name: str, columns: Mapping[str, str]) -> None:
        import pyarrow.csv as csv_files
        import pyarrow.parquet as parquet_files

        self.columns = columns
        self.schema = schema(self.columns)
        self.ours, self.names = ours, [f"tables/{name}.parquet", f"tables/{name}.csv"]
        self.partial = [ours.part(path) for path in self.names]
        self.parquet = parquet_files.ParquetWriter(self.partial[0], self.schema, compression="zstd")
        self.csv = csv_files.CSVWriter(self.partial[1], self.schema)

    def add(self, rows: list[dict]) -> None:
        """Append rows (dictionaries with the table's columns)."""
        import pyarrow as pa

        if rows:
            whole = whole_rows(rows, self.columns)
            self.parquet.write_table(pa.Table.from_pylist(whole, schema=self.schema))
            self.csv.write_table(pa.Table.from_pylist([_safe(row) for row in whole], schema=self.schema))

    def close(self) -> None:
        """Finish both files and move them into place."""
        self.parquet.close()
        self.csv.close()
        self.ours.publish([self.ours.whole(name, partial) for name, partial in zip(self.names, self.partial)])


def schema(columns: Mapping[str, str]) -> pa.Schema:
    """Return the Arrow schema of a table's columns with their types."""
    import pyarrow as pa

    return pa.schema([(field, pa.type_for_alias(kind)) for field, kind in columns.items()])


def whole_rows(rows: Iterable[dict], columns: Mapping[str, str]) -> list[dict]:
    """Return rows fit for the schema of `columns`: a text that is missing is "", NaN is an empty cell."""
    texts = dict.fromkeys((field for field, kind in columns.items() if kind == TEXT), "")
    return [texts | {k: v for k, v in _clean(row).items() if v is not None} for row in rows]


def write_tables(
    ours: Ours,
    tables: Mapping[str, Mapping[str, str]],
    each: Iterable[dict[str, list[dict]]],
    failures: Iterable[Failure],
    accounts: Iterable[Account],
    at_once: int = ARTICLES_AT_ONCE,
) -> None:
    """Write every table of a run: from the rows of one article or event after the other, `at_once` of them in one
    piece, from the failures, and from the accounts of files."""
    writers = {name: TableWriter(ours, name, columns) for name, columns in tables.items()}
    waiting: dict[str, list[dict]] = {name: [] for name in tables}
    for count, rows in enumerate(each, start=1):
        for name, records in rows.items():
            waiting[name] += records
        if count % at_once == 0:
            for name, records in waiting.items():
                writers[name].add(records)
                records.clear()
    waiting["failures"] += map(asdict, failures)
    waiting["files"] += files_rows(accounts)
    for name, writer in writers.items():
        writer.add(waiting[name])
        writer.close()


def rows_of(
    state: State, names: Iterable[str], tables: Mapping[str, Mapping[str, str]]
) -> Iterator[dict[str, list[dict]]]:
    """Yield the rows of one article or event after the other. Raises Stopped as `checked`."""
    for name in names:
        yield checked(state.rows(name), tables, state.folder)


def checked(
    rows: dict[str, list[dict]], tables: Mapping[str, Mapping[str, str]], folder: Path
) -> dict[str, list[dict]]:
    """Return the rows of one article or event as a run folder remembers them. `tables` are the tables with their
    columns and types.

    Raises Stopped if they are of another shape: the folder may come from anybody.
    """
    try:
        right = all(
            row.keys() == tables[name].keys() and all(_fits(value, tables[name][field]) for field, value in row.items())
            for name, records in rows.items() for row in records
        ) and ("articles" not in tables or len(rows["articles"]) == 1)  # fmt: skip
    except (AttributeError, KeyError, TypeError):
        right = False
    if not right:
        raise Stopped(f"{folder}: {FILE} contains rows that presslab did not write; {REMEDY}")
    return rows


def _fits(value: Any, kind: str) -> bool:
    """Return whether a value from JSON fits a column of this type."""
    if value is None or kind == TEXT:
        return value is None or isinstance(value, str)
    if kind == NUMBER:
        return isinstance(value, float | int) and math.isfinite(value)
    return isinstance(value, int) and -(2**63) <= value < 2**63


def files_rows(accounts: Iterable[Account]) -> list[dict]:
    """Return the rows of the table `files`: how many articles each input announced, and what was found, read and
    refused."""
    return [{**asdict(a), "refused": "; ".join(f"{id}: {reason}" for id, reason in a.refused)} for a in accounts]


def write_wide(frame: pd.DataFrame, path: Path) -> None:
    """Write a complete table as .csv, .jsonl or .parquet, by the file's ending. Raises ValueError for another ending.

    In CSV, texts that a spreadsheet would run as a formula get an apostrophe in front, except in the columns EXACT;
    `read` removes it again."""
    partial = part(path)
    try:
        if path.suffix == ".csv":
            with partial.open("w", encoding="utf-8", errors="replace", newline="") as stream:
                stream.write(csv_text(guarded(frame)))
        elif path.suffix == ".jsonl":
            text = frame.to_json(orient="records", lines=True, force_ascii=False, double_precision=12)
            partial.write_text(text, encoding="utf-8", errors="replace")
        elif path.suffix == ".parquet":
            frame.to_parquet(partial, index=False, compression="zstd")
        else:
            raise ValueError(f"{path}: the file must end in .csv, .jsonl or .parquet")
        publish(partial, path)
    finally:
        partial.unlink(missing_ok=True)


def guarded(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table for CSV in which no text and no column's name runs as a formula in a spreadsheet: see
    `formulas.no_formula`."""
    return frame.assign(**{name: frame[name].map(no_formula) for name in frame if name not in EXACT}).rename(
        columns=no_formula
    )


def csv_text(frame: pd.DataFrame, header: bool = True, float_format: str | None = None) -> str:
    """Return a table as CSV from which every reader gets the same cells."""
    # Python's writer leaves a lone carriage return without quotation marks, and readers end the row there
    lone = frame.map(lambda value: isinstance(value, str) and "\r" in value).to_numpy().any()
    return frame.to_csv(
        index=False,
        header=header,
        float_format=float_format,
        lineterminator="\n",
        quoting=csv.QUOTE_ALL if lone else csv.QUOTE_MINIMAL,
    )


class WideWriter:
    """A wide table, one row per article, as .csv, .jsonl or .parquet, by the file's ending. Rows are written as they
    come, and the file appears at the end of the `with` block, or not at all if that ends with an exception or no row
    was added. Its folder is created with the first row. `columns` are numbers, except the first, which is text."""

    def __init__(self, path: Path, columns: list[str]) -> None:
        self.path, self.columns = path, columns
        self.partial: Path | None = None
        self.waiting: list[dict] = []

    def _begin(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.partial = part(self.path)
        if self.path.suffix == ".parquet":
            import pyarrow as pa
            import pyarrow.parquet as parquet_files

            self.schema = pa.schema(
                [(self.columns[0], pa.string()), *((name, pa.float64()) for name in self.columns[1:])]
            )
            self.parquet = parquet_files.ParquetWriter(self.partial, self.schema, compression="zstd")
        else:
            self.stream = self.partial.open("w", encoding="utf-8", errors="replace", newline="\n")
            if self.path.suffix == ".csv":
                self.stream.write(csv_rows([self.columns]))

    def add(self, row: dict) -> None:
        """Append a row."""
        if self.partial is None:
            self._begin()
        self.waiting.append(row)
        if len(self.waiting) == ARTICLES_AT_ONCE:
            self._flush()

    def __enter__(self) -> WideWriter:
        return self

    def __exit__(self, kind: type | None, *_: object) -> None:
        if self.partial is None:
            return
        try:
            if kind is None:
                self._flush()
            (self.parquet if self.path.suffix == ".parquet" else self.stream).close()
            if kind is None:
                publish(self.partial, self.path)
        finally:
            self.partial.unlink(missing_ok=True)

    def _flush(self) -> None:
        rows, self.waiting = self.waiting, []
        if not rows:
            return
        if self.path.suffix == ".csv":
            numbers = [_numbers(row.get(name) for row in rows) for name in self.columns[1:]]
            self.stream.write(csv_rows(list(zip([row[self.columns[0]] for row in rows], *numbers))))
            return
        import pandas as pd

        table = pd.DataFrame(rows, columns=self.columns)
        if self.path.suffix == ".parquet":
            import pyarrow as pa

            self.parquet.write_table(
                pa.Table.from_pylist([_clean(r) for r in table.to_dict("records")], schema=self.schema)
            )
        else:
            self.stream.write(table.to_json(orient="records", lines=True, force_ascii=False, double_precision=12))


def csv_rows(rows: list[Sequence[Any]]) -> str:
    """Return rows as `csv_text` writes them."""
    lone = any(isinstance(cell, str) and "\r" in cell for row in rows for cell in row)
    stream = StringIO()
    csv.writer(stream, lineterminator="\n", quoting=csv.QUOTE_ALL if lone else csv.QUOTE_MINIMAL).writerows(rows)
    return stream.getvalue()


def _numbers(column: Iterable[Any]) -> list[str]:
    """Return the cells of a column of numbers, as pandas writes them: whole numbers with ".0" if the column also has
    others."""
    values = list(column)
    if all(isinstance(value, int | np.integer) for value in values):
        return [str(value) for value in values]
    return ["" if value is None or math.isnan(value) else repr(float(value)) for value in values]


def index_row(rows: dict[str, list[dict]]) -> dict:
    """Build an article's row of the index from its table rows: INDEX_FIELDS, `words`, `sources` (names, those with most
    words, MOST_SOURCES at most), and for each card marked `key` NAME, NAME_low, NAME_high (None if not measurable)."""
    row = dict.fromkeys(
        ["words", *(f"{card.name}{end}" for card in builtin().values() if card.key for end in ("", "_low", "_high"))]
    )
    row |= {field: rows["articles"][0][field] for field in INDEX_FIELDS}
    row["sources"] = [source["source"] for source in rows.get("sources", ()) if source["named"]][:MOST_SOURCES]
    for record in rows["measures"]:
        if record["scope"] != "article":
            continue
        name = column(record["measure"], "article")
        if name == "word_count":
            row["words"] = record["value"]
        if name in builtin() and builtin()[name].key:
            row |= {name: record["value"], f"{name}_low": record["low"], f"{name}_high": record["high"]}
    return row


def _clean(row: dict) -> dict:
    """Turn NaN into an empty cell, and lone surrogates, which no file can hold, into question marks."""
    return {
        k: (
            None
            if isinstance(v, float) and math.isnan(v)
            else v.encode("utf-8", "replace").decode()
            if isinstance(v, str)
            else v
        )
        for k, v in row.items()
    }


def _safe(row: dict) -> dict:
    """Return the row for CSV: see `formulas.no_formula`."""
    return {k: v if k in EXACT else no_formula(v) for k, v in row.items()}
