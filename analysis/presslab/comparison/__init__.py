"""One event seen through several outlets: who is heard by whom, what is shared, and where the wording differs."""

from __future__ import annotations

from dataclasses import dataclass, replace
import re

import pandas as pd

from presslab.measures.analyse import Analysis
from presslab.measures.cards import Catalogue
from presslab.reading.article import Article

from .heard import group_shares, heard, in_common, only_here, type_shares
from .keyness import distinctive_words
from .measured import differences, places, side_by_side
from .own_people import NOBODY, OwnPeople
from .passages import shared_passages, shared_shares
from .people import Joint, match
from .portrayal import portrayal

__all__ = [
    "Comparison",
    "Joint",
    "compare",
    "distinctive_words",
    "in_common",
    "labels",
    "match",
    "only_here",
]


@dataclass(frozen=True)
class Comparison:
    """One event in several articles. `labels` name the articles in all tables, one each, in the articles' order.

    Tables: `heard` (heard.heard), `groups` (heard.group_shares), `types` (heard.type_shares), `passages` and `shared`
    (passages), `measured` and `differences` (measured), `words` (keyness), `actors` (portrayal); each function's
    docstring names the columns. `left_out` are inputs that could not be read, with the reason."""

    event: str
    labels: tuple[str, ...]
    articles: tuple[Analysis, ...]
    joint: tuple[Joint, ...]
    heard: pd.DataFrame
    groups: pd.DataFrame
    types: pd.DataFrame
    passages: pd.DataFrame
    shared: pd.DataFrame
    measured: pd.DataFrame
    differences: pd.DataFrame
    words: pd.DataFrame
    actors: pd.DataFrame
    left_out: tuple[tuple[str, str], ...] = ()

    @property
    def cards(self) -> Catalogue:
        """The cards of the measures: all articles were measured with the same frames."""
        return self.articles[0].cards


def compare(
    articles: list[Analysis], event: str = "", left_out: tuple[tuple[str, str], ...] = (), own: OwnPeople = NOBODY
) -> Comparison:  # fmt: skip
    """Compare articles on one event; `left_out` goes with the result, `own` is what the user knows of
    names. Raises ValueError for fewer than two articles."""
    if len(articles) < 2:
        raise ValueError(f"a comparison needs two articles at least, not {len(articles)}")
    outlet_names = labels([a.article for a in articles])
    documents, people = [a.document for a in articles], [a.sources for a in articles]
    joint = _told_apart(match(people, own), outlet_names)
    passages = shared_passages(documents, outlet_names)
    groups = group_shares(people, outlet_names)
    table = places(side_by_side([a.measures for a in articles], outlet_names, groups), articles, outlet_names)
    return Comparison(
        event=event,
        labels=tuple(outlet_names),
        articles=tuple(articles),
        joint=tuple(joint),
        heard=heard(joint, outlet_names, documents),
        groups=groups,
        types=type_shares(people, outlet_names),
        passages=passages,
        shared=shared_shares(documents, outlet_names, passages),
        measured=table,
        differences=differences(table),
        words=distinctive_words(documents, outlet_names),
        actors=portrayal(documents, [a.attributions for a in articles], people, outlet_names, own),
        left_out=left_out,
    )


def _told_apart(joint: list[Joint], outlet_names: list[str]) -> list[Joint]:
    """Return the entries, the outlet added to names that occur twice ("residents" here and there, who can't be
    matched)."""
    names = [j.name for j in joint]
    return [
        j if names.count(j.name) == 1 else replace(j, name=f"{j.name} ({outlet_names[j.places[0].article]})")
        for j in joint
    ]


def labels(articles: list[Article]) -> list[str]:
    """Return a name for each article, no two alike: its outlet, otherwise the paper that its byline names,
    otherwise its id; if two articles would have the same, the id is added."""
    names = [a.outlet or _paper(a) or a.id for a in articles]
    return [name if names.count(name) == 1 else f"{name} ({a.id})" for name, a in zip(names, articles)]


def _paper(article: Article) -> str:
    """Return the paper of "By Lena Korvin, The Marlow Courier" and "By the Ostra Beacon staff"."""
    lines = [r.text for r in article.removed if r.rule == "byline"] or [f"By {article.byline}"]
    for line in lines:
        byline_match = re.fullmatch(r"(?i:by):? [^,]+, ((?:The )?[A-Z][\w’' ]{2,40})", line.strip()) or re.fullmatch(
            r"(?i:by):? (?:the )?([A-Z][\w’' ]{2,40}) (?:staff|reporters|correspondents?)", line.strip()
        )
        if byline_match:
            return byline_match[1]
    return ""
