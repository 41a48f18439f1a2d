"""The framing parts of an article's report that aren't single numbers: actors, reporting words by side, emphasis."""

from __future__ import annotations

import pandas as pd

from presslab.measures import framing
from presslab.measures.analyse import Analysis
from presslab.measures.sources.types import source_types

from . import withheld
from .annotated import where
from .html import Fragment, folded, html, join, table
from .wording import interval, many, number, percent, shares

MARKS = {"headline": "H", "standfirst": "S", "lede": "L", "tail": "T"}
RELATIONS = {
    "acts": "acts",
    "acted upon": "is acted upon",
    "says": "says",
    "adjective": "is described",
    "label": "is called",
}
TONES = {"positive": "positive (+)", "negative": "negative (−)", "": ""}


def actors(analysis: Analysis, show: str = "full") -> Fragment:
    """Return each main actor with what it does, what is done to it and how it is described; every instance links to
    its sentence."""
    instances = framing.actors(analysis.document, analysis.attributions, analysis.sources)
    if show != withheld.FULL:
        instances = instances.assign(actor=instances["actor"].map(withheld.names(instances["actor"])))
    if instances.empty:
        return html('<p class="note">Nobody is named twice: there is no main actor to show.</p>')
    rows = []
    for name, group in instances.groupby("actor", sort=False):
        tones = group["tone"].value_counts()
        tone = " · ".join(f"{tones[t]} {t}" for t in ("positive", "negative") if t in tones) or "–"
        rows.append(
            (
                name,
                *(_words(group[group["relation"] == relation]) for relation in ("acts", "acted upon", "says")),
                _words(group[group["relation"].isin(["adjective", "label"])]),
                tone,
            )
        )
    head = ("actor", "acts", "is acted upon", "says", "adjectives, labels", "tone")
    return table(
        head, rows, "Main actors: verbs and descriptions, and the tone of what is done or attached to them"
    ) + _instances(analysis, instances, show)


def stance(analysis: Analysis) -> Fragment:
    """Return which reporting words each type of source gets, and the differences between the largest types, with
    intervals."""
    stances = framing.stance_by(analysis.attributions, analysis.sources)
    if stances.empty:
        return html('<p class="note">No attribution has both a source and a reporting word.</p>')
    rows = [
        (
            _side(r.side),
            r.cue_class,
            f"{r.count_} of {r.attributions}",
            percent(r.share),
            shares(r.low, r.high),
        )
        for r in stances.rename(columns={"count": "count_"}).itertuples()
        if r.count_
    ]
    head = ("type of source", "reporting words", "attributions", "share", "95 % interval")
    pieces = [table(head, rows, "Reporting words by type of source", right=(2, 3, 4))]
    gaps = framing.stance_differences(stances)
    if len(gaps):
        comparisons = int(gaps["comparisons"].iloc[0])
        level = 1 - 0.05 / comparisons
        gap_rows = [
            (
                r.cue_class,
                _side(r.side),
                _side(r.other),
                _points(r.difference),
                interval(100 * r.low, 100 * r.high, 0),
            )
            for r in gaps.itertuples()
        ]
        note = (
            f"{many(comparisons, 'difference was', 'differences were')} looked at. To be 95 % sure of all of them"
            f" together, ask for {percent(level, 1)} intervals of each (Bonferroni), which are wider than these."
        )
        head = ("reporting words", "type", "other type", "difference (points)", "95 % interval")
        pieces.append(
            folded(
                f"Differences between the largest types ({comparisons})",
                html('<p class="note">{}</p>', note) + table(head, gap_rows, "Differences of shares", right=(3, 4)),
            )
        )
    else:
        pieces.append(
            html('<p class="note">Only one type of source has reporting words: there is nothing to compare.</p>')
        )
    return join(pieces)


def emphasis(analysis: Analysis) -> Fragment:
    """Return which paragraph speaks in which frame, from the headline to the tail: one row per frame, one cell per
    paragraph."""
    rows = framing.emphasis(analysis.document)
    most = rows["weight_per_100_words"].max() if len(rows) else 0
    if not most:
        return html('<p class="note">No term of a frame is found in this article.</p>')
    cards = {name: analysis.cards[f"frame_{name}"] for name in dict.fromkeys(rows["frame"])}
    names = {name: card.short_label for name, card in cards.items()}
    drawing = join(
        html(
            '<p class="cells"><span>{}</span>{}</p>',
            label,
            join(_cell(r.weight_per_100_words / most) for r in rows[rows["frame"] == name].itertuples()),
        )
        for name, label in names.items()
    )
    places = rows.drop_duplicates("paragraph")["place"]
    under = join(html("<b>{}</b>", MARKS.get(place, "")) for place in places)
    top = rows.loc[(rows["weight_per_100_words"] * rows["words"]).idxmax()]  # a short paragraph is dense with one term
    where = {"headline": "the headline", "lede": "the lede"}.get(
        top["place"], f"paragraph {int(top['paragraph']) + 1} of {len(places)}"
    )
    title = f"Most weight lies on {names[top['frame']]}, in {where}"
    caption = (
        f"{title}. A cell is a paragraph, from the first to the last (H headline, L lede, T tail); the stronger its"
        " colour, the more of its words belong to the frame."
    )
    table_rows = [
        (int(r.paragraph) + 1, r.place, names[r.frame], number(r.weight_per_100_words, 1))
        for r in rows.itertuples()
        if r.weight_per_100_words
    ]
    head = ("paragraph", "place", "frame", "weight per 100 words")
    return html(
        '<figure class="chart emphasis"><div aria-hidden="true">{}<p class="cells '
        'places"><span></span>{}</p></div><figcaption>{}</figcaption></figure>{}',
        drawing,
        under,
        caption,
        folded("The numbers as a table", table(head, table_rows, "Frames by paragraph", right=(3,)), paper=False),
    )


def _cell(share: float) -> Fragment:
    return html('<i style="--a:{:.2f}"></i>', share) if share else html("<i></i>")


def _words(group: pd.DataFrame) -> str:
    counts = framing.counted(group["text"])
    terms = [f"{word} ×{count}" if count > 1 else word for word, count in list(counts.items())[:6]]
    return ", ".join(terms) + (f" and {len(counts) - 6} more" if len(counts) > 6 else "") if terms else "–"


def _instances(analysis: Analysis, instances: pd.DataFrame, show: str) -> Fragment:
    rows = []
    for r in instances.itertuples():
        place = where(analysis, analysis.document.sentences[r.sentence][0], show)
        rows.append(
            (
                r.actor,
                RELATIONS[r.relation],
                r.text,
                "" if r.words == r.text else r.words if show == withheld.FULL else "–",
                r.voice,
                TONES[r.tone],
                place,
            )
        )
    head = ("actor", "relation", "word", "as printed, where it differs", "whose words", "tone", "sentence")
    return folded(f"Every instance, with its sentence ({len(rows)})", table(head, rows, "Every instance"))


def _side(kind: str) -> str:
    return source_types()[kind].label if kind in source_types() else "type not stated"


def _points(share: float) -> str:
    return number(100 * share, 0)
