"""A second process that does one task after another and hands over what each yields, item by item, within limits.

A task that hangs, uses too much memory or crashes ends that process, not this one: what it had yielded by then is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
import signal
from typing import Any

from . import child, terminal
from .error import Error
from .parallel import Limits, limit_memory, reason

TOO_LONG, DIED = "took longer than", "its process ended"


class Ended(Error):
    """A task that could not be finished; the message says why, in words for people."""


class Apart:
    """The process: started at the first task, and again after a task that ended it. Close it when all is done."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._child: child.Forked | child.Spawned | None = None

    def items(self, task: Callable[..., Iterator[Any]], *arguments: Any) -> Iterator[Any]:
        """Yield what `task(*arguments)` yields; `limits.seconds` is the longest wait for one item.

        Raises Ended if the task took longer, its process died, or it raised an exception.
        """
        self._child = process = self._child or child.started(_serve, self.limits.memory)
        whole = False
        try:
            process.connection.send((task, arguments))
            while True:
                if not process.connection.poll(self.limits.seconds):
                    raise Ended(f"{TOO_LONG} {self.limits.seconds:.0f} s (--timeout)")
                kind, value = process.connection.recv()
                if kind == "item":
                    yield value
                    continue
                whole = True
                if kind == "error":
                    raise Ended(value)
                return
        except (EOFError, OSError) as error:
            raise Ended(f"{DIED} ({process.how_it_ended()})") from error
        finally:
            if not whole:
                self.close()

    def close(self) -> None:
        """End the process, whatever it is doing."""
        if self._child:
            self._child.end()
            self._child = None


def _serve(connection: Connection, memory: int) -> None:
    """Do tasks until the other side hangs up: this is all that the process does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C belongs to the parent, which then ends us
    terminal.guard()
    child.end_with_parent()
    limit_memory(memory)
    try:
        while True:
            task, arguments = connection.recv()
            try:
                for item in task(*arguments):
                    connection.send(("item", item))
            except ConnectionError:
                return
            except Exception as error:  # handed to the parent, which raises it as Ended
                connection.send(("error", reason(error)))
            else:
                connection.send(("end", None))
    except (EOFError, ConnectionError):
        return
