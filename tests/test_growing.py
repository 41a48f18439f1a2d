"""Collections that grow: --add keeps what a run has, --prune alone deletes reports, and nothing leaves without a
word."""

from pathlib import Path

from click.testing import CliRunner
import pandas as pd
import pytest

from presslab.cli import main
from presslab.cli.again import rerun as rerun_of
from presslab.reading.article import Article, Failure
from presslab.reading.names import slug
from presslab.reading.read import read
from presslab.runs import growth, job
from presslab.runs.articles import report_run
from presslab.runs.folder import Progressed, Run
from presslab.runs.job import Options
from presslab.runs.whole import Whole
from presslab.system.files import Stopped
from presslab.system.parallel import here
from stories import digests, story

pytestmark = pytest.mark.usefixtures("in_this_process")


def rss(numbers, guid: bool = True, texts: dict[int, str] = {}) -> str:
    """A feed with an entry for each number; without `guid` entries have links alone."""
    items = []
    for n in numbers:
        body = "".join(f"&lt;p&gt;{p}&lt;/p&gt;" for p in texts.get(n, story(n, 4)).split("\n\n"))
        named = f"<guid isPermaLink='false'>tag:mirror.example,2024:Story/{n}?x=1&amp;y=2</guid>" if guid else ""
        items.append(
            "<item><title>Story"
            f" {n}</title><link>https://mirror.example/{n}</link>{named}<description>{body}</description></item>"
        )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>The Mirror</title>{"".join(items)}</channel></rss>'


def atom(numbers, texts: dict[int, str] = {}) -> str:
    entries = []
    for n in numbers:
        body = "".join(f"&lt;p&gt;{p}&lt;/p&gt;" for p in texts.get(n, story(n, 4)).split("\n\n"))
        entries.append(
            f"<entry><title>Story {n}</title><id>urn:mirror:{n}</id><link"
            f" href='https://mirror.example/{n}'/><updated>2024-05-0{n}T10:00:00Z</updated><content"
            f" type='html'>{body}</content></entry>"
        )
    return (
        '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>The'
        f" Mirror</title>{''.join(entries)}</feed>"
    )


def table(out: Path, name: str = "articles") -> pd.DataFrame:
    return pd.read_csv(out / "tables" / f"{name}.csv", dtype=str, keep_default_na=False)


def reports(out: Path) -> list[str]:
    return sorted(p.stem for p in (out / "articles").glob("*.html"))


@pytest.mark.parametrize(
    ("feed", "start"),
    [
        (rss, "tag:mirror.example,2024:Story/{}?x=1&y=2"),
        (lambda n: rss(n, False), "https://mirror.example/{}"),
        (atom, "urn:mirror:{}"),
    ],
    ids=["guid", "link", "atom"],
)
def test_entries_are_called_by_guid_or_link_wherever_they_stand(tmp_path, feed, start):
    (tmp_path / "feed.xml").write_text(feed((1, 2, 3)), "utf-8")
    assert [a.id for a in read([tmp_path / "feed.xml"])] == [start.format(n) for n in (1, 2, 3)]
    (tmp_path / "feed.xml").write_text(feed((5, 3, 2)), "utf-8")
    assert [a.id for a in read([tmp_path / "feed.xml"])] == [start.format(n) for n in (5, 3, 2)]


def test_an_entry_without_guid_and_link_and_one_of_a_feed_that_repeats_its_guid_have_ids_of_their_own(tmp_path):
    whole = rss((1, 2, 3), guid=False)
    for n in (1, 2, 3):
        whole = whole.replace(f"<link>https://mirror.example/{n}</link>", "<guid>same</guid>")
    (tmp_path / "feed.xml").write_text(whole, "utf-8")
    first = list(read([tmp_path / "feed.xml"]))
    assert len({a.id for a in first}) == 3 and all(isinstance(a, Article) and a.id.startswith("entry-") for a in first)
    parts = whole.split("<item>")
    (tmp_path / "feed.xml").write_text("<item>".join([parts[0], parts[2], parts[1], parts[3]]), "utf-8")
    assert {a.id for a in read([tmp_path / "feed.xml"])} == {a.id for a in first}


@pytest.fixture(scope="module")
def grown(tmp_path_factory):
    """A run of a feed, and again with two entries gone and two new."""
    place = tmp_path_factory.mktemp("grown")
    feed, out = place / "feed.xml", place / "out"
    feed.write_text(rss((1, 2, 3, 4)), "utf-8")
    first = CliRunner().invoke(
        main, ["report", str(feed), "-o", str(out), "--add", "--jobs", "1"], catch_exceptions=False
    )
    feed.write_text(rss((6, 5, 4, 3)), "utf-8")
    second = CliRunner().invoke(
        main, ["report", str(feed), "-o", str(out), "--add", "--jobs", "1"], catch_exceptions=False
    )
    return feed, out, first, second


