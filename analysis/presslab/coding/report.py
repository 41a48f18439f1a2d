"""Estimates of a run for readers: all of them, the page, and the paragraph for the methods section."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
import math

import numpy as np
import pandas as pd

from presslab.measures.cards import FRAME, builtin, short_label
from presslab.measures.validity import figures
from presslab.reporting.html import Fragment, folded, html, table
from presslab.reporting.wording import either, many, number, percent, with_interval

from . import validity as measured
from .coded_run import Collection
from .coder_error import CoderError, of_question, without_error
from .drawings import calibration, dots
from .estimates import CORRECTED, LEAST, MACHINE, RARE, SAMPLE_ONLY, Estimate, difference, mean, slope
from .pages import coded, page
from .reliability import Agreement
from .scored import tuning
from .validity import ROC, Validity

MOST_GROUPS = 12  # whose differences are told, two by two
COLUMNS = ("question", "ask", "what", "kind", "by", "way", "value", "low", "high", "coded", "articles", "trust", "note")
MEAN, DIFFERENCE, TREND = "mean", "difference", "trend"


def estimate(collection: Collection, by: Sequence[str] = (), coder_error: float | None = None) -> pd.DataFrame:
    """Return all estimates, one per row (COLUMNS): of each question the mean (of a yes-or-no question the share of
    yes), then by the fields of `by` (those of the sample if none are given) the means of groups and their
    differences, and the trend per month if all articles have dates. `trust` is how much the machine's scores were
    trusted (λ). Of yes-or-no questions each estimate is repeated without coder error: with `coder_error` as the share
    of wrong answers, by default that of the articles coded twice."""
    rows: list[dict] = []
    for question in collection.coding.book.asked():
        data = collection.data(question)
        if not data.coded.any():
            continue
        trust = tuning(data)
        error = of_question(collection.coding, question, coder_error)

        def add(kind: str, field: str, three: list[Estimate]) -> None:
            for e in _shown(three, bool(question.measure), measured.comparable(question), error, kind):
                used = trust if e.way.startswith(CORRECTED) else math.nan
                rows.append(
                    {"question": question.name, "ask": question.ask, "what": e.what, "kind": kind, "by": field}
                    | {"way": e.way, "value": e.value, "low": e.low, "high": e.high, "coded": e.coded}
                    | {"articles": e.articles, "trust": used, "note": e.note}
                )

        add(MEAN, "", mean("all articles", data, trust))
        for field in by or collection.coding.design.by:
            names = collection.groups(field)
            each = {name: mean(name, data.part((names == name).to_numpy()), trust) for name in sorted(set(names))}
            for three in each.values():
                add(MEAN, field, three)
            able = [name for name, three in each.items() if not three[0].note]
            if field not in ("month", "year") and len(able) <= MOST_GROUPS:
                for one, two in combinations(able, 2):
                    add(DIFFERENCE, field, difference(f"{one} – {two}", each[one], each[two]))
        months = collection.months()
        if months is not None:
            add(TREND, "", slope("all articles, a month", data, months, trust))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _shown(
    three: list[Estimate], scored: bool, same_scale: bool, error: CoderError | None, kind: str
) -> list[Estimate]:
    """Return what is reported of a number: without a measure only the sample's, the machine's only on the scale of
    the codes; and after the first the same without coder error, if that is known."""
    ways = {CORRECTED: scored, SAMPLE_ONLY: True, MACHINE: scored and same_scale}
    estimates = [e for e in three if ways[e.way]]
    if error is None or estimates[0].note:
        return estimates
    ends = {MEAN: (0.0, 1.0), DIFFERENCE: (-1.0, 1.0), TREND: (-math.inf, math.inf)}[kind]
    first, *others = estimates
    return [first, without_error(first, error, kind != MEAN, ends), *others]


def coder_errors(collection: Collection, stated: float | None = None) -> dict[str, CoderError]:
    """Return the coder error by question: `stated`, otherwise from the articles coded twice; none if not known."""
    errors = {q.name: of_question(collection.coding, q, stated) for q in collection.coding.book.asked()}
    return {name: error for name, error in errors.items() if error is not None}


def _of_error(error: CoderError | None) -> str:
    """Return in a sentence what coder error was taken out of a question's estimates."""
    if error is not None:
        return f"Coder error: {error.told}."
    return (
        f"Coder error is not taken out: fewer than {LEAST} articles were coded by two coders, and none was stated"
        " (--coder-error), or 0 was."
    )


def _simulated() -> str:
    """Return in a sentence how often such intervals held the truth in simulated studies."""
    result = figures("coding")
    return (
        f" In simulated studies of {result['designs_count']} designs, {percent(result['lowest_coverage'])} to"
        f" {percent(result['highest_coverage'])} of the corrected intervals contained the true value."
    )


