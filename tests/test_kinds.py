"""The three kinds of run: each is told to workers, and has its tables in one list."""

import inspect
import pickle

import pytest

from presslab.collecting.run import COLLECTIONS, corpus_run
from presslab.comparison.run import EVENTS, compare_run
from presslab.measures.tables import KINDS, TABLES_OF
from presslab.runs.articles import ARTICLES
from presslab.runs.job import Options, basis
from presslab.runs.package import columns
from presslab.system import outputs


@pytest.mark.parametrize("kind", (ARTICLES, EVENTS, COLLECTIONS))
def test_a_kind_of_run_travels_to_a_worker(kind):
    assert pickle.loads(pickle.dumps(kind)) == kind


@pytest.mark.parametrize("kind", (ARTICLES, EVENTS, COLLECTIONS))
def test_a_kind_of_run_has_a_folder_and_tables_of_its_own(kind):
    assert kind.name in outputs.KINDS and {"failures", "files"} < TABLES_OF[kind.name].keys()


def test_what_both_comparisons_and_collections_take_has_one_name():
    compared, collected = (list(inspect.signature(make).parameters) for make in (compare_run, corpus_run))
    assert compared == [*collected, "prune"]


def test_every_column_has_a_type_and_is_explained():
    assert {type_ for tables in TABLES_OF.values() for t in tables.values() for type_ in t.values()} == {
        *KINDS.values()
    }
    for kind, tables in TABLES_OF.items():
        for name, fields in tables.items():
            assert not [field for field in fields if not columns().get(name, {}).get(field)], (kind, name)


def test_what_reports_depend_on_are_options_frames_and_code(tmp_path):
    frames = tmp_path / "frames.yaml"
    frames.write_text("one", "utf-8")
    first = basis(Options(frames=str(frames)))
    assert first.options.frames == "frames.yaml" and first.files == {"frames.yaml": b"one"}
    frames.write_text("two", "utf-8")
    digests = {first.digest, basis(Options(frames=str(frames))).digest, basis(Options()).digest}
    assert len(digests) == 3 and basis(Options()).files == {}
