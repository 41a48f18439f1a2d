"""Web archives (WARC, also compressed), read as a stream: one record at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, TYPE_CHECKING

from . import pages
from .record import LARGEST_PAGE, Item, ReaderError, Refused, Skipped, in_words

if TYPE_CHECKING:
    from warcio.recordloader import ArcWarcRecord

PAGES = ("text/html", "application/xhtml+xml")


def documents(stream: IO[bytes]) -> Iterator[Item]:
    """Yield the articles of the archive's HTML pages; whatever is no page, or answered with an error, is counted.

    Raises ReaderError if the archive breaks off; what came before has been given by then.
    """
    from warcio.archiveiterator import ArchiveIterator

    other = 0
    number = 0
    try:
        for number, entry in enumerate(ArchiveIterator(stream, arc2warc=True), start=1):
            page = _page(entry)
            if page is None:
                other += 1
            else:
                yield page
    except Exception as error:  # warcio lets through what its parts raise: AttributeError on a header cut short
        raise ReaderError(
            f"the web archive is broken after {number} records"
            f" ({str(error).splitlines()[0] if str(error) else type(error).__name__}); is it complete?"
        ) from error
    if other:
        yield Skipped(other, "records that are not pages")


def _page(entry: ArcWarcRecord) -> Item | None:
    """Return the item of a WARC record, or None if it holds no page."""
    headers = entry.http_headers
    kind = (headers.get_header("Content-Type") if headers else entry.rec_headers.get_header("Content-Type")) or ""
    url = entry.rec_headers.get_header("WARC-Target-URI") or ""
    if entry.rec_type not in ("response", "resource") or not kind.lower().startswith(PAGES):
        return None
    if headers and headers.get_statuscode() not in ("200", "203", None):
        return None
    try:
        raw = entry.content_stream().read(LARGEST_PAGE + 1)
        if len(raw) > LARGEST_PAGE:
            return Refused(f"{url}: the page is larger than {LARGEST_PAGE // 1_000_000} MB")
        record = pages.document(raw, url=url)
    except Exception as error:  # a document, as in `attempted`; the next record may be whole
        return Refused(f"{url}: {in_words(error, 'page')}")
    captured = entry.rec_headers.get_header("WARC-Date") or ""
    record.metadata.update({"document_id": entry.rec_headers.get_header("WARC-Record-ID") or "", "captured": captured})
    return record
