"""One task over many items by several processes: in order, bounded, and nothing lost where a worker dies."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
import multiprocessing
from typing import Any, TypeVar

Result = TypeVar("Result")


def in_parallel(
    task: Callable[..., Result], items: Iterable[tuple], jobs: int, window: int = 4
) -> Iterator[tuple[tuple, Result | Exception]]:
    """`task(*item)` for each item, in the items' order, by `jobs` processes; at most `jobs * window` are held at once.

    An exception is handed back as the result. A worker that dies takes no other article with it: what it held is
    tried again, once, alone.
    """
    if jobs < 2:
        for item in items:
            yield item, _attempt(task, item)
        return
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(jobs, mp_context=context)
    waiting: list[tuple[tuple, Future]] = []
    stream = iter(items)
    try:
        while True:
            waiting += [(item, pool.submit(_attempt, task, item)) for item in islice(stream, jobs * window - len(waiting))]
            if not waiting:
                return
            item, future = waiting.pop(0)
            try:
                yield item, future.result()
            except BrokenProcessPool:
                pool.shutdown(wait=False)
                pool = ProcessPoolExecutor(jobs, mp_context=context)
                yield item, _alone(task, item, context)
                waiting = [(other, pool.submit(_attempt, task, other)) for other, _ in waiting]
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _alone(task: Callable[..., Result], item: tuple, context: Any) -> Result | Exception:
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        try:
            return pool.submit(_attempt, task, item).result()
        except BrokenProcessPool as error:
            return error


def _attempt(task: Callable[..., Result], item: tuple) -> Result | Exception:
    try:
        return task(*item)
    except Exception as error:  # one bad article never stops a batch: handed back and listed with its reason
        return error


def reason(error: BaseException) -> str:
    """One line for people out of an exception; of a failed notebook cell, the error that the cell raised."""
    name, text = getattr(error, "ename", type(error).__name__), str(getattr(error, "evalue", error))
    first = text.strip().splitlines()[0] if text.strip() else ""
    place = f" (notebook cell {error.exec_count})" if getattr(error, "exec_count", None) else ""
    return (first if name in ("ArticleError", "CorrectionError") else f"{name}: {first}") + place
