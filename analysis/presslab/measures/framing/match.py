"""Find the terms of word lists in a document: one pass over the tokens for all lists together."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from presslab.parsing.document import Document

from .lexicon import Element, Lexicon, Term, elements

# A word inside the name of one of these is not used but mentioned ("Justice Department", "Conflict Kitchen").
NAMES = {"PERSON", "ORG", "FAC", "GPE", "LOC", "PRODUCT", "WORK_OF_ART", "EVENT", "LAW"}
NEGATIONS = {"not", "n't", "never", "no", "neither", "nor", "without", "hardly", "nothing", "nobody"}
REACH = 3  # a negation counts up to so many tokens before the term ("not at all outrageous")


@dataclass(frozen=True)
class Match:
    """A term found: tokens `first` to `last` (inclusive) of the document."""

    term: Term
    first: int
    last: int


@dataclass(frozen=True)
class _Index:
    """Patterns by their first element: (elements, the second word or "", lexicon number, term, "" or the kind of
    context that it is)."""

    forms: dict[str, list]
    lemmas: dict[str, list]
    prefixes: dict[str, list]
    pos: dict[str, list]
    entities: dict[str, list]
    lengths: tuple[int, ...]


@lru_cache(maxsize=32)
def _index(lexicons: tuple[Lexicon, ...]) -> _Index:
    tables: dict[str, dict[str, list]] = {"form": {}, "lemma": {}, "prefix": {}, "pos": {}, "entity": {}}
    for number, lexicon in enumerate(lexicons):
        for term in lexicon.terms:
            patterns = [(variant, "") for variant in term.variants]
            patterns += [(variant, "unless") for context in term.unless for variant in elements(context)]
            patterns += [(variant, "needs") for context in term.needs for variant in elements(context)]
            for variant, context in patterns:
                first, second = variant[0], variant[1] if len(variant) > 1 else None
                word = second.value if second and second.kind in ("form", "lemma") else ""
                tables[first.kind].setdefault(first.value, []).append((variant, word, number, term, context))
    lengths = tuple(sorted({len(prefix) for prefix in tables["prefix"]}))
    return _Index(
        tables["form"], tables["lemma"], tables["prefix"], tables["pos"], tables["entity"], lengths
    )  # fmt: skip


@dataclass(frozen=True)
class _Contexts:
    """Where each term's contexts were found, by number of the list and term: places that block it, sentences that have
    what it needs."""

    blocked: dict[tuple[int, int], list[tuple[int, int]]]
    granted: dict[tuple[int, int], set[int]]

    def allow(self, document: Document, number: int, match: Match) -> bool:
        """Return whether the match is in no context that it must not be in, and has one that it needs."""
        key, sentence = (number, id(match.term)), document.tokens.sentence[match.first]
        free = not any(a <= match.last and match.first <= b for a, b in self.blocked.get(key, ()))
        return free and (not match.term.needs or sentence in self.granted.get(key, ()))


def find(document: Document, lexicons: tuple[Lexicon, ...]) -> list[list[Match]]:
    """Return the matches of each lexicon, by first token; of overlapping ones the longest stays, then the first in
    the file.

    Words inside proper names don't match unless the term itself asks for PROPN or is a phrase of several words.
    """
    index, tokens = _index(lexicons), document.tokens
    lower = [text.lower().replace("’", "'") for text in tokens.text]
    named = _named(document)
    hits: list[list[Match]] = [[] for _ in lexicons]
    contexts = _Contexts({}, {})
    for i, (form, lemma) in enumerate(zip(lower, tokens.lemma)):
        patterns = [
            *index.forms.get(form, ()),
            *index.lemmas.get(lemma, ()),
            *index.pos.get(tokens.pos[i], ()),
            *index.entities.get(tokens.entity[i], ()),
        ]
        if form != lemma:  # "savings/NOUN": the parser's lemma is "saving"
            patterns += index.lemmas.get(form, ())
        for length in index.lengths:
            if length <= len(form):
                patterns += index.prefixes.get(form[:length], ())
        beside = (lower[i + 1], tokens.lemma[i + 1]) if i + 1 < len(lower) else ("", "")
        for variant, word, number, term, context in patterns:
            if word and word not in beside:
                continue  # most phrases fail at their second word
            end = i + len(variant)
            if end > len(lower) or tokens.paragraph[end - 1] != tokens.paragraph[i]:
                continue
            if not all(_fits(e, document, lower, j) for j, e in enumerate(variant, i)):
                continue
            if context == "unless":
                contexts.blocked.setdefault((number, id(term)), []).append((i, end - 1))
            elif context == "needs":
                contexts.granted.setdefault((number, id(term)), set()).add(tokens.sentence[i])
            elif len(variant) > 1 or not named[i] or variant[0].pos == "PROPN":
                hits[number].append(Match(term, i, end - 1))
    return [_longest(document, number, matches, contexts) for number, matches in enumerate(hits)]


def _named(document: Document) -> list[bool]:
    """Return for each token whether it is part of a proper name: of an entity, or of a run of proper nouns outside
    a headline in Capitals?"""
    tokens, size = document.tokens, len(document.tokens)
    letters, capitals = [0] * (len(document.sentences) + 1), [0] * (len(document.sentences) + 1)
    for text, sentence in zip(tokens.text, tokens.sentence):
        letters[sentence] += text[:1].isalpha()
        capitals[sentence] += text[:1].isupper()
    proper = [pos == "PROPN" for pos in tokens.pos]
    named = []
    for i in range(size):
        beside = (i and proper[i - 1] and tokens.head[i - 1] == i) or (
            tokens.dep[i] == "compound" and proper[tokens.head[i]] and abs(tokens.head[i] - i) <= 2
        )
        spelt = capitals[tokens.sentence[i]] <= 0.6 * letters[tokens.sentence[i]]
        named.append(proper[i] and (tokens.entity[i] in NAMES or bool(beside) and spelt))
    return named


def _fits(element: Element, document: Document, lower: list[str], i: int) -> bool:
    tokens = document.tokens
    form, pos = lower[i], tokens.pos[i]
    if element.kind == "form":
        return form == element.value
    if element.kind == "prefix":
        return form.startswith(element.value)
    if element.kind == "pos":
        return pos == element.value
    if element.kind == "entity":
        return tokens.entity[i] == element.value
    return element.value in (tokens.lemma[i], form) and (
        not element.pos or pos == element.pos or (element.pos, pos) == ("VERB", "AUX")
    )


def _longest(document: Document, number: int, matches: list[Match], contexts: _Contexts) -> list[Match]:
    longest: list[Match] = []
    last = -1
    for match in sorted(matches, key=lambda m: (m.first, -m.last, m.term.line)):
        if match.first > last and contexts.allow(document, number, match):
            longest.append(match)
            last = match.last
    return longest


def negated(document: Document, match: Match) -> bool:
    """Return whether the match is inside the reach of a negation in its own sentence ("not an outrageous claim")."""
    tokens = document.tokens
    for i in range(match.first - 1, max(match.first - 1 - REACH, -1), -1):
        if tokens.sentence[i] != tokens.sentence[match.first] or tokens.text[i] in {",", ";", ":", "."}:
            return False
        if tokens.text[i].lower().replace("’", "'") in NEGATIONS:
            # "not only outrageous" affirms
            return not (i + 1 < len(tokens) and tokens.text[i + 1].lower() in {"only", "just", "merely"})
    return False
