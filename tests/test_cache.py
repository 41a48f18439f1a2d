"""The cache of parsed texts: the same document out as in, bounded, and never in the way."""

import multiprocessing
import sqlite3

import numpy as np
import pytest

from presslab.parsing import cache, document
from presslab.reading.from_text import from_text
from presslab.reading.read import read

COLUMNS = {"lemma": ["the", "caf\u00e9", "\ud800"], "head": [1, 1, 1], "entity_start": [True, False, False]}


@pytest.fixture()
def place(tmp_path, monkeypatch):
    monkeypatch.setenv("PRESSLAB_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def vectors(rows: int) -> np.ndarray:
    return np.random.default_rng(rows).normal(size=(rows, 96)).astype(np.float16)


def test_what_comes_out_is_what_went_in(place):
    cache.put("k", COLUMNS, vectors(3))
    columns, found = cache.get("k")
    assert columns == COLUMNS and found.dtype == np.float16 and (found == vectors(3)).all()
    assert cache.get("other") is None


def test_a_document_from_the_cache_is_the_document_that_was_parsed(place, monkeypatch):
    for article in [a for a in read(["seeds"]) if hasattr(a, "paragraphs")][:4]:
        first, second = document.parse(article), document.parse(article)
        monkeypatch.setenv("PRESSLAB_CACHE", "off")
        assert first == second == document.parse(article) and (first.vectors == second.vectors).all()
        monkeypatch.setenv("PRESSLAB_CACHE", str(place))


def test_a_cached_text_is_not_parsed_again(place, monkeypatch):
    article = from_text("The mayor said on Monday that the bridge would close. It did.", clean=False)
    first = document.parse(article)
    monkeypatch.setattr(document, "_annotate", lambda paragraphs: pytest.fail("parsed again"))
    assert document.parse(article) == first


def test_the_parse_of_an_article_never_depends_on_what_was_parsed_before(place, monkeypatch):
    monkeypatch.setenv("PRESSLAB_CACHE", "off")
    articles = [a for a in read(["seeds"]) if hasattr(a, "paragraphs")][:6]
    forward = [document.parse(a) for a in articles]
    backward = [document.parse(a) for a in reversed(articles)][::-1]
    for one, two in zip(forward, backward):
        assert one == two and (one.vectors == two.vectors).all()


def test_it_stays_within_its_bound_and_drops_the_oldest(place, monkeypatch):
    monkeypatch.setenv("PRESSLAB_CACHE_MB", "1")
    for number in range(200):
        cache.put(f"k{number}", COLUMNS, vectors(100))
    assert sum(f.stat().st_size for f in place.iterdir()) < 2e6
    assert cache.get("k0") is None and cache.get("k199") is not None


@pytest.mark.parametrize("damage", [b"", b"this is no database" * 100])
def test_a_damaged_file_costs_time_and_nothing_else(place, damage):
    cache.put("k", COLUMNS, vectors(3))
    next(place.glob("*.sqlite")).write_bytes(damage)
    assert cache.get("k") is None
    cache.put("k", COLUMNS, vectors(3))
    cache.put("k", COLUMNS, vectors(3))
    assert cache.get("k")[0] == COLUMNS


def test_a_damaged_entry_is_not_used(place):
    cache.put("k", COLUMNS, vectors(3))
    with sqlite3.connect(next(place.glob("*.sqlite"))) as store:
        store.execute("update parses set vectors = zeroblob(length(vectors))")
    assert cache.get("k") is None


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("PRESSLAB_CACHE", str(tmp_path / "file" / "below"))
    cache.put("k", COLUMNS, vectors(3))
    assert cache.get("k") is None


def write_many(first: int) -> None:
    for number in range(first, first + 40):
        cache.put(f"k{number}", COLUMNS, vectors(50))


def test_several_writers_at_once_lose_nothing_even_where_one_is_killed(place):
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=write_many, args=(n * 1000,)) for n in range(3)]
    for writer in writers:
        writer.start()
    victim = context.Process(target=write_many, args=(9000,))
    victim.start()
    for writer in writers[:1]:
        writer.join(1.2)
    victim.kill()
    for writer in (*writers, victim):
        writer.join()
    assert all(cache.get(f"k{n * 1000 + i}") is not None for n in range(3) for i in range(40))
