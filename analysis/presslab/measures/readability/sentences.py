"""How hard each sentence is, and why; and how hard the whole text is, in plain words."""

from __future__ import annotations

from functools import lru_cache
import math
from typing import TYPE_CHECKING

import numpy as np

from presslab.parsing.document import Document

from ..measure import Evidence
from .counting import LONG_SENTENCE, RARE, SentenceCounts, WordCounts, count_sentences, count_words
from .formulas import Counts, combined_fit, flesch_kincaid_grade

if TYPE_CHECKING:
    import pandas as pd  # imported where a table is built: measuring does without

HARDEST = 5
GRADES, LEVELS = (8, 12, 16), ("easy", "medium", "hard", "very hard")
AVERAGE_WORDS, AVERAGE_SYLLABLES = 5, 1.5  # a sentence is graded as if it had so many average words more
SHOWN = 3  # words of each kind that a reason names
LEARNERS = (  # of news rewritten for learners, as OneStopEnglish has it
    (-0.5, "easier than the elementary level of news rewritten for learners"),
    (0.5, "about as hard as the elementary level of news rewritten for learners"),
    (1.5, "about as hard as the intermediate level of news rewritten for learners"),
)


def sentence_difficulty(document: Document) -> pd.DataFrame:
    """Return one row per sentence of the body: sentence, start, end, words, hard_words, polysyllables, grade, level,
    reason.

    `grade` is the Flesch–Kincaid grade of the sentence alone, its syllables per word drawn towards the average if it is
    short; `level` is "easy", "medium", "hard" or "very hard", cut at grades 8, 12 and 16; `reason` says what makes it
    hard.
    """
    import pandas as pd

    counted = count_words(document)
    table = count_sentences(counted)
    grades = grade(table)
    spans = [document.sentences[i][:2] for i in table.sentence]
    return pd.DataFrame(
        {
            "sentence": table.sentence,
            "start": [s for s, _ in spans],
            "end": [e for _, e in spans],
            "words": table.column("words").astype(int),
            "hard_words": table.column("hard_words").astype(int),
            "polysyllables": table.column("polysyllables").astype(int),
            "grade": grades,
            "level": np.array(LEVELS)[np.searchsorted(GRADES, grades)],
            "reason": [reason(document, counted, number) for number in table.sentence],
        }
    )


def grade(table: SentenceCounts) -> np.ndarray:
    """Return the Flesch–Kincaid grade of every sentence alone; one long word does not make a short sentence hard."""
    words, syllables = table.column("words"), table.column("syllables")
    spread = (syllables + AVERAGE_WORDS * AVERAGE_SYLLABLES) / (words + AVERAGE_WORDS)
    alone = Counts(words=words, sentences=np.ones(len(words)), syllables=spread * words)
    return np.asarray(flesch_kincaid_grade(alone)).reshape(len(words))


def hardest(document: Document, counted: WordCounts, count: int = HARDEST) -> tuple[Evidence, ...]:
    """Return the hardest sentences by grade, hardest first; the label is the reason."""
    table = count_sentences(counted)
    grades = grade(table)
    order = np.lexsort((table.sentence, -grades))[:count]
    return tuple(
        Evidence(
            document.sentences[number][0],
            document.sentences[number][1],
            reason(document, counted, number),
            float(grades[i]),
        )
        for i, number in zip(order, table.sentence[order])
    )


def reason(document: Document, counted: WordCounts, sentence: int) -> str:
    """Return what makes a sentence hard, in plain words: its length, its long and its uncommon words, a passive
    clause."""
    first, last = np.searchsorted(counted.sentence, (sentence, sentence + 1))
    rows = range(first, last)
    words = [document.text[counted.start[i] : counted.end[i]] for i in rows]
    syllables, zipf = (counted.column(name)[first:last] for name in ("syllables", "zipf"))
    long = [w for _, w in sorted(((-s, w) for s, w in zip(syllables, words) if s >= 3), key=lambda pair: pair[0])]
    uncommon = [w for _, w in sorted(((z, w) for z, w in zip(zipf, words) if 0 < z < RARE), key=lambda pair: pair[0])]
    length = f"{len(words)} words" + (" long" if len(words) > LONG_SENTENCE else "")
    parts = [length, _named("long words", long), _named("uncommon", [w for w in uncommon if w not in long[:SHOWN]])]
    if counted.column("passive_sentences")[first:last].any():
        parts.append("a passive clause")
    return "; ".join(filter(None, parts))


def _named(kind: str, words: list[str]) -> str:
    different = list(dict.fromkeys(words))
    more = f" and {len(different) - SHOWN} more" if len(different) > SHOWN else ""
    return f"{kind}: {', '.join(different[:SHOWN])}{more}" if different else ""


def plain_words(level: float, low: float = math.nan, high: float = math.nan) -> str:
    """Describe `combined_readability` in plain words: by the levels of OneStopEnglish (0 is the average of its
    elementary texts, 1 about that of its intermediate ones) up to what nine in ten news articles exceed, then by
    quantiles of news for adults. If the interval reaches from one step to another, the words say so."""
    if math.isnan(level):
        return "too short to say how hard it is"
    steps = anchors()
    step, first, last = (
        _step(steps, value) for value in (level, *(level if math.isnan(v) else v for v in (low, high)))
    )
    if first == last:
        return steps[step][1]
    return f"{steps[step][1]} (its interval reaches from “{steps[first][1]}” to “{steps[last][1]}”)"


@lru_cache(maxsize=1)
def anchors() -> tuple[tuple[float, str], ...]:
    """Return the steps of the combined index, easiest first: up to which value each goes, and its words."""
    usual = combined_fit()["news"]["quantiles"]
    learners = [step for step in LEARNERS if step[0] < usual["0.10"]]
    return (
        *learners,
        (usual["0.10"], "easier than nine in ten articles of US political news"),
        (usual["0.25"], "easier than three in four articles of US political news"),
        (usual["0.75"], "about as hard as most US political news"),
        (usual["0.90"], "harder than three in four articles of US political news"),
        (math.inf, "harder than nine in ten articles of US political news"),
    )


def _step(steps: tuple[tuple[float, str], ...], value: float) -> int:
    return next(place for place, (end, _) in enumerate(steps) if value <= end)
