"""The pages for readers: agreement among coders, validity on this collection, corrected estimates. One HTML file
each."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from presslab.reporting.html import Fragment, html, packaged, table
from presslab.reporting.templates import page_style, templates
from presslab.reporting.wording import many, number, percent, with_interval
from presslab.system import provenance

from .read import Coding
from .reliability import Agreement, confusion, disagreements

SHOWN = 200  # disagreements on the page; the table has all


def page(title: str, brand: str, parts: Iterable[Fragment]) -> str:
    """Return a self-contained page of HTML."""
    return (
        templates("coding")
        .get_template("page.html.j2")
        .render(
            title=title,
            brand=brand,
            parts=list(parts),
            style=page_style(),
            own=packaged("coding/page.css"),
            citation=provenance.citation(),
        )
    )


def agreement_page(coding: Coding, found: list[Agreement]) -> str:
    """Return how far the coders agree, question by question, and where they don't."""
    parts = [html("<p>{}</p>", coded(coding))]
    if found:
        parts.append(agreement_table(found))
        parts.append(
            html(
                '<p class="note">Alpha after Krippendorff (2011): 1 is perfect agreement, 0 is chance. From 0.800 '
                "codes count as reliable, from 0.667 for tentative conclusions only (Krippendorff 2004). The "
                "interval is a bootstrap over articles. Words: each word is a unit that a coder marked or not.</p>"
            )
        )
        parts.append(html("<h2>Answers against answers</h2>"))
        for question in coding.book.questions:
            counts = confusion(coding, question) if question.values else pd.DataFrame()
            if counts.to_numpy().sum():
                rows = [(name, *map(str, row)) for name, row in zip(counts.index, counts.to_numpy())]
                parts.append(
                    html("<h3>{}</h3>", question.ask)
                    + table(
                        ("first coder ↓ second →", *counts.columns),
                        rows,
                        f"How often each answer met each: {question.ask}",
                        right=range(1, len(counts) + 1),
                    )
                )
        parts.append(_disagreements(disagreements(coding)))
    else:
        parts.append(
            html(
                "<p>No article was coded by two people yet: agreement can’t be computed. Draw a sample with --coders "
                "2 and --overlap.</p>"
            )
        )
    return page("Agreement among coders", "a sample coded by hand", parts)


def coded(coding: Coding) -> str:
    """Return in a sentence: how many articles were coded by whom."""
    counts = coding.codes.groupby("coder")["id"].nunique()
    each = ", ".join(f"{coder} {count}" for coder, count in counts.items()) or "none"
    agreed_note = (
        f"; {many(len(coding.agreed), 'answer was', 'answers were')} settled after discussion"
        if len(coding.agreed)
        else ""
    )
    sample_note = f"{number(len(coding.sample))} of {many(coding.design.articles, 'article')} were drawn"
    return f"{sample_note}; coded so far: {each}{agreed_note}."


def agreement_table(found: list[Agreement]) -> Fragment:
    """Return the agreements as a table."""
    rows = []
    for a in found:
        alpha = a.note or with_interval(a.alpha, a.low, a.high, 2)
        rows.append(
            (
                a.label,
                a.scale,
                alpha,
                a.verdict,
                percent(a.same),
                f"{number(a.n)} {a.unit}",
                str(a.coders),
            )
        )
    head = ("question", "scale", "alpha [95 % interval]", "means", "same answers", "on", "coders")
    return table(head, rows, "Agreement on each question", right=(2, 4, 5, 6))


def _disagreements(disputes: pd.DataFrame) -> Fragment:
    if disputes.empty:
        return html("<h2>Where coders differ</h2><p>Nowhere, or all is settled.</p>")
    coders = [c for c in disputes.columns if c not in ("id", "title", "question", "ask", "comments", "value")]
    rows = [
        (
            html("{}<br><small>{}</small>", r["title"] or r["id"], r["id"]),
            r["ask"],
            *(r[c] for c in coders),
            r["comments"],
        )
        for r in disputes.head(SHOWN).to_dict("records")
    ]
    more = html("<p>{} more are in disagreements.csv.</p>", len(disputes) - SHOWN) if len(disputes) > SHOWN else ""
    return (
        html(
            "<h2>Where coders differ</h2><p>Talk these over. Fill in the column “value” of disagreements.csv and "
            "save it as agreed.csv: what was agreed on then counts in place of the coders’ answers. Alpha stays "
            "that of the answers given alone.</p>"
        )
        + table(("article", "question", *coders, "comments"), rows, f"{len(disputes)} disagreements")
        + more
    )
