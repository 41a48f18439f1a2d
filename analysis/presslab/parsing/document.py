"""Parse an Article once into plain columns: paragraphs, sentences, words, tokens and quotations."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from functools import lru_cache
import hashlib
from importlib import metadata
import json
import platform
import re
from typing import TYPE_CHECKING

import numpy as np

from presslab.reading.article import Article

from . import cache, quotes, segment
from .parser import MODEL, parser, single_thread

if TYPE_CHECKING:
    import pandas as pd  # imported where a table is built: measuring does without

ANNOTATED = ("lemma", "pos", "tag", "dep", "morph", "head", "entity", "entity_start", "paragraph")
ATTRIBUTES: list[int | str] = [
    "LEMMA",
    "POS",
    "TAG",
    "DEP",
    "MORPH",
    "ENT_TYPE",
    "HEAD",
    "IDX",
    "LENGTH",
    "IS_SPACE",
    "ENT_IOB",
]
BEGINS = 3  # ENT_IOB of a token that begins a named entity


@dataclass(frozen=True)
class Tokens:
    """The parser's tokens as columns of equal length; white-space tokens are left out.

    `head` is the index of the syntactic head (itself for a root), `start`/`end` are offsets into `Document.text`,
    `sentence`, `paragraph` and `quote` are indices (quote -1: outside quotation marks), `entity` is the named entity's
    label or "", `entity_start` is True if an entity begins here.
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
        """Return the same columns as a table, one row per token."""
        import pandas as pd

        return pd.DataFrame(self.__dict__)


# emoji and flags, which the parser takes for words and names
SIGNS = re.compile("[\u2600-\u27bf\ufe0f\u200d\u20e3\U0001f000-\U0001faff]")


@dataclass(frozen=True)
class Word:
    """A word by the counting rules of `segment.words`: offsets into `Document.text`, and the sentence, paragraph and
    quotation that contain it (quote -1: outside quotation marks)."""

    start: int
    end: int
    sentence: int
    paragraph: int
    quote: int


