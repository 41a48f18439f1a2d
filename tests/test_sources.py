"""Who is who: one source for all its names, with the reason; types by the article's own words; honest ratios."""

import math

import pytest

from analysis.article import from_text, read_one
from analysis.document import parse
from analysis.measures import analyse, heard
from analysis.sources.people import is_variant
from analysis.sources.types import source_types


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
    "sentence, expected",
    [
        ("Ann Lee, deputy director of the Center for Political Technologies, said that the talks had failed.", "expert"),
        ("A senior official who asked not to be named said that the talks had failed.", "unnamed"),
        ("Critics said that the talks had failed.", "collective"),
        ("A report by the city auditor said that the piers were unsafe.", "document"),
        ("Ann Lee, a professor of hydrology, said that the river would rise.", "expert"),
        ("Police Chief Ann Lee said that the road was closed.", "military_police"),
        ("Ann Lee, who came by bus, said that the road was closed.", "unresolved"),
        ("Sen. Ann Lee said that the bill would pass.", "politician"),
        ("Judge Ann Lee said that the trial would begin in May.", "legal"),
        ("Ann Lee, chief executive of Harbour Holdings, said that the mill would close.", "business"),
        ("Former Gov. Ann Lee said that the bill would pass.", "politician"),
        ("Ann Lee, 34, of Millford, said that the road was closed.", "citizen"),
        ("Ann Lee, a spokeswoman for the ministry, said that the road was closed.", "government"),
        ("Ann Lee, a spokeswoman for Mr. Holt, said that he would run.", "politician"),
        ("The Harbour Post reported that the mill would close.", "media"),
        ("The Northern League leader Ann Lee said that the party would vote against the bill.", "politician"),
    ],
)
def test_types_follow_the_words_of_the_description(sentence, expected):
    assert [s.type for s in sources(sentence).values()] == [expected]


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
