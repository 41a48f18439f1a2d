"""Usual news: which numbers some thousand real articles have, so that one article's can be called high or low.

A yardstick is a JSON file of quantiles, by measure and scope, and by length of the article where the number goes with
it; it has no texts. The bundled one (data/usual.json) is made by `presslab.validation.usual`, a user's own from runs by
`presslab yardstick`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
import json
import math
from pathlib import Path
from typing import Any

import numpy as np

from presslab.system.error import Error

# shares of articles at which quantiles are kept; 0 and 1 are left out: one odd article should not stretch the scale
LEVELS = (0.01, 0.02, 0.05, *(round(0.05 * step, 2) for step in range(2, 19)), 0.95, 0.98, 0.99)
USUAL = (0.25, 0.75)  # the middle half: what a page calls usual
SHORT, LONG = 350, 700  # words: below, between, above, for numbers that go with length
GOES_WITH_LENGTH = 0.25  # rank correlation from which a number does
LEAST = 100  # articles of which quantiles of their own are made
KEYS = {"about", "levels", "rates", "quantiles"}
Groups = tuple[tuple[int, tuple[float, ...]], ...]  # words that a group of articles starts from, its quantiles


class YardstickError(Error):
    """A file that is no yardstick: the message names the file, what is wrong in it and what to do."""


@dataclass(frozen=True)
class Yardstick:
    """Quantiles at `LEVELS`: (measure, scope) → the number of words that a group of articles starts from, and its
    quantiles, shortest first.

    `about` says which articles these are (articles, outlets, years, kinds, made); `rates` are the mean raw scores of
    frames, by measure."""

    about: Mapping[str, Any]
    quantiles: Mapping[tuple[str, str], Groups]
    rates: Mapping[str, float] = field(default_factory=dict)

    def below(self, measure: str, scope: str, value: float, words: int) -> float:
        """Return the share of usual articles of such a length whose number is lower (0–1); NaN if it is not known."""
        groups = self.quantiles.get((measure, scope))
        if not groups or math.isnan(value):
            return math.nan
        return share_below([q for least, q in groups if least <= words][-1], value)

    def middle(self, measure: str, scope: str, words: int) -> tuple[float, float] | None:
        """Return between which values the middle half of usual articles of such a length lies; None if not known."""
        groups = self.quantiles.get((measure, scope))
        if not groups:
            return None
        quantiles = [q for least, q in groups if least <= words][-1]
        low, high = (quantiles[LEVELS.index(level)] for level in USUAL)
        return low, high


def share_below(quantiles: Sequence[float], value: float) -> float:
    """Return the share of articles with a lower number than `value`, from their quantiles at LEVELS: linear between
    two quantiles, and above the last one falling off as its tail would (Pareto, index 2), so that it is never 1."""
    if value <= quantiles[0]:
        return 0.0 if value < quantiles[0] else _first_of(quantiles)
    last, highest = LEVELS[-1], quantiles[-1]
    if value > highest:
        return 1 - (1 - last) * (highest / value) ** 2 if highest > 0 else last
    at = int(np.searchsorted(quantiles, value, "left"))
    below, above = quantiles[at - 1], quantiles[at]
    return float(LEVELS[at - 1] + (LEVELS[at] - LEVELS[at - 1]) * (value - below) / (above - below))


def _first_of(quantiles: Sequence[float]) -> float:
    """Return the share below the lowest quantile itself: 0 where many articles share it ("none found")."""
    return 0.0 if quantiles[1] == quantiles[0] else LEVELS[0]


def quantiles(values: np.ndarray, weights: np.ndarray) -> tuple[float, ...]:
    """Return the quantiles of weighted values at LEVELS, to six digits."""
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order])
    at = np.searchsorted(reached, np.array(LEVELS) * reached[-1] - 1e-9)
    return tuple(float(f"{v:.6g}") for v in values[order][np.minimum(at, len(order) - 1)])


def by_length(values: np.ndarray, words: np.ndarray, weights: np.ndarray) -> Groups:
    """Return quantiles of all articles, or by length if the number goes with it and each length has articles enough."""
    groups = [words < SHORT, (words >= SHORT) & (words < LONG), words >= LONG]
    if abs(_rank_correlation(values, words)) < GOES_WITH_LENGTH or min(g.sum() for g in groups) < LEAST:
        return ((0, quantiles(values, weights)),)
    starts = (0, SHORT, LONG)
    return tuple((start, quantiles(values[g], weights[g])) for start, g in zip(starts, groups))


def _rank_correlation(one: np.ndarray, other: np.ndarray) -> float:
    a, b = (np.unique(x, return_inverse=True)[1].astype(float) for x in (one, other))
    return float(np.corrcoef(a, b)[0, 1]) if a.std() and b.std() else 0.0


def as_json(yardstick: Yardstick) -> str:
    """Return a yardstick as the text of its file."""
    measures = {
        f"{measure} {scope}": {str(least): list(q) for least, q in groups}
        for (measure, scope), groups in sorted(yardstick.quantiles.items())
    }
    lines = ",\n".join(f"  {json.dumps(k)}: {json.dumps(v, separators=(',', ':'))}" for k, v in measures.items())
    about = json.dumps(dict(yardstick.about), ensure_ascii=False, indent=1)
    rates = json.dumps(dict(yardstick.rates))
    levels = json.dumps(LEVELS)
    return f'{{"about": {about},\n"levels": {levels},\n"rates": {rates},\n"quantiles": {{\n{lines}\n}}}}\n'


def read(text: str, file: str) -> Yardstick:
    """Return the yardstick in the text of a file; errors call it `file`. Raises YardstickError."""
    again = "; make it again with presslab yardstick"
    try:
        found = json.loads(text)
    except ValueError as error:
        raise YardstickError(f"{file} is not valid JSON ({error}){again}") from error
    if not isinstance(found, dict) or set(found) != KEYS or not isinstance(found["about"], dict):
        raise YardstickError(f"{file} is no yardstick: it needs the keys {', '.join(sorted(KEYS))}{again}")
    if found["levels"] != list(LEVELS):
        raise YardstickError(f"{file} has quantiles at other levels than this version of presslab reads{again}")
    try:
        quantiles = dict(_entry(*item) for item in found["quantiles"].items())
        return Yardstick(found["about"], quantiles, {name: float(rate) for name, rate in found["rates"].items()})
    except (AttributeError, TypeError, ValueError) as error:
        raise YardstickError(f"{file} has a measure whose quantiles can't be read ({error}){again}") from error


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
    """Return the yardstick in a file. Raises YardstickError, also if the file can't be read."""
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
