"""The same source in several articles: who of one is who of another."""

from __future__ import annotations

from dataclasses import dataclass
import re

from rapidfuzz import fuzz

from presslab.measures.sources import Source

from .full_names import is_person, is_titled, may_be_one, misspelt, without_suffix, words_of
from .own_people import NOBODY, OWN, OwnPeople

NO_ONE_IN_PARTICULAR = {"unnamed", "collective", "unresolved"}
# "the police" is the same police in all articles
INSTITUTIONS = {
    "government",
    "military_police",
    "international",
    "business",
}
SOME = set("a an some several many most other one two three four five six seven eight nine ten".split())
SMALL = {"of", "the", "and", "for", "on", "in", "to"}
ALIKE = 92  # of 100, by rapidfuzz.fuzz.ratio, for names of several words


@dataclass(frozen=True)
class Place:
    """One article's entry for a source: number of the article, the source there, and how it was matched."""

    article: int
    source: Source
    how: str


@dataclass(frozen=True)
class Joint:
    """One who is heard in one article or several. `name` is the fullest name, `type` the one that most articles give;
    `known` False: not to be told apart from others (unnamed, collective), so never matched."""

    name: str
    type: str
    known: bool
    places: tuple[Place, ...]


def match(articles: list[list[Source]], own: OwnPeople = NOBODY) -> list[Joint]:
    """Return all sources of all articles, the same one only once, most attributed words first.

    Matched are names: equal but for titles and accents, a surname that only one full name has, a first name
    shortened (also as in data/nicknames.yaml) or an initial, one letter apart, or an organisation's initials.
    Institutions without a name ("the police") match by equal words. Unnamed and collective sources ("residents")
    are never matched: nobody knows whether they are the same people. No name comes to another through a third one
    that fits both ("George Bush"), and what the user's file of people says comes first.
    """
    items = [(number, source) for number, people in enumerate(articles) for source in people]
    groups = _Groups([source for _, source in items], own)
    words, known = groups.words, groups.known
    bare = [not k and len(w) == 1 and w[0][:1].isupper() for k, w in zip(known, words)]  # may be a surname: "Harf"
    full = [w for w, k in zip(words, known) if k]
    for j, (number, _) in enumerate(items):
        for i in range(len(items)):
            if items[i][0] == number or groups.root(i) == groups.root(j) or not (known[i] or known[j]):
                continue
            if not all(known[k] or bare[k] for k in (i, j)):
                continue
            how = alike(items[i][1], items[j][1], words[i], words[j])
            if how != "surname" and not (known[i] and known[j]):
                continue
            if how == "surname" and not only_one(words[i], words[j], full):
                continue
            if how:
                groups.join(i, j, how)
    joints = [
        _joint([items[i] for i in group], [groups.hows[i] for i in group], any(known[i] for i in group), owner)
        for group, owner in groups.all()
    ]
    return sorted(joints, key=lambda j: (-sum(p.source.words for p in j.places), j.name, j.places[0].article))


class _Groups:
    """Sources by number, in groups of those that are one; at first each is alone, but for what the user joined."""

    def __init__(self, sources: list[Source], own: OwnPeople) -> None:
        self.own = own
        self.words = [words_of(source.name) for source in sources]
        self.keys = [" ".join(words).lower() for words in self.words]
        self.owners = [own.names.get(key, "") for key in self.keys]
        self.known = [is_known(source) or bool(owner) for source, owner in zip(sources, self.owners)]
        self.hows = [""] * len(sources)
        self.parent = list(range(len(sources)))
        self.members = {i: [i] for i in self.parent}
        for owner in sorted(set(self.owners) - {""}):
            first, *rest = [i for i, other in enumerate(self.owners) if other == owner]
            for i in rest:
                self._put_together(first, i)
            for i in (first, *rest) if rest else ():
                self.hows[i] = "" if owner == sources[i].name else OWN

    def root(self, i: int) -> int:
        """Return the number of the group's first source."""
        while self.parent[i] != i:
            i = self.parent[i]
        return i

    def join(self, i: int, j: int, how: str) -> None:
        """Put the groups of two sources together, unless one of these is not one of those."""
        first, second = sorted((self.root(i), self.root(j)))
        for a in self.members[first]:
            for b in self.members[second]:
                if _are_two(self.words[a], self.words[b]) or self.own.are_apart(self.keys[a], self.keys[b]):
                    return
        self._put_together(first, second)
        self.hows[i], self.hows[j] = self.hows[i] or how, self.hows[j] or how

    def _put_together(self, first: int, second: int) -> None:
        self.parent[second] = first
        self.members[first] += self.members.pop(second)

    def all(self) -> list[tuple[list[int], str]]:
        """Return the sources of each group, and the name that the user gave it or ""."""
        return [
            (sorted(group), next((self.owners[i] for i in group if self.owners[i]), ""))
            for group in self.members.values()
        ]


