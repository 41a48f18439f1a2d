"""Frames calibrated by codes: shares that hold on other articles, nothing where words tell nothing, and nothing of a
user's changed."""

import json
from pathlib import Path
import re

from click.testing import CliRunner
from hypothesis import given, settings, strategies as st
import numpy as np
import pandas as pd
import pytest

from coded import export, table
from foreign import canned, quick
from presslab.cli import main
from presslab.coding import CodingError, calibrate, calibrated, coded_run, commands, prepare, sample, shift
from presslab.measures import validity
from presslab.measures.statistics import logistic
from presslab.runs.articles import report_run
from presslab.runs.job import Options
from stories import digests

FRAMES = ("frame_conflict", "frame_economic", "frame_cost")  # the last one is user-defined
STEEP, FLAT = 3.0, 0.0


def coded_articles(count: int, slope: float = STEEP, seed: int = 0, start: float = 0.0, stories: int = 0):
    """Coded articles of a made-up frame, of which coders see more the higher its value is."""
    random = np.random.default_rng(seed)
    value = random.random(count)
    seen = random.random(count) < 1 / (1 + np.exp(-(start + slope * (2 * value - 1))))
    ids = [f"a{n:04}" for n in range(count)]
    story = [f"s{n % stories}" for n in range(count)] if stories else ids
    return pd.DataFrame({"id": ids, "value": value, "seen": seen.astype(float), "weight": 1.0, "story": story})


def one(articles: pd.DataFrame) -> calibrate.Calibration:
    return calibrate.calibrate({"frame": articles})["frame"]


@settings(max_examples=40, deadline=None)
@given(st.integers(30, 200), st.floats(0.5, 8), st.integers(0, 10_000), st.integers(0, 20))
def test_a_higher_value_never_has_a_lower_share_and_none_is_0_or_1(count, slope, seed, stories):
    found = one(coded_articles(count, slope, seed, stories=stories))
    if not found.curves:
        assert found.refused
        return
    values = np.array([0.0, *np.linspace(0, 1, 101), 1.0])
    shares, low, high = found.shares(values)
    assert (np.diff(shares) >= 0).all() and (low <= shares).all() and (shares <= high).all()
    assert (low > 0).all() and (high < 1).all() and found.table["share"].between(0, 1, inclusive="neither").all()
    assert sum(n for _, n, _ in found.like) == count and sum(seen for *_, seen in found.like) == found.seen


def test_values_that_divide_yes_from_no_without_an_error_have_a_curve_too():
    articles = coded_articles(60).assign(seen=lambda t: (t["value"] > 0.5).astype(float))
    shares, low, high = one(articles).shares(np.array([0.1, 0.9]))
    assert shares[0] < 0.1 and shares[1] > 0.9 and (high - low > 0.01).all()


def test_shares_are_nearer_to_the_codes_of_other_articles_than_values_are():
    articles = coded_articles(200, start=-2.0)
    other = coded_articles(2000, start=-2.0, seed=1)
    found = one(articles)
    shares, low, high = found.shares(other["value"].to_numpy())
    assert ((shares - other["seen"]) ** 2).mean() < 0.7 * ((other["value"] - other["seen"]) ** 2).mean()
    assert found.brier == pytest.approx(((shares - other["seen"]) ** 2).mean(), abs=0.03)
    assert found.error < found.error_value and found.brier < found.brier_same


@pytest.mark.parametrize("rises", [lambda value: 6 * value - 3, calibrate.log_odds])
def test_intervals_hold_the_true_share_whatever_it_rises_with(rises):
    """One curve by the log odds of the value held it in 75 to 88 % of cases if shares rise with the value itself."""
    points, held, random = np.array([0.05, 0.15, 0.3, 0.5, 0.7, 0.85, 0.95]), [], np.random.default_rng(0)
    for _ in range(60):
        articles = coded_articles(400, seed=int(random.integers(10_000)))
        seen = (random.random(400) < logistic.share(-1 + rises(articles["value"].to_numpy()))).astype(float)
        _, low, high = one(articles.assign(seen=seen)).shares(points)
        truth = logistic.share(-1 + rises(points))
        held.append((low <= truth) & (truth <= high))
    assert np.mean(held) > 0.92 and (np.mean(held, axis=0) > 0.85).all()


