"""Bad files of every kind, made by code: cut, turned, mislabelled, made to do harm, or filled with values of a wrong
type."""

from __future__ import annotations

import gzip
import io
import json
import struct
import tarfile
import zipfile

import made

PROSE = " ".join(made.ONE)
TEXT = "\n\n".join(made.ONE)
HTML = made.page().encode()
XML = "<?xml version='1.0'?>"


def zipped(*members: tuple[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP whose members may have the same name twice."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return stream.getvalue()


def tarred(*members: tuple[str, bytes, bytes]) -> bytes:
    """A tar of (name, type, content)."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for name, kind, content in members:
            info = tarfile.TarInfo(name)
            info.type, info.size, info.linkname = kind, len(content), "/etc/passwd"
            archive.addfile(info, io.BytesIO(content))
    return stream.getvalue()


def parquet(**columns: object) -> bytes:
    """A Parquet file of columns (pyarrow arrays or lists)."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    stream = io.BytesIO()
    pq.write_table(pa.table(columns), stream)
    return stream.getvalue()


def whole() -> dict[str, bytes]:
    """A good file of each kind that is not plain text, to be damaged: name → content."""
    import pandas as pd

    sheet = io.BytesIO()
    pd.DataFrame({"id": ["a"], "text": [PROSE]}).to_excel(sheet, index=False)
    archive = io.BytesIO()
    made.warc(archive, [("https://mirror.example/a", made.page())], other=1, gzip=False)
    return {
        "docx": made.docx(made.nexis_lines()),
        "xlsx": sheet.getvalue(),
        "parquet": parquet(id=["a"], text=[PROSE]),
        "zip": zipped(("a.txt", TEXT.encode())),
        "tar": tarred(("a.txt", tarfile.REGTYPE, TEXT.encode())),
        "gz": gzip.compress(TEXT.encode()),
        "xml": made.nitf().encode(),
        "newsml": made.newsml_g2().encode(),
        "rss": made.rss().encode(),
        "warc": archive.getvalue(),
    }


def damaged() -> dict[str, bytes]:
    """Good files cut at three places, with a bit turned in the middle, with zeros for a tenth, and with zeros alone."""
    bad = {}
    for kind, content in whole().items():
        size = len(content)
        for tenth in (1, 5, 9):
            bad[f"cut{tenth}.{kind}"] = content[: size * tenth // 10]
        bad[f"holed.{kind}"] = content[: size // 2] + bytes(size // 10) + content[size // 2 + size // 10 :]
        bad[f"zeros.{kind}"] = bytes(2000)
        bad[f"empty.{kind}"] = b""
        bad[f"picture.{kind}"] = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20
    return bad


def texts() -> dict[str, bytes]:
    """Text and pages that hold no article, or say what they are not."""
    return {
        "empty.txt": b"",
        "mark.txt": b"\xef\xbb\xbf",
        "blank.txt": b" \n\t\n" * 50,
        "short.txt": b"One line.",
        "binary.txt": bytes(range(256)) * 40,
        "zeros.txt": bytes(5000),
        "utf16.txt": TEXT.encode("utf-16-le"),
        "mark16.txt": b"\xff\xfe",
        "odd16.txt": b"\xff\xfe" + b"\x00\xd8" * 300,
        "empty.html": b"",
        "nothing.html": b"<html></html>",
        "open.html": b"<html><body><p",
        "menu.html": b"<ul>" + b"<li><a href='/'>Home</a></li>" * 50 + b"</ul>",
        "deep.html": b"<div>" * 30_000,
        "lies.html": b"<meta charset='utf-16'>" + b"<p>" + bytes(600),
        "empty.md": b"",
        "marks.md": b"# \n\n> \n\n* * *\n",
        "endless.txt": b"a" * 6_000_000,
        "cut.rtf": b"{\\rtf1\\ansi{\\fonttbl",
        "groups.rtf": b"{\\rtf1" + b"{" * 50_000,
        "binary.rtf": b"{\\rtf1 \\bin99999999 " + bytes(100) + b"}",
        "empty.rtf": b"{\\rtf1}",
        "wrong.rtf": b"rtf1 nothing",
        "number.rtf": b"{\\rtf1 \\u99999999999999999999 x}",
    }


def markup() -> dict[str, bytes]:
    """XML, feeds and JSON of the wrong shape, or made to do harm."""
    laughs = '<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    nitf = made.nitf().split("?>", 1)[1]
    item = made.ninjs(3)
    return {
        "entity.xml": (XML + laughs + nitf).encode(),
        "outside.xml": (XML + '<!DOCTYPE nitf [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + nitf).encode(),
        "bodyless.xml": (XML + "<nitf><head/></nitf>").encode(),
        "hollow.xml": (XML + "<nitf/>").encode(),
        "unknown.xml": (XML + "<invoice/>").encode(),
        "two-roots.xml": (XML + "<nitf/><nitf/>").encode(),
        "prefix.xml": (XML + "<n:nitf/>").encode(),
        "encoding.xml": b"<?xml version='1.0' encoding='no-such'?><nitf/>",
        "deep.xml": (XML + "<nitf>" + "<a>" * 5000).encode(),
        "control.xml": (XML + "<nitf>\x01\x02</nitf>").encode(),
        "include.xml": (
            (XML + '<nitf xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="/etc/passwd"/></nitf>').encode()
        ),
        "itemless.newsml": (XML + "<newsMessage/>").encode(),
        "picture-item.newsml": (
            (XML + '<newsItem><itemMeta><itemClass qcode="ninat:picture"/></itemMeta></newsItem>').encode()
        ),
        "hollow.newsml": (XML + "<NewsML><NewsItem><NewsComponent/></NewsItem></NewsML>").encode(),
        "entity.rss": (XML + laughs + "<rss><channel/></rss>").encode(),
        "hollow.rss": b"<rss><channel/></rss>",
        "textless.rss": b"<rss><channel><item><title>T</title></item></channel></rss>",
        "open.rss": b"<rss><channel><item><title>",
        "hollow.atom": b"<feed xmlns='http://www.w3.org/2005/Atom'/>",
        "cut.json": json.dumps(item).encode()[:-40],
        "unknown.json": b'{"name": 1}',
        "list.json": b"[1, 2, 3]",
        "null.json": b"null",
        "deep.json": b"[" * 100_000,
        "nan.json": b'{"uri": NaN, "headline": Infinity, "type": "text"}',
        "textless.json": json.dumps({"uri": "a", "headline": "b", "type": "text"}).encode(),
        "types.json": json.dumps({"uri": 1, "headline": ["x"], "body_html": {"a": 1}, "type": "text"}).encode(),
        "bodies.json": json.dumps({"uri": "a", "headlines": 7, "bodies": 3, "type": "text"}).encode(),
        "subjects.json": (
            json.dumps({"uri": "a", "headline": "b", "body_text": "x", "subjects": 5, "infosources": 5}).encode()
        ),
        "altids.json": json.dumps({"uri": "a", "headline": "b", "altids": None, "renditions": 1}).encode(),
    }


def containers() -> dict[str, bytes]:
    """Archives, mail and web archives that are broken, hostile or hollow."""
    bomb = zipped(("zeros.txt", bytes(30_000_000)))
    wrong = bytearray(zipped(("a.txt", TEXT.encode()), compression=zipfile.ZIP_STORED))
    wrong[60] ^= 0xFF  # the member's text no longer fits its checksum
    encrypted = bytearray(zipped(("a.txt", TEXT.encode())))
    encrypted[6] |= 1
    encrypted[encrypted.index(b"PK\x01\x02") + 8] |= 1
    inner = zipped(("a.txt", b"x"))
    for _ in range(5):
        inner = zipped(("inner.zip", inner))
    head = b"From: a@b.c\r\nSubject: s\r\nDate: Mon, 4 Mar 2019 10:00:00 +0000\r\nTo: d@e.f\r\nMIME-Version: 1.0\r\n"
    record = b"WARC/1.0\r\nWARC-Type: response\r\nContent-Type: application/http\r\nContent-Length: "
    return {
        "bomb.zip": bomb,
        "crc.zip": bytes(wrong),
        "locked.zip": bytes(encrypted),
        "deep.zip": inner,
        "hollow.zip": zipped(),
        "folder.zip": zipped(("a/", b"")),
        "bad-member.zip": zipped(("a.xml", b"<?xml version='1.0'?><nitf>")),
        "hollow.tar": tarred(),
        "link.tar": tarred(("a.txt", tarfile.SYMTYPE, b"")),
        "device.tar": tarred(("a.txt", tarfile.CHRTYPE, b"")),
        "fifo.tar": tarred(("a.txt", tarfile.FIFOTYPE, b"")),
        "huge.tar": tarred(("a.txt", tarfile.REGTYPE, b"x"))[:124] + b"77777777777\0" + bytes(376),
        "bomb.txt.gz": gzip.compress(bytes(b"a" * 80_000_000)),
        "wrong.gz": b"\x1f\x8b\x08" + bytes(20),
        "hollow.gz": gzip.compress(b""),
        "hollow.docx": zipped(("word/document.xml", b"")),
        "wordless.docx": zipped(("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<w/>")),
        "outside.docx": zipped(
            ("word/document.xml", b'<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]><w>&x;</w>')
        ),
        "sheetless.xlsx": zipped(("xl/workbook.xml", b"<workbook/>")),
        "wrong.xlsx": zipped(("xl/workbook.xml", b"<<<")),
        "bomb.xlsx": zipped(("xl/workbook.xml", b"<w/>"), ("xl/sharedStrings.xml", bytes(30_000_000))),
        "textless.eml": head + b"\r\n",
        "boundary.eml": head + b"Content-Type: multipart/mixed; boundary=x\r\n\r\nnothing",
        "charset.eml": head + b"Content-Type: text/plain; charset=no-such\r\n\r\nx",
        "base64.eml": head + b"Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n%%%%",
        "nested.eml": (
            head
            + b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(3000))
        ),
        "attached.eml": (
            head + b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type:"
            b" application/zip\r\nContent-Disposition: attachment; filename=../a.zip\r\n\r\nPK\x03\x04\r\n--x--"
        ),
        "length.warc": record + b"99999999\r\n\r\nHTTP/1.1 200 OK\r\n\r\n<p>",
        "minus.warc": record + b"-5\r\n\r\n",
        "letters.warc": record + b"many\r\n\r\n",
        "hollow.warc": b"WARC/1.0\r\n\r\n",
        "pageless.warc": record + b"0\r\n\r\n\r\n\r\n",
    }


def tables() -> dict[str, bytes]:
    """Tables without articles, or that aren't tables."""
    import pyarrow as pa

    return {
        "hollow.csv": b"",
        "head.csv": b"id,text\n",
        "columns.csv": b"name,age\na,1\n",
        "textless.csv": b"id,title\na,b\n",
        "mark.csv": b"\xef\xbb\xbf",
        "zeros.csv": b"id,text\n" + bytes(500),
        "open.csv": b'id,text\na,"never ends',
        "wide.csv": b"id," + b",".join(b"c%d" % n for n in range(20_000)) + b"\n",
        "huge.csv": b'id,text\na,"' + b"x" * 21_000_000 + b'"\n',
        "binary.csv": bytes(range(256)) * 20,
        "hollow.jsonl": b"",
        "broken.jsonl": b"{nothing\n",
        "list.jsonl": b"[1]\n",
        "keys.jsonl": b'{"a": 1}\n',
        "deep.jsonl": b'{"id": 1, "text": ' + b"[" * 100_000 + b"\n",
        "blank.jsonl": b"\n" * 500,
        "date.jsonl": b'{"id": "date", "text": "short", "published": "99999999999999-01-01"}\n',
        "null.jsonl": b'{"id": null, "text": null}\n',
        "types.jsonl": b'{"id": {"a": 1}, "text": ["x"], "title": 5, "language": 7}\n',
        "nan.jsonl": b'{"id": NaN, "text": NaN}\n',
        "surrogate.jsonl": b'{"id": "s\\ud800", "text": "\\udfff"}\n',
        "textless.parquet": parquet(id=["a"], name=["b"]),
        "rowless.parquet": parquet(id=pa.array([], pa.string()), text=pa.array([], pa.string())),
        "list.parquet": parquet(id=["a"], text=[[PROSE[:20]]]),
        "struct.parquet": parquet(id=["a"], text=[{"a": "b"}]),
        "binary.parquet": parquet(id=["a"], text=[b"\xff\xfe"]),
        "number.parquet": parquet(id=[1.5], text=[2]),
        "time.parquet": parquet(id=["a"], text=["short"], published=pa.array([2**62], pa.timestamp("ns"))),
        "null.parquet": parquet(id=pa.nulls(1), text=pa.nulls(1)),
        "footer.parquet": b"PAR1" + bytes(40) + struct.pack("<I", 2**31) + b"PAR1",
        "date.parquet": parquet(id=["a"], text=["short"], published=pa.array([2**40], pa.timestamp("s"))),
    }


def all_bad() -> dict[str, bytes]:
    """Every bad file: name → content."""
    return {f"{group}-{name}": content for group, make in GROUPS.items() for name, content in make().items()}


GROUPS = {"damaged": damaged, "text": texts, "markup": markup, "container": containers, "table": tables}


def mixed() -> dict[str, tuple[bytes, int]]:
    """Containers that hold good articles around a bad one: content, and how many good ones there are."""
    row = lambda n, **more: json.dumps({"id": f"row{n}", "text": f"{PROSE} Number {n}.", **more})  # noqa: E731
    good = TEXT.encode()
    odd = [
        {"title": 5},
        {"title": ["a"]},
        {"title": {"a": 1}},
        {"published": "99999999999999-01-01"},
        {"published": 10**30},
        {"published": True},
        {"outlet": None},
        {"byline": [1]},
        {"language": 7},
        {"url": {}},
        {"section": 1.5},
        {"more": {"deep": [1] * 50}},
    ]
    items = "".join(
        f"<item><title>{n}</title><guid>{n}</guid><description>{PROSE}</description></item>" for n in range(2)
    )
    return {
        "line.jsonl": (f"{row(0)}\n{{broken\n{row(1)}\n[1]\n{row(2)}\n".encode(), 3),
        "values.jsonl": ("\n".join(row(n, **more) for n, more in enumerate(odd)).encode(), len(odd)),
        "rows.csv": (f'id,text\na,"{PROSE}"\nb\nc,x,y,z,1\nd,"{PROSE} Again."\n'.encode(), 2),
        "zeros.csv": (f'id,text\na,"{PROSE}"\nb,\0\0\0\nc,"{PROSE} Again."\n'.encode(), 2),
        "twice.csv": (f'id,text,text\na,x,"{PROSE}"\n'.encode(), 1),
        "members.zip": (
            zipped(
                ("a.txt", good),
                ("b.docx", b"PK\x03\x04"),
                ("c.xml", b"<?xml version='1.0'?><nitf>"),
                ("d.parquet", b"PAR1"),
                ("e.rtf", b"{\\rtf1" + b"{" * 9000),
                ("f.eml", b""),
                ("z.txt", good),
            ),
            2,
        ),
        "members.tar": (
            tarred(
                ("a.txt", tarfile.REGTYPE, good),
                ("b.txt", tarfile.SYMTYPE, b""),
                ("c.json", tarfile.REGTYPE, b"[" * 50_000),
                ("z.txt", tarfile.REGTYPE, good),
            ),
            2,
        ),
        "lines.ndjson": (f"{json.dumps(made.ninjs(3))}\n{{broken\n".encode(), 1),
        "entries.rss": (
            f"<rss version='2.0'><channel>{items}<item><title>none</title></item></channel></rss>".encode(),
            2,
        ),
        "again.zip": (
            zipped(("a.txt", good), ("a.txt", good + b"\n\nAnd more was said on Friday about the bridge.")),
            2,
        ),
    }
