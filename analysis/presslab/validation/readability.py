"""How right the readability measures are: `python -m presslab.validation.readability ../shared` saves
data/validation/readability.json.

Sentences against 300 boundaries judged by hand, against a second splitter and against human segmentation; syllables of
words held out of CMUdict; levels of OneStopEnglish in order; coverage of the intervals; time; textstat in the same run
throughout."""

from __future__ import annotations

from collections.abc import Callable, Iterable
import csv
from functools import lru_cache
import json
from pathlib import Path
import sys
import time

import numpy as np

from presslab.measures import validity
from presslab.measures.readability import asis, count_sentences, count_words, measure
from presslab.measures.readability.counting import SentenceCounts
from presslab.measures.readability.formulas import INDICES, combined_weights
from presslab.measures.statistics import draws, interval
from presslab.parsing.document import Document, parse
from presslab.reading.from_text import from_text
from presslab.reading.read import read_one

from . import fit_readability
from .train_syllables import held_out

COMMAND = "python -m presslab.validation.readability ../shared"
JUDGED = Path(__file__).resolve().parents[3] / "tests" / "gold" / "sentence_boundaries.csv"
EVERY = 4  # each fourth article of PolNeAR's training part: 210
COVERAGE_LENGTHS, LONG_ARTICLE, WINDOWS = (5, 10, 20, 30, 40), 60, 6
EASIER = "flesch_reading_ease"  # the one index where more is easier


def documents(paths: Iterable[Path]) -> list[Document]:
    """Return files parsed as they are, without cleaning."""
    return [_document(path) for path in sorted(paths)]


@lru_cache(maxsize=None)
def _document(path: Path) -> Document:
    return parse(read_one(str(path), clean=False, any_language=True))


def second_splitter(document: Document) -> set[int]:
    """Return the starts of sentences by blingfire, paragraph by paragraph."""
    import blingfire

    found = set()
    for start, end, _ in document.paragraphs:
        found |= {start + s for s, _ in blingfire.text_to_sentences_and_offsets(document.text[start:end])[1]}
    return found


def agreement(both: int, ours: int, theirs: int) -> dict[str, float]:
    """Return precision, recall and F1 from what both, ours alone and theirs alone have."""
    return {
        "precision": round(both / (both + ours), 4),
        "recall": round(both / (both + theirs), 4),
        "f1": round(2 * both / (2 * both + ours + theirs), 4),
    }


def judged_boundaries(folder: Path, gold: Path = JUDGED, articles: int | None = None) -> dict[str, float]:
    """Return our boundaries, and the second splitter's, on the articles with boundaries judged by hand.

    Where both agree the boundary is taken for right, where they differ it is as judged; differences that nobody
    judged are left out, and counted in `not_judged`. `judged_right` is the share of judged places that each has
    right.
    """
    judged: dict[str, dict[int, bool]] = {}
    for row in csv.DictReader(gold.open(encoding="utf-8")):
        judged.setdefault(row["article"], {})[int(row["offset"])] = row["boundary"] == "1"
    chosen = sorted(judged)[:articles]
    sums = {name: np.zeros(4, int) for name in ("ours", "theirs")}
    agreed, unjudged = 0, 0
    for document in documents(folder / f"{name}.txt" for name in chosen):
        verdicts = judged[document.article.id]
        sets = {"ours": {start for start, _, _ in document.sentences}, "theirs": second_splitter(document)}
        agreed += len(sets["ours"] & sets["theirs"])
        unjudged += len((sets["ours"] ^ sets["theirs"]) - set(verdicts))
        for offset, boundary in verdicts.items():
            for name, starts in sets.items():
                sums[name][2 * boundary + (offset in starts)] += 1
    found: dict[str, float] = {"articles": len(chosen), "agreed": agreed, "not_judged": unjudged}
    for name, (right_no, extra, missed, right_yes) in sums.items():
        scores = agreement(agreed + int(right_yes), int(extra), int(missed))
        found |= {f"{name}_{key}": value for key, value in scores.items()}
        found[f"{name}_judged_right"] = round(float((right_no + right_yes) / sums[name].sum()), 3)
    return found | {"f1": found["ours_f1"], "judged": int(sums["ours"].sum())}


