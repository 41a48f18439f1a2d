"""Count a document's words and sentences by the stated rules, for the whole body, the prose and the quotations."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from presslab.parsing.document import Document

from . import words
from .formulas import ALOUD, ONE_SYLLABLE, Counts
from .prose import left_out

LONG_SENTENCE, LONG_WORD, RARE = 25, 6, 4.0
CONTENT = {"NOUN", "VERB", "ADJ", "ADV"}
PLACES_AND_PEOPLE = {"PERSON", "GPE", "LOC", "NORP", "FAC"}
NAMES = PLACES_AND_PEOPLE | {"ORG", "PRODUCT", "EVENT", "WORK_OF_ART", "LAW"}
COMPARED = {"JJR", "JJS", "RBR", "RBS"}
PASSIVE = {"auxpass", "nsubjpass", "csubjpass"}
COLUMNS = tuple(field.name for field in fields(Counts) if field.name != "rules")
COLUMN = {name: place for place, name in enumerate(COLUMNS)}


@dataclass(frozen=True)
class WordCounts:
    """One row per word of the body: `sentence` and `start`, `end` in the document, `quoted`, and `counts` with
    COLUMNS."""

    sentence: np.ndarray
    start: np.ndarray
    end: np.ndarray
    quoted: np.ndarray
    counts: np.ndarray
    rules: str = ONE_SYLLABLE

    def column(self, name: str) -> np.ndarray:
        """Return one column of COLUMNS."""
        return self.counts[:, COLUMN[name]]


@dataclass(frozen=True)
class SentenceCounts:
    """One row per sentence with words in a scope: its number in the document, and `counts` with COLUMNS."""

    sentence: np.ndarray
    counts: np.ndarray
    rules: str = ONE_SYLLABLE

    def __len__(self) -> int:
        return len(self.sentence)

    def column(self, name: str) -> np.ndarray:
        """Return one column of COLUMNS."""
        return self.counts[:, COLUMN[name]]

    @property
    def words(self) -> int:
        """Words in all."""
        return int(self.column("words").sum())

    @property
    def sentences(self) -> int:
        """Sentences in all."""
        return int(self.column("sentences").sum())

    def total(self) -> Counts:
        """Return the counts of the whole scope."""
        return self.summed(np.ones(len(self)))

    def each(self) -> Counts:
        """Return the counts of every sentence alone, as arrays."""
        return Counts(**dict(zip(COLUMNS, self.counts.T)), rules=self.rules)

    def summed(self, times: np.ndarray) -> Counts:
        """Return the counts of the sentences taken so many `times` each: one number a sentence, or a row of them
        for each resample."""
        return self.of(times @ self.counts)

    def of(self, sums: np.ndarray) -> Counts:
        """Return summed counts (one row of COLUMNS, or many) by name."""
        return Counts(**{name: sums[..., place] for name, place in COLUMN.items()}, rules=self.rules)


def count_words(document: Document, aloud: bool = False) -> WordCounts:
    """Count every word of the body's sentences (no headlines, lists, tables, captions). `aloud`: figures and
    abbreviations as they are spoken."""
    out = left_out(document)
    marks = _Marks(document, out)
    body = [document.role(number) == "body" and number not in out for number in range(len(document.paragraphs))]
    text, rows, places = document.text, [], []
    for word in document.words:
        if not body[word.paragraph]:
            continue
        written = text[word.start : word.end]
        if aloud and text[word.end : word.end + 1] == ".":
            written += "."
        facts = words.facts(written, aloud)
        name, content = word.start in marks.names, word.start in marks.contents and facts.zipf > 0
        hard = word.start not in marks.familiar and not words.familiar(written, word.start in marks.compared)
        rows.append(
            (
                1, 0, facts.syllables, facts.syllables >= 3, facts.complex and not name, hard, facts.letters,
                facts.characters, facts.letters > LONG_WORD, content, facts.zipf if content else 0.0,
                content and facts.zipf < RARE, 0, word.start in marks.passives,
            )
        )  # fmt: skip
        places.append((word.sentence, word.start, word.end, word.quote >= 0))
    at = np.array(places, dtype=np.int64).reshape(len(places), 4)
    counts = np.array(rows, dtype=float).reshape(len(rows), len(COLUMNS))
    return WordCounts(at[:, 0], at[:, 1], at[:, 2], at[:, 3].astype(bool), counts, ALOUD if aloud else ONE_SYLLABLE)


def count_sentences(counted: WordCounts, scope: str = "article") -> SentenceCounts:
    """Return the counts of each sentence in a scope. Sentences are taken whole: one with more than half of its words
    in quotation marks is quoted, any other the journalist's. Cut at the marks, the stubs would read easier than any
    sentence that was written."""
    numbers, place = np.unique(counted.sentence, return_inverse=True)
    sums = np.zeros((len(numbers), len(COLUMNS)))
    np.add.at(sums, place, counted.counts)
    if scope != "article":
        quoted = np.bincount(place, counted.quoted, len(numbers)) > sums[:, COLUMN["words"]] / 2
        inside = quoted == (scope == "quoted")
        numbers, sums = numbers[inside], sums[inside]
    length = sums[:, COLUMN["words"]]
    sums[:, COLUMN["sentences"]] = 1
    sums[:, COLUMN["long_sentences"]] = length > LONG_SENTENCE
    sums[:, COLUMN["passive_sentences"]] = sums[:, COLUMN["passive_sentences"]] > 0
    return SentenceCounts(numbers, sums, counted.rules)


class _Marks:
    """Starts of the words that are names, names that count as familiar, content words, compared, or part of a passive.

    Names are the parser's named entities, not its proper nouns: those take "Diphtheria" at a sentence's start for one.
    A word that also comes in lower case is no name either."""

    def __init__(self, document: Document, out: frozenset[int]) -> None:
        tokens = document.tokens
        starts = [word.start for word in document.words]
        self.names: set[int] = set()
        self.familiar: set[int] = set()
        self.contents: set[int] = set()
        self.compared: set[int] = set()
        self.passives: set[int] = set()
        common = {
            text
            for text, entity, paragraph in zip(tokens.text, tokens.entity, tokens.paragraph)
            if not entity and text.islower() and paragraph not in out
        }
        other: set[int] = set()  # words with a part that is no name: "Quill-like"
        place, count = 0, len(starts)
        for i, start in enumerate(tokens.start):
            while place + 1 < count and starts[place + 1] <= start:
                place += 1
            if not count or start < starts[place] - 1 or not any(map(str.isalnum, tokens.text[i])):
                continue
            word, text, kind = starts[place], tokens.text[i], tokens.entity[i]
            if kind in NAMES and text[:1].isupper() and text.lower() not in common:
                self.names.add(word)
                if kind in PLACES_AND_PEOPLE or not text.isupper():  # "TB" is a hard word whatever it is taken for
                    self.familiar.add(word)
            elif tokens.tag[i] != "POS":
                other.add(word)
            if start <= word and tokens.pos[i] in CONTENT:
                self.contents.add(word)
            if tokens.tag[i] in COMPARED:
                self.compared.add(word)
            if tokens.dep[i] in PASSIVE:
                self.passives.add(word)
        self.familiar -= other
        self.contents -= self.names
