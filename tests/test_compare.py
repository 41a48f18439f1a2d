"""What a comparison of several outlets promises: matched sources, shared passages, honest differences, one report an
event."""

from __future__ import annotations

from dataclasses import replace
import json
from pathlib import Path
import random
import re

from click.testing import CliRunner
from hypothesis import given, strategies as st
import numpy as np
import pandas as pd
import pytest

from presslab.cli import main
from presslab.comparison import (
    distinctive_words,
    events,
    index,
    labels,
    language,
    match,
    only_here,
    run as event_batch,
    sections as show,
    speakers,
)
from presslab.comparison.heard import GROUPS, group_of
from presslab.comparison.passages import shared_passages, shared_shares
from presslab.comparison.portrayal import portrayal
from presslab.comparison.sentences import ONE_EACH, leans, looked_at, side_by_side
from presslab.measures.cards import own_cards
from presslab.measures.sources import Source
from presslab.measures.statistics import holm, informative_prior, log_odds
from presslab.parsing.document import Document, parse
from presslab.reading.article import Article, Paragraph
from presslab.reading.from_text import from_text
from presslab.reading.read import read
from presslab.validation.claims import CLAIM

pytestmark = pytest.mark.usefixtures("in_this_process")

SEEDS = Path(__file__).resolve().parents[1] / "seeds"
BRIDGE = [SEEDS / f"bridge-{name}.txt" for name in ("officials", "witnesses", "loaded")]
counts = st.lists(st.integers(0, 30), min_size=4, max_size=4).filter(sum)


def document(text: str) -> Document:
    paragraphs = tuple(Paragraph(p, (-1,) * len(p)) for p in text.split("\n\n"))
    return parse(Article(id="t", text=text, paragraphs=paragraphs))


@pytest.fixture(scope="module")
def bridge():
    found, failures = events.groups(read(BRIDGE), "Ferry Bridge closed")
    assert not failures
    return events.compare_event(found[0])


# --- distinctive words (Monroe, Colaresi & Quinn 2008)


@given(counts, counts)
def test_exchanging_two_texts_changes_the_sign_alone(mine, theirs):
    a, b = np.array(mine, float), np.array(theirs, float)
    prior = informative_prior(np.array([a, b])) + 0.01
    one, other = log_odds(a, b, prior), log_odds(b, a, prior)
    assert np.allclose(one[0], -other[0]) and np.allclose(one[1], -other[1])


@given(counts)
def test_equal_texts_have_no_distinctive_word(mine):
    a = np.array(mine, float)
    assert np.allclose(log_odds(a, a, informative_prior(np.array([a, a])) + 0.01)[1], 0)


@given(st.integers(2, 40))
def test_a_word_with_few_counts_is_drawn_towards_no_difference(times):
    """The same rates on more words are more evidence: z grows with the counts, and so does the estimate."""
    few, rest = np.array([3.0, 97.0]), np.array([1.0, 99.0])
    prior = np.array([2.0, 98.0])
    small, large = log_odds(few, rest, prior), log_odds(few * times, rest * times, prior)
    assert 0 < small[0][0] < large[0][0] and 0 < small[1][0] < large[1][0]


def test_log_odds_is_the_papers_formula_word_by_word():
    a, b, prior = np.array([12.0, 30, 158]), np.array([3.0, 41, 256]), np.array([2.5, 8, 90])
    difference_, z = log_odds(a, b, prior)
    na, nb, n0 = 200.0, 300.0, 100.5
    odds_a, odds_b = 14.5 / (na + n0 - 14.5), 5.5 / (nb + n0 - 5.5)
    assert difference_[0] == pytest.approx(np.log(odds_a) - np.log(odds_b))
    assert z[0] == pytest.approx(difference_[0] / np.sqrt(1 / 14.5 + 1 / 5.5))


def test_a_weak_prior_leaves_the_plain_log_odds_ratio():
    a, b = np.array([12.0, 188]), np.array([3.0, 297])
    plain = np.log(12 / 188) - np.log(3 / 297)
    assert log_odds(a, b, np.full(2, 1e-9))[0][0] == pytest.approx(plain)


def test_distinctive_words_do_not_depend_on_the_order_of_articles():
    documents = [parse(a) for a in read(BRIDGE)]
    names = ["a", "b", "c"]
    columns = ["outlet", "word", "count", "others", "log_odds", "z"]
    first = distinctive_words(documents, names)[columns].sort_values(["outlet", "word"], ignore_index=True)
    order = [2, 0, 1]
    again = distinctive_words([documents[i] for i in order], [names[i] for i in order])
    pd.testing.assert_frame_equal(first, again[columns].sort_values(["outlet", "word"], ignore_index=True))


