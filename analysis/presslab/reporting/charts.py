"""The charts of one article, with title and description, drawn small by `strips`, and their numbers as a table."""

from __future__ import annotations

import math
from typing import Any

from presslab.measures import readability
from presslab.measures.analyse import Analysis
from presslab.measures.measure import SCOPES

from . import strips
from .annotated import sentence, where
from .dots import Dot, chart
from .html import Fragment, folded, html, table
from .wording import measured, number

WORDS = {"article": "the article", "journalist": "the journalist’s words", "quoted": "quoted words"}
VERY_HARD = 16  # grade


def ribbon(analysis: Analysis, show: str = "full") -> Fragment:
    """Return the grade of each sentence along the article, with the reasons in its table; `show` is how much of the
    text is shown."""
    rows = readability.sentence_difficulty(analysis.document)
    if rows.empty:
        return html("")
    hardest = rows.loc[rows["grade"].idxmax()]
    title = f"Sentence {sentence(analysis, int(hardest['start']))} is the hardest ({int(hardest['words'])} words)"
    description = (
        "A bar is a sentence of the body, from the first to the last; its height is its grade,"
        f" {number(rows['grade'].max(), 0)} at most. Those above the dashed line ({VERY_HARD}) are very hard."
    )
    drawing = strips.bars(list(rows["grade"]), [level == "very hard" for level in rows["level"]], VERY_HARD)
    table_rows = [
        (where(analysis, int(r.start), show), r.words, number(r.grade, 1), _reason(r, show)) for r in rows.itertuples()
    ]
    numbers = table(
        ("sentence", "words", "grade", "why it is hard"), table_rows, "Difficulty of each sentence", right=(1, 2)
    )
    drawing = html(
        '<figure class="ribbon" style="{}"><figcaption><b>{}.</b> {}</figcaption>{}</figure>',
        strips.COLOURS,
        title,
        description,
        strips.svg(drawing, 110, f"{title}. {description}"),
    )
    return html("{}{}", drawing, folded("The numbers as a table", numbers, paper=False))


def _reason(row: Any, show: str) -> str:
    """Return why a sentence is hard; nothing of one that isn't."""
    return "" if "hard" not in row.level else row.reason if show == "full" else row.reason.split(";")[0]


def dots(analysis: Analysis, names: tuple[str, ...], title: str, axis: str) -> Fragment:
    """Return the measures of one unit with their intervals, one mark per scope; those that are empty are left out.
    `axis` names the unit."""
    measures = [
        m for name in names for scope in SCOPES for m in analysis.measures if (m.name, m.scope) == (name, scope)
    ]
    if all(math.isnan(m.value) for m in measures):
        return html('<p class="note">The text is too short for these measures.</p>')
    values = [
        Dot(
            (card := analysis.cards[m.name]).short_label,
            m.value,
            m.low,
            m.high,
            measured(m, card.decimals) if m.scope == "article" else "",
            m.scope,
            f"n-{m.name}",
        )
        for m in measures
    ]
    return chart(values, title, axis, WORDS)
