"""From the network's chances to attributions: choose cues, give each token to one, mend small gaps."""

from __future__ import annotations

import numpy as np

from presslab.parsing.document import Document

from . import network
from .rules import Parts, cue_classes

LEAST = 0.5  # a cue's chance; chosen on PolNeAR dev and the taught half of news off politics: .3 to .6 differ little


def attributions(document: Document, taken: set[int], least: float = LEAST) -> tuple[list[Parts], np.ndarray]:
    """Return the tokens of source, cue and content of each cue that the network finds, leaving out the tokens in
    `taken`; and for each token the chance of the part that the network gave it (0–1)."""
    if not len(document.tokens):
        return [], np.zeros(0)
    chances, near, scores = network.run(network.load(), document, least)
    return parts(document, chances, near, scores, taken), np.exp(scores.max(1))


def parts(
    document: Document, chances: np.ndarray, near: np.ndarray, scores: np.ndarray, taken: set[int]
) -> list[Parts]:
    """Return best owner and role of each token, gathered by cue. A cue without content is left out, as is a role
    that a token of another attribution interrupts only by punctuation."""
    t = document.tokens
    best = scores.argmax(1)
    owner = np.where(best > 0, near[np.arange(len(best)), np.maximum(best - 1, 0) // 3], -1)
    role = np.where(best > 0, (best - 1) % 3, -1)
    _bridge(document, owner, role)
    roles: dict[int, tuple[list[int], list[int], list[int]]] = {}
    for i in np.flatnonzero(owner >= 0):
        if int(i) not in taken:
            roles.setdefault(int(owner[i]), ([], [], []))[role[i]].append(int(i))
    pieces = []
    for cue, (source, cues, content) in sorted(roles.items()):
        if content:
            cues = cues or ([cue] if owner[cue] < 0 and cue not in taken else [])
            content = [i for i in content if i not in cues]
            name = next((c for i in (cue, *cues) if (c := cue_classes().get(t.lemma[i]))), "neutral")
            pieces.append(([i for i in source if i not in cues], cues, content, name))
    return pieces


def _bridge(document: Document, owner: np.ndarray, role: np.ndarray) -> None:
    """Give up to two punctuation tokens between tokens of one owner and role to them. Changes the arrays."""
    t, n = document.tokens, len(owner)
    for i in range(n):
        for gap in (1, 2):
            j = i + gap + 1
            if j >= n or owner[i] < 0 or owner[j] != owner[i] or role[j] != role[i] or t.paragraph[i] != t.paragraph[j]:
                continue
            between = range(i + 1, j)
            if all(owner[k] < 0 and t.pos[k] == "PUNCT" for k in between):
                owner[i + 1 : j], role[i + 1 : j] = owner[i], role[i]
