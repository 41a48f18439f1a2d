"""What a report on a collection shows, as tables: outlets, time, who is heard, types of sources, duplicates."""

from __future__ import annotations

from functools import lru_cache
from itertools import product

import numpy as np
import pandas as pd

from presslab.measures.statistics import holm, ratio, welch, wilson

from .gather import Collection
from .surnames import AMBIGUOUS

ALL = "all outlets"
MOST_HEARD = 50
GENDERS = ("woman", "man")
ARTICLE = r"^(?:[Tt]he|an?) "


@lru_cache(maxsize=2)
def outlets(c: Collection) -> pd.DataFrame:
    """Return the mean of each measure over an outlet's articles, and over all.

    Columns: outlet (or ALL), measure, scope, value, low, high (95 %, NaN if there are too few articles or all are
    alike), n (articles in which it could be measured).
    """
    owner = c.articles.set_index("id")["outlet"]
    rows = []
    for (name, scope), group in c.values.groupby(["measure", "scope"], sort=False):
        measurable = group[group["value"].notna()]
        of = measurable["id"].map(owner)
        for outlet in (ALL, *c.outlets):
            mine = measurable["value"] if outlet == ALL else measurable.loc[of == outlet, "value"]
            rows.append((outlet, name, scope, *ratio(mine.to_numpy()), len(mine)))
    return pd.DataFrame(rows, columns=["outlet", "measure", "scope", "value", "low", "high", "n"])


@lru_cache(maxsize=2)
def differences(c: Collection) -> pd.DataFrame:
    """Return each outlet against all others together, on each measure.

    Columns: measure, scope, outlet, difference (of means), low, high (95 %, Welch), p, p_holm, clear (p_holm below
    .05: more than chance when all `comparisons` are counted), n, comparisons. Pairs with too few articles are not
    made and not counted.
    """
    owner = c.articles.set_index("id")["outlet"]
    rows = []
    if len(c.outlets) > 1:
        for (name, scope), group in c.values.groupby(["measure", "scope"], sort=False):
            measurable = group[group["value"].notna()]
            of = measurable["id"].map(owner)
            for outlet in c.outlets:
                mine, others = (
                    measurable.loc[of == outlet, "value"].to_numpy(),
                    measurable.loc[of != outlet, "value"].to_numpy(),
                )
                gap, low, high, p = welch(mine, others)
                if not np.isnan(p):
                    rows.append((name, scope, outlet, gap, low, high, p, len(mine)))
    table = pd.DataFrame(rows, columns=["measure", "scope", "outlet", "difference", "low", "high", "p", "n"])
    table["p_holm"] = holm(table["p"].to_numpy(dtype=float))
    table["clear"] = table["p_holm"] < 0.05
    return table.assign(comparisons=len(table))


@lru_cache(maxsize=2)
def groups(c: Collection) -> pd.DataFrame:
    """Return shares among all attributions of an outlet's articles, and of all: types of sources, women among those of
    sources whose gender is known, unnamed sources.

    Columns: outlet, group ("type:KEY", "women", "unnamed"), count, all, value, low, high (95 %, over articles), n
    (articles that count).
    """
    ids = c.articles["id"]
    sources = _counted(c)
    total = sources.groupby("id")["attributions"].sum().reindex(ids, fill_value=0)
    gender_totals = (
        sources[sources["gender"].isin(GENDERS)].groupby("id")["attributions"].sum().reindex(ids, fill_value=0)
    )
    parts = {
        "women": (sources[sources["gender"] == "woman"], gender_totals),
        "unnamed": (sources[sources["type"] == "unnamed"], total),
    }
    parts |= {f"type:{kind}": (group, total) for kind, group in sources.groupby("type", sort=True)}
    owner = c.articles["outlet"].to_numpy()
    rows = []
    for (name, (some, below)), outlet in product(parts.items(), (ALL, *c.outlets)):
        above = some.groupby("id")["attributions"].sum().reindex(ids, fill_value=0).to_numpy()
        mask = (below.to_numpy() > 0) & ((owner == outlet) | (outlet == ALL))
        x, y = above[mask], below.to_numpy()[mask]
        rows.append((outlet, name, int(x.sum()), int(y.sum()), *ratio(x, y), int(mask.sum())))
    return pd.DataFrame(rows, columns=["outlet", "group", "count", "all", "value", "low", "high", "n"])


