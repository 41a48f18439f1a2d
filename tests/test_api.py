"""The Python door: what people import gives the command's numbers, changes nothing of theirs, and says what is
wrong."""

import ast
import doctest
import importlib
import inspect
import json
import os
from pathlib import Path
import re
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

import made
import presslab
from presslab.api.inputs import is_path
from presslab.reading.formats.tables import ARTICLE_COLUMNS
from processes import started_none

HOUSE = Path(__file__).resolve().parents[1] / "analysis" / "presslab"
SEEDS = Path(__file__).resolve().parents[1] / "seeds"


def ran(folder: Path, code: str, *options: str, **environment: str) -> str:
    """Run a script without a guard that lies in a folder; gives its standard output. It may print nothing else."""
    script = folder / "script.py"
    script.write_text(code)
    done = subprocess.run(
        [sys.executable, *options, str(script)],
        cwd=folder,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return done.stdout


def test_every_exception_of_presslab_is_an_error():
    from presslab.system.error import Error

    bases = {
        f"{path.relative_to(HOUSE)}: {node.name}"
        for path in HOUSE.rglob("*.py") if path.relative_to(HOUSE).parts[0] != "cli"
        for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.ClassDef)
        for base in node.bases if isinstance(base, ast.Name) and base.id.endswith(("Exception", "Error"))
        and base.id not in (Error.__name__, "TemplateError")  # which is an Error itself
    }  # fmt: skip
    assert bases == {"system/error.py: Error"}


def test_workers_never_run_the_users_script_again(tmp_path):
    code = (
        "print('begun')\nimport threading\nfrom presslab.system.apart import Apart\nfrom presslab.system.parallel"
        " import Limits, in_parallel\nprint(sorted(r for _, r in in_parallel(abs, [(-1,), (-2,)],"
        " 2)))\nthreading.Thread(target=threading.Event().wait, daemon=True).start()  # with two threads a process is"
        " spawned, not forked\nprint(list(Apart(Limits()).items(reversed, (1, 2))), __spec__)\n"
    )
    assert ran(tmp_path, code) == "begun\n[1, 2]\n[2, 1] None\n"


TEXTS = [(SEEDS / f"{name}.txt").read_text("utf-8") for name in ("bridge-officials", "few-sources")]
MODULES = ("presslab", "presslab.api.tables", "presslab.api.article", "presslab.api.catalogue", "presslab.api.folders")


def numbers(table: pd.DataFrame) -> np.ndarray:
    return table.drop(columns=["id", "note"], errors="ignore").to_numpy(float)


@pytest.fixture(scope="module")
def paths() -> list[Path]:
    return [SEEDS / "bridge-officials.txt", SEEDS / "few-sources.txt", SEEDS / "empty.txt"]


@pytest.fixture(scope="module")
def run(paths, tmp_path_factory):
    """A run made from Python."""
    done = presslab.report(paths, tmp_path_factory.mktemp("api") / "run", jobs=2)
    assert (done.made, [f.file for f in done.failures]) == (2, ["empty.txt"])
    return presslab.open_run(done.folder)


@pytest.mark.alone
def test_importing_takes_less_than_a_tenth_of_a_second_and_loads_nothing():
    code = (
        "import sys, time; before = time.process_time(); import presslab; took = time.process_time() - before; "
        "assert not {'pandas', 'numpy', 'spacy', 'click'} & set(sys.modules); print(took)"
    )
    assert float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout) < 0.1


def test_completion_offers_the_public_names_alone():
    assert dir(presslab) == sorted(presslab.__all__)
    with pytest.raises(AttributeError, match="has no attribute 'mesure'"):
        presslab.mesure


def test_every_public_name_is_documented():
    readme = (HOUSE.parents[1] / "README.md").read_text("utf-8")
    for name in presslab.__all__:
        assert re.search(rf"presslab\.{name}\b|`{name}`", readme), f"README doesn't name {name}"
        if name != "Error":
            text = inspect.getdoc(getattr(presslab, name))
            assert (
                all(f"\n{part}\n---" in text for part in ("Parameters", "Returns", "Examples"))
                and ">>> import presslab" in text
            ), name
            for parameter in inspect.signature(getattr(presslab, name)).parameters:
                assert re.search(rf"^([\w, ]*, )?{parameter}\b", text, re.M), f"{name}: {parameter}"


@pytest.mark.parametrize("module", MODULES)
@pytest.mark.slow
def test_every_example_is_right(module, tmp_path, monkeypatch):
    started_none(monkeypatch)
    monkeypatch.chdir(HOUSE.parents[1])
    module = importlib.import_module(module)
    flags = doctest.NORMALIZE_WHITESPACE | doctest.IGNORE_EXCEPTION_DETAIL
    for place, example in enumerate(
        test for test in doctest.DocTestFinder(exclude_empty=True).find(module) if test.examples
    ):
        example.globs["folder"] = tmp_path / str(place)
        runner = doctest.DocTestRunner(optionflags=flags)
        runner.run(example)
        assert runner.summarize(verbose=False).failed == 0, example.name