def estimates_page(
    collection: Collection, found: pd.DataFrame, paragraph: str, errors: Mapping[str, CoderError] | None = None
) -> str:
    """Return the page of corrected estimates; `errors` is the coder error that was taken out, by question."""
    errors = errors or {}
    parts = [
        (
            html(
                "<p>{} Each number is what coders would have found had they coded all {} of this "
                "collection. The corrected estimate takes the machine’s scores of all articles and corrects their "
                "errors by the codes of the sample; it needs no trust in the machine to be right, but the better the "
                "machine, the shorter its interval. The machine’s own interval is what is often published: it "
                "ignores the machine’s errors. Groups with fewer than {} coded articles have no estimate. "
                "An answer that fewer than {} coded articles have is counted and not estimated.{}</p>",
                coded(collection.coding),
                many(collection.coding.design.articles, "article"),
                LEAST,
                RARE,
                _simulated(),
            )
        ),
        (
            html(
                "<p>Coders are wrong at times. In yes-or-no questions that makes rare things look more frequent and "
                "differences smaller; “without coder error” takes it out, as far as both answers are wrong equally "
                "often and coders err independently. The other estimates take the codes as right. On scales and in "
                "counts, slips that cancel out move no mean and are in the interval; a coder who is always too high "
                "moves it, and no number shows that. Slips also weaken the agreement of measure and codes.</p>"
            )
        ),
        html("<h2>For the methods section</h2><blockquote class=methods><p>{}</p></blockquote>", paragraph),
    ]
    for name in dict.fromkeys(found["question"]):
        mine = found[found["question"] == name]
        question = collection.coding.book.question(name)
        parts.append(html("<h2>{}</h2>", question.ask))
        means, gaps, trend = (mine[mine["kind"] == kind] for kind in (MEAN, DIFFERENCE, TREND))
        parts.append(drawn(collection, found, name))
        if question.binary:
            parts.append(html("<p class=note>{}</p>", _of_error(errors.get(name))))
        if len(gaps):
            clear = gaps[
                (gaps["way"] == (CORRECTED if question.measure else SAMPLE_ONLY))
                & ((gaps["low"] > 0) | (gaps["high"] < 0))
            ]
            count = gaps["what"].nunique()
            parts.append(
                html(
                    "<p class=note>{} looked at; {} {} an interval that leaves 0 out. About one in "
                    "twenty would by chance.</p>",
                    many(count, "difference was", "differences were"),
                    len(clear),
                    either(len(clear), "has", "have"),
                )
            )
        refused = means[(means["note"] != "") & means["way"].isin([CORRECTED, SAMPLE_ONLY])].drop_duplicates("what")
        if len(refused):
            why = "; ".join(f"{r.what}: {r.note}" for r in refused.itertuples())
            parts.append(html("<p class=note>No number for {}.</p>", why))
        rows = [
            (
                r.what,
                r.kind,
                r.way,
                with_interval(r.value, r.low, r.high, 3) if not r.note else r.note,
                f"{number(r.coded)} of {number(r.articles)}" if r.way != MACHINE else f"{number(r.articles)} scored",
            )
            for r in pd.concat([means, gaps, trend]).itertuples()
        ]
        parts.append(
            folded(
                "All numbers",
                table(
                    ("of", "number", "way", "estimate [95 % interval]", "coded"),
                    rows,
                    f"Estimates: {question.ask}",
                    right=(3, 4),
                ),
            )
        )
    return page("Estimates for the whole collection", "machine scores corrected by human codes", parts)


def drawn(collection: Collection, found: pd.DataFrame, name: str) -> Fragment:
    """Return the estimates of a question's means, three ways, as a drawing. `found` is what `estimate` gave."""
    question = collection.coding.book.question(name)
    means = found[(found["question"] == name) & (found["kind"] == MEAN)]
    first = next((field for field in means["by"] if field), "")
    axis = "share of yes" if question.binary else f"mean code{f' ({question.unit})' if question.unit else ''}"
    return dots(_grouped(means[means["by"].isin(["", first])]), question.ask, axis, question.binary)


def _grouped(estimates: pd.DataFrame) -> list[tuple[str, list[Estimate]]]:
    return [
        (
            what,
            [
                Estimate(what, r.way, r.value, r.low, r.high, r.coded, r.articles, r.note)
                for r in estimates[estimates["what"] == what].itertuples()
            ],
        )
        for what in dict.fromkeys(estimates["what"])
    ]


def validity_table(found: list[Validity]) -> Fragment:
    """Return each measure against the codes, as a table."""
    rows = [
        (
            html("{}<br><small>{}</small>", v.ask, v.measure),
            v.kind if not v.note else "–",
            with_interval(v.value, v.low, v.high, 2) if not v.note else v.note,
            with_interval(v.bias, v.bias_low, v.bias_high, 2) if not math.isnan(v.bias) else "other scale",
            number(v.alpha, 2),
            str(v.n),
        )
        for v in found
    ]
    return table(
        ("question, and measure", "agreement as", "agreement", "bias", "alpha", "articles"),
        rows,
        "Each measure on this collection, with 95 % intervals; bias: measure less code; alpha: among coders",
        right=(2, 3, 4, 5),
    )


