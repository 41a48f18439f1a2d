"""Every format that is read: what its fields become, told by content alone. The files are made here (tests/made.py)."""

import gzip
import io
import json
import tarfile

import pytest

import made
from presslab.reading.account import Account
from presslab.reading.article import Article, Failure
from presslab.reading.formats import archives, bylines, dates, outlets, pages
from presslab.reading.read import read, read_one

TWO_DOCUMENTS = {
    "nexis-text": made.nexis_text().encode(),
    "nexis-text-utf16": made.nexis_text().encode("utf-16"),
    "nexis-text-cp1252": made.nexis_text().removeprefix("﻿").encode("cp1252"),
    "nexis-docx": made.docx(made.nexis_lines()),
    "nexis-html": made.nexis_html().encode(),
    "nexis-rtf": made.rtf(made.nexis_lines()),
    "nexis-saved-as-text": "\n".join(made.nexis_lines()).encode(),
    "factiva-html-codes": made.factiva_html().encode(),
    "factiva-html": made.factiva_html(codes=False).encode("cp1252"),
    "factiva-codes": made.factiva_codes().encode(),
    "factiva-plain": made.factiva_plain().encode(),
    "factiva-rtf": made.rtf(made.factiva_plain().split("\n")),
    "proquest": made.proquest().encode(),
    "newsbank": made.newsbank().encode(),
}
ONE_DOCUMENT = {
    "nitf": made.nitf().encode(),
    "nitf-utf16": (
        made.nitf().replace('<?xml version="1.0"?>', '<?xml version="1.0" encoding="utf-16"?>').encode("utf-16")
    ),
    "newsml": made.newsml_g2().encode(),
    "ninjs1": json.dumps(made.ninjs(1)).encode(),
    "ninjs2": json.dumps(made.ninjs(2)).encode(),
    "ninjs3": json.dumps(made.ninjs(3)).encode(),
    "atom": made.atom().encode(),
    "eml": made.eml(),
    "html": made.page().encode(),
}


def read_bytes(tmp_path, content: bytes, name: str = "export.dat", **options):
    """What a file with such content gives: articles, failures, its account."""
    (tmp_path / name).write_bytes(content)
    accounts: list[Account] = []
    items = list(read([tmp_path / name], accounts=accounts, **options))
    return [i for i in items if isinstance(i, Article)], [i for i in items if isinstance(i, Failure)], accounts[0]


@pytest.mark.parametrize("kind", TWO_DOCUMENTS)
def test_both_documents_of_an_export_come_with_their_fields(tmp_path, kind):
    articles, failures, account = read_bytes(tmp_path, TWO_DOCUMENTS[kind])
    assert not failures and (account.found, account.read) == (2, 2)
    first, second = articles
    assert first.title.startswith("Council closes the old bridge") and second.title == "Ferry on Sundays"
    assert (first.published, second.published) == ("2019-03-04", "2019-04-12")
    assert first.outlet == "The Skarrow Mirror" or first.outlet == "The Skarrow Mirror (Skarrow)"
    assert second.outlet in ("The Guardian", "Skarrow Evening Post (Skarrow)")
    assert first.authors[0] == "Ada Lark" and "News" in first.section.capitalize()
    assert first.body == "\n\n".join(made.ONE) and second.body == "\n\n".join(made.TWO)
    assert first.metadata and [a.id for a in articles] == ["export.dat-001", "export.dat-002"]


@pytest.mark.parametrize("kind", ONE_DOCUMENT)
def test_a_single_document_comes_with_its_fields(tmp_path, kind):
    articles, failures, account = read_bytes(tmp_path, ONE_DOCUMENT[kind], name="item.xyz")
    assert not failures and len(articles) == 1, failures
    a = articles[0]
    assert (a.id, a.title, a.published) == (
        "m1" if kind == "atom" else "item.xyz",
        "Council closes the old bridge",
        "2019-03-04",
    )
    assert a.outlet in ("The Skarrow Mirror", "Skarrow Press Agency") and a.body == "\n\n".join(made.ONE)
    assert a.authors == ("Ada Lark",) or kind == "eml"
    assert a.language == "en" and a.in_table == (kind == "atom")


def test_pictures_of_a_message_are_counted_and_not_read(tmp_path):
    _, _, account = read_bytes(tmp_path, made.newsml_g2().encode())
    assert (account.found, account.skipped) == (1, "1 items that are not text")


def test_each_message_of_a_wire_file_is_an_article(tmp_path):
    articles, _, account = read_bytes(tmp_path, made.iptc7901())
    assert account.format == "iptc7901" and [a.title for a in articles] == [
        "Council closes the old bridge",
        "Bridge: second take",
    ]
    assert articles[0].published == "2019-03-04" and articles[0].body == "\n\n".join(made.ONE)


