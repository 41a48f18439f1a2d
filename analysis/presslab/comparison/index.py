"""The index page of a run of comparisons."""

from __future__ import annotations

import pandas as pd

from presslab.reading.article import Failure
from presslab.reporting.html import packaged, script_digest
from presslab.reporting.templates import page_style, templates


def event_index(rows: pd.DataFrame, failures: list[Failure], run: dict) -> str:
    """Return the index of a run of comparisons: all events, searchable and sortable, and what was left out with its
    reason.

    `rows` is the table of events (`run.TABLES`); `run` has `citation` and `tables`.
    """
    script = packaged("report/index.js")
    return (
        templates("report")
        .get_template("events.html.j2")
        .render(
            rows=rows.to_dict("records"),
            failures=failures,
            run=run,
            style=page_style("comparison", "index"),
            script=script,
            digest=script_digest(script),
        )
    )
