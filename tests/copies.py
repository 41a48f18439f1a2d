"""Copies of articles, edited by a stated share of their words, to measure how well duplicates are found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
import random

from presslab.reading.article import Article
from presslab.reading.duplicates import Print, fingerprint, groups
from presslab.reading.from_text import from_text


def edited(text: str, share: float, words: list[str], chance: random.Random) -> str:
    """A text with `share` of its words replaced, left out, or followed by another word, a third of each."""
    done = []
    for word in text.split(" "):
        if chance.random() >= share:
            done.append(word)
            continue
        kind = chance.randrange(3)
        done += [[chance.choice(words)], [], [word, chance.choice(words)]][kind]
    return " ".join(done)


def planted(articles: Iterable[Article], copies: int, seed: int = 8) -> tuple[list[Article], set[frozenset[str]]]:
    """The articles and `copies` edited copies (2–10 % of the words, another headline), and the pairs that were
    planted."""
    chance = random.Random(seed)
    originals = list(articles)
    words = sorted({w for a in originals[:50] for w in a.body.split()})
    chosen = chance.sample(originals, copies)
    made, pairs = [], set()
    for number, article in enumerate(chosen):
        text = edited(article.body, chance.uniform(0.02, 0.10), words, chance)
        copy = from_text(text, f"copy-{number}", clean=False, any_language=True, title=f"Another headline {number}")
        made.append(replace(copy, published=article.published))
        pairs.add(frozenset((article.id, copy.id)))
    return [*originals, *made], pairs


def found_pairs(articles: Iterable[Article | Print]) -> set[frozenset[str]]:
    """Every pair of ids that stand in one group."""
    return {frozenset((a, b)) for g in groups(articles) for i, a in enumerate(g.ids) for b in g.ids[:i]}


def alike(one: Article, other: Article) -> float:
    """The share of words in common, computed for every pair without hashing: what the groups are measured against."""
    from rapidfuzz.distance import Indel

    return Indel.normalized_similarity(fingerprint(one).words, fingerprint(other).words)
