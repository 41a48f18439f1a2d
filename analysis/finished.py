"""What a finished run has left in its folder: one way to read it, and one line for what can't be used."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
import csv
import json
from pathlib import Path
import sqlite3

import pandas as pd
import pyarrow
import pyarrow.parquet

from .files import FULL, Stopped
from .measures import TABLES, TEXT

DESCRIPTION = "datapackage.json"


def is_run(path: str | Path) -> bool:
    """Whether a path is the folder of a finished run."""
    return (Path(path) / DESCRIPTION).is_file()


def described(folder: Path) -> dict:
    """The data package that describes a run. Raises Stopped where there is none, or it can't be read."""
    if not is_run(folder):
        raise Stopped(f"{folder} holds no finished run (there is no {DESCRIPTION} in it)")
    with usable(folder, DESCRIPTION):
        found = json.loads((folder / DESCRIPTION).read_text("utf-8"))
        if "presslab" not in found:
            raise ValueError("it is not one of presslab's")
        return found


def table(folder: Path, name: str, columns: Sequence[str] = (), filters: list | None = None) -> pd.DataFrame:
    """A tidy table of a run, with the columns and types of measures.TABLES (all of them, or those that are named), texts
    that are missing as "". `filters` as pyarrow takes them. Raises Stopped where it is missing, damaged, or of other columns."""
    kinds = {column: kind for column, kind in TABLES[name].items() if not columns or column in columns}
    with usable(folder, f"tables/{name}.parquet") as path:
        found = pyarrow.parquet.read_table(path, columns=list(kinds), filters=filters)
        frame = found.cast(pyarrow.schema([(column, pyarrow.type_for_alias(kind)) for column, kind in kinds.items()])).to_pandas()
    texts = [column for column, kind in kinds.items() if kind == TEXT]
    return frame.fillna(dict.fromkeys(texts, "")) if texts else frame


def rows(folder: Path, name: str) -> Iterator[tuple]:
    """The names of a table's columns, then its rows, however long it is. Raises Stopped as `table`."""
    with usable(folder, f"tables/{name}.parquet") as path, pyarrow.parquet.ParquetFile(path) as file:
        yield tuple(file.schema_arrow.names)
        for batch in file.iter_batches(2000):
            yield from (tuple(row.values()) for row in batch.to_pylist())


def listed(folder: Path, name: str, needed: str) -> list[dict[str, str]]:
    """The rows of codebook.csv, manifest.csv or inputs.csv, which have a column `needed`. Raises Stopped as `table`."""
    with usable(folder, name) as path, path.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        if needed not in (reader.fieldnames or ()):
            raise ValueError(f"there is no column {needed}")
        return list(reader)


@contextmanager
def usable(folder: Path, name: str, remedy: str = "make the run again") -> Iterator[Path]:
    """The path of a file in a run folder; what goes wrong in reading it is raised as Stopped, with what to do."""
    try:
        yield folder / name
    except FileNotFoundError as error:
        raise Stopped(f"{folder}: {name} is missing; {remedy}") from error
    except (OSError, ValueError, KeyError, TypeError, csv.Error, sqlite3.DatabaseError, pyarrow.ArrowException) as error:
        if getattr(error, "errno", None) in FULL:
            raise
        raise Stopped(f"{folder}: {name} can't be used ({(str(error) or type(error).__name__).splitlines()[0]}); {remedy}") from error
