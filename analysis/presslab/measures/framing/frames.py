"""News frames: how much of a text's vocabulary belongs to one way of telling the story."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
import math
from pathlib import Path
from typing import TYPE_CHECKING, overload

import numpy as np

from presslab.parsing.document import Document

from ..measure import SCOPES, Evidence, Measure
from . import lexicon
from .lexicon import Lexicon, LexiconError
from .match import Match, find, negated
from .scopes import Part, parts

if TYPE_CHECKING:
    import pandas as pd  # imported where a table is built: measuring does without

GENERIC = ("conflict", "human_interest", "economic", "morality", "resolution")
# words added to every text's length: coders ask whether a frame is there, so its amount counts more than its density
PRIOR = 800
SHORT = 100  # a score from fewer words gets a warning
REQUIRED = ("name", "label", "question", "source")
OPTIONAL = ("language", "scope", "negation", "calibration", "half", "provenance")


@dataclass(frozen=True)
class Frame:
    """A dictionary of terms that speak for one frame.

    `scopes` are those on which it is measured; if `negation` is True, negated terms are left out; `intercept` and
    `slope` map the raw score to the share of coded articles with that score in which coders saw the frame (NaN: nobody
    has coded it; the value is then raw / (raw + half)).
    """

    name: str
    label: str
    question: str
    source: str
    terms: Lexicon
    scopes: tuple[str, ...] = SCOPES
    negation: bool = False
    intercept: float = math.nan
    slope: float = math.nan
    half: float = 10.0

    @property
    def column(self) -> str:
        """The name of the frame's measure."""
        return f"frame_{self.name}"

    @overload
    def value(self, raw: float) -> float: ...
    @overload
    def value(self, raw: np.ndarray) -> np.ndarray: ...
    def value(self, raw: np.ndarray | float) -> np.ndarray | float:
        """Put raw scores on the scale 0–1: calibrated if coders have judged the frame, otherwise raw / (raw + half)."""
        if math.isnan(self.intercept):
            return raw / (raw + self.half)
        return 1 / (1 + np.exp(-(self.intercept + self.slope * np.log1p(raw))))


def load_frames(path: str | Path) -> tuple[Frame, ...]:
    """Return the user-defined frames in a YAML file: one, or several separated by lines with three hyphens, such as two
    to be compared. Raises LexiconError, naming file and line, for whatever is wrong in it."""
    return _named(lexicon.load_all(Path(path), REQUIRED, OPTIONAL))


def own_frames(path: str) -> tuple[Frame, ...]:
    """Return the user-defined frames of a run or a notebook that names a file for them; none for "". Raises as
    `load_frames`."""
    return load_frames(path) if path else ()


def read_frames(text: str, file: str) -> tuple[Frame, ...]:
    """Return the frames like `load_frames`, from the text of such a file; errors call it `file`."""
    return _named(lexicon.read_all(text, file, REQUIRED, OPTIONAL))


def _named(lists: list[Lexicon]) -> tuple[Frame, ...]:
    frames = tuple(_frame(terms) for terms in lists)
    names: dict[str, int] = {f"frame_{name}": 0 for name in GENERIC}
    for frame in frames:
        if frame.column in names:
            first = f"first on line {names[frame.column]}" if names[frame.column] else "it is built in"
            raise LexiconError(f"{frame.terms.file}:{frame.terms.line}: the name “{frame.name}” is taken ({first})")
        names[frame.column] = frame.terms.line
    return frames


@lru_cache(maxsize=1)
def generic() -> tuple[Frame, ...]:
    """Return the five generic news frames (Semetko & Valkenburg 2000)."""
    return tuple(_frame(lexicon.builtin(f"frame_{name}")) for name in GENERIC)


