"""The persons of an article: every name it gives, with titles and descriptions, joined to one entry each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
import re

from rapidfuzz.distance import Levenshtein

from presslab.parsing.document import Document

from .nouns import is_human

WOMEN = frozenset(
    "mrs ms miss madam lady sister queen princess chairwoman congresswoman spokeswoman businesswoman councilwoman"
    " assemblywoman alderwoman woman girl wife widow mother daughter aunt grandmother actress duchess baroness"
    " dame".split()
)
MEN = frozenset(
    "mr sir lord king prince chairman congressman spokesman businessman councilman assemblyman alderman man boy husband"
    " widower father son brother uncle grandfather actor duke baron".split()
)
TITLES = frozenset(
    "Mr. Mrs. Ms. Miss Dr. Sen. Rep. Gov. Gen. Lt. Col. Capt. Sgt. Rev. Prof. Sens. Reps. Mr Mrs Ms Dr Sen Rep Gov"
    " President Senator Governor Congressman Congresswoman Representative Mayor Judge Justice Secretary Chancellor"
    " Premier".split()
)
SUFFIXES = frozenset("Jr. Jr Sr. Sr II III IV".split())
NOT_NAMES = frozenset(
    "Twitter Facebook Brexit Obamacare ObamaCare Covid Instagram YouTube Snapchat Republican Democrat Democratic"
    " Congress".split()
)
NO_FIRST = {"ADP", "DET", "CCONJ", "SCONJ", "PRON", "PUNCT"}
ABOUT = {"compound", "amod", "nmod"}
SUBJECTS = {"nsubj", "nsubjpass"}


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


def roster(document: Document) -> list[Person]:
    """Return all persons that the article names, by first naming. Two of one surname stay two where first names
    differ.

    Beside the entities that the recogniser calls persons: words after a title, and a surname alone, or two or three
    capitals whose last word stands alone elsewhere, whatever it took them for.
    """
    people: list[Person] = []
    spans = _entities(document)
    spans += [s for s in _titled(document, spans) if s not in spans]
    roles = [role for _, _, role in document.paragraphs]
    for first, last in sorted(spans, key=lambda span: (roles[document.tokens.paragraph[span[0]]] == "headline", span)):
        _add(document, people, first, last)  # headlines last: their capitals mislead
    taken = {i for first, last in spans for i in range(first, last + 1)}
    for first, last in [*_mislabelled(document, people, taken), *_after_a_role(document, taken)]:
        _add(document, people, first, last)
        taken |= set(range(first, last + 1))
    for i in _surnames(document, people, taken):
        _add(document, people, i, i)
    for person in [p for p in people if len(p.name.split()) == 1]:
        full = [q for q in people if person.name in q.name.split()[1:-1]]
        if len(full) == 1:  # the first of two surnames, met before the full name
            _join(full[0], person)
            people.remove(person)
    for person in people:
        person.places.sort()
    return sorted(people, key=lambda p: p.places[0])


def find(people: list[Person], name: str, before: int | None = None, gender: str = "") -> Person | None:
    """Return the person that a form names: same name, same surname with a fitting first name, or a spelling variant
    of it.

    Of several of one surname, the one named most often `before` that place; without it the last in the list. A
    `gender` that a title gives ("Mr. Obama") keeps out those of whom the article says otherwise.
    """
    words = name.split()
    people = [p for p in people if not gender or p.gender in ("", gender)]
    surname = _surname(words)
    fitting = [p for p in people if p.name == name]
    if not fitting:
        fitting = [p for p in people if name in p.forms or p.surname == surname and _agree(p.name.split(), words)]
    if not fitting and len(words) == 1:
        fitting = [p for p in people if p.name.split()[0] == name and len(p.name.split()) > 1]
    if not fitting and len(words) == 1:  # the first of two surnames: "Ms. Acosta" of Melba Acosta Febo
        fitting = [p for p in people if name in p.name.split()[1:-1] and len(name) > 2]
    if not fitting and len(surname) >= 5:
        fitting = [p for p in people if is_variant(p.surname, surname) and _agree(p.name.split(), words)]
    if len(fitting) > 1 and before is not None:
        return max(fitting, key=lambda p: (len(p.places), p.places[-1] if p.places else (0, 0)))
    return fitting[-1] if fitting else None


def is_variant(a: str, b: str) -> bool:
    """Return whether these are two spellings of a surname: one letter apart, same first letter, five letters or
    more."""
    return a != b and min(len(a), len(b)) >= 5 and a[0] == b[0] and Levenshtein.distance(a, b) == 1


def _surname(words: list[str]) -> str:
    plain = [w for w in words if w not in SUFFIXES] or words
    return plain[-1].rstrip(",")


def _agree(known: list[str], given: list[str]) -> bool:
    """Return whether first names don't contradict each other: one is missing, equal, or an initial of the other."""
    if len(known) == 1 or len(given) == 1:
        return True
    a, b = known[0].rstrip("."), given[0].rstrip(".")
    return a == b or a[:1] == b[:1] and (len(a) == 1 or len(b) == 1) or a.startswith(b) or b.startswith(a)


