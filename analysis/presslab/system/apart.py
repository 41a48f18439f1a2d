"""A process beside this one that does one task after another and hands over what each gives, item by item, within limits.

A task that hangs, eats memory or crashes ends that process, not this one: what it had given by then is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
import gc
import multiprocessing
from multiprocessing.connection import Connection
import os
import signal
import sys
from typing import Any

from . import terminal
from .error import Error
from .own import starting
from .parallel import Limits, end_with_parent, ending, limit_memory, reason

TOO_LONG, DIED = "took longer than", "its process ended"


class Ended(Error):
    """A task that could not be done to its end; the message says why, in words for people."""


class Apart:
    """The process, started at the first task and again after one that ended it. Close it when all is done."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._child: _Forked | _Spawned | None = None

    def items(self, task: Callable[..., Iterator[Any]], *arguments: Any) -> Iterator[Any]:
        """Return what `task(*arguments)` gives; `limits.seconds` is the longest wait for one item.

        Raises Ended where the task took longer, its process died, or it raised something.
        """
        self._child = child = self._child or _started(self.limits.memory)
        whole = False
        try:
            child.connection.send((task, arguments))
            while True:
                if not child.connection.poll(self.limits.seconds):
                    raise Ended(f"{TOO_LONG} {self.limits.seconds:.0f} s (--timeout)")
                kind, value = child.connection.recv()
                if kind == "item":
                    yield value
                    continue
                whole = True
                if kind == "error":
                    raise Ended(value)
                return
        except (EOFError, OSError) as error:
            raise Ended(f"{DIED} ({child.how_it_ended()})") from error
        finally:
            if not whole:
                self.close()

    def close(self) -> None:
        """End the process, whatever it is doing."""
        if self._child:
            self._child.end()
            self._child = None


def _started(memory: int) -> _Forked | _Spawned:
    """A fork takes 10 ms, a new interpreter half a second; only a process with one thread may fork."""
    if sys.platform == "linux" and len(os.listdir("/proc/self/task")) == 1:
        return _Forked(memory)
    return _Spawned(memory)


class _Forked:
    """A copy of this process that has let go of all files that are open here."""

    def __init__(self, memory: int) -> None:
        parent = os.getpid()
        self.connection, theirs = multiprocessing.Pipe()
        self.pid = os.fork()
        if not self.pid:
            try:
                _end_with(parent)
                _close_all_but(theirs.fileno())
                gc.freeze()  # what the parent holds is never collected here: that would close files by number
                _serve(theirs, memory)
            finally:
                os._exit(0)
        theirs.close()

    def how_it_ended(self) -> str:
        _, status = os.waitpid(self.pid, 0)
        self.pid = 0
        return ending(os.waitstatus_to_exitcode(status))

    def end(self) -> None:
        self.connection.close()
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
            self.pid = 0


class _Spawned:
    """A new interpreter, where this process can't fork safely."""

    def __init__(self, memory: int) -> None:
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        self.process = context.Process(target=_serve_spawned, args=(theirs, memory), daemon=True)
        with starting():
            self.process.start()
        theirs.close()

    def how_it_ended(self) -> str:
        self.process.join()
        return ending(self.process.exitcode or 0)

    def end(self) -> None:
        self.connection.close()
        self.process.kill()
        self.process.join()


def _end_with(parent: int) -> None:
    import ctypes

    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
    if os.getppid() != parent:  # it died before that was set
        os._exit(1)


def _close_all_but(kept: int) -> None:
    """A copy of a pipe's or a lock's descriptor that stays open here would keep others waiting for its end."""
    os.closerange(3, kept)
    os.closerange(kept + 1, os.sysconf("SC_OPEN_MAX"))


def _serve_spawned(connection: Connection, memory: int) -> None:
    end_with_parent()
    _serve(connection, memory)


def _serve(connection: Connection, memory: int) -> None:
    """The process's life: do tasks until the other side hangs up."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C belongs to the parent, which then ends us
    terminal.guard()
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
