"""Counts of a text, and the published formulas on them. Every formula takes single counts or arrays of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
import json
from typing import Any

import numpy as np

Number = float | np.ndarray
ONE_SYLLABLE = "figures, abbreviations and initialisms one syllable each (Flesch 1979)"
ALOUD = "figures, abbreviations and initialisms as they are read aloud (Flesch 1948)"


@dataclass(frozen=True)
class Counts:
    """Counts of one text (floats) or of many resampled texts (arrays of equal length).

    `polysyllables`: words of three syllables or more; `complex_words` Gunning's; `hard_words` off the Dale list by the
    rules of 1948; `letters` without digits; `characters` letters and digits; `long_words` of more than six letters;
    `content_words` nouns, verbs, adjectives, adverbs, with the sum of their Zipf frequencies in `zipf`, and those under
    4 in `rare_words`; `long_sentences` of more than 25 words; `passive_sentences` with a passive clause. `rules` names
    how words were counted."""

    words: Number = 0.0
    sentences: Number = 0.0
    syllables: Number = 0.0
    polysyllables: Number = 0.0
    complex_words: Number = 0.0
    hard_words: Number = 0.0
    letters: Number = 0.0
    characters: Number = 0.0
    long_words: Number = 0.0
    content_words: Number = 0.0
    zipf: Number = 0.0
    rare_words: Number = 0.0
    long_sentences: Number = 0.0
    passive_sentences: Number = 0.0
    rules: str = ONE_SYLLABLE


def _ratio(a: Number, b: Number) -> Number:
    """Return a / b, NaN if there is nothing to divide by."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(np.asarray(b) > 0, np.asarray(a, dtype=float) / np.asarray(b), np.nan)[()]


def flesch_reading_ease(c: Counts) -> Number:
    """Return points, at most 121.22, never clipped; higher is easier (Flesch 1948)."""
    return 206.835 - 1.015 * _ratio(c.words, c.sentences) - 84.6 * _ratio(c.syllables, c.words)


def flesch_kincaid_grade(c: Counts) -> Number:
    """Return US school grade, at least −3.40 (Kincaid et al. 1975)."""
    return 0.39 * _ratio(c.words, c.sentences) + 11.8 * _ratio(c.syllables, c.words) - 15.59


def smog_index(c: Counts) -> Number:
    """Return US school grade from polysyllables in 30 sentences (McLaughlin 1969)."""
    return 1.0430 * np.sqrt(30 * _ratio(c.polysyllables, c.sentences)) + 3.1291


def coleman_liau_index(c: Counts) -> Number:
    """Return US school grade from letters and sentences per 100 words, no syllables (Coleman & Liau 1975)."""
    return 0.0588 * 100 * _ratio(c.letters, c.words) - 0.296 * 100 * _ratio(c.sentences, c.words) - 15.8


def dale_chall_score(c: Counts) -> Number:
    """Return raw score; 4.9 and less: grade 4, 9.9 and more: college graduates (Dale & Chall 1948, constant always
    added)."""
    return 0.1579 * 100 * _ratio(c.hard_words, c.words) + 0.0496 * _ratio(c.words, c.sentences) + 3.6365


def gunning_fog(c: Counts) -> Number:
    """Return US school grade from sentence length and complex words (Gunning 1952)."""
    return 0.4 * (_ratio(c.words, c.sentences) + 100 * _ratio(c.complex_words, c.words))


def automated_readability_index(c: Counts) -> Number:
    """Return US school grade from characters (letters and digits, no punctuation) per word (Senter & Smith 1967)."""
    return 4.71 * _ratio(c.characters, c.words) + 0.5 * _ratio(c.words, c.sentences) - 21.43


def lix(c: Counts) -> Number:
    """Return points: sentence length plus percentage of words of more than six letters (Björnsson 1968)."""
    return _ratio(c.words, c.sentences) + 100 * _ratio(c.long_words, c.words)


def rix(c: Counts) -> Number:
    """Return the words of more than six letters per sentence (Anderson 1983)."""
    return _ratio(c.long_words, c.sentences)


def mean_sentence_length(c: Counts) -> Number:
    """Return words per sentence."""
    return _ratio(c.words, c.sentences)


def long_sentence_share(c: Counts) -> Number:
    """Return the share of sentences of more than 25 words, 0–1."""
    return _ratio(c.long_sentences, c.sentences)


def passive_sentence_share(c: Counts) -> Number:
    """Return the share of sentences with a passive clause, 0–1."""
    return _ratio(c.passive_sentences, c.sentences)


def syllables_per_word(c: Counts) -> Number:
    """Return syllables per word."""
    return _ratio(c.syllables, c.words)


def hard_word_share(c: Counts) -> Number:
    """Return the share of words off the Dale list, 0–1."""
    return _ratio(c.hard_words, c.words)


def mean_zipf(c: Counts) -> Number:
    """Return mean Zipf frequency of content words; 3 is rare, 6 is everyday (van Heuven et al. 2014)."""
    return _ratio(c.zipf, c.content_words)


def rare_word_share(c: Counts) -> Number:
    """Return the share of content words with a Zipf frequency under 4, 0–1."""
    return _ratio(c.rare_words, c.content_words)


COMBINED_PARTS = (mean_sentence_length, syllables_per_word, hard_word_share, mean_zipf)


@lru_cache(maxsize=1)
def combined_fit() -> dict[str, Any]:
    """Return what `python -m presslab.validation.fit_readability` has written of the combined index: `weights`, and
    `news` with its quantiles over news for adults."""
    file = resources.files("presslab") / "data" / "readability" / "combined.json"
    return json.loads(file.read_text("utf-8"))


def combined_weights() -> dict[str, float]:
    """Return intercept and weights of the combined index."""
    return combined_fit()["weights"]


def combined_readability(c: Counts) -> Number:
    """Return level on the scale of OneStopEnglish: 0 is the average of its elementary news texts, 2 of its advanced
    ones; not clipped."""
    weights = combined_weights()
    return weights["intercept"] + sum(weights[part.__name__] * part(c) for part in COMBINED_PARTS)


INDICES = (
    flesch_reading_ease, flesch_kincaid_grade, smog_index, coleman_liau_index, dale_chall_score, gunning_fog,
    automated_readability_index, lix, rix, combined_readability,
)  # fmt: skip
COMPONENTS = (
    mean_sentence_length,
    long_sentence_share,
    passive_sentence_share,
    syllables_per_word,
    hard_word_share,
    mean_zipf,
    rare_word_share,
)
