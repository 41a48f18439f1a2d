"""How often coders are wrong about a yes-or-no question, and what that does to its estimates.

Codes that are wrong now and then make a rare thing look more frequent and differences smaller; an interval around them
is sure of the wrong number (Bachl & Scharkow 2017; TeBlunthuis, Hase & Chan 2024). What is taken out here is an error
that strikes yes and no alike and each coder alone (Rogan & Gladen 1978).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations
import math

import numpy as np

from presslab.measures.statistics import Z95
from presslab.measures.statistics.counted import clopper_pearson
from presslab.measures.statistics.mover import mover, rogan_gladen
from presslab.reporting.wording import many, percent, shares

from .codebook import Question
from .estimates import CORRECTED, LEAST, SAMPLE_ONLY, Estimate
from .read import Coding

WITHOUT_ERROR = {CORRECTED: "corrected, without coder error", SAMPLE_ONLY: "sample only, without coder error"}
MOST = 0.4  # above, codes are nearly as good as tossed coins


@dataclass(frozen=True)
class CoderError:
    """The share of answers that are wrong, with its 95 % interval (a point if someone gave it), and where it is from,
    in words."""

    share: float
    low: float
    high: float
    origin: str

    @property
    def ends(self) -> tuple[float, float, float]:
        """Share, low and high."""
        return self.share, self.low, self.high

    @property
    def told(self) -> str:
        """In a sentence without its end."""
        interval = "" if self.low == self.high else f" [{shares(self.low, self.high)}]"
        return f"{percent(self.share)}{interval} of answers are taken to be wrong ({self.origin})"


def of_question(coding: Coding, question: Question, share: float | None) -> CoderError | None:
    """Return the coder error to take out of a question's estimates: `share` if someone states it, otherwise that of
    the articles coded twice. None for questions that are not yes or no, for a stated 0, and if nothing is known."""
    if not question.binary or share == 0:
        return None
    return from_double(coding, question.name) if share is None else stated(share)


def stated(share: float) -> CoderError:
    """Return the coder error that someone states, 0 to MOST."""
    return CoderError(share, share, share, "as stated with --coder-error")


def from_pairs(differ: float, articles: int) -> CoderError:
    """Return the error behind a share of pairs of answers that `differ`, on so many articles coded twice: two coders
    who are wrong with the chance e each differ with the chance 2e(1 − e), however frequent yes is."""
    low, high = clopper_pearson(differ * articles, articles)
    origin = f"from {many(articles, 'article')} coded twice, {percent(differ)} of answers differ"
    return CoderError(_one_of_two(differ), _one_of_two(low), _one_of_two(high), origin)


def _one_of_two(differ: float) -> float:
    return (1 - math.sqrt(max(0.0, 1 - 2 * differ))) / 2


def from_double(coding: Coding, question: str) -> CoderError | None:
    """Return the coder error of a yes-or-no question from the articles that two or more coders answered; None if
    there are fewer than LEAST. Where coders settled what they differed on, the codes that count are right for these."""
    wide = coding.table(question)
    both = wide[wide.notna().sum(axis=1) >= 2]
    if len(both) < LEAST:
        return None
    differ = float(np.mean([_differing(row.dropna().to_numpy()) for _, row in both.iterrows()]))
    error = from_pairs(differ, len(both))
    settled = set(coding.agreed.loc[coding.agreed["question"] == question, "id"])
    open_ids = set(both.index[both.nunique(axis=1) > 1]) - settled
    right = settled if open_ids else settled | set(both.index)
    count = int(wide.notna().any(axis=1).sum())
    return _diluted(error, 1 - len(right & set(wide.index)) / count) if settled else error


def _differing(answers: np.ndarray) -> float:
    """Return the share of pairs of answers that are not the same."""
    return float(np.mean([a != b for a, b in combinations(answers, 2)]))


def _diluted(error: CoderError, part: float) -> CoderError:
    """Return the error of all codes if only a part of them can be wrong."""
    return replace(
        error,
        share=error.share * part,
        low=error.low * part,
        high=error.high * part,
        origin=f"{error.origin}; those settled after discussion count as right",
    )


def without_error(estimate: Estimate, error: CoderError, gap: bool, bounds: tuple[float, float]) -> Estimate:
    """Return what an estimate of yes and no would be without coder error, within `bounds`: a share, or with `gap` a
    difference of shares or a trend. The interval has the uncertainty of the error as well."""
    way = WITHOUT_ERROR[estimate.way]
    if estimate.note:
        return replace(estimate, way=way)
    none = math.nan
    if error.high > MOST:
        note = f"coder error may be {percent(error.high)}: codes this uncertain can’t be corrected"
        return replace(estimate, way=way, value=none, low=none, high=none, note=note)
    function = _scaled if gap else rogan_gladen
    value, low, high = mover(function, estimate.ends, error.ends)
    # also in articles that were all coded, errors fall by chance
    noise = Z95 * math.sqrt(error.share * (1 - error.share) / estimate.articles) / (1 - 2 * error.share)
    low, high = value - math.hypot(value - low, noise), value + math.hypot(high - value, noise)
    if high <= bounds[0] or low >= bounds[1]:
        note = "no number: coder errors alone would give as many"
        return replace(estimate, way=way, value=none, low=none, high=none, note=note)
    value, low, high = (min(max(v, bounds[0]), bounds[1]) for v in (value, low, high))
    return replace(estimate, way=way, value=value, low=low, high=high)


def _scaled(gap: float, error: float) -> float:
    return gap / (1 - 2 * error)