@pytest.mark.slow
def test_python_and_the_command_give_the_same_numbers(paths, tmp_path):
    command = [
        sys.executable,
        "-P",
        "-m",
        "presslab",
        "measure",
        *map(str, paths),
        "-o",
        str(tmp_path / "m.parquet"),
        "--quiet",
    ]
    assert subprocess.run(command, capture_output=True).returncode == 1
    theirs = pd.read_parquet(tmp_path / "m.parquet")
    table = pd.DataFrame({"id": ["bridge-officials", "few-sources", "empty"], "text": [*TEXTS, ""]})
    for inputs, jobs in ((paths, 1), (table, 1), (table["text"], 2)):
        ours = presslab.measure(inputs, jobs=jobs)
        assert list(ours.columns) == [*theirs.columns, "note"]
        assert np.array_equal(numbers(ours)[:2], numbers(theirs), equal_nan=True)
        assert (
            np.isnan(numbers(ours)[2]).all()
            and ours["note"].tolist()[:2] == ["", ""]
            and "empty" in ours["note"].iloc[2]
        )


@pytest.mark.slow
def test_python_and_a_run_give_the_same_tables(run, paths):
    with pytest.warns(UserWarning, match="left out, the first is 'empty'"):
        tables = {name: getattr(presslab, name)(paths) for name in ("attributions", "sources", "evidence")}
    tables["measures"] = presslab.measure(paths, long=True).query("id != 'empty'")
    for name, table in tables.items():
        pd.testing.assert_frame_equal(table.reset_index(drop=True), run[name], check_like=False)
    assert tables["sources"].attrs["failures"][0]["id"] == "empty"
    assert run.codebook.equals(presslab.codebook().astype("str")[list(run.codebook)])
    assert run.parameters["clean"] is True and "measures" in run.tables and len(run.articles) == 2
    with pytest.raises(AttributeError, match="its tables are articles"):
        run.nothing


def test_the_notebook_gives_the_same_numbers(run, tmp_path):
    import nbformat
    import papermill

    notebook = nbformat.read(HOUSE.parents[1] / "notebooks" / "article.ipynb", as_version=4)
    notebook.cells.append(
        nbformat.v4.new_code_cell(
            "from presslab.measures.tables import rows\nimport json\njson.dump(rows(analysis)['measures'],"
            " open('out.json', 'w'))"
        )
    )
    nbformat.write(notebook, tmp_path / "article.ipynb")
    papermill.execute_notebook(
        tmp_path / "article.ipynb", None, {"article": str(SEEDS / "few-sources.txt")}, cwd=tmp_path, progress_bar=False
    )
    theirs = pd.DataFrame(json.loads((tmp_path / "out.json").read_text()))
    ours = presslab.analyse(TEXTS[1]).measures
    assert np.array_equal(
        ours[["value", "low", "high"]], theirs[["value", "low", "high"]].astype(float), equal_nan=True
    )


def test_a_table_keeps_its_index_and_its_ids_and_is_not_changed():
    table = pd.DataFrame(
        {"headline": ["A", None, "B"], "body": [TEXTS[1], float("nan"), TEXTS[0]], "date": pd.Timestamp("2024-05-01")},
        index=[30, 10, 20],
    )
    before = table.copy(deep=True)
    ours = presslab.measure(table, measures="word_count")
    pd.testing.assert_frame_equal(table, before)
    assert list(ours.index) == [30, 10, 20] and ours["id"].tolist() == [30, 10, 20]
    joined = table.join(ours["word_count"])
    assert (
        joined["word_count"].isna().tolist() == [False, True, False]
        and joined["word_count"].iloc[0] < joined["word_count"].iloc[2]
    )
    numbered = table.assign(id=[7, 8, 9])
    assert numbered.merge(presslab.measure(numbered, measures=["word_count"]), on="id")["word_count"].notna().sum() == 2
    with pytest.warns(UserWarning):
        assert set(presslab.sources(numbered)["id"]) == {7, 9}


def test_measures_scopes_and_intervals_choose_columns():
    ours = presslab.measure(
        TEXTS[1], measures=["word_count", "flesch_reading_ease"], scopes=["article"], intervals=False
    )
    assert list(ours.columns) == ["id", "word_count", "flesch_reading_ease", "note"] or list(ours.columns) == [
        "id",
        "flesch_reading_ease",
        "word_count",
        "note",
    ]
    long = presslab.measure(["", TEXTS[1]], measures=["word_count"], scopes="article", long=True)
    assert long["measure"].tolist() == ["word_count"] * 2 and np.isnan(long["value"][0]) and "empty" in long["note"][0]
    with pytest.raises(presslab.Error, match="'wordcount' is no measure; did you mean word_count"):
        presslab.measure(TEXTS[1], measures=["wordcount"])


