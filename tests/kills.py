"""kill -9 at a random moment of a command: what it leaves behind, and what the same command makes of that."""

from __future__ import annotations

from dataclasses import dataclass
import hashlib
import json
import os
from pathlib import Path
import random
import shutil
import signal
import subprocess
import sys
import time
import uuid

import psutil

from presslab.coding import prepare, simulated
from presslab.reporting import place
from presslab.runs.articles import report_run
from presslab.system.files import PART
from presslab.system.parallel import here
from stories import stories, varied

MARK = "PRESSLAB_KILLS_MARK"  # environment variable by which all processes of a command are recognised
PATIENCE = 20  # seconds until orphans must have ended
COMMANDS = {
    "report": ["report", "in", "-o", "out", "--jobs", "2", "--quiet"],
    "compare": ["compare", "in", "-o", "out", "--event", "Ferry Bridge", "--jobs", "1", "--quiet"],
    "corpus": ["corpus", "run", "-o", "out", "--jobs", "1", "--quiet"],
    "read": ["read", "table.jsonl", "in", "-o", "out/articles.parquet", "--quiet"],
    "sample": ["sample", "run", "-n", "4", "--coders", "2", "--overlap", "2", "-o", "out", "--quiet"],
    "estimate": ["estimate", "run", "codes", "--quiet"],
}
MEMORY = ("cache", ".presslab", "run.log")  # not output: their names are compared, not their bytes


@dataclass(frozen=True)
class Undisturbed:
    """A command that nothing disturbed: SHA-256 of each file before and after it, and its wall time in seconds."""

    before: dict[str, str]
    after: dict[str, str]
    seconds: float


def prepared(folder: Path) -> Path:
    """Make the folder that every command starts from: articles, a table, a finished run, a coded sample."""
    folder.mkdir(parents=True)
    stories(folder / "in", 2, 6)
    rows = [{"id": f"r{n:04}", "outlet": "The Daily", "published": "2026-01-01", "text": varied(n)} for n in range(300)]
    (folder / "table.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    few = [row | {"published": f"2026-0{1 + n // 3}-01"} for n, row in enumerate(rows[:5])]
    (folder / "few.jsonl").write_text("\n".join(map(json.dumps, few)), "utf-8")
    report_run([folder / "few.jsonl"], folder / "run", spread=here)
    prepare.prepare(folder / "run", folder / "codes", 4, [], 2, 4, 1, None, False)
    simulated.code(folder / "run", folder / "codes")
    for name in ("tmp", "runtime", "cache"):
        (folder / name).mkdir()
    return folder


def started(name: str, folder: Path, mark: str = "") -> subprocess.Popen:
    """Start a command in its folder, in a process group of its own; all that it keeps elsewhere is kept in that folder
    too."""
    own = {"TMPDIR": folder / "tmp", "JUPYTER_RUNTIME_DIR": folder / "runtime", "PRESSLAB_CACHE": folder / "cache"}
    environment = os.environ | {key: str(value) for key, value in own.items()} | {MARK: mark}
    return subprocess.Popen(
        [sys.executable, "-m", "presslab", *COMMANDS[name]],
        cwd=folder,
        env=environment,
        text=True,
        preexec_fn=_hear_ctrl_c,
        start_new_session=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def _hear_ctrl_c() -> None:
    """A test run in the background is started deaf to SIGINT, and would hand that on."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def completed(name: str, folder: Path) -> None:
    """Run a command to its end. Raises AssertionError with what it said if it fails."""
    process = started(name, folder)
    out, said = process.communicate(timeout=300)
    assert process.returncode == 0, f"{name} ended with {process.returncode}: {out}{said}"


def undisturbed(name: str, start: Path, folder: Path) -> Undisturbed:
    """Run a command that nothing disturbs on a copy of the folder `start`, made as `folder`."""
    shutil.copytree(start, folder)
    before, begin = digests(folder), time.monotonic()
    completed(name, folder)
    return Undisturbed(before, digests(folder), time.monotonic() - begin)


def killed(name: str, start: Path, folder: Path, whole: Undisturbed, chance: random.Random, group: bool) -> list[str]:
    """Kill a command at a random moment (alone, or with its whole process group) in a copy of the folder `start`, made
    as `folder`; return what is wrong then."""
    shutil.copytree(start, folder)
    mark = uuid.UUID(int=chance.getrandbits(128)).hex
    process = started(name, folder, mark)
    time.sleep(chance.uniform(0.05, 1.0) * whole.seconds)
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL) if group else process.kill()
    process.communicate()
    wrong = [f"a process lives on: {line}" for line in orphans(mark)]
    for file, digest in digests(folder).items():
        partial = (
            Path(file).name.startswith(PART) or file.split("/")[0] in ("tmp", "runtime") or file.endswith("-journal")
        )
        if not partial and digest not in (whole.before.get(file), whole.after.get(file)):
            wrong.append(f"half written when killed: {file}")
    return wrong


def went_on(name: str, folder: Path, whole: Undisturbed) -> list[str]:
    """Run a command that was ended early to its end; return what differs from where nothing disturbed it."""
    completed(name, folder)
    after = digests(folder, placed=True)
    wrong = [f"litter: {file}" for file in sorted(after.keys() - whole.after.keys())]
    wrong += [f"missing: {file}" for file in sorted(whole.after.keys() - after.keys())]
    if not wrong:
        ends = digests(folder.parent / f"whole-{name}", placed=True)
        wrong = [f"other bytes at the end: {file}" for file in sorted(ends) if ends[file] != after[file]]
    return wrong


def orphans(mark: str, patience: float = PATIENCE) -> list[str]:
    """Return the command lines of processes with a mark that are still there after so many seconds."""
    deadline = time.monotonic() + patience
    while alive := [line for process in psutil.process_iter() if (line := _marked(process, mark))]:
        if time.monotonic() > deadline:
            return alive
        time.sleep(0.1)
    return []


def _marked(process: psutil.Process, mark: str) -> str:
    try:
        if process.status() != psutil.STATUS_ZOMBIE and process.environ().get(MARK) == mark:
            return " ".join(process.cmdline())[:200] or str(process.pid)
    except psutil.Error:  # it has ended meanwhile, or is somebody else's
        pass
    return ""


def digests(folder: Path, placed: bool = False) -> dict[str, str]:
    """SHA-256 of every file below a folder, hidden ones too; reports without their article's place in the run unless
    `placed`, since they get it when all are measured; "" for what is no output."""
    listed = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() or path.is_symlink():
            name = path.relative_to(folder)
            output = not set(MEMORY) & set(name.parts)
            listed[name.as_posix()] = _digest(path, placed) if output else ""
    return listed


def _digest(path: Path, placed: bool) -> str:
    raw = path.read_bytes()
    if path.suffix == ".html" and not placed:
        raw = place.taken_out(raw.decode("utf-8", "replace")).encode()
    return hashlib.sha256(raw).hexdigest()
