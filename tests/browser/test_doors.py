"""Hostile articles through every door, in a real browser: nothing runs, nothing is fetched, nothing is written outside
the run's folder, and the text can still be read. The payloads are data: tests/gold/payloads.jsonl says what each
attacks."""

from __future__ import annotations

from collections.abc import Iterable
import csv
from dataclasses import dataclass
import os
from pathlib import Path
import re
import subprocess
import sys
import zipfile

from lab import jupyterlab, run_all, watched
import nbformat
import openpyxl
import pandas as pd
import pytest
from visiting import watch

import payloads
from presslab import explore
from presslab.cli.shared import complain
from presslab.coding.prepare import prepare
from presslab.collecting.run import corpus_run
from presslab.comparison.run import compare_run
from presslab.reading.article import Article, Failure
from presslab.reading.from_text import from_text, whole_characters
from presslab.reading.read import read
from presslab.reading.rows import article_row
from presslab.reporting.html import plain
from presslab.runs import excel
from presslab.runs.articles import report_run
from presslab.runs.job import Options
from presslab.runs.writers import write_wide
from presslab.system.formulas import EXACT, STARTS
from presslab.system.parallel import here

ROOT = Path(__file__).resolve().parents[2]
SEEDS = [ROOT / "seeds" / name for name in ("bridge-officials.txt", "bridge-witnesses.txt")]

SLOW = pytest.mark.skipif(
    not os.environ.get("PRESSLAB_SLOW"),
    reason="all notebooks on one page take minutes on a busy machine; PRESSLAB_SLOW=1 runs it",
)

# What a page consists of. Names of handlers and of what loads or runs something are told with the elements that have
# them.
ANATOMY = """() => {
  const found = {tags: {}, handlers: [], links: [], loads: []};
  for (const e of document.querySelectorAll('*')) {
    found.tags[e.localName] = (found.tags[e.localName] || 0) + 1;
    for (const a of e.attributes) {
      if (/^on/i.test(a.name)) found.handlers.push(e.outerHTML.slice(0, 200));
      if (/^(href|xlink:href|action|formaction|ping|data)$/i.test(a.name)) found.links.push(a.value);
      if (/^(src|srcset|poster|srcdoc|background)$/i.test(a.name)) found.loads.push(a.value.slice(0, 100));
    }
  }
  return found;
}"""
TEXT = """() => {
  document.querySelectorAll('.who, script, style').forEach(e => e.remove());
  document.querySelectorAll('details').forEach(e => { e.open = true; });
  return [document.body.innerText, ...[...document.querySelectorAll('svg')].map(e => e.textContent)].join('\\n');
}"""
RUNS = {
    "iframe",
    "object",
    "embed",
    "base",
    "form",
    "video",
    "audio",
    "applet",
    "frame",
    "frameset",
    "portal",
    "math",
    "marquee",
    "foreignobject",
    "animate",
    "set",
    "link",
}


def bare(text: str) -> str:
    """A text without white space, as it is shown."""
    return re.sub(r"\s+", "", plain(text))


@dataclass(frozen=True)
class Hostile:
    """The hostile inputs, the runs that were made of them, and a run of harmless articles for comparison."""

    folder: Path
    articles: dict[str, Article]
    run: Path
    events: Path
    harmless: Path
    harmless_events: Path
    failures: tuple
    frames: Path

    def between(self) -> dict[int, str]:
        """What each article's text has between the marks of a payload, without white space; as far as its line goes
        where cleaning has cut the next one (code of a page, say)."""
        found = {}
        for article in self.articles.values():
            lines = [bare(p.text) for p in article.paragraphs]
            for p in payloads.payloads():
                before, after = p.marks
                for number, line in enumerate(lines):
                    if before in line:
                        rest = "".join(lines[number:])
                        rest = rest[rest.index(before) :]
                        found[p.number] = rest[: rest.index(after)] if after in rest else line[line.index(before) :]
        return found

    def titles(self) -> dict[int, str]:
        """The title in which a payload stands, without white space."""
        table = [a for a in self.articles.values() if a.in_table]
        return {
            p.number: bare(article.title)
            for group, article in zip(payloads.groups(), table, strict=True)
            for p in group
        }


