"""Small drawings in the page's own colours: estimates with intervals, and calibration."""

from __future__ import annotations

from collections.abc import Sequence
import math

import pandas as pd

from presslab.reporting.html import Fragment, number, text

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
        return Fragment("")
    ends = [x for _, three in shown for e in three for x in (e.low, e.high, e.value) if not math.isnan(x)] + (
        [0.0] if zero else []
    )
    at = ticks(min(ends), max(ends))

    def x(value: float) -> str:
        return f"{LEFT + (value - at[0]) / (at[-1] - at[0]) * (WIDTH - LEFT - RIGHT):.1f}"

    y, lines = 14.0, []
    for name, three in shown:
        lines.append(
            f'<text x="{LEFT - 12}" y="{y + 4 + ROW * (len(three) - 1) / 2:.1f}"'
            f' text-anchor="end">{text(name if len(name) < 30 else name[:29] + "…")}</text>'
        )
        for e in three:
            kind = {CORRECTED: "a", SAMPLE_ONLY: "b", MACHINE: "c"}[e.way]
            if not math.isnan(e.low):
                lines.append(
                    f'<line stroke="currentColor" stroke-width="2.5" class="i {kind}" x1="{x(e.low)}" x2="{x(e.high)}"'
                    f' y1="{y:.1f}" y2="{y:.1f}"/>'
                )
            lines.append(
                f'<text class="m {kind}" x="{x(e.value)}" y="{y + 5:.1f}" text-anchor="middle">{MARKS[e.way]}</text>'
            )
            y += ROW
        y += 8
    grid = "".join(
        f'<line class="g" stroke="#999" x1="{x(v)}" x2="{x(v)}" y1="4" y2="{y - 6:.1f}"/><text x="{x(v)}"'
        f' y="{y + 12:.1f}" text-anchor="middle">{number(v, _decimals(at))}</text>'
        for v in at
    )
    if zero:
        grid += (
            f'<line class="z" stroke="currentColor" stroke-dasharray="4 4" x1="{x(0)}" x2="{x(0)}" y1="4"'
            f' y2="{y - 6:.1f}"/>'
        )
    grid += f'<text x="{(LEFT + WIDTH - RIGHT) / 2:.0f}" y="{y + 32:.1f}" text-anchor="middle">{text(axis)}</text>'
    key = (
        f'<span class="a">{MARKS[CORRECTED]}</span> corrected by the codes, <span class="b">{MARKS[SAMPLE_ONLY]}</span>'
        f' from the sample alone, <span class="c">{MARKS[MACHINE]}</span> from the machine’s scores alone; lines are 95'
        " % intervals"
    )
    return _figure(
        grid + "".join(lines),
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

    inner = "".join(
        f'<line class="g" stroke="#999" x1="{x(v)}" x2="{x(v)}" y1="{y(ys[0])}" y2="{y(ys[-1])}"/><text x="{x(v)}"'
        f' y="{high - 32}" text-anchor="middle">{number(v, _decimals(xs))}</text>'
        for v in xs
    )
    inner += "".join(
        f'<line class="g" stroke="#999" x1="{x(xs[0])}" x2="{x(xs[-1])}" y1="{y(v)}" y2="{y(v)}"/><text x="{left - 8}"'
        f' y="{float(y(v)) + 4:.1f}" text-anchor="end">{number(v, _decimals(ys))}</text>'
        for v in ys
    )
    if same_scale:
        inner += (
            f'<line class="z" stroke="currentColor" stroke-dasharray="4 4" x1="{x(xs[0])}" y1="{y(xs[0])}"'
            f' x2="{x(xs[-1])}" y2="{y(xs[-1])}"/>'
        )
    for b in bands.itertuples():
        if not math.isnan(b.low):
            inner += (
                f'<line stroke="currentColor" stroke-width="2.5" class="i a" x1="{x(b.score)}" x2="{x(b.score)}"'
                f' y1="{y(max(b.low, ys[0]))}" y2="{y(min(b.high, ys[-1]))}"/>'
            )
        inner += f'<text class="m a" x="{x(b.score)}" y="{float(y(b.code)) + 5:.1f}" text-anchor="middle">●</text>'
    inner += f'<text x="{(left + wide) / 2:.0f}" y="{high - 8}" text-anchor="middle">{text(across)}</text>'
    counts = ", ".join(str(n) for n in bands["n"])
    key = (
        f"Up: {text(up)}. A dot is a band of articles ({counts}, by rising score) with the 95 % interval of their mean"
        " code." + (" On the dashed line score and code are the same." if same_scale else "")
    )
    return _figure(inner, wide, high, title, key, f"Mean code in {len(bands)} bands of score.")


def _decimals(at: Sequence[float]) -> int:
    step = at[1] - at[0]
    return max(0, -math.floor(math.log10(step) + 1e-9)) if step < 1 else 0


def _figure(inner: str, wide: float, high: float, title: str, key: str, described: str) -> Fragment:
    return Fragment(
        f'<figure class="drawing{" small" if wide < WIDTH else ""}"><svg viewBox="0 0 {wide:.0f} {high:.0f}"'
        ' fill="currentColor" font-size="13" style="max-width:46rem" role="img"'
        f' aria-label="{text(f"{title}. {described}")}">{inner}</svg>'
        f"<figcaption><b>{text(title)}</b><br>{key}</figcaption></figure>"
    )
