"""Where an article names persons: what the recogniser calls persons, and what it takes for something else."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
import re

from presslab.parsing.document import Document
from presslab.system.plain_yaml import packaged

from .gender import by_name
from .nouns import is_human
from .person import Person

TITLES = frozenset(
    "Mr. Mrs. Ms. Miss Dr. Sen. Rep. Gov. Gen. Lt. Col. Capt. Sgt. Rev. Prof. Sens. Reps. Mr Mrs Ms Dr Sen Rep Gov"
    " President Senator Governor Congressman Congresswoman Representative Mayor Judge Justice Secretary Chancellor"
    " Premier".split()
)
NOT_NAMES = frozenset(
    "Twitter Facebook Brexit Obamacare ObamaCare Covid Instagram YouTube Snapchat Republican Democrat Democratic"
    " Congress".split()
)
NO_FIRST = {"ADP", "DET", "CCONJ", "SCONJ", "PRON", "PUNCT"}
SUBJECTS = {"nsubj", "nsubjpass"}
MISTAKEN = ("ORG", "", "GPE", "WORK_OF_ART", "FAC", "PRODUCT")  # what the recogniser takes persons for


@lru_cache(maxsize=1)
def first_names() -> dict[str, str]:
    """Return "woman" or "man" for each first name in data/first_names.yaml."""
    table = packaged("first_names.yaml")
    return {name: gender for gender, names in (("woman", table["women"]), ("man", table["men"])) for name in names}


def usual_gender(name: str) -> str:
    """Return "woman" or "man" if nearly all bearers of a full name's first name are that, otherwise "". It helps to
    choose whom a pronoun means."""
    words = name.split()
    return (first_names().get(words[0], "") or by_name(name)) if len(words) > 1 else ""


def entities(document: Document) -> list[tuple[int, int]]:
    """Return first and last token of each entity that is called a person, without "'s", "the" and words that are no
    name."""
    t, spans, i = document.tokens, [], 0
    while i < len(t):
        if t.entity[i] != "PERSON" or not t.text[i][:1].isupper():
            i += 1
            continue
        j = i + 1
        while j < len(t) and t.entity[j] == "PERSON" and not t.entity_start[j] and t.paragraph[j] == t.paragraph[i]:
            j += 1
        cut = next((k for k in range(i, j) if t.text[k] in ("’s", "'s", "’", "'")), j)
        # "London’s Raheem Kassam", "Romney’s Medicare"
        words = _trimmed(document, list(range(cut + 1, j)) if j - cut > 2 else list(range(i, cut)))
        words = [*_first_name_before(document, words), *words]
        words += _after_nickname(document, words)
        words += _after_initial(document, words)
        if words and not _no_name(document, words):
            spans.append((words[0], words[-1]))
        i = j
    return spans


def _trimmed(document: Document, words: list[int]) -> list[int]:
    """Return the words of a name from the first to the last with a capital, without titles before and verbs after."""
    t = document.tokens

    def begins(i: int) -> bool:
        return t.text[i][:1].isupper() and t.text[i] not in TITLES and t.pos[i] not in NO_FIRST

    while words and not begins(words[0]) or len(words) > 1 and _is_verb(document, words[0]):
        words = words[1:]
    while words and (not _ends_name(document, words[-1]) or t.tag[words[-1]] in ("VBD", "VBZ") and len(words) > 1):
        words = words[:-1]
    return words


def _ends_name(document: Document, i: int) -> bool:
    """Return whether a word can be the last of a name: it has a capital, or is the end of "Ban Ki-moon"."""
    t = document.tokens
    joined = i > 1 and t.text[i - 1] == "-" and t.end[i - 2] == t.start[i - 1] and t.end[i - 1] == t.start[i]
    return t.text[i][:1].isupper() or joined and t.pos[i] == "PROPN" and t.text[i - 2][:1].isupper()


def _first_name_before(document: Document, words: list[int]) -> list[int]:
    """Return the first name that the recogniser left out of a name ("Ivanka" Trump)."""
    t = document.tokens
    before = words[0] - 1 if words else -1
    if before < 0 or len(words) > 2 or t.entity[before] or t.pos[before] != "PROPN" or t.head[before] not in words:
        return []
    return [before] if t.text[before] in first_names() and t.text[words[0]] not in first_names() else []


def _is_verb(document: Document, i: int) -> bool:
    """Return whether a capitalised word before a name is a verb of a headline ("Chasing Trump", "Endorsed Cruz")."""
    word = document.tokens.text[i]
    form = bool(re.fullmatch(r"[A-Z][a-z]{2,}(?:ing|ed)", word)) and word not in first_names()
    return form and document.role(document.tokens.paragraph[i]) == "headline"


def _after_nickname(document: Document, words: list[int]) -> list[int]:
    """Return the closing mark and the surname after a name that ends in a nickname (William “Mo” Cowan)."""
    t = document.tokens
    if not words or t.text[words[-1]][:1] in '“"' or not any(t.text[k] in '“"' for k in words):
        return []
    after = words[-1] + 1
    ends = after + 1 < len(t) and t.text[after] in '”"' and t.pos[after + 1] == "PROPN"
    return [after, after + 1] if ends else []


def _after_initial(document: Document, words: list[int]) -> list[int]:
    """Return the surname after a name that was cut at its initial (Ben S. Bernanke)."""
    t = document.tokens
    if len(words) < 2 or not re.fullmatch(r"[A-Z]\.", t.text[words[-1]]):
        return []
    after = words[-1] + 1
    name = after < len(t) and t.text[after][:1].isupper() and t.pos[after] in ("PROPN", "NOUN")
    return [after] if name and t.paragraph[after] == t.paragraph[words[-1]] else []


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


def titled(document: Document, spans: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield capitalised words after a title that the recogniser took for something else ("Gov. Haley", "Mr. Cruz")."""
    t = document.tokens
    taken = {i for first, last in spans for i in range(first, last + 1)}
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


