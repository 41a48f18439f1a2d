"""How well each measure does on this collection, against the codes of its sample; and where it fails."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
import json
import math

import numpy as np
import pandas as pd

from presslab.measures.cards import builtin
from presslab.measures.statistics import student_exact, wilson
from presslab.measures.statistics.agreement import correlation, roc_area, roc_interval, stratified_interval
from presslab.reporting.wording import number, signed, with_interval

from .codebook import Question
from .coded_run import Collection
from .estimates import LEAST
from .reliability import Agreement, plain
from .scored import Data

WORST = 5
R, RANK, ROC = "r", "rank correlation", "area under ROC"
PER_BAND = 10


@dataclass(frozen=True)
class Validity:
    """Agreement of a measure with the codes: `kind` (R, RANK or ROC) with its 95 % interval, articles it was
    checked on, how much too high the measure is (NaN if the codes are on another scale), and alpha among coders
    (NaN if not known)."""

    measure: str
    scope: str
    question: str
    ask: str
    kind: str
    value: float
    low: float
    high: float
    n: int
    bias: float
    bias_low: float
    bias_high: float
    alpha: float
    coders: int
    note: str = ""

    @property
    def told(self) -> str:
        """In a line, for a report."""
        if self.note:
            return f"on this collection: {self.note}"
        bias = "" if math.isnan(self.bias) else f", bias {signed(self.bias, 2)}"
        alpha = "" if math.isnan(self.alpha) else f"; alpha among {self.coders} coders {number(self.alpha, 2)}"
        return (
            f"on a hand-coded sample of this collection, n = {self.n}: {self.kind}"
            f" {with_interval(self.value, self.low, self.high, 2)}{bias}{alpha}"
        )


def validity(collection: Collection, agreements: Iterable[Agreement] = ()) -> list[Validity]:
    """Return every measure that a question of the codebook asks about, against the codes, with design weights."""
    by_name = {a.name: a for a in agreements}
    return [
        _one(collection, q, by_name.get(q.name))
        for q in collection.coding.book.asked()
        if q.measure and not collection.scores(q).isna().all()
    ]


def pairs(collection: Collection, question: Question) -> pd.DataFrame:
    """Return the coded articles with a score: id, score, code, weight, stratum. Of a yes-or-no question those on
    which coders split evenly are left out."""
    data: Data = collection.data(question)
    weight = np.zeros(len(data.score))
    for members, coded_members in data.cells:
        weight[coded_members] = len(members) / len(coded_members)
    table = pd.DataFrame(
        {
            "id": collection.table["id"],
            "score": collection.scores(question).to_numpy(),
            "code": data.code,
            "weight": weight,
            "stratum": data.stratum,
        }
    ).dropna(subset=["score", "code"])
    return table[table["code"] != 0.5].reset_index(drop=True) if question.binary else table.reset_index(drop=True)


def _one(collection: Collection, question: Question, agreement: Agreement | None) -> Validity:
    table = pairs(collection, question)
    kind = ROC if question.binary else RANK if question.scale == "ordinal" else R
    among = (math.nan, 0) if agreement is None else (agreement.alpha, agreement.coders)
    about = (question.measure, question.scope, question.name, question.ask, kind)
    count, none = len(table), math.nan
    if count < LEAST:
        return Validity(
            *about,
            none,
            none,
            none,
            count,
            none,
            none,
            none,
            *among,
            f"too few coded articles ({count}, at least {LEAST} are needed)",
        )
    value, low, high = _agreement(table, kind)
    if math.isnan(value):
        return Validity(
            *about, none, none, none, count, none, none, none, *among, f"all {count} codes or scores are the same"
        )
    bias = _bias(table) if comparable(question) else (none, none, none)
    return Validity(*about, value, low, high, count, *bias, *among)


def comparable(question: Question) -> bool:
    """Return whether codes and scores are on the same scale: yes or no against a score of 0 to 1, or the same count
    or share."""
    unit = builtin()[question.measure].unit if question.measure in builtin() else "0–1"
    return (
        "0–1" in unit or "0 to 1" in unit
        if question.binary
        else question.scale in ("interval", "ratio") and not question.values
    )


def _agreement(table: pd.DataFrame, kind: str) -> tuple[float, float, float]:
    """Return how scores agree with codes, with its 95 % interval (a ROC's by Newcombe, in which weights count by the
    size of an equal sample after Kish; otherwise by bootstrap within strata). NaN if one of them does not vary."""
    score, code, weight = (table[name].to_numpy(float) for name in ("score", "code", "weight"))
    if kind == ROC:
        value = roc_area(code == 1, score, weight)
        if math.isnan(value):
            return value, math.nan, math.nan
        return value, *roc_interval(
            value, *(w.sum() ** 2 / (w**2).sum() for w in (weight[code == 1], weight[code != 1]))
        )

    def agreement(indices: np.ndarray) -> float:
        scores, codes = pd.Series(score[indices]), pd.Series(code[indices])
        if kind == RANK:
            scores, codes = scores.rank(), codes.rank()
        return correlation(scores, codes, weight[indices])

    value = agreement(np.arange(len(table)))
    if math.isnan(value):
        return value, math.nan, math.nan
    return value, *stratified_interval(agreement, table["stratum"].to_numpy())


def _bias(table: pd.DataFrame) -> tuple[float, float, float]:
    """Return the mean of score − code with its 95 % interval."""
    differences, weight = (table["score"] - table["code"]).to_numpy(float), table["weight"].to_numpy(float)
    weight = weight / weight.sum()
    value = float((weight * differences).sum())
    error = math.sqrt((weight**2 * (differences - value) ** 2).sum() * len(differences) / (len(differences) - 1))
    half = student_exact(len(differences) - 1) * error
    return value, value - half, value + half


def bands(collection: Collection, question: Question) -> pd.DataFrame:
    """Return for the calibration plot: articles in bands of rising score (ten or more each) with mean score, mean
    code and its interval: score, code, low, high, n."""
    table = pairs(collection, question).sort_values(["score", "id"])
    parts = np.array_split(np.arange(len(table)), max(1, min(5, len(table) // PER_BAND)))
    rows = []
    for part in parts:
        band = table.iloc[part]
        score, code = (float(np.average(band[name], weights=band["weight"])) for name in ("score", "code"))
        rows.append((score, code, *_band(band["code"].to_numpy(float), code, question.binary), len(band)))
    return pd.DataFrame(rows, columns=["score", "code", "low", "high", "n"])


def _band(codes: np.ndarray, mean: float, binary: bool) -> tuple[float, float]:
    """Return 95 % interval of a band's mean code: Wilson's (1927) for yes or no, which holds if all say the
    same, otherwise by t."""
    count = len(codes)
    if binary:
        return wilson(mean * count, count)
    half = student_exact(count - 1) * codes.std(ddof=1) / math.sqrt(count) if count > 1 else math.nan
    return mean - half, mean + half


def worst(collection: Collection, question: Question) -> pd.DataFrame:
    """Return the articles where score and code are farthest apart, by a straight line through all: id, title,
    score, code, off (in standard deviations of what is left)."""
    table = pairs(collection, question)
    slope, start = (
        np.polyfit(table["score"], table["code"], 1, w=np.sqrt(table["weight"]))
        if table["score"].nunique() > 1
        else (0.0, table["code"].mean())
    )
    residuals = table["code"] - (start + slope * table["score"])
    titles = dict(zip(collection.table["id"], collection.table["title"]))
    with_residuals = table.assign(off=residuals / (residuals.std(ddof=1) or 1.0), title=table["id"].map(titles))
    order = with_residuals["off"].abs().sort_values(ascending=False, kind="stable").index[:WORST]
    return with_residuals.loc[order, ["id", "title", "score", "code", "off"]]


def dumped(validities: list[Validity], coding_hash: str, files: Iterable[str]) -> str:
    """Return what a run keeps of the validity of its measures, as JSON text for `finished.VALIDITY`."""
    measures = [plain(asdict(validity)) | {"told": validity.told} for validity in validities]
    return (
        json.dumps({"sample": coding_hash, "codes": list(files), "measures": measures}, indent=1, ensure_ascii=False)
        + "\n"
    )
