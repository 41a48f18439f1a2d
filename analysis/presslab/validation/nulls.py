"""What reports claim where there is nothing to claim: an article compared with itself, and collections in which outlets
are drawn at random. And whether they find a difference that is there.

    python -m presslab.validation.nulls ../shared

measures 924 articles of PolNeAR, 300 of BASIL and 90 articles in two parts, two ways each: some ten minutes on two
cores, most of it measuring; the draws take about four.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
import json
import os
from pathlib import Path
import sys
from typing import Any

import numpy as np
import pandas as pd

from presslab.collecting import sentences as collected, tables
from presslab.collecting.gather import Collection, firsts, gather
from presslab.measures import validity
from presslab.reading.article import Article
from presslab.reading.from_text import from_text
from presslab.system.parallel import in_parallel

from .claims import said
from .collection import articles as of_polnear, listed
from .halves import longest, split

REPORTS = 200  # collections a design
SIZE = 210  # articles a collection
SEED = 22
NAMES = ("Outlet A", "Outlet B", "Outlet C")


def one_article(shared: Path, spread: Callable) -> dict[str, Any]:
    """Return how many comparisons of an article with itself claim a difference between outlets."""
    articles = list(longest(shared))
    found = [result for _, result in spread(said, (pair for one in articles for pair in split(one).values()))]
    claimed = [f for f in found if f["claims"] or f["tests"]]
    return {"articles": len(articles), "comparisons": len(found), "claimed": len(claimed)}


def _basil(shared: Path) -> list[dict]:
    with (shared / "basil" / "articles.jsonl").open(encoding="utf-8") as stream:
        return [json.loads(line) for line in stream]


def drawn(pool: Collection, rows: np.ndarray, labels: np.ndarray, copies: Iterable[tuple[int, int]] = ()) -> Collection:
    """Return a collection of some of the pool's articles (places) under new outlets; `copies` are (place among `rows`,
    how often it is printed again in its outlet)."""
    articles = pool.articles.iloc[rows].reset_index(drop=True).assign(outlet=labels)
    again = []
    for place, times in copies:
        articles.loc[place, "story"] = articles.loc[place, "id"]
        again += [
            articles.loc[place].to_dict() | {"original": articles.loc[place, "id"], "copy": n} for n in range(times)
        ]
    articles = articles.assign(original=articles["id"], copy=-1)
    articles = pd.concat([articles, pd.DataFrame(again)], ignore_index=True) if again else articles
    articles["id"] = [f"{r.id}~{r.copy}" if r.copy >= 0 else r.id for r in articles.itertuples()]
    values = articles[["id", "original"]].merge(
        pool.values.rename(columns={"id": "original"}), on="original", how="left"
    )
    order = {pair: n for n, pair in enumerate(dict.fromkeys(zip(pool.values["measure"], pool.values["scope"])))}
    values = values.assign(_n=[order[pair] for pair in zip(values["measure"], values["scope"])])
    values = values.sort_values(["_n", "id"], kind="stable")[["id", "measure", "scope", "value"]]
    table = firsts(articles.drop(columns=["original", "copy", "first", "first_there"]))
    table = table.sort_values("id", kind="stable").reset_index(drop=True)
    return replace(pool, articles=table, values=values.reset_index(drop=True), sources=pool.sources.iloc[:0])


def claims(c: Collection) -> bool:
    """Return whether a report on a collection claims a difference, in its table or in its sentences."""
    in_words = any("clearly" in sentence for sentence in collected.clear(c))
    in_table = bool(tables.differences(c)["clear"].any())
    if in_words != in_table:
        raise AssertionError("the sentences of a report claim another thing than its table")
    return in_table


def balanced(pool: Collection, random: np.random.Generator, sizes: tuple[int, ...] = (70, 70, 70)) -> Collection:
    """Return articles drawn from the pool, with outlets of these sizes at random."""
    rows = random.choice(len(pool.articles), sum(sizes), replace=False)
    return drawn(pool, rows, random.permutation(np.repeat(NAMES, sizes)))


def printed(pool: Collection, random: np.random.Generator, times: int, spread_out: bool = False) -> Collection:
    """Return the same, in which ten stories are printed so many times: in one outlet, or wherever they are."""
    rows = random.choice(len(pool.articles), SIZE, replace=False)
    labels = random.permutation(np.repeat(NAMES, SIZE // 3))
    places = np.arange(SIZE) if spread_out else np.flatnonzero(labels == NAMES[0])
    return drawn(pool, rows, labels, [(int(p), times - 1) for p in random.choice(places, 10, replace=False)])


def own(pool: Collection, random: np.random.Generator, of: dict[str, str]) -> Collection:
    """Return all articles of the pool; all on one event (`of`: id → event, as people told it) are of one outlet."""
    outlet = {event: NAMES[random.integers(3)] for event in sorted(set(of.values()))}
    labels = np.array([outlet[of[id]] for id in pool.articles["id"]])
    return drawn(pool, np.arange(len(labels)), labels)


def shifted(pool: Collection, random: np.random.Generator, steps: tuple[float, ...]) -> tuple[Collection, str]:
    """Return three outlets of 60 stories each that differ on one measure, drawn at random, by `steps` standard
    deviations; and that measure."""
    c = balanced(pool, random, (60, 60, 60))
    name = str(random.choice(c.values["measure"].unique()))
    owner, step = c.articles.set_index("id")["outlet"], dict(zip(NAMES, steps))
    mine = c.values["measure"] == name
    value = c.values["value"]
    moved = value + c.values["id"].map(owner).map(step) * value[mine].std()
    return replace(c, values=c.values.assign(value=value.where(~mine, moved))), name


def found(pool: Collection, steps: tuple[float, ...], reports: int = REPORTS) -> int:
    """Return in how many collections the planted difference is called clear."""
    random, count = np.random.default_rng(SEED), 0
    for _ in range(reports):
        c, name = shifted(pool, random, steps)
        table = tables.differences(c)
        count += bool((table["clear"] & (table["measure"] == name)).any())
    return count


def labels(pool: Collection, basil: Collection, of: dict[str, str], reports: int = REPORTS) -> list[dict[str, Any]]:
    """Return for each design in how many collections with outlets at random a difference is claimed."""
    designs: list[tuple[str, Callable]] = [
        ("outlets of 70, 70 and 70 articles", partial(balanced, pool)),
        ("outlets of 10, 10 and 190", partial(balanced, pool, sizes=(10, 10, 190))),
        ("outlets with events of their own", partial(own, basil, of=of)),
        *(
            (f"ten stories of one outlet printed {times} times there", partial(printed, pool, times=times))
            for times in (2, 4, 8)
        ),
        *(
            (f"ten stories printed {times} times", partial(printed, pool, times=times, spread_out=True))
            for times in (2, 4, 8)
        ),
    ]
    results = []
    for number, (name, make) in enumerate(designs):
        random = np.random.default_rng((SEED, number))
        results.append(
            {"name": name, "reports": reports, "claimed": sum(claims(make(random=random)) for _ in range(reports))}
        )
        print(results[-1], flush=True)
    return results


def told_events(basil: Collection, of: dict[str, str]) -> dict[str, float]:
    """Return precision and recall of pairs of articles said to be on one event, against BASIL's triples."""
    ids = basil.articles["id"].tolist()
    ours = basil.articles["event"].to_numpy()
    theirs = np.array([of[id] for id in ids])
    one, two = np.triu_indices(len(ids), 1)
    mine, true = ours[one] == ours[two], theirs[one] == theirs[two]
    both = (mine & true).sum()
    return {"precision": round(float(both / mine.sum()), 3), "recall": round(float(both / true.sum()), 3)}


