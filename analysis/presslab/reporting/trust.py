"""How far to trust a measure: one word with its reasons, and the figures behind it one click away; or the figures of
the run itself if a sample of it was coded by hand.

A report has marks around what is said of each measure; the figures of a run are put there when it is finished, so that
no notebook is run again when codes change."""

from __future__ import annotations

from collections.abc import Mapping
import math
import re

from presslab.measures import trust
from presslab.measures.cards import Card, Catalogue
from presslab.measures.trust import UNKNOWN, Kinds, Trust

from .html import Fragment, folded, html, join, table
from .wording import number

LENGTHS = {"short": "s", "full": "f", "same": "a"}
TRUST = re.compile(r"<!--t ([sfa]) ([^ >]+) ([^ >]*)-->(.*?)<!--/t-->", re.DOTALL)


def general(card: Card, length: str, kinds: Kinds = UNKNOWN) -> Fragment:
    """Return what holds for any collection: the word for the whole article with its reasons ("short"), or the words
    for all scopes with the figures to open ("full"), or that it is as in the measure above ("same")."""
    if length == "same":
        return html("as above")
    if length == "short":
        return _worded(card.trusted("article", kinds))
    by_scope = {scope: card.trusted(scope, kinds) for scope in card.scopes or ("article",)}
    words: dict[Fragment, list[str]] = {}
    figures: dict[str, list[str]] = {}  # the same figure in several scopes is shown once
    for scope, one in by_scope.items():
        words.setdefault(_worded(one, brief=True), []).append(scope)
        for record in one.records:
            if record.topic != "other" or kinds.far(one.records[0].topic) or not kinds.count:
                figures.setdefault(trust.figures(record), []).append(scope)
    told = join((_of(scopes, by_scope, word) for word, scopes in words.items()), html("<br>"))
    if not figures:
        return told
    lines = join((_of(scopes, by_scope, html("{}", text)) for text, scopes in figures.items()), html("<br>"))
    return html("{}{}", told, folded("figures", lines, paper=False))


def _of(scopes: list[str], every: Mapping[str, Trust], what: Fragment) -> Fragment:
    """Return what holds for some scopes, with their names unless it holds for all."""
    return what if len(scopes) == len(every) else html("{}: {}", ", ".join(scopes), what)


def _worded(one: Trust, brief: bool = False) -> Fragment:
    why = ["another kind of article" if brief and trust.KIND in reason else reason for reason in one.why]
    return html("<b>{}</b>{}", one.word, html(" ({})", "; ".join(why)) if why else "")


def marked(card: Card, length: str, kinds: Kinds = UNKNOWN) -> Fragment:
    """Return what holds for a measure of articles of these kinds, between marks."""
    return html("<!--t {} {} {}-->{}<!--/t-->", LENGTHS[length], card.name, kinds.code, general(card, length, kinds))


def filled(page: str, found: Mapping[str, str], cards: Catalogue) -> str:
    """Return a report with the figures of its run (`own`) between its marks, those of the cards elsewhere."""

    def said(mark: re.Match) -> str:
        length, name, there = next(k for k, v in LENGTHS.items() if v == mark[1]), mark[2], mark[4]
        if name not in found and name not in cards:
            return mark[0]  # a report of another version of presslab, which a run that grew has kept
        wording = "full" if length == "same" and found else length  # what stands above may be the run's own figure
        kinds = Kinds.read(mark[3])
        inner = html("{}", found[name] if name in found else general(cards[name], wording, kinds))
        return mark[0] if inner == there else html("<!--t {} {} {}-->{}<!--/t-->", mark[1], name, mark[3], inner)

    return TRUST.sub(said, page)


def words() -> Fragment:
    """Return what the four words mean, from which figures they come, and on which corpora numbers were checked."""
    rules = trust.rules()
    means = join(html("<dt>{}</dt><dd>{}</dd>", word, meaning) for word, meaning in rules["means"].items())
    bounds = [
        (name, *(number(one["least"].get(word, math.nan), 2) for word in rules["words"][:3]), one["reason"])
        for name, one in rules["thresholds"].items()
    ]
    corpora = [(trust.name_of(r), r.on, r.years, r.unit, r.coders) for r in trust.corpora()]
    return html(
        "<dl>{}</dl>{}",
        means,
        folded(
            "Where the words come from",
            table(
                ("figure", *rules["words"][:3], "why there"), bounds, "Least lower end of the 95 % interval", (1, 2, 3)
            )
            + table(("corpus", "what it is", "years", "unit", "coded by"), corpora, "What numbers were checked on"),
        ),
    )
