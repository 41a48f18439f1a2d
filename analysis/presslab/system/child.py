"""A process that works for this one: a copy of it if that is safe, which has everything loaded that this one has,
otherwise a new interpreter."""

from __future__ import annotations

import atexit
from collections.abc import Callable
import ctypes
import gc
import multiprocessing
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from multiprocessing.util import Finalize
import os
import signal
import sys
import threading
import traceback
from typing import Any

from . import allowance
from .own import begin, starting

Life = Callable[..., None]  # what a process does: called with its end of the connection, then with the other arguments
_is_spawned = False


def started(life: Life, *arguments: Any) -> Forked | Spawned:
    """Start a process that runs `life(connection, *arguments)`, and return it. It ends with this process.

    A fork takes 10 ms, a new interpreter half a second or more, but only a process with one thread may fork."""
    return (Forked if can_fork() else Spawned)(life, *arguments)


def can_fork() -> bool:
    """Return whether this process may be copied: on Linux, if it has one thread."""
    return sys.platform == "linux" and len(os.listdir("/proc/self/task")) == 1


class Forked:
    """A copy of this process that has let go of all files that are open here."""

    def __init__(self, life: Life, *arguments: Any) -> None:
        global _is_spawned
        parent = os.getpid()
        self.connection, theirs = multiprocessing.Pipe()
        self.pid = os.fork()
        if not self.pid:
            code = 1
            try:
                _is_spawned = False
                _end_with(parent)
                _close_all_but(theirs.fileno())
                gc.freeze()  # the parent's objects are never collected here: that would close files by number
                atexit._clear()  # these functions are for the parent's own end
                life(theirs, *arguments)
                atexit._run_exitfuncs()
                code = 0
            except BaseException:
                traceback.print_exc()
            finally:
                os._exit(code)
        theirs.close()

    def how_it_ended(self) -> str:
        """Wait for the end of the process; return in words for people how it ended."""
        _, status = os.waitpid(self.pid, 0)
        self.pid = 0
        return ending(os.waitstatus_to_exitcode(status))

    def end(self, now: bool = True) -> None:
        """End the process now, whatever it is doing; if `now` is False, when it notices that this side hung up."""
        self.connection.close()
        if self.pid:
            if now:
                os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
            self.pid = 0


class Spawned:
    """A new interpreter, for when this process can't be copied safely. Its arguments are pickled."""

    def __init__(self, life: Life, *arguments: Any) -> None:
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        self.process = context.Process(target=_spawned, args=(life, theirs, *arguments), daemon=False)
        with starting():
            self.process.start()
        theirs.close()
        # when Python ends, multiprocessing waits for each process that it has started; this runs before that
        Finalize(self, _kill, (self.process,), exitpriority=0)

    def how_it_ended(self) -> str:
        """Wait for the end of the process; return in words for people how it ended."""
        self.process.join()
        return ending(self.process.exitcode or 0)

    def end(self, now: bool = True) -> None:
        """End the process now, whatever it is doing; if `now` is False, when it notices that this side hung up."""
        if now:
            self.process.kill()
        self.connection.close()
        self.process.join()


def _kill(process: BaseProcess) -> None:
    """End a process that nobody has ended."""
    if process.is_alive():
        process.kill()


def ending(code: int) -> str:
    """Return in words for people how a process ended, from its exit code (negative: the signal's number)."""
    how = f"signal {signal.Signals(-code).name}; out of memory?" if code < 0 else f"exit status {code}"
    return f"{how}{allowance.tight()}"


def _spawned(life: Life, *arguments: Any) -> None:
    global _is_spawned
    _is_spawned = True
    begin()
    life(*arguments)


def end_with_parent() -> None:
    """End this process as soon as its parent is gone: by a thread if it was spawned; if it was forked, the system does
    it."""
    parent = multiprocessing.parent_process()
    if _is_spawned and parent is not None:
        threading.Thread(target=_end_after, args=(parent.sentinel,), daemon=True).start()


def _end_after(sentinel: int) -> None:
    """End this process as soon as another one is gone."""
    wait([sentinel])
    os._exit(1)


def _end_with(parent: int) -> None:
    """End this process, which was forked, as soon as its parent is gone."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
    if os.getppid() != parent:  # the parent died before that was set
        os._exit(1)


def _close_all_but(descriptor: int) -> None:
    """Close all files but the standard streams and `descriptor`: a copy of a pipe's or a lock's descriptor that stays
    open here would keep others waiting for its end."""
    os.closerange(3, descriptor)
    os.closerange(descriptor + 1, os.sysconf("SC_OPEN_MAX"))
