"""IPTC 7901, the agencies' wire format for plain text → records."""

from __future__ import annotations

from collections.abc import Iterator
import re

from .agency import record
from .markup import plain
from .record import Item, attempted

HEADER = re.compile(
    r"^(?P<service>[A-Za-z]{1,4})(?P<number>\d{3,4})\s+(?P<priority>\d)\s+(?P<category>[A-Za-z]{1,3})"
    r"\s+(?P<words>\d{1,4})\s*(?P<rest>[^\r\n]*)"
)
TIME = re.compile(
    r"(?P<day>\d{2})(?P<time>\d{4})\s+(?P<zone>[A-Z]{2,5})\s+(?P<month>[A-Za-z]{3})\w*\s+(?P<year>\d{2,4})"
)


def is_wire(text: str) -> bool:
    """Return whether a text begins with a 7901 header, after the control character that opens a message."""
    return bool(HEADER.match(text.lstrip().removeprefix("\x01").lstrip())) and (
        "\x01" in text[:40] or "\x02" in text or TIME.search(text) is not None
    )


def documents(text: str) -> Iterator[Item]:
    """Yield the records of the messages in a file."""
    for message in re.split(r"(?<=\x04)|(?<=\x03)(?=\s*\x01)", text):
        if HEADER.search(message.lstrip("\x01\r\n \x7f")):
            yield attempted("IPTC 7901 message", _message, message)


def _message(message: str) -> Item:
    start = message.index("\x01") + 1 if "\x01" in message else 0
    header = HEADER.match(message[start:].lstrip())
    lines = message[start:].lstrip().split("\n", 1)
    rest = lines[1] if len(lines) > 1 else ""
    slug, _, body = rest.partition("\x02") if "\x02" in rest else ("", "", rest)
    body, _, foot = body.partition("\x03")
    metadata = {k: v.strip() for k, v in (header.groupdict() if header else {}).items() if v and v.strip()}
    metadata["slug"] = plain(slug)
    time = TIME.search(foot) or TIME.search(message)
    year = (
        (time["year"] if len(time["year"]) == 4 else ("19" if int(time["year"]) > 60 else "20") + time["year"])
        if time
        else ""
    )
    published = f"{time['day']} {time['month']} {year}" if time else ""
    if time:
        metadata["sent"] = time[0]
    blocks = [b for b in re.split(r"\r?\n[ \t]*\r?\n", body) if b.strip()]
    title = re.sub(r"\s*=\s*$", "", plain(blocks[0])) if blocks else ""
    # the text's paragraphs are indented; where none is, everything after the title is text
    indented = [b for b in blocks[1:] if re.match(r"\r?\n?[ \t]{2,}\S", b)]
    texts: list[str] = []
    furniture: dict[int, tuple[str, str]] = {}
    note = False
    for block in blocks[1:]:
        note = (
            note
            or block.strip().startswith(("#", "* * *", "##"))
            or (bool(indented) and bool(texts) and not re.match(r"\r?\n?[ \t]{2,}\S", block))
        )
        if note:
            furniture[len(texts)] = ("agency-note", "a note of the agency's desk, not for publication")
        texts.append(plain(block))
    author = re.search(r"(?im)^-? ?(?:reporting by|by|autor(?:/in)?): *(?P<name>.+?)\s*$", body)
    words = metadata.get("rest", "").split()
    agency = next(
        (w for w in words if re.fullmatch(r"dpa|afp|apa|ap|pa|sta|efe|reuters|ats|belga|ritzau|tt|rtr|ansa", w, re.I)),
        "",
    )
    return record(
        texts, furniture, title=title, byline=author["name"] if author else "", published=published, outlet=agency,
        section=metadata.get("category", ""), metadata=metadata,
    )  # fmt: skip
