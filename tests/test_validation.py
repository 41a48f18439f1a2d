"""Figures of validity come from saved results, with the command, date and commit they were made at."""

import json
from pathlib import Path
import re

import pytest

from presslab.measures import validity


def test_a_text_is_filled_from_the_saved_result(tmp_path, monkeypatch):
    monkeypatch.setattr(validity, "figures", lambda family: {"share": {"r": 0.9512, "bias": -0.57}})
    assert validity.filled("r {share[r]:.2f}, bias {share[bias]:+.1f}", "attribution") == "r 0.95, bias −0.6"


def test_a_missing_figure_is_named(monkeypatch):
    monkeypatch.setattr(validity, "figures", lambda family: {})
    with pytest.raises(validity.ValidationError, match="framing.json.*share"):
        validity.filled("r {share[r]:.2f}", "framing")


def test_a_saved_result_says_how_when_and_from_which_commit_it_was_made(tmp_path):
    saved = json.loads(validity.save("x", "make validate", {"r": 1}, tmp_path).read_text("utf-8"))
    assert saved["r"] == 1 and saved["made"]["command"] == "make validate"
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", saved["made"]["date"])
    assert re.fullmatch(r"([0-9a-f]{9,}\+?)?", saved["made"]["commit"])


def test_the_figures_in_the_readme_are_those_of_the_saved_results():
    readme = (Path(__file__).resolve().parents[1] / "README.md").read_text("utf-8")
    assert validity.written_into(readme) == readme, (
        "run `make validate`, or python -m presslab.measures.validity README.md"
    )