@pytest.mark.slow
def test_a_feed_read_twice_gives_six_articles(grown):
    feed, out, first, second = grown
    ids = [f"tag:mirror.example,2024:Story/{n}?x=1&y=2" for n in (1, 2, 3, 4, 6, 5)]
    assert first.exit_code == second.exit_code == 0 and "4 made, 0 unchanged" in first.output
    assert (
        "2 made, 2 unchanged, 0 failed" in second.output
        and "6 articles in the run, 2 of them kept from before" in second.output
    )
    assert table(out)["id"].tolist() == ids and reports(out) == sorted(map(slug, ids))
    index = (out / "index.html").read_text("utf-8")
    assert all(slug(id).replace("~", "~") in index for id in ids) and set(table(out, "measures")["id"]) == set(ids)
    assert len(pd.read_csv(out / "inputs.csv")) == 2 and table(out, "files")["found"].tolist() == ["4", "4"]


def test_a_run_that_grew_is_whole_again_after_the_same_command(grown):
    feed, out, *_ = grown
    before = digests(out)
    run = report_run([feed], out, add=True, spread=here)
    assert (run.made, run.kept) == (0, 4) and digests(out) == before


@pytest.mark.slow
def test_a_run_that_grew_says_what_making_it_again_needs(grown):
    feed, out, *_ = grown
    with pytest.raises(Stopped, match="--add.*feed.xml"):
        rerun_of(out, spread=here)
    (out.parent / "may").mkdir(exist_ok=True)
    (out.parent / "may" / "feed.xml").write_text(rss((1, 2, 3, 4)), "utf-8")
    again = rerun_of(out, [str(out.parent / "may" / "feed.xml"), str(feed)], spread=here)
    assert not again.versions and not again.inputs and again.same, again


def test_without_its_memory_a_run_can_not_grow_and_says_so(grown, tmp_path):
    import shutil

    feed, out, *_ = grown
    shutil.copytree(out, tmp_path / "out")
    shutil.rmtree(tmp_path / "out" / ".presslab")
    before = digests(tmp_path / "out")
    with pytest.raises(Stopped, match="the run's memory is missing"):
        report_run([feed], tmp_path / "out", add=True, spread=here)
    assert digests(tmp_path / "out") == before


def test_other_options_are_refused_and_nothing_is_changed(grown):
    feed, out, *_ = grown
    before = digests(out)
    with pytest.raises(Stopped, match="other options"):
        report_run([feed], out, Options(text="none"), add=True, spread=here)
    assert digests(out) == before


@pytest.mark.slow
def test_without_add_a_run_has_its_inputs_and_keeps_the_reports_until_prune(tmp_path):
    feed, out = tmp_path / "feed.xml", tmp_path / "out"
    feed.write_text(rss((1, 2, 3)), "utf-8")
    report_run([feed], out, spread=here)
    feed.write_text(rss((3,)), "utf-8")
    said = CliRunner().invoke(main, ["report", str(feed), "-o", str(out), "--jobs", "1"], catch_exceptions=False)
    assert (
        "2 articles are no longer among the inputs; their reports are kept until --prune" in said.output
        and said.exit_code == 0
    )
    assert len(table(out)) == 1 and len(reports(out)) == 3
    log = (out / "run.log").read_text("utf-8")
    assert all(f"Story/{n}?" in log.split("started")[-1] for n in (1, 2))
    assert not any("Story-1" in path for path in pd.read_csv(out / "manifest.csv")["path"])
    run = report_run([feed], out, prune=True, spread=here)
    assert (
        run.notes == ("2 articles are no longer among the inputs; their reports were deleted",)
        and len(reports(out)) == 1
    )
    feed.write_text(rss((1, 3)), "utf-8")
    assert report_run([feed], out, spread=here).made == 1


@pytest.mark.slow
def test_an_article_that_comes_back_is_not_made_again(tmp_path):
    feed, out = tmp_path / "feed.xml", tmp_path / "out"
    feed.write_text(rss((1, 2)), "utf-8")
    report_run([feed], out, spread=here)
    before = digests(out)
    feed.write_text(rss((2,)), "utf-8")
    report_run([feed], out, spread=here)
    feed.write_text(rss((1, 2)), "utf-8")
    run = report_run([feed], out, spread=here)
    assert (run.made, run.kept) == (0, 2) and digests(out) == before


