"""Files that are there whole or not at all, and what to say if a disk is full."""

from __future__ import annotations

from collections.abc import Iterable
import errno
import hashlib
import json
import os
from pathlib import Path
import stat

from .error import Error

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
PART = ".presslab-part-"  # begins the name of a file that is not whole yet; nobody else makes such
INTERRUPTED = "presslab: interrupted; what is done is kept, the same command goes on from here"
CLOSED = (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST)  # nothing can be written there


class Stopped(Error):
    """A run that can't go on: the message says why, and what to do. What is done stays done."""


def full(place: object) -> str:
    """Return what to say if a disk is full."""
    return f"the disk is full ({place}); make room and run the same command again: what is done is kept"


def inside(folder: Path, name: str) -> Path:
    """Return the path of `name`, a relative path with slashes, in a run folder, which may come from anybody.

    Raises Stopped if the name leads out of the folder, or a link lies on its way: neither is ever followed.
    """
    parts = name.split("/")
    if any(part in ("", ".", "..") or "\\" in part or "\0" in part or ":" in part for part in parts):
        raise Stopped(f"{folder}: {name!r} is no path inside the folder; don't use a run folder that names such a file")
    path = folder
    for part in parts:
        path = path / part
        if path.is_symlink():
            raise Stopped(
                f"{path} is a link; presslab follows none inside a run folder: put the file itself there, or remove the"
                " link"
            )
    return path


def own(folder: Path, name: str) -> Path:
    """Return the path of a file that presslab keeps open in its folder (log, lock, state), as `inside`. Raises
    Stopped if what lies there is no plain file, or has a second name elsewhere (a hard link): both would be written
    to."""
    path = inside(folder, name)
    try:
        there = path.lstat()
    except FileNotFoundError:
        return path
    if not stat.S_ISREG(there.st_mode) or there.st_nlink > 1:
        raise Stopped(
            f"{path} is not a plain file with one name, and presslab writes to no other: remove it, or copy the folder"
        )
    return path


def part(path: Path) -> Path:
    """Return where the file that becomes `path` is written until it is whole; nothing lies there when this returns."""
    partial = path.with_name(PART + hashlib.sha256(path.name.encode("utf-8", "surrogateescape")).hexdigest()[:16])
    partial.unlink(missing_ok=True)  # what a killed run left, or a link that somebody laid there
    return partial


def drafted(path: Path, pieces: Iterable[str]) -> tuple[Path, int, str]:
    """Write a text (UTF-8, lone surrogates replaced) beside the path it is for; returns the file, its size and its
    SHA-256."""
    partial = part(path)
    digest = hashlib.sha256()
    try:
        with open(partial, "xb") as stream:
            for piece in pieces:
                raw = piece.encode("utf-8", "replace")
                digest.update(raw)
                stream.write(raw)
            size = stream.tell()
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    return partial, size, digest.hexdigest()


def write(path: Path, pieces: Iterable[str]) -> tuple[int, str]:
    """Write a text file whole or not at all (UTF-8, lone surrogates replaced); returns its size and SHA-256. A link
    that lies at `path` is replaced, never followed."""
    partial, size, digest = drafted(path, pieces)
    try:
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)
    return size, digest


def json_text(value: object) -> str:
    """Return the text of a JSON file for people. presslab knows its own datapackage.json by it: whoever writes one
    calls this."""
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def written(path: Path) -> tuple[int, str]:
    """Return size and SHA-256 of a file."""
    with path.open("rb") as stream:
        return path.stat().st_size, hashlib.file_digest(stream, "sha256").hexdigest()
