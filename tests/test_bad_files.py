"""No bad file ends a command or takes a good article with it: each is one line."""

from __future__ import annotations

import json
from pathlib import Path
import re
import subprocess
import sys
import time

import pytest

import bad_files
import made

BIN = Path(sys.executable).parent / "presslab"
FEWEST, LONGEST = 120, 400  # kinds, seconds for all of them on a busy machine


def run(folder: Path, command: str, *paths: Path) -> tuple[list[str], list[dict]]:
    """Lines on standard error and rows of a command that reads paths."""
    output = folder / f"{command}.jsonl"
    done = subprocess.run(
        [
            str(BIN),
            command,
            *map(str, paths),
            "-o",
            str(output),
            "--timeout",
            "60",
            "--quiet",
            *(["--any-language"] if command == "clean" else []),
        ],
        capture_output=True,
        text=True,
        timeout=LONGEST,
    )
    assert done.returncode in (0, 1) and "Traceback" not in done.stderr, done.stderr[-3000:]
    return done.stderr.splitlines(), [json.loads(line) for line in output.read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Bad files with a good one before and after each group of ten."""
    folder = tmp_path_factory.mktemp("bad")
    bad = bad_files.all_bad()
    assert len(bad) >= FEWEST
    paths: list[Path] = []
    for number, (name, content) in enumerate(bad.items()):
        if number % 10 == 0:
            paths.append(folder / f"good{number:03d}.txt")
            paths[-1].write_text(f"{bad_files.TEXT}\n\nThat was said for the {number}th time on Friday.", "utf-8")
        paths.append(folder / name)
        paths[-1].write_bytes(content)
    return folder, paths, [path.stem for path in paths if path.stem.startswith("good")]


@pytest.mark.parametrize("command", ["clean", "read"])
def test_each_bad_file_is_one_line_and_every_good_article_is_there(place, tmp_path, command):
    folder, paths, good = place
    start = time.monotonic()
    errors, rows = run(tmp_path, command, *paths)
    assert time.monotonic() - start < LONGEST
    assert [row["id"] for row in rows if str(row["id"]) in good] == good
    accepted = {row["file"] for row in rows if command == "read"}  # the rows of the other have no files
    for path in paths:
        lines = [line for line in errors if line.startswith(f"presslab: {path.name}: ")]
        if command == "read" and path.stem not in good and path.name not in accepted:
            # two entries of a feed that is cut
            assert 1 <= len(lines) <= (2 if path.suffix == ".rss" else 1), (
                path.name,
                lines,
            )
        assert all(line.isprintable() and "root:" not in line for line in lines), lines
    assert all(re.match(r"presslab: [^:]+: .", line) for line in errors), [
        line for line in errors if not line.startswith("presslab: ")
    ]


def test_a_folder_of_bad_files_gives_the_same_articles(place, tmp_path):
    folder, _, good = place
    _, rows = run(tmp_path, "read", folder)
    assert set(good) <= {row["id"] for row in rows}


@pytest.mark.parametrize("name", bad_files.mixed())
def test_good_documents_of_a_file_survive_the_bad_ones_in_it(tmp_path, name):
    content, good = bad_files.mixed()[name]
    (tmp_path / "before.txt").write_text(bad_files.TEXT, "utf-8")
    (tmp_path / "z-after.txt").write_text("\n\n".join(made.TWO), "utf-8")
    (tmp_path / name).write_bytes(content)
    errors, rows = run(tmp_path, "clean", tmp_path / "before.txt", tmp_path / name, tmp_path / "z-after.txt")
    ids = [row["id"] for row in rows]
    assert ids[0] == "before" and ids[-1] == "z-after" and len(ids) == good + 2, (ids, errors)
