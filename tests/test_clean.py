"""Cleaning: furniture goes with its reason, the story stays word for word."""

from pathlib import Path

from hypothesis import given, settings, strategies as st
import pytest

from presslab.reading.article import Article, ArticleError
from presslab.reading.from_text import ENGLISH, SURELY_ENGLISH, english_share, from_text
from presslab.reading.read import read, read_one

SEEDS = Path(__file__).resolve().parents[1] / "seeds"

LEDE = "The town council voted on Monday to close the old bridge because of cracks in two of its piers, the mayor said."


@pytest.mark.shared
def test_the_fourteen_paragraphs_of_the_wire_story_stay_word_for_word(wire_story):
    article = read_one(wire_story)
    lines = [line for line in wire_story.read_text("utf-8").split("\n") if line.strip()]
    story = lines[3:17]
    story[0] = story[0].removeprefix("MOSCOW (Tribune News Service) — ")
    assert [p.text for p in article.paragraphs] == story
    assert (article.dateline, article.agency) == ("MOSCOW", "Tribune News Service")
    assert {r.text for r in article.removed} >= {"Support our mission", "Stripes in 7", "around the web", "Sign up"}
    assert all(r.reason for r in article.removed)


@pytest.mark.slow
@pytest.mark.shared
def test_less_than_three_in_a_thousand_attributed_words_are_lost(shared):
    folder = shared / "polnear" / "train"
    lost = covered = 0
    for article in read([folder / "text"]):
        assert isinstance(article, Article), article
        gold = set()
        for path in sorted((folder / "attributions").glob(f"{article.id}_*.ann"))[:1]:
            for line in path.read_text("utf-8").splitlines():
                parts = line.split("\t")
                if line.startswith("T") and len(parts) > 1:
                    for piece in parts[1].split(" ", 1)[1].split(";"):
                        gold |= set(range(*map(int, piece.split())))
        gone = {i for r in article.removed for i in range(r.start, r.end)}
        covered += len(gold)
        lost += len(gold & gone)
    assert lost / covered < 0.003


@pytest.mark.shared
def test_cleaning_twice_equals_cleaning_once_on_real_articles(shared):
    for article in read([shared / "polnear" / "dev" / "text"]):
        text = "\n\n".join(p.text for p in article.paragraphs)
        again = from_text(text)
        assert not again.removed and "\n\n".join(p.text for p in again.paragraphs) == text, article.id


@pytest.mark.shared
def test_saved_pages_give_the_body_that_people_marked(shared):
    from collections import Counter
    import json
    import re

    gold = json.loads((shared / "html" / "bodies.json").read_text("utf-8"))
    scores = []
    for item in read([shared / "html"], any_language=True):
        ours = Counter(re.findall(r"\w+", item.body.lower())) if isinstance(item, Article) else Counter()
        theirs = Counter(re.findall(r"\w+", gold[item.id].lower()))
        both = sum((ours & theirs).values())
        scores.append(2 * both / (ours.total() + theirs.total()))
    assert len(scores) == len(gold) and sum(scores) / len(scores) >= 0.95


@pytest.mark.parametrize(
    "line",
    [
        "Advertisement",
        "Share this article",
        "Sign up for our newsletter",
        "© 2024 The Skarrow Mirror. All rights reserved.",
        "(Reporting by Ann Lee; Editing by Bo Roe)",
        "Read more: Ferry fares to rise",
        "Follow us on Twitter",
        "Related stories",
    ],
)
def test_a_line_of_furniture_goes_wherever_it_stands(line):
    article = from_text(f"{LEDE}\n\n{line}\n\n{LEDE.replace('Monday', 'Friday')}")
    assert [r.text for r in article.removed] == [line]
    assert line not in article.body


@pytest.mark.parametrize("line", ["“No.”", "He signed up for the army.", "Share prices fell.", "By noon it was over."])
def test_a_short_line_of_the_story_stays(line):
    assert (
        line
        in from_text(
            f"{LEDE}\n\n{LEDE.replace('Monday', 'Friday')}\n\n{line}\n\n{LEDE.replace('Monday', 'Sunday')}"
        ).body
    )


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.one_of(st.text(max_size=60), st.sampled_from(["Sign up", "Advertisement", LEDE, "NEW YORK (AP) — " + LEDE])),
        max_size=12,
    )
)
def test_any_text_is_read_with_valid_rising_offsets_and_cleaning_is_idempotent(lines):
    text = "\n\n".join(lines)
    try:
        article = from_text(text, any_language=True)
    except ArticleError:
        return
    for p in article.paragraphs:
        assert len(p.offsets) == len(p.text)
        assert all(0 <= a <= b < len(text) for a, b in zip(p.offsets, p.offsets[1:]))
    kept = "\n\n".join(p.text for p in article.paragraphs)
    assert not from_text(kept, any_language=True, clean=True).removed


def test_small_words_of_english_are_frequent_in_english_alone():
    """Where they are, py3langid is not asked: it would say the same."""
    wordfreq = pytest.importorskip("wordfreq")
    others = set(wordfreq.available_languages()) - {"en", "ja", "ko", "zh"}  # those need more packages
    shares = {code: sum(wordfreq.word_frequency(word, code) for word in ENGLISH) for code in others}
    assert len(others) > 30 and max(shares.values()) < SURELY_ENGLISH / 4, max(shares, key=lambda code: shares[code])


@pytest.mark.shared
def test_py3langid_agrees_where_it_is_not_asked(shared):
    import py3langid

    texts = [path.read_text("utf-8") for path in sorted((shared / "polnear" / "dev" / "text").iterdir())]
    sure = [text for text in texts if english_share(text[:5000]) >= SURELY_ENGLISH]
    assert len(sure) > 0.95 * len(texts) and all(py3langid.classify(text[:5000])[0] == "en" for text in sure)
    german = (SEEDS / "not-english.txt").read_text("utf-8")
    assert english_share(german) < 0.04 and english_share(f"{german} {texts[0][: len(german)]}") < SURELY_ENGLISH


@pytest.mark.parametrize(
    "note",
    [
        "• This article was amended on 5 June 2024. An earlier version said that the bridge had cost 300 million.",
        "Correction: An earlier version of this story misstated the year in which the bridge was built.",
        "An earlier version of this article incorrectly said that the mayor had voted.",
        "Editor’s note: The mayor’s name was misspelled in an earlier version.",
    ],
)
def test_a_note_on_a_correction_is_not_part_of_the_story(note):
    article = from_text(f"{LEDE}\n\n{LEDE} It said so twice.\n\n{note}")
    assert note not in [p.text for p in article.paragraphs]
    assert "correction-note" in [r.rule for r in article.removed]


@pytest.mark.parametrize(
    "sentence",
    [
        "The correction of the river's course, which began in May, has cost the county 300 million so far, he said.",
        "The version of the report that was amended in June said that the bridge was safe, and nobody had read it.",
    ],
)
def test_a_sentence_on_corrections_stays_in_the_story(sentence):
    assert sentence in [p.text for p in from_text(f"{LEDE}\n\n{sentence}\n\n{LEDE} So it did.").paragraphs]
