"""Who says what: source, cue and content spans of a document."""

from __future__ import annotations

import numpy as np

from presslab.parsing.document import Document

from . import decode, labels, likely, rules, subjects, tidy
from .spans import Attribution, Span

__all__ = ["Attribution", "Span", "extract", "voices"]


def extract(document: Document) -> list[Attribution]:
    """Return all attributions of a document, by first character. No token has two roles, but words may be the source of
    several attributions.

    A network finds cues and returns each token to one of them; rules make whole phrases of them and add transcripts,
    speech in relative clauses ("terms that the allies have said are unacceptable"), and quotations that go on without
    a cue.
    """
    tree = rules.Tree(document)
    spoken = labels.labelled(document)
    taken = rules.tokens_of(document, spoken)
    every, certain = candidates(tree, taken)
    parts = [p for p in every if likely.is_likely(document, certain, p[2])]
    taken |= rules.tokens_in(parts)
    parts += rules.commitments(tree, taken)
    parts = tidy.undivided(tree, rules.follow(tree, rules.transcript(tree, parts, spoken), taken))
    return [subjects.completed(document, attribution) for attribution in rules.finish(tree, parts)]


def candidates(tree: rules.Tree, taken: set[int]) -> tuple[list[rules.Parts], np.ndarray]:
    """Return what may be attributions, as whole phrases outside the tokens in `taken`, likely or not; and for each
    token how sure the network is of its part (0–1)."""
    document = tree.document
    inner = rules.introduced(tree, taken)
    inner += rules.relative_clauses(tree, taken | rules.tokens_in(inner))
    found, certain = decode.attributions(document, taken | rules.tokens_in(inner))
    return tidy.tidied(tree, inner + found), certain


def voices(document: Document, attributions: list[Attribution]) -> list[str]:
    """Return the voice of each token: "quoted" (inside quotation marks that an attribution claims), "reported"
    (other content that is attributed), "journalist" (all else)."""
    tokens = document.tokens
    mark = bytearray(len(document.text) + 1)
    for attribution in attributions:
        for start, end in attribution.content:
            mark[start:end] = b"\1" * (end - start)
    return [
        "journalist" if not mark[tokens.start[i]] else "quoted" if tokens.quote[i] >= 0 else "reported"
        for i in range(len(tokens))
    ]
