"""The encoder's forward pass in numpy: what each token means where it stands (BERT: Devlin et al. 2019).

Weights are kept in eight bits with one scale per row; arithmetic is done in single precision, since arithmetic in
eight bits gives other results on other processors.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from .pieces import Windows

HEAD = 32  # numbers per attention head
SMALL = 1e-12  # as in BERT's layer normalisation
ROWS = 512  # pieces that are multiplied at once
LARGE = 60.0  # e to this power and the sum of some hundred such are numbers in single precision

Stored = dict[str, np.ndarray]


@dataclass(frozen=True)
class Layer:
    """One layer's weights, each matrix as inputs × outputs, with its biases."""

    attend: tuple[np.ndarray, np.ndarray]  # queries, keys and values side by side
    joined: tuple[np.ndarray, np.ndarray]
    joined_norm: tuple[np.ndarray, np.ndarray]
    wide: tuple[np.ndarray, np.ndarray]
    narrow: tuple[np.ndarray, np.ndarray]
    narrow_norm: tuple[np.ndarray, np.ndarray]


class Encoder:
    """A stack of layers over word pieces."""

    def __init__(self, stored: Stored) -> None:
        self._words, self._scales = stored["words"], stored["words_scale"]
        self._places = stored["places"].astype(np.float32)
        self._norm = (stored["norm_scale"].astype(np.float32), stored["norm_shift"].astype(np.float32))
        count = sum(name.endswith(".attend") for name in stored)
        self.layers = [_layer(stored, number) for number in range(count)]

    @property
    def width(self) -> int:
        """How many numbers a state has."""
        return self._words.shape[1]

    def states(self, windows: Windows) -> np.ndarray:
        """Return the mean state of each token's pieces: (n, width), float32."""
        if not windows.ids:
            return np.zeros((0, self.width), np.float32)
        every = np.concatenate([self._together(group) for group in _groups(windows.ids)])
        sums, sizes = every[windows.first], windows.last - windows.first
        for piece in range(1, sizes.max()):
            longer = np.flatnonzero(sizes > piece)
            sums[longer] += every[windows.first[longer] + piece]
        return sums / sizes[:, None].astype(np.float32)

    def _together(self, windows: list[np.ndarray]) -> np.ndarray:
        """Return the states of the pieces of some windows, one window after the other."""
        ids, bounds = np.concatenate(windows), np.cumsum([0, *map(len, windows)])
        places = np.concatenate([self._places[: len(window)] for window in windows])
        x = _normal(self._words[ids] * self._scales[ids][:, None] + places, self._norm)
        for layer in self.layers:
            x = _normal(x + _attention(x, layer, bounds), layer.joined_norm)
            x = _normal(x + _dense(_gelu(_dense(x, layer.wide)), layer.narrow), layer.narrow_norm)
        return x


def _groups(windows: list[np.ndarray]) -> Iterator[list[np.ndarray]]:
    """Yield windows whose pieces are multiplied at once: a matrix of many rows takes less time than many of few."""
    group: list[np.ndarray] = []
    for window in windows:
        if group and sum(map(len, group)) + len(window) > ROWS:
            yield group
            group = []
        group.append(window)
    yield group


def _layer(stored: Stored, number: int) -> Layer:
    def dense(name: str) -> tuple[np.ndarray, np.ndarray]:
        rows = stored[f"{number}.{name}"].astype(np.float32) * stored[f"{number}.{name}_scale"][:, None]
        bias = stored[f"{number}.{name}_bias"].astype(np.float32)
        if name == "attend":  # queries are divided here instead of the scores at each call
            rows[: len(rows) // 3] *= HEAD**-0.5
            bias[: len(rows) // 3] *= HEAD**-0.5
        if name == "narrow":
            rows *= 0.5  # _gelu gives it twice
        return np.ascontiguousarray(rows.T), bias

    def norm(name: str) -> tuple[np.ndarray, np.ndarray]:
        return stored[f"{number}.{name}_scale"].astype(np.float32), stored[f"{number}.{name}_shift"].astype(np.float32)

    return Layer(
        dense("attend"), dense("joined"), norm("joined_norm"), dense("wide"), dense("narrow"), norm("narrow_norm")
    )


def _dense(x: np.ndarray, weights: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    y = x @ weights[0]
    y += weights[1]
    return y


def _attention(x: np.ndarray, layer: Layer, bounds: np.ndarray) -> np.ndarray:
    """Return what the pieces of each window, which ends at the next of `bounds`, take from each other."""
    heads = _dense(x, layer.attend).reshape(len(x), 3, -1, HEAD).transpose(1, 2, 0, 3)
    mixed = np.empty((len(x), x.shape[1] // HEAD, HEAD), np.float32)
    for start, end in pairwise(bounds):
        query, key, value = np.ascontiguousarray(heads[:, :, start:end])
        scores = query @ key.transpose(0, 2, 1)
        if scores.max() > LARGE or scores.min() < -LARGE:  # seldom: looking for each row's own takes longer
            scores -= scores.max(-1, keepdims=True)
        np.exp(scores, out=scores)
        window = scores @ value
        window /= np.einsum("hij->hi", scores)[:, :, None]
        mixed[start:end] = window.transpose(1, 0, 2)
    return _dense(mixed.reshape(len(x), -1), layer.joined)


def _gelu(x: np.ndarray) -> np.ndarray:
    """Return twice x times the chance that a normal number is smaller, by tanh (Hendrycks & Gimpel 2016). Changes x."""
    y = x * x
    y *= 0.7978845608 * 0.044715
    y += 0.7978845608
    y *= x
    np.tanh(y, out=y)
    y += 1
    x *= y
    return x


def _normal(x: np.ndarray, weights: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    x = x - x.mean(-1, keepdims=True)
    spread = np.sqrt(np.einsum("ij,ij->i", x, x)[:, None] / x.shape[1] + SMALL)
    x *= weights[0] / spread
    x += weights[1]
    return x