def test_a_feed_gives_full_text_or_summary_and_says_which(tmp_path):
    articles, _, account = read_bytes(tmp_path, made.rss().encode())
    assert account.format == "feed" and [a.metadata["text_from"] for a in articles] == ["content", "summary"]
    a = articles[0]
    assert (a.url, a.section, a.outlet, a.authors, a.published) == (
        "https://mirror.example/1",
        "News",
        "The Skarrow Mirror",
        ("Ada Lark",),
        "2019-03-04",
    )
    assert a.body == "\n\n".join(made.ONE) and articles[1].body == made.TWO[0]


def test_an_export_attached_to_a_mail_is_read_and_the_cover_note_is_not(tmp_path):
    articles, failures, _ = read_bytes(tmp_path, made.eml(("Files (2).DOCX", made.docx(made.nexis_lines()))))
    assert not failures and [a.title for a in articles] == ["Council closes the old bridge", "Ferry on Sundays"]


def test_who_received_a_mail_is_kept_nowhere(tmp_path):
    articles, _, _ = read_bytes(tmp_path, made.eml())
    assert "reader@example.org" not in repr(articles)


@pytest.mark.parametrize("packed", [False, True])
def test_pages_of_a_web_archive_are_articles_and_the_rest_is_counted(tmp_path, packed):
    stream = io.BytesIO()
    empty = "<html><head><title>Menu</title></head><body><a href='/'>Home</a></body></html>"
    made.warc(
        stream,
        [("https://mirror.example/a", made.page()), ("https://mirror.example/menu", empty)],
        other=3,
        gzip=packed,
    )
    articles, failures, account = read_bytes(tmp_path, stream.getvalue())
    assert account.format == "warc" and [a.url for a in articles] == ["https://mirror.example/a"]
    assert articles[0].body == "\n\n".join(made.ONE) and "captured" in articles[0].metadata
    assert "https://mirror.example/menu" in failures[0].reason and "3 records" in account.skipped


def members() -> dict[str, bytes]:
    return {
        "Files/one.txt": "\n\n".join(made.ONE).encode(),
        "Files/export.TXT": made.nexis_text().encode(),
        "Files/two.xml": made.nitf().encode(),
        "__MACOSX/._one.txt": b"\0\0",
        ".DS_Store": b"\0",
    }


def packed(kind: str) -> bytes:
    if kind == "zip":
        return made.zipped(members())
    if kind == "zip in zip":
        return made.zipped({"inner.zip": made.zipped(members())})
    stream = io.BytesIO()
    with tarfile.open(
        fileobj=stream, mode={"tar": "w", "tar.gz": "w:gz", "tar.bz2": "w:bz2", "tar.xz": "w:xz"}[kind]
    ) as archive:
        for name, content in members().items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return stream.getvalue()


@pytest.mark.parametrize("kind", ["zip", "zip in zip", "tar", "tar.gz", "tar.bz2", "tar.xz"])
def test_archives_of_any_of_these_are_read(tmp_path, kind):
    articles, failures, account = read_bytes(tmp_path, packed(kind), name="download.bin")
    assert not failures and (account.found, account.read, account.announced) == (4, 4, 2)
    start = "download.bin-inner-" if kind == "zip in zip" else "download.bin-"
    assert [a.id for a in articles] == [f"{start}one", f"{start}export-001", f"{start}export-002", f"{start}two"]
    assert articles[1].metadata["member"].endswith("export.TXT") and articles[0].file == "download.bin"


def test_a_table_too_large_to_hold_is_read_out_of_a_tar_to_its_end(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "LARGEST_WHOLE", 100_000)  # its beginning is looked at more than once, its rest not
    body = "The council closed the old bridge on Monday, and the ferry now runs until midnight every day. " * 5
    table = "id,text\n" + "".join(f'a{number:03d},"{number} {body}"\n' for number in range(600))
    assert len(table) > 2 * archives.LARGEST_WHOLE
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        info = tarfile.TarInfo("table.csv")
        info.size = len(table)
        archive.addfile(info, io.BytesIO(table.encode()))
    articles, failures, account = read_bytes(tmp_path, stream.getvalue(), name="table.tar.gz")
    assert not failures and [article.id[-4:] for article in articles] == [f"a{number:03d}" for number in range(600)]


def test_a_packed_text_file_is_read(tmp_path):
    articles, _, _ = read_bytes(tmp_path, gzip.compress(made.nexis_text().encode()), name="export.txt.gz")
    assert len(articles) == 2