def pools(shared: Path, spread: Callable) -> tuple[Collection, Collection, dict[str, str]]:
    """Return PolNeAR train and dev, BASIL, and BASIL's events (id → event)."""
    rows: list[Article] = []
    for part in ("train", "dev"):
        rows += of_polnear(shared, listed(shared, part), part)
    basil = _basil(shared)
    texts = [
        replace(from_text(r["text"], r["id"], clean=False), outlet=r["outlet"], published=r["published"]) for r in basil
    ]
    polnear = gather(rows, "PolNeAR", spread=spread)
    return polnear, gather(texts, "BASIL", spread=spread), {r["id"]: r["event"] for r in basil}


def measured(shared: Path, ready: tuple[Collection, Collection, dict[str, str]] | None = None) -> dict[str, Any]:
    """Return all figures of the family "null"; `ready` are pools that were measured before."""
    spread = partial(in_parallel, jobs=os.cpu_count() or 1)
    pool, basil, of = ready or pools(shared, spread)
    return {
        "labels": labels(pool, basil, of),
        "power": {
            "reports": REPORTS,
            "three outlets half a standard deviation apart": found(pool, (0.0, 0.5, 1.0)),
            "one outlet half a standard deviation from two": found(pool, (0.5, 0.0, 0.0)),
        },
        "events": told_events(basil, of),
        "one_article": one_article(shared, spread),
    }


if __name__ == "__main__":
    where = sys.argv[1] if len(sys.argv) > 1 else "../shared"
    print(validity.save("null", f"python -m presslab.validation.nulls {where}", measured(Path(where))))
