"""What the figures of a report on a collection show: titles, captions, rows. `drawings` shows them in the page,
`charts` saves them for papers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from presslab import collecting
from presslab.measures.cards import FRAME_UNIT, Card, type_label
from presslab.reporting.wording import many, number

from . import ALL, Collection

COUNTS, PANELS, LINES, RANKED = "counts", "panels", "lines", "ranked"
MOST_OUTLETS = 14
KEY = ("attributed_word_share", "source_count", "flesch_kincaid_grade", "loaded_word_share")
SHORT = {
    "attributed_word_share": "attributed words",
    "source_count": "sources",
    "flesch_kincaid_grade": "Flesch–Kincaid grade",
    "loaded_word_share": "loaded words, journalist",
    "combined_readability": "combined readability",
}


@dataclass(frozen=True, eq=False)
class Plan:
    """A figure: `kind` is COUNTS, PANELS (a measure each, outlets in rows), LINES (a measure each, along time) or
    RANKED; `title` says the question, `caption` has n, `numbers` are for readers. `rows` has the columns row (a key of
    `order`, which has the label of each), outlet, period or name, value, low and high; `unit` is what the axis shows,
    `shares` if that is a share of 1."""

    name: str
    title: str
    caption: str
    numbers: pd.DataFrame
    kind: str
    rows: pd.DataFrame
    order: tuple[tuple[str, str], ...] = ()
    unit: str = ""
    shares: bool = False


def label(card: Card) -> str:
    """Return the short label of a measure in a panel."""
    return SHORT.get(card.name) or card.short_label.removeprefix("Reporting words: ")


@lru_cache(maxsize=2)
def plans(c: Collection) -> tuple[Plan, ...]:
    """Return every figure of a collection that has something to show."""
    return tuple(_planned(c))


def time_label(period: str, unit: str) -> str:
    """Return how a period is named along time: a month with its year, a week by its month and day."""
    return period[:7] if unit == "month" else period[5:]


def _planned(c: Collection) -> Iterator[Plan]:
    count, counting = len(c.articles), len(c.counted())
    said = many(counting, "version" if c.reprints else "story", "versions of stories" if c.reprints else "stories")
    by_outlet, shares, time = collecting.outlets(c), collecting.groups(c), collecting.periods(c)
    by_outlet = by_outlet.assign(row=by_outlet["measure"])
    shares = shares.assign(row=shares["group"])
    key_note = (
        "Dots are values, lines 95 % intervals over events; hollow: too few events for an interval; dashed: all"
        " outlets together."
    )
    yield Plan(
        "articles",
        "How many articles of which outlet",
        f"{many(count, 'article')}; a repeated story is the same, or nearly, as that of an earlier article of the"
        " outlet.",
        counted(c),
        COUNTS,
        counted(c),
    )
    yield Plan(
        "outlets",
        "The outlets on key measures",
        f"Means over {said} ({many(count, 'article')}). {key_note}",
        by_outlet[by_outlet["measure"].isin(KEY)].drop(columns="row"),
        PANELS,
        by_outlet,
        tuple((n, label(c.cards[n])) for n in KEY),
    )
    if len(time):
        time = time.assign(row=time["measure"])
        n = time.groupby("measure")["stories"].sum().max()
        unit = time["unit"].iloc[0]
        time_note = (
            f"Means of each {unit} over {many(n, 'dated story', 'dated stories')} of all outlets. Lines are 95 %"
            " intervals over events; hollow: too few for one."
        )
        yield Plan(
            "time",
            f"Key measures {unit} by {unit}",
            time_note,
            time[time["measure"].isin(KEY)].drop(columns="row"),
            LINES,
            time,
            tuple((n, label(c.cards[n])) for n in KEY),
        )
    top = collecting.heard(c).head(20)
    if len(top):
        labelled_rows = top.assign(
            name=[f"{s} ({type_label(t)})" for s, t in zip(top["source"], top["type"])], value=top["share"]
        )
        yield Plan(
            "heard",
            "Who is heard in most stories",
            f"Share of {said} in which the source speaks; lines are 95 % intervals (Wilson, over events).",
            top,
            RANKED,
            labelled_rows,
            unit="share of stories",
            shares=True,
        )
    kinds = shares[shares["group"].str.startswith("type:")]
    total = kinds[kinds["outlet"] == ALL].sort_values(["count", "group"], ascending=[False, True], kind="stable")
    order = [(g, type_label(g.removeprefix("type:"))) for g in total["group"]][:12]
    if order:
        everything = int(total["all"].max())
        yield Plan(
            "types",
            "In which roles sources speak, by outlet",
            f"Share of {number(everything)} attributions in {said} ({many(count, 'article')}). {key_note}",
            kinds.drop(columns="row"),
            PANELS,
            kinds,
            tuple(order),
            "share of attributions",
            True,
        )
    for name, title, what in (
        ("women", "How often women are heard", "attributions of sources whose gender is known"),
        ("unnamed", "How often sources stay unnamed", "attributions"),
    ):
        mine = shares[shares["group"] == name]
        if len(mine) and mine["all"].max():
            everything = int(mine.loc[mine["outlet"] == ALL, "all"].iloc[0])
            others = int(total["all"].max()) - everything
            left_out = f" ({number(others)} others are left out)" if others else ""
            yield Plan(
                name,
                title,
                f"Share of {number(everything)} {what}{left_out}. {key_note}",
                mine.drop(columns="row"),
                PANELS,
                mine,
                ((name, ""),),
                "share of attributions",
                True,
            )
    yield Plan(
        "frames",
        "Which frames the outlets’ words belong to",
        f"Means over {said} ({many(count, 'article')}), value {FRAME_UNIT}. {key_note}",
        by_outlet[by_outlet["measure"].isin(c.frames)].drop(columns="row"),
        PANELS,
        by_outlet,
        tuple((n, label(c.cards[n])) for n in c.frames),
        FRAME_UNIT,
    )
    if len(time):
        yield Plan(
            "frames-time",
            f"Frames {unit} by {unit}",
            time_note.replace("Means", "Mean values"),
            time[time["measure"].isin(c.frames)].drop(columns="row"),
            LINES,
            time,
            tuple((n, label(c.cards[n])) for n in c.frames),
            FRAME_UNIT,
        )


def counted(c: Collection) -> pd.DataFrame:
    """Return for each outlet its articles, how many of them repeat a story of its own, and words; the outlet with
    most articles first."""
    later = ~c.articles["first_there"]
    parts = c.articles.assign(repeated=later).groupby("outlet")
    counts = parts.agg(articles=("id", "count"), repeated=("repeated", "sum"), words=("words", "sum"))
    return counts.loc[c.outlets].reset_index()
