"""Executed notebook → one self-contained HTML file; and the index of a run."""

from __future__ import annotations

import base64
import hashlib
from importlib import resources
from pathlib import Path

from jinja2 import Environment, PackageLoader
import nbformat
from nbconvert.exporters import HTMLExporter
import pandas as pd
from traitlets import default

from .html import text
from .measures import cards


def _folder() -> Path:
    return Path(str(resources.files("analysis") / "data" / "report"))


def _style() -> str:
    return (_folder() / "report.css").read_text("utf-8")


class ReportExporter(HTMLExporter):
    """nbconvert exporter `presslab`: our template, our style, no script, no external request."""

    export_from_notebook = "presslab report"

    @default("template_name")
    def _our_template(self) -> str:
        return "presslab"

    @default("extra_template_basedirs")
    def _our_folder(self) -> list[str]:
        return [str(_folder())]

    def _create_environment(self):
        environment = super()._create_environment()
        environment.globals["style"] = _style()
        return environment


def render(notebook: nbformat.NotebookNode) -> str:
    """HTML of an executed notebook; the same notebook gives the same bytes."""
    html, _ = ReportExporter().from_notebook_node(notebook)
    return html


def index(rows: pd.DataFrame, failures: pd.DataFrame, run: dict) -> str:
    """The index of a run: all articles with the key measures, searchable and sortable, and what failed with its reason.

    `rows` and `failures` as `tables.write_tables` gives them; `run` has `citation` and `facts`.
    """
    script = (_folder() / "index.js").read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    environment = Environment(loader=PackageLoader("analysis", "data/report"), autoescape=True)
    environment.filters["shown"] = text
    keyed = [card for card in cards().values() if card.key]
    failed = failures.to_dict("records")
    return environment.get_template("index.html.j2").render(
        rows=rows.to_dict("records"), failures=[f for f in failed if not f["reason"].startswith("warning: ")],
        warnings=[f for f in failed if f["reason"].startswith("warning: ")], keyed=keyed, run=run, style=_style(),
        script=script, digest=digest, format=_format,
    )  # fmt: skip


def _format(value: float | None, decimals: int) -> str:
    return "–" if value is None or pd.isna(value) else f"{value:.{decimals}f}".replace("-", "−")