def tree(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*")}


@pytest.fixture(scope="module")
def hostile(tmp_path_factory) -> Hostile:
    folder = tmp_path_factory.mktemp("doors")
    table, frames = payloads.table(folder / "hostile.jsonl"), payloads.frames(folder / "frames.yaml")
    payloads.named(folder / "named")
    beside = {
        batch_id: payloads.correction(n)
        for n, batch_id in enumerate(a.id for a in read([table], any_language=True) if isinstance(a, Article))
    }
    (folder / "hostile.corrections.yaml").write_text(payloads.corrections(beside), "utf-8")
    articles = {a.id: a for a in read([table, folder / "named"], any_language=True) if isinstance(a, Article)}
    before = tree(folder)
    run = report_run([table, folder / "named"], folder / "run", Options(any_language=True, frames=str(frames)), here)
    events = compare_run([table], folder / "events", Options(any_language=True), "", here)
    after = {p for p in tree(folder) if not p.startswith(("run/", "events/"))}
    assert after - before <= {
        "run",
        "events",
    }, f"something was written outside the folders of the runs: {sorted(after - before)}"
    harmless = report_run(
        SEEDS, folder / "harmless", Options(frames=str(ROOT / "seeds" / "frames" / "war_peace.yaml")), spread=here
    )
    harmless_events = compare_run(SEEDS, folder / "harmless-events", Options(), "Bridge", here)
    assert not harmless.failures and not harmless_events.failures
    return Hostile(
        folder,
        articles,
        run.folder,
        events.folder,
        harmless.folder,
        harmless_events.folder,
        run.failures + events.failures,
        frames,
    )


def test_there_are_enough_payloads_and_each_says_what_it_attacks():
    known = payloads.payloads()
    assert len(known) >= 150 and len({p.text for p in known}) == len(known)
    assert all(p.attacks and p.group for p in known) and len({p.group for p in known}) >= 12


def test_every_hostile_article_is_read_measured_and_reported(hostile):
    known = payloads.payloads()
    assert not hostile.failures, [(f.id, f.reason) for f in hostile.failures]
    assert set(hostile.between()) == set(hostile.titles()) == {p.number for p in known}
    assert (
        len(list((hostile.run / "articles").glob("*.html")))
        == len(hostile.articles)
        == len(payloads.groups()) + len(payloads.NAMES)
    )
    kept = payloads.visible("".join(article.text for article in hostile.articles.values()))
    lost = [p for p in known if payloads.visible(p.text) not in kept]
    assert not lost, lost[:3]


def test_nothing_was_written_anywhere_else(hostile):
    assert not payloads.written()
    inside = [p for p in hostile.folder.rglob("*") if p.name in ("presslab-pwned", "presslab-pwned.txt")]
    assert not inside


def visit(browser, path: Path):
    """Open a page. Gives it with what it has fetched beside itself, and with errors and dialogs."""
    page = browser.new_context().new_page()
    page.set_default_timeout(120_000)
    page.route(re.compile("^https?://"), lambda route: route.abort())  # told all the same
    fetched, errors = watch(page, lambda url: url == path.as_uri() or url.startswith("data:"))
    page.goto(path.as_uri())
    return page, fetched, errors


def checked(browser, path: Path, allowed: set[str] = frozenset(), others: Iterable[str] = ()) -> str:
    """Open a page in which hostile text stands, check that nothing runs or is fetched and that it has no element of
    another kind than `allowed`; gives the text that can be read, without white space. `others` may be fetched."""
    page, fetched, errors = visit(browser, path)
    page.wait_for_timeout(50)
    for frame in page.frames:
        assert frame.evaluate("window.__pwned === undefined"), f"{path.name}: a payload ran"
        anatomy = frame.evaluate(ANATOMY)
        assert not anatomy["handlers"], (path.name, anatomy["handlers"][:3])
        bad = [
            link
            for link in anatomy["links"]
            if re.match(r"[\s\x00-\x1f]*(?:javascript|vbscript|blob|file|data:text/html)", link, re.I)
        ]
        assert not bad, (path.name, bad)
        assert all(
            source.startswith("data:image/")
            for source in anatomy["loads"]
            if frame == page.main_frame and len(page.frames) == 1
        ), (path.name, anatomy["loads"][:3])
        if allowed and frame != page.main_frame or allowed and len(page.frames) == 1:
            assert set(anatomy["tags"]) <= allowed, (path.name, set(anatomy["tags"]) - allowed)
    assert not [f for f in fetched if f not in others and not f.startswith("about:")], (path.name, fetched)
    assert not errors, (path.name, errors)
    text = bare("\n".join(frame.evaluate(TEXT) for frame in page.frames))
    page.context.close()
    return text


def tags(browser, paths: Iterable[Path]) -> set[str]:
    """The kinds of elements that pages of harmless articles have; the drawing of a chart may have others than that of
    another chart."""
    found = {
        "svg",
        "g",
        "path",
        "text",
        "defs",
        "use",
        "rect",
        "circle",
        "line",
        "tspan",
        "style",
        "title",
        "metadata",
        "clippath",
        "u",
        "small",
        "br",
        "i",
        "b",
        "em",
        "strong",
        "del",
        "code",
    }
    for path in paths:
        page, *_ = visit(browser, path)
        found |= set(page.evaluate(ANATOMY)["tags"])
        page.context.close()
    return found - RUNS


def all_found(texts: dict[str, str] | str, wanted: dict[int, str], door: str) -> None:
    """Every payload's surroundings can be read in the page of its article, or on the one page there is."""
    whole = texts if isinstance(texts, str) else "\n".join(texts.values())
    missing = [n for n, text in wanted.items() if text not in whole]
    assert not missing and len(wanted) >= 150, (
        f"{door}: {len(missing)} payloads can't be read, such as {payloads.payloads()[missing[0]]}:"
        f" {wanted[missing[0]][:300]}"
    )


@pytest.mark.browser
def test_door_article_reports(browser, hostile):
    allowed = tags(browser, (hostile.harmless / "articles").glob("*.html"))
    texts = {p.stem: checked(browser, p, allowed) for p in sorted((hostile.run / "articles").glob("*.html"))}
    all_found(texts, hostile.between(), "report")
    all_found(texts, hostile.titles(), "report's title")


@pytest.mark.browser
def test_door_index(browser, hostile):
    all_found(checked(browser, hostile.run / "index.html"), hostile.titles(), "index")


@pytest.mark.browser
def test_door_comparisons_and_their_index(browser, hostile):
    allowed = tags(browser, (hostile.harmless_events / "events").glob("*.html"))
    texts = {p.stem: checked(browser, p, allowed) for p in sorted((hostile.events / "events").glob("*.html"))}
    all_found(texts, hostile.titles(), "comparison")
    text = checked(browser, hostile.events / "index.html", tags(browser, [hostile.harmless_events / "index.html"]))
    labels = {row["event"]: bare(whole_characters(row["event_label"])) for row in reversed(payloads.rows())}
    missing = [label for label in labels.values() if label not in text]
    assert not missing and len(labels) >= 5, missing[:1]


@pytest.mark.browser
def test_door_collection(browser, hostile):
    done = corpus_run(
        [hostile.run],
        hostile.folder / "collection",
        Options(any_language=True),
        payloads.payloads()[0].text,
        spread=here,
    )
    text = checked(browser, hostile.folder / "collection" / "index.html")
    outlets = {bare(o) for o in done.articles["outlet"] if o}
    assert len(outlets) >= 15 and not [o for o in outlets if o not in text]


@pytest.mark.browser
def test_door_coding_form(browser, hostile):
    count = len(hostile.articles)
    prepare(hostile.run, hostile.folder / "coding", count, show_outlet=True)
    path = next((hostile.folder / "coding").glob("form-*.html"))
    checked(browser, path)
    page, fetched, errors = visit(browser, path)
    shown = []
    for _ in range(count):
        shown.append(page.locator("body").inner_text())
        assert page.evaluate("window.__pwned === undefined") and not page.evaluate(ANATOMY)["handlers"]
        page.keyboard.press("j")
    assert not fetched and not errors, (fetched, errors)
    all_found(bare("\n".join(shown)), hostile.between(), "coding form")
    page.context.close()


@pytest.mark.browser
def test_door_explore(browser, hostile, tmp_path):
    collection = explore.load(hostile.run)
    allowed = tags(browser, (hostile.harmless / "articles").glob("*.html")) | {"base", "iframe"}
    parts = [
        explore.overview(collection),
        *(explore.listing(collection, explore.filtered(collection), "frame_hostile_0", n) for n in range(1, 9)),
    ]
    (tmp_path / "list.html").write_text(f"<!doctype html><meta charset=utf-8>{''.join(parts)}", "utf-8")
    all_found(checked(browser, tmp_path / "list.html"), hostile.titles(), "explore's list")
    texts = {}
    for id in collection.articles["id"]:
        (tmp_path / "view.html").write_text(
            f"<!doctype html><meta charset=utf-8>{explore.annotated(collection, id)}", "utf-8"
        )
        texts[id] = checked(browser, tmp_path / "view.html", allowed)
    all_found(texts, hostile.between(), "explore's annotated view")


def together(hostile: Hostile) -> nbformat.NotebookNode:
    """All executed notebooks as one: code, outputs, and what papermill put into them."""
    whole = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})
    for path in sorted((hostile.run / "notebooks").glob("*.ipynb")):
        for cell in nbformat.read(path, as_version=4).cells:
            if "injected-parameters" in cell.metadata.get("tags", []):
                whole.cells.append(nbformat.v4.new_code_cell(cell.source, id=f"cell-{len(whole.cells)}"))
            elif (
                cell.cell_type == "code" and cell.outputs
            ):  # one cell for all outputs: JupyterLab is slow with many cells
                whole.cells[-1].outputs += cell.outputs
    return whole


