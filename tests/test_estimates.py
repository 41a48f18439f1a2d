"""Estimates of a collection: right where all is coded, near the library's where they must be, honest where there is
little."""

import math
from pathlib import Path

from hypothesis import given, settings, strategies as st
import numpy as np
from ppi_py import ppi_mean_ci, ppi_mean_pointestimate
import pytest

from presslab.coding import CodingError, estimates
from presslab.coding.coder_error import from_pairs, stated, without_error
from presslab.coding.drawings import dots
from presslab.measures.statistics.counted import clopper_pearson, low_if_given
from presslab.measures.validity import figures
from presslab.reporting.dots import steps
from presslab.validation import estimates as simulate, studies


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
    assert high - low < found.width < 1.08 * (high - low) and 0.5 < trust < 0.8
    assert sample.value == pytest.approx(y.mean()) and machine.value == pytest.approx(d.score.mean())


def test_where_all_articles_are_coded_the_estimate_is_their_mean_and_nothing_is_uncertain():
    d, code = data(count=40, drawn=40)
    found, sample, _ = estimates.mean("mean", d)
    assert found.value == pytest.approx(code.mean()) and sample.value == pytest.approx(code.mean())
    assert math.isnan(found.low) and math.isnan(found.high) and not found.note and estimates.tuning(d) == 0
    yes = estimates.Data(d.score, np.zeros(40), d.stratum, d.chance)
    assert estimates.mean("none of all", yes)[1].value == 0 and not estimates.mean("none of all", yes)[1].note


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
    assert found.low < 0.4 < found.high and sample.low < 0.4 < sample.high and machine.value < 0.2
    first = np.arange(2000) < 1000
    gap = estimates.difference("gap", *(estimates.mean("m", trending.part(part)) for part in (~first, first)))[0]
    assert gap.low < 0.2 < gap.high and 0 < gap.width < 0.15
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


def yes_no(yes: int, coded: int = 60, count: int = 3000, seed: int = 0) -> estimates.Data:
    """A collection of which so many articles were coded, so many of them yes; the scores know it loosely."""
    random = np.random.default_rng(seed)
    code = np.full(count, math.nan)
    code[:coded] = np.arange(coded) < yes
    score = np.clip(np.nan_to_num(code, nan=yes / coded) * 0.5 + random.normal(0.2, 0.2, count), 0, 1)
    return estimates.Data(score, code, np.full(count, "all"), np.full(count, coded / count))


def test_what_is_rare_has_a_count_and_a_bound_but_no_number():
    for yes, words in (
        (0, "none of 60 coded yes, at least 5 are needed; by the sample at most 5 % "),
        (4, "4 of 60 coded yes"),
    ):
        found, sample, _ = estimates.mean("all", yes_no(yes))
        assert math.isnan(found.value) and math.isnan(sample.value) and words in found.note
    assert "too rare: none of 60 coded no" in estimates.mean("all", yes_no(60))[0].note
    assert not estimates.mean("all", yes_no(5))[0].note and not estimates.mean("all", yes_no(55))[0].note
    same = estimates.Data(*(getattr(yes_no(0), name) for name in ("score", "code", "stratum", "chance")), yes_no=False)
    assert "all 60 codes are 0" in estimates.mean("all", same)[0].note
    assert "too rare" in estimates.slope("all", yes_no(0), np.arange(3000.0))[0].note


def test_codes_that_vary_only_where_all_was_coded_give_no_interval_of_no_width():
    code = np.concatenate([np.full(20, 2.0), np.full(80, math.nan), np.arange(10) % 4.0])
    stratum = np.array(["part"] * 100 + ["whole"] * 10)
    d = estimates.Data(np.zeros(110), code, stratum, np.where(stratum == "part", 0.2, 1.0))
    assert all("too uniform" in e.note and math.isnan(e.low) for e in estimates.mean("all", d)[:2])


