"""Ids and texts come back exactly as they were given, and whatever an id is, its report is a file of its own."""

import json
import os
from pathlib import Path

import pandas as pd
import pytest

import made
from presslab.reading import names
from presslab.reading.account import Account
from presslab.reading.article import Article, Failure
from presslab.reading.read import identity, read, read_one
from presslab.system.parallel import here
from stories import story

pytestmark = pytest.mark.usefixtures("in_this_process")

TWINS = (
    "Story",
    "story",
    "STORY",
    "ﬁle",
    "file",
    "caf\u00e9",
    "cafe\u0301",
    "ＡＢＣ",
    "abc",
    "straße",
    "strasse",
    "ı",
    "i",
    "story ",
    "sto/ry",
    "sto-ry",
)
ODD = (
    "a/b",
    "../x",
    "../../etc/passwd",
    "con",
    "nul.txt",
    "COM1",
    "a b",
    "😀",
    "line\nend",
    "=1+1",
    "'=x",
    "007",
    "1e5",
    "NA",
    "null",
    " lead",
    "trail ",
    "#5",
    "a#b",
    "新闻" * 200,
    "x" * 5000,
    "\rx",
    "a\tb",
    "tab\0nul",
    ".",
    "..",
    "-o",
    "~",
    "a~0123456789ab",
    "C:\\x",
    "urn:x?y=1&z=%2e%2e",
    '"q"',
    "<b>",
)


@pytest.mark.parametrize("id", [*TWINS, *ODD])
def test_a_file_name_is_fit_for_every_system(id):
    slug = names.slug(id)
    assert 0 < len(f".{slug}.ipynb.part".encode()) <= 143 and not set(slug) & set('/\\:*?"<>|\0\n\r\t ')
    assert not slug.startswith((".", "-")) and not slug.endswith(".") and not names.RESERVED.fullmatch(slug)


def test_twins_by_case_or_unicode_form_get_names_that_differ_on_every_system():
    import unicodedata

    made = [unicodedata.normalize("NFKC", names.slug(id)).casefold() for id in (*TWINS, *ODD)]
    assert len(set(made)) == len({*TWINS, *ODD})
    assert (
        names.slug("story") == "story"
        and names.slug("bridge-officials") == "bridge-officials"
        and names.slug("file.2019_a") == "file.2019_a"
    )


