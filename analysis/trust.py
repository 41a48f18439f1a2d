"""How far to trust a measure: the figures of its card, or those of the run itself where a sample of it was coded by hand.

A report has marks around what is said of each measure; the figures of a run are put there when it is finished, so that no
notebook is run again when codes change.
"""

from __future__ import annotations

from collections.abc import Mapping
import json
from pathlib import Path
import re

from .html import Fragment, text
from .measures import Card, cards

FILE = "coding/validity.json"  # in a run folder, written by presslab validate
TRUST = re.compile(r"<!--trust (short|full) ([^ >]+)-->.*?<!--/trust-->", re.DOTALL)


def general(card: Card, length: str) -> str:
    """What the card says: its main figure ("short"), or all figures without the commands that measured them ("full")."""
    if length == "short":
        return "descriptive, not checked against human coders" if card.trust == "descriptive" else card.trust
    return "; ".join(part for part in card.validation.split("; ") if not part.startswith(("make validate", "python -m")))


def marked(card: Card, length: str) -> Fragment:
    """What the card says, between marks."""
    return Fragment(f"<!--trust {length} {card.name}-->{text(general(card, length))}<!--/trust-->")


def own(run: Path) -> dict[str, str]:
    """What the hand-coded sample of a run says of its measures, by name; {} where there is none.

    Where it could not be told (too few were coded), the general figure stands.
    """
    path, told = run / FILE, {}
    if path.is_file():
        for entry in (e for e in json.loads(path.read_text("utf-8"))["measures"] if not e["note"]):
            scope = "" if entry["scope"] == "article" else f"{entry['scope']}’s words, "
            told.setdefault(entry["measure"], []).append(scope + entry["told"])
    return {name: "; ".join(said) for name, said in told.items()}


def filled(page: str, found: Mapping[str, str]) -> str:
    """A report with the figures of its run (`own`) between its marks, those of the cards elsewhere."""

    def said(mark: re.Match) -> str:
        length, name = mark.groups()
        inner = found.get(name) or (general(cards()[name], length) if name in cards() else "")
        return f"<!--trust {length} {name}-->{text(inner)}<!--/trust-->"

    return TRUST.sub(said, page)
