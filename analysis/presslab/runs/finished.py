"""What a finished run has left in its folder: one way to read it, and one line for what can't be used.

A run folder may come from anybody: no link in it is followed, no path out of it is used, and no file of it may grow
without end while it is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
import csv
from functools import lru_cache
import json
import os
from pathlib import Path
import sqlite3

import pandas as pd
import pyarrow
import pyarrow.compute
import pyarrow.parquet

from presslab.measures.tables import COUNT, FLAG, NUMBER, TABLES, TABLES_OF, TEXT
from presslab.system.files import FULL, Stopped, inside

DESCRIPTION = "datapackage.json"
NAMES = {name for tables in TABLES_OF.values() for name in tables}
TEXTS = {pyarrow.string(), pyarrow.large_string()}
KINDS = {*TEXTS, *(pyarrow.type_for_alias(kind) for kind in (NUMBER, COUNT, FLAG))}
LARGEST = 500_000_000  # bytes of a file that is held whole: a manifest of a million articles has half of that
KEYS = {
    "articles": ["id"],
    "measures": ["id", "measure", "scope"],
    "attributions": ["id", "attribution"],
    "sources": [],
}
# bytes of a table in memory, and how far it may grow from the disk beyond that
NOT_A_BOMB, LARGEST_RATIO = (
    1_000_000_000,
    250,
)
AT_ONCE = 2000  # rows


def is_run(path: str | Path) -> bool:
    """Return whether a path is the folder of a finished run."""
    return (Path(path) / DESCRIPTION).is_file()


def described(folder: Path) -> dict:
    """Return the data package that describes a run. Raises Stopped if there is none, or it can't be read."""
    if not is_run(folder):
        raise Stopped(f"{folder} contains no finished run (there is no {DESCRIPTION} in it)")
    with usable(folder, DESCRIPTION):
        package = json.loads(text(folder, DESCRIPTION))
        if not isinstance(package, dict) or "presslab" not in package:
            raise ValueError("it is not one of presslab's")
        about = package["presslab"]
        right = all(
            isinstance(about[name], kind)
            for name, kind in (("parameters", dict), ("versions", dict), ("citation", str), ("code_sha256", str))
        )
        if (
            not right
            or not isinstance(package["title"], str)
            or not all(isinstance(r["name"], str) and isinstance(r["path"], str) for r in package["resources"])
        ):
            raise ValueError("it was changed")
        return package


def tables(folder: Path) -> list[str]:
    """Return the names of a run's tables. Raises Stopped as `described`, also for a table that presslab does not
    write."""
    package = described(folder)
    names = [r["name"] for r in package["resources"] if r["path"].startswith("tables/")]
    with usable(folder, DESCRIPTION):
        if not NAMES.issuperset(names) or any(
            r["path"] != f"tables/{r['name']}.csv" for r in package["resources"] if r["name"] in names
        ):
            raise ValueError("it names tables that presslab does not write")
    return names


def text(folder: Path, name: str) -> str:
    """Return the content of a text file (UTF-8) of a run. Raises Stopped as `table`."""
    with usable(folder, name) as path:
        return path.read_text("utf-8")


def text_shown(folder: Path) -> str:
    """Return how much of the articles' text a run shows, as it was asked for with --text. Raises Stopped as
    `described`."""
    return str(described(folder)["presslab"].get("parameters", {}).get("text", "full"))


def table(
    folder: Path,
    name: str,
    columns: Sequence[str] = (),
    filters: list | None = None,
    known: Mapping[str, Mapping[str, str]] = TABLES,
) -> pd.DataFrame:
    """Return a tidy table of a run, with the columns and types of `known`, by default tables.TABLES (all of them,
    or those that are named), texts that are missing as "". `filters` as pyarrow takes them. Raises Stopped if it is
    missing, damaged, or of other columns."""
    kinds = {column: kind for column, kind in known[name].items() if not columns or column in columns}
    with usable(folder, f"tables/{name}.parquet") as path:
        _check(path, path.stat().st_mtime_ns, path.stat().st_size)
        arrow_table = pyarrow.parquet.read_table(path, columns=list(kinds), filters=filters)
        frame = arrow_table.cast(
            pyarrow.schema([(column, pyarrow.type_for_alias(kind)) for column, kind in kinds.items()])
        ).to_pandas()
        key, whole = KEYS.get(name), [column for column, kind in kinds.items() if kind in (COUNT, FLAG)]
        if key and kinds.keys() >= set(key) and frame.duplicated(key).any():
            raise ValueError(f"the same {' and '.join(key)} twice")
        if key is not None and frame[whole].isna().any(axis=None):
            raise ValueError("a number is missing")
    texts = [column for column, kind in kinds.items() if kind == TEXT]
    return frame.fillna(dict.fromkeys(texts, "")) if texts else frame


