"""A run that is slower than it could be, or that a limit of the system ends, says so once, with the reason and the
remedy."""

from __future__ import annotations

import os
from pathlib import Path
import shutil
import subprocess
import sys
import tempfile

import pytest

import made
from presslab.runs.articles import report_run
from presslab.system import allowance, kernel

BIN = Path(sys.executable).parent / "presslab"
LONGEST = 240  # seconds for a command on a busy machine
OTHER = (
    "setpriv",
    "--reuid",
    "4321",
    "--regid",
    "4321",
    "--clear-groups",
    "--inh-caps",
    "+dac_override,+dac_read_search",
    "--ambient-caps",
    "+dac_override,+dac_read_search",
)


@pytest.fixture
def articles(tmp_path):
    """Two articles."""
    paths = [tmp_path / f"{name}.txt" for name in "ab"]
    for path in paths:
        path.write_text(
            "\n\n".join(made.ONE) + f"\n\nThat was said again by the mayor of {path.stem} on Friday.", "utf-8"
        )
    return paths


@pytest.fixture
def everybodys(monkeypatch):
    """A folder that every user may write to, with the cache in it."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o777)
        for name in ("PRESSLAB_CACHE", "XDG_STATE_HOME", "HOME"):
            monkeypatch.setenv(name, folder)
        yield Path(folder)


def limited(limit: str, folder: Path, *arguments: object, user: tuple[str, ...] = ()) -> tuple[int, str]:
    """Exit code and standard error of a command that bash's `ulimit` bounds."""
    words = [*user, "bash", "-c", f'ulimit {limit} && exec "$0" "$@"', str(BIN), *map(str, arguments), "--quiet"]
    done = subprocess.run(words, capture_output=True, text=True, timeout=LONGEST, cwd=folder)
    return done.returncode, done.stderr


def output(command: str) -> str:
    return "out.csv" if command == "measure" else "out"


@pytest.mark.slow
def test_kernels_that_are_not_forked_are_said_once(tmp_path, articles, monkeypatch, caplog):
    monkeypatch.setenv("PRESSLAB_FORK", "0")
    run = report_run(articles, tmp_path / "out")
    assert run.made == 2
    log = Path(tmp_path / "out" / "run.log").read_text("utf-8")
    assert log.count("slower than it could be") == 1 and "PRESSLAB_FORK" in log
    assert sum("slower than it could be" in record.message for record in caplog.records) == 1


@pytest.mark.parametrize("command", ["report", "measure", "corpus"])
@pytest.mark.parametrize(
    "limit, line",
    [
        ("-n 32", "the system allows 32 open files for this process; raise it with ulimit -n 1024"),
        ("-v 400000", "the system allows 410 MB of memory for this process; raise it with ulimit -v unlimited"),
    ],
)
def test_a_limit_too_low_for_all_is_named_before_anything_is_read(tmp_path, articles, command, limit, line):
    code, errors = limited(limit, tmp_path, command, *articles, "-o", output(command))
    assert code == 1 and errors.splitlines() == [f"Error: {line}"]
    assert not (tmp_path / output(command)).exists()


@pytest.mark.skipif(
    os.name != "posix" or os.geteuid() != 0,
    reason="the number of processes bounds everybody but root, who alone can become another user",
)
@pytest.mark.parametrize("command, most", [("measure", 1), ("report", 2)])
def test_a_limit_of_processes_is_named(everybodys, articles, command, most):
    copies = [shutil.copy(article, everybodys) for article in articles]
    code, errors = limited(f"-u {most}", everybodys, command, *copies, "-o", output(command), "--jobs", "1", user=OTHER)
    lines = [line for line in errors.splitlines() if "slower" not in line]
    assert code == 1 and "Traceback" not in errors, errors
    assert (
        len(lines) == 1
        and f"the system allows {most} processes and threads for this user; raise it with ulimit -u 4096" in lines[0]
    ), errors


@pytest.mark.slow
def test_few_files_and_little_memory_are_enough_for_one_kernel(tmp_path, articles):
    code, errors = limited("-n 64 -v 1000000", tmp_path, "report", *articles, "-o", "out", "--jobs", "1")
    assert (code, errors) == (0, "")


@pytest.mark.slow
def test_a_collection_that_needs_more_memory_than_the_system_allows_says_so(tmp_path, articles):
    code, errors = limited("-v 1000000", tmp_path, "corpus", *articles, "-o", "out", "--jobs", "1")
    assert "Traceback" not in errors and "Exception encountered" not in errors
    assert code == 0 or code == 1 and "raise it with ulimit -v unlimited" in errors.splitlines()[-1], errors


@pytest.mark.slow
def test_a_template_that_cannot_start_is_said_with_its_reason(tmp_path, articles, monkeypatch, caplog):
    monkeypatch.setattr(kernel.Template, "_shared", None)
    monkeypatch.setenv(kernel.MEMORY, str(40 * 10**6))  # bytes of data: not enough to load what a kernel needs
    run = report_run(articles, tmp_path / "out")
    assert run.made == 2, run.failures
    said = [record.message for record in caplog.records if "slower than it could be" in record.message]
    assert len(said) == 1 and "the kernel template could not start" in said[0] and "mayor" not in said[0]


@pytest.mark.parametrize(
    "error, words",
    [
        (OSError(24, "Too many open files"), "open files"),
        (BlockingIOError(11, "Resource temporarily unavailable"), "processes and threads"),
        (RuntimeError("can't start new thread"), "processes and threads"),
        (RuntimeError("Too many open files"), ""),
        (ValueError("“Too many open files,” said the mayor"), ""),
        (OSError(2, "No such file"), ""),
    ],
)
def test_what_comes_from_a_limit_is_known_by_its_number_and_not_by_words(error, words):
    said = allowance.lacking(error)
    assert words in said and bool(said) == bool(words)
