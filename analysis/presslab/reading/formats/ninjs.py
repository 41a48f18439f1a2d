"""ninjs 1–3 (IPTC) and the AP Media API's JSON → records."""

from __future__ import annotations

from collections.abc import Iterator
import json
from typing import Any

from lxml import etree

from .agency import record
from .markup import UNSEEN, fragment, paragraphs
from .record import Announced, Item, Refused, Skipped, attempted, from_json

SIGNS = {
    "versioncreated",
    "versionCreated",
    "headline",
    "headlines",
    "headline_main",
    "body_html",
    "body_text",
    "body_xhtml",
    "bodies",
    "pubstatus",
    "pubStatus",
}


def items(value: Any) -> list[dict]:
    """Return the ninjs or AP items in a parsed JSON file; empty if it is something else."""
    if isinstance(value, dict):
        data = value.get("data")
        if isinstance(data, dict) and ("item" in data or "items" in data):
            listed = (
                [data["item"]] if "item" in data else [i.get("item", i) for i in data["items"] if isinstance(i, dict)]
            )
            return [i for i in listed if isinstance(i, dict)]
        if isinstance(value.get("items"), list) and value["items"] and all(isinstance(i, dict) for i in value["items"]):
            inner = [i.get("item", i) for i in value["items"]]
            return inner if any(is_item(i) for i in inner) else []
        return [value] if is_item(value) else []
    if isinstance(value, list) and value and all(isinstance(i, dict) for i in value):
        return value if any(is_item(i) for i in value) else []
    return []


def is_item(value: dict) -> bool:
    """Return whether an object has a ninjs item's identifier and at least two of its own fields."""
    return "uri" in value and len((SIGNS | {"byline", "by", "type"}) & set(value)) >= 2 and bool(SIGNS & set(value))


def begins(text: str) -> bool:
    """Return whether a text that may be cut off looks like the beginning of an item."""
    return '"uri"' in text and any(f'"{sign}"' in text for sign in SIGNS)


def documents(entries: list[dict]) -> Iterator[Item]:
    """Yield a record for each text item; pictures and other items are counted."""
    if len(entries) > 1:
        yield Announced(len(entries))
    other = [i for i in entries if str(i.get("type", "text")) not in ("text", "composite", "article", "")]
    for item in entries:
        if item not in other:
            yield attempted("ninjs item", _document, item)
    if other:
        yield Skipped(len(other), "items that are not text")


def lines(text: str) -> Iterator[Item]:
    """Yield the records of items that come one a line; a line that is no item is refused, the others are read."""
    entries, broken = [], []
    for number, line in enumerate(filter(str.strip, text.split("\n")), start=1):
        try:
            entries.append(from_json(line))
        except ValueError as error:
            broken.append(Refused(f"line {number}: broken JSON ({error})"))
    yield from documents([item for item in entries if isinstance(item, dict)])
    yield from broken


def _document(item: dict) -> Item:
    title = _main(item, "headlines", "headline") or str(item.get("title") or item.get("name") or "")
    published = _first(
        item,
        "firstpublished",
        "firstPublished",
        "contentcreated",
        "contentCreated",
        "versioncreated",
        "versionCreated",
        "firstcreated",
        "firstCreated",
    )
    if not _texts(item) and item.get("renditions") and "altids" in item:
        return Refused(f"holds no text: the AP item “{title}” ({published[:10]}) only points to a download of it")
    altids = item.get("altids")
    subjects = item.get("subject") or item.get("subjects") or []
    section = "; ".join(
        str(s.get("name"))
        for s in subjects
        if isinstance(s, dict) and "category" in s.get("rels", []) or isinstance(s, dict) and s.get("rel") == "category"
    )
    source = item.get("infosources") or item.get("infosource") or []
    named = (
        next((str(s.get("name", "")) for s in source if isinstance(s, dict)), "") if isinstance(source, list) else ""
    )
    return record(
        _texts(item),
        title=title,
        byline=_first(item, "byline", "by"),
        dateline=str(item.get("located") or ""),
        published=published,
        outlet=_first(item, "provider", "source", "copyrightholder", "copyrightHolder") or named,
        section=section,
        url=next((str(item[k]) for k in ("url", "canonicalurl", "link") if item.get(k)), ""),
        language=str(item.get("language") or ""),
        metadata={
            **_flat(item),
            "document_id": str((altids.get("itemid") if isinstance(altids, dict) else "") or item.get("uri") or ""),
        },
    )


def _texts(item: dict) -> list[str]:
    """Return the body's paragraphs: HTML if there is some (it has the paragraphs), otherwise plain text."""
    bodies = [b for b in item.get("bodies") or [] if isinstance(b, dict) and isinstance(b.get("value"), str)]
    kind = lambda b: str(b.get("contenttype") or b.get("contentType") or "")  # noqa: E731
    marked = [b["value"] for b in bodies if "html" in kind(b) or b["value"].lstrip().startswith("<")]
    loose = [b["value"] for b in sorted(bodies, key=lambda b: b.get("role") != "main") if b["value"] not in marked]
    keys = [k for k in item if k.startswith("body") and isinstance(item[k], str)]
    marked += [item[k] for k in sorted(keys) if "<p" in item[k] or "html" in k]
    loose += [item[k] for k in sorted(keys) if item[k] not in marked]
    for text in marked:
        try:
            texts = paragraphs(fragment(text), UNSEEN)
        except (etree.ParserError, ValueError):
            texts = []
        if texts:
            return texts
    return [line.strip() for line in loose[0].replace("\r", "").split("\n") if line.strip()] if loose else []


def _main(item: dict, plural: str, single: str) -> str:
    """Return the main value of a field that is a list of roles in ninjs 2 and 3 and a text (with a role in its
    name) in ninjs 1."""
    listed = [v for v in item.get(plural) or [] if isinstance(v, dict) and v.get("value")]
    if listed:
        return str(next((v for v in listed if v.get("role") == "main"), listed[0])["value"])
    keys = [single, f"{single}_main", *sorted(k for k in item if k.startswith(f"{single}_"))]
    return next((str(item[k]) for k in keys if isinstance(item.get(k), str) and item[k]), "")


def _first(item: dict, *names: str) -> str:
    return next((str(item[n]) for n in names if isinstance(item.get(n), str) and item[n].strip()), "")


def _flat(item: dict) -> dict[str, str]:
    values = {
        k: v if isinstance(v, str) else json.dumps(v, ensure_ascii=False)
        for k, v in item.items()
        if v not in (None, "", [], {})
    }
    return {k: v for k, v in values.items() if not k.startswith("bod")}
