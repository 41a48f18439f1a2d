"""Real exports: every document found, its fields and its body right. Gold: tests/gold, made by reading the files.

tests/gold/exports.csv holds 100 documents drawn at random (60 with seed 60, 40 of the others with seed 61) and read
beside the export; `start` and `end` are hashes of the body's first and last 60 characters. tests/gold/agency.csv holds
every agency file."""

import csv
import hashlib
from pathlib import Path
import re

import pytest

from presslab.reading.account import Account
from presslab.reading.article import Article, Failure
from presslab.reading.read import read

GOLD = Path(__file__).parent / "gold"
HOLDS = {
    "nexis-advance-nyt1.docx": 50, "nexis-advance-guardian3.docx": 62, "nexis-advance-usa-today.docx": 7,
    "nexis-advance-guardian1.docx": 2, "nexis-uni-sample.docx": 10, "nexis-old.txt": 10,
}  # fmt: skip
DATABASE_WORDS = re.compile(
    r"(?m)^(?:Load-Date|LOAD-DATE|Classification|End of Document|Body|Length:|Byline:|Graphic|Language:)\b"
)


@pytest.fixture(scope="module")
def exports(shared) -> tuple[dict[str, Article], list[Failure], list[Account]]:
    """Every article of the real exports by id, the failures, the accounts."""
    accounts: list[Account] = []
    items = list(read([shared / "formats"], any_language=True, accounts=accounts))
    return {i.id: i for i in items if isinstance(i, Article)}, [i for i in items if isinstance(i, Failure)], accounts


@pytest.mark.shared
def test_every_document_of_the_exports_is_found_and_read(exports, shared):
    _, _, accounts = exports
    expected = dict(HOLDS)
    for path in (shared / "formats").glob("factiva-*.html"):
        expected[path.name] = path.read_bytes().count(b'id="article-')
    counted = {a.file: (a.found, a.read) for a in accounts}
    assert {name: counted[name] for name in expected} == {name: (n, n) for name, n in expected.items()}


@pytest.mark.shared
def test_each_has_title_date_outlet_and_a_body_without_the_databases_own_lines(exports):
    articles, _, accounts = exports
    big = [a for a in articles.values() if a.file in HOLDS or a.file.startswith("factiva-")]
    assert len(big) == sum(HOLDS.values()) + 44 + 27
    for a in big:
        assert a.title and a.outlet and re.fullmatch(r"\d{4}-\d\d-\d\d", a.published) and a.body.strip(), a.id
        assert not DATABASE_WORDS.search(a.body), a.id


def digest(text: str) -> str:
    return hashlib.sha256(re.sub(r"\s+", " ", text).strip().encode()).hexdigest()[:12]


@pytest.mark.shared
def test_a_hundred_documents_read_by_hand_come_out_as_read(exports):
    articles, _, _ = exports
    rows = list(csv.DictReader((GOLD / "exports.csv").open(encoding="utf-8")))
    right = {name: 0 for name in ("title", "published", "outlet", "byline", "body")}
    for row in rows:
        a = articles[row["id"]]
        body = re.sub(r"\s+", " ", a.body).strip()
        right["byline"] += "; ".join(a.authors) == row["byline"]
        right["body"] += (digest(body[:60]), digest(body[-60:])) == (row["start"], row["end"])
        for name in ("title", "published", "outlet"):
            right[name] += getattr(a, name) == row[name]
    assert len(rows) == 100
    least = {"title": 0.98, "published": 0.98, "outlet": 0.98, "byline": 0.95, "body": 0.97}
    assert all(right[name] / len(rows) >= share for name, share in least.items()), right


@pytest.mark.shared
def test_lines_that_an_export_broke_at_a_width_become_paragraphs_again(exports):
    articles, _, _ = exports
    paragraphs = [p.text for p in articles["nexis-advance-usa-today-004"].paragraphs if p.role == "body"]
    assert len(paragraphs) < 25 and all(re.search(r"[.!?:][\"”]*$", p) for p in paragraphs), paragraphs


@pytest.mark.shared
def test_every_agency_file_is_read_with_its_fields_right(exports):
    articles, failures, _ = exports
    for row in csv.DictReader((GOLD / "agency.csv").open(encoding="utf-8")):
        a = articles[row["id"]]
        body = re.sub(r"\s+", " ", a.body).strip()
        got = {
            f: getattr(a, f)
            for f in ("id", "format", "title", "published", "outlet", "dateline", "agency", "section", "language")
        }
        got |= {
            "byline": "; ".join(a.authors),
            "start": digest(body[:60]),
            "end": digest(body[-60:]),
            "document_id": a.metadata.get("document_id", ""),
        }
        assert got == row
    assert [f.file for f in failures if not f.reason.startswith("warning")] == ["ap_media_text_item.json"]
    assert "BC-BBN--Top Ten" in next(f.reason for f in failures if f.file == "ap_media_text_item.json")