def test_codes_dealt_out_at_random_calibrate_nothing():
    """Of a coding with three frames at most one in twenty has a frame that is calibrated."""
    random, none = np.random.default_rng(4), 0
    tables = {name: coded_articles(150, STEEP, seed) for seed, name in enumerate(FRAMES)}
    for _ in range(100):
        order = random.permutation(150)
        dealt = {name: t.assign(seen=t["seen"].to_numpy()[order]) for name, t in tables.items()}
        none += all(not found.curves for found in calibrate.calibrate(dealt).values())
    assert none >= 95


def test_words_that_go_against_the_codes_calibrate_nothing():
    found = one(coded_articles(200, -STEEP))
    assert found.high < 0.5 and found.refused == calibrate.TELLS_NOTHING


@pytest.mark.parametrize("few, words", [(9, "saw it in only 9 of 120"), (111, "did not see it in only 9 of 120")])
def test_a_frame_in_few_or_in_nearly_all_articles_is_not_calibrated(few, words):
    articles = coded_articles(120).sort_values("value", ascending=False)
    found = one(articles.assign(seen=[1.0] * few + [0.0] * (120 - few)))
    assert not found.curves and words in found.refused


def test_articles_count_by_their_weight():
    """A stratum of which a tenth was coded weighs ten times as much."""
    rare, common = coded_articles(200, start=-2.0), coded_articles(200, start=2.0, seed=1)
    both = pd.concat([rare, common.assign(id="b" + common["id"], story="b" + common["story"])], ignore_index=True)
    even = one(both).shares(np.array([0.5]))[0][0]
    by_rare = one(both.assign(weight=[10.0] * 200 + [1.0] * 200))
    assert by_rare.shares(np.array([0.5]))[0][0] < even - 0.15
    assert one(both.assign(weight=7.0)).shares(np.array([0.5]))[0][0] == pytest.approx(even, abs=1e-9)
    weighted = (10 * rare["seen"].mean() + common["seen"].mean()) / 11
    assert by_rare.brier_same == pytest.approx(weighted * (1 - weighted))


def test_articles_on_one_story_widen_the_interval_and_share_a_fold(monkeypatch):
    articles = coded_articles(60)
    repeated = pd.concat([articles.assign(id=articles["id"] + str(n)) for n in range(4)], ignore_index=True)
    alone = one(repeated.assign(story=repeated["id"]))
    width = {}
    for name, found in {"once": one(articles), "stories": one(repeated), "as if alone": alone}.items():
        _, low, high = found.shares(np.array([0.3]))
        width[name] = float((high - low)[0])
    assert width["stories"] == pytest.approx(width["once"], rel=0.25) and width["as if alone"] < 0.7 * width["once"]
    fits = []
    right = logistic.fit
    monkeypatch.setattr(logistic, "fit", lambda *a: fits.append(set(a[3])) or right(*a))
    calibrate.cross_validated(repeated)
    stories = set(repeated["story"])
    assert len(fits) == 2 * calibrate.FOLDS
    assert sorted(s for kept in fits[::2] for s in stories - kept) == sorted(stories)  # each is left out once


def test_the_interval_of_a_curve_holds_the_true_share():
    random, held, points = np.random.default_rng(0), [], np.array([-1.5, 0.0, 1.5])
    for _ in range(200):
        x = random.normal(size=150)
        yes = (random.random(150) < logistic.share(-1 + x)).astype(float)
        curve = logistic.fit(x, yes, np.ones(150), np.arange(150))
        _, low, high = logistic.averaged([curve], [points])
        truth = logistic.share(-1 + points)
        held.append((low <= truth) & (truth <= high))
    assert (np.mean(held, axis=0) > 0.91).all()


def test_coded_articles_of_another_topic_are_told_from_the_rest():
    street = "The council met on {} to talk about the bridge, the road and the budget of the city for next year. "
    sport = "The striker scored twice in the match on {} and the coach praised his team after the final whistle. "
    days = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
    one_topic, other = ([text.format(days[n % 5]) * (1 + n % 3) for n in range(60)] for text in (street, sport))
    assert shift.told_apart(one_topic, other)[0] > 0.95
    alike = shift.told_apart(one_topic[:30] + other[:30], one_topic[30:] + other[30:])
    assert alike[0] < shift.APART
    assert np.isnan(shift.told_apart(one_topic[:10], other)[0])  # too few to tell
    values = np.linspace(0, 1, 200)
    gap, by_chance = shift.distance(values[100:], np.ones(100), values)
    assert gap == pytest.approx(0.5) and by_chance < 0.2


