"""One function a chart, with title and description, and its numbers as a table. What one article gives is drawn small, by `strips`; several articles side by side by seaborn."""

from __future__ import annotations

import io
import math
import re

import matplotlib
from matplotlib.figure import Figure
import pandas as pd
import seaborn as sns

from . import readability, strips
from .evidence import SCOPES
from .highlight import sentence, where
from .html import Fragment, folded, number, table, text, with_interval
from .measures import Analysis, cards

INK, PALE = "#1d2430", "#d7dee6"
SHAPES = {"article": "o", "journalist": "s", "quoted": "d"}
WORDS = {"article": "the article", "journalist": "the journalist’s words", "quoted": "quoted words"}
VERY_HARD = 16  # grade
OUTLET_COLOURS = ("#0b5f8a", "#b3541e", "#2f6b3a", "#7a3b87", "#5b5b5b", "#8a6d00", "#a12b4e", "#1d2430")
OUTLET_MARKS = ("o", "s", "D", "^", "v", "P", "X", "*")
STYLE = {
    "svg.fonttype": "none", "text.parse_math": False, "svg.hashsalt": "presslab", "font.family": "sans-serif", "font.size": 10,
    "axes.spines.top": False, "axes.spines.right": False, "axes.edgecolor": "#667", "text.color": INK,
    "axes.labelcolor": INK, "xtick.color": INK, "ytick.color": INK,
}  # fmt: skip


def ribbon(analysis: Analysis, show: str = "full") -> Fragment:
    """Grade of each sentence along the article, with the reasons in its table; `show` is how much of the text is shown."""
    rows = readability.sentence_difficulty(analysis.document)
    if rows.empty:
        return Fragment("")
    hardest = rows.loc[rows["grade"].idxmax()]
    title = f"Sentence {sentence(analysis, int(hardest['start']))} is the hardest ({int(hardest['words'])} words)"
    said = f"A bar is a sentence of the body, from the first to the last; its height is its grade, {number(rows['grade'].max(), 0)} at most. Those above the dashed line ({VERY_HARD}) are very hard."
    drawn = strips.bars(list(rows["grade"]), [level == "very hard" for level in rows["level"]], VERY_HARD)
    listed = [
        (Fragment(where(analysis, int(r.start), show)), r.words, number(r.grade, 1), _reason(r, show))
        for r in rows.itertuples()
    ]
    numbers = table(("sentence", "words", "grade", "why it is hard"), listed, "Difficulty of each sentence", right=(1, 2))
    return _figure("ribbon", title, said, strips.svg(drawn, 110, f"{title}. {said}"), folded("The numbers as a table", numbers, paper=False))


def _reason(row, show: str) -> str:
    """Why a sentence is hard; nothing of one that isn't."""
    return "" if "hard" not in row.level else row.reason if show != "none" else row.reason.split(";")[0]


def dots(analysis: Analysis, names: tuple[str, ...], title: str, axis: str) -> Fragment:
    """Measures of one unit with their intervals, a mark a scope; those that are empty are left out. `axis` names the unit."""
    found = [m for m in analysis.measures if m.name in names and not math.isnan(m.value)]
    if not found:
        return Fragment('<p class="note">The text is too short for these measures.</p>')
    order = [n for n in names if any(m.name == n for m in found)]
    scopes = [s for s in SCOPES if any(m.scope == s for m in found)]
    steps = _steps([v for m in found for v in (m.value, m.low, m.high) if not math.isnan(v)])
    start, end = steps[0], steps[-1]
    grid = strips.grid(steps)
    rows = []
    for name in order:
        card, mine = cards()[name], {m.scope: m for m in found if m.name == name}
        marks = "".join(
            f'<g class="{scope}">{strips.mark(m.value, m.low, m.high, start, end, 9 + 13 * line, SHAPES[scope])}</g>'
            for line, scope in enumerate(scopes)
            if (m := mine.get(scope))
        )
        said = with_interval(mine["article"], card.decimals) if "article" in mine else ""
        label = card.label.removeprefix("Frame: ")
        rows.append(f'<div class="row"><a href="#n-{name}">{text(label)}</a>{strips.svg(grid + marks, 5 + 13 * len(scopes), f"{label}: {said}")}</div>')
    decimals = 0 if steps[1] - steps[0] >= 1 else 1
    ticks = "".join(f'<span style="left:{strips.percent(s, start, end):.4g}%">{number(s, decimals)}</span>' for s in steps)
    key = " ".join(
        f'<span class="{scope}"><svg width="14" height="12" aria-hidden="true">{strips.mark(0.5, math.nan, math.nan, 0, 1, 6, SHAPES[scope])}</svg> {WORDS[scope]}</span>'
        for scope in scopes
    )
    said = f"{axis}; a line is a 95 % interval."
    return _figure("dots", title, said, f'<p class="key">{key}</p>{"".join(rows)}<div class="row axis" aria-hidden="true"><span></span><div>{ticks}</div></div>', "")


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
    return inline(figure, name, title, "A mark for each outlet, the line is its 95 % interval.", table(("measure", "outlet", "value"), listed, title))


def _figure(kind: str, title: str, said: str, drawn: str, beside: str) -> Fragment:
    return Fragment(f'<figure class="{kind}"><figcaption><b>{text(title)}.</b> {text(said)}</figcaption>{drawn}</figure>{beside}')


def _steps(values: list[float]) -> list[float]:
    """Round numbers that hold all values, at most seven."""
    low, high = min(0.0, *values), max(values)
    step = 10 ** math.floor(math.log10(max(high - low, 1e-6)))
    step = next(s for s in (step / 5, step / 2, step, 2 * step) if math.ceil(high / s) - math.floor(low / s) <= 6)
    return [round(i * step, 9) for i in range(math.floor(low / step), max(math.ceil(high / step), math.floor(low / step) + 1) + 1)]


def inline(figure: Figure, name: str, title: str, description: str, numbers: str) -> Fragment:
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
    scroll = f'<div class="scroll" tabindex="0" role="region" aria-label="Figure: {text(title)}">{svg}</div>'  # wider than a phone
    return Fragment(f'<figure class="chart">{scroll}{caption}</figure>{folded("The numbers as a table", numbers, paper=False)}')


def _short(name: str) -> str:
    return name if len(name) <= 34 else name[:33] + "…"
