"""The coding form in a real browser: by keyboard alone, through a reload, with hostile texts, on a phone."""

import json

import pytest
from test_pages import HOSTILE, visit
from visiting import faults

from coded import table
from presslab.coding import codebook, form

BOOK = codebook.default()


@pytest.fixture(scope="module")
def page_file(tmp_path_factory):
    """A form with twenty articles; the first is hostile, the second has characters beyond the first plane."""
    articles = table(20)
    articles.loc[0, "text_analysed"] = "\n\n".join(HOSTILE)
    articles.loc[0, "title"] = HOSTILE[0]
    articles.loc[1, "text_analysed"] = "Flags\n\n🇩🇪😀 The 𝒻erry “is safe 😀 for now,” Quill said. More rain came."
    articles.loc[1, "title"] = "Flags"
    path = tmp_path_factory.mktemp("form") / "form.html"
    path.write_text(form.form(BOOK, articles, "coder-1", "sample", show_outlet=True), "utf-8")
    return path, articles


def exported(page) -> dict:
    with page.expect_download() as download:
        page.keyboard.press("e")
    assert download.value.suggested_filename == "codes-coder-1.json"
    return json.loads(open(download.value.path(), encoding="utf-8").read())


@pytest.mark.browser
def test_twenty_articles_by_keyboard_with_a_reload_and_nothing_is_lost(browser, page_file):
    path, articles = page_file
    page, elsewhere, errors = visit(browser, path)
    keys = {"combined_readability": 7, "loaded_word_share": 4}
    wanted = {}
    for number, id in enumerate(articles["id"]):
        answers = {}
        for place, question in enumerate(BOOK.questions):
            if question.values:
                key = (number + place) % keys.get(question.name, 2) + 1
                page.keyboard.press(str(key))
                answers[question.name] = question.values[key - 1][0]
            else:
                page.keyboard.type(f"1{number}"[-2:])
                page.keyboard.press("Enter")
                answers[question.name] = float(f"1{number}"[-2:])
        page.keyboard.press("]")
        page.keyboard.press("a")
        page.keyboard.press("c")
        page.keyboard.type(f"ja k{number}")  # letters in a comment are no commands
        page.keyboard.press("Escape")
        wanted[id] = answers
        if number == 9:
            page.reload()
            assert "10 of 20 articles are done" in page.locator("#status").inner_text()
        page.keyboard.press("j" if number % 2 else "ArrowRight")
    found = exported(page)
    assert {a["id"]: a["answers"] for a in found["articles"]} == wanted
    assert [a["comment"] for a in found["articles"]] == [f"ja k{n}" for n in range(20)]
    for article, text in zip(found["articles"], articles["text_analysed"]):
        (one,) = article["marks"]
        assert one["kind"] == "attribution" and (
            text[one["start"] : one["end"]] == one["text"] or article["id"] == "a0000"
        )
    assert not elsewhere and not errors and page.title() != "owned"


@pytest.mark.browser
def test_marks_join_split_and_point_at_characters_not_at_code_units(browser, page_file):
    path, articles = page_file
    page, *_ = visit(browser, path)
    page.keyboard.press("j")
    text = articles.loc[1, "text_analysed"]
    for key in ("]", "]", "{", "{", "a", "]", "f"):
        page.keyboard.press(key)
    (article,) = [a for a in exported(page)["articles"] if a["id"] == "a0001"]
    first, second = article["marks"]
    assert (
        text[first["start"] : first["end"]] == first["text"] == "🇩🇪😀 The 𝒻erry “is safe 😀 for now,”"
        and second["text"] == "More rain came."
    )
    page.locator("mark").first.click()
    page.keyboard.press("x")
    assert page.locator("mark").count() == 1
    page.keyboard.press("u")
    assert page.locator("mark").count() == 2
    page.evaluate(
        """() => {
            const range = document.createRange();
            range.selectNodeContents(document.querySelectorAll('#article p')[1]);
            getSelection().removeAllRanges();
            getSelection().addRange(range);
        }"""
    )
    page.get_by_role("button", name="Attributed words").click()
    (article,) = [a for a in exported(page)["articles"] if a["id"] == "a0001"]
    assert [m["text"] for m in article["marks"] if m["kind"] == "attribution"] == [text.partition("\n\n")[2]]


@pytest.mark.browser
def test_wrong_numbers_are_told_and_not_kept_and_undo_takes_back(browser, page_file):
    path, _ = page_file
    page, *_ = visit(browser, path)
    box = page.get_by_label("How many different sources are heard?")
    box.fill("a dozen")
    box.press("Enter")
    assert "is no answer here" in page.locator("#status").inner_text() and box.get_attribute("aria-invalid") == "true"
    box.fill("12")
    box.press("Enter")
    page.keyboard.press("1")
    assert exported(page)["articles"][0]["answers"] == {"source_count": 12, "frame_conflict": 1}
    page.keyboard.press("u")
    page.keyboard.press("Control+z")
    assert exported(page)["articles"][0]["answers"] == {}


@pytest.mark.browser
def test_an_exported_copy_goes_on_elsewhere_and_a_foreign_one_is_refused(browser, page_file, tmp_path):
    path, _ = page_file
    page, *_ = visit(browser, path)
    page.keyboard.press("1")
    found = exported(page)
    other, *_ = visit(browser, path)
    (tmp_path / "mine.json").write_text(json.dumps(found))
    (tmp_path / "foreign.json").write_text(json.dumps(found | {"sample": "other"}))
    other.locator("#import").set_input_files(tmp_path / "foreign.json")
    other.get_by_text("exported from another form").wait_for()
    assert not other.locator("input:checked").count()
    other.locator("#import").set_input_files(tmp_path / "mine.json")
    other.locator("#status", has_text="Opened").wait_for()
    assert exported(other) == found


@pytest.mark.browser
def test_a_browser_that_keeps_nothing_says_so(browser, page_file):
    path, _ = page_file
    page = browser.new_context().new_page()
    page.add_init_script("Storage.prototype.setItem = () => { throw new Error('no room'); }")
    page.goto(path.as_uri())
    page.keyboard.press("1")
    assert "does not keep your answers" in page.get_by_role("alert").inner_text()
    assert len(exported(page)["articles"]) == 1


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1366, 390])
def test_the_form_is_accessible_and_fits(browser, page_file, scheme, width):
    path, _ = page_file
    page, elsewhere, errors = visit(browser, path, color_scheme=scheme, viewport={"width": width, "height": 844})
    for key in ("1", "]", "a", "]", "f", "j", "2", "]", "a", "k", "?", "?"):
        page.keyboard.press(key)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    found = faults(page, scheme)
    assert not found
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert not elsewhere and not errors and page.title() == "coder-1: 20 articles to code"