def sentence_counts(articles: list[Document]) -> dict[str, float]:
    """Return mean absolute error of the number of sentences against the second splitter, ours and textstat's; F1 of
    our boundaries."""
    errors: dict[str, list[float]] = {"ours": [], "textstat": []}
    both = alone = missed = 0
    for document in articles:
        theirs, ours = second_splitter(document), {start for start, _, _ in document.sentences}
        both, alone, missed = both + len(ours & theirs), alone + len(ours - theirs), missed + len(theirs - ours)
        errors["ours"].append(abs(len(ours) / len(theirs) - 1))
        errors["textstat"].append(abs(asis.sentence_count(document.text) / len(theirs) - 1))
    return (
        {"articles": len(articles)}
        | {f"{k}_error": round(float(np.mean(v)), 4) for k, v in errors.items()}
        | agreement(both, alone, missed)
    )


def segmented_by_hand(file: Path) -> dict[str, float]:
    """Return our boundaries against UD English GUM (`paragraphs_by_hand`)."""
    both, alone, missed = paragraphs_by_hand(file).sum(0).tolist()
    sentences = len(file.read_text("utf-8").splitlines())
    return {"sentences": sentences, "boundaries": both + missed} | agreement(both, alone, missed)


def paragraphs_by_hand(file: Path) -> np.ndarray:
    """Return boundaries inside paragraphs of UD English GUM that both have, ours alone, theirs alone: one row per
    paragraph. Sentences of one document that follow each other are put in one paragraph where the first ends with a
    mark, and cut again."""
    rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    paragraphs: list[list[str]] = []
    before = ("", -1)
    for row in rows:
        name, _, number = row["id"].rpartition("-")
        if before != (name, int(number) - 1) or paragraphs[-1][-1][-1] not in ".?!\"”’')":
            paragraphs.append([])
        paragraphs[-1].append(row["text"].strip())
        before = (name, int(number))
    counts = []
    for sentences in paragraphs:
        document = parse(from_text(" ".join(sentences), clean=False, any_language=True))
        gold = set(np.cumsum([0, *(len(s) + 1 for s in sentences[:-1])]).tolist()) - {0}
        ours = {start for start, _, _ in document.sentences} - {0}
        counts.append((len(ours & gold), len(ours - gold), len(gold - ours)))
    return np.array(counts)


def passive_sentences(file: Path) -> dict[str, float]:
    """Return the sentences of UD English GUM with a passive clause: precision, recall and F1."""
    both = alone = missed = 0
    for row in map(json.loads, file.read_text("utf-8").splitlines()):
        table = count_sentences(count_words(parse(from_text(row["text"], clean=False, any_language=True))))
        ours, gold = bool(table.column("passive_sentences").any()), row["passives"] > 0
        both, alone, missed = both + (ours and gold), alone + (ours and not gold), missed + (gold and not ours)
    return agreement(both, alone, missed)


