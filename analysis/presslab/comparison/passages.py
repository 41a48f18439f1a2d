"""Passages that several articles share, word for word or nearly: wire copy, press releases, the same quotation."""

from __future__ import annotations

from itertools import pairwise
import re

from datasketch import MinHash, MinHashLSH
import pandas as pd
from rapidfuzz.distance import Indel, LCSseq

from presslab.parsing.document import Document

SHORTEST = 7  # words of a sentence that is looked at: shorter ones ("He declined to comment.") agree by accident
SHINGLE = 3  # words
PERMUTATIONS, NEAR = 128, 0.2  # a candidate pair shares about a fifth of its shingles; the exact check follows
ALIKE = 0.7  # share of two sentences' words that are the same in the same order
CONTAINED, CONTAINED_WORDS = 0.85, 10  # or so much of the shorter one, so many words, inside the longer one
COLUMNS = ("passage", "outlet", "kind", "words", "start", "end", "text", "similarity")


def shared_passages(documents: list[Document], labels: list[str]) -> pd.DataFrame:
    """Return sentences that are in two or more articles, neighbouring ones joined to passages.

    Columns: passage (number, from 1), outlet, kind ("quotation" if most words are in quotation marks in one of
    the articles, which others may set as a block without marks; otherwise "wording"), words, start, end (in
    `Document.text`), text, similarity (0–1, to the longest wording of the passage; the share of words that are the
    same in the same order). Rows by passage, those in most articles first, then the longest; an article's rows are
    in the order given.

    Candidates come from MinHash with locality-sensitive hashing over three-word shingles (Broder 1997), so that the
    time grows with the number of sentences and not with its square.
    """
    sentences = [(number, place) for number, d in enumerate(documents) for place in range(len(d.sentences))]
    words = {key: _words(documents[key[0]], key[1]) for key in sentences}
    groups = _groups([key for key in sentences if len(words[key]) >= SHORTEST], words)
    passages = _joined(groups)
    passages.sort(
        key=lambda p: (
            -len(p),
            -max(sum(len(words[n, i]) for i in places) for n, places in p.items()),
            min((n, q[0]) for n, q in p.items()),
        )
    )
    rows = []
    for count, passage in enumerate(passages, start=1):
        tokens = {n: [w for i in places for w in words[n, i]] for n, places in passage.items()}
        longest = max(tokens, key=lambda n: (len(tokens[n]), -n))
        quoted = any(_quoted(documents[n], places) > 0.5 for n, places in passage.items())
        for n, places in sorted(passage.items()):
            start, end = documents[n].sentences[places[0]][0], documents[n].sentences[places[-1]][1]
            alike = Indel.normalized_similarity(tokens[n], tokens[longest])
            kind = "quotation" if quoted else "wording"
            rows.append(
                (count, labels[n], kind, len(tokens[n]), start, end, documents[n].text[start:end].strip(), alike)
            )
    return pd.DataFrame(rows, columns=list(COLUMNS))


def shared_shares(documents: list[Document], labels: list[str], passages: pd.DataFrame) -> pd.DataFrame:
    """Return how much of each article is elsewhere too. Columns: outlet, words, shared_wording, shared_quotation
    (shares of the article's words in passages of that kind)."""
    rows = []
    for label, document in zip(labels, documents):
        mine, total = passages[passages["outlet"] == label], len(document.words)
        shares = [
            mine.loc[mine["kind"] == kind, "words"].sum() / total if total else 0.0 for kind in ("wording", "quotation")
        ]
        rows.append((label, total, *shares))
    return pd.DataFrame(rows, columns=["outlet", "words", "shared_wording", "shared_quotation"])


def plain_words(text: str) -> list[str]:
    """Return the words of a text as they are compared: lower case, straight apostrophes, no punctuation around them."""
    return [w.strip(".'").lower() for w in re.findall(r"[\w'.-]*\w", text.replace("’", "'"))]


def _words(document: Document, sentence: int) -> list[str]:
    start, end, _ = document.sentences[sentence]
    return plain_words(document.text[start:end])


def _quoted(document: Document, places: list[int]) -> float:
    inside = [w.quote >= 0 for w in document.words if w.sentence in places]
    return sum(inside) / len(inside) if inside else 0.0


def _groups(keys: list[tuple[int, int]], words: dict) -> list[list[tuple[int, int]]]:
    """Return the groups of sentences of different articles that are near-duplicates, each with one sentence an
    article at most."""
    index = MinHashLSH(threshold=NEAR, num_perm=PERMUTATIONS)
    hashes = {}
    for number, key in enumerate(keys):
        minhash = MinHash(num_perm=PERMUTATIONS, seed=1)
        minhash.update_batch([" ".join(s).encode() for s in zip(*(words[key][i:] for i in range(SHINGLE)))])
        hashes[key] = minhash
        index.insert(number, minhash)
    pairs = []
    for key in keys:
        for other in sorted(index.query(hashes[key])):
            candidate = keys[other]
            if candidate[0] > key[0] and (alike := _alike(words[key], words[candidate])):
                pairs.append((-alike, key, candidate))
    group = {key: [key] for key in keys}
    for _, a, b in sorted(pairs):
        one, two = group[a], group[b]
        if one is not two and not {n for n, _ in one} & {n for n, _ in two}:
            one += two
            for key in two:
                group[key] = one
    return [sorted(g) for key, g in group.items() if len(g) > 1 and g[0] == key]


def _alike(a: list[str], b: list[str]) -> float:
    """Return the similarity of two sentences if they count as the same, otherwise 0."""
    alike = Indel.normalized_similarity(a, b)
    short = min(len(a), len(b))
    inside = LCSseq.similarity(a, b)
    return alike if alike >= ALIKE or (inside >= CONTAINED_WORDS and inside / short >= CONTAINED) else 0.0


def _joined(groups: list[list[tuple[int, int]]]) -> list[dict[int, list[int]]]:
    """Join groups: those whose sentences follow one another in all their articles become one passage: {article:
    sentences}."""
    in_order = sorted(groups)
    passages = [{n: [i] for n, i in g} for g in in_order[:1]]
    for _, group in pairwise(in_order):
        last = passages[-1]
        follows = {n for n, _ in group} == set(last) and all(i == last[n][-1] + 1 for n, i in group)
        if follows:
            for n, i in group:
                last[n].append(i)
        else:
            passages.append({n: [i] for n, i in group})
    return passages
