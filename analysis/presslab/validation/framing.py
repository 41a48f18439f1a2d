"""How well the framing measures agree with human coders: `python -m presslab.validation.framing ../shared`.

Writes data/validation/framing.json, which the cards quote.
"""

from __future__ import annotations

from collections.abc import Callable
import json
from pathlib import Path
import sys
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from presslab.measures import validity
from presslab.measures.framing.frames import GENERIC, Frame, frame_measures, generic
from presslab.measures.framing.language import loaded
from presslab.measures.framing.lexicon import builtin
from presslab.measures.framing.match import find
from presslab.measures.framing.passives import find_passives
from presslab.measures.framing.scopes import parts
from presslab.measures.statistics.agreement import roc_area, roc_bootstrap
from presslab.parsing.document import Document, parse
from presslab.reading.article import Failure
from presslab.reading.read import read

Coding = TypeVar("Coding")
GROUPS = 5  # of coded articles with like scores


def documents(file: Path) -> list[Document]:
    """Return the texts of a JSON lines file, parsed as they stand."""
    documents = []
    for item in read([file], clean=False, any_language=True):
        if isinstance(item, Failure):
            raise SystemExit(f"{file.name}: {item.id}: {item.reason}")
        documents.append(parse(item))
    return documents


def coded(file: Path, key: Callable[[dict], Coding]) -> dict[str, Coding]:
    """Return what `key` takes from each line of a JSON lines file, by id."""
    rows = (json.loads(line) for line in file.read_text("utf-8").splitlines())
    return {row["id"]: key(row) for row in rows}


def values(documents: list[Document], frame: Frame) -> np.ndarray:
    """Return the frame's value in each document, scope article."""
    found = (frame_measures(d, ["journalist"] * len(d.tokens), frame)[0] for d in documents)
    return np.array([measure.value for measure in found])


def like(value: np.ndarray, judged: np.ndarray) -> list[list[float]]:
    """Return equal groups of coded articles by rising value: highest value, articles, those in which coders saw the
    frame."""
    groups = np.array_split(np.argsort(value, kind="stable"), GROUPS)
    return [[round(float(value[g].max()), 3), len(g), int(judged[g].sum())] for g in groups]


def frames_report(documents: list[Document], gold: dict[str, dict[str, bool]]) -> dict[str, object]:
    """Return the areas of the five frames on the rows that the lists were tuned on (even) and on the others (odd), and
    what coders saw in articles with like values (`like`).

    `calibration_error` is the mean distance between the share coded in such a group of one half and in articles of the
    other half with values like theirs.
    """
    report: dict[str, dict[str, Any]] = {}
    halves = np.arange(len(documents)) % 2
    for frame in generic():
        value = values(documents, frame)
        judged = np.array([gold[d.article.id][frame.name] for d in documents])
        low, high = roc_bootstrap(judged, value)
        errors = []
        for half in (0, 1):
            groups = like(value[halves != half], judged[halves != half])
            tops = [top for top, *_ in groups[:-1]]
            at = np.searchsorted(tops, value[halves == half])
            there = judged[halves == half]
            errors += [
                abs(seen / n - there[at == k].mean()) for k, (_, n, seen) in enumerate(groups) if (at == k).any()
            ]
        report[frame.name] = {
            "coded": int(judged.sum()),
            "tuned_rows": round(roc_area(judged[halves == 0], value[halves == 0]), 3),
            "unseen_rows": round(roc_area(judged[halves == 1], value[halves == 1]), 3),
            "all": round(roc_area(judged, value), 3),
            "low": round(low, 3),
            "high": round(high, 3),
            "calibration_error": round(float(np.mean(errors)), 3),
            "like": like(value, judged),
        }
    means = {
        f"mean_{part}": round(float(np.mean([report[name][part] for name in GENERIC])), 3)
        for part in ("tuned_rows", "unseen_rows", "all")
    }
    return {**report, **means, "articles": len(documents)}


def loaded_report(documents: list[Document], gold: dict[str, bool]) -> dict[str, Any]:
    """Return the area of loaded_word_share on sentences that experts called biased or not; no weight was
    fitted on them."""
    shares = []
    for document in documents:
        scopes = parts(document, ["journalist"] * len(document.tokens))[:1]
        shares.append(loaded(document, scopes, find(document, (builtin("loaded"),))[0])[0].value)
    judged, values = np.array([gold[d.article.id] for d in documents]), np.array(shares)
    low, high = roc_bootstrap(judged, values)
    return {
        "sentences": len(documents),
        "coded": int(judged.sum()),
        "all": round(roc_area(judged, values), 3),
        "low": round(low, 3),
        "high": round(high, 3),
    }


