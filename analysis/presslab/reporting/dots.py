"""The chart of dots with intervals: one for articles, comparisons, collections and coded samples.

A row has a label and the values of one or several groups, each with a mark of its own shape and colour. Small SVG that
takes its colours from the page, has its words outside and so keeps its size of print on a phone; without the page's
style (in a notebook) it is black, and shapes tell groups apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
import math

from . import strips
from .html import Fragment, folded, html, join, table
from .strips import percent as place
from .wording import number, percent

SHAPES = ("circle", "square", "diamond", "up", "down", "cross", "hexagon", "slash")
LINE = 13  # pixels from a mark to the one of the next group
PERIODS = 7  # labels along time
HIGH = 150  # pixels of a chart along time


@dataclass(frozen=True)
class Dot:
    """A value with its 95 % interval (NaN: there is none). `row` is the label of its row, `said` the value in words
    ("": a table has it), `group` whose value it is, `link` what the row's label leads to."""

    row: str
    value: float
    low: float
    high: float
    said: str
    group: str = ""
    link: str = ""


def chart(
    dots: Sequence[Dot],
    title: str,
    unit: str,
    groups: Mapping[str, str] | None = None,
    shares: bool = False,
    zero: bool = True,
    line: float = math.nan,
) -> Fragment:
    """Return the dots that have a value, in rows.

    `groups` are the groups in their order with the words for each, by default as they come; `shares` writes the axis in
    per cent; `zero` begins it at 0; `line` is a value to compare with, drawn dashed. `unit` is what the axis shows.
    """
    visible = [dot for dot in dots if not math.isnan(dot.value)]
    if not visible:
        return html('<p class="note">There is nothing to show: nothing could be measured.</p>')
    names = dict(groups or {dot.group: dot.group for dot in visible})
    present = [name for name in names if any(dot.group == name for dot in visible)]
    at = _axis(visible, shares, zero, line)
    behind = strips.grid(at) + _dashed(line, at)
    rows = []
    for label in dict.fromkeys(dot.row for dot in visible):
        mine = {dot.group: dot for dot in visible if dot.row == label}
        marks = join(
            _mark(mine[name], list(names).index(name), at, 9 + LINE * height)
            for height, name in enumerate(present)
            if name in mine
        )
        link = next(iter(mine.values())).link
        description = "; ".join(f"{names[n]} {dot.said}".strip() for n, dot in mine.items() if dot.said)
        rows.append(
            html(
                '<div class="row">{}{}</div>',
                html('<a href="#{}">{}</a>', link, label) if link else html("<span>{}</span>", label),
                strips.svg(behind + marks, 5 + LINE * len(present), f"{label}: {description}"),
            )
        )
    axis = html('<div class="row axis" aria-hidden="true"><span></span>{}</div>', _ticks(at, shares))
    return _figure("dots", title, _unit(unit, visible), html("{}{}{}", _key(names, present), join(rows), axis))


def along(dots: Sequence[Dot], title: str, unit: str, shares: bool = False, zero: bool = True) -> Fragment:
    """Return the dots from left to right, a row each becoming a place in time; all places have a label in `row`."""
    visible = [dot for dot in dots if not math.isnan(dot.value)]
    if not visible:
        return html('<p class="note">There is nothing to show: nothing could be measured.</p>')
    at = _axis(visible, shares, zero)
    times = list(dict.fromkeys(dot.row for dot in dots))
    where = {time: 100 * (n + 0.5) / len(times) for n, time in enumerate(times)}
    grid = join(html('<line class="grid" x1="0" x2="100%" y1="{:.1f}%" y2="{:.1f}%"/>', y, y) for y in _up(at, at))
    marks = join(_upright(dot, where[dot.row], at) for dot in visible)
    description = "; ".join(f"{dot.row} {dot.said}" for dot in visible)
    labels = join(
        html('<span style="position:absolute;top:{:.1f}%">{}</span>', y, _tick(step, at, shares))
        for step, y in zip(at, _up(at, at))
    )
    every = math.ceil(len(times) / PERIODS)
    under = join(
        html('<span style="position:absolute;left:{:.1f}%">{}</span>', where[time], time) for time in times[::every]
    )
    drawing = html(
        '<div class="along"><div class="up" aria-hidden="true">{}</div>{}</div><div class="along axis" '
        'aria-hidden="true"><span></span><div style="position:relative;height:1.4rem">{}</div></div>',
        labels,
        strips.svg(grid + marks, HIGH, f"{title}: {description}"),
        under,
    )
    return _figure("dots", title, _unit(unit, visible), drawing)


def with_numbers(drawn: Fragment, numbers: Fragment) -> Fragment:
    """Return a chart with its numbers as a table below it, folded."""
    return html("{}{}", drawn, folded("The numbers as a table", numbers, paper=False))


def numbers(dots: Sequence[Dot], head: Sequence[str], title: str) -> Fragment:
    """Return the dots as a table: row, group, value in words."""
    rows = [(dot.row, dot.group, dot.said) for dot in dots if not math.isnan(dot.value)]
    return table(head, rows, title)


