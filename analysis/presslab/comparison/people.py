"""The same source in several articles: who of one is who of another."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
import re
import unicodedata

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from presslab.measures.sources import Source
from presslab.system.plain_yaml import packaged

NO_ONE_IN_PARTICULAR = {"unnamed", "collective", "unresolved"}
# "the police" is the same police in all articles
INSTITUTIONS = {
    "government",
    "military_police",
    "international",
    "business",
}
TITLES = set(
    "mr mrs ms miss dr prof professor sir lady lord dame sen senator rep representative gov governor gen general col"
    " colonel lt sgt capt captain president vice mayor minister secretary chancellor judge justice chief the a"
    " an".split()
)
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


def match(articles: list[list[Source]]) -> list[Joint]:
    """Return all sources of all articles, the same one only once, most attributed words first.

    Matched are names: equal but for titles and accents, a surname that only one full name has, a first name
    shortened (also as in data/nicknames.yaml) or an initial, one letter apart, or an organisation's initials.
    Institutions without a name ("the police") match by equal words. Unnamed and collective sources ("residents")
    are never matched: nobody knows whether they are the same people.
    """
    items = [(number, source) for number, people in enumerate(articles) for source in people]
    words = [words_of(source.name) for _, source in items]
    groups = list(range(len(items)))
    hows = [""] * len(items)

    def root(i: int) -> int:
        while groups[i] != i:
            i = groups[i]
        return i

    known = [is_known(source) for _, source in items]
    bare = [not k and len(w) == 1 and w[0][:1].isupper() for k, w in zip(known, words)]  # may be a surname: "Harf"
    for j, (number, _) in enumerate(items):
        for i in range(len(items)):
            if items[i][0] == number or root(i) == root(j) or not (known[i] or known[j]):
                continue
            if not all(known[k] or bare[k] for k in (i, j)):
                continue
            how = alike(items[i][1], items[j][1], words[i], words[j])
            if how != "surname" and not (known[i] and known[j]):
                continue
            if how == "surname" and not only_one(words[i], words[j], [w for w, k in zip(words, known) if k]):
                continue
            if how:
                groups[max(root(i), root(j))] = min(root(i), root(j))
                hows[i], hows[j] = hows[i] or how, hows[j] or how
    members: dict[int, list[int]] = {}
    for i in range(len(items)):
        members.setdefault(root(i), []).append(i)
    joints = [
        _joint([items[i] for i in group], [hows[i] for i in group], any(known[i] for i in group))
        for group in members.values()
    ]
    return sorted(joints, key=lambda j: (-sum(p.source.words for p in j.places), j.name, j.places[0].article))


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


def words_of(name: str) -> list[str]:
    """Return a name's words without titles, articles, possessives and dots."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name.replace(".", "")) if not unicodedata.combining(c))
    plain = re.sub(r"['’]s\b", "", plain)
    words = re.findall(r"[\w'’&-]+", plain)
    while len(words) > 1 and words[0].lower() in TITLES:
        words = words[1:]
    return words


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
        return "surname" if len(long) > 1 and long[-1].lower() == short[0].lower() and _is_person(long) else ""
    if _is_person(short) and len(long) > len(short) and long[-len(short) :] == short and not set(long) & RELATED:
        return "title before the name"
    if not (_is_person(mine) and _is_person(theirs)):
        close = len(one) == len(two) and fuzz.ratio(" ".join(one), " ".join(two)) >= ALIKE
        return "spelling variant" if close else ""
    if one[-1] == two[-1]:
        if _short_for(one[0], two[0]) or _short_for(two[0], one[0]):
            return "short first name"
        return "spelling variant" if _one_letter(one[0], two[0]) else ""
    return "spelling variant" if one[0] == two[0] and _one_letter(one[-1], two[-1]) else ""


def _one_letter(a: str, b: str) -> bool:
    """Return whether both have five letters or more, the same first one, and differ in one letter."""
    return min(len(a), len(b)) >= 5 and a[0] == b[0] and Levenshtein.distance(a, b) == 1


@lru_cache(maxsize=1)
def nicknames() -> dict[str, frozenset[str]]:
    """Return short forms by first name, lower case (data/nicknames.yaml)."""
    table = packaged("nicknames.yaml")
    return {name.lower(): frozenset(forms) for name, forms in table.items()}


def _short_for(short: str, first: str) -> bool:
    """Return whether one first name is an initial, the beginning or a usual short form of the other, or the same."""
    return first.startswith(short) or short in nicknames().get(first, ())


def _is_person(words: list[str]) -> bool:
    """Return whether there are two to four capitalised words without of, for, and: so look names of persons;
    organisations' last words don't help."""
    return 2 <= len(words) <= 4 and all(w[0].isupper() for w in words) and words[-1].lower() not in ENDINGS


# "a lawyer for Jane Roe" is not Jane Roe
RELATED = {
    "for",
    "to",
    "by",
    "with",
    "and",
    "from",
    "who",
    "that",
    "about",
    "in",
    "on",
}
ENDINGS = set(
    "committee department ministry office agency council party union association institute university center centre"
    " company corporation group house senate court police force news times post journal report foundation bank"
    " commission service campaign republicans democrats administration government board bureau fund league times"
    " authority".split()
)


def only_one(a: list[str], b: list[str], names: list[list[str]]) -> bool:
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
