"""Measures against the codes of a sample; the reports of a run take their figures from there, and give them back."""

import json
import math
from pathlib import Path

from click.testing import CliRunner
import numpy as np
import pandas as pd
import pytest

from coded import export, table
from presslab import cli
from presslab.cli.again import rerun as rerun_of
from presslab.coding import (
    CodingError,
    codebook,
    coded_run,
    coder_error,
    commands,
    prepare,
    report,
    sample,
    simulated,
    validity,
)
from presslab.collecting.run import corpus_run
from presslab.measures.cards import builtin
from presslab.reporting import trust
from presslab.runs.articles import report_run
from presslab.system.parallel import here
from stories import digests

SEEDS = Path(__file__).resolve().parents[1] / "seeds"


def made_run(folder, count: int = 300, seed: int = 5):
    """As much of a run as the commands need: scores of frames, sources and loaded words for made-up articles."""
    (folder / "tables").mkdir(parents=True)
    articles, random = table(count), np.random.default_rng(seed)
    articles.to_parquet(folder / "tables" / "articles.parquet")
    about = {"parameters": {"text": "full"}, "versions": {}, "citation": "", "code_sha256": ""}
    (folder / "datapackage.json").write_text(json.dumps({"title": "a run", "resources": [], "presslab": about}))
    rows = []
    for number, id in enumerate(articles["id"]):
        for measure, value in (
            ("frame_conflict", random.random()),
            ("source_count", float(number % 9)),
            ("loaded_word_share", random.random() / 20),
        ):
            rows.append((id, measure, "journalist" if measure == "loaded_word_share" else "article", value, ""))
    pd.DataFrame(rows, columns=["id", "measure", "scope", "value", "unit"]).to_parquet(
        folder / "tables" / "measures.parquet"
    )
    return articles


@pytest.fixture
def coded(tmp_path):
    """A run of 300 articles of three outlets and a sample of 60, coded so that the truth is known."""
    articles = made_run(tmp_path / "run")
    folder = tmp_path / "coding"
    prepare.prepare(tmp_path / "run", folder, 60, ["outlet"], 2, 20)
    measures = pd.read_parquet(tmp_path / "run" / "tables" / "measures.parquet").pivot(
        index="id", columns="measure", values="value"
    )
    chosen, _ = sample.load(folder)
    random = np.random.default_rng(2)
    for coder in ("coder-1", "coder-2"):
        answers = {}
        for id, coders in zip(chosen["id"], chosen["coders"]):
            if coder in coders:
                score = measures.loc[id]
                answers[id] = {
                    "frame_conflict": int(score["frame_conflict"] > 0.5),
                    "source_count": float(score["source_count"] + 2 + (random.random() > 0.9)),
                    "loaded_word_share": int(random.integers(1, 5)),
                }
        export(folder, coder, answers)
    return tmp_path / "run", folder, articles


def test_a_measure_that_sees_what_coders_see_is_told_so_and_one_that_does_not_too(coded):
    run, folder, _ = coded
    found = {v.measure: v for v in validity.validity(coded_run.load(run, folder))}
    conflict, count, loaded = (found[name] for name in ("frame_conflict", "source_count", "loaded_word_share"))
    assert conflict.kind == validity.ROC and conflict.value == 1 and 0.85 < conflict.low < 1 and conflict.n == 60
    assert (
        count.kind == validity.R
        and count.value > 0.97
        and -2.4 < count.bias < -2
        and count.bias_low < count.bias < count.bias_high
    )
    assert (
        loaded.kind == validity.RANK
        and loaded.low < 0 < loaded.high
        and math.isnan(loaded.bias)
        and loaded.scope == "journalist"
    )
    assert "n = 60: r 1.00 [0.99 to 1.00], bias −2.0" in count.told and set(found) == {
        "frame_conflict",
        "source_count",
        "loaded_word_share",
    }


def test_the_interval_of_an_area_under_roc_holds_the_true_one():
    random, held = np.random.default_rng(0), 0
    for _ in range(400):
        code = np.array([1.0] * 25 + [0.0] * 35)
        found = pd.DataFrame(
            {"score": random.normal(size=60) + 1.35 * code, "code": code, "weight": 1.0, "stratum": "all"}
        )
        _, low, high = validity._agreement(found, validity.ROC)
        held += low <= 0.8301 <= high  # Φ(1.35 / √2)
    assert 0.92 <= held / 400 <= 0.985