def table(path: Path, rows: list[dict]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def test_ids_of_a_table_are_kept_exactly(tmp_path):
    ids = [*TWINS, *ODD]
    items = list(read([table(tmp_path / "t.jsonl", [{"id": id, "text": story(n)} for n, id in enumerate(ids)])]))
    assert [item.id for item in items] == ids and all(isinstance(item, Article) for item in items)


def test_an_id_that_looks_like_a_row_number_is_an_id(tmp_path):
    rows = [{"id": "#2", "text": story(1)}, {"id": "", "text": story(2)}, {"id": "x", "text": ""}]
    items = list(read([table(tmp_path / "t.jsonl", rows)]))
    assert [item.id for item in items] == ["#2", "t-2", "x"]


def folder(root: Path, *paths: str) -> Path:
    for number, path in enumerate(paths):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        text = story(number)
        (root / path).write_text(made.page(text.split("\n\n")) if path.endswith("html") else text, "utf-8")
    return root


@pytest.mark.parametrize(
    ("files", "ids"),
    [
        (("guardian/001.txt", "mail/001.txt"), {"guardian/001", "mail/001"}),
        (
            ("guardian/2020/001.txt", "mail/2020/001.txt", "mail/2020/002.txt"),
            {"guardian/2020/001", "mail/2020/001", "002"},
        ),
        (("001.txt", "mail/001.txt"), {"001", "mail/001"}),
        (("a/a.txt", "a.txt"), {"a/a", "a"}),
        (("a.txt", "a.html"), {"a.txt", "a.html"}),
        (("x/a.txt", "x/a.html", "y/a.txt"), {"x/a.txt", "x/a.html", "y/a.txt"}),
        (("Story.txt", "story.txt"), {"Story", "story"}),
        (("only/deep/below/lone.txt",), {"lone"}),
    ],
)
def test_files_of_one_name_are_articles_of_their_own(tmp_path, monkeypatch, files, ids):
    here, there = folder(tmp_path / "one", *files), folder(tmp_path / "elsewhere" / "two", *files)
    found = [item.id for item in read([here])]
    assert set(found) == ids and len(found) == len(ids) and all(isinstance(item, Article) for item in read([here]))
    assert [item.id for item in read([there])] == found  # wherever the collection lies
    paths = sorted(there.rglob("*.*"))
    assert {item.id for item in read(paths[::-1])} == ids  # in whatever order
    monkeypatch.chdir(here)
    assert {
        item.id for item in read([os.path.relpath(path) for path in sorted(here.rglob("*.*"))])
    } == ids  # however they are named


def test_one_file_under_two_spellings_is_read_once(tmp_path, monkeypatch):
    monkeypatch.chdir(folder(tmp_path, "sub/a.txt"))
    assert [item.id for item in read(["sub/a.txt", "./sub/../sub/a.txt", tmp_path / "sub"])] == ["a"]


def test_labels_that_were_given_before_stay():
    before = names.labels([Path("/x/may/001.txt")], [".txt"])
    earlier = {str(path): label for path, label in before.items()}
    both = names.labels([Path("/x/june/001.txt"), Path("/x/may/001.txt"), Path("/x/june/002.txt")], [".txt"], earlier)
    assert list(both.values()) == ["001", "june/001", "002"] or set(both.values()) == {"001", "june/001", "002"}
    assert both[Path("/x/may/001.txt")] == "001"


def test_members_of_one_name_in_an_archive_are_articles_of_their_own(tmp_path):
    (tmp_path / "week.zip").write_bytes(
        made.zipped(
            {
                "guardian/001.txt": story(1).encode(),
                "mail/001.txt": story(2).encode(),
                "mail/001.html": f"<p>{story(3)}</p>".encode(),
            }
        )
    )
    assert [item.id for item in read([tmp_path / "week.zip"])] == ["week-001", "week-mail/001", "week-mail/001.html"]


def test_the_same_id_with_the_same_text_is_one_article_and_no_error(tmp_path):
    one = table(
        tmp_path / "one.jsonl",
        [{"id": "a", "text": story(1)}, {"id": "a", "text": story(1)}, {"id": "b", "text": story(2)}],
    )
    two = table(tmp_path / "two.jsonl", [{"id": "b", "text": story(2)}, {"id": "c", "text": story(3)}])
    accounts: list[Account] = []
    items = list(read([one, two], accounts=accounts))
    assert [item.id for item in items] == ["a", "b", "c"] and all(isinstance(item, Article) for item in items)
    assert [(a.found, a.read, a.refused) for a in accounts] == [(3, 2, ()), (2, 1, ())] and all(
        "read already" in a.skipped for a in accounts
    )


def test_the_same_id_with_another_text_is_named_with_both_files(tmp_path):
    one = table(tmp_path / "one.jsonl", [{"id": "a\nb", "text": story(1)}])
    two = table(tmp_path / "two.jsonl", [{"id": "a\nb", "text": story(2)}])
    article, failure = read([one, two])
    assert (
        isinstance(failure, Failure)
        and failure.id == "a\nb"
        and "\n" not in failure.reason
        and "one.jsonl" in failure.reason
        and failure.file == "two.jsonl"
    )


def test_an_article_is_named_by_file_and_id_whatever_the_id(tmp_path):
    ids = ["x/1", "1", "a#b", "line\nend"]
    path = table(tmp_path / "t#1.jsonl", [{"id": id, "text": story(n)} for n, id in enumerate(ids)])
    assert [read_one(f"{path}#{id}").text for id in ids] == [story(n) for n in range(4)]


def test_corrections_are_found_by_the_id_as_it_was_given(tmp_path):
    import yaml

    path = table(tmp_path / "t.jsonl", [{"id": "a/b", "text": story(1)}, {"id": "=1\n2", "text": story(2)}])
    (tmp_path / "t.corrections.yaml").write_text(
        yaml.safe_dump({id: [{"rename": "Ada Quill", "to": "Adele"}] for id in ("a/b", "=1\n2")}), "utf-8"
    )
    items = list(read([path]))
    assert [item.id for item in items] == ["a/b", "=1\n2"] and all(item.corrections for item in items)


HOSTILE = (
    "=1+1",
    "+1",
    "-1",
    "@x",
    "\tx",
    "\rx",
    "'=x",
    "''=x",
    "'Tis",
    "'",
    '"q"',
    '""',
    "a\rb",
    "a\r\nb",
    "a\nb",
    "a,b;c",
    "NA",
    "null",
    "NaN",
    "None",
    "",
    " lead",
    "trail ",
    "007",
    "1e5",
    "1,000",
    "true",
    "nul\0x",
    "\x1a",
    "\x85",
    "\u2028",
    "\ufeffx",
    "x" * 300_000,
    "新闻",
    "😀",
    "\\N",
    "-",
)


def as_documented(path: Path) -> pd.DataFrame:
    """Read a table of a run as `presslab report --help` says."""
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def test_every_table_is_the_same_in_csv_and_parquet_and_the_guard_can_be_taken_away(tmp_path):
    """Whatever the cells hold: ids and texts without further ado, every other text when the guard is taken away."""
    from presslab.comparison.run import TABLES
    from presslab.measures.tables import COUNT, FLAG, NUMBER, TABLES as ARTICLE_TABLES, TEXT
    from presslab.runs import writers
    from presslab.runs.state import State
    from presslab.system import formulas

    tables_ = {**TABLES, **ARTICLE_TABLES}
    memory = State(tmp_path, "report")
    assert {"id", "event", "text", "text_analysed", "body", "source_text", "cue_text", "content_text"} <= formulas.EXACT
    for name, columns in tables_.items():
        writer = writers.TableWriter(memory.ours, name, columns)
        rows = [
            {c: v if kind == TEXT else {NUMBER: n / 7, COUNT: n, FLAG: n % 2 == 0}[kind] for c, kind in columns.items()}
            for n, v in enumerate(HOSTILE)
        ]
        writer.add(rows)
        writer.add(
            [{c: None if kind in (TEXT, NUMBER) else row for (c, kind), row in zip(columns.items(), rows[0].values())}]
        )
        writer.close()
        csv, parquet = (
            as_documented(tmp_path / "tables" / f"{name}.csv"),
            pd.read_parquet(tmp_path / "tables" / f"{name}.parquet"),
        )
        assert len(csv) == len(parquet) == len(HOSTILE) + 1
        for column, kind in columns.items():
            if kind == TEXT:
                assert parquet[column].tolist() == [*HOSTILE, ""], (name, column)
                if column in formulas.EXACT:
                    assert csv[column].tolist() == [*HOSTILE, ""], (name, column)
                    continue
                assert csv[column].str.replace(r"^'(?='*[=+\-@\t\r])", "", regex=True).tolist() == [*HOSTILE, ""], (
                    name,
                    column,
                )
                assert not csv[column].str.startswith(formulas.STARTS).any(), (name, column)
            elif kind != FLAG:
                assert pd.to_numeric(csv[column]).astype(float).equals(parquet[column].astype(float)), (name, column)


@pytest.mark.parametrize("ending", [".csv", ".jsonl", ".parquet"])
def test_what_read_writes_is_read_back_exactly(tmp_path, ending):
    from click.testing import CliRunner

    from presslab.cli import main

    rows = [
        {
            "id": f"{value}{n}" if len(value) > 999 else value or "x",
            "title": value[:200].strip() or "t",
            "outlet": value[:99].strip(),
            "section": "'Tis",
            "text": f"{value[:200]}\n\n{story(n)}",
            "mine": value[:200],
        }
        for n, value in enumerate(HOSTILE)
    ]
    source = table(tmp_path / "given.jsonl", rows)
    before = [item for item in read([source]) if isinstance(item, Article)]
    assert len(before) > 30
    CliRunner().invoke(
        main, ["read", str(source), "-o", str(tmp_path / f"out{ending}"), "--quiet"], catch_exceptions=False
    )
    after = list(read([tmp_path / f"out{ending}"]))
    for one, other in zip(before, after, strict=True):
        for name in ("id", "text", "title", "outlet", "section", "body", "metadata", "removed", "paragraphs"):
            assert getattr(one, name) == getattr(other, name), (one.id[:50], name)
    if ending == ".csv":
        texts = as_documented(tmp_path / "out.csv")
        assert (
            texts["id"].tolist() == [a.id for a in before]
            and texts["text"].tolist() == [a.text for a in before]
            and texts["body"].tolist() == [a.body for a in before]
        )


def test_an_apostrophe_of_somebody_elses_table_stays(tmp_path):
    frame = pd.DataFrame(
        [
            {
                "id": "'=x",
                "title": "'-Tis",
                "text": "'=1 is what he wrote.\n\n" + story(1),
                "format": "text",
                "removed": "",
            }
        ]
    )
    frame.to_csv(tmp_path / "mine.csv", index=False)
    (article,) = read([tmp_path / "mine.csv"])
    assert (article.id, article.title) == ("'=x", "'-Tis") and article.text.startswith("'=1 is")


@pytest.fixture(scope="module")
def odd_run(tmp_path_factory):
    """A run over articles with odd ids, whose texts begin like formulas."""
    from presslab.runs.articles import report_run

    place = tmp_path_factory.mktemp("odd")
    ids = ["Story", "story", "a/b", "../x", "=1+1", "line\nend", "新闻" * 200, "con", "'=x", "a\rb"]
    rows = [
        {"id": id, "title": f"={n}", "text": f"={n}\n\n“-{n} is what we owe,” said Ada Quill.\n\n{story(n, 3)}"}
        for n, id in enumerate(ids)
    ]
    run = report_run([table(place / "t.jsonl", rows)], place / "out", spread=here)
    assert not run.failures and run.made == len(ids)
    return ids, place / "out", place / "t.jsonl"


def test_the_tables_of_a_run_have_the_ids_and_the_offsets_point_at_the_words(odd_run):
    ids, out, _ = odd_run
    tables = {
        name: as_documented(out / "tables" / f"{name}.csv")
        for name in ("articles", "measures", "attributions", "sources", "evidence", "removed")
    }
    assert tables["articles"]["id"].tolist() == ids and all(set(t["id"]) <= set(ids) for t in tables.values())
    texts = tables["articles"].set_index("id")["text_analysed"]
    for row in tables["evidence"].itertuples():
        assert texts[row.id][int(row.start) : int(row.end)] == row.text
    for row in tables["attributions"].itertuples():
        spans = [tuple(map(int, span.split("-"))) for span in row.content_spans.split(";")]
        assert " … ".join(texts[row.id][s:e] for s, e in spans) == row.content_text
    for name, table_ in tables.items():
        parquet = pd.read_parquet(out / "tables" / f"{name}.parquet")
        for column in set(table_) & {
            "id",
            "text",
            "text_analysed",
            "source_text",
            "cue_text",
            "content_text",
            "source_spans",
            "cue_spans",
            "content_spans",
        }:
            assert table_[column].tolist() == parquet[column].tolist()


def test_every_report_is_there_by_its_slug_and_linked(odd_run):
    import re
    from urllib.parse import unquote

    ids, out, _ = odd_run
    slugs = as_documented(out / "tables" / "articles.csv")["slug"].tolist()
    assert slugs == [names.slug(id) for id in ids] and len({s.casefold() for s in slugs}) == len(ids)
    assert sorted(p.name for p in (out / "articles").iterdir()) == sorted(f"{s}.html" for s in slugs)
    assert sorted(p.name for p in (out / "notebooks").iterdir()) == sorted(f"{s}.ipynb" for s in slugs)
    links = [unquote(link) for link in re.findall(r'href="(articles/[^"]+)"', (out / "index.html").read_text("utf-8"))]
    assert links == [f"articles/{s}.html" for s in slugs] and all((out / link).is_file() for link in links)
    manifest = as_documented(out / "manifest.csv")["path"].tolist()
    assert {f"articles/{s}.html" for s in slugs} <= set(manifest)


def test_a_second_run_keeps_them_all_and_a_collection_of_them_opens(odd_run):
    from presslab import collecting as corpus
    from presslab.explore import collection
    from presslab.runs.articles import report_run

    ids, out, source = odd_run
    assert report_run([source], out, spread=here).kept == len(ids)
    assert sorted(corpus.opened([str(out)]).articles["id"]) == sorted(ids)
    opened = collection.load(out)
    for id in ids:
        assert (
            collection.document(opened, id).text == opened.articles.set_index("id").loc[id, "text"]
            and collection.analysis(opened, id).article.id == id
        )


def test_events_are_named_exactly_and_have_files_of_their_own(tmp_path):
    from presslab.comparison.run import compare_run

    events = ["Vote", "vote", "a/b\n=1"]
    rows = [
        {"id": f"{n}-{o}", "outlet": o, "event": event, "text": story(n + i, 4)}
        for n, event in enumerate(events)
        for i, o in enumerate(("Post", "Mail"))
    ]
    run = compare_run([table(tmp_path / "t.jsonl", rows)], tmp_path / "out", spread=here)
    assert run.made == 3 and not run.failures
    listed = as_documented(tmp_path / "out" / "tables" / "events.csv")
    assert listed["event"].tolist() == events and listed["slug"].tolist() == [names.slug(e) for e in events]
    assert set(as_documented(tmp_path / "out" / "tables" / "heard.csv")["event"]) == set(events)
    assert sorted(p.stem for p in (tmp_path / "out" / "events").iterdir()) == sorted(names.slug(e) for e in events)


def test_coders_hand_in_codes_of_them_in_a_form_and_in_a_sheet(odd_run, tmp_path):
    """A form has each id exactly; a sheet, in which a line end would change, has the slug of such an id."""
    from openpyxl import load_workbook

    from coded import export
    from presslab.coding import commands, prepare, sample
    from presslab.coding.read import read as read_codes

    ids, out, _ = odd_run
    prepare.prepare(out, tmp_path, len(ids), coders=2, overlap=len(ids))
    assert set(sample.load(tmp_path)[0]["id"]) == set(ids)
    question = next(q for q in read_codes(tmp_path).book.questions if q.values)
    export(tmp_path, "coder-1", {id: {question.name: question.values[0][0]} for id in ids})
    book = load_workbook(tmp_path / "sheet-coder-2.xlsx")
    head = [cell.value for cell in book["codes"][1]]
    for row in range(2, len(ids) + 2):
        book["codes"].cell(row, head.index(question.name) + 1).value = question.values[0][0]
    book.save(tmp_path / "sheet-coder-2.xlsx")
    coding = read_codes(tmp_path)
    assert {coder: set(part["id"]) for coder, part in coding.codes.groupby("coder")} == {
        "coder-1": set(ids),
        "coder-2": set(ids),
    }
    assert '"id":"line\\nend"' in (tmp_path / "form-coder-1.html").read_text("utf-8") and commands.agree(tmp_path)


def test_what_runs_remember_a_text_by_stays_the_same():
    article = Article("a", "Žižek’s text", (), metadata={"event": "strike"})
    assert identity(article) == "445f6a20fe35d534bae09607caea9dd792290a95202a34d234661b8a10017398"
