"""Nexis Advance, Nexis Uni and LexisNexis exports as DOCX or RTF: paragraphs → records."""

from __future__ import annotations

from collections.abc import Callable, Iterator
import io
import re

from lxml import etree

from .dates import iso
from .record import Announced, Item, ReaderError, Record, Refused, Source, attempted
from .story import composed, unwrapped

END = re.compile(r"(?i)^end of document$")
LABELS = {
    "section", "length", "byline", "dateline", "highlight", "series", "distribution", "edition", "column", "graphic",
    "language", "publication-type", "publication type", "subject", "company", "organization", "organisation", "person",
    "geographic", "industry", "ticker", "load-date", "load date", "correction-date", "journal code", "journal-code",
    "url", "document-type", "document type", "isbn", "issn", "country", "city", "state", "copyright", "headline",
    "headline-2", "type", "notes", "source", "website", "acc-no", "dc-load-date", "content type", "abstract", "contact",
    "keyword", "update", "category", "author", "pub-type", "circulation", "wire", "slug", "version", "page",
}  # fmt: skip
HEADINGS = {
    "graphic",
    "correction",
    "classification",
    "notes",
    "references",
    "load-date",
    "abstract",
    "full text",
    "body",
}
LABELLED = re.compile(r"^(?P<label>[A-Z][A-Za-z0-9 /-]{1,24}?):(?P<nbsp>\xa0)?\s*(?P<value>.*)$", re.DOTALL)
COVER = re.compile(
    r"(?i)^(user name:|date and time:|job number:|documents? \(\d+\)$|client/matter:|search terms:|search type:|"
    r"narrowed by:|content type\b|about lexisnexis|\|?\s*about lexisnexis|privacy policy|terms (&|and) conditions|"
    r"copyright ©.*lexisnexis|news\s+(sources|publication|timeline|quellen)\b|(sources|quellen|timeline|"
    r"publication name|language|location by publication):|news$|delivery (date|details)|page \d+ of \d+|"
    r"results? list|download request|time of request|[\w ]*: -none-)"
)
CORRECTED = re.compile(r"\s*[-–—;]?\s*correction appended\s*$", re.IGNORECASE)


def docx(source: Source) -> Iterator[Item]:
    """Yield the documents of a Nexis DOCX."""
    yield from documents(docx_paragraphs(source))


def docx_paragraphs(source: Source) -> list[tuple[str, bool]]:
    """Return the text of each paragraph (line breaks kept, tables left out), and whether Nexis marked it as a
    document's start."""
    import docx as library
    from docx.oxml.ns import qn

    from .archives import checked_zip

    raw = source.whole()
    checked_zip(io.BytesIO(raw))
    try:
        body = library.Document(io.BytesIO(raw)).element.body
    except Exception as error:  # python-docx lets through whatever zipfile, lxml and its own lookups raise
        raise ReaderError(
            f"broken DOCX ({type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}); save it again"
        ) from error
    lines = []
    for element in body:
        if element.tag == qn("w:tbl"):
            lines += [(text, False) for cell in element.iter(qn("w:p")) if (text := _text(cell, qn)).strip()]
            continue
        marks = [b.get(qn("w:name"), "") for b in element.iter(qn("w:bookmarkStart"))]
        lines.append((_text(element, qn), any(re.fullmatch(r"Bookmark_\d+", mark) for mark in marks)))
    return lines


