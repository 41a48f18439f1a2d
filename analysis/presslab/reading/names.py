"""What articles are called: ids exactly as they were given, and names of files made from them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
import hashlib
from itertools import chain, count
import os
from pathlib import Path
import re
import unicodedata

LONGEST = 120  # bytes: a file system takes 255, and .NAME.ipynb.part must fit, also on an encrypted disk
KEPT = 100  # bytes of a longer name, before the hash
SHOWN = 80  # characters of an id in a message
RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")  # Windows opens a device for these


def exact(name: str) -> str:
    """Return a name as it was given; only what no file can hold (half of a surrogate pair, a byte that is no UTF-8)
    becomes \\udc80."""
    return name.encode("utf-8", "backslashreplace").decode()


def slug(id: str) -> str:
    """Return the file name, without an ending, of an article's report: the id itself if it is fit for one on every
    system, otherwise what is left of it, a tilde and 12 characters of its hash.

    Ids that differ only by case or by Unicode form (Story and story) would be one file on some systems. So an id
    with a capital gets the hash too, whether or not the other is there: the name depends on the id alone, never on
    the other articles. No id keeps a tilde, so a name with a hash is nobody's id.
    """
    folded = unicodedata.normalize("NFKC", id.upper().casefold())
    plain = re.sub(r"[^\w.-]+", "-", unicodedata.normalize("NFC", id)).lstrip("-.").rstrip(".")
    if plain and plain == id == folded and not RESERVED.fullmatch(plain) and len(plain.encode()) <= LONGEST:
        return plain
    stem = plain.encode()[:KEPT].decode("utf-8", "ignore").rstrip("-.") or "article"
    start = "_" if RESERVED.fullmatch(stem) else ""
    return f"{start}{stem}~{hashlib.sha256(id.encode('utf-8', 'backslashreplace')).hexdigest()[:12]}"


def shown(id: str) -> str:
    """Return an id as a message may have it: in one line, cut to SHOWN characters."""
    line = re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+", " ", id)
    return line if len(line) <= SHOWN else f"{line[: SHOWN - 1]}…"


def labels(paths: Iterable[Path], endings: Collection[str], earlier: Mapping[str, str] = {}) -> dict[Path, str]:
    """Return for each file what the ids of its articles begin with: its name without one of the `endings`, or, if
    several have that name, as much of their paths as tells them apart (guardian/001, mail/001; a.txt, a.html).

    Only folders below the one that they have in common count, so no label depends on where a collection lies. `earlier`
    has the labels of files that were read before by their absolute paths: these keep theirs, and no other file gets one
    of those."""
    places = {path: os.path.abspath(path) for path in paths}
    old = {path: earlier[place] for path, place in places.items() if place in earlier}
    taken = {place: _stem(Path(place), endings) for place in earlier}
    used = set(earlier.values())
    groups: dict[str, dict[Path, str]] = {}
    for path, place in places.items():
        if path not in old:
            groups.setdefault(_stem(path, endings), {})[path] = place
    for stem, members in groups.items():
        others = [place for place, name in taken.items() if name == stem]
        apart = _told_apart([*members.values(), *others], stem)
        for path, place in members.items():
            longer = (f"{apart[place][-1]} ({number})" for number in count(2))
            old[path] = next(name for name in chain(apart[place], longer) if name not in used)
    return old


def _stem(path: Path, endings: Collection[str]) -> str:
    """Return a file's name without an ending that is usual for its kind."""
    return exact(path.stem if path.suffix.lower() in endings else path.name)


def _told_apart(places: list[str], stem: str) -> dict[str, list[str]]:
    """Return for each absolute path the names it may have, the shortest first that differs from those of all others."""
    if len(places) == 1:
        return {places[0]: [stem]}
    common = Path(os.path.commonpath([os.path.dirname(place) for place in places])) if _one_root(places) else None
    parts = {place: Path(place).relative_to(common).parts if common else Path(place).parts[1:] for place in places}
    for last in (
        lambda name: stem,
        lambda name: name,
    ):  # with the ending only if two files of a folder differ by nothing else
        for depth in range(1, max(map(len, parts.values())) + 1):
            names = {
                place: (
                    [_from_end(part, n, last) for n in range(depth, len(part) + 1)]
                    or [_from_end(part, len(part), last)]
                )
                for place, part in parts.items()
            }
            if len({name[0] for name in names.values()}) == len(places):
                return names
    raise ValueError("two paths are the same")


def _from_end(parts: tuple[str, ...], count: int, last: Callable[[str], str]) -> str:
    return "/".join([*parts[:-1], last(parts[-1])][-count:])


def _one_root(places: list[str]) -> bool:
    return len({Path(place).anchor for place in places}) == 1
