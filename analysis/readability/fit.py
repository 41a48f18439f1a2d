"""Fit the combined index on OneStopEnglish and check what formulas order there: `python -m analysis.readability.fit FILE`.

FILE is onestop/articles.jsonl (OneStopEnglish, Vajjala & Lučić 2018, CC BY-SA 4.0). Ridge regression on the level (0, 1, 2),
no random numbers. Prints the coefficients for `formulas.COMBINED`, and the share of pairs of levels of one story that each
index puts in order, for the combined index in five folds by story.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
import re
import sys

import numpy as np

from ..article import from_text
from ..document import parse
from . import COLUMNS, sentence_table, word_table
from .formulas import COMBINED, INDICES, Counts, hard_word_share, mean_sentence_length, mean_zipf, syllables_per_word

PENALTY = 0.5
COMPONENTS = (mean_sentence_length, syllables_per_word, hard_word_share, mean_zipf)


def equalised(text: str) -> str:
    """The published intermediate files have lost all non-ASCII characters; take quotes and those out of all levels."""
    return re.sub(r"[^\x00-\x7f]|[\"']", "", text)


def counts(text: str) -> Counts:
    """Counts of a whole text."""
    sums = sentence_table(word_table(parse(from_text(equalised(text), clean=False, any_language=True))), "article")
    return Counts(**{name: float(sums[name].sum()) for name in COLUMNS})


def order_accuracy(scores: dict[tuple[str, int], float]) -> float:
    """Share of pairs of levels of one story that are in order (higher is harder)."""
    pairs = [
        scores[story, high] > scores[story, low]
        for story in sorted({s for s, _ in scores})
        for low, high in ((0, 1), (1, 2), (0, 2))
    ]
    return float(np.mean(pairs))


def fit(rows: list[tuple[Counts, int]]) -> np.ndarray:
    """Intercept and four coefficients by ridge regression on standardised components.

    The penalty keeps the four, which go together, all at work: without it syllables get the wrong sign.
    """
    x = np.array([[f(c) for f in COMPONENTS] for c, _ in rows])
    y = np.array([level for _, level in rows], dtype=float)
    middle, spread = x.mean(0), x.std(0)
    z = (x - middle) / spread
    weights = np.linalg.solve(z.T @ z + PENALTY * len(z) * np.eye(z.shape[1]), z.T @ (y - y.mean())) / spread
    return np.array([y.mean() - weights @ middle, *weights])


def report(path: Path) -> dict[str, object]:
    """Coefficients and order accuracies from the file of OneStopEnglish."""
    table = {}
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        table[row["story"], row["level"]] = counts(row["text"])
    stories = sorted({story for story, _ in table})
    folds: dict[tuple[str, int], float] = {}
    for fold in range(5):
        held = set(stories[fold::5])
        weights = fit([(c, level) for (story, level), c in table.items() if story not in held])
        for (story, level), c in table.items():
            if story in held:
                folds[story, level] = float(weights @ np.array([1.0, *(f(c) for f in COMPONENTS)]))
    accuracy = {"combined_readability (five folds)": order_accuracy(folds)}
    for formula in INDICES:
        sign = -1 if formula.__name__ == "flesch_reading_ease" else 1
        scores = {key: sign * float(formula(c)) for key, c in table.items()}
        if all(map(math.isfinite, scores.values())):
            accuracy[formula.__name__] = order_accuracy(scores)
    weights = fit([(c, level) for (_, level), c in table.items()])
    return {"coefficients": dict(zip(COMBINED, map(float, weights.round(5)))), "order_accuracy": accuracy}


if __name__ == "__main__":
    json.dump(report(Path(sys.argv[1])), sys.stdout, indent=1)
