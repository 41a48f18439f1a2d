"""Who is heard by whom: sources of all articles side by side, their order, and those that one outlet alone has."""

from __future__ import annotations

import math
import re

import pandas as pd

from presslab.measures.sources import Source
from presslab.measures.statistics import wilson
from presslab.parsing.document import Document

from .people import Joint

# The known and the unknown of the news (Gans 1979): who speaks by office, and who because something happened to them.
GROUPS = {
    "officials": ("government", "politician", "military_police", "legal", "international"),
    "people": ("citizen",),
    "organisations": ("expert", "business", "ngo", "media", "celebrity"),
    "documents": ("document",),
    "nameless": ("unnamed", "collective"),
    "not_given": ("unresolved",),
}
HEARD = (
    "source",
    "type",
    "group",
    "known",
    "outlet",
    "name_there",
    "type_there",
    "how",
    "attributions",
    "words",
    "word_share",
    "rank",
    "first",
)


def heard(joint: list[Joint], labels: list[str], documents: list[Document]) -> pd.DataFrame:
    """Return one row per source and article that hears it.

    Columns: source (fullest name), type (a key of data/source_types.yaml or "unresolved"), group (of GROUPS), known
    (False: unnamed or collective, never matched), outlet, name_there, type_there, how (it was matched; "" if one
    article alone has it), attributions, words (attributed), word_share (of that article's attributed words), rank
    (1: the first to be heard there), first (where it is first heard, 0–1 of the text). Rows by source, most
    attributed words in all articles first.
    """
    rows = []
    for one in joint:
        for place in one.places:
            s, document = place.source, documents[place.article]
            start = min((m.start for m in s.mentions), default=0)
            rows.append(
                (
                    one.name,
                    one.type,
                    group_of_joint(one),
                    one.known,
                    place.article,
                    s.name,
                    s.type,
                    place.how,
                    len(s.attributions),
                    s.words,
                    start / max(len(document.text), 1),
                )
            )
    table = pd.DataFrame(
        rows,
        columns=[
            "source",
            "type",
            "group",
            "known",
            "article",
            "name_there",
            "type_there",
            "how",
            "attributions",
            "words",
            "first",
        ],
    )
    table["known"] = table["known"].astype(bool)  # also where no source was found
    table["outlet"] = [labels[i] for i in table["article"]]
    total = table.groupby("article")["words"].transform("sum")
    table["word_share"] = (table["words"] / total).where(total > 0, math.nan)
    table["rank"] = table.groupby("article")["first"].rank(method="first").astype(int) if len(table) else 0
    return table[list(HEARD)]


def only_here(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of `heard` whose source is known and heard by one article alone."""
    single = table.groupby("source")["outlet"].transform("nunique") == 1
    return table[single & table["known"]].reset_index(drop=True)


def in_common(table: pd.DataFrame, articles: int) -> list[str]:
    """Return the names of the known sources that all the articles hear, most attributed words first."""
    counts = table[table["known"]].groupby("source", sort=False)["outlet"].nunique()
    return list(counts[counts == articles].index)


def group_of(source: Source) -> str:
    """Return the group of GROUPS that a source belongs to in its article.

    A named person without a type whom the article describes in words of its own ("a retired welder", "who owns the
    bakery") is one of the people: the description gives no office.
    """
    if source.type == "unresolved" and source.named and len(re.findall(r"\b[a-z]\w+", source.role)) >= 2:
        return "people"
    return next(group for group, kinds in GROUPS.items() if source.type in kinds)


def group_of_joint(one: Joint) -> str:
    """Return the group that most articles give a source, "not_given" only if no article gives another."""
    all_groups = [group_of(place.source) for place in one.places]
    groups = [group for group in all_groups if group != "not_given"]
    return max(groups, key=lambda group: (groups.count(group), -list(GROUPS).index(group)), default="not_given")


def group_shares(sources: list[list[Source]], labels: list[str]) -> pd.DataFrame:
    """Return how each article's attributions spread over the groups of sources.

    Columns: outlet, group (a key of GROUPS), attributions (of this group), all (with a source), share, low, high
    (Wilson), words. Every group in every article, in the order of GROUPS.
    """
    rows = []
    for label, article_sources in zip(labels, sources):
        total = sum(len(s.attributions) for s in article_sources)
        for group in GROUPS:
            mine = [s for s in article_sources if group_of(s) == group]
            count = sum(len(s.attributions) for s in mine)
            share = count / total if total else math.nan
            rows.append((label, group, count, total, share, *wilson(count, total), sum(s.words for s in mine)))
    return pd.DataFrame(rows, columns=["outlet", "group", "attributions", "all", "share", "low", "high", "words"])


def type_shares(sources: list[list[Source]], labels: list[str]) -> pd.DataFrame:
    """Return how each article's attributions spread over types of sources.

    Columns: outlet, type, attributions (of this type), all (with a source), share, low, high (Wilson), words. Types
    in order of all articles' attributions; a row for every type that some article has, in every article.
    """
    counts: dict[str, int] = {}
    for article_sources in sources:
        for s in article_sources:
            counts[s.type] = counts.get(s.type, 0) + len(s.attributions)
    order = sorted(counts, key=lambda t: (t == "unresolved", -counts[t], t))
    rows = []
    for label, article_sources in zip(labels, sources):
        total = sum(len(s.attributions) for s in article_sources)
        for kind in order:
            mine = [s for s in article_sources if s.type == kind]
            count = sum(len(s.attributions) for s in mine)
            share = count / total if total else math.nan
            rows.append((label, kind, count, total, share, *wilson(count, total), sum(s.words for s in mine)))
    return pd.DataFrame(rows, columns=["outlet", "type", "attributions", "all", "share", "low", "high", "words"])
