"""What the yardstick of usual news promises."""

from __future__ import annotations

import math

from hypothesis import given, strategies as st
import numpy as np
import pytest

from presslab.measures import usual
from presslab.measures.cards import builtin
from presslab.measures.framing.frames import GENERIC

NUMBERS = st.floats(0, 1e6, allow_nan=False)


@given(st.lists(NUMBERS, min_size=1, max_size=200), st.lists(NUMBERS, min_size=2, max_size=20))
def test_the_share_below_rises_with_the_value_and_is_never_all(values, asked):
    quantiles = usual.quantiles(np.array(values), np.ones(len(values)))
    shares = [usual.rank(((0, quantiles),), value, 500) for value in sorted(asked)]
    assert shares == sorted(shares) and all(0 <= share <= 1 for share in shares)
    assert usual.rank(((0, quantiles),), max(values), 500) < 1


@given(st.lists(st.integers(1, 1000), min_size=300, max_size=400, unique=True))
def test_the_share_below_is_that_of_the_articles(values):
    numbers = np.array(values, float)
    quantiles = usual.quantiles(numbers, np.ones(len(numbers)))
    for value in np.percentile(numbers, [10, 33, 50, 80]):
        assert usual.rank(((0, quantiles),), value, 500) == pytest.approx((numbers < value).mean(), abs=0.02)


def test_those_with_the_same_number_count_by_half():
    quantiles = usual.quantiles(np.array([0.0] * 60 + list(range(1, 41))), np.ones(100))
    at_zero, at_one = (usual.rank(((0, quantiles),), value, 500) for value in (0, 1))
    assert at_zero == pytest.approx(0.3, abs=0.03) and at_one > 0.55


def test_weights_count():
    values, weights = np.array([1.0, 2.0]), np.array([9.0, 1.0])
    assert usual.quantiles(values, weights)[usual.LEVELS.index(0.5)] == 1
    assert usual.quantiles(values, weights)[usual.LEVELS.index(0.95)] == 2


def test_a_number_that_goes_with_length_has_quantiles_by_length():
    words = np.repeat(np.array(usual.LENGTHS, float) + 10, 150)
    noise = np.tile(np.arange(150.0), len(usual.LENGTHS))
    assert [least for least, _ in usual.by_length(words + noise / 10, words, np.ones(len(words)))] == list(
        usual.LENGTHS
    )
    assert [least for least, _ in usual.by_length(noise, words, np.ones(len(words)))] == [0]
    assert len(usual.by_length(words, words, np.ones(len(words)))) == len(usual.LENGTHS)
    few = words < 300  # no long articles: nothing is said by length
    assert len(usual.by_length(words[few], words[few], np.ones(few.sum()))) == 1


def test_the_bundled_yardstick_is_wide_enough():
    found = usual.bundled()
    assert found.about["articles"] >= 2000 and found.about["outlets"] >= 6
    assert len(found.about["kinds"]) >= 5 and min(found.about["kinds"].values()) >= 100
    assert {"frame_raw_" + name for name in GENERIC} <= {measure for measure, _ in found.quantiles}


def test_every_number_has_its_quantiles():
    known = {measure for measure, _ in usual.bundled().quantiles}
    assert {name for name, card in builtin().items() if card.scopes} <= known


def test_positions_of_the_bundled_yardstick_are_shares():
    found = usual.bundled()
    for measure, scope in found.quantiles:
        low, high = found.middle(measure, scope, 500)
        assert low <= high and 0 <= found.below(measure, scope, low, 500) <= 1
    assert math.isnan(found.below("no_such", "article", 1.0, 500)) and found.middle("no_such", "article", 500) is None
    assert math.isnan(found.below("frame_conflict", "article", math.nan, 500))


def test_a_yardstick_survives_its_file():
    text = usual.as_json(usual.bundled())
    again = usual.read(text, "x.json")
    assert usual.as_json(again) == text and again == usual.bundled()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "x.json is not valid JSON"),
        ("[]", "x.json is no yardstick: it needs the keys about, levels, quantiles"),
        ('{"about": {}, "levels": [0.5], "quantiles": {}}', "x.json has quantiles at other levels"),
        (
            '{"about": {}, "levels": LEVELS, "quantiles": {"a b": {"0": [2, 1]}}}',
            "rising numbers are needed",
        ),
        (
            '{"about": {}, "levels": LEVELS, "quantiles": {"a": {}}}',
            "x.json has a measure whose quantiles can't be read",
        ),
        (
            '{"about": {}, "levels": LEVELS, "quantiles": []}',
            "x.json has a measure whose quantiles can't be read",
        ),
    ],
)
def test_another_file_is_no_yardstick(text, said):
    with pytest.raises(usual.YardstickError) as error:
        usual.read(text.replace("LEVELS", str(list(usual.LEVELS))), "x.json")
    assert said in str(error.value) and "\n" not in str(error.value)


def test_a_file_that_is_not_there_is_one_line(tmp_path):
    with pytest.raises(usual.YardstickError, match="can't be read as a yardstick"):
        usual.load(tmp_path / "none.json")
