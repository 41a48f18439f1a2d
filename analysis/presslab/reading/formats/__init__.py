"""One door to every format that researchers have: a file's kind is reported by its content, its documents come as
records.

`kind` looks at the first bytes, `documents` gives what is in the file, `normalised` turns raw dates, outlets and
names into one form and keeps the raw ones. `presslab.reading.read.read` makes Articles out of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
import re

from . import (
    archives,
    factiva,
    feeds,
    iptc7901,
    mail,
    markup,
    newsml,
    nexis,
    nexis_text,
    ninjs,
    nitf,
    pages,
    proquest,
    tables,
    warc,
)
from .bylines import joined, names
from .dates import iso
from .outlets import canonical
from .record import (
    LARGEST_PAGE,
    Announced,
    Item,
    ReaderError,
    Record,
    Refused,
    Skipped,
    Source,
    in_words,
)
from .sniff import kind, parsed, text_kind
from .text import decode

LONGEST_FIELD = 4000  # characters of a date, an outlet, a byline
DEEPEST = 3  # containers in containers
TABLES = {"csv", "jsonl", "parquet", "xlsx", "json-table"}
PLAIN = {"text", "markdown", "html"}  # kinds that are one article, whatever it looks like
CONTAINERS = {"zip", "tar", "gzip"}
LANGUAGES = {
    **factiva.LANGUAGES,
    "nederlands": "nl",
    "dutch; flemish": "nl",
    "eng": "en",
    "danish": "da",
    "swedish": "sv",
}


@dataclass(frozen=True)
class Mismatch:
    """An export that announces another number of documents than were found in it."""

    announced: int
    found: int
    member: str = ""


@dataclass(frozen=True)
class Found:
    """One document: its kind, its place ("" if it is the file's only one, otherwise a number, in an archive with the
    member's name before it), and the record or the reason why there is none."""

    kind: str
    place: str
    item: Record | Refused


def documents(source: Source, expected: str = "", depth: int = 0) -> Iterator[Found | Mismatch | Announced | Skipped]:
    """Yield everything in a file, in its order. `expected` is its kind if the caller knows it.

    Raises whatever a reader or its library raises if the file can't be read, or can't be read on; what came
    before has been given by then.
    """
    file_kind = expected or kind(source)
    if file_kind in PLAIN and source.size > LARGEST_PAGE:
        raise ReaderError(f"too large for one article ({source.size / 1e6:.0f} MB)")
    if file_kind in CONTAINERS:
        yield from _contained(source, file_kind, depth)
        return
    announced: int | None = None
    first: Record | Refused | None = None
    number = 0
    try:
        for item in _items(source, file_kind):
            if isinstance(item, Source):  # an attachment
                yield from _member(item, depth)
            elif isinstance(item, Announced):
                announced = max(announced or 0, item.count)
                yield item
            elif isinstance(item, Skipped):
                yield item
            else:
                number += 1
                if number == 1:  # waits for a second one: alone it needs no number
                    first = item
                    continue
                if first is not None:
                    yield Found(file_kind, "001", first)
                    first = None
                yield Found(file_kind, f"{number:03d}", item)
    except Exception:
        if first is not None:
            yield Found(file_kind, "", first)
        raise
    if first is not None:
        yield Found(file_kind, "", first)
    if announced is not None and announced != number:
        yield Mismatch(announced, number)


def normalised(record: Record) -> Record:
    """Return the record with ISO date, listed outlet name and names for byline; what was changed is kept in the
    metadata as `published_raw`, `outlet_raw`, `byline_raw`. `language` becomes an ISO 639-1 code or "".
    """
    metadata = dict(record.metadata)
    record = replace(
        record,
        **{
            name: getattr(record, name)[:LONGEST_FIELD]
            for name in ("published", "outlet", "byline", "section", "language")
        },
    )
    published = iso(record.published)
    outlet, edition = canonical(record.outlet)
    authors = names(record.byline)
    for name, raw, made in (
        ("published", record.published, published),
        ("outlet", record.outlet, outlet),
        ("byline", record.byline, joined(authors)),
    ):
        if raw.strip() and raw.strip() != made:
            metadata[f"{name}_raw"] = raw.strip()
    if edition:
        metadata["edition"] = edition
    language = record.language.strip().casefold()
    code = LANGUAGES.get(language, language[:2] if re.fullmatch(r"[a-z]{2}(?:[-_].*)?", language) else "")
    section = re.sub(r"(?:\s*;)+\s*", "; ", re.sub(r"\s+", " ", record.section.replace("\xa0", " "))).strip(" ;")
    return replace(
        record,
        published=published,
        outlet=outlet,
        byline=joined(authors),
        authors=authors,
        language=code,
        section=section,
        title=markup.plain(record.title),
        dateline=markup.plain(record.dateline),
        metadata={k: v for k, v in metadata.items() if v},
    )


def _items(source: Source, file_kind: str) -> Iterator[Item | Source]:
    """Yield the items of a file that is no archive, by its kind."""
    if file_kind in TABLES:
        yield from tables.documents(source, "json" if file_kind == "json-table" else file_kind)
    elif file_kind in READERS:
        yield from READERS[file_kind](source)
    elif file_kind in TEXTS:
        yield from TEXTS[file_kind](decode(source.whole()))
    elif file_kind in ("xml", "json"):
        source.whole()  # says where it is too large to be told
        raise ReaderError(
            f"{file_kind.upper()} of a kind that presslab doesn't know (not NITF, NewsML, a feed or ninjs); give the"
            " articles as a table"
        )
    else:
        yield Record(decode(source.whole(LARGEST_PAGE)), markdown=file_kind == "markdown", whole=False)


def _warc(source: Source) -> Iterator[Item]:
    with source.open() as stream:
        yield from warc.documents(stream)


def _docx(source: Source) -> Iterator[Item]:
    """Yield the articles of a document of Word: each line a paragraph."""
    paragraphs = [text for text, _ in nexis.docx_paragraphs(source)]
    yield from _unmarked("\n\n".join(line.strip() for p in paragraphs for line in p.split("\n") if line.strip()))


# What reads a file of a kind, by kind; files of TEXTS are decoded first.
READERS: dict[str, Callable[[Source], Iterable[Item | Source]]] = {
    "warc": _warc,
    "nexis-docx": nexis.docx,
    "docx": _docx,
    "rtf": lambda source: _rtf(source),
    "mail": lambda source: mail.documents(source.whole()),
    "nitf": lambda source: nitf.documents(markup.tree(source.whole())),
    "newsml": lambda source: newsml.documents(markup.tree(source.whole())),
    "feed": lambda source: feeds.documents(source.whole()),
    "ninjs": lambda source: ninjs.documents(ninjs.items(parsed(source))),
    "ninjs-lines": lambda source: ninjs.lines(source.whole().decode("utf-8-sig", "replace")),
    "html": lambda source: [pages.document(source.whole(LARGEST_PAGE))],
}
TEXTS = {
    "nexis-text": nexis_text.documents,
    "nexis-html": nexis_text.from_html,
    "factiva-html": factiva.from_html,
    "factiva-text": factiva.from_text,
    "proquest": proquest.proquest,
    "newsbank": proquest.newsbank,
    "iptc7901": iptc7901.documents,
    "nexis-lines": lambda text: nexis.documents([(line, False) for line in text.replace("\r", "").split("\n")]),
}


def _unmarked(text: str) -> Iterator[Item]:
    """Yield a text out of a word processor: an export saved there, otherwise one article."""
    its_kind = text_kind(text, "")
    if its_kind in TEXTS:
        yield from TEXTS[its_kind](text)
    else:
        yield Record(text, whole=False)


def _rtf(source: Source) -> Iterator[Item]:
    from striprtf.striprtf import rtf_to_text

    yield from _unmarked(rtf_to_text(decode(source.whole()), errors="replace").replace("\xa0", " "))


def _contained(source: Source, file_kind: str, depth: int) -> Iterator[Found | Mismatch | Announced | Skipped]:
    """Yield the documents of an archive's members. A member that can't be read is refused; the others are read on."""
    if depth >= DEEPEST:
        raise ReaderError(f"archives in archives, more than {DEEPEST} deep; unpack it first")
    if file_kind == "gzip":
        try:
            yield from documents(archives.gzip_member(source), depth=depth + 1)
        except archives.BROKEN as error:
            raise ReaderError(f"broken gzip ({error}); is the file complete?") from error
        return
    members = archives.zip_members(source) if file_kind == "zip" else archives.tar_members(source)
    used: set[str] = set()
    for member in members:
        path = PurePosixPath((member.name).replace("\\", "/"))
        if any(part.startswith((".", "__MACOSX")) and part not in (".", "..") for part in path.parts):
            continue
        if isinstance(member, Refused):
            yield Found(file_kind, path.stem, replace(member, reason=f"{path.name}: {member.reason}", name=""))
            continue
        # 001.txt of another folder is another article: the first keeps the short name, whatever comes behind it
        place = next(
            (
                name
                for name in (path.stem, path.as_posix().removesuffix(path.suffix), path.as_posix())
                if name not in used
            ),
            path.as_posix(),
        )
        used.add(place)
        yield from _member(member, depth, place)


def _member(member: Source, depth: int, place: str = "") -> Iterator[Found | Mismatch | Announced | Skipped]:
    path = PurePosixPath(member.name.replace("\\", "/"))
    place = place or path.stem
    found = False
    try:
        for item in documents(member, depth=depth + 1):
            found = True
            if isinstance(item, Found):
                named = replace(item, place=_joined(place, item.place))
                if isinstance(item.item, Record):
                    named = replace(
                        named,
                        item=replace(
                            item.item,
                            metadata={**item.item.metadata, "member": _within(member.name, item.item.metadata)},
                        ),
                    )
                yield named
            elif isinstance(item, Mismatch):
                yield replace(item, member=path.name)
            else:
                yield item
    except Exception as error:  # a member, as `attempted` does it for a document
        yield Found("file", _joined(place, "rest" if found else ""), Refused(f"{path.name}: {in_words(error, '')}"))


def _within(member: str, metadata: dict[str, str]) -> str:
    return f"{member}/{metadata['member']}" if "member" in metadata else member


def _joined(*parts: str) -> str:
    return "-".join(filter(None, parts))
