"""What `--text excerpts` and `--text none` leave of an article: one rule for tables, notebooks, pages and messages.

`none` shows no stretch of an article's text, `excerpts` the beginning of each paragraph, on pages alone. Both keep
titles, offsets, the text's SHA-256, names of sources up to NAME words, and terms up to TERM words that a number counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
import csv
from dataclasses import replace
from functools import lru_cache
import io
import re

from presslab.measures.analyse import Analysis
from presslab.measures.sources import Source
from presslab.parsing.document import Document
from presslab.system.plain_yaml import packaged

SHOWS = ("none", "excerpts", "full")  # each shows more than the one before
FULL = SHOWS[-1]
NAME, TERM = 7, 3  # words
EXCERPT, PART = 25, 4  # at most 25 words of a paragraph, and no more than a fourth of it
WORD = re.compile(r"\w+")  # the finest way to count: “Trump’s” are two
LONGEST = NAME + 1  # so many words in a row are a stretch of text
CODED = {
    f"coding/{name}"
    for name in (
        "sample.csv",
        "codebook.yaml",
        "codes.csv",
        "marks.csv",
        "notes.csv",
        "agreed.csv",
        "agreement.json",
        "validity.html",
        "validity.json",
        "estimates.csv",
        "estimates.html",
    )
}
MARKS = "coding/marks.csv"  # of CODED, what a run keeps of its codes, the only one with words of articles


def analysis(a: Analysis, show: str) -> Analysis:
    """Return an analysis without the long stretches of text that its sources, corrections and cut lines hold.

    Numbers, offsets and the parsed document stay; what a page shows of the document itself goes through `quoted`.
    """
    if show == FULL:
        return a
    short = names(source.name for source in a.sources)
    removals = tuple(replace(r, text=f"({len(WORD.findall(r.text))} words)") for r in a.article.removed)
    corrections = tuple(
        replace(c, words=tuple(map(cut, c.words)), to=cut(c.to), cue=cut(c.cue), because=cut(c.because))
        for c in a.article.corrections
    )
    article = replace(a.article, removed=removals, corrections=corrections)
    return replace(a, article=article, sources=[source_cut(source, short[source.name]) for source in a.sources])


def rows(tables: dict[str, list[dict]], show: str) -> dict[str, list[dict]]:
    """Return table rows whose columns of text are empty, as data/withheld.yaml marks them."""
    if show == FULL:
        return tables
    return {name: [_row(row, columns(name)) for row in records] for name, records in tables.items()}


@lru_cache(maxsize=64)
def columns(table: str) -> dict[str, str]:
    """Return for each column of a table that holds strings what is done with it: "text" (emptied), "label" (its first
    part, cut as a name is), "name" (cut already) or "other" (kept)."""
    kinds = packaged("withheld.yaml").get(table, {})
    return {column: kind for kind, members in kinds.items() for column in members}


def quoted(document: Document, start: int, end: int, show: str) -> str:
    """Return what may be shown of a stretch of a document, with … for what is left out; "" if that is nothing."""
    if show == FULL:
        return document.text[start:end]
    pieces = []
    for number, (first, last, _) in enumerate(document.paragraphs):
        if first < end and last > start:
            piece = document.text[max(first, start) : min(end, visible(document, number, show))]
            pieces += [piece + " …"] if piece.strip() else []
    return " ".join(pieces)


def visible(document: Document, paragraph: int, show: str) -> int:
    """Return where the part of a paragraph ends that may be shown: its start if that is none of it."""
    start, end, role = document.paragraphs[paragraph]
    if show == FULL or role == "headline":
        return end
    if show != "excerpts":
        return start
    words = [m.end() for m in WORD.finditer(document.text, start, end)]
    count = min(EXCERPT, len(words) // PART)
    return words[count - 1] if count else start


def term(words: str, show: str) -> bool:
    """Return whether words behind a number are shown: few enough to be a term and no stretch of text."""
    return show == FULL or len(WORD.findall(words)) <= TERM


def cut(name: str) -> str:
    """Return a name of at most NAME words, with … for the others."""
    words = list(WORD.finditer(name))
    return name if len(words) <= NAME else f"{name[: words[NAME - 1].end()]} …"


def names(given: Iterable[str]) -> dict[str, str]:
    """Return each name with what is shown of it: cut, and no two alike."""
    short_names: dict[str, str] = {}
    in_use: set[str] = set()
    for name in dict.fromkeys(given):
        short, number = cut(name), 2
        while short in in_use:
            short, number = f"{cut(name)} ({number})", number + 1
        in_use.add(short)
        short_names[name] = short
    return short_names


def message(said: str, texts: Iterable[str], show: str) -> str:
    """Return a message in which each stretch of one of the texts, LONGEST words or more, is replaced by …."""
    if show == FULL:
        return said
    article_shingles = {shingle for text in texts for shingle in _shingles(WORD.findall(text.lower()))}
    words = list(WORD.finditer(said))
    inside = bytearray(len(words))
    for place, shingle in enumerate(_shingles([m[0].lower() for m in words])):
        if shingle in article_shingles:
            inside[place : place + LONGEST] = b"\1" * LONGEST
    pieces, at = [], 0
    for place, word in enumerate(words):
        if inside[place]:
            if not place or not inside[place - 1]:
                pieces.append(said[at : word.start()] + "…")
            at = word.end()
    return "".join(pieces) + said[at:]


def unquoted(marks: bytes) -> bytes:
    """Return a table of marked words (CSV) with the words left out; their offsets stay."""
    records = list(csv.reader(io.StringIO(marks.decode("utf-8", "replace"), newline="")))
    place = records[0].index("text") if records and "text" in records[0] else -1
    blank = ([*r[:place], "", *r[place + 1 :]] if place >= 0 and number else r for number, r in enumerate(records))
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows(blank)
    return stream.getvalue().encode()


def _shingles(words: list[str]) -> list[tuple[str, ...]]:
    return list(zip(*(words[i:] for i in range(LONGEST))))


def source_cut(source: Source, name: str) -> Source:
    mentions = tuple(replace(m, text=cut(m.text)) for m in source.mentions)
    correction = "by a reader" if source.corrected else ""
    return replace(
        source,
        name=name,
        type_words=cut(source.type_words),
        role=cut(source.role),
        mentions=mentions,
        corrected=correction,
    )


def _row(row: dict, kinds: Mapping[str, str]) -> dict:
    shorteners = {"text": lambda value: "", "label": lambda value: cut(value.split(";")[0])}
    return {
        name: shorteners[kinds[name]](value) if kinds.get(name) in shorteners and value else value
        for name, value in row.items()
    }
