"""The same story more than once: exact and near duplicates among articles, as groups.

Candidates come from MinHash over word triples (datasketch, locality-sensitive hashing); each pair is then compared
word by word. Broder (1997), On the resemblance and containment of documents.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
import hashlib
import re

import numpy as np
from rapidfuzz.distance import Indel

from .article import Article

SHINGLE = 3  # words
PERMUTATIONS = 128
CANDIDATE = 0.35  # estimated resemblance from which a pair is compared word by word
NEAR = 0.70  # share of words two texts have in common, in order, from which they are the same story
PART = 0.90  # share of the shorter text's words that the longer one has, in order, from which it is the story cut short
SHORTENED = 0.4  # of the longer text's words, at least: a paragraph that is quoted is no duplicate
FIELDS = ("title", "outlet", "published", "byline", "edition")
SHORTEST = 20  # words: shorter texts are only compared for being exactly alike


@dataclass(frozen=True)
class Group:
    """Articles that are one story. `ids` begins with the one that `--unique` keeps, the others follow in order of id.

    `kind` is "exact" (the same words) or "near"; `differs` says for each id how it differs from the first one.
    """

    ids: tuple[str, ...]
    kind: str
    differs: tuple[str, ...]


@dataclass(frozen=True)
class Print:
    """What is kept of an article to compare it: its words as numbers, and the fields that may differ."""

    id: str
    words: np.ndarray
    fields: tuple[str, ...]
    digest: str


def fingerprint(article: Article) -> Print:
    """Return an article's words (case and punctuation left out) as numbers."""
    edition = article.metadata.get("edition", "") or article.metadata.get("Edition", "")
    return fingerprint_of(
        article.id, article.body, (article.title, article.outlet, article.published, article.byline, edition)
    )


def fingerprint_of(id: str, body: str, fields: tuple[str, ...]) -> Print:
    """Do the same as `fingerprint`, from an article's parts; `fields` are those of FIELDS."""
    words = re.findall(r"\w+", body.casefold())
    numbers = np.array(
        [int.from_bytes(hashlib.blake2b(w.encode(), digest_size=4).digest(), "little") for w in words], dtype=np.uint32
    )
    return Print(id, numbers, fields, hashlib.blake2b(numbers.tobytes(), digest_size=16).hexdigest())


def groups(articles: Iterable[Article | Print]) -> list[Group]:
    """Return every group of two or more articles that are one story, in order of the kept one's id; the same in any
    order of `articles`.

    Kept is the one that was published first (those without a date last), then the longest, then the first by id.
    """
    prints = sorted((a if isinstance(a, Print) else fingerprint(a) for a in articles), key=lambda p: p.id)
    parent = list(range(len(prints)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    firsts: dict[str, int] = {}
    for i, p in enumerate(prints):
        if len(p.words):
            parent[root(i)] = root(firsts.setdefault(p.digest, i))
    for a, b in _candidates(prints, sorted(firsts.values())):
        if root(a) != root(b) and same(prints[a].words, prints[b].words):
            parent[root(b)] = root(a)
    members: dict[int, list[Print]] = {}
    for i, p in enumerate(prints):
        members.setdefault(root(i), []).append(p)
    several = [_group(ps) for ps in members.values() if len(ps) > 1]
    return sorted(several, key=lambda g: g.ids[0])


def same(one: np.ndarray, other: np.ndarray) -> bool:
    """Return whether two texts are one story: NEAR of all their words in common in the same order, or the one cut
    short."""
    both = len(one) + len(other)
    share = Indel.normalized_similarity(one.tolist(), other.tolist())  # 2 · common / words of both
    return share >= NEAR or share * both / 2 >= PART * min(len(one), len(other))


def _candidates(prints: list[Print], indices: list[int]) -> list[tuple[int, int]]:
    """Return pairs whose word triples resemble each other, by locality-sensitive hashing, in a fixed order."""
    from datasketch import MinHash, MinHashLSH

    lsh = MinHashLSH(threshold=CANDIDATE, num_perm=PERMUTATIONS, weights=(0.1, 0.9))
    empty = MinHash(num_perm=PERMUTATIONS, seed=1, hashfunc=int)
    pairs = []
    for i in indices:
        words = prints[i].words
        if len(words) < SHORTEST:
            continue
        sketch = empty.copy()
        sketch.update_batch(_triples(words))
        pairs += [
            (j, i) for j in sorted(lsh.query(sketch)) if SHORTENED <= len(prints[j].words) / len(words) <= 1 / SHORTENED
        ]
        lsh.insert(i, sketch)
    return pairs


def _triples(words: np.ndarray) -> list[int]:
    """Return each distinct word triple of a text as a 32-bit number."""
    w = words.astype(np.uint64)
    mixed = (
        w[:-2] * np.uint64(0x9E3779B97F4A7C15)
        ^ w[1:-1] * np.uint64(0xC2B2AE3D27D4EB4F)
        ^ w[2:] * np.uint64(0x165667B19E3779F9)
    )
    return np.unique(mixed >> np.uint64(32)).tolist()


def _group(prints: list[Print]) -> Group:
    kept, *others = sorted(prints, key=lambda p: (p.fields[2] or "9999", -len(p.words), p.id))
    others.sort(key=lambda p: p.id)
    kind = "exact" if len({p.digest for p in prints}) == 1 else "near"
    return Group((kept.id, *(p.id for p in others)), kind, ("", *(_differs(kept, p) for p in others)))


def _differs(first: Print, other: Print) -> str:
    """Return in words: which fields differ, and how much of the text."""
    named = [n for n, a, b in zip(FIELDS, first.fields, other.fields) if a.casefold() != b.casefold()]
    if first.digest != other.digest:
        share = 1 - Indel.normalized_similarity(first.words.tolist(), other.words.tolist())
        named.append(f"{100 * share:.1f} % of the words")
    return ", ".join(named) or "nothing"
