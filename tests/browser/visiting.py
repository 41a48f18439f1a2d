"""Open a page in Chromium and note what it asks for and what goes wrong."""

from pathlib import Path


def visit(browser, path: Path, **context):
    """Open a page; gives it with the list of requests to elsewhere and of errors."""
    page = browser.new_context(**context).new_page()
    elsewhere, errors = [], []
    page.on("request", lambda r: elsewhere.append(r.url) if r.url != path.as_uri() and not r.url.startswith("data:") else None)
    page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda e: errors.append(str(e)))
    page.on("dialog", lambda d: errors.append("dialog"))
    page.goto(path.as_uri())
    return page, elsewhere, errors
