"""The page of a calibration: what was calibrated and how well, frame by frame, with reliability before and after."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from presslab.measures.cards import builtin
from presslab.measures.statistics import wilson
from presslab.measures.validity import figures
from presslab.reporting.html import Fragment, folded, html, join, table
from presslab.reporting.wording import chance, many, number, percent, share, with_interval

from .calibrate import EDGE, FOLDS, LEAST, SURE, Calibration, banded
from .calibrated import Calibrated, Frame, like_rows
from .drawings import calibration
from .pages import coded, page

HEAD = ("frame", "coders saw it in", "area under ROC", "Brier score before → after", "same share for all",
        "off by, before → after", "alpha")  # fmt: skip
POINTS = 60  # of a drawn curve
AXIS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
FILES = (
    ("id", "the article’s id"),
    ("question", "name of the codebook’s question"),
    ("measure, scope", "the frame’s measure, and which text it was computed on"),
    ("value", "its value in the run, 0–1"),
    ("share", "calibrated: the share of articles with such a value in which coders see the frame, 0–1"),
    ("low, high", "ends of its 95 % interval"),
    ("coded_like, seen_like", "coded articles with such a value, and in how many of them coders saw the frame"),
    ("beyond", "whether no coded article has a value so low or so high: the curve is drawn on there"),
    ("code", "what coders said of this very article (1 saw it, 0 did not, between: they differ); empty if not coded"),
)


def told(one: Calibration) -> str:
    """Return in a line what came out for a frame."""
    area = "" if math.isnan(one.area) else f" (area under ROC {with_interval(one.area, one.low, one.high, 2)})"
    if not one.curves:
        return f"not calibrated: {one.refused}{area}"
    return (
        f"coders saw it in {one.seen} of {one.coded}; area under ROC {with_interval(one.area, one.low, one.high, 2)};"
        f" Brier score {number(one.brier_value, 3)} before, {number(one.brier, 3)} after"
    )


def calibration_page(result: Calibrated) -> str:
    """Return the page as HTML."""
    done, count = len(result.done), len(result.frames)
    parts = [
        html(
            "<p>{} They are on {}. {} of {} could be calibrated: for {}, each article’s value is turned into the share "
            "of articles like it in which coders see the frame. A value alone says how much of a frame’s vocabulary an "
            "article has, not whether people see the frame.</p>",
            coded(result.collection.coding), many(result.stories, "story", "stories"), done, many(count, "frame"),
            "this one" if done == 1 else "these",
        ) if done else html(
            "<p>{} They are on {}. No frame could be calibrated; below is why. Values still say how much of a frame’s "
            "vocabulary an article has.</p>",
            coded(result.collection.coding), many(result.stories, "story", "stories"),
        ),
        _warned(result.warnings),
        _overview(result),
        html("<h2>For the methods section</h2><blockquote class=methods><p>{}</p></blockquote>", paragraph(result)),
        *(_frame(frame) for frame in result.frames),
        _about(),
    ]  # fmt: skip
    return page("What frame values mean in this collection", "frames calibrated by human codes", filter(None, parts))


def _warned(warnings: tuple[str, ...]) -> Fragment:
    return join(html("<p><b>Warning.</b> {}</p>", line) for line in warnings)


def _overview(result: Calibrated) -> Fragment:
    rows = [
        (
            html("{}<br><small>{}</small>", f.question.ask, f.question.measure),
            f"{c.seen} of {c.coded}" if c.coded else "–",
            with_interval(c.area, c.low, c.high, 2),
            f"{number(c.brier_value, 3)} → {number(c.brier, 3)}" if c.curves else "not calibrated",
            number(c.brier_same, 3),
            f"{number(c.error_value, 2)} → {number(c.error, 2)}" if c.curves else "–",
            "–" if (a := f.agreement) is None else with_interval(a.alpha, a.low, a.high, 2),
        )
        for f in result.frames
        for c in (f.calibration,)
    ]
    return table(
        HEAD, rows, "Each frame before and after. Brier score and distance: 0 is best", right=range(1, len(HEAD))
    ) + html(
        '<p class="note">Area under ROC: how often an article with the frame has the higher value (.5 is chance), with '
        "its 95 % interval. Brier score: mean squared distance from the codes, of the value before and of the "
        "calibrated share after; beside it that of one same share for all articles. Off by: mean distance between what "
        "is forecast and what coders saw, in bands of articles. After calibration all figures are cross-validated: "
        "each article is judged by curves that know neither it nor another one on its story. Alpha: agreement of "
        "coders (Krippendorff 2011).</p>"
    )


def paragraph(result: Calibrated) -> str:
    """Return the paragraph for the methods section, from the numbers."""
    coding, design = result.collection.coding, result.collection.coding.design
    by = f", stratified by {' and '.join(design.by)}" if design.by else ""
    alphas = [f.agreement.alpha for f in result.frames if f.agreement and not math.isnan(f.agreement.alpha)]
    agreement = (
        f" Krippendorff’s alpha was between {number(min(alphas), 2)} and {number(max(alphas), 2)}."
        if alphas
        else " No article was coded twice, so that reliability is not known."
    )
    listed = "; ".join(
        f"{f.question.measure}, coded in {f.calibration.seen} of {f.calibration.coded}, area under ROC"
        f" {with_interval(f.calibration.area, f.calibration.low, f.calibration.high, 2)}, Brier score"
        f" {number(f.calibration.brier_value, 3)} before and {number(f.calibration.brier, 3)} after"
        for f in result.done
    )
    others = [f.question.measure for f in result.frames if not f.calibration.curves]
    left_out = f" Not calibrated: {', '.join(others)}." if others else ""
    return (
        f"We drew a random sample of {design.drawn} of {many(design.articles, 'article')}{by} (seed {design.seed};"
        f" presslab), of which {result.coded} were coded by {many(len(coding.coders), 'person', 'people')} with the"
        f" codebook in the appendix.{agreement} By these codes, with stratum weights, values of frames were turned into"
        " shares of articles in which coders see the frame, by logistic regression (Platt 1999), averaged over two"
        " scales of the value (Buckland et al. 1997), with a weakly informative prior (Gelman et al. 2008) and errors"
        " clustered by story; figures after calibration are"
        f" from {FOLDS}-fold cross-validation by story." + (f" Frames: {listed}." if listed else "") + left_out
    )


def _frame(frame: Frame) -> Fragment:
    one, q = frame.calibration, frame.question
    title = html("<h2>{}</h2>", q.ask)
    split = f" Articles on which coders split evenly are left out ({frame.split})." if frame.split else ""
    if not one.curves:
        figures = (
            ""
            if math.isnan(one.area)
            else f" Area under ROC {with_interval(one.area, one.low, one.high, 2)} on {many(one.coded, 'article')},"
            f" p = {chance(one.chance).removeprefix('= ')} for all frames together."
        )
        like = _like(one) if one.like else ""
        return title + html("<p><b>Not calibrated:</b> {}.{}{}</p>{}", one.refused, figures, split, like)
    yes, weight = one.table["seen"].to_numpy(float), one.table["weight"].to_numpy(float)
    name = q.measure
    drawings = [
        calibration(
            _bands(values, yes, weight), f"{when}: {name}", across, "share in which coders saw it", True, AXIS, curve
        )
        for when, values, across, curve in (
            ("Before", one.table["value"].to_numpy(float), _value_is(q.measure), _curve(one)),
            ("After, cross-validated", one.table["share"].to_numpy(float), "calibrated share", None),
        )
    ]
    group = max(like_rows(one), key=lambda row: row[3] / row[2])
    said = html(
        "<p>Coders saw the frame in {} of {} coded articles. Of the {} with a value of {} to {}, they saw it in {}. "
        "Values are off by {} points on average, calibrated shares by {}; if every share were right, it would be {}.{}"
        "</p>",
        one.seen, one.coded, group[2], number(group[0], 2), number(group[1], 2), group[3],
        *(number(100 * e) for e in (one.error_value, one.error, one.error_by_chance)), split,
    )  # fmt: skip
    return title + said + _warned(frame.warnings) + html('<div class="pair">{}</div>', join(drawings)) + _like(one)


def _value_is(measure: str) -> str:
    """Return what a frame's value is, as the axis of a drawing."""
    return builtin()[measure].unit if measure in builtin() else "value by rate of words, 0–1"


