"""A user's own usual news: quantiles of all numbers in finished runs, each story counted once."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from presslab.measures.usual import FRAME, LEAST, RAW, Groups, Yardstick, YardstickError, by_length, quantiles
from presslab.reading import duplicates
from presslab.reading.article import ArticleError
from presslab.reporting import withheld
from presslab.reporting.wording import number
from presslab.runs import finished

from .gather import LENGTH

MADE = "presslab yardstick"
ENOUGH = 500  # articles below which a place is worth little


def yardstick(runs: Iterable[Path]) -> Yardstick:
    """Return usual news from runs of articles: quantiles of each measure in each scope that LEAST stories have.

    Raises ArticleError for another kind of run, Stopped if a file of one can't be used, YardstickError for fewer than
    LEAST stories.
    """
    articles, numbers = _tables(runs)
    kept = _once(articles)
    if len(kept) < LEAST:
        raise YardstickError(
            f"{number(len(kept))} different articles are too few for a yardstick: {LEAST} at least, better {ENOUGH} or"
            " more"
        )
    numbers = numbers[numbers["key"].isin(set(kept["key"])) & numbers["value"].notna()]
    whole = numbers[(numbers["measure"] == LENGTH[0]) & (numbers["scope"] == LENGTH[1])]
    words = dict(zip(whole["key"], whole["n"]))
    found: dict[tuple[str, str], Groups] = {}
    for (name, scope), rows in numbers.groupby(["measure", "scope"]):
        if len(rows) >= LEAST and not name.startswith(RAW):
            found[name, scope] = _groups(name, rows, words)
    years = sorted({day[:4] for day in kept["published"] if day[:4].isdigit()})
    span = "–".join(dict.fromkeys((years[0], years[-1]))) if years else ""
    outlets = len(set(kept["outlet"]) - {""})
    return Yardstick({"articles": len(kept), "outlets": outlets, "years": span, "made": MADE}, found)


def _groups(name: str, rows: pd.DataFrame, words: dict[str, int]) -> Groups:
    values, equal = rows["value"].to_numpy(float), np.ones(len(rows))
    if name.startswith(FRAME):  # the values of frames are made so that they don't go with length
        return ((0, quantiles(values, equal)),)
    return by_length(values, np.array([words.get(key, 0) for key in rows["key"]], float), equal)


def _tables(runs: Iterable[Path]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the articles and the numbers of runs, each with a `key` that no two articles share."""
    found: dict[str, list[pd.DataFrame]] = {"articles": [], "measures": []}
    for place, folder in enumerate(runs):
        if "articles" not in finished.tables(folder):
            raise ArticleError(f"{folder} contains no finished run of articles (made by presslab report)")
        shown = finished.text_shown(folder) == withheld.FULL
        for name, tables in found.items():
            table = finished.table(folder, name)
            tables.append(table.assign(key=[f"{place} {id}" for id in table["id"]], shown=shown))
    articles, numbers = (pd.concat(tables, ignore_index=True) for tables in found.values())
    return articles, numbers


def _once(articles: pd.DataFrame) -> pd.DataFrame:
    """Return each story once, by the version published first, of these the longest: nearly the same words if the runs
    show the texts, otherwise the same text."""
    prints = [
        duplicates.fingerprint_of(r.key, r.text_analysed, (r.title, r.outlet, r.published, r.byline, ""))
        for r in articles.itertuples()
        if r.shown
    ]
    first = {id: group.ids[0] for group in duplicates.groups(prints) for id in group.ids}
    alike = articles["key"].map(lambda key: first.get(key, key))
    kept = articles[alike == articles["key"]].sort_values("shown", ascending=False, kind="stable")
    return kept.drop_duplicates("text_sha256")
