"""Whole pages as templates: what is put into one is escaped, a name that is not known is an error."""

from __future__ import annotations

import json
import re

from jinja2 import Environment, PackageLoader, StrictUndefined

from .html import Fragment, packaged, plain
from .wording import interval, many, number, percent


def templates(folder: str) -> Environment:
    """Return the templates in a folder of the package's data."""
    return ours(Environment(loader=PackageLoader("presslab", f"data/{folder}")))


def ours(environment: Environment) -> Environment:
    """Return an environment whose templates escape every value that isn't HTML, as `plain` text."""
    environment.autoescape = True
    environment.undefined = StrictUndefined
    environment.finalize = _visible
    environment.globals |= {"number": number, "percent": percent, "interval": interval, "many": many}
    return environment


def page_style(*names: str) -> Fragment:
    """Return the style of all pages and that of more kinds of page by name, without what only its readers need."""
    whole = "".join(packaged(f"report/{name}.css") for name in ("report", *names))
    small = re.sub(r"\s*([{};,])\s*", r"\1", re.sub(r"/\*.*?\*/", "", whole, flags=re.DOTALL))
    return Fragment(small.replace(";}", "}").strip())


def data(value: object) -> Fragment:
    """Return a value as JSON that a script element can hold."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Fragment(text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029"))


def _visible(value: object) -> object:
    return value if hasattr(value, "__html__") else plain(value)
