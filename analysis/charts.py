"""One function a chart: seaborn drawn to inline SVG with title and description, and its numbers as a table."""

from __future__ import annotations

import io
import math
import re

import matplotlib
from matplotlib.figure import Figure
import pandas as pd
import seaborn as sns

from . import readability
from .html import Fragment, folded, number, table, text
from .measures import Analysis, cards

INK, ACCENT, SECOND, PALE = "#1d2430", "#0b5f8a", "#b3541e", "#d7dee6"
SCOPE_COLOURS = {"article": INK, "journalist": ACCENT, "quoted": SECOND}
SCOPE_MARKS = {"article": "o", "journalist": "s", "quoted": "D"}
OUTLET_COLOURS = ("#0b5f8a", "#b3541e", "#2f6b3a", "#7a3b87", "#5b5b5b", "#8a6d00", "#a12b4e", "#1d2430")
OUTLET_MARKS = ("o", "s", "D", "^", "v", "P", "X", "*")
MOST_SOURCES = 10
STYLE = {
    "svg.fonttype": "none", "text.parse_math": False, "svg.hashsalt": "presslab", "font.family": "sans-serif", "font.size": 10,
    "axes.spines.top": False, "axes.spines.right": False, "axes.edgecolor": "#667", "text.color": INK,
    "axes.labelcolor": INK, "xtick.color": INK, "ytick.color": INK,
}  # fmt: skip


def sources(analysis: Analysis) -> Fragment:
    """Attributed words by source, the ten with most, as bars."""
    rows = pd.DataFrame(
        [(f"{i}  {_short(s.name)}", s.words, s.type) for i, s in enumerate(analysis.sources, start=1)], columns=["source", "words", "type"]
    )
    if rows.empty:
        return Fragment('<p class="note">No source was found in this article.</p>')
    shown = rows.head(MOST_SOURCES)
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(6.6, 0.7 + 0.34 * len(shown)), layout="constrained")
        axes = figure.subplots()
        sns.barplot(shown, x="words", y="source", color=ACCENT, ax=axes)
        for place, count in enumerate(shown["words"]):
            axes.text(count, place, f" {count}", va="center", ha="left")
        axes.set(xlabel="attributed words", ylabel="")
    top = shown.iloc[0]
    title = f"Who speaks: {top['source'][3:].strip()} has most attributed words ({top['words']})"
    return _chart(figure, "who", title, f"Bars of attributed words for {len(shown)} of {len(rows)} sources.",
                  table(rows.columns, rows.itertuples(index=False), "Attributed words by source", right=(1,)))  # fmt: skip


def ribbon(analysis: Analysis) -> Fragment:
    """Grade of each sentence along the article, with the reasons in its table."""
    rows = readability.sentence_difficulty(analysis.document)
    if rows.empty:
        return Fragment("")
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(6.6, 1.9), layout="constrained")
        axes = figure.subplots()
        colours = [SECOND if level == "very hard" else ACCENT for level in rows["level"]]
        axes.bar(range(1, len(rows) + 1), rows["grade"].clip(lower=0), color=colours, width=0.8)
        axes.axhline(16, color=INK, linewidth=0.8, linestyle="--")
        axes.set(xlabel="sentence", ylabel="grade")
    hardest = rows.loc[rows["grade"].idxmax()]
    place = int(rows.index.get_loc(hardest.name)) + 1
    title = f"Sentence {place} of {len(rows)} is the hardest ({int(hardest['words'])} words)"
    listed = [(i, r.words, r.hard_words, number(r.grade, 1), r.level, r.reason) for i, r in enumerate(rows.itertuples(), start=1)]
    return _chart(figure, "ribbon", title, "Bars of the grade of each sentence along the article; those above the dashed line (grade 16) are very hard.",
                  table(("sentence", "words", "hard words", "grade", "level", "why"), listed, "Difficulty of each sentence", right=(1, 2, 3)))  # fmt: skip


