"""What a reader corrects: a small YAML file beside an article, checked with file and line before it is used.

`story.corrections.yaml` beside `story.txt` is a list of corrections; `table.corrections.yaml` beside `table.csv` has a
list for each id. Words of the article say what is meant, never offsets; see `KINDS` for what can be said."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from presslab.system.error import Error
from presslab.system.plain_yaml import NotPlain, nodes

LARGEST = 200_000  # bytes
KINDS = {  # the key that names a correction → the keys that it must have and may have
    "merge": ((), ("as",)),  # these sources are one
    "split": (("to",), ("occurrence",)),  # the attribution of these words belongs to somebody else
    "rename": (("to",), ()),
    "remove": ((), ("occurrence",)),  # the attribution of these words is none
    "add": (("cue", "by"), ("occurrence",)),  # these words are attributed by a cue to a source
    "source": ((), ("type", "gender", "words")),
}
GENDERS = ("woman", "man")


class CorrectionError(Error):
    """A correction that can't be used; the message is one line for people: file, line, what is wrong, what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(" ".join(message.split()))  # what it quotes may have line ends


@dataclass(frozen=True)
class Correction:
    """One correction. `kind` is a key of KINDS, `words` what it names (for "merge" several), the other fields as in
    the file or ""; `occurrence` is 1 for the first time that the words appear, 0 if the file doesn't say; `file`,
    `line` its place."""

    kind: str
    words: tuple[str, ...]
    to: str = ""
    type: str = ""
    gender: str = ""
    because: str = ""
    cue: str = ""
    occurrence: int = 0
    file: str = ""
    line: int = 0

    def error(self, message: str) -> CorrectionError:
        """Return the error to raise about this correction."""
        return CorrectionError(f"{self.file}:{self.line}: {message}")

    def __str__(self) -> str:
        """The correction in plain words, for the report."""
        quoted = [f"“{w}”" for w in self.words]
        said = " and ".join(filter(None, [", ".join(quoted[:-1]), quoted[-1]]))
        return {
            "merge": f"{said} are one source{f', {self.to}' if self.to else ''}",
            "split": f"{said}: the source is {self.to}",
            "rename": f"{said} is called {self.to}",
            "remove": f"{said} is not an attribution",
            "add": f"{said} is attributed to {self.to} (“{self.cue}”)",
            "source": f"{said}: "
            + ", ".join(
                filter(
                    None,
                    [self.type and f"type {self.type}", self.gender, self.because and f"by the words “{self.because}”"],
                )
            ),  # fmt: skip
        }[self.kind]


def path_beside(path: Path) -> Path:
    """Return where the corrections of an article or table lie: story.corrections.yaml beside story.txt."""
    return path.with_name(f"{path.stem}.corrections.yaml")


def of_article(path: Path) -> tuple[Correction, ...]:
    """Return the corrections beside an article, () if there is no file. Raises CorrectionError."""
    file = path_beside(path)
    return _listed(_root(file, file.stat().st_mtime_ns), file.name) if file.is_file() else ()


def of_table(path: Path) -> dict[str, tuple[Correction, ...] | CorrectionError]:
    """Return the corrections beside a table by id, {} if there is no file; an entry that can't be used is its error.

    Raises CorrectionError if the whole file can't be used.
    """
    file = path_beside(path)
    if not file.is_file():
        return {}
    root = _root(file, file.stat().st_mtime_ns)
    if not isinstance(root, yaml.MappingNode):
        raise _error(file.name, root, "beside a table, give the id of a row and below it a list of corrections")
    lists: dict[str, tuple[Correction, ...] | CorrectionError] = {}
    for key, value in root.value:
        if str(key.value) in lists:
            raise _error(file.name, key, f"the id “{key.value}” appears twice")
        try:
            lists[str(key.value)] = _listed(value, file.name)
        except CorrectionError as error:
            lists[str(key.value)] = error
    return lists


