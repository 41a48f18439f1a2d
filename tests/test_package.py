"""The run folder as a data package that a library can check, and runs that are made again."""

import csv
import json
import subprocess
import sys

from frictionless import validate
import pandas as pd
import pytest

from presslab.cli.again import rerun as rerun_of
from presslab.comparison.run import compare_run
from presslab.measures.cards import builtin
from presslab.measures.tables import TABLES, TABLES_OF
from presslab.reading.names import slug
from presslab.runs import articles, folder as run_folder, package
from presslab.runs.articles import Path, report_run
from presslab.runs.compared import lines
from presslab.runs.job import Options
from presslab.system import notebook
from presslab.system.files import Stopped, written
from presslab.system.notebook import run
from presslab.system.parallel import here
from stories import digests, stories

SEEDS = Path(__file__).resolve().parents[1] / "seeds"


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A run over some seeds, among them a bad one and one with a headline that a spreadsheet would run."""
    folder = tmp_path_factory.mktemp("package")
    inputs = stories(folder / "in", 2)
    (inputs / "b.jsonl").write_text(
        json.dumps(
            {
                "id": "f1",
                "text": (inputs / "a000.txt").read_text(),
                "title": '=HYPERLINK("x")',
                "outlet": 'The "Post",\nEvening',
            }
        )
        + "\n"
    )
    (inputs / "bad.txt").write_bytes(b"")
    (folder / "frame.yaml").write_bytes((SEEDS / "frames" / "war_peace.yaml").read_bytes())
    report_run([inputs], folder / "out", Options(frames=str(folder / "frame.yaml")), spread=here)
    return folder


@pytest.mark.slow
def test_the_library_finds_no_fault_in_the_package(finished):
    report = validate(str(finished / "out" / "datapackage.json"))
    assert report.valid, report.flatten(["type", "message"])
    assert {task.name for task in report.tasks} == {*TABLES, *package.BESIDE}


def test_the_library_finds_a_table_that_was_changed(finished, tmp_path):
    subprocess.run(["cp", "-r", str(finished / "out"), str(tmp_path / "out")], check=True)
    path = tmp_path / "out" / "tables" / "measures.csv"
    path.write_bytes(path.read_bytes().replace(b"flesch_reading_ease", b"flesch_reading_eaze", 1))
    assert not validate(str(tmp_path / "out" / "datapackage.json")).valid


def test_every_column_is_described():
    described = package.columns()
    tables = {**TABLES_OF["collection"], **TABLES_OF["comparison"], **TABLES_OF["report"], **package.BESIDE}
    for name, fields in tables.items():
        assert list(described[name]) == list(fields) and all(described[name].values()), name
    assert described.keys() == tables.keys()


def test_the_codebook_has_every_measure_of_the_table(finished):
    codebook = pd.read_csv(finished / "out" / "codebook.csv")
    table = pd.read_csv(finished / "out" / "tables" / "measures.csv")
    assert (
        set(table["measure"]) <= set(codebook["measure"])
        and codebook[["label", "meaning", "unit", "validation"]].notna().all().all()
    )
    assert "frame_war_journalism" in set(codebook["measure"])


def test_versions_parameters_inputs_lock_and_citation_are_told(finished):
    told = json.loads((finished / "out" / "datapackage.json").read_text("utf-8"))["presslab"]
    assert told["parameters"]["frames"] == "frame.yaml" and len(told["parameters"]["frames_sha256"]) == 64
    assert told["versions"]["spacy"] and len(told["requirements_lock_sha256"]) == 64 and "presslab" in told["citation"]
    inputs = pd.read_csv(finished / "out" / "inputs.csv")
    assert list(inputs["file"]) == ["a000.txt", "a001.txt", "b.jsonl", "bad.txt"] and list(inputs["articles"]) == [
        1,
        1,
        1,
        0,
    ]
    assert inputs.loc[0, "sha256"] == written(finished / "in" / "a000.txt")[1]


def test_the_manifest_lists_every_file_with_its_hash(finished):
    out = finished / "out"
    with (out / "manifest.csv").open(newline="") as stream:
        listed = {row["path"]: row["sha256"] for row in csv.DictReader(stream)}
    found = {k: v for k, v in digests(out).items() if k not in ("manifest.csv", "datapackage.json")}
    assert listed == found


@pytest.mark.slow
def test_a_run_made_again_is_the_same_and_the_folder_is_left_alone(finished):
    before = digests(finished / "out")
    result = rerun_of(finished / "out", spread=here)
    assert result.same and result.files == len(before) - 2 and lines(result)[-1].startswith("The same: all")
    assert digests(finished / "out") == before


@pytest.mark.slow
def test_a_changed_input_and_a_changed_report_are_named(finished, tmp_path):
    subprocess.run(["cp", "-r", str(finished / "in"), str(tmp_path / "in")], check=True)
    report_run([tmp_path / "in" / "a000.txt", tmp_path / "in" / "a001.txt"], tmp_path / "out", spread=here)
    (tmp_path / "in" / "a001.txt").write_text((tmp_path / "in" / "a001.txt").read_text().replace("bridge", "ferry"))
    page = tmp_path / "out" / "articles" / "a000.html"
    page.write_text(page.read_text().replace("Ada", "Ida"))
    result = rerun_of(tmp_path / "out", spread=here)
    assert not result.same and result.inputs == ("a001.txt has changed",) and result.altered == ("articles/a000.html",)
    assert "notebooks/a001.ipynb" in result.differing and "notebooks/a000.ipynb" not in result.differing


@pytest.mark.slow
def test_inputs_that_were_moved_can_be_named(finished, tmp_path):
    subprocess.run(["cp", "-r", str(finished), str(tmp_path / "moved")], check=True)
    moved = tmp_path / "moved"
    for path in (moved / "out" / ".presslab").iterdir():
        path.unlink()
    with pytest.raises(Stopped, match="--inputs"):
        rerun_of(moved / "out", spread=here)
    again = moved / "in" / "frame.yaml"
    again.write_bytes((moved / "frame.yaml").read_bytes())
    result = rerun_of(
        moved / "out", [str(p) for p in sorted((moved / "in").iterdir()) if p.suffix != ".yaml"], spread=here
    )
    assert result.same, lines(result)


@pytest.mark.slow
def test_comparisons_made_again_are_the_same(tmp_path):
    compare_run(sorted(SEEDS.glob("bridge-*.txt")), tmp_path / "out", title="Bridge", spread=here)
    assert validate(str(tmp_path / "out" / "datapackage.json")).valid
    told = pd.read_csv(tmp_path / "out" / "tables" / "files.csv")
    assert list(told["read"]) == [1, 1, 1] and told["file"].str.startswith("bridge-").all()
    result = rerun_of(tmp_path / "out", spread=here)
    assert result.same, lines(result)


@pytest.mark.slow
def test_a_folder_without_a_run_is_one_line(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "presslab.cli", "rerun", str(tmp_path)], capture_output=True, text=True
    )
    assert done.returncode == 1 and "contains no finished run" in done.stderr and "Traceback" not in done.stderr


def test_a_failing_notebook_is_reported_with_cell_reason_and_traceback(tmp_path, monkeypatch):
    inputs = stories(tmp_path / "in", 2)
    tried = []

    def breaks(name, parameters, prepare, files, warmed_by, forked=True, timeout=0):
        tried.append((parameters["article"], forked))
        if parameters["article"] == "a000.txt":
            import papermill

            raise papermill.PapermillExecutionError(
                13,
                8,
                "source",
                "ZeroDivisionError",
                "division by zero",
                ["\x1b[31mTraceback\x1b[0m", f"File {articles.__file__}:12"],
            )
        return real(name, parameters, prepare, files, warmed_by, forked, timeout or 600)

    real = run
    monkeypatch.setattr(notebook, "run", breaks)
    done = report_run([inputs], tmp_path / "out", spread=here)
    assert [t for t in tried if t[0] == "a000.txt"] == [("a000.txt", True), ("a000.txt", False)]
    (failure,) = done.failures
    assert (failure.id, failure.reason, failure.cell) == (
        "a000",
        "ZeroDivisionError: division by zero (notebook cell 8)",
        8,
    )
    text = (tmp_path / "out" / failure.traceback).read_text()
    assert (
        "Traceback" in text
        and "\x1b" not in text
        and "presslab/runs/articles.py:12" in text
        and str(SEEDS.parent) not in text
    )
    page = (tmp_path / "out" / "index.html").read_text()
    assert "division by zero" in page and f'href="{failure.traceback}"' in page
    row = pd.read_csv(tmp_path / "out" / "tables" / "failures.csv").loc[0]
    assert (row["id"], row["cell"], row["traceback"]) == ("a000", 8, "failures/a000.txt")
    monkeypatch.setattr(notebook, "run", real)
    assert report_run([inputs], tmp_path / "out", spread=here).made == 1
    assert not list((tmp_path / "out" / "failures").iterdir())


def canned(task, items):
    """Reports out of nothing, to see what a run costs beside its reports."""
    for (job,) in items:
        article = job.subject
        bare = {name: {"string": "", "int64": 0, "bool": True}[kind] for name, kind in TABLES["articles"].items()}
        about = {
            "id": job.id,
            "slug": slug(job.id),
            "title": job.id,
            "language": "en",
            "file": job.file,
            "text_analysed": article.text,
        }
        rows = {
            "articles": [bare | about],
            "measures": [
                {
                    "id": job.id,
                    "measure": name,
                    "scope": "article",
                    "value": float(i),
                    "low": float("nan"),
                    "high": 2.0,
                    "n": 3,
                    "unit": "words",
                    "note": "",
                    "usual_share": 0.5,
                }
                for i, name in enumerate(builtin())
            ],
        }
        yield (job,), run_folder.Made(job.id, "<p>page</p>" * 2000, "{}" * 2000, rows, 0.1)


def measured(folder: Path, count: int) -> tuple[Path, Path, float]:
    """A run of so many short articles in a process of its own: inputs, its folder, and the most memory it held (MB)."""
    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "import resource; from test_package import canned; from presslab.runs import articles as batch\n"
        "assert batch.report_run([sys.argv[2]], batch.Path(sys.argv[3]), spread=canned).made == int(sys.argv[4])\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
    )
    inputs, out = stories(folder / f"in{count}", count, length=3), folder / f"out{count}"
    command = [sys.executable, "-c", code, str(SEEDS.parent / "tests"), str(inputs), str(out), str(count)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=600)
    return inputs, out, float(done.stdout)


@pytest.fixture(scope="module")
def thousand(tmp_path_factory):
    """A finished run of 1,000 articles."""
    return measured(tmp_path_factory.mktemp("thousand"), 1000)


@pytest.mark.slow
def test_an_unchanged_second_run_of_1000_articles_takes_less_than_5_seconds_of_cpu(thousand):
    inputs, out, _ = thousand
    command = [
        sys.executable,
        "-c",
        (
            "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL);"
            "used = resource.getrusage(resource.RUSAGE_CHILDREN); print(used.ru_utime + used.ru_stime)"
        ),
    ]
    report = [sys.executable, "-m", "presslab.cli", "report", str(inputs), "-o", str(out), "--quiet"]
    before = digests(out)
    done = subprocess.run([*command, *report], capture_output=True, text=True, timeout=300, check=True)
    assert "1,000 unchanged" in (out / "run.log").read_text()
    assert digests(out) == before
    assert float(done.stdout) < 5


@pytest.mark.slow
def test_memory_of_a_run_does_not_grow_with_the_articles(thousand, tmp_path):
    assert thousand[-1] < measured(tmp_path, 200)[-1] + 15
