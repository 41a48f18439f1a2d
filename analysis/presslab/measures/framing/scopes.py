"""The parts of a document that framing is measured on: the article, the journalist's words, the quoted words."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

import numpy as np

from presslab.parsing.document import Document

from ..measure import SCOPES

# Where nothing was found, up to three could have been expected (rule of three: Hanley & Lippman-Hand 1983, JAMA 249);
# a resample of a text without a case never shows one.
NONE_FOUND = 3


@dataclass(frozen=True)
class Part:
    """One scope of a document: `tokens` says for each token whether it belongs, `words` counts words by sentence,
    `places` says for each token how many words of the scope stand before it."""

    scope: str
    tokens: tuple[bool, ...]
    words: np.ndarray
    places: np.ndarray

    @property
    def total(self) -> int:
        """Words in this scope."""
        return int(self.words.sum())


def parts(document: Document, voices: list[str]) -> list[Part]:
    """Return the three scopes; journalist is voice "journalist", quoted is voices "quoted" and "reported"."""
    starts, sentences = document.tokens.start, max(len(document.sentences), 1)
    counts = {scope: np.zeros(sentences, dtype=int) for scope in SCOPES}
    words = {scope: np.zeros(len(starts), dtype=int) for scope in SCOPES}
    for word in document.words:
        token = max(bisect_right(starts, word.start) - 1, 0)
        for scope in ("article", "journalist" if voices[token] == "journalist" else "quoted"):
            counts[scope][word.sentence] += 1
            words[scope][token] += 1
    own = tuple(voice == "journalist" for voice in voices)
    masks = {"article": (True,) * len(voices), "journalist": own, "quoted": tuple(not mine for mine in own)}
    places = {scope: np.cumsum(at) - at for scope, at in words.items()}
    return [Part(scope, masks[scope], counts[scope], places[scope]) for scope in SCOPES]
