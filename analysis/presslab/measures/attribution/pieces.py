"""Words as word pieces, in the windows that the encoder reads (WordPiece: Wu et al. 2016; Devlin et al. 2019)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
import re
import unicodedata

import numpy as np

from presslab.parsing.document import Tokens

WINDOW = 128  # pieces the encoder sees at once
LONGEST = 12  # pieces a word may have: the rest of a web address says nothing
LETTERS = 64  # of a word, for the same reason
PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~¡§«¶·»¿\u2010-\u2027\u2030-\u205e])")


@dataclass(frozen=True)
class Windows:
    """A document for the encoder: `ids` holds the pieces of each window; `first` and `last` (n,) say where the pieces
    of each of n tokens begin and end, counted through all windows."""

    ids: list[np.ndarray]
    first: np.ndarray
    last: np.ndarray


class Vocabulary:
    """The pieces that the encoder knows, and how words are cut into them."""

    def __init__(self, pieces: Sequence[str]) -> None:
        self.number = {piece: i for i, piece in enumerate(pieces)}
        self.unknown, self.begin, self.separator = (self.number[name] for name in ("[UNK]", "[CLS]", "[SEP]"))

    def cut(self, word: str) -> list[int]:
        """Return the numbers of a word's pieces; at least one."""
        parts = PUNCTUATION.sub(r" \1 ", _plain(word[:LETTERS])).split()
        return [i for part in parts for i in self._longest_first(part)][:LONGEST] or [self.unknown]

    def _longest_first(self, part: str) -> list[int]:
        """Return the longest pieces that a part begins with, one after the other; [UNK] if one is missing."""
        ids, at = [], 0
        while at < len(part):
            for end in range(len(part), at, -1):
                number = self.number.get(part[at:end] if not at else "##" + part[at:end])
                if number is not None:
                    break
            else:
                return [self.unknown]
            ids.append(number)
            at = end
        return ids

    def windows(self, tokens: Tokens, longest: int = WINDOW) -> Windows:
        """Cut all tokens of a document; a window of `longest` pieces holds whole paragraphs if they fit, otherwise
        whole sentences."""
        distinct = {word: self.cut(word) for word in dict.fromkeys(tokens.text)}
        ids = [distinct[word] for word in tokens.text]
        sizes = np.cumsum([0, *map(len, ids)])
        windows: list[list[int]] = []
        first = np.zeros(len(ids), np.int64)
        before = 0  # pieces in the windows that are full
        for start, end in blocks(tokens, sizes, longest):
            if windows and len(windows[-1]) + sizes[end] - sizes[start] + 1 > longest:
                before += len(windows[-1])
                windows.append([self.begin])
            elif not windows:
                windows.append([self.begin])
            first[start:end] = before + len(windows[-1]) + sizes[start:end] - sizes[start]
            windows[-1] += [piece for word in ids[start:end] for piece in word]
            windows[-1].append(self.separator)
        return Windows([np.array(w, np.int64) for w in windows], first, first + np.diff(sizes))


def blocks(tokens: Tokens, sizes: np.ndarray, longest: int) -> Iterator[tuple[int, int]]:
    """Yield ranges of tokens that stay together: paragraphs, sentences of long paragraphs, parts of long sentences.

    `sizes` (n + 1,): pieces before each token."""
    room = longest - 2
    for start, end in runs(tokens.paragraph, 0, len(tokens)):
        if sizes[end] - sizes[start] <= room:
            yield start, end
            continue
        for first, last in runs(tokens.sentence, start, end):
            while sizes[last] - sizes[first] > room:
                fits = int(np.searchsorted(sizes, sizes[first] + room, side="right")) - 1
                yield first, fits
                first = fits
            yield first, last


def runs(column: Sequence[int], start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the ranges of equal values in a column from start to end."""
    at = start
    for i in range(start + 1, end + 1):
        if i == end or column[i] != column[i - 1]:
            yield at, i
            at = i


def _plain(word: str) -> str:
    """Return a word in lower case and without accents, as the encoder was trained."""
    if word.isascii():
        return word.lower()
    return "".join(c for c in unicodedata.normalize("NFD", word.lower()) if unicodedata.category(c) != "Mn")
