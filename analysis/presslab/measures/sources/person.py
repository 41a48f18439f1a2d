"""One named person of an article: the forms of the name, and whom a form means."""

from __future__ import annotations

from dataclasses import dataclass, field
import re

from rapidfuzz.distance import Levenshtein

SUFFIXES = frozenset("Jr. Jr Sr. Sr II III IV".split())


@dataclass(eq=False)
class Person:
    """One named person: fullest name, other forms, what stands around the name, where it is named, and how often titles
    and pronouns of the article speak of a woman or of a man."""

    name: str
    forms: set[str] = field(default_factory=set)
    descriptions: list[str] = field(default_factory=list)
    places: list[tuple[int, int]] = field(default_factory=list)
    women: int = 0
    men: int = 0

    @property
    def surname(self) -> str:
        """Last word of the name, without "Jr."."""
        return _surname(self.name.split())

    @property
    def gender(self) -> str:
        """ "woman" or "man" where titles and pronouns of the article agree, otherwise ""."""
        if self.women > 2 * self.men:
            return "woman"
        return "man" if self.men > 2 * self.women else ""

    @property
    def known_by(self) -> set[str]:
        """Lower-case words that the article describes the person with ("R-Texas" as "r" and "texas")."""
        return {w for d in self.descriptions for w in re.findall(r"[\w’']+", d.lower())}


def find(people: list[Person], name: str, before: int | None = None) -> Person | None:
    """Return the person that a form names: same name, same surname with a fitting first name, or a spelling variant
    of it.

    Of several of one surname, the one named most often `before` that place; without it the last in the list.
    """
    fitting = _fitting(people, name)
    if len(fitting) > 1 and before is not None:
        earlier = {id(p): sum(start < before for start, _ in p.places) for p in fitting}
        return max(fitting, key=lambda p: (earlier[id(p)], len(p.places), p.places[-1] if p.places else (0, 0)))
    return fitting[-1] if fitting else None


def _fitting(people: list[Person], name: str) -> list[Person]:
    """Return the people that a form may name, by the first way that gives any."""
    words = name.split()
    single, surname = len(words) == 1, _surname(words)
    ways = (
        lambda p: p.name == name,
        lambda p: name in p.forms or p.surname == surname and _agree(p.name.split(), words),
        lambda p: _ends(p.name.split(), words) or _ends(words, p.name.split()),
        lambda p: single and p.name.split()[0] == name and len(p.name.split()) > 1,
        # the first of two surnames: "Ms. Acosta" of Melba Acosta Febo
        lambda p: single and len(name) > 2 and name in p.name.split()[1:-1],
        lambda p: len(surname) >= 5 and is_variant(p.surname, surname) and _agree(p.name.split(), words),
    )
    return next((fitting for way in ways if (fitting := [p for p in people if way(p)])), [])


def _ends(whole: list[str], part: list[str]) -> bool:
    """Return whether a name ends with two or more words that are a name as well ("Suu Kyi" of "Aung San Suu Kyi")."""
    return 1 < len(part) < len(whole) and whole[-len(part) :] == part


def is_variant(a: str, b: str) -> bool:
    """Return whether these are two spellings of a surname: one letter apart, same first letter, five letters or
    more."""
    return a != b and min(len(a), len(b)) >= 5 and a[0] == b[0] and Levenshtein.distance(a, b) == 1


def _surname(words: list[str]) -> str:
    plain = [w for w in words if w not in SUFFIXES] or words
    return plain[-1].rstrip(",")


def _agree(one: list[str], other: list[str]) -> bool:
    """Return whether first names don't contradict each other: one is missing, equal, or an initial of the other."""
    if len(one) == 1 or len(other) == 1:
        return True
    a, b = one[0].rstrip("."), other[0].rstrip(".")
    return a == b or a[:1] == b[:1] and (len(a) == 1 or len(b) == 1) or a.startswith(b) or b.startswith(a)
