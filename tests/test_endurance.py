"""Whatever happens to a command while it runs: it says so in one line, leaves nothing behind, and the same command goes
on."""

import json
import os
from pathlib import Path
import random
import shutil
import signal
import sqlite3
import subprocess
import time

from click.testing import CliRunner
import pandas as pd
import pytest

import kills
from presslab.cli import main
from presslab.parsing.cache import PARSES
from presslab.runs.articles import CHANGED, report_run
from presslab.system import files
from presslab.system.parallel import here
from processes import started_none
import stories

pytestmark = pytest.mark.slow  # what they start from is five seconds

MORE = {
    "measure": ["measure", "in", "-o", "out.csv", "--quiet"],
    "attributions": ["attributions", "in", "-o", "out.jsonl", "--quiet"],
    "clean": ["clean", "table.jsonl", "-o", "out.jsonl", "--quiet"],
    "excel": ["excel", "run", "-o", "out.xlsx"],
    "rerun": ["rerun", "run", "--quiet"],
    "agree": ["agree", "codes", "--quiet"],
    "validate": ["validate", "run", "codes", "--quiet"],
    "frames": ["frames", "check", "frame.yaml", "--on", "in", "--quiet"],
}
FRAME = Path(__file__).resolve().parents[1] / "seeds" / "frames" / "war_peace.yaml"
ROUNDS = int(os.environ.get("PRESSLAB_KILLS", 1))


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Path:
    """A folder with `start`, which every command starts from, and a run of each that nothing disturbed."""
    folder = tmp_path_factory.mktemp("endurance")
    shutil.copy(FRAME, kills.prepared(folder / "start") / "frame.yaml")
    return folder


@pytest.fixture(scope="module")
def whole(place):
    """A function that gives what a command does when nothing disturbs it, found out once."""
    known: dict[str, kills.Undisturbed] = {}

    def of(name: str) -> kills.Undisturbed:
        if name not in known:
            known[name] = kills.undisturbed(name, place / "start", place / f"whole-{name}")
        return known[name]

    return of


@pytest.fixture(autouse=True)
def more_commands(monkeypatch):
    monkeypatch.setattr(kills, "COMMANDS", kills.COMMANDS | MORE)


def ended_by_ctrl_c(name: str, folder: Path, seconds: float, mark: str) -> None:
    """Press Ctrl-C after so many seconds of a command: it says so in one line and leaves no process."""
    process = kills.started(name, folder, mark)
    time.sleep(seconds)
    interrupted = process.poll() is None
    if interrupted:
        os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=60)
    # it may have been ending when it was told to, or Python may not have begun to listen
    if interrupted and process.returncode and (process.returncode, said) != (-signal.SIGINT, ""):
        assert process.returncode == 130 and len(said.strip().splitlines()) == 1 and "interrupted" in said, said
    assert kills.orphans(mark) == []


@pytest.mark.parametrize("name", list(kills.COMMANDS))
def test_a_command_that_is_killed_and_then_interrupted_leaves_nothing_and_goes_on_to_the_same_bytes(place, whole, name):
    """kill -9, the same command again, Ctrl-C, the same command again: one way through both costs a run less."""
    chance = random.Random(f"killed {name}")
    for number in range(ROUNDS):
        folder, seconds = place / f"killed-{name}-{number}", whole(name).seconds
        wrong = kills.killed(name, place / "start", folder, whole(name), chance, group=bool(number % 2))
        assert not wrong
        ended_by_ctrl_c(name, folder, chance.uniform(0.1, 0.9) * seconds, f"{name}-{number}-{os.getpid()}")
        assert not kills.went_on(name, folder, whole(name))
        shutil.rmtree(folder)


@pytest.mark.parametrize("name", MORE)
def test_ctrl_c_is_one_line_leaves_no_process_and_the_command_goes_on(place, whole, name):
    chance = random.Random(f"interrupted {name}")
    for number in range(ROUNDS):
        folder = place / f"interrupted-{name}-{number}"
        shutil.copytree(place / "start", folder)
        ended_by_ctrl_c(name, folder, chance.uniform(0.1, 0.9) * whole(name).seconds, f"{name}-{number}-{os.getpid()}")
        kills.completed(name, folder)
        assert kills.digests(folder, placed=True) == kills.digests(place / f"whole-{name}", placed=True)


def foreign(path: Path, command: str) -> None:
    """Another program's database."""
    with sqlite3.connect(path) as store:
        store.execute(command)


CACHES = {
    "garbage": (lambda path: path.write_bytes(b"no database" * 1000), 0),
    "cut short": (lambda path: path.write_bytes(path.read_bytes()[:-700]), 0),
    "empty": (lambda path: path.write_bytes(b""), 0),
    "another program's": (lambda path: (path.unlink(), foreign(path, "create table mail (id, text)")), 1),
    "another schema": (lambda path: (path.unlink(), foreign(path, "create table parses (id, text)")), 1),
    "a folder": (lambda path: (path.unlink(), path.mkdir()), 1),
    "a link": (lambda path: (path.rename(path.with_name("elsewhere")), path.symlink_to("elsewhere")), 1),
    "a link to nowhere": (lambda path: (path.unlink(), path.symlink_to("nowhere")), 1),
}


