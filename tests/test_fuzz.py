"""Readers, cleaning, corrections and frame files under random and damaged input: no error but our own, no hang, every
span points at the text that it claims. What was found is kept below as examples."""

from __future__ import annotations

import json
import os
from pathlib import Path
import time

from hypothesis import HealthCheck, example, given, settings, strategies as st
import pytest
import yaml

import made
from presslab.measures.framing import LexiconError, read_frames
from presslab.parsing import quotes, segment
from presslab.reading import corrections, names
from presslab.reading.article import Article, ArticleError, Failure
from presslab.reading.clean import blocks_of, clean, unmarked, without
from presslab.reading.corrections import CorrectionError
from presslab.reading.from_text import from_text
from presslab.reading.read import read

SHARED = Path(__file__).resolve().parents[2] / "shared"
settings.register_profile(
    "fuzz",
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.register_profile("search", parent=settings.get_profile("fuzz"), max_examples=2000, derandomize=False)
FUZZ = settings.get_profile(os.environ.get("PRESSLAB_FUZZ", "fuzz"))
LONGEST = 10.0  # seconds that one input may take on a busy machine; each is small

CHARACTERS = st.characters(codec=None, exclude_categories=())  # lone surrogates too
WORDS = st.sampled_from(
    "said the Mayor Ada Quill “We need it,” ” ' '' \" — LONDON (Reuters) - By Tom Reed \n \n\n \r\n \r \x0b \x85 \u2028"
    " © 2018 Advertisement Read more: # * > 1. - . … \u200b \ufeff \xad â€œ Ã© &amp; <p> </p> <script> {{ %} = LENGTH:"
    " BODY: SECTION: Copyright DOCUMENTS 1 of 3 HD WC PD SN LP TD END OF DOCUMENT Full text: ".split(" ")
)
PROSE = st.lists(st.one_of(WORDS, st.text(CHARACTERS, max_size=12)), max_size=120).map(" ".join)
TEXTS = st.one_of(st.text(CHARACTERS, max_size=400), PROSE)


class Patience:
    """A block that may not take long."""

    def __enter__(self) -> None:
        self.start = time.perf_counter()

    def __exit__(self, kind: type | None, *_: object) -> None:
        taken = time.perf_counter() - self.start
        assert kind is not None or taken < LONGEST, f"took {taken:.1f} s"


@st.composite
def damaged(draw, contents: st.SearchStrategy[bytes]) -> bytes:
    """Content with a few places cut, doubled, turned or filled with something else."""
    content = bytearray(draw(contents))
    for _ in range(draw(st.integers(1, 8))):
        place = draw(st.integers(0, max(len(content) - 1, 0)))
        kind = draw(st.sampled_from(("cut", "take", "put", "turn", "double", "swap")))
        if kind == "cut":
            del content[place:]
        elif kind == "take":
            del content[place : place + draw(st.integers(1, 300))]
        elif kind == "double":
            content[place:place] = content[place : place + draw(st.integers(1, 2000))]
        elif kind == "swap":
            other = draw(st.integers(0, max(len(content) - 1, 0)))
            content[place : place + 40], content[other : other + 40] = (
                content[other : other + 40],
                content[place : place + 40],
            )
        else:
            content[place : place + (kind == "turn")] = draw(st.binary(min_size=1, max_size=20))
    return bytes(content)


def sound(article: Article) -> None:
    """Whatever an article says about its text is so."""
    article.id.encode()
    article.text.encode()
    for p in article.paragraphs:
        assert p.text and len(p.offsets) == len(p.text) and "\n" not in p.text
        inside = [o for o in p.offsets if o >= 0]
        assert inside == sorted(inside) and (not inside or inside[-1] < len(article.text))
        same = sum(article.text[o] == c or c == " " for o, c in zip(p.offsets, p.text) if o >= 0)
        # damaged encodings are mended
        assert len(inside) < 30 or same >= 0.3 * len(inside), "offsets point at other text"
    for r in article.removed:
        assert (
            0 <= r.start <= r.end <= len(article.text) and r.text == article.text[r.start : r.end].strip() and r.reason
        )


def read_bytes(folder: Path, name: str, content: bytes) -> None:
    """Read a file whatever is in it: articles that are sound, or failures in a line of words."""
    path = folder / name
    path.write_bytes(content)
    accounts: list = []
    with Patience():
        items = list(read([path], any_language=True, accounts=accounts))
    assert items and len(accounts) == 1
    for item in items:
        if isinstance(item, Article):
            sound(item)
        else:
            assert (
                isinstance(item, Failure) and item.reason and "\n" not in item.reason and "Traceback" not in item.reason
            )


ENDINGS = (
    "txt",
    "html",
    "csv",
    "jsonl",
    "json",
    "xml",
    "rtf",
    "eml",
    "docx",
    "xlsx",
    "parquet",
    "zip",
    "warc",
    "md",
    "dat",
    "gz",
    "tar",
)


@FUZZ
@given(content=st.binary(max_size=2000), ending=st.sampled_from(ENDINGS))
@example(content=b"[" * 50_000, ending="json")
@example(content=b'{"a":' * 50_000, ending="json")
@example(content=b'{"id": 1, "text": ' + b"[" * 50_000, ending="jsonl")
@example(content=b"<a>" * 20_000, ending="xml")
@example(content=b"<div>" * 20_000 + b"word " * 50, ending="html")
@example(content=b"{\\rtf1 " + b"{" * 20_000, ending="rtf")
def test_random_bytes_under_any_name(tmp_path, content, ending):
    read_bytes(tmp_path, f"file.{ending}", content)


MADE = [
    (name, content)
    for name, content in {
        "nexis.txt": made.nexis_text().encode(),
        "nexis.html": made.nexis_html().encode(),
        "nexis.docx": made.docx(made.nexis_lines()),
        "nexis.rtf": made.rtf(made.nexis_lines()),
        "factiva.html": made.factiva_html().encode(),
        "factiva.txt": made.factiva_codes().encode(),
        "proquest.txt": made.proquest().encode(),
        "newsbank.txt": made.newsbank().encode(),
        "nitf.xml": made.nitf().encode(),
        "newsml.xml": made.newsml_g2().encode(),
        "ninjs.json": json.dumps(made.ninjs(3)).encode(),
        "iptc.txt": made.iptc7901(),
        "feed.rss": made.rss().encode(),
        "page.html": made.page().encode(),
        "mail.eml": made.eml(("a.docx", made.docx(made.nexis_lines()))),
        "table.csv": (
            (
                "id,text,title,published\n"
                + "".join(f'a{n},"{" ".join(made.ONE)}",T{n},2018-04-0{n}\n' for n in range(1, 4))
            ).encode()
        ),
        "lines.jsonl": "\n".join(json.dumps({"id": n, "text": " ".join(made.ONE)}) for n in range(3)).encode(),
    }.items()
]


@FUZZ
@given(data=st.data())
def test_damaged_exports(tmp_path, data):
    name, content = data.draw(st.sampled_from(MADE))
    content = data.draw(damaged(st.just(content)))
    if data.draw(st.booleans()):  # what is broken inside an archive is told like what is broken beside it
        name, content = "archive.zip", made.zipped({name: content})
    read_bytes(tmp_path, name, content)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("lines.jsonl", b'{"headline": "x", "uri": "u", "body_text": "' + b"word " * 60 + b'"}\n{broken'),
        ("deep.json", b"[" * 50_000),
        ("deep.xml", b"<nitf>" * 20_000),
        ("deep.html", b"<div>" * 20_000),
        ("deep.rtf", b"{\\rtf1 " + b"{" * 20_000),
        ("mail.eml", b"From: a\r\nTo: b\r\nSubject: =?utf-8?b?" + b"A" * 999 + b"?=\r\nDate: x\r\n\r\nx"),
    ],
)
def test_broken_members_of_an_archive(tmp_path, name, content):
    read_bytes(tmp_path, "archive.zip", made.zipped({name: content}))


