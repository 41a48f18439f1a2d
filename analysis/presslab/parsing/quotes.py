"""Find what stands inside quotation marks, paragraph by paragraph."""

from __future__ import annotations

from dataclasses import dataclass
import re

PAIRS = {"“": "”", '"': '"', "„": "“”", "«": "»"}


@dataclass(frozen=True)
class Quote:
    """A stretch inside quotation marks: `start` is the opening mark, `end` is one after the closing mark.

    `closed` is False if a paragraph ends before its quotation does (it is opened again in the next paragraph).
    """

    start: int
    end: int
    closed: bool


def find(text: str) -> list[Quote]:
    """Return all quotations of a document's text, in order, never overlapping, never crossing a blank line."""
    quotes = []
    for paragraph in re.finditer(r"[^\n]+", text):
        opened = None
        for i in range(paragraph.start(), paragraph.end()):
            if opened is None and text[i] in PAIRS:
                opened = i
            elif opened is not None and text[i] in PAIRS[text[opened]]:
                quotes.append(Quote(opened, i + 1, True))
                opened = None
        if opened is not None:
            quotes.append(Quote(opened, paragraph.end(), False))
    return quotes
