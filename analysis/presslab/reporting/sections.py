"""The parts of a report, each a call in the notebook: what was read, what stands out, who speaks, method,
provenance."""

from __future__ import annotations

import math

from presslab.measures.analyse import Analysis
from presslab.measures.cards import FRAME_UNIT as FRAME_UNIT, Card
from presslab.measures.measure import Measure
from presslab.measures.readability import plain_words
from presslab.measures.sources import REASONS
from presslab.measures.sources.types import source_types
from presslab.measures.topic import TOPICS
from presslab.measures.usual import hundredths
from presslab.system import provenance

from . import downloads, place, trust, usual, withheld
from .all_numbers import has_words
from .annotated import badge, numbers, where
from .html import Fragment, folded, html, join, table
from .wording import interval, many, measured, number, percent, share, short, value_of

STANDS_OUT = 0.9  # share of usual news with less of a frame's vocabulary, from which a sentence names the frame
FRAMES = ("frame_conflict", "frame_human_interest", "frame_economic", "frame_morality", "frame_resolution")


def frame_names(analysis: Analysis) -> tuple[str, ...]:
    """Return the generic frames, and the user-defined ones that were measured."""
    own = (m.name for m in analysis.measures if m.name.startswith("frame_") and m.name not in FRAMES)
    return (*FRAMES, *dict.fromkeys(own))


def what(analysis: Analysis) -> Fragment:
    """Return what this article is, and what was cut from the page before measuring."""
    a = analysis.article
    facts = [
        ("outlet", a.outlet),
        ("published", a.published),
        ("byline", a.byline),
        ("dateline", a.dateline),
        ("agency", a.agency),
        ("file", a.file),
        ("corrected by a reader", f"{len(a.corrections)} in {a.corrections[0].file}" if a.corrections else ""),
    ]
    fact_list = join(html("<div><dt>{}</dt><dd>{}</dd></div>", name, value) for name, value in facts if value)
    removed_lines = [(short(r.text, 120), r.reason) for r in a.removed]
    removed_section = folded(
        f"What was cut from the page: {many(len(removed_lines), 'line')}",
        table(("line", "reason"), removed_lines, "Lines that are not part of the story"),
    )
    nothing = html('<p class="note">Nothing was cut from the page.</p>')
    return html(
        '<h1>{}</h1><dl class="facts">{}</dl>{}',
        a.title or a.id,
        fact_list,
        removed_section if removed_lines else nothing,
    )


def summary(analysis: Analysis) -> Fragment:
    """Return three plain sentences made from the numbers, and under each the main measures it rests on: value,
    interval, place among the articles of the run (filled in when the run is done), what it means, and how far to
    trust it."""
    families = ("attribution", "readability", "framing")
    pieces = []
    for name, sentence in zip(families, plain_sentences(analysis)):
        measures = [(m, analysis.cards[m.name]) for m in analysis.measures if m.scope == "article"]
        main = join(_main_number(analysis, m, card) for m, card in measures if card.key and card.family == name)
        pieces.append(
            html(
                '<div class="answer"><p class="lead">{}</p><ul class="numbers">{}</ul></div>',
                sentence,
                main,
            )
        )
    return join(pieces) + html('<p class="note">{}</p>', usual.news(analysis.yardstick))


def _main_number(analysis: Analysis, m: Measure, card: Card) -> Fragment:
    target = f"e-{m.name}" if has_words(m, card) else f"n-{m.name}"
    target = "hardest" if m.evidence and card.family == "readability" else target
    target = {"attributed_word_share": "story", "source_count": "sources", "top_source_word_share": "sources"}.get(
        m.name, target
    )
    value = html(
        '<a href="#{}" aria-label="{}: the evidence"><strong>{}</strong></a>',
        target,
        card.label,
        value_of(m, card.unit, card.decimals),
    )
    found = analysis.usual(m)
    said = card.said(m.value, analysis.topics, found.rank if found else math.nan)
    meaning = m.note if math.isnan(m.value) and m.note else said
    if m.name in FRAMES and m.n and not m.evidence:
        meaning = "None of this vocabulary was found."
    return html(
        '<li id="m-{}"><div class="what"><h3>{}</h3><p>{}</p><p class="trust"><a href="#n-{}">Trust</a>: '
        '{}</p></div><p class="value">{} <span>{}</span></p><div class="place">{}</div></li>',
        m.name,
        card.label,
        meaning,
        m.name,
        trust.marked(card, "short", analysis.kinds),
        value,
        _interval(m, card),
        place.empty(m.name),
    )


