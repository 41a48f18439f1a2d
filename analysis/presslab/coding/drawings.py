"""Small drawings in the page's own colours: estimates with intervals, and calibration."""

from __future__ import annotations

from collections.abc import Sequence
import math

import pandas as pd

from presslab.reporting.html import Fragment, html, join
from presslab.reporting.wording import number

from .estimates import CORRECTED, MACHINE, SAMPLE_ONLY, Estimate

MARKS = {CORRECTED: "●", SAMPLE_ONLY: "○", MACHINE: "×"}
WIDTH, LEFT, RIGHT, ROW = 720, 200, 24, 22


def ticks(low: float, high: float) -> list[float]:
    """Return four to eight round numbers that cover a range."""
    if high - low <= 1e-9 * max(1.0, abs(high)):  # the same but for the last bits
        low, high = low - 0.5, high + 0.5
    rough = (high - low) / 5
    base = 10 ** math.floor(math.log10(rough))
    step = next(base * m for m in (1, 2, 5, 10) if base * m >= rough)
    first = math.floor(low / step)
    return [round((first + k) * step, 12) for k in range(math.ceil(high / step) - first + 1)]


def dots(groups: Sequence[tuple[str, Sequence[Estimate]]], title: str, axis: str, zero: bool = False) -> Fragment:
    """Return estimates side by side, a group a block and a way a line: the dot, its interval. `zero` draws a line
    at 0."""
    shown = [(name, [e for e in three if not math.isnan(e.value)]) for name, three in groups]
    shown = [(name, three) for name, three in shown if three]
    if not shown:
        return html("")
    ends = [x for _, three in shown for e in three for x in (e.low, e.high, e.value) if not math.isnan(x)] + (
        [0.0] if zero else []
    )
    at = ticks(min(ends), max(ends))

    def x(value: float) -> str:
        return f"{LEFT + (value - at[0]) / (at[-1] - at[0]) * (WIDTH - LEFT - RIGHT):.1f}"

    y, lines = 14.0, []
    for name, three in shown:
        lines.append(
            html(
                '<text x="{}" y="{:.1f}" text-anchor="end">{}</text>',
                LEFT - 12,
                y + 4 + ROW * (len(three) - 1) / 2,
                name if len(name) < 30 else name[:29] + "…",
            )
        )
        for e in three:
            kind = {CORRECTED: "a", SAMPLE_ONLY: "b", MACHINE: "c"}[e.way]
            if not math.isnan(e.low):
                lines.append(
                    html(
                        '<line stroke="currentColor" stroke-width="2.5" class="i {}" x1="{}" x2="{}" y1="{:.1f}" '
                        'y2="{:.1f}"/>',
                        kind,
                        x(e.low),
                        x(e.high),
                        y,
                        y,
                    )
                )
            lines.append(
                html(
                    '<text class="m {}" x="{}" y="{:.1f}" text-anchor="middle">{}</text>',
                    kind,
                    x(e.value),
                    y + 5,
                    MARKS[e.way],
                )
            )
            y += ROW
        y += 8
    grid = join(
        html(
            '<line class="g" stroke="#999" x1="{}" x2="{}" y1="4" y2="{:.1f}"/><text x="{}" y="{:.1f}" '
            'text-anchor="middle">{}</text>',
            x(v),
            x(v),
            y - 6,
            x(v),
            y + 12,
            number(v, _decimals(at)),
        )
        for v in at
    )
    if zero:
        grid += html(
            '<line class="z" stroke="currentColor" stroke-dasharray="4 4" x1="{}" x2="{}" y1="4" y2="{:.1f}"/>',
            x(0),
            x(0),
            y - 6,
        )
    grid += html('<text x="{:.0f}" y="{:.1f}" text-anchor="middle">{}</text>', (LEFT + WIDTH - RIGHT) / 2, y + 32, axis)
    key = html(
        '<span class="a">{}</span> corrected by the codes, <span class="b">{}</span> from the sample alone, '
        '<span class="c">{}</span> from the machine’s scores alone; lines are 95 % intervals',
        MARKS[CORRECTED],
        MARKS[SAMPLE_ONLY],
        MARKS[MACHINE],
    )
    return _figure(
        grid + join(lines),
        WIDTH,
        y + 42,
        title,
        key,
        f"Dots with intervals for {len(shown)} groups; the same numbers are in the table.",
    )


