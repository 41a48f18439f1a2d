"""What is printed: no text of an article, a file's name or a library moves the cursor, hides or turns what follows."""

from __future__ import annotations

import re
import sys
from typing import Any

HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufffe\uffff]")
ENDS = re.compile("[\t\n\x0b\x0c\r\x85\u2028\u2029]+")


def visible(value: object) -> str:
    """Return a text for a terminal or a log: control and direction characters become a mark, tabs a blank, line ends
    stay."""
    return HIDDEN.sub("\ufffd", str(value).replace("\r\n", "\n").replace("\t", " ")).encode("utf-8", "replace").decode()


def line(value: object) -> str:
    """Return a text as one line, `visible`: what it holds can't pass for a line of presslab's own."""
    return visible(ENDS.sub(" ", str(value)))


def guard() -> None:
    """Let all that this process prints from here on be `visible`: warnings and errors of libraries too."""
    sys.stdout, sys.stderr = (
        stream if stream is None or isinstance(stream, _Visible) else _Visible(stream)
        for stream in (sys.stdout, sys.stderr)
    )


def raw(stream: Any) -> Any:
    """Return the stream below one that `guard` put in place: for a progress bar, which moves the cursor itself."""
    return stream.raw if isinstance(stream, _Visible) else stream


class _Visible:
    """A text stream through which only `visible` text goes; `raw` is what it writes to."""

    def __init__(self, raw: Any) -> None:
        self.raw = raw

    def write(self, text: str) -> int:
        """Write a text; returns its length, as streams do."""
        if not isinstance(text, str):
            raise TypeError("a text stream takes texts")  # by this click knows it from one of bytes
        self.raw.write(visible(text))
        return len(text)

    def writelines(self, lines: Any) -> None:
        """Write several texts."""
        for text in lines:
            self.write(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.raw, name)
