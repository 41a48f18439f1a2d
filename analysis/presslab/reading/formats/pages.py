"""A saved web page → a record: the article on it, found by trafilatura."""

from __future__ import annotations

import re

from lxml import etree, html

from .record import ReaderError, Record
from .text import decode

LONG_TAG = re.compile(r"(<[A-Za-z][\w:-]{0,40})[^<>]{8000,}>")
MANY = 40_000  # tags and attributes: a page with an article has a tenth of them
MOST_ELEMENTS, LARGEST_TABLE = 20_000, 2_000

NO_ARTICLE = "no article was found on the page; save the article alone, or give its text as .txt"


def document(raw: bytes | str, url: str = "") -> Record:
    """Return the article of an HTML page; `url` is its address if the container knows it. Raises ReaderError."""
    import trafilatura
    from trafilatura.settings import Document

    text = raw if isinstance(raw, str) else decode(raw)
    if text.count("<") + text.count("=") > MANY or LONG_TAG.search(text):
        raw = _simpler(text)
    if re.search(r"<q[\s>]", text, re.IGNORECASE):
        raw = _with_marks(text if isinstance(raw, bytes) else raw)
    page = trafilatura.bare_extraction(raw, include_comments=False, include_tables=False, with_metadata=True)
    if not isinstance(page, Document) or not page.text or not page.text.strip():
        raise ReaderError(NO_ARTICLE)
    title = headline(page.title or "", page.sitename or "")
    return Record(
        re.sub(r"\n+", "\n\n", page.text),
        title=title,
        byline=page.author or "",
        published=page.date or "",
        outlet=page.sitename or "",
        section="; ".join(page.categories or []),
        url=url or page.url or "",
        metadata={"title_raw": page.title} if page.title and page.title != title else {},
        whole=False,
    )


def _with_marks(text: str) -> str:
    """Return HTML with quotation marks in place of `q` elements, which extraction takes for paragraphs; a quotation
    that has its own marks gets no others."""
    text = re.sub(r"<q(?:\s[^<>]{0,500})?>(?=\s*(?:[\"“‘«„]|&[lb]dquo;|&quot;|&laquo;))", "", text, flags=re.IGNORECASE)
    text = re.sub(r"(?:(?<=[\"”’»])|(?<=&rdquo;)|(?<=&quot;))</q\s*>", "", text, flags=re.IGNORECASE)
    text = re.sub(r"<q(?:\s[^<>]{0,500})?>", "&ldquo;", text, flags=re.IGNORECASE)
    return re.sub(r"</q\s*>", "&rdquo;", text, flags=re.IGNORECASE)


def _simpler(text: str) -> str:
    """Return a page of very many tags or attributes without what is never its text, since extraction takes the
    square of their number. Raises ReaderError if more elements are left than a page has."""
    before, *after = text.split("<!--")
    text = before + "".join(piece.partition("-->")[2] for piece in after)
    text = LONG_TAG.sub(r"\1>", text)
    if text.count("<") <= MANY // 4:
        return text
    tree = html.document_fromstring(text)
    etree.strip_elements(tree, "script", "style", "svg", "noscript", with_tail=False)
    for table in [table for table in tree.iter("table") if sum(1 for _ in table.iter()) > LARGEST_TABLE]:
        if table.getparent() is not None:
            table.drop_tree()
    count = sum(1 for _ in tree.iter())
    if count > MOST_ELEMENTS:
        raise ReaderError(
            f"the page has {count:,} elements, at most {MOST_ELEMENTS:,} are looked through; save the article alone, or"
            " give its text as .txt"
        )
    return html.tostring(tree, encoding="unicode")


def headline(title: str, site: str) -> str:
    """Return a page's title without the name of its site, which many put before or behind it ("Council closes
    bridge | The Mirror")."""
    if not site or len(title) > 1000:
        return title
    name, mark = re.escape(site.strip()), r"[|–—•·-]"
    bare = re.sub(rf"\s+{mark}\s+{name}\s*$|^\s*{name}\s*(?:\s{mark}|:)\s+", "", title, flags=re.I)
    return bare if bare.strip() else title
