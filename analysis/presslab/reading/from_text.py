"""Make an Article from a string: clean it, find its headline and language."""

from __future__ import annotations

import re
from typing import Any
import unicodedata

from .article import Article, ArticleError, Paragraph, Removed
from .clean import Block, blocks_of, clean as clean_blocks, unmarked, without
from .formats.record import Span

LARGEST_TEXT = 5_000_000
SHORTEST_BODY = 15


def from_text(
    text: str, id: str = "text", clean: bool = True, any_language: bool = False, markdown: bool = False,
    spans: tuple[Span, ...] = (), shortest: int = SHORTEST_BODY, **fields: object,
) -> Article:  # fmt: skip
    """Return an Article from a string; `fields` are fields of Article. With `markdown` marks of Markdown at the
    edges of paragraphs are left out; `spans` are stretches that are known to be no part of the story; a body of
    fewer than `shortest` words is refused. A `language` that is given is believed. Raises ArticleError if there is
    no article in it."""
    text, fields = whole_characters(text), {name: whole_characters(value) for name, value in fields.items()}
    if len(text) > LARGEST_TEXT:
        raise ArticleError(f"too long for one article ({len(text):,} characters; at most {LARGEST_TEXT:,})")
    if not text.strip():
        raise ArticleError("empty: there is no text in it")
    if text.count("\0") > 2 or sum(unicodedata.category(c) == "Cc" and c not in "\t\n\r\f\v" for c in text[:4000]) > 40:
        raise ArticleError("this is not text (binary data?); give a text, Markdown or HTML file, or a table")
    blocks = [b for b in blocks_of(text) if b.text]
    first_is_heading = markdown and bool(blocks) and blocks[0].text.startswith("# ")
    if markdown:
        blocks = [b for b in map(unmarked, blocks) if b.text]
    cut: tuple[Removed, ...] = ()
    if clean:
        cleaned = clean_blocks(without(blocks, ((s.start, s.end) for s in spans)), page=shortest >= SHORTEST_BODY)
        cut = tuple(
            Removed(c.start, c.end, text[c.start : c.end].strip(), c.reason, c.rule)
            for c in sorted((*spans, *cleaned.cut), key=lambda c: (c.start, c.end))
        )
        blocks = list(cleaned.kept)
        byline = next((re.sub(r"(?i)^by:? ", "", c.text).split(",")[0] for c in cut if c.rule == "byline"), "")
        read = {"dateline": cleaned.dateline, "agency": cleaned.agency, "byline": byline}
        fields = read | {k: v for k, v in fields.items() if v}
    given = str(fields.get("title") or "")
    headline = 1 if first_is_heading and len(blocks) > 1 else _headline(blocks, given)
    paragraphs = [_paragraph(b, "headline" if i < headline else "body") for i, b in enumerate(blocks)]
    paragraphs = [p for p in paragraphs if p.text]
    if headline and paragraphs:
        fields["title"] = given or paragraphs[0].text
    elif line := " ".join(given.split()):  # a paragraph has no line ends
        paragraphs.insert(0, Paragraph(line, (-1,) * len(line), "headline"))
    body = " ".join(p.text for p in paragraphs if p.role == "body")
    count = len(body.split())
    if clean and count < shortest:
        raise ArticleError(f"no article text found ({count} words after cleaning; try --no-clean)")
    language = str(fields.pop("language", "")) or (_language(body) if count >= 20 else "en")
    if language != "en" and not any_language:
        raise ArticleError(
            f"the text is not English (it looks like '{language}'); use --any-language to measure it anyway"
        )
    return Article(
        id=id, text=text, paragraphs=tuple(paragraphs), removed=cut, language=language, cleaned=clean, **fields
    )


def whole_characters(value: Any) -> Any:
    """Return a text, or the texts of a dictionary, with U+FFFD for each half of a surrogate pair that has lost its
    other half: JSON can hold such, no file and no parser can."""
    if isinstance(value, dict):
        return {whole_characters(name): whole_characters(inner) for name, inner in value.items()}
    return re.sub("[\ud800-\udfff]", "\ufffd", value) if isinstance(value, str) else value


def _headline(blocks: list[Block], given: str) -> int:
    """Return 1 if the first block is the headline, otherwise 0: it is short, shorter than what follows, and either
    the title that was given, or without a closing full stop, or Mostly in Capitals."""
    if len(blocks) < 2:
        return 0
    first = blocks[0]
    if given and re.sub(r"\W+", "", given).casefold() == re.sub(r"\W+", "", first.text).casefold():
        return 1
    long = [w for w in re.findall(r"[^\W\d_]+", first.text) if len(w) > 3]
    capitals = sum(w[0].isupper() for w in long) >= 0.6 * len(long)
    ended = re.search(r"[.!?…:;][\"”’')]*$", first.text)
    return int(first.words <= 25 and first.words < blocks[1].words and not given and bool(not ended or capitals))


def _paragraph(block: Block, role: str) -> Paragraph:
    return Paragraph(block.text, block.offsets or tuple(range(block.start, block.end)), role)


def _language(text: str) -> str:
    """Return ISO 639-1 code of the likeliest language (py3langid)."""
    import py3langid

    return str(py3langid.classify(text[:5000])[0])
