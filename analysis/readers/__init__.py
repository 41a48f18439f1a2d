"""One door to every format that researchers have: a file's kind is told by its content, its documents come as records.

`kind` looks at the first bytes, `documents` gives what is in the file, `normalised` turns raw dates, outlets and names
into one form and keeps the raw ones. `analysis.article.read` makes Articles out of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
import gzip
import json
from pathlib import PurePosixPath
import re
import zipfile
import zlib

from . import archives, factiva, feeds, iptc7901, mail, markup, newsml, nexis, nexis_text, ninjs, nitf, pages, proquest, tables, warc
from .dates import iso
from .bylines import joined, names
from .outlets import canonical
from .record import Announced, Item, ReaderError, Record, Refused, Skipped, Source
from .text import decode

HEAD = 262_144
DEEPEST = 3  # containers in containers
TABLES = {"csv", "jsonl", "parquet", "xlsx", "json-table"}
PLAIN = {"text", "markdown", "html"}  # kinds that are one article, whatever it looks like
CONTAINERS = {"zip", "tar", "gzip"}
ENDINGS = {".csv": "csv", ".tsv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".md": "markdown", ".html": "html", ".htm": "html", ".txt": "text"}
ROOTS = {
    "nitf": "nitf", "newsml": "newsml", "newsmessage": "newsml", "newsitem": "newsml", "packageitem": "newsml",
    "rss": "feed", "feed": "feed", "rdf": "feed", "html": "html",
}  # fmt: skip
LANGUAGES = {**factiva.LANGUAGES, "nederlands": "nl", "dutch; flemish": "nl", "eng": "en", "danish": "da", "swedish": "sv"}


@dataclass(frozen=True)
class Mismatch:
    """An export that announces another number of documents than were found in it."""

    announced: int
    found: int
    member: str = ""


@dataclass(frozen=True)
class Found:
    """One document: its kind, its place ("" where it is the file's only one, else a number, in an archive with the
    member's name before it), and the record or the reason why there is none."""

    kind: str
    place: str
    item: Record | Refused


def kind(source: Source) -> str:
    """What a file is, by its content; only where that says nothing (plain text, CSV) by its name's ending.

    One of: nexis-docx, docx, rtf, nexis-text, nexis-html, nexis-lines, factiva-html, factiva-text, proquest, newsbank, iptc7901, nitf, newsml,
    ninjs, feed, mail, warc, zip, tar, gzip, xlsx, parquet, json-table, csv, jsonl, html, markdown, text, xml, json.
    """
    head = source.head(HEAD)
    ending = PurePosixPath(source.name.replace("\\", "/")).suffix.lower()
    if head.startswith(b"PK\x03\x04") or head.startswith(b"PK\x05\x06"):
        return _zip_kind(source)
    if head.startswith(b"PAR1") or ending == ".parquet":
        return "parquet"
    if head.startswith(b"\x1f\x8b"):
        return _gzip_kind(source)
    if head[257:262] == b"ustar" or head.startswith((b"BZh", b"\xfd7zXZ\0")):
        return "tar"
    if head.startswith((b"WARC/", b"filedesc://")):
        return "warc"
    if head.startswith(b"{\\rtf"):
        return "rtf"
    text = decode(head[:-3] if len(head) == HEAD else head).removeprefix("\ufeff")
    start = text.lstrip()
    if ending in (".csv", ".tsv", ".jsonl", ".ndjson"):
        return _lines_kind(start) if ENDINGS[ending] == "jsonl" else "csv"
    if start.startswith("<"):
        return _markup_kind(start, ending)
    if start.startswith(("{", "[")):
        return _json_kind(source, start, ending)
    if mail.is_mail(head):
        return "mail"
    return _text_kind(text, ending)


def documents(source: Source, given: str = "", depth: int = 0) -> Iterator[Found | Mismatch | Announced | Skipped]:
    """Everything in a file, in its order. `given` is its kind where the caller knows it.

    Raises ReaderError where the file can't be read, or can't be read on; what came before has been given by then.
    """
    known = given or kind(source)
    if known in CONTAINERS:
        yield from _contained(source, known, depth)
        return
    announced: int | None = None
    first: Record | Refused | None = None
    found = 0
    try:
        for item in _items(source, known):
            if isinstance(item, Source):  # an attachment
                yield from _member(item, depth)
            elif isinstance(item, Announced):
                announced = max(announced or 0, item.count)
                yield item
            elif isinstance(item, Skipped):
                yield item
            else:
                found += 1
                if found == 1:  # waits for a second one: alone it needs no number
                    first = item
                    continue
                if found == 2:
                    yield Found(known, "001", first)
                yield Found(known, f"{found:03d}", item)
    except ReaderError:
        if found == 1:
            yield Found(known, "", first)
        raise
    if found == 1:
        yield Found(known, "", first)
    if announced is not None and announced != found:
        yield Mismatch(announced, found)


def normalised(record: Record) -> Record:
    """The record with ISO date, listed outlet name and names for byline; what was changed is kept in the metadata
    as `published_raw`, `outlet_raw`, `byline_raw`. `language` becomes an ISO 639-1 code or "".
    """
    metadata = dict(record.metadata)
    published = iso(record.published)
    outlet, edition = canonical(record.outlet)
    authors = names(record.byline)
    for name, raw, made in (("published", record.published, published), ("outlet", record.outlet, outlet), ("byline", record.byline, joined(authors))):
        if raw.strip() and raw.strip() != made:
            metadata[f"{name}_raw"] = raw.strip()
    if edition:
        metadata["edition"] = edition
    language = record.language.strip().casefold()
    code = LANGUAGES.get(language, language[:2] if re.fullmatch(r"[a-z]{2}(?:[-_].*)?", language) else "")
    section = re.sub(r"(?:\s*;)+\s*", "; ", re.sub(r"\s+", " ", record.section.replace("\xa0", " "))).strip(" ;")
    return replace(
        record, published=published, outlet=outlet, byline=joined(authors), authors=authors, language=code, section=section,
        title=markup.plain(record.title), dateline=markup.plain(record.dateline), metadata={k: v for k, v in metadata.items() if v},
    )  # fmt: skip


def _items(source: Source, known: str) -> Iterator[Item | Source]:
    """The items of a file that is no archive, by its kind."""
    if known in TABLES:
        yield from tables.documents(source, "json" if known == "json-table" else known)
    elif known == "warc":
        with source.open() as stream:
            yield from warc.documents(stream)
    elif known == "nexis-docx":
        yield from nexis.docx(source)
    elif known == "docx":
        paragraphs = [text for text, _ in nexis.docx_paragraphs(source)]
        yield from _unmarked("\n\n".join(line.strip() for p in paragraphs for line in p.split("\n") if line.strip()))
    elif known == "rtf":
        yield from _rtf(source)
    elif known == "mail":
        yield from mail.documents(source.whole())
    elif known in ("nitf", "newsml"):
        yield from {"nitf": nitf, "newsml": newsml}[known].documents(markup.tree(source.whole()))
    elif known == "feed":
        yield from feeds.documents(source.whole())
    elif known == "ninjs":
        yield from ninjs.documents(ninjs.items(_json(source)))
    elif known == "ninjs-lines":
        lines = [json.loads(line) for line in source.whole().decode("utf-8-sig", "replace").splitlines() if line.strip()]
        yield from ninjs.documents(ninjs.items(lines))
    elif known == "html":
        yield pages.document(source.whole())
    elif known in TEXTS:
        yield from TEXTS[known](decode(source.whole()))
    elif known in ("xml", "json"):
        source.whole()  # says where it is too large to be told
        raise ReaderError(f"{known.upper()} of a kind that presslab doesn't know (no NITF, NewsML, feed or ninjs); give the articles as a table")
    else:
        yield Record(decode(source.whole()), markdown=known == "markdown", whole=False)


TEXTS = {
    "nexis-text": nexis_text.documents, "nexis-html": nexis_text.from_html, "factiva-html": factiva.from_html, "factiva-text": factiva.from_text,
    "proquest": proquest.proquest, "newsbank": proquest.newsbank, "iptc7901": iptc7901.documents,
    "nexis-lines": lambda text: nexis.documents([(line, False) for line in text.replace("\r", "").split("\n")]),
}  # fmt: skip


def _unmarked(text: str) -> Iterator[Item]:
    """A text out of a word processor: an export saved there, else one article."""
    known = _text_kind(text, "")
    if known in TEXTS:
        yield from TEXTS[known](text)
    else:
        yield Record(text, whole=False)


def _rtf(source: Source) -> Iterator[Item]:
    from striprtf.striprtf import rtf_to_text

    try:
        text = rtf_to_text(decode(source.whole()), errors="replace")
    except (ValueError, IndexError, KeyError, LookupError, RecursionError) as error:
        raise ReaderError(f"broken RTF ({type(error).__name__}); save it anew") from error
    yield from _unmarked(text.replace("\xa0", " "))


def _contained(source: Source, known: str, depth: int) -> Iterator[Found | Mismatch | Announced | Skipped]:
    """The documents of an archive's members. A member that can't be read is refused; the others are read on."""
    if depth >= DEEPEST:
        raise ReaderError(f"archives in archives, more than {DEEPEST} deep; unpack it first")
    if known == "gzip":
        try:
            yield from documents(archives.gzip_member(source), depth=depth + 1)
        except archives.BROKEN as error:
            raise ReaderError(f"broken gzip ({error}); is the file complete?") from error
        return
    members = archives.zip_members(source) if known == "zip" else archives.tar_members(source)
    for member in members:
        path = PurePosixPath((member.name).replace("\\", "/"))
        if any(part.startswith((".", "__MACOSX")) and part not in (".", "..") for part in path.parts):
            continue
        if isinstance(member, Refused):
            yield Found(known, path.stem, replace(member, reason=f"{path.name}: {member.reason}"))
            continue
        yield from _member(member, depth)


def _member(member: Source, depth: int) -> Iterator[Found | Mismatch | Announced | Skipped]:
    path = PurePosixPath(member.name.replace("\\", "/"))
    found = False
    try:
        for item in documents(member, depth=depth + 1):
            found = True
            if isinstance(item, Found):
                named = replace(item, place=_joined(path.stem, item.place))
                if isinstance(item.item, Record):
                    named = replace(named, item=replace(item.item, metadata={**item.item.metadata, "member": _within(member.name, item.item.metadata)}))
                yield named
            elif isinstance(item, Mismatch):
                yield replace(item, member=path.name)
            else:
                yield item
    except (ReaderError, *archives.BROKEN) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        yield Found("file", _joined(path.stem, "rest" if found else ""), Refused(f"{path.name}: {reason}"))


def _within(member: str, metadata: dict[str, str]) -> str:
    return f"{member}/{metadata['member']}" if "member" in metadata else member


def _joined(*parts: str) -> str:
    return "-".join(filter(None, parts))


def _zip_kind(source: Source) -> str:
    try:
        with source.open() as stream, zipfile.ZipFile(stream) as archive:
            inside = set(archive.namelist())
    except archives.BROKEN:
        return "zip"  # its reader says what is wrong
    if "word/document.xml" in inside:
        try:
            lines = [text for text, _ in nexis.docx_paragraphs(source)]
        except ReaderError:
            return "docx"
        return "nexis-docx" if nexis.is_nexis(lines) else "docx"
    return "xlsx" if "xl/workbook.xml" in inside else "zip"


def _gzip_kind(source: Source) -> str:
    try:
        with source.open() as stream, gzip.GzipFile(fileobj=stream) as inner:
            head = inner.read(512)
    except (OSError, EOFError, zlib.error):
        return "gzip"
    return "warc" if head.startswith((b"WARC/", b"filedesc://")) else "tar" if head[257:262] == b"ustar" else "gzip"


def _markup_kind(start: str, ending: str) -> str:
    root = re.search(r"<(?![?!])(?:[\w.-]+:)?(?P<name>[A-Za-z][\w.-]*)", re.sub(r"(?s)<!--.*?-->|<\?.*?\?>", "", start))
    name = root["name"].lower() if root else ""
    if ROOTS.get(name, "html") != "html":
        return ROOTS[name]
    if factiva.is_factiva_html(start):
        return "factiva-html"
    if re.search(r">\s*\d+ of \d+ DOCUMENTS\s*<", start):
        return "nexis-html"
    if name == "html" or start[:200].lower().startswith("<!doctype html") or ending in (".html", ".htm"):
        return "html"
    return "xml" if start.startswith("<?xml") else ENDINGS.get(ending, "html")


def _json_kind(source: Source, start: str, ending: str) -> str:
    if ending in (".txt", ".md") and not start.startswith('{"') and not re.match(r"[\[{]\s*[\"{]", start):
        return ENDINGS[ending]
    try:
        value = _json(source)
    except ReaderError:
        if _parses(start.split("\n", 1)[0]):
            return _lines_kind(start)
        return ENDINGS.get(ending, "json")
    if ninjs.items(value):
        return "ninjs"
    rows = isinstance(value, list) and value and all(isinstance(v, dict) for v in value)
    if rows and {"id", "text"} <= set(value[0]):
        return "json-table"
    return "json"


def _parses(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _lines_kind(start: str) -> str:
    line = start.split("\n", 1)[0]
    first = json.loads(line) if _parses(line) else None
    return "ninjs-lines" if isinstance(first, dict) and ninjs.is_item(first) and "text" not in first else "jsonl"


def _json(source: Source):
    try:
        return json.loads(source.whole().decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError) as error:
        raise ReaderError(f"broken JSON ({error}); is the file complete?") from error


def _text_kind(text: str, ending: str) -> str:
    if ending in (".html", ".htm"):
        return "factiva-html" if factiva.is_factiva_html(text) else "html"
    if iptc7901.is_wire(text):
        return "iptc7901"
    if nexis_text.is_nexis(text):
        return "nexis-text"
    if proquest.is_proquest(text):
        return "proquest"
    if factiva.is_factiva_text(text):
        return "factiva-text"
    if proquest.is_newsbank(text):
        return "newsbank"
    if nexis.is_nexis(text.splitlines()):
        return "nexis-lines"
    if ending not in (".txt", ".md") and {"id", "text"} <= set(re.split(r"[,;\t]", text.split("\n", 1)[0].strip().replace('"', ""))):
        return "csv"
    return "markdown" if ending == ".md" else "text"
