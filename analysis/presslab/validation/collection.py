"""What the intervals of a collection hold: articles drawn again and again from PolNeAR, their interval against the
pool's value."""

from __future__ import annotations

import csv
from dataclasses import replace
from functools import partial
import os
from pathlib import Path
import sys
from typing import Any

import numpy as np

from presslab.collecting.gather import Collection, gather
from presslab.measures import validity
from presslab.measures.statistics import ratio
from presslab.reading.article import Article
from presslab.reading.read import read_one
from presslab.system.parallel import in_parallel

SIZES = (10, 20, 40, 100)
TIMES = 400  # draws an outlet, measure and size are shared among
MEANS = (
    "attributed_word_share",
    "source_count",
    "flesch_kincaid_grade",
    "frame_conflict",
    "loaded_word_share",
    "hedges_per_1000",
)
SHARES = {"women": ("gender", "woman"), "politician": ("type", "politician"), "unnamed": ("type", "unnamed")}
SEED = 3


def pool(shared: Path) -> Collection:
    """Return PolNeAR train as a collection with outlets and dates. Raises FileNotFoundError if it is missing."""
    return gather(
        articles(shared, listed(shared, "train")),
        "PolNeAR train",
        spread=partial(in_parallel, jobs=os.cpu_count() or 1),
    )


def listed(shared: Path, part: str) -> list[dict]:
    """Return the rows of PolNeAR's table for a part of it ("train", "dev")."""
    with (shared / "polnear" / "metadata.tsv").open(encoding="utf-8", newline="") as stream:
        return [r for r in csv.DictReader(stream, delimiter="\t") if r["compartment"] == part]


def articles(shared: Path, rows: list[dict], part: str = "train") -> list[Article]:
    """Return the articles of rows of PolNeAR's table, those that can be read."""
    found = []
    for row in rows:
        path = shared / "polnear" / part / "text" / f"{row['filename']}.txt"
        article = read_one(path, clean=False)
        found.append(replace(article, outlet=row["publisher"], published=row["publication_date"]))
    return found


def coverage(c: Collection) -> dict[str, dict[str, float]]:
    """Return for each size: how often the interval of a mean (of MEANS) and of a share (of SHARES) of so many
    articles of an outlet holds that outlet's value; `none`: how often none could be given, because all articles
    were alike."""
    random = np.random.default_rng(SEED)
    owner = c.articles.set_index("id")["outlet"]
    pools: dict[str, list[tuple[np.ndarray, np.ndarray]]] = {"means": [], "shares": []}
    for outlet in c.outlets:
        ids = c.articles.loc[c.articles["outlet"] == outlet, "id"]
        for name in MEANS:
            mine = c.values[
                (c.values["measure"] == name) & c.values["value"].notna() & (c.values["id"].map(owner) == outlet)
            ]
            pools["means"].append((mine["value"].to_numpy(), np.ones(len(mine))))
        for column, key in SHARES.values():
            counted = c.sources[c.sources["gender"].isin(("woman", "man"))] if column == "gender" else c.sources
            below = counted.groupby("id")["attributions"].sum().reindex(ids, fill_value=0)
            above = counted[counted[column] == key].groupby("id")["attributions"].sum().reindex(ids, fill_value=0)
            pools["shares"].append((above[below > 0].to_numpy(float), below[below > 0].to_numpy(float)))
    found: dict[str, dict[str, float]] = {}
    for size in SIZES:
        found[str(size)] = {}
        none = tried = 0
        for kind, members in pools.items():
            held = given = 0
            for x, y in members:
                truth = x.sum() / y.sum()
                for _ in range(TIMES // len(c.outlets)):
                    drawn = random.integers(0, len(x), size)
                    _, low, high = ratio(x[drawn], y[drawn])
                    tried += 1
                    none += bool(np.isnan(low))
                    given += not np.isnan(low)
                    held += low <= truth <= high
            found[str(size)][kind] = round(held / given, 4)
        found[str(size)]["none"] = round(none / tried, 4)
    return found


def measured(shared: Path) -> dict[str, Any]:
    """Return all figures of the family "corpus"."""
    c = pool(shared)
    return {"articles": len(c.articles), "outlets": len(c.outlets), "coverage": coverage(c)}


if __name__ == "__main__":
    where = sys.argv[1] if len(sys.argv) > 1 else "../shared"
    print(validity.save("corpus", f"python -m presslab.validation.collection {where}", measured(Path(where))))