@pytest.mark.browser
@SLOW
def test_door_notebooks_by_nbconvert(browser, hostile, tmp_path):
    from nbconvert import HTMLExporter

    def convert(notebook, name: str) -> Path:
        (tmp_path / name).write_text(HTMLExporter().from_notebook_node(notebook)[0], "utf-8")
        return tmp_path / name

    harmless = convert(
        nbformat.read(next((hostile.harmless / "notebooks").glob("*.ipynb")), as_version=4), "harmless.html"
    )
    page, own, _ = visit(browser, harmless)  # nbconvert's own template fetches scripts: no others may come
    page.context.close()
    path = convert(together(hostile), "hostile.html")
    page, fetched, errors = visit(browser, path)
    assert page.evaluate("window.__pwned === undefined") and not [e for e in errors if "dialog" in e]
    assert set(fetched) <= set(own), set(fetched) - set(own)
    anatomy = page.evaluate(ANATOMY)
    assert not anatomy["handlers"] and not set(anatomy["tags"]) & RUNS, (
        anatomy["handlers"][:2],
        set(anatomy["tags"]) & RUNS,
    )
    all_found(bare(page.evaluate(TEXT)), hostile.between(), "nbconvert")
    page.context.close()


@pytest.fixture(scope="module")
def lab(hostile, tmp_path_factory):
    """JupyterLab on a folder with the hostile notebooks (trusted, which is the worst case) and with explore.ipynb
    opened on the hostile table."""
    private = tmp_path_factory.mktemp("hostile-lab")
    root = private / "root"
    root.mkdir()
    nbformat.write(together(hostile), root / "hostile.ipynb")
    environment = {
        **os.environ,
        "JUPYTER_DATA_DIR": str(private / "data"),
        "JUPYTER_CONFIG_DIR": str(private / "config"),
    }
    subprocess.run(
        [sys.executable, "-m", "jupyter", "trust", str(root / "hostile.ipynb")],
        env=environment,
        check=True,
        capture_output=True,
    )
    explorer = nbformat.read(ROOT / "notebooks" / "explore.ipynb", as_version=4)
    parameters = next(c for c in explorer.cells if "parameters" in c.metadata.get("tags", []))
    parameters.source += f"\nfolder, frames, frame = {str(hostile.run)!r}, {str(hostile.frames)!r}, 'frame_hostile_0'"
    nbformat.write(explorer, root / "explore.ipynb")
    with jupyterlab(root, private) as running:
        yield running