def plain_sentences(analysis: Analysis) -> list[str]:
    """Return who is heard, how hard it is to read, what it makes salient: a sentence each."""
    return [_heard(analysis), _hard(analysis), _salient(analysis)]


def who(analysis: Analysis) -> Fragment:
    """Return all sources with type, the words that decided it, all that each says, and how each mention was
    resolved."""
    if not analysis.sources:
        return corrections(analysis) + html('<p class="note">No source was found in this article.</p>')
    label = {key: kind.label for key, kind in source_types().items()}
    most = max(max(source.words for source in analysis.sources), 1)
    table_rows = []
    for source in analysis.sources:
        number_ = numbers(analysis)[source.name]
        anchor = html(' id="source-{}"', number_)
        name = html("{} {}{}", badge(number_, more=anchor), source.name, " ✎" if source.corrected else "")
        mark = html("<br><small>✎ corrected: {}</small>", source.corrected) if source.corrected else ""
        type_note = f" (“{source.type_words}”)" if source.type_words else ""
        says = join((html('<a href="#a{}">{}</a>', i, n) for n, i in enumerate(source.attributions, start=1)), " ")
        count = many(len(source.mentions), "mention")
        mentions = folded(
            count, html("{}", "; ".join(f"{m.text or '(no words)'} – {m.how}" for m in source.mentions)), paper=False
        )
        bar = html('<i class="length" style="width:{:.0f}%"></i>', 100 * source.words / most)
        table_rows.append(
            (
                name,
                html("{}{}{}", label.get(source.type, source.type), type_note, mark),
                html("{}{}", source.words, bar),
                says,
                mentions,
            )
        )
    head = (
        "source",
        "type, and the words that decided",
        "attributed words",
        "all it says, in the text",
        "how resolved",
    )
    how_used = {m.how for source in analysis.sources for m in source.mentions}
    reasons = table(
        ("reason", "what it means"),
        [(how, means) for how, means in REASONS.items() if how in how_used],
        "How mentions are resolved",
    )
    top = analysis.sources[0]
    caption = f"{top.name} has most attributed words ({top.words}). Sources in the order of attributed words"
    return (
        corrections(analysis)
        + html('<div id="sources">{}</div>', table(head, table_rows, caption, right=(2,)))
        + folded("What the reasons mean", reasons)
    )


def corrections(analysis: Analysis) -> Fragment:
    """Return what a reader corrected, line by line; nothing if there are no corrections."""
    entries = analysis.article.corrections
    if not entries:
        return html("")
    rows_ = [(c.line, str(c)) for c in entries]
    note = html(
        '<p class="note">A reader corrected who is heard ({} in {}). All numbers of this report are '
        "computed from the corrected sources; changes have the mark ✎.</p>",
        many(len(entries), "correction"),
        entries[0].file,
    )
    return note + folded("The corrections", table(("line", "correction"), rows_, "Corrections of a reader", right=(0,)))


def hard_sentences(analysis: Analysis, show: str = "full") -> Fragment:
    """Return the hardest sentences with the reason of each. `show` is "full", "excerpts" or "none": how much of a
    sentence is shown."""
    evidence = analysis.measure("flesch_kincaid_grade").evidence
    if not evidence:
        return html("")
    table_rows = []
    for e in evidence:
        words = withheld.quoted(analysis.document, e.start, e.end, show) or "…"
        place_ = where(analysis, e.start, show)
        table_rows.append(
            (place_, words, number(e.weight, 1), e.label if show == withheld.FULL else e.label.split(";")[0])
        )
    inner = table(("sentence", "its words", "grade", "why it is hard"), table_rows, "The hardest sentences", right=(2,))
    return html('<div id="hardest">{}</div>', inner)


