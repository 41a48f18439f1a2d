"""Readability: published figures come out, counts follow the stated rules, intervals are honest."""

import math

from hypothesis import given, strategies as st
import pytest

from analysis.article import from_text
from analysis.document import parse
from analysis.readability import difference, measure, plain_words, sentence_difficulty
from analysis.readability import formulas as f
from analysis.readability.asis import scores
from analysis.readability.words import complex_word, familiar, syllables

SENTENCE = "The council of the town voted on Monday to close the old bridge because its piers are cracked. "


def document(text: str):
    return parse(from_text(text, clean=False, any_language=True))


@pytest.mark.parametrize(
    "formula, counts, expected, within",
    [
        (f.dale_chall_score, dict(words=1900, sentences=100, hard_words=95), 5.3684, 1e-3),  # worksheet of 1948
        (f.dale_chall_score, dict(words=1500, sentences=100, hard_words=225), 6.7490, 1e-3),
        (f.dale_chall_score, dict(words=1900, sentences=100, hard_words=285), 6.9474, 1e-3),
        (f.dale_chall_score, dict(words=131, sentences=9, hard_words=20), 6.7691, 1e-3),  # quanteda's counts
        (f.dale_chall_score, dict(words=111, sentences=6, hard_words=17), 6.9724, 1e-3),
        (f.coleman_liau_index, dict(words=119, sentences=5, letters=639), 14.53, 5e-3),  # Coleman & Liau's abstract
        (f.coleman_liau_index, dict(words=14, sentences=4, letters=65), 3.04, 5e-3),
        (f.flesch_reading_ease, dict(words=6, sentences=1, syllables=6), 116.145, 1e-3),
        (f.flesch_reading_ease, dict(words=13, sentences=1, syllables=24), 37.455, 1e-3),
        (f.flesch_reading_ease, dict(words=16, sentences=1, syllables=23), 68.98, 5e-3),
        (f.flesch_reading_ease, dict(words=1, sentences=1, syllables=1), 121.22, 1e-3),  # upper bound
        (f.flesch_kincaid_grade, dict(words=1, sentences=1, syllables=1), -3.40, 1e-3),  # lower bound
        (f.flesch_kincaid_grade, dict(words=570, sentences=100, syllables=581.4), -1.331, 1e-3),  # Green Eggs and Ham
        (f.flesch_reading_ease, dict(words=7, sentences=1, syllables=8), 103.044, 1e-3),
        (f.flesch_reading_ease, dict(words=10, sentences=1, syllables=10), 112.085, 1e-3),
        (f.flesch_reading_ease, dict(words=4, sentences=1, syllables=5), 97.025, 1e-3),
        (f.gunning_fog, dict(words=100, sentences=5, complex_words=14), 13.6, 1e-3),
        (f.gunning_fog, dict(words=7, sentences=1, complex_words=0), 2.8, 1e-3),
        (f.smog_index, dict(polysyllables=64, sentences=30), 11.473, 1e-3),
        (f.smog_index, dict(polysyllables=95, sentences=30), 13.30, 5e-3),
        (f.smog_index, dict(polysyllables=110, sentences=30), 14.07, 5e-3),
    ],
)  # fmt: skip
def test_published_figures_come_out(formula, counts, expected, within):
    assert formula(f.Counts(**counts)) == pytest.approx(expected, abs=within)


@pytest.mark.parametrize(
    "word, count",
    [
        ("cat", 1), ("table", 2), ("bridges", 2), ("council", 2), ("engineer", 3), ("U.S.", 1), ("FBI", 1), ("NATO", 2), ("2,500", 1),
        ("9-10", 1), ("Mr.", 2), ("a.m.", 2), ("don’t", 1), ("didn't", 2), ("high-stakes", 2), ("Ryabkov’s", 2), ("boss's", 2),
        ("counterproductive", 5), ("ultimatum", 4), ("Mayor", 2), ("walked", 1), ("wanted", 2), ("tweets", 1),
    ],
)  # fmt: skip
def test_syllables_of_single_words(word, count):
    assert syllables(word) == count


@pytest.mark.parametrize("word", ["dogs", "stopped", "making", "happier", "cities", "baby", "Mr.", "1948", "farmers’"])
def test_inflections_of_listed_words_are_familiar(word):
    assert familiar(word)


@pytest.mark.parametrize("word", ["ultimatum", "diphtheria", "negotiation"])
def test_words_off_the_list_are_hard(word):
    assert not familiar(word)


def test_gunning_leaves_out_endings_and_compounds_of_short_words():
    assert not complex_word("created") and not complex_word("bread-and-butter") and complex_word("ultimatum")


def test_too_short_a_text_gets_no_score_and_says_why():
    found = {(m.name, m.scope): m for m in measure(document(SENTENCE * 4))}
    short = found["flesch_reading_ease", "article"]
    assert math.isnan(short.value) and "needs 100 and 5" in short.note
    assert found["word_count", "article"].value == 72


def test_a_warning_stands_under_twenty_sentences_and_not_above():
    for count, warned in ((10, True), (25, False)):
        found = {(m.name, m.scope): m for m in measure(document(SENTENCE * count))}
        assert bool(found["flesch_kincaid_grade", "article"].note) is warned


def test_quoted_and_journalist_words_make_up_the_article():
    text = "“We cannot wait for another ten years,” Quill said to the council. " + SENTENCE
    found = {(m.name, m.scope): m.value for m in measure(document(text * 8))}
    assert found["word_count", "quoted"] == 8 * 7
    assert found["word_count", "article"] == found["word_count", "quoted"] + found["word_count", "journalist"]


def test_two_equal_articles_differ_by_nothing_within_an_interval_around_it():
    varied = "".join(SENTENCE[: 30 + 7 * (i % 9)].rsplit(" ", 1)[0] + ". " for i in range(30))
    gap = difference(document(varied), document(varied), "flesch_reading_ease")
    assert gap.value == 0 and gap.low < 0 < gap.high


def test_the_hardest_sentence_is_told_from_the_easy_ones():
    table = sentence_difficulty(document("It rains. Notwithstanding considerable governmental opposition, negotiations continued."))
    assert list(table["level"]) == ["easy", "very hard"]


def test_levels_are_told_in_plain_words():
    assert "elementary" in plain_words(0.1) and "advanced" in plain_words(2.2) and "too short" in plain_words(math.nan)


def test_textstat_runs_offline_with_the_same_syllables(monkeypatch):
    import nltk

    monkeypatch.setattr(nltk, "download", lambda *a, **k: pytest.fail("textstat tried to download"))
    assert scores(SENTENCE * 8)["flesch_reading_ease"] == pytest.approx(78.59, abs=8)


@given(st.integers(1, 500), st.integers(1, 50), st.integers(0, 900))
def test_flesch_never_passes_its_upper_bound(words, sentences, more):
    c = f.Counts(words=max(words, sentences), sentences=sentences, syllables=max(words, sentences) + more)
    assert f.flesch_reading_ease(c) <= 121.22 + 1e-9