# with files


def made_run(folder, count: int = 300, seed: int = 5, slope: float = STEEP):
    """As much of a run as the command needs: values of two frames and a user-defined one; gives what coders see."""
    (folder / "tables").mkdir(parents=True)
    articles, truth, rows = table(count).assign(byline=""), {}, []
    for number, name in enumerate(FRAMES):
        made = coded_articles(count, slope, seed + number)
        truth[name] = dict(zip(articles["id"], made["seen"]))
        rows += [(id, name, "article", value, "0–1") for id, value in zip(articles["id"], made["value"])]
    articles.to_parquet(folder / "tables" / "articles.parquet")
    about = {"parameters": {"text": "full"}, "versions": {}, "citation": "", "code_sha256": ""}
    (folder / "datapackage.json").write_text(json.dumps({"title": "a run", "resources": [], "presslab": about}))
    measures = pd.DataFrame(rows, columns=["id", "measure", "scope", "value", "unit"])
    measures.to_parquet(folder / "tables" / "measures.parquet")
    return truth


BOOK = """title: Frames
questions:
- {name: frame_conflict, ask: Conflict?, scale: nominal, values: {1: yes, 0: no}, measure: frame_conflict}
- {name: money, ask: Money?, scale: nominal, values: {1: yes, 0: no}, measure: frame_economic}
- {name: frame_cost, ask: Cost?, scale: nominal, values: {1: yes, 0: no}, measure: frame_cost}
- {name: strength, ask: How strong?, scale: ordinal, values: {1: little, 2: some, 3: much}, measure: frame_conflict}
- {name: absent, ask: War?, scale: nominal, values: {1: yes, 0: no}, measure: frame_war}
"""


def hand_in(folder, truth, coders=("coder-1",), most: int = 10_000, slips: float = 0.0):
    """What coders hand in: the truth, with slips."""
    chosen, _ = sample.load(folder)
    random = np.random.default_rng(1)
    for coder in coders:
        answers = {}
        for id, names in list(zip(chosen["id"], chosen["coders"]))[:most]:
            if coder in names.split(";"):
                codes = {name: int(truth[name][id]) for name in FRAMES}
                codes = {name: 1 - code if random.random() < slips else code for name, code in codes.items()}
                answers[id] = {"money" if name == "frame_economic" else name: code for name, code in codes.items()}
                answers[id] |= {"strength": 2, "absent": 0}
        export(folder, coder, answers)


@pytest.fixture
def coding(tmp_path):
    """A run of 300 articles of three outlets, a sample of 150 coded by two people, 60 articles by both."""
    truth = made_run(tmp_path / "run")
    (tmp_path / "book.yaml").write_text(BOOK, "utf-8")
    prepare.prepare(tmp_path / "run", tmp_path / "codes", 150, ["outlet"], 2, 60, codebook=tmp_path / "book.yaml")
    hand_in(tmp_path / "codes", truth, ("coder-1", "coder-2"), slips=0.03)
    return tmp_path


def presslab(*words: object):
    return CliRunner().invoke(main, [str(word) for word in words])


