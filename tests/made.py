"""Exports made for tests, in the layouts that the databases and standards document; every text in them is ours."""

from __future__ import annotations

import io
import zipfile

ONE = (
    "The town council voted on Monday to close the old bridge after engineers found cracks in two of its piers.",
    (
        "“It is not safe,” Mayor Ada Quill said. Buses will run from Tuesday, and the council will meet again in two"
        " weeks."
    ),
    "Residents of the east bank fear a long winter without the bridge, according to a letter that the mayor read out.",
)
TWO = (
    "The ferry between the two harbours will run on Sundays from May, the harbour board said in a statement on Friday.",
    "A single ticket will cost three crowns. “We have waited ten years for this,” said Tom Reed, who owns a bakery.",
    "The first boat leaves at seven in the morning, and the last one returns at nine in the evening, the board said.",
)


def wrapped(paragraphs: tuple[str, ...], width: int = 78) -> str:
    """Paragraphs wrapped at a width, a blank line between them."""
    import textwrap

    return "\n\n".join(textwrap.fill(p, width) for p in paragraphs)


def nexis_text(announced: int = 2) -> str:
    """A LexisNexis text export of two documents."""
    one = (
        f"\n\n                               1 of {announced} DOCUMENTS\n\n\n                              The Skarrow"
        " Mirror (Skarrow)\n\n                            March 4, 2019 Monday\n                                  "
        " Edition 2;\n                                 Late Edition\n\nCouncil closes the old bridge;\nBuses from"
        " Tuesday\n\nBYLINE: By ADA LARK and TOM O'BREE; Ines Vale contributed reporting.\n\nSECTION: NEWS; Pg."
        f" 3\n\nLENGTH: 61 words\n\n\n{wrapped(ONE)}\n\nLOAD-DATE: March 5, 2019\n\nLANGUAGE: ENGLISH\n\nGRAPHIC: The"
        " bridge in winter\n\nPUBLICATION-TYPE: Newspaper\n\n\n                     Copyright 2019 Skarrow Press\n    "
        "                          All Rights Reserved\n"
    )
    two = (
        f"\n                               2 of {announced} DOCUMENTS\n\n\n                              The Guardian"
        " (London)\n\n                            April 12, 2019 Friday\n\nFerry on Sundays\n\nLENGTH: 60"
        f" words\n\n{wrapped(TWO)}\n\nLOAD-DATE: April 12, 2019\n"
    )
    return "﻿" + one + two


def nexis_html() -> str:
    """A LexisNexis export saved as HTML."""
    lines = [
        line for block in nexis_text().removeprefix("﻿").split("\n\n") for line in [" ".join(block.split())] if line
    ]
    body = "".join(f'<div class="c1"><p class="c2"><span class="c3">{line}</span></p></div><br>' for line in lines)
    return (
        "<html><head><title>Results</title></head><body><!-- Hide XML section from browser --><a"
        f' name="DOC_ID_0_0"></a>{body}</body></html>'
    )


def nexis_lines() -> list[str]:
    """A Nexis Uni export as its paragraphs: cover page, two documents."""
    cover = [
        "User Name: A Reader",
        "Date and Time: Friday, 5 July 2019",
        "Job Number: 1",
        "Documents (2)",
        "1. Council closes the old bridge",
        "Client/Matter: -None-",
        "Search Terms: bridge",
        "Search Type: Natural Language",
        "Narrowed by:",
        "Content Type Narrowed by",
        "News Sources: The Skarrow Mirror",
        "2. Ferry on Sundays",
        "Client/Matter: -None-",
        "Search Terms: bridge",
    ]
    one = [
        "Council closes the old bridge",
        "The Skarrow Mirror",
        "March 4, 2019 Monday",
        "Copyright 2019 Skarrow Press All Rights Reserved",
        "Section: NEWS; Pg. 3",
        "Length: 61 words",
        "Byline: Ada Lark in Skarrow",
        "Highlight: Buses from Tuesday",
        "Body",
        *ONE,
        "Graphic",
        "The bridge in winter",
        "Classification",
        "Language: ENGLISH",
        "Load-Date: March 5, 2019",
        "End of Document",
    ]
    two = [
        "Ferry on Sundays",
        "The Guardian (London) - Final Edition",
        "April 12, 2019",
        "Copyright 2019 Guardian Newspapers Limited",
        "Length: 60 words",
        "Body",
        *TWO,
        "Load-Date: April 12, 2019",
        "End of Document",
    ]
    return [*cover, *one, *two]


def rtf(lines: list[str]) -> bytes:
    """Lines as an RTF document."""
    escaped = ["".join(c if c.isascii() and c not in "\\{}" else f"\\u{ord(c)}?" for c in line) for line in lines]
    return (
        "{\\rtf1\\ansi\\deff0{\\fonttbl{\\f0 Times;}}\n" + "".join(f"\\pard {line}\\par\n" for line in escaped) + "}"
    ).encode("ascii")


