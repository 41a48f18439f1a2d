"""The name of an outlet as exports spell it → one name and an edition."""

from __future__ import annotations

from functools import lru_cache
import re

from presslab.system.plain_yaml import packaged

EDITION = re.compile(
    r"(?i)^(?P<name>.+?)(?:\s*[,;]\s*|\s+[-–—]\s+|\s+\()(?P<edition>[^,;()]*\b(?:edition|ed\.|final|late|early|"
    r"on the web|online|web ?site)\b[^()]*)\)?$"
)


@lru_cache(maxsize=1)
def listed() -> dict[str, tuple[str, str]]:
    """Return every spelling of data/outlets.yaml in its key form → name and edition ("" for the outlet itself)."""
    entries = packaged("outlets.yaml")["outlets"]
    names: dict[str, tuple[str, str]] = {}
    for name, entry in entries.items():
        spellings = {name: "", **{s: "" for s in entry.get("also", [])}, **entry.get("editions", {})}
        for spelling, edition in spellings.items():
            if names.setdefault(_key(spelling), (name, edition))[0] != name:
                raise ValueError(f"data/outlets.yaml: {spelling} stands for {name} and for {names[_key(spelling)][0]}")
    return names


def canonical(given: str) -> tuple[str, str]:
    """Return name and edition of an outlet: "The Guardian (London) - Final Edition" → ("The Guardian", "Final
    Edition").

    A name that is not on the list stays as it is given, without a named edition and with plain white space.
    """
    text = re.sub(r"\s+", " ", given.replace("\xa0", " ")).strip(" .,;")
    if _key(text) in listed():
        return listed()[_key(text)]
    match = EDITION.match(text)
    if match:
        name, edition = canonical(match["name"])
        return name, match["edition"].strip() if not edition else f"{edition}, {match['edition'].strip()}"
    blog = re.match(r"^(?P<name>.+?)\s*\((?P<edition>[^()]+)\)$", text)
    if blog and _key(blog["name"]) in listed():
        name, edition = listed()[_key(blog["name"])]
        return name, f"{edition}, {blog['edition']}" if edition else blog["edition"]
    return text, ""


def _key(name: str) -> str:
    """Return a spelling without case, article, punctuation and white space."""
    plain = re.sub(r"[\W_]+", "", re.sub(r"(?i)^the\s+", "", name.strip())).casefold()
    return plain or name
