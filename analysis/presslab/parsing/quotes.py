"""Find what is inside quotation marks, paragraph by paragraph, whatever marks a house uses."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
import re

# opening mark → marks that close it. A mark that both opens and closes opens only where a word begins.
PAIRS = {
    "“": ("”", "“"), "„": ("“", "”"), "‟": ("”",), "”": ("”",), '"': ('"',), "«": ("»",), "»": ("«", "»"), "″": ("″",),
    "＂": ("＂",), "``": ("''", "``"), "''": ("''",),
    "‘": ("’",), "'": ("'", "’"), "‚": ("‘", "’"), "`": ("'", "’"), "‹": ("›",),
}  # fmt: skip
EITHER = frozenset({"”", "»", "''", "'", "″", "＂", "`", "‚", "‘"})
SINGLE = frozenset({"‘", "'", "‚", "`"})
MARK = re.compile(r"``|''|[“„‟”\"«»″＂‘'‚`‹]")
# letters that are left out at the beginning of a word: ’tis, ’90s, 'em
LEFT_OUT = re.compile(
    r"['‘`](?:\d\d?0?s\b|\d\d\b|(?:tis|twas|em|til|till|cause|cos|n|round|bout|un|im|er|ere)\b)", re.IGNORECASE
)
OPENED_NEXT = re.compile(r"[^’']*\s[‘'`](?=\w)")  # a quotation that is opened before the next mark
ENDS = ".,?!…;:—–-"  # what is before a closing mark


@dataclass(frozen=True)
class Quote:
    """A stretch inside quotation marks: `start` is the opening mark, `end` is one after the closing mark.

    `closed` is False if a paragraph ends before its quotation does (it is opened again in the next paragraph).
    """

    start: int
    end: int
    closed: bool


def find(text: str) -> list[Quote]:
    """Return all quotations of a document's text, in order, never overlapping, never crossing a blank line.

    Single marks are no apostrophes: they open only where a word begins, and close only where one ends; after
    an s ("the passengers’ patience") only if no better end follows.
    """
    quotes: list[Quote] = []
    paragraphs = [match.span() for match in re.finditer(r"[^\n]+", text)]
    for number, (start, end) in enumerate(paragraphs):
        following = text[paragraphs[number + 1][0]] if number + 1 < len(paragraphs) else ""
        quotes += _paragraph(text, start, end, following)
    return quotes


def for_parser(text: str, quotes: Sequence[Quote]) -> str:
    """Return a text of the same length in which quotations in single or unusual marks have the marks that the parser
    knows best."""
    changed = list(text)
    for quote in quotes:
        if text[quote.start] in "‘'‚`‹”″＂»":
            if text[quote.start : quote.start + 2] != "''":
                changed[quote.start] = "“"
                if quote.closed:
                    changed[quote.end - 1] = "”"
    return "".join(changed)


def _paragraph(text: str, start: int, end: int, following: str) -> list[Quote]:
    """Return the quotations in [start, end); `following` is the first character of the next paragraph."""
    quotes: list[Quote] = []
    at = start
    singles: list[int] | None = None
    hopeless: set[str] = set()  # marks that nothing closes any more
    while match := MARK.search(text, at, end):
        mark, place = match.group(), match.start()
        at = match.end()
        if mark in hopeless or not _opens(text, mark, place, start, end):
            continue
        if mark in SINGLE:
            singles = singles if singles is not None else _single_ends(text, start, end)
            close = _single_close(text, mark, at, singles)
        elif mark == '"':
            close = text.find(mark, at, end) + 1 or -1
            if close > 0 and _looks(text, close - 1, start, end) == "opening":
                quotes.append(Quote(place, close - 1, False))  # opened again before it was closed
                at = close - 1
                continue
        else:
            close = min((i + len(c) for c in PAIRS[mark] if (i := text.find(c, at, end)) >= 0), default=-1)
        if close >= 0:
            quotes.append(Quote(place, close, True))
            at = close
        elif mark not in EITHER or following == mark[0]:
            quotes.append(Quote(place, end, False))
            break
        else:
            hopeless.add(mark)
    return quotes


def _opens(text: str, mark: str, place: int, start: int, end: int) -> bool:
    """Return whether a mark can open a quotation; most do wherever they are, the others where a word begins."""
    if mark == '"' and place > start and text[place - 1].isdigit():
        return False  # 5' 11"
    if mark == '"' and _looks(text, place, start, end) == "closing":
        following = text.find(mark, place + 1, end)  # one that is closed next has only lost its space
        return following >= 0 and _looks(text, following, start, end) == "closing"
    if mark not in EITHER:
        return True
    after = text[place + len(mark)] if place + len(mark) < end else " "
    before = text[place - 1] if place > start else " "
    if after.isspace() or not (before.isspace() or before in '([{—–-/“"«,:;'):
        return False
    return mark not in SINGLE or not LEFT_OUT.match(text, place)


def _looks(text: str, place: int, start: int, end: int) -> str:
    """Return what the spaces beside a straight mark make it: "opening", "closing", or "" where they don't tell."""
    before = text[place - 1] if place > start else " "
    after = text[place + 1] if place + 1 < end else " "
    outside = before.isspace() or before in "([{—–-/“‘'"
    if outside and not after.isspace():
        return "opening"
    return "closing" if not outside and (after.isspace() or after in ".,;:?!)]}—–-/”’'") else ""


def _single_ends(text: str, start: int, end: int) -> list[int]:
    """Return the places in [start, end) where ’ or ' may close: no letter or digit follows."""
    return [
        i
        for i in range(start, end)
        if text[i] in "’'‘" and i > start and not text[i - 1].isspace() and not text[i + 1 : i + 2].isalnum()
    ]


def _single_close(text: str, mark: str, start: int, places: list[int]) -> int:
    """Return where a quotation in single marks ends, one after the mark; -1 if nowhere."""
    weak = -1
    for number in range(bisect_right(places, start), len(places)):  # a slice would be copied for each quotation
        i = places[number]
        if text[i] not in PAIRS[mark]:
            continue
        before, after = text[i - 1], text[i + 1 : i + 2]
        if before in ENDS or before in '”")»' or not (after.isspace() or not after) or before not in "sSzx":
            return i + 1
        if weak < 0:
            weak = i + 1  # “the drivers’ union” or “by the ‘drivers’ of”
        if OPENED_NEXT.match(text, i + 1):
            break  # another one is opened before the next mark: this one is closed
    return weak
