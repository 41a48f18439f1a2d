"""textstat as it is, offline: its numbers beside ours, for comparison with what others publish."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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
    """CMUdict in the shape that textstat reads: for each word a list of pronunciations, here one mark per syllable."""

    def __getitem__(self, word: str) -> list[list[str]]:
        return MARKS[pronunciations()[word]]

    def __iter__(self) -> Iterator[str]:
        return iter(pronunciations())

    def __len__(self) -> int:
        return len(pronunciations())


@lru_cache(maxsize=1)
def textstat() -> ModuleType:
    """Return a copy of textstat with the dictionary of the package cmudict in place of NLTK's, which it would download.

    A copy of our own: what a user imports as textstat or nltk in the same process is left as it is.
    """
    theirs = _taken_out()
    sys.modules["nltk"] = ModuleType("nltk")  # wanted for that download alone; it loads scipy and scikit-learn: 1.4 s
    try:
        import textstat
        from textstat.backend.counts import _count_polysyllable_words, _count_syllables
        from textstat.backend.utils._get_lang_easy_words import get_lang_easy_words
        from textstat.backend.validations import _is_difficult_word

        # remembered; it looks for a file of the package textstat, and would import that again later
        get_lang_easy_words("en_US")
    finally:
        _taken_out()
        sys.modules.update(theirs)

    _count_syllables.get_cmudict = lambda lang: _Pronunciations()
    # its own memory forgets words within one article; the counts stay the same
    remembered = lru_cache(maxsize=HELD)(_count_syllables.count_syllables)
    _count_polysyllable_words.count_syllables = remembered
    _is_difficult_word.count_syllables = remembered
    return textstat


def _taken_out() -> dict[str, ModuleType]:
    """Take textstat and nltk out of the modules of this process; returns them back."""
    return {name: sys.modules.pop(name) for name in list(sys.modules) if name.partition(".")[0] in ("textstat", "nltk")}


def scores(text: str) -> dict[str, float]:
    """Return textstat's score of a text by each name of NAMES."""
    return {name: float(getattr(textstat(), name)(text)) for name in NAMES}


def sentence_count(text: str) -> int:
    """Return how many sentences textstat sees in a text."""
    return int(textstat().sentence_count(text))