def rows() -> list[dict]:
    return [
        {
            "id": "a",
            "text": "\n\n".join(made.ONE),
            "title": "Bridge",
            "published": "4 March 2019",
            "outlet": "Guardian.com",
            "coder": "news",
        },
        {
            "id": "b",
            "text": "\n\n".join(made.TWO),
            "title": "Ferry",
            "published": "2019-04-12",
            "outlet": "The Skarrow Mirror",
            "coder": "",
        },
    ]


def as_table(kind: str) -> bytes:
    import pandas as pd

    frame, stream = pd.DataFrame(rows()), io.BytesIO()
    if kind == "xlsx":
        frame.to_excel(stream, index=False)
    elif kind == "parquet":
        frame.to_parquet(stream, index=False)
    elif kind in ("json", "jsonl"):
        return frame.to_json(orient="records", lines=kind == "jsonl", force_ascii=False).encode()
    else:
        return frame.to_csv(index=False, sep={"csv": ",", "semicolons": ";", "cp1252": ","}[kind]).encode(
            "cp1252" if kind == "cp1252" else "utf-8"
        )
    return stream.getvalue()


@pytest.mark.parametrize("kind", ["xlsx", "parquet", "csv", "semicolons", "cp1252", "json", "jsonl"])
def test_tables_are_known_by_their_content(tmp_path, kind):
    articles, failures, _ = read_bytes(tmp_path, as_table(kind), name="table.dat")
    assert not failures and [(a.id, a.title, a.published, a.outlet) for a in articles] == [
        ("a", "Bridge", "2019-03-04", "The Guardian"), ("b", "Ferry", "2019-04-12", "The Skarrow Mirror")]  # fmt: skip
    assert articles[0].body == "\n\n".join(made.ONE) and articles[0].metadata["coder"] == "news"
    assert (
        articles[0].metadata["outlet_raw"] == "Guardian.com" and articles[0].metadata["published_raw"] == "4 March 2019"
    )


def test_columns_as_researchers_name_them_are_understood(tmp_path):
    import datetime

    import pandas as pd

    stream = io.BytesIO()
    frame = pd.DataFrame(
        [
            {
                "Headline": "Bridge",
                "Date": datetime.datetime(2019, 3, 4),
                "Source": "The Times (London)",
                "Author": "ADA LARK",
                "Full text": "\n\n".join(made.ONE),
            }
        ]
    )
    frame.to_excel(stream, index=False)
    articles, failures, _ = read_bytes(tmp_path, stream.getvalue(), name="sheet.xlsx")
    a = articles[0]
    assert (a.id, a.title, a.published, a.outlet, a.byline) == (
        "sheet-1",
        "Bridge",
        "2019-03-04",
        "The Times",
        "Ada Lark",
    )


def test_a_list_of_ninjs_items_and_lines_of_them_are_read(tmp_path):
    items = [
        made.ninjs(1),
        {**made.ninjs(1), "uri": "urn:sk:2", "headline": "Second"},
        {"uri": "urn:sk:3", "type": "picture", "headline": "p", "versioncreated": "2019"},
    ]
    for content in (json.dumps(items), json.dumps({"items": items}), "\n".join(map(json.dumps, items))):
        articles, failures, account = read_bytes(tmp_path, content.encode(), name="items.dat")
        assert [a.title for a in articles] == [
            "Council closes the old bridge",
            "Second",
        ] and "1 items" in account.skipped


def test_a_word_document_and_an_rtf_of_one_article_are_articles(tmp_path):
    for name, content in (
        ("story.docx", made.docx(["Bridge closed", *made.ONE])),
        ("story.rtf", made.rtf(["Bridge closed", *made.ONE])),
    ):
        articles, failures, _ = read_bytes(tmp_path, content, name=name)
        assert not failures and articles[0].title == "Bridge closed" and articles[0].body == "\n\n".join(made.ONE)


def test_a_document_of_an_export_is_named_by_file_and_id(tmp_path):
    (tmp_path / "export.txt").write_text(made.nexis_text(), "utf-8")
    assert read_one(f"{tmp_path}/export.txt#export-002").title == "Ferry on Sundays"
    with pytest.raises(Exception, match="export.txt#export-001"):
        read_one(tmp_path / "export.txt")


