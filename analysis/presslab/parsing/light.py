"""spaCy without its command line, whose import (web clients, a shell, project settings) takes as long as all the rest
of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
import sys
from types import ModuleType
from typing import Any

NAMES = ("spacy.cli", "spacy.cli.info")  # of which `import spacy` needs one function, `spacy.info`


@contextmanager
def without_commands() -> Iterator[None]:
    """Let spaCy be imported in this block without its commands, in a process of our own; whoever imports them later
    gets them as usual."""
    if "spacy" in sys.modules:
        yield
        return
    for name in NAMES:
        sys.modules[name] = ModuleType(name)
    sys.modules["spacy.cli.info"].info = _info  # type: ignore[attr-defined]
    try:
        yield
    finally:
        for name in NAMES:
            sys.modules.pop(name, None)


def _info(*arguments: Any, **options: Any) -> Any:
    """Return what spaCy's own `info` returns."""
    from spacy.cli.info import info

    return info(*arguments, **options)
