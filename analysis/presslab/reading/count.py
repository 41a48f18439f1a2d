"""How many articles there will be, if that can be known before they are read: for the time left of a long run."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from presslab.system.pipes import STDIN, special

from . import formats
from .formats import tables
from .formats.record import Source
from .paths import paths_of

FEW = 20_000_000  # bytes of tables that are counted: more would keep people waiting for the count


def articles(inputs: Iterable[str | Path]) -> int | None:
    """Return the number of articles in files, folders, globs and tables; None if exports, archives or very large
    tables are among them."""
    total, counted = 0, 0
    for path in paths_of(inputs):
        if path == STDIN or special(path):
            return None  # a look would take away what comes through the pipe
        try:
            source = Source.of_path(path)
            kind = formats.kind(source)
            if kind in formats.PLAIN:
                total += 1
            elif kind == "parquet" or kind in formats.TABLES and (counted := counted + source.size) <= FEW:
                total += tables.count(source, kind)
            else:
                return None
        except Exception:
            total += 1  # it fails as one, when it is read, and its reason is given then
    return total
