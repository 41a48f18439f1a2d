"""YAML that people write by hand, as nodes that know their lines: nothing in it can run, grow without end or nest
without end."""

from __future__ import annotations

from importlib import resources
from typing import Any

import yaml

from .error import Error

LARGEST = 500_000  # characters
DEEPEST = 8  # levels of brackets and indents that such a file can need
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class NotPlain(Error):
    """A file that is no such YAML; the message is one line for people: file, line, what is wrong."""


def packaged(path: str) -> Any:
    """Return what a YAML file of our own holds, by its path below analysis/presslab/data; read by libyaml if it
    is there: a tenth of the time."""
    return yaml.load((resources.files("presslab") / "data" / path).read_text("utf-8"), LOADER)


def nodes(text: str, file: str) -> list[yaml.Node]:
    """Return the documents of a YAML text, empty ones left out; every key of a mapping is a word. `file` is named
    in errors.

    Raises NotPlain, also if it is too large or nested too deep, and for aliases, by which a small file becomes a
    huge one.
    """
    if len(text) > LARGEST:
        raise NotPlain(f"{file}: too large (at most {LARGEST // 1000} kB)")
    try:
        deep = 0
        for event in yaml.parse(text, Loader=LOADER):
            deep += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if deep > DEEPEST or isinstance(event, yaml.AliasEvent):
                raise NotPlain(
                    f"{file}:{event.start_mark.line + 1}: nested too deep, or an alias (*); write it out plainly"
                )
        documents = [node for node in yaml.compose_all(text, Loader=LOADER) if node is not None]
    except (yaml.YAMLError, UnicodeEncodeError) as error:  # the latter: half of a surrogate pair
        mark = getattr(error, "problem_mark", None)
        where = f"{file}:{mark.line + 1}" if mark else file
        raise NotPlain(
            f"{where}: not valid YAML: {getattr(error, 'problem', None) or str(error).splitlines()[0]}"
        ) from error
    for node in documents:
        _keys(node, file)
    return documents


def _keys(node: yaml.Node, file: str) -> None:
    """Check that the keys of all mappings are words."""
    for child in node.value if isinstance(node, yaml.CollectionNode) else ():
        key, inner = child if isinstance(child, tuple) else (None, child)
        if key is not None and not isinstance(key, yaml.ScalarNode):
            raise NotPlain(
                f"{file}:{key.start_mark.line + 1}: a key has to be a word; quote it where it begins with a bracket"
            )
        _keys(inner, file)
