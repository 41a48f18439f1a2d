"""One number on a line: where it lies, its interval, and what lies around it. Small SVG that takes its colours from the
page, has its text outside and so keeps its size of print on a phone."""

from __future__ import annotations

from collections.abc import Sequence
import math

from .html import Fragment, html

SHAPES = {"s": "square", "d": "diamond"}
SYMBOLS = (  # what `mark` refers to; once in a page
    html(
        '<svg width="0" height="0" aria-hidden="true" style="position:absolute"><defs><path id="square" '
        'd="M-4.5-4.5h9v9h-9z"/><path id="diamond" d="M0-6 6 0 0 6-6 0z"/></defs></svg>'
    )
)
MOST_TICKS = 60  # more values than this are drawn as a histogram
BINS = 40


def percent(value: float, low: float, high: float) -> float:
    """Return where a value lies between two others, 0 to 100; values outside lie on the border, and all lie in the
    middle where the two are the same."""
    return 50.0 if high <= low else min(100.0, max(0.0, 100 * (value - low) / (high - low)))


def svg(inner: Fragment, height: int, said: str) -> Fragment:
    """Return a drawing as wide as the page lets it be; `said` is its description."""
    return html(
        '<svg class="strip" width="100%" height="{}" fill="currentColor" stroke="currentColor" role="img" '
        'aria-label="{}">{}</svg>',
        height,
        said,
        inner,
    )


def mark(
    value: float, low: float, high: float, start: float, end: float, height: float | str, shape: str = "o"
) -> Fragment:
    """Return a value with its interval on a line from `start` to `end`; shapes: "o" circle, "s" square, "d" diamond."""
    y = str(height)
    drawn = ""
    if not math.isnan(low):
        drawn = html(
            '<line x1="{:.1f}%" x2="{:.1f}%" y1="{}" y2="{}"/>',
            percent(low, start, end),
            percent(high, start, end),
            y,
            y,
        )
    x = f"{percent(value, start, end):.1f}%"
    if shape == "o":
        return html('{}<circle cx="{}" cy="{}" r="4.5"/>', drawn, x, y)
    return html('{}<use href="#{}" x="{}" y="{}"/>', drawn, SHAPES[shape], x, y)


def others(values: Sequence[float], start: float, end: float) -> Fragment:
    """Return many values on a line: a tick each, or a histogram where there are more than MOST_TICKS."""
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
    """Return upright lines at round numbers, from the first to the last."""
    path = "".join(f"M{percent(step, steps[0], steps[-1]):.4g} 0v1" for step in steps)
    return html('<svg viewBox="0 0 100 1" preserveAspectRatio="none"><path class="grid" d="{}"/></svg>', path)


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
    drawn = html('<path class="bar" d="{}"/><path class="bar strong" d="{}"/>', paths[0], paths[1])
    limit = html('<path class="limit" d="M0 {}H{}"/>', y, len(heights))
    return html('<svg viewBox="0 0 {} 100" preserveAspectRatio="none">{}{}</svg>', len(heights), drawn, limit)


def _stretched(inner: Fragment, wide: int, tall: int) -> Fragment:
    return html('<svg viewBox="0 0 {} {}" preserveAspectRatio="none">{}</svg>', wide, tall, inner)
