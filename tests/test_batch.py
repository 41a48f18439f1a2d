"""A run folder: the same files and the same bytes every time, only what changed is made again, nothing is lost."""

from functools import partial
import json
import os
from pathlib import Path
import subprocess
import sys

import nbformat
import pandas as pd
import pytest

import made
from presslab.measures.analyse import analyse
from presslab.measures.tables import TABLES, column, wide
from presslab.reading.read import read_one
from presslab.runs.articles import report_run
from presslab.system import parallel
from presslab.system.parallel import here
from stories import digests, story, unplaced

SEEDS = Path(__file__).resolve().parents[1] / "seeds"


@pytest.fixture(scope="module")
def run_folder(tmp_path_factory):
    """A finished run over three good articles and one bad one."""
    folder = tmp_path_factory.mktemp("run")
    inputs = folder / "in"
    inputs.mkdir()
    for number in range(3):
        (inputs / f"a{number}.txt").write_text(story(number), "utf-8")
    (inputs / "empty.txt").write_bytes(b"")
    run = report_run([inputs], folder / "out", spread=here)
    return folder, run


@pytest.mark.slow
def test_a_run_folder_has_its_stated_layout(run_folder):
    folder, run = run_folder
    names = {*digests(folder / "out"), *(p.name for p in (folder / "out").glob("run.log"))}
    expected = (
        {"index.html", "run.log"}
        | {f"articles/a{n}.html" for n in range(3)}
        | {f"notebooks/a{n}.ipynb" for n in range(3)}
    )
    expected |= {f"tables/{table}.{end}" for table in TABLES for end in ("csv", "parquet")}
    expected |= {"datapackage.json", "codebook.csv", "inputs.csv", "manifest.csv"}
    assert expected == names
    assert (run.made, run.kept, [f.id for f in run.failures]) == (3, 0, ["empty"])


def test_failures_are_in_the_table_and_in_the_index_with_their_reason(run_folder):
    folder, run = run_folder
    table = pd.read_csv(folder / "out" / "tables" / "failures.csv")
    assert list(table["id"]) == ["empty"] and "empty" in table.loc[0, "reason"]
    assert run.failures[0].reason in (folder / "out" / "index.html").read_text("utf-8").replace("&#x27;", "'").replace(
        "&#39;", "'"
    )


def test_csv_and_parquet_hold_the_same(run_folder):
    folder, _ = run_folder
    for name in TABLES:
        csv = pd.read_csv(folder / "out" / "tables" / f"{name}.csv", keep_default_na=False, dtype=str)
        parquet = pd.read_parquet(folder / "out" / "tables" / f"{name}.parquet")
        assert list(csv.columns) == list(parquet.columns) and len(csv) == len(parquet)


@pytest.mark.slow
def test_a_second_run_elsewhere_gives_the_same_bytes_with_any_number_of_jobs_and_plain_kernels(
    run_folder, tmp_path, monkeypatch
):
    folder, _ = run_folder
    report_run([folder / "in"], tmp_path / "two", spread=partial(parallel.in_parallel, jobs=2))
    assert digests(tmp_path / "two") == digests(folder / "out")
    monkeypatch.setenv("PRESSLAB_FORK", "0")
    report_run([folder / "in" / "a1.txt"], tmp_path / "plain", spread=here)
    plain, forked = unplaced(tmp_path / "plain"), unplaced(folder / "out")
    for name in ("articles/a1.html", "notebooks/a1.ipynb"):
        assert plain[name] == forked[name]


@pytest.mark.slow
@pytest.mark.shared
def test_the_order_in_which_python_holds_words_changes_no_byte(tmp_path, shared):
    """Sets of words are in another order in every process (PYTHONHASHSEED); these articles have an actor named twice
    beside one verb."""
    names = (
        "huff-post_2016-10-07_frustrated-parents-rally-nationw",
        "politico_2016-09-25_poll-clinton-and-trump-in-dead-h",
        "politico_2016-09-12_former-dnc-chairman-calls-for-cl",
        "wash-post_2016-09-18_e-u-leaders-weigh-plans-for-grea",
    )
    seeds = ("court-harbour.txt", "interview-hydrologist.txt", "saved-page.html")
    inputs = [shared / "polnear" / "dev" / "text" / f"{name}.txt" for name in names] + [SEEDS / name for name in seeds]
    found = []
    for seed in ("1", "2", "3"):
        command = [
            sys.executable,
            "-m",
            "presslab.cli",
            "report",
            *map(str, inputs),
            "-o",
            str(tmp_path / seed),
            "--jobs",
            "1",
            "--quiet",
        ]
        done = subprocess.run(
            command, env=dict(os.environ) | {"PYTHONHASHSEED": seed}, capture_output=True, text=True, timeout=600
        )
        assert done.returncode == 0 and len(list((tmp_path / seed / "articles").iterdir())) == len(inputs), done.stderr
        found.append(digests(tmp_path / seed))
    assert found[0] == found[1] == found[2]


@pytest.mark.slow
def test_only_what_changed_is_made_again_and_what_left_is_deleted_by_prune_alone(tmp_path):
    inputs, out = tmp_path / "in", tmp_path / "out"
    inputs.mkdir()
    for number in range(3):
        (inputs / f"a{number}.txt").write_text(story(number), "utf-8")
    assert report_run([inputs], out, spread=here).made == 3
    before = digests(out)
    again = report_run([inputs], out, spread=here)
    assert (again.made, again.kept) == (0, 3) and digests(out) == before
    (inputs / "a1.txt").write_text(story(7), "utf-8")
    (inputs / "a2.txt").unlink()
    changed = report_run([inputs], out, spread=here)
    assert (changed.made, changed.kept) == (1, 1)
    assert (out / "articles" / "a2.html").exists() and "a2" not in set(
        pd.read_csv(out / "tables" / "articles.csv")["id"]
    )
    assert "articles/a2.html" not in (out / "index.html").read_text("utf-8") and changed.notes == (
        "1 article is no longer among the inputs; its report is kept until --prune",
    )
    report_run([inputs], out, prune=True, spread=here)
    assert not (out / "articles" / "a2.html").exists() and (out / "articles" / "a1.html").exists()


