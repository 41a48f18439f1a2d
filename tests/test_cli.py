"""The command as people type it: inputs, outputs, messages, exit codes."""

import json
import os
from pathlib import Path
import re
import subprocess
import sys

import click
import pandas as pd
import pytest

from presslab.cli.shared import ended_early
from presslab.runs.articles import report_run
from presslab.system.parallel import here

SEEDS = Path(__file__).resolve().parents[1] / "seeds"
STORY = (
    "The town council voted on Monday to close the old bridge. “It is not safe,” Mayor Ada Quill said. "
    "Engineers found cracks in two of its piers last week, according to a report. The mayor said buses would run "
    "from Tuesday. Residents of the east bank fear a long winter. “We will lose our customers,” said Tom Reed, who "
    "owns the bakery by the river. The council will meet again in two weeks. Work on a new bridge could begin in "
    "spring, the engineers said. It may cost twelve million crowns."
)


def presslab(*arguments, cwd) -> subprocess.CompletedProcess:
    """Run the command in a folder of its own, as from a pipe."""
    command = [sys.executable, "-m", "presslab.cli", *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=300, env=dict(os.environ))


@pytest.fixture()
def folder(tmp_path):
    (tmp_path / "bridge.txt").write_text(STORY, "utf-8")
    (tmp_path / "ferry.txt").write_text(STORY.replace("bridge", "ferry"), "utf-8")
    return tmp_path


@pytest.mark.parametrize("ending", [".csv", ".jsonl", ".parquet"])
def test_measure_writes_one_row_an_article_id_first(folder, ending):
    done = presslab("measure", "bridge.txt", "ferry.txt", "-o", f"m{ending}", "--jobs", 1, cwd=folder)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    path = folder / f"m{ending}"
    table = {".csv": pd.read_csv, ".parquet": pd.read_parquet}.get(ending, lambda p: pd.read_json(p, lines=True))(path)
    assert list(table["id"]) == ["bridge", "ferry"] and table.columns[0] == "id"
    assert table.loc[0, "word_count"] == 91  # counted by hand


def test_frames_of_ones_own_are_columns_of_the_wide_table(folder):
    frames = SEEDS / "frames" / "war_peace.yaml"
    done = presslab("measure", "bridge.txt", "-o", "own.csv", "--frames", frames, cwd=folder)
    assert done.returncode == 0, done.stderr
    table = pd.read_csv(folder / "own.csv")
    assert {"frame_war_journalism", "frame_peace_journalism_low", "quoted_frame_war_journalism"} <= set(table)
    assert table["frame_war_journalism"].notna().all()


def test_measure_takes_globs_folders_and_tables_alike(folder):
    rows = [{"id": name, "text": (folder / f"{name}.txt").read_text("utf-8")} for name in ("bridge", "ferry")]
    pd.DataFrame(rows).to_csv(folder / "t.csv", index=False)
    (folder / "sub").mkdir()
    for name in ("bridge", "ferry"):
        (folder / "sub" / f"{name}.txt").write_bytes((folder / f"{name}.txt").read_bytes())
    for number, inputs in enumerate((["t.csv"], ["sub"], ["*.txt"])):
        assert presslab("measure", *inputs, "-o", f"{number}.csv", "--jobs", 1, cwd=folder).returncode == 0
    first = (folder / "0.csv").read_bytes()
    assert first == (folder / "1.csv").read_bytes() == (folder / "2.csv").read_bytes()


@pytest.mark.slow
def test_the_number_of_jobs_changes_nothing(folder):
    for jobs in (1, 2):
        presslab("measure", "*.txt", "-o", f"{jobs}.csv", "--jobs", jobs, cwd=folder)
    assert (folder / "1.csv").read_bytes() == (folder / "2.csv").read_bytes()


