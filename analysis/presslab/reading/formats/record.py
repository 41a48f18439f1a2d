"""What readers take and give: a source of bytes in, records, refusals and announcements out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass, field
import io
import json
from pathlib import Path
from typing import IO, Any, TypedDict, TypeVar, TypeVarTuple

from presslab.system.error import Error

Arguments = TypeVarTuple("Arguments")
Result = TypeVar("Result")
LARGEST_WHOLE = 60_000_000  # bytes: what has to be held whole to be understood (one export, one document)
LARGEST_PAGE = 20_000_000  # bytes: one page of a web archive, one text, one saved page
NO_MEMORY, UNREADABLE = "needs more memory", "can't be read"
LONGEST_REASON = 300  # characters


class ReaderError(Error):
    """A file that can't be read; the message is one line for people: what is wrong, what to do."""


def in_words(error: Exception, kind: str) -> str:
    """Return what is wrong with a file or a document of a kind, in one printable line for people: the message of a
    ReaderError, and what anything else was that a library, the system or our own code raised."""
    lines = "".join(c if c.isprintable() else " " if c != "\n" else c for c in str(error)).strip().splitlines()
    first = lines[0][:LONGEST_REASON] if lines else ""
    if isinstance(error, ReaderError) and first:
        return first
    if isinstance(error, MemoryError):
        return f"{NO_MEMORY} than there is; split the file"
    if isinstance(error, OSError) and error.errno:
        return f"{UNREADABLE} ({error.strerror})"
    return f"broken {kind or 'file'} ({type(error).__name__}{': ' if first else ''}{first}); is the file complete?"


def from_json(text: str | bytes) -> Any:
    """Return what a JSON text holds. Raises ValueError if it is none, also if it is nested so deep that reading
    it would fail."""
    try:
        return json.loads(text)
    except RecursionError as error:
        raise ValueError("JSON that is nested too deep") from error


@dataclass(frozen=True)
class Span:
    """A stretch [start, end) of a text that is not part of the story, with the rule's name and its reason."""

    start: int
    end: int
    rule: str
    reason: str


@dataclass(frozen=True)
class Record:
    """One document as an export gives it: fields as they stand there (raw), the story's text, what is not the story.

    `text` has its paragraphs divided by a blank line; `spans` point into it, rising. Fields that are not given are
    "". `metadata` keeps every field of the export under the export's own label. `markdown` says that marks at the
    edges of paragraphs are Markdown. `whole` is false if the text had to be guessed out of a page. `name` is the
    id that a table or feed gives, otherwise `number` is that of the row in a table; `format` is the kind of file
    that a row was read from before.
    """

    text: str
    _: KW_ONLY
    title: str = ""
    byline: str = ""
    dateline: str = ""
    agency: str = ""
    published: str = ""
    outlet: str = ""
    section: str = ""
    url: str = ""
    language: str = ""
    metadata: dict[str, str] = field(default_factory=dict)
    spans: tuple[Span, ...] = ()
    name: str = ""
    authors: tuple[str, ...] = ()
    markdown: bool = False
    whole: bool = True
    format: str = ""
    number: int = 0


class Fields(TypedDict, total=False):
    """What a format says about a document: fields of Record."""

    title: str
    byline: str
    dateline: str
    agency: str
    published: str
    outlet: str
    section: str
    url: str
    language: str
    metadata: dict[str, str]


@dataclass(frozen=True)
class Refused:
    """A document that was found but holds nothing to read, with the reason in one line; `name` and `number` as in
    Record."""

    reason: str
    name: str = ""
    number: int = 0


@dataclass(frozen=True)
class Announced:
    """How many documents the export says it holds."""

    count: int


@dataclass(frozen=True)
class Skipped:
    """Parts of a container that are no documents (pictures of a web archive), counted in the account."""

    count: int
    what: str


Item = Record | Refused | Announced | Skipped


def attempted(kind: str, make: Callable[[*Arguments], Result], *arguments: *Arguments) -> Result | Refused:
    """Return `make(*arguments)`, one document of a file, or what is wrong with it: the others of the file are read all
    the same."""
    try:
        return make(*arguments)
    except (
        Exception
    ) as error:  # one of the three places where that is right: a document, a member of an archive, a file
        return Refused(in_words(error, kind))


@dataclass(frozen=True)
class Source:
    """Bytes to read: a file, or a member of a container. `open` may be called more than once and returns a new
    stream."""

    name: str
    size: int
    open: Callable[[], IO[bytes]]

    @classmethod
    def of_path(cls, path: Path) -> Source:
        """Return a file on disk."""
        return cls(path.name, path.stat().st_size, lambda: path.open("rb"))

    @classmethod
    def of_bytes(cls, name: str, raw: bytes) -> Source:
        """Return a member that is held in memory."""
        return cls(name, len(raw), lambda: io.BytesIO(raw))

    def head(self, count: int = 65536) -> bytes:
        """Return the first bytes."""
        with self.open() as stream:
            return stream.read(count)

    def whole(self, largest: int = LARGEST_WHOLE) -> bytes:
        """Return all bytes. Raises ReaderError if there are more than `largest`."""
        if self.size > largest:
            raise ReaderError(
                f"too large to be read in one piece ({self.size / 1e6:,.0f} MB; at most {largest / 1e6:,.0f} MB); split"
                " the export"
            )
        with self.open() as stream:
            raw = stream.read(largest + 1)
        if len(raw) > largest:
            raise ReaderError(
                f"too large to be read in one piece (more than {largest / 1e6:,.0f} MB); split the export"
            )
        return raw
