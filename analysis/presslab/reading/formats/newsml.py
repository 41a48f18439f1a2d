"""NewsML-G2 (IPTC; dpa, Reuters, AFP and others) and NewsML 1 (AFP) → records."""

from __future__ import annotations

from collections.abc import Iterator
import re

from lxml import etree, html

from . import nitf
from .agency import record
from .markup import LANG, UNSEEN, find, found, local, paragraphs, text_of
from .record import Fields, Item, Refused, Skipped, attempted


def documents(root: etree._Element) -> Iterator[Item]:
    """Yield the text items of a message; pictures and other items are counted, not read."""
    other = 0
    items = [root] if local(root) == "newsitem" else list(found(root, "newsitem"))
    for item in items:
        if find(item, "newscomponent") is not None:
            yield attempted("NewsML item", _one, item)
        elif _class(item) in ("", "text", "composite"):
            yield attempted("NewsML item", _g2, item)
        else:
            other += 1
    if other:
        yield Skipped(other, "items that are not text")


def _class(item: etree._Element) -> str:
    element = find(item, "itemclass")
    return element.get("qcode", "").rsplit(":", 1)[-1] if element is not None else ""


def _g2(item: etree._Element) -> Item:
    meta, content = find(item, "contentmeta"), find(item, "contentset")
    meta = meta if meta is not None else item
    texts = _g2_body(content) if content is not None else []
    metadata = _flat(item)
    metadata["document_id"] = item.get("guid", "")
    provider = find(item, "provider")
    outlet = next(
        (
            text_of(e)
            for owner in (find(item, "infosource"), provider)
            if owner is not None and (e := find(owner, "name")) is not None
        ),
        "",
    )
    outlet = outlet or (
        provider.get("literal") or provider.get("qcode", "").rsplit(":", 1)[-1] if provider is not None else ""
    )
    language = find(meta, "language")
    published = next(
        (
            text_of(e)
            for n in ("published", "firstpublished", "versioncreated", "contentcreated", "firstcreated")
            if (e := find(item, n)) is not None
        ),
        "",
    )
    categories = [text_of(find(s, "name")) for s in found(meta, "subject") if s.get("type", "").endswith("category")]
    return record(
        texts,
        title=text_of(find(meta, "headline")) or text_of(find(content, "title") if content is not None else None),
        byline=_g2_byline(item, meta),
        dateline=re.split(r"\s*[(–—-]", text_of(find(meta, "dateline")))[0].strip(" ,")
        or text_of(find(meta, "located")),
        agency=text_of(find(meta, "creditline")),
        published=published,
        outlet=outlet,
        section="; ".join(filter(None, categories)),
        language=(language.get("tag", "") if language is not None else "") or item.get(LANG, ""),
        metadata=metadata,
    )


def _g2_byline(item: etree._Element, meta: etree._Element) -> str:
    """Return the signed line, otherwise the author whom the agency's contacts name, otherwise the creator if it
    is a name."""
    signed = text_of(find(meta, "by"))
    contacts = [
        re.match(r"(?:Autor(?:/in|in)?|Author|By|Reporting by): *([^,(<]+)", text_of(e)) for e in found(item, "ednote")
    ]
    author = next((m[1].strip() for m in contacts if m), "")
    creator = find(meta, "creator")
    named = text_of(find(creator, "name")) if creator is not None else ""
    return signed or author or (named if re.search(r"\w \w", named) else "")


def _g2_body(content: etree._Element) -> list[str]:
    inline = find(content, "inlinexml")
    if inline is None:
        data = find(content, "inlinedata")
        return (
            [line.strip() for line in re.split(r"\n\s*\n|\r\n", data.text or "") if line.strip()]
            if data is not None
            else []
        )
    inner = find(inline, "nitf")
    if inner is not None:
        body = find(inner, "body.content")
        return paragraphs(body, UNSEEN | {"note"}) if body is not None else []
    main = next((e for e in found(inline, "section") if "main" in e.get("class", "").split()), None)
    body = main if main is not None else find(inline, "body")
    return paragraphs(body if body is not None else inline, UNSEEN | {"header", "footer", "h1"})


def _one(item: etree._Element) -> Item:
    """Return a NewsML 1 item: its news lines, and a body in NITF or XHTML."""
    lines = {
        name: text_of(find(item, name))
        for name in ("headline", "subheadline", "byline", "dateline", "slugline", "creditline", "newslinetext")
    }
    content = next((e for e in found(item, "datacontent")), None)
    inner = find(content, "nitf") if content is not None else None
    provider = find(item, "provider")
    party = find(provider, "party") if provider is not None else None
    language = find(item, "language")
    metadata = {**_flat(item), "document_id": text_of(find(item, "publicidentifier"))}
    place = re.match(
        r"(?P<place>[^(]+?)(?:, [A-Z][a-z]{2,8}\.? \d{1,2}(?:, \d{4})?)? ?(?:\((?P<agency>[^()]+)\))? ?[-–—]*$",
        lines["dateline"],
    )
    fields: Fields = {
        "title": lines["headline"],
        "byline": lines["byline"],
        "dateline": place["place"].strip(" ,") if place else lines["dateline"],
        "agency": (place["agency"] or "") if place else "",
        "published": (
            text_of(find(item, "thisrevisioncreated"))
            or text_of(find(item, "firstcreated"))
            or metadata.get("dateid", "")
        ),
        "outlet": party.get("FormalName", "") if party is not None else text_of(find(item, "providerid")),
        "language": (language.get("FormalName", "") if language is not None else "") or item.get(LANG, ""),
        "metadata": metadata,
    }
    if inner is not None:
        return nitf.document(inner, **fields)
    if content is None or not "".join(content.itertext()).strip():
        return Refused(f"the item has no text in it (“{lines['headline'] or 'without a title'}”)")
    texts = paragraphs(content, UNSEEN)
    if len(texts) == 1 and "<p" in texts[0]:
        texts = paragraphs(html.fragment_fromstring(texts[0], create_parent="div"), UNSEEN)
    return record(texts, **fields)


def _flat(item: etree._Element) -> dict[str, str]:
    """Return short texts and qualified codes of an item's metadata under the element's name; the body is left out."""
    known: dict[str, dict[str, None]] = {}
    # how many of the elements that are not kept are open: the body, and what an agency marks as not for publication
    hidden = 0
    above = any(map(_is_hidden, item.iterancestors()))
    for event, element in etree.iterwalk(item, events=("start", "end")):
        if _is_hidden(element):
            hidden += 1 if event == "start" else -1
        if hidden or above or event == "end" or not local(element):
            continue
        value = (
            (element.text or "").strip()
            or element.get("qcode")
            or element.get("literal")
            or element.get("FormalName")
            or element.get("Value")
            or ""
        )
        value = re.sub(r"\s+", " ", value)
        if value and len(value) < 500:
            known.setdefault(local(element), {})[value] = None
    return {name: "; ".join(values) for name, values in known.items()}


def _is_hidden(element: etree._Element) -> bool:
    """Return whether it is a body, or is not for publication (the telephone numbers of a desk)."""
    return local(element) in ("contentset", "datacontent") or any(
        "nonpublic" in value for value in element.attrib.values()
    )