def test_bands_and_worst_articles_show_where_a_measure_fails(coded):
    run, folder, _ = coded
    whole = coded_run.load(run, folder)
    question = whole.coding.book.question("source_count")
    bands = validity.bands(whole, question)
    assert (
        len(bands) == 5
        and bands["n"].sum() == 60
        and (np.diff(bands["score"]) > 0).all()
        and (bands["code"] > bands["score"] + 1.5).all()
    )
    first = validity.bands(whole, whole.coding.book.question("frame_conflict")).iloc[0]
    # 0 of 12 is not certainly never
    assert first["code"] == 0 and first["low"] == pytest.approx(0, abs=1e-9) and 0.2 < first["high"] < 0.3
    codes = json.loads((folder / "codes-coder-1.json").read_text())
    codes["articles"][0]["answers"]["source_count"] = 40
    (folder / "codes-coder-1.json").write_text(json.dumps(codes))
    assert validity.worst(coded_run.load(run, folder), question)["id"].iloc[0] == codes["articles"][0]["id"]


def test_estimates_are_near_the_truth_where_the_machine_is_not(coded):
    run, folder, _ = coded
    whole = coded_run.load(run, folder)
    found = report.estimate(whole)
    of = found[(found["question"] == "source_count") & (found["kind"] == "mean") & (found["by"] == "")].set_index("way")
    truth = whole.scores(whole.coding.book.question("source_count")).mean() + 2.1
    assert of.loc["corrected", "low"] < truth < of.loc["corrected", "high"] and of.loc["machine only", "high"] < truth
    assert (of.loc["corrected", "high"] - of.loc["corrected", "low"]) < 0.5 * (
        of.loc["sample only", "high"] - of.loc["sample only", "low"]
    )
    outlets = found[(found["question"] == "source_count") & (found["by"] == "outlet")]
    assert (
        set(outlets[outlets["kind"] == "mean"]["what"]) == {"Gazette", "Herald", "Post"}
        and (outlets["kind"] == "difference").sum() == 9
    )
    assert (found["kind"] == "trend").any() and "machine only" not in set(
        found[found["question"] == "loaded_word_share"]["way"]
    )


def test_groups_with_too_few_codes_say_so_and_get_no_number(coded):
    run, folder, _ = coded
    found = report.estimate(coded_run.load(run, folder), ["month"])
    assert len(found[found["by"] == "month"])
    prepare.prepare(run, folder.parent / "small", 12, ["outlet"])
    chosen, _ = sample.load(folder.parent / "small")
    export(folder.parent / "small", "coder-1", {id: {"frame_conflict": n % 2} for n, id in enumerate(chosen["id"])})
    small = report.estimate(coded_run.load(run, folder.parent / "small"))
    means = small[(small["by"] == "outlet") & (small["way"] == "corrected") & (small["kind"] == "mean")]
    assert (
        means["value"].isna().all()
        and means["note"].str.startswith("too few: 4 coded of 100").all()
        and not (small["kind"] == "difference").any()
    )


def test_estimates_without_coder_error_lie_beside_the_others(coded):
    run, folder, _ = coded
    whole = coded_run.load(run, folder)
    ways = {}
    for stated in (None, 0, 0.1):
        found = report.estimate(whole, coder_error=stated)
        mine = found[(found["question"] == "frame_conflict") & (found["what"] == "all articles")]
        ways[stated] = mine.set_index("way")
        assert not found.loc[found["question"] != "frame_conflict", "way"].str.contains("coder error").any()
    free = "corrected, without coder error"
    assert free not in ways[0].index
    known, unsure, coded_as = ways[0.1].loc[free], ways[None].loc[free], ways[0].loc["corrected"]
    assert known["value"] == pytest.approx((coded_as["value"] - 0.1) / 0.8)
    # the coders agree on all 20 articles coded twice: nothing is known to be wrong, but up to 9 % may be
    assert unsure["value"] == coded_as["value"]
    assert unsure["high"] - unsure["low"] > coded_as["high"] - coded_as["low"]
    commands.estimate(run, folder, [])
    page = (run / "coding" / "estimates.html").read_text("utf-8")
    assert "Coder error: 0 % [0 % to 9 %] of answers are taken to be wrong (from 20 articles coded twice" in page
    assert "after Rogan and Gladen (1978)" in page
    told = commands.estimate(run, folder, [], 0.1)
    assert any("corrected, without coder error" in line for line in told)
    assert "10 % of answers are taken to be wrong (as stated" in (run / "coding" / "estimates.html").read_text("utf-8")


def test_answers_settled_after_discussion_count_as_right(coded):
    run, folder, _ = coded
    codes = json.loads((folder / "codes-coder-1.json").read_text())
    both = set(sample.load(folder)[0].query("coders.str.contains(';')")["id"])
    changed = [a for a in codes["articles"] if a["id"] in both][:4]
    for article in changed:
        article["answers"]["frame_conflict"] = 1 - article["answers"]["frame_conflict"]
    (folder / "codes-coder-1.json").write_text(json.dumps(codes))
    coding = coded_run.load(run, folder).coding
    error = coder_error.from_double(coding, "frame_conflict")
    assert error.share == pytest.approx((1 - math.sqrt(1 - 0.4)) / 2)
    lines = "".join(f"{article['id']},frame_conflict,1\n" for article in changed)
    (folder / "agreed.csv").write_text("id,question,value\n" + lines)
    settled = coder_error.from_double(coded_run.load(run, folder).coding, "frame_conflict")
    # 40 of 60 articles were coded once
    assert settled.share == pytest.approx(error.share * 40 / 60) and "settled after discussion" in settled.origin


