"""Duplicates: planted copies are found, nothing else is; the same groups whatever the order; what differs is told."""

import random
import time

from hypothesis import given, settings, strategies as st
import pytest

from copies import alike, edited, found_pairs, planted
import made
from presslab.reading.article import Article
from presslab.reading.duplicates import NEAR, Print, fingerprint, groups
from presslab.reading.from_text import from_text
from presslab.reading.read import read


@pytest.fixture(scope="module")
def corpus(shared) -> list[Article]:
    """Every article of PolNeAR and BASIL."""
    paths = [
        shared / "polnear" / "train" / "text",
        shared / "polnear" / "dev" / "text",
        shared / "basil" / "articles.jsonl",
    ]
    return [a for a in read(paths, any_language=True) if isinstance(a, Article)]


@pytest.mark.slow
@pytest.mark.shared
def test_planted_copies_are_found_and_nothing_else(corpus):
    articles, pairs = planted(corpus, copies=len(corpus))
    known = {a.id: a for a in articles}
    found = found_pairs(articles)
    # pairs that nobody planted are right where the texts are alike by a comparison of all their words
    right = {p for p in found if p in pairs or alike(*(known[id] for id in p)) >= NEAR - 0.1}
    assert len(right) / len(found) >= 0.98 and len(found & pairs) / len(pairs) >= 0.95, (
        len(right),
        len(found),
        len(pairs),
    )


@pytest.mark.shared
def test_real_duplicates_of_the_corpus_are_the_ones_that_reading_found(corpus):
    """Six pairs, read by hand: web and print versions, and one story saved twice. Outlets on one event are not
    duplicates."""
    titles = {tuple(sorted(id[:24] for id in g.ids)) for g in groups(corpus)}
    assert titles == {
        ("nyt_2015-11-25_golf-cour", "nyt_2015-11-26_with-fewe"),
        ("nyt_2016-03-04_republica", "nyt_2016-03-05_polls-sug"),
        ("nyt_2016-03-15_sanders-a", "nyt_2016-03-16_via-legis"),
        ("usa-today_2016-04-06_san", "usa-today_2016-04-06_san"),
        ("wash-post_2015-12-12_mis", "wash-post_2015-12-13_mis"),
        ("wash-post_2015-12-22_as-", "wash-post_2015-12-23_as-"),
    }


@pytest.mark.slow
@pytest.mark.shared
def test_ten_thousand_articles_take_less_than_a_minute(corpus):
    articles, _ = planted(corpus, copies=len(corpus))
    chance = random.Random(3)
    prints: list[Print] = [fingerprint(a) for a in articles]
    words = [int(w) for p in prints[:40] for w in p.words]
    for number in range(10_000 - len(prints)):  # the rest are texts of the same length with other words
        p = prints[number % len(articles)]
        scrambled = p.words.copy()
        chance_words = chance.choices(words, k=len(scrambled))
        scrambled[:] = chance_words
        prints.append(Print(f"other-{number}", scrambled, p.fields, f"other-{number}"))
    start = time.perf_counter()
    found = groups(prints)
    assert len(prints) == 10_000 and time.perf_counter() - start < 60
    assert len(found) >= 1100


def story(*paragraphs: str, id: str, **fields) -> Article:
    return from_text("\n\n".join(paragraphs), id, any_language=True, **fields)


LONG = made.ONE + made.TWO


def test_an_exact_copy_with_another_headline_says_so():
    found = groups(
        [
            story(*LONG, id="b", title="Ferry", published="2019-03-05"),
            story(*LONG, id="a", title="Bridge", published="2019-03-04"),
        ]
    )
    assert [(g.ids, g.kind, g.differs) for g in found] == [(("a", "b"), "exact", ("", "title, published"))]


def test_a_story_that_was_cut_short_is_the_same_story_and_the_longer_one_is_kept():
    found = groups([story(*LONG[:3], id="a", published="2019-03-04"), story(*LONG, id="b", published="2019-03-04")])
    assert found[0].ids == ("b", "a") and "% of the words" in found[0].differs[1]


def test_two_stories_and_texts_too_short_to_tell_are_kept_apart():
    assert not groups([story(*made.ONE, id="a"), story(*made.TWO, id="b")])
    short = [
        from_text(text, id, clean=False)
        for id, text in (("a", "Happy new year to you."), ("b", "A happy new year to all."))
    ]
    assert not groups(short)
    assert len(groups([short[0], from_text("Happy new year to you.", "c", clean=False)])) == 1


@settings(max_examples=25, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_the_articles_changes_nothing(chance):
    words = sorted({w for p in LONG for w in p.split()})
    articles = [story(*LONG, id="first"), story(*made.TWO, id="second")]
    articles += [story(edited(" ".join(LONG), 0.08, words, random.Random(n)), id=f"copy-{n}") for n in range(4)]
    shuffled = list(articles)
    chance.shuffle(shuffled)
    assert groups(shuffled) == groups(articles)


@pytest.mark.slow
def test_unique_keeps_one_of_each_whatever_the_order_of_the_files(tmp_path):
    import pandas as pd

    from test_cli import presslab

    for name, text in (("a.txt", LONG), ("b.txt", LONG), ("c.txt", LONG[::-1])):
        (tmp_path / name).write_text("\n\n".join(text), "utf-8")
    kept = []
    for number, order in enumerate((["a.txt", "b.txt", "c.txt"], ["c.txt", "b.txt", "a.txt"])):
        done = presslab("read", *order, "-o", f"{number}.parquet", "--unique", cwd=tmp_path)
        assert (
            done.returncode == 0
            and "1 duplicate left out" in done.stdout
            and "a = b (exact; differs in nothing)" in done.stdout
        ), done
        kept.append(set(pd.read_parquet(tmp_path / f"{number}.parquet")["id"]))
    assert kept[0] == kept[1] == {"a", "c"}
    presslab("read", "a.txt", "b.txt", "-o", "all.csv", cwd=tmp_path)
    table = pd.read_csv(tmp_path / "all.csv", keep_default_na=False)
    assert list(table["duplicate_group"]) == ["a", "a"] and list(table["duplicate_differs"]) == ["", "nothing"]


def test_planted_edits_change_the_share_that_they_claim():
    text = " ".join(LONG * 20)
    changed = edited(text, 0.1, ["x"], random.Random(1))
    assert 0.05 < 1 - alike(from_text(text, clean=False), from_text(changed, clean=False)) < 0.13
