"""How hard is it to read: counts, formulas, intervals, for the whole body, the prose and the quotations."""

from __future__ import annotations

from dataclasses import replace
import math

import numpy as np

from presslab.parsing.document import Document

from ..measure import SCOPES, Measure
from ..statistics import draws, interval, intervals
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
    """Return first − second of one index, with the bootstrap interval of the difference: the sentences of both are
    drawn again.

    NaN if one of the two is too short, with the reason. Raises KeyError for a name that is no index or component.
    """
    formula = {f.__name__: f for f in INDICES + COMPONENTS}[name]
    values, notes, fewest = [], [], math.inf
    for place, document in enumerate((first, second)):
        table = count_sentences(count_words(document, aloud), scope)
        if too_short(table):
            return Measure(name, scope, math.nan, note=f"{document.article.id}: {too_short(table)}")
        resampled = table.summed(draws(len(table)))
        # the draws of the second in another order: articles of equally many sentences are drawn independently
        values.append((float(formula(table.total())), np.roll(formula(resampled), place * 367)))
        notes.append(warning(table, name))
        fewest = min(fewest, table.sentences)
    value = values[0][0] - values[1][0]
    low, high = interval(values[0][1] - values[1][1], int(fewest))
    return Measure(
        name,
        scope,
        value,
        min(low, value),
        max(high, value),
        int(fewest),
        note="; ".join(filter(None, dict.fromkeys(notes))),
    )


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
        reasons.append("few sentences: the true interval is wider than the one shown")
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
    total, resampled = table.total(), table.summed(draws(len(table)))
    evidence = hardest(document, counted) if scope == "article" else ()
    ends = intervals([np.asarray(formula(resampled)) for formula in INDICES + COMPONENTS], table.sentences)
    for formula, (low, high) in zip(INDICES + COMPONENTS, ends):
        value = float(formula(total))
        shown = evidence if formula in INDICES else ()
        note = warning(table, formula.__name__)
        numbers.append(
            Measure(formula.__name__, scope, value, min(low, value), max(high, value), table.sentences, shown, note)
        )
    lengths = np.sort(table.column("words")[table.column("sentences") > 0])
    below = draws(len(lengths)).cumsum(1)
    ends = intervals([lengths[(below >= share * len(lengths)).argmax(1)] for _, share in LENGTHS], table.sentences)
    for (name, share), (low, high) in zip(LENGTHS, ends):
        value = float(np.percentile(lengths, 100 * share))
        numbers.append(
            Measure(name, scope, value, min(low, value), max(high, value), table.sentences, note=warning(table, name))
        )
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
