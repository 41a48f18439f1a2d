"""ProQuest and NewsBank text exports → records.

Both follow the field layouts that the databases document and that public parsers expect; they were tested on made
files only.
"""

from __future__ import annotations

from collections.abc import Iterator
import re

from .dates import iso
from .markup import plain
from .record import Announced, Item, Record, Refused, attempted
from .story import composed

RULE = re.compile(r"(?m)^[ \t]*_{20,}[ \t]*\r?$")
NUMBERED = re.compile(r"(?im)^[ \t]*document (\d+) of (\d+)[ \t]*\r?$")
LABELS = (
    "Abstract",
    "Author",
    "Business indexing term",
    "Column",
    "Company / organization",
    "Copyright",
    "Correspondence author",
    "Country of publication",
    "Credit",
    "Database",
    "Dateline",
    "Document feature",
    "Document type",
    "Document URL",
    "DOI",
    "Edition",
    "Full text",
    "Full Text",
    "Identifier / keyword",
    "Illustration",
    "Issue",
    "ISSN",
    "e-ISSN",
    "Language of publication",
    "Last updated",
    "Links",
    "Location",
    "Number of pages",
    "Pages",
    "People",
    "Place of publication",
    "ProQuest document ID",
    "Publication date",
    "Publication info",
    "Publication subject",
    "Publication title",
    "Publication year",
    "Publisher",
    "Section",
    "Source type",
    "Subject",
    "Supplement",
    "Title",
    "URL",
    "Volume",
    "Year",
    "Classification",
    "Series",
    "Sections",
)
LABEL = re.compile(rf"^(?P<label>{'|'.join(map(re.escape, LABELS))}):[ \t]*(?P<value>.*)$")
NUMBER_AND_AFTER = re.compile(  # a record number, which ends an article, and the lines about rights and links behind it
    r"(?im)^(?:record number|record|document number)\s*:.*$"
    r"(?:\s*(?:copyright|\(c\)|©|openurl link|persistent link|citation)[^\n]*\n?)*"
)
NEWSBANK = re.compile(
    r"(?im)^(?:(?:record number|record|openurl link|persistent link|document number|newsbank|citation \((?:apa|aglc|"
    r"mla)[^)]*\)|url)\s*:|.{0,300}©.{0,300}newsbank|.{0,300}infoweb\.newsbank\.com)"
)


def is_proquest(text: str) -> bool:
    """Return whether a text has ProQuest's document numbers and the label above a full text."""
    return bool(re.search(r"(?m)^ProQuest document ID:", text)) and bool(re.search(r"(?im)^Full text:", text))


def is_newsbank(text: str) -> bool:
    """Return whether a text has NewsBank's record numbers or links, and its line of outlet and date."""
    return (
        bool(NEWSBANK.search(text))
        and bool(
            re.search(
                r"(?im)^(?:.{0,300}\s[-–|•]\s.{0,300}(?:19|20)\d{2}\b.*"
                r"|(?:date|source|publication|author(?:\(s\))?)\s*:.*)$",
                text,
            )
        )
        and bool(re.search(r"(?im)^(?:record number|record|document number)\s*:|newsbank", text))
    )


def proquest(text: str) -> Iterator[Item]:
    """Yield the documents of a ProQuest export, divided by lines of underscores or by "Document 3 of 10"."""
    numbers = [int(m[2]) for m in NUMBERED.finditer(text)]
    if numbers:
        yield Announced(max(numbers))
    for piece in RULE.split(NUMBERED.sub("_" * 30, text)):
        if piece and re.search(r"(?m)^(?:ProQuest document ID|Full [tT]ext|Publication title):", piece):
            yield attempted("ProQuest document", _proquest_document, piece)


def _proquest_document(piece: str) -> Record | Refused:
    fields: dict[str, list[str]] = {}
    first = ""
    label = ""
    for line in piece.replace("\r", "").split("\n"):
        match = LABEL.match(line)
        if match and not (
            label.casefold() == "full text"
            and match["label"] in ("Title", "Subject", "Location", "People")
            and match["label"] in fields
        ):
            label = match["label"]
            fields.setdefault(label, []).append(match["value"])
        elif label:
            fields[label][-1] += "\n" + line
        elif line.strip() and not first:
            first = line.strip()
    values = {name: plain(" ".join(parts)) for name, parts in fields.items() if name.casefold() != "full text"}
    raw = next(("\n".join(parts) for name, parts in fields.items() if name.casefold() == "full text"), "")
    body = _paragraphs(raw)
    body, furniture = _credited(body)
    text, spans = composed(body, furniture)
    title = values.get("Title") or first
    if not text:
        return Refused(
            f"the export holds no full text of “{title or 'a document without a title'}”; it gives the abstract alone"
        )
    if values.get("ProQuest document ID"):
        values["document_id"] = values["ProQuest document ID"]
    outlet = re.sub(
        r"\s*;.*$", "", values.get("Publication title") or values.get("Publication info", "").split(" ; ")[0]
    )
    return Record(
        text,
        title=title,
        byline=values.get("Author", ""),
        dateline=values.get("Dateline", ""),
        published=values.get("Publication date", ""),
        outlet=outlet,
        section=values.get("Section", ""),
        url=values.get("URL", values.get("Document URL", "")),
        language=values.get("Language of publication", ""),
        metadata=values,
        spans=spans,
    )


