"""What the page of a comparison of two texts says: does it claim a difference between outlets?"""

from __future__ import annotations

from dataclasses import replace
import re
from typing import Any

from presslab.comparison import compare, sentences as compared
from presslab.measures.analyse import analyse
from presslab.reading.from_text import from_text

CLAIM = re.compile(
    r"\bclear|significant|than chance|\bp [<=]|\bleans?\b|\b(?:higher|lower|fewer|less) |\bmore \S+ (?:\S+ )*than\b",
    re.I,
)  # words by which a sentence would say that outlets differ


def said(texts: tuple[str, str]) -> dict[str, Any]:
    """Return what the page of a comparison of two texts says, as two outlets: its sentences that claim a difference,
    and whether a table has a test."""
    parts = [replace(from_text(t, f"part{i}", clean=False), outlet=f"Outlet {i + 1}") for i, t in enumerate(texts)]
    c = compare([analyse(part) for part in parts], "")
    lines = [*compared.leans(c), *compared.side_by_side(c), compared.sources_said(c), compared.shared_said(c)]
    lines.append(compared.looked_at(c))
    tests = {"p", "p_holm", "clear"} & {*c.differences, *c.words}
    return {
        "claims": [line for line in lines if CLAIM.search(line.replace(compared.ONE_EACH, ""))],
        "tests": len(tests),
    }
