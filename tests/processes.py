"""Commands that a test calls in its own process read and measure there too, as `spread=here` does."""

import pytest

from presslab.reading import read
from presslab.system import parallel


def started_none(patch: pytest.MonkeyPatch) -> None:
    """Let commands and functions that are called in this process start no other one.

    From a process that is not presslab's own they would start three new ones each, which load Python, spaCy and a
    kernel again: ten seconds of CPU for what takes one here. For tests whose claim is about files and messages; that
    processes change nothing and keep their limits is what test_parallel, test_apart, test_cli, test_endurance and
    test_readme say.
    """
    from presslab.api import folders

    for module in (parallel, folders):
        patch.setattr(module, "in_parallel", lambda task, items, **_: parallel.here(task, items))
    patch.setattr(read, "Apart", lambda limits: None)
