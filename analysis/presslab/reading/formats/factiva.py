"""Factiva exports: HTML (article format, with or without field codes) and text → records.

The text reader follows the documented two-letter field codes and the order of the article format; it was tested on
made files only.
"""

from __future__ import annotations

from collections.abc import Iterator
import re

from lxml import etree, html

from .bylines import CITIES
from .dates import iso
from .markup import plain, text_of
from .record import Announced, Item, Record, Refused, Span, attempted
from .story import composed

WORDS = re.compile(r"(?i)^[\d.,\s\xa0]+(?:words?|w.{1,2}rter|woorden|mots|palabras|parole|palavras|字|слов)$")
NUMBER = re.compile(r"(?i)^(?:document|dokument|documento)\s+(?P<id>[A-Z0-9]{8,}[a-z0-9]{5,})$")
LANGUAGES = {
    "english": "en",
    "englisch": "en",
    "engels": "en",
    "anglais": "en",
    "inglés": "en",
    "german": "de",
    "deutsch": "de",
    "french": "fr",
    "spanish": "es",
    "dutch": "nl",
    "italian": "it",
    "portuguese": "pt",
    "français": "fr",
    "español": "es",
    "französisch": "fr",
    "spanisch": "es",
    "niederländisch": "nl",
}
CODES = {
    "HD": "title",
    "BY": "byline",
    "PD": "published",
    "SN": "outlet",
    "SE": "section",
    "LA": "language",
    "AN": "id",
    "LP": "lead",
    "TD": "tail",
    "WC": "words",
    "ET": "time",
    "SC": "code",
    "ED": "edition",
    "PG": "page",
    "CY": "copyright",
    "CR": "credit",
    "CT": "contact",
    "RF": "reference",
    "CO": "companies",
    "IN": "industries",
    "NS": "subjects",
    "RE": "regions",
    "CLM": "column",
    "IPD": "descriptors",
    "IPC": "codes",
    "PUB": "publisher",
    "ART": "art",
    "VOL": "volume",
    "DLN": "dateline",
    "TX": "tail",
}
CODE = re.compile(rf"^\s*(?P<code>{'|'.join(CODES)})(?:\s{{2,}}|\t|\s*$|\s)(?P<value>.*)$")
SIGNED = re.compile(  # "Tom Harris London ON the evening": the byline ran into the lede, which begins in capitals
    r"(?P<name>[A-Z][\w'’-]+(?: [A-Z][\w'’-]+){1,2}?) (?:(?:[A-Z][a-z]+"
    rf" )?(?:Correspondent|Editor|Reporter)|{'|'.join(sorted(CITIES))}) (?=[A-Z]{{2,}}\b)"
)
NAME = re.compile(r"[A-Z][\w'’-]+(?: [A-Z]\.)?(?: [A-Z][\w'’-]+){1,2}")
FOUND = re.compile(
    r"(?i)results found|gefundene ergebnisse|résultats trouvés|resultados encontrados|gevonden resultaten"
)
PER_PAGE = 100  # Factiva saves at most this many articles in one file


def is_factiva_html(head: str) -> bool:
    """Return whether a page is Factiva's: by its title, or by an article that has one of Factiva's document numbers."""
    return bool(
        re.search(r"(?i)<title>\s*(?:dow jones )?factiva\b", head)
        or re.search(r'id="article-[A-Z][A-Z0-9]{7}[A-Za-z0-9]*"', head)
    )


def is_factiva_text(text: str) -> bool:
    """Return whether a text has Factiva's document numbers under its articles, or its field codes before them."""
    lines = text[:400_000].splitlines()
    numbered = any(NUMBER.match(line.strip()) for line in lines)
    counted = any(WORDS.match(line.strip()) for line in lines)
    codes = {m["code"] for line in lines if (m := CODE.match(line))}
    return numbered and counted or {"HD", "PD", "SN"} <= codes and bool({"LP", "TD"} & codes)


def from_html(text: str) -> Iterator[Item]:
    """Yield the articles of a page that Factiva saved."""
    page = html.fromstring(text)
    articles = page.xpath('//div[starts-with(@id, "article-")]')
    for row in page.iter("tr"):
        cells = [text_of(cell) for cell in row if isinstance(cell.tag, str)]
        if len(cells) == 2 and FOUND.fullmatch(cells[0].rstrip(":")) and re.fullmatch(r"[\d.,]+", cells[1]):
            count = int(re.sub(r"\D", "", cells[1]))
            if count <= PER_PAGE:
                yield Announced(count)
    for article in articles:
        yield attempted("Factiva article", _from_element, article)