def test_a_folder_with_page_curves_and_shares_is_made_and_run_and_codes_are_only_read(coding):
    before = {name: digests(coding / name) for name in ("run", "codes")}
    done = presslab("frames", "calibrate", coding / "run", coding / "codes", "-o", coding / "out")
    assert done.exit_code == 0, done.output
    assert {name: digests(coding / name) for name in before} == before
    assert {p.name for p in (coding / "out").iterdir()} == {
        ".presslab",
        "index.html",
        "calibration.json",
        "calibrated.csv",
    }
    found = pd.read_csv(coding / "out" / "calibrated.csv")
    assert list(found.columns) == list(calibrated.COLUMNS) and len(found) == 3 * 300
    assert set(found["measure"]) == set(FRAMES) and set(found["question"]) == {"frame_conflict", "money", "frame_cost"}
    assert ((found["low"] > 0) & (found["low"] < found["share"]) & (found["share"] < found["high"])).all()
    assert (found["high"] < 1).all() and found["code"].notna().sum() == 3 * 150
    assert all(part.sort_values("value")["share"].is_monotonic_increasing for _, part in found.groupby("question"))
    saved = json.loads((coding / "out" / "calibration.json").read_text("utf-8"))
    by_name = {frame["question"]: frame for frame in saved["frames"]}
    assert by_name["strength"]["refused"] == calibrated.NOT_YES_OR_NO
    assert by_name["absent"]["refused"] == calibrated.NOT_MEASURED
    assert by_name["money"]["coded_twice"] == 60 and 0.7 < by_name["money"]["alpha"][0] < 1
    assert by_name["money"]["brier"]["calibrated"] < by_name["money"]["brier"]["same_share"]
    curve, row = by_name["money"], found[found["question"] == "money"].iloc[0]
    value = min(max(row["value"], saved["edge"]), 1 - saved["edge"])
    of = {"value": row["value"], "log odds of the value": np.log(value / (1 - value))}
    log_odds = sum(c["weight"] * (c["intercept"] + c["slope"] * of[c["of"]]) for c in curve["curves"])
    assert logistic.share(log_odds) == pytest.approx(row["share"], abs=1e-4)  # all that the shares are made from
    page = (coding / "out" / "index.html").read_text("utf-8")
    assert page.count("<figure") == 6 and "Before: frame_cost" in page and "Not calibrated:" in page
    assert re.search(r"Of the \d+ with a value of 0\.\d\d to [01]\.\d\d, they saw it in \d+\.", page)
    assert "http" not in re.sub(r"<svg.*?</svg>", "", page).split("<main")[1].split("prose")[0]


def test_the_same_codes_give_the_same_bytes_and_what_a_user_changed_is_kept(coding):
    for out in ("one", "two", "one"):
        commands.calibrate(coding / "run", coding / "codes", coding / out)
    assert digests(coding / "one") == digests(coding / "two")
    (coding / "one" / "calibrated.csv").write_text("mine", "utf-8")
    told = commands.calibrate(coding / "run", coding / "codes", coding / "one")
    assert any("calibrated.kept.csv" in line for line in told)
    assert (coding / "one" / "calibrated.kept.csv").read_text("utf-8") == "mine"


@pytest.mark.parametrize("place, words", [
    ("run", "is an input too"), ("codes", "is an input too"), ("run/new", "lies in the input folder"),
    ("codes/new", "lies in the input folder"), ("mine", "not made by presslab"), (".", "is an input and lies in"),
])  # fmt: skip
def test_nothing_of_a_users_is_written_over(coding, place, words):
    (coding / "mine").mkdir()
    (coding / "mine" / "index.html").write_text("a year of work")
    before = digests(coding)
    done = presslab("frames", "calibrate", coding / "run", coding / "codes", "-o", coding / place)
    assert done.exit_code == 2 and words in done.output and len(done.output.strip().splitlines()) == 1, done.output
    assert digests(coding) == before and not (coding / "run" / "new").exists()


def test_a_tiny_coding_is_refused_in_one_line(tmp_path):
    truth = made_run(tmp_path / "run")
    (tmp_path / "book.yaml").write_text(BOOK, "utf-8")
    prepare.prepare(tmp_path / "run", tmp_path / "codes", 12, codebook=tmp_path / "book.yaml")
    hand_in(tmp_path / "codes", truth)
    done = presslab("frames", "calibrate", tmp_path / "run", tmp_path / "codes", "-o", tmp_path / "out")
    assert done.exit_code == 1 and "12 articles were coded; no frame can be calibrated by fewer than 20" in done.output
    assert not (tmp_path / "out").exists()


def test_a_small_coding_by_one_person_is_warned_of(tmp_path):
    truth = made_run(tmp_path / "run", slope=6.0)
    (tmp_path / "book.yaml").write_text(BOOK, "utf-8")
    prepare.prepare(tmp_path / "run", tmp_path / "codes", 60, codebook=tmp_path / "book.yaml")
    hand_in(tmp_path / "codes", truth)
    told = "\n".join(commands.calibrate(tmp_path / "run", tmp_path / "codes", tmp_path / "out"))
    assert "Warning: Only 60 articles were coded" in told and "One person coded" in told
    page = (tmp_path / "out" / "index.html").read_text("utf-8")
    assert "Only 60 articles were coded" in page and "One person coded" in page


