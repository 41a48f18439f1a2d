"""XML and HTML read safely: no entities, no network, nothing unbounded; and paragraphs out of them."""

from __future__ import annotations

from collections.abc import Iterator
import re

from lxml import etree, html

from .record import ReaderError

BLOCKS = {
    "p", "div", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "hl1", "hl2", "blockquote", "pre", "td", "tr",
    "table", "section", "article", "header", "footer", "block", "br", "dd", "dt", "dl", "hr", "figure", "figcaption",
}  # fmt: skip
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
ENTITIES = "the XML declares entities of its own, which can hide an attack; it was not read"
MARKS = {"q": ("“", "”")}  # what an element draws before and after its text
UNSEEN = {"script", "style", "media", "figure", "nav", "aside", "form", "head", "template", "noscript"}


def tree(raw: bytes) -> etree._Element:
    """Return the root of an XML document. Raises ReaderError for one that is broken or declares entities of its own.

    Entities are how an XML file takes in other files or grows without end; news formats don't need them.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_pis=True)
    try:
        root = etree.fromstring(raw, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        if "entity amplification" in str(error):
            raise ReaderError(ENTITIES) from error
        first = str(getattr(error, "msg", error)).splitlines()[0]
        raise ReaderError(f"broken XML ({first}); is the file complete?") from error
    subset = root.getroottree().docinfo.internalDTD
    if subset is not None and any(True for _ in subset.iterentities()):
        raise ReaderError(ENTITIES)
    return root


def fragment(text: str) -> etree._Element:
    """Return the root of a piece of HTML, however broken."""
    return html.fragment_fromstring(text, create_parent="div")


def local(element: etree._Element) -> str:
    """Return an element's name without its namespace, in lower case; "" for comments."""
    return element.tag.rsplit("}", 1)[-1].lower() if isinstance(element.tag, str) else ""


def find(root: etree._Element, name: str) -> etree._Element | None:
    """Return the first element with a local name, at any depth."""
    return next(found(root, name), None)


def found(root: etree._Element, name: str) -> Iterator[etree._Element]:
    """Return every element with a local name, at any depth, in order."""
    return (e for e in root.iter() if local(e) == name.lower())


def text_of(element: etree._Element | None) -> str:
    """Return all text of an element (comments left out) with plain white space, or ""."""
    return plain("".join(_pieces(element))) if element is not None else ""


def plain(text: str) -> str:
    """Return text with every run of white space as one space."""
    return re.sub(r"\s+", " ", text).strip()


def paragraphs(element: etree._Element, without: set[str] = UNSEEN) -> list[str]:
    """Return the paragraphs of a body, in order; what is in elements named in `without` is left out."""
    done: list[str] = []
    piece: list[str] = []

    def end() -> None:
        line = plain("".join(piece))
        piece.clear()
        if line:
            done.append(line)

    inside = 0  # how many of the elements that are left out are open
    for event, e in etree.iterwalk(element, events=("start", "end")):
        left_out = e is not element and local(e) in without
        if left_out:
            inside += 1 if event == "start" else -1
        if left_out or inside:
            if event == "end" and not inside:
                piece.append(e.tail or "")
            continue
        if local(e) in BLOCKS:
            end()
        if event == "start":
            piece.append(MARKS.get(local(e), ("", ""))[0])
            piece.append(e.text or "" if local(e) else "")
        if event == "end" and e is not element:
            piece.append(MARKS.get(local(e), ("", ""))[1])
            if local(e) in BLOCKS:
                end()
            piece.append(e.tail or "")
    end()
    return done


def _pieces(element: etree._Element) -> Iterator[str]:
    if local(element):
        before, after = MARKS.get(local(element), ("", ""))
        yield before + (element.text or "")
        for child in element:
            yield from _pieces(child)
            yield child.tail or ""
        yield after
