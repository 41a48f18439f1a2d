"""The parts of a comparison report, each a call in the notebook: headlines, who is heard, wording, words, method."""

from __future__ import annotations

import math
from urllib.parse import quote

import pandas as pd
from rapidfuzz.distance import LCSseq

from presslab.measures.cards import Card, Catalogue, group_label, own_cards, type_label
from presslab.reporting import plots, withheld
from presslab.reporting.html import Fragment, folded, html, join, table
from presslab.reporting.sections import FRAMES
from presslab.reporting.wording import number
from presslab.system import provenance

from . import Comparison, in_common, only_here
from .keyness import expected_by_chance
from .passages import plain_words
from .sentences import clear_findings, counted, leans, shared_said, sources_said

COLOURS = {
    "officials": "c1",
    "people": "c2",
    "organisations": "c3",
    "documents": "c6",
    "nameless": "c5",
    "not_given": "c0",
}
MOST_SOURCES, MOST_PASSAGES, MOST_WORDS = 24, 20, 8


def what(c: Comparison, show: str = "full") -> Fragment:
    """Return the event, and the headlines side by side with the loaded words in them; standfirsts too where the
    text is shown."""
    above = ("headline", "standfirst") if show == "full" else ("headline",)
    shown = []
    for label, a in zip(c.labels, c.articles):
        end = max((e for _, e, role in a.document.paragraphs if role in above), default=0)
        loaded = [
            e
            for m in a.measures
            if (m.name, m.scope) == ("loaded_word_share", "article")
            for e in m.evidence
            if e.end <= end
        ]
        headline = (
            _marked(a.document.text, 0, end, [(e.start, e.end) for e in loaded])
            if end
            else a.article.title or a.article.id
        )
        facts = [
            a.article.published,
            a.article.byline,
            a.article.agency and f"from {a.article.agency}",
            f"{len(a.document.words):,} words",
        ]
        judged = (
            f"{len(loaded)} loaded {'word' if len(loaded) == 1 else 'words'} in the headline"
            if loaded
            else "no loaded word in the headline"
        )
        shown.append(
            html(
                '<li><p class="outlet">{}</p><p class="headline">{}</p><p class="note">{}<br>{}</p></li>',
                label,
                headline,
                " · ".join(f for f in facts if f),
                judged,
            )
        )
    missing = join(html("<li>{}: {}</li>", file, reason) for file, reason in c.left_out)
    left_out = html('<p class="note">Left out:</p><ul class="note">{}</ul>', missing) if missing else ""
    return html('<h1>{}</h1><ul class="headlines">{}</ul>{}', c.event or "One event", join(shown), left_out)


def stands_out(c: Comparison) -> Fragment:
    """Return what the numbers say in plain sentences: on whom each outlet leans, which differences are clear, what
    is shared."""
    said = [*leans(c), *clear_findings(c), sources_said(c), shared_said(c)]
    return html(
        '<ul class="sentences">{}</ul><p class="note">{}</p>', join(html("<li>{}</li>", s) for s in said), counted(c)
    )


def who(c: Comparison) -> Fragment:
    """Return sources in rows, outlets in columns: attributed words and in which place each is heard first."""
    place = numbers(c)
    rows = []
    for name, group in c.heard.groupby("source", sort=False):
        if len(rows) == MOST_SOURCES:
            break
        cells = [_cell(group[group["outlet"] == label]) for label in c.labels]
        rows.append((_source(name, place[name]), type_label(group["type"].iloc[0]), *cells))
    total = c.heard["source"].nunique()
    head = ("source", "type", *c.labels)
    caption = "Attributed words, and the place in the order of speakers. A dash: not heard"
    left = (
        html('<p class="note">{} sources with fewer words are in the tables.</p>', total - MOST_SOURCES)
        if total > MOST_SOURCES
        else ""
    )
    matched = c.heard[c.heard["how"] != ""]
    listed = [(r.source, r.outlet, r.name_there, r.how) for r in matched.itertuples()]
    how = (
        folded(
            f"How names were matched ({matched['source'].nunique()} in several articles)",
            table(("source", "outlet", "name there", "matched by"), listed, "Matched names"),
        )
        if listed
        else ""
    )
    return table(head, rows, caption) + left + how