def docx(lines: list[str]) -> bytes:
    """Lines as a DOCX document."""
    import docx as library

    document = library.Document()
    for line in lines:
        document.add_paragraph(line)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def factiva_codes() -> str:
    """A Factiva text export with field codes."""
    return (
        "SE   News\nHD   Council closes the old bridge\nBY   By Ada Lark\nWC   61 words\nPD   4 March 2019\nSN   The"
        f" Skarrow Mirror\nSC   SKMIR\nPG   3\nLA   English\nCY   Copyright 2019 Skarrow Press\n\nLP   {ONE[0]}\n\nTD  "
        f" {ONE[1]}\n\n     {ONE[2]}\n\nNS   gbridg : Bridges\nRE   skar : Skarrow\nPUB  Skarrow Press\nAN   Document"
        " SKMIR00020190304ef3400001\n\n\nHD   Ferry on Sundays\nWC   60 words\nPD   12 April 2019\nSN   The"
        f" Guardian\nSC   GRDN\nLA   English\n\nLP   {TWO[0]}\n\nTD   {TWO[1]}\n\n     {TWO[2]}\n\nAN   Document"
        " GRDN000020190412ef4c00002\n"
    )


def factiva_plain() -> str:
    """A Factiva text export in the article format, without codes."""
    return (
        "News\nCouncil closes the old bridge\nAda Lark\n61 words\n4 March 2019\n05:30\nThe Skarrow"
        " Mirror\nSKMIR\n3\nEnglish\nCopyright 2019 Skarrow Press\n\n"
        + "\n\n".join(ONE)
        + "\n\nSkarrow Press\nDocument SKMIR00020190304ef3400001\n\n"
        "Ferry on Sundays\n60 words\n12 April 2019\nThe Guardian\nGRDN\nEnglish\n(c) 2019\n\n"
        + "\n\n".join(TWO)
        + "\n\nDocument GRDN000020190412ef4c00002\n"
    )


def factiva_html(codes: bool = True) -> str:
    """A Factiva page of two articles, with field codes or in the article format, its search summary below."""

    def coded(rows: list[tuple[str, str]]) -> str:
        return (
            "<table>"
            + "".join(f'<tr><td class="index"><b>{code}</b>&nbsp;</td><td>{value}</td></tr>' for code, value in rows)
            + "</table>"
        )

    def text(paragraphs: tuple[str, ...]) -> str:
        return "".join(f'<p class="articleParagraph enarticleParagraph">{p}</p>' for p in paragraphs)

    heads = [
        (
            "SKMIR00020190304ef3400001",
            "Council closes the old bridge",
            "Ada Lark",
            "4 March 2019",
            "The Skarrow Mirror",
            ONE,
        ),
        ("GRDN000020190412ef4c00002", "Ferry on Sundays", "", "12 April 2019", "The Guardian", TWO),
    ]
    articles = ""
    for number, title, author, date, outlet, body in heads:
        if codes:
            rows = [
                ("SE", "News"),
                ("HD", title),
                ("BY", author),
                ("WC", "61 words"),
                ("PD", date),
                ("SN", outlet),
                ("LA", "English"),
                ("LP", text(body[:1])),
                ("TD", text(body[1:])),
                ("AN", f"Document {number}"),
            ]
            inner = coded([row for row in rows if row[1]])
        else:
            lines = "".join(
                f"<div>{line}</div>" for line in ("61 words", date, outlet, "SKM", "English", "Copyright 2019")
            )
            inner = (
                f'<div>News</div><div id="hd"><span class="enHeadline">{title}</span></div>'
                + (f'<div class="author">{author}</div>' if author else "")
                + lines
                + text(body)
                + f"<p>Document {number}</p>"
            )
        articles += f'<div id="article-{number}" class="article"><div class="article enArticle">{inner}</div></div>'
    return (
        f'<html><head><title>Factiva</title></head><body>{articles}<table><tr><td class="label">Results'
        " Found</td><td>2</td></tr></table></body></html>"
    )


