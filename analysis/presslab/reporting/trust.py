"""How far to trust a measure: the figures of its card, or those of the run itself if a sample of it was coded by
hand.

A report has marks around what is said of each measure; the figures of a run are put there when it is finished, so that
no notebook is run again when codes change."""

from __future__ import annotations

from collections.abc import Mapping
import re

from presslab.measures.cards import Card, Catalogue

from .html import Fragment, html

LENGTHS = {"short": "s", "full": "f", "same": "a"}
TRUST = re.compile(r"<!--t ([sfa]) ([^ >]+)-->(.*?)<!--/t-->", re.DOTALL)


def general(card: Card, length: str) -> str:
    """Return what the card says: its main figure ("short"), or all figures without the commands that measured them
    ("full"), or that they are those of the measure above it ("same")."""
    if length == "same":
        return "as above"
    if length == "short":
        return "descriptive, not checked against human coders" if card.trust == "descriptive" else card.trust
    return "; ".join(
        part for part in card.validation.split("; ") if not part.startswith(("make validate", "python -m"))
    )


def marked(card: Card, length: str) -> Fragment:
    """Return what the card says, between marks."""
    return html("<!--t {} {}-->{}<!--/t-->", LENGTHS[length], card.name, general(card, length))


def filled(page: str, found: Mapping[str, str], cards: Catalogue) -> str:
    """Return a report with the figures of its run (`own`) between its marks, those of the cards elsewhere."""

    def said(mark: re.Match) -> str:
        length, name, there = next(k for k, v in LENGTHS.items() if v == mark[1]), mark[2], mark[3]
        if name not in found and name not in cards:
            return mark[0]  # a report of another version of presslab, which a run that grew has kept
        wording = "full" if length == "same" and found else length  # what stands above may be the run's own figure
        inner = html("{}", found[name] if name in found else general(cards[name], wording))
        return mark[0] if inner == there else html("<!--t {} {}-->{}<!--/t-->", mark[1], name, inner)

    return TRUST.sub(said, page)
