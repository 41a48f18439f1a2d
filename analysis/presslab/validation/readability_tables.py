"""Results of validation as tables for the notebook: the saved ones, and those measured again on a part of the
corpora."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from presslab.measures import validity
from presslab.measures.readability import formulas as f
from presslab.measures.readability.formulas import INDICES, Counts

from . import readability
from .train_syllables import held_out

# Counts with the score that a publication gives for them (formula, counts, score, where from)
PUBLISHED = (
    (f.dale_chall_score, Counts(words=1900, sentences=100, hard_words=95), 5.3684, "Dale & Chall (1948), worksheet"),
    (f.dale_chall_score, Counts(words=1500, sentences=100, hard_words=225), 6.7490, "Dale & Chall (1948), worksheet"),
    (f.dale_chall_score, Counts(words=1900, sentences=100, hard_words=285), 6.9474, "Dale & Chall (1948), worksheet"),
    (f.coleman_liau_index, Counts(words=119, sentences=5, letters=639), 14.530, "Coleman & Liau (1975), abstract"),
    (f.flesch_reading_ease, Counts(words=13, sentences=1, syllables=24), 37.455, "Flesch (1948), as worked by others"),
    (f.flesch_reading_ease, Counts(words=1, sentences=1, syllables=1), 121.220, "upper bound of the formula"),
    (f.flesch_kincaid_grade, Counts(words=1, sentences=1, syllables=1), -3.400, "lower bound of the formula"),
    (f.flesch_kincaid_grade, Counts(words=570, sentences=100, syllables=581.4), -1.331, "Green Eggs and Ham"),
    (f.smog_index, Counts(polysyllables=64, sentences=30), 11.473, "McLaughlin (1969), precise formula"),
    (f.gunning_fog, Counts(words=100, sentences=5, complex_words=14), 13.600, "Gunning (1952), worked example"),
)
PART = 24  # the notebook measures again on so small a part: each 24th article, each 24th story
COUNTING = (
    (
        "boundaries judged by hand where two splitters differ: right",
        "boundaries",
        "ours_judged_right",
        "theirs_judged_right",
    ),
    ("sentence boundaries of these articles: F1", "boundaries", "ours_f1", "theirs_f1"),
    ("sentence boundaries of UD English GUM: F1", "gum", "f1", ""),
    ("number of sentences: mean error against the second splitter", "sentences", "ours_error", "textstat_error"),
    ("syllables of held-out words: exact", "syllables", "exact", "rules_exact"),
    ("syllables of held-out words: exact, weighted by frequency", "syllables", "weighted", "rules_weighted"),
    ("sentences with a passive clause: F1", "passives", "f1", ""),
)


def saved() -> dict[str, Any]:
    """Return the result that `python -m presslab.validation.readability` saved last."""
    return validity.figures("readability")


def measured(corpora: str) -> dict[str, Any]:
    """Return the same figures on a small part of the corpora; {} if the folder is not there."""
    shared = Path(corpora)
    if not (shared / "onestop").is_dir():
        return {}
    articles = readability.documents(sorted((shared / "polnear" / "train" / "text").glob("*.txt"))[::PART])
    return {
        "syllables": held_out(folds=1),
        "sentences": readability.sentence_counts(articles),
        "coverage": readability.coverage(articles),
        "onestop": readability.levels(shared, PART),
    }


def told(corpora: str, now: dict[str, Any]) -> str:
    """Return a sentence that says what the tables below were measured on."""
    made = saved()["made"]
    base = f"Saved result: made on {made['date']} at commit {made['commit']} by {made['command']}."
    if not now:
        return f"{base} The corpora are not at {corpora}, so nothing is measured again here."
    return (
        f"{base} Measured now: {now['sentences']['articles']} articles and {now['onestop']['stories']} stories from"
        f" {corpora}."
    )


def gold() -> pd.DataFrame:
    """Return each published score beside ours for the same counts: index, source, published, ours, difference."""
    rows = [(formula.__name__, source, score, float(formula(counts))) for formula, counts, score, source in PUBLISHED]
    table = pd.DataFrame(rows, columns=["index", "source", "published", "ours"])
    return table.assign(difference=(table["ours"] - table["published"]).round(4))


def order(found: dict[str, Any]) -> pd.DataFrame:
    """Return the share of pairs of levels in order, long: index, counted_by ("presslab" or "textstat"), share; no
    rows for no result."""
    rows = [(name, "presslab", share) for name, share in found.get("onestop", {}).get("order", {}).items()]
    names = {"dale_chall_readability_score": "dale_chall_score"}
    rows += [
        (names.get(n, n), "textstat", share) for n, share in found.get("onestop", {}).get("textstat_order", {}).items()
    ]
    return pd.DataFrame(rows, columns=["index", "counted_by", "share"])


def level_means(found: dict[str, Any]) -> pd.DataFrame:
    """Return the mean of each index on the three levels of OneStopEnglish, one row per index."""
    means = found.get("onestop", {}).get("level_means", {})
    return pd.DataFrame.from_dict(means, orient="index", columns=["elementary", "intermediate", "advanced"])


def counting(found: dict[str, Any]) -> pd.DataFrame:
    """Return what was counted, presslab's figure and that of the other: a second splitter, textstat, or rules alone."""
    rows = [
        (label, found[part][ours], found[part].get(theirs)) for label, part, ours, theirs in COUNTING if part in found
    ]
    return pd.DataFrame(rows, columns=["what", "presslab", "other"])


def coverage(found: dict[str, Any]) -> pd.DataFrame:
    """Return how often the 95 % interval holds the article's score, long: sentences, index, share."""
    rows = [
        (int(length[1:]), formula.__name__, row[formula.__name__])
        for length, row in found.get("coverage", {}).items()
        if length.startswith("n")
        for formula in INDICES
    ]
    return pd.DataFrame(rows, columns=["sentences", "index", "share"])
