"""What `--text excerpts` and `--text none` leave of a comparison."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from presslab.reporting.withheld import FULL, analysis, names, quoted, source_cut

from . import Comparison


def comparison(c: Comparison, show: str) -> Comparison:
    """Return a comparison without the long stretches of text in its articles, names, passages and contexts."""
    if show == FULL:
        return c
    articles = tuple(analysis(a, show) for a in c.articles)
    there = [{one.name: two.name for one, two in zip(a.sources, b.sources)} for a, b in zip(c.articles, articles)]
    short = names([j.name for j in c.joint])
    actors = names(c.actors["actor"])
    place = {label: number for number, label in enumerate(c.labels)}
    joint = tuple(
        replace(j, name=short[j.name], places=tuple(
            replace(p, source=source_cut(p.source, there[p.article][p.source.name])) for p in j.places
        ))
        for j in c.joint
    )  # fmt: skip
    texts = [quoted(c.articles[place[r.outlet]].document, r.start, r.end, show) or "…" for r in c.passages.itertuples()]
    return replace(
        c, articles=articles, joint=joint, actors=c.actors.assign(actor=c.actors["actor"].map(actors)),
        heard=c.heard.assign(
            source=c.heard["source"].map(short),
            name_there=[there[place[r.outlet]][r.name_there] for r in c.heard.itertuples()],
        ),
        passages=c.passages.assign(text=pd.Series(texts, index=c.passages.index, dtype=object)),
        words=c.words.assign(contexts=[[] for _ in range(len(c.words))]),
    )  # fmt: skip
