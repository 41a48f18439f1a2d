"""The parts of a comparison report, each a call in the notebook: headlines, what stands out, differences, method. Who
is heard is in `speakers`, in which words in `language`."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from presslab.measures.cards import Card, own_cards
from presslab.measures.trust import Kinds
from presslab.reporting import trust
from presslab.reporting.html import Fragment, folded, html, join, table
from presslab.reporting.wording import many, number
from presslab.system import provenance

from . import Comparison
from .sentences import ONE_EACH, leans, looked_at, shared_said, side_by_side, sources_said, tried


def what(c: Comparison, show: str = "full") -> Fragment:
    """Return the event, and the headlines side by side with the loaded words in them; standfirsts too if the
    text is shown."""
    above = ("headline", "standfirst") if show == "full" else ("headline",)
    headlines = []
    for label, a in zip(c.labels, c.articles):
        end = max((e for _, e, role in a.document.paragraphs if role in above), default=0)
        loaded_words = [
            e
            for m in a.measures
            if (m.name, m.scope) == ("loaded_word_share", "article")
            for e in m.evidence
            if e.end <= end
        ]
        headline = (
            _marked(a.document.text, 0, end, [(e.start, e.end) for e in loaded_words])
            if end
            else a.article.title or a.article.id
        )
        facts = [
            a.article.published,
            a.article.byline,
            a.article.agency and f"from {a.article.agency}",
            many(len(a.document.words), "word"),
        ]
        verdict = (
            f"{many(len(loaded_words), 'loaded word')} in the headline"
            if loaded_words
            else "no loaded word in the headline"
        )
        headlines.append(
            html(
                '<li><p class="outlet">{}</p><p class="headline">{}</p><p class="note">{}<br>{}</p></li>',
                label,
                headline,
                " · ".join(f for f in facts if f),
                verdict,
            )
        )
    reasons = join(html("<li>{}: {}</li>", file, reason) for file, reason in c.left_out)
    left_out_note = html('<p class="note">Left out:</p><ul class="note">{}</ul>', reasons) if reasons else ""
    return html(
        '<h1>{}</h1><p class="facts">{}</p><ul class="headlines">{}</ul>{}',
        c.event or "One event",
        ONE_EACH,
        join(headlines),
        left_out_note,
    )


def stands_out(c: Comparison) -> Fragment:
    """Return what the numbers say in plain sentences: whom each article quotes most, how the articles stand on key
    measures, what they share."""
    sentences = [*leans(c), *side_by_side(c), sources_said(c), shared_said(c)]
    return html('<ul class="sentences">{}</ul>', join(html("<li>{}</li>", s) for s in sentences))


def differences(c: Comparison) -> Fragment:
    """Return all differences between the articles, in the order of the measures; none is tested."""
    rows = [_difference(r, c.cards.compared(r.measure)) for r in c.differences.itertuples()]
    head = ("measure", "in whose words", "outlet", "other", "difference")
    every = folded(f"All {many(len(rows), 'difference')}", table(head, rows, "Differences of the articles", right=(4,)))
    return html("<p>{}</p>{}", looked_at(c), every if rows else "")


def method(c: Comparison) -> Fragment:
    """Return how each part is made and how far to trust it, from the cards."""
    measure_names = [n for n in dict.fromkeys(c.measured["measure"]) if not n.startswith("group_")]
    cards = [*own_cards().values(), *(c.cards[n] for n in measure_names)]
    kinds = Kinds.of(a.topics for a in c.articles)
    rows = [(k.label, k.meaning, k.formula, k.source, trust.general(k, "full", kinds), k.limits) for k in cards]
    head = ("measure", "what it means", "how it is computed", "after", "how far to trust it", "limits")
    note = html(
        "<p>{} No number here says that an outlet is biased. {} What the words of trust mean:</p>{}",
        ONE_EACH,
        tried(),
        trust.words(),
    )
    return note + folded("Each measure, its formula and its validity", table(head, rows, "Measure cards"))


def provenance_of(c: Comparison) -> Fragment:
    """Return versions, the inputs' hashes, how to cite, and the tables for download."""
    hashes = [(f"SHA-256 of {label}", provenance.digest(a.article.text)) for label, a in zip(c.labels, c.articles)]
    links = join(
        (
            html(
                '<a download="{}.csv" href="data:text/csv;charset=utf-8,{}">{} (CSV)</a>',
                name,
                quote(frame.to_csv(index=False, lineterminator=chr(10))),
                name,
            )
            for name, frame in (
                ("heard", c.heard),
                ("groups", c.groups),
                ("types", c.types),
                ("measured", c.measured),
                ("differences", c.differences),
            )
        ),
        " · ",
    )
    facts = table(("what", "which"), [*provenance.facts().items(), *hashes], "Provenance")
    return html("<p>{}</p><p>Download: {}</p>", provenance.citation(), links) + folded("Versions and hashes", facts)


def _difference(r: Any, card: Card) -> tuple:
    decimals = card.decimals
    whose = {"article": "all", "journalist": "the journalist’s"}[r.scope]
    return (
        card.label,
        whose,
        r.outlet,
        r.other,
        number(r.difference, decimals),
    )


def _marked(whole: str, start: int, end: int, spans: list[tuple[int, int]]) -> Fragment:
    """Return a stretch of text with some of its words marked as loaded."""
    pieces, at = [], start
    for s, e in sorted(spans):
        pieces.append(html('{}<span class="loaded">{}</span>', whole[at:s], whole[s:e]))
        at = e
    return html("{}{}", join(pieces), whole[at:end])
