"""Which paragraphs of an article are sentences: rows of tables, lists, score lines, captions and labels are not, and
would make a text look shorter of sentence and easier than it reads."""

from __future__ import annotations

import re

from presslab.parsing.document import Document
from presslab.reading.clean import rules

UNMARKED = 18  # words: a longer line without a full stop is a sentence that lost it, if it has a verb
FIGURES = 0.3  # share of words with a digit from which a line without a verb is a row of figures
ENDS = re.compile(r"[.?!…:,—–][\"”’'»)\]*_]*$")
LABEL = re.compile(r"(?:photos?|pictures?|images?|caption|graphic|chart|table|video|source|credit)\s?:", re.IGNORECASE)
ENTRY = re.compile(r"(?:[•·▪◦‣*–—-]|\d{1,2}[.)]|\(?[a-z]\))\s")
CELLS = re.compile(r"\|.*\||\t.*\t")
FINITE = {"VBD", "VBZ", "VBP", "MD"}


def left_out(document: Document) -> frozenset[int]:
    """Return the numbers of the paragraphs of the body that are no sentences. None if nothing else would be left: a
    text without any full stop can't be told apart."""
    body = [n for n in range(len(document.paragraphs)) if document.role(n) == "body"]
    verbs = [False] * len(document.paragraphs)
    t = document.tokens
    for tag, text, paragraph in zip(t.tag, t.text, t.paragraph):
        verbs[paragraph] |= tag in FINITE and len(text) > 1
    figures, words = [0] * len(verbs), [0] * len(verbs)
    for word in document.words:
        words[word.paragraph] += 1
        figures[word.paragraph] += any(map(str.isdigit, document.text[word.start : word.end]))
    out = frozenset(n for n in body if _no_sentence(document, n, words[n], figures[n], verbs[n]))
    return out if len(out) < len(body) else frozenset()


def words_left_out(document: Document) -> int:
    """Return how many words the paragraphs have that are left out."""
    out = left_out(document)
    return sum(word.paragraph in out for word in document.words)


def _no_sentence(document: Document, number: int, words: int, figures: int, verb: bool) -> bool:
    """Return whether a paragraph is no sentence, by its end, its words, its figures, and whether it has a verb."""
    start, end, _ = document.paragraphs[number]
    text = document.text[start:end].strip()
    ends = bool(ENDS.search(text))
    caption = rules()["caption"]
    if CELLS.search(text) or LABEL.match(text):
        return True
    if words <= caption["words"] and caption["credit"].search(text):
        return True
    if not verb and (not ends or ENTRY.match(text) or figures >= FIGURES * words):
        return True
    return not ends and words <= UNMARKED