def calibration(bands: pd.DataFrame, title: str, across: str, up: str, same_scale: bool) -> Fragment:
    """Return mean code in bands of rising score, with intervals; with a diagonal where both are on the same scale."""
    xs, ys = (
        ticks(bands["score"].min(), bands["score"].max()),
        ticks(*(pd.concat([bands["code"], bands["low"], bands["high"]]).agg(["min", "max"]))),
    )
    if same_scale:
        xs = ys = ticks(min(xs[0], ys[0]), max(xs[-1], ys[-1]))
    wide, high, left, top = 420, 300, 56, 10

    def x(v: float) -> str:
        return f"{left + (v - xs[0]) / (xs[-1] - xs[0]) * (wide - left - 16):.1f}"

    def y(v: float) -> str:
        return f"{top + (ys[-1] - v) / (ys[-1] - ys[0]) * (high - top - 50):.1f}"

    inner = join(
        html(
            '<line class="g" stroke="#999" x1="{}" x2="{}" y1="{}" y2="{}"/><text x="{}" y="{}" '
            'text-anchor="middle">{}</text>',
            x(v),
            x(v),
            y(ys[0]),
            y(ys[-1]),
            x(v),
            high - 32,
            number(v, _decimals(xs)),
        )
        for v in xs
    )
    inner += join(
        html(
            '<line class="g" stroke="#999" x1="{}" x2="{}" y1="{}" y2="{}"/><text x="{}" y="{:.1f}" '
            'text-anchor="end">{}</text>',
            x(xs[0]),
            x(xs[-1]),
            y(v),
            y(v),
            left - 8,
            float(y(v)) + 4,
            number(v, _decimals(ys)),
        )
        for v in ys
    )
    if same_scale:
        inner += html(
            '<line class="z" stroke="currentColor" stroke-dasharray="4 4" x1="{}" y1="{}" x2="{}" y2="{}"/>',
            x(xs[0]),
            y(xs[0]),
            x(xs[-1]),
            y(xs[-1]),
        )
    for b in bands.itertuples():
        if not math.isnan(b.low):
            inner += html(
                '<line stroke="currentColor" stroke-width="2.5" class="i a" x1="{}" x2="{}" y1="{}" y2="{}"/>',
                x(b.score),
                x(b.score),
                y(max(b.low, ys[0])),
                y(min(b.high, ys[-1])),
            )
        inner += html(
            '<text class="m a" x="{}" y="{:.1f}" text-anchor="middle">●</text>', x(b.score), float(y(b.code)) + 5
        )
    inner += html('<text x="{:.0f}" y="{}" text-anchor="middle">{}</text>', (left + wide) / 2, high - 8, across)
    counts = ", ".join(str(n) for n in bands["n"])
    key = (
        f"Up: {up}. A dot is a band of articles ({counts}, by rising score) with the 95 % interval of their mean"
        " code." + (" On the dashed line score and code are the same." if same_scale else "")
    )
    return _figure(inner, wide, high, title, key, f"Mean code in {len(bands)} bands of score.")


def _decimals(at: Sequence[float]) -> int:
    step = at[1] - at[0]
    return max(0, -math.floor(math.log10(step) + 1e-9)) if step < 1 else 0


def _figure(inner: Fragment, wide: float, high: float, title: str, key: Fragment | str, described: str) -> Fragment:
    return html(
        '<figure class="drawing{}"><svg viewBox="0 0 {:.0f} {:.0f}" fill="currentColor" font-size="13" '
        'style="max-width:46rem" role="img" '
        'aria-label="{}">{}</svg><figcaption><b>{}</b><br>{}</figcaption></figure>',
        " small" if wide < WIDTH else "",
        wide,
        high,
        f"{title}. {described}",
        inner,
        title,
        key,
    )