@pytest.mark.shared
@FUZZ
@given(data=st.data())
def test_damaged_real_files(tmp_path, shared, data):
    paths = sorted(p for p in (shared / "formats").iterdir() if p.is_file() and p.stat().st_size < 400_000)
    pages = sorted((shared / "html").glob("*.html"), key=lambda p: p.stat().st_size)[:12]
    path = data.draw(st.sampled_from(paths + pages))
    read_bytes(tmp_path, path.name, data.draw(damaged(st.just(path.read_bytes()[:200_000]))))


TAGS = st.sampled_from(
    (
        "p",
        "div",
        "article",
        "table",
        "tr",
        "td",
        "script",
        "style",
        "svg",
        "math",
        "h1",
        "a",
        "br",
        "template",
        "noscript",
        "plaintext",
        "textarea",
        "iframe",
        "select",
        "x-y",
        "meta charset=utf-7",
        "base href=//e",
    )
)


@st.composite
def pages(draw) -> str:
    """Mark-up of any shape, with tags that are never closed, closed twice or in the wrong place."""
    parts = draw(
        st.lists(
            st.one_of(
                TAGS.map(lambda t: f"<{t}>"),
                TAGS.map(lambda t: f"</{t.split()[0]}>"),
                st.sampled_from(
                    ("<!--", "-->", "<![CDATA[", "]]>", "&#xD800;", "&#0;", "<?xml", "<!DOCTYPE", "<p id='\0'>")
                ),
                PROSE,
            ),
            max_size=40,
        )
    )
    return "<html><body>" + "".join(parts)


