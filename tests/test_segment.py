"""Sentences and words by the count rules: real forms of news text, each kept where a splitter went wrong."""

import csv
from pathlib import Path

from hypothesis import given, strategies as st
import pytest

from presslab.parsing.segment import sentences, words

GOLD = Path(__file__).parent / "gold" / "sentence_boundaries.csv"


def cut(text: str, proposed: list[tuple[int, int]] = []) -> list[str]:
    return [text[start:end] for start, end in sentences(text, proposed)]


@pytest.mark.parametrize(
    "text",
    [
        # each "|" is a sentence's end
        "He met then-Sen. Marta Quill in Paris. |She left.",
        "The prices soured. |Mr. Quill's battle with J.C. Penney followed.",
        "“Is it over?” Mr. Quill asked. |“Nobody knows.” |Then he left.",
        "“Is it over?” He had no answer.".replace(" He", " |He"),
        '"Right?" he told reporters. |"But we won."',
        "I said ‘are you sure?’ |She says ‘yes’.",
        "She works for the U.S. Senate. |He lives in the U.S. |It is large.",
        "They met in Roe v. Wade, on p. 5, at No. 10. |No. |Yes.",
        "He rose at 5 a.m. Monday and slept at 9 p.m. |The end came on Sept. 11, 2001.",
        "Martin Quill Jr. spoke. |George H.W. Bush and E. J. Mannix heard it. |So did A. A. Milne.",
        "''It is over,'' he said. |''Nobody knew.''",
        "He was not amused.” |(The access was restored on Saturday.)",
        "He won by a mile.” [The Daily Quill.]",
        "2. Even in a state like this, he won. |3. It is over.",
        "Talk is cheap … but I was … well … there. |... |And that was it.".replace("|... |", "... |"),
        "It ended in New Hampshire.|The vote, he said, was fair. |See example.com for more.",
        "Yahoo! News had it first! |Others came later?! |Yes.",
        (
            "It was _cold._ |_Then_ it grew warm.[12] |Towns froze, he and I. |Nobody spoke of Louis XIV. |Then Vitamin"
            " C. |He slept."
        ),
        "See Smith et al. (2001) and Fig. 3. |£5 was paid. |'Why?' Tom wondered aloud. |'Why?'",
        "WHO WON? |- The polls closed at eight.",
        "COLUMBIA, S.C. -- The count began. |It cost $1.5 million. |37% was paid.",
        'The act, signed in San Bernardino, Calif., failed. |"He was not." |He was (he said so.) |It is.',
    ],
)
def test_sentences_end_where_a_reader_would_end_them(text):
    plain = text.replace("|", "")
    assert cut(plain) == [part.strip() for part in text.split("|")]


def test_a_paragraphs_end_is_a_sentences_end():
    assert cut("Council closes bridge\n\nThe bridge closed") == ["Council closes bridge", "The bridge closed"]


def test_the_parser_decides_where_the_marks_leave_it_open():
    text = "He lives in Lodi, N.J. Harmony is near."
    assert cut(text) == [text]
    assert cut(text, [(0, 22), (23, 39)]) == ["He lives in Lodi, N.J.", "Harmony is near."]


@pytest.mark.parametrize(
    "text, expected",
    [
        ("talks--which and/or ended—well…maybe", ["talks", "which", "and", "or", "ended", "well", "maybe"]),
        ("9/11, 2015–16, 24/7", ["9/11", "2015–16", "24/7"]),
        ("a well-known co-op's “don’t”", ["a", "well-known", "co-op's", "don’t"]),
        ("$1.5 million, 50% * # -- U.S.", ["$1.5", "million", "50%", "U.S"]),
        ("see https://example.com/a/b-c now", ["see", "https://example.com/a/b-c", "now"]),
        ("in New Hampshire.The vote", ["in", "New", "Hampshire", "The", "vote"]),
    ],
)
def test_words_are_cut_by_the_stated_rule(text, expected):
    assert [text[start:end] for start, end in words(text)] == expected


@given(st.text(alphabet="aB .?!…\n”“'\"(-1", max_size=60))
def test_sentences_hold_every_word_once_and_in_order(text):
    found = sentences(text, [])
    assert all(a < b for a, b in found) and all(x[1] <= y[0] for x, y in zip(found, found[1:]))
    for start, end in words(text):
        assert sum(a <= start and end <= b for a, b in found) == 1


def test_the_gold_file_of_boundaries_is_sound():
    rows = list(csv.DictReader(GOLD.open(encoding="utf-8")))
    assert len(rows) == 300 and len({(r["article"], r["offset"]) for r in rows}) == 300
