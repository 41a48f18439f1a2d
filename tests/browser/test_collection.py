"""The report on a collection as people see it: accessible, quiet, unharmed by what articles say, fit for a phone and
paper."""

import json

import pytest
from visiting import faults, visit

from presslab.collecting.run import corpus_run
from presslab.system.parallel import here
from stories import varied

EVIL = [
    "<script>document.title='owned'</script>",
    "<img src=x onerror=\"document.title='owned'\">",
    "</title><svg onload=document.title='owned'>",
    "{{ 7*7 }}",
    "$\\href{javascript:alert(1)}{x}$",
    "<style>*{background:url(http://evil.example/)}</style>",
]


@pytest.fixture(scope="module")
def page_path(tmp_path_factory):
    """A collection of two outlets and two months, in which outlets, titles and sources are hostile."""
    place = tmp_path_factory.mktemp("collection")
    rows = []
    for n in range(24):
        evil = EVIL[n % len(EVIL)]
        text = varied(n).replace("Ada Quill", f"Mayor {evil} Quill", 1)
        rows.append(
            {
                "id": f"a{n}",
                "title": f"{evil} {n}",
                "outlet": EVIL[n % 2],
                "published": f"2024-0{1 + n // 12}-{1 + n % 12:02}",
                "text": text,
            }
        )
    rows.append(rows[0] | {"id": "copy"})
    (place / "in.jsonl").write_text("\n".join(json.dumps(r) for r in rows), "utf-8")
    corpus_run([place / "in.jsonl"], place / "out", title=EVIL[1], spread=here)
    return place / "out" / "index.html"


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_accessible_quiet_and_unharmed(browser, page_path, scheme):
    page, elsewhere, errors = visit(browser, page_path, color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    found = faults(page, scheme)
    assert not found
    assert page.title() != "owned" and not elsewhere and not errors, (elsewhere, errors)
    assert EVIL[1] in page.locator("h1").inner_text()  # shown as it is


@pytest.mark.browser
def test_it_fits_a_phone_and_every_figure_has_a_name_and_numbers(browser, page_path):
    page, *_ = visit(browser, page_path, viewport={"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    figures = page.locator("figure.chart")
    assert figures.count() >= 8 and page.locator("figure.chart svg[role=img]").count() >= 20
    for figure in figures.all():
        assert len(figure.locator("figcaption").first.inner_text()) > 10
    for drawn in page.locator("svg[role=img]").all():
        assert len(drawn.get_attribute("aria-label")) > 10


@pytest.mark.browser
def test_the_keyboard_reaches_everything_that_opens(browser, page_path):
    page, *_ = visit(browser, page_path)
    wanted = page.locator("summary:visible, a[href]:visible").count()
    reached = set()
    for _ in range(wanted + 60):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("[...document.querySelectorAll('summary, a[href]')].indexOf(document.activeElement)"))
    assert len(reached - {-1}) >= wanted
