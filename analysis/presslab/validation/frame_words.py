"""Do the words that a report shows for a frame speak of it?
`python -m presslab.validation.frame_words ../shared ../news`.

tests/gold/frame_words.jsonl has 200 words a frame, drawn at random after the word lists were settled (40 each from
PolNeAR, BASIL, the Narrative Frames Corpus, OneStopEnglish, and news on courts, sport, business, science) and judged
in their sentences in two passes of a language model: would an editor accept this word as evidence of the frame? No
person has judged them. Ids and offsets only, no texts. Writes data/validation/frame_words.json: of the words that
today's lists still mark, the share that is right."""

from __future__ import annotations

import json
from pathlib import Path
import sys
from typing import Any

import numpy as np

from presslab.measures import validity
from presslab.measures.framing.frames import GENERIC, listed
from presslab.measures.framing.match import find
from presslab.measures.statistics import wilson
from presslab.parsing.document import parse
from presslab.reading.from_text import from_text

from . import news
from .gold import lines

COMMAND = "python -m presslab.validation.frame_words ../shared ../news"
GOLD = Path(__file__).resolve().parents[3] / "tests" / "gold" / "frame_words.jsonl"


def gold() -> list[dict[str, Any]]:
    """Return the judged words: frame, id (of the article), start, end (in the document's text), right (by pass)."""
    return lines(GOLD)


def marked(shared: Path, downloaded: Path) -> list[bool]:
    """Return for each judged word whether today's list of its frame marks it. Raises ValueError if a text is
    missing."""
    texts = {story.id: story.text for story in news.stories(shared, downloaded)}
    places: dict[tuple[str, str], set[tuple[int, int]]] = {}
    rows, frames = gold(), listed()
    for id in sorted({row["id"] for row in rows}):
        if id not in texts:
            raise ValueError(f"{id} is missing")
        document = parse(from_text(texts[id], id=id))
        for frame, matches in zip(frames, find(document, tuple(frame.terms for frame in frames))):
            places[id, frame.name] = {(document.tokens.start[m.first], document.tokens.end[m.last]) for m in matches}
    return [(row["start"], row["end"]) in places[row["id"], row["frame"]] for row in rows]


def report(there: list[bool]) -> dict[str, Any]:
    """Return for each frame how many words are still marked, and which share of them is right: in the mean of the
    passes (with Wilson's interval), in both, and how often the passes agree."""
    result: dict[str, Any] = {}
    for name in GENERIC:
        right = np.array([row["right"] for row, mine in zip(gold(), there) if mine and row["frame"] == name])
        share, n = float(right.mean()), len(right)
        low, high = wilson(share * n, n)
        result[name] = {
            "n": n, "right": round(share, 3), "low": round(low, 3), "high": round(high, 3),
            "in_both": round(float(right.all(axis=1).mean()), 3),
            "agree": round(float((right[:, 0] == right[:, 1]).mean()), 3),
        }  # fmt: skip
    return result


def main(shared: Path, downloaded: Path) -> None:
    """Score the judged words and save the figures."""
    found = report(marked(shared, downloaded))
    print(json.dumps(found, indent=1))
    print(validity.save("frame_words", COMMAND, found))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:3] if len(sys.argv) > 2 else ("../shared", "../news")))