@FUZZ
@given(page=pages(), encoding=st.sampled_from(("utf-8", "utf-16", "cp1252", "utf-7")))
def test_damaged_pages(tmp_path, page, encoding):
    read_bytes(tmp_path, "page.html", page.encode(encoding, "replace"))


@FUZZ
@example(text="0", markdown=False, cleaned=False, title="0\n0")
@example(text="\x80", markdown=False, cleaned=True, title="\ud800")
@given(text=TEXTS, markdown=st.booleans(), cleaned=st.booleans(), title=st.text(CHARACTERS, max_size=30))
def test_any_text_becomes_an_article_whose_spans_hold_or_an_error_of_ours(text, markdown, cleaned, title):
    with Patience():
        try:
            article = from_text(text, "a", cleaned, True, markdown, title=title)
        except ArticleError as error:
            assert str(error) and "\n" not in str(error)
            return
    sound(article)


@FUZZ
@given(text=TEXTS)
@example(text="\x1f")
def test_blocks_and_cleaning_point_into_the_text(text):
    with Patience():
        blocks = blocks_of(text)
        cleaned = clean([b for b in blocks if b.text])
    for block in (b for b in (*blocks, *cleaned.kept) if b.text):
        assert 0 <= block.start <= block.end <= len(text)
        assert (
            not block.offsets or len(block.offsets) == len(block.text) and list(block.offsets) == sorted(block.offsets)
        )
        assert block.offsets or block.end - block.start == len(block.text)
        inner = unmarked(block)
        assert inner.text in block.text and block.start <= inner.start <= inner.end <= block.end
    for cut in cleaned.cut:
        assert 0 <= cut.start <= cut.end <= len(text)
    again = clean([b for b in cleaned.kept if b.text])
    assert [b.text for b in again.kept] == [b.text for b in cleaned.kept if b.text]


@FUZZ
@given(text=TEXTS, spans=st.lists(st.tuples(st.integers(-5, 500), st.integers(-5, 500)), max_size=5))
def test_stretches_can_be_taken_out_anywhere(text, spans):
    for block in without([b for b in blocks_of(text) if b.text], spans):
        assert block.text and 0 <= block.start <= block.end <= len(text)


@FUZZ
@given(text=TEXTS)
def test_quotations_sentences_and_words_lie_in_the_text_in_order(text):
    with Patience():
        found = quotes.find(text)
        sentences = segment.sentences(text, [(0, len(text))] if text else [])
        words = segment.words(text)
    last = 0
    for quote in found:
        assert last <= quote.start < quote.end <= len(text) and "\n" not in text[quote.start : quote.end]
        last = quote.end
    for spans in (sentences, words):
        assert all(0 <= s <= e <= len(text) for s, e in spans) and spans == sorted(spans)
        assert all(a[1] <= b[0] for a, b in zip(spans, spans[1:]))


YAML = st.one_of(
    st.text(CHARACTERS, max_size=200),
    st.recursive(
        st.one_of(
            st.none(),
            st.booleans(),
            st.integers(),
            st.floats(),
            st.text(max_size=10),
            st.sampled_from(("Quill", "rent/NOUN", "evict*", "a/XYZ", "*", "/", "0x_", "2001-99-99")),
        ),
        lambda inner: st.one_of(
            st.lists(inner, max_size=4),
            st.dictionaries(
                st.one_of(
                    st.text(max_size=6),
                    st.sampled_from(
                        (
                            *corrections.KINDS,
                            "to",
                            "as",
                            "by",
                            "cue",
                            "type",
                            "gender",
                            "words",
                            "occurrence",
                            "name",
                            "label",
                            "question",
                            "source",
                            "terms",
                            "group",
                            "term",
                            "weight",
                            "unless",
                            "scope",
                            "half",
                            "needs",
                            "language",
                            "negation",
                        )
                    ),
                ),
                inner,
                max_size=5,
            ),
        ),
        max_leaves=12,
    ).map(lambda value: yaml.safe_dump(value, allow_unicode=True)),
)
HEADING = "name: x\nlabel: L\nquestion: Q\nsource: S\n"
LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(8)
)


