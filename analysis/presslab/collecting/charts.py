"""The figures of a report on a collection, fit for a paper: drawn once, shown in the report, saved as SVG and PNG."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
import math
from textwrap import fill

import matplotlib
from matplotlib.figure import Figure
import pandas as pd

from presslab import collecting
from presslab.measures.cards import Card, type_label
from presslab.reporting.plots import INK, OUTLET_COLOURS, PALE, STYLE
from presslab.system.ours import Ours

from . import ALL, Collection

ACCENT, SECOND = OUTLET_COLOURS[:2]
WIDTH = 180  # mm: two columns of a journal page
DPI = 300
MOST_OUTLETS = 14
KEY = ("attributed_word_share", "source_count", "flesch_kincaid_grade", "loaded_word_share")
SHORT = {
    "attributed_word_share": "attributed words",
    "source_count": "sources",
    "flesch_kincaid_grade": "Flesch–Kincaid grade",
    "loaded_word_share": "loaded words, journalist",
    "combined_readability": "combined readability",
}


def panels(rows: pd.DataFrame, order: list[tuple[str, str]], outlets: list[str], unit: str = "") -> Figure:
    """Return one panel per measure, one row per outlet: the dot is its value, the line its 95 % interval, hollow
    where there is none; the dashed line is the value of all outlets. `rows` has outlet, row, value, low, high, n."""
    outlets = outlets[:MOST_OUTLETS]
    across = min(len(order), 3 if len(order) in (3, 5, 6) else 4)
    down = math.ceil(len(order) / across)
    figure = _figure(10 + down * (16 + 6 * len(outlets)))
    axes = figure.subplots(down, across, sharey=True, squeeze=False)
    for place, ax in enumerate(axes.flat):
        if place >= len(order):
            ax.set_visible(False)
            continue
        key, label = order[place]
        mine = rows[rows["row"] == key].set_index("outlet")
        if ALL in mine.index and not math.isnan(mine.loc[ALL, "value"]):
            ax.axvline(mine.loc[ALL, "value"], color=INK, linewidth=0.8, linestyle=(0, (4, 3)), zorder=0)
        for height, outlet in enumerate(outlets):
            ax.axhline(height, color=PALE, linewidth=0.6, zorder=0)
            r = mine.loc[outlet] if outlet in mine.index else None
            if r is None or math.isnan(r["value"]):
                continue
            known = not math.isnan(r["low"])
            if known:
                ax.plot([r["low"], r["high"]], [height, height], color=ACCENT, linewidth=1.6, solid_capstyle="butt")
            ax.plot(
                r["value"],
                height,
                "o",
                markersize=5,
                color=ACCENT,
                markerfacecolor=ACCENT if known else "white",
                zorder=3,
            )
        ax.set_title(fill(label, 20), fontsize=9, loc="left")
        ax.set_ylim(len(outlets) - 0.5, -0.5)
        ax.set_yticks(range(len(outlets)), [_short(o) for o in outlets])
        ax.tick_params(labelsize=8, length=2)
        ax.spines["left"].set_visible(False)
    if unit:
        figure.supxlabel(unit, fontsize=9)
    return figure


def lines(rows: pd.DataFrame, order: list[tuple[str, str]]) -> Figure:
    """Return one panel per measure, time from left to right: mean and 95 % interval of each period."""
    across = min(len(order), 2)
    down = math.ceil(len(order) / across)
    figure = _figure(12 + 42 * down)
    axes = figure.subplots(down, across, sharex=True, squeeze=False)
    starts = sorted(rows["period"].unique())
    for place, ax in enumerate(axes.flat):
        if place >= len(order):
            ax.set_visible(False)
            continue
        key, label = order[place]
        mine = rows[(rows["row"] == key) & rows["value"].notna()]
        at = [starts.index(p) for p in mine["period"]]
        ax.plot(at, mine["value"], "-", color=PALE, linewidth=1.2, zorder=0)
        for x, r in zip(at, mine.itertuples()):
            known = not math.isnan(r.low)
            if known:
                ax.plot([x, x], [r.low, r.high], color=ACCENT, linewidth=1.6, solid_capstyle="butt")
            ax.plot(
                x, r.value, "o", markersize=4.5, color=ACCENT, markerfacecolor=ACCENT if known else "white", zorder=3
            )
        ax.set_title(label, fontsize=9, loc="left")
        step = max(1, math.ceil(len(starts) / 6))
        ax.set_xticks(
            range(0, len(starts), step), [s[:7] if rows["unit"].iloc[0] == "month" else s[5:] for s in starts[::step]]
        )
        ax.tick_params(labelsize=8, length=2)
    return figure


def ranked(rows: pd.DataFrame, label: str, axis: str) -> Figure:
    """Return the rows of names with a share and its interval, the largest first. `rows` has `name`, value, low,
    high."""
    figure = _figure(14 + 5.5 * len(rows))
    ax = figure.subplots()
    for height, r in enumerate(rows.itertuples()):
        ax.axhline(height, color=PALE, linewidth=0.6, zorder=0)
        if not math.isnan(r.low):
            ax.plot([r.low, r.high], [height, height], color=ACCENT, linewidth=1.6, solid_capstyle="butt")
        ax.plot(r.value, height, "o", markersize=5, color=ACCENT, zorder=3)
    ax.set_yticks(range(len(rows)), [_short(n, 56) for n in rows["name"]])
    ax.set_ylim(len(rows) - 0.5, -0.5)
    ax.set_xlim(left=0)
    ax.tick_params(labelsize=8, length=2)
    ax.set_xlabel(axis, fontsize=9)
    ax.spines["left"].set_visible(False)
    return figure


def articles(c: Collection) -> Figure:
    """Return articles by outlet; those that are one story with another are set apart."""
    outlets = c.outlets[:MOST_OUTLETS]
    figure = _figure(16 + 6 * len(outlets))
    ax = figure.subplots()
    later = c.articles["story"].ne("") & c.articles["story"].ne(c.articles["id"])
    for height, outlet in enumerate(outlets):
        mine = c.articles["outlet"] == outlet
        own, same = int((mine & ~later).sum()), int((mine & later).sum())
        ax.barh(height, own, color=ACCENT, height=0.62)
        ax.barh(height, same, left=own, color="white", edgecolor=SECOND, hatch="////", height=0.62)
        ax.text(
            own + same,
            height,
            f" {own + same}" + (f", {same} of them a repeated story" if same else ""),
            va="center",
            fontsize=8,
        )
    ax.set_yticks(range(len(outlets)), [_short(o) for o in outlets])
    ax.set_ylim(len(outlets) - 0.5, -0.5)
    ax.margins(x=0.25)
    ax.set_xlabel("articles", fontsize=9)
    ax.tick_params(labelsize=8, length=2)
    return figure


def label(card: Card) -> str:
    """Return the short label of a measure in a panel."""
    return SHORT.get(card.name) or card.label.removeprefix("Frame: ").removeprefix("Reporting words: ")


@lru_cache(maxsize=2)
def figures(c: Collection) -> tuple[tuple[str, str, str, Figure, pd.DataFrame], ...]:
    """Return every figure of a collection: name, title that says the question, caption with n, the figure, and its
    numbers.

    Figures for which the collection has nothing to show are left out.
    """
    return tuple(_drawn(c))


def _drawn(c: Collection) -> Iterator[tuple[str, str, str, Figure, pd.DataFrame]]:
    count = len(c.articles)
    by_outlet, shares, time = collecting.outlets(c), collecting.groups(c), collecting.periods(c)
    by_outlet = by_outlet.assign(row=by_outlet["measure"])
    shares = shares.assign(row=shares["group"])
    said = (
        "Dots are values, lines 95 % intervals over articles; hollow: too few articles for an interval; dashed: all"
        " outlets together."
    )
    with matplotlib.rc_context(STYLE):
        yield (
            "articles",
            "How many articles of which outlet",
            f"{count:,} articles; hatched: the same story, or nearly, as an earlier article.",
            articles(c),
            c.articles.groupby("outlet", as_index=False).agg(articles=("id", "count"), words=("words", "sum")),
        )
        yield (
            "outlets",
            "How the outlets differ on key measures",
            f"Means over {count:,} articles. {said}",
            panels(by_outlet, [(n, label(c.cards[n])) for n in KEY], c.outlets),
            by_outlet[by_outlet["measure"].isin(KEY)].drop(columns="row"),
        )
        if len(time):
            time = time.assign(row=time["measure"])
            n = time.groupby("measure")["n"].sum().max()
            unit = time["unit"].iloc[0]
            told = (
                f"Means of each {unit} over {n:,} dated articles of all outlets. Lines are 95 % intervals over"
                " articles; hollow: too few for one."
            )
            yield (
                "time",
                f"Key measures {unit} by {unit}",
                told,
                lines(time, [(n, label(c.cards[n])) for n in KEY]),
                time[time["measure"].isin(KEY)].drop(columns="row"),
            )
        top = collecting.heard(c).head(20)
        if len(top):
            named = top.assign(
                name=[f"{s} ({type_label(t)})" for s, t in zip(top["source"], top["type"])], value=top["share"]
            )
            yield (
                "heard",
                "Who is heard in most articles",
                f"Share of {count:,} articles in which the source speaks; lines are 95 % intervals (Wilson).",
                ranked(named, "source", "share of articles"),
                top,
            )
        kinds = shares[shares["group"].str.startswith("type:")]
        total = kinds[kinds["outlet"] == ALL].sort_values(["count", "group"], ascending=[False, True], kind="stable")
        order = [(g, type_label(g.removeprefix("type:"))) for g in total["group"]][:12]
        if order:
            everything = int(total["all"].max())
            yield (
                "types",
                "In which roles sources speak, by outlet",
                f"Share of {everything:,} attributions in {count:,} articles. {said}",
                panels(kinds, order, c.outlets, "share of attributions"),
                kinds.drop(columns="row"),
            )
        for name, title, what in (
            ("women", "How often women are heard", "attributions to people whose gender the article states"),
            ("unnamed", "How often sources stay unnamed", "attributions"),
        ):
            mine = shares[shares["group"] == name]
            if len(mine) and mine["all"].max():
                everything = int(mine.loc[mine["outlet"] == ALL, "all"].iloc[0])
                yield (
                    name,
                    title,
                    f"Share of {everything:,} {what}. {said}",
                    panels(mine, [(name, "")], c.outlets, f"share of {what.split(' to ')[0]}"),
                    mine.drop(columns="row"),
                )
        yield (
            "frames",
            "Which frames the outlets’ words belong to",
            f"Means over {count:,} articles, score 0 to 1. {said}",
            panels(by_outlet, [(n, label(c.cards[n])) for n in c.frames], c.outlets, "score, 0 to 1"),
            by_outlet[by_outlet["measure"].isin(c.frames)].drop(columns="row"),
        )
        if len(time):
            yield (
                "frames-time",
                f"Frames {unit} by {unit}",
                told.replace("Means", "Mean scores"),
                lines(time, [(n, label(c.cards[n])) for n in c.frames]),
                time[time["measure"].isin(c.frames)].drop(columns="row"),
            )


def save(c: Collection, ours: Ours) -> list[str]:
    """Write every figure as figures/NAME.svg and figures/NAME.png (WIDTH mm wide, DPI dots an inch); returns their
    paths."""
    paths = []
    for name, _, _, figure, _ in figures(c):
        svg, png = f"figures/{name}.svg", f"figures/{name}.png"
        partial = {path: ours.part(path) for path in (svg, png)}
        with matplotlib.rc_context(STYLE):
            figure.savefig(partial[svg], format="svg", metadata={"Date": None, "Creator": None})
            figure.savefig(partial[png], format="png", dpi=DPI, metadata={"Software": None})
        ours.publish([ours.whole(path, written) for path, written in partial.items()])
        paths += [svg, png]
    return paths


def _figure(height: float) -> Figure:
    """Return a figure WIDTH mm wide and so many mm high."""
    return Figure(figsize=(WIDTH / 25.4, height / 25.4), layout="constrained")


def _short(name: str, most: int = 36) -> str:
    return name if len(name) <= most else name[: most - 1] + "…"
