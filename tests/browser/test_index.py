"""The index of a large run in a real browser: small, quick, right, the selection in its address, readable without
scripts."""

import random
from urllib.parse import quote

import pytest
from visiting import faults, watch

from presslab.measures.cards import builtin
from presslab.reporting import pages

ABOUT = {"citation": "presslab", "coded": (), "corrected": 0}
COUNT = 10_000
FRAME = "frame_conflict"


def made(count: int) -> list[dict]:
    """Rows of an index, all numbers by chance; some are missing, and one title is hostile."""
    chance = random.Random(7)
    keyed = [card for card in builtin().values() if card.key]
    words = "council bridge vote strike harbour trial budget study mill flood school police minister union court"
    words = f"{words} ferry".split()
    people = [f"{a} {b}" for a in ("Ada", "Tom", "Ines", "Karl") for b in ("Quill", "Reed", "Vale", "Roe")]
    rows = []
    for place in range(count):
        row = {
            "id": f"export-{place:05}",
            "title": " ".join(chance.choices(words, k=9)),
            "outlet": f"The {chance.choice(words)} post",
            "published": f"20{chance.randint(15, 25)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}",
            "words": float(chance.randint(120, 2400)),
            "sources": [f"{p} {chance.randint(1, 99)}" for p in chance.sample(people, chance.randint(0, 9))],
        }
        for card in keyed:
            value = None if chance.random() < 0.05 else chance.random() ** 2 * (100 if card.decimals == 1 else 1)
            row |= {
                card.name: value,
                f"{card.name}_low": value and value * 0.8,
                f"{card.name}_high": value and value * 1.2,
            }
        rows.append(row | {"slug": row["id"]})
    rows[17] |= {
        "title": "</script><img src=x onerror=\"document.title='owned'\">\u202egnp",
        "outlet": "",
        "published": "",
        "sources": ["</script>"],
    }
    return rows


@pytest.fixture(scope="module")
def rows() -> list[dict]:
    return made(COUNT)


@pytest.fixture(scope="module")
def index(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("index") / "index.html"
    path.write_text("".join(pages.index(iter(rows), COUNT, [], ABOUT)), "utf-8")
    return path


@pytest.fixture
def page(browser, index):
    context = browser.new_context()
    opened = context.new_page()
    elsewhere, errors = watch(opened, lambda url: url.split("#")[0] == index.as_uri())
    opened.goto(index.as_uri())
    yield opened
    assert not errors and not elsewhere and opened.title() != "owned"
    context.close()


def titles(page) -> list[str]:
    return page.locator("#articles tbody a").all_inner_texts()


TIMED = """async ([id, value]) => {
  const field = document.getElementById(id), times = [];
  for (const v of value) {
    field.value = v;
    const start = performance.now();
    field.dispatchEvent(new Event('input', { bubbles: true }));
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0)));
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[times.length >> 1];
}"""


@pytest.mark.browser
@pytest.mark.alone
def test_ten_thousand_articles_are_small_and_quick(browser, index, page):
    assert index.stat().st_size <= 6_000_000
    best = 1e9
    for _ in range(3):  # the best of three: other processes of the machine must not decide
        opened = browser.new_page()
        opened.goto(index.as_uri())
        best = min(best, opened.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd"))
        opened.close()
    assert best < 2000
    assert min(page.evaluate(TIMED, ["q", ["b", "br", "bri", "bridge", "bridge c", ""]]) for _ in range(3)) < 100
    assert min(page.evaluate(TIMED, ["source", ["quill", "quill 7", ""]]) for _ in range(3)) < 100


@pytest.mark.browser
def test_search_filters_and_counts_hold_against_the_rows(page, rows):
    page.fill("#q", "bridge")
    wanted = [r for r in rows if "bridge" in f"{r['title']} {r['outlet']}".lower()]
    assert page.inner_text("#count").startswith(f"{len(wanted):,} of 10,000")
    assert titles(page) == [r["title"] for r in wanted[:50]]
    page.fill("#q", "")
    page.select_option("#outlet", "The ferry post")
    page.fill("#from", "2020-01-01")
    page.fill("#to", "2020-12-31")
    page.fill("#source", "ada quill")
    page.select_option("#frame", FRAME)
    wanted = [
        r
        for r in rows
        if r["outlet"] == "The ferry post"
        and r["published"].startswith("2020")
        and any("Ada Quill" in s for s in r["sources"])
        and (r[FRAME] or 0) >= 0.5
    ]
    assert (
        wanted
        and page.inner_text("#count").startswith(f"{len(wanted)} of")
        and titles(page) == [r["title"] for r in wanted]
    )


@pytest.mark.browser
def test_sorting_puts_missing_values_last_and_more_articles_can_be_shown(page, rows):
    page.get_by_role("button", name="Attributed words").click()
    page.get_by_role("button", name="Attributed words").click()
    assert page.locator("#articles th[aria-sort=ascending]").count() == 1
    name = "attributed_word_share"
    wanted = sorted((r for r in rows if r[name] is not None), key=lambda r: r[name])
    assert titles(page)[0] in {r["title"] for r in wanted if round(r[name], 3) == 0} and len(titles(page)) == 50
    page.get_by_role("button", name="Show 50 more").click()
    assert len(titles(page)) == 100
    page.get_by_role("button", name="Attributed words").click()
    assert page.locator("#articles tbody tr").first.locator("td").nth(3).inner_text().startswith("1.00")


@pytest.mark.browser
def test_the_selection_is_in_the_address_and_comes_back_from_it(browser, index, page):
    page.fill("#q", "ferry & mill")
    page.select_option("#columns", "readability")
    page.get_by_role("button", name="words", exact=True).click()
    address = page.evaluate("location.href")
    assert "q=ferry+%26+mill" in address and "columns=readability" in address and "sort=-words" in address
    other = browser.new_page()
    other.goto(index.as_uri() + "#q=bridge+council&columns=framing&frame=" + quote(FRAME))
    assert other.input_value("#q") == "bridge council" and other.input_value("#frame") == FRAME
    assert "Passives without a doer" in other.inner_text("#articles thead") and "of 10,000" in other.inner_text(
        "#count"
    )
    other.click("#clear")
    assert other.inner_text("#count") == "all 10,000 articles" and other.evaluate("location.hash") == ""
    other.close()


@pytest.mark.browser
def test_distributions_follow_the_selection(page):
    first = page.locator("#distributions figure").first
    first.wait_for()
    before = first.locator(".chosen").get_attribute("d")
    page.fill("#q", "bridge council vote")
    page.wait_for_function("document.querySelector('#distributions .middle').textContent.includes('of all')")
    first = page.locator("#distributions figure").first
    assert first.locator(".chosen").get_attribute("d") != before == first.locator(".bins").get_attribute("d")


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_index_is_accessible_and_can_be_used_from_the_keyboard(page, scheme):
    page.emulate_media(color_scheme=scheme)
    page.select_option("#columns", "all")
    page.wait_for_timeout(100)
    found = faults(page, scheme)
    assert not found
    page.focus("#q")
    page.keyboard.type("bridge council vote")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('thead') !== null"):
            break
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.closest('th').getAttribute('aria-sort')") == "ascending"


@pytest.mark.browser
def test_without_scripts_the_first_articles_are_a_table_and_a_note_says_where_the_others_are(browser, index):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(index.as_uri())
    assert (
        page.locator("#articles tbody tr").count() == pages.FIRST
        and page.locator("#articles tbody a").first.is_visible()
    )
    assert "The first 50 of 10,000 articles" in page.inner_text("main") and not page.locator("#tools").is_visible()
    context.close()