def test_exports_of_the_same_name_in_two_folders_lose_nothing_and_ids_do_not_hang_on_their_order(tmp_path):
    for folder in ("may", "june"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "Files.txt").write_text(made.nexis_text(), "utf-8")
    paths = [tmp_path / "may" / "Files.txt", tmp_path / "june" / "Files.txt"]
    one, other = list(read(paths)), list(read(paths[::-1]))
    assert len(one) == 4 and all(isinstance(i, Article) for i in one)
    assert (
        {i.id for i in one}
        == {i.id for i in other}
        == {"may/Files-001", "may/Files-002", "june/Files-001", "june/Files-002"}
    )
    assert read_one(f"{paths[0]}#may/Files-002").title == "Ferry on Sundays"


def test_a_folder_gives_exports_and_leaves_what_is_none(tmp_path):
    (tmp_path / "one.txt").write_text("\n\n".join(made.ONE), "utf-8")
    (tmp_path / "export").write_text(made.nexis_text(), "utf-8")
    (tmp_path / "package.json").write_text('{"name": "x"}', "utf-8")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    (tmp_path / "code.py").write_text("print('no article')\n" * 20, "utf-8")
    items = list(read([tmp_path]))
    assert sorted(i.id for i in items) == ["export-001", "export-002", "one"]


def test_an_announced_number_that_is_not_reached_is_a_warning(tmp_path):
    articles, failures, account = read_bytes(tmp_path, made.nexis_text(announced=40).encode())
    assert len(articles) == 2 and (account.announced, account.found) == (40, 2)
    assert [f.reason for f in failures] == [account.warning] and account.warning.startswith(
        "warning: the export announces 40"
    )


def test_numbers_with_thousands_marks_are_understood(tmp_path):
    for content in (
        made.nexis_text().replace(" of 2 ", " of 1,200 "),
        "\n".join(made.nexis_lines()).replace("Documents (2)", "Documents (1,200)"),
    ):
        assert read_bytes(tmp_path, content.encode())[2].announced == 1200


def test_a_document_without_text_is_refused_by_name_and_counted(tmp_path):
    text = made.nexis_text().replace(made.wrapped(made.TWO), "")
    articles, failures, account = read_bytes(tmp_path, text.encode())
    assert (
        len(articles) == 1
        and account.found == 2
        and account.refused[0][0] == "export.dat-002"
        and "Ferry on Sundays" in failures[0].reason
    )


def test_other_languages_are_refused_where_measures_are_made_and_taken_where_asked(tmp_path):
    german = made.nitf().replace("en-GB", "de")
    assert "German" in str(read_bytes(tmp_path, german.encode())[1]) or "not English" in str(
        read_bytes(tmp_path, german.encode())[1]
    )
    assert read_bytes(tmp_path, german.encode(), any_language=True)[0][0].language == "de"


@pytest.mark.parametrize(
    "given, iso",
    [
        ("January 11, 2010 Monday", "2010-01-11"),
        ("9 Januar 1993", "1993-01-09"),
        ("24. September 2002", "2002-09-24"),
        ("20151210T191044Z", "2015-12-10"),
        ("2022-10-11T11:14:42+02:00", "2022-10-11"),
        ("May 2, 2002, Thursday,, FINAL EDITION", "2002-05-02"),
        ("Mon, 05 Jul 2019 09:31:00 +0200", "2019-07-05"),
        ("03/14/2017", "2017-03-14"),
        ("31/12/2003", "2003-12-31"),
        ("03/04/2017", ""),
        ("Sept. 5, 2006", "2006-09-05"),
        ("1 août 2001", "2001-08-01"),
        ("30 February 2001", ""),
        ("no date", ""),
        ("5 de mayo de 2014", "2014-05-05"),
        ("04-Mar-2019", "2019-03-04"),
        ("3. März 2019", "2019-03-03"),
    ],
)
def test_dates_become_iso_dates_or_nothing(given, iso):
    assert dates.iso(given) == iso


@pytest.mark.parametrize(
    "given, people",
    [
        ("By JANE DOE and JOHN ROE", ("Jane Doe", "John Roe")),
        ("By JANE DOE, JOHN ROE and ANN LEE", ("Jane Doe", "John Roe", "Ann Lee")),
        ("By ANA SWANSON; Ian Austen contributed reporting from Ottawa.", ("Ana Swanson",)),
        ("; Ann Lee contributed reporting.", ()),
        ("Jane Doe, political editor", ("Jane Doe",)),
        ("Jane Doe in Brussels", ("Jane Doe",)),
        ("Jane Doe Transport correspondent", ("Jane Doe",)),
        ("JOHN J. O'CONNOR", ("John J. O'Connor",)),
        ("CHRISTOPHER LEHMANN-HAUPT", ("Christopher Lehmann-Haupt",)),
        ("IAN MCDONALD", ("Ian McDonald",)),
        ("DOE, JANE", ("Jane Doe",)),
        ("Reuters", ("Reuters",)),
        ("The Associated Press", ("The Associated Press",)),
        ("Jane Doe Madrid", ("Jane Doe",)),
        ("Jane Doe, New York and John Roe", ("Jane Doe", "John Roe")),
        ("Paulo Santo and Frances d'Emilio", ("Paulo Santo", "Frances d'Emilio")),
        ("Ludwig van der Rohe", ("Ludwig van der Rohe",)),
        ("By Jane Doe, Associated Press", ("Jane Doe",)),
        ("", ()),
    ],
)
def test_bylines_become_names(given, people):
    assert bylines.names(given) == people
    assert bylines.names(bylines.joined(people)) == people


