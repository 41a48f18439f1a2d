"""How far to trust a number: its own record, its scope, and what the articles read like."""

import json
import math
from pathlib import Path
import re

import numpy as np
import pytest

from presslab.measures import topic, trust, validity
from presslab.measures.analyse import analyse
from presslab.measures.cards import builtin, coded_like
from presslab.measures.trust import UNKNOWN, Kinds, lower, worse
from presslab.measures.validity import Record
from presslab.reading.from_text import from_text
from presslab.reading.read import read_one
from presslab.reporting import sections, trust as shown
from presslab.reporting.all_numbers import numbers
from presslab.system.plain_yaml import packaged
from presslab.validation import numbers as checked, printed, topics

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "analysis" / "presslab" / "data"
POLITICS, CLIMATE, NEITHER = (Kinds.of([near]) for near in (("politics",), ("climate",), ()))
FIGURE = re.compile(
    r"(r|Spearman|F1|area under ROC|share right|pairs in order) (−?\d\.\d+)(?: \[(\S+) to (\S+)\])?, n ([\d,]+)"
)


def record(**changes) -> Record:
    given = {
        "measure": "x", "scope": "article", "corpus": "c", "statistic": "r", "value": 0.9, "low": 0.8, "high": 0.95,
        "n": 80, "unit": "article", "on": "C, news", "years": "2016", "topic": "politics",
        "coders": "one trained person",
    }  # fmt: skip
    return Record(**given | changes)


@pytest.fixture
def known(monkeypatch):
    """Returns a function that makes records the only ones."""

    def only(*found: Record) -> None:
        monkeypatch.setattr(trust, "records", lambda: {(r.measure, r.scope, r.corpus): r for r in found})

    return only


def test_every_corpus_that_a_card_names_has_a_record_of_this_very_number():
    without = [
        f"{card.name}: {corpus}"
        for card in builtin().values()
        for corpus in card.checks
        if not any((card.name, scope, corpus) in validity.records() for scope in card.scopes)
    ]
    assert not without


def test_no_card_quotes_a_figure_of_its_own():
    """Figures come from records, which are found by the number's own name: another number's can't stand there."""
    for family in ("attribution", "readability", "framing", "compare"):
        for name, entry in packaged(f"cards/{family}.yaml").items():
            assert "validation" not in entry, name
            texts = " ".join(str(v) for k, v in entry.items() if k not in ("plain", "formula"))
            assert not re.search(r"\{\w+\[|\b(r|F1|alpha|AUC) −?0?\.\d|area under", texts), name


def test_each_printed_figure_is_that_of_the_record_of_this_number_and_scope():
    table = 0
    for card in builtin().values():
        for scope in card.scopes:
            one = card.trusted(scope)
            for r, text in zip(one.records, map(trust.figures, one.records), strict=True):
                assert (r.measure, r.scope) == (card.name, scope)
                statistic, value, low, high, n = FIGURE.search(text).groups()
                assert statistic == r.statistic and int(n.replace(",", "")) == r.n
                digits = len(value.partition(".")[2])
                assert [value, low, high] == [f"{x:.{digits}f}" for x in (r.value, r.low, r.high)]
                table += 1
            assert [r.corpus for r in one.records] == sorted(
                [c for c in card.checks if (card.name, scope, c) in validity.records()],
                key=lambda c: (c != one.records[0].corpus, card.checks.index(c)),
            )
    assert table > 80


def test_a_report_shows_the_figures_of_its_numbers_and_no_others():
    found = analyse(from_text("The mayor said on Monday that the old bridge will be closed for a year. " * 20, id="x"))
    for m in found.measures:
        page = str(numbers([m], found.cards, "one"))
        card = found.cards[m.name]
        printed_figures = {(s, v, n) for s, v, _, _, n in FIGURE.findall(page)}
        own = {
            (s, v, n)
            for scope in card.scopes
            for r in card.trusted(scope).records
            for s, v, _, _, n in FIGURE.findall(trust.figures(r))
        }
        assert printed_figures <= own, m.name


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({}, "reliable"),
        ({"low": 0.6}, "fair"),
        ({"low": 0.1}, "rough guide"),
        ({"low": -0.1}, "unchecked"),
        ({"low": None}, "unchecked"),
        ({"n": 29}, "rough guide"),
        ({"unit": "sentence"}, "fair"),
        ({"coders": "two language models, no person"}, "fair"),
        ({"shared": ("who is who",)}, "fair"),
        ({"shared": ("types of sources",)}, "rough guide"),
        ({"shared": ("quotation marks",)}, "reliable"),
        ({"among": 0.4}, "fair"),
        ({"bias": 0.6, "spread": 1.0}, "fair"),
        ({"bias": -0.4, "spread": 1.0}, "reliable"),
        ({"statistic": "area under ROC", "low": 0.75}, "fair"),
        ({"statistic": "F1", "low": 0.65}, "rough guide"),
    ],
)
def test_the_word_comes_from_the_lower_end_of_the_interval_and_from_what_was_checked(changes, word):
    assert trust.by_figure(record(**changes))[0] == word