def test_frames_of_two_calls_do_not_influence_each_other(tmp_path):
    own = presslab.frames(SEEDS / "frames" / "war_peace.yaml")
    names = [frame.column for frame in own]
    both = presslab.measure(TEXTS[0], frames=own)
    assert set(names) <= set(both.columns)
    assert not set(names) & set(presslab.measure(TEXTS[0]).columns) and not set(names) & set(
        presslab.codebook()["measure"]
    )
    assert presslab.measure(TEXTS[0], frames=own[:1], measures=names[:1], jobs=2)[names[0]].equals(both[names[0]])
    with pytest.raises(presslab.Error, match="bad.yaml"):
        (tmp_path / "bad.yaml").write_text("name: x\n")
        presslab.measure(TEXTS[0], frames=tmp_path / "bad.yaml")


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ("storey.txt", "storey.txt: there is no such file"),
        ("articles/one", "there is no such file"),
        (Path("nowhere"), "there is no such file"),
        (7, "int: give a text"),
        ({"text": "a"}, "dict: give a text"),
        ([1, 2], "a list holds either"),
        (["a text", SEEDS], "a list holds either"),
        (pd.DataFrame({"words": ["a"]}), "text is missing"),
        (pd.DataFrame({"id": [1, 1], "text": ["a", "b"]}), "has '1' twice"),
        (pd.Series(["a", "b"], index=[3, 3]), "the index has '3' twice"),
    ],
)
def test_what_cannot_be_read_is_an_error_that_says_so(inputs, message):
    with pytest.raises(presslab.Error, match=message):
        presslab.measure(inputs)


def test_texts_that_are_no_paths_are_texts():
    assert not any(
        map(
            is_path,
            ["He said yes/no to it.", "A short text.", "", "What now?", "one\ntwo.txt", "and/or is what they said"],
        )
    )
    assert all(map(is_path, [str(SEEDS), str(SEEDS / "*.txt"), Path("x")]))


def test_one_article_shows_itself_shut_off_and_escaped():
    hostile = f"<script>alert(1)</script> & Co\n\n{TEXTS[1]}"
    one = presslab.analyse(hostile)
    html = one._repr_html_()
    assert html.startswith('<iframe sandbox="" ') and "<script" not in html and "&amp;lt;script&amp;gt;" in html
    assert len(repr(one)) < 150 and "source" in repr(one) and "attribution" in repr(one)
    row = one.evidence.iloc[0]
    assert one.text[row["start"] : row["end"]] == row["text"] and one.article.text == hostile
    assert len(presslab.measure(one.article)) == 1
    with pytest.raises(presslab.Error, match="not English"):
        presslab.analyse("Der Bürgermeister sagte am Montag, dass die alte Brücke geschlossen wird. " * 4)
    with pytest.raises(presslab.Error, match="several articles"):
        presslab.analyse(SEEDS)


def test_runs_are_made_from_files_alone(tmp_path):
    for inputs in (pd.DataFrame({"text": TEXTS}), TEXTS, []):
        with pytest.raises(presslab.Error, match="a run is made from files"):
            presslab.report(inputs, tmp_path / "out")
    with pytest.raises(presslab.Error, match="text='some'"):
        presslab.report(SEEDS, tmp_path / "out", text="some")
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
def test_read_gives_the_commands_table_and_every_function_takes_it(tmp_path):
    (tmp_path / "export.txt").write_text(made.nexis_text(), "utf-8")
    (tmp_path / "again.txt").write_text(made.nexis_text(), "utf-8")
    table = presslab.read(tmp_path / "export.txt")
    assert (
        list(table.columns) == [*ARTICLE_COLUMNS, "note"]
        and len(table) == 2
        and table["outlet"].tolist()[1] == "The Guardian"
    )
    assert np.array_equal(
        numbers(presslab.measure(table)), numbers(presslab.measure(tmp_path / "export.txt")), equal_nan=True
    )
    assert len(presslab.read(tmp_path)) == 4 and len(presslab.read(tmp_path, unique=True)) == 2


@pytest.mark.slow
def test_a_script_without_a_guard_measures_with_two_jobs_and_prints_nothing(tmp_path):
    code = (
        "import presslab, threading\nprint('begun')\ntexts = ['The old bridge will close in May, the mayor said on"
        " Monday.'] * 3\nprint(len(presslab.measure(texts, jobs=2, clean=False)))\ntables = []\nwork ="
        " [threading.Thread(target=lambda: tables.append(presslab.measure(texts, clean=False))) for _ in"
        " range(3)]\n[w.start() for w in work]; [w.join() for w in work]\nprint(len(tables),"
        " tables[0].equals(tables[1]))\nimport os\nprint(sorted(os.listdir()))\n"
    )
    assert ran(tmp_path, code) == "begun\n3\n3 True\n['script.py']\n"


@pytest.mark.slow
def test_a_kernel_measures_with_two_jobs(tmp_path):
    from nbclient import NotebookClient
    import nbformat

    cell = (
        "import presslab\nwork = presslab.measure(['The old bridge will close, the mayor said.'] * 3, jobs=2,"
        " clean=False)\nprint(len(work), work.note.tolist())"
    )
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell)])
    NotebookClient(notebook, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}).execute()
    assert [output.text for output in notebook.cells[0].outputs] == ["3 ['', '', '']\n"]
