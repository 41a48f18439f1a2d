"""The parts of a report, each a call in the notebook: what was read, what stands out, who speaks, method, provenance."""

from __future__ import annotations

import math
from urllib.parse import quote

from . import provenance
from .charts import measures_table
from .highlight import numbers
from .html import Fragment, folded, number, table, text, with_interval
from .measures import Analysis, cards, rows
from .readability import plain_words
from .sources import REASONS
from .sources.types import source_types

FRAMES = ("frame_conflict", "frame_human_interest", "frame_economic", "frame_morality", "frame_resolution")


def frame_names(analysis: Analysis) -> tuple[str, ...]:
    """The generic frames, and those of one's own that were measured."""
    own = (m.name for m in analysis.measures if m.name.startswith("frame_") and m.name not in FRAMES)
    return (*FRAMES, *dict.fromkeys(own))


def what(analysis: Analysis) -> Fragment:
    """What this article is, and what was cut from the page before measuring."""
    a = analysis.article
    facts = [("outlet", a.outlet), ("published", a.published), ("byline", a.byline), ("dateline", a.dateline), ("agency", a.agency), ("file", a.file),
             ("corrected by a reader", f"{len(a.corrections)} in {a.corrections[0].file}" if a.corrections else "")]
    given = "".join(f"<div><dt>{name}</dt><dd>{text(value)}</dd></div>" for name, value in facts if value)
    cut = [(r.text if len(r.text) < 120 else r.text[:117] + "…", r.reason) for r in a.removed]
    shown = folded(f"What was cut from the page: {len(cut)} {'line' if len(cut) == 1 else 'lines'}", table(("line", "reason"), cut, "Lines that are no part of the story"))
    nothing = '<p class="note">Nothing was cut from the page.</p>'
    return Fragment(f'<h1>{text(a.title or a.id)}</h1><dl class="facts">{given}</dl>{shown if cut else nothing}')


def summary(analysis: Analysis) -> Fragment:
    """Three plain sentences made from the numbers, and the main measures as a strip."""
    sentences = "".join(f"<li>{text(s)}</li>" for s in plain_sentences(analysis))
    cells = "".join(
        f'<div><dt>{text(card.label)}</dt><dd><strong>{number(m.value, card.decimals)}</strong>'
        f'<span class="interval">{text(_interval(m, card.decimals))}</span><span class="unit">{text(card.unit)}</span></dd></div>'
        for m in analysis.measures
        if m.scope == "article" and (card := cards()[m.name]).key
    )
    return Fragment(f'<ul class="sentences">{sentences}</ul><dl class="strip">{cells}</dl>')


def plain_sentences(analysis: Analysis) -> list[str]:
    """Who is heard, how hard it is to read, what it makes salient: a sentence each."""
    return [_heard(analysis), _hard(analysis), _salient(analysis)]


def who(analysis: Analysis) -> Fragment:
    """All sources with type, the words that decided it, and how each mention was resolved."""
    label = {key: kind.label for key, kind in source_types().items()}
    listed = []
    for source in analysis.sources:
        place = numbers(analysis)[source.name]
        name = Fragment(f'<span id="source-{place}" class="who c{(place - 1) % 8 + 1}">{place}</span> {text(source.name)}{" ✎" if source.corrected else ""}')
        mark = f"<br><small>✎ corrected: {text(source.corrected)}</small>" if source.corrected else ""
        decided = f" (“{source.type_words}”)" if source.type_words else ""
        count = f"{len(source.mentions)} {'mention' if len(source.mentions) == 1 else 'mentions'}"
        mentions = folded(count, text("; ".join(f"{m.text or '(no words)'} – {m.how}" for m in source.mentions)))
        listed.append((name, Fragment(text(f"{label.get(source.type, source.type)}{decided}") + mark), len(source.attributions), source.words, Fragment(mentions)))
    head = ("source", "type, and the words that decided", "attributions", "words", "how resolved")
    used = {m.how for source in analysis.sources for m in source.mentions}
    reasons = table(("reason", "what it means"), [(how, means) for how, means in REASONS.items() if how in used], "How mentions are resolved")
    return Fragment(
        corrections(analysis) + table(head, listed, "Sources in the order of attributed words", right=(2, 3))
        + folded("What the reasons mean", reasons)
    )  # fmt: skip


def corrections(analysis: Analysis) -> Fragment:
    """What a reader corrected, line by line; nothing where there are no corrections."""
    made = analysis.article.corrections
    if not made:
        return Fragment("")
    rows_ = [(c.line, str(c)) for c in made]
    note = (
        f'<p class="note">A reader corrected who is heard ({len(made)} {"correction" if len(made) == 1 else "corrections"} in '
        f"{text(made[0].file)}). All numbers of this report are computed from the corrected sources; what was changed bears the mark ✎.</p>"
    )
    return Fragment(note + folded("The corrections", table(("line", "correction"), rows_, "Corrections of a reader", right=(0,))))


