"""From a frame's value to the share of articles in which coders see it: a curve per frame, fitted to the codes of a
sample.

A generic frame's value is a place among usual news, a user-defined one's is a rate of words: neither is a chance that
people see the frame. Logistic regression (Platt 1999) turns it into one. It has two numbers to fit, which 100 to 400
articles allow; isotonic regression, which has as many as it needs, overfits below some 1,000 (Niculescu-Mizil & Caruana
2005, ICML). Whether log odds of the share rise evenly with the value or with its log odds can't be known from so few:
both curves are fitted and averaged by their likelihood, and the interval has what they differ by. With one of them
alone, intervals missed the truth in every fourth case if the other one was right. A higher value never has a lower
share.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
import math

import numpy as np
import pandas as pd

from presslab.measures.statistics import holm, logistic, two_sided
from presslab.measures.statistics.agreement import roc_area, roc_interval
from presslab.measures.statistics.counted import effective_size
from presslab.measures.statistics.logistic import Curve

EDGE = 0.01  # values are cut off here and at 1 − EDGE: usual news has no quantiles beyond
LEAST = 10  # coded articles with the frame, and without it: per number that is fitted (Peduzzi et al. 1996)
SURE = 0.05  # chance, for all frames of a coding together, that one is calibrated whose words tell nothing
FOLDS = 10
BANDS, LEAST_BAND = 5, 15  # groups of coded articles with like values, and articles in each
TELLS_NOTHING = "the vocabulary does not tell it here"
COLUMNS = ("id", "value", "seen", "weight", "story")


@dataclass(frozen=True, eq=False)
class Calibration:
    """One frame's values beside the codes of a sample, and the curves that were fitted, by their name in SCALES (none:
    `refused` says why).

    `table` has the coded articles (COLUMNS; seen is 1 or 0) and, if there are curves, `share`, which curves fitted
    without the articles of the same fold gave them. `area` is that under the ROC curve with its 95 % interval, `chance`
    that of such an area if the words told nothing, corrected for the number of frames (Holm). Brier scores are mean
    squared distances from the codes: of the value itself, of the same share for all articles, of `share`; calibration
    errors as `error` returns them. What is unknown is NaN.
    """

    table: pd.DataFrame
    area: float = math.nan
    low: float = math.nan
    high: float = math.nan
    chance: float = math.nan
    curves: dict[str, Curve] = field(default_factory=dict)
    refused: str = ""
    brier_value: float = math.nan
    brier_same: float = math.nan
    brier: float = math.nan
    error_value: float = math.nan
    error: float = math.nan
    error_by_chance: float = math.nan
    like: tuple[tuple[float, int, int], ...] = field(default=())

    @property
    def coded(self) -> int:
        """How many articles were coded."""
        return len(self.table)

    @property
    def seen(self) -> int:
        """In how many of them coders saw the frame."""
        return int(self.table["seen"].sum())

    def shares(self, values: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return for values (0–1) the share of articles in which coders would see the frame, with its 95 % interval.
        Raises ValueError if there is no curve."""
        if not self.curves:
            raise ValueError(self.refused)
        return _by(self.curves, np.asarray(values, float))

    def coded_like(self, value: float) -> tuple[int, int]:
        """Return how many coded articles had a value like this, and in how many of them coders saw the frame."""
        _, n, seen = next((group for group in self.like if value <= group[0]), self.like[-1])
        return n, seen


def log_odds(values: np.ndarray) -> np.ndarray:
    """Return the log odds of values, cut off at EDGE and 1 − EDGE."""
    cut = np.clip(values, EDGE, 1 - EDGE)
    return np.log(cut / (1 - cut))


SCALES: dict[str, Callable[[np.ndarray], np.ndarray]] = {"value": np.asarray, "log odds of the value": log_odds}


def _curves(value: np.ndarray, yes: np.ndarray, weight: np.ndarray, story: np.ndarray) -> dict[str, Curve]:
    """Return the rising curves among those on SCALES."""
    fitted = {name: logistic.fit(scale(value), yes, weight, story) for name, scale in SCALES.items()}
    return {name: curve for name, curve in fitted.items() if curve.slope > 0}