@pytest.mark.parametrize(
    "given, name, edition",
    [
        ("The Guardian (London) - Final Edition", "The Guardian", "Final Edition"),
        ("The Guardian(London)", "The Guardian", ""),
        ("Guardian.com.", "The Guardian", "Guardian.com"),
        ("USA TODAY", "USA Today", ""),
        ("The New York Times (Green)", "The New York Times", "Green"),
        ("DAILY MAIL (London)", "Daily Mail", ""),
        ("Skarrow Mirror", "Skarrow Mirror", ""),
        ("Skarrow Mirror, Late Edition", "Skarrow Mirror", "Late Edition"),
        ("Skarrow Gazette (North)", "Skarrow Gazette (North)", ""),
        ("", "", ""),
    ],
)
def test_outlets_have_one_name_and_an_edition(given, name, edition):
    assert outlets.canonical(given) == (name, edition)
    assert outlets.canonical(name)[0] == name


@pytest.mark.parametrize(
    "title, site, wanted",
    [
        ("Council closes the old bridge | The Skarrow Mirror", "The Skarrow Mirror", "Council closes the old bridge"),
        ("Council closes bridge - and opens it - MIRROR", "Mirror", "Council closes bridge - and opens it"),
        ("Mirror | News for all: Council closes bridge", "Mirror | News for all", "Council closes bridge"),
        ("The mirror - a history", "Mirror", "The mirror - a history"),
        ("Mirror", "Mirror", "Mirror"),
        ("Council closes bridge - again", "", "Council closes bridge - again"),
    ],
)
def test_a_pages_title_is_without_the_sites_name(title, site, wanted):
    assert pages.headline(title, site) == wanted


def test_the_title_as_the_page_has_it_is_kept(tmp_path):
    (tmp_path / "a.html").write_text(made.page(title="Council closes the old bridge – The Skarrow Mirror"), "utf-8")
    (article,) = read([tmp_path / "a.html"])
    assert article.title == "Council closes the old bridge"
    assert article.metadata["title_raw"] == "Council closes the old bridge – The Skarrow Mirror"


@pytest.mark.shared
def test_no_title_of_a_real_page_ends_in_the_sites_name(shared):
    found = [a for a in read([shared / "html"], any_language=True) if isinstance(a, Article)]
    assert len(found) > 40 and sum("title_raw" in a.metadata for a in found) >= 9
    assert not [
        a.title
        for a in found
        if a.outlet and any(a.title.endswith(f" {mark} {a.metadata.get('outlet_raw', a.outlet)}") for mark in "|–-")
    ]


def test_marks_that_a_page_draws_are_in_the_text(tmp_path):
    """HTML's q element has no quotation marks of its own: the reader writes them, and doubles none."""
    words = "The clinic on the island will open in May, two years late and after a long search for a doctor. " * 3
    said = "<q>We waited too long,</q> said Ida Holt. <q>“Too long,”</q> said Bo Rask."
    story = f"<h1>Clinic to open</h1><p>{words}</p><p>{said}</p><p>{words}</p>"
    page = f"<html lang=en><body><article>{story}</article></body></html>"
    path = tmp_path / "page.html"
    path.write_text(page, "utf-8")
    (article,) = read([path])
    body = " ".join(p.text for p in article.paragraphs)
    assert "“We waited too long,” said Ida Holt. “Too long,” said Bo Rask." in body


def test_marks_that_were_left_as_entities_are_turned_back_and_keep_their_place(tmp_path):
    said = "&quot;We waited,&quot; said Ida Holt, whose father&rsquo;s boat AT&T had lent."
    text = f"The clinic will open in May, two years late, after a long search for a doctor.\n\n{said}\n"
    path = tmp_path / "a.txt"
    path.write_text(text, "utf-8")
    (article,) = read([path])
    last = article.paragraphs[-1]
    assert last.text == '"We waited," said Ida Holt, whose father’s boat AT&T had lent.'
    assert text[last.offsets[1] : last.offsets[9] + 1] == "We waited"
