"""The source of a cue that has no subject of its own: "…, saying that", "… and added", are the words of the subject of
the clause they hang on."""

from __future__ import annotations

from dataclasses import replace

from presslab.parsing.document import Document
from presslab.parsing.phrases import phrase, tokens_in

from .spans import Attribution

ATTACHED = {"xcomp", "advcl", "conj"}
SUBJECTS = {"nsubj", "nsubjpass"}
STEPS = 3  # verbs up from a cue
NOBODY = frozenset("it there this that what".split())


def completed(document: Document, attribution: Attribution) -> Attribution:
    """Return an attribution with the subject of its clause as its source if it has a cue and no source. The same words
    may thus be the source of several attributions."""
    if attribution.source or not attribution.cue:
        return attribution
    found = _subject(document, attribution)
    if found is None or document.text[found[0] : found[1]].lower() in NOBODY:
        return attribution
    return replace(attribution, source=(found,))


def _subject(document: Document, attribution: Attribution) -> tuple[int, int] | None:
    """Return the subject of the clause that a cue hangs on; None if there is none, or another one speaks."""
    t = document.tokens
    tokens = tokens_in(document, attribution.cue[0][0], attribution.cue[-1][1])
    tops = (i for i in tokens if t.head[i] not in tokens or t.head[i] == i)
    verb = next((i for i in tops if t.pos[i] in ("VERB", "AUX")), -1)

    def subject(of: int, reach: int) -> int:
        """Return the last subject of a verb that lies outside the content, -1 if there is none."""
        subjects = [k for k in range(max(0, of - reach), of) if t.head[k] == of and t.dep[k] == "nsubj"]
        inside = subjects and any(s <= t.start[subjects[-1]] < e for s, e in attribution.content)
        return subjects[-1] if subjects and not inside else -1

    if (own := subject(verb, 12)) >= 0:
        return _named(document, own)  # the network left the source out
    if verb >= 0 and t.tag[verb] == "VBN" and t.dep[verb] == "advcl":
        return None  # "Asked whether …": somebody else asks
    for _ in range(STEPS):
        if verb < 0 or t.dep[verb] not in ATTACHED:
            return None
        if any(t.head[k] == verb and t.dep[k] in SUBJECTS for k in range(max(0, verb - 12), verb)):
            return None
        up = t.head[verb]
        if t.dep[verb] == "xcomp" and any(t.head[k] == up and t.dep[k] == "dobj" for k in range(up, verb)):
            return None  # "prompted him to say": the object speaks
        if (above := subject(up, 60)) >= 0:
            return _named(document, above)
        verb = up
    return None


def _named(document: Document, noun: int) -> tuple[int, int]:
    """Return the noun phrase of a subject, or the name beside it ("the aide, Ann Lee, …"), to the end of the name."""
    t = document.tokens
    names = [k for k in range(noun + 1, min(noun + 8, len(t))) if t.head[k] == noun and t.dep[k] == "appos"]
    noun = names[0] if names and t.entity[names[0]] == "PERSON" else noun
    start, end = phrase(document, noun)
    last = noun
    while last + 1 < len(t) and t.entity[last + 1] == t.entity[noun] != "" and not t.entity_start[last + 1]:
        last += 1
    return start, max(end, t.end[last])
