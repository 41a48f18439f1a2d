"""How hard is it to read: counts, formulas, intervals, for the whole body, the prose and the quotations."""

from __future__ import annotations

from dataclasses import fields
import math

import numpy as np
import pandas as pd

from ..document import Document
from ..evidence import SCOPES, Evidence, Measure, draws, interval
from . import words
from .formulas import COMPONENTS, INDICES, Counts

FEWEST_WORDS, FEWEST_SENTENCES, FEW_SENTENCES, SMOG_SENTENCES = 100, 5, 20, 30
LONG_SENTENCE, LONG_WORD, RARE = 25, 6, 4.0
HARDEST = 5
CONTENT = {"NOUN", "VERB", "ADJ", "ADV"}
NAMES = {"PERSON", "GPE", "LOC", "ORG", "NORP", "FAC", "PRODUCT", "EVENT", "WORK_OF_ART", "LAW"}
COLUMNS = tuple(field.name for field in fields(Counts))


def measure(document: Document) -> list[Measure]:
    """All readability measures of the body (no headlines), for the scopes article, journalist (all words outside
    quotation marks) and quoted (all inside them)."""
    table = word_table(document)
    found: list[Measure] = []
    for scope in SCOPES:
        found += _scope(document, sentence_table(table, scope), scope)
    return found + _textstat(document, table)


def word_table(document: Document) -> pd.DataFrame:
    """One row a word of the body: sentence, quote (−1 outside), start, end, and a 0/1 or number a column of Counts."""
    names, contents = _marked(document)
    rows = []
    for word in document.words:
        if document.role(word.paragraph) != "body":
            continue
        text = document.text[word.start : word.end]
        count = words.syllables(text)
        letters = sum(c.isalpha() for c in text)
        content = word.start in contents
        zipf = words.zipf(text) if content else 0.0
        name = word.start in names
        rows.append(
            (
                word.sentence, word.quote, word.start, word.end, 1, 0, count, count >= 3,
                not name and words.complex_word(text), not name and not words.familiar(text), letters,
                sum(c.isalnum() for c in text), letters > LONG_WORD, content and zipf > 0, zipf,
                content and 0 < zipf < RARE, 0,
            )
        )  # fmt: skip
    return pd.DataFrame(rows, columns=["sentence", "quote", "start", "end", *COLUMNS])


def sentence_table(table: pd.DataFrame, scope: str) -> pd.DataFrame:
    """Counts of each sentence in a scope, columns of Counts. A sentence that is half quotation counts as one in each
    scope where three or more of its words stand."""
    if scope != "article":
        table = table[(table["quote"] >= 0) == (scope == "quoted")]
    sums = table.groupby("sentence", sort=True)[list(COLUMNS)].sum().astype(float)
    least = 1 if scope == "article" else 3
    sums["sentences"] = (sums["words"] >= least).astype(float)
    sums["long_sentences"] = (sums["words"] > LONG_SENTENCE).astype(float)
    return sums


def sentence_difficulty(document: Document) -> pd.DataFrame:
    """One row a sentence of the body: sentence, start, end, words, hard_words, polysyllables, grade (Flesch–Kincaid of
    the sentence alone), level ("easy", "medium", "hard", "very hard" at grades 8, 12 and 16)."""
    sums = sentence_table(word_table(document), "article")
    counts = Counts(**{name: sums[name].to_numpy() for name in COLUMNS})
    grade = np.atleast_1d(INDICES[1](counts)) if len(sums) else np.array([])
    level = np.array(["easy", "medium", "hard", "very hard"])[np.searchsorted([8, 12, 16], grade)]
    spans = [document.sentences[i][:2] for i in sums.index]
    return pd.DataFrame(
        {
            "sentence": sums.index, "start": [s for s, _ in spans], "end": [e for _, e in spans],
            "words": sums["words"].astype(int).to_numpy(), "hard_words": sums["hard_words"].astype(int).to_numpy(),
            "polysyllables": sums["polysyllables"].astype(int).to_numpy(), "grade": grade, "level": level,
        }
    )  # fmt: skip


def plain_words(level: float) -> str:
    """`combined_readability` in plain words, by the nearest level of OneStopEnglish."""
    if math.isnan(level):
        return "too short to say how hard it is"
    names = ["the elementary level", "the intermediate level", "the advanced level"]
    if level < -0.5:
        return "easier than the elementary level of news rewritten for learners"
    if level > 2.5:
        return "harder than the advanced level of news written for learners"
    return f"about as hard as {names[min(2, max(0, round(level)))]} of news written for learners"


