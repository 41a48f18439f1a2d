"""What one word counts for: familiar or not, complex or not, how frequent."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
import re

from .syllables import plain, syllables

HELD = 16_384  # the words of 200 articles or so: more would let memory grow along a long run

# Inflections under which a word of the list stays familiar (Dale & Chall 1948): ending, what it is put back to. An -ly
# after a
# listed word is familiar, -ily is not; -er and -est only where words are compared ("younger", not "burner").
INFLECTIONS = (
    ("'s", ""),
    ("s'", "s"),
    ("s'", ""),
    ("'", ""),
    ("ies", "y"),
    ("es", ""),
    ("es", "e"),
    ("s", ""),
    ("ied", "y"),
    ("ed", ""),
    ("ed", "e"),
    ("d", ""),
    ("ing", ""),
    ("ing", "e"),
    ("ying", "ie"),
    ("n", ""),
    ("en", ""),
    ("en", "e"),
    ("ly", ""),
    ("'d", ""),
    ("'ll", ""),
    ("'ve", ""),
    ("'re", ""),
    ("n't", ""),
)
COMPARISONS = (("ier", "y"), ("iest", "y"), ("er", ""), ("er", "e"), ("est", ""), ("est", "e"))
MISSING = ("baby", "ma", "mr", "mrs")  # on the list of 1948, lost from textstat's copy


@dataclass(frozen=True, slots=True)
class Facts:
    """What a word as written counts for, whatever stands around it; `zipf` is 0 for a word that wordfreq doesn't
    know."""

    syllables: int
    letters: int
    characters: int
    complex: bool
    zipf: float


@lru_cache(maxsize=HELD)
def facts(word: str, aloud: bool = False) -> Facts:
    """Return the counts of one word; `aloud` as in `syllables`."""
    letters = sum(c.isalpha() for c in word)
    return Facts(syllables(word, aloud), letters, sum(c.isalnum() for c in word), complex_word(word), zipf(word))


@lru_cache(maxsize=1)
def dale_list() -> frozenset[str]:
    """Return the words of Dale & Chall (1948) as textstat (MIT) carries them, with four words that its copy lacks."""
    package = find_spec("textstat")  # found without being imported, which loads NLTK
    if package is None or package.origin is None:
        raise ModuleNotFoundError("textstat, which has the list, is not installed")
    text = Path(package.origin).with_name("resources").joinpath("en", "easy_words.txt").read_text("utf-8")
    return frozenset(text.lower().split()) | frozenset(MISSING)


@lru_cache(maxsize=HELD)
def familiar(word: str, compared: bool = False) -> bool:
    """Return whether a word is on the Dale list of 1948, as it is or under its inflection rules; numerals are
    familiar; a hyphen compound is familiar if all its parts are. `compared`: the word is a comparative or
    superlative. Names are the caller's business."""
    bare = plain(word)
    if not any(c.isalpha() for c in bare) or bare[:1].isdigit():
        return True
    listed = dale_list()
    if bare in listed or word.replace("’", "'").lower() in listed:
        return True
    for ending, stem_ending in INFLECTIONS + (COMPARISONS if compared else ()):
        if bare.endswith(ending) and len(bare) > len(ending) + 1:
            stem = bare[: len(bare) - len(ending)] + stem_ending
            doubled = stem[:-1] if len(stem) > 3 and stem[-1] == stem[-2] and ending[0] in "aei" else stem
            if stem in listed or doubled in listed:
                return True
    parts = [part for part in bare.split("-") if part]
    return len(parts) > 1 and all(familiar(part, compared) for part in parts)


@lru_cache(maxsize=2048)
def complex_word(word: str) -> bool:
    """Return whether a word is complex after Gunning (1952): three syllables or more, not through -es, -ed or -ing,
    no compound of short words. Names are the caller's business."""
    bare = plain(word)
    parts = [part for part in bare.split("-") if part]
    if len(parts) > 1:
        return any(complex_word(part) for part in parts)
    count = syllables(word)
    if count == 3 and re.search(r"(?:es|ed|ing)$", bare):
        stem = re.sub(r"(?:es|ed|ing)$", "", bare)
        return min(syllables(stem), syllables(stem + "e")) > 2
    return count >= 3 and not (count == 3 and _compound(bare))


def _compound(bare: str) -> bool:
    """Return whether the word is two words of the Dale list, of three letters or more each, put together
    ("newspaper")."""
    listed = dale_list()
    return any(bare[:i] in listed and bare[i:] in listed for i in range(3, len(bare) - 2))


@lru_cache(maxsize=2048)
def zipf(word: str) -> float:
    """Return Zipf frequency of a word in English (wordfreq, Speer 2022): log10 of its uses in a thousand million
    words."""
    from wordfreq import zipf_frequency

    return zipf_frequency(plain(word), "en")
