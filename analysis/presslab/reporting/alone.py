"""One annotated article as a page of its own, in a frame that can run nothing and fetch nothing: what notebooks
show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from importlib import resources

from presslab.measures.analyse import Analysis
from presslab.measures.sources.types import source_types

from . import annotated
from .html import Fragment, table, text

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"


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
    listed = "".join(f"<div><dt>{text(name)}</dt><dd>{text(value)}</dd></div>" for name, value in facts if value)
    heard = [
        (Fragment(annotated.badge(place, more=f' id="source-{place}"') + f" {text(s.name)}"),
         kinds.get(s.type, s.type), len(s.attributions), s.words)
        for place, s in enumerate(analysis.sources, start=1)
    ]  # fmt: skip
    sources = (
        table(("source", "type", "attributions", "words"), heard, "Sources, the one with most words first", (2, 3))
        if heard
        else "<p>No source is heard.</p>"
    )
    head = text(title)
    body = (
        f'<h1>{head}</h1><dl class="facts">{listed}</dl>{annotated.article(analysis, "full", frames)}<h2>Who'
        f" speaks</h2>{sources}"
    )
    # without a base of its own, a link to a place in it would lead to JupyterLab; it stands before the policy, which
    # forbids any other
    document = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><base href="about:srcdoc"><meta'
        f' http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="referrer"'
        f' content="no-referrer"><title>{head}</title><style>{_style()}</style></head>'
        f"<body><main>{body}</main></body></html>"
    )
    return Fragment(
        f'<iframe sandbox="" title="Annotated article" style="width: 100%; height: {height}; border: 1px solid #767676;'
        f' background: #fff" srcdoc="{escape(document, quote=True)}"></iframe>'
    )


def _style() -> str:
    return (resources.files("presslab") / "data" / "report" / "report.css").read_text("utf-8")
