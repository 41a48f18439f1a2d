"""What a run folder remembers between runs: for each article its hash, its files and its table rows, in SQLite.

A change is there whole or not at all, whenever the process ends. Nothing here is output: taking `.presslab` away costs
time and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable
import json
import logging
import math
import os
from pathlib import Path
import sqlite3
from typing import Any
import zlib

FORMAT = 1
TABLES = (
    "create table if not exists made (id text primary key, key text, files text, rows blob)",
    "create table if not exists inputs (digest text primary key, items text)",
    "create table if not exists notes (name text primary key, value text)",
)
log = logging.getLogger("presslab")


class Busy(Exception):
    """Another process is writing to the run folder."""


class State:
    """The memory of one run folder, for one process at a time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        place = folder / ".presslab"
        place.mkdir(parents=True, exist_ok=True)
        self.lock = _lock(place / "lock", folder)
        path = place / f"state-{FORMAT}.sqlite"
        try:
            self.store = _open(path)
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise
            log.warning("presslab: %s is damaged (%s); everything is made again", path.name, error)
            path.unlink()
            self.store = _open(path)

    def close(self) -> None:
        """Let go of the folder."""
        self.store.close()
        if self.lock:
            self.lock.close()

    def key(self, name: str) -> str:
        """The hash that an article's files were made from; "" where there are none, or where one is gone or cut short."""
        found = self.store.execute("select key, files from made where id = ?", (name,)).fetchone()
        if found is None:
            return ""
        for path, (size, _) in json.loads(found[1]).items():
            try:
                if os.stat(self.folder / path).st_size != size:
                    return ""
            except FileNotFoundError:
                return ""
        return found[0]

    def save(self, name: str, key: str, files: dict[str, tuple[int, str]], rows: dict[str, list[dict]]) -> None:
        """Remember an article: the hash it was made from, its files (path → size, SHA-256), its table rows."""
        packed = zlib.compress(json.dumps(rows, default=_cell, separators=(",", ":")).encode(), 1)
        with self.store:
            self.store.execute("insert or replace into made values (?, ?, ?, ?)", (name, key, json.dumps(files), packed))

    def change(self, name: str, path: str, size: int, digest: str) -> None:
        """Remember that one of an article's files was written anew; `commit` makes it last."""
        files = self.files(name) | {path: (size, digest)}
        self.store.execute("update made set files = ? where id = ?", (json.dumps(files), name))

    def commit(self) -> None:
        """Make what was changed last."""
        self.store.commit()

    def files(self, name: str) -> dict[str, tuple[int, str]]:
        """Path → (size, SHA-256) of an article's files."""
        found = self.store.execute("select files from made where id = ?", (name,)).fetchone()
        return {path: (size, digest) for path, (size, digest) in json.loads(found[0]).items()} if found else {}

    def rows(self, name: str) -> dict[str, list[dict]]:
        """An article's table rows."""
        (packed,) = self.store.execute("select rows from made where id = ?", (name,)).fetchone()
        return json.loads(zlib.decompress(packed))

    def others(self, names: Iterable[str]) -> list[str]:
        """Articles that are remembered and not among `names`."""
        wanted = set(names)
        return [name for (name,) in self.store.execute("select id from made order by id") if name not in wanted]

    def forget(self, name: str) -> None:
        """Forget an article."""
        with self.store:
            self.store.execute("delete from made where id = ?", (name,))

    def input(self, digest: str) -> list | None:
        """What an input file gave when it was read before (see `learn`), by the hash of all that it depends on."""
        found = self.store.execute("select items from inputs where digest = ?", (digest,)).fetchone()
        return json.loads(found[0]) if found else None

    def learn(self, digest: str, items: list) -> None:
        """Remember what an input file gave: plain data."""
        with self.store:
            self.store.execute("insert or replace into inputs values (?, ?)", (digest, json.dumps(items)))

    def forget_inputs(self, but: Iterable[str]) -> None:
        """Forget input files that are no longer used."""
        wanted = set(but)
        gone = [(digest,) for (digest,) in self.store.execute("select digest from inputs") if digest not in wanted]
        with self.store:
            self.store.executemany("delete from inputs where digest = ?", gone)

    def note(self, name: str) -> Any:
        """A note by name; None where there is none."""
        found = self.store.execute("select value from notes where name = ?", (name,)).fetchone()
        return json.loads(found[0]) if found else None

    def write_note(self, name: str, value: Any) -> None:
        """Write a note: plain data."""
        with self.store:
            self.store.execute("insert or replace into notes values (?, ?)", (name, json.dumps(value)))


def _open(path: Path) -> sqlite3.Connection:
    store = sqlite3.connect(path)
    for command in TABLES:
        store.execute(command)
    return store


def _lock(path: Path, folder: Path):
    """An open file that no other process can lock; None where the system has no such locks."""
    try:
        import fcntl
    except ImportError:
        return None
    file = path.open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        file.close()
        raise Busy(f"another presslab run is writing to {folder}; wait for it, or choose another folder") from error
    return file


def plain_rows(rows: dict[str, list[dict]]) -> dict[str, list[dict]]:
    """Rows fit for JSON: NaN becomes null, numbers are Python's own."""
    return {
        table: [{name: _cell(value) for name, value in row.items()} for row in records] for table, records in rows.items()
    }


def _cell(value: Any) -> Any:
    if isinstance(value, float) and math.isnan(value):
        return None
    return value.item() if hasattr(value, "item") else value