def order(c: Comparison) -> Fragment:
    """Return each article from its first word to its last: where which group of sources speaks, and the order of
    speakers."""
    place = numbers(c)
    groups = dict(zip(c.heard["source"], c.heard["group"]))
    legend = join(
        html('<span class="key {}">{}</span>', COLOURS[g], group_label(g)) for g in COLOURS if g in groups.values()
    )
    joint = {(p.article, p.source.name): j.name for j in c.joint for p in j.places}
    pieces = []
    for number_, (label, a) in enumerate(zip(c.labels, c.articles)):
        length = max(len(a.document.text), 1)
        owner = {i: joint[number_, s.name] for s in a.sources for i in s.attributions}
        spans = sorted((s, e, owner[i]) for i, one in enumerate(a.attributions) if i in owner for s, e in one.content)
        bars = join(
            html(
                '<i class="{}" style="left:{:.2f}%;width:{:.2f}%"></i>',
                COLOURS[groups[name]],
                100 * s / length,
                max(100 * (e - s) / length, 0.4),
            )
            for s, e, name in spans
        )
        turns = [name for i, (_, _, name) in enumerate(spans) if not i or spans[i - 1][2] != name]
        listed = join(
            html('<li class="{}"><b>{}</b> {}</li>', COLOURS[groups[name]], place[name], _short(name)) for name in turns
        )
        speakers = (
            html('<ol class="turns">{}</ol>', listed) if listed else html('<p class="note">No source was found.</p>')
        )
        pieces.append(
            html(
                '<div class="version"><h3>{}</h3><div class="track" aria-hidden="true">{}</div>{}</div>',
                label,
                bars,
                speakers,
            )
        )
    note = html(
        '<p class="note">Each bar is one article from its first word to its last; filled: somebody else’s '
        "words, by group of sources; empty: the journalist’s own. Below it the speakers in their order; the "
        "number is the source’s in the table.</p>"
    )
    return html('{}<p class="legend">{}</p>{}', note, legend, join(pieces))


def only(c: Comparison) -> Fragment:
    """Return sources that one outlet alone hears, and those that all hear."""
    single = only_here(c.heard)
    pieces = []
    for label in c.labels:
        mine = single[single["outlet"] == label]
        names = ", ".join(
            f"{r.source} ({type_label(r.type)}, {r.words} {'word' if r.words == 1 else 'words'})"
            for r in mine.itertuples()
        )
        pieces.append(html("<div><dt>{}</dt><dd>{}</dd></div>", label, names or "none"))
    common = ", ".join(in_common(c.heard, len(c.labels))) or "nobody"
    nameless = c.heard[~c.heard["known"]]
    unknown = (
        f"{nameless['source'].count()} entries are unnamed, collective or could not be resolved; nobody can say whether"
        " they are the same in two articles."
    )
    return html(
        '<dl class="only">{}<div><dt>Heard by all</dt><dd>{}</dd></div></dl><p class="note">{}</p>',
        join(pieces),
        common,
        unknown,
    )


def types(c: Comparison) -> Fragment:
    """Return the chart of the groups of sources by outlet; the finer types as a table."""
    rows = c.groups.assign(row=c.groups["group"])
    rows["said"] = [
        _share(r.share, r.low, r.high, f"{r.attributions} of {r.all} attributions") for r in rows.itertuples()
    ]
    heard = rows.groupby("group", sort=False)["attributions"].sum()
    order_ = [(g, group_label(g)) for g in heard[heard > 0].index]
    chart = plots.versus(
        rows.rename(columns={"share": "value"}),
        order_,
        "groups",
        "Who is heard, by group of sources",
        "share of attributions",
    )
    listed = [
        (
            type_label(kind),
            *(_share(r.share, r.low, r.high, f"{r.attributions} of {r.all}") for r in group.itertuples()),
        )
        for kind, group in c.types.groupby("type", sort=False)
    ]
    return chart + folded(
        "The types in detail", table(("type", *c.labels), listed, "Share of attributions by type of source")
    )


