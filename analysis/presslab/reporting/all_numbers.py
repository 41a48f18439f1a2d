"""All numbers of a family as one table, each with how far to trust it, and the words behind them, linked to the
text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
import math

from presslab.measures.analyse import Analysis
from presslab.measures.cards import Card, Catalogue
from presslab.measures.measure import SCOPES, Evidence, Measure
from presslab.measures.trust import UNKNOWN, Kinds
from presslab.measures.usual import Place

from . import trust, usual, withheld
from .annotated import where
from .html import Fragment, folded, html, join, table
from .wording import interval, number, short, value_of

HEADS = {"article": "article", "journalist": "the journalist’s words", "quoted": "quoted words"}
MOST_WORDS = 30  # different words shown behind a number
BY_KIND = {"loaded_word_share"}  # measures whose evidence says which kind of thing each word is


def family(analysis: Analysis, name: str, show: str = "full") -> Fragment:
    """Return all measures of a family ("attribution", "readability", "framing") as a table, and the evidence of each.

    `show` is how much of the article the report shows: "full", "excerpts" or "none".
    """
    measures = [m for m in analysis.measures if analysis.cards[m.name].family == name]
    behind = (m for m in measures if m.scope == "article" and has_words(m, analysis.cards[m.name]))
    evidence = join(_evidence(analysis, m, show) for m in behind)
    words = folded("The words behind the numbers", html('<dl class="evidence">{}</dl>', evidence)) if evidence else ""
    return html(
        "{}{}",
        folded(
            f"All numbers on this, and how far to trust each ({len({m.name for m in measures})})",
            html(
                '<p class="note">{}</p><div class="all">{}</div>',
                usual.news(analysis.yardstick),
                numbers(measures, analysis.cards, f"All {name} measures", analysis.kinds, analysis.usual),
            ),
        ),
        words,
    )


def has_words(m: Measure, card: Card) -> bool:
    """Return whether the words behind a measure are listed; those of speech are in the article and in the table of
    sources, those of readability are the hardest sentences."""
    return bool(m.evidence) and (card.family == "framing" or m.name == "unnamed_share")


def numbers(
    found: list[Measure], cards: Catalogue, caption: str, kinds: Kinds = UNKNOWN,
    place: Callable[[Measure], Place | None] = lambda m: None,
) -> Fragment:  # fmt: skip
    """Return measures as a table: one row per measure, one column per scope with the `place` of the number in usual
    news, and what its card says of it: meaning, formula, how far to trust it for articles of these kinds. What holds
    for several numbers is said once, below."""
    scopes = [s for s in SCOPES if any(m.scope == s for m in found)]
    notes: dict[str, str] = {}  # what is said → its letter
    rows = []
    parts = Counter(part for name in {m.name for m in found} for part in cards[name].formula.split("; ")[1:])
    repeated_parts = {part for part, times in parts.items() if times > 2}
    above = html("")
    for name in dict.fromkeys(m.name for m in found):
        card, mine = cards[name], {m.scope: m for m in found if m.name == name}
        label = html(
            "<span id=n-{}>{}</span><br><small>{}; n: {}</small>", name, card.label, card.unit, card.counted_on
        )
        rows.append(
            (
                label,
                *(_cell(mine.get(s), card, notes, place) for s in scopes),
                card.meaning,
                _formula(card, repeated_parts, notes),
                trust.marked(card, "same" if trust.general(card, "full", kinds) == above else "full", kinds),
            )
        )
        above = trust.general(card, "full", kinds)
    head = (
        "measure",
        *(HEADS[s] for s in scopes),
        "what it means",
        "how it is computed (after)",
        "how far to trust it",
    )
    below = join(html("<li>{}</li>", note) for note in notes)
    return table(head, rows, caption, merged=range(len(scopes) + 1, len(scopes) + 4)) + (
        html('<ol class="note letters">{}</ol>', below) if below else ""
    )


def _cell(m: Measure | None, card: Card, notes: dict[str, str], place: Callable[[Measure], Place | None]) -> Fragment:
    if m is None:
        return html("")
    bounds = "" if math.isnan(m.low) or math.isnan(m.value) else f" [{interval(m.low, m.high, card.decimals)}]"
    marks = _marks(m.note.split("; "), notes)
    small = html("<small>{} n {}</small>", bounds, number(m.n)) if m.n != m.value else ""
    words = usual.place(place(m), card.decimals)
    where_usual = html("<br><small>{}</small>", words) if words else ""
    return html("<b>{}</b>{}{}{}", value_of(m, card.unit, card.decimals), marks, small, where_usual)


def _formula(card: Card, repeated_parts: set[str], notes: dict[str, str]) -> Fragment:
    """Return formula and source; what holds for several formulas is a note."""
    parts = card.formula.split("; ")
    own = "; ".join(part for part in parts if part not in repeated_parts)
    return html("{}{} ({})", own, _marks([part for part in parts if part in repeated_parts], notes), card.source)


def _marks(parts: list[str], notes: dict[str, str]) -> Fragment | str:
    letters = ", ".join(notes.setdefault(note, chr(ord("a") + len(notes) % 26)) for note in parts if note)
    return html("<sup>{}</sup>", letters) if letters else ""


def _evidence(analysis: Analysis, m: Measure, show: str) -> Fragment:
    """Return the words that were counted, each with how often, the heaviest first; a word leads to the first
    sentence with it. Loaded words are shown by the kind of their judgement, the strongest kind first."""
    groups: dict[str, list[Evidence]] = {}
    for e in sorted(m.evidence, key=lambda e: -e.weight) if m.name in BY_KIND else m.evidence:
        groups.setdefault(e.label if m.name in BY_KIND else "", []).append(e)
    lists = [_words(analysis, evidence, kind, show) for kind, evidence in groups.items()]
    card = analysis.cards[m.name]
    back = "m" if card.key else "n"
    head = html(
        '<dt id="e-{}">{} <a href="#{}-{}" aria-label="back to the number">↑</a></dt>',
        m.name,
        card.label,
        back,
        m.name,
    )
    return html("{}{}", head, join(lists))


def _words(analysis: Analysis, evidence: list[Evidence], kind: str, show: str) -> Fragment:
    """Return one list of counted words, after the name of their kind if there is one."""
    places: dict[str, list[int]] = {}
    for e in evidence:
        words = analysis.document.text[e.start : e.end]
        places.setdefault(words if withheld.term(words, show) else "…", []).append(e.start)
    if show != withheld.FULL:
        places = dict(sorted(places.items()))  # in the article's order, neighbours could be a sentence
    pieces = [
        where(analysis, starts[0], show, short(words, 160)) + (f" ×{len(starts)}" if len(starts) > 1 else "")
        for words, starts in list(places.items())[:MOST_WORDS]
    ]
    more = f" … and {len(places) - MOST_WORDS} more" if len(places) > MOST_WORDS else ""
    return html("<dd>{}{}{}</dd>", html("<em>{}:</em> ", kind) if kind else "", join(pieces, " · "), more)
