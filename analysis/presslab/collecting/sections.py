"""The parts of a report on a collection, each a call in the notebook."""

from __future__ import annotations

import math
from typing import Any
from urllib.parse import quote

import pandas as pd

from presslab import collecting
from presslab.measures.cards import own_cards
from presslab.reporting import trust, usual
from presslab.reporting.html import Fragment, folded, html, join, table
from presslab.reporting.wording import chance, interval, many, number
from presslab.system import provenance

from . import Collection
from .drawings import MOST, figure
from .plans import MOST_OUTLETS
from .sentences import (
    counted,
    counts,
    dated,
    findings,
    holds,
    independent,
    methods,
    read_like,
    shown,
    span,
    tried_in_full,
)  # fmt: skip
from .surnames import AMBIGUOUS


def what(c: Collection, title: str = "") -> Fragment:
    """Return what is in the collection, and what was left out."""
    outlets = many(len(c.outlets), "outlet") if len(c.outlets) > 1 else f"one outlet ({c.outlets[0]})"
    facts = (
        f"{many(len(c.articles), 'article')} ({independent(c)}) · {outlets} · {span(c)} ·"
        f" {many(int(c.articles['words'].sum()), 'word')}"
    )
    reasons = join(html("<li>{}: {}</li>", file, reason) for file, reason in c.left_out[:MOST])
    more = (
        html('<p class="note">{} more are in the table failures.</p>', len(c.left_out) - MOST)
        if len(c.left_out) > MOST
        else ""
    )
    left_out_section = (
        folded(f"{len(c.left_out)} left out, with the reason", html("<ul>{}</ul>{}", reasons, more))
        if c.left_out
        else ""
    )
    return html(
        '<h1>{}</h1><p class="facts">{}</p>{}{}', title or c.name, facts, figure(c, "articles"), left_out_section
    )


def stands_out(c: Collection) -> Fragment:
    """Return what the numbers say in plain sentences."""
    sentences = join(html("<li>{}</li>", s) for s in findings(c))
    return html('<ul class="sentences">{}</ul><p class="note">{}</p>', sentences, counted(c))


def outlets(c: Collection) -> Fragment:
    """Return the outlets on every measure, as a table; the key ones as dots."""
    means = collecting.outlets(c)
    names = list(dict.fromkeys(zip(means["measure"], means["scope"])))
    place = means.set_index(["outlet", "measure", "scope"])
    first_outlets = c.outlets[:MOST_OUTLETS]
    rows = [
        (
            c.cards[name].label,
            "the journalist’s" if scope == "journalist" else "all",
            *(
                f"{shown(c.cards[name], *place.loc[(o, name, scope), ['value', 'low', 'high']])}"
                f" ({counts(place.loc[(o, name, scope)])}{_rank(place.loc[(o, name, scope), 'usual_share'])})"
                for o in (collecting.ALL, *first_outlets)
            ),
        )
        for name, scope in names
    ]
    every = table(
        ("measure", "in whose words", collecting.ALL, *first_outlets),
        rows,
        "Means over stories with 95 % intervals over events",
    )
    ranks = html(
        '<p class="note">{} A rank is the mean share of these articles of such a length with a lower number.</p>',
        usual.news(c.yardstick),
    )
    more_note = (
        html('<p class="note">{} smaller outlets are in the tables.</p>', len(c.outlets) - len(first_outlets))
        if len(c.outlets) > len(first_outlets)
        else ""
    )
    return figure(c, "outlets") + folded("All measures by outlet", ranks + every) + more_note


def _rank(share: float) -> str:
    """Return a mean rank in usual news as it is beside a number; "" if it is not known."""
    return "" if math.isnan(share) else f"; rank {number(share, 2)}"


def differences(c: Collection) -> Fragment:
    """Return each outlet against the others: the clear differences, and all that were looked at."""
    all_differences = collecting.differences(c)
    if all_differences.empty:
        return html('<p class="note">{}</p>', counted(c))

    def row(r: Any) -> tuple:
        decimals = c.cards[r.measure].decimals + 1
        return (
            r.outlet,
            r.other,
            c.cards[r.measure].label,
            number(r.difference, decimals),
            interval(r.low, r.high, decimals),
            chance(r.p_holm),
            r.n,
            r.stories,
            f"{number(r.events)}{', shared' if r.paired else ''}",
        )

    head = (
        "outlet", "compared with", "measure", "difference", "95 % interval", "p, corrected", "articles", "stories",
        "events",
    )  # fmt: skip
    right = (3, 4, 5, 6, 7, 8)
    by_p = all_differences.sort_values("p_holm", kind="stable")
    clear = [row(r) for r in by_p[by_p["clear"]].itertuples()]
    clear_table = (
        table(head, clear, "Differences that are clear after correction", right=right)
        if clear
        else html('<p class="note">No difference is clear after correction.</p>')
    )
    every = folded(
        f"All {many(len(all_differences), 'difference')}",
        table(head, [row(r) for r in by_p.itertuples()][:MOST], "All differences", right=right),
    )
    return html("<p>{}</p>{}{}", counted(c), clear_table, every)


def time(c: Collection) -> Fragment:
    """Return key measures along time."""
    return html('<p class="note">{}</p>{}', dated(c), figure(c, "time"))


