"""Folders for work in progress: locked while they are used, and removed by the next run if a process was
killed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
import os
from pathlib import Path
import shutil
import sys
import tempfile

if sys.platform != "win32":  # there, what a killed process left stays until the system clears its folder
    import fcntl

PREFIX = "presslab-"
HELD = ".held"  # locked by the process that uses the folder; the system lets go of it, however the process ends


@contextmanager
def folder() -> Iterator[str]:
    """Make a folder for one piece of work, and remove it afterwards."""
    sweep()
    with tempfile.TemporaryDirectory(prefix=PREFIX) as place:
        with _locked(Path(place)):
            yield place


@lru_cache(maxsize=1)
def sweep() -> None:
    """Remove, once per process, the folders of this user that no living process holds: they contain articles."""
    if sys.platform == "win32":
        return
    for held in Path(tempfile.gettempdir()).glob(f"{PREFIX}*/{HELD}"):
        try:
            if held.parent.is_symlink() or held.parent.stat().st_uid != os.geteuid():
                continue
            with held.open() as stream:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(held.parent)
        except OSError:  # in use, or taken away by another process meanwhile
            continue


@contextmanager
def _locked(place: Path) -> Iterator[None]:
    if sys.platform == "win32":
        yield
        return
    new = place / f"{HELD}.new"
    with new.open("w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        new.rename(place / HELD)  # only now can another process see it, and it is locked already
        yield
