"""The catalogue of cards: one for each run, never changed, and nothing of one run in the next."""

import dataclasses
import json
from pathlib import Path
import pickle

import pytest

from presslab.measures.analyse import analyse
from presslab.measures.cards import builtin, catalogue, of_codebook, short_label, with_frames
from presslab.measures.framing import load_frames
from presslab.reading.read import read_one
from presslab.reporting import charts, pages, sections
from presslab.runs.package import CODEBOOK, codebook

SEEDS = Path(__file__).resolve().parents[1] / "seeds"
FRAMES = SEEDS / "frames" / "war_peace.yaml"
CODE = Path(__file__).resolve().parents[1] / "analysis" / "presslab"


def test_frames_come_after_the_built_in_cards_and_leave_these_as_they_are():
    before = list(builtin())
    found = catalogue(str(FRAMES))
    assert list(found)[: len(before)] == before and [card.name for card in found.own] == [
        "frame_war_journalism",
        "frame_peace_journalism",
    ]
    assert list(builtin()) == list(catalogue()) == before and "frame_war_journalism" not in builtin()


def test_a_catalogue_cant_be_changed():
    found = catalogue()
    with pytest.raises(TypeError):
        found["frame_x"] = found["frame_conflict"]
    with pytest.raises(dataclasses.FrozenInstanceError):
        found._cards = {}


def test_a_catalogue_travels_to_other_processes():
    found = catalogue(str(FRAMES))
    assert dict(pickle.loads(pickle.dumps(found))) == dict(found)


def test_what_a_catalogue_has_is_not_replaced():
    found = catalogue(str(FRAMES))
    other = dataclasses.replace(found["frame_war_journalism"], label="another")
    assert found.joined([other])["frame_war_journalism"].label == found["frame_war_journalism"].label != "another"
    assert builtin().joined([other])["frame_war_journalism"].label == "another"


def test_cards_of_frames_are_read_back_from_a_codebook():
    found = catalogue(str(FRAMES))
    rows = [{name: str(cell) for name, cell in zip(CODEBOOK, row)} for row in codebook(found.own)]
    assert builtin().joined(of_codebook(rows))["frame_war_journalism"] == found["frame_war_journalism"]


def test_a_group_of_sources_has_a_card_with_its_own_label():
    assert builtin().compared("group_officials").label == "Heard: officials and politicians"
    assert builtin().compared("word_count") == builtin()["word_count"]


def test_a_frame_has_a_short_label_and_other_measures_keep_theirs():
    cards = builtin()
    assert cards["frame_conflict"].short_label == "conflict" and short_label("Frame: a Frame: b") == "a Frame: b"
    assert cards["source_count"].short_label == cards["source_count"].label


def test_the_index_takes_short_labels_from_the_cards():
    page = "".join(pages.index([], 0, [], {"citation": "", "coded": [], "corrected": 0}))
    measures = json.loads(page.partition('id="data">')[2].partition("</script>")[0])["measures"]
    assert {m["name"]: m["short"] for m in measures} == {c.name: c.short_label for c in builtin().values() if c.key}
    assert '<th scope="col" class="number">conflict' in page and "Frame: " not in page.partition("<script")[0]


def test_an_article_is_drawn_with_the_cards_of_its_own_frames_and_the_next_one_without():
    frames = load_frames(FRAMES)
    with_them = analyse(read_one(SEEDS / "bridge-officials.txt"), frames)
    without = analyse(read_one(SEEDS / "bridge-officials.txt"))
    assert dict(with_them.cards) == dict(with_frames(frames)) and dict(without.cards) == dict(builtin())
    drawn = [charts.dots(a, sections.frame_names(a), "Frames", "score") for a in (with_them, without)]
    assert "War journalism" in drawn[0] and "War journalism" not in drawn[1]


def test_nobody_empties_a_catalogue():
    assert not [path for path in CODE.rglob("*.py") if "cards.cache_clear" in path.read_text("utf-8")]