def levels(shared: Path, every: int = 1) -> dict[str, object]:
    """Return the share of pairs of levels of one story in order for each index, ours and textstat's, and the means
    of each level.

    `every` takes only each such story; of so few the combined index is not fitted again.
    """
    stories = fit_readability.read_stories(shared)
    chosen = set(sorted({story for story, _ in stories})[::every])
    stories = {key: text for key, text in stories.items() if key[0] in chosen}
    tables = {key: fit_readability.counted(text) for key, text in stories.items()}
    combined = (
        {}
        if every > 1
        else fit_readability.in_folds({key: fit_readability.parts(table) for key, table in tables.items()})
    )
    theirs = {key: asis.scores(text) for key, text in stories.items()}
    order, means = {}, {}
    for formula in INDICES:
        name = formula.__name__
        scores = {key: float(formula(table.total())) for key, table in tables.items()}
        means[name] = [
            round(float(np.mean([v for (_, at), v in scores.items() if at == level])), 2) for level in range(3)
        ]
        order[name] = _ordered(combined if name == "combined_readability" and every == 1 else scores, name)
    textstat = {name: _ordered({key: found[name] for key, found in theirs.items()}, name) for name in asis.NAMES}
    return {"stories": len(tables) // 3, "order": order, "textstat_order": textstat, "level_means": means}


def _ordered(scores: dict[fit_readability.Key, float], name: str) -> float:
    sign = -1 if name.endswith(EASIER) else 1
    return round(fit_readability.order_accuracy({key: sign * value for key, value in scores.items()}), 4)


def coverage(articles: list[Document]) -> dict[str, dict[str, float]]:
    """Return how often the 95 % interval of n sentences in a row contains the score of the whole article, and half
    its width.

    WINDOWS stretches of each article of LONG_ARTICLE sentences or more, at equal distances; by "n5", "n10" …, then
    by index; `mean` over the indices.
    """
    tables = [table for table in (count_sentences(count_words(d)) for d in articles) if len(table) >= LONG_ARTICLE]
    found: dict[str, dict[str, float]] = {}
    for length in COVERAGE_LENGTHS:
        inside: dict[str, list[bool]] = {f.__name__: [] for f in INDICES}
        width: dict[str, list[float]] = {f.__name__: [] for f in INDICES}
        for table in tables:
            for first in np.linspace(0, len(table) - length, WINDOWS).astype(int):
                part = SentenceCounts(table.sentence[first : first + length], table.counts[first : first + length])
                resampled = part.summed(draws(length))
                for formula in INDICES:
                    low, high = interval(np.asarray(formula(resampled)), length)
                    inside[formula.__name__].append(bool(low <= float(formula(table.total())) <= high))
                    width[formula.__name__].append(float(high - low) / 2)
        row = {name: round(float(np.mean(values)), 3) for name, values in inside.items()}
        row |= {"mean": round(float(np.mean(list(row.values()))), 3), "lowest": min(row.values())}
        found[f"n{length}"] = row | {
            f"half_width_{name}": round(float(np.mean(values)), 2) for name, values in width.items()
        }
    return found | {"articles": {"count": len(tables), "windows": WINDOWS * len(tables)}}


def cost(articles: list[Document], words: int = 750) -> dict[str, float]:
    """Return CPU milliseconds for an article of `words` words, parse excluded: all measures, textstat's column
    among them; and textstat's column alone. The first half of the articles warms up, the second half is timed."""
    half = len(articles) // 2
    for document in articles[:half]:
        measure(document)
    total = sum(len(document.words) for document in articles[half:])
    return {
        "all_ms": round(_milliseconds(measure, articles[half:]) * words / total, 1),
        "words": words,
        "articles": len(articles) - half,
    }


def _milliseconds(work: Callable[[Document], object], articles: list[Document]) -> float:
    start = time.process_time()
    for document in articles:
        work(document)
    return 1000 * (time.process_time() - start)


def main(shared: Path) -> None:
    """Measure everything and save it."""
    train = shared / "polnear" / "train" / "text"
    articles = documents(sorted(train.glob("*.txt"))[::EVERY])
    sentences = shared / "passives" / "sentences.jsonl"
    work: dict[str, Callable[[], object]] = {
        "syllables": held_out,
        "sentences": lambda: sentence_counts(articles),
        "coverage": lambda: coverage(articles),
        "cost": lambda: cost(articles),
        "boundaries": lambda: judged_boundaries(train),
        "gum": lambda: segmented_by_hand(sentences),
        "passives": lambda: passive_sentences(sentences),
        "onestop": lambda: levels(shared),
        "combined": combined_weights,
    }
    found = {}
    for name, measured in work.items():
        found[name] = measured()
        print(name, json.dumps(found[name])[:300], flush=True)
    print(validity.save("readability", COMMAND, found))


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared"))
