"""Reporting-verb stance: which classes of cue words a text uses when it attributes."""

from __future__ import annotations

from bisect import bisect_left
from itertools import combinations
import math
from typing import TYPE_CHECKING

from presslab.parsing.document import Document

from ..attribution import Attribution
from ..measure import Evidence, Measure
from ..sources import Source
from ..statistics import wilson
from ..statistics.mover import mover_difference

if TYPE_CHECKING:
    import pandas as pd  # imported where a table is built: measuring does without

# class in the measure's name → class in data/cues.yaml
CLASSES = {
    "neutral": "neutral",
    "doubt": "claim_doubt",
    "certainty": "certainty",
    "argument": "argument",
    "conflict": "conflict",
    "demand": "demand_commit",
    "mental": "mental",
}


def stance(document: Document, attributions: list[Attribution], voices: list[str]) -> list[Measure]:
    """Measure the share of each cue class among the attributions that have a cue.

    Scope article: all of them; journalist: those whose cue is the journalist's own word ("he claimed"), not one inside
    a quotation or reported content.
    """
    starts = document.tokens.start
    cued = [a for a in attributions if a.cue]
    own = [a for a in cued if voices[min(bisect_left(starts, a.cue[0][0]), len(voices) - 1)] == "journalist"]
    result = []
    for scope, chosen in (("article", cued), ("journalist", own)):
        for name, cue_class in CLASSES.items():
            inside = [a for a in chosen if a.cue_class == cue_class]
            low, high = wilson(len(inside), len(chosen))
            share = len(inside) / len(chosen) if chosen else math.nan
            evidence = tuple(Evidence(s, e, name) for a in inside for s, e in a.cue)
            note = "" if chosen else "no attribution with a cue"
            result.append(Measure(f"stance_{name}_share", scope, share, low, high, len(chosen), evidence, note))
    return result


def stance_by(attributions: list[Attribution], sources: list[Source], side: str = "type") -> pd.DataFrame:
    """Compare how sides are reported: return the share of each cue class among the attributions of each.

    `side` is the field of Source that defines the sides ("type" or "name"). Columns: side, cue_class, count,
    attributions, share, low, high (Wilson). Sides with more attributions come first; only classes that occur on some
    side are listed."""
    import pandas as pd

    groups: dict[str, list[Attribution]] = {}
    for source in sources:
        own = [attributions[i] for i in source.attributions if attributions[i].cue]
        groups.setdefault(getattr(source, side), []).extend(own)
    present = {a.cue_class for group in groups.values() for a in group}
    used = [name for name in CLASSES if CLASSES[name] in present]
    rows = []
    for name in sorted((n for n in groups if groups[n]), key=lambda n: (-len(groups[n]), n)):
        for cue_class in used:
            count, total = sum(a.cue_class == CLASSES[cue_class] for a in groups[name]), len(groups[name])
            rows.append((name, cue_class, count, total, count / total, *wilson(count, total)))
    return pd.DataFrame(rows, columns=["side", "cue_class", "count", "attributions", "share", "low", "high"])


def stance_differences(table: pd.DataFrame, most: int = 3) -> pd.DataFrame:
    """Return the differences of shares between the `most` largest sides of `stance_by`, with 95 % intervals (Newcombe
    1998).

    Columns: cue_class, side, other, difference, low, high, comparisons (how many were made, so that a reader can allow
    for having looked many times)."""
    import pandas as pd

    rows = []
    for cue_class, group in table.groupby("cue_class", sort=False):
        for (_, a), (_, b) in combinations(list(group.iterrows())[:most], 2):
            ends = ((row["share"], row["low"], row["high"]) for row in (a, b))
            rows.append((cue_class, a["side"], b["side"], *mover_difference(*ends)))
    pairs = pd.DataFrame(rows, columns=["cue_class", "side", "other", "difference", "low", "high"])
    return pairs.assign(comparisons=len(pairs))