def test_frames_whose_words_tell_nothing_are_shown_as_such(tmp_path):
    truth = made_run(tmp_path / "run", slope=FLAT)
    (tmp_path / "book.yaml").write_text(BOOK, "utf-8")
    prepare.prepare(tmp_path / "run", tmp_path / "codes", 120, codebook=tmp_path / "book.yaml")
    hand_in(tmp_path / "codes", truth)
    told = commands.calibrate(tmp_path / "run", tmp_path / "codes", tmp_path / "out")
    page = (tmp_path / "out" / "index.html").read_text("utf-8")
    assert calibrate.TELLS_NOTHING in page and "No frame could be calibrated" in page
    assert sum(calibrate.TELLS_NOTHING in line for line in told) == 3
    assert (tmp_path / "out" / "calibrated.csv").read_text("utf-8").strip() == ",".join(calibrated.COLUMNS)


def test_a_run_that_grew_can_be_used_and_the_new_articles_are_warned_of(coding):
    articles = pd.read_parquet(coding / "run" / "tables" / "articles.parquet")
    more = articles.head(100).assign(id=[f"b{n:03}" for n in range(100)])
    more["text_analysed"] = "The striker scored twice and the coach praised his team after the final whistle."
    pd.concat([articles, more], ignore_index=True).to_parquet(coding / "run" / "tables" / "articles.parquet")
    rows = pd.read_parquet(coding / "run" / "tables" / "measures.parquet")
    new = [(id, name, "article", 0.99, "0–1") for id in more["id"] for name in FRAMES]
    pd.concat([rows, pd.DataFrame(new, columns=rows.columns)]).to_parquet(
        coding / "run" / "tables" / "measures.parquet"
    )
    told = "\n".join(commands.calibrate(coding / "run", coding / "codes", coding / "out"))
    assert "The run has 100 articles more than when the sample was drawn" in told
    assert "distributed otherwise than in the run" in told
    assert len(pd.read_csv(coding / "out" / "calibrated.csv")) == 3 * 400
    with pytest.raises(CodingError, match="says nothing of the others"):
        coded_run.load(coding / "run", coding / "codes")  # estimates and validity need the articles drawn from


def test_a_run_without_text_is_calibrated_and_what_is_not_known_is_said(coding):
    path = coding / "run" / "tables" / "articles.parquet"
    pd.read_parquet(path).assign(text_analysed="").to_parquet(path)
    told = "\n".join(commands.calibrate(coding / "run", coding / "codes", coding / "out"))
    assert "The run keeps no text of its articles" in told and "Brier score" in told


def test_strata_that_were_drawn_more_often_count_less(coding):
    """Half of the Gazette's codes are missing: what is left of them counts twice."""
    path = coding / "codes" / "codes-coder-1.json"
    chosen, _ = sample.load(coding / "codes")
    gazette = set(chosen.loc[chosen["outlet"] == "Gazette", "id"].iloc[::2])
    for path in sorted((coding / "codes").glob("codes-*.json")):
        found = json.loads(path.read_text("utf-8"))
        found["articles"] = [a for a in found["articles"] if a["id"] not in gazette]
        path.write_text(json.dumps(found), "utf-8")
    result = calibrated.calibrated(coded_run.beside(coding / "run", coding / "codes"))
    weights = result.frames[0].calibration.table.merge(chosen[["id", "outlet"]], on="id").groupby("outlet")["weight"]
    assert weights.sum().tolist() == pytest.approx([100, 100, 100])
    assert weights.first()["Gazette"] == pytest.approx(4, rel=0.1) and weights.first()["Post"] == pytest.approx(
        2, rel=0.1
    )


