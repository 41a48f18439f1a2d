"""What comes first and what comes last: the frames paragraph by paragraph."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from presslab.parsing.document import Document

from .frames import Frame, generic
from .match import find, negated

if TYPE_CHECKING:
    import pandas as pd  # imported where a table is built: measuring does without

COLUMNS = ("paragraph", "place", "words", "frame", "weight_per_100_words", "terms", "start", "end")


def places(document: Document) -> list[str]:
    """Return the place of each paragraph: "headline", "standfirst", "subheading", "lede", "body" or "tail" (last
    quarter of the body)."""
    body = [i for i in range(len(document.paragraphs)) if document.role(i) == "body"]
    tail = set(body[-(len(body) // 4) :]) if len(body) >= 4 else set()
    named = {i: "tail" if i in tail else "body" for i in body} | {i: "lede" for i in body[:1]}
    return [named.get(i, document.role(i)) for i in range(len(document.paragraphs))]


def emphasis(document: Document, frames: tuple[Frame, ...] = ()) -> pd.DataFrame:
    """Return the weight of each frame's terms in each paragraph, per 100 words: which paragraphs are about what, and in
    what order.

    Columns: paragraph, place (see `places`), words, frame, weight_per_100_words, terms (those that occur, heaviest
    first), start, end. One row per paragraph and frame: the five generic frames, then `frames`.
    """
    import pandas as pd

    frame_set, tokens, where = (*generic(), *frames), document.tokens, places(document)
    words = np.bincount([w.paragraph for w in document.words], minlength=len(document.paragraphs))
    rows = []
    for frame, matches in zip(frame_set, find(document, tuple(frame.terms for frame in frame_set))):
        hits = [m for m in matches if not (frame.negation and negated(document, m))]
        for number, (start, end, _) in enumerate(document.paragraphs):
            inside = [m for m in hits if tokens.paragraph[m.first] == number]
            inside.sort(key=lambda m: (-m.term.weight, m.first))
            forms = {document.text[tokens.start[m.first] : tokens.end[m.last]].lower(): None for m in inside}
            weight = 100 * sum(m.term.weight for m in inside) / words[number] if words[number] else 0.0
            count = int(words[number])
            rows.append((number, where[number], count, frame.name, weight, ", ".join(forms), start, end))
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    return table.sort_values("paragraph", kind="stable", ignore_index=True)
