"""HTML fragments that notebooks show and reports keep. Whatever comes from an article is escaped here."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
import hashlib
from html import escape
import math
import re

from presslab.measures.measure import Measure


class Fragment(str):
    """A piece of safe HTML; Jupyter shows it as HTML, and is reported that “from $5 to $10” is no formula."""

    def _repr_html_(self) -> str:
        return f'<div class="tex2jax_ignore mathjax_ignore">{self}</div>'

    def __repr__(self) -> str:
        return "HTML of the report"

    def __add__(self, other: str) -> Fragment | str:
        """One after the other; safe where both are."""
        joined = super().__add__(other)
        return Fragment(joined) if isinstance(other, Fragment) else joined


def plain(value: object) -> str:
    """Return text that hides nothing: control and direction characters, which could hide or turn what follows,
    become a visible mark, lone surrogates a question mark."""
    visible = re.sub(
        r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]", "\ufffd", str(value)
    )
    return visible.encode("utf-8", "replace").decode()


def script_digest(script: str) -> str:
    """Return the hash by which a page's policy allows a script or a style that is in it."""
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def text(value: object) -> str:
    """Return `plain` text, escaped."""
    return escape(plain(value), quote=True)


def number(value: float, decimals: int) -> str:
    """Return a number for readers: fixed decimals, a real minus sign; "–" where it could not be measured."""
    return "–" if math.isnan(value) else f"{value:,.{decimals}f}".replace("-", "−")


def with_interval(m: Measure, decimals: int) -> str:
    """Return value and 95 % interval: "43.0 [33.2 to 54.0]"."""
    if math.isnan(m.low) or math.isnan(m.value):
        return number(m.value, decimals)
    return f"{number(m.value, decimals)} [{number(m.low, decimals)} to {number(m.high, decimals)}]"


def table(
    head: Sequence[str],
    rows: Iterable[Sequence[object]],
    caption: str,
    right: Sequence[int] = (),
    merged: Sequence[int] = (),
) -> str:
    """Return a table with caption and column headings; cells are escaped unless they are Fragments; `right`: number
    columns; `merged`: columns in which equal cells below each other are one. End tags that HTML lets be left out
    are: they were a tenth of a report."""
    listed = [tuple(row) for row in rows]

    def cell(place: int, i: int) -> str:
        value = listed[place][i]
        if i in merged and place and listed[place - 1][i] == value:
            return ""
        inner = value if isinstance(value, Fragment) else text(value)
        kind = " class=n" if i in right else ""
        if (
            i in merged
            and (high := next((n for n, row in enumerate(listed[place:]) if row[i] != value), len(listed) - place)) > 1
        ):
            kind += f" rowspan={high}"
        return f"<th>{inner}" if i == 0 else f"<td{kind}>{inner}"

    name = caption.split(". ")[-1]
    heads = "".join(f"<th scope=col{' class=n' if i in right else ''}>{text(h)}" for i, h in enumerate(head))
    body = "".join("<tr>" + "".join(cell(place, i) for i in range(len(row))) for place, row in enumerate(listed))
    return (
        '<div class="scroll" tabindex="0" role="region"'
        f' aria-label="{text(name)}"><table><caption>{text(caption)}</caption>'
        f"<thead><tr>{heads}</thead><tbody>{body}</table></div>"
    )


def folded(summary: str, inner: str, paper: bool = True) -> str:
    """Return something to open on demand; open on paper, or left out there."""
    return f"<details{' class=paper' if paper else ''}><summary>{text(summary)}</summary>{inner}</details>"
