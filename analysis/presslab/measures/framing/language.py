"""Loaded words, hedges and boosters: words that judge, weaken or strengthen."""

from __future__ import annotations

from functools import lru_cache
import math

import numpy as np

from presslab.parsing.document import Document
from presslab.system.plain_yaml import packaged

from ..measure import Evidence, Measure
from ..statistics import blocks, jackknife, summed
from .lexicon import Term
from .match import Match, negated
from .scare import scare_quotes
from .scopes import NONE_FOUND, Part

SCARE = "scare quotes"


def loaded(document: Document, scopes: list[Part], matches: list[Match]) -> list[Measure]:
    """Return the share of words that judge, a strong one counted in full and a weak one in part (data/loaded.yaml);
    the evidence's label is the kind of judgement. Negated words and names don't count; words in scare quotes count
    once, as these."""
    hits = [m for m in matches if not negated(document, m)]
    own = next((part.tokens for part in scopes if part.scope == "journalist"), (True,) * len(document.tokens))
    doubted = [Match(_scare(), first, last) for first, last in scare_quotes(document, own)]
    taken = {i for m in doubted for i in range(m.first, m.last + 1)}
    hits = [m for m in hits if not taken.intersection(range(m.first, m.last + 1))]
    hits = sorted([*hits, *doubted], key=lambda m: m.first)
    return [_rate("loaded_word_share", document, part, hits, 1, weighted=True) for part in scopes]


@lru_cache(maxsize=1)
def _scare() -> Term:
    """Return the term that stands for a pair of scare quotes, with its weight."""
    known = packaged("loaded.yaml")
    weight = known["strengths"][known["kinds"][SCARE]["strength"]]["weight"]
    return Term(text=SCARE, weight=float(weight), group=SCARE)


def hedges(document: Document, scopes: list[Part], matches: list[Match]) -> list[Measure]:
    """Return hedges per 1000 words (Hyland 2005)."""
    return [_rate("hedges_per_1000", document, part, matches, 1000) for part in scopes]


def boosters(document: Document, scopes: list[Part], matches: list[Match]) -> list[Measure]:
    """Return boosters per 1000 words (Hyland 2005); "not certain" is no booster."""
    hits = [m for m in matches if not negated(document, m)]
    return [_rate("boosters_per_1000", document, part, hits, 1000) for part in scopes]


def _rate(name: str, document: Document, part: Part, matches: list[Match], per: int, weighted: bool = False) -> Measure:
    """Return matches (or their weights) per so many words of a scope, with an interval over blocks of the text."""
    if not part.total:
        return Measure(name, part.scope, math.nan, note="no words in this scope")
    tokens = document.tokens
    counts = np.zeros((len(part.words), 2))
    counts[:, 1] = part.words
    evidence = []
    for m in (m for m in matches if part.tokens[m.first]):
        counts[tokens.sentence[m.first], 0] += m.term.weight if weighted else 1
        label = m.term.group or m.term.text
        evidence.append(Evidence(tokens.start[m.first], tokens.end[m.last], label, m.term.weight))
    inside = part.words > 0
    numbers = blocks(np.array([paragraph for *_, paragraph in document.sentences])[inside])
    low, high = jackknife(summed(counts[inside], numbers), lambda s: per * s[:, 0] / s[:, 1], 0.0, float(per))
    if not evidence:
        low, high = 0.0, per * min(NONE_FOUND / part.total, 1.0)
    value = per * counts[:, 0].sum() / part.total
    return Measure(name, part.scope, float(value), low, high, part.total, tuple(evidence))
