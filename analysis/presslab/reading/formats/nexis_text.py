"""LexisNexis text exports ("3 of 10 DOCUMENTS") → records. Labels in English, Dutch, German and French."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
import re

from lxml import etree, html

from .dates import iso
from .markup import paragraphs
from .nexis import CORRECTED
from .record import Announced, Item, Record, Refused, attempted
from .story import composed

MARK = re.compile(
    r"(?im)^[ \t\ufeff]*(?:document\s+|dokument\s+)?([\d,]+)\s+(?:of|von|van|de|sur)\s+(\d[\d,]*)(?:\s+(?:documents?|"
    r"dokumenten?|documenten))?[ \t]*\r?$"
)
FIELDS = {  # label in an export → our field; everything is kept in the metadata as well
    "byline": "byline",
    "auteur": "byline",
    "autor": "byline",
    "author": "byline",
    "headline": "title",
    "kop": "title",
    "überschrift": "title",
    "titre": "title",
    "titel": "title",
    "section": "section",
    "sectie": "section",
    "rubrik": "section",
    "rubrique": "section",
    "ressort": "section",
    "language": "language",
    "taal": "language",
    "sprache": "language",
    "langue": "language",
    "dateline": "dateline",
    "url": "url",
}
AFTER = {
    "load-date",
    "language",
    "taal",
    "sprache",
    "langue",
    "graphic",
    "graphics",
    "publication-type",
    "publication type",
    "pub-type",
    "journal-code",
    "journal code",
    "subject",
    "company",
    "organization",
    "person",
    "geographic",
    "industry",
    "ticker",
    "correction",
    "correction-date",
    "update",
    "notes",
    "isbn",
    "issn",
    "document-type",
    "update-date",
    "load date",
    "update date",
    "copyright",
    "type",
    "url",
    "country",
    "state",
    "city",
    "acc-no",
    "dc-load-date",
    "publicatietype",
    "publikationstyp",
}
BEFORE = {
    "byline",
    "auteur",
    "autor",
    "author",
    "section",
    "sectie",
    "rubrik",
    "rubrique",
    "ressort",
    "length",
    "lengte",
    "länge",
    "longueur",
    "headline",
    "kop",
    "überschrift",
    "titre",
    "titel",
    "dateline",
    "highlight",
    "series",
    "distribution",
    "edition",
    "source",
    "column",
    "abstract",
    "tekst",
    "body",
    "text",
    "texte",
    "contact",
    "guest",
    "host",
    "guests",
    "show",
}
BODY_LABELS = {"tekst", "body", "text", "texte"}
LABEL = re.compile(r"^(?P<label>[A-ZÄÖÜ][A-ZÄÖÜ -]{2,20}):[ \t]*(?P<value>.*)$")


def is_nexis(text: str) -> bool:
    """Return whether a text has the line that stands above each document of such an export, and a label after it."""
    match = MARK.search(text)
    labels = r"(?m)^(?:LENGTH|BYLINE|LOAD-DATE|LENGTE|LÄNGE|HEADLINE|SECTION|LANGUAGE):"
    return match is not None and re.search(labels, text[match.end() :]) is not None


def documents(text: str) -> Iterator[Item]:
    """Yield the records of an export. What it announces is the number that most of its documents name."""
    marks = list(MARK.finditer(text))
    totals = Counter(int(m[2].replace(",", "")) for m in marks)
    if totals:
        yield Announced(max(totals, key=lambda total: totals[total]))
    for mark, end in zip(marks, [*(m.start() for m in marks[1:]), len(text)]):
        yield attempted("Nexis document", _document, text[mark.end() : end])


def from_html(text: str) -> Iterator[Item]:
    """Yield the records of such an export that was saved as HTML."""
    page = html.fromstring(text)
    for old in list(page.iter(etree.Comment)):
        old.drop_tree()
    yield from documents("\n\n".join(paragraphs(page)))


def _document(text: str) -> Record | Refused:
    blocks = [b for b in re.split(r"\r?\n(?:[ \t]*\r?\n)+", text.strip("\r\n\ufeff")) if b.strip()]
    fields: dict[str, str] = {}
    metadata: dict[str, str] = {}
    top: list[str] = []  # centred lines and the headline, above the first label
    body: list[str] = []
    part = "top"
    for block in blocks:
        lines = block.replace("\r", "").split("\n")
        match = LABEL.match(lines[0].strip())
        label = match["label"].casefold() if match else ""
        if match and (label in AFTER and part != "top" or label in BEFORE and part in ("top", "fields")):
            value = _plain(" ".join([match["value"], *lines[1:]]))
            metadata[match["label"]] = value
            if label in FIELDS:
                fields.setdefault(FIELDS[label], value)
            part = "after" if label in AFTER else "body" if label in BODY_LABELS else "fields"
        elif part == "top":
            top.append(block)
        elif part == "after":
            if re.match(r"(?i)\s*copyright\b|\s*all rights reserved", block):
                metadata["Copyright"] = _plain(block)
            elif not re.match(r"^\s{15,}", block):  # a picture's second paragraph, a correction's
                last = list(metadata)[-1]
                metadata[last] = f"{metadata[last]}\n{_plain(block)}"
        else:
            part = "body"
            body.append(_plain(block))
    title, outlet, edition, published = _heading(top, metadata)
    title = fields.get("title") or title
    if edition:
        metadata["Edition"] = edition
    if (shown := CORRECTED.sub("", title)) != title:
        metadata["Correction appended"] = "yes"
    if not published and metadata.get("LOAD-DATE"):
        published = metadata["LOAD-DATE"]
        metadata["published_from"] = "LOAD-DATE: the export has no date of publication"
    whole, spans = composed(body)
    if not whole:
        return Refused(f"the document has no text in it (“{shown or 'without a title'}”)")
    return Record(
        whole,
        title=shown,
        byline=fields.get("byline", ""),
        dateline=fields.get("dateline", ""),
        published=published,
        outlet=outlet,
        section=fields.get("section", ""),
        url=fields.get("url", ""),
        language=fields.get("language", "").split("/")[0],
        metadata=metadata,
        spans=spans,
    )


def _heading(top: list[str], metadata: dict[str, str]) -> tuple[str, str, str, str]:
    """Return title, outlet, edition and date from the blocks above the first label: outlet and date are in the
    middle of the line, the headline at its left edge."""
    centred = [b for b in top if re.match(r"^[ \t]{4,}\S", b)]
    if not centred:  # out of HTML: outlet, date and headline in this order, the copyright line above or below
        place = next((i for i, b in enumerate(top) if i > 0 and iso(b) and not re.match(r"(?i)\s*copyright\b", b)), 0)
        centred = [b for i, b in enumerate(top) if i <= place or re.match(r"(?i)\s*copyright\b", b)]
    left = [b for b in top if b not in centred]
    for block in [b for b in centred if re.match(r"(?i)\s*copyright\b", b)]:
        metadata["Copyright"] = _plain(block)
        centred.remove(block)
    dated = [b for b in centred if iso(b)]
    published = _plain(dated[0].split("\n")[0]) if dated else ""
    edition = "; ".join(_plain(line).strip(";") for line in dated[0].split("\n")[1:] if line.strip()) if dated else ""
    named = [b for b in centred if b not in dated]
    titled = left or named[1:]
    if not dated and left and iso(left[0]):
        published, titled = _plain(left[0]), left[1:]
    return _plain(" ".join(titled)), _plain(named[0]) if named else "", edition, published


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