def test_every_threshold_has_its_reason_and_they_fall():
    rules = trust.rules()
    for name, one in rules["thresholds"].items():
        bounds = [one["least"][word] for word in rules["words"][:3]]
        assert bounds == sorted(bounds, reverse=True) and one["reason"], name
    assert {r.statistic for r in validity.records().values() if not r.of} <= set(rules["thresholds"])
    assert {step for r in validity.records().values() for step in r.shared} - set(rules["shared"]) == {
        "quotation marks"
    }


def test_a_scope_without_its_own_record_is_unchecked(known):
    known(record())
    assert trust.trust("x", "article", ("c",)).word == "reliable"
    assert trust.trust("x", "journalist", ("c",)).word == "unchecked"
    assert builtin()["flesch_kincaid_grade"].trusted("quoted").word == "unchecked"


def test_loaded_words_have_a_figure_in_each_scope():
    for scope in ("article", "journalist", "quoted"):
        first = builtin()["loaded_word_share"].trusted(scope).records[0]
        assert (first.scope, first.unit, first.statistic, first.corpus) == (scope, "article", "Spearman", "basil")


def test_an_article_of_another_kind_lowers_the_word_one_step_and_says_why(known):
    known(record())
    assert trust.trust("x", "article", ("c",), POLITICS).word == "reliable"
    far = trust.trust("x", "article", ("c",), NEITHER)
    assert far.word == "fair"
    assert far.why == ("checked on US political news of 2016; this article reads like another kind",)
    known(record(topic="any"))
    assert trust.trust("x", "article", ("c",), NEITHER).word == "reliable"


def test_a_worse_check_on_other_news_counts_for_an_article_of_another_kind(known):
    known(record(), record(corpus="o", topic="other", low=0.1))
    assert trust.trust("x", "article", ("c", "o"), POLITICS).word == "reliable"
    assert trust.trust("x", "article", ("c", "o"), NEITHER).word == "rough guide"
    known(record(corpus="o", topic="other"))
    assert trust.trust("x", "article", ("o",), POLITICS).word == "unchecked"


def test_a_record_of_something_else_is_shown_but_makes_no_word(known):
    known(record(of="different wordings"))
    found = trust.trust("x", "article", ("c",))
    assert found.word == "unchecked" and trust.figures(found.records[0]).startswith("different wordings: r 0.90")


def test_a_collection_is_lowered_if_more_than_a_third_of_its_articles_read_like_another_kind(known):
    known(record())
    mixed = [Kinds.of([("politics",)] * (9 - far) + [()] * far) for far in (3, 4)]
    assert [trust.trust("x", "article", ("c",), kinds).word for kinds in mixed] == ["reliable", "fair"]
    assert "4 of 9 articles read like another kind" in trust.trust("x", "article", ("c",), mixed[1]).why[0]


def test_words_fall_and_the_worse_of_two_is_found():
    assert [lower(word) for word in trust.rules()["words"]] == ["fair", "rough guide", "unchecked", "unchecked"]
    assert worse("fair", "rough guide") == "rough guide" and worse("unchecked", "reliable") == "unchecked"


def test_kinds_survive_in_the_marks_of_a_page():
    kinds = Kinds.of([("politics",), ("politics", "climate"), ()])
    assert Kinds.read(kinds.code) == kinds and Kinds.read("") == UNKNOWN
    page = str(shown.marked(builtin()["attributed_word_share"], "short", NEITHER))
    assert "<b>fair</b>" in page and "reads like another kind" in page
    assert shown.filled(page, {}, builtin()) == page
    own = shown.filled(
        page, {"attributed_word_share": "on a hand-coded sample of this collection, n = 40: r 0.8"}, builtin()
    )
    assert "hand-coded sample" in own and "<b>fair</b>" not in own


