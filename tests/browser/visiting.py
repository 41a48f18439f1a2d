"""Open a page in Chromium and note what it asks for and what goes wrong."""

from collections.abc import Callable
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe

COLOURS = ["color-contrast", "link-in-text-block"]  # the rules of axe that look at colours


def watch(page, own: Callable[[str], bool]) -> tuple[list[str], list[str]]:
    """What a page will ask for beside its `own` addresses, and its errors and dialogs, as two lists that grow."""
    elsewhere, errors = [], []
    page.on("request", lambda r: None if own(r.url) else elsewhere.append(r.url))
    page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda e: errors.append(str(e)))
    page.on("dialog", lambda d: (errors.append(f"dialog: {d.message}"), d.dismiss()))
    return elsewhere, errors


def visit(browser, path: Path, **context):
    """Open a page; gives it with the list of requests to elsewhere and of errors."""
    page = browser.new_context(**context).new_page()
    elsewhere, errors = watch(page, lambda url: url == path.as_uri() or url.startswith("data:"))
    page.goto(path.as_uri())
    return page, elsewhere, errors


def faults(page, scheme: str = "light") -> list[tuple[str, str]]:
    """What axe finds wrong with a page for people with disabilities, as (rule, HTML). With a dark scheme only the rules
    that look at colours are asked: a page differs from the light one in nothing else."""
    rules = {"runOnly": {"type": "rule", "values": COLOURS}} if scheme == "dark" else {}
    found = Axe().run(page, options={"resultTypes": ["violations"], **rules}).response["violations"]
    return [(v["id"], v["nodes"][0]["html"][:200]) for v in found]
