"""An article: the text as published, what was removed from it, and where it came from."""

from __future__ import annotations

from dataclasses import dataclass, field

from presslab.system.apart import DIED, TOO_LONG
from presslab.system.error import Error

from .corrections import Correction
from .formats.record import NO_MEMORY, UNREADABLE


class ArticleError(Error):
    """An input that can't become an Article; the message is one line for people: file, what is wrong, what to do."""


@dataclass(frozen=True)
class Removed:
    """A stretch of the input that cleaning took out, with its reason in plain words.

    `start` and `end` are character offsets into `Article.text`; `rule` names the entry of data/furniture.yaml.
    """

    start: int
    end: int
    text: str
    reason: str
    rule: str


@dataclass(frozen=True)
class Paragraph:
    """One paragraph that stayed. `offsets[i]` is where character `i` of `text` is in `Article.text`.

    `offsets` has `len(text)` entries, rising; all are -1 if the paragraph is not part of the input text (a headline
    that came from a table's `title` column). `role` is "headline", "standfirst", "subheading" or "body".
    """

    text: str
    offsets: tuple[int, ...]
    role: str = "body"


@dataclass(frozen=True)
class Article:
    """One article. `text` is the input as given (decoded, newlines untouched; for HTML and exports the extracted
    text). `id` is what a table or feed calls it, exactly, otherwise made of the file's name; with `numbered`, of
    its place in the file too.

    Fields that the input does not give are "". `published` is an ISO date or "". `language` is an ISO 639-1 code.
    `metadata` keeps what presslab does not use: columns of a table, fields of an export under the export's own
    names, and raw values if a date, an outlet or a byline was brought into one form (`published_raw`,
    `outlet_raw`, `byline_raw`). `authors` are the names in the byline. `file` is the input's file name without
    folders, `format` its kind by its content; `path` is where it lies (never written to any output), `in_table`
    says that it is one of several in that file; `corrections` are those that a reader has written in a file beside
    it.
    """

    id: str
    text: str
    paragraphs: tuple[Paragraph, ...]
    removed: tuple[Removed, ...] = ()
    title: str = ""
    byline: str = ""
    dateline: str = ""
    agency: str = ""
    published: str = ""
    outlet: str = ""
    url: str = ""
    language: str = ""
    file: str = ""
    cleaned: bool = True
    metadata: dict[str, str] = field(default_factory=dict)
    path: str = ""
    in_table: bool = False
    corrections: tuple[Correction, ...] = ()
    section: str = ""
    authors: tuple[str, ...] = ()
    format: str = "text"
    numbered: bool = False

    @property
    def body(self) -> str:
        """The body as one string, paragraphs divided by a blank line; headline and standfirst are not part of it."""
        return "\n\n".join(p.text for p in self.paragraphs if p.role in ("body", "subheading"))


@dataclass(frozen=True)
class Failure:
    """An input that could not be used: its id (if it has one), file name, and the reason in one line for people.

    If its notebook failed: the number of the cell (0: none) and the file with the traceback ("": none).
    """

    id: str
    file: str
    reason: str
    cell: int = 0
    traceback: str = ""

    @property
    def warns(self) -> bool:
        """Whether it only warns: what was read is used, but perhaps not all was there."""
        return self.reason.startswith("warning: ")

    @property
    def passing(self) -> bool:
        """Whether the same file may be read another time: what was short is memory or time, or a disk or network gave
        an error."""
        return self.reason.startswith((NO_MEMORY, UNREADABLE, TOO_LONG, DIED)) or f": {NO_MEMORY}" in self.reason
