"""Sources that a sentence leaves out: whom a relative pronoun stands for, whose words go on without being named."""

from __future__ import annotations

from bisect import bisect_right

from presslab.parsing.phrases import phrase, tokens_in

from ..attribution import Attribution
from .entries import Entry
from .heard import Heard


def implied(heard: Heard, attribution: Attribution) -> tuple[int, int] | None:
    """Return for a quotation without a cue the person who is the subject of the sentence before it; None if there is
    none."""
    if attribution.cue or attribution.kind == "indirect" or not attribution.content:
        return None
    return _subject_before(heard, min(s for s, _ in attribution.content))


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
