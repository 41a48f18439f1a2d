"""Turn a Document into the numbers that the attribution network reads."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from presslab.parsing.document import Document

BEFORE, AFTER = 5, 4  # candidate cues that a token may belong to: so many before it, so many after it
DEPTH = 12  # how far up the parse a token looks for its cue
SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj", "agent"})
CLAUSES = frozenset({"ccomp", "xcomp", "dobj", "pcomp", "acl"})
NUMBERS = 12  # plain numeric features per token
VECTOR = 96  # numbers of the parser's own vector per token


@dataclass(frozen=True)
class Vocabulary:
    """What each categorical feature can be; 0 stands for anything not listed."""

    lemmas: dict[str, int]
    tags: dict[str, int]
    deps: dict[str, int]
    entities: dict[str, int]

    @classmethod
    def of(cls, lemmas: list[str], tags: list[str], deps: list[str], entities: list[str]) -> Vocabulary:
        """Number each list's entries from 1."""
        return cls(*({word: i + 1 for i, word in enumerate(words)} for words in (lemmas, tags, deps, entities)))


@dataclass(frozen=True)
class Encoded:
    """A document as arrays; n tokens.

    `categories` (n, 5): lemma, tag, dependency, entity, shape; `numbers` (n, NUMBERS + 96); `neighbours` (n, 5): index
    of the head, the first subject, the first clausal complement, and the tokens around the quotation (else the
    sentence's root and last token); `ancestors` (n, DEPTH); `place` (n, 4): sentence, paragraph, quotation, quotation's
    sentences."""

    categories: np.ndarray
    numbers: np.ndarray
    neighbours: np.ndarray
    ancestors: np.ndarray
    place: np.ndarray


def _shape(text: str) -> int:
    if text.isupper():
        return 1 if len(text) > 1 else 2
    if text[:1].isupper():
        return 3
    if text.isalpha():
        return 4
    return 5 if text[:1].isdigit() else 6


def encode(document: Document, vocabulary: Vocabulary) -> Encoded:
    """Return all features of a document's tokens; looks at columns only."""
    t, n = document.tokens, len(document.tokens)
    v = vocabulary
    categories = np.array(
        [
            [v.lemmas.get(x, 0) for x in t.lemma],
            [v.tags.get(x, 0) for x in t.tag],
            [v.deps.get(x, 0) for x in t.dep],
            [v.entities.get(x, 0) for x in t.entity],
            [_shape(x) for x in t.text],
        ],
        np.int32,
    ).T.reshape(n, 5)
    index = np.arange(n)
    head = np.array(t.head, np.int64)
    sentence, paragraph, quote = (np.array(c, np.int64) for c in (t.sentence, t.paragraph, t.quote))
    starts, ends = np.array(t.start), np.array(t.end)
    numbers = np.zeros((n, NUMBERS), np.float32)
    first = np.r_[True, paragraph[1:] != paragraph[:-1]]
    last = np.r_[first[1:], True]
    new_sentence = np.r_[True, sentence[1:] != sentence[:-1]]
    quoted = quote >= 0
    quote_first = quoted & np.r_[True, quote[1:] != quote[:-1]]
    quote_last = quoted & np.r_[quote[1:] != quote[:-1], True]
    numbers[:, 0], numbers[:, 1], numbers[:, 2] = quoted, quote_first, quote_last
    numbers[:, 3], numbers[:, 4], numbers[:, 5] = first, last, new_sentence
    numbers[:, 6] = np.array([document.role(p) == "headline" for p in t.paragraph])
    numbers[:, 7] = np.minimum(paragraph, 40) / 40
    begins, stops = index.copy(), index.copy()
    if quoted.any():
        open_at, shut_at = index[quote_first], index[quote_last]
        order = np.cumsum(quote_first)[quoted] - 1
        begins[quoted], stops[quoted] = open_at[order], shut_at[order]
        numbers[quoted, 8] = np.log1p(stops - begins)[quoted] / 5
        closed = np.array([q.closed for q in document.quotes])
        numbers[quoted, 9] = ~closed[quote[quoted]]
        numbers[quoted, 10] = (first[begins] & last[stops])[quoted]
    numbers[1:, 11] = starts[1:] > ends[:-1]
    # neighbours in the parse
    subject, clause, root, final = index.copy(), index.copy(), index.copy(), index.copy()
    for i in range(n - 1, -1, -1):
        if t.dep[i] in SUBJECTS:
            subject[head[i]] = i
        elif t.dep[i] in CLAUSES:
            clause[head[i]] = i
    bounds = np.flatnonzero(np.r_[new_sentence, True])
    roots: dict[int, int] = {}
    for i in range(n):
        if t.head[i] == i:
            roots.setdefault(t.sentence[i], i)
    for a, b in zip(bounds[:-1], bounds[1:]):
        root[a:b] = roots.get(t.sentence[a], a)
        final[a:b] = b - 1
    left = np.where(quoted, np.maximum(begins - 1, 0), root)
    right = np.where(quoted, np.minimum(stops + 1, max(n - 1, 0)), final)
    ancestors = np.empty((n, DEPTH), np.int64)
    step = index
    for j in range(DEPTH):
        ancestors[:, j] = step
        step = head[step]
    place = np.stack([sentence, paragraph, quote, sentence[begins], sentence[stops]], 1) if n else np.zeros((0, 5), int)
    return Encoded(
        categories,
        np.concatenate([numbers, np.asarray(document.vectors, np.float32)], 1),
        np.stack([head, subject, clause, left, right], 1) if n else np.zeros((0, 5), int),
        ancestors,
        place,
    )