def family(analysis: Analysis, name: str) -> Fragment:
    """All measures of a family ("attribution", "readability", "framing") as a table, and the evidence of each."""
    found = [m for m in analysis.measures if cards()[m.name].family == name]
    evidence = "".join(
        f"<dt>{text(cards()[m.name].label)}</dt><dd>{_words(analysis, m)}</dd>"
        for m in found
        if m.scope == "article" and m.evidence and cards()[m.name].family != "attribution"
    )
    inner = f'<dl class="evidence">{evidence}</dl>' if evidence else ""
    return Fragment(folded("All numbers", measures_table(found, f"All {name} measures")) + (folded("The words behind the numbers", inner) if inner else ""))


def hard_sentences(analysis: Analysis, show: str = "full") -> Fragment:
    """The hardest sentences with the reason of each. `show` is "full", "excerpts" or "none": how much of a sentence is shown."""
    found = analysis.measure("flesch_kincaid_grade").evidence
    if not found:
        return Fragment("")
    length = {"full": 10**6, "excerpts": 60, "none": 0}[show]
    listed = []
    for e in found:
        words = analysis.document.text[e.start : e.end]
        listed.append((words if len(words) <= length else words[:length] + " …", number(e.weight, 1), e.label if show != "none" else e.label.split(";")[0]))
    return Fragment(table(("sentence", "grade", "why it is hard"), listed, "The hardest sentences", right=(1,)))


def method(analysis: Analysis) -> Fragment:
    """How each measure is made and how well it agrees with human coders, from the cards."""
    used = {m.name for m in analysis.measures}
    listed = [(c.label, c.meaning, c.formula, c.source, c.validation) for c in cards().values() if c.name in used or not c.scopes]
    head = ("measure", "what it means", "how it is computed", "after", "agreement with human coders")
    note = (
        "<p>Every number has a 95 % interval where one can be given. “Descriptive” means that nobody has checked the measure "
        "against human coders. No number here says that an outlet or an author is biased.</p>"
    )
    return Fragment(note + folded("Each measure, its formula and its validity", table(head, listed, "Measure cards")))


def provenance_of(analysis: Analysis) -> Fragment:
    """Versions, the input's hash, how to cite, and the numbers for download."""
    facts = [*provenance.facts().items(), ("SHA-256 of the text", provenance.digest(analysis.article.text))]
    lines = ["measure,scope,value,low,high,n"]
    for row in rows(analysis)["measures"]:
        values = ["" if math.isnan(row[k]) else repr(row[k]) for k in ("value", "low", "high")]
        lines.append(",".join([row["measure"], row["scope"], *values, str(row["n"])]))
    data = quote("\n".join(lines) + "\n")
    download = f'<a download="{text(analysis.article.id)}-measures.csv" href="data:text/csv;charset=utf-8,{data}">Download the numbers (CSV)</a>'
    return Fragment(f"<p>{text(provenance.citation())}</p><p>{download}</p>" + folded("Versions and hashes", table(("what", "which"), facts, "Provenance")))


def _interval(m, decimals: int) -> str:
    shown = with_interval(m, decimals)
    return shown[shown.index("[") :] if "[" in shown else f"n = {m.n}"


def _words(analysis: Analysis, m) -> str:
    """Evidence of a measure: labels with their words, most first, at most 40."""
    seen: dict[str, int] = {}
    for e in m.evidence:
        words = analysis.document.text[e.start : e.end]
        seen[words] = seen.get(words, 0) + 1
    listed = [f"{text(w if len(w) < 160 else w[:157] + '…')}{f' ×{n}' if n > 1 else ''}" for w, n in list(seen.items())[:40]]
    return " · ".join(listed) + (f" … and {len(seen) - 40} more" if len(seen) > 40 else "")


def _heard(analysis: Analysis) -> str:
    share = analysis.measure("attributed_word_share")
    if not analysis.sources:
        return "No source was found: all words are the article’s own."
    top = analysis.sources[0]
    count = int(analysis.measure("source_count").value)
    part = top.words / max(sum(s.words for s in analysis.sources), 1)
    return (
        f"{share.value:.0%} of the words are given as somebody’s ({share.low:.0%} to {share.high:.0%}); {count} "
        f"{'source is' if count == 1 else 'sources are'} heard, {top.name} most, with {part:.0%} of the attributed words."
    )


def _hard(analysis: Analysis) -> str:
    level, grade = analysis.measure("combined_readability"), analysis.measure("flesch_kincaid_grade")
    if math.isnan(level.value):
        return f"The text is too short to say how hard it is ({grade.note})."
    return f"It is {plain_words(level.value, level.low, level.high)}; its Flesch–Kincaid grade is {with_interval(grade, 1)}."


def _salient(analysis: Analysis) -> str:
    found = [m for m in (analysis.measure(n) for n in FRAMES) if not math.isnan(m.value)]
    if not found:
        return "The text is too short to say what it makes salient."
    top = max(found, key=lambda m: m.value)
    own = analysis.measure("loaded_word_share", "journalist")
    loaded = "" if math.isnan(own.value) else f"; {own.value:.1%} of the journalist’s own words are on the list of loaded words"
    return f"The frame with the highest score is {cards()[top.name].label.removeprefix('Frame: ')} ({with_interval(top, 2)} on a scale of 0 to 1){loaded}."
