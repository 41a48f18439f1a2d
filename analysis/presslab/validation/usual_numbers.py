"""The numbers of one article for the yardstick of usual news: what several processes do at the same time."""

from __future__ import annotations

from presslab.measures import attribution, framing, readability, sources
from presslab.measures.analyse import heard
from presslab.measures.framing.frames import listed, raw_score
from presslab.measures.framing.match import find
from presslab.measures.framing.scopes import parts
from presslab.parsing.document import parse
from presslab.reading.from_text import from_text

Row = tuple[int, str, str, float, int]  # words, measure, scope, value, words of the scope


def numbers(place: int, name: str, text: str) -> list[Row]:
    """Return all numbers of an article, those of frames as raw scores. Raises ArticleError if it can't be measured."""
    document = parse(from_text(text, id=name))
    attributions, people = heard(document)
    voices, words = attribution.voices(document, attributions), len(document.words)
    measures = (
        sources.measure(document, attributions, people)
        + readability.measure(document)
        + framing.measure(document, attributions, voices, people)
    )
    rows: list[Row] = [(words, m.name, m.scope, m.value, words) for m in measures if not m.name.startswith("frame_")]
    frames = listed()
    for frame, matches in zip(frames, find(document, tuple(frame.terms for frame in frames))):
        for part in (p for p in parts(document, voices) if p.total):
            inside = [m for m in matches if part.tokens[m.first]]
            rows.append((words, frame.column, part.scope, raw_score(part, inside), part.total))
    return rows