def is_known(source: Source) -> bool:
    """Return whether the source can be told apart from others. Not "a White House official", "White House
    officials", "residents"."""
    words = source.name.split()
    some = not words or words[0].lower() in SOME or (words[-1][:1].islower() and words[-1].endswith("s"))
    if some:
        return False
    if source.type in NO_ONE_IN_PARTICULAR:
        return source.named and source.type != "collective" and bool(re.search(r"[A-Z]", source.name))
    return source.named or source.type in INSTITUTIONS


def alike(a: Source, b: Source, mine: list[str], theirs: list[str]) -> str:
    """Return how two names are the same one's, or ""."""
    if not mine or not theirs:
        return ""
    one, two = [w.lower() for w in mine], [w.lower() for w in theirs]
    if one == two:
        return "same name"
    if _genders_differ(a, b):
        return ""
    short, long = sorted((mine, theirs), key=len)
    if len(short) == 1:
        if short[0].isupper() and len(short[0]) > 1:
            initials = "".join(w[0] for w in long if w.lower() not in SMALL)
            return "initials" if len(long) > 1 and initials.upper() == short[0] else ""
        return "surname" if len(long) > 1 and long[-1].lower() == short[0].lower() and is_person(long) else ""
    if is_person(short) and is_titled(tuple(long), tuple(short)):
        return "title before the name"
    if not (is_person(mine) and is_person(theirs)):
        if re.findall(r"\d+", " ".join(one)) != re.findall(r"\d+", " ".join(two)):
            return ""  # the 3rd and the 6th Circuit
        close = len(one) == len(two) and fuzz.ratio(" ".join(one), " ".join(two)) >= ALIKE
        return "spelling variant" if close else ""
    if one[-1] == two[-1]:
        if not may_be_one(tuple(mine), tuple(theirs)):
            return ""
        return "spelling variant" if misspelt(one[0], two[0]) else "short first name"
    return "spelling variant" if one[0] == two[0] and misspelt(one[-1], two[-1]) else ""


def only_one(a: list[str], b: list[str], names: list[list[str]]) -> bool:
    """Do all full names that end in this surname begin alike (one person)?"""
    surname = min((a, b), key=len)[0].lower()
    plain = [without_suffix(tuple(words))[0] for words in names]
    firsts = {w[0].lower() for w in plain if len(w) > 1 and w[-1].lower() == surname}
    return len(firsts) == 1


def _genders_differ(a: Source, b: Source) -> bool:
    return bool(a.gender and b.gender and a.gender != b.gender)


def _are_two(mine: list[str], theirs: list[str]) -> bool:
    """Return whether two names are full ones of persons, of one surname, and not one person's."""
    one, two = tuple(mine), tuple(theirs)
    if (
        not (is_person(one) and is_person(two))
        or without_suffix(one)[0][-1].lower() != without_suffix(two)[0][-1].lower()
    ):
        return False
    return not may_be_one(one, two)


def _joint(members: list[tuple[int, Source]], hows: list[str], known: bool, own: str = "") -> Joint:
    names = sorted((source.name for _, source in members), key=lambda n: (-len(n.split()), -len(n), n))
    types: dict[str, int] = {}
    for _, source in members:
        if source.type != "unresolved":
            types[source.type] = types.get(source.type, 0) + 1
    kind = max(types, key=lambda t: (types[t], t), default="unresolved")
    places = tuple(Place(number, source, how) for (number, source), how in zip(members, hows))
    return Joint(own or names[0], kind, known, places)