def _text(paragraph: etree._Element, qn: Callable[[str], str]) -> str:
    breaks = {qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:tab"): "\t", qn("w:noBreakHyphen"): "-"}
    pieces = []
    for e in paragraph.iter():
        if e.tag == qn("w:t"):
            pieces.append(e.text or "")
        elif e.tag in breaks and e.getparent().tag == qn("w:r"):
            pieces.append(breaks[e.tag])
    return "".join(pieces)


def is_nexis(lines: list[str]) -> bool:
    """Return whether paragraphs come from a Nexis export: documents that end with its mark, or its labels around a
    body."""
    plain = [line.strip() for line in lines]
    return any(END.match(line) for line in plain) or (
        sum(bool(re.match(r"(?i)^(section|length|byline|load-date|highlight):", line)) for line in plain) >= 2
        and any(line.casefold() in ("body", "classification") for line in plain)
    )


def documents(paragraphs: list[tuple[str, bool]]) -> Iterator[Item]:
    """Yield records out of an export's paragraphs; `True` marks where a document starts, if that is known."""
    pieces = _pieces(paragraphs)
    count = next(
        (
            int(m[1].replace(",", ""))
            for text, _ in paragraphs[:200]
            if (m := re.fullmatch(r"(?i)documents? \((\d[\d,]*)\)", text.strip()))
        ),
        None,
    )
    listed = (
        _numbered([text for text, _ in paragraphs[: paragraphs.index(pieces[0][0])]]) if pieces and pieces[0] else 0
    )
    if count or listed:
        yield Announced(count or listed)
    for piece in pieces:
        yield attempted("Nexis document", _document, [text for text, _ in piece])


def _pieces(paragraphs: list[tuple[str, bool]]) -> list[list[tuple[str, bool]]]:
    starts = [i for i, (_, start) in enumerate(paragraphs) if start]
    if starts:
        return [paragraphs[a:b] for a, b in zip(starts, [*starts[1:], len(paragraphs)])]
    ends = [i for i, (text, _) in enumerate(paragraphs) if END.match(text.strip())]
    bounds = [0, *(i + 1 for i in ends)]
    if any(text.strip() for text, _ in paragraphs[bounds[-1] :]):
        ends.append(len(paragraphs) - 1)
    pieces = [paragraphs[a : b + 1] for a, b in zip(bounds, ends)]
    if pieces:
        story = next(
            (i for i, (text, _) in enumerate(pieces[0]) if re.match(r"(?i)(length:|body$)", text.strip())),
            len(pieces[0]),
        )
        cover = [i for i, (text, _) in enumerate(pieces[0][:story]) if COVER.match(text.strip())]
        pieces[0] = pieces[0][cover[-1] + 1 :] if cover else pieces[0]
    return [piece for piece in pieces if any(re.search(r"\w", text) for text, _ in piece)]


def _numbered(cover: list[str]) -> int:
    """Return the last number of the cover page's list "1. …, 2. …", if it counts without a gap."""
    last = 0
    for line in cover:
        match = re.match(r"\s*(\d+)\.\s", line)
        if match and int(match[1]) == last + 1:
            last += 1
    return last


def _document(lines: list[str]) -> Record | Refused:
    metadata: dict[str, str] = {}
    head, rest = _head(lines, metadata)
    body, furniture = _body(rest, metadata)
    title, outlet, edition, published = _heading(head, metadata)
    shown = CORRECTED.sub("", title)
    if shown != title:
        metadata["Correction appended"] = "yes"
    if edition:
        metadata["Edition"] = edition
    if not iso(published) and metadata.get("Load-Date"):
        metadata["published_from"] = "Load-Date: the export has no date of publication"
        published = metadata["Load-Date"]
    links = [body[i] for i in furniture if re.match(r"https?://[^/\s]+/\S", body[i])]
    # "By A; B contributed" stands in one field; a second line under it (a note on the author) is not the byline
    byline = metadata.get("Byline", "").split("\n")[0]
    if body and byline and body[-1].casefold() == byline.casefold():
        furniture[len(body) - 1] = ("byline", "the author's line")
    text, spans = composed(*unwrapped(body, furniture))
    if not text:
        return Refused(f"the document has no text in it (“{shown or 'without a title'}”)")
    return Record(
        text,
        title=shown,
        byline=byline,
        dateline=metadata.get("Dateline", ""),
        published=published,
        outlet=outlet,
        section=metadata.get("Section", ""),
        url=metadata.get("Url", links[-1] if links else ""),
        language=metadata.get("Language", "").split(";")[0],
        metadata=metadata,
        spans=spans,
    )


def _head(lines: list[str], metadata: dict[str, str]) -> tuple[list[str], list[str]]:
    """Return the lines before the labelled fields, and what follows them; the fields go to `metadata`."""
    head: list[str] = []
    label = ""
    for number, line in enumerate(lines):
        text = line.strip()
        match = LABELLED.match(text)
        if text.casefold() == "body":
            return head, lines[number + 1 :]
        if re.match(r"(?i)copyright\b|©|\(c\) ?\d{4}", text) and len(head) > 1:
            metadata.setdefault("Copyright", _plain(text))
            label = "Copyright"
        elif match and len(head) > 1 and (match["nbsp"] or match["label"].casefold() in LABELS):
            label = match["label"].strip().replace("URL", "Url")
            metadata[label] = _plain(match["value"])
        elif label and text:
            if label != "Copyright" and not any(line.strip().casefold() == "body" for line in lines[number:]):
                return head, lines[number:]
            metadata[label] += "\n" + _plain(text)
        elif text:
            head.append(text)
    return head, []


def _body(lines: list[str], metadata: dict[str, str]) -> tuple[list[str], dict[int, tuple[str, str]]]:
    """Return the story's paragraphs, and which of them the database put there; fields after the body go to
    `metadata`."""
    body: list[str] = []
    furniture: dict[int, tuple[str, str]] = {}
    part = "body"
    for line in lines:
        text = line.strip()
        match = LABELLED.match(text)
        if END.match(text):
            break
        if text.casefold() in HEADINGS - {"body", "abstract", "full text"} and (
            line.startswith("\n") or part != "body" or len(text) < 15
        ):
            part = text.capitalize()
        elif text.casefold() in ("abstract", "full text") and part in ("body", "Abstract"):
            if text.isupper() or part == "Abstract":
                part = "Abstract" if text.casefold() == "abstract" else "body"
            else:
                body.append(_plain(text))
        elif (
            match and (match["nbsp"] or line.startswith("\n") or part != "body") and match["label"].casefold() in LABELS
        ):
            metadata[match["label"]] = _plain(match["value"])
            part = part if part != "body" else "Classification"
        elif text and part == "body":
            for piece in re.split(r"\n+", text):
                if line.startswith("\n"):
                    furniture[len(body)] = ("database-label", "a line of the newspaper database")
                body.append(_plain(piece))
        elif text:
            metadata[part] = f"{metadata[part]}\n{_plain(text)}" if part in metadata else _plain(text)
    return body, furniture


def _heading(head: list[str], metadata: dict[str, str]) -> tuple[str, str, str, str]:
    """Return title, outlet, edition and date (raw) out of the lines above the labelled fields."""
    dated = next((i for i, line in enumerate(head) if i > 0 and iso(line) and len(line) < 120), None)
    above = head[:dated] if dated is not None else [line for line in head if not CORRECTED.fullmatch(line)]
    title = metadata.get("Headline", "") or _plain(above[0] if above else "")
    named = [line for line in above[1:] if not line.startswith("(")]
    # the outlet stands right above the date; a title of several paragraphs ends before it
    outlet = named[-1] if dated is not None and named else named[0] if named else ""
    if len(named) > 1 and dated is not None:
        title = _plain(" ".join([title, *named[:-1]]))
    blog = next((line for line in above[1:] if line.startswith("(")), "")
    published = head[dated] if dated is not None else ""
    edition = re.sub(
        r"^.*?\d{4}(?:,? *(?:mon|tues|wednes|thurs|fri|satur|sun)day)?", "", published, flags=re.IGNORECASE
    )
    edition = re.sub(r"\b\d{1,2}:\d{2}.*$", "", edition).strip(" ,;")
    return title, f"{outlet} {blog}".strip(), edition, published


def _plain(text: str) -> str:
    return re.sub(r"[ \t\xa0\n]+", " ", text).strip()
