"""Explore: open, filter, look, add a frame, save; as functions, and as the widget that the notebook shows."""

import asyncio
import html
from pathlib import Path
import re
import shlex

from click.testing import CliRunner
import pandas as pd
import pytest

from presslab import explore
from presslab.cli import main
from presslab.explore import ExploreError, Filter
from presslab.explore.collection import analysis as rebuilt
from presslab.explore.widgets import Explorer
from presslab.measures.analyse import analyse
from presslab.measures.framing import load_frames
from presslab.reading.article import Article
from presslab.reading.read import read
from presslab.reporting import annotated
from presslab.runs.articles import report_run
from presslab.runs.job import Options
from presslab.system.parallel import here

pytestmark = pytest.mark.usefixtures("in_this_process")

SEEDS = Path(__file__).resolve().parents[1] / "seeds"
SOME = (
    "bridge-officials.txt",
    "bridge-witnesses.txt",
    "court-harbour.txt",
    "dock-strike.csv",
    "empty.txt",
    "court-harbour.corrections.yaml",
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    place = tmp_path_factory.mktemp("explore") / "articles"
    place.mkdir()
    for name in SOME:
        (place / name).write_bytes((SEEDS / name).read_bytes())
    return place


@pytest.fixture(scope="module")
def opened(folder) -> explore.Collection:
    return explore.load(folder)


@pytest.fixture(scope="module")
def run(folder) -> Path:
    report_run([folder], folder.parent / "run", Options(), spread=here)
    return folder.parent / "run"


@pytest.mark.slow
def test_a_folder_and_a_run_of_it_show_the_same_articles_numbers_and_annotations(opened, run):
    again = explore.load(run)
    assert again.run and set(again.articles["id"]) == set(opened.articles["id"]) and len(opened.articles) > 5
    pd.testing.assert_frame_equal(
        again.articles.sort_values("id", ignore_index=True),
        opened.articles.sort_values("id", ignore_index=True),
        check_dtype=False,
    )
    assert [f.reason for f in again.failures] == [f.reason for f in opened.failures] and "empty" in opened.failures[
        0
    ].reason
    for item in read([Path(opened.given)]):
        if isinstance(item, Article):
            whole = annotated.article(analyse(item))
            assert annotated.article(rebuilt(opened, item.id)) == whole, item.id
            assert annotated.article(rebuilt(again, item.id)) == whole, item.id


def ids(rows: pd.DataFrame) -> set[str]:
    return set(rows["id"])


def test_filters_by_outlet_date_source_type_frame_and_words(opened):
    outlet = opened.outlets[0]
    assert set(explore.filtered(opened, Filter(outlets=(outlet,)))["outlet"]) == {outlet}
    dated = sorted(d for d in opened.articles["day"] if d)
    middle = dated[len(dated) // 2]
    early, late = (explore.filtered(opened, f) for f in (Filter(until=middle), Filter(since=middle)))
    assert max(early["day"]) <= middle <= min(late["day"]) and ids(early) | ids(late) == ids(
        opened.articles[opened.articles["day"] != ""]
    )
    heard = opened.tables["sources"]
    assert (
        ids(explore.filtered(opened, Filter(source="quill")))
        == set(heard[heard["source"].str.contains("Quill")]["id"])
        != set()
    )
    assert (
        ids(explore.filtered(opened, Filter(source_type="government")))
        == set(heard[heard["type"] == "government"]["id"])
        != set()
    )
    least = float(opened.articles["frame_conflict"].median())
    strong = explore.filtered(opened, Filter(frame="frame_conflict", least=least))
    assert (strong["frame_conflict"] >= least).all() and 0 < len(strong) < len(opened.articles)
    assert "bridge-witnesses" in ids(explore.filtered(opened, Filter(words="ferry bridge"))) < ids(opened.articles)
    assert explore.filtered(opened, Filter(words="no such words", outlets=(outlet,))).empty
    assert ids(explore.filtered(opened, Filter(words="(["))) == set()  # what is typed is no pattern
    with pytest.raises(ExploreError, match="frame_conflict"):
        explore.filtered(opened, Filter(frame="frame_nothing"))


def test_orders_keep_what_has_no_date_last(opened):
    for order, rising in (("oldest first", True), ("newest first", False)):
        days = [d for d in explore.filtered(opened, Filter(order=order))["day"]]
        dated = [d for d in days if d]
        assert days[: len(dated)] == dated == sorted(dated, reverse=not rising)
    scores = explore.filtered(opened, Filter(order="frame_conflict"))["frame_conflict"].tolist()
    assert scores == sorted(scores, reverse=True)


def test_a_thousand_articles_are_filtered_and_paged_at_once(opened):
    import time

    many = pd.concat(
        [
            opened.articles.assign(id=[f"{i}-{n}" for i in opened.articles["id"]])
            for n in range(1000 // len(opened.articles) + 1)
        ],
        ignore_index=True,
    )
    large = explore.Collection("many", many, opened.tables)
    widget = Explorer(large)
    start = time.process_time()
    widget.words.value = "bridge"
    widget.turn_on()
    assert time.process_time() - start < 1.5
    assert explore.pages(len(many)) == -(-len(many) // explore.PAGE) and len(explore.page(many, 3)) == explore.PAGE
    assert len(explore.page(many, 10**6)) == len(many) - (explore.pages(len(many)) - 1) * explore.PAGE


def test_a_typed_frame_is_measured_as_the_same_frame_in_a_file_is(opened, run, tmp_path):
    text = explore.typed("Safety first", "bridge/NOUN, clos*\nengineer/NOUN; nevermentioned")
    (tmp_path / "f.yaml").write_text(text, "utf-8")
    frames = load_frames(str(tmp_path / "f.yaml"))
    with_it, of_run = (explore.with_frames(c, text) for c in (opened, explore.load(run)))
    for item in read([Path(opened.given)]):
        if isinstance(item, Article):
            value = analyse(item, frames).measure("frame_safety_first").value
            for collection in (with_it, of_run):
                row = collection.articles[collection.articles["id"] == item.id].iloc[0]
                assert row["frame_safety_first"] == value
    count = explore.counted(with_it.applied[0])
    assert count.dead == ("nevermentioned",) and 0 < count.articles < count.of == len(opened.articles)
    assert count.matches == sum(n for _, n in count.frequent) and count.frequent[0][0] == "bridge/NOUN"
    assert with_it.frames["frame_safety_first"] == "Frame: Safety first"
    shown = html.unescape(re.search(r'srcdoc="([^"]*)"', explore.annotated(with_it, "bridge-officials"))[1])
    assert 'class="framed"' in shown
    assert "frame_safety_first" not in opened.articles  # a collection is never changed


def test_a_frame_is_applied_to_the_selection_alone(opened):
    some = explore.filtered(opened, Filter(words="bridge"))["id"]
    found = explore.with_frames(opened, explore.typed("x", "bridge"), ids=some)
    assert set(found.articles.dropna(subset="frame_x")["id"]) == set(some)
    assert explore.counted(found.applied[0]).of == len(some)


@pytest.mark.parametrize(
    ("name", "terms", "says"),
    [
        ("", "a", "name"),
        ("Tax", " ,\n; ", "terms"),
        ("Tax", "a*", "matches too much"),
        ("Tax", "tax/XYZ", "part of speech"),
        ("conflict", "war", "built in"),
        ("☃", "war", "name"),
    ],
)
def test_a_frame_that_cant_be_used_is_told_in_words(opened, name, terms, says):
    with pytest.raises(ExploreError, match=says):
        explore.with_frames(opened, explore.typed(name, terms))


@pytest.mark.slow
def test_the_command_makes_a_run_with_the_selections_numbers(opened, run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for collection, name in ((opened, "of folder.csv"), (explore.load(run), "of-run.parquet")):
        with_it = explore.with_frames(collection, explore.typed("Safety first", "bridge/NOUN, clos*"))
        rows = explore.filtered(with_it, Filter(words="bridge"))
        done = explore.export(with_it, rows, name)
        command = shlex.split(done.command)
        assert command[:3] == ["presslab", "report", name] and all(p.exists() for p in (done.table, *done.beside))
        result = CliRunner().invoke(main, [*command[1:], "--quiet", "--jobs", "1"])
        assert result.exit_code == 0, result.output
        made = explore.load(command[command.index("-o") + 1])
        one, other = (c.sort_values("id", ignore_index=True).drop(columns="file") for c in (made.articles, rows))
        pd.testing.assert_frame_equal(one[other.columns], other, check_dtype=False, rtol=1e-12)


def test_corrections_of_a_reader_travel_with_the_selection(opened, tmp_path):
    rows = explore.filtered(opened, Filter(words="harbour"))
    assert "court-harbour" in ids(rows)
    done = explore.export(opened, rows, tmp_path / "s.csv")
    assert done.beside == (tmp_path / "s.corrections.yaml",)
    again = {a.id: a for a in read([done.table]) if isinstance(a, Article)}
    before = opened.read["court-harbour"].corrections
    assert [str(c) for c in again["court-harbour"].corrections] == [str(c) for c in before] and before


def test_nothing_is_written_over_and_nothing_selected_is_told(opened, tmp_path):
    done = [explore.export(opened, opened.articles, tmp_path / "s.csv").table.name for _ in range(3)]
    assert done == ["s.csv", "s-2.csv", "s-3.csv"]
    for rows, name, says in (
        (opened.articles.iloc[:0], "s.csv", "no article"),
        (opened.articles, "s.exe", "ends in"),
        (opened.articles, "", "ends in"),
        (opened.articles, "no/such/folder/s.csv", "written"),
        (opened.articles, "a\0.csv", "written"),
    ):
        with pytest.raises(ExploreError, match=says):
            explore.export(opened, rows, f"{tmp_path}/{name}" if name else "")


def test_what_cant_be_opened_is_told_in_words(tmp_path):
    (tmp_path / "run" / "tables").mkdir(parents=True)
    (tmp_path / "run" / "tables" / "articles.parquet").write_bytes(b"PAR1 broken")
    (tmp_path / "started" / "tables").mkdir(parents=True)
    for given, says in (
        ("", "name a folder"),
        (tmp_path / "nowhere", "no such"),
        (tmp_path / "run", "can't be used"),
        (tmp_path / "started", "missing"),
        ("a\0b", "no such"),
    ):
        with pytest.raises(ExploreError, match=says):
            explore.load(given)


def test_an_empty_folder_opens_and_every_button_can_be_pressed(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    empty = explore.load(tmp_path)
    assert (
        explore.filtered(empty).empty
        and "No article" in explore.listing(empty, explore.filtered(empty))
        and "0 articles" in explore.overview(empty)
    )
    widget = Explorer(empty)
    for act in (
        widget.clear,
        widget.turn_on,
        widget.turn_back,
        widget.add_frame,
        widget.export,
        widget.read,
        lambda: widget.show(0),
        lambda: widget.show(19),
    ):
        act()
    widget.frame_name.value, widget.frame_terms.value = "Rent", "rent"
    widget.add_frame()
    assert "0 of 0 articles" in widget.matched.value
    widget.export()
    assert "no article is selected" in widget.said.value and not list(tmp_path.iterdir())
    widget.folder.value = "nowhere"
    widget.read()
    assert "no such file" in widget.said.value


def test_the_widget_filters_shows_adds_and_saves(opened, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    widget = Explorer(opened)
    assert f"<strong>{len(opened.articles)}</strong>" in widget.count.value
    widget.outlet.value = opened.outlets[0]
    shown = [line for line in widget.lines if line.layout.display != "none"]
    assert 0 < len(shown) == len(widget.rows) < len(opened.articles)
    widget.titles[0].click()
    assert (
        widget.chosen == widget.rows.iloc[0]["id"]
        and 'sandbox=""' in widget.article.value
        and "presslab-open" in widget.titles[0]._dom_classes
    )
    widget.clear()
    widget.frame_name.value, widget.frame_terms.value = "Closing", "clos*, bridge/NOUN"
    widget.add_frame()
    assert (
        "Closing" in widget.matched.value and widget.frame.value == "frame_closing" and "framed" in widget.article.value
    )
    widget.least.value = 0.2
    assert 0 < len(widget.rows) < len(opened.articles)
    widget.export()
    assert "presslab report selection.csv" in widget.saved.value and len(pd.read_csv("selection.csv")) == len(
        widget.rows
    )
    widget.clear()
    assert len(widget.rows) == len(opened.articles) and widget.wanted == Filter()


def test_a_press_waits_for_what_was_typed_before_it(opened):
    """JupyterLab may hand a press over before the last value of a field."""
    widget = Explorer(opened)

    async def pressed_early() -> None:
        widget.add.click()
        assert widget.add.disabled, "pressed twice, the frame is added twice"
        widget.frame_name.value, widget.frame_terms.value = "Closing", "clos*"
        async with asyncio.timeout(20):
            while not widget.matched.value:
                await asyncio.sleep(0.02)

    asyncio.run(pressed_early())
    assert "Closing" in widget.matched.value and not widget.said.value and not widget.add.disabled
