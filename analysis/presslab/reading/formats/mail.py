"""E-mail messages (.eml): a newsletter's text, and exports that came as attachments."""

from __future__ import annotations

from collections.abc import Iterator
import email
from email.message import EmailMessage
import email.policy
from email.utils import parseaddr
import re
from typing import TYPE_CHECKING, Any

from lxml import etree

from .markup import UNSEEN, fragment, paragraphs, plain
from .record import Item, ReaderError, Record, Refused, Source
from .story import composed

HEADERS = re.compile(rb"^(?:[A-Za-z][\w-]*:[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*){3,}", re.M)
LONGEST_HEADER = 4000  # characters
if TYPE_CHECKING:
    Policy = email.policy.EmailPolicy[EmailMessage]  # which message it makes: Python itself doesn't know that form
else:
    Policy = email.policy.EmailPolicy


def is_mail(head: bytes) -> bool:
    """Return whether bytes begin with an e-mail's headers, From and Date or Subject among them."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    match = HEADERS.match(re.sub(rb"^From [^\r\n]*\r?\n", b"", start))
    names = {line.split(b":")[0].lower() for line in match[0].splitlines() if b":" in line} if match else set()
    return (
        b"from" in names
        and bool(names & {b"subject", b"date"})
        and bool(names & {b"mime-version", b"content-type", b"message-id", b"received", b"to"})
    )


class Bounded(Policy):
    """Headers are parsed only so far: Python's parser takes the square of a header's length."""

    def header_fetch_parse(self, name: str, value: str) -> Any:
        """Return a header's value, parsed."""
        return super().header_fetch_parse(name, value[:LONGEST_HEADER])


def documents(raw: bytes) -> Iterator[Item | Source]:
    """Yield the message's text as a record, and each attachment as a source."""
    message = email.message_from_bytes(raw, policy=Bounded())
    attached = (
        [part for part in message.iter_attachments() if isinstance(part, EmailMessage) and part.get_filename()]
        if message.is_multipart()
        else []
    )
    item = _document(message)
    if not (attached and isinstance(item, Refused | Record) and len(getattr(item, "text", "").split()) < 40):
        yield item
    for part in attached:
        content = part.get_payload(decode=True)
        if isinstance(content, bytes) and content:
            yield Source.of_bytes(str(part.get_filename()), content)


def _document(message: EmailMessage) -> Item:
    name, address = parseaddr(str(message.get("From", "")))
    title = plain(str(message.get("Subject", "")))
    texts = _html(message)
    plain_texts = _plain(message)
    if sum(len(t.split()) for t in texts) < 0.5 * sum(len(t.split()) for t in plain_texts):
        texts = plain_texts
    text, spans = composed(texts)
    if not text:
        return Refused(f"the message has no text in it (“{title or 'without a subject'}”)")
    metadata = {
        h: plain(str(message[h]))
        for h in ("From", "To", "Date", "Subject", "Message-ID", "List-Id", "Reply-To")
        if message.get(h)
    }
    metadata["document_id"] = metadata.get("Message-ID", "")
    metadata.pop("To", None)  # who received a newsletter is nobody's business
    return Record(
        text,
        title=title,
        published=str(message.get("Date", "")),
        outlet=name or address.rpartition("@")[2],
        url=_link(message),
        language=str(message.get("Content-Language", "")),
        metadata={k: v for k, v in metadata.items() if v},
        spans=spans,
        whole=False,
    )


def _html(message: EmailMessage) -> list[str]:
    """Return the paragraphs of the message's HTML. A newsletter is laid out in tables: every cell is text or
    nothing."""
    content = _content(message, "html")
    if not content:
        return []
    try:
        texts = paragraphs(fragment(content), UNSEEN | {"title"})
    except (etree.ParserError, ValueError):
        return []
    return [t for t in texts if re.search(r"\w", t)]


def _plain(message: EmailMessage) -> list[str]:
    content = _content(message, "plain")
    blocks = [plain(b) for b in re.split(r"\n[ \t>]*\n", content.replace("\r", "")) if b.strip()]
    return [b for b in (re.sub(r"\s*[<\[(]https?://\S+[>\])]", "", b) for b in blocks) if re.search(r"\w", b)]


def _content(message: EmailMessage, kind: str) -> str:
    part = message.get_body(preferencelist=(kind,))
    if part is None:
        return ""
    try:
        return part.get_content()
    except (LookupError, UnicodeDecodeError):  # an unknown or a wrong charset: the bytes as they are
        from .text import decode

        raw = part.get_payload(decode=True)
        return decode(raw if isinstance(raw, bytes) else b"")
    except KeyError as error:
        raise ReaderError(f"the message's text can't be decoded ({error})") from error


def _link(message: EmailMessage) -> str:
    """Return the newsletter's page on the web, if a header names it."""
    match = re.search(r"https?://[^>\s]+", str(message.get("List-Archive", "") or message.get("Archived-At", "")))
    return match[0] if match else ""