def test_distinctive_words_do_not_depend_on_the_order_of_paragraphs():
    texts = [path.read_text("utf-8").strip().split("\n\n") for path in BRIDGE[:2]]
    shuffled = [random.Random(3).sample(t, len(t)) for t in texts]
    one, two = (distinctive_words([document("\n\n".join(t)) for t in ts], ["a", "b"]) for ts in (texts, shuffled))
    keep = ["outlet", "word", "count", "others", "z"]
    pd.testing.assert_frame_equal(
        one[keep].sort_values(keep[:2], ignore_index=True), two[keep].sort_values(keep[:2], ignore_index=True)
    )


def test_a_word_is_shown_where_it_stands():
    table = distinctive_words(
        [document("The mill burned. The mill fell."), document("The tower burned. The tower fell.")], ["a", "b"]
    )
    before, word, after = table[(table["outlet"] == "a") & (table["word"] == "mill")]["contexts"].iloc[0][0]
    assert (before, word, after) == ("The ", "mill", " burned. The mill fell.")


# --- chance


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_a_correction_never_makes_a_finding_stronger(p):
    corrected = holm(np.array(p))
    assert (corrected >= np.array(p) - 1e-12).all() and (corrected <= 1).all()
    assert list(np.argsort(p, kind="stable")) == list(np.lexsort((np.argsort(np.argsort(p, kind="stable")), corrected)))


def test_holm_on_his_own_kind_of_example():
    assert holm(np.array([0.01, 0.04, 0.03])) == pytest.approx([0.03, 0.06, 0.06])


# --- who is who in several articles


@pytest.mark.parametrize(
    ("one", "other", "how"),
    [
        ("Barack Obama", "Obama", "surname"),
        ("Mr. Steele", "Michael Steele", "surname"),
        ("Adele Quill", "Mayor Adele Quill", "same name"),
        ("the White House", "White House", "same name"),
        ("Annalena Baerbock", "Annalena Baerbrock", "spelling variant"),
        ("J. Boehner", "John Boehner", "short first name"),
        ("Republican National Committee", "RNC", "initials"),
        ("Chuck Schumer", "Charles Schumer", "short first name"),
        ("Richard J. Durbin", "Dick Durbin", "short first name"),
        ("Vincente Fox", "Vicente Fox", "spelling variant"),
        ("Raúl R. Labrador", "Raul Labrador", "short first name"),
        ("Director of National Intelligence James Clapper", "James Clapper", "title before the name"),
        ("a lawyer for James Clapper", "James Clapper", ""),
        ("Mary Cheney", "Liz Cheney", ""),
        ("Asa Hutchinson", "Tim C. Hutchinson", ""),
        ("Hillary Clinton", "Bill Clinton", ""),
        ("House Republicans", "Senate Republicans", ""),
        ("Department of Roads", "Department of Health", ""),
        ("White House officials", "a White House official", ""),
    ],
)
def test_names_are_matched_across_articles(one, other, how):
    found = match([[Source(one, "government", words=5)], [Source(other, "government", words=3)]])
    assert len(found) == (1 if how else 2)
    assert {p.how for j in found for p in j.places} == {how}


def test_a_surname_that_two_people_share_is_nobodys():
    articles = [
        [Source("Hillary Clinton", "politician"), Source("Bill Clinton", "politician")],
        [Source("Clinton", "politician")],
    ]
    assert len(match(articles)) == 3


def test_a_bare_surname_joins_its_full_name_though_nobody_marked_it_as_a_name():
    found = match([[Source("Harf", "unresolved", named=False)], [Source("Marie Harf", "government")]])
    assert [j.name for j in found] == ["Marie Harf"] and found[0].known


def test_nobody_knows_whether_residents_are_the_same_residents():
    found = match([[Source("residents", "citizen", named=False)], [Source("residents", "citizen", named=False)]])
    assert len(found) == 2 and not any(j.known for j in found)


def test_a_source_without_a_name_joins_nobody():
    assert (
        len(match([[Source("", "unresolved")], [Source("", "unresolved"), Source("Adele Quill", "government")]])) == 3
    )


def test_every_source_of_every_article_is_in_one_entry(bridge):
    there = [(i, s.name) for i, a in enumerate(bridge.articles) for s in a.sources]
    listed = [(p.article, p.source.name) for j in bridge.joint for p in j.places]
    assert sorted(there) == sorted(listed)
    assert bridge.heard.groupby("outlet")["word_share"].sum().round(9).eq(1).all()
    assert bridge.groups.groupby("outlet")["share"].sum().round(9).eq(1).all() and set(bridge.groups["group"]) == set(
        GROUPS
    )
    names = [j.name for j in bridge.joint]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("source", "group"),
    [
        (Source("Karl Brandt", "unresolved", role="a retired welder"), "people"),
        (Source("Donald Trump", "unresolved"), "not_given"),
        (Source("Charlene Lamb", "unresolved", role="Diplomatic Security"), "not_given"),
        (Source("Adele Quill", "government", role="Mayor"), "officials"),
        (Source("residents", "collective", named=False), "nameless"),
    ],
)
def test_a_person_described_without_an_office_is_one_of_the_people(source, group):
    assert group_of(source) == group


