"""Noun phrases of a document: their heads, their words, and whom a relative pronoun stands for."""

from __future__ import annotations

from bisect import bisect_right
import re

from presslab.parsing.document import Document
from presslab.parsing.phrases import phrase

OUTER = {"the", "a", "an", "his", "her", "their", "its", "our", "my", "this", "that", "these", "those"}
EDGES = ' ,;:“”"()-–—―<>[]|*•·'
BESIDE = re.compile(r"(?<=\w),? (?:himself|herself|itself|themselves|also|then|later|too)$")  # "Trump himself"
LONGEST = 120  # characters of a name that is no proper name
ABOUT = {"of", "from", "by", "for", "at", "in", "on", "with", "to"}


def key(text: str) -> str:
    """Return for comparison: lower case, no article or possessive in front, plain apostrophes."""
    words = text.lower().replace("’", "'").removesuffix("'s").split()
    while words and words[0] in OUTER:
        words = words[1:]
    return " ".join(words)


def shorter(text: str) -> str:
    """Return the phrase up to its first comma or relative clause ("a hacker who …", not "those who …"), without
    quotation marks, a leading "The" in small letters."""
    before = re.split(r"(?<!\bthose) (?:who|whose|which) ", re.split(r",(?!\d)", text)[0])[0]
    cut = re.sub(r"[“”\"]", "", before).strip()[:LONGEST] or text[:LONGEST]
    return re.sub(r"^(The|A|An|His|Her|Their|One|Some|Many) ", lambda m: m.group().lower(), cut)


def head_of(document: Document, tokens: list[int]) -> int:
    """Return the token that the others hang on: the first whose own head lies outside, punctuation left aside."""
    t = document.tokens
    inside = set(tokens)
    heads = [
        i
        for i in tokens
        if (t.head[i] not in inside or t.head[i] == i) and t.pos[i] not in ("PUNCT", "ADP", "CCONJ", "ADV")
    ]
    return heads[0] if heads else tokens[-1]


def plural(name: str) -> bool:
    """Return whether a phrase speaks of several, by the form of its head."""
    head = re.split(r" (?:of|in|at|from|for|who|that|with|on|to)\b|,", name)[0].split()
    last = head[-1].lower() if head else ""
    return (
        bool(re.search(r"[^s']s$", last))
        or last in ("people", "many", "some", "others", "they", "women", "men", "police")
        or " and " in name
    )


def plain(document: Document, start: int, end: int) -> str:
    """Return the words of a source without punctuation at the ends."""
    text = re.sub(r"\s+", " ", document.text[start:end]).strip(EDGES)
    text = re.split(r"[]|]?[•|] ", text)[-1]  # what stood before it in a list of links
    if "(" in text and ")" not in text:
        text = text.split("(")[0].strip(EDGES)
    text = BESIDE.sub("", text).removesuffix("’s").removesuffix("'s")
    return text if re.search(r"\w\.\w\.$|\b(?:Jr|Sr|Inc|Corp|Co)\.$", text) else text.removesuffix(".")


def last_word(name: str) -> str:
    words = re.split(r" (?:of|in|at|from|for|by|who|that|with|on|to|close|familiar)\b|,", name)[0].split()
    return words[-1].lower() if words else ""


STEPS = 3  # verbs up from a relative pronoun


def antecedent(document: Document, start: int, end: int) -> tuple[int, int]:
    """Return the noun phrase that a relative pronoun stands for ("a senior official who asked …"), otherwise
    the pronoun itself."""
    t = document.tokens
    place = bisect_right(t.start, start) - 1
    verb = t.head[place]
    for _ in range(STEPS):
        if t.dep[verb] == "relcl" or t.head[verb] == verb:
            break
        verb = t.head[verb]
    if t.dep[verb] != "relcl" or t.head[verb] > place:
        return start, end
    near = place - 2 if place > 1 and t.text[place - 1] == "," else place - 1
    if t.entity[near] in ("ORG", "PERSON") and near != t.head[verb] and t.pos[t.head[verb]] == "NOUN":
        return phrase(document, near)  # "a decision from the Board of Elections, which ruled"
    return phrase(document, t.head[verb])
