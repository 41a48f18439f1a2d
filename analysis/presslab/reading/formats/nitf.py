"""NITF 3 (IPTC): the format of many agencies' text → records."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Unpack

from lxml import etree

from .agency import record
from .markup import LANG, UNSEEN, find, found, local, paragraphs, text_of
from .record import Fields, Item, attempted


def documents(root: etree._Element) -> Iterator[Item]:
    """Yield the record of each <nitf> in a document."""
    for nitf in [root] if local(root) == "nitf" else list(found(root, "nitf")):
        yield attempted("NITF", document, nitf)


def document(nitf: etree._Element, **given: Unpack[Fields]) -> Item:
    """Return the record of one <nitf>; `given` are fields that the envelope around it knows better."""
    outer = find(nitf, "body")
    body = next((e for e in outer if local(e) == "body.content"), None) if outer is not None else None
    texts = paragraphs(body, UNSEEN | {"media", "note"}) if body is not None else []
    metadata = _metadata(nitf)
    dates = [metadata.get(k, "") for k in ("date.publication", "date.release", "date.issue", "story.date")]
    return record(
        texts,
        title=given.get("title") or text_of(find(nitf, "hl1")) or text_of(find(nitf, "title")),
        byline=given.get("byline") or _byline(find(nitf, "byline")),
        dateline=given.get("dateline") or _dateline(nitf),
        agency=given.get("agency", ""),
        published=given.get("published") or next(filter(None, dates), ""),
        outlet=given.get("outlet")
        or metadata.get("pubdata.name")
        or text_of(find(nitf, "distributor"))
        or metadata.get("doc.copyright.holder", ""),
        section=metadata.get("position.section", ""),
        language=given.get("language") or nitf.get("baselang") or nitf.get(LANG, ""),
        metadata=given.get("metadata") or metadata,
    )


def _byline(byline: etree._Element | None) -> str:
    """Return the byline without the writer's title (<byttl>)."""
    if byline is None:
        return ""
    alone = deepcopy(byline)
    for title in list(found(alone, "byttl")):
        title.text = None
        for inner in title:
            title.remove(inner)
    return text_of(alone)


def _dateline(nitf: etree._Element) -> str:
    line = find(nitf, "dateline")
    return text_of(find(line, "location")) if line is not None else ""


def _metadata(nitf: etree._Element) -> dict[str, str]:
    """Return every attribute and text of the head, and of the body's head, under the element's name."""
    collected: dict[str, list[str]] = {}
    head = find(nitf, "head")
    for element in head.iter() if head is not None else ():
        name = local(element)
        if not name:
            continue
        for attribute, value in element.attrib.items():
            if name == "pubdata" and attribute in (
                "name",
                "edition.name",
                "edition.area",
                "position.section",
                "date.publication",
                "ex-ref",
            ):
                key = attribute if attribute.startswith(("date", "position")) else f"pubdata.{attribute}"
            elif name == "meta":
                key, value = f"meta.{element.get('name', '')}", element.get("content", "")
            else:
                key = (
                    name
                    if attribute in ("norm", "key", "id-string", "fix-id", "ed-urg", "info")
                    else f"{name}.{attribute}"
                )
            if value.strip():
                values = collected.setdefault(key, [])
                if values != [value]:
                    values.append(value)
    known = {key: "; ".join(values) for key, values in collected.items()}
    story = find(nitf, "story.date")
    if story is not None and story.get("norm"):
        known["story.date"] = story.get("norm")
    for name in ("hl2", "abstract", "byttl", "distributor", "rights.owner", "tagline", "note", "byline"):
        if text := text_of(find(nitf, name)):
            known[name] = text
    if "doc-id" in known:
        known["document_id"] = known["doc-id"]
    return known