def frames(c: Comparison) -> Fragment:
    """Return the chart of the frames by outlet."""
    names = [n for n in dict.fromkeys(c.measured["measure"]) if n.startswith("frame_")]
    labels = [(n, c.cards[n].label.removeprefix("Frame: ")) for n in sorted(names, key=lambda n: n not in FRAMES)]
    said = _said(c.measured, c.cards)
    return plots.versus(said, labels, "profile", "Frames by vocabulary, by outlet", "score, 0 to 1")


def language(c: Comparison, show: str = "full") -> Fragment:
    """Return the language of each outlet's journalists: loaded words (chart), hedges, boosters, passives (table),
    with words."""
    own = c.measured[c.measured["scope"] == "journalist"]
    chart = plots.versus(
        _said(own, c.cards),
        [("loaded_word_share", "loaded words")],
        "loaded",
        "Loaded words in the journalist’s own voice",
        "share of the journalist’s own words",
    )
    names = list(dict.fromkeys(own["measure"]))
    used = [c.cards[n] for n in names]
    rows = [(card.label, *(_value(own, card, label) for label in c.labels), card.unit) for card in used]
    listed = []
    for label, a in zip(c.labels, c.articles):
        m = next(m for m in a.measures if (m.name, m.scope) == ("loaded_word_share", "journalist"))
        words = dict.fromkeys(a.document.text[e.start : e.end] for e in m.evidence)
        shown = list(words) if show == "full" else sorted(w for w in words if withheld.term(w, show))
        listed.append(html("<dt>{}</dt><dd>{}</dd>", label, " · ".join(shown[:60]) or "none"))
    evidence = folded("The loaded words, by outlet", html('<dl class="evidence">{}</dl>', join(listed)))
    own_words = table(("measure", *c.labels, "unit"), rows, "The journalists’ own words, with 95 % intervals")
    stances = [c.cards[n] for n in dict.fromkeys(c.measured["measure"]) if n.startswith("stance_")]
    said = [
        (card.label.removeprefix("Reporting words: "), *(_value(c.measured, card, label) for label in c.labels))
        for card in stances
    ]
    reporting = table(
        ("reporting words", *c.labels),
        said,
        "How others’ words are reported: share of attributions, with 95 % intervals",
    )
    return chart + own_words + evidence + reporting


def differences(c: Comparison) -> Fragment:
    """Return the differences that are clear after correction, and all that were looked at."""
    d = c.differences
    head = ("measure", "in whose words", "outlet", "other", "difference", "95 % interval", "p", "p, corrected")
    rows = [_difference(r, c.cards.compared(r.measure)) for r in d.sort_values("p", kind="stable").itertuples()]
    clear = rows[: int(d["clear"].sum())]
    shown = (
        table(head, clear, "Differences that are clear after correction", right=(4, 5, 6, 7))
        if clear
        else (
            html(
                '<p class="note">No difference is clear after correction. That is no proof that the articles are '
                "alike: they may be too short to show it.</p>"
            )
        )
    )
    every = (
        folded(f"All {len(d)} differences", table(head, rows, "All differences between outlets", right=(4, 5, 6, 7)))
        if rows
        else ""
    )
    return html("<p>{}</p>{}{}", counted(c), shown, every)


def actors(c: Comparison) -> Fragment:
    """Return the main actors that several outlets name: what each has them do, what is done to them, how they are
    described."""
    if c.actors.empty:
        return html('<p class="note">No actor is named twice or more by two outlets.</p>')
    rows = [
        (
            r.actor,
            r.outlet,
            r.acts or "–",
            r.acted_upon or "–",
            r.described or "–",
            f"{r.positive} +, {r.negative} −" if r.positive + r.negative else "–",
        )
        for r in c.actors.itertuples()
    ]
    head = ("actor", "outlet", "acts", "is acted upon", "adjectives, labels", "tone")
    return table(
        head,
        rows,
        "Main actors by outlet: verbs and descriptions, and the tone of what is done or attached to them",
    )


