"""News frames: how much of a text's vocabulary belongs to one way of telling the story.

The raw score is the weight of the terms found per 1,000 words; a term that is repeated within 100 words counts only in
proportion to the distance, so that one word can't carry a frame. A generic frame's value is its percentile rank among
usual news of the same length (`measures.usual`): an article and a part of it have the same expected value."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
import math
from pathlib import Path
from typing import TYPE_CHECKING

from presslab.parsing.document import Document

from ..measure import SCOPES, Evidence, Measure
from ..usual import RAW, Groups, bundled, rank
from . import lexicon
from .lexicon import Lexicon, LexiconError, Term
from .match import Match, find, negated
from .scopes import Part, parts

if TYPE_CHECKING:
    import pandas as pd  # imported where a table is built: measuring does without

GENERIC = ("conflict", "human_interest", "economic", "morality", "resolution")
REPEATED = 100  # words after which a term counts in full again
SHORT = 100  # a score from fewer words gets a warning
REQUIRED = ("name", "label", "question", "source")
OPTIONAL = ("language", "scope", "negation", "half", "provenance")
HALF = 30.0


@dataclass(frozen=True)
class Frame:
    """A dictionary of terms that speak for one frame.

    `scopes` are those on which it is measured; if `negation` is True, negated terms are left out. `usual` are the
    quantiles of its raw score in usual news; a user-defined frame has none, and `half` is then the raw score whose
    value is 0.5.
    """

    name: str
    label: str
    question: str
    source: str
    terms: Lexicon
    scopes: tuple[str, ...] = SCOPES
    negation: bool = False
    usual: Groups = ()
    half: float = HALF

    @property
    def column(self) -> str:
        """The name of the frame's measure."""
        return f"frame_{self.name}"

    def value(self, raw: float, words: int) -> float:
        """Put the raw score of so many words on the scale 0–1: its percentile rank among usual news of such a length,
        or raw / (raw + half)."""
        return rank(self.usual, raw, words) if self.usual else raw / (raw + self.half)


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
    """Return the five generic news frames (Semetko & Valkenburg 2000), on the scale of usual news."""
    usual = bundled().quantiles
    return tuple(replace(frame, usual=usual[RAW + frame.name, "article"]) for frame in listed())


def listed() -> tuple[Frame, ...]:
    """Return the same without a scale: their word lists."""
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
    try:
        half = _number(heading.get("half", HALF))
    except (TypeError, ValueError, OverflowError) as error:
        raise LexiconError(f"{terms.file}:{terms.line}: half is a number") from error
    if not 0 < half < math.inf:
        raise LexiconError(f"{terms.file}:{terms.line}: half is a number above 0")
    return Frame(
        name=name,
        label=str(heading["label"]),
        question=str(heading.get("question", "")),
        source=str(heading["source"]),
        terms=terms,
        scopes=tuple(s for s in SCOPES if s in listed),
        negation=negation,
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
    """Score a frame like `frame_measures`, from scopes and matches that are known already. A score has no interval:
    which words a frame has is the list's choice, and no resample of the text tells how sure that is."""
    if frame.negation:
        matches = [m for m in matches if not negated(document, m)]
    return [_score(document, part, frame, matches) for part in scopes if part.scope in frame.scopes]


def _score(document: Document, part: Part, frame: Frame, matches: list[Match]) -> Measure:
    if not part.total:
        return Measure(frame.column, part.scope, math.nan, note="no words in this scope")
    inside = [m for m in matches if part.tokens[m.first]]
    tokens = document.tokens
    evidence = [Evidence(tokens.start[m.first], tokens.end[m.last], _label(m.term), m.term.weight) for m in inside]
    evidence.sort(key=lambda e: (-e.weight, e.start))
    note = f"only {part.total} words: read with care" if part.total < SHORT else ""
    value = frame.value(raw_score(part, inside), part.total)
    return Measure(frame.column, part.scope, value, n=part.total, evidence=tuple(evidence), note=note)


def _label(term: Term) -> str:
    """Return what a term is called in tables: itself, or its group if it is a choice of words."""
    return term.group if term.group and "|" in term.text else term.text


def raw_score(part: Part, matches: list[Match]) -> float:
    """Return the weight of the terms found in a scope per 1,000 of its words. A term that stood within the last
    REPEATED words of the scope counts in proportion to the distance; its first use is as far from the last one as if
    the text began again, so that a text and the same text twice have one score."""
    places: dict[Term, list[int]] = {}
    for m in matches:
        places.setdefault(m.term, []).append(int(part.places[m.first]))
    found = (
        term.weight * min(at - before, REPEATED) / REPEATED
        for term, used in places.items()
        for before, at in zip([used[-1] - part.total, *used], used)
    )
    return 1000 * math.fsum(found) / part.total


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
