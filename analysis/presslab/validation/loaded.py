"""How well loaded words agree with people: `python -m presslab.validation.loaded ../shared`.

Writes data/validation/loaded.json: the records that cards quote (articles of BASIL in each scope, sentences of BABE),
the agreement on each half of BASIL's events (marked spans were read in the first only), what limits it, and the
precision of 200 marked words that a language model judged twice (loaded_words.csv: the list as it was before words
that these passes found to describe left; both passes were made in one sitting, so that their agreement says little).
Which groups of words stay was decided with the figures on BABE and on the first half in view: only the other half is
unseen. With `--keep FOLDER` the numbers of each corpus are kept there and read the next time.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import asdict
import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from presslab.measures import attribution, validity
from presslab.measures.framing.language import loaded
from presslab.measures.framing.lexicon import builtin
from presslab.measures.framing.match import find
from presslab.measures.framing.scopes import parts
from presslab.measures.measure import SCOPES
from presslab.measures.statistics import wilson
from presslab.measures.statistics.agreement import alpha
from presslab.measures.validity import Record
from presslab.parsing.document import Document

from . import framing, numbers
from .printed import RESAMPLES, SEED, compared, over_groups, paired, record, spearman

COMMAND = "python -m presslab.validation.loaded ../shared"
JUDGED = Path(__file__).resolve().parents[1] / "data" / "validation" / "loaded_words.csv"
QUOTED = {"article": ("yes", "no"), "journalist": ("no",), "quoted": ("yes",)}
SPLITS = 200


def article_records(shared: Path, kept: Path | None) -> list[Record]:
    """Return the rank correlation with the share of words in spans of lexical bias (BASIL) in each scope; the interval
    draws events again."""
    table = numbers.table("loaded_spans", shared, kept)
    events = framing.coded(shared / "basil" / "articles.jsonl", lambda row: row["event"])
    about = {"corpus": "basil", "on": "BASIL, US political news: words in spans marked as lexical bias",
             "years": "2010–2016", "topic": "politics", "coders": "two trained people who then agreed",
             "unit": "article"}  # fmt: skip
    records = []
    for scope in SCOPES:
        pairs = paired(table, "loaded_word_share", scope)
        known = table[(table["scope"] == scope) & (table["by"] == "presslab") & table["value"].notna()]
        ids = sorted(known.loc[known["measure"] == "loaded_word_share", "article"])  # `paired` sorts by article
        groups = np.array([events[i] for i in ids])
        found = compared("loaded_word_share", scope, pairs, "Spearman", groups, error=False)
        records.append(record(found | about))
    return records


def sentence_record(shared: Path) -> Record:
    """Return the area under the ROC curve on sentences that experts called biased or not (BABE).

    No weight was fitted on them, but groups of words were kept or cut with this figure in view: it is no unseen one.
    """
    babe = shared / "babe" / "sentences.jsonl"
    found: dict[str, Any] = framing.loaded_report(
        framing.documents(babe), framing.coded(babe, lambda row: row["biased"])
    )
    return Record(measure="loaded_word_share", scope="article", corpus="babe", statistic="area under ROC",
                  value=found["all"], low=found["low"], high=found["high"], n=found["sentences"], unit="sentence",
                  on="BABE, US news on contested topics", years="2017–2020", topic="politics",
                  coders="experts: trained people")  # fmt: skip


def looked_at(event: str) -> bool:
    """Return whether the marked spans of this event of BASIL were read: one half of the events, by their hash."""
    return int(hashlib.sha256(event.encode()).hexdigest(), 16) % 2 == 0


def spans(document: Document, phrases: list[dict]) -> Iterator[tuple[int, int]]:
    """Yield the places in a document's text of the phrases that BASIL's coders marked; theirs count from the beginning
    of the sentence."""
    text = document.text
    for phrase in phrases:
        at, places = -1, []
        while (at := text.find(phrase["txt"], at + 1)) >= 0:
            places.append(at)
        fit = [
            p for p in places if p == phrase["start"] or text[p - phrase["start"] - 1 : p - phrase["start"]].isspace()
        ]
        if places:
            start = (fit or places)[0]
            yield start, start + len(phrase["txt"])


def by_span(shared: Path) -> pd.DataFrame:
    """Return one row per article of BASIL, for the journalist's own words: `ours`, the coders' spans (`spans`, their
    words `span_words`; `own_words`: those that presslab too gives to the journalist), `seen` spans with a loaded word
    among those of the journalist, `marked` loaded words and `inside` those within a span, `words`, `event`."""
    file = shared / "basil" / "articles.jsonl"
    events = framing.coded(file, lambda row: row["event"])
    phrases = framing.coded(shared / "basil" / "annotations.jsonl", lambda row: row["phrases"])
    rows = []
    for document in framing.documents(file):
        voices = attribution.voices(document, attribution.extract(document))
        scope = parts(document, voices)
        measure = loaded(document, scope, find(document, (builtin("loaded"),))[0])[1]
        chosen = [p for p in phrases[document.article.id] if p["bias"] == "lex" and p["quote"] == "no"]
        places = list(spans(document, chosen))
        t = document.tokens
        own = [
            [i for i in range(len(t)) if s <= t.start[i] < e and voices[i] == "journalist" and t.text[i][:1].isalnum()]
            for s, e in places
        ]
        hits = [(e.start, e.end) for e in measure.evidence]
        rows.append(
            {
                "article": document.article.id, "event": events[document.article.id], "ours": measure.value,
                "words": measure.n, "spans": len(chosen), "span_words": sum(len(p["txt"].split()) for p in chosen),
                "own_words": sum(map(len, own)), "own_spans": sum(map(bool, own)),
                "seen": sum(any(a < e and s < b for a, b in hits) for (s, e), mine in zip(places, own) if mine),
                "marked": len(hits), "inside": sum(any(a < e and s < b for s, e in places) for a, b in hits),
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def agreement(table: pd.DataFrame) -> dict[str, Any]:
    """Return the rank correlation of loaded words with the coders' spans, by article, with intervals over events: share
    of words in spans outside quotations, in those that presslab too gives to the journalist, and number of spans per
    word; `tuned` and `unseen` are the halves of events; and the share of spans with a loaded word (`recall`)."""
    report: dict[str, Any] = {"articles": len(table), "events": table["event"].nunique()}
    tuned = table["event"].map(looked_at).to_numpy()
    groups = table["event"].to_numpy()
    for name, column in (("words", "span_words"), ("own_words", "own_words"), ("spans", "spans")):
        pairs = np.column_stack([table["ours"], table[column] / table["words"]]).astype(float)
        low, high = over_groups(spearman, pairs, groups)
        report[name] = {"all": spearman(pairs), "low": low, "high": high,
                        "tuned": spearman(pairs[tuned]), "unseen": spearman(pairs[~tuned])}  # fmt: skip
    report["recall"] = table["seen"].sum() / table["own_spans"].sum()
    report["unseen_recall"] = table.loc[~tuned, "seen"].sum() / table.loc[~tuned, "own_spans"].sum()
    report["own_spans"], report["all_spans"] = int(table["own_spans"].sum()), int(table["spans"].sum())
    report["inside"] = table["inside"].sum() / table["marked"].sum()
    return report


def ceiling(table: pd.DataFrame) -> dict[str, float]:
    """Return what limits the agreement with so few spans: `halves`, the rank correlation of the rates of two random
    halves of an article's spans (mean of SPLITS), stepped up to all spans by Spearman & Brown (`reliability`), and its
    root, the most that a measure of an article's rate could reach (`rate`); `voice` is the correlation of a detector
    that marks the coders' own spans wherever presslab hears the journalist."""
    random = np.random.default_rng(SEED)
    counts, words = table["spans"].to_numpy(), table["words"].to_numpy()
    splits = random.binomial(counts, 0.5, (SPLITS, len(counts)))
    halves = float(np.mean([spearman(np.column_stack([s / words, (counts - s) / words])) for s in splits]))
    full = 2 * halves / (1 + halves)
    voice = spearman(np.column_stack([table["own_words"] / words, table["span_words"] / words]))
    return {"halves": halves, "reliability": full, "rate": full**0.5, "voice": voice}


