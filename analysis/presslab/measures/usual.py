"""Usual news: which numbers some thousand real articles have, so that one article's can be called high or low.

A yardstick is a JSON file of quantiles, by measure and scope, and by length of the article where the number goes with
it; it has no texts. The bundled one (data/usual.json) is made by `presslab.validation.usual`, a user's own from runs by
`presslab yardstick`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
import json
import math
from pathlib import Path
from typing import Any

import numpy as np

from presslab.system.error import Error

from .measure import Measure

# shares of articles at which quantiles are kept; 0 and 1 are left out: one odd article should not stretch the scale
LEVELS = (0.01, 0.02, 0.05, *(round(0.05 * step, 2) for step in range(2, 19)), 0.95, 0.98, 0.99)
USUAL = (0.25, 0.75)  # the middle half: what a page calls usual
LENGTHS = (0, 150, 200, 250, 350, 500, 700, 1000)  # words that groups of articles start from, where length matters
MATTERS = 0.1  # distance of a group's shares from those of all articles from which length matters (Kolmogorov–Smirnov)
LEAST = 100  # articles of which quantiles of their own are made
FEWEST = 5  # cases that a number rests on, of fewer its place is chance
FRAME, RAW = "frame_", "frame_raw_"  # before a frame's name: its value, and the raw score by which it got its value
KEYS = {"about", "levels", "quantiles"}
Groups = tuple[tuple[int, tuple[float, ...]], ...]  # words that a group of articles starts from, its quantiles


class YardstickError(Error):
    """A file that is no yardstick: the message names the file, what is wrong in it and what to do."""


@dataclass(frozen=True)
class Place:
    """Where a number lies in usual news of such a length: its percentile rank (0–1, as `Yardstick.below`), the shares
    of articles with a lower and with a higher number, and the values between which the middle half of them lies."""

    value: float
    rank: float
    lower: float
    higher: float
    low: float
    high: float


@dataclass(frozen=True)
class Yardstick:
    """Quantiles at `LEVELS`: (measure, scope) → the number of words that a group of articles starts from, and its
    quantiles, shortest first. `about` says which articles these are (articles, outlets, years, kinds, made)."""

    about: Mapping[str, Any]
    quantiles: Mapping[tuple[str, str], Groups]

    def below(self, measure: str, scope: str, value: float, words: int) -> float:
        """Return the share of usual articles of such a length whose number is lower, those with the same number by half
        (percentile rank, 0–1); NaN if it is not known."""
        groups = self.quantiles.get((measure, scope))
        if not groups or math.isnan(value):
            return math.nan
        if measure.startswith(FRAME) and (RAW + measure.removeprefix(FRAME), scope) in self.quantiles:
            return value  # it is the rank on this yardstick
        return rank(groups, value, words)

    def middle(self, measure: str, scope: str, words: int) -> tuple[float, float] | None:
        """Return between which values the middle half of usual articles of such a length lies; None if not known."""
        groups = self.quantiles.get((measure, scope))
        if not groups:
            return None
        low, high = (of_length(groups, words)[LEVELS.index(level)] for level in USUAL)
        return low, high

    def place(self, m: Measure, words: int) -> Place | None:
        """Return where a number of an article of so many words lies; None if it is missing, rests on fewer than FEWEST
        cases, or usual news has none like it."""
        middle = self.middle(m.name, m.scope, words)
        if middle is None or math.isnan(m.value) or m.n < FEWEST or m.name.startswith(RAW):
            return None
        at = self.below(m.name, m.scope, m.value, words)
        first, after = _equal(of_length(self.quantiles[m.name, m.scope], words), m.value)
        alike = after > first + 1
        lower, higher = (LEVELS[first - 1] if first else 0.0, 1 - LEVELS[after - 1]) if alike else (at, 1 - at)
        return Place(float(m.value), at, lower, higher, *middle)


def _equal(known: tuple[float, ...], value: float) -> tuple[int, int]:
    """Return from which place to before which the quantiles are equal to a value."""
    return int(np.searchsorted(known, value, "left")), int(np.searchsorted(known, value, "right"))


def hundredths(share: float) -> int:
    """Return a share of articles as whole hundredths, never rounded up and never 100: 0.996 is 99."""
    return min(99, math.floor(round(100 * share, 6)))


def of_length(groups: Groups, words: int) -> tuple[float, ...]:
    """Return the quantiles of the articles with about so many words."""
    return [quantiles for least, quantiles in groups if least <= words][-1]


def rank(groups: Groups, value: float, words: int) -> float:
    """Return the share of articles of such a length with a lower number than `value`, those with the same by half:
    linear between two quantiles, and above the last one falling off as a tail does (Pareto, index 2), so that it is
    never 1."""
    known = of_length(groups, words)
    first, after = _equal(known, value)
    if after > first + 1:  # many articles have this very number, such as 0
        return (LEVELS[first] * bool(first) + LEVELS[after - 1]) / 2
    if after > first:
        return LEVELS[first]
    if first == 0:
        return LEVELS[0] / 2
    if first == len(known):
        return 1 - (1 - LEVELS[-1]) * ((known[-1] / value) ** 2 if known[-1] > 0 else 0.5)
    low, high = known[first - 1], known[first]
    return float(LEVELS[first - 1] + (LEVELS[first] - LEVELS[first - 1]) * (value - low) / (high - low))


def quantiles(values: np.ndarray, weights: np.ndarray) -> tuple[float, ...]:
    """Return the quantiles of weighted values at LEVELS, to six digits."""
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order])
    at = np.searchsorted(reached, np.array(LEVELS) * reached[-1] - 1e-9)
    return tuple(float(f"{v:.6g}") for v in values[order][np.minimum(at, len(order) - 1)])


def by_length(values: np.ndarray, words: np.ndarray, weights: np.ndarray) -> Groups:
    """Return quantiles of all articles, or by length if it matters and each length has articles enough."""
    at = np.searchsorted(LENGTHS, words, "right") - 1
    groups = [at == place for place in range(len(LENGTHS))]
    everybody = quantiles(values, weights)
    if min(group.sum() for group in groups) < LEAST:
        return ((0, everybody),)
    found = tuple((least, quantiles(values[group], weights[group])) for least, group in zip(LENGTHS, groups))
    far = max(abs(rank(((0, everybody),), q, 0) - level) for _, some in found for level, q in zip(LEVELS, some))
    return found if far > MATTERS else ((0, everybody),)


def as_json(yardstick: Yardstick) -> str:
    """Return a yardstick as the text of its file."""
    measures = {
        f"{measure} {scope}": {str(least): list(q) for least, q in groups}
        for (measure, scope), groups in sorted(yardstick.quantiles.items())
    }
    lines = ",\n".join(f"  {json.dumps(k)}: {json.dumps(v, separators=(',', ':'))}" for k, v in measures.items())
    about = json.dumps(dict(yardstick.about), ensure_ascii=False, indent=1)
    return f'{{"about": {about},\n"levels": {json.dumps(LEVELS)},\n"quantiles": {{\n{lines}\n}}}}\n'


def read(text: str, file: str) -> Yardstick:
    """Return the yardstick in the text of a file; errors call it `file`. Raises YardstickError."""
    again = "; make it again with presslab yardstick"
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise YardstickError(f"{file} is not valid JSON ({error}){again}") from error
    if not isinstance(found, dict) or set(found) != KEYS or not isinstance(found["about"], dict):
        raise YardstickError(f"{file} is no yardstick: it needs the keys {', '.join(sorted(KEYS))}{again}")
    if found["levels"] != list(LEVELS):
        raise YardstickError(f"{file} has quantiles at other levels than this version of presslab reads{again}")
    try:
        made = Yardstick(found["about"], dict(_entry(*item) for item in found["quantiles"].items()))
    except (AttributeError, TypeError, ValueError, OverflowError) as error:
        raise YardstickError(f"{file} has a measure whose quantiles can't be read ({error}){again}") from error
    if not _says_what(made.about):
        raise YardstickError(f"{file} doesn't say of which articles it is made (articles, outlets, years){again}")
    return made


def _says_what(about: Mapping[str, Any]) -> bool:
    """Return whether a yardstick says, as pages repeat it, how many articles of how many outlets and years it has."""
    counts = [about.get(name) for name in ("articles", "outlets")]
    years, kinds = about.get("years"), about.get("kinds", {})
    return (
        all(type(count) is int and count >= 0 for count in counts)
        and isinstance(years, str)
        and len(years) <= 40
        and isinstance(kinds, dict)
    )


def _entry(name: str, groups: dict[str, list[float]]) -> tuple[tuple[str, str], Groups]:
    measure, scope = name.split(" ")
    rows = sorted((int(least), tuple(map(float, q))) for least, q in groups.items())
    for _, q in rows:
        if len(q) != len(LEVELS) or not all(map(math.isfinite, q)) or list(q) != sorted(q):
            raise ValueError(f"{name}: {len(LEVELS)} rising numbers are needed")
    if not rows or rows[0][0] != 0:
        raise ValueError(f"{name}: nothing for the shortest articles")
    return (measure, scope), tuple(rows)


def load(path: str | Path) -> Yardstick:
    """Return the yardstick in a file, the bundled one for "". Raises YardstickError, also if the file can't be read."""
    if not path:
        return bundled()
    try:
        text = Path(path).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise YardstickError(f"{path} can't be read as a yardstick: {error}") from error
    return read(text, str(path))


@lru_cache(maxsize=1)
def bundled() -> Yardstick:
    """Return the yardstick that travels with the package (data/usual.json)."""
    file = resources.files("presslab") / "data" / "usual.json"
    return read(file.read_text("utf-8"), "data/usual.json")
