"""Whatever ends a run, nothing half written is seen, and the same command goes on to the same bytes."""

import errno
import os
from pathlib import Path
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import pytest

from presslab.runs import state
from presslab.runs.articles import report_run
from presslab.system import files
from presslab.system.parallel import here
from stories import digests, stories, unplaced

COMMAND = [sys.executable, "-m", "presslab.cli", "report"]
COUNT = 4


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Inputs, and the hashes of a run over them that nothing interrupted."""
    folder = tmp_path_factory.mktemp("whole")
    inputs = stories(folder / "in", COUNT)
    assert run(inputs, folder / "out").returncode == 0
    return inputs, digests(folder / "out")


def run(inputs: Path, out: Path, **kwargs) -> subprocess.CompletedProcess:
    command = [*COMMAND, str(inputs), "-o", str(out), "--jobs", "1"]
    return subprocess.run(command, capture_output=True, text=True, timeout=600, **kwargs)


def start(inputs: Path, out: Path) -> subprocess.Popen:
    command = [*COMMAND, str(inputs), "-o", str(out), "--jobs", "2"]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=_hear_ctrl_c)


def _hear_ctrl_c() -> None:
    """A test run in the background is started deaf to SIGINT, and would hand that on."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def wait_for(condition, seconds: float = 120) -> None:
    """Return once a condition holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def all_whole(out: Path, inputs: Path) -> None:
    """Each report and notebook under its final name has the bytes that it has at the end, but for the place in the
    run."""
    expected = unplaced(inputs.parent / "out")
    for name, digest in unplaced(out).items():
        assert expected[name] == digest, name


@pytest.mark.slow
def test_ctrl_c_ends_soon_with_one_line_and_leaves_no_process(whole, tmp_path):
    inputs, expected = whole
    out = tmp_path / "out"
    running = start(inputs, out)
    wait_for(lambda: (out / "run.log").exists() and " made " in (out / "run.log").read_text())
    children = Path(f"/proc/{running.pid}/task/{running.pid}/children").read_text().split()
    running.send_signal(signal.SIGINT)
    sent = time.monotonic()
    _, told = running.communicate(timeout=60)
    assert running.returncode == 130 and time.monotonic() - sent < 20
    assert [line for line in told.splitlines() if line] == [
        "presslab: interrupted; what is done is kept, the same command goes on from here"
    ]
    wait_for(lambda: not any(Path(f"/proc/{child}").exists() for child in children), 10)
    all_whole(out, inputs)
    done = run(inputs, out)
    assert "0 unchanged" not in done.stdout and digests(out) == expected


@pytest.mark.slow
def test_a_full_disk_stops_with_one_line_and_leaves_nothing_half_written(whole, tmp_path, monkeypatch):
    inputs, expected = whole
    real = files.os.replace

    def full(partial: Path, path: Path) -> None:
        if Path(path).name == "a002.html":
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        real(partial, path)

    monkeypatch.setattr(files.os, "replace", full)
    with pytest.raises(files.Stopped, match="the disk is full .*a002.html.* make room and run the same command again"):
        report_run([inputs], tmp_path / "out", spread=here)
    assert {name for name in digests(tmp_path / "out") if "a002" in name or ".part" in name} == set()
    all_whole(tmp_path / "out", inputs)
    monkeypatch.setattr(files.os, "replace", real)
    assert report_run([inputs], tmp_path / "out", spread=here).kept == 2
    assert digests(tmp_path / "out") == expected


@pytest.mark.skipif(os.geteuid() != 0 or not Path("/usr/bin/mount").exists(), reason="only root can mount a small disk")
@pytest.mark.slow
def test_a_real_disk_that_is_full(whole, tmp_path):
    inputs, expected = whole
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=700k", "tmpfs", str(disk)], capture_output=True).returncode:
        pytest.skip("a small disk can't be mounted here")
    try:
        done = run(inputs, disk / "out")
        assert done.returncode == 1 and "the disk is full" in done.stderr and "Traceback" not in done.stderr, (
            done.stderr
        )
        all_whole(disk / "out", inputs)
        subprocess.run(["mount", "-o", "remount,size=100m", str(disk)], check=True)
        assert run(inputs, disk / "out").returncode == 0
        assert digests(disk / "out") == expected
    finally:
        subprocess.run(["umount", str(disk)], check=True)


@pytest.mark.slow
def test_a_report_that_was_cut_short_or_taken_away_is_made_again(whole, tmp_path):
    inputs, expected = whole
    out = shutil.copytree(inputs.parent / "out", tmp_path / "out")
    (out / "articles" / "a001.html").write_bytes(b"")
    (out / "notebooks" / "a002.ipynb").unlink()
    (out / "tables" / "measures.csv").unlink()
    assert "2 made, 2 unchanged" in run(inputs, out).stdout
    assert digests(out) == expected


@pytest.mark.slow
@pytest.mark.parametrize("fork", ["1", "0"])
def test_no_file_lies_outside_the_folder_that_the_next_run_takes_away(whole, tmp_path, monkeypatch, fork):
    """The temporary folder itself is not swept: what a killed run left there would stay."""
    inputs, _ = whole
    monkeypatch.setenv("PRESSLAB_FORK", fork)
    monkeypatch.setattr(tempfile, "mkstemp", lambda *_, **__: pytest.fail("a file in the temporary folder"))
    assert report_run([next(inputs.iterdir())], tmp_path / "out", spread=here).made == 1


def test_two_runs_at_once_in_one_folder_are_refused(tmp_path):
    inputs = stories(tmp_path / "in", 1)
    held = state.State(tmp_path / "out", "report")
    with pytest.raises(state.Busy, match="another presslab run is writing to"):
        report_run([inputs], tmp_path / "out", spread=here)
    held.close()


@pytest.mark.slow
def test_a_damaged_state_is_made_anew(whole, tmp_path):
    inputs, _ = whole
    one = next(inputs.iterdir())
    report_run([one], tmp_path / "out", spread=here)
    next((tmp_path / "out" / ".presslab").glob("*.sqlite")).write_bytes(b"no database" * 1000)
    assert report_run([one], tmp_path / "out", spread=here).made == 1
    name = f"articles/{one.stem}.html"
    assert unplaced(tmp_path / "out")[name] == unplaced(inputs.parent / "out")[name]
