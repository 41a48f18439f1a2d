"""The charts of one article, with title and description, drawn small by `strips`, and their numbers as a table."""

from __future__ import annotations

import math

from presslab.measures import readability
from presslab.measures.analyse import Analysis
from presslab.measures.measure import SCOPES

from . import strips
from .annotated import sentence, where
from .html import Fragment, folded, html, join, table
from .wording import number, with_interval

SHAPES = {"article": "o", "journalist": "s", "quoted": "d"}
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
    said = (
        "A bar is a sentence of the body, from the first to the last; its height is its grade,"
        f" {number(rows['grade'].max(), 0)} at most. Those above the dashed line ({VERY_HARD}) are very hard."
    )
    drawn = strips.bars(list(rows["grade"]), [level == "very hard" for level in rows["level"]], VERY_HARD)
    listed = [
        (where(analysis, int(r.start), show), r.words, number(r.grade, 1), _reason(r, show)) for r in rows.itertuples()
    ]
    numbers = table(
        ("sentence", "words", "grade", "why it is hard"), listed, "Difficulty of each sentence", right=(1, 2)
    )
    return _figure(
        "ribbon",
        title,
        said,
        strips.svg(drawn, 110, f"{title}. {said}"),
        folded("The numbers as a table", numbers, paper=False),
    )


def _reason(row, show: str) -> str:
    """Return why a sentence is hard; nothing of one that isn't."""
    return "" if "hard" not in row.level else row.reason if show == "full" else row.reason.split(";")[0]


def dots(analysis: Analysis, names: tuple[str, ...], title: str, axis: str) -> Fragment:
    """Return the measures of one unit with their intervals, one mark per scope; those that are empty are left out.
    `axis` names the unit."""
    found = [m for m in analysis.measures if m.name in names and not math.isnan(m.value)]
    if not found:
        return html('<p class="note">The text is too short for these measures.</p>')
    order = [n for n in names if any(m.name == n for m in found)]
    scopes = [s for s in SCOPES if any(m.scope == s for m in found)]
    steps = _steps([v for m in found for v in (m.value, m.low, m.high) if not math.isnan(v)])
    start, end = steps[0], steps[-1]
    grid = strips.grid(steps)
    rows = []
    for name in order:
        card, mine = analysis.cards[name], {m.scope: m for m in found if m.name == name}
        marks = join(
            html(
                '<g class="{}">{}</g>',
                scope,
                strips.mark(m.value, m.low, m.high, start, end, 9 + 13 * line, SHAPES[scope]),
            )
            for line, scope in enumerate(scopes)
            if (m := mine.get(scope))
        )
        said = with_interval(mine["article"], card.decimals) if "article" in mine else ""
        label = card.label.removeprefix("Frame: ")
        rows.append(
            html(
                '<div class="row"><a href="#n-{}">{}</a>{}</div>',
                name,
                label,
                strips.svg(grid + marks, 5 + 13 * len(scopes), f"{label}: {said}"),
            )
        )
    decimals = 0 if steps[1] - steps[0] >= 1 else 1
    ticks = join(
        html('<span style="left:{:.4g}%">{}</span>', strips.percent(s, start, end), number(s, decimals)) for s in steps
    )
    key = join(
        (
            html(
                '<span class="{}"><svg width="14" height="12" aria-hidden="true">{}</svg> {}</span>',
                scope,
                strips.mark(0.5, math.nan, math.nan, 0, 1, 6, SHAPES[scope]),
                WORDS[scope],
            )
            for scope in scopes
        ),
        " ",
    )
    said = f"{axis}; a line is a 95 % interval."
    return _figure(
        "dots",
        title,
        said,
        html(
            '<p class="key">{}</p>{}<div class="row axis" aria-hidden="true"><span></span><div>{}</div></div>',
            key,
            join(rows),
            ticks,
        ),
        "",
    )


def _figure(kind: str, title: str, said: str, drawn: str, beside: str) -> Fragment:
    return html(
        '<figure class="{}"><figcaption><b>{}.</b> {}</figcaption>{}</figure>{}', kind, title, said, drawn, beside
    )


def _steps(values: list[float]) -> list[float]:
    """Round numbers that hold all values, at most seven."""
    low, high = min(0.0, *values), max(values)
    step = 10 ** math.floor(math.log10(max(high - low, 1e-6)))
    step = next(s for s in (step / 5, step / 2, step, 2 * step) if math.ceil(high / s) - math.floor(low / s) <= 6)
    return [
        round(i * step, 9)
        for i in range(math.floor(low / step), max(math.ceil(high / step), math.floor(low / step) + 1) + 1)
    ]
