"""Folders for work in progress: articles lie in them, so none stays behind."""

import fcntl
import os
from pathlib import Path
import signal
import subprocess
import sys
import tempfile

from nbclient import NotebookClient
import nbformat
import pytest

from presslab.system import scratch

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture()
def temporary(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    scratch.sweep.cache_clear()
    return tmp_path


HOLDER = """
import sys, tempfile
tempfile.tempdir = sys.argv[1]
from pathlib import Path
from presslab.system import scratch
with scratch.folder() as place:
    Path(place, "article.json").write_text("text")
    print(place, flush=True)
    sys.stdin.read()
"""


def holder(temporary: Path) -> tuple[subprocess.Popen, Path]:
    """A process that uses a folder, and that folder."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(temporary)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    return process, Path(process.stdout.readline().strip())


def test_what_a_killed_process_left_is_taken_away_and_what_a_living_one_uses_is_not(temporary):
    dead, left = holder(temporary)
    living, used = holder(temporary)
    dead.send_signal(signal.SIGKILL)
    dead.wait()
    assert (left / "article.json").exists()
    with scratch.folder() as place:
        assert not left.exists() and (used / "article.json").exists() and Path(place).is_dir()
    living.communicate()
    assert list(temporary.iterdir()) == []


def test_links_and_folders_of_others_are_left_alone(temporary):
    mine = temporary / "mine"
    mine.mkdir()
    (mine / scratch.HELD).touch()
    (temporary / "presslab-link").symlink_to(mine)
    (temporary / "presslab-another").mkdir()
    (temporary / "presslab-another" / "work").touch()
    if os.geteuid() == 0:
        (temporary / "presslab-theirs").mkdir()
        (temporary / "presslab-theirs" / scratch.HELD).touch()
        os.chown(temporary / "presslab-theirs", 65534, 65534)
    before = sorted(temporary.rglob("*"))
    scratch.sweep()
    assert sorted(temporary.rglob("*")) == before


def test_a_folder_is_locked_before_others_can_see_that_it_is_held(temporary):
    with scratch.folder() as place:
        with (Path(place) / scratch.HELD).open() as stream, pytest.raises(BlockingIOError):
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)


@pytest.mark.slow
@pytest.mark.parametrize(("named", "last"), [(False, True), (False, False), (True, True)])
def test_the_notebook_on_coding_leaves_no_folder_behind_but_the_one_that_was_named(tmp_path, named, last):
    """Neither in its last cell, after which some tools kill the kernel, nor when a kernel ends before."""
    folder = tmp_path / "named"
    notebook = nbformat.read(ROOT / "notebooks" / "coding.ipynb", as_version=4)
    parameters, imports, *_, end = [cell for cell in notebook.cells if cell.cell_type == "code"]
    work = "run.mkdir(parents=True)\n(run / 'article.html').write_text('text')"
    look = "import os, tempfile; [name for name in os.listdir(tempfile.gettempdir()) if name.startswith('presslab')]"
    named_cell, work_cell, look_cell = (
        nbformat.v4.new_code_cell(code) for code in (f"folder = {str(folder if named else '')!r}", work, look)
    )
    notebook.cells = [parameters, named_cell, imports, work_cell, *([end, look_cell] if last else [])]
    (tmp_path / "temporary").mkdir()
    client = NotebookClient(notebook, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}})
    client.execute(env={**os.environ, "TMPDIR": str(tmp_path / "temporary")})
    assert not last or look_cell.outputs[0]["data"]["text/plain"] == "[]"
    assert not list((tmp_path / "temporary").glob("presslab*"))
    assert (folder / "run" / "article.html").is_file() == named
