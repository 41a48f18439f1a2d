"""How hard is it to read: counts, formulas, intervals, for the whole body, the prose and the quotations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
import math

import numpy as np

from presslab.parsing.document import Document

from ..measure import SCOPES, Measure
from ..statistics import FEWEST_CLUSTERS, blocks, draws, intervals, jackknife, summed
from ..statistics.mover import mover_difference
from .counting import SentenceCounts, WordCounts, count_sentences, count_words
from .formulas import COMPONENTS, INDICES, Counts
from .prose import left_out, words_left_out
from .sentences import hardest, plain_words, sentence_difficulty

__all__ = [
    "Counts",
    "SentenceCounts",
    "WordCounts",
    "count_sentences",
    "count_words",
    "difference",
    "hardest",
    "measure",
    "plain_words",
    "sentence_difficulty",
    "too_short",
    "words_left_out",
]

FEWEST_WORDS, FEWEST_SENTENCES, FEW_SENTENCES, SMOG_SENTENCES = 100, 5, 20, 30
# measures that say how many words are left out
NOTED = tuple((name, "article") for name in ("word_count", "sentence_count", "combined_readability"))
SHARES = ("long_sentence_share", "passive_sentence_share", "hard_word_share", "rare_word_share")
POSITIVE = ("lix", "rix", "gunning_fog", "mean_sentence_length", "syllables_per_word", "mean_zipf")
# least and most value, if a formula has them; the SMOG of a text without long words is its constant
RANGE = {
    **dict.fromkeys(SHARES, (0.0, 1.0)),
    **dict.fromkeys(POSITIVE, (0.0, math.inf)),
    "smog_index": (3.1291, math.inf),
}
Formula = Callable[[Counts], float | np.ndarray]
LENGTHS = (("median_sentence_length", 0.5), ("p90_sentence_length", 0.9))


def measure(document: Document) -> list[Measure]:
    """Return all readability measures of the body's sentences (no headlines, lists, tables, captions), for the scopes
    article, journalist (sentences of which at most half the words are in quotation marks) and quoted (the others)."""
    counted = count_words(document)
    numbers: list[Measure] = []
    for scope in SCOPES:
        numbers += _scope(document, counted, scope)
    if others := words_left_out(document):
        said = f"without {others} words of tables, lists, captions and labels"
        numbers = [
            replace(m, note="; ".join(filter(None, [said, m.note]))) if (m.name, m.scope) in NOTED else m
            for m in numbers
        ]
    return numbers + _textstat(document, counted)


def difference(first: Document, second: Document, name: str, scope: str = "article", aloud: bool = False) -> Measure:
    """Return first − second of one index, with the interval of the difference, made of the intervals of both.

    NaN if one of the two is too short, with the reason. Raises KeyError for a name that is no index or component.
    """
    formula = {f.__name__: f for f in INDICES + COMPONENTS}[name]
    found, notes, fewest = [], [], math.inf
    for document in (first, second):
        table = count_sentences(count_words(document, aloud), scope)
        if too_short(table):
            return Measure(name, scope, math.nan, note=f"{document.article.id}: {too_short(table)}")
        found.append(_index(table, _blocks(document, table), formula))
        notes.append(warning(table, name))
        fewest = min(fewest, table.sentences)
    ends = mover_difference(*found)
    return Measure(name, scope, *ends, int(fewest), note="; ".join(filter(None, dict.fromkeys(notes))))


def _blocks(document: Document, table: SentenceCounts) -> np.ndarray:
    """Return the block of each sentence of a table."""
    return blocks(np.array([document.sentences[i][2] for i in table.sentence]))


def _index(table: SentenceCounts, numbers: np.ndarray, formula: Formula) -> tuple[float, float, float]:
    """Return an index of a table with its 95 % interval over blocks."""

    def of(sums: np.ndarray) -> np.ndarray:
        return np.asarray(formula(table.of(sums)))

    least, most = RANGE.get(formula.__name__, (-math.inf, math.inf))
    return float(formula(table.total())), *jackknife(summed(table.counts, numbers), of, least, most)


def too_short(table: SentenceCounts) -> str:
    """Return why a text gets no score; "" if it is long enough."""
    if table.words >= FEWEST_WORDS and table.sentences >= FEWEST_SENTENCES:
        return ""
    return (
        f"too short: {table.words} words in {table.sentences} sentences (needs {FEWEST_WORDS} and {FEWEST_SENTENCES})"
    )


def warning(table: SentenceCounts, name: str) -> str:
    """Return what a reader must know of a score of few sentences; "" if there are enough."""
    reasons = []
    if table.sentences < FEW_SENTENCES:
        reasons.append(f"{table.sentences} sentences: few to say much")
    if name == "smog_index" and table.sentences < SMOG_SENTENCES:
        reasons.append(f"SMOG was made for {SMOG_SENTENCES} sentences, here are {table.sentences}")
    return "; ".join(reasons)


def _scope(document: Document, counted: WordCounts, scope: str) -> list[Measure]:
    table = count_sentences(counted, scope)
    numbers = [
        Measure("word_count", scope, table.words, n=table.words),
        Measure("sentence_count", scope, table.sentences, n=table.sentences),
    ]
    refusal = too_short(table)
    if refusal:
        names = [f.__name__ for f in INDICES + COMPONENTS] + [name for name, _ in LENGTHS]
        return numbers + [Measure(name, scope, math.nan, n=table.sentences, note=refusal) for name in names]
    numbers_of = _blocks(document, table)
    evidence = hardest(document, counted) if scope == "article" else ()
    for formula in INDICES + COMPONENTS:
        shown = evidence if formula in INDICES else ()
        found = _index(table, numbers_of, formula)
        note = warning(table, formula.__name__)
        numbers.append(Measure(formula.__name__, scope, *found, table.sentences, shown, note))
    whole = table.column("sentences") > 0
    order = np.argsort(table.column("words")[whole], kind="stable")
    lengths, owner = table.column("words")[whole][order], numbers_of[whole][order]
    count = int(owner.max()) + 1
    below = draws(count)[:, owner].cumsum(1)
    drawn = [lengths[(below >= share * below[:, -1:]).argmax(1)] for _, share in LENGTHS]
    ends = intervals(drawn, count) if count >= FEWEST_CLUSTERS else [(math.nan, math.nan)] * len(LENGTHS)
    for (name, share), (low, high) in zip(LENGTHS, ends):
        value = float(np.percentile(lengths, 100 * share))
        low, high = (min(low, value), max(high, value)) if low < high else (math.nan, math.nan)
        numbers.append(Measure(name, scope, value, low, high, table.sentences, note=warning(table, name)))
    return numbers


def _textstat(document: Document, counted: WordCounts) -> list[Measure]:
    """Return textstat's own figures for the same body, as they are, for comparison with other people's numbers."""
    from .asis import NAMES, scores

    out = left_out(document)
    paragraphs = [(s, e) for n, (s, e, role) in enumerate(document.paragraphs) if role == "body" and n not in out]
    body = "\n\n".join(document.text[s:e] for s, e in paragraphs)
    words = len(counted.sentence)
    if words < FEWEST_WORDS:
        note = f"too short: {words} words (needs {FEWEST_WORDS})"
        return [Measure(f"textstat_{name}", "article", math.nan, note=note) for name in NAMES]
    return [Measure(f"textstat_{name}", "article", value, n=words) for name, value in scores(body).items()]
