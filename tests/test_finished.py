"""A run whose files were damaged, half copied or made by another version: one line that names the file, from every
command."""

import json
import shutil

from click.testing import CliRunner
import pytest

from presslab import collecting, explore
from presslab.cli import main
from presslab.coding import prepare, simulated
from presslab.runs import finished
from presslab.runs.articles import refreshed, report_run
from presslab.system.files import Stopped
from presslab.system.parallel import here
from stories import story

pytestmark = pytest.mark.usefixtures("in_this_process")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A run of twelve articles with a coded sample of eight."""
    place = tmp_path_factory.mktemp("finished")
    rows = [
        {"id": f"a{n:02}", "outlet": "The Daily", "published": f"2026-0{1 + n // 4}-01", "text": story(n)}
        for n in range(12)
    ]
    (place / "t.jsonl").write_text("\n".join(json.dumps(r) for r in rows), "utf-8")
    report_run([place / "t.jsonl"], place / "run", spread=here)
    prepare.prepare(place / "run", place / "codes", 8, [], 2, 4, 1, None, False)
    simulated.code(place / "run", place / "codes")
    return place


@pytest.fixture
def run(made, tmp_path):
    shutil.copytree(made / "run", tmp_path / "run")
    shutil.copytree(made / "codes", tmp_path / "codes")
    return tmp_path / "run"


def halved(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def gone(path):
    path.unlink()


def alien(path):
    path.write_bytes(b"\xff\xfe{not ours")


def command(name, run):
    """The arguments of a command on the run; what it writes goes beside it."""
    beside = run.parent
    return {
        "corpus": ["corpus", run, "-o", beside / "collection", "--jobs", "1", "--quiet"],
        "excel": ["excel", run, "-o", beside / "run.xlsx"],
        "rerun": ["rerun", run, "--jobs", "1", "--quiet"],
        "sample": ["sample", run, "-n", "6", "-o", beside / "coding"],
        "validate": ["validate", run, beside / "codes"],
        "estimate": ["estimate", run, beside / "codes"],
        "calibrate": ["frames", "calibrate", run, beside / "codes", "-o", beside / "shares"],
    }[name]


NEEDS = {
    "corpus": [
        "tables/articles.parquet",
        "tables/measures.parquet",
        "tables/sources.parquet",
        "tables/failures.parquet",
        "codebook.csv",
    ],
    "excel": ["datapackage.json", "codebook.csv", "tables/evidence.parquet"],
    "rerun": ["datapackage.json", "manifest.csv", "inputs.csv"],
    "sample": ["tables/articles.parquet"],
    "validate": ["tables/articles.parquet", "tables/measures.parquet"],
    "estimate": ["tables/measures.parquet"],
    "calibrate": ["tables/articles.parquet", "tables/measures.parquet"],
}


HARMS = [(name, file, harm) for name, files in NEEDS.items() for file in files for harm in (halved, gone, alien)
         if not (harm is halved and file.endswith(".csv"))]  # half of a CSV file is a CSV file  # fmt: skip


@pytest.mark.parametrize("name, file, harm", HARMS)
def test_a_damaged_run_is_refused_in_one_line_that_names_the_file(run, name, file, harm):
    harm(run / file)
    done = CliRunner().invoke(main, [str(a) for a in command(name, run)])
    assert isinstance(done.exception, SystemExit) and done.exit_code == 1, repr(done.exception)
    told = done.output.strip().splitlines()
    assert len(told) == 1 and file in told[0] and str(run) in told[0], done.output
    assert not (run.parent / "run.xlsx").exists() and not (run.parent / "coding").exists()


def test_a_run_that_reports_are_put_into_again_says_which_codes_cant_be_read(run):
    (run / "coding").mkdir()
    (run / "coding" / "validity.json").write_text("{", "utf-8")
    with pytest.raises(Stopped, match=r"coding/validity\.json can't be used .* presslab validate"):
        refreshed(run)


@pytest.mark.parametrize("harm, says", [(halved, "can't be used"), (gone, "missing")])
def test_notebooks_say_it_too(run, harm, says):
    harm(run / "tables" / "sources.parquet")
    with pytest.raises(explore.ExploreError, match=f"sources.parquet.* {says}"):
        explore.load(run)
    with pytest.raises(Stopped, match=f"sources.parquet.* {says}"):
        collecting.load(str(run))


def test_a_table_of_another_version_is_refused(run):
    table = finished.table(run, "articles")
    table.drop(columns="outlet").to_parquet(run / "tables" / "articles.parquet")
    with pytest.raises(Stopped, match=r"articles\.parquet can't be used"):
        finished.table(run, "articles")


def test_text_that_is_missing_is_an_empty_text(run):
    assert (finished.table(run, "articles", ["id", "byline"])["byline"] == "").all()