@lru_cache(maxsize=2)
def heard(c: Collection) -> pd.DataFrame:
    """Return who is heard across the collection, those heard in most articles first, at most MOST_HEARD.

    Columns: source, type (the one that most articles give), articles, share (of all articles), low, high (95 %,
    Wilson), attributions, words, and one column per outlet with the number of its articles.
    """
    speakers = c.sources[(c.sources["joint"] != "") & (c.sources["attributions"] > 0)]
    owner = c.articles.set_index("id")["outlet"]
    rows = []
    for name, group in speakers.groupby("joint", sort=True):
        kinds = group.loc[group["type"] != "unresolved", "type"].value_counts()
        kind = sorted(kinds.index, key=lambda k: (-kinds[k], k))[0] if len(kinds) else "unresolved"
        of = pd.Series(group["id"].unique()).map(owner).value_counts()
        count = group["id"].nunique()
        rows.append(
            (
                name,
                kind,
                count,
                count / len(c.articles),
                *wilson(count, len(c.articles)),
                int(group["attributions"].sum()),
                int(group["words"].sum()),
                *(int(of.get(outlet, 0)) for outlet in c.outlets),
            )
        )
    table = pd.DataFrame(
        rows, columns=["source", "type", "articles", "share", "low", "high", "attributions", "words", *c.outlets]
    )
    return (
        table.sort_values(["articles", "words", "source"], ascending=[False, False, True], kind="stable")
        .head(MOST_HEARD)
        .reset_index(drop=True)
    )


@lru_cache(maxsize=2)
def names(c: Collection) -> pd.DataFrame:
    """Return which spellings were joined under one name, names that are heard in most articles first.

    Columns: source (the name in the collection), spelling (as an article gives it, without titles), how (it came under
    the name; "" for the name itself, `surnames.AMBIGUOUS` for one that stays apart because several people have it),
    articles, attributions. Names of one spelling are left out, unless they stay apart in that way.
    """
    speakers = c.sources[(c.sources["joint"] != "") & (c.sources["attributions"] > 0)]
    speakers = speakers.assign(spelling=speakers["source"].str.replace(ARTICLE, "", regex=True))
    keys = ["joint", "spelling", "how"]
    table = speakers.groupby(keys).agg(articles=("id", "nunique"), attributions=("attributions", "sum")).reset_index()
    in_all = speakers.groupby("joint")["id"].nunique()
    table["_all"] = table["joint"].map(in_all)
    several = table.groupby("joint")["spelling"].transform("nunique") > 1
    table = table[several | (table["how"] == AMBIGUOUS)].astype({"attributions": int})
    table = table.sort_values(
        ["_all", "joint", "articles", "spelling", "how"], ascending=[False, True, False, True, True], kind="stable"
    )
    columns = ["source", "spelling", "how", "articles", "attributions"]
    return table.rename(columns={"joint": "source"})[columns].reset_index(drop=True)


@lru_cache(maxsize=2)
def periods(c: Collection) -> pd.DataFrame:
    """Return the mean of each measure in each day, week or month, whichever the collection's span suggests.

    Columns: period (its first day, ISO), unit ("day", "week", "month"), measure, scope, value, low, high, n.
    Articles without a date are left out. Empty if there are fewer than two periods.
    """
    articles = c.articles[c.articles["published"] != ""]
    if articles.empty:
        return pd.DataFrame(columns=["period", "unit", "measure", "scope", "value", "low", "high", "n"])
    days = pd.to_datetime(articles["published"], errors="coerce")
    articles, days = articles[days.notna()], days[days.notna()]
    span = (days.max() - days.min()).days if len(days) else 0
    unit = "day" if span <= 21 else "week" if span <= 182 else "month"
    starts = days.dt.to_period({"day": "D", "week": "W-SUN", "month": "M"}[unit]).dt.start_time.dt.strftime("%Y-%m-%d")
    of = dict(zip(articles["id"], starts))
    rows = []
    if starts.nunique() > 1:
        for (name, scope), group in c.values.groupby(["measure", "scope"], sort=False):
            measurable = group[group["value"].notna()]
            period = measurable["id"].map(of)
            for start in sorted(set(of.values())):
                mine = measurable.loc[period == start, "value"].to_numpy()
                rows.append((start, unit, name, scope, *ratio(mine), len(mine)))
    return pd.DataFrame(rows, columns=["period", "unit", "measure", "scope", "value", "low", "high", "n"])


@lru_cache(maxsize=2)
def stories(c: Collection) -> pd.DataFrame:
    """Return articles that are one story (the same text, or nearly): columns story, id, outlet, published, title."""
    repeats = c.articles[c.articles["story"] != ""]
    return (
        repeats[["story", "id", "outlet", "published", "title"]]
        .sort_values(["story", "id"], kind="stable")
        .reset_index(drop=True)
    )


def _counted(c: Collection) -> pd.DataFrame:
    return c.sources.assign(attributions=c.sources["attributions"].fillna(0).astype(int))