def _credited(body: list[str]) -> tuple[list[str], dict[int, tuple[str, str]]]:
    """Return which of the last paragraphs are ProQuest's credit lines: "Credit: By A Writer", "Word count: 900"."""
    furniture = {}
    for number, paragraph in enumerate(body):
        if (
            re.match(
                r"(?i)^(?:credit|word count|copyright|caption|enlarge this image\.?|graph|photograph|"
                r"illustration)\b:?.{0,200}$",
                paragraph,
            )
            and number >= len(body) - 4
        ):
            furniture[number] = ("database-label", "a line of the newspaper database")
    return body, furniture


def newsbank(text: str) -> Iterator[Item]:
    """Yield the articles of a NewsBank export: headline, a line of outlet and date, labelled fields, the text, a
    record number."""
    start = 0
    pieces = []
    for last in NUMBER_AND_AFTER.finditer(text):
        pieces.append(text[start : last.end()])
        start = last.end()
    if re.search(r"\w{4}", text[start:]) and len(text[start:].split()) > 60:
        pieces.append(text[start:])
    for piece in pieces:
        yield attempted("NewsBank document", _newsbank_document, re.sub(RULE, "", piece))


def _newsbank_document(piece: str) -> Record | Refused:
    metadata: dict[str, str] = {}
    heading: list[str] = []
    body: list[str] = []
    for block in (b for b in re.split(r"\n[ \t]*\n", piece.replace("\r", "")) if b.strip()):
        rest: list[str] = []
        for line in block.split("\n"):
            match = re.match(r"^\s*(?P<label>[A-Z][A-Za-z()/ ]{2,22}):\s+(?P<value>.*)$", line)
            if match and match["label"].strip().casefold() in NEWSBANK_LABELS:
                metadata[match["label"].strip()] = plain(match["value"])
            elif re.match(r"(?i)^\s*(?:copyright|\(c\)|©)", line):
                metadata["Copyright"] = plain(line)
            else:
                rest.append(line)
        joined = plain(" ".join(rest))
        if not joined:
            continue
        dated = iso(joined)
        if (
            not body
            and len(heading) < 6
            and (
                len(joined.split()) <= 25
                and not re.search(r"[.?!][\"”]?$", joined)
                or dated
                and len(joined.split()) < 20
            )
            and not metadata.get("_body")
        ):
            heading += [plain(line) for line in rest if line.strip()]
        else:
            body += _paragraphs("\n".join(rest))
    place = next((i for i, line in enumerate(heading) if iso(line)), None)
    line = heading.pop(place) if place is not None else ""
    outlet = re.split(
        r"\s+[-–|•]\s+|\s*,?\s*(?=\b(?:January|February|March|April|May|June|July|August|September|October|November"
        r"|December)\b)",
        line,
    )[0]
    byline = metadata.get("Author", metadata.get("Author(s)", metadata.get("Byline", "")))
    if not byline and len(heading) > 1 and re.match(r"(?i)by\b|.{0,60}(?:staff|writer|correspondent)", heading[-1]):
        byline = heading.pop()
    outlet = metadata.get("Source", metadata.get("Publication", outlet)).strip(" ,-")
    title = metadata.get("Title", metadata.get("Headline", " ".join(heading[:1])))
    text, spans = composed(body)
    if not text:
        return Refused(f"the document has no text in it (“{title or 'without a title'}”)")
    number = metadata.get("Record Number", metadata.get("Record", metadata.get("Document Number", "")))
    if number:
        metadata["document_id"] = number
    return Record(
        text,
        title=title,
        byline=byline,
        dateline=metadata.get("Dateline", ""),
        published=metadata.get("Date", line),
        outlet=re.sub(r"\s*\(.*?\)$", lambda m: m[0], outlet),
        section=metadata.get("Section", ""),
        url=metadata.get("URL", ""),
        language=metadata.get("Language", ""),
        metadata=metadata,
        spans=spans,
    )


NEWSBANK_LABELS = {
    "author",
    "author(s)",
    "byline",
    "section",
    "page",
    "edition",
    "column",
    "source",
    "publication",
    "date",
    "record number",
    "record",
    "document number",
    "dateline",
    "readability",
    "correction",
    "memo",
    "index terms",
    "openurl link",
    "persistent link",
    "url",
    "language",
    "copyright",
    "title",
    "headline",
    "caption",
    "series",
    "location",
    "citation",
    "length",
    "article type",
}


def _paragraphs(text: str) -> list[str]:
    """Return paragraphs divided by blank lines; by every line break if there is none of these."""
    blocks = [plain(b) for b in re.split(r"\n[ \t]*\n", text) if b.strip()]
    lines = [plain(b) for b in text.split("\n") if b.strip()]
    if len(blocks) == 1 and len(lines) > 1 and max(len(line) for line in lines) > 110:
        return lines
    return blocks
