"""The index page of a run of comparisons."""

from __future__ import annotations

from jinja2 import Environment, PackageLoader
import pandas as pd

from presslab.measures.cards import card
from presslab.reading.article import Failure
from presslab.reporting.html import script_digest, text
from presslab.reporting.pages import page_script, page_style, shown_number


def event_index(rows: pd.DataFrame, failures: list[Failure], run: dict) -> str:
    """Return the index of a run of comparisons: all events, searchable and sortable, and what was left out with its
    reason.

    `rows` is the table of events (`run.TABLES`); `run` has `citation` and `tables`.
    """
    script = page_script("index.js")
    environment = Environment(loader=PackageLoader("presslab", "data/report"), autoescape=True)
    environment.filters["shown"] = text
    clear = {name for names in rows["clear_measures"] for name in (names or "").split("; ") if name}
    labels = {name: card(name).label for name in sorted(clear)}
    return environment.get_template("events.html.j2").render(
        rows=rows.to_dict("records"),
        failures=failures,
        run=run,
        style=page_style("comparison", "index"),
        script=script,
        digest=script_digest(script),
        format=shown_number,
        labels=labels,
    )
