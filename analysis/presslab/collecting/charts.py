"""The figures of a report on a collection, fit for a paper: drawn by matplotlib, saved as SVG and PNG. In the page
`drawings` shows the same."""

from __future__ import annotations

import math
from textwrap import fill
from typing import Any

import matplotlib
from matplotlib.figure import Figure
import pandas as pd

from presslab.reporting.wording import number, short
from presslab.system.ours import Ours

from . import ALL, Collection
from .plans import COUNTS, LINES, MOST_OUTLETS, PANELS, Plan, plans, time_label

INK, PALE, ACCENT, SECOND = "#1d2430", "#d7dee6", "#0b5f8a", "#b3541e"
STYLE: Any = {
    "svg.fonttype": "none",
    "text.parse_math": False,
    "svg.hashsalt": "presslab",
    "font.family": "sans-serif",
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#667",
    "text.color": INK,
    "axes.labelcolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
}
WIDTH = 180  # mm: two columns of a journal page
DPI = 300


def panels(rows: pd.DataFrame, order: list[tuple[str, str]], outlets: list[str], unit: str = "") -> Figure:
    """Return one panel per measure, one row per outlet: the dot is its value, the line its 95 % interval, hollow
    if there is none; the dashed line is the value of all outlets. `rows` has outlet, row, value, low, high, n."""
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
            has_interval = not math.isnan(r["low"])
            if has_interval:
                ax.plot([r["low"], r["high"]], [height, height], color=ACCENT, linewidth=1.6, solid_capstyle="butt")
            ax.plot(
                r["value"],
                height,
                "o",
                markersize=5,
                color=ACCENT,
                markerfacecolor=ACCENT if has_interval else "white",
                zorder=3,
            )
        ax.set_title(fill(label, 20), fontsize=9, loc="left")
        ax.set_ylim(len(outlets) - 0.5, -0.5)
        ax.set_yticks(range(len(outlets)), [short(o, 36) for o in outlets])
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
            has_interval = not math.isnan(r.low)
            if has_interval:
                ax.plot([x, x], [r.low, r.high], color=ACCENT, linewidth=1.6, solid_capstyle="butt")
            ax.plot(
                x,
                r.value,
                "o",
                markersize=4.5,
                color=ACCENT,
                markerfacecolor=ACCENT if has_interval else "white",
                zorder=3,
            )
        ax.set_title(label, fontsize=9, loc="left")
        step = max(1, math.ceil(len(starts) / 6))
        ax.set_xticks(range(0, len(starts), step), [time_label(s, rows["unit"].iloc[0]) for s in starts[::step]])
        ax.tick_params(labelsize=8, length=2)
    return figure


def ranked(rows: pd.DataFrame, axis: str) -> Figure:
    """Return the rows of names with a share and its interval, the largest first. `rows` has `name`, value, low,
    high."""
    figure = _figure(14 + 5.5 * len(rows))
    ax = figure.subplots()
    for height, r in enumerate(rows.itertuples()):
        ax.axhline(height, color=PALE, linewidth=0.6, zorder=0)
        if not math.isnan(r.low):
            ax.plot([r.low, r.high], [height, height], color=ACCENT, linewidth=1.6, solid_capstyle="butt")
        ax.plot(r.value, height, "o", markersize=5, color=ACCENT, zorder=3)
    ax.set_yticks(range(len(rows)), [short(n, 56) for n in rows["name"]])
    ax.set_ylim(len(rows) - 0.5, -0.5)
    ax.set_xlim(left=0)
    ax.tick_params(labelsize=8, length=2)
    ax.set_xlabel(axis, fontsize=9)
    ax.spines["left"].set_visible(False)
    return figure


def counts(rows: pd.DataFrame) -> Figure:
    """Return articles by outlet; those that are one story with another are set apart."""
    rows = rows.head(MOST_OUTLETS)
    figure = _figure(16 + 6 * len(rows))
    ax = figure.subplots()
    for height, r in enumerate(rows.itertuples()):
        own, same = r.articles - r.repeated, r.repeated
        ax.barh(height, own, color=ACCENT, height=0.62)
        ax.barh(height, same, left=own, color="white", edgecolor=SECOND, hatch="////", height=0.62)
        label = f" {number(own + same)}" + (f", {number(same)} of them a repeated story" if same else "")
        ax.text(own + same, height, label, va="center", fontsize=8)
    ax.set_yticks(range(len(rows)), [short(o, 36) for o in rows["outlet"]])
    ax.set_ylim(len(rows) - 0.5, -0.5)
    ax.margins(x=0.25)
    ax.set_xlabel("articles", fontsize=9)
    ax.tick_params(labelsize=8, length=2)
    return figure


def drawn(plan: Plan, outlets: list[str]) -> Figure:
    """Return a figure as matplotlib draws it, WIDTH mm wide."""
    with matplotlib.rc_context(STYLE):
        if plan.kind == COUNTS:
            return counts(plan.rows)
        if plan.kind == PANELS:
            return panels(plan.rows, list(plan.order), outlets, plan.unit)
        return lines(plan.rows, list(plan.order)) if plan.kind == LINES else ranked(plan.rows, plan.unit)


def save(c: Collection, ours: Ours) -> list[str]:
    """Write every figure as figures/NAME.svg and figures/NAME.png (WIDTH mm wide, DPI dots an inch); returns their
    paths."""
    paths = []
    for plan in plans(c):
        figure, svg, png = drawn(plan, c.outlets), f"figures/{plan.name}.svg", f"figures/{plan.name}.png"
        partial = {path: ours.part(path) for path in (svg, png)}
        with matplotlib.rc_context(STYLE):
            figure.savefig(partial[svg], format="svg", metadata={"Date": None, "Creator": None})
            figure.savefig(partial[png], format="png", dpi=DPI, metadata={"Software": None})
        ours.publish([ours.whole(path, draft) for path, draft in partial.items()])
        paths += [svg, png]
    return paths


def _figure(height: float) -> Figure:
    """Return a figure WIDTH mm wide and so many mm high."""
    return Figure(figsize=(WIDTH / 25.4, height / 25.4), layout="constrained")