def _from_element(article: etree._Element) -> Item:
    coded = _coded_rows(article)
    return _from_codes(coded) if coded else _from_article(article)


def from_text(text: str) -> Iterator[Item]:
    """Yield the articles of a text that Factiva saved (text or RTF), with field codes or without."""
    lines = text.replace("\r", "").split("\n")
    if any((m := CODE.match(line)) and m["code"] == "HD" for line in lines):
        starts = [i for i, line in enumerate(lines) if (m := CODE.match(line)) and m["code"] == "HD"]
        first = _before(lines, starts[0])
        starts = [first, *(_before(lines, s) for s in starts[1:])]
        for a, b in zip(starts, [*starts[1:], len(lines)]):
            yield attempted("Factiva article", _from_codes, _coded_lines(lines[a:b]))
        return
    start = 0
    for place, line in enumerate(lines):
        if NUMBER.match(line.strip()):
            yield attempted("Factiva article", _from_lines, lines[start : place + 1])
            start = place + 1
    if any(re.search(r"\w{4}", line) for line in lines[start:]) and any(
        WORDS.match(line.strip()) for line in lines[start:]
    ):
        yield attempted("Factiva article", _from_lines, lines[start:])


def _before(lines: list[str], place: int) -> int:
    """Return where the article of a headline begins: section and column codes may stand above it."""
    while place > 0 and (
        not lines[place - 1].strip() or (m := CODE.match(lines[place - 1])) and m["code"] in ("SE", "CLM", "ED")
    ):
        place -= 1
    return place


def _coded_rows(article: etree._Element) -> dict[str, str]:
    """Return code → value, if an article is a table of field codes."""
    rows: dict[str, str] = {}
    for row in article.iter("tr"):
        cells = [cell for cell in row if isinstance(cell.tag, str)]
        if len(cells) == 2 and (code := text_of(cells[0])) in CODES:
            inner = [text_of(p) for p in cells[1].iter("p") if text_of(p)] or [text_of(cells[1])]
            rows[code] = "\n\n".join(inner)
    return rows if {"HD", "PD"} <= set(rows) else {}


def _coded_lines(lines: list[str]) -> dict[str, str]:
    rows: dict[str, str] = {}
    code = ""
    for line in lines:
        match = CODE.match(line)
        if match and match["code"] not in rows:
            code = match["code"]
            rows[code] = match["value"].strip()
        elif code:
            rows[code] += "\n" + line.strip()
    joined = {code: [plain(p) for p in re.split(r"\n\s*\n", value) if p.strip()] for code, value in rows.items()}
    return {code: ("\n\n" if code in ("LP", "TD", "TX") else " ").join(value) for code, value in joined.items()}


def _from_codes(rows: dict[str, str]) -> Record | Refused:
    metadata = {code: value for code, value in rows.items() if code not in ("LP", "TD", "TX")}
    fields = {CODES[code]: value for code, value in metadata.items()}
    body = [plain(p) for code in ("LP", "TD", "TX") for p in rows.get(code, "").split("\n\n") if p.strip()]
    number = re.sub(r"(?i)^(?:document|dokument)\s+", "", fields.get("id", ""))
    return _record(body, {**fields, "id": number}, metadata)


def _from_article(article: etree._Element) -> Record | Refused:
    """Return an article without field codes: what each line of the heading is follows from its form and
    place."""
    above: list[str] = []
    fields: list[str] = []
    body: list[str] = []
    below: list[str] = []
    title = byline = ""
    for element in article.iter("div", "p"):
        kind = f"{element.get('class') or ''} {element.get('id') or ''}"
        text = text_of(element)
        if element.xpath("./div|./p") or not text:
            continue
        if "articleParagraph" in kind:
            body.append(text)
        elif body:
            below.append(text)
        elif element.get("id") == "hd" or element.xpath('.//*[contains(@class, "Headline")]'):
            title = text
        elif "author" in kind:
            byline = text
        else:
            (fields if title else above).append(text)
    return _classified(above, title, byline, fields, body, below)


