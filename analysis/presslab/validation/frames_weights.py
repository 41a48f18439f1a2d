"""Would weights learned from coded articles beat those written by hand, on a topic that they have not seen?
`python -m presslab.validation.frames_weights ../shared ../news`.

For each frame, one weight a group of terms is fitted (logistic regression with a ridge, weights not below 0, an
intercept a topic) on all topics but one, climate (coded by people) and four other kinds of news (coded by a language
model), and both orders are compared on the topic left out. Writes data/validation/frames_weights.json. The word lists
keep the weights written by hand as long as these win."""

from __future__ import annotations

import json
from pathlib import Path
import sys
from typing import Any

import numpy as np

from presslab.measures import validity
from presslab.measures.framing.frames import GENERIC, Frame, listed, raw_score
from presslab.measures.framing.match import find
from presslab.measures.framing.scopes import parts
from presslab.measures.statistics.agreement import roc_area
from presslab.parsing.document import Document, parse
from presslab.reading.from_text import from_text

from . import frames_other
from .framing import coded, documents

COMMAND = "python -m presslab.validation.frames_weights ../shared ../news"
RIDGE, STEPS = 10.0, 200
FEWEST = 5  # articles with and without the frame in the topic left out


def rates(document: Document, frame: Frame) -> dict[str, float]:
    """Return the raw score that each group of a frame's terms adds, at weight 1."""
    part = parts(document, ["journalist"] * len(document.tokens))[0]
    found: dict[str, list] = {term.group: [] for term in frame.terms.terms}
    for match in find(document, (frame.terms,))[0]:
        found[match.term.group].append(match)
    return {
        group: raw_score(part, matches) / matches[0].term.weight if matches else 0.0 for group, matches in found.items()
    }


def fitted(x: np.ndarray, seen: np.ndarray, topic: np.ndarray) -> np.ndarray:
    """Return a weight for each column, not below 0, by penalised logistic regression with an intercept a topic."""
    inner = np.eye(topic.max() + 1)[topic]
    design = np.hstack([inner, x])
    penalty = np.repeat([0.01, RIDGE], [inner.shape[1], x.shape[1]])
    at = np.zeros(design.shape[1])
    for _ in range(STEPS):
        p = 1 / (1 + np.exp(-design @ at))
        curve = (design.T * (p * (1 - p) + 1e-6)) @ design + np.diag(penalty)
        at = at + 0.5 * np.linalg.solve(curve, design.T @ (seen - p) - penalty * at)
    return np.maximum(at[inner.shape[1] :], 0)


def compared(sets: dict[str, tuple[np.ndarray, np.ndarray]], by_hand: np.ndarray) -> dict[str, dict[str, float]]:
    """Return for each topic left out the areas of the weights by hand and of the learned ones."""
    result = {}
    for left, (x, seen) in sets.items():
        if not FEWEST <= seen.sum() <= len(seen) - FEWEST:
            continue
        others = [key for key in sets if key != left]
        spread = np.vstack([sets[key][0] for key in others]).std(axis=0) + 1e-9
        learned = fitted(
            np.vstack([sets[key][0] / spread for key in others]),
            np.concatenate([sets[key][1] for key in others]).astype(float),
            np.repeat(range(len(others)), [len(sets[key][1]) for key in others]),
        )
        result[left] = {
            "by_hand": round(roc_area(seen, x @ by_hand), 3),
            "learned": round(roc_area(seen, x / spread @ learned), 3),
        }
    return result


def main(shared: Path, downloaded: Path) -> None:
    """Compare both kinds of weights on every topic and save the figures."""
    file = shared / "frames" / "articles.jsonl"
    climate, people = documents(file), coded(file, lambda row: row["frames"])
    texts = frames_other.texts(shared, downloaded)
    rows = frames_other.gold()
    other = [parse(from_text(texts[row["id"]], id=row["id"])) for row in rows]
    found: dict[str, Any] = {}
    for frame in listed():
        groups = {term.group: term.weight for term in frame.terms.terms}

        def table(some: list[Document], frame: Frame = frame) -> np.ndarray:
            return np.array([list(rates(document, frame).values()) for document in some])

        sets = {"climate": (table(climate), np.array([people[d.article.id][frame.name] for d in climate]))}
        for kind in sorted({row["kind"] for row in rows}):
            mine = [i for i, row in enumerate(rows) if row["kind"] == kind]
            judged = np.array([frames_other.seen(rows[i], frame.name) for i in mine])
            sets[kind] = (table([other[i] for i in mine]), judged)
        found[frame.name] = compared(sets, np.array(list(groups.values())))
    pairs = [pair for name in GENERIC for pair in found[name].values()]
    better = sum(pair["learned"] > pair["by_hand"] for pair in pairs)
    summary = {"pairs": len(pairs), "learned_better": better, "frames": found}
    print(json.dumps(summary, indent=1))
    print(validity.save("frames_weights", COMMAND, summary))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:3] if len(sys.argv) > 2 else ("../shared", "../news")))
