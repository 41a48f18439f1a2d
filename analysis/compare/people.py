"""The same source in several articles: who of one is who of another."""

from __future__ import annotations

from dataclasses import dataclass
import re

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from ..sources import Source

NO_ONE_IN_PARTICULAR = {"unnamed", "collective", "unresolved"}
INSTITUTIONS = {"government", "military_police", "international", "business"}  # "the police" is the same police in all articles
TITLES = set(
    "mr mrs ms miss dr prof professor sir lady lord dame sen senator rep representative gov governor gen general col colonel "
    "lt sgt capt captain president vice mayor minister secretary chancellor judge justice chief the a an".split()
)
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


def match(articles: list[list[Source]]) -> list[Joint]:
    """All sources of all articles, the same one only once, most attributed words first.

    Matched are names: equal, a surname that only one full name has, a first name shortened or an initial, one letter
    apart, or an organisation's initials. Institutions without a name ("the police") match by equal words. Unnamed and
    collective sources ("residents") are never matched: nobody knows whether they are the same people.
    """
    items = [(number, source) for number, found in enumerate(articles) for source in found]
    words = [_words(source.name) for _, source in items]
    groups = list(range(len(items)))
    hows = [""] * len(items)

    def root(i: int) -> int:
        while groups[i] != i:
            i = groups[i]
        return i

    known = [_is_known(source) for _, source in items]
    for j, (number, _) in enumerate(items):
        candidates = [i for i in range(len(items)) if known[i] and known[j] and items[i][0] != number and root(i) != root(j)]
        for i in candidates:
            if root(i) == root(j):
                continue
            how = _alike(items[i][1], items[j][1], words[i], words[j])
            if how == "surname" and not _only_one(words[i], words[j], [w for w, k in zip(words, known) if k]):
                continue
            if how:
                groups[max(root(i), root(j))] = min(root(i), root(j))
                hows[i], hows[j] = hows[i] or how, hows[j] or how
    joined: dict[int, list[int]] = {}
    for i in range(len(items)):
        joined.setdefault(root(i), []).append(i)
    found = [_joint([items[i] for i in group], [hows[i] for i in group], known[group[0]]) for group in joined.values()]
    return sorted(found, key=lambda j: (-sum(p.source.words for p in j.places), j.name, j.places[0].article))


def _is_known(source: Source) -> bool:
    if source.type in NO_ONE_IN_PARTICULAR:
        return source.named and source.type != "collective" and bool(re.search(r"[A-Z]", source.name))
    return source.named or source.type in INSTITUTIONS


def _words(name: str) -> list[str]:
    """A name's words without titles, articles, possessives and dots."""
    plain = re.sub(r"['’]s\b", "", name.replace(".", ""))
    found = re.findall(r"[\w'’&-]+", plain)
    while len(found) > 1 and found[0].lower() in TITLES:
        found = found[1:]
    return found


def _alike(a: Source, b: Source, mine: list[str], theirs: list[str]) -> str:
    """How two names are the same one's, or ""."""
    if not mine or not theirs:
        return ""
    one, two = [w.lower() for w in mine], [w.lower() for w in theirs]
    if one == two:
        return "same name"
    if not (a.named and b.named) or _genders_differ(a, b):
        return ""
    short, long = sorted((mine, theirs), key=len)
    if len(short) == 1:
        if short[0].isupper() and len(short[0]) > 1:
            initials = "".join(w[0] for w in long if w.lower() not in SMALL)
            return "initials" if len(long) > 1 and initials.upper() == short[0] else ""
        return "surname" if len(long) > 1 and long[-1].lower() == short[0].lower() and _is_person(long) else ""
    if not (_is_person(mine) and _is_person(theirs)):
        close = len(one) == len(two) and fuzz.ratio(" ".join(one), " ".join(two)) >= ALIKE
        return "spelling variant" if close else ""
    same_last = one[-1] == two[-1]
    if same_last and (one[0][0] == two[0][0]) and (len(one[0]) == 1 or len(two[0]) == 1 or one[0].startswith(two[0]) or two[0].startswith(one[0])):
        return "short first name"
    variant = min(len(one[-1]), len(two[-1])) >= 5 and one[-1][0] == two[-1][0] and Levenshtein.distance(one[-1], two[-1]) == 1
    return "spelling variant" if one[0] == two[0] and variant else ""


def _is_person(words: list[str]) -> bool:
    """Two to four capitalised words without of, for, and: so look names of persons; organisations' last words don't help."""
    return 2 <= len(words) <= 4 and all(w[0].isupper() for w in words) and words[-1].lower() not in ENDINGS


ENDINGS = set(
    "committee department ministry office agency council party union association institute university center centre company "
    "corporation group house senate court police force news times post journal report foundation bank commission service "
    "campaign republicans democrats administration government board bureau fund league times authority".split()
)


def _only_one(a: list[str], b: list[str], names: list[list[str]]) -> bool:
    """Do all full names that end in this surname begin alike (one person)?"""
    surname = min((a, b), key=len)[0].lower()
    firsts = {w[0].lower() for w in names if len(w) > 1 and w[-1].lower() == surname}
    return len(firsts) == 1


def _genders_differ(a: Source, b: Source) -> bool:
    return bool(a.gender and b.gender and a.gender != b.gender)


def _joint(members: list[tuple[int, Source]], hows: list[str], known: bool) -> Joint:
    names = sorted((source.name for _, source in members), key=lambda n: (-len(n.split()), -len(n), n))
    types: dict[str, int] = {}
    for _, source in members:
        if source.type != "unresolved":
            types[source.type] = types.get(source.type, 0) + 1
    kind = max(types, key=lambda t: (types[t], t), default="unresolved")
    places = tuple(Place(number, source, how) for (number, source), how in zip(members, hows))
    return Joint(names[0], kind, known, places)
