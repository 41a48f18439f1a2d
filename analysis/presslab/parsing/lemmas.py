"""spaCy's lemmas, worked out once for each word, part of speech and morphology (tests/test_parser.py)."""

from __future__ import annotations

import numpy as np
from spacy.attrs import LEMMA, MORPH, ORTH, POS
from spacy.language import Language
from spacy.pipeline import Lemmatizer
from spacy.tokens import Doc, Token

NAME = "presslab_lemmas"
HELD = 16_384  # words at a time, twice: those of 200 articles or so; more would let memory grow along a long run


class Lemmas:
    """A pipeline component that says what the pipeline's `lemmatizer` would say, which looks at word, part of speech
    and morphology alone; it remembers base forms too, most of all words, for which that one asks its rules every
    time."""

    def __init__(self, nlp: Language) -> None:
        lemmatizer = nlp.get_pipe("lemmatizer")
        if not isinstance(lemmatizer, Lemmatizer) or lemmatizer.mode != "rule" or lemmatizer.overwrite:
            raise ValueError(
                "the model's lemmatizer is not the one by rules that keeps what is there: its lemmas can't be"
                " remembered"
            )
        self.lemmatizer = lemmatizer
        index = lemmatizer.lookups.get_table("lemma_index")
        for part, words in list(index.items()):
            # lists of up to 57,528 words, which the rules search through for every new word
            index[part] = frozenset(words)
        self.known: dict[tuple[int, int, int], str] = {}
        self.before = self.known  # what was known until it was too much; what is asked for again is kept

    def __call__(self, doc: Doc) -> Doc:
        # added every time: what is new in a memory zone is forgotten at its end
        add = doc.vocab.strings.add
        lemmas: list[int] = []
        for i, (lemma, word, part, morphology) in enumerate(doc.to_array([LEMMA, ORTH, POS, MORPH]).tolist()):
            key = (word, part, morphology)
            lemmas.append(lemma or add(self.known.get(key) or self._learn(doc[i], key)))
        # spaCy names the array type of its own library, and takes NumPy's
        doc.from_array([LEMMA], np.array(lemmas, dtype=np.uint64).reshape(-1, 1))  # type: ignore[arg-type]
        return doc

    def _learn(self, token: Token, key: tuple[int, int, int]) -> str:
        if len(self.known) >= HELD:
            self.known, self.before = {}, self.known
        self.known[key] = self.before.get(key) or self.lemmatizer.lemmatize(token)[0]
        return self.known[key]


@Language.factory(NAME, assigns=["token.lemma"])
def _create(nlp: Language, name: str) -> Lemmas:
    return Lemmas(nlp)
