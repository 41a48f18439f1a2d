"""Learn how much each sign of a pronoun's antecedent counts.

    python -m presslab.validation.train_pronouns ../shared/polnear/train

tests/gold/speakers.jsonl says of 1,952 attributions in 100 articles of PolNeAR train who their sources are: number of
the attribution, by its first character → full name, "?" if the article does not say. A language model read them, in
one pass; no person has checked them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
import json
from pathlib import Path
import sys

import numpy as np
from scipy.optimize import minimize

from presslab.measures.attribution import Attribution
from presslab.measures.sources import resolution
from presslab.measures.sources.heard import Heard
from presslab.measures.sources.people import roster
from presslab.measures.sources.person import Person
from presslab.measures.sources.pronouns import GENDER, Scene, learn_genders, weights
from presslab.parsing.document import Document, parse
from presslab.parsing.phrases import tokens_in
from presslab.reading.read import read_one

from . import gold

GOLD = Path(__file__).resolve().parents[3] / "tests" / "gold" / "speakers.jsonl"
SMOOTH = 0.01  # how strongly weights are kept near 0


@dataclass
class Taught(Scene):
    """A scene that knows whom some pronouns mean, and keeps what spoke for each candidate."""

    answers: dict[int, str] = field(default_factory=dict)  # by token
    cases: list[tuple[np.ndarray, int]] = field(default_factory=list)

    def choose(self, token: int) -> Person | None:
        """Return the right person if it is known, otherwise as always."""
        name = self.answers.get(token)
        ranked = [person for _, person in self.scores(token)]
        right = [k for k, person in enumerate(ranked) if name and same(person.name, name)]
        if not right:
            return super().choose(token)
        signs = [self.signs(token, self.seen[id(person)], person) for person in ranked]
        self.cases.append((np.array([list(values.values()) for values in signs]), right[0]))
        return ranked[right[0]]


def same(one: str, other: str) -> bool:
    """Return whether two names can be one person's: one ends with the words of the other."""
    a, b = (name.lower().replace(".", "").split() for name in (one, other))
    size = min(len(a), len(b))
    return bool(size) and (a[-size:] == b[-size:] or a[-1] == b[-1] and a[0] == b[0])


def cases(document: Document, attributions: list[Attribution], who: dict[int, str]) -> list[tuple[np.ndarray, int]]:
    """Return for each pronoun with a known answer the signs of its candidates and the number of the right one."""
    people = roster(document)
    learn_genders(document, people)
    answers: dict[int, str] = {}
    for index, attribution in enumerate(attributions):
        if attribution.source and who.get(index, "?") != "?":
            tokens = tokens_in(document, attribution.source[0][0], attribution.source[-1][1])
            answers |= {i: who[index] for i in tokens[:2] if document.tokens.text[i].lower() in GENDER}
    scene = Taught(document, people, answers=answers)
    heard = Heard(document, attributions, people, scene)
    for index in range(len(attributions)):
        resolution._place(heard, index)
    return scene.cases


def articles(train: Path) -> Iterator[tuple[Document, list[Attribution], dict[int, str]]]:
    """Yield documents with the coders' attributions and who their sources are."""
    for line in GOLD.read_text("utf-8").splitlines():
        row = json.loads(line)
        article = read_one(train / "text" / f"{row['id']}.txt")
        document = parse(article)
        annotations = min((train / "attributions").glob(f"{row['id']}_*.ann"))
        marked = gold.attributions(document, gold.read(annotations))
        yield document, marked, {int(number): name for number, name in row["who"].items()}


def fit(examples: list[tuple[np.ndarray, int]]) -> np.ndarray:
    """Return the weights that make the right candidates likeliest (softmax), kept near 0."""

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        value, gradient = SMOOTH * float(w @ w) * len(examples), 2 * SMOOTH * w * len(examples)
        for signs, right in examples:
            scores = signs @ w
            chances = np.exp(scores - scores.max())
            chances /= chances.sum()
            value -= float(np.log(chances[right] + 1e-12))
            gradient += chances @ signs - signs[right]
        return value, gradient

    size = examples[0][0].shape[1]
    return np.asarray(minimize(loss, np.zeros(size), jac=True, method="L-BFGS-B").x)


def right(examples: list[tuple[np.ndarray, int]], w: np.ndarray) -> float:
    """Return the share of cases whose right candidate has the highest score (0 to 1)."""
    return float(np.mean([int((signs @ w).argmax()) == best for signs, best in examples]))


def main() -> None:
    """Print weights, and how often they are right on articles that they were not fitted on, beside today's."""
    by_article = [cases(*one) for one in articles(Path(sys.argv[1]))]
    today = np.array(list(weights().values()))
    every = [case for found in by_article for case in found if len(case[0]) > 1]
    shares = []
    for part in range(5):
        fitted = fit([c for k, found in enumerate(by_article) if k % 5 != part for c in found if len(c[0]) > 1])
        held = [c for k, found in enumerate(by_article) if k % 5 == part for c in found if len(c[0]) > 1]
        shares.append((right(held, today), right(held, fitted), len(held)))
    counts = [count for *_, count in shares]
    print(f"{len(every)} pronouns with two candidates or more; right of those in articles not fitted on (5 parts):")
    print(f"today {np.average([s[0] for s in shares], weights=counts):.3f}", end=", ")
    print(f"fitted {np.average([s[1] for s in shares], weights=counts):.3f}")
    for name, value in zip(weights(), fit(every)):
        print(f"  {name}: {value:.2f}")


if __name__ == "__main__":
    main()