# --- shared passages


def test_a_passage_that_two_outlets_share_is_found_with_its_changes():
    one = document(
        "The bridge over the river Ostra was closed on Monday after cracks were found.\n\nNobody was hurt, said the"
        " mayor of the town."
    )
    two = document("It rained. The bridge over the river Ostra was closed Monday after deep cracks were found.")
    table = shared_passages([one, two], ["a", "b"])
    assert list(table["outlet"]) == ["a", "b"] and set(table["kind"]) == {"wording"}
    for r in table.itertuples():
        assert {"a": one, "b": two}[r.outlet].text[r.start : r.end] == r.text
    assert 0 < shared_shares([one, two], ["a", "b"], table)["shared_wording"].min() < 1


def test_a_shared_quotation_is_not_shared_wording():
    quote = "“We will not open a single lane until the engineers have signed for it,”"
    table = shared_passages([document(f"{quote} she said."), document(f"{quote} Quill told reporters.")], ["a", "b"])
    assert set(table["kind"]) == {"quotation"}


def test_typographic_apostrophes_make_no_difference():
    one, two = (
        document("We don't know what the engineers will find there."),
        document("We don’t know what the engineers will find there."),
    )
    assert set(shared_passages([one, two], ["a", "b"])["similarity"]) == {1.0}


def test_texts_of_their_own_share_nothing():
    assert shared_passages(
        [document(BRIDGE[0].read_text("utf-8")), document((SEEDS / "court-harbour.txt").read_text("utf-8"))], ["a", "b"]
    ).empty


# --- the made-up event: what a reader must be shown without being told


def test_outlets_are_named_by_their_bylines_where_no_column_names_them(bridge):
    assert bridge.labels == ("The Marlow Courier", "Eastbank Post", "Ostra Beacon")


def test_two_articles_of_one_outlet_stay_apart():
    assert labels([Article("x", "", (), outlet="Post"), Article("y", "", (), outlet="Post")]) == [
        "Post (x)",
        "Post (y)",
    ]


def test_the_report_says_who_leans_on_officials_and_who_on_witnesses(bridge):
    said = leans(bridge)
    assert "Courier quotes officials" in said[0]
    assert (
        said[1].startswith("The article of Eastbank Post quotes") and "people without an office (witnesses" in said[1]
    )


def test_the_same_measures_are_told_whatever_their_values(bridge):
    said = [s for s in side_by_side(bridge) if s.startswith("Loaded words")]
    assert len(said) == 1 and all(label in said[0] for label in bridge.labels)


def test_one_article_an_outlet_is_never_tested(bridge):
    """What is printed first says so; no table has a p, no sentence claims a difference of outlets."""
    assert not {"p", "p_holm", "clear"} & {*bridge.differences, *bridge.words}
    assert (
        ONE_EACH in show.what(bridge)
        and looked_at(bridge).startswith(ONE_EACH)
        and "none is tested" in looked_at(bridge)
    )
    words = re.sub(r"<[^>]+>", " ", show.stands_out(bridge) + show.differences(bridge))
    assert not CLAIM.search(words.replace(ONE_EACH, "")) and "✓" not in language.words(bridge)
    assert "clear" not in index.event_index(
        pd.DataFrame(event_batch.rows("x", bridge)["events"]), [], {"citation": "", "tables": []}
    )


def test_two_copies_of_one_article_do_not_differ():
    article = next(iter(read([BRIDGE[0]])))
    c = events.compare_event(events.Event("x", "x", (article, replace(article, id="copy"))))
    assert c.differences["difference"].abs().max() < 1e-9 and only_here(c.heard).empty
    assert c.shared["shared_wording"].gt(0.3).all() and c.words["z"].abs().max() < 1e-9


def parts(c) -> list[str]:
    plain = (
        show.what,
        show.stands_out,
        speakers.who,
        speakers.order,
        speakers.only,
        speakers.types,
        language.frames,
        language.language,
        speakers.actors,
        show.differences,
        show.method,
        show.provenance_of,
    )
    return [
        *(part(c) for part in plain),
        *(part(c, text) for part in (language.passages, language.words) for text in ("full", "excerpts", "none")),
    ]


