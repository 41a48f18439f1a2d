"""Processes that are presslab's own: they use no file of the folder that they are started in, and load nothing for nobody."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
import os
from pathlib import Path
import sys

SAFE_PATH = "PYTHONSAFEPATH"  # environment variable: Python looks for no module in the folder that it is started in
# jsonschema, which Jupyter loads, would compile a grammar of international web addresses: 0.9 s per process, for a check that
# no notebook needs. It goes without if the package is missing.
UNUSED = "rfc3987_syntax"
START = f"import sys; sys.modules['{UNUSED}'] = None"  # what a process of ours does first


def begin() -> None:
    """Do what START does. Never called when presslab is imported: a user's process is left as it is."""
    sys.modules.setdefault(UNUSED, None)


@contextmanager
def safe_path() -> Iterator[None]:
    """Start processes in this block so that a user's own random.py or presslab.py in the folder is never run by them."""
    before = os.environ.get(SAFE_PATH)
    os.environ[SAFE_PATH] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[SAFE_PATH]
        else:
            os.environ[SAFE_PATH] = before


def namesake() -> str:
    """Return a line about a presslab.py or a package presslab of the user's own in this folder; "" if there is none."""
    for name in ("presslab.py", "presslab/__init__.py"):
        if Path(name).is_file() and not Path(name).samefile(Path(__file__).parents[1] / "__init__.py"):
            return f"{name}: lies in this folder and isn't used; rename it, or `import presslab` finds it in notebooks here"
    return ""