def test_scores_that_say_the_codes_exactly_leave_nothing_for_an_interval():
    d, code = data()
    found, sample, _ = estimates.mean("all", estimates.Data(code * 2, d.code, d.stratum, d.chance))
    assert "scores say the codes" in found.note and math.isnan(found.low) and not sample.note and sample.width > 0


def test_a_simple_sample_of_yes_and_no_has_the_exact_interval():
    sample = estimates.mean("all", yes_no(30, count=300_000))[1]
    low, high = clopper_pearson(30, 60)
    assert (sample.value, sample.low, sample.high) == pytest.approx((0.5, low, high), abs=2e-3)


def test_a_share_reported_only_from_five_yes_on_reaches_lower():
    """Of 1 % yes, 60 codes have five or more in one sample of 3,000: those samples would all be wrong."""
    assert low_if_given(5, 60, 5) == 0 and low_if_given(6, 60, 5) < 0.01 < clopper_pearson(6, 60)[0]
    assert low_if_given(20, 60, 5) == pytest.approx(clopper_pearson(20, 60)[0], abs=1e-3)
    random, held, count = np.random.default_rng(0), 0, 0
    for yes in random.binomial(60, 0.03, 30_000):
        if yes >= 5:
            count, held = count + 1, held + (low_if_given(yes, 60, 5) <= 0.03 <= clopper_pearson(yes, 60)[1])
    assert count > 500 and held / count > 0.95


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from([0.01, 0.05, 0.2, 0.5, 0.9, 1.0]), st.integers(1, 6), st.integers(2, 60))
def test_intervals_have_a_width_and_stay_in_their_range(seed, share, strata, each):
    random = np.random.default_rng(seed)
    stratum = np.repeat(np.arange(strata), 80)
    count = len(stratum)
    code = (random.random(count) < np.clip(share * (stratum + 0.5) / strata * 2, 0, 1)).astype(float)
    known, chance = np.full(count, math.nan), np.full(count, each / 80)
    for s in range(strata):
        places = random.choice(np.flatnonzero(stratum == s), each, replace=False)
        known[places] = code[places]
    score = np.clip(code * random.random() + random.normal(0, 0.3, count), 0, 1)
    for codes, flag in ((known, True), (known * random.random(count) ** 4, False)):
        d = estimates.Data(score, codes, stratum.astype(str), chance, (0.0, 1.0), flag)
        trust = estimates.tuning(d)
        parts = [estimates.mean("part", d.part(stratum == s), trust) for s in {0, strata - 1}]
        gap = estimates.difference("gap", parts[0], parts[-1]) if strata > 1 else []
        for e in [*estimates.mean("all", d, trust), *sum(parts, [])]:
            assert math.isnan(e.low) or 0 <= e.low <= e.value <= e.high <= 1 and e.width > 0, e
        for e in [*gap, *estimates.slope("trend", d, np.arange(count) % 12.0, trust)]:
            assert math.isnan(e.low) or -1 <= e.low <= e.value <= e.high <= 1 and e.width > 0, e
        error = stated(0.1)
        for e in estimates.mean("all", d, trust)[:2]:
            free = without_error(e, error, False, (0.0, 1.0))
            assert math.isnan(free.low) or 0 <= free.low <= free.value <= free.high <= 1 and free.width > 0, free


def test_strata_without_a_yes_are_not_taken_to_have_none():
    """Five of a large stratum, none of them yes, say little of it, however many of a small one are yes."""
    random, held, numbers = np.random.default_rng(3), 0, 0
    stratum = np.array(["large"] * 2000 + ["small"] * 100)
    for _ in range(300):
        code = (random.random(2100) < np.where(stratum == "large", 0.1, 0.5)).astype(float)
        known = np.full(2100, math.nan)
        for places in (random.choice(2000, 5, replace=False), 2000 + random.choice(100, 55, replace=False)):
            known[places] = code[places]
        chance = np.where(stratum == "large", 5 / 2000, 55 / 100)
        found = estimates.mean("all", estimates.Data(np.zeros(2100), known, stratum, chance))[1]
        numbers, held = numbers + (not found.note), held + (found.low <= code.mean() <= found.high)
    assert numbers > 250 and held / numbers > 0.93


