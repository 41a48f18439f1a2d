"""Sources in the making, and what they become: type, role, gender, words."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
import re

from presslab.parsing.document import Document
from presslab.system.plain_yaml import packaged

from ..attribution import Attribution
from . import decision, types
from .gender import gender
from .model import Mention, Source
from .nouns import is_human, synonyms
from .person import Person
from .phrases import key, last_word, plural
from .roles import roles
from .setting import Setting

WRITER = "the writer"  # who says "I" or "we" outside quotation marks


@dataclass(eq=False)
class Entry:
    """A source in the making; `stand_in` is what pronouns may point at where it is one person without a name."""

    name: str
    person: Person | None = None
    mentions: list[Mention] = field(default_factory=list)
    attributions: list[int] = field(default_factory=list)
    named: bool = True
    stand_in: Person | None = None


@lru_cache(maxsize=1)
def metonyms() -> dict[str, str]:
    """Return for each form in data/metonyms.yaml, lower case and without an article, the first one of its group."""
    table = packaged("metonyms.yaml")
    return {key(form): group[0] for group in table for form in group}


def join_lede(document: Document, tree: Setting, entries: dict[str, Entry]) -> None:
    """Join a described speaker of the first paragraph ("Moscow's top negotiator") to the person with a title who
    speaks first in the next one: news names in the second paragraph whom the lede describes."""
    body = [(start, end) for start, end, role in document.paragraphs if role == "body"][:2]
    if len(body) < 2:
        return
    lede, second = body
    if any(e.person and any(m.start < lede[1] for m in e.mentions) for e in entries.values()):
        return
    unnamed = [e for e in entries.values() if _described_in(document, tree, e, lede)]
    named = [e for e in entries.values() if e.person and e.person.descriptions and _mentioned_in(e, second)]
    if len(unnamed) != 1 or not named:
        return
    old, new = unnamed[0], min(named, key=lambda e: min(m.start for m in e.mentions))
    if _type(document, tree, old)[0] != _type(document, tree, new)[0]:
        return  # the former director of the harbour is not the prosecutor
    own_roles = {w for role in roles(new.person) for w in (role, *synonyms().get(role, ()))} if new.person else set()
    if re.match(r"an? ", old.name) and last_word(old.name) not in own_roles:
        return
    _join(entries, old, new)


def _described_in(document: Document, tree: Setting, entry: Entry, lede: tuple[int, int]) -> bool:
    """Return whether a source is one person without a name, described in the lede alone."""
    start, end = lede
    if entry.person or not all(start <= m.start < end and m.how == "description" for m in entry.mentions):
        return False
    if plural(entry.name) or re.match(r"(one|two|some) ", entry.name) or not is_human(last_word(entry.name)):
        return False  # "the town council" is not the mayor
    others = (types.UNRESOLVED, "document", "media", "collective", "unnamed")
    return _type(document, tree, entry)[0] not in others


def _mentioned_in(entry: Entry, span: tuple[int, int]) -> bool:
    return any(span[0] <= m.start < span[1] for m in entry.mentions)


def _type(document: Document, tree: Setting, entry: Entry) -> types.Verdict:
    """Return the type of a source in the making and the words that decided."""
    places = entry.person.places if entry.person else []
    return decision.decide(document, tree, entry.name, _described(entry), places, entry.person is not None)


def _join(entries: dict[str, Entry], old: Entry, new: Entry) -> None:
    """Give what a source said to another one, which it was a title or role of."""
    mentions = [Mention(m.start, m.end, m.text, "title or role") for m in old.mentions]
    new.mentions = mentions + new.mentions
    new.attributions = old.attributions + new.attributions
    del entries[old.name]


def join_headline(document: Document, entries: dict[str, Entry]) -> None:
    """Join a bare noun of the headline ("Minister: budget stands", "study finds") to the only source of the story
    with that role or of that kind."""
    head = {i for i, (_, _, role) in enumerate(document.paragraphs) if role == "headline"}
    spans = [document.paragraphs[i][:2] for i in head]
    for old in [
        e for e in entries.values() if not e.person and all(any(s <= m.start < t for s, t in spans) for m in e.mentions)
    ]:
        noun = last_word(old.name)
        wanted = synonyms().get(noun, frozenset([noun]))
        same = [
            e
            for e in entries.values()
            if e is not old and (wanted & roles(e.person) if e.person else last_word(e.name) == noun)
        ]
        if len(same) == 1 and len(old.name.split()) <= 3 and old.mentions[0].how == "description":
            _join(entries, old, same[0])


def _described(entry: Entry) -> list[tuple[int, int]]:
    """Return spans that name or describe a source in words of their own."""
    return [
        (m.start, m.end)
        for m in entry.mentions
        if m.how not in ("pronoun", "unsure pronoun", "unresolved", "continued", "sentence before")
    ]


def source(document: Document, tree: Setting, attributions: list[Attribution], entry: Entry) -> Source:
    person = entry.person
    unresolved = all(m.how in ("unresolved", "continued") for m in entry.mentions)
    named = person is not None or entry.named or key(entry.name) in metonyms()
    if unresolved:
        kind, words, named = types.UNRESOLVED, "", False
    elif entry.name == WRITER:
        kind, words, named = "media", "I or we, outside quotation marks", False
    elif not person and key(entry.name) in metonyms():
        kind, words = "government", entry.name
    else:
        kind, words = _type(document, tree, entry)
    covered = [span for index in entry.attributions for span in attributions[index].content]
    count = len(set().union(*(document.words_from(s, e) for s, e in covered)))
    role = max((person.descriptions if person else []), key=len, default="")
    return Source(
        entry.name, kind, words, role, gender(document, person) if person else "", named, tuple(entry.mentions),
        tuple(sorted(entry.attributions)), count,
    )  # fmt: skip