def mislabelled(document: Document, people: list[Person], taken: set[int]) -> Iterator[tuple[int, int]]:
    """Yield two or three capitalised words that the recogniser took for something else: a person's name, since its
    last word stands alone elsewhere as a subject, or a first name begins it after a possessive ("CNN's Ann Lee")."""
    t, alone = document.tokens, _lone_subjects(document)
    i = 0
    while i < len(t):
        j = i
        while j < len(t) and _in_name(document, j) and t.sentence[j] == t.sentence[i]:
            j += 1
        words = range(i, j)
        free = not taken & set(words) and (i == 0 or t.text[i - 1].lower() not in ("the", "of", "in", "at"))
        if len(words) in (2, 3) and free and t.text[i] not in NOT_NAMES and t.entity[j - 1] != "GPE":
            if all(t.entity[k] in MISTAKEN for k in words):
                owned = i > 0 and t.tag[i - 1] == "POS" and t.text[i] in first_names()
                if owned or any(t.text[k] in alone for k in words[1:]) or _told_as_person(document, j):
                    yield i, j - 1
        i = max(j, i + 1)


def _in_name(document: Document, i: int) -> bool:
    t = document.tokens
    return (t.pos[i] == "PROPN" or t.text[i] in first_names()) and t.text[i][:1].isupper() and t.text[i] not in TITLES


def _lone_subjects(document: Document) -> set[str]:
    """Return capitalised words that stand alone as a subject, as surnames do."""
    t = document.tokens
    small = set(t.text)

    def is_lone(i: int) -> bool:
        word, before = t.text[i], t.text[i - 1] if i else ""
        if t.dep[i] not in SUBJECTS or not word[:1].isupper() or len(word) < 2 or word.isupper():
            return False
        if t.pos[i] != "PROPN" and word.lower() in small:
            return False
        if i and t.pos[i - 1] == "PROPN" and before not in TITLES:
            return False
        return before.lower() not in ("the", "a", "an")

    return {t.text[i] for i in range(len(t)) if is_lone(i)}


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


def after_a_role(document: Document, taken: set[int]) -> Iterator[tuple[int, int]]:
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


def surnames(document: Document, people: list[Person], taken: set[int]) -> Iterator[int]:
    """Yield the surnames of known persons that stand alone and were not seen as names, outside the name of
    something else."""
    t = document.tokens
    single_words = {p.surname for p in people if len(p.name.split()) > 1 or len(p.places) > 1}
    single_words |= {w for p in people for w in p.name.split()[1:-1] if len(w) > 3}
    single_words |= {name.upper() for name in single_words}
    for i in range(len(t)):
        if i in taken or t.text[i] not in single_words or t.pos[i] not in ("PROPN", "NOUN"):
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
