"""The same source in many articles: names joined across a collection."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

import pandas as pd

from presslab.comparison.full_names import (
    PARTICLES,
    Words,
    is_first_name,
    is_slip,
    is_titled,
    may_be_one,
    without_suffix,
    words_of,
)
from presslab.comparison.own_people import NOBODY, OWN, OwnPeople, spelling
from presslab.comparison.people import SMALL, alike
from presslab.measures.sources import Source

from .spelt import Key, Row, gender_of, rows_of
from .surnames import AMBIGUOUS, Surnames

SLIP_OF = 3  # a name that is misspelt in one article is spelt right in so many


def joined(sources: pd.DataFrame, own: OwnPeople = NOBODY) -> list[str]:
    """Return for each row of sources the name it has in the whole collection; "" if nobody can tell it from others
    (unnamed, collective). See `join`."""
    return list(join(sources, own)["joint"])


def join(sources: pd.DataFrame, own: OwnPeople = NOBODY) -> pd.DataFrame:
    """Return for each row of sources (source, type, gender, named; if there: id, outlet, role, mentions) its `joint`
    name in the whole collection, and `how` it came under that name.

    `joint` is the most frequent spelling of more than one word; "" if nobody can tell the source from others. `how` is
    "" for that spelling itself, AMBIGUOUS for a name that could be several people's and so stays apart, OWN for what
    the user's file says.

    Full names are one person's if surnames are equal and first and middle names fit (`full_names.may_be_one`), each
    with each: a name that fits two who are not one ("George Bush") stays apart. X and X Jr. are one unless one article
    or one outlet has both. A surname alone is the only person's who has it; of several it is the one whom Mr. or Mrs.,
    an office (President), or the same article's full name leaves. What the user's file says comes first. The order of
    rows doesn't matter.
    """
    rows = rows_of(sources)
    names, hows = [""] * len(rows), [""] * len(rows)
    keys: dict[Key, list[Row]] = defaultdict(list)
    for row in rows:
        if row.known and row.key:
            keys[row.key].append(row)
    for same in keys.values():
        same.sort(key=lambda r: (r.shown, r.article))
    full = {key for key, same in keys.items() if all(r.is_person for r in same)}
    people = _people({key: keys[key] for key in full}, own)
    others = _others({key: same for key, same in keys.items() if key not in full}, own)
    _titled(people, others, keys, own)
    _initials(people, others, keys, own)
    groups = {key: group for group in [*people, *others] for key in group}
    shown = {key: _name(group, keys, own) for key, group in groups.items()}
    finder = Surnames(people, keys)
    for i, row in enumerate(rows):
        mine = own.names.get(" ".join(row.key), "") if row.key else ""
        if mine:
            names[i] = mine
            hows[i] = "" if spelling(mine) == " ".join(row.key) else OWN
        elif row.known and row.key:
            names[i] = shown[row.key]
            hows[i] = _how(row, names[i]) if len(groups[row.key]) > 1 or row.shown != names[i] else ""
            if row.is_bare and row.key not in full and len(groups[row.key]) == 1:
                person, how = finder.of(row)
                if person and not any(own.are_apart(" ".join(row.key), " ".join(key)) for key in person):
                    names[i], hows[i] = shown[person[0]], how
                else:
                    hows[i] = how if not person else ""
            elif row.key in full and len(groups[row.key]) == 1 and finder.is_ambiguous(row.key):
                hows[i] = AMBIGUOUS
    return pd.DataFrame({"joint": names, "how": hows}, index=sources.index)


def _people(keys: dict[Key, list[Row]], own: OwnPeople) -> list[list[Key]]:
    """Return the full names as groups, one per person."""
    blocks: dict[str, list[Key]] = defaultdict(list)
    for key in sorted(keys):
        blocks[without_suffix(key)[0][-1]].append(key)
    groups = []
    for block in blocks.values():
        bases = _bases(block, keys, own)
        cliques = list(_cliques([key for key in block if key not in bases], keys, own))
        groups += [group + [key for key in bases if bases[key] in group] for group in cliques]
    return _by_own(groups, own)


def _bases(block: list[Key], keys: dict[Key, list[Row]], own: OwnPeople) -> dict[Key, Key]:
    """Return for names with more before a whole name ("Historian Alan Brinkley") that name, and for two surnames
    ("Guajardo Villarreal") the only name that they end."""
    bases: dict[Key, Key] = {}
    for long in block:
        shorter = [key for key in block if is_titled(keys[long][0].words, keys[key][0].words) and key not in bases]
        shorter = [key for key in shorter if not own.are_apart(" ".join(long), " ".join(key))]
        if shorter and long not in bases.values():
            if is_first_name(shorter[0][0]) and shorter[0][0] not in PARTICLES:
                bases[long] = max(shorter, key=len)
    for short in block:
        longer = [key for key in block if is_titled(keys[key][0].words, keys[short][0].words) and key not in bases]
        if len(longer) == 1 and short not in bases and short not in bases.values() and longer[0] not in bases:
            if not own.are_apart(" ".join(short), " ".join(longer[0])):
                bases[short] = longer[0]
    return bases


def _cliques(block: list[Key], keys: dict[Key, list[Row]], own: OwnPeople) -> Iterator[list[Key]]:
    """Yield groups of names of one surname, all of which fit each other. A name that fits two that don't fit each
    other belongs to none."""
    fits = _fitting(block, keys, own)
    clear = {a for a in block if all(c == b or c in fits[b] for b in fits[a] for c in fits[a])}
    left = list(block)
    while left:
        group = [left[0]]
        if left[0] in clear:
            group += [key for key in left[1:] if key in fits[left[0]] and key in clear]
        left = [key for key in left if key not in group]
        yield group


def _fitting(block: list[Key], keys: dict[Key, list[Row]], own: OwnPeople) -> dict[Key, set[Key]]:
    """Return for each name of a block those that may be the same person's."""
    fits: dict[Key, set[Key]] = {key: set() for key in block}
    for j, a in enumerate(block):
        for b in block[:j]:
            if _fit(keys[a], keys[b], own):
                fits[a].add(b)
                fits[b].add(a)
    return fits