@pytest.mark.shared
def test_an_export_that_announces_more_than_it_holds_gives_a_warning(exports):
    _, failures, accounts = exports
    account = next(a for a in accounts if a.file == "nexis-amcat-3.txt")
    assert (account.announced, account.found, account.read) == (62, 2, 2) and "62" in account.warning
    assert [f.file for f in failures if f.reason == account.warning] == ["nexis-amcat-3.txt"]
    announced = {a.file: a.announced for a in accounts if a.announced is not None}
    assert (
        announced["nexis-advance-nyt1.docx"] == 50
        and announced["nexis-old.txt"] == 10
        and announced["factiva-nyt_1_1993-01-03.html"] == 27
    )


@pytest.mark.shared
def test_a_date_that_only_the_load_date_gives_says_so(exports):
    articles, _, _ = exports
    corrected = [
        a for a in articles.values() if a.metadata.get("Correction appended") and "published_from" in a.metadata
    ]
    assert {a.id.rsplit("-", 1)[1] for a in corrected if "guardian3" in a.id} == {"014", "042", "053"}
    assert all("Correction Appended" not in a.title for a in articles.values())


@pytest.mark.shared
def test_raw_values_are_kept_where_one_form_was_made(exports):
    articles, _, _ = exports
    a = articles["nexis-advance-guardian3-001"]
    assert (a.outlet, a.metadata["edition"], a.metadata["outlet_raw"]) == (
        "The Guardian",
        "Final Edition",
        "The Guardian (London) - Final Edition",
    )
    assert (a.published, a.metadata["published_raw"], a.metadata["Load-Date"]) == (
        "2005-04-16",
        "April 16, 2005",
        "April 16, 2005",
    )
    b = articles["nexis-advance-nyt1-002"]
    assert b.byline == "Ana Swanson and Ian Austen" and b.metadata["byline_raw"].startswith("By ANA SWANSON")
    assert articles["factiva-nyt_1_1993-01-03-001"].metadata["document_id"] == "NYTF000020050408dp1900j9s"


@pytest.mark.slow
@pytest.mark.shared
def test_the_names_of_files_play_no_part(exports, shared, tmp_path):
    articles, _, _ = exports
    for number, path in enumerate(sorted((shared / "formats").iterdir())):
        (tmp_path / f"file{number}.dat").write_bytes(path.read_bytes())
    renamed = [
        i
        for i in read([tmp_path / f"file{n}.dat" for n in range(number + 1)], any_language=True)
        if isinstance(i, Article)
    ]
    assert [(a.title, a.published, a.body, a.format) for a in renamed] == [
        (a.title, a.published, a.body, a.format) for a in articles.values()
    ]
    assert sum(isinstance(i, Article) for i in read([tmp_path], any_language=True)) == len(articles)


@pytest.mark.shared
def test_the_table_that_read_writes_gives_the_same_articles_again(exports, tmp_path):
    import pandas as pd

    from presslab.reading.formats.tables import ARTICLE_COLUMNS
    from presslab.reading.rows import article_row
    from presslab.runs.writers import write_wide

    articles, _, _ = exports
    frame = pd.DataFrame([article_row(a) for a in articles.values()], columns=list(ARTICLE_COLUMNS))
    for ending in (".parquet", ".csv", ".jsonl"):
        write_wide(frame, tmp_path / f"articles{ending}")
        again = list(read([tmp_path / f"articles{ending}"], any_language=True))
        assert [a.id for a in again] == list(articles)
        for a in again:
            same = articles[a.id]
            for name in (
                "title",
                "byline",
                "authors",
                "dateline",
                "agency",
                "published",
                "outlet",
                "section",
                "url",
                "language",
                "format",
                "metadata",
                "body",
            ):
                assert getattr(a, name) == getattr(same, name), (ending, a.id, name)
            if ending != ".csv":  # CSV can't tell kinds of line ends apart
                assert (a.text, a.paragraphs, a.removed) == (same.text, same.paragraphs, same.removed), a.id


@pytest.mark.shared
def test_offsets_point_at_the_text_they_claim(exports):
    articles, _, _ = exports
    for a in articles.values():
        for p in a.paragraphs:
            if (
                p.offsets
                and p.offsets[0] >= 0
                and p.text.isascii()
                and len(p.offsets) == p.offsets[-1] - p.offsets[0] + 1
            ):
                assert a.text[p.offsets[0] : p.offsets[-1] + 1] == p.text, a.id
        for r in a.removed:
            assert a.text[r.start : r.end].strip() == r.text and r.reason, a.id