@dataclass(frozen=True)
class Document:
    """A parsed article. All offsets count characters of `text`: headline and paragraphs separated by blank lines.

    `paragraphs`: (start, end, role); `sentences`: (start, end, paragraph); `offsets[i]` is the place of character i of
    `text` in `article.text`, -1 if it isn't there. `vectors` contains the parser's own vector of each token, which
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
        """Return the role of a paragraph: "headline", "standfirst", "subheading" or "body"."""
        return self.paragraphs[paragraph][2]

    def words_from(self, start: int, end: int) -> range:
        """Return the numbers of the words that begin in [start, end) of `text`."""
        return range(*(bisect_left(self.words, offset, key=lambda w: w.start) for offset in (start, end)))

    def input_span(self, start: int, end: int) -> tuple[int, int] | None:
        """Return the place of [start, end) of `text` in the original input; None if it is not part of it."""
        inside = [offset for offset in self.offsets[start:end] if offset >= 0]
        return (inside[0], inside[-1] + 1) if inside else None


def parse(article: Article) -> Document:
    """Parse one article, paragraph by paragraph, so that no sentence or dependency crosses a paragraph's end.

    If the same paragraphs were parsed before, the result is read from the cache.
    """
    text, offsets, spans = _join(article)
    quoted = tuple(quotes.find(text))
    plain = SIGNS.sub(" ", quotes.for_parser(text, quoted))
    paragraphs = [plain[start:end] for start, end, _ in spans]
    key = hashlib.sha256(json.dumps([_versions(), paragraphs]).encode()).hexdigest()
    entry = cache.get(key)
    if entry is None:
        entry = _annotate(paragraphs)
        cache.put(key, *entry)
    annotation, vectors = entry
    shift = [spans[number][0] for number in annotation["paragraph"]]
    columns: dict[str, list] = {name: annotation[name] for name in ANNOTATED}
    columns["start"] = [start + by for start, by in zip(annotation["start"], shift)]
    columns["end"] = [end + by for end, by in zip(annotation["end"], shift)]
    columns["text"] = [text[start:end] for start, end in zip(columns["start"], columns["end"])]
    proposed = [(spans[number][0] + start, spans[number][0] + end) for number, start, end in annotation["sentences"]]
    starts = [span[0] for span in spans]
    sentences = tuple((s, e, bisect_right(starts, s) - 1) for s, e in segment.sentences(text, proposed))

    def places(offsets: list[int]) -> tuple[list[int], list[int], list[int]]:
        """Return the sentence, paragraph and quotation of offsets into the text."""
        at = np.array(offsets, np.int64)
        sentence = np.searchsorted([s for s, _, _ in sentences], at, "right") - 1
        paragraph = np.searchsorted(starts, at, "right") - 1
        quote = np.searchsorted([q.start for q in quoted], at, "right") - 1
        ends = np.array([q.end for q in quoted] + [0])  # the last one is for -1: before the first quotation
        return np.maximum(sentence, 0).tolist(), paragraph.tolist(), np.where(at < ends[quote], quote, -1).tolist()

    columns["sentence"], _, columns["quote"] = places(columns["start"])
    spoken = segment.words(text)
    words = tuple(Word(*span, *place) for span, place in zip(spoken, zip(*places([s for s, _ in spoken]))))
    tokens = Tokens(**{name: tuple(values) for name, values in columns.items()})
    return Document(article, text, tuple(offsets), tuple(spans), sentences, words, quoted, tokens, vectors)


def _annotate(paragraphs: list[str]) -> tuple[dict[str, list], np.ndarray]:
    """Parse paragraphs: return the columns of ANNOTATED, `start`, `end` (offsets within the paragraph), `sentences`
    (paragraph, start, end), and one vector per token (float16, tokens × 96).

    Each article is a batch of its own, so that its parse never depends on others: larger batches would save a tenth of
    the parser's time but change the last bits of the numbers by which it decides.
    """
    columns: dict[str, list] = {name: [] for name in (*ANNOTATED, "start", "end", "sentences")}
    vectors: list[np.ndarray] = [np.zeros((0, 96), np.float16)]
    strings = parser().vocab.strings
    with (
        parser().memory_zone(),
        single_thread().limit(limits=1),
    ):  # new words are dropped from the vocabulary afterwards: memory stays flat
        for number, doc in enumerate(parser().pipe(paragraphs, batch_size=64)):
            columns["sentences"] += [(number, s.start_char, s.end_char) for s in doc.sents]
            said = doc.to_array(ATTRIBUTES)
            space = said[:, ATTRIBUTES.index("IS_SPACE")].astype(bool)
            head = np.arange(len(doc)) + said[:, ATTRIBUTES.index("HEAD")].astype(np.int64)
            places = np.flatnonzero(~space)
            place = np.cumsum(~space) - 1 + len(columns["start"])
            for _ in range(len(doc)):  # a token whose head is white space gets that one's head
                hanging = space[head] & (head[head] != head)
                if not hanging.any():
                    break
                head = np.where(hanging, head[head], head)
            head = np.where(space[head], np.arange(len(doc)), head)
            vectors.append(doc.tensor[places].astype(np.float16))
            for name, column in zip(("lemma", "pos", "tag", "dep", "morph", "entity"), said.T):
                names = {int(value): strings[int(value)] for value in np.unique(column)}
                columns[name] += [names[int(value)] for value in column[places]]
            columns["head"] += place[head[places]].tolist()
            starts = said[places, ATTRIBUTES.index("IDX")].astype(np.int64)
            columns["start"] += starts.tolist()
            columns["end"] += (starts + said[places, ATTRIBUTES.index("LENGTH")].astype(np.int64)).tolist()
            columns["entity_start"] += (said[places, ATTRIBUTES.index("ENT_IOB")] == BEGINS).tolist()
            columns["paragraph"] += [number] * len(places)
    columns["lemma"] = [lemma.lower() for lemma in columns["lemma"]]
    return columns, np.concatenate(vectors)


@lru_cache(maxsize=1)
def _versions() -> list[str]:
    """Return what a parse depends on besides the text: versions and the machine."""
    return [metadata.version(name) for name in ("spacy", MODEL, "thinc", "blis", "numpy")] + [platform.machine()]


def _join(article: Article) -> tuple[str, list[int], list[tuple[int, int, str]]]:
    """Return the text, offsets into the input, and (start, end, role) of each paragraph."""
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
