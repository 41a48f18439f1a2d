"""Processes that are presslab's own: they use no file of the folder that they are started in, and load nothing for
nobody."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
import gc
from importlib.machinery import ModuleSpec
import os
from pathlib import Path
import sys
from threading import Lock

SAFE_PATH = "PYTHONSAFEPATH"  # environment variable: Python looks for no module in the folder that it is started in
# jsonschema, which Jupyter loads, would compile a grammar of international web addresses: 0.9 s per process, for a
# check that
# no notebook needs. It goes without if the package is missing.
UNUSED = "rfc3987_syntax"
FOLDERS = "JUPYTER_PLATFORM_DIRS"  # environment variable without which Jupyter warns on standard error
# Every process computes on one thread: more would change the last bits of numbers, and a thread hinders forks.
SINGLE = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "ARROW_DEFAULT_MEMORY_POOL": "system",
          "JE_ARROW_MALLOC_CONF": "background_thread:false"}  # fmt: skip
START = "import sys; from presslab.system.own import begin; begin()"  # what a process of ours does first
_ours = False


def begin() -> None:
    """Make this process presslab's own, before it loads anything large. Never called when presslab is imported: a
    user's process is left as it is."""
    global _ours
    _ours = True
    os.environ |= SINGLE  # read when numpy is loaded
    # what is loaded stays: looking for garbage in it every 700 objects is a tenth of a start
    gc.set_threshold(50_000, 20, 50)
    sys.modules.setdefault(UNUSED, None)  # type: ignore[arg-type]  # None, says Python's manual: not to be imported


def ours() -> bool:
    """Return whether this process is presslab's own."""
    return _ours


_starting = Lock()


@contextmanager
def starting() -> Iterator[None]:
    """Start processes by multiprocessing in this block: they run no file of the user, neither a random.py or
    presslab.py in the folder nor the script that called presslab, and compute on one thread."""
    main = sys.modules["__main__"]
    with _starting:
        settings = {SAFE_PATH: "1", **SINGLE, FOLDERS: os.environ.get(FOLDERS, "1")}
        before = {name: os.environ.get(name) for name in settings}
        spec = getattr(main, "__spec__", None)
        os.environ |= settings
        main.__spec__ = ModuleSpec("presslab.__main__", None)  # multiprocessing leaves a __main__ of a package alone
        try:
            yield
        finally:
            main.__spec__ = spec
            for name, value in before.items():
                if value is None:
                    del os.environ[name]
                else:
                    os.environ[name] = value


def namesake() -> str:
    """Return a line about a presslab.py or a package presslab of the user's own in this folder; "" if there is none."""
    for name in ("presslab.py", "presslab/__init__.py"):
        if Path(name).is_file() and not Path(name).samefile(Path(__file__).parents[1] / "__init__.py"):
            return (
                f"{name}: lies in this folder and isn't used; rename it, or `import presslab` finds it in notebooks"
                " here"
            )
    return ""
