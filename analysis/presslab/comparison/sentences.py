"""A comparison in plain sentences, each made from numbers that are on the page."""

from __future__ import annotations

import math

from presslab.measures import validity
from presslab.measures.cards import Card, group_label
from presslab.reporting.wording import either, many, number, percent, share

from . import Comparison, in_common, only_here

TELLING = 3  # attributions of known type that a sentence about the largest group needs
ONE_EACH = "One article an outlet: these are differences of articles, not of outlets."
TOLD = (
    ("attributed_word_share", "article", "Words attributed to somebody"),
    ("unnamed_share", "article", "Attributions to unnamed persons"),
    ("loaded_word_share", "journalist", "Loaded words in the journalist’s own voice"),
)  # measure, scope, in words


def leans(c: Comparison) -> list[str]:
    """Return for each article the group of sources with most attributions, among those to whom it gives a role."""
    sentences = []
    for label in c.labels:
        mine = c.groups[c.groups["outlet"] == label]
        with_role, unknown_count = (
            mine[mine["group"] != "not_given"],
            int(mine.loc[mine["group"] == "not_given", "attributions"].sum()),
        )
        total, count = int(mine["all"].iloc[0]), int(with_role["attributions"].max())
        if with_role["attributions"].sum() < TELLING:
            sentences.append(
                f"The article of {label} has too few attributions with a known role to say whom it quotes most"
                f" ({total - unknown_count} of {total})."
            )
            continue
        most = with_role[with_role["attributions"] == count]
        if len(most) > 2:
            sentences.append(
                f"The {total} attributions in the article of {label} are spread over"
                f" {int((with_role['attributions'] > 0).sum())} groups."
            )
            continue
        names = " and ".join(group_label(g) for g in most["group"])
        r = most.iloc[0]
        rest = (
            f"; {unknown_count} more {either(unknown_count, 'has', 'have')} no role in the text"
            if unknown_count
            else ""
        )
        each = " each" if len(most) > 1 else ""
        sentences.append(
            f"The article of {label} quotes {names} most: {count} of its {many(total, 'attribution')}{each}"
            f" ({share(r.share, r.low, r.high)}){rest}."
        )
    return sentences


def side_by_side(c: Comparison) -> list[str]:
    """Return a sentence for each measure of TOLD with the figure of every article, in the order of the articles.

    Always the same measures, whatever their values: to pick those that differ most would be to claim something."""
    sentences = []
    for name, scope, words in TOLD:
        rows = c.measured[(c.measured["measure"] == name) & (c.measured["scope"] == scope)]
        card = c.cards.compared(name)
        figures = [f"{r.outlet} {_figure(card, r.value)}" for r in rows.itertuples() if not math.isnan(r.value)]
        if len(figures) > 1:
            sentences.append(f"{words}: {', '.join(figures)}.")
    return sentences


def looked_at(c: Comparison) -> str:
    """Return how many differences there are and that none was tested."""
    return (
        f"{ONE_EACH} {many(len(c.differences), 'difference is', 'differences are')} listed"
        f" ({c.measured['measure'].nunique()} measures, {len(c.labels)} articles); none is tested. To compare outlets,"
        " collect many articles of each: presslab corpus."
    )


def tried() -> str:
    """Return what came out when single articles were compared with themselves, as measured."""
    results = validity.figures("null")
    if not results:
        return ""
    halves = results["one_article"]
    return (
        f"Tried on {number(halves['comparisons'])} comparisons of an article with itself (every other paragraph, or"
        f" halves, as two outlets): the page claimed a difference of outlets in {number(halves['claimed'])}."
    )


def sources_said(c: Comparison) -> str:
    """Return how many sources are heard by all, and by one outlet only."""
    sources = c.heard.loc[c.heard["known"], "source"].nunique()
    common = in_common(c.heard, len(c.labels))
    single = only_here(c.heard)["source"].nunique()
    examples = f" ({', '.join(common[:4])}{' and others' if len(common) > 4 else ''})" if common else ""
    return (
        f"Of {sources} sources that can be told apart, {len(common) or 'none'}"
        f" {either(max(len(common), 1), 'is', 'are')} heard by all{examples}; {single} by one outlet only."
    )


def shared_said(c: Comparison) -> str:
    """Return how much is in more than one article."""
    top = c.shared.sort_values("shared_wording", ascending=False, kind="stable").iloc[0]
    agencies = [f"{label} names {a.article.agency}" for label, a in zip(c.labels, c.articles) if a.article.agency]
    agency_note = f" {'; '.join(agencies)} as its agency." if agencies else ""
    if c.passages.empty:
        return f"No passage is in two articles.{agency_note}"
    count = c.passages["passage"].nunique()
    return (
        f"{many(count, 'passage stands', 'passages stand')} in more than one article; {top.outlet} shares"
        f" most of its wording ({percent(top.shared_wording)} of its words, quotations aside).{agency_note}"
    )


def _figure(card: Card, value: float) -> str:
    """Return a share in per cent, anything else as its card says."""
    return percent(value, max(card.decimals - 2, 0)) if card.unit.startswith("share") else number(value, card.decimals)