def _add(document: Document, people: list[Person], first: int, last: int) -> None:
    """Note a naming, of a person known already or of a new one."""
    t = document.tokens
    if document.role(t.paragraph[first]) == "headline":
        last = _in_headline(document, people, first, last)
    text = re.sub(
        r" ?[“\"(][^”\")]*[”\")]", "", document.text[t.start[first] : t.end[last]]
    ).strip()  # William “Mo” Cowan
    if not text:  # all of the "name" stood in brackets or quotation marks
        return
    if text.isupper() and len(text) > 3:
        text = text.title()  # a headline or label in capitals
    person = find(
        people,
        text,
        t.start[first],
        {"Mr.": "man", "Mrs.": "woman", "Ms.": "woman"}.get(t.text[first - 1] if first else "", ""),
    )
    if person is None:
        person = Person(text)
        people.append(person)
    if len(text.split()) > len(person.name.split()):
        person.name = text
    person.forms.add(text)
    person.places.append((t.start[first], t.end[last]))
    title, after = _title(document, first), _apposition(document, last)
    person.descriptions += filter(None, [" ".join(filter(None, [title, after])), *_predicates(document, last)])
    near = set(re.findall(r"\w+", f"{title} {re.split(r' (?:of|for|to|in|at|who|from) ', after)[0]}".lower()))
    person.women += bool(near & WOMEN and not near & MEN)
    person.men += bool(near & MEN and not near & WOMEN)


def _in_headline(document: Document, people: list[Person], first: int, last: int) -> int:
    """Return the last token of a name in a headline, whose capitals run on into the verb ("Glenn Beck Blasts
    Drudge")."""
    t = document.tokens
    names = {p.name.lower() for p in people} | {p.surname.lower() for p in people}
    for end in range(last, first - 1, -1):
        if document.text[t.start[first] : t.end[end]].lower() in names:
            return end
    return last


def _join(person: Person, other: Person) -> None:
    person.forms |= other.forms
    person.descriptions += other.descriptions
    person.places += other.places
    person.women, person.men = person.women + other.women, person.men + other.men


def _entities(document: Document) -> list[tuple[int, int]]:
    """Return first and last token of each entity that is called a person, without "'s", "the" and words that are no
    name."""
    t, found, i = document.tokens, [], 0
    while i < len(t):
        if t.entity[i] != "PERSON" or not t.text[i][:1].isupper():
            i += 1
            continue
        j = i + 1
        while j < len(t) and t.entity[j] == "PERSON" and not t.entity_start[j] and t.paragraph[j] == t.paragraph[i]:
            j += 1
        cut = next((k for k in range(i, j) if t.text[k] in ("’s", "'s", "’", "'")), j)
        # "London’s Raheem Kassam", "Romney’s Medicare"
        words = list(range(cut + 1, j)) if j - cut > 2 else list(range(i, cut))
        while words and (
            not t.text[words[0]][:1].isupper() or t.text[words[0]] in TITLES or t.pos[words[0]] in NO_FIRST
        ):
            words.pop(0)
        while words and (not t.text[words[-1]][:1].isupper() or t.tag[words[-1]] in ("VBD", "VBZ") and len(words) > 1):
            words.pop()
        if (
            words
            and t.text[words[-1]][:1] not in '“"'
            and words[-1] + 2 < len(t)
            and any(t.text[k] in '“"' for k in words)
        ):
            after = words[-1] + 1  # a nickname in quotation marks: the surname comes after it
            if t.text[after] in '”"' and t.pos[after + 1] == "PROPN":
                words += [after, after + 1]
        if words and not _no_name(document, words):
            found.append((words[0], words[-1]))
        i = j
    return found