def test_language_models_are_never_called_human():
    """Source types, boundaries on which splitters differ, and news off politics were coded by language models."""
    rows = packaged("validation/summary.yaml")
    by_model = [r for r in rows if re.search(r"type of a source|two splitters differ|not politics", r["measure"])]
    assert len(by_model) == 4 and all("language model" in r["coders"] and "no person" in r["coders"] for r in by_model)
    assert all(r["coders"] and r["unit"] for r in rows)
    for r in validity.records().values():
        assert r.coders and (r.corpus != "other_news" or "language model" in r.coders), r
    told = "\n".join(p.read_text("utf-8") for p in (ROOT / "analysis").rglob("*.yaml")) + (
        ROOT / "README.md"
    ).read_text("utf-8")
    assert "human coder" not in told


def test_frames_speak_of_coded_articles_only_near_the_topic_that_was_coded():
    card = builtin()["frame_conflict"]
    for near in ((), ("politics",), ("climate",)):
        assert card.said(0.768, near).startswith("More of this vocabulary than in 76 of 100 usual news articles")
    n, seen = coded_like("frame_conflict", 0.768)
    assert f"Of {n} coded articles on climate with such a score, coders saw this frame in {seen}." in card.said(
        0.768, ("climate",)
    )
    assert 50 <= n <= 100 and 0 < seen < n and "coders" not in card.said(0.768, ("politics",))


def test_a_place_is_never_rounded_up_to_all():
    assert "than in 99 of 100" in builtin()["frame_conflict"].said(0.9999)


def test_the_profiles_of_topics_are_small_and_name_no_person():
    file = DATA / "topics.json"
    saved = json.loads(file.read_text("utf-8"))
    assert file.stat().st_size <= 100_000
    assert not {"trump", "clinton", "obama", "hillary", "donald", "biden"} & set(saved["words"])
    assert {len(saved["rarity"]), *map(len, saved["centre"].values())} == {len(saved["words"])}


def test_a_court_story_is_no_political_news_and_a_short_text_is_nothing():
    court = read_one(str(ROOT / "seeds" / "court-harbour.txt"))
    assert topic.near(court.text) == () and topic.near("") == () and topic.near("The Senate voted.") == ()
    found = analyse(court)
    assert found.topics == () and "reads neither like US political news" in sections.reads_like(found)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("file", "kind"),
    [
        ("ninjs-2.2-simple.json", "court"),
        ("afp.xml", "business"),
        ("ap-nitf.xml", "farming"),
        ("nitf-fishing.xml", "trade"),
    ],
)
def test_real_stories_that_are_not_politics_are_far(shared, file, kind):
    article = read_one(str(shared / "formats" / file), any_language=True)
    assert "politics" not in topic.near(article.text), kind


@pytest.mark.shared
def test_politics_of_other_years_is_near(shared):
    lines = (shared / "basil" / "articles.jsonl").read_text("utf-8").splitlines()
    texts = [json.loads(line)["text"] for line in lines]
    assert np.mean(["politics" in topic.near(text) for text in texts]) > 0.85


@pytest.mark.shared
def test_numbers_that_are_checked_are_those_that_are_printed(shared):
    path = sorted((shared / "polnear" / "dev" / "text").glob("*.txt"))[0]
    article = read_one(str(path), clean=False, any_language=True)
    report = {(m.name, m.scope): m.value for m in analyse(article).measures}
    rows = next(numbers for _, by, numbers in checked.polnear(shared, "dev", double=False) if by == "presslab")
    for m in rows:
        assert m.value == report[m.name, m.scope] or math.isnan(m.value), m.name


@pytest.mark.shared
@pytest.mark.slow
def test_saved_records_of_attribution_are_those_of_today(shared):
    about = {"corpus": "polnear", "on": "x", "years": "2016", "topic": "politics", "coders": "x"}
    again = printed.by_article(checked.table("dev", shared), **about)
    assert len(again) > 40
    for r in again:
        saved = validity.records()[r.measure, r.scope, "polnear"]
        figures = ("statistic", "value", "low", "high", "n", "error", "bias", "shared")
        assert all(getattr(r, f) == getattr(saved, f) for f in figures), r.measure


@pytest.mark.shared
@pytest.mark.slow
def test_saved_figures_of_topics_are_those_of_today(shared):
    _, _, for_figures = topics.split(topics.texts(shared))
    known = topic.profiles()
    found = topics.report({name: topics.margins(some, known) for name, some in for_figures.items()}, known.least)
    saved = validity.figures("topics")
    assert found == {name: saved[name] for name in found}
    assert found["politics"]["roc_area"] >= 0.95 and found["politics"]["far_called_near"] <= 0.05