@lru_cache(maxsize=4)
def _root(file: Path, changed: int) -> yaml.Node:
    """Return the file as YAML nodes; `changed` (its time) keeps the memory of an older file from being used."""
    try:
        if file.stat().st_size > LARGEST:
            raise CorrectionError(f"{file.name}: too large for corrections (at most {LARGEST // 1000} kB)")
        roots = nodes(file.read_text("utf-8"), file.name)
    except NotPlain as error:
        raise CorrectionError(str(error)) from error
    except (OSError, UnicodeDecodeError) as error:
        raise CorrectionError(
            f"{file.name}: can't be read ({getattr(error, 'strerror', None) or 'no UTF-8 text'})"
        ) from error
    if not roots:
        raise CorrectionError(f"{file.name}:1: there are no corrections in it; add some or remove the file")
    if len(roots) > 1:
        raise _error(file.name, roots[1], "one list of corrections is expected; remove the line with three hyphens")
    return roots[0]


def _listed(node: yaml.Node, file: str) -> tuple[Correction, ...]:
    if not isinstance(node, yaml.SequenceNode) or not node.value:
        raise _error(
            file, node, "expected a list of corrections, each beginning with “- ” and one of: " + ", ".join(KINDS)
        )
    return tuple(_one(item, file) for item in node.value)


def _one(node: yaml.Node, file: str) -> Correction:
    if not isinstance(node, yaml.MappingNode):
        raise _error(file, node, "a correction has keys, such as “rename: Quill” and “to: Adele Quill”")
    values: dict[str, yaml.Node] = {}
    for key, value in node.value:
        if key.value in values:
            raise _error(file, key, f"key “{key.value}” appears twice")
        values[key.value] = value
    kinds = [k for k in KINDS if k in values]
    if len(kinds) != 1:
        raise _error(file, node, f"a correction has exactly one of the keys {', '.join(KINDS)}")
    kind = kinds[0]
    must, may = KINDS[kind]
    for key, _ in node.value:
        if key.value not in (kind, *must, *may):
            allowed = ", ".join((kind, *must, *may))
            raise _error(file, key, f"unknown key “{key.value}” in a correction of kind {kind} (known: {allowed})")
    missing = [k for k in must if k not in values]
    if missing:
        raise _error(file, node, f"a correction of kind {kind} needs the key {', '.join(missing)}")
    words = _words(values[kind], file, kind)
    text = {name: _text(value, file) for name, value in values.items() if name not in (kind, "occurrence")}
    if kind == "source":
        if not text.keys() & {"type", "gender"}:
            raise _error(file, node, "say the type or the gender of the source")
        if text.get("gender", "woman") not in GENDERS:
            raise _error(
                file, values["gender"], f"gender is {' or '.join(GENDERS)}, as the article's own words give it"
            )
        if "gender" in text and "words" not in text:
            raise _error(file, node, "give the words of the article that state the gender (words: she)")
    return Correction(
        kind,
        words,
        text.get("to") or text.get("as") or text.get("by") or "",
        text.get("type", ""),
        text.get("gender", ""),
        text.get("words", ""),
        text.get("cue", ""),
        _number(values.get("occurrence"), file),
        file,
        node.start_mark.line + 1,
    )


def _words(node: yaml.Node, file: str, kind: str) -> tuple[str, ...]:
    if kind != "merge":
        return (_text(node, file),)
    if not isinstance(node, yaml.SequenceNode) or len(node.value) < 2:
        raise _error(file, node, "merge takes a list of two sources or more, such as [Quill, the mayor]")
    return tuple(_text(item, file) for item in node.value)


def _text(node: yaml.Node, file: str) -> str:
    if not isinstance(node, yaml.ScalarNode) or not node.value.strip():
        raise _error(file, node, "expected words here")
    return node.value.strip()


def _number(node: yaml.Node | None, file: str) -> int:
    if node is None:
        return 0
    if (
        not isinstance(node, yaml.ScalarNode)
        or not node.value.isdecimal()
        or len(node.value) > 6
        or not 1 <= int(node.value) <= 100_000
    ):
        raise _error(file, node, "occurrence is a number: 1 for the first time that the words appear")
    return int(node.value)


def _error(file: str, node: yaml.Node, message: str) -> CorrectionError:
    return CorrectionError(f"{file}:{node.start_mark.line + 1}: {message}")
