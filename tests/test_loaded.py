"""What loaded words promise: kinds in two strengths, scare quotes, no plain description, figures made again."""

from __future__ import annotations

import csv
from importlib import resources

import pytest

from presslab.measures import validity
from presslab.measures.framing.language import SCARE, loaded
from presslab.measures.framing.lexicon import builtin
from presslab.measures.framing.match import find
from presslab.measures.framing.scopes import parts
from presslab.parsing.document import parse
from presslab.reading.from_text import from_text
from presslab.system.plain_yaml import packaged
from presslab.validation import loaded as validation


def kinds(text: str) -> dict[str, str]:
    """Return the loaded words of a text, all of it the journalist's, with their kinds."""
    document = parse(from_text(f"It was a long day in the city hall.\n\n{text}", clean=False, any_language=True))
    scopes = parts(document, ["journalist"] * len(document.tokens))
    found = loaded(document, scopes, find(document, (builtin("loaded"),))[0])
    return {document.text[e.start : e.end]: e.label for e in found[1].evidence}


def test_each_group_of_words_is_a_kind_with_the_weight_of_its_strength():
    known = packaged("loaded.yaml")
    assert all(one["reason"] for one in known["strengths"].values())
    weights = {name: known["strengths"][kind["strength"]]["weight"] for name, kind in known["kinds"].items()}
    used = {term.group: term.weight for term in builtin("loaded").terms}
    assert used == {name: weight for name, weight in weights.items() if name != SCARE}


@pytest.mark.parametrize(
    ("text", "word", "kind"),
    [
        ("The senator slammed the mayor on Monday.", "slammed", "heated verb"),
        ("He complained that nobody had asked him.", "complained", "judging reporting verb"),
        ("She ranted about the budget for an hour.", "ranted", "mocking reporting verb"),
        ("The crowd was led by a thug from the docks.", "thug", "epithet"),
        ("Lawmakers presided over two testy news briefings.", "testy", "manner"),
        ("It is an outrageous plan for the river.", "outrageous", "harsh judgement"),
    ],
)
def test_a_reader_sees_what_sort_of_judgement_it_is(text, word, kind):
    assert kinds(text)[word] == kind


@pytest.mark.parametrize(
    "text",
    [
        "The invasion killed 40 people and the failure of the dam led to a crisis.",
        "He claimed that the attack was a crime, insisted on his innocence and admitted nothing.",
        "The lame-duck session ended in December.",
        "A vicious cycle of debt followed.",
    ],
)
def test_words_that_only_describe_a_bad_thing_are_not_loaded(text):
    assert not kinds(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('The council asked its "experts" to look at the bridge again.', {"experts"}),
        ("A snowball was brought to the floor to “debunk” the warming of the climate.", {"debunk"}),
        ("The so-called ‘rotten apples’ theory was settled on.", {"rotten apples"}),
    ],
)
def test_words_that_quotation_marks_take_back_are_scare_quotes(text, words):
    assert {word for word, kind in kinds(text).items() if kind == SCARE} == words


@pytest.mark.parametrize(
    "text",
    [
        'He appeared on "Truth" and sang "Peace" to the crowd.',  # titles
        'They call the machine an "expert" in the laboratory.',  # a term, introduced
        'The "reform" was signed in May. The "reform" costs two million.',  # a term, used again
        'Upside-down "rivers" of warm water run below the ice.',  # a figure
        'Robert "Bobby" Smith won the race.',  # a nickname
    ],
)
def test_titles_terms_figures_and_nicknames_are_no_scare_quotes(text):
    assert SCARE not in kinds(text).values()


def test_a_quoted_fragment_with_a_source_is_no_scare_quote():
    document = parse(from_text('The mayor said the "experts" were wrong.', clean=False, any_language=True))
    start = document.text.index("the")
    voices = ["reported" if at >= start and at > 15 else "journalist" for at in document.tokens.start]
    found = loaded(document, parts(document, voices), find(document, (builtin("loaded"),))[0])
    assert SCARE not in {e.label for m in found for e in m.evidence}


def test_the_saved_figures_say_what_was_reached_and_what_limits_it():
    saved = validity.figures("loaded")
    records = {(r["corpus"], r["scope"]): r for r in saved["records"]}
    assert records["babe", "article"]["value"] >= 0.76
    basil = saved["basil"]["words"]
    assert basil["low"] < basil["all"] < basil["high"] and basil["unseen"] < basil["tuned"]
    assert saved["ceiling"]["rate"] < 0.6  # so few spans in an article: no rate can be known well from them
    assert saved["precision"]["by_strength"]["strong"]["share"] > saved["precision"]["by_strength"]["weak"]["share"]


def test_precision_is_computed_from_the_judged_words():
    file = resources.files("presslab") / "data" / "validation" / "loaded_words.csv"
    rows = list(csv.DictReader(file.read_text("utf-8").splitlines()))
    assert len(rows) == validity.figures("loaded")["precision"]["n"] == 200
    mean = sum(int(r["first"]) + int(r["second"]) for r in rows) / 400
    assert validity.figures("loaded")["precision"]["share"] == pytest.approx(mean, abs=0.001)
    assert {r["kind"] for r in rows} <= set(packaged("loaded.yaml")["kinds"])


def test_no_event_is_on_both_sides_of_the_line():
    assert {validation.looked_at(f"event {i}") for i in range(20)} == {True, False}
