"""An article as plain data: everything that a number depends on goes there and back."""

from dataclasses import replace
import json
from pathlib import Path

from presslab.reading import handover
from presslab.reading.article import Article
from presslab.reading.corrections import Correction
from presslab.reading.read import read

SEEDS = Path(__file__).resolve().parents[1] / "seeds"


def test_every_seed_comes_back_as_it_was(tmp_path):
    articles = [replace(a, path="") for a in read([SEEDS]) if isinstance(a, Article)]
    (tmp_path / handover.FILE).write_bytes(handover.pack(articles))
    assert handover.unpack(tmp_path) == articles and len(articles) > 10


def test_corrections_metadata_and_odd_letters_come_back():
    first = next(a for a in read([SEEDS]) if isinstance(a, Article))
    odd = replace(
        first,
        path="",
        title="\ud800 é",
        metadata={"k": "v"},
        section="News",
        authors=("A", "B"),
        format="nexis-text",
        corrections=(Correction("merge", ("a", "b"), to="c", occurrence=2),),
    )
    assert handover.article(json.loads(json.dumps(handover.plain(odd)))) == odd


def test_nothing_handed_over_is_nothing(tmp_path):
    assert handover.unpack(tmp_path) == []
