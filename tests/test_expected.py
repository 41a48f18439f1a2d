"""How many articles there will be, and the bar that says so."""

import json
import os
from pathlib import Path
import pty
import re
import subprocess
import sys
import termios

import pandas as pd
import pytest

from presslab.reading import count
from presslab.reading.read import read
from stories import stories, story


@pytest.fixture()
def inputs(tmp_path):
    """Five texts, a text that is empty, and tables of three rows each, one with line breaks inside its cells."""
    stories(tmp_path / "in", 5)
    (tmp_path / "in" / "empty.txt").write_text("")
    rows = pd.DataFrame([{"id": f"r{n}", "text": story(n)} for n in range(3)])
    rows.to_csv(tmp_path / "in" / "t.csv", index=False)
    rows.assign(id=["p0", "p1", "p2"]).to_parquet(tmp_path / "in" / "t.parquet")
    (tmp_path / "in" / "t.jsonl").write_text("\n".join(json.dumps({"id": f"j{n}", "text": story(n)}) for n in range(3)))
    return tmp_path / "in"


def test_as_many_as_are_read(inputs):
    assert count.articles([inputs]) == len(list(read([inputs]))) == 15
    assert count.articles([inputs / "*.txt", inputs / "a000.txt", inputs / "no-such.txt"]) == 7


def test_an_export_or_a_large_table_is_not_counted_beforehand(inputs, monkeypatch, shared):
    assert count.articles([shared / "formats" / "nexis-advance-nyt1.docx"]) is None
    monkeypatch.setattr(count, "FEW", 100)
    assert count.articles([inputs / "t.csv"]) is None and count.articles([inputs / "t.parquet"]) == 3


def terminal(command: list[str], cwd) -> str:
    """What a command writes to standard error, a terminal."""
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (30, 100))
    process = subprocess.Popen(command, cwd=cwd, stderr=theirs, stdout=subprocess.DEVNULL)
    os.close(theirs)
    told = b""
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:  # the other side is closed
            break
        if not piece:
            break
        told += piece
    process.wait(60)
    return told.decode()


def test_a_terminal_sees_how_many_how_fast_and_how_long(inputs):
    told = terminal([sys.executable, "-m", "presslab.cli", "clean", str(inputs), "-o", "c.jsonl"], inputs.parent)
    last = told.replace("\r", "\n").strip().splitlines()[-1]
    assert re.search(r"100%\|.*15/15 \[00:\d\d<00:00, +[\d.]+ articles/s\]", last), told
    assert re.search(r"^presslab: empty.txt: .*$", told.replace("\r", "\n"), re.M), told


def test_completion_loads_in_bash_and_knows_the_commands(tmp_path):
    script = subprocess.run(
        [sys.executable, "-m", "presslab.cli", "completion", "bash"], capture_output=True, text=True
    )
    assert script.returncode == 0, script.stderr
    (tmp_path / "c.bash").write_text(script.stdout)
    ask = (
        "source c.bash; complete -p presslab; COMP_WORDS=(presslab re); COMP_CWORD=1; _presslab_completion presslab;"
        ' echo "${COMPREPLY[@]}"'
    )
    done = subprocess.run(
        ["bash", "-c", ask],
        cwd=tmp_path,
        env=os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
    )
    assert done.stdout.splitlines()[-1].split() == ["read", "report", "rerun"], (done.stdout, done.stderr)
    for shell in ("zsh", "fish"):
        done = subprocess.run(
            [sys.executable, "-m", "presslab.cli", "completion", shell], capture_output=True, text=True
        )
        assert done.returncode == 0 and "_PRESSLAB_COMPLETE" in done.stdout
