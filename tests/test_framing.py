"""What the framing measures promise, in a user's terms."""

from __future__ import annotations

import math

from analysis import framing
from analysis.article import Article, Paragraph
from analysis.document import Document, parse
from analysis.evidence import Measure
from analysis.framing import LexiconError, load_frame
import pytest


def document(text: str, title: str = "") -> Document:
    paragraphs = [Paragraph(p, (-1,) * len(p)) for p in text.split("\n\n") if p]
    if title:
        paragraphs.insert(0, Paragraph(title, (-1,) * len(title), "headline"))
    return parse(Article(id="t", text=text, paragraphs=tuple(paragraphs), title=title))


def measured(text: str, quoted: tuple[str, ...] = ()) -> dict[tuple[str, str], Measure]:
    doc = document(text)
    voices = ["journalist"] * len(doc.tokens)
    for stretch in quoted:
        start = text.index(stretch)
        for i, at in enumerate(doc.tokens.start):
            if start <= at < start + len(stretch):
                voices[i] = "quoted"
    return {(m.name, m.scope): m for m in framing.measure(doc, [], voices, [])}


def test_an_insult_in_a_quotation_is_not_the_journalists():
    found = measured('The mayor spoke on Monday. "It is an outrageous disgrace," he said.', ("It is an outrageous disgrace",))
    assert found["loaded_word_share", "journalist"].value == 0
    assert found["loaded_word_share", "quoted"].value > 0


def test_evidence_points_at_the_words_that_were_counted():
    text = "The senator accused the governor of blocking the bill."
    doc = document(text)
    found = framing.measure(doc, [], ["journalist"] * len(doc.tokens), [])
    conflict = next(m for m in found if m.name == "frame_conflict" and m.scope == "article")
    assert "accused" in [text[e.start : e.end] for e in conflict.evidence]


def test_a_denied_judgement_is_no_loaded_word():
    assert measured("The plan is not outrageous.")["loaded_word_share", "article"].value == 0


def test_an_empty_scope_has_no_value_and_says_why():
    quoted = measured("The council met on Monday.")["frame_conflict", "quoted"]
    assert math.isnan(quoted.value) and quoted.note


def test_a_repeated_word_cannot_carry_a_frame():
    many = measured("They fight and fight and fight and fight and fight and fight all day long.")
    few = measured("They fight and clash and quarrel and feud and accuse and blame all day long.")
    assert many["frame_conflict", "article"].value < few["frame_conflict", "article"].value


def test_every_share_lies_in_its_interval():
    text = "The law was passed by the Senate. Mistakes were made. He was outrageous. They clashed again.\n\n" * 4
    for m in measured(text).values():
        if not math.isnan(m.low):
            assert m.low - 1e-9 <= m.value <= m.high + 1e-9, m.name


def test_passives_are_counted_with_and_without_agent():
    found = measured("The law was passed by the Senate. Mistakes were made.")
    assert found["passive_count", "article"].value == 2
    assert found["passive_with_agent_count", "article"].value == 1
    assert found["agentless_passive_share", "article"].value == 0.5


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("terms: []", "own.yaml:5: a list of terms is empty"),
        ("terms: [war, war]", "own.yaml:5: duplicate term “war”"),
        ("words: [war]", "own.yaml:5: unknown key “words”"),
        ("terms: [war/VRB]", "own.yaml:5: unknown part of speech “VRB”"),
        ("terms:\n  - {term: war, wieght: 2}", "own.yaml:6: unknown key “wieght”"),
        ("terms:\n  - {term: war, weight: heavy}", "own.yaml:6: weight must be a number"),
        ("terms: [a*]", "own.yaml:5: “a*” matches too much"),
    ],
)
def test_a_faulty_frame_is_refused_with_file_and_line(tmp_path, change, message):
    file = tmp_path / "own.yaml"
    file.write_text(f"name: own\nlabel: Own\nquestion: Is it?\nsource: me\n{change}\n", "utf-8")
    with pytest.raises(LexiconError) as error:
        load_frame(file)
    assert str(error.value).startswith(message)


def test_a_word_does_not_count_in_the_contexts_it_excludes(tmp_path):
    file = tmp_path / "own.yaml"
    file.write_text(
        "name: own\nlabel: Own\nquestion: Is it?\nsource: me\nterms:\n  - {term: war/NOUN, unless: [trade war]}\n", "utf-8"
    )
    frame = load_frame(file)
    table = framing.check(frame, [document("A trade war looms."), document("The war goes on.")])
    assert table.loc[0, "matches"] == 1 and table.loc[0, "articles"] == 1