def test_a_sample_of_another_run_is_refused(coded, tmp_path):
    run, folder, articles = coded
    articles.assign(text_analysed=articles["text_analysed"] + "!", text_sha256="0" * 64).to_parquet(
        run / "tables" / "articles.parquet"
    )
    with pytest.raises(CodingError, match="was not drawn from"):
        coded_run.load(run, folder)
    pd.concat([table(300), table(301).tail(1)]).to_parquet(run / "tables" / "articles.parquet")
    with pytest.raises(CodingError, match="holds 301 articles now"):
        coded_run.load(run, folder)


def test_the_paragraph_for_the_methods_section_has_the_numbers(coded):
    run, folder, _ = coded
    told = commands.estimate(run, folder, [])
    page = (run / "coding" / "estimates.html").read_text("utf-8")
    assert (
        "random sample of 60 of 300 articles, stratified by outlet (seed 1; presslab)" in page
        and "Krippendorff’s alpha was between" in page
    )
    assert any("corrected" in line for line in told) and len(pd.read_csv(run / "coding" / "estimates.csv")) > 20


def test_marks_of_trust_are_filled_and_given_back():
    short, full = trust.marked(builtin()["frame_conflict"], "short"), trust.marked(builtin()["source_count"], "full")
    page = f"<p>{short}</p><td>{full}</td>"
    own = trust.filled(page, {"frame_conflict": "here <b> n = 60"}, builtin())
    assert (
        "here &lt;b&gt; n = 60" in own
        and trust.filled(own, {}, builtin()) == page
        and trust.filled(own, {"frame_conflict": "here <b> n = 60"}, builtin()) == own
    )


@pytest.mark.slow
def test_codes_change_the_reports_and_nothing_else_and_the_run_comes_out_the_same_again(tmp_path):
    """From the run to the form's codes and back into the run's reports, by the commands."""
    run, folder = tmp_path / "run", tmp_path / "coding"

    def presslab(*words: object) -> str:
        done = CliRunner().invoke(cli.main, [str(w) for w in words], catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.output

    inputs = [p for p in SEEDS.glob("*.txt") if p.stem not in ("empty", "not-english")]
    inputs = sorted(sorted(inputs, key=lambda path: path.stat().st_size)[:12])
    for path in inputs:
        (tmp_path / path.name).write_bytes(path.read_bytes())
    inputs = [tmp_path / path.name for path in inputs]
    report_run(inputs, run, spread=here)
    first = digests(run)
    presslab("sample", run, "-n", 12, "--coders", 2, "--overlap", 12, "-o", folder)
    simulated.code(run, folder)
    assert "reliable" in presslab("agree", folder)
    assert "no notebook was run" in presslab("validate", run, folder)
    presslab("estimate", run, folder)
    then = digests(run)
    changed = {path for path in then if then[path] != first.get(path)}
    assert {path.split("/")[0] for path in changed} == {
        "articles",
        "coding",
        "index.html",
        "manifest.csv",
        "datapackage.json",
    }
    page = next((run / "articles").glob("*.html")).read_text("utf-8")
    assert "on a hand-coded sample of this collection, n = " in page and "coding/validity.html" in (
        run / "index.html"
    ).read_text("utf-8")
    corpus_run([run], tmp_path / "corpus", spread=here)
    assert "on a hand-coded sample of this collection, n = " in (tmp_path / "corpus" / "index.html").read_text("utf-8")
    assert rerun_of(run, spread=here).same
    again = report_run(inputs, run, spread=here)
    assert again.made == 0 and digests(run) == then
    next((run / "articles").glob("*.html")).unlink()
    report_run(inputs, run, spread=here)
    assert digests(run) == then
    for path in (run / "coding").iterdir():
        path.unlink()
    (run / "coding").rmdir()
    report_run(inputs, run, spread=here)
    assert digests(run) == first


def test_without_the_package_for_estimates_one_line_says_what_to_install(coded, monkeypatch):
    run, folder, _ = coded
    monkeypatch.setattr(commands, "find_spec", lambda name: None)
    done = CliRunner().invoke(cli.main, ["estimate", str(run), str(folder)])
    assert done.exit_code == 1 and "presslab[estimates]" in done.output


def test_the_default_codebook_asks_only_what_the_run_measures(coded):
    assert {q.measure for q in codebook.default().asked() if q.measure} <= set(builtin())
