"""explore.ipynb in a real JupyterLab: run all cells, filter, click, add a frame, save; no error anywhere, nothing
fetched from elsewhere."""

from pathlib import Path
import re
import shlex
import shutil

from lab import jupyterlab, run_all, watched
import pandas as pd
import pytest

from presslab.reading.article import Article
from presslab.reading.read import read

ROOT = Path(__file__).resolve().parents[2]
SEEDS = (
    "bridge-officials.txt",
    "bridge-witnesses.txt",
    "bridge-loaded.txt",
    "court-harbour.txt",
    "dock-strike.csv",
    "empty.txt",
)


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Path:
    """A folder with the notebook and some of the seeds, laid out as in the repository; beside the notebook files of the
    user's own that have our names, and leave a mark if they are run."""
    folder = tmp_path_factory.mktemp("lab")
    (folder / "root" / "notebooks").mkdir(parents=True)
    (folder / "root" / "seeds").mkdir()
    shutil.copy(ROOT / "notebooks" / "explore.ipynb", folder / "root" / "notebooks")
    for name in SEEDS:
        shutil.copy(ROOT / "seeds" / name, folder / "root" / "seeds")
    for name in ("analysis.py", "analysis/__init__.py", "article.py", "notebooks/__init__.py"):
        path = folder / "root" / "notebooks" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"open({str(folder / 'run')!r}, 'a').write(__name__)\n")
    (folder / "root" / "notebooks" / "presslab.ipynb").write_text("this is no notebook")
    return folder


@pytest.fixture(scope="module")
def server(place):
    with jupyterlab(place / "root", place) as running:
        yield running


@pytest.mark.browser
def test_explore_in_jupyterlab(browser, server, place):
    articles = [i for i in read([place / "root" / "seeds"]) if isinstance(i, Article)]
    page, elsewhere, errors = watched(browser)
    run_all(page, server, "notebooks/explore.ipynb")
    widget = page.locator(".presslab-explorer")
    widget.get_by_text(f"{len(articles)} of {len(articles)} articles").wait_for()

    widget.get_by_label("Words").fill("ferry")
    widget.get_by_label("Words").press("Enter")
    some = sum("ferry" in f"{a.title} {a.body}".casefold() for a in articles)
    assert 0 < some < len(articles)
    widget.get_by_text(f"{some} of {len(articles)} articles").wait_for()

    title = next(a.title for a in articles if a.id == "bridge-officials")
    widget.get_by_role("button", name=title).focus()
    page.keyboard.press("Enter")
    story = widget.frame_locator("iframe[title='Annotated article']")
    story.locator(".story .speech").first.wait_for()
    assert title in story.locator("h1").inner_text() and story.locator(".story a.who").count() > 3
    story.locator("#show-speech").uncheck()
    assert not story.locator(".story a.who").first.is_visible()
    story.locator("#show-speech").check()
    story.locator(".story a.who").first.click()
    assert title in story.locator("h1").inner_text(), "a link inside the article led away from it"

    widget.get_by_label("Name").fill("Repair")
    widget.get_by_label("Terms").fill("bridge/NOUN, repair*, engineer/NOUN")
    widget.get_by_role("button", name="Add the frame").press("Enter")
    told = widget.get_by_text(re.compile(r"Repair \(3 terms\)"))
    told.wait_for()
    assert re.search(rf"\d+ matches in [1-9]\d* of {some} articles", told.inner_text()), told.inner_text()
    story.locator(".story .framed").first.wait_for()

    widget.get_by_role("button", name="Clear the filter").press("Enter")
    widget.get_by_label("Frame").select_option("Frame: Repair")
    widget.get_by_text(f"{len(articles)} of {len(articles)} articles").wait_for()
    page.screenshot(path=place / "explore.png")
    widget.get_by_text("Save the selection").first.click()
    widget.get_by_role("button", name="Save the selection").last.press("Enter")
    command = widget.locator("pre", has_text="presslab report")
    command.wait_for()
    assert shlex.split(command.inner_text())[:3] == ["presslab", "report", "selection.csv"]
    assert len(pd.read_csv(place / "root" / "notebooks" / "selection.csv")) == len(articles)

    assert not (place / "run").exists(), (place / "run").read_text()
    assert not page.locator(".jp-mod-error, .jp-Dialog").count()
    assert not elsewhere and not errors, (elsewhere, errors, server.said())
