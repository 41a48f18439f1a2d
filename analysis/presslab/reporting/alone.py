"""One annotated article as a page of its own, in a frame that can run nothing and fetch nothing: what notebooks
show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from presslab.measures.analyse import Analysis
from presslab.measures.sources.types import source_types

from . import annotated
from .html import Fragment, html, join, packaged, table


def framed(
    analysis: Analysis,
    title: str,
    facts: Sequence[tuple[str, str]],
    frames: Mapping[str, str] = {},
    height: str = "42rem",
) -> Fragment:
    """Return an article, annotated, with its sources below. `facts` are names with what is known; empty ones are left
    out. `frames` are measures of frames (name → label) whose words are marked, by default the generic ones. All texts
    are escaped."""
    kinds = {key: kind.label for key, kind in source_types().items()}
    fact_list = join(html("<div><dt>{}</dt><dd>{}</dd></div>", name, value) for name, value in facts if value)
    source_rows = [
        (
            html("{} {}", annotated.badge(place, more=html(' id="source-{}"', place)), s.name),
            kinds.get(s.type, s.type),
            len(s.attributions),
            s.words,
        )
        for place, s in enumerate(analysis.sources, start=1)
    ]
    sources = (
        table(
            ("source", "type", "attributions", "words"), source_rows, "Sources, the one with most words first", (2, 3)
        )
        if source_rows
        else html("<p>No source is heard.</p>")
    )
    body = html(
        '<h1>{}</h1><dl class="facts">{}</dl>{}<h2>Who speaks</h2>{}',
        title,
        fact_list,
        annotated.article(analysis, "full", frames),
        sources,
    )
    # without a base of its own, a link to a place in it would lead to JupyterLab; it stands before the policy, which
    # forbids any other
    document = html(
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><base href="about:srcdoc"><meta '
        "http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src "
        "data:; base-uri 'none'; form-action 'none'\">"
        '<meta name="referrer" content="no-referrer"><title>{}</title><style>{}</style></head><body><main>{}</main>'
        "</body></html>",
        title,
        packaged("report/report.css"),
        body,
    )
    return html(
        '<iframe sandbox="" title="Annotated article" style="width: 100%; height: {}; border: 1px solid '
        '#767676; background: #fff" srcdoc="{}"></iframe>',
        height,
        str(document),
    )
