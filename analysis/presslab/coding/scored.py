"""Scores of all articles, codes of some, and the strata that these were drawn from; how far to trust the scores."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
import math

import numpy as np

HALF = 0.5  # the code of a yes-or-no question on which coders split evenly
SEEN = 1
MOST_PULL = 0.75  # of one article on the tuning, in what is left of its code


@dataclass(frozen=True, eq=False)
class Data:
    """One row per article of the collection: `score` by machine, `code` by people (NaN if not coded), `stratum` it
    was drawn from, `chance` with which an article of that stratum was drawn.

    `bounds` are the lowest and the highest code there can be; `yes_no` says whether codes are 1 and 0 (by default
    they are if no other was given). `whole` is what a part was taken from, at `places`.
    """

    score: np.ndarray
    code: np.ndarray
    stratum: np.ndarray
    chance: np.ndarray
    bounds: tuple[float, float] = (-math.inf, math.inf)
    yes_no: bool | None = None
    whole: Data | None = field(default=None, repr=False)
    places: np.ndarray | None = field(default=None, repr=False)

    @cached_property
    def coded(self) -> np.ndarray:
        """Which articles were coded."""
        return ~np.isnan(self.code)

    @cached_property
    def binary(self) -> bool:
        """Whether codes are yes (1) or no (0)."""
        if self.yes_no is not None:
            return self.yes_no
        if self.whole is not None:
            return self.whole.binary
        return bool(np.isin(self.code[self.coded], (0.0, HALF, 1.0)).all())

    @cached_property
    def limits(self) -> tuple[float, float]:
        """The lowest and the highest mean that is possible with the codes that are known."""
        low, high = (0.0, 1.0) if self.binary else self.bounds
        known, rest, count = self.code[self.coded].sum(), (~self.coded).sum(), len(self.code)
        return (known + rest * low) / count if rest else low, (known + rest * high) / count if rest else high

    @cached_property
    def cells(self) -> list[tuple[np.ndarray, np.ndarray]]:
        """The places of articles that were drawn alike, and of the coded ones among them, two at least: strata, joined
        with the next one (of the same chance, as far as that goes) if fewer were coded."""
        order = np.lexsort((self.stratum, self.chance))
        new = (np.diff(self.chance[order]) != 0) | (self.stratum[order][1:] != self.stratum[order][:-1])
        groups: list[tuple[np.ndarray, np.ndarray]] = []
        waiting = np.array([], int)
        for places in np.split(order, np.flatnonzero(new) + 1):
            waiting = np.concatenate([waiting, places])
            if (coded_members := waiting[self.coded[waiting]]).size >= 2:
                groups.append((waiting, coded_members))
                waiting = np.array([], int)
        if waiting.size and groups:
            members = np.concatenate([groups[-1][0], waiting])
            groups[-1] = (members, members[self.coded[members]])
        return groups

    @cached_property
    def weight(self) -> np.ndarray:
        """For each article how many stand behind it if it was coded: those of its cell ÷ the coded ones of its cell."""
        weight = np.zeros(len(self.score))
        for members, coded_members in self.cells:
            weight[members] = len(members) / len(coded_members)
        return weight

    @cached_property
    def fair(self) -> np.ndarray:
        """The scores that codes are compared with. No yes is more than yes: of yes-or-no questions, scores are cut off
        where SEEN coded article may be expected to have a higher one, and at the other end alike."""
        if self.whole is not None:
            return self.whole.fair[self.places]
        if not self.binary or not self.coded.any():
            return self.score
        part = min(SEEN / int(self.coded.sum()), 0.25)
        return np.clip(self.score, *np.quantile(self.score, (part, 1 - part)))

    @cached_property
    def beyond(self) -> tuple[float, float]:
        """By how much the mean score is higher, and lower, for scores above, and below, those of all coded articles."""
        root = self if self.whole is None else self.whole
        seen = root.fair[root.coded]
        return float(np.maximum(self.fair - seen.max(), 0).mean()), float(np.maximum(seen.min() - self.fair, 0).mean())

    @cached_property
    def pull(self) -> np.ndarray:
        """For each coded article how far the tuning follows its own code, 0 to MOST_PULL."""
        if self.whole is not None:
            return self.whole.pull[self.places]
        pull = np.zeros(len(self.score))
        for members, coded_members in self.cells:
            score = self.fair[coded_members]
            pull[coded_members] = precision(self, members, coded_members) * (score - score.mean()) ** 2
        total = pull.sum()
        return np.minimum(pull / total, MOST_PULL) if total > 1e-12 else pull * 0

    def part(self, chosen: np.ndarray) -> Data:
        """Return some of the articles, given as truth values."""
        places = np.flatnonzero(chosen)
        root = self if self.whole is None else self.whole
        within = places if self.places is None else self.places[places]
        score, code, stratum, chance = (c[places] for c in (self.score, self.code, self.stratum, self.chance))
        return Data(score, code, stratum, chance, self.bounds, self.binary, root, within)

    def rests(self, trust: float) -> np.ndarray:
        """Return what the tuned score leaves of each code, less the mean of its cell, as if the tuning had not seen
        that code (MacKinnon & White 1985, HC3); NaN if not coded."""
        rests = np.full(len(self.score), math.nan)
        for _, coded_members in self.cells:
            rest = self.code[coded_members] - trust * self.fair[coded_members]
            rests[coded_members] = rest - rest.mean()
        return rests / (1 - self.pull) if trust else rests


def precision(data: Data, members: np.ndarray, coded_members: np.ndarray) -> float:
    """Return what the variance within a cell counts in the variance of the whole mean, per coded article."""
    part, share, count = len(members) / len(data.score), len(coded_members) / len(members), len(coded_members)
    return part**2 * (1 - share) / count / (count - 1)


def tuning(data: Data) -> float:
    """Return how much the machine's scores are trusted: the λ of PPI++ for a stratified sample, which makes the
    interval shortest.

    0 ignores the machine, 1 takes its scores at their face value; for scores on another scale than the codes it is
    the slope of the codes on the scores within strata.
    """
    both = spread = 0.0
    for members, coded_members in data.cells:
        score, code = data.fair[coded_members], data.code[coded_members]
        counts = precision(data, members, coded_members)
        both += counts * ((score - score.mean()) * (code - code.mean())).sum()
        spread += counts * ((score - score.mean()) ** 2).sum()
    return both / spread if spread > 1e-12 else 0.0
