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
    shares = [usual.share_below(quantiles, value) for value in sorted(asked)]
    assert shares == sorted(shares) and all(0 <= share <= 1 for share in shares)
    assert usual.share_below(quantiles, max(values)) < 1


@given(st.lists(st.integers(1, 1000), min_size=300, max_size=400, unique=True))
def test_the_share_below_is_that_of_the_articles(values):
    numbers = np.array(values, float)
    quantiles = usual.quantiles(numbers, np.ones(len(numbers)))
    for value in np.percentile(numbers, [10, 33, 50, 80]):
        assert usual.share_below(quantiles, value) == pytest.approx((numbers < value).mean(), abs=0.02)


def test_none_found_is_below_nobody():
    quantiles = usual.quantiles(np.array([0.0] * 60 + list(range(1, 41))), np.ones(100))
    assert usual.share_below(quantiles, 0) == 0 and usual.share_below(quantiles, 1) > 0.55


def test_weights_count():
    values, weights = np.array([1.0, 2.0]), np.array([9.0, 1.0])
    assert usual.quantiles(values, weights)[usual.LEVELS.index(0.5)] == 1
    assert usual.quantiles(values, weights)[usual.LEVELS.index(0.95)] == 2


def test_a_number_that_goes_with_length_has_quantiles_by_length():
    words = np.repeat([200.0, 500.0, 900.0], 150)
    groups = usual.by_length(words / 10 + np.tile(np.arange(150.0), 3) / 100, words, np.ones(450))
    assert [least for least, _ in groups] == [0, usual.SHORT, usual.LONG]
    assert [least for least, _ in usual.by_length(np.tile(np.arange(150.0), 3), words, np.ones(450))] == [0]


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
        ("[]", "x.json is no yardstick: it needs the keys about, levels, quantiles, rates"),
        ('{"about": {}, "levels": [0.5], "rates": {}, "quantiles": {}}', "x.json has quantiles at other levels"),
        (
            '{"about": {}, "levels": LEVELS, "rates": {}, "quantiles": {"a b": {"0": [2, 1]}}}',
            "rising numbers are needed",
        ),
        (
            '{"about": {}, "levels": LEVELS, "rates": {}, "quantiles": {"a": {}}}',
            "x.json has a measure whose quantiles can't be read",
        ),
        (
            '{"about": {}, "levels": LEVELS, "rates": {}, "quantiles": []}',
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
