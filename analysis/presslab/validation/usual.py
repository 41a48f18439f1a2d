"""What is usual in news: `python -m presslab.validation.usual ../shared ../news`.

Writes data/usual.json, the quantiles of every measure over some thousand articles of five kinds of news (`news` says
which, and where the public ones come from). Numbers only, no texts. News of politics weighs POLITICS, the other kinds
the rest in equal parts, however many articles they have."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
import os
from pathlib import Path
import sys

import numpy as np
import pandas as pd

from presslab.measures import usual
from presslab.measures.framing.frames import listed
from presslab.system.parallel import in_parallel

from . import news
from .usual_numbers import Row, numbers

PLACE = Path(__file__).resolve().parents[1] / "data" / "usual.json"
POLITICS = 0.4  # most news that is analysed is about politics, and no kind should be most of what is usual
COMMAND = "python -m presslab.validation.usual ../shared ../news"


def table(stories: list[news.Story]) -> pd.DataFrame:
    """Return the numbers of articles: article (its place in `stories`), words, measure, scope, value (frames: raw
    scores), counted (words of the scope). Articles that can't be measured (no English, too short) are left out."""
    rows: list[tuple[int, *Row]] = []
    items = ((place, story.id, story.text) for place, story in enumerate(stories))
    for (place, *_), found in in_parallel(numbers, items, jobs=os.cpu_count() or 1):
        if isinstance(found, list):
            rows += [(place, *row) for row in found]
    return pd.DataFrame(rows, columns=["article", "words", "measure", "scope", "value", "counted"]).dropna(
        subset="value"
    )


def yardstick(found: pd.DataFrame, stories: list[news.Story]) -> usual.Yardstick:
    """Return the quantiles of all numbers."""
    measured = sorted(set(found["article"]))
    kinds = Counter(stories[i].kind for i in measured)
    shares = {kind: POLITICS if kind == "politics" else (1 - POLITICS) / (len(kinds) - 1) for kind in kinds}
    weight = pd.Series({i: shares[stories[i].kind] / kinds[stories[i].kind] for i in measured})
    quantiles: dict[tuple[str, str], usual.Groups] = {}
    for (name, scope), rows in found.groupby(["measure", "scope"]):
        frame = name.startswith(usual.FRAME)
        if frame and scope != "article":
            continue
        values, words = (rows[column].to_numpy(float) for column in ("value", "words"))
        key = (name.replace(usual.FRAME, usual.RAW, 1) if frame else name, scope)
        quantiles[key] = usual.by_length(values, words, weight[rows["article"]].to_numpy())
    for frame in listed():
        placed = replace(frame, usual=quantiles[usual.RAW + frame.name, "article"])
        for scope, rows in found[found["measure"] == frame.column].groupby("scope"):
            values = np.array([placed.value(*row) for row in zip(rows["value"], rows["counted"])])
            quantiles[frame.column, scope] = ((0, usual.quantiles(values, weight[rows["article"]].to_numpy())),)
    outlets = {stories[i].outlet for i in measured}
    years = [year for i in measured for year in stories[i].year.split("–")]
    return usual.Yardstick(
        {"articles": len(measured), "outlets": len(outlets), "years": f"{min(years)}–{max(years)}",
         "kinds": {kind: kinds[kind] for kind in news.KINDS},
         "weights": {kind: round(shares[kind], 3) for kind in news.KINDS},
         "corpora": "PolNeAR, BASIL, Narrative Frames Corpus, OneStopEnglish (texts for advanced readers), saved web"
                    " pages, BBC News (Greene & Cunningham 2006), ABC (NLTK)", "made": COMMAND},
        quantiles,
    )  # fmt: skip


def main(shared: Path, downloaded: Path) -> None:
    """Measure all articles and write the yardstick."""
    stories = list(news.stories(shared, downloaded))
    made = yardstick(table(stories), stories)
    PLACE.write_text(usual.as_json(made), "utf-8")
    print(f"{made.about['articles']} articles of {made.about['outlets']} outlets, {made.about['years']}: {PLACE}")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:3] if len(sys.argv) > 2 else ("../shared", "../news")))