def unharmed(page, elsewhere: list[str], errors: list[str]) -> None:
    for frame in page.frames:
        assert frame.evaluate("window.__pwned === undefined"), "a payload ran in JupyterLab"
    handlers = page.evaluate(
        "[...document.querySelectorAll('.jp-OutputArea-output *')].filter(e => [...e.attributes].some(a =>"
        " /^on/i.test(a.name))).map(e => e.outerHTML.slice(0, 200))"
    )
    assert not elsewhere and not errors and not handlers, (elsewhere[:3], errors[:3], handlers[:3])


@pytest.mark.browser
@SLOW
def test_door_notebooks_in_jupyterlab(browser, hostile, lab):
    page, elsewhere, errors = watched(browser)
    page.set_default_timeout(150_000)
    page.goto(lab.url("hostile.ipynb"))
    page.locator(".jp-Notebook .jp-CodeCell").nth(len(together(hostile).cells) - 1).wait_for(state="attached")
    page.locator(".jp-OutputArea-output .story").nth(len(hostile.articles) - 1).wait_for(state="attached")
    text = bare(
        page.evaluate(
            "[...document.querySelectorAll('.jp-OutputArea-output .who')].forEach(e => e.remove()),"
            " [...document.querySelectorAll('.jp-OutputArea-output')].map(e => e.innerText).join('\\n')"
        )
    )
    all_found(text, hostile.between(), "the notebook in JupyterLab")
    unharmed(page, elsewhere, errors)
    page.context.close()


