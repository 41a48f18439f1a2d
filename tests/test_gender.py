"""Whether a named source is a woman or a man, and what the share of women is a share of."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from presslab.measures.attribution import extract
from presslab.measures.sources import measure, resolve
from presslab.measures.sources.gender import by_name, shares
from presslab.parsing.document import parse
from presslab.reading.from_text import from_text
from presslab.validation.gender import told

GOLD = Path(__file__).parent / "gold" / "public_figures.csv"
REST = " The council has met every week since the spring, and the harbour has lost half of its ships to other towns."


def genders(text: str) -> dict[str, str]:
    document = parse(from_text(text + REST, clean=False))
    return {s.name: s.gender for s in resolve(document, extract(document))}


@pytest.mark.parametrize(
    ("text", "name", "gender"),
    [
        (
            "Donald Trump said that her emails were a scandal, and that she had lied to the country.",
            "Donald Trump",
            "man",
        ),
        ("Miss Universe owner Donald Trump said on Monday that the show would go on.", "Donald Trump", "man"),
        ("Ada Quill said on Monday that his plan was a mistake.", "Ada Quill", "woman"),
        ("Rin Quill, a spokeswoman for the port, said on Monday that the plan was late.", "Rin Quill", "woman"),
        ("His wife, Rin Quill, said on Monday that the plan was late.", "Rin Quill", "woman"),
        ("Rin Quill and his wife were late, Rin Quill said on Monday.", "Rin Quill", "man"),
        ("Rin Quill said on Monday that the plan was late.", "Rin Quill", ""),
        ("Mrs. Robert Quill said on Monday that the plan was late.", "Robert Quill", ""),
        ("Ban Ki-moon said on Monday that the plan was late.", "Ban Ki-moon", ""),
    ],
)
def test_words_at_the_name_then_the_first_name(text, name, gender):
    assert genders(text)[name] == gender


def test_no_public_figure_has_the_other_gender_by_first_name():
    with GOLD.open(encoding="utf-8", newline="") as file:
        rows = [(row["name"], row["gender"]) for row in csv.DictReader(file)]
    given = [(name, gender, by_name(name)) for name, gender in rows if by_name(name)]
    assert len(given) > 0.75 * len(rows)
    assert [row for row in given if row[1] != row[2]] == []


def test_the_list_has_no_name_that_a_tenth_of_its_bearers_contradict():
    assert len(shares()) > 20_000
    assert all(share <= 100 or share >= 900 for share in shares().values())
    assert by_name("Zoë Quill") == "woman" and by_name("Quill") == by_name("Robin Quill") == ""


def test_women_are_counted_among_attributions_of_known_gender():
    text = (
        "Ada Quill said on Monday that the plan was late. “It was a mistake,” Ada Quill said. Karl Dahl said that it"
        " was not. The council said that it would wait. Rin Moss said that nobody knew."
    )
    document = parse(from_text(text + REST, clean=False))
    found = extract(document)
    number = next(m for m in measure(document, found, resolve(document, found)) if m.name == "women_share")
    assert (number.n, round(number.value, 3)) == (3, 0.667)
    assert number.note == "of 3 attributions of people whose gender is known; 2 others are left out"


def test_gold_takes_the_telling_words_out():
    text = (
        "Mrs. Quill was late. Ann Quill and her husband left. Per Dahl, a spokesman for the port, spoke. Mr. Moss left."
    )
    sure, plain = told(text)
    assert sure == {"Ann Quill": "woman", "Per Dahl": "man"}
    assert "Mrs" not in plain and "spokesman" not in plain and "husband" not in plain
