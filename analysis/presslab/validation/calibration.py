"""Whether calibrated shares of frames are right on articles that they were not fitted on:
`python -m presslab.validation.calibration ../shared`.

342 articles on climate that people coded for five frames (../shared/frames) are halved by story HALVES times: a curve
is fitted on one half, and in five groups by rising value of the other half the forecast is compared with what coders
saw. Then codes are dealt out to articles at random: no frame should be calibrated. Then curves are known, and codes are
made by them. Writes data/validation/calibration.json, which the page of `presslab frames calibrate` quotes."""

from __future__ import annotations

from itertools import product
from pathlib import Path
import sys
from typing import Any

import numpy as np
import pandas as pd

from presslab.coding import calibrate
from presslab.coding.calibrate import Calibration, log_odds
from presslab.collecting.events import events
from presslab.measures import validity
from presslab.measures.framing.frames import generic
from presslab.measures.statistics import Z95
from presslab.measures.statistics.counted import beyond
from presslab.measures.statistics.logistic import share
from presslab.parsing.document import Document
from presslab.reading.duplicates import fingerprint

from .framing import coded, documents, values

COMMAND = "python -m presslab.validation.calibration ../shared"
HALVES, SHUFFLES, STUDIES = 100, 400, 300
GROUPS = 5
SIZES = (100, 200, 400)  # coded articles of a made-up study
# curves by which codes are made: log odds of the share at value .5, and how fast they rise there
TRUE = {"rare": (-2.2, 1.0), "common": (-0.5, 1.0), "weak": (-0.5, 0.4), "steep": (0.5, 2.0)}
RISES = {"value": lambda value: 4 * (value - 0.5), "log odds": log_odds}  # evenly with what they rise
POINTS = np.array([0.1, 0.3, 0.5, 0.7, 0.9])


def tables(parsed: list[Document], gold: dict[str, dict[str, bool]]) -> dict[str, pd.DataFrame]:
    """Return the coded articles of each frame, with the columns `calibrate.COLUMNS`; each weighs the same."""
    articles = [document.article for document in parsed]
    story = events([fingerprint(a) for a in articles], [(a.published or "")[:10] for a in articles])
    ids = [a.id for a in articles]
    return {
        frame.name: pd.DataFrame(
            {
                "id": ids,
                "value": values(parsed, frame),
                "seen": [float(gold[id][frame.name]) for id in ids],
                "weight": 1.0,
                "story": [story[id] for id in ids],
            }
        )
        for frame in generic()
    }


def right(one: Calibration, other: pd.DataFrame) -> list[bool]:
    """Return for GROUPS of other articles by rising value whether as many have the frame as forecast and interval let
    expect.

    The number expected is binomial, with a share that lies around the mean forecast as its interval says (normal on the
    scale of log odds); 5 % of numbers should be farther out (mid-p).
    """
    shares, low, high = one.shares(other["value"].to_numpy())
    seen = other["seen"].to_numpy()
    spread = (_log_odds(high) - _log_odds(low)) / (2 * Z95)
    hits = []
    for group in np.array_split(np.argsort(other["value"].to_numpy(), kind="stable"), GROUPS):
        forecast = float(_log_odds(shares[group].mean()))
        chance = beyond(int(seen[group].sum()), len(group), forecast, float(spread[group].mean()))
        hits.append(0.025 <= chance <= 0.975)
    return hits


def _log_odds(shares: np.ndarray) -> np.ndarray:
    return np.log(shares / (1 - shares))


