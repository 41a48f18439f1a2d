"""What comes through a pipe: kept in a temporary file, so that it can be looked at and read like any other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
import os
from pathlib import Path
import select
import stat
import sys
import time

from . import scratch
from .error import Error

STDIN, STDIN_NAME = Path("-"), "stdin"  # how standard input is named among the inputs, and what it is called
LARGEST = 2_000_000_000  # bytes through one pipe
PIECE = 1_000_000
SPECIAL = {stat.S_IFCHR: "a device", stat.S_IFBLK: "a device", stat.S_IFSOCK: "a socket", stat.S_IFIFO: "a named pipe"}


class PipeError(Error):
    """A pipe that can't be read, or a file that is no file; the message says why, in words for people."""


def special(path: Path) -> str:
    """Return what a path is that is neither a file nor a folder: "a named pipe", "a device", "a socket"; ""
    otherwise."""
    try:
        return SPECIAL.get(stat.S_IFMT(path.stat().st_mode), "")
    except (OSError, ValueError):  # what is not there is said by the reader
        return ""


@contextmanager
def as_file(path: Path, seconds: float) -> Iterator[Path]:
    """Give a file with what comes through a pipe (STDIN: standard input) until its end; gone when the block ends.

    It has the pipe's name, "stdin" for standard input. Raises PipeError for a device or a socket, if the end does
    not come within `seconds`, or if more than 2 GB come."""
    kind = "standard input" if path == STDIN else special(path)
    if kind in ("a device", "a socket"):
        raise PipeError(f"is {kind}, not a file")
    with scratch.folder() as folder:
        file = Path(folder, STDIN_NAME if path == STDIN else path.name)
        descriptor = 0 if path == STDIN else os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        try:
            with file.open("wb") as stream:
                for piece in _pieces(descriptor, seconds):
                    stream.write(piece)
                    if stream.tell() > LARGEST:
                        raise PipeError(f"more than {LARGEST // 10**9} GB came through the pipe; save it as a file")
        finally:
            if descriptor:
                os.close(descriptor)
        yield file


def _pieces(descriptor: int, seconds: float) -> Iterator[bytes]:
    deadline = time.monotonic() + seconds
    while True:
        if sys.platform != "win32":  # there only sockets can be waited for
            waiting = select.poll()
            waiting.register(descriptor, select.POLLIN)
            if not waiting.poll(max(deadline - time.monotonic(), 0) * 1000):
                raise PipeError(
                    f"took longer than {seconds:.0f} s (--timeout): nobody ended what comes through the pipe"
                )
        piece = os.read(descriptor, PIECE)
        if not piece:
            return
        yield piece
        if time.monotonic() > deadline:
            raise PipeError(f"took longer than {seconds:.0f} s (--timeout): nobody ended what comes through the pipe")
