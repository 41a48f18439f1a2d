"""Forked kernels for papermill: every notebook gets its own process, already warm.

A *template* process imports what notebooks need, once. For each notebook it forks; the child becomes an ordinary
ipykernel with its own working directory, environment and random state. `papermill --engine presslab` uses it; if
forking is unsafe or impossible the engine runs plain papermill, with the same result.
"""

from __future__ import annotations

import asyncio
import atexit
import gc
import importlib
from multiprocessing import Pipe
from multiprocessing.connection import Connection
import os
import pickle
from queue import Empty
import select
import signal
import subprocess
import sys
import time
import traceback
from typing import Any

from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning import LocalProvisioner
from traitlets import default

from .error import Error
from .own import SINGLE, START

PRELOAD = (  # the last eight: what ipykernel would import after each fork
    "numpy",
    "pandas",
    "presslab.system.forked",
    "ipykernel.debugger",
    "psutil",
    "tornado.platform.asyncio",
    "IPython.core.oinspect",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.logger",
    "IPython.extensions.storemagic",
)
PROVISIONER = "presslab-fork"
MEMORY = "PRESSLAB_MEMORY"  # environment variable: bytes of data a template and each of its kernels may hold
PATIENCE = 600  # seconds that a template may take for one call
LONGEST_WAIT = 0.25  # seconds until a kernel that has not answered is asked again


class TemplateError(Error):
    """The template process died, did not answer in time or could not fork; the message says during what."""


def can_fork() -> bool:
    """Return whether forking a warmed-up interpreter is safe and kernels can be watched: Linux with pidfd_open,
    unless switched off."""
    return sys.platform == "linux" and hasattr(os, "pidfd_open") and os.environ.get("PRESSLAB_FORK", "1") != "0"


class NoTemplate(TemplateError):
    """The template could not start or fork; no article had been given to it, so that the message holds nothing of
    one."""


