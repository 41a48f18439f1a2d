"""Which stretches of articles a folder holds, however they are packed: every file is taken apart down to its words."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
import csv
import gzip
import html
import io
import json
from pathlib import Path
import re
import sqlite3
import tempfile
from urllib.parse import unquote
import zipfile
import zlib

import pyarrow.parquet

ROW = 8  # words in a row that are a stretch of text
TERM = 3  # words
PACKED = re.compile(rb"[A-Za-z0-9+/_-]{60,}={0,2}")
BADGE = re.compile(r'<a class="who.*?</a>', re.DOTALL)  # the number of a source, inside its words


def words(text: str) -> list[str]:
    """The words of a text, in lower case: quotation marks, apostrophes and everything else divides them."""
    return re.findall(r"\w+", text.lower())


def rows(found: list[str], length: int = ROW) -> Iterator[tuple[str, ...]]:
    """Each run of so many words."""
    return zip(*(found[i:] for i in range(length)))


def stretches(
    folder: Path, bodies: Iterable[str], known: Iterable[str] = (), length: int = ROW
) -> dict[str, set[tuple[str, ...]]]:
    """For each file of a folder (hidden ones too) that has some, the runs of `length` words of one of `bodies`, those
    that are also in a text of `known` (headlines) apart."""
    wanted = {row for body in bodies for row in rows(words(body), length)}
    wanted -= {row for text in known for row in rows(words(text), length)}
    firsts = {row[0] for row in wanted}
    looked_at: dict[str, set[tuple[str, ...]]] = {}  # by text: the same one lies in many files

    def of(text: str) -> set[tuple[str, ...]]:
        if len(text) < 2 * length - 1:  # so many words of a letter
            return set()
        if text not in looked_at:
            said = words(text)
            starts = (place for place, word in enumerate(said) if word in firsts)
            looked_at[text] = {row for place in starts if (row := tuple(said[place : place + length])) in wanted}
        return looked_at[text]

    found: dict[str, set[tuple[str, ...]]] = {}
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        here = set().union(*map(of, texts(path.read_bytes())))
        if here:
            found[path.relative_to(folder).as_posix()] = here
    return found


def texts(raw: bytes, depth: int = 0) -> Iterator[str]:
    """Every reading of some bytes as text: as they are, without tags, unescaped, out of JSON, CSV, Parquet, SQLite,
    archives and whatever is packed inside."""
    if depth > 6 or not raw:
        return
    for inner in unpacked(raw):
        yield from inner if not isinstance(inner, bytes) else texts(inner, depth + 1)
    text = raw.decode("utf-8", "replace")
    if text.count("\ufffd") > len(text) / 4:
        return
    yield from readings(text)
    for match in PACKED.finditer(raw):
        for decode in (base64.b64decode, base64.urlsafe_b64decode):
            try:
                yield from texts(decode(match[0] + b"=" * (-len(match[0]) % 4)), depth + 1)
            except ValueError:
                continue


def readings(text: str, depth: int = 0) -> Iterator[str]:
    """A text as it is, and after each way of writing it is undone."""
    yield text
    if "<" in text:
        for plain in (text, BADGE.sub("", text)):
            yield re.sub(r"<[^>]*>", " ", plain)
            yield re.sub(r"<[^>]*>", "", plain)
            yield re.sub(r"</?(?:u|b|i|em|span|a|small|strong)\b[^>]*>", "", plain)
    if depth > 3:
        return
    undone = {html.unescape(text), unquote(text), *strings(text), *columns(text)} - {text}
    for other in undone:
        yield from readings(other, depth + 1)


def strings(text: str) -> set[str]:
    """All strings of a JSON text, or of JSON lines; each alone, and all together."""
    found: list[str] = []

    def walk(value: object) -> None:
        if isinstance(value, str):
            found.append(value)
        elif isinstance(value, dict):
            for key, inner in value.items():
                walk(key)
                walk(inner)
        elif isinstance(value, list):
            if all(isinstance(v, str) for v in value):
                found.append("".join(value))
            for inner in value:
                walk(inner)

    if text.lstrip()[:1] not in ("{", "["):
        return set()
    for part in (text, *text.splitlines()):
        try:
            walk(json.loads(part))
        except ValueError:
            continue
        if part is text:
            break
    return {*found, "\n".join(found)}


def columns(text: str) -> set[str]:
    """Each column of a CSV text, read from its first row to its last."""
    head = text[: text.find("\n")] if "\n" in text else ""
    if "," not in head or "<" in head or len(head) > 2000:
        return set()
    try:
        table = list(csv.reader(io.StringIO(text, newline="")))
    except csv.Error:
        return set()
    width = max(map(len, table))
    return {terms(row[i] for row in table if len(row) > i) for i in range(width)} if width < 100 else set()


def terms(cells: Iterable[str]) -> str:
    """The cells of a column that hold a word or a few, one after the other: an article could be cut into them."""
    return " ".join(cell if len(words(cell)) <= TERM else "0" for cell in cells)


def unpacked(raw: bytes) -> Iterator[bytes | list[str]]:
    """What lies packed in some bytes: members of an archive, pages of a database, columns of a Parquet file."""
    if raw[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            for entry in archive.infolist():
                yield entry.filename.encode()
                yield archive.read(entry)
    elif raw[:4] == b"PAR1":
        for column in pyarrow.parquet.read_table(io.BytesIO(raw)).columns:
            cells = [str(value) for value in column.to_pylist() if isinstance(value, str)]
            yield [*cells, terms(cells)]
    elif raw[:2] == b"\x1f\x8b":
        yield gzip.decompress(raw)
    elif raw[:1] == b"\x78":
        try:
            yield zlib.decompress(raw)
        except zlib.error:
            return
    elif raw[:15] == b"SQLite format 3":
        yield from deleted(raw)
        with tempfile.TemporaryDirectory() as place:
            path = Path(place) / "copy.sqlite"
            path.write_bytes(raw)
            store = sqlite3.connect(path)
            for (name,) in store.execute("select name from sqlite_master where type = 'table'").fetchall():
                for row in store.execute(f'select * from "{name}"'):
                    for value in row:
                        yield value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")
            store.close()


def deleted(raw: bytes) -> Iterator[bytes]:
    """What is packed anywhere in a database, on pages that no longer belong to a table too."""
    for match in re.finditer(rb"\x78[\x01\x5e\x9c\xda]", raw):
        stream, found = zlib.decompressobj(), b""
        try:
            for at in range(match.start(), min(len(raw), match.start() + 200_000), 64):
                found += stream.decompress(raw[at : at + 64])
        except zlib.error:
            pass
        if len(found) > 200:
            yield found
