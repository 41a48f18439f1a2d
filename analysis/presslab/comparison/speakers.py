"""Who is heard, in a comparison report: sources side by side, their order, those of one outlet, groups, actors."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from presslab.measures.cards import group_label, type_label
from presslab.reporting import wording
from presslab.reporting.html import Fragment, folded, html, join, table
from presslab.reporting.wording import many, share, short

from . import Comparison, in_common, only_here
from .outlets import versus

COLOURS = {
    "officials": "c1",
    "people": "c2",
    "organisations": "c3",
    "documents": "c6",
    "nameless": "c5",
    "not_given": "c0",
}
MOST_SOURCES = 24


def who(c: Comparison) -> Fragment:
    """Return sources in rows, outlets in columns: attributed words and in which place each is heard first."""
    place = numbers(c)
    rows: list[tuple] = []
    for name, group in c.heard.groupby("source", sort=False):
        if len(rows) == MOST_SOURCES:
            break
        cells = [_cell(group[group["outlet"] == label]) for label in c.labels]
        rows.append((_source(name, place[name]), type_label(group["type"].iloc[0]), *cells))
    total = c.heard["source"].nunique()
    head = ("source", "type", *c.labels)
    caption = "Attributed words, and the place in the order of speakers. A dash: not heard"
    more_note = (
        html('<p class="note">{} with fewer words are in the tables.</p>', many(total - MOST_SOURCES, "source"))
        if total > MOST_SOURCES
        else ""
    )
    matches = c.heard[c.heard["how"] != ""]
    match_rows = [(r.source, r.outlet, r.name_there, r.how) for r in matches.itertuples()]
    how = (
        folded(
            f"How names were matched ({matches['source'].nunique()} in several articles)",
            table(("source", "outlet", "name there", "matched by"), match_rows, "Matched names"),
        )
        if match_rows
        else ""
    )
    return table(head, rows, caption) + more_note + how


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
        items = join(
            html('<li class="{}"><b>{}</b> {}</li>', COLOURS[groups[name]], place[name], short(name)) for name in turns
        )
        speakers = (
            html('<ol class="turns">{}</ol>', items) if items else html('<p class="note">No source was found.</p>')
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
        names = ", ".join(f"{r.source} ({type_label(r.type)}, {many(r.words, 'word')})" for r in mine.itertuples())
        pieces.append(html("<div><dt>{}</dt><dd>{}</dd></div>", label, names or "none"))
    common = ", ".join(in_common(c.heard, len(c.labels))) or "nobody"
    nameless = c.heard[~c.heard["known"]]
    unknown_note = (
        f"{many(nameless['source'].count(), 'entry is', 'entries are')} unnamed, collective or could not be resolved;"
        " nobody can say whether they are the same in two articles."
    )
    return html(
        '<dl class="only">{}<div><dt>Heard by all</dt><dd>{}</dd></div></dl><p class="note">{}</p>',
        join(pieces),
        common,
        unknown_note,
    )


def types(c: Comparison) -> Fragment:
    """Return the chart of the groups of sources by outlet; the finer types as a table."""
    rows = c.groups.assign(row=c.groups["group"])
    rows["said"] = [_counted(r, " attributions") for r in rows.itertuples()]
    totals = rows.groupby("group", sort=False)["attributions"].sum()
    order_ = {g: group_label(g) for g in totals[totals > 0].index}
    values = rows.rename(columns={"share": "value"})
    drawing = versus(values, order_, "Who is heard, by group of sources", "share of attributions", shares=True)
    type_rows = [
        (
            type_label(kind),
            *(_counted(r) for r in group.itertuples()),
        )
        for kind, group in c.types.groupby("type", sort=False)
    ]
    return drawing + folded(
        "The types in detail", table(("type", *c.labels), type_rows, "Share of attributions by type of source")
    )


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


def numbers(c: Comparison) -> dict[str, int]:
    """Return the number of each source in the report, 1 for the one with most attributed words in all articles."""
    return {name: place for place, name in enumerate(dict.fromkeys(c.heard["source"]), start=1)}


def _source(name: str, place: int) -> Fragment:
    return html('<span class="who">{}</span> {}', place, name)


def _cell(rows: pd.DataFrame) -> str:
    if rows.empty:
        return "–"
    return f"{many(rows['words'].sum(), 'word')}, {wording.order(int(rows['rank'].min()))}"


def _counted(r: Any, what: str = "") -> str:
    return "–" if math.isnan(r.share) else f"{share(r.share, r.low, r.high)} ({r.attributions} of {r.all}{what})"
