"""What the commands do with a coded sample: read it, compute, write pages and tables, and say what came out."""

from __future__ import annotations

import json
from pathlib import Path

from ..files import write
from . import pages, reliability
from .read import read


def agree(folder: Path) -> list[str]:
    """Write agreement.html, agreement.json and disagreements.csv; gives what to tell people, a line each."""
    coding = read(folder)
    found = reliability.agreement(coding)
    write(folder / "agreement.html", [pages.agreement_page(coding, found)])
    write(folder / "agreement.json", [json.dumps(reliability.plain(found), indent=1, ensure_ascii=False) + "\n"])
    differ = reliability.disagreements(coding)
    write(folder / "disagreements.csv", [differ.to_csv(index=False, lineterminator="\n")])
    lines = [pages.coded(coding)]
    width = max((len(a.name) for a in found), default=0)
    lines += [f"  {a.name:<{width}}  alpha {a.note or pages.spread(a.alpha, a.low, a.high)}, {a.verdict}; {a.same:.0%} the same; {a.n:,} {a.unit}" for a in found]
    if not found:
        lines.append("No article was coded by two people yet: agreement can't be told.")
    return [*lines, f"{len(differ)} disagreements. Open {folder / 'agreement.html'}"]