def passages(c: Comparison, show: str = "full") -> Fragment:
    """Return what is in several articles, with the words in which they differ; `show` "none" leaves the text out."""
    rows = [
        (r.outlet, f"{r.words:,}", f"{r.shared_wording:.1%}", f"{r.shared_quotation:.1%}")
        for r in c.shared.itertuples()
    ]
    shares = table(
        ("outlet", "words", "shared wording", "shared quotations"),
        rows,
        "Share of each article’s words that are also elsewhere",
        right=(1, 2, 3),
    )
    if c.passages.empty:
        return html('{}<p class="note">No sentence of seven words or more is in two articles.</p>', shares)
    if show == "none":
        return html('{}<p class="note">The passages are left out of this report.</p>', shares)
    pieces = []
    for _, group in list(c.passages.groupby("passage", sort=False))[:MOST_PASSAGES]:
        kind = "The same quotation" if group["kind"].iloc[0] == "quotation" else "The same wording"
        versions = join(html("<dt>{}</dt><dd>{}</dd>", outlet, words) for outlet, words in _versions(group))
        pieces.append(
            html('<section class="passage"><h3>{} in {} articles</h3><dl>{}</dl></section>', kind, len(group), versions)
        )
    more = c.passages["passage"].nunique() - MOST_PASSAGES
    left = html('<p class="note">{} shorter passages are in the tables.</p>', more) if more > 0 else ""
    return (
        shares
        + html('<p class="note">Underlined: words that not all of these versions have.</p>')
        + join(pieces)
        + left
    )


def words(c: Comparison, show: str = "full") -> Fragment:
    """Return the words that set each outlet apart, with z, counts and contexts."""
    tests = len(c.words)
    if not tests:
        return html('<p class="note">No word occurs twice: there is nothing to compare.</p>')
    passed = int(((c.words["p_holm"] < 0.05) & (c.words["z"] > 0)).sum())
    near = int((c.words["p"] < 0.05).sum())
    said = (
        f"{tests:,} comparisons were made (each word for each outlet). {near} have |z| above 1.96, where chance alone"
        f" would give about {expected_by_chance(tests)}; {passed or 'none'} {'is' if passed == 1 else 'are'} clear"
        " after Holm’s correction (marked with ✓). The prior draws rare words towards no difference: in short articles"
        " hardly any word can be clear."
    )
    pieces = []
    for label in c.labels:
        mine = c.words[(c.words["outlet"] == label) & (c.words["z"] > 0)].head(MOST_WORDS)
        rows = [
            (
                f"{r.word}{' ✓' if r.p_holm < 0.05 else ''}",
                number(r.z, 2),
                r.count,
                r.others,
                _contexts(r.contexts) if show == "full" else "–",
            )
            for r in mine.itertuples(name="Row")
        ]
        pieces.append(
            table(
                ("word", "z", "here", "in the others", "contexts"), rows, f"Distinctive words: {label}", right=(1, 2, 3)
            )
        )
    return html("<p>{}</p>{}", said, join(pieces))