@pytest.mark.browser
def test_door_explore_in_jupyterlab(browser, hostile, lab):
    page, elsewhere, errors = watched(browser)
    run_all(page, lab, "explore.ipynb")
    widget = page.locator(".presslab-explorer")
    shown = ""
    for place in range(1, 9):
        widget.locator(f"text=/^page {place} of/").or_(widget.locator("text=/^\\d+ of \\d+ articles/")).first.wait_for()
        shown += page.evaluate(
            "[...document.querySelectorAll('.presslab-explorer button.presslab-title')].map(e =>"
            " e.textContent).join('\\n')"
        )
        shown += page.evaluate("document.querySelector('.presslab-explorer').innerText")
        if (
            widget.get_by_role("button", name="Next page").is_disabled()
            or not widget.get_by_role("button", name="Next page").is_visible()
        ):
            break
        widget.get_by_role("button", name="Next page").press("Enter")  # a click could miss it while JupyterLab scrolls
        widget.locator(f"text=/^page {place + 1} of/").wait_for()
    all_found(bare(shown), hostile.titles(), "explore in JupyterLab")
    widget.locator("button.presslab-title:visible").first.press("Enter")
    widget.frame_locator("iframe[title='Annotated article']").locator(".story").wait_for()
    unharmed(page, elsewhere, errors)
    page.context.close()


def cells(path: Path) -> Iterable[tuple[str, str]]:
    """(column, text) of every cell of a CSV file."""
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            yield from row.items()


def test_door_csv(hostile, tmp_path):
    """No text begins as a formula does, ids and texts that offsets point into apart; presslab reads back what it
    wrote."""
    count = 0
    for path in [*hostile.run.rglob("*.csv"), *hostile.events.rglob("*.csv")]:
        for column, value in cells(path):
            assert column in EXACT or not re.match(r"[=@\t\r]|[+-](?![\d.]+(?:e-?\d+)?$)", value), (
                path.name,
                column,
                value[:100],
            )
            count += 1
    assert count > 10_000
    write_wide(pd.DataFrame([article_row(a) for a in hostile.articles.values()]), tmp_path / "all.csv")
    starts = [p for p in payloads.payloads() if p.group == "formula" and p.text.startswith(STARTS)]
    frame = pd.DataFrame(
        [article_row(from_text(f"{p.text}\n\n{payloads.STORY}", f"a{p.number}", title=p.text)) for p in starts]
    )
    write_wide(frame, tmp_path / "own.csv")
    for name in ("all.csv", "own.csv"):
        assert not [v for column, v in cells(tmp_path / name) if column not in EXACT and v.startswith(STARTS)]
    again = [i for i in read([tmp_path / "own.csv"], any_language=True) if isinstance(i, Article)]
    assert [a.text for a in again] == frame["text"].tolist() and len(again) >= 8


def test_door_excel(hostile, tmp_path):
    excel.write(hostile.run, tmp_path / "run.xlsx")
    texts = []
    for sheet in openpyxl.load_workbook(tmp_path / "run.xlsx").worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f" and cell.hyperlink is None, (sheet.title, cell.coordinate)
                texts.append(str(cell.value or ""))
    whole = payloads.visible("".join(texts))
    assert not [p for p in payloads.payloads() if payloads.visible(p.text)[:2000] not in whole]
    with zipfile.ZipFile(tmp_path / "run.xlsx") as book:
        assert not [n for n in book.namelist() if "externalLink" in n or "vba" in n.lower()]


def test_messages_cant_move_the_cursor(hostile, capfd):
    complain(Failure("x", "\x1b[2J\u202ename.txt", "no\x07 text\x1b]0;owned\x07"))
    said = capfd.readouterr().err
    assert "\x1b" not in said and "\x07" not in said and "\u202e" not in said and "name.txt" in said
