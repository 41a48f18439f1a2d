"""`--text none` and `--text excerpts` hold for everything that a run leaves in its folder."""

from contextlib import closing
from functools import lru_cache
import hashlib
import json
from pathlib import Path
import shutil

import pandas as pd
import pytest

from presslab.collecting.run import TABLES as COLLECTION_TABLES, corpus_run
from presslab.comparison.run import TABLES as EVENT_TABLES, compare_run
from presslab.measures.tables import TABLES, TEXT
from presslab.reading.article import Article
from presslab.reading.read import read
from presslab.reporting import withheld
from presslab.runs.articles import report_run
from presslab.runs.job import Options
from presslab.runs.state import FILE, State
from presslab.system.outputs import OutputError
from presslab.system.parallel import here
from words_in import ROW, rows, stretches, words

SEEDS = Path(__file__).resolve().parents[1] / "seeds"
LONG_NAME = (
    "The river board met on Monday, and the hall was full. Officials at the regional department for the upkeep of old"
    " bridges and of very long canals who asked not to be named said the plan was dead before it had been read by"
    " anybody at all. “We have waited nine years for a road & a <bridge>, and nobody in this town believes a word of"
    " it,” said Ada Quill, who owns the bakery at the foot of the old mill near the eastern gate.\n\nAccording to the"
    " transcript of the long debate that was published by the council on Friday evening, the mayor's office told"
    " residents of the east bank that “the money is there, it isn't lost, and it won't be lost while I am in"
    " office.”\n\nTom Reed of the National Association for the Protection of Rivers and Lakes and Ponds said, “No.” The"
    " National Association for the Protection of Rivers and Lakes and Ponds attacked the outrageous, shameful,"
    " disastrous, brutal, cruel, corrupt, reckless, cynical plan, and Tom Reed slammed it again and again before a"
    " furious crowd that had waited since noon.\n\nThe board will meet again in two weeks. It has not said whether the"
    " meeting is open, and nobody has asked it so far."
)
CORRECTION = """\
- source: Ada Quill
  type: business
  words: owns the bakery at the foot of the old mill near the eastern gate
- rename: Ada Quill
  to: Ada Quill
- remove: the money is there, it isn't lost, and it won't be lost while I am in office
"""
WRONG = "- remove: Nobody knew that the river board met on Monday, and the hall was full.\n"


@pytest.fixture(scope="module")
def inputs(tmp_path_factory) -> list[Path]:
    """Articles that tempt: long names, quotations, corrections, cut lines, tables, an article that fails with its
    words."""
    folder = tmp_path_factory.mktemp("in")
    (folder / "names.txt").write_text(LONG_NAME, "utf-8")
    (folder / "names.corrections.yaml").write_text(CORRECTION, "utf-8")
    (folder / "wrong.txt").write_text(LONG_NAME, "utf-8")
    (folder / "wrong.corrections.yaml").write_text(WRONG, "utf-8")
    rows_ = [
        {"id": f"row{n}", "outlet": outlet, "title": "The plan", "text": LONG_NAME}
        for n, outlet in enumerate(("The Post", "The Sun"))
    ]
    (folder / "table.jsonl").write_text("\n".join(json.dumps(row) for row in rows_), "utf-8")
    seeds = ["bridge-loaded.txt", "court-harbour.txt", "wire-with-furniture.txt", "saved-page.html"]
    for name in (*seeds, "court-harbour.corrections.yaml"):
        (folder / name).write_bytes((SEEDS / name).read_bytes())
    return sorted(p for p in folder.iterdir() if p.suffix != ".yaml")


@lru_cache
def _articles(inputs: tuple[Path, ...]) -> list[Article]:
    return [item for item in read(inputs) if isinstance(item, Article)]


def articles(inputs: list[Path]) -> list[Article]:
    return _articles(tuple(inputs))


def bodies(inputs: list[Path]) -> list[str]:
    """The body of every article, and what was cut from around it."""
    return [text for a in articles(inputs) for text in (a.body, *(r.text for r in a.removed))]


def headlines(inputs: list[Path]) -> list[str]:
    return [a.title for a in articles(inputs)]


def run(kind: str, inputs: list[Path], out: Path, show: str) -> Path:
    options = Options(text=show)
    if kind == "report":
        report_run(inputs, out, options, here)
    elif kind == "compare":
        compare_run([p for p in inputs if p.stem != "wrong"], out, options, "The plan", here)
        assert list((out / "events").glob("*.html"))
    else:
        corpus_run(inputs, out, Options(text="none"), spread=here)
    return out


@pytest.fixture(scope="module")
def bare(inputs, tmp_path_factory) -> dict[str, Path]:
    """Each kind of run with the text left out."""
    place = tmp_path_factory.mktemp("none")
    return {kind: run(kind, inputs, place / kind, "none") for kind in ("report", "compare", "corpus")}


@pytest.fixture(scope="module")
def whole(inputs, tmp_path_factory) -> Path:
    """A run with all text."""
    return run("report", inputs, tmp_path_factory.mktemp("full") / "run", "full")


