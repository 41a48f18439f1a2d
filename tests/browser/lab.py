"""A real JupyterLab on a free port, with folders of its own; ended with all its kernels, whatever happens."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
import json
import os
from pathlib import Path
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
from urllib.error import URLError
from urllib.request import Request, urlopen

from visiting import watch

PATIENCE = 150  # seconds for whatever a slow machine may have to wait for
SETTINGS = {  # no question about news; every cell is in the page, also those that are scrolled out of sight
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "notebook-extension/tracker": {"windowingMode": "none"},
}


@dataclass(frozen=True)
class Lab:
    """A server that runs: its address and token, the file that it writes to."""

    address: str
    token: str
    log: Path

    def url(self, path: str) -> str:
        """The address of a notebook, open alone in a workspace of its own."""
        return f"{self.address}/lab/workspaces/test/tree/{path}?token={self.token}&reset"

    def ask(self, path: str, method: str = "GET") -> object:
        """What the server answers."""
        with urlopen(
            Request(f"{self.address}/{path}", method=method, headers={"Authorization": f"token {self.token}"}),
            timeout=20,
        ) as answer:
            raw = answer.read()
        return json.loads(raw) if raw else None

    def said(self) -> str:
        """The end of what the server has written."""
        return self.log.read_text("utf-8", "replace")[-3000:]


PROMPTS = "[...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')].map(e => e.textContent)"
ERRORS = (
    ".jp-OutputArea-output[data-mime-type='application/vnd.jupyter.error'],"
    " .jp-RenderedText[data-mime-type='application/vnd.jupyter.stderr']"
)


def run_all(page, lab: Lab, path: str) -> None:
    """Open a notebook in a page and run all of its cells. Fails with what the cells and the server have said."""
    page.set_default_timeout(PATIENCE * 1000)
    page.goto(lab.url(path))
    page.locator(".jp-Notebook .jp-CodeCell").first.wait_for()
    until = time.monotonic() + PATIENCE
    while not any(session["kernel"]["execution_state"] == "idle" for session in lab.ask("api/sessions")):
        assert time.monotonic() < until, f"the kernel was not ready within {PATIENCE} s:\n{lab.said()}"
        page.wait_for_timeout(300)
    page.wait_for_timeout(1000)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    while not all(prompt.strip("[]: ").isdigit() for prompt in page.evaluate(PROMPTS)):
        failed = page.locator(ERRORS).all_inner_texts()
        assert not failed, f"a cell of {path} failed: {failed}"
        assert time.monotonic() < until, (
            f"{path} was not done within {PATIENCE} s: {page.evaluate(PROMPTS)}\n{lab.said()}"
        )
        page.wait_for_timeout(300)
    failed = page.locator(ERRORS).all_inner_texts()
    assert not failed, f"a cell of {path} failed: {failed}"


@contextmanager
def jupyterlab(root: Path, private: Path) -> Iterator[Lab]:
    """JupyterLab on the folder `root`; its settings, data and log lie in `private`."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token, log = secrets.token_hex(16), private / "lab.log"
    folders = {f"JUPYTER_{name}_DIR": str(private / name.lower()) for name in ("CONFIG", "DATA", "RUNTIME")}
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        "--no-browser",
        "--allow-root",
        "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0",
        f"--IdentityProvider.token={token}",
        f"--ServerApp.root_dir={root}",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        f"--LabApp.workspaces_dir={private / 'workspaces'}",
        f"--LabApp.user_settings_dir={private / 'settings'}",
    ]
    for name, setting in SETTINGS.items():
        path = private / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(setting), "utf-8")
    with log.open("wb") as stream:
        process = subprocess.Popen(
            command,
            cwd=root,
            env={**os.environ, **folders},
            stdout=stream,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    lab = Lab(f"http://127.0.0.1:{port}", token, log)
    try:
        _wait(lab, process)
        yield lab
    finally:
        _end(lab, process)


def _wait(lab: Lab, process: subprocess.Popen) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        if process.poll() is not None:
            raise AssertionError(f"JupyterLab ended with {process.returncode}:\n{lab.said()}")
        try:
            lab.ask("api/status")
            return
        except (URLError, OSError, ValueError):
            if time.monotonic() > until:
                raise AssertionError(f"JupyterLab did not answer within {PATIENCE} s:\n{lab.said()}") from None
            time.sleep(0.3)


def _end(lab: Lab, process: subprocess.Popen) -> None:
    """End the server; kernels are in sessions of their own and are ended by it first."""
    try:
        for kernel in lab.ask("api/kernels"):
            lab.ask(f"api/kernels/{kernel['id']}", "DELETE")
    except (URLError, OSError, ValueError, TypeError):
        pass  # it has gone already, or no longer answers: it is ended below
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(20)


def watched(browser):
    """A new page, with what it fetches from elsewhere and the errors that it reports."""
    page = browser.new_context(viewport={"width": 1500, "height": 1400}).new_page()
    return page, *watch(page, lambda url: bool(re.match(r"(http|ws)://127\.0\.0\.1:|data:|blob:|about:", url)))
