"""The persons of an article: every name it gives, with titles and descriptions, joined to one entry each."""

from __future__ import annotations

import re

from presslab.parsing.document import Document

from .epithets import apposition, predicates, title
from .person import Person, find
from .person_names import after_a_role, entities, first_names, mislabelled, surnames, titled, usual_gender

COURTESY = {"Mr.": "man", "Mr": "man", "Mrs.": "woman", "Mrs": "woman", "Ms.": "woman", "Ms": "woman"}
HEADS_OF_STATE = ("President", "Chancellor", "Premier")
WOMEN = frozenset(
    "mrs ms miss madam lady sister queen princess chairwoman congresswoman spokeswoman businesswoman councilwoman"
    " assemblywoman alderwoman woman girl wife widow mother daughter aunt grandmother actress duchess baroness"
    " dame".split()
)
MEN = frozenset(
    "mr sir lord king prince chairman congressman spokesman businessman councilman assemblyman alderman man boy husband"
    " widower father son brother uncle grandfather actor duke baron".split()
)


def roster(document: Document) -> list[Person]:
    """Return all persons that the article names, by first naming. Two of one surname stay two where first names
    differ.

    Beside the entities that the recogniser calls persons: words after a title, and a surname alone, or two or three
    capitals whose last word stands alone elsewhere, whatever it took them for.
    """
    people: list[Person] = []
    spans = entities(document)
    spans += [s for s in titled(document, spans) if s not in spans]
    roles = [role for _, _, role in document.paragraphs]
    for first, last in sorted(spans, key=lambda span: (roles[document.tokens.paragraph[span[0]]] == "headline", span)):
        _add(document, people, first, last)  # headlines last: their capitals mislead
    taken = {i for first, last in spans for i in range(first, last + 1)}
    for first, last in [*mislabelled(document, people, taken), *after_a_role(document, taken)]:
        _add(document, people, first, last)
        taken |= set(range(first, last + 1))
    for i in surnames(document, people, taken):
        _add(document, people, i, i)
    for person in [p for p in people if len(p.name.split()) == 1]:
        full = [q for q in people if person.name in q.name.split()[1:-1]]
        if len(full) == 1:  # the first of two surnames, met before the full name
            _join(full[0], person)
            people.remove(person)
    for person in people:
        person.places.sort()
    return sorted(people, key=lambda p: p.places[0])


def _add(document: Document, people: list[Person], first: int, last: int) -> None:
    """Note a naming, of a person known already or of a new one."""
    t = document.tokens
    if document.role(t.paragraph[first]) == "headline":
        first, last = _in_headline(document, people, first, last)
    text = re.sub(
        r" ?[“\"(][^”\")]*[”\")]", "", document.text[t.start[first] : t.end[last]]
    ).strip()  # William “Mo” Cowan
    if not text:  # all of the "name" stood in brackets or quotation marks
        return
    if text.isupper() and len(text) > 3:
        text = text.title()  # a headline or label in capitals
    person = find(_fitting(document, people, first), text, t.start[first])
    if person is None:
        person = Person(text)
        people.append(person)
    if len(text.split()) > len(person.name.split()):
        person.name = text
    person.forms.add(text)
    person.places.append((t.start[first], t.end[last]))
    before, after = title(document, first), apposition(document, last)
    person.descriptions += filter(None, [" ".join(filter(None, [before, after])), *predicates(document, last)])
    near = set(re.findall(r"\w+", f"{before} {re.split(r' (?:of|for|to|in|at|who|from) ', after)[0]}".lower()))
    person.women += bool(near & WOMEN and not near & MEN)
    person.men += bool(near & MEN and not near & WOMEN)


def _fitting(document: Document, people: list[Person], first: int) -> list[Person]:
    """Return whom a name can mean by the title before it: "Mr. Obama" is not Malia, nor is "President Obama" a woman
    whom the article never calls president."""
    before = document.tokens.text[first - 1] if first else ""
    gender = COURTESY.get(before, "")
    if gender:
        return [p for p in people if (p.gender or usual_gender(p.name)) in ("", gender)]
    if before in HEADS_OF_STATE:
        return [p for p in people if before.lower() in p.known_by or usual_gender(p.name) != "woman"]
    return people


def _in_headline(document: Document, people: list[Person], first: int, last: int) -> tuple[int, int]:
    """Return first and last token of a known name in a headline, whose capitals run on into their surroundings
    ("Glenn Beck Blasts Drudge", "Derelict Obama")."""
    t = document.tokens
    names = {p.name.lower() for p in people} | {p.surname.lower() for p in people}
    for length in range(last - first, -1, -1):
        for start in range(first, last - length + 1):
            if document.text[t.start[start] : t.end[start + length]].lower() in names:
                before = start - (start > first and t.text[start - 1] in first_names())
                return before, start + length
    return first, last


def _join(person: Person, other: Person) -> None:
    person.forms |= other.forms
    person.descriptions += other.descriptions
    person.places += other.places
    person.women, person.men = person.women + other.women, person.men + other.men