def method(analysis: Analysis) -> Fragment:
    """Return how to read what is beside the numbers, and the cards of what is shown as a table."""
    table_rows = [
        (c.label, c.meaning, c.formula, c.source, trust.general(c, "full"))
        for c in analysis.cards.values()
        if not c.scopes
    ]
    head = ("table", "what it means", "how it is computed", "after", "how far to trust it")
    note = html(
        "<p>Each measure has its meaning, formula, source and how far to trust it beside it, in the tables “All "
        "numbers” above. Every number has a 95 % interval if one can be computed. {} No number here says that an "
        "outlet or an author is biased.</p><p>What the words of trust mean:</p>{}",
        reads_like(analysis),
        trust.words(),
    )
    return note + folded(
        f"What the tables show that are not single numbers ({len(table_rows)})",
        table(head, table_rows, "Cards of the tables"),
    )


def reads_like(analysis: Analysis) -> str:
    """Return in a sentence what kind of news the article reads like, by its everyday words."""
    if analysis.topics:
        return f"By its everyday words, the article reads like {' and like '.join(TOPICS[t] for t in analysis.topics)}."
    return (
        f"By its everyday words, the article reads neither like {' nor like '.join(TOPICS.values())}, on which measures"
        " were checked."
    )


def provenance_of(analysis: Analysis) -> Fragment:
    """Return versions, the input's hash, how to cite, and the numbers for download."""
    facts = [*provenance.facts().items(), ("SHA-256 of the text", provenance.digest(analysis.article.text))]
    links = html("<p>For download, contained in this page: {}.</p>", downloads.links(analysis))
    return html("<p>{}</p>{}", provenance.citation(), links) + folded(
        "Versions and hashes", table(("what", "which"), facts, "Provenance")
    )


def _interval(m: Measure, card: Card) -> str:
    """Return the ends of an interval; that there is too little for one, if the measure has one elsewhere."""
    if math.isnan(m.value):
        return ""
    if math.isnan(m.low):
        return "too few to say" if "; interval: " in card.formula else ""
    return interval(m.low, m.high, card.decimals)


def _heard(analysis: Analysis) -> str:
    attributed_share = analysis.measure("attributed_word_share")
    if not analysis.sources:
        return "No source was found: all words are the article’s own."
    top = analysis.sources[0]
    count = int(analysis.measure("source_count").value)
    part = top.words / max(sum(s.words for s in analysis.sources), 1)
    return (
        f"{share(attributed_share.value, attributed_share.low, attributed_share.high)} of the words are attributed to"
        f" somebody; {many(count, 'source is', 'sources are')} heard, {top.name} most, with {percent(part)} of the"
        " attributed words."
    )


def _hard(analysis: Analysis) -> str:
    level, grade = analysis.measure("combined_readability"), analysis.measure("flesch_kincaid_grade")
    if math.isnan(level.value):
        return f"The text is too short to say how hard it is ({grade.note})."
    others = next((f" {note.capitalize()}." for note in level.note.split("; ") if note.startswith("without ")), "")
    words = plain_words(level.value, level.low, level.high)
    return f"It is {words}; its Flesch–Kincaid grade is {measured(grade, 1)}.{others}"


def _salient(analysis: Analysis) -> str:
    frames = [m for m in (analysis.measure(n) for n in FRAMES) if not math.isnan(m.value)]
    if not frames:
        return "The text is too short to say what it makes salient."
    shares = {m.name: found.rank for m in frames if (found := analysis.usual(m))}
    high = sorted((name for name in shares if shares[name] >= STANDS_OUT), key=lambda name: -shares[name])
    own = analysis.measure("loaded_word_share", "journalist")
    loaded_note = (
        ""
        if math.isnan(own.value)
        else f"; {percent(own.value, 1)} of the journalist’s own words are on the list of loaded words"
    )
    said = [
        f"{analysis.cards[name].short_label} (more than in {hundredths(shares[name])} % of usual news)" for name in high
    ]
    if not shares:
        return f"How much of a frame’s vocabulary is usual is not known{loaded_note}."
    if not said:
        return f"No frame stands out: each has about as much of its vocabulary as usual news{loaded_note}."
    return f"It has much vocabulary of the {'frames' if said[1:] else 'frame'} {' and '.join(said)}{loaded_note}."
