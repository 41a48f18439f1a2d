"""Loaded words, hedges and boosters: words that judge, weaken or strengthen."""

from __future__ import annotations

import math

import numpy as np

from presslab.parsing.document import Document

from ..measure import Evidence, Measure
from ..statistics import blocks, jackknife, summed
from .match import Match, negated
from .scopes import NONE_FOUND, Part


def loaded(document: Document, scopes: list[Part], matches: list[Match]) -> list[Measure]:
    """Return the share of words that carry judgement, each with its weight (0–1); negated ones and names don't
    count."""
    hits = [m for m in matches if not negated(document, m)]
    return [_rate("loaded_word_share", document, part, hits, 1, weighted=True) for part in scopes]


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
