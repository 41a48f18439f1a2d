"""Who is who: one source for all its names, with the reason; types by the article's own words; honest ratios."""

import math

import pytest

from analysis.article import from_text, read_one
from analysis.document import parse
from analysis.measures import analyse, heard
from analysis.sources.people import is_variant
from analysis.sources.types import decide, source_types


def sources(text: str):
    """Sources by name."""
    return {s.name: s for s in heard(parse(from_text(text, clean=False, any_language=True)))[1]}


@pytest.fixture(scope="module")
def wire(wire_story):
    return analyse(read_one(wire_story))


@pytest.mark.shared
def test_the_wire_story_has_its_sources_and_ryabkov_is_the_top_one(wire):
    found = {s.name: s for s in wire.sources}
    assert wire.sources[0].name == "Sergei Ryabkov"
    mentions = {m.text: m.how for m in found["Sergei Ryabkov"].mentions}
    assert mentions["Moscow’s top negotiator"] == "title or role" and mentions["he"] == "pronoun"
    assert {"Vladimir Putin", "Antony Blinken", "Alexei Makarkin", "the U.S. and its allies"} <= set(found)
    assert found["Alexei Makarkin"].type == "expert"
    assert [s for s in wire.sources if "Baerb" in s.name][0].mentions[0].how == "spelling variant"
    assert sum("Baerb" in s.name for s in wire.sources) == 1


@pytest.mark.shared
def test_every_attribution_with_a_source_belongs_to_exactly_one(wire):
    owned = [i for s in wire.sources for i in s.attributions]
    assert len(owned) == len(set(owned))
    assert {i for i, a in enumerate(wire.attributions) if a.source} <= set(owned)


def test_parts_of_a_name_and_pronouns_join_the_same_person():
    found = sources("“We will close it,” Mayor Adele Quill said on Monday. Quill said the piers had cracked. She added that work would begin soon.")
    assert [m.how for m in found["Adele Quill"].mentions] == ["name", "part of name", "pronoun"]
    assert found["Adele Quill"].gender == "woman" and found["Adele Quill"].type == "government"


def test_a_spokesman_is_not_the_one_he_speaks_for():
    found = sources("The minister, Greta Lund, said nothing would change. Karl Dahl, a spokesman for the Palace, said it would not sign the budget.")
    assert "Greta Lund" in found and "Karl Dahl" in found


def test_a_relative_pronoun_is_whom_it_stands_for():
    found = sources("A senior official who asked not to be named said that a quota was likely before the end of the week.")
    assert list(found) == ["a senior official"] and found["a senior official"].type == "unnamed"


@pytest.mark.parametrize(
    "description, named, plural, expected",
    [
        ("deputy director of the Center for Political Technologies", True, False, "expert"),
        ("a senior official who asked not to be named", False, False, "unnamed"), ("critics", False, True, "collective"),
        ("a report by the city auditor", False, False, "document"), ("professor of hydrology", True, False, "expert"),
        ("Police Chief", True, False, "military_police"), ("who owns the bakery", True, False, "unresolved"),
        ("Sen.", True, False, "politician"), ("Judge", True, False, "legal"), ("chief executive", True, False, "business"),
    ],
)  # fmt: skip
def test_types_follow_the_words_of_the_description(description, named, plural, expected):
    assert decide(description, named, plural)[0] == expected


def test_every_type_has_a_definition_for_coders():
    assert len(source_types()) == 14 and all(t.definition and t.label for t in source_types().values())


def test_spelling_variants_are_one_letter_apart_and_long():
    assert is_variant("Baerbock", "Baerbrock") and not is_variant("Reed", "Reid") and not is_variant("Moen", "Moore")


def test_shares_add_up_and_lie_between_nought_and_one():
    analysis = analyse(from_text("“No,” Mayor Adele Quill said. Critics said it was late. According to a report, piers crack. " * 6, clean=False))
    types = [m.value for m in analysis.measures if m.name.startswith("source_type_share_")]
    assert sum(types) == pytest.approx(1)
    kinds = sum(analysis.measure(f"{k}_word_share").value for k in ("direct", "mixed", "indirect"))
    assert kinds == pytest.approx(analysis.measure("attributed_word_share").value)
    for m in analysis.measures:
        if m.name.endswith("_share") and not math.isnan(m.value):
            assert 0 <= m.value <= 1


def test_an_article_without_sources_says_so():
    analysis = analyse(from_text("The train left at ten. It was green and it was late. Nobody minded the rain. " * 3, clean=False))
    assert analysis.measure("source_count").value == 0
    assert math.isnan(analysis.measure("named_share").value) and analysis.measure("named_share").note