def validity_page(collection: Collection, found: list[Validity]) -> str:
    """Return the page of validity: figures, calibration, where each measure fails."""
    parts = [
        (
            html(
                "<p>{} Each measure is compared with the codes, with the weights of the sample. The reports of this "
                "run show these results instead of the general ones. Read them together with alpha: if coders don’t "
                "agree, there is little to compare a measure with.</p>",
                coded(collection.coding),
            )
        ),
        validity_table(found),
    ]
    for v in found:
        if v.note:
            continue
        question = collection.coding.book.question(v.question)
        parts.append(html("<h2>{}</h2>", v.ask))
        bands = measured.bands(collection, question)
        if len(bands) < 2:
            parts.append(
                html(
                    "<p class=note>{} {} on {}: too few for a drawing of how codes rise with the "
                    "score ({} are needed).</p>",
                    v.kind,
                    number(v.value, 2),
                    many(v.n, "article"),
                    2 * measured.PER_BAND,
                )
            )
        else:
            parts.append(
                calibration(
                    bands,
                    f"{v.measure}: {v.kind} {number(v.value, 2)} on {many(v.n, 'article')}",
                    f"score ({v.measure})",
                    "share of yes among coders" if v.kind == ROC else "mean code",
                    measured.comparable(question),
                )
            )
        rows = [
            (r.title or r.id, r.id, number(r.score, 2), number(r.code, 2), number(r.off, 1))
            for r in measured.worst(collection, question).itertuples()
        ]
        parts.append(
            folded(
                "Where it fails most",
                table(
                    ("article", "id", "score", "code", "off by (standard deviations)"),
                    rows,
                    f"Articles where score and code are farthest apart: {v.ask}",
                    right=(2, 3, 4),
                ),
            )
        )
    return page("How well the measures do on this collection", "measures against a sample coded by hand", parts)


def paragraph(
    collection: Collection,
    agreements: Sequence[Agreement],
    validities: Sequence[Validity],
    errors: Mapping[str, CoderError] | None = None,
) -> str:
    """Return the paragraph for the methods section, from the numbers."""
    coding, design = collection.coding, collection.coding.design
    by = f", stratified by {' and '.join(design.by)}" if design.by else ""
    both = coding.codes.groupby(["id", "question"])["coder"].nunique().groupby("id").max()
    shared_count = int((both >= 2).sum())
    coded_count = coding.codes["id"].nunique()
    alphas = [a.alpha for a in agreements if a.unit == "articles" and not math.isnan(a.alpha)]
    reliability = (
        f" {many(shared_count, 'article was', 'articles were')} coded by two coders or more; Krippendorff’s alpha was"
        f" between {number(min(alphas), 2)} and {number(max(alphas), 2)} (median {number(np.median(alphas), 2)})."
        if alphas
        else " No article was coded twice, so that reliability is not known."
    )
    agreed_note = (
        f" {many(len(coding.agreed), 'answer was', 'answers were')} settled by discussion."
        if len(coding.agreed)
        else ""
    )
    usable = [v for v in validities if not v.note]
    results = "; ".join(f"{_label(v)}, {v.kind} {with_interval(v.value, v.low, v.high, 2)}" for v in usable)
    validity = (
        f" Against these codes, with design weights, the automated measures reached: {results}." if results else ""
    )
    return (
        f"We drew a random sample of {design.drawn} of {many(design.articles, 'article')}{by} (seed {design.seed};"
        f" presslab), of which {coded_count} were coded by {many(len(coding.coders), 'person', 'people')} with"
        f" the codebook in the appendix.{reliability}{agreed_note}{validity} Estimates for the collection combine the"
        " automated scores of all articles with the codes of the sample by prediction-powered inference with power"
        " tuning (Angelopoulos et al. 2023), with stratum weights and finite-population variance. 95 % intervals are"
        " exact ones for the effective sample size for shares (Korn & Graubard 1998), studentised by bootstrap for"
        " other means, and combined from these for differences (Zou & Donner 2008). Answers that fewer than"
        f" {RARE} coded articles had are not estimated.{_of_errors(errors or {})}"
    )


def _of_errors(errors: Mapping[str, CoderError]) -> str:
    """Return in a sentence for the methods section how coder error was taken out."""
    if not errors:
        return ""
    listed = sorted({percent(error.share) for error in errors.values()}, key=lambda text: (len(text), text))
    size = listed[0] if len(listed) == 1 else f"{listed[0]} to {listed[-1]}"
    return (
        f" Estimates of yes-or-no questions are also reported without coder error ({size} of answers), after Rogan and"
        " Gladen (1978), with the uncertainty of that error."
    )


def _label(v: Validity) -> str:
    """Return the measure's name in the middle of a sentence."""
    name = builtin()[v.measure].label if v.measure in builtin() else v.measure
    return f"the {short_label(name)} frame" if name.startswith(FRAME) else name[0].lower() + name[1:]
