"""What is usual in news: `python -m presslab.validation.usual ../shared ../news`.

Writes data/usual.json, the quantiles of every measure over some thousand articles of five kinds of news (`news` says
which, and where the public ones come from). Numbers only, no texts. Each kind weighs the same, however many articles it
has."""

from __future__ import annotations

from collections import Counter
import os
from pathlib import Path
import sys

import numpy as np
import pandas as pd

from presslab.measures import usual
from presslab.measures.framing.frames import RAW, listed
from presslab.system.parallel import in_parallel

from . import news
from .usual_numbers import numbers

PLACE = Path(__file__).resolve().parents[1] / "data" / "usual.json"
COMMAND = "python -m presslab.validation.usual ../shared ../news"


def table(stories: list[news.Story]) -> pd.DataFrame:
    """Return the numbers of articles: article (its place in `stories`), words, measure, scope, value (frames: raw
    scores). Articles that can't be measured (no English, too short) are left out."""
    rows: list[tuple[int, int, str, str, float]] = []
    items = ((place, story.id, story.text) for place, story in enumerate(stories))
    for (place, *_), found in in_parallel(numbers, items, jobs=os.cpu_count() or 1):
        if isinstance(found, list):
            rows += [(place, *row) for row in found]
    return pd.DataFrame(rows, columns=["article", "words", "measure", "scope", "value"]).dropna(subset="value")


def yardstick(found: pd.DataFrame, stories: list[news.Story]) -> usual.Yardstick:
    """Return the quantiles of all numbers, each kind of news weighing the same."""
    measured = sorted(set(found["article"]))
    kinds = Counter(stories[i].kind for i in measured)
    weight = pd.Series({i: 1 / kinds[stories[i].kind] for i in measured})
    quantiles = {}
    for (name, scope), rows in found.groupby(["measure", "scope"]):
        values, weights = rows["value"].to_numpy(float), weight[rows["article"]].to_numpy()
        if name.startswith("frame_"):  # by what quantiles raw scores become values; a frame doesn't go with length
            if scope == "article":
                quantiles[RAW + name.removeprefix("frame_"), scope] = ((0, usual.quantiles(values, weights)),)
        else:
            quantiles[name, scope] = usual.by_length(values, rows["words"].to_numpy(float), weights)
    for frame in listed():
        raw = quantiles[RAW + frame.name, "article"][0][1]
        for scope, rows in found[found["measure"] == frame.column].groupby("scope"):
            values = np.array([usual.share_below(raw, value) for value in rows["value"]])
            quantiles[frame.column, scope] = ((0, usual.quantiles(values, weight[rows["article"]].to_numpy())),)
    outlets = {stories[i].outlet for i in measured}
    years = [year for i in measured for year in stories[i].year.split("–")]
    return usual.Yardstick(
        {"articles": len(measured), "outlets": len(outlets), "years": f"{min(years)}–{max(years)}",
         "kinds": {kind: kinds[kind] for kind in news.KINDS}, "weights": "each kind of news weighs the same",
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
