"""Intervals of one article's numbers: over stretches of text and sources, inside their range, never of width 0."""

import math

from hypothesis import given, settings, strategies as st
import numpy as np
import pytest

from presslab.measures import validity
from presslab.measures.analyse import analyse
from presslab.measures.cards import builtin
from presslab.measures.statistics import FEWEST_CLUSTERS, blocks, cluster_share, jackknife, summed
from presslab.measures.statistics.blocks import SENTENCES
from presslab.reading.read import read_one
from presslab.validation.halves import holds, split

SHARES = ("_share", "_evenness", "_concentration")


@given(st.lists(st.integers(1, 9), min_size=1, max_size=40))
def test_blocks_are_whole_paragraphs_with_enough_sentences(lengths):
    paragraphs = np.repeat(np.arange(len(lengths)), lengths)
    numbers = blocks(paragraphs)
    assert len({(p, n) for p, n in zip(paragraphs, numbers)}) == len(lengths)  # no paragraph is cut
    assert len(set(blocks(np.zeros(60)))) == 6  # but one of sixty sentences
    sizes = np.bincount(numbers)
    assert (sizes >= min(SENTENCES, len(paragraphs))).all() and (np.diff(numbers) >= 0).all()


counts = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=0, max_size=30)


@settings(max_examples=300)
@given(counts)
def test_shares_have_intervals_inside_their_range_and_of_some_width(rows):
    cases = np.array([a for a, _ in rows], dtype=float)
    of = cases + np.array([b for _, b in rows], dtype=float)
    low, high = cluster_share(cases, of)
    if math.isnan(low):
        assert (of > 0).sum() < FEWEST_CLUSTERS
    else:
        value = cases.sum() / of.sum()
        assert -1e-9 <= low <= value + 1e-9 and value - 1e-9 <= high <= 1 + 1e-9 and high - low > 1e-6


@settings(max_examples=200)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 60)), min_size=0, max_size=30))
def test_rates_by_jackknife_hold_their_value_or_have_none(rows):
    parts = np.array(rows, dtype=float).reshape(len(rows), 2)
    low, high = jackknife(parts, lambda s: s[:, 0] / s[:, 1], 0.0)
    if not math.isnan(low):
        assert 0 <= low <= parts[:, 0].sum() / parts[:, 1].sum() <= high and high > low


def test_a_jackknife_of_a_mean_is_the_textbooks():
    """Leaving one out gives the standard error of a mean: 3 of 1 … 9, √(7.5 / 9), Student's 2.306."""
    parts = np.column_stack([np.arange(1.0, 10), np.ones(9)])
    low, high = jackknife(parts, lambda s: s[:, 0] / s[:, 1])
    assert (low, high) == pytest.approx((5 - 2.306 * math.sqrt(7.5 / 9), 5 + 2.306 * math.sqrt(7.5 / 9)), abs=0.002)


def test_one_talkative_source_is_one_case():
    """Nine attributions of one person say less of a share than nine of nine persons."""
    talkative = cluster_share(np.array([9.0, 0, 0, 0]), np.array([9.0, 3, 3, 3]))
    many = cluster_share(np.array([1.0] * 9 + [0] * 9), np.ones(18))
    assert talkative[1] - talkative[0] > 1.3 * (many[1] - many[0])


def test_sums_by_block_are_sums():
    table = np.arange(12.0).reshape(6, 2)
    assert summed(table, np.array([0, 0, 0, 1, 1, 2])).tolist() == [[6, 9], [14, 16], [10, 11]]


def test_every_number_of_the_wire_story_has_an_honest_interval_or_none(wire_story):
    for m in analyse(read_one(wire_story)).measures:
        if not math.isnan(m.low):
            assert m.low <= m.value <= m.high and m.high > m.low, m.name
            assert not m.name.endswith(SHARES) or 0 <= m.low and m.high <= 1, m.name
        elif m.name.startswith("frame_"):
            assert math.isnan(m.high)


@pytest.mark.shared
def test_an_article_is_split_without_losing_a_word(shared):
    article = read_one(sorted((shared / "polnear/dev/text").glob("*.txt"))[3], clean=False)
    words = sorted(article.body.split())
    for one, two in split(article).values():
        assert sorted([*one.text.split(), *two.text.split()]) == words


def test_saved_coverage_is_what_the_cards_promise():
    """Readability, attributed words, shares of sources, loaded words: .93 of halves, both ways together."""
    table = validity.figures("intervals")
    ways = ("first and second", "odd and even")
    names = {name for way in ways for name in table[way] if name.endswith(".article")}
    wanted = [n for n in names if n.startswith(("flesch", "attributed_word", "source_type_share", "loaded", "named"))]
    assert len(wanted) > 8
    for name in wanted:
        found = [table[way][name] for way in ways if name in table[way]]
        assert sum(f["holds"] * f["n"] for f in found) / sum(f["n"] for f in found) >= 0.93, name


def test_halves_that_differ_by_their_error_hold():
    from presslab.measures.measure import Measure

    one, two = (Measure("x", "article", v, v - 1, v + 1) for v in (0.0, 1.4))
    far = Measure("x", "article", 1.5, 0.5, 2.5)
    assert holds(one, two) and not holds(one, far)


def test_every_card_says_what_its_interval_draws(wire_story):
    cards = builtin()
    for m in analyse(read_one(wire_story)).measures:
        assert math.isnan(m.low) or "interval" in cards[m.name].formula, m.name
