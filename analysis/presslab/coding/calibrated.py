"""The frames of a run beside the codes of its sample: what is calibrated, what is warned of, and the files of it."""

from __future__ import annotations

from dataclasses import dataclass
import json
import math

import numpy as np
import pandas as pd

from presslab.collecting.events import events
from presslab.measures.statistics import wilson
from presslab.measures.statistics.logistic import weights
from presslab.reading import duplicates
from presslab.reporting.wording import many, number, percent
from presslab.system import provenance

from . import CodingError, shift
from .calibrate import EDGE, LEAST, Calibration, calibrate
from .codebook import Question
from .coded_run import Collection, number as plain_number
from .reliability import TENTATIVE, Agreement, of_question
from .scored import HALF

FEW = 100  # coded articles below which intervals are wide
MOST_BEYOND = 0.05  # share of a run's articles with values that no coded one has
COLUMNS = (
    "id",
    "question",
    "measure",
    "scope",
    "value",
    "share",
    "low",
    "high",
    "coded_like",
    "seen_like",
    "beyond",
    "code",
)
NOT_YES_OR_NO = "it is not a question of yes or no"
NOT_MEASURED = "the run has no values of it"


@dataclass(frozen=True, eq=False)
class Frame:
    """One question about a frame with its calibration; `agreement` is that of its coders (None: not known), `split`
    counts the articles on which coders split evenly, which are left out."""

    question: Question
    calibration: Calibration
    agreement: Agreement | None
    split: int
    warnings: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Calibrated:
    """All frames that a codebook asks about. `warnings` are those of the whole sample, `articles` has a row for each
    article of the run and each calibrated frame (COLUMNS), `apart` is how well words tell coded articles from others
    (area under the ROC curve, low, high), `stories` how many events the coded articles are on."""

    collection: Collection
    frames: tuple[Frame, ...]
    warnings: tuple[str, ...]
    articles: pd.DataFrame
    apart: tuple[float, float, float]
    coded: int
    stories: int

    @property
    def done(self) -> tuple[Frame, ...]:
        """The frames that were calibrated."""
        return tuple(frame for frame in self.frames if frame.calibration.curves)


def calibrated(collection: Collection) -> Calibrated:
    """Return the calibration of every frame that the codebook asks about. Raises CodingError if it asks about none, or
    too few articles were coded for any."""
    questions = [q for q in collection.coding.book.questions if q.measure.startswith("frame_")]
    if not questions:
        raise CodingError(
            f"{collection.coding.folder}: the codebook asks about no frame (no question has a measure frame_…); the"
            " default codebook of presslab sample does"
        )
    codes = {q.name: collection.coding.settled(q.name).dropna() for q in questions}
    coded_ids = sorted(set().union(*(set(answers.index) for answers in codes.values())))
    if len(coded_ids) < 2 * LEAST:
        raise CodingError(
            f"{collection.coding.folder}: {many(len(coded_ids), 'article was', 'articles were')} coded; no frame can be"
            f" calibrated by fewer than {2 * LEAST}, and {FEW} to 400 are advised"
        )
    stories = _stories(collection, coded_ids)
    tables = {q.name: _table(collection, q, codes[q.name], stories) for q in questions}
    calibrations = calibrate({name: table for name, table in tables.items() if table is not None})
    frames = []
    for q in questions:
        table = tables[q.name]
        one = calibrations.get(q.name) or Calibration(
            pd.DataFrame({"seen": []}), refused=NOT_MEASURED if q.binary else NOT_YES_OR_NO
        )
        agreement = of_question(collection.coding, q)
        split = int((codes[q.name] == HALF).sum()) if q.binary else 0
        warnings = () if not one.curves or table is None else _of_frame(collection, q, one, agreement)
        frames.append(Frame(q, one, agreement, split, warnings))
    apart = _apart(collection, coded_ids)
    return Calibrated(
        collection,
        tuple(frames),
        tuple(_of_sample(collection, coded_ids, apart)),
        _articles(collection, frames, codes),
        apart,
        len(coded_ids),
        len(set(stories.values())),
    )


