"""A report on a collection: right numbers, honest intervals, one source under one name, and a folder that can be made
again."""

import json
from pathlib import Path

from click.testing import CliRunner
from frictionless import validate
from hypothesis import given, settings, strategies as st
import numpy as np
import pandas as pd
import pytest

from presslab import collecting as corpus
from presslab.cli import main
from presslab.cli.again import rerun as rerun_of
from presslab.collecting import charts, sentences
from presslab.collecting.drawings import figure
from presslab.collecting.people import joined
from presslab.collecting.plans import plans
from presslab.measures.statistics import FEWEST, ratio, student, welch
from presslab.runs.articles import report_run
from presslab.runs.compared import lines
from presslab.system.parallel import here
from stories import digests, story, varied

OUTLETS = ("The Daily", "The Courier")


def table(place: Path, count: int = 24) -> Path:
    """A table with two outlets' articles of two months; the Courier's have an insult in each, one article is there
    twice."""
    rows = []
    for n in range(count):
        outlet = OUTLETS[n % 2]
        text = varied(n) + (
            "\n\nThe shameful, disgraceful plan was a disaster for everybody in the town." if n % 2 else ""
        )
        rows.append(
            {
                "id": f"a{n:02}",
                "title": f"Bridge {n}",
                "outlet": outlet,
                "published": f"2024-0{1 + n // 12}-{1 + n % 12:02}",
                "text": text,
            }
        )
    rows.append(rows[0] | {"id": "copy", "outlet": OUTLETS[1]})
    rows.append({"id": "short", "title": "", "outlet": "", "published": "", "text": "Nothing here."})
    path = place / "articles.jsonl"
    path.write_text("\n".join(json.dumps(r) for r in rows), "utf-8")
    return path


@pytest.fixture(scope="module")
def articles(tmp_path_factory):
    return table(tmp_path_factory.mktemp("collection"))


@pytest.fixture(scope="module")
def collection(articles):
    return corpus.opened([str(articles)])


@pytest.fixture(scope="module")
def made(articles, tmp_path_factory):
    """The report, by the command."""
    place = tmp_path_factory.mktemp("report") / "out"
    done = CliRunner().invoke(
        main,
        ["corpus", str(articles), "-o", str(place), "--title", "Two papers", "--jobs", "1"],
        catch_exceptions=False,
    )
    return place, done


def test_what_is_in_it_and_what_is_left_out(collection):
    assert len(collection.articles) == 25 and collection.outlets == ["The Courier", "The Daily"]
    assert [
        reason.startswith("row ") and "short" not in reason or "short" in file + reason
        for file, reason in collection.left_out
    ] == [True]
    assert corpus.stories(collection)["id"].tolist() == ["a00", "copy"]


def test_means_are_means_of_articles(collection):
    found = corpus.outlets(collection).set_index(["outlet", "measure"])
    values = collection.values[collection.values["measure"] == "loaded_word_share"].set_index("id")["value"]
    courier = collection.articles.loc[collection.articles["outlet"] == "The Courier", "id"]
    r = found.loc[("The Courier", "loaded_word_share")]
    assert r["value"] == pytest.approx(values[courier].mean()) and r["n"] == 13 and r["low"] < r["value"] < r["high"]


def test_the_planted_difference_is_clear_and_every_comparison_is_counted(collection):
    found = corpus.differences(collection)
    loaded = found[(found["measure"] == "loaded_word_share") & (found["outlet"] == "The Courier")].iloc[0]
    assert loaded["clear"] and loaded["difference"] > 0 and loaded["low"] > 0
    assert (found["comparisons"] == len(found)).all() and (found["p_holm"] >= found["p"]).all()
    assert f"{len(found)} differences were looked at" in sentences.counted(collection)
    assert any("The Courier is clearly higher on “Loaded words”" in s for s in sentences.clear(collection, most=99))


def test_shares_of_types_sum_to_one(collection):
    found = corpus.groups(collection)
    kinds = found[found["group"].str.startswith("type:")].groupby("outlet")["value"].sum()
    assert kinds.to_numpy() == pytest.approx(np.ones(3))


def test_periods_follow_the_span(collection):
    found = corpus.periods(collection)
    assert set(found["unit"]) == {"week"} and found["period"].min() == "2024-01-01"


def test_one_source_has_one_name_in_all_articles():
    names = [
        "Donald Trump",
        "Donald J. Trump",
        "Trump",
        "Hillary Clinton",
        "Bill Clinton",
        "Clinton",
        "campaign of Hillary Clinton",
        "residents",
        "Federal Bureau of Investigation",
        "FBI",
        "Senator Bernie Sanders",
        "Bernie Sanders",
        "Bernie Sanders",
    ]
    rows = pd.DataFrame(
        {"source": names, "type": "politician", "gender": "", "named": [n != "residents" for n in names]}
    )
    rows.loc[rows["source"] == "residents", "type"] = "collective"
    found = dict(zip(names, joined(rows)))
    assert found["Donald Trump"] == found["Donald J. Trump"] == found["Trump"]
    assert found["Hillary Clinton"] != found["Bill Clinton"] and found["Clinton"] == "Clinton"
    assert found["campaign of Hillary Clinton"] != found["Hillary Clinton"]
    assert found["FBI"] == found["Federal Bureau of Investigation"] == "Federal Bureau of Investigation"
    assert found["Senator Bernie Sanders"] == "Bernie Sanders" and found["residents"] == ""


