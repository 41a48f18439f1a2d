"""The door to every output: whether a folder or a file may be written to, before anything is read or made.

What presslab did not make it neither replaces nor deletes. A folder of its own is known by `.presslab/kind` in it, by
its data package, or by its design (a folder for coders); a file of its own by its content, which is remembered in the
cache folder."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
import json
import logging
import os
from pathlib import Path
import sqlite3

from .error import Error
from .files import PART, written
from .places import cache_folder
from .terminal import line

MEMORY = ".presslab"  # the folder within a run where presslab keeps what it remembers
MARK = "kind"
KINDS = {
    "report": "a run of presslab report",
    "comparison": "a run of presslab compare",
    "collection": "a report of presslab corpus",
    "coding": "a sample of presslab sample",
    "calibration": "a calibration of presslab frames calibrate",
}
PARTS = {
    "report": ("articles", "notebooks", "tables", "failures"),
    "comparison": ("events", "notebooks", "tables", "failures"),
    "collection": ("notebooks", "figures", "tables"),
    "coding": (),
    "calibration": (),
}
RUN = ("index.html", "run.log", "codebook.csv", "inputs.csv", "manifest.csv", "datapackage.json")
CODERS = 20
NAMES = {
    "report": (*RUN, *PARTS["report"], "coding", MEMORY),
    "comparison": (*RUN, *PARTS["comparison"], MEMORY),
    "collection": (*RUN, *PARTS["collection"], MEMORY),
    "coding": (
        "run.log",
        "sample.csv",
        "design.json",
        "texts.jsonl",
        "codebook.yaml",
        "agreement.html",
        "agreement.json",
        "disagreements.csv",
        *(f"form-coder-{n + 1}.html" for n in range(CODERS)),
        *(f"sheet-coder-{n + 1}.xlsx" for n in range(CODERS)),
        MEMORY,
    ),
    "calibration": ("index.html", "calibration.json", "calibrated.csv", MEMORY),
}
DESIGN = {"seed", "articles", "drawn", "by", "coders", "overlap", "sample"}
REMEMBERED = 10_000  # files of which the content is remembered
log = logging.getLogger("presslab")


class OutputError(Error):
    """An output that can't be written where it was asked for, or that nothing was named for: a usage error, in one
    line."""


def kind(folder: Path) -> str:
    """Return what presslab has made in a folder: a key of KINDS, or "" if it has made nothing there."""
    if (folder / MEMORY / MARK).is_file() and not (folder / MEMORY).is_symlink():
        name = (folder / MEMORY / MARK).read_bytes()[:40].decode("ascii", "replace").strip()
        if name in KINDS:
            return name
    package = _object(folder / "datapackage.json").get("presslab")
    if isinstance(package, dict):
        parameters = package.get("parameters")
        parameters = parameters if isinstance(parameters, dict) else {}
        return "collection" if parameters.get("collection") else "comparison" if "event" in parameters else "report"
    return "coding" if _object(folder / "design.json").keys() >= DESIGN else ""


def claim(folder: Path, wanted: str, but: Iterable[str] = ()) -> None:
    """Make sure that a folder may be written to: it is new, or empty, or presslab's and of this kind, or free of every
    name that would be written there (those of `but` apart). Raises OutputError, which says what lies there."""
    if os.path.lexists(folder) and not folder.is_dir():
        raise OutputError(f"{folder} is no folder; name another place with -o")
    for name in NAMES[wanted]:
        if (folder / name).is_symlink():
            raise OutputError(
                f"{folder / name} is a link, and presslab follows none inside its folders: remove it, or name another"
                " folder with -o"
            )
    there = kind(folder)
    if there == wanted:
        return
    if there:
        raise OutputError(f"{folder} holds {KINDS[there]}; name another folder with -o")
    names_in_use = [name for name in NAMES[wanted] if name not in but and _occupied(folder / name)]
    if names_in_use:
        what = ", ".join(names_in_use[:3]) + (
            f" and {len(names_in_use) - 3} more names" if len(names_in_use) > 3 else ""
        )
        raise OutputError(
            f"{folder} holds {what}, not made by presslab: name another folder with -o, or move what lies there away"
        )


def marked(folder: Path, wanted: str) -> None:
    """Mark a folder, in which MEMORY lies, as presslab's own of a kind."""
    path = folder / MEMORY / MARK
    if not path.is_file():
        partial = path.with_name(f"{PART}{MARK}")
        partial.unlink(missing_ok=True)
        partial.write_text(f"{wanted}\n", "ascii")
        os.replace(partial, path)


