"""Files made to do harm, or broken on the way: one clear line each, bounded memory, nothing written, the others read.

Each file is read in a process of its own whose address space is limited, so that what is not bounded dies.
"""

from functools import cache
import io
import json
from pathlib import Path
import subprocess
import sys
import tarfile
import zipfile

from hypothesis import HealthCheck, given, settings, strategies as st
import pytest

import made
from presslab.reading.account import Account
from presslab.reading.article import Article
from presslab.reading.read import read

LIMIT = 3_000_000_000  # bytes of address space: most of it is libraries; a bomb needs far more
READ = """
import json, re, resource, sys
resource.setrlimit(resource.RLIMIT_AS, (MOST, MOST))
from presslab.reading.article import Article; from presslab.reading.read import read
items = list(read(sys.argv[1:], any_language=True))
# ru_maxrss would count pytest in
peak = int(re.search(r"VmHWM:\\s+(\\d+) kB", open("/proc/self/status").read())[1]) // 1024
rows = [[i.file, i.id if isinstance(i, Article) else None, getattr(i, "reason", "")] for i in items]
print(json.dumps(rows + [peak]))
"""


def items_of(*paths: Path) -> tuple[list[list], int]:
    """(file, id or None, reason) of every item, and the peak memory in MB, of reading files in a limited process."""
    folder = paths[0].parent
    before = listing(folder.parent)
    done = subprocess.run(
        [sys.executable, "-c", READ.replace("MOST", str(LIMIT)), *map(str, paths)],
        capture_output=True,
        text=True,
        timeout=400,
        cwd=folder,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert listing(folder.parent) == before, "reading wrote a file"
    *items, peak = json.loads(done.stdout)
    return items, peak


def outcome(*paths: Path) -> tuple[list[str], list[str], int]:
    """Ids of the articles, reasons of the failures, and the peak memory in MB."""
    items, peak = items_of(*paths)
    return [i for _, i, _ in items if i], [reason for _, i, reason in items if i is None], peak


def listing(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*")}


@pytest.fixture()
def place(tmp_path) -> Path:
    (tmp_path / "in" / "deep").mkdir(parents=True)
    (tmp_path / "in" / "deep" / "good.txt").write_text("\n\n".join(made.ONE), "utf-8")
    return tmp_path / "in" / "deep"


def put(place: Path, name: str, content: bytes) -> Path:
    (place / name).write_bytes(content)
    return place / name


def zip_bomb() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("zeros.txt", "w", force_zip64=True) as member:
            for _ in range(200):
                member.write(bytes(1_000_000))
    return stream.getvalue()


def docx_bomb(inner: str = "word/document.xml") -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(
            (
                "xl/workbook.xml"
                if inner.startswith("xl")
                else "word/document.xml"
                if inner != "word/document.xml"
                else "x"
            ),
            "<w/>",
        )
        with archive.open(inner, "w", force_zip64=True) as member:
            for _ in range(200):
                member.write(b"<w:p>" + bytes(999_990) + b"</w>")
    return stream.getvalue()


def gzip_bomb() -> bytes:
    import gzip

    stream = io.BytesIO()
    with gzip.GzipFile(fileobj=stream, mode="wb", compresslevel=9) as packed:
        for _ in range(200):
            packed.write(bytes(b"a" * 1_000_000))
    return stream.getvalue()


LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE {root} [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    + "".join(f'<!ENTITY {chr(c + 1)} "{f"&{chr(c)};" * 10}">' for c in range(98, 106))
    + "]>"
)


def hostile() -> dict[str, tuple[bytes, str]]:
    """Name → content and a word of the reason that people get."""
    nitf, rss = made.nitf().split("?>", 1)[1], made.rss().split("?>", 1)[1]
    secret = '<?xml version="1.0"?><!DOCTYPE {root} [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    docx = made.docx(made.nexis_lines())
    return {
        "bomb.zip": (zip_bomb(), "bomb"),
        "bomb.docx": (docx_bomb(), "bomb"),
        "bomb.xlsx": (docx_bomb("xl/sharedStrings.xml"), "bomb"),
        "bomb.txt.gz": (gzip_bomb(), "too large"),
        "nested.zip": (
            made.zipped(
                {
                    "1.zip": made.zipped(
                        {"2.zip": made.zipped({"3.zip": made.zipped({"4.zip": made.zipped({"a.txt": b"x"})})})}
                    )
                }
            ),
            "deep",
        ),
        "laughs.xml": ((LAUGHS.format(root="nitf") + nitf.replace("Council closes", "&j;")).encode(), "entities"),
        "laughs16.xml": (
            (LAUGHS.format(root="nitf") + nitf.replace("Council closes", "&j;"))
            .replace('version="1.0"', 'version="1.0" encoding="utf-16"')
            .encode("utf-16"),
            "entities",
        ),
        "laughs.rss": ((LAUGHS.format(root="rss") + rss.replace("Short.", "&j;")).encode(), "entities"),
        "secret.xml": ((secret.format(root="nitf") + nitf.replace("Council closes", "&x;")).encode(), "entities"),
        "secret.rss": ((secret.format(root="rss") + rss.replace("Short.", "&x;")).encode(), "entities"),
        "cut.docx": (docx[: len(docx) // 2], "ZIP"),
        "cut.zip": (made.zipped({"a.txt": "\n".join(made.ONE).encode() * 50})[:-30], "ZIP"),
        "cut.xml": (made.nitf()[:-200].encode(), "XML"),
        "cut.json": (json.dumps(made.ninjs(1))[:-50].encode(), "JSON"),
        "cut.xlsx": (b"PK\x03\x04" + bytes(50), "ZIP"),
        "cut.parquet": (b"PAR1" + bytes(30), "Parquet"),
        "cut.rtf": (b"{\\rtf1\\ansi{\\fonttbl", "no text"),
        "nothing.docx": (b"", "empty"),
        "unknown.xml": (b"<?xml version='1.0'?><invoice><total>3</total></invoice>", "doesn't know"),
        "unknown.json": (b'{"name": "x"}', "doesn't know"),
        "picture.txt": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 30, "not text"),
    }


CASES = (
    "bomb.zip",
    "bomb.docx",
    "bomb.xlsx",
    "bomb.txt.gz",
    "nested.zip",
    "laughs.xml",
    "laughs16.xml",
    "laughs.rss",
    "secret.xml",
    "secret.rss",
    "cut.docx",
    "cut.zip",
    "cut.xml",
    "cut.json",
    "cut.xlsx",
    "cut.parquet",
    "cut.rtf",
    "nothing.docx",
    "unknown.xml",
    "unknown.json",
    "picture.txt",
)


@pytest.fixture(scope="module")
def read_all(tmp_path_factory):
    """What reading all the hostile files, and a good one between them, gives: words of the reasons, items, peak
    memory."""
    place = tmp_path_factory.mktemp("hostile") / "in"
    place.mkdir()
    cases = hostile()
    assert set(cases) == set(CASES)
    paths = [put(place, name, content) for name, (content, _) in cases.items()]
    paths.insert(10, put(place, "good.txt", "\n\n".join(made.ONE).encode()))
    items, peak = items_of(*paths)
    return {name: word for name, (_, word) in cases.items()}, items, peak


@pytest.mark.parametrize("name", CASES)
def test_a_file_made_to_do_harm_or_cut_short_gets_one_clear_line(read_all, name):
    words, items, _ = read_all
    refused = [reason for file, id, reason in items if file == name]
    assert len(refused) == 1 and words[name].casefold() in refused[0].casefold(), refused
    assert "\n" not in refused[0] and "root:" not in refused[0]


def test_the_good_file_among_them_is_read_and_memory_is_bounded(read_all):
    _, items, peak = read_all
    assert [id for _, id, _ in items if id] == ["good"] and peak < 700


def test_no_member_is_written_anywhere_whatever_its_name(place):
    text = "\n\n".join(made.ONE).encode()
    evil = {
        "../../evil.txt": text,
        "/evil-presslab.txt": text,
        "..\\..\\evil2.txt": text,
        "C:\\evil3.txt": text,
        "a/../../../evil4.txt": text,
    }
    read, refused, _ = outcome(put(place, "evil.zip", made.zipped(evil)))
    assert len(read) == 5 and not refused and all("/" not in i and ".." not in i for i in read)
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for name in ("../../evil.txt", "/evil-presslab.txt"):
            info = tarfile.TarInfo(name)
            info.size = len(text)
            archive.addfile(info, io.BytesIO(text))
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE):
            info = tarfile.TarInfo("link.txt")
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
    read, refused, _ = outcome(put(place, "evil.tar", stream.getvalue()))
    assert len(read) <= 2 and sum("link" in r for r in refused) == 3
    assert not Path("/evil-presslab.txt").exists()


def test_a_broken_member_is_named_and_the_others_are_read(place):
    content = made.zipped(
        {
            "bad.docx": b"PK\x03\x04 broken",
            "good.txt": "\n\n".join(made.ONE).encode(),
            "bad.xml": b"<?xml version='1.0'?><nitf>",
        }
    )
    read, refused, _ = outcome(put(place, "mixed.zip", content))
    assert len(read) == 1 and len(refused) == 2 and "bad.docx" in refused[0] and "bad.xml" in refused[1]


def test_a_web_archive_that_breaks_off_gives_what_came_before(place):
    stream = io.BytesIO()
    made.warc(stream, [(f"https://mirror.example/{n}", made.page(title=f"Story {n}")) for n in range(3)], gzip=True)
    read, refused, _ = outcome(put(place, "cut.warc.gz", stream.getvalue()[:-150]))
    assert len(read) >= 2 and len(refused) <= 1


def test_a_file_of_two_gigabytes_is_refused_without_being_read(place):
    heads = {
        "huge.txt": b"word ",
        "huge.xml": b'<?xml version="1.0"?><nitf>',
        "huge.json": b'{"uri": "x", "headline": "',
        "huge.html": b"<html><body>",
        "huge.rtf": b"{\\rtf1 ",
        "huge.eml": b"From: a@b.c\r\nSubject: x\r\nDate: x\r\nTo: y\r\nMIME-Version: 1.0\r\n\r\n",
    }
    paths = [put(place, name, head) for name, head in heads.items()]
    for path in paths:
        with path.open("r+b") as stream:
            stream.truncate(2_200_000_000)
    items, peak = items_of(*paths)
    assert [file for file, _, _ in items] == list(heads) and all(
        id is None and "too large" in reason for _, id, reason in items
    ), items
    assert peak < 500


def test_a_table_of_two_gigabytes_is_read_row_by_row(place):
    path = place / "huge.csv"
    with path.open("wb") as stream:
        stream.write(b"id,text\n" + b"".join(f'a{n},"{" ".join(made.ONE)}"\n'.encode() for n in range(50)))
        stream.truncate(2_200_000_000)  # the rest is a hole: one endless row of NUL bytes
    read, refused, peak = outcome(path)
    assert len(read) == 50 and refused and peak < 900


def test_a_web_archive_of_a_gigabyte_stays_under_500_megabytes(place):
    """Half of it are pictures and films of 4 MB, left as holes in the file; between them stand pages."""
    path = place / "crawl.warc"
    pages = io.BytesIO()
    made.warc(
        pages,
        [
            ("https://mirror.example/a", made.page()),
            ("https://mirror.example/b", made.page(made.TWO, "Ferry on Sundays")),
        ],
    )
    big = 4_000_000
    http = b"HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\n\r\n"
    header = (
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:0>\r\nWARC-Target-URI:"
        " https://mirror.example/film\r\nWARC-Date: 2019-03-04T10:15:00Z\r\nContent-Type: application/http;"
        f" msgtype=response\r\nContent-Length: {len(http) + big}\r\n\r\n"
    ).encode()
    with path.open("wb") as stream:
        for _ in range(250):
            stream.write(header + http)
            stream.seek(big, 1)
            stream.write(b"\r\n\r\n")
        stream.write(pages.getvalue())
        for _ in range(8):  # a page that is nothing but text, 15 MB of it
            stream.write(
                header.replace(str(len(http) + big).encode(), str(len(http) + 2 * big).encode())
                + http.replace(b"video/mp4", b"text/html")
            )
            stream.write(b"<p>" + b"word " * ((2 * big - 3) // 5) + b" " * ((2 * big - 3) % 5) + b"\r\n\r\n")
    assert path.stat().st_size > 1_000_000_000
    read, refused, peak = outcome(path)
    assert {"crawl-001", "crawl-002"} <= set(read) and peak < 500, (read, refused, peak)


def test_a_table_with_somebody_elses_columns_of_our_names_is_refused_clearly(place):
    row = {"id": "a", "text": "\n\n".join(made.ONE), "format": "nitf", "removed": "nothing", "metadata": "x"}
    read, refused, _ = outcome(put(place, "t.jsonl", json.dumps(row).encode()))
    assert not read and "presslab read" in refused[0]
    spans = json.dumps([{"start": -5, "end": 10**9, "rule": "x", "reason": "y"}])
    read, refused, _ = outcome(put(place, "t.jsonl", json.dumps({**row, "removed": spans, "metadata": "{}"}).encode()))
    assert len(read) + len(refused) == 1


def test_the_limit_would_be_hit(tmp_path):
    """The limited process really can't take more: otherwise the tests above prove nothing."""
    code = f"import resource; resource.setrlimit(resource.RLIMIT_AS, ({LIMIT}, {LIMIT})); bytearray(4_000_000_000)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True).returncode != 0


@cache
def exports() -> list[bytes]:
    """One file of each kind; made once, since some hold the time when they were made."""
    stream = io.BytesIO()
    made.warc(stream, [("https://mirror.example/a", made.page())], other=1, gzip=True)
    return [
        made.nexis_text().encode(),
        made.nexis_html().encode(),
        made.docx(made.nexis_lines()),
        made.rtf(made.nexis_lines()),
        made.factiva_html().encode(),
        made.factiva_codes().encode(),
        made.proquest().encode(),
        made.newsbank().encode(),
        made.nitf().encode(),
        made.newsml_g2().encode(),
        json.dumps(made.ninjs(3)).encode(),
        made.iptc7901(),
        made.rss().encode(),
        made.eml(("a.docx", made.docx(made.nexis_lines()))),
        stream.getvalue(),
        made.zipped({"a.txt": made.nexis_text().encode()}),
    ]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_an_export_damaged_anywhere_never_stops_the_reading_and_is_never_lost_silently(tmp_path, data):
    content = bytearray(data.draw(st.sampled_from(exports())))
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, max(len(content) - 1, 0)))
        kind = data.draw(st.sampled_from(["cut", "take", "put", "turn"]))
        if kind == "cut":
            del content[place:]
        elif kind == "take":
            del content[place : place + data.draw(st.integers(1, 200))]
        else:
            content[place : place + (kind == "turn")] = data.draw(st.binary(min_size=1, max_size=20))
    (tmp_path / "damaged.dat").write_bytes(bytes(content))
    accounts: list[Account] = []
    items = list(read([tmp_path / "damaged.dat"], any_language=True, accounts=accounts))
    assert items and len(accounts) == 1 and accounts[0].read == sum(isinstance(i, Article) for i in items)
