"""Reports and index in a real browser: nothing is fetched, nothing fails, everybody can read them."""

from pathlib import Path

import pytest
from visiting import faults, visit

from presslab.comparison.run import compare_run
from presslab.runs.articles import report_run
from presslab.runs.job import Options
from presslab.system.parallel import here

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
HOSTILE = [
    "<script>document.title='owned'</script>",
    "<img src=x onerror=\"document.title='owned'\">",
    "<svg onload=document.title='owned'>",
    "</style><script>document.title='owned'</script>",
    "</title><script>document.title='owned'</script>",
    "{{ 7*7 }}",
    "{% raw %}",
    "{{ cycler.__init__ }}",
    "<a href=\"javascript:document.title='owned'\">x</a>",
    "<iframe src=https://example.org></iframe>",
    "<link rel=stylesheet href=https://example.org/x.css>",
    "\"><script>document.title='owned'</script>",
    "'; document.title='owned'; //",
    "<style>@import url(https://example.org/x.css)</style>",
    "<meta http-equiv=refresh content='0;url=https://example.org'>",
    "<base href=https://example.org>",
    "<object data=https://example.org>",
    "$\\frac{1}{0}$",
    "\u202egnp.exe",
    '=HYPERLINK("https://example.org")',
    "<!-- -->",
    "]]>",
    "<math><mtext></mtext></math>",
    "&lt;script&gt;",
    "<details open ontoggle=document.title='owned'>",
]


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A run over four seeds and over an article in which everything is hostile."""
    folder = tmp_path_factory.mktemp("pages")
    story = (SEEDS / "bridge-officials.txt").read_text("utf-8").split("\n\n")
    lines = [
        f"“It is {payload} here,” Mayor {payload} Quill said on Monday to the whole council." for payload in HOSTILE
    ]
    quoted = '"' + "\n\n".join(story + lines).replace('"', '""') + '"'
    title = '"' + HOSTILE[0].replace('"', '""') + '"'
    outlet = '"' + HOSTILE[1].replace('"', '""') + '"'
    (folder / "hostile.csv").write_text(
        f"id,title,outlet,url,text\n../../hostile,{title},{outlet},javascript:alert(1),{quoted}\n", "utf-8"
    )
    inputs = [
        SEEDS / name for name in ("bridge-officials.txt", "bridge-loaded.txt", "interview-hydrologist.txt", "empty.txt")
    ]
    done = report_run([*inputs, folder / "hostile.csv"], folder / "out", Options(), here)
    assert [f.id for f in done.failures] == ["empty"], done.failures
    return folder / "out"


def pages(run: Path) -> list[Path]:
    return [run / "index.html", *sorted((run / "articles").glob("*.html"))]


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_accessible_and_quiet(browser, run, scheme):
    for path in pages(run):
        page, elsewhere, errors = visit(browser, path, color_scheme=scheme)
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        found = faults(page, scheme)
        assert not found, (path.name, found)
        assert not elsewhere and not errors, (path.name, elsewhere, errors)


@pytest.mark.browser
def test_hostile_text_is_shown_and_never_run(browser, run):
    path = next((run / "articles").glob("*hostile*.html"))
    page, elsewhere, errors = visit(browser, path)
    assert page.title() != "owned" and not elsewhere and not errors
    shown = page.inner_text("body")
    for payload in (
        "<script>document.title='owned'</script>",
        "{{ 7*7 }}",
        "<iframe src=https://example.org></iframe>",
    ):
        assert payload in shown
    index, elsewhere, errors = visit(browser, run / "index.html")
    assert index.title().startswith("presslab") and not elsewhere and not errors
    assert not list(run.parent.parent.glob("hostile.*")) and not (run.parent / "hostile.html").exists()


@pytest.mark.browser
def test_pages_fit_a_phone(browser, run):
    for path in pages(run):
        page, *_ = visit(browser, path, viewport={"width": 390, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path.name


@pytest.mark.browser
def test_a_report_is_readable_without_scripts_and_its_switches_work(browser, run):
    page, *_ = visit(browser, run / "articles" / "bridge-loaded.html", java_script_enabled=False)
    word = page.locator(".story .loaded").first
    assert page.locator("h1").inner_text().startswith("Quill's disgraceful")
    assert word.is_visible()
    page.locator("#show-speech").uncheck()
    assert not page.locator(".story a.who").first.is_visible()


@pytest.mark.browser
def test_the_index_searches_and_sorts(browser, run):
    page, *_ = visit(browser, run / "index.html")
    page.fill("#q", "river does not")
    assert page.locator("#articles tbody tr:visible").count() == 1
    page.fill("#q", "")
    page.get_by_role("button", name="words", exact=True).click()
    words = [int(t) for t in page.locator("#articles tbody tr td:nth-child(4)").all_inner_texts()]
    assert words == sorted(words, reverse=True) and len(words) == 4


@pytest.fixture(scope="module")
def comparison(tmp_path_factory):
    """A comparison of three seeds and of two articles in which everything is hostile."""
    folder = tmp_path_factory.mktemp("events")
    story = [
        f"“It is {payload} here,” Mayor {payload} Quill said on Monday to the whole council." for payload in HOSTILE
    ]
    quoted = '"' + "\n\n".join(story).replace('"', '""') + '"'
    payload = '"' + HOSTILE[0].replace('"', '""') + '"'
    lines = [
        f'{name},{payload},{payload}{name},{payload},"{HOSTILE[1].replace(chr(34), chr(34) * 2)}",{quoted}'
        for name in ("a", "b")
    ]
    (folder / "hostile.csv").write_text(
        "id,title,outlet,event,event_label,text\n"
        + "\n".join(lines).replace(f"{payload}a", '"<b>a"').replace(f"{payload}b", '"<b>b"')
        + "\n",
        "utf-8",
    )
    seeds = [SEEDS / f"bridge-{name}.txt" for name in ("officials", "witnesses", "loaded")]
    done = compare_run(seeds, folder / "bridge", Options(), "Ferry Bridge closed", here)
    assert not done.failures
    done = compare_run([folder / "hostile.csv", SEEDS / "dock-strike.csv"], folder / "table", Options(), spread=here)
    assert [f.id for f in done.failures] == ["obituary-hallard"]
    return [folder / run for run in ("bridge", "table")]


def comparison_pages(runs: list[Path]) -> list[Path]:
    return [path for run in runs for path in (run / "index.html", *sorted((run / "events").glob("*.html")))]


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_comparison_is_accessible_quiet_and_unharmed(browser, comparison, scheme):
    for path in comparison_pages(comparison):
        page, elsewhere, errors = visit(browser, path, color_scheme=scheme)
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        found = faults(page, scheme)
        assert not found, (path.name, found)
        assert page.title() != "owned" and not elsewhere and not errors, (path.name, elsewhere, errors)


@pytest.mark.browser
def test_comparisons_fit_a_phone_and_stay_small(browser, comparison):
    for path in comparison_pages(comparison):
        page, *_ = visit(browser, path, viewport={"width": 390, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path.name
        assert path.stat().st_size <= 400_000, path.name


@pytest.mark.browser
def test_the_index_of_events_searches(browser, comparison):
    page, *_ = visit(browser, comparison[1] / "index.html")
    page.fill("#search", "skarrow")
    assert page.locator("#articles tbody tr:visible").count() == 1
