"""Who says what: source, cue and content spans of a document."""

from __future__ import annotations

from presslab.parsing.document import Document

from . import decode, labels, rules, tidy
from .spans import Attribution, Span

__all__ = ["Attribution", "Span", "extract", "voices"]


def extract(document: Document) -> list[Attribution]:
    """Return all attributions of a document, by first character. No token has two roles.

    A network finds cues and returns each token to one of them; rules make whole phrases of them and add transcripts,
    speech in relative clauses ("terms that the allies have said are unacceptable"), and quotations that go on without
    a cue.
    """
    tree = rules.Tree(document)
    spoken = labels.labelled(document)
    taken = rules.tokens_of(document, spoken)
    inner = rules.introduced(tree, taken)
    taken |= rules.tokens_in(inner)
    inner += rules.relative_clauses(tree, taken)
    taken |= rules.tokens_in(inner)
    parts = tidy.tidied(tree, inner + decode.attributions(document, taken))
    taken |= rules.tokens_in(parts)
    parts += rules.commitments(tree, taken)
    return rules.finish(tree, rules.follow(tree, rules.transcript(tree, parts, spoken), taken))


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