class Template:
    """A warmed-up process that forks kernels. One a client process, started at first use."""

    _shared: Template | None = None

    def __init__(self) -> None:
        ours, theirs = Pipe()
        # A thread started before a fork is lost in the fork: no pools for Arrow (pandas), OpenMP and BLAS.
        environment = {k: v for k, v in os.environ.items() if k != "MPLBACKEND"} | SINGLE
        self.process = subprocess.Popen(
            [
                sys.executable,
                "-P",
                "-Xfrozen_modules=off",
                "-c",
                f"{START}; from presslab.system import kernel; kernel.serve(int(sys.argv[1]))",
                str(theirs.fileno()),
            ],
            pass_fds=(theirs.fileno(),),
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
        theirs.close()
        self.connection = ours
        self._done: set[str] = set()
        self._ready = False  # whether it has answered yet

    @classmethod
    def shared(cls) -> Template:
        """Return the template of this process, started again if it has died."""
        if cls._shared is None or cls._shared.process.poll() is not None:
            cls._shared = cls()
            atexit.register(cls._shared.close)
        return cls._shared

    def call(self, function: str, *arguments: Any, patience: float = PATIENCE) -> Any:
        """Run "module:function" in the template, so that forks inherit what it leaves behind.

        Raises what it raises, and TemplateError if the template dies or needs more than `patience` seconds.
        """
        return self._ask(patience, "call", function, arguments)

    def once(self, function: str) -> None:
        """Run "module:function" in the template if it has not been run there yet, and share with forks what it
        loads."""
        if function not in self._done:
            self.call(function)
            self.call("presslab.system.kernel:keep")
            self._done.add(function)

    def fork(self, connection_file: str, cwd: str, environment: dict[str, str]) -> int:
        """Fork a kernel that listens as the connection file says; returns its process id once it listens."""
        return self._ask(PATIENCE, "fork", connection_file, cwd, environment)

    def close(self) -> None:
        """End the template; kernels that still run end with it."""
        self.connection.close()
        try:
            self.process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _ask(self, patience: float, *message: Any) -> Any:
        what = f"{message[0]} {message[1]}" if message[0] == "call" else message[0]
        try:
            self.connection.send(message)
            if not self.connection.poll(patience):
                self.process.kill()
                raise TemplateError(f"the kernel template took more than {patience:.0f} s for {what}")
            ok, value = self.connection.recv()
        except (EOFError, OSError) as error:
            if not self._ready:
                raise NoTemplate("the kernel template could not start") from error
            raise TemplateError(
                f"the kernel template ended during {what} (a crash, or more memory than allowed)"
            ) from error
        self._ready = True
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
        """Return None while it runs, then 0 (the exit status belongs to the template)."""
        return 0 if select.select([self.pidfd], [], [], 0)[0] else None

    def wait(self) -> int:
        """Block until it has ended."""
        select.select([self.pidfd], [], [])
        return 0

    def send_signal(self, number: int) -> None:
        """Send a signal; nothing happens if the process has ended."""
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

    process: ForkedProcess | None  # type: ignore[assignment]  # it says Popen and asks for what ForkedProcess has

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Fork a kernel for the connection file that jupyter_client has just written. Raises NoTemplate if no kernel
        manager has."""
        if self.parent is None:
            raise NoTemplate("there is no kernel manager, which writes the connection file")
        cwd = os.fspath(kwargs.get("cwd") or os.getcwd())
        pid = Template.shared().fork(self.parent.connection_file, cwd, dict(kwargs.get("env") or os.environ))
        self.process = ForkedProcess(pid)
        self.pid = self.pgid = pid
        self.cwd = cwd
        return self.connection_info

    async def wait(self) -> int | None:
        """Wait for the kernel's end without polling."""
        if self.process:
            end = asyncio.Event()
            asyncio.get_running_loop().add_reader(self.process.pidfd, end.set)
            await end.wait()
            asyncio.get_running_loop().remove_reader(self.process.pidfd)
            self.process = None
        return 0


class ForkKernelClient(AsyncKernelClient):
    """Kernel client that knows when a kernel is ready from its answer, without waiting for silence."""

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Return once the kernel answers on both channels. Raises RuntimeError if it dies or takes longer."""
        deadline = time.monotonic() + (timeout or 60)
        while time.monotonic() < deadline:
            request_id = self.kernel_info()
            if await self._heard(self.iopub_channel, request_id) and await self._heard(self.shell_channel, request_id):
                return
            if not await self._async_is_alive():
                raise RuntimeError("Kernel died before replying to kernel_info")
        raise RuntimeError(f"Kernel didn't respond in {timeout or 60:.0f} seconds")

    async def _heard(self, channel: Any, request_id: str) -> bool:
        """Read a channel up to the last message about a request; False if none comes."""
        try:
            while True:
                message = await channel.get_msg(timeout=LONGEST_WAIT)
                last = message["msg_type"] == "kernel_info_reply" or message["content"].get("execution_state") == "idle"
                if last and message["parent_header"].get("msg_id") == request_id:
                    return True
        except Empty:
            return False


class ForkKernelManager(AsyncKernelManager):
    """Kernel manager whose kernels come from the fork provisioner, whatever their kernelspec says."""

    @default("client_factory")
    def _client_that_does_not_wait(self) -> type:
        return ForkKernelClient

    async def _async_wait(self, pollinterval: float = 0.1) -> None:
        """Wait for the kernel's end without polling (jupyter_client asks every 0.1 s)."""
        if self.provisioner:
            await self.provisioner.wait()

    @property
    def kernel_spec(self) -> KernelSpec | None:
        """The kernelspec with the provisioner exchanged."""
        spec = super().kernel_spec
        if spec is not None:
            spec.metadata = {**spec.metadata, "kernel_provisioner": {"provisioner_name": PROVISIONER}}
        return spec


def serve(descriptor: int) -> None:
    """Warm up (in the template), then answer on a connection until the client hangs up."""
    connection = Connection(descriptor)
    if MEMORY in os.environ:
        import resource

        limit = int(os.environ[MEMORY])
        resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    try:
        _preload()
    except Exception as error:  # said to the client as the answer to its first message; nobody's text is here yet
        connection.recv()
        connection.send((False, NoTemplate(f"the kernel template could not start: {type(error).__name__}")))
        return
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C belongs to the client, which then ends us
    kernels: set[int] = set()
    gc.collect()
    gc.freeze()
    while True:
        try:
            message = connection.recv()
        except (EOFError, ConnectionError):  # the client is gone
            break
        kernels -= {pid for pid in kernels if os.waitpid(pid, os.WNOHANG)[0]}
        try:
            if message[0] == "fork":
                kernels.add(value := _fork(connection, *message[1:]))
            else:
                module, function = message[1].split(":")
                value = getattr(importlib.import_module(module), function)(*message[2])
            answer: tuple[bool, Any] = (True, value)
        except Exception as error:  # handed to the client, which raises it
            error.add_note(traceback.format_exc())
            answer = (False, error)
        try:
            connection.send(answer)
        except (pickle.PicklingError, TypeError, AttributeError) as error:
            connection.send((False, TemplateError(f"the answer can't be sent: {error}; it was {answer[1]!r:.500}")))
        except ConnectionError:
            break
    for pid in kernels:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def _preload() -> None:
    """Load what every kernel needs."""
    for module in PRELOAD:
        importlib.import_module(module)
    from jupyter_client import localinterfaces

    localinterfaces.is_local_ip("127.0.0.1")  # lists the machine's addresses, once for all forks


def keep() -> None:
    """Freeze what is there after warming up, in the template: it stays shared with the forks, not collected again."""
    if "matplotlib" in sys.modules:
        sys.modules[
            "matplotlib.backends.registry"
        ].backend_registry.list_all()  # reads the entry points of all packages
    gc.collect()
    gc.freeze()


def _fork(connection: Connection, *launch: Any) -> int:
    """Fork a kernel and wait until it listens. Raises TemplateError if that is unsafe or it dies first."""
    threads = len(os.listdir("/proc/self/task"))
    if threads > 1:
        raise NoTemplate(f"forking is unsafe: the kernel template has {threads} threads")
    ready, listening = os.pipe()
    pid = os.fork()
    if not pid:
        connection.close()
        os.close(ready)
        importlib.import_module("presslab.system.forked").become_kernel(listening, *launch)
    os.close(listening)
    message = os.read(ready, 1)
    os.close(ready)
    if not message:
        os.waitpid(pid, 0)
        raise NoTemplate("the forked kernel ended before it listened")
    return pid
