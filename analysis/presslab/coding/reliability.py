"""How reliable the codes are: Krippendorff's alpha by scale with interval, percent agreement, and where coders
differ."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from itertools import combinations
import math

import krippendorff
import numpy as np
import pandas as pd

from .codebook import Question, SpanKind
from .read import Coding
from .sample import WORD

RESAMPLES = 1000
RELIABLE, TENTATIVE = 0.8, 0.667  # Krippendorff (2004), Content Analysis, p. 241


@dataclass(frozen=True)
class Agreement:
    """Agreement on one question: alpha with its 95 % interval, articles coded by two or more, coders, the share of
    pairs of answers that are the same. `name` and `label` say on what, `unit` what n counts; `note` says why there is
    no alpha."""

    name: str
    label: str
    scale: str
    alpha: float
    low: float
    high: float
    n: int
    coders: int
    same: float
    unit: str = "articles"
    note: str = ""

    @property
    def verdict(self) -> str:
        """What Krippendorff (2004) makes of alpha."""
        if math.isnan(self.alpha):
            return "can’t be told"
        return (
            "reliable"
            if self.alpha >= RELIABLE
            else "for tentative conclusions only"
            if self.alpha >= TENTATIVE
            else "not reliable"
        )


def alpha(codes: np.ndarray, scale: str) -> float:
    """Return Krippendorff's alpha (2011); `codes` has one row per coder and one column per unit, NaN if a unit was
    not coded.

    NaN if no unit has two codes or all codes are the same: there is nothing to tell agreement from.
    """
    pairable = codes[:, (~np.isnan(codes)).sum(axis=0) >= 2]
    values = pairable[~np.isnan(pairable)]
    if not values.size or (values == values[0]).all():
        return math.nan
    return float(krippendorff.alpha(reliability_data=pairable, level_of_measurement=scale))


def interval(codes: np.ndarray, scale: str, groups: np.ndarray | None = None, seed: int = 1) -> tuple[float, float]:
    """Return 95 % interval of alpha by bootstrap over units (Zapf et al. 2016), or over `groups` of units that
    belong together.

    NaN if one resample in ten or more has no alpha.
    """
    random = np.random.default_rng(seed)
    of = np.arange(codes.shape[1]) if groups is None else groups
    members = [np.flatnonzero(of == g) for g in pd.unique(of)]
    found = (
        np.array(
            [
                alpha(
                    codes[:, np.concatenate([members[i] for i in random.integers(len(members), size=len(members))])],
                    scale,
                )
                for _ in range(RESAMPLES)
            ]
        )
        if len(members) > 1
        else np.full(RESAMPLES, math.nan)
    )
    if np.isnan(found).mean() >= 0.1:
        return math.nan, math.nan
    low, high = np.nanpercentile(found, [2.5, 97.5])
    return float(low), float(high)


def agreement(coding: Coding) -> list[Agreement]:
    """Return agreement on every question that two coders answered for the same article, then on every kind of span,
    by word."""
    found = [_question(coding, q) for q in coding.book.asked()]
    return [a for a in found if a] + [a for kind in coding.book.spans if (a := _span(coding, kind))]


def _question(coding: Coding, question: Question) -> Agreement | None:
    wide = coding.table(question.name)
    both = wide[wide.notna().sum(axis=1) >= 2]
    if both.empty:
        return None
    codes = both.dropna(axis=1, how="all").to_numpy(float).T
    value = alpha(codes, question.scale)
    note = "all coders gave the same answer everywhere: alpha needs some variety" if math.isnan(value) else ""
    low, high = interval(codes, question.scale) if not note else (math.nan, math.nan)
    return Agreement(
        question.name,
        question.ask,
        question.scale,
        value,
        low,
        high,
        len(both),
        codes.shape[0],
        _same(codes),
        note=note,
    )


def _same(codes: np.ndarray) -> float:
    """Return the share of pairs of answers to the same unit that are the same."""
    same = pairs = 0
    for one, two in combinations(codes, 2):
        given = ~np.isnan(one) & ~np.isnan(two)
        pairs += int(given.sum())
        same += int((one[given] == two[given]).sum())
    return same / pairs if pairs else math.nan


def _span(coding: Coding, kind: SpanKind) -> Agreement | None:
    """Return agreement on a kind of span: alpha over words, each of which a coder marked or not; resampled by
    article."""
    share = coding.table(f"{kind.name}_share")
    both = share[share.notna().sum(axis=1) >= 2]
    texts = coding.texts()
    both = both[[id in texts for id in both.index]]
    if both.empty:
        return None
    marks = coding.marks[coding.marks["kind"] == kind.name]
    coders, columns, groups = list(both.dropna(axis=1, how="all").columns), [], []
    for place, (id, row) in enumerate(both.iterrows()):
        words = [m.span() for m in WORD.finditer(texts[id])]
        block = np.full((len(coders), len(words)), math.nan)
        for number, coder in enumerate(coders):
            if not math.isnan(row[coder]):
                mine = marks[(marks["id"] == id) & (marks["coder"] == coder)]
                spans = list(zip(mine["start"], mine["end"]))
                block[number] = [any(s < end and start < e for s, e in spans) for start, end in words]
        columns.append(block)
        groups += [place] * len(words)
    codes = np.concatenate(columns, axis=1)
    value = alpha(codes, "nominal")
    low, high = interval(codes, "nominal", np.array(groups)) if not math.isnan(value) else (math.nan, math.nan)
    return Agreement(
        kind.name,
        f"{kind.label}: words marked",
        "nominal, by word",
        value,
        low,
        high,
        codes.shape[1],
        len(coders),
        _same(codes),
        "words",
    )


def confusion(coding: Coding, question: Question) -> pd.DataFrame:
    """Return how often each answer met each: over all pairs of coders, the first coder's answer a row, the second's
    a column.

    Index and columns are the answers in words, in the order of the codebook.
    """
    wide = coding.table(question.name)
    order = [value for value, _ in question.values]
    counts = pd.DataFrame(0, index=order, columns=order)
    for one, two in combinations(wide.columns, 2):
        for a, b in wide[[one, two]].dropna().itertuples(index=False):
            counts.loc[a, b] += 1
    names = [question.label(value) for value in order]
    return counts.set_axis(names, axis=0).set_axis(names, axis=1)


def disagreements(coding: Coding) -> pd.DataFrame:
    """Return where coders differ: id, title, question, ask, one column per coder (answers in words), comments, and
    an empty `value`.

    Saved as agreed.csv with `value` filled in, it settles them.
    """
    titles = dict(zip(coding.sample["id"], coding.sample["title"]))
    settled = set(zip(coding.agreed["id"], coding.agreed["question"]))
    comments = {
        id: "; ".join(f"{coder}: {comment}" for coder, comment in zip(part["coder"], part["comment"]) if comment)
        for id, part in coding.notes.groupby("id")
    }
    rows, coders = [], list(coding.table("").columns)
    for question in coding.book.questions:
        wide = coding.table(question.name)
        for id, answers in wide[wide.nunique(axis=1) > 1].iterrows():
            if (id, question.name) not in settled:
                shown = {
                    coder: "" if math.isnan(v) else f"{v:g} {question.label(v)}" if question.values else f"{v:g}"
                    for coder, v in answers.items()
                }
                rows.append(
                    {
                        "id": id,
                        "title": titles[id],
                        "question": question.name,
                        "ask": question.ask,
                        **shown,
                        "comments": comments.get(id, ""),
                        "value": "",
                    }
                )
    return pd.DataFrame(rows, columns=["id", "title", "question", "ask", *coders, "comments", "value"])


def plain(found: list[Agreement]) -> list[dict]:
    """Return agreements as plain data for JSON; what is unknown is null."""
    return [
        {
            k: None if isinstance(v, float) and math.isnan(v) else round(v, 6) if isinstance(v, float) else v
            for k, v in asdict(a).items()
        }
        for a in found
    ]
