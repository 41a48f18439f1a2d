"""RSS and Atom feeds → records: the full text of an entry where the feed gives it, else its summary."""

from __future__ import annotations

from collections.abc import Iterator
import re

from lxml import etree

from .markup import ENTITIES, UNSEEN, fragment, paragraphs, plain
from .record import Item, ReaderError, Record, Refused
from .story import composed


def documents(raw: bytes) -> Iterator[Item]:
    """The entries of a feed. Raises ReaderError where it declares entities or isn't a feed."""
    import feedparser

    if re.search(rb"<!ENTITY", raw[:200_000].replace(b"\0", b"")):
        raise ReaderError(ENTITIES)
    feed = feedparser.parse(raw)
    if feed.bozo and not feed.entries:
        raise ReaderError(f"broken feed ({str(feed.get('bozo_exception', '')).splitlines()[0] if feed.get('bozo_exception') else 'no entries'})")
    for entry in feed.entries:
        yield _document(entry, feed.feed)


def _document(entry, feed) -> Item:
    contents = [c.get("value") or "" for c in entry.get("content", [])]
    full = max(contents, key=len, default="")
    texts = _paragraphs(full) or _paragraphs(entry.get("summary", ""))
    text, spans = composed(texts)
    title = _paragraphs(entry.get("title", ""))
    title = plain(" ".join(title))
    if not text:
        return Refused(f"the feed gives no text for “{title or 'an entry without a title'}”")
    source = entry.get("source", {})
    metadata = {"document_id": entry.get("id", ""), "text_from": "content" if full else "summary", "updated": entry.get("updated", "")}
    return Record(
        text, title, entry.get("author", ""), "", "", entry.get("published", "") or entry.get("updated", ""),
        plain(source.get("title", "") or feed.get("title", "")), "; ".join(t.get("term") or "" for t in entry.get("tags", [])),
        entry.get("link", ""), feed.get("language", ""), {k: v for k, v in metadata.items() if v}, spans,
    )  # fmt: skip


def _paragraphs(text: str | None) -> list[str]:
    if not (text or "").strip():
        return []
    try:
        return paragraphs(fragment(text), UNSEEN)
    except (etree.ParserError, ValueError):
        return [plain(text)]
