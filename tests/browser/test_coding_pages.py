"""The pages on a coded sample in a real browser, and the whole way from the form to them."""

import pytest
from test_pages import HOSTILE, visit
from visiting import faults

from coded import table
from presslab.coding import commands, prepare, read
from test_validity import coded as coded


@pytest.mark.browser
def test_what_the_form_exports_is_what_is_read(browser, coded, tmp_path):
    run, _, articles = coded
    folder = tmp_path / "round"
    prepare.prepare(run, folder, 4)
    page, *_ = visit(browser, folder / "form-coder-1.html")
    for number in range(4):
        page.keyboard.type("1212174")
        page.keyboard.type("3")
        page.keyboard.press("Enter")
        for key in ("]", "]", "]", "a", "j"):
            page.keyboard.press(key)
    with page.expect_download() as download:
        page.keyboard.press("e")
    download.value.save_as(folder / "from the browser.json")
    coding = read.read(folder)
    texts = coding.texts()
    # eight questions, and the share of words marked
    assert coding.files == ("from the browser.json",) and len(coding.codes) == 4 * 9
    assert (coding.settled("source_count") == 3).all() and (coding.settled("frame_human_interest") == 0).all()
    assert all(texts[m.id][m.start : m.end] == m.text for m in coding.marks.itertuples()) and len(coding.marks) == 4


@pytest.mark.browser
def test_pages_are_accessible_quiet_and_fit(browser, coded):
    run, folder, _ = coded
    hostile = table(300).assign(title=HOSTILE[1])
    hostile.to_parquet(run / "tables" / "articles.parquet")
    commands.agree(folder)
    commands.validate(run, folder)
    commands.estimate(run, folder, [])
    commands.calibrate(run, folder, run.parent / "calibration")
    own = [
        run / "coding" / "validity.html",
        run / "coding" / "estimates.html",
        run.parent / "calibration" / "index.html",
    ]
    for path in (folder / "agreement.html", *own):
        for scheme, width in (("light", 1200), ("dark", 390)):
            page, elsewhere, errors = visit(
                browser, path, color_scheme=scheme, viewport={"width": width, "height": 900}
            )
            page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
            found = faults(page)
            assert not found, (path.name, found)
            assert (
                page.evaluate("document.documentElement.scrollWidth") <= width
                and not elsewhere
                and not errors
                and page.title() != "owned"
            )
            assert "undefined" not in page.content() and ">nan" not in page.content()