def test_attribution_offsets_count_in_the_input_as_given(folder):
    text = "﻿The bridge\r\n\r\n" + STORY.replace(". ", ".\r\n\r\n", 3)
    (folder / "crlf.txt").write_bytes(text.encode("utf-8"))
    assert presslab("attributions", "crlf.txt", "-o", "a.jsonl", cwd=folder).returncode == 0
    line = json.loads((folder / "a.jsonl").read_text("utf-8"))
    given = (folder / "crlf.txt").read_bytes().decode("utf-8")
    given_without_mark = given.removeprefix("﻿")
    assert line["id"] == "crlf" and line["attributions"]
    quill = next(a for a in line["attributions"] if a["source_name"] and "Quill" in a["source_name"])
    pieces = [[given[s:e], given_without_mark[s:e]] for s, e in quill["content"]]
    assert any("It is not safe" in piece for pair in pieces for piece in pair)
    assert set(quill) == {"source", "cue", "content", "source_name", "corrected", "source_type", "kind", "cue_class"}


def test_clean_shows_what_was_cut_and_why(folder):
    (folder / "page.txt").write_text(
        "Support our mission\n\n" + STORY.replace(". ", ".\n\n") + "\n\n©2024 Invented Press", "utf-8"
    )
    assert presslab("clean", "page.txt", "-o", "c.jsonl", cwd=folder).returncode == 0
    line = json.loads((folder / "c.jsonl").read_text("utf-8"))
    assert {r["text"] for r in line["removed"]} == {"Support our mission", "©2024 Invented Press"}
    assert all(r["reason"] for r in line["removed"])


def test_a_short_text_is_refused_by_default_and_taken_with_no_clean(folder):
    (folder / "short.txt").write_text("The bridge is closed. “It is not safe,” the mayor said.", "utf-8")
    refused = presslab("measure", "short.txt", "-o", "m.csv", cwd=folder)
    assert refused.returncode == 1 and "--no-clean" in refused.stderr
    taken = presslab("measure", "short.txt", "--no-clean", "-o", "m.csv", cwd=folder)
    assert taken.returncode == 0, taken.stderr
    row = pd.read_csv(folder / "m.csv").loc[0]
    assert pd.isna(row["flesch_reading_ease"]) and row["word_count"] > 5


def test_each_bad_input_gets_one_clear_line_and_the_others_are_done(folder):
    (folder / "empty.txt").write_bytes(b"")
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 40)
    (folder / "huge.txt").write_bytes(b"word " * (11 * 2**20))
    (folder / "columns.csv").write_text("name,words\na,b\n", "utf-8")
    (folder / "twice.csv").write_text(f'id,text\nbridge,"{STORY} The mayor left."\n', "utf-8")
    (folder / "german.txt").write_text(
        "Der Stadtrat hat am Montag beschlossen, die alte Brücke zu schließen. " * 12, "utf-8"
    )
    names = [
        "bridge.txt",
        "empty.txt",
        "binary.txt",
        "huge.txt",
        "columns.csv",
        "twice.csv",
        "german.txt",
        "absent.txt",
        "ferry.txt",
    ]
    done = presslab("measure", *names, "-o", "m.csv", "--jobs", 1, cwd=folder)
    assert done.returncode == 1
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 7 and all(line.startswith("presslab: ") for line in lines), done.stderr
    for name in names[1:-1]:
        assert sum(name in line for line in lines) == 1, name
    assert "Traceback" not in done.stderr
    assert list(pd.read_csv(folder / "m.csv")["id"]) == ["bridge", "ferry"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["measure"],
        ["measure", "bridge.txt"],
        ["measure", "bridge.txt", "-o", "m.xls"],
        ["report", "--text", "some", "x"],
        ["nothing"],
    ],
)
def test_usage_errors_end_with_2(folder, arguments):
    assert presslab(*arguments, cwd=folder).returncode == 2


@pytest.mark.parametrize("command", ["report", "measure", "attributions", "clean", "read", "rerun"])
def test_help_has_an_example_and_explains_every_option(folder, command):
    text = presslab(command, "--help", cwd=folder).stdout
    assert f"presslab {command} " in text.split("Example", 1)[1]
    for option in re.findall(r"^  (?:-\w, )?(--[\w-]+)(.*)$", text.split("Options:")[1], re.M):
        assert option[1].strip(), option


