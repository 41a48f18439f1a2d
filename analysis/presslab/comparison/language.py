"""In which words outlets report an event: frames, loaded words, shared passages, words that set one outlet apart."""

from __future__ import annotations

import pandas as pd
from rapidfuzz.distance import LCSseq

from presslab.measures.cards import FRAME_UNIT, Card, Catalogue
from presslab.reporting import usual, withheld
from presslab.reporting.html import Fragment, folded, html, join, table
from presslab.reporting.sections import FRAMES
from presslab.reporting.wording import number, percent, with_interval

from . import Comparison
from .outlets import versus
from .passages import plain_words

MOST_PASSAGES, MOST_WORDS = 20, 8


def frames(c: Comparison) -> Fragment:
    """Return the chart of the frames by outlet."""
    names = [n for n in dict.fromkeys(c.measured["measure"]) if n.startswith("frame_")]
    labels = {n: c.cards[n].short_label for n in sorted(names, key=lambda n: n not in FRAMES)}
    return versus(_said(c.measured, c.cards), labels, "Frames by vocabulary, by outlet", FRAME_UNIT)


def language(c: Comparison, show: str = "full") -> Fragment:
    """Return the language of each outlet's journalists: loaded words (chart), hedges, boosters, passives (table),
    with words."""
    journalist_rows = c.measured[c.measured["scope"] == "journalist"]
    title, unit = "Loaded words in the journalist’s own voice", "share of the journalist’s own words"
    drawing = versus(_said(journalist_rows, c.cards), {"loaded_word_share": "loaded words"}, title, unit)
    names = list(dict.fromkeys(journalist_rows["measure"]))
    cards = [c.cards[n] for n in names]
    rows = [
        (card.label, *(_placed(c, journalist_rows, card, place) for place in range(len(c.labels))), card.unit)
        for card in cards
    ]
    entries = []
    for label, a in zip(c.labels, c.articles):
        m = next(m for m in a.measures if (m.name, m.scope) == ("loaded_word_share", "journalist"))
        words = dict.fromkeys(a.document.text[e.start : e.end] for e in m.evidence)
        visible = list(words) if show == "full" else sorted(w for w in words if withheld.term(w, show))
        entries.append(html("<dt>{}</dt><dd>{}</dd>", label, " · ".join(visible[:60]) or "none"))
    evidence = folded("The loaded words, by outlet", html('<dl class="evidence">{}</dl>', join(entries)))
    own_words = table(("measure", *c.labels, "unit"), rows, "The journalists’ own words, with 95 % intervals")
    stances = [c.cards[n] for n in dict.fromkeys(c.measured["measure"]) if n.startswith("stance_")]
    sentences = [
        (card.label.removeprefix("Reporting words: "), *(_value(c.measured, card, label) for label in c.labels))
        for card in stances
    ]
    reporting = table(
        ("reporting words", *c.labels),
        sentences,
        "How others’ words are reported: share of attributions, with 95 % intervals",
    )
    note = html('<p class="note">{}</p>', usual.news(c.articles[0].yardstick))
    return drawing + own_words + note + evidence + reporting


def passages(c: Comparison, show: str = "full") -> Fragment:
    """Return what is in several articles, with the words in which they differ; `show` "none" leaves the text out."""
    rows = [
        (r.outlet, number(r.words), percent(r.shared_wording, 1), percent(r.shared_quotation, 1))
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
    more_note = html('<p class="note">{} shorter passages are in the tables.</p>', more) if more > 0 else ""
    return (
        shares
        + html('<p class="note">Underlined: words that not all of these versions have.</p>')
        + join(pieces)
        + more_note
    )


def words(c: Comparison, show: str = "full") -> Fragment:
    """Return the words that each article uses more than the others, ranked, with their counts and contexts."""
    if not len(c.words):
        return html('<p class="note">No word occurs twice: there is nothing to compare.</p>')
    summary = (
        f"Up to {MOST_WORDS} words an article, ranked by how far their share in it exceeds that in the others"
        " (log-odds; rare words are drawn towards no difference). A count of one article: it doesn’t show that"
        " an outlet uses a word more often."
    )
    pieces = []
    for label in c.labels:
        mine = c.words[(c.words["outlet"] == label) & (c.words["z"] > 0)].head(MOST_WORDS)
        rows = [
            (rank, r.word, r.count, r.others, _contexts(r.contexts) if show == "full" else "–")
            for rank, r in enumerate(mine.itertuples(name="Row"), 1)
        ]
        pieces.append(
            table(
                ("rank", "word", "here", "in the others", "contexts"),
                rows,
                f"Distinctive words: {label}",
                right=(0, 2, 3),
            )
        )
    return html("<p>{}</p>{}", summary, join(pieces))


def _said(measures: pd.DataFrame, cards: Catalogue) -> pd.DataFrame:
    rows = measures.assign(row=measures["measure"])
    rows["said"] = [
        with_interval(r.value, r.low, r.high, cards.compared(r.measure).decimals) for r in rows.itertuples()
    ]
    return rows


def _value(measures: pd.DataFrame, card: Card, label: str) -> str:
    matches = measures[(measures["measure"] == card.name) & (measures["outlet"] == label)]
    if matches.empty:
        return "–"
    value, low, high = matches[["value", "low", "high"]].iloc[0]
    return with_interval(value, low, high, card.decimals)


def _placed(c: Comparison, measures: pd.DataFrame, card: Card, place: int) -> Fragment:
    """Return the number of an article in its journalist's words, with its place in usual news."""
    m = next((m for m in c.articles[place].measures if (m.name, m.scope) == (card.name, "journalist")), None)
    words = usual.place(c.articles[place].usual(m), card.decimals) if m else ""
    value = _value(measures, card, c.labels[place])
    return html("{}<br><small>{}</small>", value, words) if words else html("{}", value)


def _versions(group: pd.DataFrame) -> list[tuple[str, Fragment]]:
    """Return each outlet's wording of a passage; underlined is what not all versions have."""
    word_lists = [t.split() for t in group["text"]]
    plain = [["".join(plain_words(w)) for w in words] for words in word_lists]
    longest = max(plain, key=len)
    places: list[dict[int, int]] = []  # for each version: its word → the same word of the longest version
    for mine in plain:
        blocks = [op for op in LCSseq.opcodes(mine, longest) if op.tag == "equal"]
        places.append({op.src_start + k: op.dest_start + k for op in blocks for k in range(op.src_end - op.src_start)})
    common = set.intersection(*(set(place.values()) for place in places))
    versions = []
    for outlet, words_, place in zip(group["outlet"], word_lists, places):
        marked_text = join((w if place.get(i) in common else html("<u>{}</u>", w) for i, w in enumerate(words_)), " ")
        versions.append((outlet, marked_text.replace(html("</u> <u>"), " ")))
    return versions


def _contexts(contexts: list[tuple[str, str, str]]) -> Fragment:
    return join((html("{}<b>{}</b>{}", a, b, z) for a, b, z in contexts), html("<br>"))
