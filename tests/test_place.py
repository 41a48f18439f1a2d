"""An article's place in its run: right, in words that hold, and put in without running anything again."""

from pathlib import Path

from hypothesis import given, strategies as st
import numpy as np
import pytest

from presslab.measures.analyse import analyse
from presslab.measures.cards import builtin
from presslab.measures.tables import rows
from presslab.reading.read import read_one
from presslab.reporting import place
from presslab.runs.articles import report_run
from presslab.runs.writers import index_row
from presslab.system.parallel import here
from stories import digests, stories

SEEDS = Path(__file__).resolve().parents[1] / "seeds"


@pytest.mark.parametrize(
    ("values", "value", "low", "high", "told"),
    [
        ([1, 2, 3, 4, 5], 3, None, None, "higher than 2 of the 4 other articles"),
        ([1, 2, 3, 4, 5], 3, 1.5, 4.5, "higher than 2 of the 4 other articles (1 to 3 within its interval)"),
        ([1, 2, 3, 4, 5], 5, 4.5, 9, "the highest of 5 articles"),
        ([1, 2, 3, 4, 5], 1, 0, 2.5, "the lowest of 5 articles (0 to 1 within its interval)"),
        ([0, 0, 0, 4], 0, None, None, "the lowest of 4 articles, as in 2 more"),
        ([0, 4, 4], 4, None, None, "the highest of 3 articles, as in 1 more"),
        ([2, 2], 2, 1, 3, "the same in all 2 articles"),
    ],
)
def test_a_rank_in_words(values, value, low, high, told):
    assert place.rank(values, value, low, high) == told


@given(st.lists(st.integers(0, 6), min_size=2, max_size=30), st.integers(0, 5), st.integers(0, 5))
def test_the_interval_of_a_rank_holds_the_rank_and_counts_others_only(values, below, above):
    values.sort()
    value = values[len(values) // 2]
    told = place.rank(values, value, value - below, value + above)
    if "within" in told:
        first, last = (int(w) for w in told.split("(")[1].split(" within")[0].split(" to "))
        others = np.array(values[: len(values) // 2] + values[len(values) // 2 + 1 :])
        assert first == (others < value - below).sum() and last == (others < value + above).sum()


def test_a_report_takes_its_place_and_gives_it_back():
    analysis = analyse(read_one(str(SEEDS / "bridge-loaded.txt")))
    from presslab.reporting import sections

    page, row = str(sections.summary(analysis)), index_row(rows(analysis))
    keyed = [card.name for card in builtin().values() if card.key]
    assert all(place.empty(name) in page for name in keyed)
    run = place.Distribution([row, *({**row, name: row[name] / 2} for name in keyed if row[name])])
    placed = run.placed(page, row)
    assert placed.count("the highest of") > 8 and place.taken_out(placed) == page
    assert place.Distribution([row, row]).placed(placed, row) == place.Distribution([row, row]).placed(page, row)
    assert place.Distribution([row]).placed(placed, row) == page


@pytest.mark.slow
def test_more_articles_change_the_place_and_no_notebook_is_run_again(tmp_path):
    inputs, out = stories(tmp_path / "in", 3), tmp_path / "out"
    few = [inputs / "a000.txt", inputs / "a001.txt"]
    assert report_run(few, out, spread=here).made == 2
    before, page = digests(out), (out / "articles" / "a000.html").read_text()
    run = report_run([inputs], out, spread=here)
    assert (run.made, run.kept) == (1, 2) and digests(out)["notebooks/a000.ipynb"] == before["notebooks/a000.ipynb"]
    more = (out / "articles" / "a000.html").read_text()
    assert more != page and place.taken_out(more) == place.taken_out(page) and "3 articles" in more
    report_run([inputs], tmp_path / "fresh", spread=here)
    assert digests(tmp_path / "fresh") == digests(out)
    assert report_run(few, out, prune=True, spread=here).kept == 2 and digests(out) == before


def test_a_large_run_is_drawn_as_a_histogram_of_the_same_size():
    name = "attributed_word_share"
    base = dict.fromkeys(
        [f"{card.name}{end}" for card in builtin().values() if card.key for end in ("", "_low", "_high")]
    )
    sizes = []
    for count in (1000, 5000):
        run = place.Distribution({**base, name: i / count} for i in range(count))
        sizes.append(len(run.placed(place.empty(name), {**base, name: 0.5, f"{name}_low": 0.4, f"{name}_high": 0.6})))
    assert max(sizes) < 1500 and 'class="bins"' in run.placed(place.empty(name), {**base, name: 0.5})
