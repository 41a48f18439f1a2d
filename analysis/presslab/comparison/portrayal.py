"""The same actors in several articles: what each has them do, what is done to them, and how they are described."""

from __future__ import annotations

import pandas as pd

from presslab.measures import framing
from presslab.measures.attribution import Attribution
from presslab.measures.sources import Source
from presslab.parsing.document import Document

from .own_people import NOBODY, OwnPeople
from .people import match

MOST_ACTORS, MOST_WORDS = 8, 8
COLUMNS = ("actor", "outlet", "acts", "acted_upon", "described", "positive", "negative", "instances")


def portrayal(
    documents: list[Document], attributions: list[list[Attribution]], sources: list[list[Source]], labels: list[str],
    own: OwnPeople = NOBODY,
) -> pd.DataFrame:  # fmt: skip
    """Return one row per actor and outlet, for main actors (`framing.actors`) of two articles or more, most
    instances first.

    Columns: actor (fullest name), outlet, acts, acted_upon, described (words, most frequent first, with how often),
    positive, negative (instances of that tone), instances. Names are matched as sources are (`people.match`).
    """
    tables = [framing.actors(*each) for each in zip(documents, attributions, sources)]
    # any type that can match
    actors = [[Source(name, "government") for name in dict.fromkeys(table["actor"])] for table in tables]
    rows = []
    for joint in match(actors, own):
        if len({p.article for p in joint.places}) < 2:
            continue
        for article in sorted({p.article for p in joint.places}):
            names = [p.source.name for p in joint.places if p.article == article]
            mine = tables[article][tables[article]["actor"].isin(names)]
            words = [
                _words(mine[mine["relation"].isin(kinds)])
                for kinds in (["acts"], ["acted upon"], ["adjective", "label"])
            ]
            tones = mine["tone"].value_counts()
            rows.append(
                (
                    joint.name,
                    labels[article],
                    *words,
                    int(tones.get("positive", 0)),
                    int(tones.get("negative", 0)),
                    len(mine),
                )
            )
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    total = table.groupby("actor")["instances"].transform("sum")
    table = (
        table.assign(total=total)
        .sort_values(["total", "actor"], ascending=[False, True], kind="stable")
        .drop(columns="total")
    )
    top = list(dict.fromkeys(table["actor"]))[:MOST_ACTORS]
    return table[table["actor"].isin(top)].reset_index(drop=True)


def _words(rows: pd.DataFrame) -> str:
    words = list(framing.counted(rows["text"]).items())[:MOST_WORDS]
    return ", ".join(f"{word} ×{count}" if count > 1 else word for word, count in words)