def test_read_makes_one_table_that_the_other_commands_take(folder):
    import made

    (folder / "export.bin").write_bytes(made.docx(made.nexis_lines()))
    (folder / "item.xml").write_text(made.nitf().replace("en-GB", "de"), "utf-8")
    done = presslab("read", "export.bin", "item.xml", "bridge.txt", "-o", "articles.parquet", cwd=folder)
    assert done.returncode == 0 and not done.stderr
    assert (
        "export.bin (nexis-docx): 2 announced, 2 found, 2 read" in done.stdout
        and "2 files with one article each" in done.stdout
    )
    table = pd.read_parquet(folder / "articles.parquet")
    wanted = ["id", "title", "byline", "outlet", "published", "section", "url", "body", "language", "metadata"]
    assert set(wanted) <= set(table.columns) and list(table["language"]) == ["en", "en", "de", "en"]
    direct = presslab("clean", "export.bin", "bridge.txt", "-o", "direct.jsonl", cwd=folder)
    through = presslab("clean", "articles.parquet", "-o", "through.jsonl", cwd=folder)
    assert direct.returncode == 0 and through.returncode == 1 and "not English" in through.stderr
    assert (folder / "direct.jsonl").read_text("utf-8") == (folder / "through.jsonl").read_text("utf-8")


def test_an_announced_number_that_is_not_reached_ends_with_1_and_is_told(folder):
    import made

    (folder / "export.txt").write_text(made.nexis_text(announced=100), "utf-8")
    done = presslab("read", "export.txt", "-o", "a.jsonl", cwd=folder)
    assert done.returncode == 1 and "100 announced, 2 found, 2 read" in done.stdout and "warning" in done.stderr
    assert len((folder / "a.jsonl").read_text("utf-8").splitlines()) == 2


def test_version_is_told(folder):
    assert re.match(r"presslab, version \d+\.\d+", presslab("--version", cwd=folder).stdout)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A finished run of four seeds."""
    out = tmp_path_factory.mktemp("run") / "run"
    report_run([*SEEDS.glob("bridge-*.txt"), SEEDS / "court-harbour.txt"], out, spread=here)
    return out


@pytest.mark.parametrize(
    "command", ["report", "compare", "corpus", "measure", "attributions", "clean", "read", "excel", "sample"]
)
@pytest.mark.slow
def test_where_nothing_can_be_written_one_line_says_so(command, folder, run):
    """A file stands where the folder should be; a folder without rights and a read-only disk are told the same way."""
    (folder / "taken").write_text("")
    ending = {"measure": ".csv", "read": ".csv", "excel": ".xlsx", "attributions": ".jsonl", "clean": ".jsonl"}.get(
        command, ""
    )
    inputs = [run] if command in ("corpus", "excel", "sample") else SEEDS.glob("bridge-*.txt")
    done = presslab(
        command,
        *inputs,
        "-o",
        folder / "taken" / f"out{ending}",
        *(["-n", "4"] if command == "sample" else []),
        cwd=folder,
    )
    assert done.returncode == 1 and "Traceback" not in done.stderr
    last = done.stderr.strip().splitlines()[-1]
    assert str(folder / "taken") in last and "can't be written" in last


@pytest.mark.parametrize(
    "error",
    [PermissionError(13, "Permission denied", "/elsewhere/x"), OSError(30, "Read-only file system", "/elsewhere/x")],
)
def test_other_reasons_for_not_writing_are_told_and_errors_of_ours_are_not_hidden(error):
    with pytest.raises(click.ClickException, match="/elsewhere/x can't be written"), ended_early():
        raise error
    with pytest.raises(FileNotFoundError), ended_early():
        raise FileNotFoundError(2, "No such file", "data/of/ours")
