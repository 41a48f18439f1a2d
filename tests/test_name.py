"""A folder of a user's own files with our names: every way in works, none of these files is run, and importing changes
nothing."""

import os
from pathlib import Path
import subprocess
import sys

import pytest

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
STANDARD = ("random.py", "multiprocessing.py", "struct.py")
TRAPS = ("analysis.py", "analysis/__init__.py", "article.py", "notebooks/__init__.py", *STANDARD)


@pytest.fixture
def folder(tmp_path) -> Path:
    """A folder with an article, and files that leave a mark if they are run."""
    place = tmp_path / "mine"
    place.mkdir()
    for name in TRAPS:
        (place / name).parent.mkdir(exist_ok=True)
        (place / name).write_text(
            f"open({str(tmp_path / 'run')!r}, 'a').write(__name__)\nraise SystemExit('a file of the user was run')\n"
        )
    for name in ("presslab.ipynb", "notebooks/article.ipynb"):
        (place / name).write_text("this is no notebook")
    (place / "story.txt").write_bytes((ROOT / "seeds" / "bridge-officials.txt").read_bytes())
    (place / "other.txt").write_bytes((ROOT / "seeds" / "bridge-witnesses.txt").read_bytes())
    return place


def done(folder: Path, *command: str | Path, **environment: str) -> str:
    """Run a command in the folder; gives what it said. Nothing of the user's may have been run."""
    env = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "PYTHONSAFEPATH")} | environment
    ended = subprocess.run([str(c) for c in command], cwd=folder, env=env, capture_output=True, text=True, timeout=300)
    assert not (folder.parent / "run").exists(), (folder.parent / "run").read_text()
    assert ended.returncode == 0, ended.stderr
    return ended.stderr


def without_standard_names(folder: Path) -> None:
    """Take random.py and the like away: kernels and workers that papermill and Dask start by themselves would run
    these."""
    for name in STANDARD:
        (folder / name).unlink()


@pytest.mark.parametrize("fork", ["1", "0"])
@pytest.mark.slow
def test_the_command_runs_no_file_of_the_user(folder, fork):
    done(folder, BIN / "presslab", "report", "story.txt", "other.txt", "-o", "out", "--jobs", "2", PRESSLAB_FORK=fork)
    assert (folder / "out" / "articles" / "story.html").is_file()


@pytest.mark.parametrize("engine", [["--engine", "presslab"], []])
@pytest.mark.slow
def test_papermill_and_nbconvert_run_no_file_of_the_user(folder, engine):
    without_standard_names(folder)
    done(
        folder,
        BIN / "papermill",
        ROOT / "notebooks" / "article.ipynb",
        "out.ipynb",
        "-p",
        "article",
        "story.txt",
        "--no-progress-bar",
        *engine,
    )
    done(folder, BIN / "jupyter", "nbconvert", "--to", "presslab", "out.ipynb")
    assert "Ferry Bridge" in (folder / "out.html").read_text("utf-8")


@pytest.mark.slow
def test_dask_workers_run_no_file_of_the_user(folder):
    pytest.importorskip("distributed", reason="needs the extra `cluster`")
    without_standard_names(folder)
    code = (
        "import subprocess, sys\nfrom distributed import LocalCluster\nif __name__ == '__main__':\n with"
        " LocalCluster(n_workers=1, threads_per_worker=1, processes=True, dashboard_address=None,"
        " local_directory=sys.argv[2]) as c:\n  sys.exit(subprocess.run([sys.argv[1], 'report', 'story.txt', '-o',"
        " 'out', '--scheduler', c.scheduler_address]).returncode)\n"
    )
    (folder.parent / "cluster.py").write_text(code)
    done(folder, sys.executable, folder.parent / "cluster.py", BIN / "presslab", folder.parent / "dask")
    assert (folder / "out" / "articles" / "story.html").is_file()


@pytest.mark.slow
def test_a_presslab_of_the_users_own_is_reported_in_one_line_and_not_run(folder):
    (folder / "article.py").rename(folder / "presslab.py")
    said = done(folder, BIN / "presslab", "report", "story.txt", "other.txt", "-o", "out", "--jobs", "2", "--quiet")
    assert (
        said == "presslab: presslab.py: lies in this folder and isn't used; rename it, or `import presslab` finds it in"
        " notebooks here\n"
    )


@pytest.mark.slow
def test_importing_and_measuring_leave_the_users_process_as_it_was(folder):
    code = (
        "import sys\nimport textstat\nbefore = dict(vars(textstat.backend.counts._count_syllables))\nfrom"
        " presslab.measures.analyse import analyse\nfrom presslab.reading.read import read_one\nimport"
        " presslab.runs.articles\nanalyse(read_one('story.txt'))\nassert"
        " dict(vars(textstat.backend.counts._count_syllables)) == before and sys.modules['textstat'] is"
        " textstat\nassert not [n for n, m in sys.modules.items() if m is None or n == 'nltk' and not m.__file__]\n"
    )
    done(folder, sys.executable, "-P", "-c", code)
