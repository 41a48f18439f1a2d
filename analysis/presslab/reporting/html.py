"""HTML in which nothing can be left unescaped: a template is a constant, and every value put into it is escaped unless
it is HTML itself."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
import hashlib
from importlib import resources
from numbers import Number
import re
from typing import TYPE_CHECKING

from markupsafe import Markup, escape


class Fragment(Markup):
    """A piece of safe HTML; what is added to it, joined by it or put into it is escaped unless it is one too.

    Jupyter shows it as HTML, and is reported that “from $5 to $10” is no formula."""

    __slots__ = ()
    if not TYPE_CHECKING:  # called the same way
        __new__ = str.__new__  # Markup's asks each string for its HTML; it took a sixth of the time of a report's parts

    @classmethod
    def escape(cls, value: object) -> Fragment:
        """Return HTML as it is, anything else as `plain` text, escaped."""
        return value if type(value) is cls else cls(value if isinstance(value, Markup) else escape(plain(value)))

    def _repr_html_(self) -> str:
        return str(html('<div class="tex2jax_ignore mathjax_ignore">{}</div>', self))

    def __repr__(self) -> str:
        return "HTML of the report"


def html(template: str, *values: object) -> Fragment:
    """Return a template with its values, each escaped unless it is HTML. A template is always a constant."""
    return Fragment(template.format(*map(_safe, values)))


def _safe(value: object) -> object:
    """Return HTML and numbers as they are, for these have nothing to escape in whatever format."""
    return value if isinstance(value, (Markup, Number)) else escape(plain(value))


def join(pieces: Iterable[str], between: str = "") -> Fragment:
    """Return pieces one after the other, each escaped unless it is HTML, as is what stands between them."""
    return Fragment.escape(between).join(pieces)


def plain(value: object) -> str:
    """Return text that hides nothing: control and direction characters, which could hide or turn what follows,
    become a visible mark, lone surrogates a question mark."""
    text = str(value)
    if text.isprintable():  # nearly always, and quickly told
        return text
    visible = re.sub(
        r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]", "\ufffd", text
    )
    return visible.encode("utf-8", "replace").decode()


def packaged(path: str) -> Fragment:
    """Return a style or script among the package's data, which a page can hold as it is."""
    return Fragment((resources.files("presslab") / "data" / path).read_text("utf-8"))


def script_digest(script: str) -> str:
    """Return the hash by which a page's policy allows a script or a style that is in it."""
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def table(
    head: Sequence[object],
    rows: Iterable[Sequence[object]],
    caption: str,
    right: Sequence[int] = (),
    merged: Sequence[int] = (),
) -> Fragment:
    """Return a table with caption and column headings; `right`: number columns; `merged`: columns in which equal cells
    below each other are one. End tags that HTML lets be left out are: they were a tenth of a report."""
    body_rows = [tuple(row) for row in rows]

    def cell(place: int, i: int) -> Fragment | str:
        value = body_rows[place][i]
        if i in merged and place and body_rows[place - 1][i] == value:
            return ""
        if i == 0:
            return html("<th>{}", value)
        kind = " class=n" if i in right else ""
        if i in merged:
            high = next((n for n, row in enumerate(body_rows[place:]) if row[i] != value), len(body_rows) - place)
            kind += f" rowspan={high}" if high > 1 else ""
        return html("<td{}>{}", kind, value)

    heads = join(html("<th scope=col{}>{}", " class=n" if i in right else "", h) for i, h in enumerate(head))
    body = join(html("<tr>{}", join(cell(place, i) for i in range(len(row)))) for place, row in enumerate(body_rows))
    return html(
        '<div class="scroll" tabindex="0" role="region" aria-label="{}"><table><caption>{}</caption><thead><tr>{}'
        "</thead><tbody>{}</table></div>",
        caption.split(". ")[-1],
        caption,
        heads,
        body,
    )


def folded(summary: str, inner: Fragment, paper: bool = True) -> Fragment:
    """Return something to open on demand; open on paper, or left out there."""
    return html("<details{}><summary>{}</summary>{}</details>", " class=paper" if paper else "", summary, inner)