def _frame(terms: Lexicon) -> Frame:
    heading = terms.heading
    name = str(heading["name"])
    if not name.isidentifier() or name != name.lower():
        raise LexiconError(f"{terms.file}:{terms.line}: name “{name}” must be lower-case letters, digits and _")
    scopes = heading.get("scope", list(SCOPES))
    listed = scopes if isinstance(scopes, list) else []
    unknown = [str(s) for s in listed if s not in SCOPES] if isinstance(scopes, list) else [str(scopes)]
    if unknown:
        raise LexiconError(f"{terms.file}:{terms.line}: scope {', '.join(unknown)} is not one of [{', '.join(SCOPES)}]")
    if heading.get("language", "en") != "en":
        raise LexiconError(f"{terms.file}:{terms.line}: language “{heading['language']}”: only en is parsed")
    negation = heading.get("negation", False)
    if not isinstance(negation, bool):
        raise LexiconError(f"{terms.file}:{terms.line}: negation is true or false")
    calibration = heading.get("calibration")
    try:
        if not isinstance(calibration, dict | None):
            raise TypeError("calibration has keys")
        intercept, slope = (
            (math.nan, math.nan)
            if calibration is None
            else (_number(calibration["intercept"]), _number(calibration["slope"]))
        )
        half = _number(heading.get("half", 10.0))
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise LexiconError(
            f"{terms.file}:{terms.line}: calibration has the numbers intercept and slope, half is one"
        ) from error
    if not 0 < half < math.inf or calibration is not None and not (math.isfinite(intercept) and math.isfinite(slope)):
        raise LexiconError(f"{terms.file}:{terms.line}: half is a number above 0; intercept and slope are finite")
    return Frame(
        name=name,
        label=str(heading["label"]),
        question=str(heading.get("question", "")),
        source=str(heading["source"]),
        terms=terms,
        scopes=tuple(s for s in SCOPES if s in listed),
        negation=negation,
        intercept=intercept,
        slope=slope,
        half=half,
    )


def _number(value: object) -> float:
    """Return a value of a heading as a number. Raises TypeError or ValueError if it is not one."""
    if not isinstance(value, int | float | str):
        raise TypeError(f"{value!r} is no number")
    return float(value)


def frame_measures(document: Document, voices: list[str], frame: Frame) -> list[Measure]:
    """Return a frame's score in each of its scopes, from 0 to 1, with the matched terms as evidence."""
    matches = find(document, (frame.terms,))[0]
    return score(document, parts(document, voices), frame, matches)


def score(document: Document, scopes: list[Part], frame: Frame, matches: list[Match]) -> list[Measure]:
    """Score a frame like `frame_measures`, from scopes and matches that are known already. A score has no interval: it
    grows with a text's length, so that no resample of the text tells how it varies."""
    if frame.negation:
        matches = [m for m in matches if not negated(document, m)]
    return [_score(document, part, frame, matches) for part in scopes if part.scope in frame.scopes]


def _score(document: Document, part: Part, frame: Frame, matches: list[Match]) -> Measure:
    if not part.total:
        return Measure(frame.column, part.scope, math.nan, note="no words in this scope")
    inside = [m for m in matches if part.tokens[m.first]]
    terms = list({m.term: None for m in inside})
    place = {term: i for i, term in enumerate(terms)}
    weights = np.array([term.weight for term in terms])
    counts = np.zeros((len(part.words), len(terms) + 1))
    for m in inside:
        counts[document.tokens.sentence[m.first], place[m.term]] += 1
    counts[:, -1] = part.words
    raw = raw_score(counts.sum(axis=0, keepdims=True), weights)[0]

    tokens = document.tokens
    evidence = [Evidence(tokens.start[m.first], tokens.end[m.last], m.term.text, m.term.weight) for m in inside]
    evidence.sort(key=lambda e: (-e.weight, e.start))
    note = f"only {part.total} words: read with care" if part.total < SHORT else ""
    return Measure(frame.column, part.scope, float(frame.value(raw)), n=part.total, evidence=tuple(evidence), note=note)


def raw_score(counts: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the raw scores of texts; each text is a row of term counts, with its words in the last column.

    Each term adds its weight times log2(1 + its count), so that one repeated word can't carry a frame; the sum is per
    1000 words, with PRIOR words added to the text."""
    return 1000 * (np.log2(1 + counts[:, :-1]) @ weights) / (counts[:, -1] + PRIOR)


def check(frame: Frame, documents: list[Document]) -> pd.DataFrame:
    """List which terms of a frame occur in these documents.

    Columns: term, weight, line, matches (all occurrences), articles (with at least one), dead (never occurs).
    """
    import pandas as pd

    matches = dict.fromkeys(frame.terms.terms, 0)
    articles = dict.fromkeys(frame.terms.terms, 0)
    for document in documents:
        hits = [m for m in find(document, (frame.terms,))[0] if not (frame.negation and negated(document, m))]
        for m in hits:
            matches[m.term] += 1
        for term in {m.term: None for m in hits}:
            articles[term] += 1
    rows = [(t.text, t.weight, t.line, matches[t], articles[t], not matches[t]) for t in frame.terms.terms]
    return pd.DataFrame(rows, columns=["term", "weight", "line", "matches", "articles", "dead"])