def method(c: Comparison) -> Fragment:
    """Return how each part is made and how well it agrees with human coders, from the cards."""
    named = [n for n in dict.fromkeys(c.measured["measure"]) if not n.startswith("group_")]
    used = [*own_cards().values(), *(c.cards[n] for n in named)]
    rows = [(k.label, k.meaning, k.formula, k.source, k.validation, k.limits) for k in used]
    head = ("measure", "what it means", "how it is computed", "after", "agreement with human coders", "limits")
    note = html(
        "<p>Each outlet is represented by one article here. What differs between two articles is not yet a "
        "difference between two outlets, and no number here says that an outlet is biased. “Descriptive” "
        "means that nobody has checked the measure against human coders.</p>"
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


def numbers(c: Comparison) -> dict[str, int]:
    """Return the number of each source in the report, 1 for the one with most attributed words in all articles."""
    return {name: place for place, name in enumerate(dict.fromkeys(c.heard["source"]), start=1)}


def _source(name: str, place: int) -> Fragment:
    return html('<span class="who">{}</span> {}', place, name)


def _cell(rows: pd.DataFrame) -> str:
    if rows.empty:
        return "–"
    rank = int(rows["rank"].min())
    ending = {1: "st", 2: "nd", 3: "rd"}.get(rank % 10 if rank % 100 not in (11, 12, 13) else 0, "th")
    return f"{rows['words'].sum()} words, {rank}{ending}"


def _short(name: str) -> str:
    return name if len(name) <= 40 else name[:39] + "…"


def _share(value: float, low: float, high: float, counted: str) -> str:
    return "–" if math.isnan(value) else f"{value:.0%} [{low:.0%} to {high:.0%}] ({counted})"


def _said(measured: pd.DataFrame, cards: Catalogue) -> pd.DataFrame:
    rows = measured.assign(row=measured["measure"])
    rows["said"] = [_figure(r.value, r.low, r.high, cards.compared(r.measure).decimals) for r in rows.itertuples()]
    return rows


def _figure(value: float, low: float, high: float, decimals: int) -> str:
    interval = "" if math.isnan(low) else f" [{number(low, decimals)} to {number(high, decimals)}]"
    return number(value, decimals) + ("" if math.isnan(value) else interval)


def _value(measured: pd.DataFrame, card: Card, label: str) -> str:
    found = measured[(measured["measure"] == card.name) & (measured["outlet"] == label)]
    return "–" if found.empty else _figure(*found[["value", "low", "high"]].iloc[0], card.decimals)


def _difference(r, card: Card) -> tuple:
    decimals = card.decimals
    interval = f"{number(r.low, decimals)} to {number(r.high, decimals)}"
    whose = {"article": "all", "journalist": "the journalist’s"}[r.scope]
    return (
        card.label,
        whose,
        r.outlet,
        r.other,
        number(r.difference, decimals),
        interval,
        _chance(r.p),
        _chance(r.p_holm),
    )


def _chance(p: float) -> str:
    return "< .001" if p < 0.001 else f"{p:.3f}".removeprefix("0")


def _marked(whole: str, start: int, end: int, spans: list[tuple[int, int]]) -> Fragment:
    """Return a stretch of text with some of its words marked as loaded."""
    pieces, at = [], start
    for s, e in sorted(spans):
        pieces.append(html('{}<span class="loaded">{}</span>', whole[at:s], whole[s:e]))
        at = e
    return html("{}{}", join(pieces), whole[at:end])


def _versions(group: pd.DataFrame) -> list[tuple[str, Fragment]]:
    """Return each outlet's wording of a passage; underlined is what not all versions have."""
    split = [t.split() for t in group["text"]]
    plain = [["".join(plain_words(w)) for w in words] for words in split]
    longest = max(plain, key=len)
    places: list[dict[int, int]] = []  # for each version: its word → the same word of the longest version
    for mine in plain:
        blocks = [op for op in LCSseq.opcodes(mine, longest) if op.tag == "equal"]
        places.append({op.src_start + k: op.dest_start + k for op in blocks for k in range(op.src_end - op.src_start)})
    common = set.intersection(*(set(place.values()) for place in places))
    found = []
    for outlet, words_, place in zip(group["outlet"], split, places):
        shown = join((w if place.get(i) in common else html("<u>{}</u>", w) for i, w in enumerate(words_)), " ")
        found.append((outlet, shown.replace(html("</u> <u>"), " ")))
    return found


def _contexts(found: list[tuple[str, str, str]]) -> Fragment:
    return join((html("{}<b>{}</b>{}", a, b, z) for a, b, z in found), html("<br>"))
