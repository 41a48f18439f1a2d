"""The words of a stretch of text, and the noun phrase around a noun."""

from __future__ import annotations

from bisect import bisect_left

from .document import Document

LEFT = {"det", "amod", "compound", "nmod", "nummod", "poss", "case"}


def tokens_in(document: Document, start: int, end: int) -> list[int]:
    """Return tokens that begin in [start, end)."""
    t = document.tokens
    return list(range(bisect_left(t.start, start), bisect_left(t.start, end)))


def phrase(document: Document, noun: int) -> tuple[int, int]:
    """Return the offsets of the noun phrase of a head: what stands before it, and a phrase with "of", "from", "by"
    or "for" after it."""
    t = document.tokens
    first, last = noun, noun
    while first and t.sentence[first - 1] == t.sentence[noun] and _hangs_left(document, first - 1, noun):
        first -= 1
    for i in range(noun + 1, min(noun + 4, len(t))):
        if t.head[i] == noun and t.dep[i] == "prep" and t.text[i] in ("of", "from", "by", "for"):
            end = i
            while (
                end + 1 < len(t)
                and end - noun < 9
                and t.sentence[end + 1] == t.sentence[noun]
                and _under(document, end + 1, i)
            ):
                end += 1
            last = end if end > i else last
            break
    return t.start[first], t.end[last]


def _hangs_left(document: Document, token: int, noun: int) -> bool:
    """Return whether a token before a noun belongs to its phrase."""
    t = document.tokens
    for _ in range(5):
        if t.head[token] == noun:
            return t.dep[token] in LEFT
        if t.dep[token] not in LEFT | {"punct"}:
            return False
        token = t.head[token]
    return False


def _under(document: Document, token: int, top: int) -> bool:
    t = document.tokens
    if t.pos[token] == "PUNCT" and t.text[token] not in ("-", "’", "'") or t.dep[token] in ("relcl", "acl"):
        return False
    for _ in range(8):
        if token == top:
            return True
        token = t.head[token]
    return False
