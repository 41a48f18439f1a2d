"""How well frames agree with coders on news that is not on climate:
`python -m presslab.validation.frames_other ../shared ../news`.

tests/gold/frames_other_news.jsonl has 300 articles on courts, sport, business, and science and health (`news` says
where they come from), each coded from 0 (absent) to 3 (shapes the story) for the five frames, in two passes of a
language model that did not see each other, by a guide after Semetko & Valkenburg's items; no person has checked them.
An article has a frame where the two codes have a mean of 1.5 or more. Ids and hashes only, no texts. Writes
data/validation/frames_other.json."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
import sys
from typing import Any

import numpy as np

from presslab.measures import validity
from presslab.measures.framing.frames import generic
from presslab.measures.statistics.agreement import alpha, roc_area, roc_bootstrap
from presslab.measures.validity import Record
from presslab.parsing.document import parse
from presslab.reading.from_text import from_text

from . import news
from .framing import values
from .gold import lines

COMMAND = "python -m presslab.validation.frames_other ../shared ../news"
GOLD = Path(__file__).resolve().parents[3] / "tests" / "gold" / "frames_other_news.jsonl"
SEEN = 1.5  # mean code of the two passes
FEWEST = 10  # articles with and without a frame: below there is no area for a kind of news


def gold() -> list[dict[str, Any]]:
    """Return the coded articles: id, kind, sha256 (its first 16 digits, of the text), coded (frame → code, by pass)."""
    return lines(GOLD)


def texts(shared: Path, downloaded: Path) -> dict[str, str]:
    """Return the texts of the coded articles by id. Raises ValueError if one is missing or has changed."""
    there = {story.id: story.text for story in news.stories(shared, downloaded)}
    for row in gold():
        text = there.get(row["id"], "")
        if not text or hashlib.sha256(text.encode()).hexdigest()[:16] != row["sha256"]:
            raise ValueError(f"{row['id']} is missing or not the text that was coded")
    return {row["id"]: there[row["id"]] for row in gold()}


def scores(found: dict[str, str]) -> dict[str, np.ndarray]:
    """Return the value of each frame, scope article, by the order of `gold`."""
    coded = [parse(from_text(found[row["id"]], id=row["id"])) for row in gold()]
    return {frame.name: values(coded, frame) for frame in generic()}


def seen(row: dict[str, Any], frame: str) -> bool:
    """Return whether the two passes together saw a frame in an article."""
    return float(np.mean([coded[frame] for coded in row["coded"]])) >= SEEN


def agreed(frame: str) -> float:
    """Return Krippendorff's alpha (interval) of the two passes on a frame."""
    return alpha(np.array([[coded[frame] for coded in row["coded"]] for row in gold()], float).T, "interval")


def report(found: dict[str, np.ndarray]) -> dict[str, Any]:
    """Return for each frame its area under the ROC curve with interval, of all kinds and of each, and the agreement of
    the two passes."""
    rows, result = gold(), {}
    kinds = np.array([row["kind"] for row in rows])
    for name, value in found.items():
        there = np.array([seen(row, name) for row in rows])
        low, high = roc_bootstrap(there, value)
        by_kind = {
            str(kind): {"n": int((kinds == kind).sum()), "seen": int(there[kinds == kind].sum()),
                        "area": round(roc_area(there[kinds == kind], value[kinds == kind]), 3)}
            for kind in np.unique(kinds)
            if FEWEST <= there[kinds == kind].sum() <= (kinds == kind).sum() - FEWEST
        }  # fmt: skip
        result[name] = {
            "seen": int(there.sum()), "area": round(roc_area(there, value), 3), "low": round(low, 3),
            "high": round(high, 3), "alpha_of_passes": round(agreed(name), 3), "kinds": by_kind,
        }  # fmt: skip
    return {"articles": len(rows), "frames": result}


def records() -> list[Record]:
    """Return the saved areas as records of the frames' numbers."""
    saved = validity.figures("frames_other")
    return [
        Record(measure=f"frame_{name}", scope="article", corpus="other_frames", statistic="area under ROC",
               value=found["area"], low=found["low"], high=found["high"], n=saved["articles"], unit="article",
               on="News on courts, sport, business, science and health", years="2004–2016", topic="other",
               coders="two passes of a language model")
        for name, found in saved["frames"].items()
    ]  # fmt: skip


def main(shared: Path, downloaded: Path) -> None:
    """Measure the coded articles and save the figures."""
    found = report(scores(texts(shared, downloaded)))
    print(json.dumps(found, indent=1))
    print(validity.save("frames_other", COMMAND, found))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:3] if len(sys.argv) > 2 else ("../shared", "../news")))
