"""Do the intervals of one article's numbers hold? Long articles are split into halves, which are measured as two texts.

    python -m presslab.validation.intervals ../shared

Were the passages of an article drawn from what its author writes on the matter, both halves would have one true value,
and the 95 % interval of their difference (MOVER: Zou & Donner 2008) would hold 0 in 95 of 100 articles. Halves differ
in truth as well: a beginning is not written as an end is. The intervals have to allow for that."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
import math
import os
from pathlib import Path
import sys
from typing import Any

from presslab.measures import validity
from presslab.measures.analyse import analyse
from presslab.measures.measure import Measure
from presslab.measures.statistics.mover import mover_difference
from presslab.reading.article import Article
from presslab.reading.from_text import from_text
from presslab.reading.read import read
from presslab.system.parallel import Trouble, in_parallel

LONGEST = 45  # articles of a corpus
FEWEST = 30  # pairs of halves with an interval on both sides, for a figure
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


def measured(shared: Path) -> dict[str, Any]:
    """Return for each way of splitting and each measure ("name.scope") in how many pairs of halves, of how many, the
    interval holds."""
    from presslab.validation import intervals  # by its name: workers do not know the one that was started

    counts: dict[str, dict[str, list[int]]] = {}
    work = ((article,) for article in longest(shared))
    for _, result in in_parallel(intervals.halves, work, jobs=os.cpu_count() or 1):
        if isinstance(result, Trouble):
            raise RuntimeError(result.reason)
        for way, pairs in result.items():
            for (name, scope), (one, two) in pairs.items():
                count = counts.setdefault(way, {}).setdefault(f"{name}.{scope}", [0, 0])
                count[0] += holds(one, two)
                count[1] += 1
    return {
        way: {name: {"holds": round(right / n, 3), "n": n} for name, (right, n) in sorted(table.items()) if n >= FEWEST}
        for way, table in sorted(counts.items())
    }


if __name__ == "__main__":
    where = sys.argv[1] if len(sys.argv) > 1 else "../shared"
    print(validity.save("intervals", f"python -m presslab.validation.intervals {where}", measured(Path(where))))
