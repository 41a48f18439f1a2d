"""In which role a source speaks, by the words that the article itself gives."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
import re

import yaml

UNRESOLVED = "unresolved"


class TypesError(Exception):
    """data/source_types.yaml is not as it must be; the message names the type and the key."""


@dataclass(frozen=True)
class SourceType:
    """One type: its label and definition for readers, the head nouns and the marks that decide."""

    key: str
    label: str
    definition: str
    heads: frozenset[str]
    marks: tuple[str, ...]


@lru_cache(maxsize=1)
def source_types() -> dict[str, SourceType]:
    """All types by key, in order of priority. Raises TypesError for a missing or unknown key."""
    table = yaml.safe_load((resources.files("analysis") / "data" / "source_types.yaml").read_text("utf-8"))
    found = {}
    for key, entry in table.items():
        if set(entry) != {"label", "definition", "heads", "marks"}:
            raise TypesError(f"source_types.yaml: {key} must have exactly label, definition, heads and marks")
        found[key] = SourceType(
            key, entry["label"], entry["definition"], frozenset(map(str.lower, entry["heads"])), tuple(map(str.lower, entry["marks"]))
        )
    return found


def decide(description: str, named: bool, plural: bool) -> tuple[str, str]:
    """Type and the words that decided, from a description ("deputy director of the Center for Political Technologies").

    A source without a name is unnamed (a countable few) or collective (a plural without a number); for a named one
    these two types are not asked. Nothing found: a named person is unresolved.
    """
    text = f" {description.lower().replace('’', chr(39))} "
    words = re.findall(r"[\w.'-]+", text)
    if not named:
        if plural and not re.search(r"\b(two|three|four|five|several|\d+)\b", text):
            hit = next((w for w in words if w in source_types()["collective"].heads), "")
            if hit:
                return "collective", hit
        for key in ("document", "media", "international"):
            hit = _hit(source_types()[key], words, text)
            if hit:
                return key, hit
        hit = _hit(source_types()["unnamed"], words, text)
        if hit and not re.search(r"\bthe (official|man|woman|person|aide)\b", text):
            return "unnamed", hit
        if re.search(r"^\s*(an?|one|two|three|four|another|some) ", text.strip() + " "):
            hit = next((w for t in source_types().values() for w in words if w in t.heads), "")
            if hit:
                return "unnamed", hit
    best: tuple[int, str, str] | None = None
    for key, kind in source_types().items():
        if key in ("unnamed", "collective"):
            continue
        hit = _hit(kind, words, text)
        if hit and (best is None or text.index(hit) < best[0]):
            best = (text.index(hit), key, hit)
    if best:
        return best[1], best[2]
    return ("collective", words[-1]) if plural and not named and words else (UNRESOLVED, "")


def _hit(kind: SourceType, words: list[str], text: str) -> str:
    """The first head noun or mark of a type in a description, or ""."""
    for word in words:
        if word in kind.heads or (word.endswith("s") and word[:-1] in kind.heads):
            return word
    for head in kind.heads:
        if " " in head and f" {head}" in text:
            return head
    return next((m for m in kind.marks if re.search(rf"(?<!\w){re.escape(m)}(?!\w)", text)), "")
