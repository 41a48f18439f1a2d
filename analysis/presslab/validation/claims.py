"""What the page of a comparison of two articles says: does it claim a difference between outlets?"""

from __future__ import annotations

from dataclasses import replace
import re
from typing import Any

from presslab.comparison import compare, sentences as compared
from presslab.measures.analyse import analyse
from presslab.reading.article import Article

CLAIM = re.compile(
    r"\bclear|significant|than chance|\bp [<=]|\bleans?\b|\b(?:higher|lower|fewer|less) |\bmore \S+ (?:\S+ )*than\b",
    re.I,
)  # words by which a sentence would say that outlets differ


def said(one: Article, two: Article) -> dict[str, Any]:
    """Return what the page of a comparison of two articles says, as two outlets: its sentences that claim a difference,
    and whether a table has a test."""
    parts = [replace(a, id=f"part{i}", outlet=f"Outlet {i}") for i, a in enumerate((one, two), start=1)]
    c = compare([analyse(part) for part in parts], "")
    lines = [*compared.leans(c), *compared.side_by_side(c), compared.sources_said(c), compared.shared_said(c)]
    lines.append(compared.looked_at(c))
    tests = {"p", "p_holm", "clear"} & {*c.differences, *c.words}
    return {
        "claims": [line for line in lines if CLAIM.search(line.replace(compared.ONE_EACH, ""))],
        "tests": len(tests),
    }