@given(st.lists(st.floats(0, 1), min_size=0, max_size=60))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_an_interval_holds_the_value_or_there_is_none(values):
    value, low, high = ratio(np.array(values))
    if len(values) < FEWEST or np.isnan(low):
        assert np.isnan(low) and np.isnan(high)
    else:
        assert low <= value + 1e-9 and value <= high + 1e-9
    assert not values or value == pytest.approx(np.mean(values))


def test_ratios_weigh_articles_by_what_they_count():
    value, low, high = ratio(np.arange(12.0), np.full(12, 20.0))
    assert value == pytest.approx(66 / 240) and low < value < high
    assert ratio(np.ones(30), np.ones(30))[1:] != ratio(np.arange(30.0), np.ones(30))[1:] and np.isnan(
        ratio(np.ones(30))[1]
    )
    assert all(np.isnan(v) for v in ratio(np.zeros(3), np.zeros(3)))


@pytest.mark.parametrize(("free", "quantile"), [(9, 2.262157), (19, 2.093024), (29, 2.045230), (99, 1.984217)])
def test_students_quantiles_are_those_of_the_tables(free, quantile):
    assert student(free) == pytest.approx(quantile, abs=2e-4)


def test_welch_is_the_textbooks():
    """Worked by hand: means 20 and 22, variances 10 and 10 of 11 values each: t = −2/√(20/11), 20 degrees of
    freedom."""
    one = np.array([15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25.0])
    gap, low, high, p = welch(one, one + 2)
    t = -2 / np.sqrt(2 * 11 / 11)
    assert gap == -2 and p == pytest.approx(0.1727, abs=5e-4) and t == pytest.approx(-1.4142, abs=1e-4)
    assert (high - low) / 2 == pytest.approx(2.0860 * np.sqrt(2), abs=1e-3)


@pytest.mark.slow
def test_a_run_folder_gives_the_same_as_its_files(articles, collection, tmp_path):
    report_run([articles], tmp_path / "run", spread=here)
    of_run = corpus.opened([str(tmp_path / "run")])
    pd.testing.assert_frame_equal(of_run.articles, collection.articles)
    pd.testing.assert_frame_equal(corpus.outlets(of_run), corpus.outlets(collection))
    pd.testing.assert_frame_equal(corpus.heard(of_run), corpus.heard(collection))


@pytest.mark.slow
def test_the_command_makes_a_checked_data_package_and_lists_what_failed(made):
    place, done = made
    assert done.exit_code == 1 and "25 articles, 1 left out" in done.output, done.output
    assert validate(str(place / "datapackage.json")).valid
    assert {p.suffix for p in (place / "figures").iterdir()} == {".svg", ".png"} and len(
        list((place / "figures").iterdir())
    ) == 18  # women among them: first names tell
    html = (place / "index.html").read_text("utf-8")
    assert (
        html.count('<figure class="chart') == 8
        and "Two papers" in html
        and "is biased" not in html.replace("says that an outlet is biased", "")
    )
    assert "contained the true value as often as this" in html and str(place.parent) not in html


def test_every_figure_says_its_n_and_has_its_numbers(collection):
    for plan in plans(collection):
        assert any(ch.isdigit() for ch in plan.caption) and len(plan.numbers) and plan.title, plan.name
        assert charts.drawn(plan, collection.outlets).get_size_inches()[0] * 25.4 == pytest.approx(180)
        shown = figure(collection, plan.name)
        assert plan.title in shown and "<table>" in shown and f"figures/{plan.name}.svg" in shown


@pytest.mark.slow
def test_it_can_be_made_again_with_the_same_bytes(made, articles, tmp_path):
    place, _ = made
    result = rerun_of(place, spread=here)
    assert result.same, lines(result)
    before = digests(place)
    CliRunner().invoke(main, ["corpus", str(articles), "-o", str(place), "--title", "Two papers", "--jobs", "2"])
    assert digests(place) == before


@pytest.mark.slow
def test_errors_are_for_people(tmp_path):
    (tmp_path / "one.txt").write_text(story(1))
    done = CliRunner().invoke(main, ["corpus", str(tmp_path / "one.txt"), "-o", str(tmp_path / "out")])
    assert done.exit_code == 1 and "needs two articles at least" in done.output and "Traceback" not in done.output


def test_outlets_with_few_articles_get_no_interval_and_no_comparison(tmp_path):
    few = corpus.opened([str(table(tmp_path, 6))])
    assert corpus.outlets(few)["low"].isna().all() and corpus.differences(few).empty
    assert "a comparison needs 10 articles" in sentences.counted(few)


@pytest.mark.shared
def test_a_surname_after_mr_is_no_empty_name(shared):
    """ "Mr. de Vos": the model calls "de" a person; an empty name ended the analysis of this article."""
    from presslab.measures.analyse import analyse
    from presslab.reading.read import read_one

    path = shared / "polnear" / "train" / "text" / "nyt_2016-09-07_ugly-election-enters-a-final-sur.txt"
    assert analyse(read_one(path)).sources
