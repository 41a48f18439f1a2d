"""Paragraphs → the text of a record, with spans for what is not part of the story."""

from __future__ import annotations

import re

from rapidfuzz import fuzz

from .record import Span

NOTES = (  # rule, reason, pattern: a whole paragraph of an export or agency file that is no part of the story
    (
        "caption",
        "a photo caption or a list of graphics",
        (
            r"(?:photos?|photographs?|pictures?|drawings?|maps?|charts?|graphs?|graphic|tables?|illustrations?|"
            r"photo caption)\s*(?::.*|(?:of|showing|indicating)\b.{0,160}|\.?)"
        ),
    ),
    (
        "desk-initials",
        "initials of the desk",
        r"[a-z]{2,5}(?:[/_-][a-z]{2,5})+|[a-z]{2,5}(?: [a-z0-9]{1,5}){1,6} [a-z]{2,4}",
    ),
    (
        "database-label",
        "a line of the newspaper database",
        r"https?://\S+|www\.\S+|-?\d{5,}|document \w{10,}|dokument \w{10,}",
    ),
    (
        "distribution",
        "says who distributed the text",
        (
            r"published by .{3,60} with permission from .{3,60}|for any query with respect to this article .*|"
            r"distributed by .{3,80}|provided by .{3,60}"
        ),
    ),
    (
        "offer",
        "offers something for sale",
        (
            r".{0,200}\bto (?:order|buy|reserve) (?:a|your) (?:copy|copies)\b.{0,250}|"
            r".{0,300}[£€$]\d.{0,120}\b(?:p&p|bookshop)\b.{0,120}"
        ),
    ),
    (
        "imprint",
        "who printed and published the paper",
        r".{0,400}\bprinted (?:and published )?by\b.{0,400}\b(?:limited|ltd|corporation|plc)\b.{0,400}",
    ),
    (
        "print-note",
        "a note about the print edition",
        (
            r"this (?:is a more complete version of the story|article appeared in print|story appeared in print|"
            r"is a revised article|article has been revised).{0,200}"
        ),
    ),
    (
        "contact",
        "how to reach the author or the desk",
        (
            r"[\w.’' -]{3,50} can be reached at .{5,200}|(?:please )?follow .{3,80} on twitter\b.{0,80}|"
            r"we[’']d love your feedback\..{0,100}|.{0,80}\bvia facebook, twitter and .{0,60}newsletter\.?"
        ),
    ),
    (
        "cross-reference",
        "points to another page",
        (
            r">.{3,120}p\d+|.{3,120} [-–] p\.?\d+|[^*.!?]{3,60}, pages? [A-Z]?\d{1,3}[ >=]*|"
            r"\[ ?an? .{3,60} is on page [A-Z]?\d+\. ?\]|\(?see (?:also )?page \w{1,4}\)?"
        ),
    ),
)
COMPILED = tuple((rule, reason, re.compile(pattern, re.IGNORECASE | re.DOTALL)) for rule, reason, pattern in NOTES)
# only after the story's last full paragraph, or before its first
EDGE = {
    "caption",
    "desk-initials",
    "contact",
    "imprint",
    "offer",
}
RELATED = re.compile(
    r"(?i)(?:related (?:articles?|coverage|stories|content|links?)|recommended(?: for you)?|read more):?"
)
ENDED = re.compile(r"[.!?…][\"”’')\]]*$")
DATELINE = re.compile(
    r"(?P<place>[A-Z][\w.'’-]+(?:[ ,/]+[A-Z][\w.'’-]+){0,4}?)(?:, (?:[A-Z][a-z]+day, )?(?:\d{1,2} )?(?:Jan|Feb|Mar|"
    r"Apr|May|June?|July?|Aug|Sept?|Oct|Nov|"
    r"Dec)[a-z]*\.?(?: \d{1,2})?(?:, \d{4})?)? ?\((?P<agency>[A-Za-z][\w .&-]{1,30})\) ?(?:\.?[-–—]{1,2}|:) ?"
)


