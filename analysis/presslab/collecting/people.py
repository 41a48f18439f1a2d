"""The same source in many articles: names joined across a collection."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

import pandas as pd

from presslab.comparison.people import SMALL, alike, is_known, only_one, words_of
from presslab.measures.sources import Source

NO_TITLE = {"of", "campaign", "team", "administration"}  # "campaign of Hillary Clinton" is not she


def joined(sources: pd.DataFrame) -> list[str]:
    """Return for each row of sources (source, type, gender, named) the name it has in the whole collection; "" if
    nobody can tell it from others (unnamed, collective).

    Names are joined as in a comparison of few articles (`compare.people.match`), but only those are compared with
    each other that end alike or are each other's initials, since thousands of names can't all be; the name is the
    most frequent one of more than one word.
    """
    people = [Source(r.source, r.type, gender=r.gender or "", named=bool(r.named)) for r in sources.itertuples()]
    words = [tuple(words_of(p.name)) for p in people]
    known = [is_known(p) and bool(w) for p, w in zip(people, words)]
    keys = [tuple(w.lower() for w in ws) if k else () for ws, k in zip(words, known)]
    counts = Counter(keys)
    first = {key: i for i, key in reversed(list(enumerate(keys))) if key}
    parent = {key: key for key in first}

    def root(key: tuple[str, ...]) -> tuple[str, ...]:
        while parent[key] != key:
            key = parent[key]
        return key

    for block in _blocks(first, words):
        spelt = [list(words[first[key]]) for key in block]
        for j, mine in enumerate(block):
            for theirs in block[:j]:
                a, b = people[first[mine]], people[first[theirs]]
                one, two = list(words[first[mine]]), list(words[first[theirs]])
                how = alike(a, b, one, two)
                if how == "title before the name" and NO_TITLE & {w.lower() for w in one + two}:
                    continue
                if how and (how != "surname" or only_one(one, two, spelt)) and root(mine) != root(theirs):
                    parent[root(mine)] = root(theirs)
    members = defaultdict(list)
    for key in first:
        members[root(key)].append(key)
    spellings: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    for key, ws in zip(keys, words):
        spellings[key][" ".join(ws)] += 1
    names: dict[tuple[str, ...], str] = {}
    for group in members.values():
        best = min(group, key=lambda key: (len(key) == 1, -counts[key], -len(key), key))
        name = min(spellings[best], key=lambda s: (-spellings[best][s], s))
        names |= dict.fromkeys(group, name)
    return [names.get(key, "") for key in keys]


def _blocks(first: dict[tuple[str, ...], int], words: list[tuple[str, ...]]) -> Iterator[list[tuple[str, ...]]]:
    """Yield names that may be one source's: those with the same last word, and initials with what they may stand
    for."""
    last, initials = defaultdict(list), defaultdict(list)
    for key, place in first.items():
        last[key[-1]].append(key)
        spelt = words[place]
        if len(spelt) == 1 and spelt[0].isupper() and len(spelt[0]) > 1:
            initials[spelt[0]].append(key)
        elif len(spelt) > 1:
            initials["".join(w[0] for w in spelt if w.lower() not in SMALL).upper()].append(key)
    for block in last.values():
        if len(block) > 1:
            yield sorted(block)
    for block in initials.values():
        short = [key for key in block if len(key) == 1]
        if short and len(block) == len(short) + 1:  # initials of two names could stand for either
            yield sorted(short) + [key for key in block if len(key) > 1]