@pytest.mark.slow
@pytest.mark.slow
def test_a_run_to_which_files_were_added_that_it_had_already_can_be_made_again(tmp_path):
    out, old, new = tmp_path / "out", tmp_path / "old", tmp_path / "new"
    for folder, numbers in ((old, (1, 2)), (new, (3,))):
        folder.mkdir()
        for n in numbers:
            (folder / f"s{n}.txt").write_text(story(n, 4), "utf-8")
    (old / "empty.txt").write_bytes(b"")
    report_run([old], out, add=True, spread=here)
    run = report_run([new, old], out, add=True, spread=here)
    assert (run.made, run.kept) == (1, 2) and table(out)["id"].tolist() == ["s1", "s2", "s3"]
    assert len(pd.read_csv(out / "inputs.csv")) == 4 and len(table(out, "failures")) == 1
    assert rerun_of(out, spread=here).same


@pytest.mark.slow
def test_a_run_with_texts_that_went_to_and_fro_can_be_made_again(tmp_path):
    out = tmp_path / "out"
    for name, numbers, texts in (("a.xml", (1, 2), {}), ("b.xml", (2, 3), {2: story(9, 4)}), ("a.xml", (1, 2), {})):
        (tmp_path / name).write_text(atom(numbers, texts), "utf-8")
        report_run([tmp_path / name], out, add=True, spread=here)
    assert table(out)["id"].tolist() == ["urn:mirror:1", "urn:mirror:2", "urn:mirror:3"]
    assert "district 9" not in table(out)["text_analysed"][1] and len(pd.read_csv(out / "inputs.csv")) == 3
    assert rerun_of(out, spread=here).same


def test_failures_and_inputs_of_before_are_kept_and_a_failure_that_is_over_goes(tmp_path):
    out = tmp_path / "out"
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "later.txt").write_bytes(b"")
    (tmp_path / "one.txt").write_text(story(1, 4), "utf-8")
    report_run([tmp_path / name for name in ("empty.txt", "later.txt", "one.txt")], out, add=True, spread=here)
    for name in ("empty.txt", "one.txt"):
        (tmp_path / name).unlink()
    (tmp_path / "later.txt").write_text(story(2, 4), "utf-8")
    run = report_run([tmp_path / "later.txt"], out, add=True, spread=here)
    assert table(out)["id"].tolist() == ["one", "later"] and table(out, "failures")["id"].tolist() == ["empty"] == [
        f.id for f in run.failures
    ]
    assert sorted(pd.read_csv(out / "inputs.csv")["file"]) == ["empty.txt", "later.txt", "later.txt", "one.txt"]
    assert sorted(table(out, "files")["file"]) == ["empty.txt", "later.txt", "later.txt", "one.txt"]


@pytest.mark.slow
def test_the_newest_text_of_an_id_wins_and_is_said(tmp_path):
    out = tmp_path / "out"
    (tmp_path / "feed.xml").write_text(atom((1, 2)), "utf-8")
    report_run([tmp_path / "feed.xml"], out, add=True, spread=here)
    (tmp_path / "feed.xml").write_text(atom((2, 3), {2: story(9, 4)}), "utf-8")
    run = report_run([tmp_path / "feed.xml"], out, add=True, spread=here)
    assert (
        table(out)["id"].tolist() == ["urn:mirror:1", "urn:mirror:2", "urn:mirror:3"]
        and "district 9" in table(out)["text_analysed"][1]
    )
    assert any(
        "1 with another text than before" in line for line in run.notes
    ) and "another text than before: urn:mirror:2" in (out / "run.log").read_text("utf-8")


@pytest.mark.slow
def test_a_file_of_a_name_that_the_run_has_from_another_folder_is_an_article_of_its_own(tmp_path):
    out = tmp_path / "out"
    for n, day in enumerate(("monday", "tuesday", "wednesday")):
        (tmp_path / day).mkdir()
        (tmp_path / day / "001.txt").write_text(story(n, 4), "utf-8")
        report_run([tmp_path / day], out, add=True, spread=here)
    assert table(out)["id"].tolist() == ["001", "tuesday/001", "wednesday/001"]
    report_run([tmp_path / "tuesday", tmp_path / "monday"], out, add=True, spread=here)
    assert len(table(out)) == 3


@pytest.mark.slow
def test_another_article_at_the_same_place_of_an_export_is_named_and_the_one_of_before_is_kept(tmp_path):
    import made

    out, export = tmp_path / "out", tmp_path / "export.txt"
    export.write_text(made.nexis_text(), "utf-8")
    report_run([export], out, add=True, spread=here)
    before = table(out)
    export.write_text(made.nexis_text().replace("cracks", "leaks"), "utf-8")
    run = report_run([export], out, add=True, spread=here)
    assert (
        table(out)["text_analysed"].tolist() == before["text_analysed"].tolist()
        and "rename this file" in run.failures[0].reason
    )