def difference(first: Document, second: Document, name: str) -> Measure:
    """first − second of one index, with the bootstrap interval of the difference. Raises KeyError for another name."""
    formula = {f.__name__: f for f in INDICES}[name]
    values = []
    for document in (first, second):
        sums = sentence_table(word_table(document), "article")
        if _too_short(sums):
            return Measure(name, "article", math.nan, note=_too_short(sums))
        values.append((float(formula(_counts(sums.to_numpy().sum(0)))), formula(_counts(_resampled(sums)))))
    low, high = interval(values[0][1] - values[1][1][::-1])
    return Measure(name, "article", values[0][0] - values[1][0], low, high, len(values))


def _marked(document: Document) -> tuple[set[int], set[int]]:
    """Offsets of words that belong to a name, and of content words."""
    tokens = document.tokens
    starts = sorted(word.start for word in document.words)
    names, contents, place = set(), set(), 0
    for i in range(len(tokens)):
        while place + 1 < len(starts) and starts[place + 1] <= tokens.start[i]:
            place += 1
        if tokens.entity[i] in NAMES and tokens.text[i][:1].isupper():
            names.add(starts[place])
        if tokens.pos[i] in CONTENT and tokens.start[i] == starts[place]:
            contents.add(starts[place])
    return names, contents - names


def _counts(sums: np.ndarray) -> Counts:
    return Counts(*(sums[..., i] for i in range(len(COLUMNS))))


def _resampled(sums: pd.DataFrame) -> np.ndarray:
    return draws(len(sums)) @ sums.to_numpy()


def _too_short(sums: pd.DataFrame) -> str:
    count, sentences = int(sums["words"].sum()), int(sums["sentences"].sum())
    if count >= FEWEST_WORDS and sentences >= FEWEST_SENTENCES:
        return ""
    return f"too short: {count} words in {sentences} sentences (needs {FEWEST_WORDS} and {FEWEST_SENTENCES})"


def _scope(document: Document, sums: pd.DataFrame, scope: str) -> list[Measure]:
    count, sentences = int(sums["words"].sum()), int(sums["sentences"].sum())
    found = [Measure("word_count", scope, count, n=count), Measure("sentence_count", scope, sentences, n=sentences)]
    refused = _too_short(sums)
    formulas = INDICES + COMPONENTS
    if refused:
        names = [f.__name__ for f in formulas] + ["median_sentence_length", "p90_sentence_length"]
        return found + [Measure(name, scope, math.nan, n=sentences, note=refused) for name in names]
    total, resampled = _counts(sums.to_numpy().sum(0)), _counts(_resampled(sums))
    warning = "few sentences: the true interval is wider than the one given" if sentences < FEW_SENTENCES else ""
    hardest = _hardest(document, sums) if scope == "article" else ()
    for formula in formulas:
        note = warning
        if formula.__name__ == "smog_index" and sentences < SMOG_SENTENCES:
            note = "; ".join(filter(None, [warning, f"SMOG was made for {SMOG_SENTENCES} sentences, here are {sentences}"]))
        low, high = interval(np.asarray(formula(resampled)))
        value = float(formula(total))
        evidence = hardest if formula in INDICES else ()
        found.append(Measure(formula.__name__, scope, value, min(low, value), max(high, value), sentences, evidence, note))
    lengths = sums.loc[sums["sentences"] > 0, "words"].to_numpy()
    for name, share in (("median_sentence_length", 50), ("p90_sentence_length", 90)):
        found.append(Measure(name, scope, float(np.percentile(lengths, share)), n=sentences, note=warning))
    return found


def _hardest(document: Document, sums: pd.DataFrame) -> tuple[Evidence, ...]:
    """The hardest sentences by the Flesch–Kincaid grade of each alone, with the reason as label."""
    counts = Counts(**{name: sums[name].to_numpy() for name in COLUMNS})
    grade = INDICES[1](counts)
    order = np.lexsort((sums.index.to_numpy(), -grade))[:HARDEST]
    found = []
    for i in order:
        row = sums.iloc[int(i)]
        start, end, _ = document.sentences[int(sums.index[int(i)])]
        label = f"{int(row['words'])} words, {int(row['polysyllables'])} of three syllables or more, {int(row['hard_words'])} hard words"
        found.append(Evidence(start, end, label, float(grade[i])))
    return tuple(found)


def _textstat(document: Document, table: pd.DataFrame) -> list[Measure]:
    """textstat's own figures for the same body, as they are, for comparison with other people's numbers."""
    from .asis import NAMES as names, scores

    body = "\n\n".join(document.text[s:e] for s, e, role in document.paragraphs if role == "body")
    if len(table) < FEWEST_WORDS:
        note = f"too short: {len(table)} words (needs {FEWEST_WORDS})"
        return [Measure(f"textstat_{name}", "article", math.nan, note=note) for name in names]
    return [Measure(f"textstat_{name}", "article", value, n=len(table)) for name, value in scores(body).items()]
