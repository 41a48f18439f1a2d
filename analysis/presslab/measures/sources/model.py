"""What a source is: a canonical name, its mentions, and how each mention was resolved."""

from __future__ import annotations

from dataclasses import dataclass

# How a mention may have been resolved, and what that means to a reader.
REASONS = {
    "name": "the full name",
    "part of name": "a part of a name used elsewhere",
    "spelling variant": "one letter from a name used elsewhere",
    "abbreviation": "the first letters of a name used elsewhere",
    "title or role": "a title or role that the article uses for one person or body",
    "description": "no name: the article's own words",
    "pronoun": "a pronoun; whom it means is chosen by nearness, subject, last speaker and gender",
    "unsure pronoun": "a pronoun; somebody else is nearly as likely",
    "possessive": "named by whose it is (“his campaign”)",
    "metonym": "a place or building that stands for a government",
    "continued": "no source is named: the last speaker goes on",
    "sentence before": "no source is named: the subject of the sentence, or of the one before",
    "corrected": "said so by a corrections file",
    "unresolved": "not clear enough",
}


@dataclass(frozen=True)
class Mention:
    """One naming of a source: span in `Document.text` and `how` it was resolved, a key of REASONS. The span is
    empty if no words name the source ("continued", "sentence before")."""

    start: int
    end: int
    text: str
    how: str


@dataclass(frozen=True)
class Source:
    """One who is heard. `name` is canonical ("he" has become a name); `role` the article's own description or "";
    `type` a key of data/source_types.yaml or "unresolved", `type_words` the words that decided; `gender` "woman", "man"
    or "" by words at the name, first name and pronouns (gender.py); `attributions` indices into the list of
    attributions; `words` attributed words; `named` False for unnamed sources and collectives; `corrected` what a
    corrections file changed, or ""."""

    name: str
    type: str
    type_words: str = ""
    role: str = ""
    gender: str = ""
    named: bool = True
    mentions: tuple[Mention, ...] = ()
    attributions: tuple[int, ...] = ()
    words: int = 0
    corrected: str = ""