def rows(folder: Path, name: str) -> Iterator[tuple]:
    """Yield the names of a table's columns, then its rows, however long it is. Raises Stopped as `table`."""
    with usable(folder, f"tables/{name}.parquet") as path:
        _check(path, path.stat().st_mtime_ns, path.stat().st_size)
        with pyarrow.parquet.ParquetFile(path) as file:
            yield tuple(file.schema_arrow.names)
            for batch in file.iter_batches(AT_ONCE):
                yield from (tuple(row.values()) for row in batch.to_pylist())


@lru_cache(maxsize=64)
def _check(path: Path, mtime: int, size: int) -> None:
    """Raise ValueError for a table that is none of presslab's: columns of other types, or one that is small on the
    disk and would fill the memory (a text that is written once and is in a million rows)."""
    with pyarrow.parquet.ParquetFile(path) as file:
        schema, count = file.schema_arrow, file.metadata.num_rows
    texts = [field.name for field in schema if field.type in TEXTS]
    if len(set(schema.names)) < len(schema.names) or not KINDS.issuperset(schema.types):
        raise ValueError("it has columns that presslab does not write")
    total = count * 8 * len(schema.names)
    with pyarrow.parquet.ParquetFile(path, read_dictionary=texts) as file:
        for batch in file.iter_batches(AT_ONCE, columns=texts) if total else ():
            for column in batch.columns:
                total += (
                    pyarrow.compute.sum(pyarrow.compute.binary_length(column.dictionary).take(column.indices)).as_py()
                    or 0
                )
            if total > max(NOT_A_BOMB, LARGEST_RATIO * size):
                break
    if total > max(NOT_A_BOMB, LARGEST_RATIO * size):
        raise ValueError(f"it would grow from {size / 1e6:,.1f} MB to more than {total / 1e6:,.0f} MB")


def listed(folder: Path, name: str, needed: str) -> list[dict[str, str]]:
    """Return the rows of codebook.csv, manifest.csv or inputs.csv, which have a column `needed`. Raises Stopped as
    `table`."""
    with usable(folder, name) as path, path.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        names = reader.fieldnames or ()
        if needed not in names or len(set(names)) != len(names):
            raise ValueError(f"there is no column {needed}, or one column twice")
        rows = list(reader)
        if any(None in row or None in row.values() for row in rows):
            raise ValueError("a line has more or fewer fields than the first")
        return rows


def below(folder: Path, part: str = "") -> list[str]:
    """Return the paths in a folder, with slashes and in order, of the files below it, or below a part of it; none
    if there is no such part. Raises Stopped for a link on the way or among them."""
    files = []
    for place, folders, names in os.walk(inside(folder, part) if part else folder):
        for name in (*folders, *names):
            path = Path(place, name)
            if path.is_symlink():
                raise Stopped(
                    f"{path} is a link; presslab follows none inside a run folder: put the file itself there, or remove"
                    " the link"
                )
            if path.is_file():
                files.append(path.relative_to(folder).as_posix())
    return sorted(files)


@contextmanager
def usable(folder: Path, name: str, remedy: str = "make the run again") -> Iterator[Path]:
    """Yield the path of a file in a run folder; what goes wrong in reading it is raised as Stopped, with what to do."""
    path = inside(folder, name)
    try:
        if path.exists() and not path.is_file():
            raise ValueError("it is no file")
        if path.exists() and path.suffix != ".parquet" and path.stat().st_size > LARGEST:
            raise ValueError(f"it is larger than {LARGEST // 1_000_000} MB")
        yield path
    except FileNotFoundError as error:
        raise Stopped(f"{folder}: {name} is missing; {remedy}") from error
    except (
        OSError,
        ValueError,
        KeyError,
        TypeError,
        RecursionError,
        MemoryError,
        csv.Error,
        sqlite3.DatabaseError,
        pyarrow.ArrowException,
    ) as error:
        if getattr(error, "errno", None) in FULL:
            raise
        raise Stopped(
            f"{folder}: {name} can't be used ({(str(error) or type(error).__name__).splitlines()[0]}); {remedy}"
        ) from error


VALIDITY = "coding/validity.json"  # in a run folder, written by presslab validate


def own(run: Path) -> dict[str, str]:
    """Return what the hand-coded sample of a run says of its measures, by name; {} if there is none.

    If it could not be reported (too few were coded), the general figure stands. Raises Stopped if the file can't
    be read.
    """
    texts_by_measure: dict[str, list[str]] = {}
    with usable(run, VALIDITY, "make it again with presslab validate, or remove the folder coding") as path:
        for entry in (
            (e for e in json.loads(path.read_text("utf-8"))["measures"] if not e["note"]) if path.exists() else ()
        ):
            scope = "" if entry["scope"] == "article" else f"{entry['scope']}’s words, "
            texts_by_measure.setdefault(entry["measure"], []).append(scope + entry["told"])
    return {name: "; ".join(texts) for name, texts in texts_by_measure.items()}
