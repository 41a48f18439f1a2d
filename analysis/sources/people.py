"""The persons of an article: every name it gives, with titles and descriptions, joined to one entry each."""

from __future__ import annotations

from dataclasses import dataclass, field
import re

from rapidfuzz.distance import Levenshtein

from ..document import Document

WOMEN, MEN = {"mrs", "ms", "miss", "madam", "lady", "sister", "queen", "chairwoman", "congresswoman", "spokeswoman"}, {"mr", "sir", "lord", "king", "chairman", "congressman", "spokesman"}  # fmt: skip
NOT_NAMES = {"Twitter", "Facebook", "Brexit", "Obamacare", "Covid"}


@dataclass
class Person:
    """One named person: fullest name, other forms, what stands around the name, and where it is named."""

    name: str
    forms: set[str] = field(default_factory=set)
    descriptions: list[str] = field(default_factory=list)
    places: list[tuple[int, int]] = field(default_factory=list)
    women: int = 0
    men: int = 0

    @property
    def surname(self) -> str:
        """Last word of the name."""
        return self.name.split()[-1]

    @property
    def gender(self) -> str:
        """ "woman" or "man" where titles and pronouns of the article agree, else ""."""
        if self.women > 2 * self.men:
            return "woman"
        return "man" if self.men > 2 * self.women else ""


def roster(document: Document) -> list[Person]:
    """All persons that the article names, by first naming. Two of one surname stay two where first names differ."""
    people: list[Person] = []
    for start, end, text, description in _named(document):
        person = find(people, text)
        if person is None:
            person = Person(text)
            people.append(person)
        if len(text.split()) > len(person.name.split()):
            person.name = text
        person.forms.add(text)
        person.places.append((start, end))
        if description:
            person.descriptions.append(description)
            words = set(re.findall(r"\w+", description.lower()))
            person.women += bool(words & WOMEN)
            person.men += bool(words & MEN)
    return people


def find(people: list[Person], name: str) -> Person | None:
    """The person that a form names: same name, same surname with a fitting first name, or a spelling variant of it."""
    words = name.split()
    fitting = [p for p in people if name in p.forms or p.surname == words[-1] and _agree(p.name.split(), words)]
    if not fitting and len(words) == 1:
        fitting = [p for p in people if p.name.split()[0] == name and len(p.name.split()) > 1]
    if not fitting and len(words[-1]) >= 5:
        fitting = [p for p in people if is_variant(p.surname, words[-1]) and _agree(p.name.split(), words)]
    return fitting[-1] if fitting else None


def is_variant(a: str, b: str) -> bool:
    """Two spellings of a surname: one letter apart, same first letter, five letters or more."""
    return a != b and min(len(a), len(b)) >= 5 and a[0] == b[0] and Levenshtein.distance(a, b) == 1


def _agree(known: list[str], given: list[str]) -> bool:
    """First names don't contradict each other: one is missing, equal, or an initial of the other."""
    if len(known) == 1 or len(given) == 1:
        return True
    a, b = known[0].rstrip("."), given[0].rstrip(".")
    return a == b or a[:1] == b[:1] and (len(a) == 1 or len(b) == 1) or a.startswith(b) or b.startswith(a)


def _named(document: Document):
    """Each naming of a person: start, end, name without titles, and the words around that describe."""
    t = document.tokens
    i = 0
    while i < len(t):
        if t.entity[i] != "PERSON" or not t.text[i][:1].isupper():
            i += 1
            continue
        j = i + 1
        while j < len(t) and t.entity[j] == "PERSON" and not t.entity_start[j] and t.paragraph[j] == t.paragraph[i]:
            j += 1
        words = [k for k in range(i, j) if t.text[k] not in ("’s", "'s", "’", "'") and t.text[k][:1].isupper()]
        if words and t.text[words[-1]] not in NOT_NAMES and all(len(t.text[k]) > 1 for k in words[-1:]):
            first, last = words[0], words[-1]
            before = first
            while before > 0 and t.sentence[before - 1] == t.sentence[first] and (
                t.dep[before - 1] in ("compound", "amod", "nmod") and t.pos[before - 1] in ("PROPN", "NOUN", "ADJ")
                or t.text[before - 1] in ("Mr.", "Mrs.", "Ms.", "Dr.", "Sen.", "Rep.", "Gov.", "Gen.")
            ):
                before -= 1
            title = document.text[t.start[before] : t.start[first]].strip()
            yield t.start[first], t.end[last], document.text[t.start[first] : t.end[last]], " ".join(
                filter(None, [title, _apposition(document, last)])
            )
        i = j


def _apposition(document: Document, last: int) -> str:
    """What follows a name after a comma, up to the next comma or full stop: "deputy director of the Center …"."""
    t = document.tokens
    if last + 2 >= len(t) or t.text[last + 1] != "," or t.sentence[last + 2] != t.sentence[last]:
        return ""
    end = last + 2
    while end < len(t) and t.sentence[end] == t.sentence[last] and end - last < 22 and t.text[end] not in (",", ";", "“", '"', "—"):
        end += 1
    heads = [k for k in range(last + 2, end) if t.dep[k] in ("appos", "nsubj", "ROOT", "relcl", "attr", "conj", "pobj")]
    first = t.text[last + 2].lower()
    if not heads or t.tag[last + 2] in ("VBD", "VBZ", "CC", "PRP", "IN") or first in ("left", "right", "said", "says"):
        return ""
    return document.text[t.start[last + 2] : t.end[end - 1]]
