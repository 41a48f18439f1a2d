"""One number on a line: where it lies, its interval, and what lies around it. Small SVG that takes its colours from the
page, has its text outside and so keeps its size of print on a phone."""

from __future__ import annotations

from collections.abc import Sequence
import math

from .html import Fragment, html

COLOURS = "fill:currentColor;stroke:currentColor"  # of a figure, so that it is seen without the page's style too
SHAPES = {  # around a value
    "square": "M-4.5-4.5h9v9h-9z",
    "diamond": "M0-6 6 0 0 6-6 0z",
    "up": "M0-5.5 5.5 4.5h-11z",
    "down": "M0 5.5 5.5-4.5h-11z",
    "cross": "M-1.6-5.5h3.2v3.9h3.9v3.2h-3.9v3.9h-3.2v-3.9h-3.9v-3.2h3.9z",
    "hexagon": "M-5.5 0-2.7-4.8h5.4L5.5 0 2.7 4.8h-5.4z",
    "slash": "M-5 5 1-5h4l-6 10z",
}
MOST_TICKS = 60  # more values than this are drawn as a histogram
BINS = 40


def percent(value: float, low: float, high: float) -> float:
    """Return where a value lies between two others, 0 to 100; values outside lie on the border, and all lie in the
    middle if the two are the same."""
    return 50.0 if high <= low else min(100.0, max(0.0, 100 * (value - low) / (high - low)))


def svg(inner: Fragment, height: int, said: str) -> Fragment:
    """Return a drawing as wide as the page lets it be; `said` is its description."""
    return html(
        '<svg class="strip" width="100%" height="{}" role="img" aria-label="{}">{}</svg>',
        height,
        said,
        inner,
    )


def mark(
    value: float, low: float, high: float, start: float, end: float, height: float | str, shape: str = "circle"
) -> Fragment:
    """Return a value with its interval on a line from `start` to `end`; `shape` is a circle or one of SHAPES."""
    line: Fragment | str = ""
    if not math.isnan(low):
        ends = percent(low, start, end), percent(high, start, end)
        line = html('<line x1="{:.1f}%" x2="{:.1f}%" y1="{}" y2="{}"/>', *ends, height, height)
    x = percent(value, start, end)
    if shape == "circle":
        return html('{}<circle cx="{:.1f}%" cy="{}" r="4.5"/>', line, x, height)
    return html(
        '{}<svg x="{:.1f}%" y="{}" overflow="visible"><path d="{}"/></svg>',
        line,
        x,
        height,
        SHAPES[shape],
    )


def others(values: Sequence[float], start: float, end: float) -> Fragment:
    """Return many values on a line: one tick each, or a histogram if there are more than MOST_TICKS."""
    if len(values) <= MOST_TICKS:
        places = sorted({round(10 * percent(v, start, end)) for v in values})
        path = f"M{places[0]} 0v9" + "".join(f"m{b - a}-9v9" for a, b in zip(places, places[1:]))
        return _stretched(html('<path class="tick" d="{}"/>', path), 1000, 9)
    counts = bins(values, start, end, BINS)
    most, width = max(counts), 100 / BINS
    path = "".join(
        f"M{i * width:g} 20V{20 - 19 * n / most - 1:.4g}h{width * 0.9:g}V20z" for i, n in enumerate(counts) if n
    )
    return _stretched(html('<path class="bins" d="{}"/>', path), 100, 20)


def grid(steps: Sequence[float]) -> Fragment:
    """Return upright lines at round numbers, which have one distance, from the first to the last."""
    path = "".join(f"M{place} 0v1" for place in range(len(steps)))
    last = len(steps) - 1
    return html('<svg viewBox="0 0 {} 1" preserveAspectRatio="none"><path class="grid" d="{}"/></svg>', last, path)


def bins(values: Sequence[float], start: float, end: float, number: int) -> list[int]:
    """Return how many values lie in each of `number` equal parts of a line."""
    counts = [0] * number
    for value in values:
        counts[min(number - 1, int(percent(value, start, end) / 100 * number))] += 1
    return counts


def bars(heights: Sequence[float], strong: Sequence[bool], line: float) -> Fragment:
    """Return bars side by side from left to right, the `strong` ones in another colour, with a dashed line at the
    height `line`."""
    top = max([*heights, line]) * 1.05
    paths = ["", ""]
    for place, (height, is_strong) in enumerate(zip(heights, strong)):
        paths[is_strong] += f"M{place + 0.1:g} 100V{100 - 100 * max(height, 0.3) / top:.4g}h.8V100z"
    y = f"{100 - 100 * line / top:.4g}"
    shapes = html('<path class="bar" d="{}"/><path class="bar strong" d="{}"/>', paths[0], paths[1])
    limit = html('<path class="limit" d="M0 {}H{}"/>', y, len(heights))
    return html('<svg viewBox="0 0 {} 100" preserveAspectRatio="none">{}{}</svg>', len(heights), shapes, limit)


def _stretched(inner: Fragment, wide: int, tall: int) -> Fragment:
    return html('<svg viewBox="0 0 {} {}" preserveAspectRatio="none">{}</svg>', wide, tall, inner)
