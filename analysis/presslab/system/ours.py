"""Which files of a folder presslab wrote, and the only way in which it replaces and deletes them.

Of each file the content is noted before it gets its name, so that a run that is killed knows its own files. A file with
another content was changed or added by somebody else: it is never deleted, and makes room under another name.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
import csv
from dataclasses import dataclass
from hashlib import sha256
import json
import logging
import os
from pathlib import Path
import sqlite3

from .files import drafted, inside, json_text, part, written
from .terminal import line

TABLE = (
    "create table if not exists written (name text, size integer, digest text, changed integer, primary key (name,"
    " digest))"
)
NO_FILE = "(no file)"
EMPTY = sha256(b"").hexdigest()  # a file that was cut to nothing holds nothing of anybody's
log = logging.getLogger("presslab")


@dataclass(frozen=True)
class Draft:
    """A file that is whole and waits for its name in the folder."""

    name: str
    partial: Path
    size: int
    digest: str


class Ours:
    """The files that presslab wrote in one folder, noted in its state. `kept` names line by line what others changed
    there."""

    def __init__(self, folder: Path, store: sqlite3.Connection) -> None:
        self.folder, self.store = folder, store
        self.kept: list[str] = []
        store.execute(TABLE)
        if store.execute("select 1 from written limit 1").fetchone() is None:
            with store:
                store.executemany("insert or ignore into written values (?, ?, ?, 0)", _listed(folder))
                # what an earlier presslab remembered of an article's files
                store.execute(
                    "insert or ignore into written select file.key, json_extract(file.value, '$[0]'),"
                    " json_extract(file.value, '$[1]'), 0 from made, json_each(made.files) as file"
                )

    def draft(self, name: str, pieces: Iterable[str]) -> Draft:
        """Write a text beside the place it is for; `publish` gives it its name."""
        return Draft(name, *drafted(inside(self.folder, name), pieces))

    def part(self, name: str) -> Path:
        """Return where a file is written that is no text; `whole` makes a draft of it."""
        return part(inside(self.folder, name))

    def whole(self, name: str, partial: Path) -> Draft:
        """Return a file that is written, as a draft."""
        return Draft(name, partial, *written(partial))

    def publish(self, drafts: Sequence[Draft]) -> None:
        """Give drafts their names. What lies there and is not as presslab left it is kept under another name."""
        try:
            for draft in drafts:
                path = inside(self.folder, draft.name)
                there = _content(path)
                if there not in ("", EMPTY, draft.digest) and not self._wrote(draft.name, there):
                    self._make_room(draft.name, path)
                self.store.execute("delete from written where name = ? and digest != ?", (draft.name, there))
                row = (draft.name, draft.size, draft.digest, draft.partial.stat().st_mtime_ns)
                self.store.execute("insert or replace into written values (?, ?, ?, ?)", row)
            self.store.commit()
            for draft in drafts:
                os.replace(draft.partial, inside(self.folder, draft.name))
        finally:
            for draft in drafts:
                draft.partial.unlink(missing_ok=True)

    def write(self, name: str, pieces: Iterable[str]) -> tuple[int, str]:
        """Write a text file whole or not at all; returns its size and SHA-256."""
        draft = self.draft(name, pieces)
        self.publish([draft])
        return draft.size, draft.digest

    def remove(self, name: str) -> None:
        """Delete a file, unless somebody else changed it."""
        path = inside(self.folder, name)
        there = _content(path)
        if there and self._wrote(name, there):
            path.unlink()
        elif there:
            self.kept.append(f"{name} was changed by somebody else: it is kept, though presslab has no more use for it")
        with self.store:
            self.store.execute("delete from written where name = ?", (name,))

    def changed(self, name: str) -> bool:
        """Return whether something lies under a name that is not as presslab left it."""
        there = _content(inside(self.folder, name))
        return bool(there) and not self._wrote(name, there)

    def intact(self, name: str, size: int, digest: str) -> bool:
        """Return whether a file is there with just this content. One that has its size and time still is not read."""
        path = inside(self.folder, name)
        try:
            there = os.stat(path)
        except FileNotFoundError:
            return False
        if there.st_size != size:
            return False
        row = self.store.execute("select changed from written where name = ? and digest = ?", (name, digest)).fetchone()
        if row and row[0] == there.st_mtime_ns:
            return True
        if _content(path) != digest:
            return False
        if row:
            self.store.execute(
                "update written set changed = ? where name = ? and digest = ?", (there.st_mtime_ns, name, digest)
            )
        return True

    def names(self, below: str) -> list[str]:
        """Return the files that presslab wrote in a folder within the folder ("articles"), or in all of it ("")."""
        start = below and f"{below}/"
        rows = self.store.execute(
            "select distinct name from written where substr(name, 1, ?) = ? order by name", (len(start), start)
        )
        return [name for (name,) in rows]

    def _wrote(self, name: str, digest: str) -> bool:
        return (
            self.store.execute("select 1 from written where name = ? and digest = ?", (name, digest)).fetchone()
            is not None
        )

    def _make_room(self, name: str, path: Path) -> None:
        number, new_path = 2, path.with_name(f"{path.stem}.kept{path.suffix}")
        while os.path.lexists(new_path):
            new_path = path.with_name(f"{path.stem}.kept-{number}{path.suffix}")
            number += 1
        os.rename(path, new_path)
        self.kept.append(
            f"{name} was changed or put there by somebody else: it is kept as"
            f" {new_path.relative_to(self.folder).as_posix()}"
        )


def _content(path: Path) -> str:
    """Return the SHA-256 of a file, "" if nothing is there, NO_FILE for a folder and the like."""
    if not os.path.lexists(path):
        return ""
    return written(path)[1] if path.is_file() else NO_FILE


def _listed(folder: Path) -> list[tuple[str, int, str]]:
    """Return what a finished run says of its files, if its memory is gone: name, size and SHA-256, by
    manifest.csv, which datapackage.json vouches for."""
    try:
        raw = inside(folder, "datapackage.json").read_bytes()
        package = json.loads(raw)
        (manifest,) = [r for r in package["resources"] if r["name"] == "manifest"]
        entries = [("manifest.csv", int(manifest["bytes"]), str(manifest["hash"]).removeprefix("sha256:"))]
        if raw.decode() == json_text(package):  # as it was written
            entries.append(("datapackage.json", *written(folder / "datapackage.json")))
        if written(inside(folder, "manifest.csv"))[1] != entries[0][2]:
            return entries
        with (folder / "manifest.csv").open(encoding="utf-8", newline="") as stream:
            return entries + [(row["path"], int(row["bytes"]), row["sha256"]) for row in csv.DictReader(stream)]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, KeyError, TypeError, AttributeError, csv.Error) as error:
        unsaid = (
            f"{folder} does not say which files it wrote ({type(error).__name__}); what it makes again is kept beside"
            " them"
        )
        log.warning("%s", line(f"presslab: {unsaid}"))
        return []
