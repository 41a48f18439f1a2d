"""Figures of several articles side by side, drawn by seaborn, as SVG in the page with their numbers as a table. What
one article needs is in `charts`, which loads neither seaborn nor matplotlib."""

from __future__ import annotations

import io
import re

import matplotlib
from matplotlib.figure import Figure
import pandas as pd
import seaborn as sns

from .html import Fragment, folded, html, table

INK, PALE = "#1d2430", "#d7dee6"
OUTLET_COLOURS = ("#0b5f8a", "#b3541e", "#2f6b3a", "#7a3b87", "#5b5b5b", "#8a6d00", "#a12b4e", "#1d2430")
OUTLET_MARKS = ("o", "s", "D", "^", "v", "P", "X", "*")
STYLE = {
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


def versus(values: pd.DataFrame, order: list[tuple[str, str]], name: str, title: str, axis: str) -> Fragment:
    """Return several articles on the same measures: one dot per article, with its interval.

    `values` has columns outlet, row, value, low, high, said (the value in words); `order` gives the rows as (row,
    label).
    """
    shown = values[values["value"].notna() & values["row"].isin([row for row, _ in order])]
    if shown.empty:
        return html('<p class="note">There is nothing to show: no article could be measured.</p>')
    order = [(row, label) for row, label in order if (shown["row"] == row).any()]
    outlets, rows = list(dict.fromkeys(shown["outlet"])), [row for row, _ in order]
    spread = min(0.24, 0.7 / len(outlets))
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(6.6, 0.9 + len(order) * max(0.42, 0.16 * len(outlets))), layout="constrained")
        axes = figure.subplots()
        for place, outlet in enumerate(outlets):
            mine, colour = shown[shown["outlet"] == outlet], OUTLET_COLOURS[place % len(OUTLET_COLOURS)]
            heights = [rows.index(row) + (place - (len(outlets) - 1) / 2) * spread for row in mine["row"]]
            for height, low, high in zip(heights, mine["low"], mine["high"]):
                axes.plot([low, high], [height, height], color=colour, linewidth=1.4)
            mark = OUTLET_MARKS[place % len(OUTLET_MARKS)]
            sns.scatterplot(
                x=mine["value"].to_numpy(),
                y=heights,
                color=colour,
                marker=mark,
                s=44,
                label=_short(outlet),
                ax=axes,
                zorder=3,
            )
        axes.set_yticks(range(len(order)), [label for _, label in order])
        axes.set_ylim(len(order) - 0.5, -0.5)
        for line in range(1, len(order)):
            axes.axhline(line - 0.5, color=PALE, linewidth=0.8, zorder=0)
        axes.set(xlabel=axis, ylabel="")
        axes.get_legend().remove()
        figure.legend(loc="outside upper left", ncols=3, frameon=False)
    label = dict(order)
    listed = [(label[r.row], r.outlet, r.said) for row in rows for r in shown[shown["row"] == row].itertuples()]
    return inline(
        figure,
        name,
        title,
        "A mark for each outlet, the line is its 95 % interval.",
        table(("measure", "outlet", "value"), listed, title),
    )


def inline(figure: Figure, name: str, title: str, description: str, numbers: Fragment) -> Fragment:
    """Return the figure as SVG whose ids are its own in the page, with title, description, caption and the numbers
    folded."""
    stream = io.StringIO()
    with matplotlib.rc_context(STYLE):
        figure.savefig(stream, format="svg", metadata={"Date": None, "Creator": None})
    svg = stream.getvalue()
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg[svg.index("<svg") :], flags=re.DOTALL)
    svg = re.sub(r'\bid="', f'id="{name}-', svg)
    svg = re.sub(r"url\(#", f"url(#{name}-", svg)
    svg = re.sub(r'xlink:href="#', f'xlink:href="#{name}-', svg)
    svg = re.sub(r"\n\s*", "\n", svg)
    head = html('<title id="{}-title">{}</title><desc id="{}-desc">{}</desc>', name, title, name, description)
    label = html('<svg role="img" aria-labelledby="{}-title {}-desc" ', name, name)
    svg = re.sub(r"<svg ", label, svg, count=1)
    svg = re.sub(r"(<svg[^>]*>)", lambda m: m.group(1) + str(head), svg, count=1)
    caption = html("<figcaption>{}. {}</figcaption>", title, description)
    scroll = (  # wider than a phone
        html('<div class="scroll" tabindex="0" role="region" aria-label="Figure: {}">{}</div>', title, Fragment(svg))
    )
    return html(
        '<figure class="chart">{}{}</figure>{}', scroll, caption, folded("The numbers as a table", numbers, paper=False)
    )


def _short(name: str) -> str:
    return name if len(name) <= 34 else name[:33] + "…"
