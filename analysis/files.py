"""Files that are there whole or not at all, and what to say where a disk is full."""

from __future__ import annotations

from collections.abc import Iterable
import errno
import hashlib
import os
from pathlib import Path

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
CLOSED = (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST)  # nothing can be written there


class Stopped(Exception):
    """A run that can't go on: the message says why, and what to do. What is done stays done."""


def full(place: object) -> str:
    """What to say where a disk is full."""
    return f"the disk is full ({place}); make room and run the same command again: what is done is kept"


def write(path: Path, pieces: Iterable[str]) -> tuple[int, str]:
    """Write a text file whole or not at all (UTF-8, lone surrogates replaced); gives its size and SHA-256."""
    partial = path.with_name(f".{path.name}.part")
    digest = hashlib.sha256()
    try:
        with partial.open("wb") as stream:
            for piece in pieces:
                raw = piece.encode("utf-8", "replace")
                digest.update(raw)
                stream.write(raw)
            size = stream.tell()
        os.replace(partial, path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    return size, digest.hexdigest()


def written(path: Path) -> tuple[int, str]:
    """Size and SHA-256 of a file."""
    with path.open("rb") as stream:
        return path.stat().st_size, hashlib.file_digest(stream, "sha256").hexdigest()
