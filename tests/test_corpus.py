"""A report on a collection: right numbers, honest intervals, one source under one name, and a folder that can be made
again."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations
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
from presslab.collecting import charts, sections, sentences
from presslab.collecting.drawings import figure
from presslab.collecting.events import events
from presslab.collecting.gather import firsts
from presslab.collecting.people import joined
from presslab.collecting.plans import plans
from presslab.measures.statistics import FEWEST, clustered, ratio, share_clustered, student
from presslab.measures.statistics.permutation import paired, unpaired
from presslab.reading.duplicates import fingerprint_of
from presslab.runs.articles import report_run
from presslab.runs.compared import lines
from presslab.system.parallel import here
from stories import digests, story, varied

OUTLETS = ("The Daily", "The Courier")


def table(place: Path, count: int = 24) -> Path:
    """A table with two outlets' articles of four months; the Courier's have an insult in each, one article is there
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
                "published": str(date(2024, 1, 1) + timedelta(5 * n)),
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
    assert loaded["clear"] and loaded["difference"] > 0 and loaded["low"] > 0, found.to_string()
    assert (found["comparisons"] == len(found)).all() and (found["p_holm"] >= found["p"]).all()
    assert f"{len(found)} differences were looked at" in sentences.counted(collection)
    assert any(
        "The Courier is clearly higher on “Loaded words” than The Daily" in s
        for s in sentences.clear(collection, most=99)
    )


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


def test_a_permutation_p_is_the_share_of_all_arrangements():
    """Six clusters against six: 924 arrangements can all be counted."""
    random = np.random.default_rng(4)
    x, mine = random.normal(size=12) + np.repeat([1.0, 0.0], 6), np.repeat([True, False], 6)

    def t(some: np.ndarray) -> float:
        one, two = x[some], x[~some]
        return abs(one.mean() - two.mean()) / np.sqrt(one.var(ddof=1) / 6 + two.var(ddof=1) / 6)

    every = []
    for chosen in combinations(range(12), 6):
        some = np.zeros(12, dtype=bool)
        some[list(chosen)] = True
        every.append(t(some))
    exact = np.mean(np.array(every) >= t(mine) - 1e-9)
    found = unpaired(x[:, None], np.ones((12, 1)), mine)
    assert found.p[0] == pytest.approx(exact, abs=4 * np.sqrt(exact / 9999))
    assert found.gap[0] == pytest.approx(x[:6].mean() - x[6:].mean()) and found.low[0] < found.gap[0] < found.high[0]
    assert (found.p[0] < 0.05) == (found.low[0] * found.high[0] > 0)


def test_pairs_are_compared_within_their_events():
    """Events differ by far more than outlets: only the paired test sees what differs, and others' events do nothing."""
    random = np.random.default_rng(5)
    level = random.normal(0, 10, 20)
    x = np.concatenate([level + 1 + random.normal(0, 0.5, 20), level + random.normal(0, 0.5, 20)])[:, None]
    mine, event = np.repeat([True, False], 20), np.tile(np.arange(20), 2)
    within, apart = paired(x, np.ones((40, 1)), event, mine), unpaired(x, np.ones((40, 1)), mine)
    assert within.p[0] < 0.001 < 0.5 < apart.p[0]
    assert within.gap[0] == pytest.approx(apart.gap[0]) == pytest.approx((x[:20] - x[20:]).mean())
    assert within.mine[0] == 20


def test_many_comparisons_have_draws_enough_to_be_clear():
    random = np.random.default_rng(6)
    x = random.normal(size=(60, 3)) + np.outer(np.repeat([1.0, 0.0], 30), [3, 0, 0])
    found = unpaired(x, np.ones((60, 3)), np.repeat([True, False], 30), comparisons=2000)
    assert found.p[0] * 2000 < 0.05 and found.p[1] > 0.001


