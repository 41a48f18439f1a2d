"""A coded sample beside the run that it was drawn from: scores of all articles, codes of the sample, groups, time."""

from __future__ import annotations

from dataclasses import dataclass
import math
from pathlib import Path

import numpy as np
import pandas as pd

from presslab.reporting.wording import many
from presslab.runs import finished

from . import CodingError
from .codebook import Question
from .read import Coding, read
from .sample import articles, group, strata
from .scored import Data

DAYS = 30.4375  # a month


@dataclass(frozen=True)
class Collection:
    """A run with the codes of its sample. `table` is the run's table of articles, `measures` its table of measures."""

    coding: Coding
    table: pd.DataFrame
    measures: pd.DataFrame

    def scores(self, question: Question) -> pd.Series:
        """Return what presslab measured of a question, by article; NaN if it could not, and everywhere where it
        measures none."""
        rows = self.measures[
            (self.measures["measure"] == question.measure) & (self.measures["scope"] == question.scope)
        ]
        return rows.set_index("id")["value"].reindex(self.table["id"]).astype(float)

    def data(self, question: Question) -> Data:
        """Return scores and codes of a question. Articles without a score get the mean one: any score will do for
        one that the codes correct. Without a measure all scores are 0, and the codes alone count."""
        scores = self.scores(question).to_numpy()
        all_scores = np.where(np.isnan(scores), np.nanmean(scores) if not np.isnan(scores).all() else 0.0, scores)
        codes = self.coding.settled(question.name).reindex(self.table["id"]).to_numpy(float)
        design = self.coding.design
        names = strata(self.table, design.by, design.drawn)
        counts = self.coding.sample.assign(
            stratum=names.set_axis(self.table["id"]).reindex(self.coding.sample["id"]).to_numpy()
        )
        sample_sizes, sizes = counts["stratum"].value_counts(), names.value_counts()
        chances = names.map(sample_sizes / sizes).fillna(0).to_numpy(float)
        return Data(all_scores, codes, names.to_numpy(str), chances, question.bounds, question.binary)

    def groups(self, by: str) -> pd.Series:
        """Return for each article the value of a field (outlet, month, …)."""
        return group(self.table, [by]).map(lambda key: key[0])

    def months(self) -> np.ndarray | None:
        """Return for each article when it was published, in months from the first; None if articles have no date."""
        dates = pd.to_datetime(self.table["published"].replace("", None), errors="coerce", utc=True, format="ISO8601")
        if dates.isna().any() or dates.dt.date.nunique() < 2:
            return None
        return ((dates - dates.min()).dt.total_seconds() / 86400 / DAYS).to_numpy(float)


def load(run: Path, folder: Path) -> Collection:
    """Return a run and the coded sample that was drawn from it. Raises CodingError if it was drawn from another
    run, Stopped if the run can't be used."""
    collection = beside(run, folder)
    if len(collection.table) != collection.coding.design.articles:
        raise CodingError(
            f"{folder}: {run} holds {many(len(collection.table), 'article')} now; the sample was drawn from"
            f" {many(collection.coding.design.articles, 'article')} and says nothing of the others"
        )
    return collection


def beside(run: Path, folder: Path) -> Collection:
    """Return a run and a coded sample whose articles it holds, among others that came later. Raises as `load`."""
    table, coding = articles(run), read(folder)
    texts = dict(zip(table["id"], table["text_sha256"]))
    changed_ids = [
        id for id, digest in zip(coding.sample["id"], coding.sample["text_sha256"]) if texts.get(id) != digest
    ]
    if changed_ids:
        raise CodingError(
            f"{folder}: the sample was not drawn from {run} as it is: {len(changed_ids)} of its articles are not there"
            f" or have changed ({', '.join(changed_ids[:3])})"
        )
    if not len(coding.codes):
        raise CodingError(f"{folder} has no codes yet; put the files that coders exported there")
    measures = finished.table(run, "measures", ["id", "measure", "scope", "value", "unit"])
    return Collection(coding, table, measures)


def number(value: float) -> float | None:
    """Return a number for JSON; None for NaN."""
    return None if math.isnan(value) else round(float(value), 6)
