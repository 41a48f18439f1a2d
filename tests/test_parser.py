"""The quick pipeline says what spaCy's own says, token for token."""

from pathlib import Path
import random

import pytest
import spacy

from presslab.parsing import entities, lemmas, parser

ODD = [
    "",
    "  ",
    "He   said\n\n\tso.",
    "I'd've got it; there's you, me, and they gets 3½ % @x http://a.b",
    "Nothin' nuthin' gets got y'all ain't. Is there? There are. “Do”, did, has.",
    "¿\u200b\ufeff😀 l’eau",
]


@pytest.fixture(scope="module")
def plain():
    return spacy.load(parser.MODEL)


def said(nlp, texts):
    return [
        [
            (t.text, t.lemma_, t.pos_, t.tag_, t.dep_, str(t.morph), t.head.i, t.ent_type_, t.ent_iob_, t.is_sent_start)
            for t in doc
        ]
        for doc in nlp.pipe(texts, batch_size=64)
    ]


def paragraphs(folder: Path, most: int) -> list[str]:
    files = sorted(folder.glob("*.txt"))[:most]
    return [p for file in files for p in file.read_text("utf-8", "replace").split("\n\n")]


@pytest.mark.slow
def test_seeds_and_odd_strings(plain):
    texts = ODD + paragraphs(Path(__file__).parents[1] / "seeds", 40)
    assert said(parser.parser(), texts) == said(plain, texts)


@pytest.mark.slow
def test_real_articles(plain, shared):
    texts = paragraphs(shared / "polnear" / "dev" / "text", 12)
    assert said(parser.parser(), texts) == said(plain, texts)


def test_words_in_any_order(plain):
    """Shuffled words make entities that articles don't have: long ones, ones at the end, ones that break off."""
    chance = random.Random(7)
    words = [w for p in paragraphs(Path(__file__).parents[1] / "seeds", 40) for w in p.split()]
    texts = [" ".join(chance.choices(words, k=chance.randrange(1, 60))).title() for _ in range(150)]
    assert said(parser.parser(), texts) == said(plain, texts)


def test_what_is_remembered_outlives_a_memory_zone(plain):
    texts = ["The unsubstantiated howls were propounded, scamming poohed crossroads.", "Howls were propounded."]
    expected = said(plain, texts)
    for _ in range(2):
        with parser.parser().memory_zone():
            assert said(parser.parser(), texts) == expected


def test_a_recogniser_of_another_make_is_refused(plain):
    other = spacy.blank("en")
    other.add_pipe("beam_ner", name="ner").add_label("PERSON")
    other.initialize()
    with pytest.raises(ValueError, match="not the greedy one"):
        entities.Entities(other)


@pytest.mark.parametrize("pattern", [{"SHAPE": "Xx"}, {"LOWER": {"FUZZY": "word"}}])
def test_rules_that_cannot_be_remembered_are_refused(pattern):
    with pytest.raises(ValueError, match="attribute rules use (SHAPE|FUZZY)"):
        parser._tells_apart([pattern])


def test_what_is_remembered_does_not_grow_with_the_words():
    apart = parser._tells_apart(
        [{"LOWER": "gets", "TAG": "VBZ"}, {"LOWER": {"REGEX": "^n[ou]thin'$"}}, {"LOWER": {"IN": ["do"]}}]
    )
    assert [word for word in ("gets", "nuthin'", "do", "dog", "cow") if apart(word)] == ["gets", "nuthin'", "do"]


def test_a_lemmatizer_of_another_make_is_refused():
    other = spacy.blank("en")
    other.add_pipe("lemmatizer", config={"mode": "lookup"})
    with pytest.raises(ValueError, match="not the one by rules"):
        lemmas.Lemmas(other)


def test_lemmas_are_forgotten_before_they_are_too_many_and_stay_the_same(plain, monkeypatch):
    monkeypatch.setattr(lemmas, "HELD", 20)
    nlp = spacy.load(parser.MODEL)
    component = lemmas.Lemmas(nlp)
    texts = paragraphs(Path(__file__).parents[1] / "seeds", 6)
    expected = said(plain, texts)
    for _ in range(2):
        for text, wanted in zip(texts, expected):
            doc = nlp(text, disable=["lemmatizer"])
            assert [t.lemma_ for t in component(doc)] == [token[1] for token in wanted]
            assert len(component.known) <= 20 and len(component.before) <= 20
    assert component.before is not component.known