def _stories(collection: Collection, ids: list[str]) -> dict[str, str]:
    """Return for each coded article the first one on the same event, by the words that they have in common; its own id
    if the run has no text."""
    rows = collection.table[collection.table["id"].isin(ids)].sort_values("id")
    if not rows["text_analysed"].astype(bool).any():
        return {id: id for id in ids}
    prints = [
        duplicates.fingerprint_of(r.id, r.text_analysed, (r.title, r.outlet, r.published, "", ""))
        for r in rows.itertuples()
    ]
    days = pd.to_datetime(rows["published"].replace("", None), errors="coerce", utc=True, format="ISO8601")
    event = events(prints, ["" if pd.isna(day) else day.date().isoformat() for day in days])
    for group in duplicates.groups(prints):  # versions of one story are on one event, whatever their dates
        event |= {id: event[group.ids[0]] for id in group.ids}
    return event


def _table(collection: Collection, q: Question, codes: pd.Series, stories: dict[str, str]) -> pd.DataFrame | None:
    """Return the coded articles of a question with value and weight, without those on which coders split evenly; None
    if it is none of yes or no, or the run has no values of its measure.

    An article counts for those of its stratum: as many as there were, divided by those that have a code.
    """
    scores = collection.scores(q).dropna()
    if not q.binary or scores.empty:
        return None
    rows = collection.coding.sample.set_index("id")[["stratum", "articles_in_stratum"]]
    rows = rows.assign(value=scores, code=codes).dropna()
    rows = rows[rows["code"] != HALF]
    in_stratum = rows.groupby("stratum")["code"].transform("size")
    return pd.DataFrame(
        {
            "id": rows.index,
            "value": rows["value"].to_numpy(float),
            "seen": (rows["code"] > HALF).to_numpy(float),
            "weight": (rows["articles_in_stratum"] / in_stratum).to_numpy(float),
            "story": [stories[id] for id in rows.index],
        }
    )


def _apart(collection: Collection, ids: list[str]) -> tuple[float, float, float]:
    texts = dict(zip(collection.table["id"], collection.table["text_analysed"]))
    mine = set(ids)
    coded, others = ([text for id, text in texts.items() if text and (id in mine) == side] for side in (True, False))
    return shift.told_apart(coded, others)


def _of_sample(collection: Collection, ids: list[str], apart: tuple[float, float, float]) -> list[str]:
    """Return what to warn of for all frames."""
    warnings = []
    if len(ids) < FEW:
        warnings.append(f"Only {len(ids)} articles were coded: intervals are wide. Code {FEW} or more.")
    added = len(collection.table) - collection.coding.design.articles
    if added > 0:
        warnings.append(
            f"The run has {many(added, 'article')} more than when the sample was drawn: none of those was coded."
        )
    if apart[0] >= shift.APART and apart[1] > 0.5:
        warnings.append(
            "The coded articles read unlike the rest of the run: by everyday words alone, a coded article and another"
            f" one can be told apart in {percent(apart[0])} of pairs (50 % would be chance). Their topics, outlets or"
            " years differ, and calibrated shares may be wrong for the rest. Code a random sample of all articles."
        )
    if not collection.table["text_analysed"].astype(bool).any():
        warnings.append(
            "The run keeps no text of its articles: each counts as a story, and whether coded articles read like the"
            " others is not known."
        )
    if len(collection.coding.coders) < 2:
        warnings.append(
            "One person coded: whether another one would see the same frames is not known. Draw the sample with"
            " --coders 2 and --overlap."
        )
    return warnings


def _of_frame(collection: Collection, q: Question, one: Calibration, agreement: Agreement | None) -> tuple[str, ...]:
    """Return what to warn of for a calibrated frame."""
    warnings = []
    if agreement is not None and agreement.alpha < TENTATIVE:
        warnings.append(
            f"Coders agree too little on it (alpha {number(agreement.alpha, 2)}, {TENTATIVE} is the least for tentative"
            " conclusions): the shares are of a frame that people see differently."
        )
    if one.brier >= one.brier_same:
        warnings.append("Little is gained: giving all articles the same share would be as close to the codes.")
    elif one.error > 3 * one.error_by_chance:
        warnings.append(
            f"The curve fits badly: calibrated shares are off by {number(100 * one.error)} points on average, by chance"
            f" alone it would be {number(100 * one.error_by_chance)}."
        )
    if one.brier_same > one.brier >= one.brier_value:
        warnings.append("The values themselves are as close to the codes: calibration changes little here.")
    values, run = one.table["value"].to_numpy(float), collection.scores(q).dropna().to_numpy(float)
    gap, by_chance = shift.distance(values, one.table["weight"].to_numpy(float), run)
    if gap > max(by_chance, shift.VALUES_APART):
        warnings.append(
            "Its values in the coded articles are distributed otherwise than in the run (largest distance"
            f" {number(gap, 2)})."
        )
    beyond = float(_beyond(one, run).mean())
    if beyond > MOST_BEYOND:
        warnings.append(f"{percent(beyond)} of the run’s articles have values that no coded article has.")
    return tuple(warnings)