def _like(one: Calibration) -> Fragment:
    """Return the table of coded articles with like values."""
    fitted = one.curves
    rows = []
    for low, high, n, seen, least, most in like_rows(one):
        row: tuple[str, ...] = (
            f"{number(low, 2)} to {number(high, 2)}",
            f"{seen} of {n}",
            share(seen / n, least, most),
        )
        if fitted:
            ends = [percent(float(one.shares(np.array([end]))[0][0])) for end in (low, high)]
            row += (" to ".join(ends),)
        rows.append(row)
    head = ("value", "coders saw it in", "share [95 % interval]") + (("calibrated share",) if fitted else ())
    return table(
        head, rows, "Of coded articles with such a value, coders saw the frame in so many", right=range(1, len(head))
    )


def _bands(forecast: np.ndarray, yes: np.ndarray, weight: np.ndarray) -> pd.DataFrame:
    """Return bands for a reliability diagram, each with the 95 % interval of its share seen."""
    bands = banded(forecast, yes, weight)
    ends = [wilson(b.code * b.worth, b.worth) for b in bands.itertuples()]
    return bands.assign(low=[low for low, _ in ends], high=[high for _, high in ends])


def _curve(one: Calibration) -> pd.DataFrame:
    values = np.linspace(one.table["value"].min(), one.table["value"].max(), POINTS)
    fitted, low, high = one.shares(values)
    return pd.DataFrame({"score": values, "share": fitted, "low": low, "high": high})


