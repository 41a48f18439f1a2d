"""spaCy's named entities without its loop over states: outside an entity, what the model decides of a token depends on
that token alone, so all tokens are decided at once and only the inside of entities is walked (tests/test_parser.py).

The model is a greedy transition system over begin, in, last, unit and out (Lample et al. 2016, section 3); its features
are the token, the first token of the entity that is open, and the token before, if one is open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from spacy.attrs import IS_SPACE, SENT_START
from spacy.language import Language
from spacy.pipeline import EntityRecognizer
from spacy.tokens import Doc, Span
from spacy.util import minibatch

NAME = "presslab_entities"


class Entities:
    """A pipeline component that says what the pipeline's component `ner` would say."""

    def __init__(self, nlp: Language) -> None:
        ner = nlp.get_pipe("ner")
        if not isinstance(ner, EntityRecognizer):
            raise ValueError("the model's component “ner” is not spaCy's entity recogniser")
        self.model: Any = ner.model
        moves = [ner.moves.get_class_name(number).partition("-") for number in range(ner.moves.n_moves)]
        lower, upper = self.model.get_ref("lower"), self.model.get_ref("upper")
        if lower.get_dim("nF") != 3 or ner.cfg["beam_width"] != 1 or self.model.attrs["unseen_classes"]:
            raise ValueError(
                "the model's entity recogniser is not the greedy one with three features: its decisions can't be made"
                " at once"
            )
        self.labels: list[str] = sorted({label for _, _, label in moves if label})
        place = {label: number for number, label in enumerate(self.labels)}
        self.action = np.array([action for action, _, _ in moves])
        self.label = np.array([place.get(label, -1) for _, _, label in moves])
        self.begins = self.action == "B"
        self.alone = (self.action == "U") & (self.label >= 0)
        self.out = self.action == "O"
        self.inside, self.last = (
            np.array([next(k for k, move in enumerate(moves) if move == (action, "-", label)) for label in self.labels])
            for action in "IL"
        )
        self.bias = lower.get_param("b")
        self.weights, self.upper_bias = upper.get_param("W").T, upper.get_param("b")

    def __call__(self, doc: Doc) -> Doc:
        return next(self.pipe([doc]))

    def pipe(self, stream: Iterable[Doc], batch_size: int = 64) -> Iterator[Doc]:
        for docs in minibatch(stream, size=batch_size):
            self._annotate(list(docs))
            yield from docs

    def _annotate(self, docs: list[Doc]) -> None:
        entities = self._find(docs)
        start = 0
        for doc in docs:
            end, token, spans = start + len(doc), start, []
            while token < end:
                if token in entities:
                    after, label = entities[token]
                    spans.append(Span(doc, token - start, after - start, label=self.labels[label]))
                    token = after
                else:
                    token += 1
            doc.set_ents(spans, default="outside")
            start = end

    def _find(self, docs: list[Doc]) -> dict[int, tuple[int, int]]:
        """Return for each token, counted over all docs, with which an entity would begin: the end after it and its
        label."""
        lengths = np.array([len(doc) for doc in docs])
        if not lengths.sum():
            return {}
        vectors = self.model.get_ref("tok2vec").predict(docs)
        # (1 + tokens, 3, hidden, pieces); row 0 is "no token"
        features = self.model.get_ref("lower").predict(np.asarray(vectors))
        space, starts = (
            np.concatenate([doc.to_array([IS_SPACE, SENT_START]) for doc in docs if len(doc)]).astype(np.int64).T
        )
        closes = np.append(starts[1:] == 1, True)  # no entity goes on after this token
        closes[np.cumsum(lengths)[lengths > 0] - 1] = True
        tokens = np.arange(len(space))

        none = np.full_like(tokens, -1)
        scores = self._scores(features, tokens, none, none)
        scores[np.ix_((space == 1) | closes, self.begins)] = -np.inf
        scores[np.ix_(space == 1, self.alone)] = -np.inf
        scores[:, ~(self.begins | self.alone | self.out)] = -np.inf
        chosen = scores.argmax(1)
        spans = {int(t): (int(t) + 1, int(self.label[chosen[t]])) for t in np.flatnonzero(self.alone[chosen])}

        first = np.flatnonzero(self.begins[chosen])
        label, here = self.label[chosen[first]], first + 1
        while len(first):
            scores = self._scores(features, here, first, here - 1)
            rows = np.arange(len(first))
            go_on, stop = scores[rows, self.inside[label]], scores[rows, self.last[label]]
            # of equal scores the earlier action wins, as in spaCy
            on = np.where(self.inside[label] < self.last[label], go_on >= stop, go_on > stop) & ~closes[here]
            spans |= {int(f): (int(h) + 1, int(k)) for f, h, k in zip(first[~on], here[~on], label[~on])}
            first, label, here = first[on], label[on], here[on] + 1
        return spans

    def _scores(self, features: np.ndarray, *context: np.ndarray) -> np.ndarray:
        """Return scores (states × actions) of states given by their three tokens, -1 for none."""
        total = features[context[0] + 1, 0]
        for number in (1, 2):
            total = total + features[context[number] + 1, number]
        return (total + self.bias).max(-1) @ self.weights + self.upper_bias


@Language.factory(NAME, assigns=["doc.ents", "token.ent_iob", "token.ent_type"])
def _create(nlp: Language, name: str) -> Entities:
    return Entities(nlp)