def _fit(one: list[Row], other: list[Row], own: OwnPeople) -> bool:
    """Return whether two full names may be one person's, by the names and by what the articles say."""
    a, b = one[0], other[0]
    mine, theirs = " ".join(a.key), " ".join(b.key)
    if own.are_apart(mine, theirs):
        return False
    if own.names.get(mine) and own.names.get(mine) == own.names.get(theirs):
        return True
    if not may_be_one(a.words, b.words):
        return False
    if a.key[0] != b.key[0] and {gender_of(one), gender_of(other)} == {"man", "woman"}:
        return False
    if is_slip(a.key[0], b.key[0]):
        few, many = sorted(len({row.article for row in rows}) for rows in (one, other))
        if few > 1 or many < SLIP_OF:
            return False
    if (without_suffix(a.key)[1] == "") != (without_suffix(b.key)[1] == "") and a.key[0] == b.key[0]:
        # Donald Trump and Donald Trump Jr.
        places = [({r.article for r in rows}, {r.outlet for r in rows}) for rows in (one, other)]
        return not (places[0][0] & places[1][0] or places[0][1] & places[1][1])
    return True


def _by_own(groups: list[list[Key]], own: OwnPeople) -> list[list[Key]]:
    """Return groups, those put together that the user's file has under one name."""
    by_name: dict[str, list[Key]] = {}
    rest = []
    for group in groups:
        mine = {own.names[" ".join(key)] for key in group if " ".join(key) in own.names}
        if mine:
            by_name.setdefault(min(mine), []).extend(group)
        else:
            rest.append(group)
    return [*map(sorted, by_name.values()), *rest]


def _others(keys: dict[Key, list[Row]], own: OwnPeople) -> list[list[Key]]:
    """Return what is no full name of a person as groups: organisations with their initials and spelling variants,
    surnames alone."""
    parent = {key: key for key in keys}

    def root(key: Key) -> Key:
        while parent[key] != key:
            key = parent[key]
        return key

    for block in _blocks(keys):
        for j, mine in enumerate(block):
            for theirs in block[:j]:
                a, b = keys[mine][0], keys[theirs][0]
                source = (Source("", a.type), Source("", b.type))
                how = alike(*source, list(a.words), list(b.words))
                if how in ("initials", "spelling variant") and not own.are_apart(" ".join(mine), " ".join(theirs)):
                    first, second = sorted((root(mine), root(theirs)))
                    parent[second] = first
    members: dict[Key, list[Key]] = defaultdict(list)
    for key in sorted(keys):
        members[root(key)].append(key)
    return _by_own(list(members.values()), own)