@pytest.mark.slow
def test_the_search_finds_a_text_however_it_is_packed(whole, inputs):
    found = stretches(whole, bodies(inputs), headlines(inputs))
    expected = {"articles/names.html", "notebooks/names.ipynb", "failures/wrong.txt", "index.html", FILE, "run.log"}
    expected |= {
        f"tables/{name}.{end}"
        for name in ("articles", "attributions", "evidence", "sources", "removed", "failures")
        for end in ("csv", "parquet")
    }
    assert expected <= set(found)


@pytest.mark.parametrize("kind", ["report", "compare", "corpus"])
@pytest.mark.slow
def test_no_file_of_a_run_without_text_holds_eight_words_of_an_article(kind, bare, inputs):
    found = stretches(bare[kind], bodies(inputs), headlines(inputs))
    assert not found, {name: [" ".join(row) for row in sorted(found[name])[:3]] for name in found}


@pytest.mark.parametrize("kind", ["report", "compare"])
@pytest.mark.slow
def test_excerpts_are_short_and_no_more_than_a_fourth(kind, inputs, tmp_path):
    out = run(kind, inputs, tmp_path / "run", "excerpts")
    shown = {row for found in stretches(out, bodies(inputs), headlines(inputs)).values() for row in found}
    assert shown
    for a in articles(inputs):
        body = words(a.body)
        covered: set[int] = set()
        for place, row in enumerate(rows(body)):
            covered |= set(range(place, place + ROW)) if row in shown else set()
            shown -= {row}  # what is said twice is shown once
        assert len(covered) <= len(body) / withheld.PART, a.id
        assert not any(covered >= set(range(place, place + withheld.EXCERPT + 1)) for place in covered), a.id


@pytest.mark.slow
def test_a_run_made_again_without_text_forgets_the_text_that_it_had(inputs, tmp_path):
    few = [p for p in inputs if p.stem in ("names", "table")]
    run("report", few, tmp_path / "run", "full")
    assert FILE in stretches(tmp_path / "run", bodies(few))
    run("report", few, tmp_path / "run", "none")
    assert not stretches(tmp_path / "run", bodies(few), headlines(few))


def test_what_a_run_forgets_is_wiped_from_its_memory(tmp_path):
    with closing(State(tmp_path, "report")) as state:
        state.write_note("told", LONG_NAME * 20)
        state.write_note("told", "")
    assert b"The river board met on Monday" not in (tmp_path / FILE).read_bytes()


def test_codes_with_words_in_the_folder_of_a_run_are_refused(inputs, tmp_path):
    (tmp_path / "coding").mkdir()
    (tmp_path / "coding" / "texts.jsonl").write_text("{}")
    few = [p for p in inputs if p.stem == "names"]
    run("report", few, tmp_path / "run", "none")
    shutil.copytree(tmp_path / "coding", tmp_path / "run" / "coding")
    with pytest.raises(OutputError, match="may hold text of the articles, which --text none leaves out"):
        run("report", few, tmp_path / "run", "none")


def test_an_event_that_fails_is_not_quoted(inputs, tmp_path):
    both = [p for p in inputs if p.stem in ("wrong", "names")]
    compare_run(both, tmp_path, Options(text="none"), spread=here)
    assert "are not in the article" in (tmp_path / "tables" / "failures.csv").read_text("utf-8")
    assert not stretches(tmp_path, bodies(inputs))


@pytest.mark.slow
def test_numbers_offsets_and_the_hash_of_the_text_stay(bare, whole):
    for name in ("measures", "attributions", "evidence", "removed", "sources", "articles"):
        one, two = (pd.read_parquet(folder / "tables" / f"{name}.parquet") for folder in (whole, bare["report"]))
        kept = [c for c in one if withheld.columns(name).get(c, "other") == "other" and c != "corrected"]
        pd.testing.assert_frame_equal(one[kept], two[kept])
    articles_ = pd.read_parquet(whole / "tables" / "articles.parquet")
    assert [hashlib.sha256(t.encode()).hexdigest() for t in articles_["text_analysed"]] == list(
        articles_["text_sha256"]
    )


def test_every_column_of_strings_has_a_decision():
    kept = [*TABLES.items(), *EVENT_TABLES.items(), *COLLECTION_TABLES.items()]
    for name in dict(kept):
        strings = {column for table, fields in kept if table == name for column, kind in fields.items() if kind == TEXT}
        assert set(withheld.columns(name)) == strings, name


def test_names_are_cut_and_stay_different():
    one, two = f"{'a b c d e f g'} h", f"{'a b c d e f g'} i"
    assert withheld.names([one, two, "x"]) == {one: "a b c d e f g …", two: "a b c d e f g … (2)", "x": "x"}


def test_a_message_loses_what_it_quotes_and_nothing_else():
    text = "The river board met on Monday, and the hall was full."
    said = "a.yaml:1: “The river board met on Monday, and the hall” is not in the article"
    assert withheld.message(said, [text], "none") == "a.yaml:1: “…” is not in the article"
    assert (
        withheld.message(said, [text], "full") == said
        and withheld.message("met on Monday", [text], "none") == "met on Monday"
    )
