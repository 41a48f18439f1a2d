"""Write the tidy tables of a run as Parquet and CSV, piece by piece, whatever the number of articles."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
import math
import os
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from .article import Account, Failure
from .measures import TABLES, cards, column

ARTICLES_AT_ONCE = 200
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
INDEX_FIELDS = ("id", "title", "outlet", "published", "byline", "file", "removed_count")


class TableWriter:
    """One table as NAME.parquet and NAME.csv; rows are added in batches and both files appear when it is closed."""

    def __init__(self, folder: Path, name: str) -> None:
        self.schema = pa.schema([(field, pa.type_for_alias(kind)) for field, kind in TABLES[name].items()])
        self.paths = [folder / f"{name}.parquet", folder / f"{name}.csv"]
        self.partial = [path.with_name(f".{path.name}.part") for path in self.paths]
        self.parquet = pa.parquet.ParquetWriter(self.partial[0], self.schema, compression="zstd")
        self.csv = pa.csv.CSVWriter(self.partial[1], self.schema)

    def add(self, rows: list[dict]) -> None:
        """Append rows (dictionaries with the table's columns)."""
        if rows:
            batch = pa.Table.from_pylist([_clean(row) for row in rows], schema=self.schema)
            self.parquet.write_table(batch)
            self.csv.write_table(pa.Table.from_pylist([_safe(row) for row in batch.to_pylist()], schema=self.schema))

    def close(self) -> None:
        """Finish both files and move them into place."""
        self.parquet.close()
        self.csv.close()
        for partial, path in zip(self.partial, self.paths):
            os.replace(partial, path)


def write_tables(
    folder: Path, articles: Iterable[dict[str, list[dict]]], failures: list[Failure], accounts: Sequence[Account] = ()
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Write every table of TABLES; gives the rows of the index (one an article) and the failures.

    Index columns: INDEX_FIELDS, `words`, and for each card marked `key` the columns NAME, NAME_low, NAME_high.
    """
    writers = {name: TableWriter(folder, name) for name in TABLES}
    waiting: dict[str, list[dict]] = {name: [] for name in TABLES}
    index: list[dict] = []
    for count, rows in enumerate(articles, start=1):
        for name, records in rows.items():
            waiting[name] += records
        index.append(_index_row(rows))
        if count % ARTICLES_AT_ONCE == 0:
            for name, records in waiting.items():
                writers[name].add(records)
                records.clear()
    waiting["failures"] += [asdict(failure) for failure in failures]
    waiting["files"] += [{**asdict(a), "refused": "; ".join(f"{id}: {reason}" for id, reason in a.refused)} for a in accounts]
    for name, writer in writers.items():
        writer.add(waiting[name])
        writer.close()
    keyed = [card.name for card in cards().values() if card.key]
    columns = [*INDEX_FIELDS, "words", *(f"{name}{end}" for name in keyed for end in ("", "_low", "_high"))]
    return pd.DataFrame(index, columns=columns), pd.DataFrame(
        [asdict(f) for f in failures], columns=list(TABLES["failures"])
    )


def write_wide(frame: pd.DataFrame, path: Path) -> None:
    """Write a wide table as .csv, .jsonl or .parquet by the file's ending. Raises ValueError for another ending."""
    partial = path.with_name(f".{path.name}.part")
    if path.suffix == ".csv":
        partial.write_text(frame.to_csv(index=False, lineterminator="\n"), encoding="utf-8", errors="replace")
    elif path.suffix == ".jsonl":
        text = frame.to_json(orient="records", lines=True, force_ascii=False, double_precision=12)
        partial.write_text(text, encoding="utf-8", errors="replace")
    elif path.suffix == ".parquet":
        frame.to_parquet(partial, index=False, compression="zstd")
    else:
        raise ValueError(f"{path}: the file must end in .csv, .jsonl or .parquet")
    os.replace(partial, path)


def _index_row(rows: dict[str, list[dict]]) -> dict:
    row = {field: rows["articles"][0][field] for field in INDEX_FIELDS}
    for record in rows["measures"]:
        if record["scope"] != "article":
            continue
        name = column(record["measure"], "article")
        if name == "word_count":
            row["words"] = record["value"]
        if cards()[name].key:
            row |= {name: record["value"], f"{name}_low": record["low"], f"{name}_high": record["high"]}
    return row


def _clean(row: dict) -> dict:
    """NaN becomes an empty cell; lone surrogates, which no file can hold, become question marks."""
    return {
        k: None if isinstance(v, float) and math.isnan(v) else v.encode("utf-8", "replace").decode() if isinstance(v, str) else v
        for k, v in row.items()
    }


def _safe(row: dict) -> dict:
    """For CSV: a text that a spreadsheet would run as a formula gets an apostrophe in front (OWASP, CSV injection)."""
    return {k: f"'{v}" if isinstance(v, str) and v.startswith(FORMULA_STARTS) else v for k, v in row.items()}
