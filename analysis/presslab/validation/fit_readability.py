"""Fit the combined index on OneStopEnglish: `python -m presslab.validation.fit_readability ../shared` writes
data/readability/combined.json.

OneStopEnglish (Vajjala & Lučić 2018, CC BY-SA 4.0): 189 news stories, each written at three levels. Which of two levels
of one story is harder is fitted by ridge logistic regression on the differences of four components; so what a story is
about plays no part. The sum is then stretched so that elementary texts have 0 on average and advanced ones 2. News for
adults lies above that: quantiles over PolNeAR (train) and BASIL say what is usual. No random numbers."""

from __future__ import annotations

import json
from pathlib import Path
import re
import sys

import numpy as np

from presslab.measures.readability import SentenceCounts, count_sentences, count_words, too_short
from presslab.measures.readability.formulas import COMBINED_PARTS
from presslab.parsing.document import parse
from presslab.reading.from_text import from_text

FILE = Path(__file__).resolve().parents[1] / "data" / "readability" / "combined.json"
QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)
PENALTY = 0.2  # of a unit of squared weight, in mean log likelihood
PAIRS = ((0, 1), (1, 2), (0, 2))
FOLDS = 5
Key = tuple[str, int]


def equalised(text: str) -> str:
    """Return texts without quotes and non-ASCII characters: the published intermediate files have lost them; remove
    them from all levels."""
    return re.sub(r"[^\x00-\x7f]|[\"']", "", text)


def read_stories(folder: Path) -> dict[Key, str]:
    """Return equalised text by story and level (0 elementary, 1 intermediate, 2 advanced)."""
    lines = (folder / "onestop" / "articles.jsonl").read_text("utf-8").splitlines()
    return {(row["story"], row["level"]): equalised(row["text"]) for row in map(json.loads, lines)}


def counted(text: str, aloud: bool = False) -> SentenceCounts:
    """Return the counts of the sentences of a whole text as it is."""
    return count_sentences(count_words(parse(from_text(text, clean=False, any_language=True)), aloud))


def parts(table: SentenceCounts) -> np.ndarray:
    """Return the components of the combined index of one text."""
    return np.array([float(part(table.total())) for part in COMBINED_PARTS])


def fit(texts: dict[Key, np.ndarray]) -> np.ndarray:
    """Return intercept and a weight a component, from the components by story and level."""
    stories = sorted({story for story, _ in texts})
    spread = np.std(list(texts.values()), axis=0)
    steps = np.array([(texts[s, high] - texts[s, low]) / spread for s in stories for low, high in PAIRS])
    found = np.zeros(steps.shape[1])
    for _ in range(50):
        chance = 1 / (1 + np.exp(-steps @ found))
        slope = steps.T @ (1 - chance) / len(steps) - PENALTY * found
        curve = (steps.T * (chance * (1 - chance))) @ steps / len(steps) + PENALTY * np.eye(len(found))
        found = found + np.linalg.solve(curve, slope)
    weights = found / spread
    ends = [np.mean([texts[s, level] @ weights for s in stories]) for level in (0, 2)]
    stretch = 2 / (ends[1] - ends[0])
    return np.array([-stretch * ends[0], *(stretch * weights)])


def in_folds(texts: dict[Key, np.ndarray]) -> dict[Key, float]:
    """Return the combined index of each text, fitted on the stories of the other folds."""
    stories = sorted({story for story, _ in texts})
    scores: dict[Key, float] = {}
    for fold in range(FOLDS):
        held = set(stories[fold::FOLDS])
        weights = fit({key: x for key, x in texts.items() if key[0] not in held})
        scores |= {key: float(weights[0] + weights[1:] @ x) for key, x in texts.items() if key[0] in held}
    return scores


def order_accuracy(scores: dict[Key, float]) -> float:
    """Return the share of pairs of levels of one story that are in order (higher is harder)."""
    stories = sorted({story for story, _ in scores})
    return float(np.mean([scores[s, high] > scores[s, low] for s in stories for low, high in PAIRS]))


def usual(folder: Path, weights: np.ndarray) -> dict[str, object]:
    """Return the quantiles of the combined index over news for adults: articles of PolNeAR (train) and BASIL that are
    long enough for a score."""
    texts = [file.read_text("utf-8") for file in sorted((folder / "polnear" / "train" / "text").iterdir())]
    rows = (folder / "basil" / "articles.jsonl").read_text("utf-8").splitlines()
    texts += [json.loads(row)["text"] for row in rows]
    scores = []
    for text in texts:
        table = count_sentences(count_words(parse(from_text(text, any_language=True))))
        if not too_short(table):
            scores.append(float(weights[0] + weights[1:] @ parts(table)))
    return {
        "measured_on": f"{len(scores)} articles of PolNeAR (train) and BASIL: US news on politics, 2010 to 2016",
        "quantiles": {f"{q:.2f}": round(float(np.quantile(scores, q)), 2) for q in QUANTILES},
    }


def main(folder: Path) -> None:
    """Fit on all stories and write the weights, and the quantiles of usual news."""
    texts = {key: parts(counted(text)) for key, text in read_stories(folder).items()}
    names = ["intercept", *(part.__name__ for part in COMBINED_PARTS)]
    weights = fit(texts).round(5)
    found = {
        "fitted_on": f"OneStopEnglish, {len(texts) // 3} stories at three levels",
        "weights": dict(zip(names, weights.tolist())),
        "news": usual(folder, weights),
    }
    FILE.write_text(json.dumps(found, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared"))
