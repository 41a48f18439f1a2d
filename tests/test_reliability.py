"""Agreement among coders, against the worked examples of Krippendorff (2011), “Computing Krippendorff's
Alpha-Reliability”."""

import math

import numpy as np
import pandas as pd
import pytest

from coded import export, folder_with
from presslab.coding import read, reliability
from presslab.measures.statistics.agreement import alpha, alpha_interval
from test_coding import BOOK, mark

NAN = math.nan
LETTERS = {"a": 1, "b": 2, "c": 3, "d": 4, "e": 5}
BINARY = np.array([[0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]], float)  # Meg and Owen
TWO = np.array([[LETTERS[c] for c in row] for row in ("aabbdcccedda", "babbbccceddd")], float)  # Ben and Gerry
FOUR = np.array(
    [[1, 2, 3, 3, 2, 1, 4, 1, 2, NAN, NAN, NAN], [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NAN, 3],
     [NAN, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NAN], [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NAN]])  # fmt: skip


@pytest.mark.parametrize(
    "codes, scale, expected",
    [
        (BINARY, "nominal", 0.095),
        (TWO, "nominal", 0.692),
        (FOUR, "nominal", 0.743),
        (FOUR, "ordinal", 0.815),
        (FOUR, "interval", 0.849),
        (FOUR, "ratio", 0.797),
    ],
)
def test_alpha_is_that_of_the_worked_examples(codes, scale, expected):
    assert alpha(codes, scale) == pytest.approx(expected, abs=5e-4)


def test_alpha_of_perfect_chance_and_constant_codes():
    assert alpha(np.array([[0, 1, 2], [0, 1, 2]], float), "interval") == 1
    random = np.random.default_rng(0)
    assert abs(alpha(random.integers(0, 2, (2, 5000)).astype(float), "nominal")) < 0.05
    assert math.isnan(alpha(np.ones((2, 9)), "nominal")) and math.isnan(
        alpha(np.array([[1.0, NAN], [NAN, 2.0]]), "nominal")
    )


@pytest.mark.slow
def test_the_interval_holds_the_true_alpha_in_about_95_of_100():
    """Two coders who agree with probability .8 beyond chance have an alpha of .8 in the long run."""
    random, held = np.random.default_rng(3), 0
    for study in range(50):
        truth = random.integers(0, 2, 60).astype(float)
        other = np.where(random.random(60) < 0.8, truth, random.integers(0, 2, 60))
        low, high = alpha_interval(np.array([truth, other]), "nominal", seed=study)
        held += low <= 0.8 <= high
    assert 0.86 <= held / 50


@pytest.fixture
def coding(tmp_path):
    """Two coders: the same but for three answers about conflict, and marks that differ by a word."""
    ids = folder_with(tmp_path, BOOK)["id"].tolist()
    one = {id: {"conflict": n % 2, "sources": n} for n, id in enumerate(ids)}
    two = {id: {"conflict": 1 - n % 2 if n in (3, 4, 5) else n % 2, "sources": n} for n, id in enumerate(ids)}
    text = read.read(tmp_path).texts()[ids[0]]
    at = text.index("We are")
    export(tmp_path, "coder-1", one, {ids[0]: [mark(text[at : at + 6], at)]})
    export(tmp_path, "coder-2", two, {ids[0]: [mark(text[at : at + 2], at)]})
    return read.read(tmp_path)


def test_agreement_is_told_for_every_question_and_for_marks_by_word(coding):
    found = {a.name: a for a in reliability.agreement(coding)}
    conflict = found["conflict"]
    assert (
        conflict.same == pytest.approx(17 / 20) and conflict.n == 20 and conflict.low < conflict.alpha < conflict.high
    )
    assert found["sources"].alpha == 1 and found["sources"].scale == "ratio" and found["sources"].verdict == "reliable"
    # two words marked against one
    assert found["attribution"].unit == "words" and 0.6 < found["attribution"].alpha < 0.7
    table = reliability.confusion(coding, BOOK.questions[0])
    assert table.loc["yes", "no"] + table.loc["no", "yes"] == 3 and table.to_numpy().sum() == 20


def test_disagreements_are_side_by_side_until_they_are_settled(coding):
    listed = reliability.disagreements(coding)
    assert (
        len(listed) == 3
        and set(listed["question"]) == {"conflict"}
        and {"coder-1", "coder-2", "comments", "value"} <= set(listed)
    )
    assert set(listed["coder-1"]) == {"1 yes", "0 no"}
    listed.assign(value=["yes", "no", ""]).to_csv(coding.folder / "agreed.csv", index=False)
    again = read.read(coding.folder)
    assert len(reliability.disagreements(again)) == 1 and again.settled("conflict")[listed["id"][0]] == 1


def test_one_coder_alone_has_no_agreement(tmp_path):
    ids = folder_with(tmp_path, BOOK)["id"].tolist()
    export(tmp_path, "coder-1", {id: {"conflict": 1} for id in ids})
    assert reliability.agreement(read.read(tmp_path)) == []
    assert pd.isna(alpha(np.zeros((1, 3)), "nominal"))
