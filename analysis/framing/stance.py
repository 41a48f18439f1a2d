"""Reporting-verb stance: which classes of cue words a text uses when it attributes."""

from __future__ import annotations

from bisect import bisect_left
import math

from ..attribution import Attribution
from ..document import Document
from ..evidence import Evidence, Measure, wilson

CLASSES = ("neutral", "doubt", "certainty", "argument", "conflict", "demand", "mental")


def stance(document: Document, attributions: list[Attribution], voices: list[str]) -> list[Measure]:
    """Share of each cue class among the attributions that have a cue.

    Scope article: all of them; journalist: those whose cue is the journalist's own word ("he claimed"), not one inside
    a quotation or reported content.
    """
    starts = document.tokens.start
    cued = [a for a in attributions if a.cue]
    own = [a for a in cued if voices[min(bisect_left(starts, a.cue[0][0]), len(voices) - 1)] == "journalist"]
    result = []
    for scope, chosen in (("article", cued), ("journalist", own)):
        for name in CLASSES:
            inside = [a for a in chosen if a.cue_class == name]
            low, high = wilson(len(inside), len(chosen))
            share = len(inside) / len(chosen) if chosen else math.nan
            evidence = tuple(Evidence(s, e, name) for a in inside for s, e in a.cue)
            note = "" if chosen else "no attribution with a cue"
            result.append(Measure(f"stance_{name}_share", scope, share, low, high, len(chosen), evidence, note))
    return result
