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
from .measured import differences, side_by_side
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


def compare(articles: list[Analysis], event: str = "", left_out: tuple[tuple[str, str], ...] = ()) -> Comparison:
    """Compare articles on one event; `left_out` goes with the result. Raises ValueError for fewer than two articles."""
    if len(articles) < 2:
        raise ValueError(f"a comparison needs two articles at least, not {len(articles)}")
    named = labels([a.article for a in articles])
    documents, people = [a.document for a in articles], [a.sources for a in articles]
    joint = _told_apart(match(people), named)
    passages = shared_passages(documents, named)
    groups = group_shares(people, named)
    measured = side_by_side([a.measures for a in articles], named, groups)
    return Comparison(
        event=event,
        labels=tuple(named),
        articles=tuple(articles),
        joint=tuple(joint),
        heard=heard(joint, named, documents),
        groups=groups,
        types=type_shares(people, named),
        passages=passages,
        shared=shared_shares(documents, named, passages),
        measured=measured,
        differences=differences(measured),
        words=distinctive_words(documents, named),
        actors=portrayal(documents, [a.attributions for a in articles], people, named),
        left_out=left_out,
    )


def _told_apart(joint: list[Joint], named: list[str]) -> list[Joint]:
    """Return the entries, the outlet added to names that occur twice ("residents" here and there, who can't be
    matched)."""
    names = [j.name for j in joint]
    return [
        j if names.count(j.name) == 1 else replace(j, name=f"{j.name} ({named[j.places[0].article]})") for j in joint
    ]


def labels(articles: list[Article]) -> list[str]:
    """Return a name for each article, no two alike: its outlet, otherwise the paper that its byline names,
    otherwise its id; where two articles would have the same, the id is added."""
    given = [a.outlet or _paper(a) or a.id for a in articles]
    return [name if given.count(name) == 1 else f"{name} ({a.id})" for name, a in zip(given, articles)]


def _paper(article: Article) -> str:
    """Return the paper of "By Lena Korvin, The Marlow Courier" and "By the Ostra Beacon staff"."""
    lines = [r.text for r in article.removed if r.rule == "byline"] or [f"By {article.byline}"]
    for line in lines:
        found = re.fullmatch(r"(?i:by):? [^,]+, ((?:The )?[A-Z][\w’' ]{2,40})", line.strip()) or re.fullmatch(
            r"(?i:by):? (?:the )?([A-Z][\w’' ]{2,40}) (?:staff|reporters|correspondents?)", line.strip()
        )
        if found:
            return found[1]
    return ""