@pytest.mark.parametrize("damage", CACHES)
def test_a_damaged_or_foreign_cache_changes_no_byte_and_is_one_line_at_most(
    place, whole, tmp_path, monkeypatch, damage
):
    folder = tmp_path / "measured"
    whole("measure")
    shutil.copytree(place / "whole-measure", folder)
    cached = next((folder / "cache").glob("parses-*.sqlite"))
    change, lines = CACHES[damage]
    change(cached)
    kept = cached.read_bytes() if lines and cached.is_file() else b""
    (folder / "out.csv").unlink()
    started_none(monkeypatch)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PRESSLAB_CACHE", str(folder / "cache"))
    monkeypatch.setenv(PARSES, "")  # the command may set it
    done = CliRunner().invoke(main, kills.COMMANDS["measure"])
    assert done.exit_code == 0 and len(done.output.splitlines()) == lines, done.output
    assert (folder / "out.csv").read_bytes() == (place / "whole-measure" / "out.csv").read_bytes()
    assert not kept or cached.read_bytes() == kept
    assert not (folder / "cache" / "nowhere").exists()


@pytest.mark.skipif(
    os.geteuid() != 0 or not Path("/usr/bin/mount").exists(), reason="only root can mount a read-only disk"
)
def test_on_a_read_only_disk_every_command_that_writes_is_one_line(place, tmp_path, monkeypatch):
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=100m", "tmpfs", str(disk)], capture_output=True).returncode:
        pytest.skip("a disk can't be mounted here")
    try:
        shutil.copytree(place / "start", disk / "start")
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        with monkeypatch.context() as patch:
            started_none(patch)
            patch.chdir(disk / "start")
            for name, arguments in kills.COMMANDS.items():
                done = CliRunner().invoke(main, arguments)
                lines = done.stderr.strip().splitlines()
                assert done.exception is None or isinstance(done.exception, SystemExit), (name, done.exception)
                if name == "rerun":  # it makes the run elsewhere
                    assert done.exit_code in (0, 1)
                elif name != "frames":  # it writes nothing
                    assert done.exit_code in (1, 2) and len(lines) == 1, (name, done.stderr)
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_two_commands_with_one_cache_give_the_same_bytes_as_one(place, whole):
    whole("measure")
    folders = [place / f"both-{number}" for number in range(2)]
    for folder in folders:
        shutil.copytree(place / "start", folder)
    (folders[1] / "cache").rmdir()
    (folders[1] / "cache").symlink_to(folders[0] / "cache")
    both = [kills.started("measure", folder) for folder in folders]
    for process, folder in zip(both, folders):
        _, said = process.communicate(timeout=120)
        assert process.returncode == 0 and not said, said
        assert (folder / "out.csv").read_bytes() == (place / "whole-measure" / "out.csv").read_bytes()


@pytest.mark.parametrize("name", ["report", "compare", "corpus"])
def test_of_two_commands_in_one_folder_one_is_refused_in_a_line_and_nothing_is_broken(place, whole, name):
    folder = place / f"twice-{name}"
    whole(name)
    shutil.copytree(place / "start", folder)
    both = [kills.started(name, folder) for _ in range(2)]
    said = [process.communicate(timeout=300)[1] for process in both]
    assert 0 in [process.returncode for process in both]
    for process, words in zip(both, said):
        if process.returncode:
            assert process.returncode == 2 and len(words.splitlines()) == 1 and "another presslab run" in words, words
    assert kills.digests(folder, placed=True) == kills.digests(place / f"whole-{name}", placed=True)


def test_an_input_that_changes_while_it_is_read_is_named_and_read_again_the_next_time(tmp_path, monkeypatch):
    """The worst moment: it has been hashed, and is replaced before it is read."""
    path, real, changes = tmp_path / "table.jsonl", files.written, [stories.varied(2), None]

    def table(text: str) -> str:
        return json.dumps({"id": "a", "text": text}) + "\n"

    def hashed(file: Path) -> tuple[int, str]:
        result = real(file)
        if file == path and changes and (text := changes.pop(0)):
            path.write_text(table(text), "utf-8")
        return result

    path.write_text(table(stories.varied(1)), "utf-8")
    monkeypatch.setattr(files, "written", hashed)
    first = report_run([path], tmp_path / "run", spread=here)
    assert [f.reason for f in first.failures] == [CHANGED] and first.failures[0].warns and first.made == 1
    second = report_run([path], tmp_path / "run", spread=here)
    listed = (tmp_path / "run" / "inputs.csv").read_text("utf-8")
    assert not second.failures and real(path)[1] in listed
    kept = pd.read_parquet(tmp_path / "run" / "tables" / "articles.parquet")
    assert kept["text_analysed"][0].startswith(stories.varied(2)[:40])


@pytest.mark.parametrize("change", ["deleted", "cut short", "added to"])
def test_an_input_that_changes_at_any_moment_of_a_run_breaks_nothing(place, tmp_path, change):
    shutil.copytree(place / "start", tmp_path / "work")
    table = tmp_path / "work" / "table.jsonl"
    process = kills.started("read", tmp_path / "work")
    time.sleep(1.5)
    if change == "deleted":
        table.unlink()
    elif change == "cut short":
        os.truncate(table, table.stat().st_size // 2)
    else:
        with table.open("a", encoding="utf-8") as stream:
            stream.write('\n{"id": "added", "text": "' + stories.varied(9999).replace("\n", " ") + '"}')
    _, said = process.communicate(timeout=120)
    assert process.returncode in (0, 1, 2) and "Traceback" not in said and len(said.splitlines()) < 3, said