def apart(output: Path, inputs: Iterable[str | Path], files: Iterable[Path], folder: bool) -> None:
    """Make sure that an output is none of the inputs. `inputs` are files and folders as they were named, `files` what
    is read.

    An output file is no input and lies in no input folder; an output folder is no input folder, and no input lies in
    it. Links and other spellings are seen through. Raises OutputError."""
    sources, input_files = [Path(i) for i in inputs], list(files)
    if folder:
        if any(_same(output, source) for source in sources):
            raise OutputError(f"{output} is an input too; name another folder with -o")
        if not output.is_dir():
            return
        homes: dict[Path, Path] = {}
        for path in [*(source for source in sources if source.exists()), *input_files]:
            homes.setdefault(
                Path(os.path.realpath(path)).parent if path.is_symlink() or path.is_dir() else path.parent, path
            )
        for home, path in homes.items():
            real = Path(os.path.realpath(home))
            if any(_same(output, place) for place in (real, *real.parents)):
                raise OutputError(
                    f"{path} is an input and lies in {output}, where the output goes; name another folder with -o"
                )
        return
    places = Path(os.path.realpath(output)).parents
    for source in sources:
        if source.is_dir() and any(_same(place, source) for place in places):
            raise OutputError(f"{output} lies in the input folder {source}; name a place outside of it with -o")
    for path in [*sources, *input_files]:
        if _same(path, output):
            raise OutputError(f"{output} is an input too ({path}); name another file with -o")


def free(output: Path, force: bool) -> None:
    """Make sure that a file may be written: nothing lies there, or what presslab wrote, or `force` says so. Raises
    OutputError."""
    if not os.path.lexists(output):
        return
    if output.is_symlink():
        if not force:
            raise OutputError(f"{output} is a link; name the file itself with -o, or replace the link with --force")
    elif not output.is_file():
        raise OutputError(f"{output} is no plain file; name another with -o")
    elif not force and not _wrote(output):
        raise OutputError(
            f"{output} is there already, and presslab does not know it as its own: name another file with -o, or"
            " replace it with --force"
        )


def publish(partial: Path, output: Path) -> None:
    """Give a file that is whole its name, and remember its content as presslab's own."""
    digest, memory = written(partial)[1], _memory()
    if memory is not None:  # before it has its name: a command that is killed in between knows it as its own
        try:
            memory.parent.mkdir(parents=True, exist_ok=True)
            with closing(_opened(memory)) as store, store:
                store.execute("insert or replace into written (digest) values (?)", (digest,))
                store.execute(
                    "delete from written where number <= (select max(number) from written) - ?", (REMEMBERED,)
                )
        except (OSError, sqlite3.Error) as error:
            log.warning(
                "%s", line(f"presslab: {output} is written, but can't be remembered ({error}); --force will replace it")
            )
    os.replace(partial, output)


def _wrote(path: Path) -> bool:
    """Return whether presslab wrote just this content; if that can't be known, it did not."""
    memory = _memory()
    if memory is None or not memory.is_file():
        return False
    try:
        with closing(_opened(memory)) as store:
            return store.execute("select 1 from written where digest = ?", (written(path)[1],)).fetchone() is not None
    except sqlite3.Error as error:
        log.warning("%s", line(f"presslab: {memory} can't be used ({error})"))
        return False


def _memory() -> Path | None:
    place = cache_folder()
    return place / "written-1.sqlite" if place else None


def _opened(path: Path) -> sqlite3.Connection:
    store = sqlite3.connect(path, timeout=20)
    store.execute("create table if not exists written (number integer primary key autoincrement, digest text unique)")
    return store


def _occupied(path: Path) -> bool:
    """Return whether something of a user's lies at a path: any file, or a folder that holds more than a run just
    begun leaves."""
    if path.is_dir() and not path.is_symlink():
        return any(p.name != "lock" and not p.name.startswith(PART) for p in path.iterdir())
    return os.path.lexists(path)


def _same(one: Path, other: Path) -> bool:
    """Return whether two paths are one file or folder, through links and spellings."""
    try:
        return os.path.samefile(one, other)
    except OSError:  # one of them is not there
        return os.path.realpath(one) == os.path.realpath(other)


def _object(path: Path) -> dict:
    """Return the object in a JSON file; {} for anything else."""
    try:
        value = json.loads(path.read_bytes()) if path.is_file() else {}
    except (OSError, ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