def test_copies_in_a_cluster_do_not_make_a_mean_surer():
    values = np.random.default_rng(7).normal(size=20)
    alone = ratio(values)
    value, low, high, clusters = clustered(np.repeat(values, 5), np.ones(100), np.repeat(np.arange(20), 5))
    assert (value, low, high) == pytest.approx(alone) and clusters == 20
    yes = values > 0.3
    share, low, high = share_clustered(np.repeat(yes, 5), np.repeat(np.arange(20), 5))
    assert share == yes.mean() and high - low > 1.8 * np.subtract(
        *share_clustered(np.repeat(yes, 5), np.arange(100))[:0:-1]
    )


def test_two_outlets_are_one_test_and_the_partner_is_named(collection):
    found = corpus.differences(collection)
    assert not found.duplicated(["measure", "scope"]).any()
    assert set(found["outlet"]) == {"The Courier"} and set(found["other"]) == {"The Daily"}


def test_a_story_counts_once_in_an_outlet_unless_asked(collection, articles):
    assert len(collection.articles) == 25 and collection.stories == 24 and len(collection.counted()) == 24
    assert len(collection.counted("The Courier")) == 13  # the copy is the first version there
    every = replace(collection, reprints=True)
    assert len(every.counted()) == 25 and corpus.outlets(every)["stories"].max() == 25
    shown = sections.what(collection) + sections.stands_out(collection)
    assert "25 articles (24 independent stories on" in shown and "Each story counts once" in shown


def test_without_texts_nothing_is_tested_and_no_interval_given(collection):
    bare = replace(collection, compared=False)
    assert corpus.differences(bare).empty and corpus.outlets(bare)["low"].isna().all()
    assert "are not tested: without the articles’ texts" in sentences.counted(bare)


def test_labels_at_random_claim_nothing_though_stories_are_printed_eight_times(collection):
    """Twelve stories, of which one outlet prints its own eight times: no more than chance with the copies known."""
    claimed = 0
    for seed in range(20):
        random = np.random.default_rng(seed)
        ids = [f"s{n:02}" for n in range(40)]
        outlet = random.permutation(np.repeat(["A", "B"], 20))
        rows = [(f"{i}-{k}", i, o) for i, o in zip(ids, outlet) for k in range(8 if o == "A" and i < "s20" else 1)]
        table_ = pd.DataFrame(rows, columns=["id", "story", "outlet"]).assign(title="", published="", words=100)
        table_["event"] = table_["story"] = [f"{i}-0" for i in table_["story"]]
        level = dict(zip(ids, random.normal(size=40)))
        values = pd.DataFrame({"id": table_["id"], "measure": "source_count", "scope": "article"})
        values["value"] = [level[i[:3]] for i in table_["id"]]
        c = replace(collection, articles=firsts(table_), values=values)
        claimed += bool(corpus.differences(c)["clear"].any())
    assert claimed <= 3


@pytest.mark.shared
def test_articles_on_one_event_are_found_by_their_words(shared):
    """BASIL: triples of articles on one event. A third of them would be split or mixed by chance matching."""
    rows = [json.loads(line) for line in (shared / "basil" / "articles.jsonl").open(encoding="utf-8")]
    prints = [fingerprint_of(r["id"], r["text"], ("",) * 5) for r in rows]
    found = events(prints, [r["published"] for r in rows])
    assert found == events(prints[::-1], [r["published"] for r in rows][::-1])
    true = {r["id"]: r["event"] for r in rows}
    pairs = [(true[a] == true[b], found[a] == found[b]) for a, b in combinations(sorted(true), 2)]
    both = sum(t and f for t, f in pairs)
    assert both / sum(t for t, _ in pairs) > 0.95 and both / sum(f for _, f in pairs) > 0.85


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
        html.count('<figure class="chart') == 9
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
    assert "that needs 10 events of an outlet" in sentences.counted(few)


@pytest.mark.shared
def test_a_surname_after_mr_is_no_empty_name(shared):
    """ "Mr. de Vos": the model calls "de" a person; an empty name ended the analysis of this article."""
    from presslab.measures.analyse import analyse
    from presslab.reading.read import read_one

    path = shared / "polnear" / "train" / "text" / "nyt_2016-09-07_ugly-election-enters-a-final-sur.txt"
    assert analyse(read_one(path)).sources
