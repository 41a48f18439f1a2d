"""What a number is made of: the words behind it, its interval, its count. Every measure is one of these."""

from __future__ import annotations

from dataclasses import dataclass
import math

SCOPES = ("article", "journalist", "quoted")


@dataclass(frozen=True)
class Evidence:
    """A span of `Document.text` that a number was computed from; `label` says what it counted as, `weight` how much."""

    start: int
    end: int
    label: str
    weight: float = 1.0


@dataclass(frozen=True)
class Measure:
    """One number about one article.

    `name` has a card in data/cards; `scope` is one of SCOPES; `value` is NaN if it could not be measured, and `note`
    then says why (it may also carry a warning); `low` and `high` are the 95 % interval, NaN if there is none; `n` is
    the number of things it was counted on (the card's `counted_on` names them).
    """

    name: str
    scope: str
    value: float
    low: float = math.nan
    high: float = math.nan
    n: int = 0
    evidence: tuple[Evidence, ...] = ()
    note: str = ""
