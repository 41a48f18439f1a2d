"""textstat as it is, offline: its numbers beside ours, for comparison with what others publish."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
import sys
from types import ModuleType

from .syllables import pronunciations
from .words import HELD

NAMES = (
    "flesch_reading_ease", "flesch_kincaid_grade", "smog_index", "coleman_liau_index", "dale_chall_readability_score",
    "gunning_fog", "automated_readability_index",
)  # fmt: skip


MARKS = {count: [["0"] * count] for count in range(20)}  # what textstat reads of a pronunciation: a digit a syllable


class _Pronunciations(Mapping):
    """CMUdict in the shape that textstat reads: for each word a list of pronunciations, here one mark a syllable."""

    def __getitem__(self, word: str) -> list[list[str]]:
        return MARKS[pronunciations()[word]]

    def __iter__(self):
        return iter(pronunciations())

    def __len__(self) -> int:
        return len(pronunciations())


@lru_cache(maxsize=1)
def _textstat():
    """textstat with the dictionary of the package cmudict in place of NLTK's, which it would download."""
    loaded = "nltk" in sys.modules
    sys.modules.setdefault("nltk", ModuleType("nltk"))  # wanted for that download alone; it loads scipy and scikit-learn: 1.4 s
    try:
        import textstat
    finally:
        if not loaded:
            del sys.modules["nltk"]
    from textstat.backend.counts import _count_polysyllable_words, _count_syllables
    from textstat.backend.validations import _is_difficult_word

    _count_syllables.get_cmudict = lambda lang: _Pronunciations()
    # its own memory forgets words within one article; the counts stay the same
    remembered = lru_cache(maxsize=HELD)(_count_syllables.count_syllables)
    _count_polysyllable_words.count_syllables = remembered
    _is_difficult_word.count_syllables = remembered
    return textstat


def scores(text: str) -> dict[str, float]:
    """textstat's score of a text by each name of NAMES."""
    return {name: float(getattr(_textstat(), name)(text)) for name in NAMES}


def sentence_count(text: str) -> int:
    """How many sentences textstat sees in a text."""
    return int(_textstat().sentence_count(text))
