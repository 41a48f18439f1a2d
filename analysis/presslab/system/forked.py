"""The kernel that a fork becomes: an ordinary ipykernel, without what only a kernel for a person at a screen needs.

Imported in the template process alone, before it forks.
"""

from __future__ import annotations

import ctypes
import gc
import os
import random
import signal
import sys
import threading
from types import SimpleNamespace
from typing import NoReturn
from unittest import mock

from ipykernel import ipkernel
from ipykernel.iostream import OutStream
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
import numpy as np
from traitlets import DottedObjectName, Type
from traitlets.config import Config


class Stream(OutStream):
    """Standard output or error of a kernel, which wakes its thread for a flush only if there is something to flush:
    ipykernel flushes both six times a cell, whether anything was written or not."""

    _sending = False

    def flush(self) -> None:
        """Send what was written, and return once it is sent."""
        with self._buffer_lock:
            written = bool(self._buffers)
        if written or self._sending:
            super().flush()

    def _flush(self) -> None:
        self._sending = True  # before the buffers are emptied, so that a flush in between waits for its turn
        try:
            super()._flush()
        finally:
            self._sending = False


class NoThread:
    """Stands where ipykernel has a thread that hands on requests to several shells: here the main thread reads them
    itself."""

    parent_thread = threading.main_thread()

    def __bool__(self) -> bool:
        return False


class Kernel(IPythonKernel):
    """ipykernel's kernel with one shell."""

    _supports_kernel_subshells = False


class App(IPKernelApp):
    """ipykernel's application without command line, debugger and subshells: a notebook that papermill runs has none,
    and making them ready took half of a kernel's start."""

    kernel_class = Type(Kernel)
    outstream_class = DottedObjectName("presslab.system.forked.Stream").tag(config=True)

    def parse_command_line(self, argv: object = None) -> None:
        """Read nothing: there is no command line."""

    def init_control(self, context: object) -> None:
        """Open control and debug sockets, without the thread for subshells."""
        super().init_control(context)
        self.shell_channel_thread = NoThread()

    def init_kernel(self) -> None:
        """Make the kernel. ipykernel would list the files of all loaded modules for the debugger, which copies the
        5,700 pages of memory that they lie on out of the template."""
        with mock.patch.object(ipkernel, "sys", SimpleNamespace(modules={})):
            super().init_kernel()


def become_kernel(listening: int, connection_file: str, cwd: str, environment: dict[str, str]) -> NoReturn:
    """Turn into (in the fork) an ipykernel of its own, tell when it listens; never returns."""
    status = 1
    try:
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG: no kernel outlives its template
        os.setsid()
        os.chdir(cwd)
        os.environ.clear()
        os.environ.update(environment)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        random.seed()
        np.random.seed()
        null = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(null, stream)
        sys.argv = ["ipykernel_launcher.py"]
        gc.freeze()
        app = App.instance(connection_file=connection_file, config=Config({"HistoryManager": {"enabled": False}}))
        app.initialize([])
        _as_if_just_imported()
        os.write(listening, b"1")
        os.close(listening)
        app.start()
        status = 0
    finally:
        os._exit(status)


def _as_if_just_imported() -> None:
    """Let matplotlib choose its backend in this kernel, as it does if it is imported in a kernel: pyplot's charts
    would be text otherwise."""
    matplotlib = sys.modules.get("matplotlib")
    if matplotlib and "MPLBACKEND" in os.environ:
        matplotlib.rcParams["backend"] = os.environ["MPLBACKEND"]