@FUZZ
@given(text=YAML, heading=st.booleans())
@example(text="? '\n\n'", heading=False)
@example(text="? [a, b]\n: c\n", heading=True)
@example(text="terms: [rent]\nhalf: 2001-99-99\n", heading=True)
@example(text="terms: [rent]\nhalf: 0\n", heading=True)
@example(text="terms: [rent]\nhalf: .nan\n", heading=True)
@example(text="terms: [rent]\nhalf: -10\n", heading=True)
@example(text="terms: [rent]\nscope: [[article]]\n", heading=True)
@example(text="terms: [rent]\nlabel2: x\n", heading=True)
@example(text="terms: [{term: rent, weight: 0x_}]\n", heading=True)
@example(text="terms: [{[term]: rent}]\n", heading=True)
@example(text="terms: [{group: [a], terms: [rent]}]\n", heading=True)
@example(text="terms: [{group: g, terms: &t [rent, *t]}]\n", heading=True)
@example(text="terms: [{term: rent, unless: [[a]]}]\n", heading=True)
@example(text=LAUGHS + "terms: *i\n", heading=True)
@example(text="terms: " + "[" * 3000, heading=True)
@example(text="terms: " + "[" * 3000 + "a" + "]" * 3000, heading=True)
@example(
    text="terms:\n- &a {group: g, terms: [x, x, x]}\n"
    + "".join(f"- &{chr(98 + n)} {{group: g, terms: [{', '.join([f'*{chr(97 + n)}'] * 9)}]}}\n" for n in range(9)),
    heading=True,
)
@example(text="terms: [rent]\nhalf: 1e999\n", heading=True)
@example(text="terms: [rent]\nhalf: " + "9" * 5000 + "\n", heading=True)
@example(text="terms: [a|b|c|d|e|f a|b|c|d|e|f a|b|c|d|e|f a|b|c|d|e|f a|b|c|d|e|f]\n", heading=True)
@example(text="terms: [rent]\n...\n---\n\ud800", heading=True)
@example(text="terms: ['*/*', '<>', '|', 'a||b', '<PERSON>|x']\n", heading=True)
@example(text="terms: [rent]\nnegation: !!python/object/apply:os.system ['true']\n", heading=True)
@example(text="a\0b", heading=False)
def test_a_frame_file_is_read_or_refused_with_its_line(text, heading):
    with Patience():
        try:
            frames = read_frames(HEADING + text if heading else text, "f.yaml")
        except LexiconError as error:
            assert str(error).startswith("f.yaml") and "\n" not in str(error), str(error)
            return
    for frame in frames:
        assert (
            frame.terms.terms
            and frame.scopes
            and 0 <= float(frame.value(0.0, 100)) <= 1
            and 0 <= float(frame.value(50.0, 100)) <= 1
        )


@FUZZ
@given(text=YAML)
@example(text="- ? [a]\n  : b\n")
@example(text="- remove: x\n  occurrence: 1" + "0" * 6000 + "\n")
@example(text="- remove: x\n  occurrence: " + "0" * 5000 + "1\n")
@example(text="- remove: x\n  occurrence: 1٠\n")
@example(text="- {remove: x, ? {a: b} : c}\n")
@example(text=LAUGHS)
@example(text="- " * 3000 + "x")
@example(text="a\0b")
@example(text="\ud800")
def test_a_corrections_file_is_read_or_refused_with_its_line(tmp_path, text):
    for place, door in (("s.txt", corrections.of_article), ("s.csv", corrections.of_table)):
        file = tmp_path / "s.corrections.yaml"
        file.write_bytes(text.encode("utf-8", "surrogatepass"))
        os.utime(file, ns=(time.time_ns(), time.time_ns()))
        with Patience():
            try:
                found = door(tmp_path / place)
            except CorrectionError as error:
                assert str(error).startswith("s.corrections.yaml") and "\n" not in str(error), str(error)
                continue
        listed = (
            found
            if isinstance(found, tuple)
            else [c for value in found.values() for c in (value if isinstance(value, tuple) else ())]
        )
        assert all(c.words and str(c) for c in listed)


@FUZZ
@given(name=st.text(CHARACTERS, max_size=300))
def test_any_name_becomes_a_file_name_of_its_own(name):
    slug = names.slug(name)
    assert 0 < len(slug.encode()) <= names.LONGEST and slug not in (".", "..")
    assert not set(slug) & set('/\\:*?"<>|\0\n') and not slug.startswith((".", "-")) and not slug.endswith(".")
