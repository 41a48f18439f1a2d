"""Forked kernels for papermill: every notebook gets its own process, already warm.

A *template* process imports what notebooks need, once. For each notebook it forks; the child becomes an ordinary
ipykernel with its own working directory, environment and random state. `papermill --engine presslab` uses it; where
forking is unsafe or impossible the engine runs plain papermill, with the same result.
"""

from __future__ import annotations

import asyncio
import atexit
import gc
import importlib
from multiprocessing.connection import Connection
import os
import random
import select
import signal
import subprocess
import sys
from typing import Any, NoReturn

from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning import LocalProvisioner

PRELOAD = ("numpy", "pandas", "ipykernel.kernelapp")
PROVISIONER = "presslab-fork"
MEMORY_LIMIT = 8 * 2**30


class TemplateError(Exception):
    """The template process died or did not answer; the message says during what."""


def can_fork() -> bool:
    """Forking a warmed-up interpreter is safe and kernels can be watched: Linux with pidfd_open, unless switched off."""
    return sys.platform == "linux" and hasattr(os, "pidfd_open") and os.environ.get("PRESSLAB_FORK", "1") != "0"


class Template:
    """A warmed-up process that forks kernels. One a client process, started at first use."""

    _shared: Template | None = None

    def __init__(self) -> None:
        ours, theirs = _socket_pair()
        environment = os.environ | {"ARROW_DEFAULT_MEMORY_POOL": "system", "OMP_NUM_THREADS": "1", "MPLBACKEND": "agg"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "analysis.kernel", str(theirs.fileno())],
            pass_fds=(theirs.fileno(),),
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
        theirs.close()
        self.connection = ours

    @classmethod
    def shared(cls) -> Template:
        """The template of this process, started anew if it has died."""
        if cls._shared is None or cls._shared.process.poll() is not None:
            cls._shared = cls()
            atexit.register(cls._shared.close)
        return cls._shared

    def call(self, function: str, *arguments: Any) -> Any:
        """Run "module:function" in the template, so that forks inherit what it leaves behind. Raises what it raises."""
        return self._ask("call", function, arguments)

    def fork(self, connection_file: str, cwd: str, environment: dict[str, str]) -> int:
        """Fork a kernel that listens as the connection file says; returns its process id."""
        return self._ask("fork", connection_file, cwd, environment)

    def close(self) -> None:
        """End the template; kernels that still run end with it."""
        self.connection.close()
        try:
            self.process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _ask(self, *message: Any) -> Any:
        try:
            self.connection.send(message)
            ok, value = self.connection.recv()
        except (EOFError, OSError) as error:
            raise TemplateError(f"the kernel template ended during {message[0]} {message[1]}") from error
        if not ok:
            raise value
        return value


class ForkedProcess:
    """What jupyter_client asks of a process, for one that isn't our child: watched through its pidfd."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.pidfd = os.pidfd_open(pid)

    def poll(self) -> int | None:
        """None while it runs, then 0 (the exit status belongs to the template)."""
        return 0 if select.select([self.pidfd], [], [], 0)[0] else None

    def wait(self) -> int:
        """Block until it has ended."""
        select.select([self.pidfd], [], [])
        return 0

    def send_signal(self, number: int) -> None:
        """Send a signal; nothing happens where the process has ended."""
        if self.poll() is None:
            signal.pidfd_send_signal(self.pidfd, number)

    def kill(self) -> None:
        """Send SIGKILL."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Send SIGTERM."""
        self.send_signal(signal.SIGTERM)

    def __del__(self) -> None:
        os.close(self.pidfd)


class ForkProvisioner(LocalProvisioner):
    """Kernel provisioner that forks the template instead of starting an interpreter."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> dict[str, Any]:
        """Fork a kernel for the connection file that jupyter_client has just written."""
        cwd = os.fspath(kwargs.get("cwd") or os.getcwd())
        pid = Template.shared().fork(self.parent.connection_file, cwd, dict(kwargs.get("env") or os.environ))
        self.process = ForkedProcess(pid)
        self.pid = self.pgid = pid
        self.cwd = cwd
        return self.connection_info

    async def wait(self) -> int | None:
        """Wait for the kernel's end without polling."""
        if self.process:
            ended = asyncio.get_running_loop().create_future()
            asyncio.get_running_loop().add_reader(self.process.pidfd, lambda: ended.done() or ended.set_result(0))
            await ended
            asyncio.get_running_loop().remove_reader(self.process.pidfd)
            self.process = None
        return 0


class ForkKernelManager(AsyncKernelManager):
    """Kernel manager whose kernels come from the fork provisioner, whatever their kernelspec says."""

    @property
    def kernel_spec(self):
        """The kernelspec with the provisioner exchanged."""
        spec = super().kernel_spec
        if spec is not None:
            spec.metadata = {**spec.metadata, "kernel_provisioner": {"provisioner_name": PROVISIONER}}
        return spec


def _socket_pair() -> tuple[Connection, Connection]:
    from multiprocessing import Pipe

    return Pipe()


def _serve(connection: Connection) -> None:
    """The template's life: warm up, then answer until the client hangs up."""
    for module in PRELOAD:
        importlib.import_module(module)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C belongs to the client, which then ends us
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # kernels are reaped by the system
    gc.collect()
    gc.freeze()
    while True:
        try:
            message = connection.recv()
        except EOFError:
            return
        if message[0] == "fork":
            pid = os.fork()
            if not pid:
                connection.close()
                _become_kernel(*message[1:])
            connection.send((True, pid))
            continue
        module, function = message[1].split(":")
        try:
            answer = (True, getattr(importlib.import_module(module), function)(*message[2]))
        except Exception as error:  # handed to the client, which raises it
            answer = (False, error)
        gc.freeze()  # what was warmed up stays shared with the forks instead of being copied
        connection.send(answer)


def _become_kernel(connection_file: str, cwd: str, environment: dict[str, str]) -> NoReturn:
    """In the fork: turn into an ipykernel of its own; never returns."""
    status = 1
    try:
        import resource

        from ipykernel.kernelapp import IPKernelApp
        import numpy as np

        os.setsid()
        os.chdir(cwd)
        os.environ.clear()
        os.environ.update(environment)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
        random.seed()
        np.random.seed()
        null = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(null, stream)
        sys.argv = ["ipykernel_launcher.py"]
        app = IPKernelApp.instance()
        app.initialize(["-f", connection_file, "--HistoryManager.enabled=False"])
        app.start()
        status = 0
    finally:
        os._exit(status)


if __name__ == "__main__":
    _serve(Connection(int(sys.argv[1])))
