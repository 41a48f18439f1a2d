"""spaCy without its command line, whose import takes as long as all the rest of it: web clients, a shell, settings of
projects."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
import sys
from types import ModuleType
from typing import Any

NAMES = ("spacy.cli", "spacy.cli.info")  # what `import spacy` takes from there: one function, `spacy.info`


@contextmanager
def without_commands() -> Iterator[None]:
    """Import spaCy in this block without its commands, in a process of our own; whoever asks for these later gets them
    as ever."""
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