def proquest() -> str:
    """A ProQuest text export of two documents."""
    rule = "_" * 60
    return (
        f"{rule}\nReport Information from ProQuest\n5 July 2019 09:31\n{rule}\n\n\nDocument 1 of 2\n\nCouncil closes"
        " the old bridge\n\nAuthor: Lark, Ada; O'Bree, Tom.\n\nPublication info: The Skarrow Mirror ; Skarrow"
        " [Skarrow]04 Mar 2019: 3.\n\nAbstract: The bridge is closed.\n\nFull text:"
        f" {ONE[0]}\n\n{ONE[1]}\n\n{ONE[2]}\n\nCredit: By Ada Lark and Tom O'Bree\n\nSubject: Bridges;"
        " Buses\n\nLocation: Skarrow\n\nTitle: Council closes the old bridge\n\nPublication title: The Skarrow Mirror;"
        " Skarrow\n\nFirst page: 3\n\nPublication year: 2019\n\nPublication date: Mar 4, 2019\n\nSection:"
        " News\n\nPublisher: Skarrow Press\n\nLanguage of publication: English\n\nProQuest document ID:"
        " 2187654321\n\nDocument URL: https://example.org/docview/2187654321\n\nCopyright: Copyright Skarrow Press Mar"
        f" 4, 2019\n\nLast updated: 2019-03-05\n\nDatabase: Newsstream\n\n{rule}\n\nDocument 2 of 2\n\nFerry on"
        f" Sundays\n\nFull text: {TWO[0]}\n\n{TWO[1]}\n\n{TWO[2]}\n\nTitle: Ferry on Sundays\n\nPublication title: The"
        " Guardian; London (UK)\n\nPublication date: Apr 12, 2019\n\nLanguage of publication: English\n\nProQuest"
        f" document ID: 2187654322\n\n{rule}\nContact us at: https://example.org\n"
    )


def newsbank() -> str:
    """A NewsBank text export of two articles."""
    return (
        "Council closes the old bridge\n\nThe Skarrow Mirror - March 4, 2019\n\nAuthor: Ada Lark\nSection: News\nPage:"
        " 3\n\n"
        + "\n\n".join(ONE)
        + "\n\nRecord Number: 1903040001\nCopyright 2019 Skarrow Press\n\n\nFerry on Sundays\n\nSkarrow Evening Post"
        " (Skarrow) - April 12, 2019\n\nSection: Local\n\n"
        + "\n\n".join(TWO)
        + "\n\nRecord Number: 1904120002\nCopyright 2019 Evening Post\n"
    )


def nitf() -> str:
    """A NITF 3 document."""
    body = "".join(f"<p>{p}</p>" for p in ONE)
    return (
        '<?xml version="1.0"?><nitf baselang="en-GB"><head><title>bridge</title><docdata><doc-id'
        ' id-string="sk1"/><date.issue norm="20190304T101500+0000"/></docdata><pubdata name="The Skarrow Mirror"'
        ' position.section="News" date.publication="20190304T000000"/></head><body><body.head><hedline><hl1>Council'
        " closes the old bridge</hl1></hedline><byline>By <person>ADA LARK</person><byttl>Staff"
        f" Writer</byttl></byline></body.head><body.content>{body}</body.content></body></nitf>"
    )


def newsml_g2() -> str:
    """A NewsML-G2 message with a text and a picture."""
    body = "".join(f"<p>{p}</p>" for p in ONE)
    item = (
        '<newsItem guid="urn:sk:1" xml:lang="en"><itemMeta><itemClass qcode="ninat:text"/><provider'
        ' qcode="x:sk"><name>Skarrow Press'
        " Agency</name></provider><versionCreated>2019-03-04T10:15:00+01:00</versionCreated></itemMeta><contentMeta>"
        "<by>Ada Lark</by><headline>Council closes the old bridge</headline><language"
        ' tag="en"/></contentMeta><contentSet><inlineXML contenttype="application/xhtml+xml"><html'
        f' xmlns="http://www.w3.org/1999/xhtml"><body>{body}</body></html></inlineXML></contentSet></newsItem>'
    )
    picture = (
        '<newsItem guid="urn:sk:2"><itemMeta><itemClass qcode="ninat:picture"/></itemMeta><contentSet/></newsItem>'
    )
    return (
        '<?xml version="1.0"?><newsMessage'
        f' xmlns="http://iptc.org/std/nar/2006-10-01/"><itemSet>{item}{picture}</itemSet></newsMessage>'
    )


def ninjs(version: int = 3) -> dict:
    """A ninjs item of a version (1, 2 or 3)."""
    html = "".join(f"<p>{p}</p>" for p in ONE)
    if version == 1:
        return {
            "uri": "urn:sk:1",
            "type": "text",
            "versioncreated": "2019-03-04T10:15:00Z",
            "byline": "Ada Lark",
            "headline": "Council closes the old bridge",
            "body_xhtml": html,
            "language": "en",
            "provider": "Skarrow Press Agency",
        }
    time = "versioncreated" if version == 2 else "versionCreated"
    return {
        "uri": "urn:sk:1",
        "type": "text",
        time: "2019-03-04T10:15:00Z",
        "by": "Ada Lark",
        "headlines": [{"role": "main", "value": "Council closes the old bridge"}],
        "bodies": [{"role": "main", "contentType": "text/html", "value": html}],
        "language": "en",
        "provider": "Skarrow Press Agency",
    }