def _beyond(one: Calibration, values: np.ndarray) -> np.ndarray:
    """Return which values lie beyond those of all coded articles."""
    return (values < one.table["value"].min()) | (values > one.table["value"].max())


def _articles(collection: Collection, frames: list[Frame], codes: dict[str, pd.Series]) -> pd.DataFrame:
    """Return a row for each article of the run and each calibrated frame (COLUMNS)."""
    tables = []
    for frame in frames:
        one, q = frame.calibration, frame.question
        if not one.curves:
            continue
        scores = collection.scores(q).dropna()
        values = scores.to_numpy(float)
        share, low, high = one.shares(values)
        like = np.array([one.coded_like(value) for value in values])
        columns = {"id": scores.index, "question": q.name, "measure": q.measure, "scope": q.scope, "value": values}
        columns |= {"share": share, "low": low, "high": high, "coded_like": like[:, 0], "seen_like": like[:, 1]}
        columns |= {"beyond": _beyond(one, values), "code": codes[q.name].reindex(scores.index).to_numpy(float)}
        tables.append(pd.DataFrame(columns))
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=list(COLUMNS))


def like_rows(one: Calibration) -> list[tuple[float, float, int, int, float, float]]:
    """Return the groups of coded articles with like values: lowest and highest value, articles, those in which coders
    saw the frame, and the 95 % interval of that share (Wilson 1927)."""
    rows, least = [], -math.inf
    for top, n, seen in one.like:
        inside = one.table["value"][(one.table["value"] > least) & (one.table["value"] <= top)]
        rows.append((float(inside.min()), top, n, seen, *wilson(seen, n)))
        least = top
    return rows


def dumped(result: Calibrated) -> str:
    """Return a calibration as JSON text, from which shares can be computed again: the log odds of a share are the sum
    over `curves` of weight × (intercept + slope × what it is of), the value cut off at `edge` and 1 − `edge` for its
    log odds."""
    coding = result.collection.coding
    about = {
        "sample": coding.design.sample,
        "codes": list(coding.files),
        "coders": len(coding.coders),
        "drawn": coding.design.drawn,
        "coded": result.coded,
        "stories": result.stories,
        "articles": len(result.collection.table),
        "told_apart": [plain_number(v) for v in result.apart],
        "warnings": list(result.warnings),
        "edge": EDGE,
        "frames": [_entry(frame) for frame in result.frames],
        "citation": provenance.citation(),
    }
    return json.dumps(about, indent=1, ensure_ascii=False) + "\n"


def _entry(frame: Frame) -> dict:
    one, q, agreement = frame.calibration, frame.question, frame.agreement
    entry = {
        "question": q.name,
        "ask": q.ask,
        "measure": q.measure,
        "scope": q.scope,
        "coded": one.coded,
        "seen": one.seen,
        "split": frame.split,
        "refused": one.refused,
        "warnings": list(frame.warnings),
        "area_under_roc": [plain_number(v) for v in (one.area, one.low, one.high)],
        "chance": plain_number(one.chance),
        "alpha": None,
    }
    if agreement is not None:
        entry["alpha"] = [plain_number(v) for v in (agreement.alpha, agreement.low, agreement.high)]
        entry["coded_twice"] = agreement.n
    if one.curves:
        entry |= {
            "curves": [
                {
                    "of": name,
                    "weight": plain_number(weight),
                    "intercept": plain_number(curve.intercept),
                    "slope": plain_number(curve.slope),
                    "covariances": [[[float(f"{v:.6g}") for v in row] for row in c] for c in curve.covariances],
                    "freedom": curve.freedom,
                }
                for (name, curve), weight in zip(one.curves.items(), weights(list(one.curves.values())))
            ],
            "brier": {
                n: plain_number(v)
                for n, v in (("value", one.brier_value), ("same_share", one.brier_same), ("calibrated", one.brier))
            },
            "calibration_error": {
                n: plain_number(v)
                for n, v in (("value", one.error_value), ("calibrated", one.error), ("by_chance", one.error_by_chance))
            },
            "like": [[plain_number(top), n, seen] for top, n, seen in one.like],
        }
    return entry
