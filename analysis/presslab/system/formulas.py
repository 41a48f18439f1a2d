"""Texts in CSV that a spreadsheet would run as a formula (OWASP, CSV injection), and how they come back."""

from __future__ import annotations

import re
from typing import Any

STARTS = ("=", "+", "-", "@", "\t", "\r")
# Columns that hold ids or texts that offsets point into: they are in CSV exactly as they are, whatever they begin with.
EXACT = frozenset(
    (
        "id",
        "event",
        "slug",
        "story",
        "duplicate_group",
        "text_analysed",
        "text",
        "body",
        "source_text",
        "cue_text",
        "content_text",
    )
)


def no_formula(value: Any) -> Any:
    """Return a text as CSV may have it: with an apostrophe in front if a spreadsheet would run it.

    One that begins so behind apostrophes of its own gets one more, so that `with_formula` gives each text back.
    """
    return f"'{value}" if isinstance(value, str) and value.lstrip("'").startswith(STARTS) else value


def with_formula(value: Any) -> Any:
    """Return the text that `no_formula` was given."""
    return re.sub(r"\A'(?='*[=+\-@\t\r])", "", value) if isinstance(value, str) else value