def steps(values: Sequence[float], zero: bool = True) -> list[float]:
    """Return round numbers that hold all values, two to seven; from 0 on if `zero`."""
    finite = [v for v in values if not math.isnan(v)]
    low, high = min([0.0] * zero + finite), max(finite)
    if not zero and high - low <= 1e-9 * max(1.0, abs(high)):  # the same but for the last bits
        low, high = low - 0.5, high + 0.5
    step = 10 ** math.floor(math.log10(max(high - low, 1e-6)))
    step = next(s for s in (step / 5, step / 2, step, 2 * step) if math.ceil(high / s) - math.floor(low / s) <= 6)
    first = math.floor(low / step)
    return [round(i * step, 9) for i in range(first, max(math.ceil(high / step), first + 1) + 1)]


def _axis(dots: Sequence[Dot], shares: bool, zero: bool, line: float = math.nan) -> list[float]:
    """Return the steps of an axis; no share is below 0 or above 1, whatever an interval says."""
    values = [v for dot in dots for v in (dot.value, dot.low, dot.high)] + [line]
    return steps([min(max(v, 0.0), 1.0) if v == v else v for v in values] if shares else values, zero)


def _figure(kind: str, title: str, description: str, drawing: Fragment) -> Fragment:
    caption: Fragment | str = (
        html("<b>{}</b> {}", title if title.endswith("?") or not description else f"{title}.", description)
        if title
        else description
    )
    about = html("<figcaption>{}</figcaption>", caption) if caption else ""
    return html('<figure class="{}" style="{}">{}{}</figure>', kind, strips.COLOURS, about, drawing)


def _unit(unit: str, dots: Sequence[Dot]) -> str:
    if not unit:
        return ""
    have_interval = [not math.isnan(dot.low) for dot in dots]
    line_note = "a line is a 95 % interval" if any(have_interval) else "too few for intervals"
    return f"{unit}; {line_note}{'; hollow: too few for one' if any(have_interval) and not all(have_interval) else ''}."


def _key(names: Mapping[str, str], present: Sequence[str]) -> Fragment | str:
    """Return which mark is whose; nothing if there is one group alone that needs no name."""
    if not any(names[name] for name in present):
        return ""
    groups = list(names)
    keys = []
    for name in present:
        kind = groups.index(name) % len(SHAPES)
        mark = strips.mark(0.5, math.nan, math.nan, 0, 1, 6, SHAPES[kind])
        drawing = html('<svg width="14" height="12" aria-hidden="true">{}</svg>', mark)
        keys.append(html('<span><span class="g{}">{}</span> {}</span>', kind + 1, drawing, names[name]))
    return html('<p class="key">{}</p>', join(keys, " "))


def _mark(dot: Dot, group: int, at: Sequence[float], height: float) -> Fragment:
    kind = group % len(SHAPES)
    drawing = strips.mark(dot.value, dot.low, dot.high, at[0], at[-1], height, SHAPES[kind])
    return html('<g class="g{}{}">{}</g>', kind + 1, _open(dot), drawing)


def _open(dot: Dot) -> str:
    return " open" if math.isnan(dot.low) else ""


def _upright(dot: Dot, x: float, at: Sequence[float]) -> Fragment:
    (value,) = _up([dot.value], at)
    line: Fragment | str = ""
    if not math.isnan(dot.low):
        low, high = _up([dot.low, dot.high], at)
        line = html('<line x1="{:.1f}%" x2="{:.1f}%" y1="{:.1f}%" y2="{:.1f}%"/>', x, x, low, high)
    return html('<g class="g1{}">{}<circle cx="{:.1f}%" cy="{:.1f}%" r="4.5"/></g>', _open(dot), line, x, value)


def _up(values: Sequence[float], at: Sequence[float]) -> list[float]:
    """Return how far from the top values lie, 0 to 100."""
    return [100 - place(v, at[0], at[-1]) for v in values]


def _dashed(line: float, at: Sequence[float]) -> Fragment | str:
    x = place(line, at[0], at[-1])
    return "" if math.isnan(line) else html('<line class="limit" x1="{:.1f}%" x2="{:.1f}%" y1="0" y2="100%"/>', x, x)


def _ticks(at: Sequence[float], shares: bool) -> Fragment:
    labels = join(
        html('<span style="position:absolute;left:{:.4g}%">{}</span>', place(s, at[0], at[-1]), _tick(s, at, shares))
        for s in at
    )
    return html('<div style="position:relative;height:1.4rem">{}</div>', labels)


def _tick(value: float, at: Sequence[float], shares: bool) -> str:
    return percent(value, decimals(at, 100)) if shares else number(value, decimals(at))


def decimals(at: Sequence[float], times: float = 1) -> int:
    """Return how many decimals tell the steps of an axis apart."""
    step = (at[1] - at[0]) * times
    return max(0, -math.floor(math.log10(step) + 1e-9))