def iptc7901() -> bytes:
    """Two IPTC 7901 messages."""
    one = "\x01eca062 4 i 211 spa 061\r\n\r\nbridge/\r\n\x02Council closes the old bridge =\r\n\r\n" + "\r\n\r\n".join(
        f"   {p}" for p in wrapped(ONE).replace("\n", "\r\n").split("\r\n\r\n")
    )
    return (
        one
        + "\r\n\r\n\x03041015 GMT Mar 19\r\n\x04"
        + one.replace("Council closes the old bridge", "Bridge: second take").replace("062", "063")
        + "\r\n\x03041115 GMT Mar 19\x04"
    ).encode("cp1252")


def rss() -> str:
    """An RSS 2.0 feed: one entry with its full text, one with a summary alone."""
    full = "".join(f"<p>{p}</p>" for p in ONE)
    return (
        '<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>The Skarrow'
        " Mirror</title><link>https://mirror.example</link><language>en</language><item><title>Council closes the old"
        " bridge</title><link>https://mirror.example/1</link><guid>m1</guid><dc:creator>Ada"
        " Lark</dc:creator><category>News</category><pubDate>Mon, 04 Mar 2019 10:15:00"
        f" GMT</pubDate><description>Short.</description><content:encoded><![CDATA[{full}]]></content:encoded></item>"
        "<item><title>Ferry on Sundays</title><link>https://mirror.example/2</link><pubDate>Fri, 12 Apr 2019 10:15:00"
        f" GMT</pubDate><description>{TWO[0]}</description></item></channel></rss>"
    )


def atom() -> str:
    """An Atom feed of one entry."""
    full = "".join(f"&lt;p&gt;{p}&lt;/p&gt;" for p in ONE)
    return (
        '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>The Skarrow'
        " Mirror</title><entry><id>m1</id><title>Council closes the old bridge</title><author><name>Ada"
        " Lark</name></author><link"
        ' href="https://mirror.example/1"/><published>2019-03-04T10:15:00Z</published><content'
        f' type="html">{full}</content></entry></feed>'
    )


def eml(attachment: tuple[str, bytes] | None = None) -> bytes:
    """A newsletter as an e-mail message, with an attachment where one is given."""
    from email.message import EmailMessage

    message = EmailMessage()
    message["From"] = "The Skarrow Mirror <news@mirror.example>"
    message["To"] = "reader@example.org"
    message["Subject"] = "Council closes the old bridge"
    message["Date"] = "Mon, 04 Mar 2019 10:15:00 +0000"
    message["Message-ID"] = "<1@mirror.example>"
    text = "See the attachment." if attachment else "\n\n".join(ONE)
    message.set_content(text)
    message.add_alternative(
        "<html><body><table>"
        + "".join(f"<tr><td>{p}</td></tr>" for p in text.split("\n\n"))
        + "</table></body></html>",
        subtype="html",
    )
    if attachment:
        message.add_attachment(attachment[1], maintype="application", subtype="octet-stream", filename=attachment[0])
    return message.as_bytes()


def page(
    paragraphs: tuple[str, ...] = ONE, title: str = "Council closes the old bridge", author: str = "Ada Lark"
) -> str:
    """A web page with one article."""
    body = "".join(f"<p>{p}</p>" for p in paragraphs)
    return (
        f'<!doctype html><html lang="en"><head><title>{title}</title><meta property="og:site_name" content="The Skarrow'
        f' Mirror"><meta name="author" content="{author}"><meta property="article:published_time"'
        ' content="2019-03-04T10:15:00Z"></head><body><nav><a'
        f' href="/">Home</a></nav><article><h1>{title}</h1>{body}</article></body></html>'
    )


def warc(stream, pages: list[tuple[str, str]], other: int = 0, gzip: bool = False) -> None:
    """Write a web archive: pages as (url, html), and `other` pictures."""
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    writer = WARCWriter(stream, gzip=gzip)
    for number in range(other):
        headers = StatusAndHeaders("200 OK", [("Content-Type", "image/png")], protocol="HTTP/1.1")
        writer.write_record(
            writer.create_warc_record(
                f"https://mirror.example/{number}.png",
                "response",
                payload=io.BytesIO(b"\x89PNG" * 10),
                http_headers=headers,
            )
        )
    for url, html in pages:
        headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1")
        writer.write_record(
            writer.create_warc_record(url, "response", payload=io.BytesIO(html.encode()), http_headers=headers)
        )


def zipped(members: dict[str, bytes]) -> bytes:
    """A ZIP of members by name."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()
