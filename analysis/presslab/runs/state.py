"""What a run folder remembers between runs: for each article its hash, its files and its table rows, in SQLite.

A change is there whole or not at all, whenever the process ends. Nothing here is output: taking `.presslab` away from a
finished run costs time; but a run that grew (--add) can't grow on then, and --prune no longer knows what left.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
import json
import logging
import math
from pathlib import Path
import sqlite3
from typing import Any
import zlib

from filelock import BaseFileLock, FileLock, Timeout

from presslab.system import outputs
from presslab.system.error import Error
from presslab.system.files import PART, Stopped, inside, own
from presslab.system.ours import TABLE, Ours
from presslab.system.signature import sign, signed

FORMAT = 2
FILE = f".presslab/state-{FORMAT}.sqlite"
LARGEST_ROWS = 1_000_000_000  # bytes of an article's table rows as JSON
REMEDY = "remove the folder .presslab and make the run again from all its inputs"
TABLES = (
    "create table if not exists made (id text primary key, key text, files text, rows blob)",
    "create table if not exists inputs (digest text primary key, items text)",
    "create table if not exists notes (name text primary key, value text)",
)
log = logging.getLogger("presslab")


class Busy(Error):
    """Another process is writing to the run folder."""


class State:
    """The memory of one folder that presslab writes to, for one process at a time; `ours` writes and deletes its
    files."""

    def __init__(self, folder: Path, kind: str, but: Iterable[str] = ()) -> None:
        """Open a folder of a kind (see `outputs.KINDS`), make it if there is none, and clear what a killed run left
        half written.

        Raises OutputError as `outputs.claim`, Busy if another process writes there, Stopped if something in it is
        no plain file."""
        outputs.claim(folder, kind, but)
        self.folder = folder
        inside(folder, outputs.MEMORY).mkdir(parents=True, exist_ok=True)
        self.lock = _locked(own(folder, f"{outputs.MEMORY}/lock"), folder)
        try:
            for part in outputs.PARTS[kind]:
                inside(folder, part).mkdir(exist_ok=True)
            outputs.marked(folder, kind)
            for path in (
                p for part in ("", outputs.MEMORY, *outputs.PARTS[kind]) for p in (folder / part).glob(f"{PART}*")
            ):
                path.unlink(missing_ok=True)
            self.store = _opened(folder)
            try:
                self.ours = Ours(folder, self.store)
            except sqlite3.DatabaseError as error:
                self.store.close()
                raise Stopped(f"{folder}: {FILE} is damaged ({error}); {REMEDY}") from error
        except BaseException:
            self.lock.release()
            raise

    def close(self) -> None:
        """Let go of the folder."""
        self.store.commit()
        self.store.close()
        self.lock.release()

    def key(self, name: str) -> str:
        """Return the hash that an article's files were made from; "" if there are none, or if one is gone or was
        changed."""
        row = self.store.execute("select key, files from made where id = ?", (name,)).fetchone()
        if row is None:
            return ""
        intact = all(self.ours.intact(path, size, digest) for path, (size, digest) in json.loads(row[1]).items())
        return row[0] if intact else ""

    def save(self, name: str, key: str, files: dict[str, tuple[int, str]], rows: dict[str, list[dict]]) -> None:
        """Remember an article: the hash it was made from, its files (path → size, SHA-256), its table rows."""
        blob = zlib.compress(json.dumps(rows, default=_cell, separators=(",", ":")).encode(), 1)
        with self.store:
            self.store.execute("insert or replace into made values (?, ?, ?, ?)", (name, key, json.dumps(files), blob))

    def change(self, name: str, path: str, size: int, digest: str) -> None:
        """Remember that one of an article's files was written again; `commit` makes it last."""
        files = self.files(name) | {path: (size, digest)}
        self.store.execute("update made set files = ? where id = ?", (json.dumps(files), name))

    def commit(self) -> None:
        """Make what was changed last."""
        self.store.commit()

    def files(self, name: str) -> dict[str, tuple[int, str]]:
        """Return path → (size, SHA-256) of an article's files."""
        row = self.store.execute("select files from made where id = ?", (name,)).fetchone()
        return {path: (size, digest) for path, (size, digest) in json.loads(row[0]).items()} if row else {}

    def rows(self, name: str) -> dict[str, list[dict]]:
        """Return an article's table rows. Raises Stopped if they are damaged, or would grow without end."""
        (blob,) = self.store.execute("select rows from made where id = ?", (name,)).fetchone()
        try:
            unpacking = zlib.decompressobj()
            plain = unpacking.decompress(blob, LARGEST_ROWS)
            if not unpacking.eof:
                raise ValueError("cut short, or too large")
            return json.loads(plain)
        except (zlib.error, TypeError, ValueError, RecursionError) as error:
            raise Stopped(f"{self.folder}: {FILE} is damaged (rows of {name}: {error}); {REMEDY}") from error

    def others(self, names: Iterable[str]) -> list[str]:
        """Return articles that are remembered and not among `names`."""
        skip = set(names)
        return [name for (name,) in self.store.execute("select id from made order by id") if name not in skip]

    def orphans(self) -> list[str]:
        """Return files that were written for an article which is no longer remembered: reports and notebooks."""
        command = (
            "select distinct name from written where (name like 'articles/%' or name like 'events/%' or name like"
            " 'notebooks/%') and name not in (select file.key from made, json_each(made.files) as file) order by name"
        )
        return [name for (name,) in self.store.execute(command)]

    def forget(self, name: str) -> None:
        """Forget an article."""
        with self.store:
            self.store.execute("delete from made where id = ?", (name,))

    def input(self, digest: str) -> list | None:
        """Return what an input file gave when it was read before (see `learn`), by the hash of all that it depends
        on."""
        row = self.store.execute("select items from inputs where digest = ?", (digest,)).fetchone()
        return json.loads(row[0]) if row else None

    def learn(self, digest: str, items: list) -> None:
        """Remember what an input file gave: plain data."""
        with self.store:
            self.store.execute("insert or replace into inputs values (?, ?)", (digest, json.dumps(items)))

    def forget_inputs(self, but: Iterable[str]) -> None:
        """Forget input files that are no longer used."""
        keep = set(but)
        old_digests = [(digest,) for (digest,) in self.store.execute("select digest from inputs") if digest not in keep]
        with self.store:
            self.store.executemany("delete from inputs where digest = ?", old_digests)

    def note(self, name: str) -> Any:
        """Return a note by name; None if there is none."""
        row = self.store.execute("select value from notes where name = ?", (name,)).fetchone()
        return json.loads(row[0]) if row else None

    def write_note(self, name: str, value: Any) -> None:
        """Write a note: plain data."""
        with self.store:
            self.store.execute("insert or replace into notes values (?, ?)", (name, json.dumps(value)))

    def write_origin(self, files: list[str], options: dict[str, Any]) -> None:
        """Note where the inputs of the run lie and what it was asked for, signed: these paths lead out of the
        folder."""
        plain = {"files": files, "options": options}
        self.write_note("inputs", plain | {"signature": sign(json.dumps(plain))})

    def origin(self) -> dict[str, Any] | None:
        """Return what `write_origin` noted, None if nothing is. A note of somebody else's, who may name any file of
        this machine, comes without the paths in it."""
        return _checked_origin(self.note("inputs"))


