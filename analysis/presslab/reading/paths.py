"""Which files are read for files, folders and globs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
import glob
import os
from pathlib import Path

from presslab.system.apart import Apart, Ended
from presslab.system.outputs import KINDS, OutputError, kind as kind_of
from presslab.system.pipes import STDIN, special

from . import formats
from .formats.record import Source

TEXT_ENDINGS = (".txt", ".md", ".html", ".htm")
TABLE_ENDINGS = (".csv", ".tsv", ".jsonl", ".parquet", ".xlsx")
# what such a file holds is articles, or it is named
ALWAYS_READ = (".docx", ".rtf", ".eml", ".warc", ".zip", ".tar", ".tgz")
OTHER_ENDINGS = (".xml", ".json", ".rss", ".atom", ".ndjson", ".nitf", ".newsml")
ENDINGS = TEXT_ENDINGS + TABLE_ENDINGS + ALWAYS_READ + OTHER_ENDINGS  # not part of the id
HIDDEN = (".", "~$")  # what names of files begin with that are not read in folders
NOT_IN_FOLDERS = formats.PLAIN | {"csv", "jsonl", "xml", "json"}  # of a folder's files without a known ending


def readable(inputs: Iterable[str | Path]) -> list[Path]:
    """Return the files of files, folders and globs, none of which is looked into. Raises OutputError if none of
    them is there: then there is nothing to write."""
    inputs = list(inputs)
    paths, skipped = walked(inputs, lambda path: True)
    if any(path == STDIN or path.exists() for path in paths):
        return paths
    if paths:
        raise OutputError(
            f"{paths[0]}: there is no such file" + (f", nor the {len(paths) - 1} others" if len(paths) > 1 else "")
        )
    why = f" ({skipped[0]} holds {KINDS[kind_of(skipped[0])]})" if skipped else ""
    raise OutputError(f"there is no article to read in {', '.join(map(str, inputs))}{why}")


def paths_of(inputs: Iterable[str | Path]) -> list[Path]:
    """Return the files that are read for files, folders and globs, each once, in a stable order; "-" comes as
    STDIN, and pipes and devices come like files."""
    return walked(inputs, lambda path: is_input(path, None))[0]


def walked(inputs: Iterable[str | Path], wanted: Callable[[Path], bool]) -> tuple[list[Path], list[Path]]:
    """Return the files of files, folders and globs, each once, in a stable order; and the folders among them, or in
    them, that are passed over, since presslab made them. Of a folder's files those are given that are `wanted`."""
    paths: dict[str, Path] = {}
    skipped: dict[str, Path] = {}
    for entry in inputs:
        text = str(entry)
        path = Path(text)
        if path == STDIN:
            files = [STDIN if text == "-" else path.absolute()]
        elif path.is_dir():
            files, own = _within(path, wanted)
            skipped |= {str(folder): folder for folder in own}
        elif not path.exists() and any(c in text for c in "*?["):
            files = sorted(Path(p) for p in glob.glob(text, recursive=True) if Path(p).is_file()) or [path]
        else:
            files = [path]
        for one in files:
            # ./a.txt is a.txt; a link is a file of its own
            place = os.path.join(os.path.realpath(one.parent), one.name)
            paths.setdefault(place, one)
    return list(paths.values()), list(skipped.values())


def _within(root: Path, wanted: Callable[[Path], bool]) -> tuple[list[Path], list[Path]]:
    """Return the files to read in a folder and those below it, and the folders that presslab made. Hidden files and
    read-me files are passed over."""
    files: list[Path] = []
    own: list[Path] = []
    for place, folders, names_ in os.walk(root):
        folder = Path(place)
        if kind_of(folder):
            own.append(folder)
            folders.clear()
            continue
        folders[:] = [name for name in folders if not name.startswith(HIDDEN)]
        inside = (folder / name for name in names_ if not name.startswith(HIDDEN))
        files += [path for path in inside if not path.is_dir() and path.stem.casefold() != "readme" and wanted(path)]
    return sorted(files), own


def is_input(path: Path, apart: Apart | None) -> bool:
    """Return whether a file of a folder is read: a text or a table by its ending, any other kind by its content,
    into which the process `apart` looks. What can't be looked into is read too: its reader says why."""
    if path.suffix.lower() in TABLE_ENDINGS + TEXT_ENDINGS + ALWAYS_READ or special(path):
        return True
    if apart is None:
        return next(_articles_inside(path))
    try:
        return all(apart.items(_articles_inside, path))
    except Ended:
        return True


def _articles_inside(path: Path) -> Iterator[bool]:
    """Yield whether a file's kind is one that is read in a folder; one answer, as a process apart gives it."""
    try:
        yield formats.kind(Source.of_path(path)) not in NOT_IN_FOLDERS
    except Exception:  # said again, with its reason, when the file is read
        yield True