def _by(curves: dict[str, Curve], values: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return logistic.averaged(list(curves.values()), [SCALES[name](values) for name in curves])


def calibrate(tables: dict[str, pd.DataFrame]) -> dict[str, Calibration]:
    """Return the calibration of each frame from its coded articles (tables with COLUMNS). A frame gets a curve if
    enough articles were coded, and if its area under the ROC curve is above .5 beyond chance: by its own interval, and
    by a test of all frames together (Holm)."""
    first = {name: _looked_at(table) for name, table in tables.items()}
    able = [name for name, one in first.items() if not one.refused]
    chances = holm(np.array([first[name].chance for name in able]))
    for name, chance in zip(able, chances):
        first[name] = _fitted(replace(first[name], chance=float(chance)))
    return first


def _looked_at(table: pd.DataFrame) -> Calibration:
    """Return the area under the ROC curve with its interval and chance; without it if there are too few codes."""
    count, seen = len(table), int(table["seen"].sum())
    if not count:
        return Calibration(table, refused="no coded article has a value")
    rare = min((seen, "saw it"), (count - seen, "did not see it"))
    if rare[0] < LEAST:
        return Calibration(
            table,
            refused=f"coders {rare[1]} in only {rare[0]} of {count} articles; at least {LEAST} with it and {LEAST}"
            " without it are needed",
        )
    yes, weight = table["seen"].to_numpy() == 1, table["weight"].to_numpy(float)
    value = roc_area(yes, table["value"].to_numpy(float), weight)
    sizes = [_independent(table[part], weight[part]) for part in (yes, ~yes)]
    spread = math.sqrt((sum(sizes) + 1) / (12 * sizes[0] * sizes[1]))  # if words tell nothing (Mann & Whitney 1947)
    z = (value - 0.5) / spread
    chance = two_sided(z) / 2 if z > 0 else 1 - two_sided(z) / 2
    return Calibration(table, value, *roc_interval(value, *sizes), chance=chance)


def _independent(part: pd.DataFrame, weight: np.ndarray) -> float:
    """Return what articles count as in an equal sample of different stories."""
    return min(effective_size(list(weight)), float(part["story"].nunique()))


def _fitted(one: Calibration) -> Calibration:
    """Return the calibration with its curve and figures, or with the reason why it has none."""
    table = one.table
    yes, weight, value = (table[name].to_numpy(float) for name in ("seen", "weight", "value"))
    one = replace(one, like=like(value, yes))
    if not (one.low > 0.5 and one.chance < SURE):
        return replace(one, refused=TELLS_NOTHING)
    curves = _curves(value, yes, weight, table["story"].to_numpy(str))
    if not curves:
        return replace(one, refused=TELLS_NOTHING)
    shares = cross_validated(table)
    same = float(np.average(yes, weights=weight))
    before, after = banded(value, yes, weight), banded(shares, yes, weight)
    return replace(
        one,
        table=table.assign(share=shares),
        curves=curves,
        brier_value=float(np.average((value - yes) ** 2, weights=weight)),
        brier_same=same * (1 - same),
        brier=float(np.average((shares - yes) ** 2, weights=weight)),
        error_value=error(before),
        error=error(after),
        error_by_chance=by_chance(after),
    )


def cross_validated(table: pd.DataFrame) -> np.ndarray:
    """Return for each coded article the share by a curve that was fitted without its fold. Articles on one story are
    in one fold; stories are dealt out by a fixed seed."""
    stories = sorted(set(table["story"]))
    dealt = np.random.default_rng(1).permutation(len(stories)) % min(FOLDS, len(stories))
    fold = table["story"].map(dict(zip(stories, dealt))).to_numpy()
    value, yes, weight = (table[name].to_numpy(float) for name in ("value", "seen", "weight"))
    story = table["story"].to_numpy(str)
    shares = np.empty(len(table))
    for number in range(dealt.max() + 1):
        out = fold == number
        curves = _curves(value[~out], yes[~out], weight[~out], story[~out])
        same = float(np.average(yes[~out], weights=weight[~out]))
        shares[out] = _by(curves, value[out])[0] if curves else same
    return shares


def like(value: np.ndarray, seen: np.ndarray) -> tuple[tuple[float, int, int], ...]:
    """Return groups of coded articles by rising value, about equally many in each: highest value, articles, those in
    which coders saw the frame. Articles with the same value are in one group."""
    number = max(1, min(BANDS, len(value) // LEAST_BAND))
    order = np.sort(value)
    tops = sorted({float(order[len(order) * (k + 1) // number - 1]) for k in range(number)})
    at = np.searchsorted(tops, value)
    return tuple((top, int((at == k).sum()), int(seen[at == k].sum())) for k, top in enumerate(tops))


def banded(forecast: np.ndarray, seen: np.ndarray, weight: np.ndarray) -> pd.DataFrame:
    """Return BANDS of articles (or fewer, of LEAST_BAND) by rising forecast: weighted mean forecast (`score`) and
    share seen (`code`), articles (`n`), the equal sample that they are worth (`worth`), and their part of the weight
    (`part`)."""
    order = np.argsort(forecast, kind="stable")
    rows = []
    for group in np.array_split(order, max(1, min(BANDS, len(order) // LEAST_BAND))):
        mine = weight[group]
        means = (float(np.average(column[group], weights=mine)) for column in (forecast, seen))
        rows.append((*means, len(group), effective_size(list(mine)), float(mine.sum() / weight.sum())))
    return pd.DataFrame(rows, columns=["score", "code", "n", "worth", "part"])


def error(bands: pd.DataFrame) -> float:
    """Return the calibration error: the mean distance between forecast and share seen in bands of articles."""
    return float((bands["part"] * (bands["score"] - bands["code"]).abs()).sum())


def by_chance(bands: pd.DataFrame) -> float:
    """Return the calibration error to be expected in bands of this size if every forecast were right."""
    spread = np.sqrt(bands["score"] * (1 - bands["score"]) / bands["worth"])
    return float((bands["part"] * spread).sum() * math.sqrt(2 / math.pi))
