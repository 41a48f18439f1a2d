"""Make an Article from a string: clean it, find its headline and language."""

from __future__ import annotations

import re
from typing import Any, Unpack
import unicodedata

from .article import Article, ArticleError, Paragraph, Removed
from .clean import Block, blocks_of, clean as clean_blocks, unmarked, without
from .formats.record import Fields, Span

LARGEST_TEXT = 5_000_000
SHORTEST_BODY = 15
LANGUAGE_WORDS = 20  # fewer give no language
ENGLISH = frozenset("the and of to that with from was were which their have been would they this".split())
SURELY_ENGLISH = 0.12  # share of these words


class Given(Fields, total=False):
    """What is known of an article beside its text: fields of Article."""

    authors: tuple[str, ...]
    format: str
    file: str
    path: str
    in_table: bool
    numbered: bool


def from_text(
    text: str, id: str = "text", clean: bool = True, any_language: bool = False, markdown: bool = False,
    spans: tuple[Span, ...] = (), shortest: int = SHORTEST_BODY, **fields: Unpack[Given],
) -> Article:  # fmt: skip
    """Return an Article from a string. With `markdown` marks of Markdown at the edges of paragraphs are left out;
    `spans` are stretches that are known not to be part of the story; a body of fewer than `shortest` words is
    refused. A `language` that is given is believed. Raises ArticleError if there is no article in it."""
    text, fields = whole_characters(text), whole_characters(fields)
    _refuse_no_text(text)
    blocks = [b for b in blocks_of(text) if b.text]
    heading = markdown and bool(blocks) and blocks[0].text.startswith("# ")
    if markdown:
        blocks = [b for b in map(unmarked, blocks) if b.text]
    cut: tuple[Removed, ...] = ()
    if clean:
        blocks, cut, lines = _cleaned(text, blocks, spans, page=shortest >= SHORTEST_BODY)
        fields["byline"] = fields.get("byline") or lines["byline"]
        fields["dateline"] = fields.get("dateline") or lines["dateline"]
        fields["agency"] = fields.get("agency") or lines["agency"]
    title = fields.get("title", "")
    paragraphs, headline = _with_headline(blocks, title, heading)
    if headline:
        fields["title"] = headline
    body = " ".join(p.text for p in paragraphs if p.role == "body")
    count = len(body.split())
    if clean and count < shortest:
        raise ArticleError(f"no article text found ({count} words after cleaning; try --no-clean)")
    language = fields.get("language") or (_language(body) if count >= LANGUAGE_WORDS else "en")
    if language != "en" and not any_language:
        raise ArticleError(
            f"the text is not English (it looks like '{language}'); use --any-language to measure it anyway"
        )
    fields["language"] = language
    return Article(id=id, text=text, paragraphs=paragraphs, removed=cut, cleaned=clean, **fields)


def _refuse_no_text(text: str) -> None:
    """Raise ArticleError for what is too long, empty, or no text at all."""
    if len(text) > LARGEST_TEXT:
        raise ArticleError(f"too long for one article ({len(text):,} characters; at most {LARGEST_TEXT:,})")
    if not text.strip():
        raise ArticleError("empty: there is no text in it")
    control = sum(unicodedata.category(c) == "Cc" and c not in "\t\n\r\f\v" for c in text[:4000])
    if text.count("\0") > 2 or control > 40:
        raise ArticleError("this is not text (binary data?); give a text, Markdown or HTML file, or a table")


def _cleaned(
    text: str, blocks: list[Block], spans: tuple[Span, ...], page: bool
) -> tuple[list[Block], tuple[Removed, ...], dict[str, str]]:
    """Return the blocks without page furniture and `spans`, what was removed, and the fields that its lines give:
    dateline, agency, byline."""
    cleaned = clean_blocks(without(blocks, ((s.start, s.end) for s in spans)), page=page)
    stretches = sorted((*spans, *cleaned.cut), key=lambda c: (c.start, c.end))
    cut = tuple(Removed(c.start, c.end, text[c.start : c.end].strip(), c.reason, c.rule) for c in stretches)
    byline = next((re.sub(r"(?i)^by:? ", "", c.text).split(",")[0] for c in cut if c.rule == "byline"), "")
    return list(cleaned.kept), cut, {"dateline": cleaned.dateline, "agency": cleaned.agency, "byline": byline}


def _with_headline(blocks: list[Block], title: str, heading: bool) -> tuple[tuple[Paragraph, ...], str]:
    """Return the paragraphs, and the headline if they begin with it ("" if not). A `title` that they don't begin
    with is a paragraph before them; with `heading` the first block is marked as a heading."""
    first = heading and len(blocks) > 1 or _is_headline(blocks, title)
    paragraphs = [_paragraph(b, "headline" if first and not i else "body") for i, b in enumerate(blocks)]
    paragraphs = [p for p in paragraphs if p.text]
    if first and paragraphs:
        return tuple(paragraphs), title or paragraphs[0].text
    if line := " ".join(title.split()):  # a paragraph has no line ends
        paragraphs.insert(0, Paragraph(line, (-1,) * len(line), "headline"))
    return tuple(paragraphs), ""


def whole_characters(value: Any) -> Any:
    """Return a text, or the texts of a dictionary, with U+FFFD for each half of a surrogate pair that has lost its
    other half: JSON can hold such, no file and no parser can."""
    if isinstance(value, dict):
        return {whole_characters(name): whole_characters(inner) for name, inner in value.items()}
    return re.sub("[\ud800-\udfff]", "\ufffd", value) if isinstance(value, str) else value


def _is_headline(blocks: list[Block], title: str) -> bool:
    """Return whether the first block is the headline: it is short, shorter than what follows, and either the title
    that was given, or without a closing full stop, or Mostly in Capitals."""
    if len(blocks) < 2:
        return False
    first = blocks[0]
    if title:
        return re.sub(r"\W+", "", title).casefold() == re.sub(r"\W+", "", first.text).casefold()
    if first.words > 25 or first.words >= blocks[1].words:
        return False
    long = [w for w in re.findall(r"[^\W\d_]+", first.text) if len(w) > 3]
    capitals = sum(w[0].isupper() for w in long) >= 0.6 * len(long)
    return capitals or not re.search(r"[.!?…:;][\"”’')]*$", first.text)


def _paragraph(block: Block, role: str) -> Paragraph:
    return Paragraph(block.text, block.offsets or tuple(range(block.start, block.end)), role)


def _language(text: str) -> str:
    """Return ISO 639-1 code of the likeliest language: English if its own small words are frequent, otherwise by
    py3langid, whose model takes half a second to load."""
    begin = text[:5000]
    if english_share(begin) >= SURELY_ENGLISH:
        return "en"
    import py3langid

    return str(py3langid.classify(begin)[0])


def english_share(text: str) -> float:
    """Return the share of a text's words that are small words of English and of hardly any other language: .18 of
    news in English, at most .02 of any other language (0 to 1)."""
    words = re.findall(r"[^\W\d_]+", text.lower())
    return sum(word in ENGLISH for word in words) / max(len(words), 1)