def origin(folder: Path) -> dict[str, Any] | None:
    """Return what a run folder notes of its inputs (see `State.origin`), read without changing the folder. Raises
    Stopped for a link and sqlite3.DatabaseError for a damaged file."""
    path = _plain(folder)
    if not path.is_file():
        return None
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as store:
        _check(store)
        row = store.execute("select value from notes where name = 'inputs'").fetchone()
    try:
        return _checked_origin(json.loads(row[0])) if row else None
    except (ValueError, TypeError, RecursionError) as error:
        raise sqlite3.DatabaseError("it contains what presslab did not write") from error


def _checked_origin(note: Any) -> dict[str, Any] | None:
    if (
        not isinstance(note, dict)
        or not isinstance(note.get("files"), list)
        or not isinstance(note.get("options"), dict)
    ):
        return None
    plain = {"files": note["files"], "options": note["options"]}
    return (
        plain
        if signed(json.dumps(plain), note.get("signature"))
        else {"files": [], "options": note["options"] | {"frames": "", "people": "", "yardstick": ""}}
    )


def _plain(folder: Path) -> Path:
    """Return the path of a folder's database. Raises Stopped if it, or a file that SQLite opens beside it, is no plain
    file."""
    for end in ("-journal", "-wal", "-shm"):
        own(folder, FILE + end)
    return own(folder, FILE)