def _from_lines(lines: list[str]) -> Record | Refused:
    """Return an article of a text export: heading lines up to the copyright line, the body, the document's number."""
    texts = [line.strip() for line in lines]
    count = next((i for i, t in enumerate(texts) if WORDS.match(t)), 0)
    copyright = next((i for i, t in enumerate(texts) if i > count and re.match(r"(?i)(?:\(c\)|©|copyright)", t)), None)
    if copyright is None:
        copyright = next((i for i, t in enumerate(texts) if i > count and not t), count + 6) - 1
    heading = [t for t in texts[:count] if t]
    end = next((i for i, t in enumerate(texts) if NUMBER.match(t)), len(texts))
    blocks = [b for b in re.split(r"\n\s*\n", "\n".join(texts[copyright + 1 : end])) if b.strip()]
    lines_of_body = blocks if len(blocks) > 1 else [t for t in texts[copyright + 1 : end] if t]
    body = [plain(b) for b in lines_of_body]
    below = [texts[end]] if end < len(texts) else []
    if body and len(body) > 1 and len(body[-1].split()) <= 8 and not re.search(r"[.!?”\"']$", body[-1]):
        below.insert(0, body.pop())
    byline = (
        heading.pop()
        if len(heading) > 1
        and (re.match(r"(?i)by\b", heading[-1]) or len(heading[-1].split()) <= 5 and len(heading) > 2)
        else ""
    )
    above, title = (heading[:-1], heading[-1]) if heading else ([], "")
    return _classified(above, title, byline, [t for t in texts[count : copyright + 1] if t], body, below)


def _classified(
    above: list[str], title: str, byline: str, fields: list[str], body: list[str], below: list[str]
) -> Record | Refused:
    values: dict[str, str] = {"title": title, "byline": byline, "section": "; ".join(above)}
    metadata: dict[str, str] = {"section": "; ".join(above)} if above else {}
    count = next((i for i, t in enumerate(fields) if WORDS.match(t)), None)
    if count is not None:
        metadata["words"] = fields[count]
        if fields[:count]:
            metadata["credit"] = "; ".join(fields[:count])
            if not byline and len(fields[0].split()) <= 5 and not re.match(r"(?i)special to\b", fields[0]):
                values["byline"] = fields[0]  # "Reuters"
    rest = fields[count + 1 :] if count is not None else fields
    dated = next((i for i, t in enumerate(rest) if iso(t)), None)
    if dated is not None:
        values["published"] = rest[dated]
        after = rest[dated + 1 :]
        if after and re.fullmatch(r"\d{1,2}:\d{2}.*", after[0]):
            metadata["time"] = after.pop(0)
        if after:
            values["outlet"] = after.pop(0)
        for text in after:
            if re.fullmatch(r"[A-Z0-9]{3,8}", text) and "code" not in metadata and not text.isdigit():
                metadata["code"] = text
            elif text.casefold() in LANGUAGES:
                values["language"] = text
            elif re.match(r"(?i)\(c\)|©|copyright", text):
                metadata["copyright"] = text
            else:
                metadata["edition_and_page"] = "; ".join(filter(None, [metadata.get("edition_and_page", ""), text]))
    for text in below:
        if match := NUMBER.match(text):
            values["id"] = match["id"]
        else:
            metadata["publisher_and_notes"] = "\n".join(filter(None, [metadata.get("publisher_and_notes", ""), text]))
    return _record(body, values, metadata | {k: v for k, v in values.items() if v})


def _record(body: list[str], fields: dict[str, str], metadata: dict[str, str]) -> Record | Refused:
    if fields.get("id"):
        metadata = {**metadata, "document_id": fields["id"]}
    text, spans = composed(body)
    if not text:
        return Refused(f"the document has no text in it (“{fields.get('title') or 'without a title'}”)")
    fields, spans = _signed(text, spans, fields)
    return Record(
        text,
        title=fields.get("title", ""),
        byline=fields.get("byline", ""),
        dateline=fields.get("dateline", ""),
        published=fields.get("published", ""),
        outlet=fields.get("outlet", ""),
        section=fields.get("section", ""),
        language=fields.get("language", ""),
        metadata=metadata,
        spans=spans,
    )


def _signed(text: str, spans: tuple[Span, ...], fields: dict[str, str]) -> tuple[dict[str, str], tuple[Span, ...]]:
    """Return the byline out of the text, if the heading has none: before the lede, or alone in the last
    paragraph."""
    if fields.get("byline"):
        return fields, spans
    reason = "the author's line"
    second = text.find("\n\n") + 2
    for place in [0, *([second] if 1 < second < 150 else [])]:  # the lede, or what follows a standfirst
        match = SIGNED.match(text, place)
        if match and not any(s.start < match.end() and s.end > place for s in spans):
            span = Span(place, match.end(), "byline", reason)
            return {**fields, "byline": match["name"]}, tuple(sorted((span, *spans), key=lambda s: s.start))
    start = text.rfind("\n\n") + 2
    if start > 1 and NAME.fullmatch(text[start:]) and not any(s.start == start for s in spans):
        return {**fields, "byline": text[start:]}, (*spans, Span(start, len(text), "byline", reason))
    return fields, spans
