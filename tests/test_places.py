"""What places among usual news promise: of the bundled yardstick, or of the user's own."""

from __future__ import annotations

from dataclasses import replace
import math

import numpy as np
import pytest

from presslab.measures import usual
from presslab.measures.analyse import analyse
from presslab.measures.measure import Measure
from presslab.measures.tables import rows
from presslab.reading.from_text import from_text
from presslab.reporting import all_numbers, sections, usual as wording

ABOUT = {"articles": 200, "outlets": 4, "years": "2020–2021"}
STORY = (
    "The mayor said on Monday that the old bridge will close in May. Residents fear a long winter without it, and the"
    " council has promised a ferry for the schools on the far bank of the river. "
) * 6


def yardstick(**quantiles: list[float]) -> usual.Yardstick:
    """A yardstick of the article scope from the numbers of its articles."""
    found = {}
    for name, values in quantiles.items():
        found[name, "article"] = ((0, usual.quantiles(np.array(values, float), np.ones(len(values)))),)
    return usual.Yardstick(ABOUT, found)


HUNDRED = yardstick(lix=list(range(1, 101)), hedges_per_1000=[0.0] * 60 + list(range(1, 41)))


@pytest.mark.parametrize("value", [-5, 0, 10, 50, 90, 500])
def test_a_place_is_the_rank_and_the_shares_on_either_side(value):
    place = HUNDRED.place(Measure("lix", "article", value, n=20), 400)
    share = min(max(value, 0), 100) / 100
    assert place.rank == place.lower == pytest.approx(share, abs=0.011) and 0 < place.rank < 1
    assert place.higher == pytest.approx(1 - share, abs=0.011) and (place.low, place.high) == (25, 75)


def test_equal_numbers_are_on_neither_side_and_count_by_half_in_the_rank():
    place = HUNDRED.place(Measure("hedges_per_1000", "article", 0.0, n=400), 400)
    assert place.lower == 0 and place.higher == pytest.approx(0.4) and place.rank == pytest.approx(0.3)


@pytest.mark.parametrize(
    "m",
    [
        Measure("lix", "article", math.nan, n=20), Measure("lix", "article", 40.0, n=4),
        Measure("lix", "quoted", 40.0, n=20), Measure("smog_index", "article", 40.0, n=20),
    ],
)  # fmt: skip
def test_there_is_no_place_without_number_cases_or_quantiles(m):
    assert HUNDRED.place(m, 400) is None


def test_the_value_of_a_generic_frame_is_its_place_on_the_bundled_yardstick_alone():
    m = Measure("frame_conflict", "article", 0.9961, n=300)
    assert usual.bundled().place(m, 400).rank == 0.9961
    assert yardstick(frame_conflict=[0.9] * 50 + [0.999] * 50).place(m, 400).rank == pytest.approx(0.5, abs=0.06)


def test_the_table_of_measures_says_the_share_of_usual_news_with_a_lower_number():
    article = from_text(STORY, id="x")
    by_default = {(r["measure"], r["scope"]): r for r in rows(analyse(article))["measures"]}
    found = {(r["measure"], r["scope"]): r["usual_share"] for r in rows(analyse(article, (), HUNDRED))["measures"]}
    assert {name for (name, _), share in found.items() if not math.isnan(share)} == {"lix", "hedges_per_1000"}
    lix = by_default["lix", "article"]
    assert lix["usual_share"] == usual.bundled().below("lix", "article", lix["value"], len(STORY.split()))
    assert found["lix", "article"] == HUNDRED.below("lix", "article", lix["value"], 1)
    for row in by_default.values():
        few = math.isnan(row["value"]) or row["n"] < usual.FEWEST
        assert math.isnan(row["usual_share"]) if few else 0 <= row["usual_share"] < 1


@pytest.mark.parametrize(
    "about", [{}, {"articles": 3}, {**ABOUT, "outlets": "4"}, {**ABOUT, "years": 2020}, {**ABOUT, "kinds": [1]}]
)
def test_a_yardstick_says_what_it_is_made_of(about):
    text = usual.as_json(usual.Yardstick(about, HUNDRED.quantiles))
    with pytest.raises(usual.YardstickError, match="x.json doesn't say of which articles it is made"):
        usual.read(text, "x.json")


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (90.0, "higher than in 90 % of usual news"), (99.9, "higher than in 99 % of usual news"),
        (1e9, "higher than in 99 % of usual news"), (10.0, "lower than in 90 % of usual news"),
        (-5.0, "lower than in 99 % of usual news"), (30.0, "usual (middle half: 25.0 to 75.0)"),
    ],
)  # fmt: skip
def test_a_place_is_a_few_words_and_no_share_is_rounded_up(value, said):
    assert wording.place(HUNDRED.place(Measure("lix", "article", value, n=20), 400), 1) == said


def test_a_middle_half_of_one_number_is_that_number_and_no_place_is_nothing():
    all_zero = yardstick(lix=[0.0] * 200)
    assert wording.place(all_zero.place(Measure("lix", "article", 0.0, n=20), 400), 1) == "usual (middle half: 0.0)"
    assert wording.place(None, 1) == ""


def test_usual_news_is_said_in_one_line():
    assert wording.news(usual.bundled()) == "Usual news is 5,040 articles of 46 outlets, 2004–2019, five kinds of news."
    assert wording.news(HUNDRED).startswith(
        "Usual news is the user’s own: 200 articles of 4 outlets, 2020–2021 (--yardstick)."
    )
    bare = usual.Yardstick({"articles": 200, "outlets": 0, "years": ""}, {})
    assert "own: 200 articles (--yardstick)." in wording.news(bare)


def test_the_table_of_all_numbers_says_where_each_lies():
    page = str(all_numbers.family(analyse(from_text(STORY, id="x"), (), HUNDRED), "readability"))
    assert page.count("of usual news") + page.count("usual (middle half") == 1  # LIX has quantiles, for the article
    assert page.index("200 articles of 4 outlets") < page.index("id=n-lix")
    page = str(all_numbers.family(analyse(from_text(STORY, id="x")), "readability"))
    assert page.count("of usual news") + page.count("usual (middle half") > 30 and "5,040 articles" in page


def test_frames_that_stand_out_do_so_on_the_users_yardstick():
    conflict = "The minister attacked and condemned the opposition, which fought back and accused him of lying. "
    analysis = analyse(from_text(conflict + STORY, id="x"))
    value = analysis.measure("frame_conflict").value
    assert value > 0.9 and "conflict (more than in 9" in str(sections.summary(analysis))
    own = yardstick(frame_conflict=list(np.linspace(value - 0.4, 1, 200)))
    page = str(sections.summary(replace(analysis, yardstick=own)))
    assert "No frame stands out" in page and "200 articles" in page and "of 100 usual news articles" in page
    share = math.floor(100 * own.below("frame_conflict", "article", value, 1))
    assert f"More of this vocabulary than in {share} of 100 usual news articles" in page
    page = str(sections.summary(replace(analysis, yardstick=HUNDRED)))
    assert "How much of a frame’s vocabulary is usual is not known" in page and "of 100 usual news" not in page
