"""Scare quotes: a word or three in quotation marks inside the journalist's own sentence that nobody is cited for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from presslab.parsing.document import Document
from presslab.system.plain_yaml import packaged

MOST_WORDS = 3
# What introduces a term, a name or a wording: what follows it in quotation marks is mentioned, not taken back.
NAMING = frozenset(
    """call name term word phrase dub label nickname title entitle know refer describe define mean slogan catchphrase
    mantra brand expression concept song film movie book show game play album poem sign banner hashtag placard
    translate pronounce spell coin christen style classify rate mark type code category section chapter heading headline
    quote cite version""".split()
)
SPEAKING = frozenset("say write ask answer reply tweet read list".split())  # only right before the mark
# "So-called 'experts'", "the self-styled 'experts'": what these introduce is taken back.
DOUBTING = frozenset({"supposed", "alleged", "purported", "styled", "proclaimed", "professed", "identified"})
REACH = 4  # such a word counts up to so many tokens before the mark, in the same sentence


def scare_quotes(document: Document, own: Sequence[bool]) -> list[tuple[int, int]]:
    """Return the first and last token (inclusive) of the words inside each pair of scare quotes, in order.

    `own` says for each token whether the journalist speaks. The words claim a standing (`standing` in data/loaded.yaml)
    or follow "so-called". Not counted: names and titles (a capital letter), words introduced as a term or a wording
    ("called", "the word") or used again in the article, sentences in which somebody is cited, headlines.
    """
    tokens = document.tokens
    inside: dict[int, list[int]] = {}
    for i, quote in enumerate(tokens.quote):
        if quote >= 0:
            inside.setdefault(quote, []).append(i)
    cited = {tokens.sentence[i] for i, mine in enumerate(own) if not mine}
    found = []
    for members in inside.values():
        words = [i for i in members if any(c.isalpha() for c in tokens.text[i])]
        if (
            words
            and tokens.sentence[words[0]] not in cited
            and all(own[i] for i in words)
            and _is_short_and_common(document, words)
            and _stands_in_a_sentence(document, words, members)
        ):
            doubted, named = _introduced(document, members[0])
            standing = any(tokens.lemma[i].lower() in _standing() for i in words)
            if doubted or (standing and not named):
                found.append((words[0], words[-1]))
    return _used_once(document, found)


@lru_cache(maxsize=1)
def _standing() -> frozenset[str]:
    return frozenset(packaged("loaded.yaml")["standing"])


def _is_short_and_common(document: Document, words: list[int]) -> bool:
    """Return whether the words are few, in small letters, and no name."""
    tokens = document.tokens
    return words[-1] - words[0] <= MOST_WORDS and all(
        tokens.text[i].islower() and not tokens.entity[i] for i in words[: MOST_WORDS + 1]
    )


def _stands_in_a_sentence(document: Document, words: list[int], members: list[int]) -> bool:
    """Return whether the quotation is a part of a sentence with an end mark, outside a headline."""
    start, end, paragraph = document.sentences[document.tokens.sentence[words[0]]]
    sentence = document.text[start:end].rstrip(" \"'”’)")
    return (
        document.role(paragraph) == "body"
        and sentence.endswith((".", "?", "!", ":", "…"))
        and document.tokens.start[members[0]] > start
    )


def _introduced(document: Document, mark: int) -> tuple[bool, bool]:
    """Return whether words shortly before the opening mark take back what follows, and whether they name it."""
    tokens = document.tokens
    before = [i for i in range(max(mark - REACH, 0), mark) if tokens.sentence[i] == tokens.sentence[mark]]
    last = [tokens.text[i].lower() for i in before[-3:]]
    doubted = bool(last) and (last[-1] in DOUBTING or last == ["so", "-", "called"])
    named = any(tokens.lemma[i].lower() in NAMING for i in before)
    return doubted, named or any(tokens.lemma[i].lower() in SPEAKING for i in before[-1:])


def _used_once(document: Document, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the spans whose words appear nowhere else in the document: a term is used again."""
    lower = [text.lower() for text in document.tokens.text]
    wanted = {tuple(lower[first : last + 1]) for first, last in spans}
    counts: Counter[tuple[str, ...]] = Counter()
    for length in sorted({len(words) for words in wanted}):
        counts.update(w for i in range(len(lower) - length + 1) if (w := tuple(lower[i : i + length])) in wanted)
    return [span for span in spans if counts[tuple(lower[span[0] : span[1] + 1])] == 1]