def precision(judged: pd.DataFrame) -> dict[str, Any]:
    """Return how many of the words drawn judge rather than describe: the mean of two passes with Wilson's interval at
    that share, agreement and Krippendorff's alpha of the passes, by strength, by collection, by kind (with `n`)."""
    both = judged[["first", "second"]].to_numpy()
    low, high = wilson(round(both.mean() * len(both)), len(both))

    def shares(column: str) -> dict[str, dict[str, float]]:
        means = judged.assign(mean=both.mean(1)).groupby(column)["mean"].agg(["mean", "size"])
        return {str(k): {"share": round(float(m), 2), "n": int(n)} for k, m, n in means.itertuples()}

    return {
        "n": len(both), "share": both.mean(), "low": low, "high": high, "first": both[:, 0].mean(),
        "second": both[:, 1].mean(), "agreement": (both[:, 0] == both[:, 1]).mean(),
        "alpha": alpha(both.T.astype(float), "nominal"),
        "coders": "a language model in two passes of one sitting, no person", "by_strength": shares("strength"),
        "by_collection": shares("collection"), "by_kind": shares("kind"),
    }  # fmt: skip


def measured(shared: Path, kept: Path | None = None) -> dict[str, Any]:
    """Return all figures and records, measured on the corpora in a folder. Raises OSError if one is missing."""
    table = by_span(shared)
    records = [asdict(r) for r in (*article_records(shared, kept), sentence_record(shared))]
    figures = {"basil": agreement(table), "ceiling": ceiling(table), "precision": precision(pd.read_csv(JUDGED))}
    return {
        **json.loads(json.dumps(figures, default=float), parse_float=lambda s: round(float(s), 3)),
        "resamples": RESAMPLES,
        "records": [{k: v for k, v in r.items() if v not in (None, "", ())} for r in records],
    }


def main() -> None:
    """Measure everything and save it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("shared", type=Path, nargs="?", default=Path("../shared"))
    parser.add_argument("--keep", type=Path, help="folder in which the numbers of each corpus are kept")
    given = parser.parse_args()
    print(validity.save("loaded", COMMAND, measured(given.shared, given.keep)))


if __name__ == "__main__":
    main()
