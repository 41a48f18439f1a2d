"""The validity of each printed number, at its unit and scope: `python -m presslab.validation.printed ../shared`.

Writes data/validation/printed.json: one record per number, scope and corpus, each computed from the very measures that
reports print (`numbers`). Cards refer to these records by the corpus, so that no card can quote another number's
figure. Intervals are by bootstrap over articles (stories where there are several versions of one). With `--keep FOLDER`
the numbers of each corpus are kept there and read the next time.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import asdict
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from presslab.measures import validity
from presslab.measures.framing.passives import find_passives
from presslab.measures.readability.formulas import INDICES
from presslab.measures.sources.types import source_types
from presslab.measures.statistics import wilson
from presslab.measures.statistics.agreement import correlation, roc_area
from presslab.measures.validity import Record
from presslab.parsing.document import parse
from presslab.reading.from_text import from_text

from . import fit_readability, frames_other, numbers, readability, train_syllables

COMMAND = "python -m presslab.validation.printed ../shared"
RESAMPLES, SEED = 2000, 22
FEWEST = 10  # articles that have the number: below there is no figure

# What presslab decides in its own numbers and in those computed from the coders' marks alike: a figure says nothing of
# an error in it.
NAMES, TYPES, GENDERS, CUES, MARKS = "who is who", "types of sources", "genders", "classes of cues", "quotation marks"
SHARED_STEPS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("direct_word_share", "mixed_word_share", "indirect_word_share"), (MARKS,)),
    **dict.fromkeys(
        ("source_count", "named_share", "top_source_word_share", "source_concentration", "source_evenness",
         "single_source", "top_source_lede_share"), (NAMES,),
    ),
    **dict.fromkeys(("unnamed_share", "collective_share"), (NAMES, TYPES)),
    **{f"source_type_share_{key}": (NAMES, TYPES) for key in (*source_types(), "unresolved")},
    "women_share": (NAMES, GENDERS),
}  # fmt: skip
WORDS = ("attributed_word_share", "unattributed_word_count", "attributions_per_1000", "headline_attributed_share",
         "lede_attributed_share")  # fmt: skip


def steps(name: str) -> tuple[str, ...] | None:
    """Return the steps that presslab and a coder's marks share for a measure; None if marks of attributions don't
    check it at all."""
    if name.startswith("stance_"):
        return (CUES,)
    return () if name in WORDS else SHARED_STEPS.get(name)


def paired(table: pd.DataFrame, name: str, scope: str, theirs: str = "first", ours: str = "presslab") -> np.ndarray:
    """Return one row per article that both have a number for: ours, theirs."""
    chosen = table[(table["measure"] == name) & (table["scope"] == scope)]
    wide = chosen.pivot(index="article", columns="by", values="value").reindex(columns=[ours, theirs]).dropna()
    return wide.to_numpy(float)


def pearson(pairs: np.ndarray) -> float:
    """Return the correlation of the first column with the second; NaN if one of them does not vary."""
    return correlation(pairs[:, 0], pairs[:, 1], np.ones(len(pairs)))


def spearman(pairs: np.ndarray) -> float:
    """Return the rank correlation, ties at their mean rank."""
    return pearson(np.column_stack([pd.Series(column).rank() for column in pairs.T]))


def area(pairs: np.ndarray) -> float:
    """Return the area under the ROC curve of the first column for a second that is 0 or 1."""
    return roc_area(pairs[:, 1] > 0, pairs[:, 0])


def over_groups(statistic: Callable[[np.ndarray], float], pairs: np.ndarray, groups: np.ndarray) -> tuple[float, float]:
    """Return the 95 % percentile interval of a statistic, groups of rows drawn again; NaN if a draw in ten has none."""
    random = np.random.default_rng(SEED)
    members = [np.flatnonzero(groups == g) for g in dict.fromkeys(groups.tolist())]
    values = np.array(
        [
            statistic(pairs[np.concatenate([members[i] for i in random.integers(len(members), size=len(members))])])
            for _ in range(RESAMPLES)
        ]
    )
    if np.isnan(values).mean() > 0.1:
        return math.nan, math.nan
    low, high = np.nanpercentile(values, (2.5, 97.5))
    return float(low), float(high)


def compared(
    measure: str, scope: str, pairs: np.ndarray, statistic: str, groups: np.ndarray | None = None, error: bool = True
) -> dict[str, Any]:
    """Return the figures of a record from rows of ours and theirs: value and interval, and, for numbers in one unit,
    mean error, bias and the spread (standard deviation) of theirs."""
    formula = {"r": pearson, "Spearman": spearman, "area under ROC": area}[statistic]
    low, high = over_groups(formula, pairs, np.arange(len(pairs)) if groups is None else groups)
    off = pairs[:, 0] - pairs[:, 1]
    found = {"measure": measure, "scope": scope, "statistic": statistic, "value": formula(pairs), "low": low,
             "high": high, "n": len(pairs)}  # fmt: skip
    if error:
        found |= {"error": np.abs(off).mean(), "bias": off.mean(), "spread": pairs[:, 1].std(ddof=1)}
    return found


def by_article(table: pd.DataFrame, theirs: str = "first", **about: object) -> list[Record]:
    """Return a record for each number that the marks of attributions can check."""
    records = []
    for name, scope in dict.fromkeys(zip(table["measure"], table["scope"])):
        shared = steps(name)
        if shared is None:
            continue
        pairs = paired(table, name, scope, theirs)
        found = compared(name, scope, pairs, "r") if len(pairs) >= FEWEST else {"low": math.nan}
        if not math.isnan(found["low"]):  # a figure without an interval says nothing
            records.append(record(found | {"unit": "article", "shared": shared} | about))
    return records


def _beside(table: pd.DataFrame, ours: str, theirs: str) -> np.ndarray:
    """Return one row per article: our number, another number of the coder."""
    one = table[(table["measure"] == ours) & (table["by"] == "presslab")].set_index("article")["value"]
    other = table[(table["measure"] == theirs) & (table["by"] == "first")].set_index("article")["value"]
    return pd.concat([one, other], axis=1).dropna().to_numpy(float)


def record(found: dict[str, Any]) -> Record:
    """Return a record with its figures rounded to four digits."""
    figures = ("value", "low", "high", "error", "bias", "spread")
    rounded: dict[str, Any] = {k: _rounded(v) if k in figures else v for k, v in found.items()}
    return Record(**rounded)


def _rounded(value: float) -> float | None:
    return None if value is None or math.isnan(value) else float(f"{value:.4g}")


def attribution_records(shared: Path, kept: Path | None) -> list[Record]:
    """Return the numbers of attribution against PolNeAR's first annotator, against a language model on news that is
    not politics, and the second annotator against the first."""
    about = {"corpus": "polnear", "on": "PolNeAR dev, US political news", "years": "2016", "topic": "politics",
             "coders": "one trained person per article"}  # fmt: skip
    dev = numbers.table("dev", shared, kept)
    records = by_article(dev, **about)
    records += by_article(
        numbers.table("other_news", shared, kept), corpus="other_news",
        on="other news: courts, science, business, sport, culture and climate from OneStopEnglish, Narrative Frames and"
        " saved web pages",
        years="2013–2019", topic="other", coders="a language model, no person",
    )  # fmt: skip
    records.append(
        record(compared("source_count", "article", _beside(dev, "source_count", "source_wordings"), "r")
                | about | {"corpus": "polnear_wordings", "unit": "article", "of": "different wordings of sources"})
    )  # fmt: skip
    double = pd.concat([numbers.table("double_train", shared, kept), dev])
    double = double[double["article"].isin(double.loc[double["by"] == "second", "article"].unique())]
    swapped = double.assign(by=double["by"].map({"second": "presslab", "first": "first"})).dropna(subset=["by"])
    records += by_article(
        swapped, **about | {"corpus": "polnear_people", "on": "PolNeAR, the articles that two people coded",
                            "coders": "two trained people, the second against the first",
                            "of": "a second coder against the first"},
    )  # fmt: skip
    return records


def frame_records(shared: Path, kept: Path | None) -> list[Record]:
    """Return the five frames by article, on the half of the Narrative Frames Corpus that the lists were not tuned
    on."""
    table = numbers.table("coded_frames", shared, kept)
    order = list(dict.fromkeys(table["article"]))
    unseen = table[table["article"].isin(order[1::2])]
    about = {
        "corpus": "frames",
        "on": "Narrative Frames Corpus, US and UK news on climate, the half that no word list was tuned on",
        "years": "2017–2019",
        "topic": "climate",
        "coders": "trained people",
        "unit": "article",
        "among": 0.36,  # published: median over the corpus's 21 items, .06 to .70
    }
    names = dict.fromkeys(name for name in table["measure"] if name.startswith("frame_"))
    return [
        record(compared(name, "article", paired(unseen, name, "article"), "area under ROC", error=False) | about)
        for name in names
    ]


def level_records(shared: Path, kept: Path | None) -> list[Record]:
    """Return the indices of readability against the three levels to which editors wrote each story: across all stories
    (a harder story may be easier than another at its hardest: so this is a lower bound), and within one story.

    The combined index was fitted on these texts: its values are those of five folds.
    """
    table = numbers.table("graded", shared, kept)
    about = {"on": "OneStopEnglish, 189 Guardian stories that editors wrote at three levels", "years": "2013–2016",
             "topic": "any", "coders": "editors, who wrote the levels"}  # fmt: skip
    folds = fit_readability.in_folds(
        {key: fit_readability.parts(fit_readability.counted(text))
         for key, text in fit_readability.read_stories(shared).items()}
    )  # fmt: skip
    records = []
    for name in (f.__name__ for f in INDICES):
        chosen = table[(table["measure"] == name) & table["value"].notna()]
        story, level = chosen["article"].str.rpartition("|")[0].to_numpy(), chosen["article"].str[-1].astype(int)
        values = [folds[key] for key in zip(story, level)] if name == "combined_readability" else chosen["value"]
        pairs = np.column_stack([values, level]).astype(float) * (-1 if name == readability.EASIER else 1, 1)
        found = compared(name, "article", pairs, "Spearman", story, error=False)
        records.append(record(found | about | {"corpus": "onestop", "unit": "article"}))
        right = in_order(pairs, story)
        low, high = over_groups(lambda rows: float(rows.mean()), right, np.arange(len(right)))
        records.append(
            record({"measure": name, "scope": "article", "corpus": "onestop_versions", "statistic": "pairs in order",
                     "value": float(right.mean()), "low": low, "high": high, "n": right.size,
                     "unit": "pair of versions", "of": "versions of one story"} | about)
        )  # fmt: skip
    return records


def in_order(pairs: np.ndarray, story: np.ndarray) -> np.ndarray:
    """Return, for each story with three versions, which of its three pairs are in order: 1 or 0. Rows of `pairs` are
    value and level."""
    found = []
    for one in dict.fromkeys(story.tolist()):
        value, level = pairs[story == one].T
        if len(value) == 3:
            easy, middle, hard = value[np.argsort(level)]
            found.append((middle > easy, hard > middle, hard > easy))
    return np.array(found, dtype=float)


def grammar_records(shared: Path) -> list[Record]:
    """Return passive clauses, sentences with one, and ends of sentences against UD English GUM, whose documents are
    drawn again; syllables of words held out of CMUdict."""
    file = shared / "passives" / "sentences.jsonl"
    rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    about = {"corpus": "gum", "on": "UD English GUM, 14 texts of edited genres", "years": "2014–2023", "topic": "any",
             "coders": "trained students, checked"}  # fmt: skip
    texts = np.array([row["id"].rpartition("-")[0] for row in rows])
    found = [find_passives(parse(from_text(row["text"], clean=False, any_language=True))) for row in rows]
    ours = np.array([(len(f), sum(p.agent >= 0 for p in f)) for f in found])
    theirs = np.array([(row["passives"], row["with_agent"]) for row in rows])
    records = []
    for name, mine, gold, unit in (
        ("passive_count", ours[:, 0], theirs[:, 0], "clause"),
        ("passive_with_agent_count", ours[:, 1], theirs[:, 1], "clause"),
        ("passive_sentence_share", ours[:, 0] > 0, theirs[:, 0] > 0, "sentence"),
    ):
        pairs = np.column_stack([mine, gold]).astype(float)
        low, high = over_groups(_f1, pairs, texts)
        n = int(pairs[:, 1].sum()) if unit == "clause" else len(rows)
        records.append(record({"measure": name, "scope": "article", "statistic": "F1", "value": _f1(pairs),
                                "low": low, "high": high, "n": n, "unit": unit} | about))  # fmt: skip
    sums = pd.DataFrame(np.column_stack([ours, theirs]), index=texts).groupby(level=0, sort=False).sum().to_numpy(float)
    sums = sums[(sums[:, 0] > 0) & (sums[:, 2] > 0)]
    shares = np.column_stack([1 - sums[:, 1] / sums[:, 0], 1 - sums[:, 3] / sums[:, 2]])
    records.append(record(compared("agentless_passive_share", "article", shares, "r") | about | {"unit": "article"}))
    boundaries = readability.paragraphs_by_hand(file)
    low, high = over_groups(_f1_of_sums, boundaries, np.arange(len(boundaries)))
    records.append(record({"measure": "sentence_count", "scope": "article", "statistic": "F1",
                            "value": _f1_of_sums(boundaries), "low": low, "high": high,
                            "n": int(boundaries[:, [0, 2]].sum()), "unit": "sentence boundary"} | about))  # fmt: skip
    return [*records, _syllables()]


def _syllables() -> Record:
    found = train_syllables.held_out()
    n = int(found["words"])
    low, high = wilson(round(n * found["exact"]), n)
    return record(
        {"measure": "syllables_per_word", "scope": "article", "corpus": "cmudict", "statistic": "share right",
         "value": found["exact"], "low": low, "high": high, "n": n, "unit": "word",
         "on": "CMUdict, words that did not teach the rules", "years": "2014", "topic": "any",
         "coders": "linguists of the dictionary"}
    )  # fmt: skip


def _f1(pairs: np.ndarray) -> float:
    return 2 * float(np.minimum(*pairs.T).sum()) / max(float(pairs.sum()), 1.0)


def _f1_of_sums(rows: np.ndarray) -> float:
    both, alone, missed = rows.sum(0)
    return 2 * float(both) / max(float(2 * both + alone + missed), 1.0)


def measured(shared: Path, kept: Path | None = None) -> list[Record]:
    """Return all records, measured on the corpora in a folder. Raises OSError if one is missing."""
    return [
        *attribution_records(shared, kept),
        *frame_records(shared, kept),
        *frames_other.records(),  # measured by its own command: it needs corpora that are not in the folder
        *level_records(shared, kept),
        *grammar_records(shared),
    ]


def main() -> None:
    """Measure everything and save it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("shared", type=Path, nargs="?", default=Path("../shared"))
    parser.add_argument("--keep", type=Path, help="folder in which the numbers of each corpus are kept")
    given = parser.parse_args()
    found = map(asdict, measured(given.shared, given.keep))
    records = [{key: value for key, value in record.items() if value not in (None, "", ())} for record in found]
    print(validity.save("printed", COMMAND, {"records": records}))


if __name__ == "__main__":
    main()