def test_no_output_names_a_machine_path_or_a_time(run_folder):
    folder, _ = run_folder
    for path in (folder / "out").rglob("*"):
        if path.is_file() and path.name != "run.log" and ".presslab" not in path.parts:
            assert str(folder).encode() not in path.read_bytes(), path
    notebook = nbformat.read(folder / "out" / "notebooks" / "a0.ipynb", as_version=4)
    assert set(notebook.metadata["papermill"]) <= {"default_parameters", "parameters", "version"}


def test_all_doors_give_the_same_numbers(run_folder):
    folder, _ = run_folder
    alone = wide([analyse(read_one(str(folder / "in" / "a0.txt")))])
    long = pd.read_parquet(folder / "out" / "tables" / "measures.parquet")
    for row in long[long["id"] == "a0"].itertuples():
        value = alone.loc[0, column(row.measure, row.scope)]
        assert value == row.value or (pd.isna(value) and pd.isna(row.value)), row.measure


@pytest.mark.slow
def test_what_was_read_is_kept_in_the_run_folder_and_warnings_are_in_the_index(tmp_path):
    (tmp_path / "export.txt").write_text(made.nexis_text(announced=40), "utf-8")
    run = report_run([tmp_path / "export.txt"], tmp_path / "out", spread=here)
    assert run.made == 2 and [f.reason.split(":")[0] for f in run.failures] == ["warning"]
    assert run.told == "2 made, 0 unchanged, 0 failed, 1 warning"
    table = pd.read_csv(tmp_path / "out" / "tables" / "files.csv")
    assert table.loc[0, ["file", "format", "announced", "found", "read"]].to_list() == [
        "export.txt",
        "nexis-text",
        40,
        2,
        2,
    ]
    index = (tmp_path / "out" / "index.html").read_text("utf-8")
    assert "Warnings" in index and "announces 40 documents, 2 were found" in index and "What failed" not in index


@pytest.mark.slow
def test_what_was_read_of_unchanged_files_is_told_again_in_the_same_bytes(tmp_path):
    """Of an export with too few documents, a table with a row that can't be used and one that is there twice, and bytes
    that are no text: the second run reads none of them, and tells the same of each; so does one where all tables are
    gone."""
    inputs, out = tmp_path / "in", tmp_path / "out"
    (inputs / "more").mkdir(parents=True)
    (inputs / "export.txt").write_text(made.nexis_text(announced=40), "utf-8")
    rows = [{"id": "r1", "text": story(1)}, {"id": "r2", "text": ""}, {"id": "r1", "text": story(2)}]
    (inputs / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    (inputs / "broken.txt").write_bytes(b"\0\1\2" * 100)
    first = report_run([inputs], out, spread=here)
    before = digests(out)
    table = pd.read_csv(out / "tables" / "files.csv", keep_default_na=False).set_index("file")
    assert list(table["read"]) == [0, 2, 1] and "used twice" in table.loc["rows.jsonl", "refused"]
    assert first.made == 3 and sum(f.warns for f in first.failures) == 1 and len(first.failures) == 4
    for path in (out / "tables").iterdir():
        path.unlink()
    again = report_run([inputs], out, spread=here)
    assert (again.made, again.kept, again.failures) == (0, 3, first.failures) and digests(out) == before


@pytest.mark.slow
def test_ids_that_depend_on_another_file_are_not_remembered_without_it(tmp_path):
    """Documents of exports of one name take their folder's name into their ids: so long as there are two of them."""
    for name in ("may", "june"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "export.txt").write_text(made.nexis_text(), "utf-8")
    alone = report_run([tmp_path / "may"], tmp_path / "out", spread=here)
    assert alone.made == 2 and sorted(p.stem for p in (tmp_path / "out" / "articles").iterdir()) == [
        "export-001",
        "export-002",
    ]
    both = report_run([tmp_path / "may", tmp_path / "june"], tmp_path / "out", prune=True, spread=here)
    assert not both.failures and {p.stem.split("-")[0] for p in (tmp_path / "out" / "articles").iterdir()} == {
        "may",
        "june",
    }


@pytest.mark.slow
def test_what_may_pass_is_not_remembered(tmp_path, monkeypatch):
    """Memory that was short, a disk that gave an error: the next run reads the file again, and it may go well."""
    from presslab.reading import formats
    from presslab.system import child

    monkeypatch.setattr(child, "started", child.Forked)  # a new interpreter would read as always
    (tmp_path / "a.txt").write_text(story(1), "utf-8")
    for out, error in ((tmp_path / "one", MemoryError()), (tmp_path / "two", OSError(5, "Input/output error"))):
        with monkeypatch.context() as patched:
            patched.setattr(formats, "documents", lambda source, kind: (_ for _ in ()).throw(error))
            first = report_run([tmp_path / "a.txt"], out, spread=here)
        assert first.made + first.kept == 0 and len(first.failures) == 1
        second = report_run([tmp_path / "a.txt"], out, spread=here)
        assert second.made == 1 and not second.failures
