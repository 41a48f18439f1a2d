"""Reading takes CPU time in proportion to a file's size, whatever is repeated in it: four times the size, four times
the time."""

from __future__ import annotations

import io
import json
from pathlib import Path
import time

import pytest

import made
from presslab.reading.account import Account
from presslab.reading.read import read
from timing import without_garbage

WORST = 6.5  # times as long for four times as much; n log n is 4.5, and a quarter is left for a busy machine
TINY = 0.15  # seconds of CPU below which nothing can be said
LONGEST = 12.0  # seconds of CPU for the larger of the two
PROSE = " ".join(made.ONE)
TEXT = "\n\n".join(made.ONE)


def _sheet(n: int) -> bytes:
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(["id", "text", *(f"c{i}" for i in range(40))])
    for row in range(n // 40):
        sheet.append([f"r{row}", PROSE if row < 3 else "x", *range(40)])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _html(body: str) -> bytes:
    return (
        "<html><head><title>Council closes the bridge</title></head><body><article><h1>Council closes the"
        f" bridge</h1>{body}{''.join(f'<p>{p}</p>' for p in made.ONE)}</article></body></html>".encode()
    )


def _nitf(inside: str = "", head: str = "", attributes: str = "") -> bytes:
    paragraphs = "".join(f"<p>{p}</p>" for p in made.ONE)
    return (
        "<?xml version='1.0'?><nitf"
        f" {attributes}><head>{head}</head><body><body.head><hedline><hl1>Bridge</hl1></hedline></body.head>"
        f"<body.content>{paragraphs}{inside}</body.content></body></nitf>".encode()
    )


def _newsml(inside: str = "", meta: str = "") -> bytes:
    return (
        made.newsml_g2()
        .replace("<contentSet", f"{meta}<contentSet", 1)
        .replace("</body>", f"{inside}</body>", 1)
        .encode()
    )


def _rss(items: str) -> bytes:
    return f"<rss version='2.0'><channel><title>The Mirror</title>{items}</channel></rss>".encode()


def _mail(headers: str = "", body: str = TEXT, kind: str = "text/plain; charset=utf-8") -> bytes:
    return (
        "From: Ada Lark <ada@mirror.example>\r\nSubject: The bridge\r\nDate: Mon, 4 Mar 2019 10:00:00 +0000\r\nTo:"
        f" a@b.c\r\n{headers}MIME-Version: 1.0\r\nContent-Type: {kind}\r\n\r\n{body}".encode()
    )


def _docx(n: int) -> bytes:
    return made.docx(["A line of the document that says something."] * n)


CASES = {
    # name: (size n, content of that size, ending)
    "datelines": (3_000, lambda n: "LONDON (Reuters) - " * n + TEXT, "txt"),
    "dateline paragraphs": (2_000, lambda n: "LONDON (Reuters) -\n\n" * n + TEXT, "txt"),
    "words of a dateline": (20_000, lambda n: "Saint " * n + "(Reuters) - " + TEXT, "txt"),
    "form feeds": (125_000, lambda n: "\f" * n + TEXT, "txt"),
    "blank lines": (250_000, lambda n: "\n" * n + TEXT, "txt"),
    "lines of blanks": (60_000, lambda n: "   \t \n" * n + TEXT, "txt"),
    "line ends of all kinds": (60_000, lambda n: "\r\n\x0b\u2028" * n + TEXT, "txt"),
    "quotation marks": (60_000, lambda n: '"' * n + TEXT, "txt"),
    "opening quotation marks": (30_000, lambda n: "“" * n + TEXT, "txt"),
    "quotations": (5_000, lambda n: "“We need it,” she said. " * n + TEXT, "txt"),
    "apostrophes": (60_000, lambda n: "'" * n + TEXT, "txt"),
    "no white space": (250_000, lambda n: "a" * n + "\n\n" + TEXT, "txt"),
    "capitals without white space": (100_000, lambda n: "A" * n + "\n\n" + TEXT, "txt"),
    "one line of prose": (800, lambda n: PROSE.replace("\n", " ") * n, "txt"),
    "paragraphs": (600, lambda n: "\n\n".join(f"{PROSE} That was number {i}." for i in range(n)), "txt"),
    "bylines": (4_000, lambda n: "By Ada Lark\n\n" * n + TEXT, "txt"),
    "bylines on one line": (20_000, lambda n: "By Ada Lark " * n + "\n\n" + TEXT, "txt"),
    "short lines": (6_000, lambda n: "".join(f"Line {i}\n" for i in range(n)) + "\n" + TEXT, "txt"),
    "furniture": (3_000, lambda n: "Advertisement\n\nRead more: the bridge\n\n" * n + TEXT, "txt"),
    "the same paragraph": (1_000, lambda n: (made.ONE[0] + "\n\n") * n + TEXT, "txt"),
    "dashes": (100_000, lambda n: "-" * n + "\n\n" + TEXT, "txt"),
    "dots": (100_000, lambda n: "." * n + "\n\n" + TEXT, "txt"),
    "dots with blanks": (60_000, lambda n: ". " * n + "\n\n" + TEXT, "txt"),
    "addresses": (6_000, lambda n: "https://mirror.example/a?b=c " * n + "\n\n" + TEXT, "txt"),
    "at signs": (60_000, lambda n: "a@" * n + "\n\n" + TEXT, "txt"),
    "brackets": (60_000, lambda n: "(" * n + "\n\n" + TEXT, "txt"),
    "square brackets": (60_000, lambda n: "[a](" * n + "\n\n" + TEXT, "md"),
    "stars": (100_000, lambda n: "*" * n + "\n\n" + TEXT, "md"),
    "marked lines": (10_000, lambda n: "> * # - word\n\n" * n + TEXT, "md"),
    "mojibake": (10_000, lambda n: "â€œFine,â€\x9d she said. " * n + "\n\n" + TEXT, "txt"),
    "soft hyphens": (100_000, lambda n: "\xad" * n + TEXT, "txt"),
    "zero widths": (60_000, lambda n: "\u200b\ufeff" * n + TEXT, "txt"),
    "combining marks": (60_000, lambda n: "e" + "\u0301" * n + "\n\n" + TEXT, "txt"),
    "codes of Factiva": (8_000, lambda n: "HD Title\nPD 4 March 2019\nSN Mirror\nLP word\n" * (n // 4) + TEXT, "txt"),
    "documents of Nexis": (
        200,
        lambda n: "".join(
            f"\n\n   {i} of {n} DOCUMENTS\n\n  The Mirror\n\n  March 4, 2019\n\nBridge\n\nLENGTH: 61"
            f" words\n\n{TEXT}\n\nLOAD-DATE: March 5, 2019\n"
            for i in range(1, n + 1)
        ),
        "txt",
    ),
    "labels of Nexis": (
        8_000,
        lambda n: (
            "1 of 1 DOCUMENTS\n\nThe Mirror\n\nMarch 4, 2019 Monday\n\nBridge\n\n"
            + "SECTION: NEWS;\n\n" * n
            + f"LENGTH: 61 words\n\n{TEXT}\n\nLOAD-DATE: March 5, 2019"
        ),
        "txt",
    ),
    "rules of ProQuest": (2_000, lambda n: made.proquest() + "_" * 60 + ("\n\n" + "_" * 60) * n, "txt"),
    "messages of a wire": (250, lambda n: made.iptc7901() * n, "dat"),
    "elements": (30_000, lambda n: _html("<p>word</p>" * n), "html"),
    "attributes": (25_000, lambda n: _html(f"<p {' '.join(f'a{i}=b' for i in range(n))}>word</p>"), "html"),
    "comments": (75_000, lambda n: _html("<!--x-->" * n), "html"),
    "cells": (100_000, lambda n: _html("<table><tr>" + "<td>1</td>" * n + "</tr></table>"), "html"),
    "rows of cells": (
        20_000,
        lambda n: _html("<table>" + "<tr><td>a</td><td>b</td></tr>" * (n // 2) + "</table>"),
        "html",
    ),
    "open tags": (5_000, lambda n: _html("<div>" * n), "html"),
    "open emphasis": (3_000, lambda n: _html("<p>" + "<b><i>" * (n // 2) + "word</p>"), "html"),
    "open links": (10_000, lambda n: _html("<a href='/x'>word " * n), "html"),
    "scripts": (30_000, lambda n: _html("<script>a</script>" * n), "html"),
    "entities": (50_000, lambda n: _html(f"<p>{'&amp;' * n}</p>"), "html"),
    "less-than signs": (50_000, lambda n: _html("<" * n), "html"),
    "list items": (15_000, lambda n: _html("<ul>" + "<li>word word</li>" * n + "</ul>"), "html"),
    "breaks": (30_000, lambda n: _html("word<br>" * n), "html"),
    "list items of a page of fewer tags": (3_500, lambda n: _html("<ul>" + "<li>word word</li>" * n + "</ul>"), "html"),
    "links of a page of fewer tags": (2_500, lambda n: _html("<a href='/x'>word " * n), "html"),
    "meta": (10_000, lambda n: _html("").replace(b"<body>", b"<meta name='a' content='b'>" * n + b"<body>"), "html"),
    "an article of many paragraphs": (
        600,
        lambda n: _html("".join(f"<p>{PROSE} That was number {i}.</p>" for i in range(n))),
        "html",
    ),
    "XML comments": (75_000, lambda n: _nitf("<!--x-->" * n), "xml"),
    "XML attributes": (25_000, lambda n: _nitf(attributes=" ".join(f"a{i}='b'" for i in range(n))), "xml"),
    "XML entities": (100_000, lambda n: _nitf(f"<p>{'&amp;' * n}</p>"), "xml"),
    "NITF paragraphs": (20_000, lambda n: _nitf("<p>word</p>" * n), "xml"),
    "NITF head": (10_000, lambda n: _nitf(head="<meta name='a' content='b'/>" * n), "xml"),
    "NITF head of other values": (
        10_000,
        lambda n: _nitf(head="".join(f"<meta name='a' content='b{i}'/>" for i in range(n))),
        "xml",
    ),
    "NITF nested": (50, lambda n: _nitf("<block>" * n + "word" + "</block>" * n), "xml"),
    "several NITF": (300, lambda n: b"<?xml version='1.0'?><all>" + _nitf().split(b"?>", 1)[1] * n + b"</all>", "nitf"),
    "NewsML subjects": (
        5_000,
        lambda n: _newsml(
            meta="".join(f"<subject type='cpnat:category' qcode='a:{i}'><name>n{i}</name></subject>" for i in range(n))
        ),
        "xml",
    ),
    "NewsML paragraphs": (15_000, lambda n: _newsml("<p>word</p>" * n), "xml"),
    "ninjs items": (750, lambda n: json.dumps({"items": [made.ninjs(3)] * n}), "json"),
    "ninjs subjects": (
        20_000,
        lambda n: json.dumps(made.ninjs(3) | {"subjects": [{"name": f"s{i}", "rel": "category"} for i in range(n)]}),
        "json",
    ),
    "ninjs keys": (20_000, lambda n: json.dumps(made.ninjs(3) | {f"body_{i}": "word" for i in range(n)}), "json"),
    "JSON nested": (5_000, lambda n: '{"uri": "a", "headline": "b", "x": ' + "[" * n + "]" * n + "}", "json"),
    "feed entries": (
        250,
        lambda n: _rss(
            "".join(
                f"<item><title>Bridge {i}</title><guid>{i}</guid><description>{PROSE}</description></item>"
                for i in range(n)
            )
        ),
        "rss",
    ),
    "feed categories": (
        4_000,
        lambda n: _rss(
            f"<item><title>Bridge</title><description>{PROSE}</description>{'<category>a</category>' * n}</item>"
        ),
        "rss",
    ),
    "feed comments": (
        40_000,
        lambda n: _rss(f"{'<!--x-->' * n}<item><title>Bridge</title><description>{PROSE}</description></item>"),
        "rss",
    ),
    "feed paragraphs": (
        8_000,
        lambda n: _rss(
            f"<item><title>Bridge</title><description>{PROSE}{'&lt;p&gt;word&lt;/p&gt;' * n}</description></item>"
        ),
        "rss",
    ),
    "mail headers": (10_000, lambda n: _mail("X-A: b\r\n" * n), "eml"),
    "a long mail header": (100_000, lambda n: _mail(f"X-A: {'b' * n}\r\n"), "eml"),
    "a From line": (25_000, lambda n: f"From {'a' * n} Mon Mar  4\r\n".encode() + _mail(), "eml"),
    "a long sender": (25_000, lambda n: _mail().replace(b"Ada Lark", b"A" * n), "eml"),
    "senders": (
        3_000,
        lambda n: _mail().replace(b"Ada Lark <ada@mirror.example>", b", ".join([b"Ada Lark <ada@mirror.example>"] * n)),
        "eml",
    ),
    "a long subject": (25_000, lambda n: _mail().replace(b"The bridge", b"The bridge " * (n // 10)), "eml"),
    "encoded words in a subject": (1_000, lambda n: _mail().replace(b"The bridge", b"=?utf-8?q?bridge?= " * n), "eml"),
    "folded headers": (
        10_000,
        lambda n: _mail(f"X-A: b\r\n{' c' + chr(13) + chr(10) if False else ''}" + " c\r\n" * n),
        "eml",
    ),
    "mail quotations": (20_000, lambda n: _mail(body=TEXT + "\r\n> word" * n), "eml"),
    "mail parts": (
        500,
        lambda n: _mail(
            body="--b\r\nContent-Type: text/plain\r\n\r\n"
            + TEXT
            + "\r\n"
            + "--b\r\nContent-Type: image/png\r\n\r\nx\r\n" * n
            + "--b--\r\n",
            kind='multipart/mixed; boundary="b"',
        ),
        "eml",
    ),
    "mail boundaries": (
        20_000,
        lambda n: _mail(body="--b\r\n" * n + "\r\n" + TEXT, kind='multipart/mixed; boundary="b"'),
        "eml",
    ),
    "mail cells": (
        15_000,
        lambda n: _mail(
            body=f"<html><body><table><tr>{'<td>a</td>' * n}</tr></table><p>{PROSE}</p></body></html>", kind="text/html"
        ),
        "eml",
    ),
    "RTF groups": (25_000, lambda n: "{\\rtf1 " + "{\\b x}" * n + " " + PROSE + "}", "rtf"),
    "RTF groups in groups": (25_000, lambda n: "{\\rtf1 " + "{" * n + "}" * n + " " + PROSE + "}", "rtf"),
    "RTF paragraphs": (20_000, lambda n: "{\\rtf1 " + "word\\par " * n + PROSE + "}", "rtf"),
    "RTF words": (25_000, lambda n: "{\\rtf1 " + "\\'e9" * n + " " + PROSE + "}", "rtf"),
    "RTF hexadecimal": (100_000, lambda n: "{\\rtf1 {\\pict " + "0f" * n + "} " + PROSE + "}", "rtf"),
    "DOCX paragraphs": (3_000, _docx, "docx"),
    "XLSX cells": (20_000, _sheet, "xlsx"),
    "columns": (
        25_000,
        lambda n: "id,text," + ",".join(f"c{i}" for i in range(n)) + f'\na,"{PROSE}",' + "1," * n,
        "csv",
    ),
    "rows": (1_000, lambda n: "id,text\n" + "".join(f'r{i},"{PROSE} {i}"\n' for i in range(n)), "csv"),
    "bad rows": (5_000, lambda n: "id,text\n" + "".join(f"r{i},x\n" for i in range(n)), "csv"),
    "a quote that stays open": (50_000, lambda n: f'id,text\na,"{PROSE}"\nb,"' + "word\n" * n, "csv"),
    "quotes in a cell": (100_000, lambda n: f'id,text\na,"{PROSE} {chr(34) * 2 * n}"', "csv"),
    "broken JSON lines": (20_000, lambda n: json.dumps({"id": "a", "text": PROSE}) + "\n" + "{broken\n" * n, "jsonl"),
    "keys of a JSON line": (
        20_000,
        lambda n: json.dumps({"id": "a", "text": PROSE} | {f"k{i}": i for i in range(n)}),
        "jsonl",
    ),
    "members of a ZIP": (300, lambda n: made.zipped({f"m{i}.txt": TEXT.encode() for i in range(n)}), "zip"),
    "bad members of a ZIP": (1_000, lambda n: made.zipped({f"m{i}.txt": b"x" for i in range(n)}), "zip"),
}


def seconds(path: Path, content: str | bytes) -> float:
    """CPU seconds for reading a file with that content."""
    path.write_bytes(content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content)
    accounts: list[Account] = []
    with without_garbage():
        start = time.process_time()
        for _ in read([path], any_language=True, accounts=accounts):
            pass
        taken = time.process_time() - start
    assert len(accounts) == 1
    return taken


@pytest.fixture(scope="module", autouse=True)
def loaded(tmp_path_factory):
    """What reading loads at its first use is no part of the time."""
    folder = tmp_path_factory.mktemp("first")
    for ending in ("txt", "md", "html", "xml", "rss", "eml", "rtf", "docx", "xlsx", "csv", "jsonl", "json"):
        n, make, _ = next(case for case in CASES.values() if case[2] == ending)
        seconds(folder / f"first.{ending}", make(max(n // 100, 3)))


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_reading_is_no_worse_than_linear(tmp_path, name):
    n, make, ending = CASES[name]
    small, large = (make(size) for size in (n, 4 * n))
    most = seconds(tmp_path / f"large.{ending}", large)
    assert most < LONGEST
    if most > TINY * 4:
        least = max(seconds(tmp_path / f"small.{ending}", small), TINY / 2)
        if most / least >= WORST:  # other processes of the machine must not decide
            least = max(least, seconds(tmp_path / f"small.{ending}", small))
            most = min(most, seconds(tmp_path / f"large.{ending}", large))
        assert most / least < WORST, f"{least:.2f} s, four times as much {most:.2f} s"