@pytest.mark.slow
def test_a_report_that_was_taken_away_and_can_not_be_made_is_named(tmp_path):
    out = tmp_path / "out"
    for n in (1, 2):
        (tmp_path / f"a{n}.txt").write_text(story(n, 4), "utf-8")
    report_run([tmp_path / "a1.txt"], out, add=True, spread=here)
    (out / "articles" / "a1.html").unlink()
    run = report_run([tmp_path / "a2.txt"], out, add=True, spread=here)
    assert (
        [f.id for f in run.failures] == ["a1"]
        and "name that input again" in run.failures[0].reason
        and table(out)["id"].tolist() == ["a2"]
    )


@pytest.mark.slow
def test_articles_of_another_version_are_kept_and_counted(tmp_path, monkeypatch):
    out = tmp_path / "out"
    for n in (1, 2):
        (tmp_path / f"a{n}.txt").write_text(story(n, 4), "utf-8")
    report_run([tmp_path / "a1.txt"], out, add=True, spread=here)
    monkeypatch.setattr(job, "code_digest", lambda: "another")
    run = report_run([tmp_path / "a2.txt"], out, spread=here, add=True)
    assert table(out)["id"].tolist() == ["a1", "a2"] and any("1 made by another version" in line for line in run.notes)
    assert '"made_by_other_code": 1' in (out / "datapackage.json").read_text("utf-8")


@pytest.mark.slow
def test_what_an_ended_run_has_made_is_in_the_next_one(tmp_path):
    """The feed goes on between a run that is killed and the next: what it held is not lost."""
    feed, out = tmp_path / "feed.xml", tmp_path / "out"
    feed.write_text(atom((1,)), "utf-8")
    report_run([feed], out, add=True, spread=here)
    feed.write_text(atom((2, 3)), "utf-8")

    def killed(name: str, seconds: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        report_run([feed], out, add=True, progress=killed, spread=here)
    feed.write_text(atom((3, 4)), "utf-8")
    report_run([feed], out, add=True, spread=here)
    assert sorted(table(out)["id"]) == [f"urn:mirror:{n}" for n in (1, 2, 3, 4)]


@pytest.mark.slow
def test_events_that_left_are_kept_until_prune(tmp_path):
    import json

    from presslab.comparison.run import compare_run

    rows = [
        {"id": f"{e}-{o}", "outlet": o, "event": e, "text": story(n + i, 4)}
        for n, e in enumerate(("vote", "strike"))
        for i, o in enumerate(("Post", "Mail"))
    ]
    (tmp_path / "t.jsonl").write_text("".join(json.dumps(r) + "\n" for r in rows), "utf-8")
    compare_run([tmp_path / "t.jsonl"], tmp_path / "out", spread=here)
    (tmp_path / "t.jsonl").write_text("".join(json.dumps(r) + "\n" for r in rows[:2]), "utf-8")
    run = compare_run([tmp_path / "t.jsonl"], tmp_path / "out", spread=here)
    assert (
        run.notes == ("1 event is no longer among the inputs; its report is kept until --prune",)
        and (tmp_path / "out" / "events" / "strike.html").exists()
    )
    compare_run([tmp_path / "t.jsonl"], tmp_path / "out", prune=True, spread=here)
    assert not (tmp_path / "out" / "events" / "strike.html").exists()


@pytest.mark.slow
def test_a_failure_is_not_an_article_that_left(tmp_path):
    out = tmp_path / "out"
    (tmp_path / "a.txt").write_text(story(1, 4), "utf-8")
    report_run([tmp_path / "a.txt"], out, spread=here)
    (tmp_path / "a.txt").write_bytes(b"")
    run = report_run([tmp_path / "a.txt"], out, prune=True, spread=here)
    assert isinstance(run.failures[0], Failure) and run.notes == ()


def test_counts_in_what_a_run_says_are_written_as_everywhere():
    one, many = ({f"a{n}": "" for n in range(count)} for count in (1, 1234))
    notes = [
        growth.told(growth.Before(Whole(ids, [], [], [], "")), Progressed(), Progressed(ids), {}, 1200, print)
        for ids in (one, many)
    ]
    assert notes[0][0] == "1 article in the run, 1 of them kept from before"
    assert notes[1][0] == "1,234 articles in the run, 1,234 of them kept from before"
    assert notes[1][1] == "1,200 made by another version of presslab or of a package, kept as they are"
    warnings = tuple(Failure(id, "", "warning: ") for id in many)
    assert Run(Path(), 5678, 1, warnings).told == "5,678 made, 1 unchanged, 0 failed, 1,234 warnings"
