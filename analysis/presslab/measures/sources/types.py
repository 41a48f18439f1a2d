"""The types of sources and the words that decide between them: data/source_types.yaml and data/source_words.yaml."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import lru_cache
import re

from presslab.system.error import Error
from presslab.system.plain_yaml import packaged

UNRESOLVED = "unresolved"
CROWDS = ("collective", "unnamed")  # types that the form of a phrase decides: a crowd, or a few whose name is withheld
SPEAKERS = frozenset(
    "politician government military_police legal business expert ngo citizen celebrity media international".split()
)
BEFORE = r"(?<![\w-])"  # a mark begins a word, unless it is an ending (".com")
Verdict = tuple[str, str]  # a type, and the words that decided


class TypesError(Error):
    """A file of source types is not as it must be; the message names the type and the key."""


@dataclass(frozen=True)
class SourceType:
    """One type: its label and definition for readers, and the words that decide (see data/source_types.yaml)."""

    key: str
    label: str
    definition: str
    heads: frozenset[str]
    marks: frozenset[str]
    beside: frozenset[str]


@dataclass(frozen=True)
class Words:
    """The lists of data/source_words.yaml, where each has a comment."""

    quantifiers: frozenset[str]
    lots: frozenset[str]
    organised: frozenset[str]
    journalists: frozenset[str]
    staff: frozenset[str]
    relations: frozenset[str]
    vague: frozenset[str]
    inner: frozenset[str]
    past: frozenset[str]
    politics: frozenset[str]
    electoral: frozenset[str]
    nobodies: frozenset[str]
    sports: frozenset[str]


@lru_cache(maxsize=1)
def _file() -> dict:
    return packaged("source_types.yaml")


@lru_cache(maxsize=1)
def source_types() -> dict[str, SourceType]:
    """Return all types by key. Raises TypesError for a missing or unknown key, or a word that stands under two
    types."""
    types: dict[str, SourceType] = {}
    owner: dict[str, str] = {}
    for key, entry in _file()["types"].items():
        if set(entry) != {"label", "definition", "heads", "marks", "beside"}:
            raise TypesError(f"source_types.yaml: {key} must have exactly label, definition, heads, marks and beside")
        heads, marks, beside = (frozenset(str(w).lower() for w in entry[k]) for k in ("heads", "marks", "beside"))
        for word in heads:
            if owner.setdefault(word, key) != key:
                raise TypesError(f"source_types.yaml: head “{word}” stands under {owner[word]} and under {key}")
        types[key] = SourceType(key, entry["label"], entry["definition"], heads, marks, beside)
    for table in ("depends", "elsewhere", "in_sport", "deeds"):
        if unknown := set(_file()[table].values()) - set(types):
            raise TypesError(f"source_types.yaml: {table} names the unknown type {', '.join(sorted(unknown))}")
    return types


@lru_cache(maxsize=1)
def words() -> Words:
    """Return the lists of words. Raises TypesError for a missing or unknown list, or what is no word in small
    letters."""
    return checked_words(packaged("source_words.yaml"))


def checked_words(lists: dict[str, list[str]]) -> Words:
    """Return lists of words by name as Words. Raises TypesError as `words` does."""
    if set(lists) != {field.name for field in fields(Words)}:
        raise TypesError(f"source_words.yaml: must have exactly {', '.join(field.name for field in fields(Words))}")
    for name, entries in lists.items():
        for word in entries:
            if not isinstance(word, str) or word != word.lower().strip() or not word:
                raise TypesError(f"source_words.yaml: {name}: {word!r} is no word in small letters")
    return Words(**{name: frozenset(entries) for name, entries in lists.items()})


@lru_cache(maxsize=1)
def heads() -> dict[str, str]:
    """Return the type of each noun that names a role or a kind of thing."""
    return {word: kind.key for kind in source_types().values() for word in kind.heads}


@lru_cache(maxsize=3)
def depends(topic: str = "politics") -> dict[str, str]:
    """Return the nouns whose type depends on the rest of a description, with the type that they mean alone in an
    article about "politics", "sport", or something else ("")."""
    source_types()
    tables = {"politics": ("depends",), "sport": ("depends", "elsewhere", "in_sport")}.get(
        topic, ("depends", "elsewhere")
    )
    return {str(word).lower(): key for table in tables for word, key in _file()[table].items()}


@lru_cache(maxsize=1)
def deeds() -> dict[str, str]:
    """Return what somebody is by what he or she does: a verb, or a verb and its object, to a type."""
    source_types()
    return dict(_file()["deeds"])


@lru_cache(maxsize=1)
def beside() -> dict[str, tuple[str, ...]]:
    """Return the types that each word beside a bare name speaks for."""
    types: dict[str, tuple[str, ...]] = {}
    for kind in source_types().values():
        for word in kind.beside:
            types[word] = (*types.get(word, ()), kind.key)
    return types


def votes() -> dict[str, float]:
    """Return how much each kind of evidence counts."""
    return _file()["votes"]


@lru_cache(maxsize=1)
def _marks() -> list[tuple[re.Pattern, str, str]]:
    """Return marks as patterns, longest first, with type."""
    pairs = [(word, kind.key) for kind in source_types().values() if kind.key not in CROWDS for word in kind.marks]
    return [
        (re.compile(rf"{'' if word.startswith('.') else BEFORE}{re.escape(word)}(?!\w)"), word, key)
        for word, key in sorted(pairs, key=lambda pair: (-len(pair[0]), pair))
    ]


def marked(text: str, last: bool = False, political: bool = True) -> Verdict | None:
    """Return the first mark in a text (the last one, as a name's own kind stands at its end: "Washington Post"),
    the longest of those at one place. In an article that is not `political` electoral marks mean something else."""
    hits = [
        (word in words().vague, -m.end() if last else m.start(), -len(word), key, word)
        for pattern, word, key in _marks()
        if political or word not in words().electoral
        for m in pattern.finditer(text)
    ]
    return min(hits)[3:] if hits else None
