"""Estimates of a collection: right where all is coded, near the library's where they must be, honest where there is
little."""

import math

import numpy as np
from ppi_py import ppi_mean_ci, ppi_mean_pointestimate
import pytest

from presslab.coding import CodingError, estimates
from presslab.coding.drawings import dots
from presslab.measures.validity import figures
from presslab.reporting.dots import steps
from presslab.validation import estimates as simulate


def data(
    count: int = 3000, drawn: int = 60, seed: int = 0, strata: int = 1, bias: float = 0.1
) -> tuple[estimates.Data, np.ndarray]:
    random = np.random.default_rng(seed)
    code = random.normal(0.5, 0.2, count)
    stratum = np.arange(count) % strata
    score = code + random.normal(0, 0.15, count) + bias
    known = np.full(count, math.nan)
    for s in range(strata):
        places = random.choice(np.flatnonzero(stratum == s), drawn // strata, replace=False)
        known[places] = code[places]
    return estimates.Data(score, known, stratum.astype(str), np.full(count, drawn / count)), code


def test_one_stratum_gives_what_the_library_gives():
    d, _ = data(count=30000, drawn=300)
    (found, sample, machine), trust = estimates.mean("mean", d), estimates.tuning(d)
    y, f = d.code[d.coded], d.score[d.coded]
    assert found.value == pytest.approx(float(np.squeeze(ppi_mean_pointestimate(y, f, d.score))), abs=1e-3)
    low, high = (float(np.squeeze(end)) for end in ppi_mean_ci(y, f, d.score, alpha=0.05))
    assert found.width == pytest.approx(high - low, rel=0.03) and 0.5 < trust < 0.8
    assert sample.value == pytest.approx(y.mean()) and machine.value == pytest.approx(d.score.mean())


def test_where_all_articles_are_coded_the_estimate_is_their_mean_and_nothing_is_uncertain():
    d, code = data(count=40, drawn=40)
    found, sample, _ = estimates.mean("mean", d)
    assert found.value == pytest.approx(code.mean()) and sample.value == pytest.approx(code.mean())
    assert found.width == pytest.approx(0, abs=1e-12) and estimates.tuning(d) == 0


def test_weights_undo_what_was_drawn_more_often():
    """Half of a small outlet and a hundredth of a large one are drawn: the plain mean of the codes would be far off."""
    random, errors, plain = np.random.default_rng(1), [], []
    stratum = np.array(["small"] * 60 + ["large"] * 3000)
    for _ in range(60):
        code = np.where(stratum == "small", 0.9, 0.3) + random.normal(0, 0.05, 3060)
        known = np.full(3060, math.nan)
        for places in (random.choice(60, 30, replace=False), 60 + random.choice(3000, 30, replace=False)):
            known[places] = code[places]
        d = estimates.Data(
            code + random.normal(0.1, 0.05, 3060), known, stratum, np.where(stratum == "small", 0.5, 0.01)
        )
        errors.append(estimates.mean("mean", d)[0].value - code.mean())
        plain.append(np.nanmean(known) - code.mean())
    assert abs(np.mean(errors)) < 0.005 and np.mean(plain) > 0.25


def test_a_trend_and_a_difference_are_corrected_too():
    d, code = data(count=2000, drawn=200, seed=4)
    time = np.linspace(0, 1, 2000)
    # the machine sees it go down
    trending = estimates.Data(d.score - 0.3 * time, d.code + 0.4 * time, d.stratum, d.chance)
    found, sample, machine = estimates.slope("trend", trending, time)
    assert found.low < 0.4 < found.high and sample.low < 0.4 < sample.high and machine.high < 0
    first = np.arange(2000) < 1000
    gap = estimates.difference("gap", *(estimates.mean("m", trending.part(part)) for part in (~first, first)))[0]
    assert gap.low < 0.2 < gap.high and gap.freedom > 100
    with pytest.raises(CodingError, match="no trend"):
        estimates.slope("trend", d, np.zeros(2000))


def test_a_measure_that_says_nothing_does_no_harm():
    widths = []
    for seed in range(20):
        d, _ = data(seed=seed)
        noise = estimates.Data(np.random.default_rng(1000 + seed).normal(size=3000), d.code, d.stratum, d.chance)
        found, sample, _ = estimates.mean("mean", noise)
        widths.append(found.width / sample.width)
    assert 0.95 < np.mean(widths) < 1.03


def test_too_few_coded_articles_give_no_number():
    d, _ = data(drawn=9)
    found, sample, machine = estimates.mean("Gazette", d)
    assert (
        math.isnan(found.value)
        and math.isnan(sample.value)
        and "too few: 9 coded of 3000" in found.note
        and not machine.note
    )
    other = estimates.mean("Post", data(drawn=60)[0])
    assert "too few" in estimates.difference("Gazette – Post", [found, sample, machine], other)[0].note


def test_scores_that_are_all_the_same_and_a_group_of_one_article_are_no_traceback():
    same = estimates.Data(np.full(40, 0.1 + 0.2), np.full(40, 0.3), np.full(40, "all"), np.ones(40))
    several = estimates.mean("several", same)
    one = estimates.mean("one", estimates.Data(np.array([0.3]), np.array([0.3]), np.array(["all"]), np.ones(1)))
    assert [e.value for e in several] == pytest.approx([0.3] * 3) and "too few" in one[0].note
    gap = estimates.difference("several – one", several, one)
    assert gap[0].note and all(math.isnan(e.value) for e in gap[:2])
    by_machine = estimates.difference("gap", [estimates.mean("m", data()[0])[2]], [one[2]])[0]
    assert math.isnan(by_machine.low) and math.isnan(by_machine.high)
    assert len(steps([0.3, 0.1 + 0.2], zero=False)) >= 2 and "<svg" in dots(
        [("several", several), ("one", one)], "Means", "share"
    )


def test_strata_with_one_coded_article_are_joined():
    d, _ = data(drawn=12, strata=12)
    assert all(len(drawn) >= 2 for _, drawn in d.cells) and sum(len(members) for members, _ in d.cells) == 3000
    assert estimates.mean("mean", d)[0].width > 0


def test_saved_coverage_is_as_told_and_the_machine_alone_misses():
    told = figures("coding")
    assert told["studies"] == 1000 and told["drawn"] == 60 and told["bias"] == 0.1
    assert 0.93 <= told["lowest_coverage"] and told["highest_coverage"] <= 0.97 and told["widest_ratio"] <= 0.75
    assert all(kind["mean"]["machine_only"]["coverage"] < 0.2 for kind in told["kinds"].values())


def test_a_few_studies_made_again_agree_with_the_saved_ones():
    again = simulate.simulate(60)
    for kind, targets in figures("coding")["kinds"].items():
        for target, told in targets.items():
            here = again["kinds"][kind][target]
            assert (
                abs(here["corrected"]["coverage"] - told["corrected"]["coverage"]) < 0.1
                and abs(here["width_ratio"] - told["width_ratio"]) < 0.05
            )