@pytest.mark.parametrize("case, words", [
    ("no run", "contains no finished run"), ("no sample", "contains no sample"), ("other sample", "another sample"),
    ("no codes", "has no codes yet"), ("no frames", "asks about no frame"),
])  # fmt: skip
def test_wrong_files_are_one_line_that_says_what_is_wrong(coding, case, words):
    run, codes = coding / "run", coding / "codes"
    if case == "no run":
        run = coding / "empty"
        run.mkdir()
    elif case == "no sample":
        codes = coding / "empty"
        codes.mkdir()
    elif case == "other sample":
        path = codes / "codes-coder-1.json"
        path.write_text(path.read_text("utf-8").replace(sample.load(codes)[1].sample, "0" * 16), "utf-8")
    elif case == "no codes":
        for path in codes.glob("codes-*.json"):
            path.unlink()
    else:
        (coding / "other.yaml").write_text(
            "title: T\nquestions:\n- {name: a, ask: A?, scale: nominal, values: {1: yes, 0: no}}\n", "utf-8"
        )
        codes = coding / "others"
        prepare.prepare(run, codes, 30, codebook=coding / "other.yaml")
        export(codes, "coder-1", {id: {"a": 1} for id in sample.load(codes)[0]["id"]})
    done = presslab("frames", "calibrate", run, codes, "-o", coding / "out")
    assert done.exit_code == 1 and words in done.output and len(done.output.strip().splitlines()) == 1, done.output
    assert not (coding / "out").exists()


# real articles


def test_the_saved_check_reaches_what_is_claimed():
    saved = validity.figures("calibration")
    assert saved["halves"]["all"]["right"] >= 0.93 and saved["shuffled_none"] >= 0.95
    frames, all_ = saved["halves"]["frames"].values(), saved["halves"]["all"]
    assert all_["brier"] < 0.85 * min(all_["brier_value"], all_["brier_same"])
    assert all(f["right"] >= 0.93 and f["brier"] < f["brier_value"] + 0.005 for f in frames)  # conflict fits by itself
    assert all(study["mean"] >= 0.92 for study in saved["simulated"].values() if study["calibrated"] > 0.9)


@pytest.mark.shared
@pytest.mark.slow
def test_half_of_the_coded_climate_articles_calibrates_the_other_half(shared, tmp_path, monkeypatch):
    quick(monkeypatch)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "cost.yaml").write_text(
        "name: cost\nlabel: Cost\nquestion: What does it cost?\nsource: made up\n"
        "terms: [cost/NOUN, cost/VERB, price/NOUN, tax/NOUN, billion, dollar/NOUN, money, market/NOUN]\n", "utf-8"
    )  # fmt: skip
    report_run([shared / "frames" / "articles.jsonl"], Path("run"), Options(frames="cost.yaml"), spread=canned)
    lines = (shared / "frames" / "articles.jsonl").read_text("utf-8").splitlines()
    gold = {row["id"]: row["frames"] for row in map(json.loads, lines)}
    prepare.prepare(Path("run"), Path("codes"), 171)
    chosen = sample.load(Path("codes"))[0]["id"]
    answers = {id: {f"frame_{name}": int(seen) for name, seen in gold[id].items()} for id in chosen}
    export(Path("codes"), "coder-1", {id: a | {"frame_cost": a["frame_economic"]} for id, a in answers.items()})
    done = presslab("frames", "calibrate", "run", "codes", "-o", "out")
    assert done.exit_code == 0, done.output
    found = pd.read_csv("out/calibrated.csv")
    assert set(found["measure"]) == {*(f"frame_{name}" for name in gold["nf0"]), "frame_cost"}
    hits, groups, brier = 0, 0, []
    for measure, part in found[found["code"].isna()].groupby("measure"):
        name = measure.removeprefix("frame_").replace("cost", "economic")
        seen = np.array([float(gold[id][name]) for id in part["id"]])
        brier.append([((part[name] - seen) ** 2).mean() for name in ("share", "value")])
        for group in np.array_split(np.argsort(part["value"].to_numpy(), kind="stable"), 4):
            rows, count = part.iloc[group], len(group)
            spread = np.sqrt(((rows["high"] - rows["low"]).mean() / 3.92) ** 2 + rows["share"].mean() / count)
            hits, groups = hits + (abs(seen[group].mean() - rows["share"].mean()) <= 1.96 * spread), groups + 1
    assert groups == 24 and hits >= 22
    assert np.mean(brier, axis=0)[0] < 0.75 * np.mean(brier, axis=0)[1]
