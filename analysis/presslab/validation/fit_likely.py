"""Learn how likely a coder is to have marked what the network takes for an attribution; data/attribution/likely.json.

    python -m presslab.validation.fit_likely ../shared/polnear/dev

Fitted on the dev part, since the network knows the train part by heart. Prints what the figure is on articles that
were not fitted on (ten parts), for some least chances."""

from __future__ import annotations

import json
from pathlib import Path
import sys

import numpy as np
from scipy.optimize import minimize

from presslab.measures.attribution import candidates, labels, likely, rules
from presslab.parsing.document import Document, parse
from presslab.reading.read import read_one

from . import gold

FOLDS = 10
SMOOTH = 1.5  # how strongly weights are kept near 0
OUT = Path(__file__).resolve().parents[1] / "data" / "attribution" / "likely.json"
Cases = tuple[np.ndarray, np.ndarray, int]  # signs of candidates (n, 3), whether coders marked them (n,), marks in all


def cases(document: Document, marked: list[dict[str, list[tuple[int, int]]]]) -> Cases:
    """Return the signs of a document's candidates, 1 for each that shares half of its words or more with a mark that
    no better one has, and the number of marks."""
    tree, t = rules.Tree(document), document.tokens
    every, certain = candidates(tree, rules.tokens_of(document, labels.labelled(document)))
    words = np.array([t.pos[i] != "PUNCT" for i in range(len(t))], dtype=bool)
    places = np.array([document.offsets[s] for s in t.start], dtype=int)
    contents = [{i for i in content if words[i]} for *_, content, _ in every]
    marks = [
        {int(i) for s, e in mark["content"] for i in np.flatnonzero((places >= s) & (places < e) & words)}
        for mark in marked
    ]
    shared = [(len(a & b) / len(a | b), i, k) for i, a in enumerate(contents) for k, b in enumerate(marks) if a & b]
    right, used = np.zeros(len(every)), set()
    for share, i, k in sorted(shared, key=lambda row: (-row[0], row[1:])):
        if share >= 0.5 and not right[i] and k not in used:
            right[i] = 1
            used.add(k)
    signs = [(1.0, *likely.signs(document, certain, content)) for *_, content, _ in every]
    return np.array(signs, dtype=float).reshape(len(every), 3), right, len(marks)


def fit(signs: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Return the weights of a logistic regression, kept near 0."""

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        z = signs @ w
        value = np.logaddexp(0, z).sum() - right @ z + SMOOTH * float(w[1:] @ w[1:])
        return float(value), signs.T @ (1 / (1 + np.exp(-z)) - right) + 2 * SMOOTH * np.r_[0, w[1:]]

    return np.asarray(minimize(loss, np.zeros(3), jac=True, method="L-BFGS-B").x)


def held_out(found: list[Cases], least: float) -> tuple[float, float]:
    """Return F1 and precision of what is likely enough, each article by weights fitted on others."""
    hits = kept = marks = 0.0
    for part in range(FOLDS):
        others = [one for k, one in enumerate(found) if k % FOLDS != part]
        w = fit(np.concatenate([one[0] for one in others]), np.concatenate([one[1] for one in others]))
        for signs, right, count in found[part::FOLDS]:
            chosen = signs @ w >= np.log(max(least, 1e-9) / (1 - least))
            hits, kept, marks = hits + right[chosen].sum(), kept + chosen.sum(), marks + count
    return 2 * hits / (kept + marks), hits / kept


def main() -> None:
    """Print what is gained, and write the weights."""
    part, found = Path(sys.argv[1]), []
    for text in sorted((part / "text").glob("*.txt")):
        marks = gold.read(min((part / "attributions").glob(f"{text.stem}_*.ann")))
        found.append(cases(parse(read_one(text, clean=False)), marks))
    for least in (0.0, 0.35, 0.4, 0.45, 0.5):
        print("least {:.2f}: F1 {:.4f}, precision {:.3f}".format(least, *held_out(found, least)))
    intercept, certainty, words = fit(np.concatenate([f[0] for f in found]), np.concatenate([f[1] for f in found]))
    today = likely.weights()["least"]
    fitted = {"intercept": intercept, "certainty": certainty, "words": words, "least": today}
    OUT.write_text(
        json.dumps({name: round(float(value), 3) for name, value in fitted.items()}, indent=1) + "\n", "utf-8"
    )


if __name__ == "__main__":
    main()