def _opened(folder: Path) -> sqlite3.Connection:
    """Return the database of a folder; a damaged one is replaced."""
    path = _plain(folder)
    try:
        return _connected(path)
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):
            raise
        log.warning("presslab: %s is damaged (%s); everything is made again", path.name, error)
        for end in ("", "-journal", "-wal", "-shm"):
            path.with_name(path.name + end).unlink(missing_ok=True)
        return _connected(path)


def _connected(path: Path) -> sqlite3.Connection:
    store = sqlite3.connect(path)
    try:
        store.execute("pragma trusted_schema = off")
        # what a run with all text wrote is gone when one without it takes its place
        store.execute("pragma secure_delete = on")
        for command in (*TABLES, TABLE):
            store.execute(command)
        damage = store.execute("pragma quick_check(1)").fetchone()[0]
        if damage != "ok":
            raise sqlite3.DatabaseError(damage.splitlines()[0])
        _check(store)
        _check_content(store)
    except BaseException:
        store.close()
        raise
    return store


def _check_content(store: sqlite3.Connection) -> None:
    """Raise sqlite3.DatabaseError for what presslab did not write into its tables: text that is no JSON, or of another
    shape."""
    try:
        for id, key, files in store.execute("select id, key, files from made"):
            entries = json.loads(files)
            if (
                not isinstance(id, str)
                or not isinstance(key, str)
                or not all(type(size) is int and type(digest) is str for size, digest in entries.values())
            ):
                raise ValueError
        for (items,) in store.execute("select items from inputs"):
            if not all(type(kind) is str and type(item) is list for kind, item in json.loads(items)):
                raise ValueError
        notes = {name: json.loads(value) for name, value in store.execute("select name, value from notes")}
        finish = notes.get("finished") or {"signature": ""}
        if not isinstance(notes.get("told") or [], list) or type(finish["signature"]) is not str:
            raise ValueError
        if not all(type(size) is int and type(digest) is str for size, digest in finish.get("written", {}).values()):
            raise ValueError
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise sqlite3.DatabaseError("it contains what presslab did not write") from error


def _check(store: sqlite3.Connection) -> None:
    """Raise sqlite3.DatabaseError unless a database holds our tables and nothing else: a view, a trigger or a column
    with a default could make of a question what somebody else wants."""
    with closing(sqlite3.connect(":memory:")) as ours:
        for command in (*TABLES, TABLE):
            ours.execute(command)
        query = "select type, name, sql from sqlite_master order by name"
        if store.execute(query).fetchall() != ours.execute(query).fetchall():
            raise sqlite3.DatabaseError("it contains other tables than presslab's")


def _locked(path: Path, folder: Path) -> BaseFileLock:
    """Return a file's lock, which no other process can take as long as this one has it. Raises Busy if one has it."""
    lock = FileLock(path)
    try:
        lock.acquire(blocking=False)
    except Timeout as error:
        raise Busy(f"another presslab run is writing to {folder}; wait for it, or choose another folder") from error
    return lock


def plain_rows(rows: dict[str, list[dict]]) -> dict[str, list[dict]]:
    """Return rows fit for JSON: NaN becomes null, numbers are Python's own."""
    return {
        table: [{name: _cell(value) for name, value in row.items()} for row in records]
        for table, records in rows.items()
    }


def _cell(value: Any) -> Any:
    if isinstance(value, float) and math.isnan(value):
        return None
    return value.item() if hasattr(value, "item") else value
