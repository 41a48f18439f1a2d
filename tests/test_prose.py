"""Tables, lists, score lines and captions are no sentences: no readability number may change because of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from presslab.measures.readability import measure, words_left_out
from presslab.measures.readability.prose import left_out
from presslab.parsing.document import parse
from presslab.reading.from_text import from_text
from presslab.reading.read import read_one

SENTENCES = [
    "The council of the town voted on Monday to close the old bridge because its piers are cracked.",
    "“We cannot wait for another ten years,” Ada Quill told the council, and most of its members agreed with her.",
    "The harbour has lost half of its ships since the spring.",
    "Nobody knows who is to pay for the new bridge, which will cost 40 million euros.",
] * 5
TOWNS = "North South East West Inner Outer Old New Harbour Central".split()
ADDED = {
    "a table, a cell a line": [
        cell for i, town in enumerate(TOWNS) for cell in (f"{town} line", f"{i + 9} million", "2019")
    ],
    "a table, a row a line": [f"{town} line {i + 9} million euros 2,019 2,020" for i, town in enumerate(TOWNS)],
    "a table with bars": ["| line | cost |", *(f"| {town} | {i} million |" for i, town in enumerate(TOWNS))],
    "a list": ["• Milk and honey from the old farms", "• Better trains for the north", "• An end to late buses"],
    "a list with semicolons": ["- Lower taxes on fuel;", "- More police; and", "- A new hospital for the south."],
    "scores": ["Smith 34 (12), Jones c Brown b Lee 7", "Arsenal 2 Chelsea 1", "Green 6-4 3-6 7-5 Black"],
    "captions": [
        "A woman walks past the council in Veitshaven",
        "Photo: Ann Quill/Reuters",
        "A man shouts at police outside the court on Monday. (AP Photo/Per Dahl)",
    ],
}


def numbers(paragraphs: list[str]) -> dict[tuple[str, str], tuple]:
    document = parse(from_text("\n\n".join(paragraphs), clean=False, any_language=True))
    return {(m.name, m.scope): (m.value, m.low, m.high, m.n) for m in measure(document)}


@pytest.mark.parametrize("what", ADDED)
@pytest.mark.parametrize("place", [1, 10, 20])
def test_no_number_changes_where_lines_are_added_that_are_no_sentences(what, place):
    with_lines = [*SENTENCES[:place], *ADDED[what], *SENTENCES[place:]]
    assert repr(numbers(with_lines)) == repr(numbers(SENTENCES))


def test_what_is_left_out_is_said():
    document = parse(from_text("\n\n".join([*SENTENCES, *ADDED["a list"]]), clean=False, any_language=True))
    assert words_left_out(document) == 17
    notes = {m.name: m.note for m in measure(document) if m.scope == "article"}
    assert notes["word_count"] == "without 17 words of tables, lists, captions and labels"
    assert notes["combined_readability"].startswith(notes["word_count"])


def test_sentences_stay_whatever_they_look_like():
    kept = [
        "“Is it over?”", "No.", "She said:", "In 2016, 12 of 40 voted.", "- The council will vote on Monday.",
        "The minister said on Monday that the line would open in May and that somebody had lost the full stop here",
    ]  # fmt: skip
    document = parse(from_text("\n\n".join([*SENTENCES, *kept]), clean=False, any_language=True))
    assert left_out(document) == frozenset()


def test_a_text_without_any_full_stop_is_counted_as_it_is():
    document = parse(from_text("The council voted on Monday\n\nThe bridge is closed", clean=False, any_language=True))
    assert left_out(document) == frozenset()


def test_of_a_wire_story_hardly_anything_is_left_out():
    story = sorted((Path(__file__).parents[1] / "seeds").glob("*.txt"))[0]
    document = parse(read_one(str(story)))
    assert words_left_out(document) <= 0.05 * len(document.words)