@pytest.mark.parametrize(
    "texts",
    [
        ["It rained.", "It rained."],
        ["It rained.", "“Yes,” he said.", "No."],
        ["1 2 3", "It rained on the city for a day."],
        [BRIDGE[0].read_text("utf-8"), "Nothing."],
    ],
)
def test_the_shortest_texts_are_compared_without_trouble(texts):
    articles = [from_text(t, f"a{i}", clean=False, any_language=True) for i, t in enumerate(texts)]
    c = events.compare_event(events.Event("x", "x", tuple(articles)))
    assert all(parts(c)) and event_batch.rows("x", c)["events"][0]["articles"] == len(texts)


def test_many_outlets_fit_on_a_page():
    story = BRIDGE[0].read_text("utf-8")
    articles = [replace(from_text(story, f"a{i}"), outlet=f"The Outlet of the Long Name Number {i}") for i in range(9)]
    c = events.compare_event(events.Event("x", "x", tuple(articles)))
    assert all(parts(c)) and len(c.differences)


def test_no_text_of_the_articles_is_shown_where_none_is_wanted(bridge):
    shown = re.sub(r"<[^>]+>", "", language.passages(bridge, "none") + language.words(bridge, "none"))
    assert "Inspectors measured" not in shown and "Inspectors measured" in language.passages(bridge, "full")


def test_every_part_of_a_comparison_has_a_card(bridge):
    assert all(
        bridge.cards.compared(n).label and bridge.cards.compared(n).validation for n in bridge.measured["measure"]
    )
    assert set(own_cards()) == {"source_group", "shared_source", "shared_wording", "distinctive_words", "difference"}


def test_a_surname_is_also_that_of_a_junior_and_so_nobodys():
    one = [Source("Jesse L. Jackson Jr.", "politician"), Source("Sandra Jackson", "politician")]
    joints = match([one, [Source("Jackson", "politician")]])
    assert "Sandra Jackson" not in {j.name for j in joints if len(j.places) > 1}


def test_the_same_actor_is_shown_as_each_outlet_portrays_it():
    one = document("Maria Lopez sued the city. On Friday Maria Lopez was reckless. The city thanked Maria Lopez.")
    two = document("The police arrested Maria Lopez on Monday. Later Maria Lopez wept.")
    table = portrayal([one, two], [[], []], [[], []], ["a", "b"])
    rows = {r.outlet: r for r in table.itertuples() if r.actor == "Maria Lopez"}
    assert "sue" in rows["a"].acts and "reckless" in rows["a"].described and "arrest" in rows["b"].acted_upon


# --- the command


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("compare")
    done = CliRunner().invoke(
        main, ["compare", str(SEEDS / "dock-strike.csv"), "-o", str(folder), "--jobs", "1", "--quiet"]
    )
    assert done.exit_code == 1 and "it has no event" in done.output
    return folder


def test_a_table_with_an_event_column_gives_a_report_an_event(run):
    assert len(list((run / "events").glob("dock-strike~*.html"))) == len(list((run / "events").iterdir())) == 1
    table = pd.read_parquet(run / "tables" / "events.parquet")
    assert list(table["label"]) == ["dock strike"] and table["articles"].iloc[0] == 3
    failures = pd.read_csv(run / "tables" / "failures.csv")
    assert list(failures["id"]) == ["obituary-hallard"] and "it has no event" in failures["reason"].iloc[0]


def test_a_second_run_makes_nothing_anew_and_the_same_bytes(run):
    before = {p: p.read_bytes() for p in run.rglob("*") if p.is_file() and p.name != "run.log"}
    CliRunner().invoke(main, ["compare", str(SEEDS / "dock-strike.csv"), "-o", str(run), "--jobs", "1", "--quiet"])
    assert "0 made, 1 unchanged" in (run / "run.log").read_text("utf-8")
    assert {p: p.read_bytes() for p in run.rglob("*") if p.is_file() and p.name != "run.log"} == before


def test_one_article_alone_is_refused_in_words_for_people(tmp_path):
    done = CliRunner().invoke(main, ["compare", str(BRIDGE[0]), "-o", str(tmp_path), "--jobs", "1"])
    assert done.exit_code == 1 and "two" in done.output


def test_an_executed_comparison_names_no_place_of_this_machine(run):
    notebook = next((run / "notebooks").glob("*.ipynb")).read_text("utf-8")
    assert str(SEEDS.parent) not in notebook and str(run) not in notebook
    assert json.loads(notebook)["metadata"]["papermill"]["parameters"]["articles"] == "dock-strike.csv"


@pytest.mark.shared
def test_a_real_event_is_compared(shared):
    items = [a for a in read([shared / "basil" / "articles.jsonl"]) if isinstance(a, Article)][:3]
    found, failures = events.groups(items)
    assert len(found) == 1 and not failures and found[0].label != found[0].id
    c = events.compare_event(found[0])
    assert sorted(c.labels) == ["The New York Times", "fox", "hpo"] and "Michael Steele" in set(c.heard["source"])