def _blocks(keys: dict[Key, list[Row]]) -> Iterator[list[Key]]:
    """Yield names that may be one source's: those with the same last word, and initials with what they stand for."""
    last, initials = defaultdict(list), defaultdict(list)
    for key, rows in keys.items():
        words = rows[0].words
        last[key[-1]].append(key)
        if len(words) == 1 and words[0].isupper() and len(words[0]) > 1:
            initials[words[0]].append(key)
        elif len(words) > 1:
            initials[_initials_of(words)].append(key)
    for block in last.values():
        if len(block) > 1:
            yield sorted(block)
    for block in initials.values():
        short = [key for key in block if len(key) == 1]
        if short and len(block) == len(short) + 1:  # initials of two names could stand for either
            yield sorted(short) + [key for key in block if len(key) > 1]


def _titled(
    people: list[list[Key]], others: list[list[Key]], keys: dict[Key, list[Row]], own: OwnPeople
) -> None:  # fmt: skip
    """Move names with an office in words ("Director of Roads Alan Brinkley") from the others to the person."""
    place = {key: group for group in people for key in group}
    for group in [g for g in others if len(g) == 1 and len(g[0]) > 3]:
        (key,) = group
        words = keys[key][0].words
        fits = (place[key[-n:]] for n in (4, 3, 2) if key[-n:] in place and is_titled(words, words[-n:]))
        person = next(fits, None)
        if person and not any(own.are_apart(" ".join(key), " ".join(k)) for k in person):
            person.append(key)
            others.remove(group)


def _initials(people: list[list[Key]], others: list[list[Key]], keys: dict[Key, list[Row]], own: OwnPeople) -> None:
    """Move initials that stand alone to the only name that looks like a person's and has them ("AP", "Associated
    Press")."""
    place: dict[str, list[list[Key]]] = defaultdict(list)
    for group in people:
        for initials in sorted({_initials_of(keys[key][0].words) for key in group}):
            place[initials].append(group)
    for group in [g for g in others if len(g) == 1 and len(g[0]) == 1]:
        word = keys[group[0]][0].words[0]
        fitting = place[word] if word.isupper() and len(word) > 1 else []
        if len(fitting) == 1 and not any(own.are_apart(" ".join(group[0]), " ".join(key)) for key in fitting[0]):
            fitting[0].append(group[0])
            others.remove(group)


def _initials_of(words: Words) -> str:
    return "".join(w[0] for w in words if w.lower() not in SMALL).upper()


def _name(group: list[Key], keys: dict[Key, list[Row]], own: OwnPeople) -> str:
    """Return the name of a group: the user's, otherwise the most frequent spelling, of several words if there is
    one, and of a whole first name."""
    mine = {own.names[" ".join(key)] for key in group if " ".join(key) in own.names}
    if mine:
        return min(mine)

    def rank(key: Key) -> tuple:
        office = key[0] in PARTICLES or any(_is_with_office(key, other) for other in group)
        return len(key) == 1, office, len(key[0]) == 1, -len(keys[key]), -len(key), key

    best = min(group, key=rank)
    spellings = Counter(row.shown for row in keys[best])
    return min(spellings, key=lambda s: (-spellings[s], s))


def _is_with_office(key: Key, other: Key) -> bool:
    """Return whether a name is another one of the group with what the person is before it."""
    before = len(key) - len(other)
    return before > 0 and key[before:] == other and (before > 1 or is_first_name(other[0])) and len(other) > 1


def _how(row: Row, name: str) -> str:
    """Return how a spelling came under a name."""
    theirs = tuple(words_of(name))
    other = tuple(w.lower() for w in theirs)
    if row.key == other:
        return ""
    if is_titled(theirs, row.words):
        return "surname"
    how = alike(Source("", row.type), Source("", row.type), list(row.words), list(theirs))
    if how == "short first name" and row.key[0] == other[0] or not how and row.key[-1:] == other[-1:]:
        return "middle name or initial"
    if not how and without_suffix(row.key) != without_suffix(other):
        return "with or without Jr."
    return how or "same name"
