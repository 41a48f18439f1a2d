"""One article as two: the longest articles, and their halves, which are measured as texts of their own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
import math
from pathlib import Path

from presslab.measures.analyse import analyse
from presslab.measures.measure import Measure
from presslab.measures.statistics.mover import mover_difference
from presslab.reading.article import Article
from presslab.reading.from_text import from_text
from presslab.reading.read import read

LONGEST = 45  # articles of a corpus
Pairs = dict[tuple[str, str], tuple[Measure, Measure]]


def longest(shared: Path) -> Iterator[Article]:
    """Yield the LONGEST articles of BASIL and of PolNeAR dev. Raises FileNotFoundError if one is missing."""
    for place in (shared / "basil" / "articles.jsonl", shared / "polnear" / "dev" / "text"):
        articles = [item for item in read([str(place)], clean=False) if isinstance(item, Article)]
        yield from sorted(articles, key=lambda a: (-len(a.body), a.id))[:LONGEST]


def split(article: Article) -> dict[str, tuple[Article, Article]]:
    """Return an article as two, by odd and even paragraphs, and by first and second half of its paragraphs."""
    parts = [part for part in article.body.split("\n\n") if part.strip()]
    middle = len(parts) // 2
    pairs = {"odd and even": (parts[::2], parts[1::2]), "first and second": (parts[:middle], parts[middle:])}
    return {name: (_text(article, one), _text(article, two)) for name, (one, two) in pairs.items()}


def _text(article: Article, paragraphs: list[str]) -> Article:
    return replace(from_text("\n\n".join(paragraphs), clean=False, any_language=True), id=article.id)


def halves(article: Article) -> dict[str, Pairs]:
    """Return for each way of splitting: the measures (name, scope) that have an interval in both halves."""
    found = {}
    for name, pair in split(article).items():
        one, two = ({(m.name, m.scope): m for m in analyse(half).measures} for half in pair)
        found[name] = {
            key: (replace(one[key], evidence=()), replace(two[key], evidence=()))
            for key in one
            if key in two and not math.isnan(one[key].low + two[key].low)
        }
    return found


def holds(one: Measure, two: Measure) -> bool:
    """Return whether the interval of the difference of two halves holds 0."""
    _, low, high = mover_difference((one.value, one.low, one.high), (two.value, two.low, two.high))
    return low <= 0 <= high