def _about() -> Fragment:
    """Return how it was computed, and what the table holds."""
    checked = figures("calibration")
    on_halves = checked["halves"]["all"]
    method = html(
        "<p>Logistic regression (Platt 1999) gives the share in which coders see a frame. It has two numbers to fit;"
        " isotonic regression follows any rising line but overfits below about 1,000 cases (Niculescu-Mizil & Caruana"
        " 2005). Two curves, one by the value and one by its log odds (cut off at {} and {}), are averaged by their"
        " likelihood (Buckland, Burnham & Augustin 1997). Slopes have a mild prior (Gelman et al. 2008). Each coded"
        " article counts for those of its stratum. The 95 % interval is that of the share: it has the larger of two"
        " standard errors, the model’s and one that allows for articles on one story (Liang & Zeger 1986), and what the"
        " two curves differ by. It does not say how sure one article’s code is. Cross-validation has {} folds.</p>"
        "<p>A frame is calibrated if at least {} coded articles have it and {} lack it, if the interval of its area"
        " under the ROC curve lies above .5, and if the areas of all frames together, tested after Holm, leave a chance"
        " below {} that one of them is above .5 by accident.</p>"
        "<p>This was checked on {} articles on climate, coded by trained people for five frames: {} times one half,"
        " divided by story, was calibrated by the other. In {} of the groups of articles with like values, what coders"
        " saw was where forecast and interval put it; the Brier score was {}, that of the values {}. If codes were"
        " dealt out to articles at random, no frame was calibrated in {} of {} tries. In simulated studies of 100 to"
        " 400 coded articles, intervals held the true share in {} of cases, in the worst design in {}.</p>",
        number(EDGE, 2), number(1 - EDGE, 2), FOLDS, LEAST, LEAST, percent(SURE),
        checked["articles"], checked["halves_count"], percent(on_halves["right"]), number(on_halves["brier"], 2),
        number(on_halves["brier_value"], 2), percent(checked["shuffled_none"]), checked["shuffles_count"],
        percent(checked["simulated_mean"]), percent(checked["simulated_lowest"]),
    )  # fmt: skip
    columns = table(("column", "holds"), FILES, "Columns of calibrated.csv")
    return html("<h2>How it was computed</h2>{}{}", method, folded("What calibrated.csv holds", columns))
