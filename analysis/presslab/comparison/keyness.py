"""Words that set one text apart from others: weighted log-odds with an informative Dirichlet prior."""

from __future__ import annotations

from collections import Counter
import re

import numpy as np
import pandas as pd

from presslab.measures.statistics import informative_prior, log_odds
from presslab.parsing.document import Document

CONTENT = {"NOUN", "PROPN", "VERB", "ADJ", "ADV"}
LEAST = 2  # occurrences in all articles together; a word that occurs once can't be set apart by any outlet
# a paper's house style, in every article of it
COURTESY = {
    "mr.",
    "mrs.",
    "ms.",
    "miss",
    "mr",
    "mrs",
    "ms",
    "dr.",
    "dr",
}
CONTEXTS, AROUND = 3, 45  # contexts a word, characters each side


def content_words(document: Document) -> list[tuple[str, int]]:
    """Return (word, token) of each noun, name, verb, adjective and adverb: its lemma in lower case; names as they
    are written, without Mr. and Mrs."""
    tokens = document.tokens
    words = []
    for i, pos in enumerate(tokens.pos):
        if (
            pos in CONTENT
            and tokens.text[i].lower() not in COURTESY
            and re.fullmatch(r"[^\W\d_][\w'’.-]+", tokens.text[i])
        ):
            words.append((tokens.text[i] if pos == "PROPN" else tokens.lemma[i], i))
    return words


def distinctive_words(documents: list[Document], labels: list[str]) -> pd.DataFrame:
    """Return how far each word sets each article apart from the others together.

    Columns: outlet, word, count (in this article), others (in all others), log_odds, z (the log-odds in standard
    errors: it ranks the words and tests nothing, since one article says nothing of its outlet's other words), contexts
    (up to three, as printed). Rows by outlet in the order given, then by z, highest first. The order of articles
    changes the order of rows and nothing else.
    """
    words = [content_words(document) for document in documents]
    bags = [Counter(word for word, _ in article_words) for article_words in words]
    total = sum(bags, Counter())
    vocabulary = sorted(word for word, count in total.items() if count >= LEAST)
    columns = ["outlet", "word", "count", "others", "log_odds", "z", "contexts"]
    if len(vocabulary) < 2 or len(documents) < 2:
        return pd.DataFrame(columns=columns)
    counts = np.array([[bag[word] for word in vocabulary] for bag in bags], dtype=float)
    prior = informative_prior(counts)
    pieces = []
    for label, document, article_words, row in zip(labels, documents, words, counts):
        others = counts.sum(axis=0) - row
        difference, z = log_odds(row, others, prior)
        piece = pd.DataFrame(
            {"word": vocabulary, "count": row.astype(int), "others": others.astype(int), "log_odds": difference, "z": z}
        )
        piece.insert(0, "outlet", label)
        places: dict[str, list[int]] = {}
        for word, token in article_words:
            places.setdefault(word, []).append(token)
        piece["contexts"] = [[_context(document, i) for i in places.get(word, [])[:CONTEXTS]] for word in vocabulary]
        pieces.append(piece.sort_values(["z", "word"], ascending=[False, True], kind="stable"))
    return pd.concat(pieces, ignore_index=True)[columns]


def _context(document: Document, token: int) -> tuple[str, str, str]:
    """Return text before, the word, text after, within its paragraph, cut at spaces."""
    start, end = document.tokens.start[token], document.tokens.end[token]
    first, last, _ = document.paragraphs[document.tokens.paragraph[token]]
    before, after = document.text[max(first, start - AROUND) : start], document.text[end : min(last, end + AROUND)]
    if start - AROUND > first:
        before = "…" + before[before.find(" ") + 1 :]
    if end + AROUND < last:
        after = after[: max(after.rfind(" "), 0)] + "…"
    return before, document.text[start:end], after
