"""The article report in a real browser: small, quick, every number leads to its evidence and back, sources light up,
paper is clean."""

import io
import json
from pathlib import Path
import re
from urllib.parse import unquote

import pandas as pd
import pytest

from presslab.runs.articles import report_run
from presslab.runs.job import Options
from presslab.system.parallel import here

SEEDS = Path(__file__).resolve().parents[2] / "seeds"


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A run over a short article that was corrected, and over one of 750 words made of three."""
    folder = tmp_path_factory.mktemp("reports")
    for name in ("court-harbour.txt", "court-harbour.corrections.yaml"):
        (folder / name).write_bytes((SEEDS / name).read_bytes())
    parts = [
        (SEEDS / name).read_text("utf-8")
        for name in ("bridge-witnesses.txt", "bridge-officials.txt", "politics-budget.md")
    ]
    words = "\n\n".join(parts).split(" ")
    (folder / "long.txt").write_text(" ".join(words[:724]), "utf-8")
    done = report_run([folder], folder / "out", Options(), spread=here)
    assert not done.failures and done.made == 2
    return folder / "out"


@pytest.fixture
def court(browser, run):
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.goto((run / "articles" / "court-harbour.html").as_uri())
    yield page
    page.context.close()


@pytest.mark.browser
@pytest.mark.alone
def test_an_article_of_750_words_is_small_and_soon_ready(browser, run):
    path = run / "articles" / "long.html"
    assert (
        650
        <= pd.read_parquet(run / "tables" / "measures.parquet")
        .query("id == 'long' and measure == 'word_count' and scope == 'article'")["value"]
        .item()
    )
    assert path.stat().st_size <= 175_000  # 25,000 say how far to trust each number, 6,000 where it lies in usual news
    best = 1e9
    for _ in range(4):  # the best of four: other processes of the machine must not decide
        page = browser.new_page()
        page.goto(path.as_uri())
        best = min(best, page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd"))
        page.close()
    assert best < 500


@pytest.mark.browser
def test_no_link_leads_nowhere_and_every_main_number_has_evidence_and_a_place(court):
    missing = court.evaluate(
        "[...document.querySelectorAll('a[href^=\"#\"]')].map(a => a.getAttribute('href').slice(1)).filter(id =>"
        " !document.getElementById(id))"
    )
    assert missing == []
    assert court.evaluate(
        "new Set([...document.querySelectorAll('[id]')].map(e => e.id)).size ==="
        " document.querySelectorAll('[id]').length"
    )
    numbers = court.locator(".numbers > li")
    assert numbers.count() >= 14
    for number in numbers.all():
        assert number.locator(".value a").count() == 1 and "Trust" in number.locator(".trust").inner_text()
        assert (
            re.search(
                r"(higher than \d+ of the|the (lowest|highest) of|the same in all) ",
                number.locator(".place").inner_text(),
            )
            or number.locator("strong").inner_text() == "–"
        )


@pytest.mark.browser
def test_a_number_leads_to_its_evidence_which_opens_and_leads_back(court):
    court.locator("#m-frame_conflict .value a").click()
    evidence = court.locator("#e-frame_conflict")
    assert evidence.is_visible() and court.evaluate(
        "document.querySelector('#e-frame_conflict').closest('details').open"
    )
    assert court.evaluate("document.getElementById('e-frame_conflict').matches(':target')")
    court.locator("#e-frame_conflict + dd a").first.click()
    assert court.evaluate("document.querySelector('.story :target').getBoundingClientRect().top < innerHeight")
    court.locator("#e-frame_conflict a").click()
    assert court.evaluate("location.hash") == "#m-frame_conflict"
    court.locator("#m-frame_conflict .trust a").click()
    assert court.locator("#n-frame_conflict").is_visible()


LIT = (
    "[...document.querySelectorAll('.story .speech')].filter(e => getComputedStyle(e).outlineStyle !== 'none').map(e =>"
    " e.className.match(/by\\d+/)[0])"
)


@pytest.mark.browser
@pytest.mark.parametrize("scripts", [True, False])
def test_pointing_at_or_focusing_a_source_lights_up_all_it_says(browser, run, scripts):
    page = browser.new_context(viewport={"width": 1280, "height": 900}, java_script_enabled=scripts).new_page()
    page.goto((run / "articles" / "court-harbour.html").as_uri())
    said = page.locator(".story .speech.by1").count()
    assert said >= 3 and page.evaluate(LIT) == []
    page.locator(".heard a.who").first.hover()
    assert page.evaluate(LIT) == ["by1"] * said
    page.locator(".story .speech.by2").first.hover()
    assert set(page.evaluate(LIT)) == {"by2"}
    page.mouse.move(0, 0)
    page.focus(".heard li:nth-child(4) a.who")
    page.keyboard.press("Tab")
    assert set(page.evaluate(LIT)) == {"by5"}
    page.keyboard.press("Enter")
    page.locator("h1").click()
    assert set(page.evaluate(LIT)) == {"by5"} and page.evaluate("location.hash") == "#source-5"
    page.locator("#sources tbody tr").nth(1).locator("td a").first.click()
    assert page.evaluate("document.querySelector('.story a:target').classList.contains('by2')")
    page.context.close()


@pytest.mark.browser
def test_each_switch_changes_what_it_names_and_nothing_else(browser, run):
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto((run / "articles" / "court-harbour.html").as_uri())
    look = """() => {
      const style = (mark, part) => getComputedStyle(document.querySelector('.story .' + mark), part);
      return {
        speech: style('speech').backgroundColor, kinds: style('speech').borderBottomWidth,
        loaded: style('loaded').fontWeight, hedge: style('hedge').outlineStyle,
        framed: style('framed', '::after').content };
    }"""
    for name in ("speech", "kinds", "loaded", "hedge", "framed"):
        before = page.evaluate(look)
        page.locator(f"label[for=show-{name}]").click()
        after = page.evaluate(look)
        assert {key for key in before if before[key] != after[key]} == {name}
    assert '"' in page.evaluate(look)["framed"]
    page.context.close()


@pytest.mark.browser
def test_on_paper_all_is_open_and_there_are_no_switches(court):
    court.emulate_media(media="print")
    court.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert not court.locator(".switches").is_visible() and not court.locator("details.code").is_visible()
    assert court.locator("#n-flesch_kincaid_grade").is_visible() and court.locator("#e-frame_conflict").is_visible()
    assert court.evaluate("getComputedStyle(document.querySelector('main tbody tr')).breakInside") == "avoid"
    assert court.evaluate(
        "[...document.querySelectorAll('.story .speech')].every(e => getComputedStyle(e).borderBottomStyle !== 'none')"
    )


def test_the_numbers_can_be_taken_out_of_the_file(run):
    page = (run / "articles" / "court-harbour.html").read_text("utf-8")
    csv, told = (unquote(found) for found in re.findall(r"href='data:[^,]*,([^']*)'", page))
    numbers = pd.read_csv(io.StringIO(csv))
    table = pd.read_parquet(run / "tables" / "measures.parquet").query("id == 'court-harbour'")
    assert list(numbers["measure"]) == list(table["measure"]) and numbers["value"].to_numpy() == pytest.approx(
        table["value"].to_numpy(), rel=1e-3, nan_ok=True
    )
    whole = json.loads(told)
    sources = pd.DataFrame(**whole["sources"])
    said = pd.DataFrame(**whole["attributions"])
    assert (
        sources.loc[0, "source"] == "Ilse Brandt"
        and (said["source_number"] == 1).sum() == sources.loc[0, "attributions"]
    )


def test_a_report_without_text_holds_no_sentence_of_the_article(run, tmp_path):
    (tmp_path / "court-harbour.txt").write_bytes((SEEDS / "court-harbour.txt").read_bytes())
    for show in ("none", "excerpts"):
        report_run([tmp_path / "court-harbour.txt"], tmp_path / show, Options(text=show), spread=here)
        html = (tmp_path / show / "articles" / "court-harbour.html").read_text("utf-8")
        page = re.sub(r"<[^>]+>", "", html)
        body = (SEEDS / "court-harbour.txt").read_text("utf-8").split("\n\n", 1)[1]
        runs = [" ".join(body.split()[i : i + 9]) for i in range(len(body.split()) - 9)]
        leaked = [words for words in runs if words in " ".join(page.split())]
        assert not leaked if show == "none" else leaked
        assert set(re.findall(r'href="#(s\d+)"', html)) <= set(re.findall(r'id="(s\d+)"', html))
