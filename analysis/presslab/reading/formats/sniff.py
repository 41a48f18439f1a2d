"""The kind of a file, by its content."""

from __future__ import annotations

import gzip
from pathlib import PurePosixPath
import re
from typing import Any
import zipfile
import zlib

from . import archives, factiva, iptc7901, mail, nexis, nexis_text, ninjs, proquest
from .record import ReaderError, Source, from_json
from .text import decode

HEAD = 262_144  # bytes that are looked at
ENDINGS = {
    ".csv": "csv",
    ".tsv": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".md": "markdown",
    ".html": "html",
    ".htm": "html",
    ".txt": "text",
}
ROOT = re.compile(r"<(?:[\w.-]{1,100}:)?(?P<name>[A-Za-z][\w.-]{0,100})")
ROOTS = {
    "nitf": "nitf", "newsml": "newsml", "newsmessage": "newsml", "newsitem": "newsml", "packageitem": "newsml",
    "rss": "feed", "feed": "feed", "rdf": "feed", "html": "html",
}  # fmt: skip


def kind(source: Source) -> str:
    """Return what a file is, by its content; only if that says nothing (plain text, CSV) by its name's ending.

    One of: nexis-docx, docx, rtf, nexis-text, nexis-html, nexis-lines, factiva-html, factiva-text, proquest,
    newsbank, iptc7901, nitf, newsml, ninjs, feed, mail, warc, zip, tar, gzip, xlsx, parquet, json-table, csv,
    jsonl, html, markdown, text, xml, json.
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
    return text_kind(text, ending)


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
    name = _root(start)
    if ROOTS.get(name, "html") != "html":
        return ROOTS[name]
    if factiva.is_factiva_html(start):
        return "factiva-html"
    if re.search(r">\s*\d+ of \d+ DOCUMENTS\s*<", start):
        return "nexis-html"
    if name == "html" or start[:200].lower().startswith("<!doctype html") or ending in (".html", ".htm"):
        return "html"
    return "xml" if start.startswith("<?xml") else ENDINGS.get(ending, "html")


def _root(text: str) -> str:
    """Return the name of the first element in lower case, without its prefix; what is in comments and instructions
    is passed over."""
    place = text.find("<")
    while place >= 0:
        mark = next((end for begin, end in (("<!--", "-->"), ("<?", "?>")) if text.startswith(begin, place)), "")
        if mark:
            place = text.find(mark, place + 2)
            if place < 0:
                break
        elif name := ROOT.match(text, place):
            return name["name"].lower()
        place = text.find("<", place + 1)
    return ""


def _json_kind(source: Source, start: str, ending: str) -> str:
    if ending in (".txt", ".md") and not start.startswith('{"') and not re.match(r"[\[{]\s*[\"{]", start):
        return ENDINGS[ending]
    try:
        value = parsed(source)
    except ReaderError:
        if _parses(start.split("\n", 1)[0]):
            return _lines_kind(start)
        if ninjs.begins(start):
            return "ninjs"  # its reader says that it is broken
        return ENDINGS.get(ending, "json")
    if ninjs.items(value):
        return "ninjs"
    if isinstance(value, dict) and {"id", "text"} <= set(value) and "\n" not in start.strip():
        return "jsonl"  # JSON lines of one line
    rows = isinstance(value, list) and value and all(isinstance(v, dict) for v in value)
    if rows and {"id", "text"} <= set(value[0]):
        return "json-table"
    return "json"


def _parses(line: str) -> bool:
    try:
        return isinstance(from_json(line), dict)
    except ValueError:
        return False


def _lines_kind(start: str) -> str:
    line = start.split("\n", 1)[0]
    first = from_json(line) if _parses(line) else None
    return "ninjs-lines" if isinstance(first, dict) and ninjs.is_item(first) and "text" not in first else "jsonl"


def text_kind(text: str, ending: str) -> str:
    """Return the kind of a text that is neither markup nor JSON; `ending` decides if it is no export."""
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
    if ending not in (".txt", ".md") and {"id", "text"} <= set(
        re.split(r"[,;\t]", text.split("\n", 1)[0].strip().replace('"', ""))
    ):
        return "csv"
    return "markdown" if ending == ".md" else "text"


def parsed(source: Source) -> Any:
    """Return what a JSON file holds. Raises ReaderError if it is broken."""
    try:
        return from_json(source.whole().decode("utf-8-sig", "replace"))
    except ValueError as error:
        raise ReaderError(f"broken JSON ({error}); is the file complete?") from error
