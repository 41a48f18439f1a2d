"""A comparison in plain sentences, each made from numbers that are on the page."""

from __future__ import annotations

import pandas as pd

from presslab.measures.cards import GROUP, Card, group_label
from presslab.reporting.wording import either, many, number, percent, share

from . import Comparison, in_common, only_here

TELLING = 3  # attributions of known type that a sentence about leaning needs


def leans(c: Comparison) -> list[str]:
    """Return for each outlet the group of sources with most attributions, among those for whom the article gives a
    role."""
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
                f"{label} has too few attributions with a known role to say on whom it leans ({total - unknown_count}"
                f" of {total})."
            )
            continue
        most = with_role[with_role["attributions"] == count]
        if len(most) > 2:
            sentences.append(
                f"{label} leans on no group: its {total} attributions are spread over"
                f" {int((with_role['attributions'] > 0).sum())} groups."
            )
            continue
        names = " and ".join(group_label(g) for g in most["group"])
        r = most.iloc[0]
        rest = f"; for {unknown_count} more have no role in the text" if unknown_count else ""
        each = " each" if len(most) > 1 else ""
        sentences.append(
            f"{label} leans most on {names}: {count} of its {many(total, 'attribution')}{each}"
            f" ({share(r.share, r.low, r.high)}){rest}."
        )
    return sentences


def clear_findings(c: Comparison) -> list[str]:
    """Return a sentence for each measure on which one outlet clearly has more than all or some others, after
    correction."""
    sentences = []
    clear = c.differences[c.differences["clear"]]
    for (name, scope), group in clear.groupby(["measure", "scope"], sort=False):
        beats: dict[str, list[str]] = {}
        for r in group.itertuples():
            high, low = (r.outlet, r.other) if r.difference > 0 else (r.other, r.outlet)
            beats.setdefault(high, []).append(low)
        for label, others in beats.items():
            others = [o for o in c.labels if o in others]
            more = _more(c.cards.compared(name))
            sentences.append(f"{label} {more} ({_of(c, name, scope, label)}) than {_listed(c, name, scope, others)}.")
    return sentences or ["No difference between the outlets is clear once all comparisons are counted."]


def counted(c: Comparison) -> str:
    """Return how many comparisons were made, and what that means."""
    comparisons, clear = len(c.differences), int(c.differences["clear"].sum())
    raw = int((c.differences["p"] < 0.05).sum())
    return (
        f"{comparisons} differences were looked at ({c.measured['measure'].nunique()} measures, {len(c.labels)}"
        f" articles). {raw} have p below .05 taken alone, where chance would give about {comparisons / 20:.0f}; {clear}"
        f" {either(clear, 'stays', 'stay')} clear after Holm’s correction for their number."
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


MORE = {
    "loaded_word_share": "clearly has more loaded words in its own voice",
    "hedges_per_1000": "clearly hedges more in its own voice",
    "boosters_per_1000": "clearly has more boosters in its own voice",
    "agentless_passive_share": "clearly has more passives without a doer",
    "attributed_word_share": "clearly attributes more of its words to somebody",
    "unnamed_share": "clearly has more attributions to unnamed persons",
}


def _more(card: Card) -> str:
    name, label = card.name, card.label
    if name in MORE:
        return MORE[name]
    if name.startswith("frame_"):
        return f"clearly has more of the frame “{card.short_label}”"
    if name.startswith(GROUP):
        return f"clearly hears more of {label.removeprefix('Heard: ')}"
    return f"is clearly higher on “{label}”"


def _of(c: Comparison, name: str, scope: str, label: str) -> str:
    r = _row(c.measured, name, scope, label)
    value, low, high = (_figure(c.cards.compared(name), r[part]) for part in ("value", "low", "high"))
    return f"{value} [{low} to {high}]"


def _listed(c: Comparison, name: str, scope: str, others: list[str]) -> str:
    card = c.cards.compared(name)
    return " and ".join(f"{o} ({_figure(card, _row(c.measured, name, scope, o)['value'])})" for o in others)


def _figure(card: Card, value: float) -> str:
    """Return a share in per cent, anything else as its card says."""
    return percent(value, max(card.decimals - 2, 0)) if card.unit.startswith("share") else number(value, card.decimals)


def _row(measures: pd.DataFrame, name: str, scope: str, label: str) -> pd.Series:
    return measures[(measures["measure"] == name) & (measures["scope"] == scope) & (measures["outlet"] == label)].iloc[
        0
    ]
