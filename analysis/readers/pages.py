"""A saved web page → a record: the article on it, found by trafilatura."""

from __future__ import annotations

import re

from .record import ReaderError, Record

NO_ARTICLE = "no article was found on the page; save the article alone, or give its text as .txt"


def document(raw: bytes | str, **given: str) -> Record:
    """The article of an HTML page; `given` are fields that the container knows (url, name). Raises ReaderError."""
    import trafilatura

    page = trafilatura.bare_extraction(raw, include_comments=False, include_tables=False, with_metadata=True)
    if page is None or not (page.text or "").strip():
        raise ReaderError(NO_ARTICLE)
    text = re.sub(r"\n+", "\n\n", page.text)
    title = headline(page.title or "", page.sitename or "")
    known = {
        "title": title, "byline": page.author, "published": page.date, "outlet": page.sitename, "url": page.url,
        "section": "; ".join(page.categories or []),
    }  # fmt: skip
    raw_title = {"title_raw": page.title} if page.title and page.title != title else {}
    return Record(text, whole=False, metadata=raw_title, **{**{k: v for k, v in known.items() if v}, **{k: v for k, v in given.items() if v}})


def headline(title: str, site: str) -> str:
    """A page's title without the name of its site, which many put before or behind it ("Council closes bridge | The Mirror")."""
    if not site:
        return title
    name, mark = re.escape(site.strip()), r"[|–—•·-]"
    bare = re.sub(rf"\s+{mark}\s+{name}\s*$|^\s*{name}\s*(?:\s{mark}|:)\s+", "", title, flags=re.I)
    return bare if bare.strip() else title
