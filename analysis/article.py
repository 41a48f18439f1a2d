"""Read any input into an Article: the text as published, and where it came from."""

from __future__ import annotations

from dataclasses import dataclass, field


class ArticleError(Exception):
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
    """One paragraph that stayed. `offsets[i]` is where character `i` of `text` stands in `Article.text`.

    `offsets` has `len(text)` entries, rising; all are -1 where the paragraph is not part of the input text (a headline
    that came from a table's `title` column). `role` is "headline", "standfirst", "subheading" or "body".
    """

    text: str
    offsets: tuple[int, ...]
    role: str = "body"


@dataclass(frozen=True)
class Article:
    """One article. `text` is the input as given (decoded, newlines untouched; for HTML the extracted text).

    Fields that the input does not give are "". `published` is an ISO date or "". `language` is an ISO 639-1 code.
    `metadata` keeps the columns of a table that presslab does not use, `file` the input's file name without folders.
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

    @property
    def body(self) -> str:
        """The body as one string, paragraphs divided by a blank line; headline and standfirst are not part of it."""
        return "\n\n".join(p.text for p in self.paragraphs if p.role in ("body", "subheading"))
