"""What the parser said of a text, kept for the next time in one SQLite file; found by the hash of text and versions.

`PRESSLAB_CACHE` names the folder ("off": keep nothing), `PRESSLAB_CACHE_MB` how large it may become. The columns are
JSON and the vectors bare numbers: nothing that is read from the file can run. A run goes on without the cache where it
can't be used: it saves time, no number depends on it.
"""

from __future__ import annotations

from contextlib import closing
import hashlib
import json
import logging
import os
from pathlib import Path
import sqlite3
import zlib

import numpy as np

from presslab.system.places import cache_folder

FORMAT = 1  # of an entry; raised when it changes
MEGABYTES = 1000
LOOK_EVERY = 32  # entries between two looks at the size
PARSES = "PRESSLAB_PARSES"  # environment variable: "off" where a command has seen that its workers can't use the cache
TABLE = (
    "create table if not exists parses (number integer primary key autoincrement, key text unique, columns blob, "
    "vectors blob, digest blob, size integer)"
)
PATIENCE = 20  # seconds to wait for another process that is writing
log = logging.getLogger("presslab")


def get(key: str) -> tuple[dict[str, list], np.ndarray] | None:
    """Return columns and vectors (float16, rows × 96) kept under a key; None if there are none, or damaged ones."""
    path = _path()
    if path is None or not path.exists():
        return None
    try:
        with closing(_open(path)) as store:
            row = store.execute("select columns, vectors, digest from parses where key = ?", (key,)).fetchone()
    except sqlite3.Error as error:
        _complain(path, error)
        return None
    if row is None or _digest(*row[:2]) != row[2]:
        return None
    return json.loads(zlib.decompress(row[0])), np.frombuffer(row[1], np.float16).reshape(-1, 96)


def put(key: str, columns: dict[str, list], vectors: np.ndarray) -> None:
    """Keep columns and vectors under a key; what was kept longest is dropped where the cache is full."""
    path = _path()
    if path is None:
        return
    packed = zlib.compress(json.dumps(columns, separators=(",", ":")).encode(), 1)
    raw = np.ascontiguousarray(vectors, np.float16).tobytes()
    entry = (key, packed, raw, _digest(packed, raw), len(packed) + len(raw))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with closing(_open(path)) as store, store:
            store.execute(
                "insert or ignore into parses (key, columns, vectors, digest, size) values (?, ?, ?, ?, ?)", entry
            )
            number = store.execute("select max(number) from parses").fetchone()[0]
            if number % LOOK_EVERY == 0:
                _make_room(store)
    except (sqlite3.Error, OSError) as error:
        _complain(path, error)


def trouble() -> str:
    """Return why the cache can't be used, in a line for people; "" if it can, or if it is switched off. Asked once
    per command: a file that is damaged is removed, one that isn't presslab's is left alone."""
    path = _path()
    if path is None or not os.path.lexists(path):
        return ""
    without = "going on without it; move it away, or name another folder in PRESSLAB_CACHE"
    if path.is_symlink() or not path.is_file():
        return f"{path}: this is no file, so no parsed texts are cached in it; {without}"
    try:
        with closing(sqlite3.connect(path, timeout=1)) as store:
            others = store.execute(
                "select count(*) from sqlite_master where tbl_name not in ('parses', 'sqlite_sequence')"
            ).fetchone()[0]
            if others:
                return f"{path}: this is another program's database; {without}"
            store.execute(TABLE)
            store.execute("select number, key, columns, vectors, digest, size from parses limit 1").fetchall()
            store.execute("begin immediate")
            store.rollback()
    except sqlite3.OperationalError as error:
        return "" if "locked" in str(error) else f"{path}: the cache of parsed texts can't be used ({error}); {without}"
    except sqlite3.DatabaseError:
        path.unlink()
    return ""


def _path() -> Path | None:
    place = cache_folder()
    return place / f"parses-{FORMAT}.sqlite" if place and os.environ.get(PARSES) != "off" else None


def _open(path: Path) -> sqlite3.Connection:
    """Return a connection for one call: none is open when a process forks."""
    store = sqlite3.connect(path, timeout=PATIENCE)
    store.execute("pragma synchronous = normal")
    store.execute(TABLE)
    return store


def _make_room(store: sqlite3.Connection) -> None:
    """Drop the oldest entries until nine tenths of what is allowed are left."""
    allowed = int(float(os.environ.get("PRESSLAB_CACHE_MB", MEGABYTES)) * 1e6)
    held = store.execute("select total(size) from parses").fetchone()[0]
    if held <= allowed:
        return
    for number, size in store.execute("select number, size from parses order by number").fetchall():
        if held <= 0.9 * allowed:
            break
        store.execute("delete from parses where number = ?", (number,))
        held -= size


def _digest(columns: bytes, vectors: bytes) -> bytes:
    return hashlib.sha256(columns + vectors).digest()


def _complain(path: Path, error: Exception) -> None:
    """Go on without; a file that is damaged is removed, so that the next call begins a new one."""
    log.warning("presslab: the cache of parsed texts can't be used now (%s)", error)
    if isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError):
        path.unlink(missing_ok=True)