def test_scores_far_beyond_those_of_coded_articles_widen_the_interval():
    d, _ = data()
    far = d.score.copy()
    places = np.flatnonzero(~d.coded)[:30]
    far[places] = 50
    found = estimates.mean("mean", estimates.Data(far, d.code, d.stratum, d.chance))[0]
    plain = estimates.mean("mean", d)[0]
    assert found.low <= plain.value <= found.high and found.high - found.value < found.value - found.low
    binary = yes_no(30)
    far = binary.score.copy()
    far[100:130] = 50
    cut = estimates.Data(far, binary.code, binary.stratum, binary.chance)
    assert cut.fair.max() <= 1 and cut.score.max() == 50
    assert estimates.mean("all", cut)[0].value == pytest.approx(estimates.mean("all", binary)[0].value, abs=0.02)


def test_coder_error_is_taken_out_and_its_own_uncertainty_put_in():
    found = estimates.mean("all", yes_no(12))[0]
    known, guessed = stated(0.05), from_pairs(0.1, 40)
    free, unsure = (without_error(found, error, False, (0.0, 1.0)) for error in (known, guessed))
    assert free.value == pytest.approx((found.value - 0.05) / 0.9) and free.width > found.width
    assert guessed.share == pytest.approx(0.0528, abs=1e-3) and guessed.low < 0.05 < guessed.high
    assert unsure.width > free.width and unsure.way == "corrected, without coder error"
    gap = estimates.Estimate("gap", estimates.CORRECTED, 0.2, 0.1, 0.3, 60, 3000)
    assert without_error(gap, known, True, (-1.0, 1.0)).value == pytest.approx(0.2 / 0.9)
    rare = estimates.Estimate("all", estimates.CORRECTED, 0.02, 0.01, 0.04, 60, 3000)
    assert "errors alone" in without_error(rare, stated(0.1), False, (0.0, 1.0)).note
    assert "can’t be corrected" in without_error(found, from_pairs(0.4, 12), False, (0.0, 1.0)).note


def test_saved_coverage_is_as_claimed():
    told = figures("coding")
    assert told["studies"] >= 400 and told["no_width"] == told["outside"] == 0
    assert told["lowest_coverage"] >= 0.93 and told["lowest_sample_only"] >= 0.93
    assert told["wrong_though_refused"] < 0.01
    levels = {d["level"] for d in told["designs"] if d["codes"] == studies.YES_NO}
    assert levels == {0.02, 0.05, 0.1, 0.25, 0.5} and {d["error"] for d in told["designs"]} == {0, 0.05, 0.1}
    for d in told["designs"]:
        mean = d["targets"]["mean"]["corrected"]
        if d["codes"] != studies.YES_NO or d["level"] >= 0.25:
            assert mean["refused"] < 0.01
        elif d["level"] == 0.1:
            assert mean["refused"] < 0.5
        if not d["error"] and d["machine"] == studies.USUAL and mean["refused"] < 0.5:
            assert mean["width"] < 0.75 * d["targets"]["mean"]["sample_only"]["width"]
    assert sentence_in_readme()


def sentence_in_readme() -> bool:
    """Whether README quotes the saved result."""
    return simulate.sentence() in (Path(__file__).parents[1] / "README.md").read_text("utf-8")


def test_a_few_studies_made_again_agree_with_the_saved_ones():
    saved_designs = figures("coding")["designs"]
    for number in (0, 20, 43, len(saved_designs) - 1):
        again = studies.simulated(number, 40, 1)
        for target, ways in saved_designs[number]["targets"].items():
            for way, told in ways.items():
                here = again[target][way]
                assert abs(here["refused"] - told["refused"]) < 0.25
                if told["refused"] < 0.3:
                    assert here["width"] == pytest.approx(told["width"], rel=0.2)
