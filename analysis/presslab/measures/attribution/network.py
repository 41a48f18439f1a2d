"""The attribution network's forward pass in numpy: which tokens are cues, and which cue each token belongs to."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources

import numpy as np

from presslab.parsing.parser import single_thread

from .features import Encoded, Vocabulary, candidates, relations

DILATIONS = (1, 2, 4, 8, 1)
NEIGHBOURS = ((0, 1, 2), (0, 3, 4), (0, 1, 2), (0, 3, 4), (0, 1, 2))  # columns of Encoded.neighbours that a layer reads
ROLES = ("source", "cue", "content")


Weights = dict[str, np.ndarray]


@lru_cache(maxsize=1)
def load() -> tuple[tuple[Weights, ...], Vocabulary]:
    """Return the networks' weights and their common vocabulary from data/attribution; arrays only, nothing is
    executed."""
    folder = resources.files("presslab") / "data" / "attribution"
    networks = []
    for item in sorted(folder.iterdir(), key=lambda p: p.name):
        if item.name.endswith(".npz"):
            with item.open("rb") as stream, np.load(stream, allow_pickle=False) as stored:
                networks.append({name: stored[name].astype(np.float32) for name in stored.files})
    words = (folder / "vocabulary.txt").read_text("utf-8").split("\n\n")
    return tuple(networks), Vocabulary.of(*(part.split("\n") for part in words[:4]))


def _normal(x: np.ndarray, scale: np.ndarray, shift: np.ndarray) -> np.ndarray:
    x = x - x.mean(-1, keepdims=True)
    return x * (scale / np.sqrt((x * x).mean(-1, keepdims=True) + 1e-5)) + shift


def hidden(w: Weights, e: Encoded) -> np.ndarray:
    """Return one vector a token: (n, width)."""
    parts = [w[f"embed{i}"][e.categories[:, i]] for i in range(5)] + [e.numbers]
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
    scores = np.maximum(z + w["pair_b"], 0) @ w["pair_w"] + w["pair_o"]
    scores = np.where(near[:, :, None] >= 0, scores, -1e9).reshape(n, 3 * k)
    none = x @ w["none_w"] + w["none_b"]
    all_scores = np.concatenate([none, scores], 1)
    all_scores -= all_scores.max(1, keepdims=True)
    return all_scores - np.log(np.exp(all_scores).sum(1, keepdims=True))


def run(networks: tuple[Weights, ...], e: Encoded, least: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return cue chances, candidate cues a token (chance `least` or more), and log chances of their roles.

    Networks that differ in their random start only vote with their mean chance (Hansen & Salamon 1990).
    """
    with single_thread().limit(limits=1):
        vectors = [hidden(w, e) for w in networks]
        chances = np.mean([cue_chances(w, x) for w, x in zip(networks, vectors)], 0)
        near = candidates(np.flatnonzero(chances >= least), len(chances))
        related = relations(e, near)
        roles = np.mean([np.exp(owners(w, x, near, related)) for w, x in zip(networks, vectors)], 0)
    return chances, near, np.log(np.maximum(roles, 1e-30))
