"""What people hand over: texts, lists, Series, DataFrames, paths and articles → articles in order, with their ids."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
import glob
import os
from pathlib import Path
import re
from typing import Any, TypeAlias
import warnings

import pandas as pd

from presslab.reading import in_memory
from presslab.reading.account import Known
from presslab.reading.article import Article, Failure
from presslab.reading.formats.tables import SYNONYMS, columns_of
from presslab.reading.paths import ENDINGS, readable
from presslab.reading.read import read
from presslab.system.error import Error
from presslab.system.parallel import Limits

Inputs: TypeAlias = (
    "str | Path | Article | pd.Series | pd.DataFrame | Iterable[str] | Iterable[Path] | Iterable[Article]"
)
LONGEST_PATH = 4000  # characters


class InputError(Error):
    """What was handed over is nothing that presslab reads; the message says what to hand over."""


@dataclass(frozen=True)
class Given:
    """Articles and failures in order. `ids` are the user's own ids, one per input, and `index` that of the user's
    table; None if the inputs are paths: then how many articles there are is known when all are read."""

    items: Callable[[], Iterator[Article | Failure]]
    ids: list[Any] | None = None
    index: pd.Index | None = None


def given(inputs: Inputs, clean: bool, any_language: bool) -> Given:
    """Return what was handed over. Raises Error if it is nothing to read."""
    if isinstance(inputs, pd.DataFrame):
        return _frame(inputs, clean, any_language)
    if isinstance(inputs, pd.Series):
        return _texts(inputs.tolist(), inputs.index, clean, any_language)
    if isinstance(inputs, Article):
        return Given(lambda: iter([inputs]), [inputs.id], pd.RangeIndex(1))
    if isinstance(inputs, str | Path):
        if is_path(inputs):
            return _paths([inputs], clean, any_language)
        rows = [{"id": "text", "text": inputs}]
        return Given(lambda: in_memory.articles(rows, clean, any_language), ["text"], pd.RangeIndex(1))
    if isinstance(inputs, Iterable) and not isinstance(inputs, bytes | dict):
        return _several(list(inputs), clean, any_language)
    raise InputError(
        f"{type(inputs).__name__}: give a text, a list of texts, a Series, a DataFrame with a column text, or paths"
    )


def is_path(value: object) -> bool:
    """Return whether a value names files: a Path does; a string does if a file, a folder or a glob of that name is
    there.

    Raises Error for a string that looks like a path (one word with a slash, or the ending of a file that presslab
    reads) if nothing of that name is there. Any other string is a text."""
    if isinstance(value, Path):
        return True
    if not isinstance(value, str) or not value.strip() or "\n" in value or "\0" in value or len(value) > LONGEST_PATH:
        return False
    if os.path.exists(value) or any(c in value for c in "*?[") and next(glob.iglob(value, recursive=True), None):
        return True
    if value.lower().endswith(ENDINGS) or re.fullmatch(r"\S*[/\\]\S*", value):
        raise InputError(f"{value}: there is no such file; give a path that is there, or the text itself")
    return False


def paths_only(inputs: object) -> list[str]:
    """Return the paths that a run is made from. Raises Error for anything else: a run is made again from its files."""
    values = (
        list(inputs)
        if isinstance(inputs, Iterable) and not isinstance(inputs, str | pd.DataFrame | pd.Series)
        else [inputs]
    )
    if not values or not all(isinstance(value, str | Path) and is_path(value) for value in values):
        raise InputError(
            "a run is made from files, so that it can be made again: save texts or tables as .csv or .parquet, and give"
            " its path"
        )
    return [str(value) for value in values]


def _several(values: list[Any], clean: bool, any_language: bool) -> Given:
    if all(isinstance(value, Article) for value in values):
        return Given(lambda: iter(values), [value.id for value in values], pd.RangeIndex(len(values)))
    are_paths = [isinstance(value, str | Path) and is_path(value) for value in values]
    if all(are_paths):
        return _paths(values, clean, any_language)
    if any(are_paths) or not all(
        isinstance(value, str) or pd.api.types.is_scalar(value) and pd.isna(value) for value in values
    ):
        raise InputError("a list holds either texts, or paths, or articles; split it")
    return _texts(values, pd.RangeIndex(len(values)), clean, any_language)


def _texts(texts: list[Any], index: pd.Index, clean: bool, any_language: bool) -> Given:
    ids = _different(index.tolist(), "the index")
    return Given(
        lambda: in_memory.articles(({"id": i, "text": _cell(t)} for i, t in zip(ids, texts)), clean, any_language),
        ids,
        index,
    )


def _frame(frame: pd.DataFrame, clean: bool, any_language: bool) -> Given:
    names = [str(name) for name in frame.columns]
    if len(set(names)) < len(names):
        raise InputError(f"two columns of the table have one name ({next(n for n in names if names.count(n) > 1)})")
    values = [frame.iloc[:, place] for place in range(len(names))]
    keys = {name.strip().casefold() for name in names}
    if not keys & {"id", *SYNONYMS["id"]}:
        names, values = ["id", *names], [frame.index, *values]
    columns = columns_of(dict.fromkeys(names), 0, None)
    where = names.index(columns["id"])
    ids = _different(
        list(values[where]), f"the column {columns['id']}" if values[where] is not frame.index else "the index"
    )
    rows = ({name: _cell(value) for name, value in zip(names, row)} for row in zip(*values))
    return Given(lambda: in_memory.articles(rows, clean, any_language), ids, frame.index)


def _paths(paths: list[Any], clean: bool, any_language: bool) -> Given:
    readable(paths)

    def items() -> Iterator[Article | Failure]:
        for item in read(paths, clean, any_language, limits=Limits()):
            if isinstance(item, Failure) and item.warns:
                warnings.warn(f"presslab: {item.file}: {item.reason.removeprefix('warning: ')}", stacklevel=2)
            elif not isinstance(item, Known):  # only a run's memory gives these
                yield item

    return Given(items)


def _different(ids: list[Any], where: str) -> list[Any]:
    """Return ids of which no two are the same; a missing one is none. Raises Error for others: no join could tell them
    apart."""
    id_column = pd.Series(
        [str(i) for i in ids if not pd.isna(i)] if all(map(pd.api.types.is_scalar, ids)) else [str(i) for i in ids],
        dtype=object,
    )
    if id_column.duplicated().any():
        raise InputError(
            f"{where} has {id_column[id_column.duplicated()].iloc[0]!r} twice; give each article an id of its own, or"
            " use reset_index(drop=True)"
        )
    return ids


def _cell(value: Any) -> Any:
    """Return a cell as a reader of tables gives it: None if it is empty."""
    return None if pd.api.types.is_scalar(value) and pd.isna(value) else value
