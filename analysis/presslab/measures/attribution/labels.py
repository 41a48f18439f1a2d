"""Paragraphs that name their speaker: interviews and transcripts (“NAME:”, “Q:”), signatures after a dash or in
brackets (“— Ann Lee, nurse”), on the same line or the next."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
import re

from presslab.parsing.document import Document

from .spans import Span

# “AAS:”, “SEN. CRUZ:”, “Q:”, “Ann Lee:”; the last two only in an interview; a transcript that is quoted as a whole has
# an opening mark before each
LABEL = re.compile(
    r"[\"“]?(?:(?P<capitals>[A-Z][A-Z.'’-]+(?: [A-Z][A-Z.'’-]+){0,3})(?: ?\([^()]{1,40}\))? ?: ?(?=\S)"
    r"|(?P<letter>[QA])(?:[:.] ?(?=\S))|(?P<name>(?:[A-Z][\w.'’-]+ ){0,3}[A-Z][\w.'’-]+) ?: (?=\S))"
)
# words in capitals before a colon that are no speaker
SECTIONS = frozenset(
    "UPDATE UPDATED WATCH READ MORE RELATED BREAKING EXCLUSIVE CORRECTION CORRECTIONS NOTE VIDEO PHOTO"
    " PHOTOS LIVE SEE ALSO OPINION ANALYSIS EDITOR'S EDITOR’S EDITORS LISTEN DEVELOPING ADVERTISEMENT"
    " ALERT REVIEW INTERVIEW TRANSCRIPT PARTIAL SOURCE SOURCES SPOILER WARNING PREVIOUSLY EARLIER NEWS"
    " POLL QUIZ BACKGROUND PHOTOGRAPH PICTURED CAPTION CREDIT FACT FACTS VERDICT CLAIM HEADLINE TIMELINE"
    " TODAY LATEST".split()
)
SIGNATURE = re.compile(
    r"\s?[―—–-]{1,2}\s?(?P<dash>[A-Z][^.!?“”\"]{2,80})[. ]*|\s?\((?P<brackets>[A-Z][^()“”\"]{2,80})\)[. ]*"
)
LEAST = 4  # labelled paragraphs that make an interview
DENSE = 0.5  # share of its paragraphs that are labelled
SHORT = 20  # characters: a shorter quotation with a dash after it is a heading


@dataclass(frozen=True)
class Labelled:
    """Paragraphs of one speaker: where he or she is named, a span of the text, and the spans of what is said."""

    source: Span
    content: tuple[Span, ...]
    paragraphs: tuple[int, ...]


def labelled(document: Document) -> list[Labelled]:
    """Return all paragraphs of a document that name their speaker, with those that go on with him or her."""
    return _interview(document) + _signed(document)


def _interview(document: Document) -> list[Labelled]:
    body = [number for number, (_, _, role) in enumerate(document.paragraphs) if role == "body"]
    matches = {number: match for number in body if (match := LABEL.match(_text(document, number)))}
    found = {number: match for number, match in matches.items() if _names(document, match, matches)}
    turns = [[number] for number in sorted(found)]
    if len(turns) >= LEAST and len(turns) >= DENSE * (turns[-1][0] - turns[0][0] + 1):
        for turn, following in zip(turns, turns[1:]):
            between = [n for n in body if turn[0] < n < following[0]]
            turn += [n for n in between if not re.match(r"[\[(*]", _text(document, n))]
    made = []
    for turn in turns:
        start, end, _ = document.paragraphs[turn[0]]
        match = found[turn[0]]
        said = ((start + match.end(), end), *(document.paragraphs[n][:2] for n in turn[1:]))
        made.append(
            Labelled(
                (start + match.start(match.lastgroup or 0), start + match.end(match.lastgroup or 0)), said, tuple(turn)
            )
        )
    return made


def _names(document: Document, match: re.Match[str], matches: dict[int, re.Match[str]]) -> bool:
    """Return whether a label names a speaker: in capitals, unless it is a section's; a letter or a name in small
    letters only if it comes again, among others."""
    label = match.group(match.lastgroup or 0)
    if match.lastgroup == "capitals":
        return not set(label.replace(".", "").split()) & SECTIONS
    counts = Counter(other.group(other.lastgroup or 0) for other in matches.values())
    if match.lastgroup == "letter":
        return counts["Q"] > 0 and counts["A"] > 0
    repeated = [name for name, count in counts.items() if count > 1]
    return label in repeated and len(repeated) > 1


def _signed(document: Document) -> list[Labelled]:
    """Return quotations with a name after a dash or in brackets, on the same line or the next."""
    made = []
    for number, (start, end, role) in enumerate(document.paragraphs):
        if role != "body":
            continue
        quotation = _whole_quotation(document, number)
        if quotation and (match := SIGNATURE.fullmatch(document.text, quotation[1], end)):
            made.append(Labelled(match.span(match.lastgroup or 0), (quotation,), (number,)))
        elif number and (match := SIGNATURE.fullmatch(document.text, start, end)):
            before = _whole_quotation(document, number - 1)
            if before and before[1] == document.paragraphs[number - 1][1]:
                made.append(Labelled(match.span(match.lastgroup or 0), (before,), (number - 1, number)))
    return made


def _whole_quotation(document: Document, paragraph: int) -> Span | None:
    """Return the quotations that a paragraph begins with, up to the end of the last one that only spaces part from
    the one before; None if it begins with none, or a short one."""
    start, end, _ = document.paragraphs[paragraph]
    last = start
    for quote in document.quotes:
        if start <= quote.start < end and document.text[last : quote.start].strip() == "":
            last = quote.end
    return (start, last) if last - start > SHORT else None


def _text(document: Document, paragraph: int) -> str:
    start, end, _ = document.paragraphs[paragraph]
    return document.text[start:end]
