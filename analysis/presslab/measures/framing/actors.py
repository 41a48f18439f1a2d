"""Main actors: who is named most often in an article, and where."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from presslab.parsing.document import Document

from ..sources import Source

MOST = 12  # actors shown
LEAST = 2  # mentions that make an actor
KINDS = {"PERSON", "ORG", "GPE", "NORP"}
TITLES = {"mr", "mr.", "mrs", "mrs.", "ms", "ms.", "dr", "dr.", "sen.", "rep.", "gov.", "president", "the"}
NAMES = {"PERSON", ""}  # what the parser takes a person's name for, or doesn't know
POSSESSIVE = {"'s", "’s", "'", "’"}
SUFFIXES = {"jr", "jr.", "sr", "sr.", "ii", "iii", "iv"}


@dataclass(frozen=True)
class Actor:
    """A person, organisation, place or group named in the text: `name` is its longest form, `heads` are the tokens that
    name it (the head of each mention), `person` is whether most of them are recognised as a person's name."""

    name: str
    heads: tuple[int, ...]
    person: bool


def main_actors(document: Document, sources: list[Source]) -> list[Actor]:
    """Return the actors named most often, most first: sources with all their mentions, and other named entities.

    A shorter name joins the only longer one that it ends ("Baerbock" → "Annalena Baerbock"), if both may be
    persons' ("Ford" may be a company, next to "Bill Ford").
    """
    tokens = document.tokens
    heads: dict[str, set[int]] = {}
    for source in (s for s in sources if s.named):
        roots = {_root(document, m.start, m.end) for m in source.mentions}
        heads.setdefault(_plain(source.name), set()).update(roots - {-1})
    taken = {i for group in heads.values() for i in group}
    for first, last in _entities(document):
        while first < last and tokens.text[first].lower() in TITLES:
            first += 1
        if (
            last not in taken
            and any(c.isalpha() for c in tokens.text[last])
            and not _is_no_actor(document, first, last)
        ):
            name = document.text[tokens.start[first] : tokens.end[last]]
            heads.setdefault(_plain(name), set()).add(last)
    named = _joined(document, heads)
    _add_surnames(document, named)
    order = sorted(named, key=lambda name: (-len(named[name]), min(named[name], default=0)))
    found = [Actor(name, tuple(sorted(named[name])), _kind(document, named[name]) == "PERSON") for name in order]
    return [actor for actor in found if len(actor.heads) >= LEAST][:MOST]


def _plain(name: str) -> str:
    """Return a name without what editors added ("[Barack] Obama") and line ends."""
    return " ".join(name.replace("[", "").replace("]", "").split())


def _root(document: Document, start: int, end: int) -> int:
    """Return the token on which the others of a mention depend ("the president of the bank": president), or -1."""
    tokens = document.tokens
    inside = [i for i, at in enumerate(tokens.start) if start <= at < end]
    return next((i for i in inside if tokens.head[i] == i or tokens.head[i] not in inside), -1)


def _entities(document: Document) -> Iterator[tuple[int, int]]:
    """Yield the first and last token of each named entity that can act."""
    tokens, first = document.tokens, -1
    for i in range(len(tokens) + 1):
        ended = i == len(tokens) or tokens.entity_start[i] or not tokens.entity[i]
        if first >= 0 and ended:
            last = i - 1
            while last > first and tokens.text[last] in POSSESSIVE:
                last -= 1
            yield first, last
            first = -1
        if i < len(tokens) and tokens.entity_start[i] and tokens.entity[i] in KINDS:
            first = i


def _is_no_actor(document: Document, first: int, last: int) -> bool:
    """Return whether a name is half of a lawsuit's ("Stone v. Lopez") or a party and place ("D-Ohio")."""
    if document.tokens.text[first][:2] in {"D-", "R-", "I-"}:
        return True
    around = document.tokens.text[max(first - 1, 0) : last + 2]
    return any(word.lower() in {"v", "v.", "vs", "vs."} for word in around)


def _add_surnames(document: Document, named: dict[str, set[int]]) -> None:
    """Add later mentions by surname that the parser didn't recognise as a name ("Lopez was reckless")."""
    tokens = document.tokens
    taken = {i for indices in named.values() for i in indices}
    last: dict[str, list[str]] = {}
    for name, heads in named.items():
        if " " in name and _kind(document, heads) == "PERSON":
            last.setdefault(_words(name)[-1], []).append(name)
    for i, text in enumerate(tokens.text):
        full = len(last.get(text, ())) == 1 and tokens.pos[i] in {"PROPN", "NOUN", "ADJ"}
        if full and i not in taken and tokens.dep[i] != "compound" and not tokens.entity[i]:
            named[last[text][0]].add(i)


def _joined(document: Document, heads: dict[str, set[int]]) -> dict[str, set[int]]:
    kinds = {name: _kind(document, found) for name, found in heads.items()}

    def may_join(name: str, other: str) -> bool:
        if other == name or not _ends(name, other):
            return False
        if kinds[other] not in NAMES:  # "House" is not the White House, but "Later Karen Stone" is Karen Stone
            return kinds[name] == "PERSON" and " " in name
        # persons come with their full name first; "Ford" before "Bill Ford" is the company
        return kinds[name] != "ORG" or _first(document, heads[name]) > _first(document, heads[other])

    joined: dict[str, set[int]] = {}
    for name, found in heads.items():
        longer = [other for other in heads if may_join(name, other)] if found else []
        joined.setdefault(longer[0] if len(longer) == 1 else name, set()).update(found)
    return joined


def _first(document: Document, heads: set[int]) -> int:
    """Return the first mention below the headline, or the last there."""
    return min((i for i in heads if document.role(document.tokens.paragraph[i]) != "headline"), default=max(heads))


def _kind(document: Document, heads: set[int]) -> str:
    """Return the kind of named entity that most mentions are, or ""."""
    kinds = [document.tokens.entity[i] for i in sorted(heads) if document.tokens.entity[i]]
    return max(dict.fromkeys(kinds), key=kinds.count, default="")


def _ends(short: str, long: str) -> bool:
    """Return whether a name is the end of a longer one of the same ("Stone", "Karen Stone Jr.", not "House of
    Stone")."""
    words, end = _words(long), _words(short)
    before = words[: -len(end)]
    return words[-len(end) :] == end and bool(before) and all(word[0].isupper() for word in before)


def _words(name: str) -> list[str]:
    """Return a name's words without "Jr." or "III" at the end."""
    words = name.replace(",", " ").split()
    return words[:-1] if len(words) > 1 and words[-1].lower() in SUFFIXES else words