def passives_report(documents: list[Document], gold: dict[str, tuple[int, int]]) -> dict[str, object]:
    """Return precision, recall and F1 of passive clauses and of those with an agent, counted sentence by sentence."""
    report: dict[str, object] = {"sentences": len(documents)}
    found = [find_passives(document) for document in documents]
    for at, name in enumerate(("clauses", "with_agent")):
        mine = np.array([len(f) if name == "clauses" else sum(p.agent >= 0 for p in f) for f in found])
        theirs = np.array([gold[d.article.id][at] for d in documents])
        agreed = np.minimum(mine, theirs).sum()
        report[name] = {
            "gold": int(theirs.sum()),
            "found": int(mine.sum()),
            "precision": round(float(agreed / mine.sum()), 3),
            "recall": round(float(agreed / theirs.sum()), 3),
            "f1": round(float(2 * agreed / (mine.sum() + theirs.sum())), 3),
        }
    return report


def measured(shared: Path) -> dict[str, object]:
    """Return all figures, measured on the corpora in a folder (frames, babe, passives). Raises OSError if one is
    missing."""
    climate, babe, passives = (
        shared / "frames" / "articles.jsonl",
        shared / "babe" / "sentences.jsonl",
        shared / "passives" / "sentences.jsonl",
    )
    return {
        "frames": frames_report(documents(climate), coded(climate, lambda row: row["frames"])),
        "loaded_word_share": loaded_report(documents(babe), coded(babe, lambda row: row["biased"])),
        "passives": passives_report(
            documents(passives), coded(passives, lambda row: (row["passives"], row["with_agent"]))
        ),
    }


def result(corpora: str = "") -> tuple[dict[str, object], str]:
    """Return figures and a sentence that says where they come from: measured now on the corpora in a folder, or,
    for "" and where there is no such folder, the saved result."""
    if corpora and Path(corpora).is_dir():
        return measured(Path(corpora)), "Measured now, on the corpora in the folder that the parameter names."
    saved = validity.figures("framing")
    made = saved["made"]
    absent = "There is no folder with corpora here. " if corpora else ""
    return (
        saved,
        f"{absent}This is the saved result of {made['date']}, made by `{made['command']}` at commit {made['commit']}.",
    )


# What others reach on the same data: lists written in minutes and TF-IDF with logistic regression, five folds, in
# domain.
SEED_WORDS = {"conflict": 0.69, "human_interest": 0.72, "economic": 0.86, "morality": 0.75, "resolution": 0.64}
IN_DOMAIN = {"conflict": 0.80, "human_interest": 0.76, "economic": 0.86, "morality": 0.89, "resolution": 0.71}


def frames_table(figures: dict) -> pd.DataFrame:
    """Return areas under the ROC curve by frame, with the two yardsticks. Rows: the five frames and their mean."""
    rows = [
        {
            "frame": name,
            "coded": f["coded"],
            "half tuned on": f["tuned_rows"],
            "half not seen": f["unseen_rows"],
            "all": f["all"],
            "95 % interval": f"{f['low']:.2f} to {f['high']:.2f}",
            "seed words": SEED_WORDS[name],
            "TF-IDF in domain": IN_DOMAIN[name],
            "calibration error": f["calibration_error"],
        }
        for name, f in ((n, figures["frames"][n]) for n in GENERIC)
    ]
    mean = {"frame": "mean", "coded": figures["frames"]["articles"], "95 % interval": ""}
    table = pd.DataFrame(rows)
    numeric = [c for c in table.columns if c not in ("frame", "coded", "95 % interval")]
    return pd.concat([table, pd.DataFrame([mean | table[numeric].mean().round(3).to_dict()])], ignore_index=True)


def loaded_table(figures: dict) -> pd.DataFrame:
    """Return area under the ROC curve of loaded words on sentences, beside two general sentiment lists."""
    f = figures["loaded_word_share"]
    return pd.DataFrame(
        [
            ("presslab, loaded words", f["all"], f"{f['low']:.2f} to {f['high']:.2f}"),
            ("VADER, absolute compound", 0.55, ""),
            ("TextBlob, subjectivity", 0.57, ""),
        ],
        columns=["list", "area under ROC curve", "95 % interval"],
    )


def passives_table(figures: dict) -> pd.DataFrame:
    """Return precision, recall and F1 of passive clauses and of those with an agent."""
    rows = [
        ("passive clauses", figures["passives"]["clauses"]),
        ("those with an agent", figures["passives"]["with_agent"]),
    ]
    return pd.DataFrame([{"what": name, **f} for name, f in rows])


def main(arguments: list[str]) -> None:
    """Read the shared corpora, measure, compare, write the figures."""
    shared = Path(next((a for a in arguments if not a.startswith("-")), "../shared"))
    validity.save("framing", "python -m presslab.validation.framing ../shared", measured(shared))


if __name__ == "__main__":
    main(sys.argv[1:])
