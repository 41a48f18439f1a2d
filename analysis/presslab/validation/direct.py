"""Direct quotations in news that is not politics: how many are found, and whether their source is right.

Gold is the half of tests/gold/attributions_off_politics.jsonl that taught nothing, as a language model coded it in its
first pass; no person has checked it."""

from __future__ import annotations

from pathlib import Path
import re
from typing import Any

from presslab.measures.attribution import Span, extract
from presslab.measures.sources import resolve
from presslab.measures.statistics import wilson

from . import off_politics

OPENING = tuple("“\"‘'")
SHORTEST = 4  # words: shorter ones are titles and scare quotes
SMALL = frozenset("the a an of in at for and to".split())
Pieces = list[Span]


def figures(shared: Path, part: str = "kept") -> dict[str, Any]:
    """Return `n` quotations of SHORTEST words or more; the share that is `found` (half of their characters or more are
    in the content of one attribution); and, `of` those found to which the coder gives a source, the share whose source
    is `right`: it overlaps the coder's, or its name in the report shares a word with it. Shares have a Wilson interval.

    Raises FileNotFoundError if a corpus is missing.
    """
    n = found = of = right = 0
    for document, coders in off_politics.articles(shared, part):
        text, attributions = document.article.text, extract(document)
        names = {i: source.name for source in resolve(document, attributions) for i in source.attributions}
        contents = [[document.input_span(s, e) for s, e in a.content] for a in attributions]
        for mark in coders[0]:
            said = sorted(mark["content"])
            words = " ".join(text[s:e] for s, e in said).strip()
            if not words.startswith(OPENING) or len(words.split()) < SHORTEST:
                continue
            n += 1
            shares = [_overlap(said, [span for span in content if span]) for content in contents]
            best = max(range(len(shares)), key=shares.__getitem__, default=-1)
            if best < 0 or 2 * shares[best] < sum(e - s for s, e in said):
                continue
            found += 1
            if mark["source"]:
                of += 1
                spans = [document.input_span(s, e) for s, e in attributions[best].source]
                wanted = _words(" ".join(text[s:e] for s, e in mark["source"]))
                right += bool(_overlap(mark["source"], [s for s in spans if s]) or wanted & _words(names.get(best, "")))
    return {
        "n": n, "found": round(found / n, 3), "found_interval": [round(edge, 3) for edge in wilson(found, n)],
        "of": of, "right": round(right / of, 3), "right_interval": [round(edge, 3) for edge in wilson(right, of)],
    }  # fmt: skip


def _overlap(one: Pieces, other: Pieces) -> int:
    """Return how many characters are in both."""
    return sum(max(0, min(e, b) - max(s, a)) for s, e in one for a, b in other)


def _words(text: str) -> set[str]:
    return {word for word in re.findall(r"\w+", text.lower()) if word not in SMALL}
