"""One task for many items by several processes: in order, bounded, limited, and nothing lost if a worker dies."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
import re
import signal
import sys
import time
import traceback
from typing import Any, Protocol, TypeVar

from . import allowance, child, own, terminal
from .files import FULL, full

Result = TypeVar("Result")


@dataclass(frozen=True)
class Limits:
    """What one article may use: `memory` in bytes per process (0: no limit), `seconds` until its worker is ended."""

    memory: int = 0
    seconds: float = 1800


@dataclass(frozen=True)
class Trouble:
    """Why a task failed, as text that every process can pass on: one line for people, the notebook cell (0: none), the
    traceback without colours; `stops` is the message if going on makes no sense, as with a full disk, otherwise ""."""

    reason: str
    cell: int = 0
    traceback: str = ""
    stops: str = ""


class Spread(Protocol):
    """Where work is done: a function that is called as `in_parallel` is."""

    def __call__(
        self, task: Callable[..., Result], items: Iterable[tuple], /
    ) -> Iterator[tuple[tuple, Result | Trouble]]: ...


def in_parallel(
    task: Callable[..., Result], items: Iterable[tuple], jobs: int = 1, window: int = 4, limits: Limits = Limits()
) -> Iterator[tuple[tuple, Result | Trouble]]:
    """Yield each item with `task(*item)`, in the items' order, computed by `jobs` processes; at most `jobs * window`
    items are held at once.

    What a task raises is returned as Trouble. A worker that dies takes no other item with it: its item is tried once
    more by a new one. A worker that takes longer than `limits.seconds` is ended, and its item has failed. If the caller
    stops early (Ctrl-C, an exception), all workers are ended at once.
    """
    pool: list[_Worker] = []
    results: dict[int, tuple[tuple, Result | Trouble]] = {}
    again: list[tuple[int, tuple]] = []
    tried_once: set[int] = set()
    stream = enumerate(items)
    next_number, ended = 0, False
    try:
        while True:
            while next_number in results:
                yield results.pop(next_number)
                next_number += 1
            busy = [worker for worker in pool if worker.number >= 0]
            while len(busy) < jobs and (again or not ended and len(busy) + len(results) < jobs * window):
                number, item = again.pop() if again else next(stream, (-1, ()))
                if number < 0:
                    ended = True
                    break
                worker = _free(pool, task, limits)
                worker.give(number, item)
                busy.append(worker)
            if not busy:
                if next_number in results:
                    continue
                break
            deadline = min(worker.deadline for worker in busy)
            ready = wait([worker.connection for worker in busy], timeout=max(deadline - time.monotonic(), 0))
            for worker in busy:
                if worker.connection in ready:
                    answer = worker.answer()
                    if answer is None:  # it died
                        pool.remove(worker)
                        how = worker.how_it_ended()
                        if worker.number not in tried_once:
                            tried_once.add(worker.number)
                            again.append((worker.number, worker.item))
                            continue
                        answer = Trouble(f"its process ended twice ({how})")
                elif time.monotonic() >= worker.deadline:
                    pool.remove(worker)
                    worker.end(now=True)
                    answer = Trouble(f"took longer than {limits.seconds:.0f} s")
                else:
                    continue
                results[worker.number] = worker.item, answer
                worker.number = -1
        _end(pool, now=False)
    except BaseException:
        _end(pool, now=True)
        raise


def _free(pool: list[_Worker], task: Callable, limits: Limits) -> _Worker:
    """Return a worker without an item; a new one if all have one."""
    worker = next((w for w in pool if w.number < 0), None)
    if worker is None:
        pool.append(worker := _Worker(task, limits))
    return worker


def _end(pool: list[_Worker], now: bool) -> None:
    """End all workers now; if `now` is False, when they notice that there is no more to do."""
    for worker in pool:
        worker.end(now)


class _Worker:
    """A process that does one item at a time. `number` is that of its item, -1 while it is idle."""

    def __init__(self, task: Callable, limits: Limits) -> None:
        # in a user's own process, what they have changed there must not be copied
        start = child.started if own.ours() else child.Spawned
        self.process = start(_work, limits.memory)
        self.connection, self.how_it_ended, self.end = (
            self.process.connection,
            self.process.how_it_ended,
            self.process.end,
        )
        try:
            self.connection.send(task)
        except OSError:
            pass  # it has died: the next look at its connection says so
        self.number, self.item, self.deadline, self.seconds = -1, (), 0.0, limits.seconds

    def give(self, number: int, item: tuple) -> None:
        self.number, self.item = number, item
        self.deadline = time.monotonic() + self.seconds
        try:
            self.connection.send(item)
        except OSError:
            pass  # it has died: the next look at its connection says so

    def answer(self) -> Any:
        """Return the result of its item; None if the process has died."""
        try:
            return self.connection.recv()
        except (EOFError, OSError):
            return None


def _work(connection: Connection, memory: int) -> None:
    """Do what a worker is for: load the task, which comes first, and do items until the other side hangs up."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C belongs to the parent, which then ends us
    terminal.guard()
    failure = None
    try:
        task = connection.recv()
        child.end_with_parent()
        limit_memory(memory)
    except EOFError:
        return
    except Exception as error:  # if a limit of the system keeps the task from loading, each item reports that
        failure = trouble(error)
    while True:
        try:
            item = connection.recv()
        except EOFError:
            return
        connection.send(failure or attempt(task, item))


def limit_memory(memory: int) -> None:
    """Bound the bytes of data that this process may hold (0: no bound), if the system can do that; a lower bound of the
    system stays."""
    if memory and sys.platform == "linux":
        import resource

        most = resource.getrlimit(resource.RLIMIT_DATA)[1]
        memory = memory if most == resource.RLIM_INFINITY else min(memory, most)
        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))


def attempt(task: Callable[..., Result], item: tuple) -> Result | Trouble:
    """Return `task(*item)`, or what it raised as Trouble: one bad article never stops a batch."""
    try:
        return task(*item)
    except Exception as error:
        return trouble(error)


def here(task: Callable[..., Result], items: Iterable[tuple]) -> Iterator[tuple[tuple, Result | Trouble]]:
    """Work like `in_parallel`, in this process."""
    for item in items:
        yield item, attempt(task, item)


def trouble(error: BaseException) -> Trouble:
    """Return an exception as text."""
    text = "".join(traceback.format_exception(error)) if not hasattr(error, "ename") else str(error)
    notes = "".join(f"\n{note}" for note in getattr(error, "__notes__", ())) if hasattr(error, "ename") else ""
    disk = (
        getattr(error, "errno", None) in FULL or getattr(error, "ename", "") == "OSError" and "[Errno 28]" in str(error)
    )
    short = allowance.lacking(error)
    stops = full(reason(error)) if disk else f"{short}: what is done is kept" if short else ""
    return Trouble(
        reason(error), getattr(error, "exec_count", None) or 0, re.sub(r"\x1b\[[\d;]*m", "", text + notes), stops
    )


def reason(error: BaseException) -> str:
    """Return one line for people about an exception; for a failed notebook cell, the error that the cell raised."""
    name, text = getattr(error, "ename", type(error).__name__), str(getattr(error, "evalue", error))
    first = text.strip().splitlines()[0] if text.strip() else ""
    cell = getattr(error, "exec_count", None)
    place = f" (notebook cell {cell})" if cell else ""
    if short := allowance.lacking(error):
        return short + place
    if name in ("DeadKernelError", "RuntimeError") and first.startswith("Kernel died"):
        first += allowance.tight()
    return (first if name in ("ArticleError", "CorrectionError") else f"{name}: {first}" if first else name) + place
