"""What a source is: by topic, by what an article says of bodies, by deeds; and the coded set that measures it."""

import pandas as pd
import pytest

from presslab.measures.attribution import extract
from presslab.measures.sources import resolve
from presslab.measures.sources.setting import Setting
from presslab.measures.sources.types import source_types
from presslab.parsing.document import parse
from presslab.reading.from_text import from_text
from presslab.validation import source_types as coded

LAKE = (
    "The lake lay still in the morning, and the boats had stayed in the harbour because of the fog. Nobody had swum in"
    " it since the spring, when the ice broke up late and the water was brown for weeks. The fields around it are flat,"
    " the road along the shore is narrow, and the old pier has lost half of its planks to the winter storms. In summer"
    " the beach fills with bathers from the towns nearby, and a small café sells tea, soup and cake. Birds breed in the"
    " reeds on the far side. At night the light of the ferry can be seen from the hills.\n\n"
)
MATCH = LAKE + "The team lost the match in the stadium. The league has a cup, a tournament and a championship.\n\n"
VOTE = LAKE + "The campaign is over. Voters, senators and candidates waited for the election.\n\n"


def types(text: str) -> list[str]:
    """Return the types of the sources of an article."""
    document = parse(from_text(text, clean=False))
    return [source.type for source in resolve(document, extract(document))]


@pytest.mark.parametrize(
    "sentence, expected",
    [
        ("Ann Lee, who studies sleep, said that the lake was warm.", "expert"),
        ("Ann Lee, who led the research, said that the lake was warm.", "expert"),
        ("Ann Lee, of the Harbour Wildlife Trust, said that the lake was warm.", "ngo"),
        ("Ann Lee, chief executive of the charity Harbour Aid, said that the lake was warm.", "ngo"),
        ("Ann Lee, chief executive of Halden, said that the lake was warm.", "business"),
        ("Ann Lee, a volcanologist, said that the lake was warm.", "expert"),
        ("Ann Lee, one of the pioneers of the method, said that the lake was warm.", "expert"),
        ("The minister for women, Ann Lee, said that the lake was warm.", "government"),
        ("Ann Lee, a choreographer, said that the lake was warm.", "celebrity"),
        ("Ann Lee, a 25-year-old environment and security manager, said that the lake was warm.", "business"),
        ("MPs said that the lake was warm.", "collective"),
        ("The man said that the lake was warm.", "unnamed"),
        ("A diner said that the soup was cold.", "unnamed"),
        ("Ann Lee said that the lake was warm.", "unresolved"),
    ],
)
def test_types_off_politics_follow_the_words_of_the_description(sentence, expected):
    assert types(LAKE + sentence) == [expected]


@pytest.mark.parametrize(
    "before, expected", [(VOTE, "politician"), (LAKE, "business")], ids=["politics", "something else"]
)
def test_what_a_chairman_leads_depends_on_the_topic(before, expected):
    assert types(before + "Chairman Ann Lee said that the talks had failed.") == [expected]


def test_in_an_article_about_sport_whom_nothing_describes_is_an_athlete():
    assert types(MATCH + "Ann Lee said that the match had been hard.") == ["celebrity"]
    assert types(MATCH + "Ann Lee, a nurse, said that the match had been hard.") == ["citizen"]


def test_a_spokesman_has_the_type_of_the_body_that_the_article_describes_elsewhere():
    text = (
        LAKE
        + "The state’s solar agency, Masen, owns the shore. Karl Brandt, a spokesman for Masen, said that it was sold."
    )
    assert types(text) == ["government"]


def test_a_surname_is_no_trade():
    document = parse(from_text(LAKE + "Paul Farmer and Jenny Edwards said that the lake was warm.", clean=False))
    assert "farmer" not in [source.type_words for source in resolve(document, extract(document))]


def test_a_topic_is_told_from_different_words_and_a_short_text_is_taken_for_politics():
    def topic(text: str) -> str:
        return Setting(parse(from_text(text, clean=False))).topic

    assert [topic(text) for text in (LAKE, VOTE, MATCH)] == ["", "politics", "sport"]
    assert topic("Ann Lee said that the lake was warm. It was, and nobody swam.") == "politics"


def test_the_coded_set_is_wide_enough_and_no_article_is_in_both_parts():
    table = coded.coded()
    assert len(table) >= 600 and (table["topic"] == "other").sum() >= 300
    assert set(table["type"]) <= {*source_types(), "other"} and set(table["part"]) == {"tune", "check"}
    assert table.groupby("article")["part"].nunique().max() == 1
    assert not table.duplicated(["article", "start", "end"]).any()
    assert table["name"].str.split().str.len().max() <= 8  # names and noun phrases, no sentences


def test_a_source_that_is_not_found_counts_as_wrong():
    rows = [
        ("a", "expert", "expert", "expert"),
        ("a", "expert", "", "expert"),
        ("b", "unresolved", "unresolved", "legal"),
        ("b", "legal", "legal", "legal"),
    ]
    table = pd.DataFrame(rows, columns=["article", "given", "found", "wanted"])
    table = table.assign(first=table["wanted"], second=table["wanted"], topic=["politics", "other"] * 2, part="check")
    check = coded.report(table)["check"]
    assert {key: check[key]["share"] for key in check if key not in coded.TOPICS} == {
        "given": 0.75, "decided": 1.0, "open": 0.25, "end_to_end": 0.5, "not_found": 0.25,
    }  # fmt: skip
