"""The same measures of several articles side by side, and how far they differ."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
import math

import pandas as pd

from presslab.measures.analyse import Analysis
from presslab.measures.cards import GROUP
from presslab.measures.measure import Measure

# What is compared, and in whose words: an outlet chooses its own words, and whom it quotes.
MEASURES = (
    ("frame_conflict", "article"), ("frame_human_interest", "article"), ("frame_economic", "article"),
    ("frame_morality", "article"), ("frame_resolution", "article"),
    ("loaded_word_share", "journalist"), ("hedges_per_1000", "journalist"), ("boosters_per_1000", "journalist"),
    ("agentless_passive_share", "journalist"), ("attributed_word_share", "article"), ("unnamed_share", "article"),
    ("stance_neutral_share", "article"), ("stance_doubt_share", "article"), ("stance_certainty_share", "article"),
    ("stance_conflict_share", "article"),
)  # fmt: skip


def side_by_side(measures: list[list[Measure]], labels: list[str], groups: pd.DataFrame) -> pd.DataFrame:
    """Return the compared measures of each article, and the shares of the groups of sources that some article hears.

    Columns: outlet, measure, scope, value, low, high, n, note; NaN if an article could not be measured.
    User-defined frames come after the generic measures, groups ("group_officials" …, from `heard.group_shares`)
    last.
    """
    frames = [
        (m.name, m.scope)
        for article_measures in measures
        for m in article_measures
        if m.scope == "article" and m.name.startswith("frame_")
    ]
    totals = groups[groups["group"] != "not_given"].groupby("group", sort=False)["attributions"].sum()
    rows = []
    for label, article_measures in zip(labels, measures):
        by_key = {(m.name, m.scope): m for m in article_measures}
        for name, scope in dict.fromkeys([*MEASURES, *frames]):
            m = by_key.get((name, scope))
            if m:
                rows.append((label, name, scope, m.value, m.low, m.high, m.n, m.note))
        for r in groups[(groups["outlet"] == label) & groups["group"].isin(totals[totals > 0].index)].to_dict(
            "records"
        ):
            note = "" if r["all"] else "no attribution has a source"
            rows.append((label, GROUP + r["group"], "article", r["share"], r["low"], r["high"], r["all"], note))
    return pd.DataFrame(rows, columns=["outlet", "measure", "scope", "value", "low", "high", "n", "note"])


def places(table: pd.DataFrame, articles: Sequence[Analysis], labels: Sequence[str]) -> pd.DataFrame:
    """Return the table of `side_by_side` with the column usual_share: the rank of each number in usual news, NaN if it
    is not known."""
    numbers = {(label, m.name, m.scope): (a, m) for label, a in zip(labels, articles) for m in a.measures}
    ranks = []
    for key in zip(table["outlet"], table["measure"], table["scope"]):
        a, m = numbers.get(key, (None, None))
        found = a.usual(m) if a and m else None
        ranks.append(found.rank if found else math.nan)
    return table.assign(usual_share=ranks)


def differences(table: pd.DataFrame) -> pd.DataFrame:
    """Return every pair of articles on every measure of `side_by_side`, for readers to look at; nothing is tested.

    Columns: measure, scope, outlet, other, difference (the first value less the second, in the measure's unit). Pairs
    of which one has no value are left out. One article is a sample of one from its outlet: however sure its own figure
    is, it can't tell how far the outlet's articles differ from each other, and so there is no p here.
    """
    rows = []
    for (name, scope), group in table[table["value"].notna()].groupby(["measure", "scope"], sort=False):
        for a, b in combinations(group.itertuples(), 2):
            rows.append((name, scope, a.outlet, b.outlet, a.value - b.value))
    return pd.DataFrame(rows, columns=["measure", "scope", "outlet", "other", "difference"])
