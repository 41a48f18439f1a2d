"""What an article says of a person beside the name: "Texas Sen.", "deputy director of the Center …", "R-Texas"."""

from __future__ import annotations

import re

from presslab.parsing.document import Document

from .person_names import SUBJECTS, TITLES

ABOUT = {"compound", "amod", "nmod"}


def title(document: Document, first: int) -> str:
    """Return the words of the same noun phrase before a name: "Texas Sen.", "former Secretary of State"."""
    t, before = document.tokens, first
    while (
        before > 0
        and t.sentence[before - 1] == t.sentence[first]
        and (
            t.dep[before - 1] in ABOUT and t.pos[before - 1] in ("PROPN", "NOUN", "ADJ") or t.text[before - 1] in TITLES
        )
    ):
        before -= 1
    near = first - 1
    if t.dep[first] == "appos" or (near >= 0 and t.text[near] == "," and t.dep[t.head[first]] == "appos"):
        noun = t.head[first] if t.dep[first] == "appos" else t.head[t.head[first]]
        if t.pos[noun] == "NOUN" and noun < first and first - noun < 8:
            start = noun  # "the Texas senator, Ted Cruz"
            while start > 0 and t.head[start - 1] == noun and t.dep[start - 1] in (*ABOUT, "poss"):
                start -= 1
            return document.text[t.start[start] : t.end[noun]]
    return document.text[t.start[before] : t.start[first]].strip()


def apposition(document: Document, last: int) -> str:
    """Return what follows a name after a comma or in brackets, up to the next one: "deputy director of the Center
    …", "R-Texas"."""
    t = document.tokens
    if last + 2 >= len(t) or t.text[last + 1] not in (",", "(") or t.sentence[last + 2] != t.sentence[last]:
        return ""
    end = last + 2
    while (
        end < len(t)
        and t.sentence[end] == t.sentence[last]
        and end - last < 22
        and t.text[end] not in (",", ";", "“", '"', "—", ")")
    ):
        end += 1
    heads = [k for k in range(last + 2, end) if t.dep[k] in ("appos", "nsubj", "ROOT", "relcl", "attr", "conj", "pobj")]
    first = t.text[last + 2].lower()
    party = re.match(r"[RDI]-", document.text[t.start[last + 2] : t.end[end - 1]])
    if party:
        return document.text[t.start[last + 2] : t.end[end - 1]]
    clause = next((k for k in range(last + 2, end) if t.tag[k] in ("VBD", "VBZ", "VBP")), end)
    if clause < end and not any(t.tag[k] in ("WP", "WDT", "WP$") for k in range(last + 2, clause)):
        return ""  # not a description but the next clause: "…, the newspaper wrote"
    if not heads or t.tag[last + 2] in ("VBD", "VBZ", "CC", "PRP", "IN") or first in ("left", "right", "said", "says"):
        return ""
    return document.text[t.start[last + 2] : t.end[end - 1]]


def predicates(document: Document, last: int) -> list[str]:
    """Return what the article says that a person is: "X is the mayor", "X, who was president of Mexico"."""
    t = document.tokens
    verb = (
        t.head[last]
        if t.dep[last] in SUBJECTS
        else next((k for k in range(last + 1, min(last + 6, len(t))) if t.dep[k] == "relcl" and t.head[k] == last), -1)
    )
    if verb < 0 or t.lemma[verb] != "be":
        return []
    nouns = [
        k
        for k in range(verb + 1, min(verb + 12, len(t)))
        if t.head[k] == verb and t.dep[k] == "attr" and t.pos[k] == "NOUN"
    ]
    return [document.text[t.start[verb + 1] : t.end[k]] for k in nouns[:1] if t.sentence[k] == t.sentence[last]]
