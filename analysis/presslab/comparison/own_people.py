"""What a user knows about names: a YAML file that joins spellings under one name, or keeps names apart."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import yaml

from presslab.system.error import Error
from presslab.system.plain_yaml import NotPlain, nodes

from .full_names import words_of

APART = "apart"
OWN = "your file of people"  # how a name came under another
LARGEST = 200_000  # bytes
REMEDY = (
    "write “- Barack Obama: [Obama, the president]” to join spellings, “- apart: [George Bush, George W. Bush]” to keep"
    " names apart"
)


class PeopleError(Error):
    """A file of people that can't be used; the message is one line: file, line, what is wrong, what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(" ".join(message.split()))  # what it quotes may have line ends


def spelling(name: str) -> str:
    """Return what of a name counts when it is looked up in the file: no titles, dots, accents, capitals."""
    return " ".join(words_of(name)).lower()


@dataclass(frozen=True)
class OwnPeople:
    """What a file of people says: `joined` gives for each name the spellings that are joined under it, `apart` lists of
    names that are never joined with each other. Spellings count as in `spelling`."""

    joined: tuple[tuple[str, tuple[str, ...]], ...] = ()
    apart: tuple[tuple[str, ...], ...] = ()

    @cached_property
    def names(self) -> dict[str, str]:
        """The name under which a spelling is joined."""
        return {spelling(s): name for name, spellings in self.joined for s in (name, *spellings)}

    @cached_property
    def _apart(self) -> tuple[frozenset[str], ...]:
        return tuple(frozenset(map(spelling, names)) for names in self.apart)

    def are_apart(self, one: str, other: str) -> bool:
        """Return whether two spellings (as `spelling` returns them) are never joined."""
        mine, theirs = self.names.get(one), self.names.get(other)
        if mine and theirs and mine != theirs:
            return True
        pairs = {one, spelling(mine or one)}, {other, spelling(theirs or other)}
        return any(a != b and a in names and b in names for names in self._apart for a in pairs[0] for b in pairs[1])


NOBODY = OwnPeople()


def load_people(path: str | Path) -> OwnPeople:
    """Return what a file of people says. Raises PeopleError, naming file and line, for whatever is wrong in it."""
    file = Path(path)
    try:
        if file.stat().st_size > LARGEST:
            raise PeopleError(f"{file.name}: too large for a list of people (at most {LARGEST // 1000} kB)")
        text = file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise PeopleError(
            f"{file.name}: can't be read ({getattr(error, 'strerror', None) or 'no UTF-8 text'})"
        ) from error
    return read_people(text, file.name)


def own_people(path: str) -> OwnPeople:
    """Return what the file of people says that a run or a notebook names; nothing for "". Raises as `load_people`."""
    return load_people(path) if path else NOBODY


def read_people(text: str, file: str) -> OwnPeople:
    """Return what the text of such a file says; errors call it `file`."""
    try:
        roots = nodes(text, file)
    except NotPlain as error:
        raise PeopleError(str(error)) from error
    if not roots:
        raise PeopleError(f"{file}:1: there is nothing in it; {REMEDY}")
    if len(roots) > 1:
        raise _error(file, roots[1], "one list is expected; remove the line with three hyphens")
    if not isinstance(roots[0], yaml.SequenceNode) or not roots[0].value:
        raise _error(file, roots[0], f"expected a list; {REMEDY}")
    entries = [(item, *_entry(item, file)) for item in roots[0].value]
    joined = tuple((name, spellings) for _, name, spellings in entries if name != APART)
    people = OwnPeople(joined, tuple(spellings for _, name, spellings in entries if name == APART))
    places: dict[str, tuple[str, int]] = {}  # spelling → the name it is joined under, and the line
    names: set[str] = set()
    for item, name, spellings in entries:
        if name == APART:
            _check_apart(item, spellings, people, file)
            continue
        if name in names:
            raise _error(file, item, f"{name} is there twice; put all spellings into one list")
        names.add(name)
        for words in (name, *spellings):
            other, line = places.setdefault(spelling(words), (name, item.start_mark.line + 1))
            if other != name:
                raise _error(
                    file, item, f"“{words}” is joined under {other} already (line {line}; titles, dots, accents and"
                    " capitals don’t count); give each spelling once"
                )  # fmt: skip
    return people


def _entry(item: yaml.Node, file: str) -> tuple[str, tuple[str, ...]]:
    """Return the name and the list of one entry."""
    if not isinstance(item, yaml.MappingNode) or len(item.value) != 1:
        raise _error(file, item, f"each entry has one name and a list; {REMEDY}")
    ((key, value),) = item.value
    return _text(key, file), _texts(value, file)


def _check_apart(item: yaml.Node, names: tuple[str, ...], people: OwnPeople, file: str) -> None:
    """Make sure that an entry keeps two names or more apart, and none that another entry joins."""
    if len({spelling(name) for name in names}) < 2:
        raise _error(file, item, "apart takes two different names or more, as they are shown in the report")
    owners = [people.names.get(spelling(name), name) for name in names]
    for owner in owners:
        if owners.count(owner) > 1:
            raise _error(
                file, item, f"{' and '.join(names)} are kept apart, but two of them are joined under {owner}; remove"
                " one of the entries"
            )  # fmt: skip


def _texts(node: yaml.Node, file: str) -> tuple[str, ...]:
    if not isinstance(node, yaml.SequenceNode) or not node.value:
        raise _error(file, node, f"expected a list of spellings in square brackets; {REMEDY}")
    return tuple(_text(item, file) for item in node.value)


def _text(node: yaml.Node, file: str) -> str:
    if not isinstance(node, yaml.ScalarNode) or not spelling(node.value):
        raise _error(file, node, "expected a name here")
    return " ".join(node.value.split())


def _error(file: str, node: yaml.Node, message: str) -> PeopleError:
    return PeopleError(f"{file}:{node.start_mark.line + 1}: {message}")
