"""RSS and Atom feeds → records: the full text of an entry if the feed gives it, otherwise its summary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
import hashlib
import re
from typing import TYPE_CHECKING

from lxml import etree

from .markup import ENTITIES, UNSEEN, fragment, paragraphs, plain
from .record import Item, ReaderError, Record, Refused, attempted
from .story import composed

if TYPE_CHECKING:
    from feedparser import FeedParserDict


def documents(raw: bytes) -> Iterator[Item]:
    """Yield the entries of a feed. Raises ReaderError if it declares entities or isn't a feed."""
    import feedparser

    if re.search(rb"<!ENTITY", raw[:200_000].replace(b"\0", b"")):
        raise ReaderError(ENTITIES)
    feed = feedparser.parse(raw)
    if feed.bozo and not feed.entries:
        raise ReaderError(
            "broken feed"
            f" ({str(feed.get('bozo_exception', '')).splitlines()[0] if feed.get('bozo_exception') else 'no entries'})"
        )
    guids, links = (Counter(entry.get(name, "") for entry in feed.entries) for name in ("id", "link"))
    for entry in feed.entries:
        yield attempted("feed entry", _document, entry, feed.feed, _name(entry, guids, links))


def _name(entry: FeedParserDict, guids: Counter[str], links: Counter[str]) -> str:
    """Return what the entry is called wherever it is in the feed, since entries move on: its guid, otherwise its
    link, otherwise a hash of what it says. A guid or link that several entries have names none of them."""
    for value, counts in ((entry.get("id", ""), guids), (entry.get("link", ""), links)):
        if value and counts[value] == 1:
            return value
    words = "\0".join(str(entry.get(name, "")) for name in ("title", "published", "summary", "content"))
    return f"entry-{hashlib.sha256(words.encode('utf-8', 'backslashreplace')).hexdigest()[:16]}"


def _document(entry: FeedParserDict, feed: FeedParserDict, name: str) -> Item:
    contents = [c.get("value") or "" for c in entry.get("content", [])]
    full = max(contents, key=len, default="")
    texts = _paragraphs(full) or _paragraphs(entry.get("summary", ""))
    text, spans = composed(texts)
    title = plain(" ".join(_paragraphs(entry.get("title", ""))))
    if not text:
        return Refused(f"the feed has no text for “{title or 'an entry without a title'}”", name)
    source = entry.get("source", {})
    metadata = {
        "document_id": entry.get("id", ""),
        "text_from": "content" if full else "summary",
        "updated": entry.get("updated", ""),
    }
    return Record(
        text,
        title=title,
        byline=entry.get("author", ""),
        published=entry.get("published", "") or entry.get("updated", ""),
        outlet=plain(source.get("title", "") or feed.get("title", "")),
        section="; ".join(t.get("term") or "" for t in entry.get("tags", [])),
        url=entry.get("link", ""),
        language=feed.get("language", ""),
        metadata={k: v for k, v in metadata.items() if v},
        spans=spans,
        name=name,
    )


def _paragraphs(text: str | None) -> list[str]:
    if not text or not text.strip():
        return []
    try:
        return paragraphs(fragment(text), UNSEEN)
    except (etree.ParserError, ValueError):
        return [plain(text)]
