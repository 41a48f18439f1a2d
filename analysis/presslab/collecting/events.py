"""Articles on the same event, in words of their own: found by the rare words that they have in common, and by date.

Single-pass clustering of news (Allan, Papka & Lavrenko 1998, On-line new event detection and tracking): articles come
in order of date, each joins the event to whose articles it is most alike on average, or begins an event of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
import math

import numpy as np

from presslab.reading.duplicates import Print

TERMS = 80  # words by which an article is known: those that are frequent in it and rare in the others
ALIKE = 0.06  # mean cosine to the articles of an event from which an article is on it (tuned on half of BASIL's events)
DAYS = 4  # after the event's last article, at most; articles without a date are on an event whatever its date


def events(prints: Sequence[Print], days: Sequence[str]) -> dict[str, str]:
    """Return for each article (id) the id of the first article on its event, its own if no other is on it.

    `days` are the dates of publication of the articles (ISO, "" if unknown). The order of articles doesn't matter. An
    event is identified by words alone: two strikes in one week may become one, a long story falls into several.
    """
    order = sorted(range(len(prints)), key=lambda i: (days[i] or "9999", prints[i].id))
    terms, weights = _terms([prints[i].words for i in order])
    when = np.array([date.fromisoformat(days[i]).toordinal() if days[i] else -1 for i in order])
    event = np.zeros(len(order), dtype=int)
    last: list[int] = []  # of each event: the day of its last article
    sizes: list[int] = []
    places: dict[int, list[int]] = {}
    strengths: dict[int, list[float]] = {}
    for new in range(len(order)):
        alike = np.zeros(new)
        for term, weight in zip(terms[new], weights[new]):
            if term in places:
                alike[places[term]] += weight * np.array(strengths[term])
            places.setdefault(term, []).append(new)
            strengths.setdefault(term, []).append(weight)
        mean = np.bincount(event[:new], alike, len(sizes)) / np.maximum(sizes, 1) if new else np.zeros(0)
        if when[new] >= 0 and new:
            latest = np.array(last)
            mean[(latest >= 0) & (when[new] - latest > DAYS)] = 0.0
        best = int(mean.argmax()) if new else 0
        if new and mean[best] >= ALIKE:
            event[new] = best
            sizes[best] += 1
            last[best] = max(last[best], int(when[new]))
        else:
            event[new] = len(sizes)
            sizes.append(1)
            last.append(int(when[new]))
    first: dict[int, str] = {}
    return {prints[i].id: first.setdefault(int(event[place]), prints[i].id) for place, i in enumerate(order)}


def _terms(texts: list[np.ndarray]) -> tuple[list[list[int]], list[list[float]]]:
    """Return each text's TERMS heaviest words and their weights, (1 + log of its count) · log(texts / texts with the
    word), of length 1 together."""
    counted = [np.unique(words, return_counts=True) for words in texts]
    every, having = np.unique(np.concatenate([w for w, _ in counted] or [np.zeros(0, np.uint32)]), return_counts=True)
    terms, weights = [], []
    for words, count in counted:
        heavy = (1 + np.log(count)) * np.log(len(texts) / having[np.searchsorted(every, words)])
        kept = np.lexsort((words, -heavy))[:TERMS]
        kept = kept[heavy[kept] > 0]
        length = math.sqrt(float((heavy[kept] ** 2).sum())) or 1.0
        terms.append(words[kept].tolist())
        weights.append((heavy[kept] / length).tolist())
    return terms, weights