def halved(coded_articles: dict[str, pd.DataFrame]) -> dict[str, Any]:
    """Return how often forecasts were right on the other half, and Brier scores there, by frame and for all."""
    random = np.random.default_rng(1)
    stories = sorted(set().union(*(set(t["story"]) for t in coded_articles.values())))
    rows = []
    for _ in range(HALVES):
        half = set(random.permutation(stories)[: len(stories) // 2])
        parts = {n: (t[t["story"].isin(half)], t[~t["story"].isin(half)]) for n, t in coded_articles.items()}
        found = calibrate.calibrate({name: one.reset_index(drop=True) for name, (one, _) in parts.items()})
        for name, one in found.items():
            other = parts[name][1]
            row = {"frame": name, "calibrated": bool(one.curves)}
            if one.curves:
                seen = other["seen"].to_numpy()
                row |= {"right": np.mean(right(one, other))}
                row |= {"brier": np.mean((one.shares(other["value"].to_numpy())[0] - seen) ** 2)}
                row |= {"brier_value": np.mean((other["value"] - seen) ** 2), "brier_same": seen.var()}
            rows.append(row)
    table = pd.DataFrame(rows)
    summary = {name: _rounded(part) for name, part in table.groupby("frame", sort=False)}
    better = (table["brier"] < table["brier_value"])[table["calibrated"]]
    return {"frames": summary, "all": _rounded(table) | {"better": round(float(better.mean()), 3)}}


def _rounded(part: pd.DataFrame) -> dict[str, float]:
    return {name: round(float(part[name].mean()), 3) for name in part if name != "frame"}


def shuffled(coded_articles: dict[str, pd.DataFrame]) -> float:
    """Return in what share of shuffles no frame was calibrated: each article gets the codes of another one."""
    random, none = np.random.default_rng(2), 0
    for _ in range(SHUFFLES):
        order = random.permutation(len(next(iter(coded_articles.values()))))
        dealt = {name: t.assign(seen=t["seen"].to_numpy()[order]) for name, t in coded_articles.items()}
        none += all(not one.curves for one in calibrate.calibrate(dealt).values())
    return round(none / SHUFFLES, 3)


def simulated() -> dict[str, dict[str, float]]:
    """Return how often the interval of a share holds the true one, by size of the sample and kind of curve: at the
    lowest of POINTS, and on average. Only samples that are calibrated count; `calibrated` is their share."""
    random = np.random.default_rng(3)
    report: dict[str, dict[str, float]] = {}
    for size, (kind, (start, slope)), (scale, rises) in product(SIZES, TRUE.items(), RISES.items()):
        truth, hits = share(start + slope * rises(POINTS)), []
        for _ in range(STUDIES):
            value = random.random(size)
            seen = (random.random(size) < share(start + slope * rises(value))).astype(float)
            table = pd.DataFrame({"id": range(size), "value": value, "seen": seen, "weight": 1.0})
            one = calibrate.calibrate({kind: table.assign(story=table["id"].astype(str))})[kind]
            if one.curves:
                _, low, high = one.shares(POINTS)
                hits.append((low <= truth) & (truth <= high))
        means = np.mean(hits, axis=0)
        report[f"{kind}, by {scale}, {size} coded"] = {
            "calibrated": round(len(hits) / STUDIES, 3),
            "lowest": round(float(means.min()), 3),
            "mean": round(float(means.mean()), 3),
        }
    return report


def measured(shared: Path) -> dict[str, Any]:
    """Return all figures. Raises OSError if the corpus is missing."""
    file = shared / "frames" / "articles.jsonl"
    coded_articles = tables(documents(file), coded(file, lambda row: row["frames"]))
    return {
        "articles": len(next(iter(coded_articles.values()))),
        "halves_count": HALVES,
        "shuffles_count": SHUFFLES,
        "studies_count": STUDIES,
        "halves": halved(coded_articles),
        "shuffled_none": shuffled(coded_articles),
        "simulated": (studies := simulated()),
        "simulated_lowest": min(study["mean"] for study in studies.values()),
        "simulated_mean": round(float(np.mean([study["mean"] for study in studies.values()])), 3),
    }


if __name__ == "__main__":
    print(validity.save("calibration", COMMAND, measured(Path(sys.argv[1]))))
