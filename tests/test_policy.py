"""Every page has a policy that lets nothing in, and nothing of an article's is markup on it."""

from pathlib import Path
import re

import pytest

from presslab.reporting.html import script_digest
from presslab.runs.articles import report_run
from presslab.system.parallel import here

ROOT = Path(__file__).resolve().parents[1] / "analysis"
EVIL = "<img src=x onerror=alert(1)>"
TEXT = f"""The {EVIL} council met on Monday to talk about the bridge, and the debate went on for many hours.

“We need {EVIL} engineers,” Ada {EVIL} Quill said after the vote. “The bridge is old.”

Officials said the work would begin in May, and {EVIL} residents of Marlow welcomed the plan."""
POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"]+)">')


def pages_of_ours() -> list[Path]:
    """Every template that begins a page."""
    return sorted(
        p for p in ROOT.rglob("*") if p.suffix in (".j2", ".html") and "<!doctype html>" in p.read_text("utf-8")
    )


@pytest.mark.parametrize("path", pages_of_ours(), ids=lambda p: p.relative_to(ROOT).as_posix())
def test_every_page_begins_with_a_policy_that_forbids_all_but_what_it_holds(path):
    head = path.read_text("utf-8")
    policy = POLICY.search(head)
    assert (
        policy
        and "default-src 'none'" in policy[1]
        and "http" not in policy[1]
        and "script-src 'unsafe" not in policy[1]
    )
    assert not re.search(r"<(script|style|link|img)\b", head[: policy.start()])


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> Path:
    """A run over an article whose every field is hostile."""
    place = tmp_path_factory.mktemp("pages")
    (place / "story.txt").write_text(TEXT, "utf-8")
    report_run([place / "story.txt"], place / "run", spread=here)
    return place / "run"


def test_pages_of_a_run_have_the_policy_and_the_hash_of_their_own_script(run):
    for path in (run / "index.html", *(run / "articles").iterdir()):
        page = path.read_text("utf-8")
        policy = POLICY.search(page)[1]
        scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
        assert "default-src 'none'" in policy and all(
            f"'sha256-{script_digest(script)}'" in policy for script in scripts
        )


def test_nothing_of_an_article_is_markup_on_a_page(run):
    for path in (run / "index.html", *(run / "articles").iterdir()):
        page = path.read_text("utf-8")
        assert "onerror" not in re.sub(r"&lt;.*?&gt;|<!--.*?-->", "", page) and "<img src=x" not in page
    assert "&lt;img src=x onerror" in next((run / "articles").iterdir()).read_text("utf-8")
