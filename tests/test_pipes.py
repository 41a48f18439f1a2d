"""Standard input, pipes, and what is no file."""

import json
import os
from pathlib import Path
import socket
import subprocess
import sys
import time

import pytest

import made

BIN = Path(sys.executable).parent / "presslab"
GOOD = "\n\n".join(made.ONE)


def clean(folder: Path, command: str, given: bytes | None = None, before: str = "") -> tuple[list[str], list[str], int]:
    """Ids of the articles, lines on standard error, exit code of `presslab clean COMMAND` in a shell, something else
    `before` it."""
    line = f"{before}{BIN} clean {command} -o out.jsonl"
    done = subprocess.run(
        ["bash", "-c", line],
        input=given,
        stdin=subprocess.DEVNULL if given is None else None,
        capture_output=True,
        cwd=folder,
        timeout=90,
    )
    output = folder / "out.jsonl"
    ids = [json.loads(row)["id"] for row in output.read_text("utf-8").splitlines()] if output.exists() else []
    return ids, done.stderr.decode().splitlines(), done.returncode


@pytest.mark.parametrize(
    "content, count",
    [(GOOD, 1), (made.nexis_text(), 2), (json.dumps({"id": "row", "text": GOOD}), 1), (made.nitf(), 1)],
)
def test_standard_input_is_read_whatever_kind_it_is(tmp_path, content, count):
    ids, errors, code = clean(tmp_path, "-", content.encode())
    assert len(ids) == count and not errors and code == 0
    assert ids[0].startswith(("stdin", "row"))


def test_a_zip_comes_through_a_pipe(tmp_path):
    ids, errors, _ = clean(
        tmp_path, "- --quiet", made.zipped({"a.txt": GOOD.encode(), "b.txt": " ".join(made.TWO).encode()})
    )
    assert ids == ["stdin-a", "stdin-b"] and not errors


def test_pipes_are_read_where_they_are_named(tmp_path):
    (tmp_path / "a.txt").write_text(GOOD, "utf-8")
    os.mkfifo(tmp_path / "pipe")
    ids, errors, code = clean(tmp_path, "<(cat a.txt) /dev/stdin pipe", GOOD.encode(), "(sleep 1; cat a.txt > pipe) & ")
    assert len(ids) == 3 and {"stdin", "pipe"} <= set(ids) and not errors, errors


def test_a_pipe_that_nobody_writes_to_ends_by_the_time_limit(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "a.txt").write_text(GOOD, "utf-8")
    start = time.monotonic()
    ids, errors, code = clean(tmp_path, "--timeout 5 pipe a.txt")
    assert ids == ["a"] and code == 1 and len(errors) == 1 and "took longer than 5 s" in errors[0]
    assert time.monotonic() - start < 60


def test_what_is_no_file_is_one_line_and_the_others_are_read(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.txt").write_text(GOOD, "utf-8")
    os.mkfifo(folder / "pipe")
    (folder / "loop").symlink_to(".")
    (folder / "gone.txt").symlink_to("nothing")
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(os.path.relpath(folder / "socket"))
        ids, errors, code = clean(tmp_path, "in /dev/zero /dev/null nothing -", b"")
    assert ids == ["a"] and code == 1
    for name, words in (
        ("pipe", "a named pipe"),
        ("socket", "a socket"),
        ("zero", "a device"),
        ("null", "a device"),
        ("nothing", "no such file"),
        ("stdin", "empty"),
        ("gone.txt", "no such file"),
    ):
        assert [words in line for line in errors if line.startswith(f"presslab: {name}:")] == [True], (name, errors)
    assert len(errors) == 7