def dots(analysis: Analysis, names: tuple[str, ...], name: str, title: str, axis: str) -> Fragment:
    """Measures with their intervals, a dot a scope. `names` are measures of one unit; those that are empty are left out."""
    found = [m for m in analysis.measures if m.name in names and not math.isnan(m.value)]
    if not found:
        return Fragment('<p class="note">The text is too short for these measures.</p>')
    order = [n for n in names if any(m.name == n for m in found)]
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(6.6, 0.9 + 0.5 * len(order)), layout="constrained")
        axes = figure.subplots()
        for shift, scope in zip((-0.22, 0, 0.22), SCOPE_COLOURS):
            chosen = [m for m in found if m.scope == scope]
            places = [order.index(m.name) + shift for m in chosen]
            sns.scatterplot(x=[m.value for m in chosen], y=places, color=SCOPE_COLOURS[scope], marker=SCOPE_MARKS[scope], s=44, label=scope, ax=axes)
            for m, place in zip(chosen, places):
                if not math.isnan(m.low):
                    axes.plot([m.low, m.high], [place, place], color=SCOPE_COLOURS[scope], linewidth=1.4)
        axes.set_yticks(range(len(order)), [cards()[n].label for n in order])
        axes.set_ylim(len(order) - 0.5, -0.5)
        axes.set(xlabel=axis, ylabel="")
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, 1.0), ncols=3, frameon=False).set_in_layout(False)
        axes.get_legend().remove()
        figure.legend(loc="outside upper right", ncols=3, frameon=False)
    return _chart(figure, name, title, "Dots are values, lines 95 % intervals; circle: article, square: journalist, diamond: quoted.",
                  measures_table(found, title))  # fmt: skip


def versus(values: pd.DataFrame, order: list[tuple[str, str]], name: str, title: str, axis: str) -> Fragment:
    """Several articles on the same measures: a dot an article, with its interval.

    `values` has columns outlet, row, value, low, high, said (the value in words); `order` gives the rows as (row, label).
    """
    shown = values[values["value"].notna() & values["row"].isin([row for row, _ in order])]
    if shown.empty:
        return Fragment('<p class="note">There is nothing to be shown: no article could be measured.</p>')
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
            sns.scatterplot(x=mine["value"].to_numpy(), y=heights, color=colour, marker=mark, s=44, label=_short(outlet), ax=axes, zorder=3)
        axes.set_yticks(range(len(order)), [label for _, label in order])
        axes.set_ylim(len(order) - 0.5, -0.5)
        for line in range(1, len(order)):
            axes.axhline(line - 0.5, color=PALE, linewidth=0.8, zorder=0)
        axes.set(xlabel=axis, ylabel="")
        axes.get_legend().remove()
        figure.legend(loc="outside upper left", ncols=3, frameon=False)
    label = dict(order)
    listed = [(label[r.row], r.outlet, r.said) for row in rows for r in shown[shown["row"] == row].itertuples()]
    return _chart(figure, name, title, "A mark for each outlet, the line is its 95 % interval.", table(("measure", "outlet", "value"), listed, title))


def measures_table(found: list, caption: str) -> str:
    """Measures as a table: label, scope, value with interval, unit, n, note."""
    rows = []
    for m in found:
        card = cards()[m.name]
        interval = "" if math.isnan(m.low) else f"{number(m.low, card.decimals)} to {number(m.high, card.decimals)}"
        rows.append((card.label, m.scope, number(m.value, card.decimals), interval, card.unit, f"{m.n} {card.counted_on}", m.note))
    return table(("measure", "scope", "value", "95 % interval", "unit", "counted on", "note"), rows, caption, right=(2, 3))


def _chart(figure: Figure, name: str, title: str, description: str, numbers: str) -> Fragment:
    """The figure as SVG whose ids are its own in the page, with title, description, caption and the numbers folded."""
    stream = io.StringIO()
    with matplotlib.rc_context(STYLE):
        figure.savefig(stream, format="svg", metadata={"Date": None, "Creator": None})
    svg = stream.getvalue()
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg[svg.index("<svg") :], flags=re.DOTALL)
    svg = re.sub(r'\bid="', f'id="{name}-', svg)
    svg = re.sub(r"url\(#", f"url(#{name}-", svg)
    svg = re.sub(r'xlink:href="#', f'xlink:href="#{name}-', svg)
    svg = re.sub(r"\n\s*", "\n", svg)
    head = f'<title id="{name}-title">{text(title)}</title><desc id="{name}-desc">{text(description)}</desc>'
    svg = re.sub(r"<svg ", f'<svg role="img" aria-labelledby="{name}-title {name}-desc" ', svg, count=1)
    svg = re.sub(r"(<svg[^>]*>)", lambda m: m.group(1) + head, svg, count=1)
    caption = f"<figcaption>{text(title)}. {text(description)}</figcaption>"
    return Fragment(f'<figure class="chart">{svg}{caption}</figure>{folded("The numbers as a table", numbers)}')


def _short(name: str) -> str:
    return name if len(name) <= 34 else name[:33] + "…"
