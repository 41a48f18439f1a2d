"""Cut a text into sentences and words by the count rules that the readability measures state."""

from __future__ import annotations

import re

WORD = re.compile(r"[^\s—–/]+")


def words(text: str) -> list[tuple[int, int]]:
    """[start, end) of each word: split at white space, dashes and slashes; must hold a letter or a digit."""
    found = []
    for match in re.finditer(WORD, text):
        inner = re.search(r"\w(?:.*\w)?", match.group())
        if inner:
            found.append((match.start() + inner.start(), match.start() + inner.end()))
    return found


def sentences(text: str, proposed: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """[start, end) of each sentence, mended from the boundaries that the parser proposed."""
    return [(start, end) for start, end in proposed if text[start:end].strip()]
