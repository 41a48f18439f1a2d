"""Do the intervals of one article's numbers hold? Long articles are split into halves, which are measured as two texts.

    python -m presslab.validation.intervals ../shared

Were the passages of an article drawn from what its author writes on the matter, both halves would have one true value,
and the 95 % interval of their difference (MOVER: Zou & Donner 2008) would hold 0 in 95 of 100 articles. Halves differ
in truth as well: a beginning is not written as an end is. The intervals have to allow for that."""

from __future__ import annotations

import os
from pathlib import Path
import sys
from typing import Any

from presslab.measures import validity
from presslab.system.parallel import Trouble, in_parallel

from .halves import halves, holds, longest

FEWEST = 30  # pairs of halves with an interval on both sides, for a figure


def measured(shared: Path) -> dict[str, Any]:
    """Return for each way of splitting and each measure ("name.scope") in how many pairs of halves, of how many, the
    interval holds."""
    counts: dict[str, dict[str, list[int]]] = {}
    work = ((article,) for article in longest(shared))
    for _, result in in_parallel(halves, work, jobs=os.cpu_count() or 1):
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
