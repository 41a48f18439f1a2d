"""Sources as a collection names them: each with what its article says that helps to tell people apart."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
import re

import pandas as pd

from presslab.comparison.full_names import PARTICLES, TITLES, Words, is_person, words_of
from presslab.comparison.people import is_known
from presslab.measures.sources import Source
from presslab.measures.sources.person_names import first_names

COURTESY = {"mr": "man", "mrs": "woman", "ms": "woman", "miss": "woman"}
OFFICES = TITLES - set("mr mrs ms miss the a an first deputy former chief vice prime".split())
# titles, and up to four words of a name after them
TITLED = re.compile(
    rf"\b((?:(?i:{'|'.join(sorted(TITLES - {'the', 'a', 'an'}))})\.? )+)"
    rf"((?:(?:[A-Z]|(?:{'|'.join(sorted(PARTICLES))}) )[\w.’'-]* ?){{1,4}})"
)

Key = tuple[str, ...]  # a spelling, lower case, without titles, dots and accents


@dataclass(frozen=True)
class Row:
    """One article's entry for a source: its words, and what the article says that helps to tell people apart."""

    words: Words
    key: Key
    shown: str
    article: str
    outlet: str
    type: str
    known: bool
    gender: str
    named: bool
    courtesy: str
    offices: frozenset[str]
    article_before: bool  # "the Hill"

    @cached_property
    def is_person(self) -> bool:
        """Whether it looks like a person's full name."""
        return self.known and is_person(self.words)

    @cached_property
    def is_bare(self) -> bool:
        """Whether it looks like a surname alone, or with a particle ("de Blasio"); initials ("FBI") don't."""
        if not (self.known and self.named and self.key) or self.article_before or self.key[0] in TITLES:
            return False
        last = self.words[-1]
        initials = last.isupper() and len(last) > 1
        return set(self.key[:-1]) <= PARTICLES and last[0].isupper() and not initials


def rows_of(sources: pd.DataFrame) -> list[Row]:
    """Return the rows of the sources, with what their articles say."""
    columns = {name: sources[name] if name in sources else "" for name in ("id", "outlet", "role", "mentions")}
    table = sources[["source", "type", "gender", "named"]].assign(**columns)
    return [_row(bool(r[3]), *map(_text, (*r[:3], *r[4:]))) for r in table.itertuples(index=False, name=None)]


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _row(named: bool, name: str, kind: str, gender: str, article: str, outlet: str, role: str, mentions: str) -> Row:
    words = tuple(words_of(name))
    key = tuple(w.lower() for w in words)
    titles = _titles(name, role, mentions, key)
    courtesies = {COURTESY[t] for t in titles if t in COURTESY}
    return Row(
        words, key, _shown(name), article, outlet, kind, is_known(Source(name, kind, gender=gender, named=named)),
        gender, named, courtesies.pop() if len(courtesies) == 1 else "", frozenset(titles & OFFICES),
        name.split(" ")[0].lower() in ("the", "a", "an"),
    )  # fmt: skip


def _titles(name: str, role: str, mentions: str, key: Key) -> set[str]:
    """Return the titles that an article gives a source: before its name, and at the beginning of its role."""
    titles: set[str] = set()
    for match in TITLED.finditer(f"{name}; {mentions}"):
        if key and key[-1] in [w.lower() for w in words_of(match[2])]:
            titles |= {w.strip(".").lower() for w in match[1].split()}
    for match in re.finditer(r"\bthe (?:former )?(\w+)[^;]*\(title or role\)", mentions, re.IGNORECASE):
        titles.add(match[1].lower())
    for word in re.findall(r"[\w.]+", role)[:3]:
        if word.strip(".").lower() not in TITLES:
            break
        titles.add(word.strip(".").lower())
    return titles & TITLES


def _shown(name: str) -> str:
    """Return a name as it is shown: as it was written, without titles."""
    words = re.sub(r"['’]s\b", "", name).split()
    wanted = len(words_of(name))
    return " ".join(words[-wanted:]).strip(",;>| ") if 0 < wanted < len(words) else " ".join(words).strip(",;>| ")


def gender_of(rows: list[Row]) -> str:
    """Return whether a full name is a woman's or a man's: by its first name, otherwise as most articles say."""
    words = rows[0].words
    usual = first_names().get(words[0], "") if len(words) > 1 else ""  # not the long list, by which Bibi is a woman
    if usual:
        return usual
    counts = Counter(row.courtesy or row.gender for row in rows)
    return next((g for g, h in (("woman", "man"), ("man", "woman")) if counts[g] > 2 * counts[h]), "")