def composed(
    paragraphs: list[str], furniture: dict[int, tuple[str, str]] | None = None
) -> tuple[str, tuple[Span, ...]]:
    """Return the text of a record and its spans. `furniture` maps the number of a paragraph to (rule, reason) if the
    reader knows that it is not part of the story; paragraphs that read like notes are found here."""
    furniture = dict(furniture or {})
    text, places = "", []
    for paragraph in paragraphs:
        text += "\n\n" if text else ""
        places.append((len(text), len(text) + len(paragraph)))
        text += paragraph
    full = [i for i, p in enumerate(paragraphs) if i not in furniture and len(p.split()) >= 12 and not _note(p)]
    first, last = (full[0], full[-1]) if full else (len(paragraphs), -1)
    for number, paragraph in enumerate(paragraphs):
        note = _note(paragraph)
        if note and number not in furniture and full and (note[0] not in EDGE or number > last or number < first):
            furniture[number] = note
    # only links follow
    after = next((i + 1 for i in range(len(paragraphs) - 1, -1, -1) if len(paragraphs[i].split()) > 25), 0)
    for number in range(max(len(paragraphs) * 2 // 3, after), len(paragraphs)):
        if RELATED.fullmatch(paragraphs[number]):
            furniture |= {i: ("linked-story", "a link to another story") for i in range(number, len(paragraphs))}
            break
    for number in range(len(paragraphs) - 1, max(len(paragraphs) - 4, 1), -1):
        if number not in furniture and not _is_pull_quote(paragraphs, number):
            break
        furniture.setdefault(number, ("pull-quote", "repeats words of the story (a pull quote)"))
    spans = [Span(*places[number], *furniture[number]) for number in sorted(furniture)]
    return text, tuple(spans)


def unwrapped(
    paragraphs: list[str], furniture: dict[int, tuple[str, str]]
) -> tuple[list[str], dict[int, tuple[str, str]]]:
    """Return paragraphs out of lines that were broken at a width, if an export gives each line as a paragraph of
    its own.

    A paragraph ends with a sentence on a line where the next word would still have had room. Texts that are not
    broken so come back as they are.
    """
    lengths = sorted(len(p) for p in paragraphs)
    open_ended = sum(not ENDED.search(p) for p in paragraphs)
    if (
        len(paragraphs) < 8
        or lengths[-1 - len(lengths) // 50] > 85
        or lengths[len(lengths) // 2] < 45
        or open_ended < 0.4 * len(paragraphs)
    ):
        return paragraphs, furniture
    width = lengths[-1 - len(lengths) // 20]
    done: list[str] = []
    places: dict[int, tuple[str, str]] = {}
    joining = False
    for number, line in enumerate(paragraphs):
        if joining and number not in furniture:
            done[-1] += f" {line}"
        else:
            done.append(line)
        if number in furniture:
            places[len(done) - 1] = furniture[number]
        following = paragraphs[number + 1].split(" ")[0] if number + 1 < len(paragraphs) else ""
        ended = ENDED.search(line) and len(line) + 1 + len(following) <= width and not re.match(r"[a-z.,;]", following)
        joining = number not in furniture and not ended
    return done, places


def _is_pull_quote(paragraphs: list[str], number: int) -> bool:
    """Return whether one of the last paragraphs is set apart from the text: no sentence's end, and its words stand
    above."""
    text = paragraphs[number].strip("'\"“”‘’ -")
    if ENDED.search(text) or not 5 <= len(text.split()) <= 45 or len(text) > 1000:
        return False
    for above in paragraphs[:number]:
        if text == paragraphs[number] and above.startswith(text) and not re.match(r"[.!?,;:\"'’”]", above[len(text) :]):
            return False  # a text that breaks off, not one that was picked
    least = 75 if text == paragraphs[number] else 60  # between quotation marks, without a speaker: set apart already
    return fuzz.partial_ratio(text.casefold(), " ".join(paragraphs[:number]).casefold()) >= least


def _note(paragraph: str) -> tuple[str, str] | None:
    if len(paragraph.split()) > 400:
        return None
    return next(((rule, reason) for rule, reason, pattern in COMPILED if pattern.fullmatch(paragraph.strip())), None)


def after_dateline(text: str, spans: tuple[Span, ...]) -> tuple[str, str, tuple[Span, ...]]:
    """Return place and agency of an agency's dateline at the text's beginning ("Berlin (dpa) - "), and the spans
    with it.

    "" and the spans unchanged if there is none.
    """
    match = DATELINE.match(text)
    if not match or spans and spans[0].start < match.end():
        return "", "", spans
    return match["place"].strip(" ,"), match["agency"], (Span(0, match.end(), "dateline", "dateline"), *spans)
