"""What a report on a collection shows, as tables: outlets, time, who is heard, types of sources, duplicates."""

from __future__ import annotations

from functools import lru_cache
from itertools import product
import math
from typing import Any

import numpy as np
import pandas as pd

from presslab.measures.statistics import FEWEST, clustered, holm, share_clustered
from presslab.measures.statistics.clusters import summed
from presslab.measures.statistics.permutation import paired, unpaired

from .gather import Collection
from .surnames import AMBIGUOUS

ALL, OTHERS = "all outlets", "all others"
DIFFERENCES = (
    "measure", "scope", "outlet", "other", "difference", "low", "high", "p", "p_holm", "clear", "paired", "n",
    "stories", "events", "comparisons",
)  # fmt: skip
MOST_HEARD = 50
# p after correction below which a difference is called clear. Half of the usual .05: that one would say "clearly" in
# just 5 of 100 collections in which outlets do not differ, and so in more than 5 of many a hundred.
CLEAR = 0.025
GENDERS = ("woman", "man")
ARTICLE = r"^(?:[Tt]he|an?) "


@lru_cache(maxsize=2)
def outlets(c: Collection) -> pd.DataFrame:
    """Return the mean of each measure over an outlet's stories, and over all; each story counts once.

    Columns: outlet (or ALL), measure, scope, value, low, high (95 %, over events; NaN if there are too few, all are
    alike, or the texts were not there to find stories and events), n (articles in which it could be measured), stories
    (of these, that count), events (that they are on), usual_share (mean rank of the stories in usual news, NaN if none
    is known).
    """
    rows = []
    ranks = _columns(c, "usual_share")
    for (name, scope), values in _columns(c).items():
        for outlet in (ALL, *c.outlets):
            whose = "" if outlet == ALL else outlet
            known = ranks[name, scope][_counts(c, whose) & ~np.isnan(ranks[name, scope])]
            rank = float(known.mean()) if len(known) else math.nan
            rows.append((outlet, name, scope, *_mean(c, values, whose), rank))
    columns = ["outlet", "measure", "scope", "value", "low", "high", "n", "stories", "events", "usual_share"]
    return pd.DataFrame(rows, columns=columns)


def _columns(c: Collection, of: str = "value") -> dict[tuple[str, str], np.ndarray]:
    """Return the values of each measure (or another column of them), one for each row of the articles, NaN if there is
    none."""
    ids = pd.Index(c.articles["id"])
    columns = {}
    for pair, group in c.values.groupby(["measure", "scope"], sort=False):
        column = np.full(len(ids), np.nan)
        column[ids.get_indexer(group["id"])] = group[of].to_numpy(float)
        columns[pair] = column
    return columns


def _mean(c: Collection, values: np.ndarray, outlet: str, of: np.ndarray | None = None) -> tuple[Any, ...]:
    """Return mean, interval, and the numbers of articles, stories and events; `of` marks the articles that are looked
    at."""
    there = ~np.isnan(values) & (True if of is None else of)
    mine = there & ((c.articles["outlet"] == outlet).to_numpy() if outlet else True)
    some = there & _counts(c, outlet)
    events = c.articles["event"].to_numpy()[some]
    value, low, high, clusters = clustered(values[some], np.ones(some.sum()), events)
    if not c.compared:
        low = high = math.nan
    elif clusters and values[some].min() >= 0:
        low = max(low, 0.0) if not math.isnan(low) else low  # nothing that is counted is less than none
    return value, low, high, int(mine.sum()), int(some.sum()), clusters


@lru_cache(maxsize=2)
def _counting(c: Collection) -> dict[str, np.ndarray]:
    """Return which articles count in each outlet, and in the whole collection ("")."""
    return {outlet: c.articles["id"].isin(c.counted(outlet)["id"]).to_numpy() for outlet in ("", *c.outlets)}


def _counts(c: Collection, outlet: str) -> np.ndarray:
    return _counting(c)[outlet]