def candidates(chosen: np.ndarray, n: int) -> np.ndarray:
    """Return for each of n tokens its nearest cues among the sorted indices `chosen`: (n, BEFORE + AFTER), -1 if
    none is.

    Column BEFORE - 1 is the last cue at or before the token, column BEFORE the first after it.
    """
    padded = np.r_[np.full(BEFORE, -1), chosen, np.full(AFTER, -1)]
    at = np.searchsorted(chosen, np.arange(n), side="right")
    return padded[at[:, None] + np.arange(BEFORE + AFTER)[None, :]]


def relations(encoded: Encoded, near: np.ndarray) -> np.ndarray:
    """Return how each token stands to each of its candidate cues: (n, K, 7) category numbers, see RELATION_SIZES."""
    n, k = near.shape
    cue = np.maximum(near, 0)
    index = np.arange(n)[:, None]
    dep = encoded.categories[:, 2]
    up, up_depth = _path(encoded.ancestors, np.broadcast_to(index, (n, k)), cue, dep)
    down, _ = _path(encoded.ancestors, cue, np.broadcast_to(index, (n, k)), dep)
    away = index - cue
    distance = np.sign(away) * np.searchsorted(STEPS, np.abs(away), side="right") + len(STEPS)
    sentence, paragraph, quote, opened, shut = encoded.place.T
    sentences = np.clip(sentence[:, None] - sentence[cue], -3, 3) + 3
    paragraphs = np.clip(paragraph[:, None] - paragraph[cue], -2, 3) + 2
    token_quoted, cue_quoted = (quote >= 0)[:, None], quote[cue] >= 0
    touches = (opened[:, None] <= sentence[cue]) & (shut[:, None] >= sentence[cue])
    quotes = np.select(
        [~token_quoted & ~cue_quoted, token_quoted & ~cue_quoted & touches, token_quoted & ~cue_quoted, ~token_quoted],
        [0, 1, 2, 3],
        np.where(quote[:, None] == quote[cue], 4, 5),
    )
    slot = np.broadcast_to(np.arange(k)[None, :], (n, k))
    columns = np.stack([up, down, up_depth, distance, sentences * 6 + paragraphs, quotes, slot], 2)
    return np.where(near[:, :, None] >= 0, columns, 0).astype(np.int32)


STEPS = np.array([1, 2, 3, 4, 5, 7, 10, 15, 23, 36, 60, 100, 200])
MAX_DEPS = 50
RELATION_SIZES = (MAX_DEPS + 2, MAX_DEPS + 2, DEPTH + 1, 2 * len(STEPS) + 1, 42, 6, BEFORE + AFTER)


def _path(ancestors: np.ndarray, low: np.ndarray, high: np.ndarray, dep: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return label by which `low` hangs under `high` (0: it doesn't, 1: the same token), and how deep."""
    chain = ancestors[low]
    meets = chain == high[:, :, None]
    depth = meets.argmax(2)
    is_under = meets.any(2)
    below = np.take_along_axis(chain, np.maximum(depth - 1, 0)[:, :, None], 2)[:, :, 0]
    label = np.where(depth == 0, 1, np.minimum(dep[below], MAX_DEPS - 1) + 2)
    return np.where(is_under, label, 0), np.where(is_under, depth + 1, 0)
