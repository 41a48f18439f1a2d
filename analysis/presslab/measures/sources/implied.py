"""Sources that a sentence leaves out: whom a relative pronoun stands for, whose words go on without being named."""

from __future__ import annotations

from bisect import bisect_right

from presslab.parsing.document import Document

from ..attribution import Attribution
from .entries import Entry
from .heard import Heard
from .person_names import SUBJECTS
from .phrases import phrase, tokens_in

ATTACHED = {"xcomp", "advcl", "conj"}
STEPS = 3  # verbs up from a cue or a pronoun


def implied(heard: Heard, attribution: Attribution) -> tuple[int, int] | None:
    """Return the subject of the clause that a cue without one hangs on ("…, saying that"), or, for a quotation
    without a cue, the person who is the subject of the sentence before it; None if there is none."""
    if attribution.cue:
        return _subject_of_cue(heard.document, attribution)
    if attribution.kind == "indirect" or not attribution.content:
        return None
    return _subject_before(heard, min(s for s, _ in attribution.content))


def _subject_of_cue(document: Document, attribution: Attribution) -> tuple[int, int] | None:
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
    """Return the noun phrase of a subject, or the name beside it ("the aide, Ann Lee, …")."""
    t = document.tokens
    names = [k for k in range(noun + 1, min(noun + 8, len(t))) if t.head[k] == noun and t.dep[k] == "appos"]
    return phrase(document, names[0] if names and t.entity[names[0]] == "PERSON" else noun)


def _subject_before(heard: Heard, start: int) -> tuple[int, int] | None:
    """Return the person who is the subject of the sentence before a quotation, if that sentence ends in a colon or
    nobody has been heard since it began."""
    document, t = heard.document, heard.document.tokens
    place = bisect_right(t.start, start) - 1
    before = t.sentence[place] - 1
    earlier = [i for i in range(max(0, place - 60), place) if t.sentence[i] == before and t.quote[i] < 0]
    subjects = [i for i in earlier if t.dep[i] == "nsubj" and t.dep[t.head[i]] == "ROOT"]
    if not subjects or t.paragraph[place] - t.paragraph[subjects[0]] > 1:
        return None
    first, last = phrase(document, subjects[0])
    named = any(first <= a < last for person in heard.people for a, _ in person.places)
    if not named and t.text[subjects[0]].lower() not in ("he", "she"):
        return None
    colon = document.text[:start].rstrip("“\"‘' \n")[-1:] == ":"
    fresh = not heard.last or heard.last.mentions[-1].start < t.start[earlier[0]]
    return (first, last) if colon or fresh else None


def goes_on(heard: Heard, last: Entry, attribution: Attribution) -> bool:
    """Return whether this is a quotation without a source right after the last speaker's words: in the same sentence
    or the next, and in the same paragraph or the next; not after "Asked whether", where somebody else asks."""
    t, said = heard.document.tokens, heard.attributions[last.attributions[-1]]
    cue = tokens_in(heard.document, attribution.cue[0][0], attribution.cue[-1][1]) if attribution.cue else []
    if cue and t.tag[cue[0]] == "VBN" and t.lemma[cue[0]] == "ask":
        return False
    start = min(s for s, _ in attribution.content or attribution.cue)
    end = max(e for part in (said.source, said.cue, said.content) for _, e in part)
    here, there = (bisect_right(t.start, place) - 1 for place in (start, end - 1))
    return t.sentence[here] - t.sentence[there] in (0, 1) and t.paragraph[here] - t.paragraph[there] in (0, 1)
