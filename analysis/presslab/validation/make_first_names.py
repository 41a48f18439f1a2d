"""Make data/first_names/shares.txt from the name list of nomquamgender: `python -m
presslab.validation.make_first_names name_data.json`, the file of its PyPI package (0.1.4).

Van Buskirk, Clauset & Larremore (2023), An Open-Source Cultural Consensus Approach to Name-Based Gender Classification,
ICWSM 17: 36 public sources of births, censuses and members of bodies, over 150 countries. Kept are names in Latin
letters that five sources have, with 300 bearers or more, nine tenths of them of one gender. No random numbers."""

from __future__ import annotations

import json
from pathlib import Path
import re
import sys

FILE = Path(__file__).resolve().parents[1] / "data" / "first_names" / "shares.txt"
FEWEST_SOURCES, FEWEST_BEARERS, MIXED = 5, 300, 0.1
WRITTEN = re.compile(r"[a-z]{2,}(?:['-][a-z]+)*")


def shares(names: dict[str, list]) -> dict[int, list[str]]:
    """Return the names that are kept, by the women among their bearers (of 1,000). `names` has for each name sources,
    bearers and share of women."""
    kept: dict[int, list[str]] = {}
    for name, (sources, bearers, share, *_) in sorted(names.items()):
        enough = sources >= FEWEST_SOURCES and bearers >= FEWEST_BEARERS
        if enough and WRITTEN.fullmatch(name) and min(share, 1 - share) <= MIXED:
            kept.setdefault(round(1000 * share), []).append(name)
    return kept


def main(source: Path) -> None:
    """Write the list, a line for each share: women of 1,000 bearers, then the names."""
    kept = shares(json.loads(source.read_text("utf-8")))
    FILE.write_text("".join(f"{share} {' '.join(kept[share])}\n" for share in sorted(kept)), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
