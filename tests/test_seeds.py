"""The sample articles: every kind is there, and each is read as it should be."""

from pathlib import Path

import pytest

from presslab.reading.article import Article, Failure
from presslab.reading.read import read

SEEDS = Path(__file__).resolve().parents[1] / "seeds"


@pytest.fixture(scope="module")
def seeds():
    return {item.id: item for item in read([SEEDS])}


def test_only_the_two_bad_ones_fail_and_say_why(seeds):
    failed = {name: item.reason for name, item in seeds.items() if isinstance(item, Failure)}
    assert set(failed) == {"empty", "not-english"}
    assert "empty" in failed["empty"] and "--any-language" in failed["not-english"]


def test_there_are_enough_of_every_kind(seeds):
    articles = {name: item for name, item in seeds.items() if isinstance(item, Article)}
    assert len(articles) >= 14
    assert {"bridge-officials", "bridge-witnesses", "bridge-loaded", "interview-hydrologist", "saved-page"} <= set(
        articles
    )
    assert len(articles["long-valley"].body.split()) >= 1500
    assert sum(a.in_table for a in articles.values()) == 4


def test_encodings_end_in_the_same_letters(seeds):
    assert "Café Müller" in seeds["windows-1252"].body
    assert "Inès Café-Moreau" in seeds["mojibake"].body and "didn’t" in seeds["mojibake"].body
    assert "the port authority said on Friday" in seeds["wrapped"].body


@pytest.mark.parametrize(
    "name, field, value",
    [
        ("bridge-officials", "byline", "Lena Korvin"), ("bridge-officials", "dateline", "MARLOW"),
        ("wire-with-furniture", "agency", "Halden News Agency"), ("saved-page", "outlet", "The Skarrow Mirror"),
        ("saved-page", "published", "2024-03-06"), ("dock-beacon", "outlet", "The Ostra Beacon"),
        ("politics-budget", "title", "Palace refuses to sign budget as minister vows to stand firm"),
        ("politics-budget", "byline", "Nils Arden"), ("wrapped", "dateline", "MARLOW"),
    ],
)  # fmt: skip
def test_fields_are_read_from_the_page(seeds, name, field, value):
    assert getattr(seeds[name], field) == value


def test_the_wire_story_keeps_its_story_and_loses_its_furniture(seeds):
    story = seeds["wire-with-furniture"]
    assert len(story.paragraphs) == 8 and story.body.startswith("The government of Velland wants")
    assert story.body.endswith("“the likeliest end of this”.")
    assert "Sign up" not in story.body and "Kit Arden" not in story.body
