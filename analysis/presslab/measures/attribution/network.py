"""The attribution network's forward pass in numpy: which tokens are cues, and which cue each token belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from importlib.resources.abc import Traversable

import numpy as np

from presslab.parsing.document import Document
from presslab.parsing.parser import single_thread

from . import pieces
from .encoder import Encoder
from .features import Encoded, Vocabulary, candidates, encode, relations

DILATIONS = (1, 2, 4, 8, 1)
NEIGHBOURS = ((0, 1, 2), (0, 3, 4), (0, 1, 2), (0, 3, 4), (0, 1, 2))  # columns of Encoded.neighbours that a layer reads
ROLES = ("source", "cue", "content")
ENCODER, HEAD, PIECES, WORDS = "encoder.npz", "head.npz", "pieces.txt", "vocabulary.txt"

Weights = dict[str, np.ndarray]


@dataclass(frozen=True)
class Network:
    """The encoder, the head's weights, and the words that each of them knows."""

    encoder: Encoder
    head: Weights
    words: Vocabulary
    pieces: pieces.Vocabulary


@lru_cache(maxsize=1)
def load() -> Network:
    """Return the network in data/attribution; arrays only, nothing is executed."""
    return load_from(resources.files("presslab") / "data" / "attribution")


def load_from(folder: Traversable) -> Network:
    """Return the network in a folder."""
    words = (folder / WORDS).read_text("utf-8").split("\n\n")
    return Network(
        Encoder(_arrays(folder / ENCODER)),
        {name: array.astype(np.float32) for name, array in _arrays(folder / HEAD).items()},
        Vocabulary.of(*(part.split("\n") for part in words[:4])),
        pieces.Vocabulary((folder / PIECES).read_text("utf-8").split("\n")),
    )


def _arrays(file: Traversable) -> dict[str, np.ndarray]:
    with file.open("rb") as stream, np.load(stream, allow_pickle=False) as stored:
        return dict(stored)


def _normal(x: np.ndarray, scale: np.ndarray, shift: np.ndarray) -> np.ndarray:
    x = x - x.mean(-1, keepdims=True)
    return x * (scale / np.sqrt((x * x).mean(-1, keepdims=True) + 1e-5)) + shift


def hidden(w: Weights, e: Encoded, states: np.ndarray) -> np.ndarray:
    """Return one vector per token: (n, width). `states`: the encoder's."""
    parts = [w[f"embed{i}"][e.categories[:, i]] for i in range(5)] + [e.numbers, states]
    x = _normal(np.maximum(np.concatenate(parts, 1) @ w["in_w"] + w["in_b"], 0), w["in_s"], w["in_o"])
    shared = [np.unique(e.neighbours[:, c], return_inverse=True) for c in range(e.neighbours.shape[1])]
    for layer, (dilation, columns) in enumerate(zip(DILATIONS, NEIGHBOURS)):
        here, before, after, *others = np.split(w[f"l{layer}_w"], 3 + len(columns))
        y = x @ here + w[f"l{layer}_b"]
        y[dilation:] += x[:-dilation] @ before
        y[:-dilation] += x[dilation:] @ after
        for (which, place), weights in zip((shared[c] for c in columns), others):
            y += (x[which] @ weights)[place]  # many tokens hang on one head: its product is made once
        x = _normal(x + np.maximum(y, 0, out=y), w[f"l{layer}_s"], w[f"l{layer}_o"])
    return x


def cue_chances(w: Weights, x: np.ndarray) -> np.ndarray:
    """Return chance that a token is the main word of a cue: (n,)."""
    y = np.maximum(x @ w["cue_w1"] + w["cue_b1"], 0) @ w["cue_w2"] + w["cue_b2"]
    return 1 / (1 + np.exp(-y[:, 0]))


def owners(w: Weights, x: np.ndarray, near: np.ndarray, related: np.ndarray) -> np.ndarray:
    """Log chances (n, 1 + 3K): no attribution, then source, cue, content of each candidate cue."""
    n, k = near.shape
    z = (x @ w["token_w"])[:, None, :] + (x @ w["owner_w"])[np.maximum(near, 0)]
    for i in range(related.shape[2]):
        z += w[f"relation{i}"][related[:, :, i]]
    z += w["pair_b"]
    scores = np.maximum(z, 0, out=z) @ w["pair_w"] + w["pair_o"]
    scores = np.where(near[:, :, None] >= 0, scores, -1e9).reshape(n, 3 * k)
    none = x @ w["none_w"] + w["none_b"]
    all_scores = np.concatenate([none, scores], 1)
    all_scores -= all_scores.max(1, keepdims=True)
    return all_scores - np.log(np.exp(all_scores).sum(1, keepdims=True))


def run(network: Network, document: Document, least: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return cue chances, candidate cues per token (chance `least` or more), and log chances of their roles."""
    encoded = encode(document, network.words)
    with single_thread().limit(limits=1):
        states = network.encoder.states(network.pieces.windows(document.tokens))
        vectors = hidden(network.head, encoded, states)
        chances = cue_chances(network.head, vectors)
        near = candidates(np.flatnonzero(chances >= least), len(chances))
        return chances, near, owners(network.head, vectors, near, relations(encoded, near))
