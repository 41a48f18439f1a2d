"""CPU time of a call, which other tests of the same process do not change."""

from collections.abc import Iterator
from contextlib import contextmanager
import gc


@contextmanager
def without_garbage() -> Iterator[None]:
    """Look for no garbage: the search goes through all that other tests hold, again and again."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
