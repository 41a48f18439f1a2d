"""Small drawings in the page's own colours: estimates with intervals, and calibration."""

from __future__ import annotations

from collections.abc import Sequence
import math

import pandas as pd

from presslab.reporting.dots import Dot, chart, decimals, steps
from presslab.reporting.html import Fragment, html, join
from presslab.reporting.wording import number, share, with_interval

from .coder_error import WITHOUT_ERROR
from .estimates import CORRECTED, MACHINE, SAMPLE_ONLY, Estimate

WAYS = {
    CORRECTED: "corrected by the codes",
    WITHOUT_ERROR[CORRECTED]: "corrected, without coder error",
    SAMPLE_ONLY: "from the sample alone",
    MACHINE: "from the machine’s scores alone",
    WITHOUT_ERROR[SAMPLE_ONLY]: "from the sample alone, without coder error",
}


def dots(groups: Sequence[tuple[str, Sequence[Estimate]]], title: str, axis: str, shares: bool = False) -> Fragment:
    """Return estimates side by side, a group a row and a way a mark, with their intervals."""
    values = [Dot(name, e.value, e.low, e.high, _said(e, shares), e.way) for name, three in groups for e in three]
    return chart(values, title, axis, WAYS, shares, zero=False)


def _said(e: Estimate, shares: bool) -> str:
    return share(e.value, e.low, e.high) if shares else with_interval(e.value, e.low, e.high, 2)


def calibration(
    bands: pd.DataFrame, title: str, across: str, up: str, same_scale: bool, axis: Sequence[float] = (),
    curve: pd.DataFrame | None = None,
) -> Fragment:  # fmt: skip
    """Return mean code in bands of rising score, with intervals; with a diagonal if both are on the same scale. `axis`
    has the steps of both axes if they are not to follow the bands, `curve` (columns score, share, low, high) is drawn
    through them."""
    xs = steps(list(bands["score"]), zero=False)
    ys = steps([*bands["code"], *bands["low"], *bands["high"]], zero=False)
    if axis:
        xs = ys = list(axis)
    elif same_scale:
        xs = ys = steps([xs[0], xs[-1], ys[0], ys[-1]], zero=False)
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
            number(v, decimals(xs)),
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
            number(v, decimals(ys)),
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
    if curve is not None:
        there = [f"{x(c.score)},{y(c.high)}" for c in curve.itertuples()]
        back = [f"{x(c.score)},{y(c.low)}" for c in curve.iloc[::-1].itertuples()]
        inner += html('<polygon class="w" opacity="0.15" points="{}"/>', " ".join(there + back))
        line = " ".join(f"{x(c.score)},{y(c.share)}" for c in curve.itertuples())
        inner += html('<polyline fill="none" stroke="currentColor" stroke-width="1.5" points="{}"/>', line)
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
        " code."
        + (" On the dashed line score and code are the same." if same_scale else "")
        + ("" if curve is None else " The curve is the fitted one, with its 95 % interval.")
    )
    return _figure(inner, wide, high, title, key, f"Mean code in {len(bands)} bands of score.")


def _figure(inner: Fragment, wide: float, high: float, title: str, key: Fragment | str, description: str) -> Fragment:
    return html(
        '<figure class="drawing small"><svg viewBox="0 0 {:.0f} {:.0f}" fill="currentColor" font-size="13" '
        'style="max-width:46rem" role="img" '
        'aria-label="{}">{}</svg><figcaption><b>{}</b><br>{}</figcaption></figure>',
        wide,
        high,
        f"{title}. {description}",
        inner,
        title,
        key,
    )