@lru_cache(maxsize=2)
def differences(c: Collection) -> pd.DataFrame:
    """Return each outlet against all others together, on each measure; two outlets are compared once.

    Columns: measure, scope, outlet, other (the other outlet, or OTHERS), difference (of means; with paired events the
    mean difference within events), low, high (95 %), p (studentised permutation over events, within events if paired),
    p_holm, clear (p_holm below CLEAR: more than chance when all `comparisons` are counted), paired (whether events that
    both report were compared), n (the outlet's articles in which it could be measured), stories, events (the outlet's,
    or the paired ones), comparisons. Pairs with fewer than FEWEST events on a side are not made and not counted, and
    none is if the texts were not there to find stories and events.
    """
    columns = _columns(c)
    outlets_ = c.outlets if len(c.outlets) > 2 else c.outlets[:1]
    rows: list[tuple] = []
    if len(c.outlets) > 1 and c.compared and columns:
        cells, x, y = _cells(c, np.stack(list(columns.values()), axis=1))
        comparisons = len(outlets_) * len(columns)
        for outlet in outlets_:
            mine = (cells["outlet"] == outlet).to_numpy()
            shared = _shared(cells, mine)
            if shared.any():
                event = cells["event"].to_numpy()[shared]
                found = paired(x[shared], y[shared], event, mine[shared], comparisons)
            else:
                found = unpaired(x, y, mine, comparisons)
            other = OTHERS if len(c.outlets) > 2 else c.outlets[1]
            there = (c.articles["outlet"] == outlet).to_numpy()
            once = _counts(c, outlet) & there
            for place, ((name, scope), values) in enumerate(columns.items()):
                if min(found.mine[place], found.others[place]) < FEWEST or np.isnan(found.p[place]):
                    continue
                measurable = ~np.isnan(values)
                numbers = (getattr(found, part)[place] for part in ("gap", "low", "high", "p"))
                counts = int((measurable & there).sum()), int((measurable & once).sum()), int(found.mine[place])
                rows.append((name, scope, outlet, other, *numbers, bool(shared.any()), *counts))
    later = ("p_holm", "clear", "comparisons")
    table = pd.DataFrame(rows, columns=[name for name in DIFFERENCES if name not in later])
    table["paired"] = table["paired"].astype(bool)
    table["p_holm"] = holm(table["p"].to_numpy(dtype=float))
    table["clear"] = table["p_holm"] < CLEAR
    return table.assign(comparisons=len(table))[list(DIFFERENCES)]


def _cells(c: Collection, values: np.ndarray) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """Return what each outlet has on each event: outlet and event, sums of the measures (columns), and of how many
    stories."""
    counted = np.zeros(len(c.articles), dtype=bool)
    for outlet in c.outlets:
        counted |= _counts(c, outlet)
    articles, values = c.articles[counted], values[counted]
    groups = articles.groupby(["outlet", "event"], sort=True)
    place, there = groups.ngroup().to_numpy(), ~np.isnan(values)
    cells = articles.assign(_place=place).drop_duplicates("_place").sort_values("_place")[["outlet", "event"]]
    return cells.reset_index(drop=True), summed(np.where(there, values, 0.0), place), summed(there * 1.0, place)


def _shared(cells: pd.DataFrame, mine: np.ndarray) -> np.ndarray:
    """Return the cells on events that an outlet shares with others, if these are most of the events of one side;
    otherwise none: what is reported by one side alone would be left out."""
    own, others = set(cells.loc[mine, "event"]), set(cells.loc[~mine, "event"])
    both = own & others
    enough = len(both) >= FEWEST and len(both) > min(len(own), len(others)) / 2
    return cells["event"].isin(both if enough else ()).to_numpy()


@lru_cache(maxsize=2)
def groups(c: Collection) -> pd.DataFrame:
    """Return shares among all attributions of an outlet's stories, and of all: types of sources, women among those of
    sources whose gender is known, unnamed sources. Each story counts once.

    Columns: outlet, group ("type:KEY", "women", "unnamed"), count, all, value, low, high (95 %, over events), n
    (articles that have such attributions), stories (of these, that count), events.
    """
    ids = c.articles["id"]
    sources = _attributed(c)
    total = sources.groupby("id")["attributions"].sum().reindex(ids, fill_value=0)
    gender_totals = (
        sources[sources["gender"].isin(GENDERS)].groupby("id")["attributions"].sum().reindex(ids, fill_value=0)
    )
    parts = {
        "women": (sources[sources["gender"] == "woman"], gender_totals),
        "unnamed": (sources[sources["type"] == "unnamed"], total),
    }
    parts |= {f"type:{kind}": (group, total) for kind, group in sources.groupby("type", sort=True)}
    owner, event = c.articles["outlet"].to_numpy(), c.articles["event"].to_numpy()
    rows = []
    for (name, (some, below)), outlet in product(parts.items(), (ALL, *c.outlets)):
        above = some.groupby("id")["attributions"].sum().reindex(ids, fill_value=0).to_numpy()
        there = (below.to_numpy() > 0) & ((owner == outlet) | (outlet == ALL))
        mask = there & _counts(c, "" if outlet == ALL else outlet)
        x, y = above[mask], below.to_numpy()[mask]
        value, low, high, events = clustered(x, y, event[mask])
        low, high = (max(low, 0.0), min(high, 1.0)) if c.compared and not math.isnan(low) else (math.nan, math.nan)
        counts = int(there.sum()), int(mask.sum()), events
        rows.append((outlet, name, int(x.sum()), int(y.sum()), value, low, high, *counts))
    columns = ["outlet", "group", "count", "all", "value", "low", "high", "n", "stories", "events"]
    return pd.DataFrame(rows, columns=columns)


