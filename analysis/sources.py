"""Who is who among the sources: canonical names, types, ratios."""

from __future__ import annotations

from dataclasses import dataclass

from .attribution import Attribution
from .document import Document
from .evidence import Measure


@dataclass(frozen=True)
class Mention:
    """One naming of a source: span in `Document.text`, and how it was resolved: "name", "part of name", "title or role",
    "pronoun", "possessive", "metonym", "spelling variant", "description", "unresolved"."""

    start: int
    end: int
    text: str
    how: str


@dataclass(frozen=True)
class Source:
    """One who is heard. `name` is canonical ("he" has become a name); `role` the article's own description or "";
    `type` a key of data/source_types.yaml, `type_words` the words that decided; `gender` "woman", "man" or "" as the
    article's own pronouns and titles give it; `attributions` indices into the list of attributions; `words` attributed
    words; `named` False for unnamed sources and collectives."""

    name: str
    type: str
    type_words: str = ""
    role: str = ""
    gender: str = ""
    named: bool = True
    mentions: tuple[Mention, ...] = ()
    attributions: tuple[int, ...] = ()
    words: int = 0


def resolve(document: Document, attributions: list[Attribution]) -> list[Source]:
    """Canonical sources of a document, by attributed words, most first. Every attribution with a source span belongs to
    exactly one source (an unresolved pronoun is a source of its own named by its words, type "unresolved")."""
    return []


def measure(document: Document, attributions: list[Attribution], sources: list[Source]) -> list[Measure]:
    """The ratios of attribution, each with count, denominator, interval and evidence."""
    return []
