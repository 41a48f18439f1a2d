"""A run that is given away holds no text of its articles, and what can't be done without the text says so."""

from functools import partial
import json
import shutil
import zipfile

from click.testing import CliRunner
from frictionless import validate as check
import pandas as pd
import pytest

from presslab import collecting, explore
from presslab.cli import main, zipped
from presslab.cli.again import rerun as rerun_of
from presslab.coding import commands, prepare, simulated
from presslab.collecting.run import corpus_run
from presslab.comparison.run import compare_run
from presslab.runs.articles import refreshed, report_run
from presslab.runs.compared import manifest
from presslab.runs.job import Options
from presslab.system.files import Stopped, written
from presslab.system.parallel import here
from stories import digests, varied
from words_in import stretches

TEXTS = [varied(n) for n in range(8)]
shared_run = partial(zipped.share, spread=here)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A run of eight articles with all text, with a coded sample of six in it."""
    place = tmp_path_factory.mktemp("share")
    rows = [
        {
            "id": f"a{n}",
            "outlet": ("The Daily", "The Post")[n % 2],
            "event": f"e{n // 4}",
            "published": f"2026-0{1 + n // 4}-01",
            "text": text,
        }
        for n, text in enumerate(TEXTS)
    ]
    (place / "t.jsonl").write_text("\n".join(json.dumps(r) for r in rows), "utf-8")
    report_run([place / "t.jsonl"], place / "run", spread=here)
    prepare.prepare(place / "run", place / "codes", 6, [], 2, 4, 1, None, False)
    simulated.code(place / "run", place / "codes")
    commands.validate(place / "run", place / "codes")
    refreshed(place / "run")
    return place


@pytest.fixture(scope="module")
def given(made, tmp_path_factory):
    """The same run as somebody gets it who unpacks what was shared, and what was said of it."""
    place = tmp_path_factory.mktemp("given")
    lines = shared_run(made / "run", place / "run.zip")
    with zipfile.ZipFile(place / "run.zip") as archive:
        archive.extractall(place)
    return place / zipped.TOP, lines


@pytest.mark.slow
def test_a_shared_run_holds_no_text_and_is_a_sound_package(made, given):
    folder, lines = given
    assert (stretches(made / "run", TEXTS)).keys() >= {"articles/a0.html", "tables/articles.csv"}
    assert not stretches(folder.parent, TEXTS)
    assert (
        not (folder / "run.log").exists()
        and not (folder / ".presslab").exists()
        and (folder / "articles" / "a0.html").exists()
    )
    package = json.loads((folder / "datapackage.json").read_text("utf-8"))
    assert package["presslab"]["parameters"]["text"] == "none" and check(str(folder / "datapackage.json")).valid
    assert lines[-1].endswith("made again from the inputs with --text none")


def test_numbers_codes_and_offsets_are_those_of_the_run(made, given):
    for name in ("tables/measures.csv", "coding/codes.csv", "coding/validity.json"):
        assert (given[0] / name).read_bytes() == (made / "run" / name).read_bytes(), name
    one, two = (pd.read_csv(f / "coding" / "marks.csv", keep_default_na=False) for f in (made / "run", given[0]))
    assert (
        one["text"].ne("").any()
        and two["text"].eq("").all()
        and one.drop(columns="text").equals(two.drop(columns="text"))
    )
    assert "coding/codes.csv" in (given[0] / "index.html").read_text("utf-8")


def test_the_same_run_gives_the_same_bytes_and_is_left_alone(made, given, tmp_path):
    before = digests(made / "run")
    shared_run(made / "run", tmp_path / "again.zip")
    assert written(tmp_path / "again.zip") == written(given[0].parent / "run.zip") and digests(made / "run") == before


def test_a_run_without_text_is_shared_as_it_is_where_the_inputs_are_gone(given, tmp_path):
    lines = shared_run(given[0], tmp_path / "again.zip")
    assert written(tmp_path / "again.zip") == written(given[0].parent / "run.zip") and lines[-1].endswith(
        "as the run left them"
    )


@pytest.mark.slow
def test_files_that_are_not_the_runs_or_were_changed_are_left_out_and_named(given, tmp_path):
    run = shutil.copytree(given[0], tmp_path / "run")
    (run / "notes.txt").write_text("mine")
    (run / "articles" / "a1.html").write_text(TEXTS[1])
    (run / "tables" / "sources.csv").write_text("id\n")
    lines = shared_run(run, tmp_path / "run.zip")
    assert lines[:3] == [
        f"left out, changed since the run: {p}" for p in ("articles/a1.html", "tables/sources.csv")
    ] + ["left out, no file of the run: notes.txt"]
    with zipfile.ZipFile(tmp_path / "run.zip") as archive:
        archive.extractall(tmp_path / "out")
    out = tmp_path / "out" / zipped.TOP
    assert (
        not stretches(out, TEXTS) and not (out / "articles" / "a1.html").exists() and not (out / "notes.txt").exists()
    )
    assert check(str(out / "datapackage.json")).valid and set(manifest(out)) == set(digests(out)) - set(zipped.LAST)


@pytest.mark.slow
def test_inputs_that_are_gone_or_changed_are_said(made, tmp_path):
    (tmp_path / "t.jsonl").write_text((made / "t.jsonl").read_text().replace("bridge", "tunnel"))
    with pytest.raises(Stopped, match="the inputs are not as they were"):
        shared_run(made / "run", tmp_path / "run.zip", inputs=[str(tmp_path / "t.jsonl")])
    with pytest.raises(Stopped, match="name them with --inputs"):
        shared_run(made / "run", tmp_path / "run.zip", inputs=[str(tmp_path / "gone.jsonl")])
    assert not list(tmp_path.glob("*.zip")) and not list(tmp_path.glob(".*"))


@pytest.mark.parametrize("kind", ["compare", "corpus"])
@pytest.mark.slow
def test_comparisons_and_collections_are_shared_too(kind, made, tmp_path):
    if kind == "compare":
        compare_run([made / "t.jsonl"], tmp_path / "run", spread=here)
    else:
        corpus_run([made / "run"], tmp_path / "run", Options(text="none"), spread=here)
    shared_run(tmp_path / "run", tmp_path / "run.zip")
    with zipfile.ZipFile(tmp_path / "run.zip") as archive:
        archive.extractall(tmp_path / "out")
    assert not stretches(tmp_path / "out", TEXTS) and (tmp_path / "out" / zipped.TOP / "index.html").exists()


def test_an_earlier_file_is_replaced_only_if_asked(given, tmp_path):
    (tmp_path / "mine.zip").write_text("mine")
    refused = CliRunner().invoke(main, ["share", str(given[0]), "-o", str(tmp_path / "mine.zip")])
    assert refused.exit_code == 2 and (tmp_path / "mine.zip").read_text() == "mine"
    assert (
        CliRunner().invoke(main, ["share", str(given[0]), "-o", str(tmp_path / "mine.zip"), "--force"]).exit_code == 0
    )
    assert zipfile.is_zipfile(tmp_path / "mine.zip")
    assert CliRunner().invoke(main, ["share", str(given[0]), "-o", str(tmp_path / "mine.tar")]).exit_code == 2


def test_what_needs_the_text_says_that_it_is_not_there(given, tmp_path):
    said = CliRunner().invoke(main, ["sample", str(given[0]), "-n", "6", "-o", str(tmp_path / "coding")])
    assert said.exit_code == 1 and "was made with --text none: the texts to be coded aren't in it" in said.output
    assert not (tmp_path / "coding").exists()
    with pytest.raises(explore.ExploreError, match="was made with --text none"):
        explore.load(given[0])
    assert not collecting.opened([str(given[0])]).compared


@pytest.mark.slow
def test_a_collection_of_a_run_without_text_says_what_was_not_looked_at(given, tmp_path):
    corpus_run([given[0]], tmp_path / "run", Options(text="none"), spread=here)
    assert "Whether articles report the same story was not checked" in (tmp_path / "run" / "index.html").read_text(
        "utf-8"
    )


@pytest.mark.slow
def test_codes_of_a_run_with_text_hold_for_the_one_without(made, given, tmp_path):
    run = shutil.copytree(given[0], tmp_path / "run")
    shutil.rmtree(run / "coding")
    commands.validate(run, made / "codes")
    assert (run / "coding" / "validity.json").read_bytes() == (made / "run" / "coding" / "validity.json").read_bytes()
    assert not stretches(run, TEXTS)


@pytest.mark.slow
def test_a_run_without_text_is_made_again_the_same(made, given):
    assert rerun_of(given[0], [str(made / "t.jsonl")], here).same
