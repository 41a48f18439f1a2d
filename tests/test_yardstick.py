"""A user's own usual news: the command that makes it, and the commands that take it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from click.testing import CliRunner
import numpy as np
import pandas as pd
import papermill
import pytest

import presslab
from presslab.cli import main
from presslab.cli.again import rerun
from presslab.collecting import opened, tables as collection_tables
from presslab.collecting.gather import ranks
from presslab.comparison.events import Event, compare_event
from presslab.measures import usual
from presslab.measures.analyse import analyse
from presslab.measures.framing import load_frames
from presslab.measures.tables import TABLES, rows
from presslab.reading.from_text import from_text
from presslab.reading.read import read_one
from presslab.runs.compared import lines
from presslab.runs.job import Options, basis
from presslab.system.files import Stopped
from presslab.system.notebook import notebook_path
from presslab.system.outputs import OutputError
from presslab.system.parallel import here

SEEDS = Path(__file__).resolve().parents[1] / "seeds"
WAR = SEEDS / "frames" / "war_peace.yaml"
OWN = {
    "about": {"articles": 300, "outlets": 3, "years": "2021", "made": "by hand"},
    "levels": list(usual.LEVELS),
    "quantiles": {"source_count article": {"0": list(range(1, 24))}, "lix article": {"0": list(range(31, 54))}},
}


def folder(place: Path, count: int, text: str = "full", **changes: list) -> Path:
    """A finished run of so many articles, all with the numbers of one but LIX, which is 1, 2, 3 …."""
    analysis = analyse(read_one(SEEDS / "few-sources.txt"), load_frames(WAR))
    own = rows(analysis)
    articles = pd.concat([pd.DataFrame(own["articles"])] * count, ignore_index=True)
    words = [" ".join(f"w{n}x{i}" for i in range(40)) for n in range(count)]
    articles["id"], articles["published"], articles["outlet"] = [f"a{n}" for n in range(count)], "2021-05-06", "Post"
    articles["text_analysed"], articles["text_sha256"] = words if text == "full" else "", [f"{n}" for n in range(count)]
    articles = articles.assign(**changes)[list(TABLES["articles"])]
    measures = pd.concat(
        [pd.DataFrame(own["measures"]).assign(id=id) for id in articles["id"]], ignore_index=True
    )[list(TABLES["measures"])]  # fmt: skip
    measures.loc[(measures["measure"] == "lix") & (measures["scope"] == "article"), "value"] = np.arange(1.0, count + 1)
    (place / "tables").mkdir(parents=True)
    articles.to_parquet(place / "tables" / "articles.parquet", index=False)
    measures.to_parquet(place / "tables" / "measures.parquet", index=False)
    about = {"parameters": {"text": text}, "versions": {}, "citation": "", "code_sha256": ""}
    resources = [{"name": name, "path": f"tables/{name}.csv"} for name in ("articles", "measures")]
    (place / "datapackage.json").write_text(json.dumps({"title": "", "presslab": about, "resources": resources}))
    return place


def presslab_(*arguments: object):
    return CliRunner().invoke(main, list(map(str, arguments)))


@pytest.fixture(scope="module")
def own_file(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("own") / "local.json"
    path.write_text(json.dumps(OWN), "utf-8")
    return path


def test_a_run_becomes_a_yardstick_of_all_its_numbers(tmp_path):
    run, out = folder(tmp_path / "run", 120), tmp_path / "new" / "local.json"
    done = presslab_("yardstick", run, "-o", out)
    assert done.exit_code == 0, done.output
    assert "120 articles are few: places are rough, 500 or more are better" in done.output
    made = usual.load(out)
    assert made.about == {"articles": 120, "outlets": 1, "years": "2021", "made": "presslab yardstick"}
    assert made.below("lix", "article", 60, 200) == pytest.approx(0.5, abs=0.01)
    known = pd.read_parquet(run / "tables" / "measures.parquet").dropna(subset="value")
    assert set(made.quantiles) == set(zip(known["measure"], known["scope"]))
    assert {("frame_war_journalism", "article"), ("frame_conflict", "quoted")} <= set(made.quantiles)
    text = out.read_text("utf-8")
    assert (
        str(tmp_path) not in text and presslab_("yardstick", run, "-o", tmp_path / "b.json", "--quiet").exit_code == 0
    )
    assert (tmp_path / "b.json").read_text("utf-8") == text


def test_several_runs_are_one_yardstick_in_any_order(tmp_path):
    one, two = folder(tmp_path / "one", 60), folder(tmp_path / "two", 60, published=["2018-01-01"] * 60, outlet="Echo")
    other = [f"other{n} " * 30 for n in range(60)]
    table = pd.read_parquet(two / "tables" / "articles.parquet")
    table.assign(text_analysed=other, text_sha256=other).to_parquet(two / "tables" / "articles.parquet", index=False)
    for runs, name in (((one, two), "a.json"), ((two, one), "b.json")):
        assert presslab_("yardstick", *runs, "-o", tmp_path / name).exit_code == 0
    assert usual.load(tmp_path / "a.json").about["articles"] == 120
    assert usual.load(tmp_path / "a.json").about["years"] == "2018–2021"
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()


@pytest.mark.parametrize("text", ["full", "none"])
def test_each_story_counts_once(tmp_path, text):
    run = folder(tmp_path / "run", 110, text)
    again = folder(tmp_path / "again", 110, text)
    assert presslab_("yardstick", run, again, "-o", tmp_path / "a.json").exit_code == 0
    assert usual.load(tmp_path / "a.json").about["articles"] == 110
    assert presslab_("yardstick", run, "-o", tmp_path / "b.json").exit_code == 0
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()


def test_what_makes_no_yardstick_is_one_line_and_writes_nothing(tmp_path):
    few, out = folder(tmp_path / "few", 99), tmp_path / "local.json"
    done = presslab_("yardstick", few, "-o", out)
    assert done.exit_code == 1 and "99 different articles are too few" in done.output and done.output.count("\n") == 1
    (tmp_path / "empty").mkdir()
    done = presslab_("yardstick", tmp_path / "empty", "-o", out)
    assert done.exit_code == 1 and "contains no finished run" in done.output and done.output.count("\n") == 1
    assert not out.exists()
    out.write_text("mine", "utf-8")
    run = folder(tmp_path / "run", 100)
    done = presslab_("yardstick", run, "-o", out)
    assert done.exit_code == 2 and "--force" in done.output and out.read_text("utf-8") == "mine"
    assert presslab_("yardstick", run, "-o", tmp_path / "local.csv").exit_code == 2
    assert presslab_("yardstick", run, "-o", run / "local.json").exit_code == 2
    assert presslab_("yardstick", run, "-o", out, "--force").exit_code == 0 and usual.load(out).quantiles


@pytest.mark.parametrize("command", ["report", "compare", "corpus", "measure"])
def test_a_file_that_is_no_yardstick_is_one_line_and_nothing_is_written(tmp_path, command):
    wrong, out = tmp_path / "local.json", tmp_path / "out.csv"
    wrong.write_text('{"about": {}}', "utf-8")
    done = presslab_(command, SEEDS / "few-sources.txt", SEEDS / "bridge-loaded.txt", "-o", out, "--yardstick", wrong)
    assert done.exit_code == 2 and f"{wrong} is no yardstick" in " ".join(done.output.split()) and not out.exists()
    assert done.output.count("Error") == 1 and "Traceback" not in done.output
    with pytest.raises(presslab.Error, match="is no yardstick"):
        presslab.report(SEEDS / "few-sources.txt", out, yardstick=wrong)
    assert not out.exists()


def test_what_a_run_depends_on_has_the_yardstick(own_file, tmp_path):
    first = basis(Options(yardstick=str(own_file)))
    assert first.files == {"local.json": own_file.read_bytes()} and first.digest != basis(Options()).digest
    assert first.options.yardstick == "local.json"
    assert first.hashes == {"yardstick_sha256": hashlib.sha256(own_file.read_bytes()).hexdigest()}
    assert Options(yardstick="x").of_articles["yardstick"] == Options(yardstick="x").of_events["yardstick"] == "x"
    (tmp_path / "local.json").write_text("x", "utf-8")
    with pytest.raises(OutputError, match="the files for --frames and --yardstick are both called local.json"):
        basis(Options(yardstick=str(own_file), frames=str(tmp_path / "local.json")))


@pytest.mark.slow
def test_the_report_places_its_numbers_on_the_users_yardstick_and_is_made_again_when_it_changes(own_file, tmp_path):
    own, out = tmp_path / "local.json", tmp_path / "out"
    own.write_bytes(own_file.read_bytes())
    command = ["report", SEEDS / "few-sources.txt", "-o", out, "--yardstick", own, "--jobs", "1"]
    done = presslab_(*command)
    assert done.exit_code == 0, done.output
    page = (out / "articles" / "few-sources.html").read_text("utf-8")
    assert "300 articles of 3 outlets, 2021 (--yardstick)" in page and str(tmp_path) not in page
    about = json.loads((out / "datapackage.json").read_text("utf-8"))["presslab"]["parameters"]
    assert about["yardstick"] == "local.json"
    assert about["yardstick_sha256"] == hashlib.sha256(own.read_bytes()).hexdigest()
    table = pd.read_csv(out / "tables" / "measures.csv").dropna(subset="usual_share")
    assert "lix" in set(table["measure"]) <= {"lix", "source_count"}
    result = rerun(out, spread=here)
    assert result.same, lines(result)
    assert presslab_(*command).exit_code == 0 and (out / "articles" / "few-sources.html").read_text("utf-8") == page
    own.write_text(own.read_text("utf-8").replace('"2021"', '"2022"'), "utf-8")
    with pytest.raises(Stopped, match="the file for --yardstick local.json is not where it was, or has changed"):
        rerun(out, spread=here)
    assert presslab_(*command).exit_code == 0
    assert "2022 (--yardstick)" in (out / "articles" / "few-sources.html").read_text("utf-8")


@pytest.mark.slow
def test_the_notebook_takes_the_yardstick_as_a_parameter(own_file, tmp_path):
    parameters = {"article": str(SEEDS / "few-sources.txt"), "yardstick": str(own_file)}
    done = papermill.execute_notebook(str(notebook_path("article")), None, parameters, cwd=tmp_path, progress_bar=False)
    assert "300 articles of 3 outlets, 2021 (--yardstick)" in json.dumps(done, ensure_ascii=False)


def test_a_comparison_and_a_collection_have_ranks_on_the_yardstick(own_file):
    own = usual.load(own_file)
    articles = tuple(read_one(SEEDS / f"bridge-{name}.txt") for name in ("loaded", "officials"))
    table = compare_event(Event("e", "e", articles), yardstick=own).measured
    assert table["usual_share"].isna().all()  # neither of the two numbers is compared
    table = compare_event(Event("e", "e", articles)).measured
    known = table[table["n"] >= usual.FEWEST].dropna(subset="value")
    known = known[~known["measure"].str.startswith("group_")]
    assert len(known) > 10 and known["usual_share"].between(0, 1).all()
    paths = [str(SEEDS / "bridge-loaded.txt"), str(SEEDS / "bridge-officials.txt")]
    for yardstick in (own, None):
        c = opened(paths, yardstick=yardstick)
        means = collection_tables.outlets(c).set_index(["outlet", "measure", "scope"])["usual_share"]
        places = [a.usual(a.measure("source_count")) for a in map(analyse_with(yardstick), articles)]
        assert means[collection_tables.ALL, "source_count", "article"] == pytest.approx(
            np.mean([place.rank for place in places if place])
        )
    assert means.notna().sum() > 10


def analyse_with(yardstick):
    return lambda article: analyse(article, (), yardstick)


def test_a_run_and_its_articles_have_the_same_ranks_in_a_collection(tmp_path):
    article = from_text((SEEDS / "bridge-loaded.txt").read_text("utf-8"), id="x")
    measured = pd.DataFrame(rows(analyse(article))["measures"])
    assert np.array_equal(ranks(measured, usual.bundled()), measured["usual_share"], equal_nan=True)


def test_the_wide_table_has_ranks_if_a_yardstick_is_named(own_file, tmp_path):
    out = tmp_path / "m.csv"
    done = presslab_("measure", SEEDS / "few-sources.txt", "-o", out, "--yardstick", own_file, "--jobs", "1")
    assert done.exit_code == 0, done.output
    table = pd.read_csv(out)
    value, rank = table.loc[0, ["lix", "lix_usual"]]
    assert rank == usual.load(own_file).below("lix", "article", value, 200)
    assert presslab_("measure", SEEDS / "few-sources.txt", "-o", own_file, "--yardstick", own_file).exit_code == 2
    frame = presslab.measure(SEEDS / "few-sources.txt", measures=["lix"], intervals=False, yardstick=own_file)
    assert [c for c in frame.columns if c.endswith("lix_usual")] == [
        "lix_usual",
        "journalist_lix_usual",
        "quoted_lix_usual",
    ]
    assert frame.loc[0, "lix_usual"] == rank
    long = presslab.measure(SEEDS / "few-sources.txt", measures=["lix"], long=True, yardstick=own_file)
    assert long.set_index("scope").loc["article", "usual_share"] == rank
    one = presslab.analyse(SEEDS / "few-sources.txt", yardstick=own_file).measures.set_index(["measure", "scope"])
    assert one.loc[("lix", "article"), "usual_share"] == rank