def _no_name(document: Document, words: list[int]) -> bool:
    t = document.tokens
    last, before = t.text[words[-1]], words[0] - 1
    article = before >= 0 and t.text[before].lower() in ("the", "a", "an") and words[0] <= t.head[before] <= words[-1]
    return (
        last in NOT_NAMES
        or len(last) == 1
        or (article and len(words) == 1)
        or len(words) > 5
        or bool(re.search(r"[\d@#]", last))
    )


def _titled(document: Document, known: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield capitalised words after a title that the recogniser took for something else ("Gov. Haley", "Mr. Cruz")."""
    t = document.tokens
    taken = {i for first, last in known for i in range(first, last + 1)}
    for i in range(len(t) - 1):
        j = i + 1
        if (
            t.text[i] not in TITLES
            or t.pos[j] != "PROPN"
            or t.text[j] in NOT_NAMES | TITLES
            or t.sentence[i] != t.sentence[j]
        ):
            continue
        while (
            j < len(t)
            and t.pos[j] == "PROPN"
            and t.text[j][:1].isupper()
            and t.sentence[j] == t.sentence[i]
            and j - i < 4
        ):
            j += 1
        inside = range(i + 1, j)
        short = (
            t.text[i].endswith(".") or t.entity[i + 1] in ("", "ORG", "GPE", "NORP", "WORK_OF_ART") and len(inside) == 1
        )
        if short and not taken & set(inside) and t.text[j - 1] not in ("Department", "Office", "Committee", "House"):
            yield i + 1, j - 1


def _mislabelled(document: Document, people: list[Person], taken: set[int]) -> Iterator[tuple[int, int]]:
    """Yield two or three capitalised words whose last one stands alone elsewhere as a subject: a person's name,
    which the recogniser took for an organisation."""
    t = document.tokens
    small = set(t.text)
    alone = {
        t.text[i]
        for i in range(len(t))
        if (t.pos[i] == "PROPN" or t.text[i].lower() not in small)
        and t.dep[i] in SUBJECTS
        and t.text[i][:1].isupper()
        and len(t.text[i]) > 2
        and not t.text[i].isupper()
        and (i == 0 or t.pos[i - 1] != "PROPN" or t.text[i - 1] in TITLES)
        and (i == 0 or t.text[i - 1].lower() not in ("the", "a", "an"))
    }
    i = 0
    while i < len(t):
        j = i
        while (
            j < len(t)
            and t.pos[j] == "PROPN"
            and t.text[j][:1].isupper()
            and t.sentence[j] == t.sentence[i]
            and t.text[j] not in TITLES
        ):
            j += 1
        free = not taken & set(range(i, j)) and (i == 0 or t.text[i - 1].lower() not in ("the", "of", "in", "at"))
        single = j - i in (2, 3) and all(
            t.entity[k] in ("ORG", "", "GPE", "WORK_OF_ART", "FAC", "PRODUCT") for k in range(i, j)
        )
        if (
            single
            and free
            and (any(t.text[k] in alone for k in range(i + 1, j)) or _told_as_person(document, j))
            and t.entity[j - 1] != "GPE"
            and t.text[i] not in NOT_NAMES
        ):
            yield i, j - 1
        i = max(j, i + 1)


def _told_as_person(document: Document, after: int) -> bool:
    """Return whether ", who" or an age (", 71,") follows a name."""
    t = document.tokens
    if after + 2 >= len(t) or t.text[after] != ",":
        return False
    return (
        t.text[after + 1].lower() == "who"
        or bool(re.fullmatch(r"\d\d", t.text[after + 1]))
        and t.text[after + 2] == ","
    )


def _after_a_role(document: Document, taken: set[int]) -> Iterator[tuple[int, int]]:
    """Yield two or three capitalised words after what a person is ("A Palace spokesman, Per Dahl, said"), whatever
    the tagger made of them."""
    starts = {start: i for i, start in enumerate(document.tokens.start)}
    ends = {end: i for i, end in enumerate(document.tokens.end)}
    for match in re.finditer(
        r"\b([a-z]+), ((?:[A-Z][\w’'-]+ ){1,2}[A-Z][\w’'-]+)(?=,| said| told| wrote)", document.text
    ):
        first, last = starts.get(match.start(2), -1), ends.get(match.end(2), -1)
        if is_human(match[1]) and 0 <= first < last and not taken & set(range(first, last + 1)):
            yield first, last


def _surnames(document: Document, people: list[Person], taken: set[int]) -> Iterator[int]:
    """Yield the surnames of known persons that stand alone and were not seen as names, outside the name of
    something else."""
    t = document.tokens
    known = {p.surname for p in people if len(p.name.split()) > 1 or len(p.places) > 1}
    known |= {w for p in people for w in p.name.split()[1:-1] if len(w) > 3}
    known |= {name.upper() for name in known}
    for i in range(len(t)):
        if i in taken or t.text[i] not in known or t.pos[i] not in ("PROPN", "NOUN"):
            continue
        wide = t.entity[i] in ("ORG", "FAC", "GPE", "WORK_OF_ART", "EVENT", "PRODUCT", "LAW")
        left = i > 0 and not t.entity_start[i] and t.entity[i - 1] == t.entity[i] != ""
        right = (
            i + 1 < len(t)
            and t.entity[i + 1] == t.entity[i] != ""
            and not t.entity_start[i + 1]
            and t.text[i + 1] not in ("’s", "'s")
        )
        if not (wide and (left or right)):
            yield i


def _title(document: Document, first: int) -> str:
    """Return the words of the same noun phrase before a name: "Texas Sen.", "former Secretary of State"."""
    t, before = document.tokens, first
    while (
        before > 0
        and t.sentence[before - 1] == t.sentence[first]
        and (
            t.dep[before - 1] in ABOUT and t.pos[before - 1] in ("PROPN", "NOUN", "ADJ") or t.text[before - 1] in TITLES
        )
    ):
        before -= 1
    near = first - 1
    if t.dep[first] == "appos" or (near >= 0 and t.text[near] == "," and t.dep[t.head[first]] == "appos"):
        noun = t.head[first] if t.dep[first] == "appos" else t.head[t.head[first]]
        if t.pos[noun] == "NOUN" and noun < first and first - noun < 8:
            start = noun  # "the Texas senator, Ted Cruz"
            while start > 0 and t.head[start - 1] == noun and t.dep[start - 1] in (*ABOUT, "poss"):
                start -= 1
            return document.text[t.start[start] : t.end[noun]]
    return document.text[t.start[before] : t.start[first]].strip()


def _apposition(document: Document, last: int) -> str:
    """Return what follows a name after a comma or in brackets, up to the next one: "deputy director of the Center
    …", "R-Texas"."""
    t = document.tokens
    if last + 2 >= len(t) or t.text[last + 1] not in (",", "(") or t.sentence[last + 2] != t.sentence[last]:
        return ""
    end = last + 2
    while (
        end < len(t)
        and t.sentence[end] == t.sentence[last]
        and end - last < 22
        and t.text[end] not in (",", ";", "“", '"', "—", ")")
    ):
        end += 1
    heads = [k for k in range(last + 2, end) if t.dep[k] in ("appos", "nsubj", "ROOT", "relcl", "attr", "conj", "pobj")]
    first = t.text[last + 2].lower()
    party = re.match(r"[RDI]-", document.text[t.start[last + 2] : t.end[end - 1]])
    if party:
        return document.text[t.start[last + 2] : t.end[end - 1]]
    clause = next((k for k in range(last + 2, end) if t.tag[k] in ("VBD", "VBZ", "VBP")), end)
    if clause < end and not any(t.tag[k] in ("WP", "WDT", "WP$") for k in range(last + 2, clause)):
        return ""  # not a description but the next clause: "…, the newspaper wrote"
    if not heads or t.tag[last + 2] in ("VBD", "VBZ", "CC", "PRP", "IN") or first in ("left", "right", "said", "says"):
        return ""
    return document.text[t.start[last + 2] : t.end[end - 1]]


def _predicates(document: Document, last: int) -> list[str]:
    """Return what the article says that a person is: "X is the mayor", "X, who was president of Mexico"."""
    t = document.tokens
    verb = (
        t.head[last]
        if t.dep[last] in SUBJECTS
        else next((k for k in range(last + 1, min(last + 6, len(t))) if t.dep[k] == "relcl" and t.head[k] == last), -1)
    )
    if verb < 0 or t.lemma[verb] != "be":
        return []
    nouns = [
        k
        for k in range(verb + 1, min(verb + 12, len(t)))
        if t.head[k] == verb and t.dep[k] == "attr" and t.pos[k] == "NOUN"
    ]
    return [document.text[t.start[verb + 1] : t.end[k]] for k in nouns[:1] if t.sentence[k] == t.sentence[last]]