@lru_cache(maxsize=2)
def heard(c: Collection) -> pd.DataFrame:
    """Return who is heard across the collection, those heard in most stories first, at most MOST_HEARD.

    Columns: source, type (the one that most articles give), articles, stories (each counted once), share (of all
    stories), low, high (95 %, Wilson on the effective number of stories, over events), attributions, words, and one
    column per outlet with the number of its articles.
    """
    speakers = c.sources[(c.sources["joint"] != "") & (c.sources["attributions"] > 0)]
    owner = c.articles.set_index("id")["outlet"]
    once = c.counted()
    counted = speakers[speakers["id"].isin(once["id"])].groupby("joint")["id"].nunique()
    order = speakers.groupby("joint").agg(words=("words", "sum")).reset_index()
    order["stories"] = order["joint"].map(counted).fillna(0)
    order = order.sort_values(["stories", "words", "joint"], ascending=[False, False, True], kind="stable")
    top = speakers[speakers["joint"].isin(order["joint"].head(MOST_HEARD))]
    rows = []
    for name, group in top.groupby("joint", sort=True):
        kinds = group.loc[group["type"] != "unresolved", "type"].value_counts()
        kind = sorted(kinds.index, key=lambda k: (-kinds[k], k))[0] if len(kinds) else "unresolved"
        of = pd.Series(group["id"].unique()).map(owner).value_counts()
        rows.append(
            (
                name,
                kind,
                group["id"].nunique(),
                int(counted.get(name, 0)),
                int(group["attributions"].sum()),
                int(group["words"].sum()),
                *(int(of.get(outlet, 0)) for outlet in c.outlets),
            )
        )
    table = pd.DataFrame(rows, columns=["source", "type", "articles", "stories", "attributions", "words", *c.outlets])
    table = table.sort_values(
        ["stories", "words", "source"], ascending=[False, False, True], kind="stable"
    ).reset_index(drop=True)
    ids = top.groupby("joint")["id"].agg(set)
    events = once["event"].to_numpy()
    shares = [share_clustered(once["id"].isin(ids[name]).to_numpy(), events) for name in table["source"]]
    for place, column in enumerate(("share", "low", "high")):
        values = [s[place] if place == 0 or c.compared else math.nan for s in shares]
        table.insert(4 + place, column, np.array(values, dtype=float))
    return table


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

    Columns: period (its first day, ISO), unit ("day", "week", "month"), measure, scope, value, low, high, n, stories,
    events. Articles without a date are left out. Empty if there are fewer than two periods.
    """
    columns = ["period", "unit", "measure", "scope", "value", "low", "high", "n", "stories", "events"]
    articles = c.articles[c.articles["published"] != ""]
    if articles.empty:
        return pd.DataFrame(columns=columns)
    days = pd.to_datetime(articles["published"], errors="coerce")
    articles, days = articles[days.notna()], days[days.notna()]
    span = (days.max() - days.min()).days if len(days) else 0
    unit = "day" if span <= 21 else "week" if span <= 182 else "month"
    starts = days.dt.to_period({"day": "D", "week": "W-SUN", "month": "M"}[unit]).dt.start_time.dt.strftime("%Y-%m-%d")
    of = dict(zip(articles["id"], starts))
    rows = []
    if starts.nunique() > 1:
        period = c.articles["id"].map(of).to_numpy()
        for (name, scope), values in _columns(c).items():
            for start in sorted(set(of.values())):
                rows.append((start, unit, name, scope, *_mean(c, values, "", period == start)))
    return pd.DataFrame(rows, columns=columns)


@lru_cache(maxsize=2)
def stories(c: Collection) -> pd.DataFrame:
    """Return articles that are one story (the same text, or nearly): columns story, id, outlet, published, title."""
    repeats = c.articles[c.articles["story"] != ""]
    return (
        repeats[["story", "id", "outlet", "published", "title"]]
        .sort_values(["story", "id"], kind="stable")
        .reset_index(drop=True)
    )


def _attributed(c: Collection) -> pd.DataFrame:
    return c.sources.assign(attributions=c.sources["attributions"].fillna(0).astype(int))