def frames(c: Collection) -> Fragment:
    """Return frames by outlet and along time."""
    return figure(c, "frames") + figure(c, "frames-time")


def names(c: Collection) -> Fragment:
    """Return which spellings were joined under one name, which names stay apart, and what the user's file did not
    reach."""
    rows = collecting.names(c)
    joint = [group for _, group in rows.groupby("source", sort=False) if group["spelling"].nunique() > 1]
    open_rows = rows[rows["how"] == AMBIGUOUS]
    table_rows = [(group["source"].iloc[0], "; ".join(_spelt(r) for r in group.itertuples())) for group in joint[:MOST]]
    listed = folded(
        f"Which spellings were joined ({many(len(joint), 'name')})",
        table(
            ("name", "spellings, how they were joined, and in how many articles"), table_rows, "Names that were joined"
        ),
    )
    apart = ", ".join(f"{r.source} ({many(r.articles, 'article')})" for r in open_rows.head(MOST).itertuples())
    notes = [
        "" if joint else "No two spellings had to be joined across these articles.",
        f"These could be several people, and stay apart: {apart}." if apart else "",
        "Two people of exactly the same name can’t be told apart. A file of people (--people) joins names or keeps them"
        " apart; presslab corpus --help describes it.",
        f"Names in that file that no article has: {', '.join(c.unheard)}." if c.unheard else "",
    ]
    return (listed if joint else "") + join(html('<p class="note">{}</p>', note) for note in notes if note)


def _spelt(row: Any) -> str:
    """Return a spelling as readers see it."""
    return f"{row.spelling} ({f'{row.how}, ' if row.how else ''}{number(row.articles)})"


def stories(c: Collection) -> Fragment:
    """Return articles that are one story."""
    repeats = collecting.stories(c)
    if not c.compared:
        return html(
            '<p class="note">Whether articles report the same story was not checked: the run was made without '
            "their texts (--text none or excerpts), and they would have to be compared word by word.</p>"
        )
    if repeats.empty:
        return html('<p class="note">No two articles report the same story in the same words, or nearly.</p>')
    rows = [(r.title or r.id, r.outlet, r.published, r.story) for r in repeats.itertuples()]
    count = repeats["story"].nunique()
    note = (
        f"{many(len(repeats), 'article')} tell {many(count, 'story', 'stories')} between them: at least 70 % of"
        " their words are in common, or one is the other cut short. "
        + (
            "Every version was counted, as asked by --count-reprints."
            if c.reprints
            else "In each outlet the version that came first counts, the others don’t."
        )
    )
    return html("<p>{}</p>", note) + table(
        ("headline", "outlet", "published", "story (id of the first)"), rows[:MOST], "Articles that are one story"
    )


def method(c: Collection) -> Fragment:
    """Return the paragraph for a methods section; what the intervals hold; each measure's card."""
    names = dict.fromkeys([*c.values["measure"], "women_share", "unnamed_share"])
    rows = [(k.label, k.meaning, k.formula, k.source, trust.general(k, "full"), k.limits) for k in own_cards().values()]
    cards = [c.cards[name] for name in names]
    rows += [(k.label, k.meaning, k.formula, k.source, trust.marked(k, "full", c.kinds), k.limits) for k in cards]
    head = ("measure", "what it means", "how it is computed", "after", "how far to trust it", "limits")
    note = (
        "No number here says that an outlet is biased: outlets write on different things, and what differs may lie in"
        " the events, in the choice of articles, or in the measure."
    )
    return html(
        "<p>{}</p><h3>For a methods section</h3><blockquote><p>{}</p></blockquote><h3>What the intervals "
        "hold</h3><p>{}</p><h3>What the tests claim</h3><p>{}</p><h3>How far to trust the numbers</h3><p>{}</p>{}",
        note,
        methods(c),
        holds(),
        tried_in_full(),
        read_like(c),
        trust.words(),
    ) + folded("Each measure, its formula and its validity", table(head, rows, "Measure cards"))


def _csv(frame: pd.DataFrame) -> str:
    """Return a table as the CSV that a page offers."""
    return frame.to_csv(index=False, lineterminator="\n", float_format="%.6g")


def provenance_of(c: Collection) -> Fragment:
    """Return versions, how to cite, and the tables for download."""
    tables = (
        ("outlets", collecting.outlets(c)),
        ("groups", collecting.groups(c)),
        ("periods", collecting.periods(c)),
        ("heard", collecting.heard(c)),
        ("names", collecting.names(c)),
        ("differences", collecting.differences(c)),
    )
    links = join(
        (
            html(
                '<a download="{}.csv" href="data:text/csv;charset=utf-8,{}">{} (CSV)</a>',
                name,
                quote(_csv(frame)),
                name,
            )
            for name, frame in tables
        ),
        " · ",
    )
    facts = table(("what", "which"), [*provenance.facts().items()], "Provenance")
    return html("<p>{}</p><p>Download: {}</p>", provenance.citation(), links) + folded("Versions", facts)


__all__ = [
    "differences",
    "figure",
    "frames",
    "method",
    "names",
    "outlets",
    "provenance_of",
    "stands_out",
    "stories",
    "time",
    "what",
]
