"""Samples for hand coding: drawn as the design says, asked by a checked codebook, read back without a loss."""

import json
from pathlib import Path

from click.testing import CliRunner
from hypothesis import given, settings, strategies as st
from openpyxl import load_workbook
import pandas as pd
import pytest

from coded import export, folder_with, table
from presslab import cli
from presslab.coding import CodingError, codebook, prepare, read, sample, sheet
from presslab.measures.cards import builtin

BOOK = codebook.Codebook(
    "Test",
    "Read.",
    (
        codebook.Question("conflict", "Conflict?", "nominal", ((1, "yes"), (0, "no"))),
        codebook.Question("sources", "How many?", "ratio", low=0, high=50),
    ),
    (codebook.SpanKind("attribution", "Attributed", "a"),),
)


def test_weights_add_up_to_the_articles_of_each_stratum():
    drawn, design = sample.draw(table(300), 60, ("outlet", "month"), 2, 20)
    assert len(drawn) == 60 and drawn["id"].is_unique and design.articles == 300
    for _, part in drawn.groupby("stratum"):
        assert part["weight"].sum() == pytest.approx(part["articles_in_stratum"].iloc[0]) and len(part) >= 2
    assert drawn["weight"].sum() == pytest.approx(300)
    share = drawn.groupby("outlet").size()
    assert share.max() - share.min() <= 2  # three outlets of 100 articles each


@settings(max_examples=40, deadline=None)
@given(st.integers(20, 120), st.integers(6, 20), st.integers(1, 4), st.integers(0, 6), st.integers(0, 50))
def test_every_design_keeps_its_promises(count, wanted, coders, overlap, seed):
    overlap = overlap if coders > 1 else 0
    drawn, design = sample.draw(table(count), wanted, ("outlet", "month"), coders, overlap, seed)
    assert len(drawn) == wanted and (drawn["inclusion_probability"] <= 1).all()
    loads = [sum(coder in names.split(";") for names in drawn["coders"]) for coder in design.coders]
    assert sum(names.count(";") == coders - 1 for names in drawn["coders"]) == (wanted if coders == 1 else overlap)
    assert max(loads) - min(loads) <= 1


def test_an_article_is_drawn_as_often_as_its_probability_says():
    articles = table(40, outlets=("Gazette", "Gazette", "Gazette", "Post"))
    hits = pd.Series(0, index=articles["id"])
    for seed in range(600):
        hits[sample.draw(articles, 12, ("outlet",), seed=seed)[0]["id"]] += 1
    told = sample.draw(articles, 12, ("outlet",))[0].groupby("outlet")["inclusion_probability"].first()
    for outlet, part in articles.groupby("outlet"):
        found = hits[part["id"]] / 600
        assert found.mean() == pytest.approx(told[outlet], abs=1e-9) and found.std() < 0.03, outlet


def test_the_same_seed_draws_the_same_and_another_another():
    one, two, three = (sample.draw(table(), 30, ("outlet",), seed=seed)[0]["id"].tolist() for seed in (7, 7, 8))
    assert one == two != three


@pytest.mark.parametrize(
    "case, words",
    [
        (dict(drawn=500), "200 articles; 500 can't be drawn"),
        (dict(drawn=20, overlap=30, coders=2), "more than the 20"),
        (dict(drawn=20, by=("colour",)), "no field colour"),
        (dict(drawn=20, overlap=3), "two coders"),
        (dict(drawn=4, by=("outlet",)), "draw 6 or more"),
    ],
)
def test_numbers_that_cannot_be_met_are_explained(case, words):
    with pytest.raises(CodingError, match=words):
        sample.draw(table(), **case)


def test_months_with_few_articles_are_joined_with_their_neighbours():
    articles = table(90, months=tuple(f"2026-{m:02d}" for m in range(1, 10)))
    drawn, _ = sample.draw(articles, 18, ("outlet", "month"))
    assert drawn.groupby("stratum").size().min() >= 2 and drawn["stratum"].str.contains(" to ").any()
    assert {name.split(" · ")[0] for name in drawn["stratum"]} == {"Gazette", "Herald", "Post"}


def test_the_default_codebook_comes_from_the_cards_and_reads_back_the_same(tmp_path):
    book = codebook.default([{"measure": "frame_war", "label": "Frame: war", "meaning": "War talk."}])
    path = tmp_path / "codebook.yaml"
    path.write_text(codebook.dumped(book), "utf-8")
    assert codebook.load(path) == book and book.question("frame_war").definition == "War talk."
    assert all(
        q.measure in builtin() and q.scope in builtin()[q.measure].scopes
        for q in book.asked()
        if q.measure and q.name != "frame_war"
    )
    assert {q.scale for q in book.questions} == {"nominal", "ordinal", "ratio"}


GOOD = "title: T\nquestions:\n- name: a\n  ask: A?\n  scale: nominal\n  values: {1: yes, 0: no}\n"


@pytest.mark.parametrize(
    "text, message",
    [
        ("", "codebook.yaml:1: is empty"),
        ("title: T\n", "codebook.yaml:1: a codebook needs the key questions"),
        (GOOD.replace("nominal", "normal"), "codebook.yaml:5: unknown scale “normal”"),
        (
            GOOD.replace("  values: {1: yes, 0: no}\n", ""),
            "codebook.yaml:3: a question on a nominal scale needs values",
        ),
        (GOOD.replace("name: a", "name: A b"), "codebook.yaml:3: “A b” is not a name"),
        (GOOD + "  colour: red\n", "codebook.yaml:7: unknown key “colour”"),
        (GOOD + GOOD.partition("questions:\n")[2], "codebook.yaml:7: the name “a” is given in line 3 already"),
        (GOOD + "  measure: nonsense\n", "codebook.yaml:7: there is no measure “nonsense”"),
        (GOOD + "  low: 1\n", "either values, or low and high"),
        (GOOD.replace("{1: yes, 0: no}", "{one: yes, 0: no}"), "codebook.yaml:6: expected a number here, not “one”"),
        (GOOD + "spans:\n- {name: s, label: S, key: j}\n", "codebook.yaml:8: key must be one letter"),
        (
            GOOD + "spans:\n- {name: s, label: S, key: a}\n- {name: t, label: T, key: a}\n",
            "codebook.yaml:8: two kinds of spans have the key “a”",
        ),
        (GOOD + "  : [", "codebook.yaml:7: not valid YAML"),
    ],
)
def test_a_wrong_codebook_is_told_with_file_and_line(tmp_path, text, message):
    path = tmp_path / "codebook.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(CodingError) as caught:
        codebook.load(path)
    assert message in str(caught.value)


def mark(text: str, start: int = 0) -> dict:
    return {"kind": "attribution", "start": start, "end": start + len(text), "text": text}


def test_exports_are_read_into_tidy_tables(tmp_path):
    ids = folder_with(tmp_path, BOOK)["id"].tolist()
    export(
        tmp_path,
        "coder-1",
        {ids[0]: {"conflict": 1, "sources": 2}, ids[1]: {"conflict": 0}},
        {ids[0]: [mark("It rained", sample.texts(tmp_path)[ids[0]].index("It rained"))]},
    )
    export(tmp_path, "coder-2", {ids[0]: {"conflict": 0, "sources": 4}})
    coding = read.read(tmp_path)
    assert coding.coders == ("coder-1", "coder-2") and coding.table("conflict").loc[ids[0]].tolist() == [1, 0]
    assert coding.settled("sources")[ids[0]] == 3 and coding.settled("conflict").notna().sum() == 2
    words = coding.sample.set_index("id")["words"]
    share = coding.table("attribution_share")
    assert (
        share.loc[ids[0], "coder-1"] == pytest.approx(2 / words[ids[0]])
        and share.loc[ids[1], "coder-1"] == 0
        and share["coder-2"].isna().all()
    )
    (tmp_path / "agreed.csv").write_text(f"id,question,value\n{ids[0]},conflict,yes\n{ids[1]},conflict,\n")
    assert read.read(tmp_path).settled("conflict")[ids[0]] == 1


def test_codes_that_do_not_belong_here_are_refused_with_the_file(tmp_path):
    ids = folder_with(tmp_path, BOOK)["id"].tolist()
    path = tmp_path / "codes-coder-1.json"

    def refused(words: str) -> None:
        with pytest.raises(CodingError, match=words):
            read.read(tmp_path)

    export(tmp_path, "coder-1", {ids[0]: {"conflict": 2}})
    refused("codes-coder-1.json: article .*conflict: 2 is no answer")
    export(tmp_path, "coder-1", {"zzz": {"conflict": 1}})
    refused("article zzz is not in the sample")
    export(tmp_path, "coder-1", {ids[0]: {"conflict": 1}})
    good = json.loads(path.read_text())
    path.write_text(json.dumps(good | {"sample": "another"}))
    refused("of another sample")
    path.write_text(json.dumps(good | {"codebook": "another"}))
    refused("the codebook was changed")
    path.write_text(json.dumps(good)[:-20])
    refused("can't be read")
    path.write_text(json.dumps(good))
    (tmp_path / "again.json").write_text(json.dumps(good))
    refused("coder-1 has handed in again.json already")


def test_a_sheet_has_lists_to_choose_from_and_is_read_like_a_form(tmp_path):
    chosen = folder_with(tmp_path, BOOK)
    articles = table().merge(chosen[["id"]], on="id").assign(title='=HYPERLINK("https://example.org")')
    _, design = sample.load(tmp_path)
    path = tmp_path / "sheet-coder-1.xlsx"
    sheet.sheet(BOOK, articles, "coder-1", design.sample, path)
    first = path.read_bytes()
    sheet.sheet(BOOK, articles, "coder-1", design.sample, path)
    assert path.read_bytes() == first
    assert read.read(tmp_path).files == ()  # an empty sheet is nobody's work
    book = load_workbook(path)
    codes = book["codes"]
    rules = {str(rule.sqref): rule for rule in codes.data_validations.dataValidation}
    assert (
        rules["C2:C21"].type == "list"
        and [c.value for c in book["lists"]["A"]] == ["1 yes", "0 no"]
        and rules["D2:D21"].type == "decimal"
    )
    assert codes["B2"].data_type == "s" and codes["B2"].value.startswith("=")
    codes["C2"], codes["D2"], codes["C3"], codes["E4"] = "1 yes", 3, "no", "unclear"
    book.save(path)
    coding = read.read(tmp_path)
    assert (
        coding.codes["value"].tolist() == sorted([1, 3, 0], key=coding.codes["value"].tolist().index)
        and len(coding.notes) == 1
    )
    codes["C5"] = "perhaps"
    book.save(path)
    with pytest.raises(CodingError, match="codes, line 5, conflict: “perhaps” is no answer"):
        read.read(tmp_path)


@pytest.fixture
def run(tmp_path) -> Path:
    """As much of a run as a sample needs."""
    (tmp_path / "run" / "tables").mkdir(parents=True)
    table().to_parquet(tmp_path / "run" / "tables" / "articles.parquet")
    (tmp_path / "run" / "datapackage.json").write_text(
        json.dumps(
            {
                "title": "a run",
                "resources": [],
                "presslab": {"parameters": {"text": "full"}, "versions": {}, "citation": "", "code_sha256": ""},
            }
        )
    )
    return tmp_path / "run"


def test_the_command_makes_forms_sheets_and_the_same_bytes_again(run, tmp_path):
    arguments = [
        "sample",
        str(run),
        "-n",
        "30",
        "--by",
        "outlet,month",
        "--coders",
        "2",
        "--overlap",
        "10",
        "-o",
        str(tmp_path / "coding"),
    ]
    done = CliRunner().invoke(cli.main, arguments)
    assert done.exit_code == 0 and "30 of 200 articles drawn" in done.output, done.output
    before = {p.name: p.read_bytes() for p in (tmp_path / "coding").iterdir() if p.is_file()}
    assert set(before) == {
        "sample.csv",
        "design.json",
        "texts.jsonl",
        "codebook.yaml",
        *(f"{k}-coder-{i}.{e}" for i in (1, 2) for k, e in (("form", "html"), ("sheet", "xlsx"))),
    }
    assert CliRunner().invoke(cli.main, arguments).exit_code == 0
    assert {p.name: p.read_bytes() for p in (tmp_path / "coding").iterdir() if p.is_file()} == before
    page = before["form-coder-1.html"].decode()
    assert "Gazette" not in page and "2026-01" not in page  # coders are blind to outlet and date


def test_a_sample_that_is_being_coded_is_not_drawn_over(run, tmp_path):
    folder = tmp_path / "coding"
    prepare.prepare(run, folder, 10)
    export(folder, "coder-1", {sample.load(folder)[0]["id"][0]: {"frame_conflict": 1}})
    with pytest.raises(CodingError, match="contains codes of another sample"):
        prepare.prepare(run, folder, 12)
    prepare.prepare(run, folder, 10)


def test_a_folder_without_a_run_is_one_line(tmp_path):
    done = CliRunner().invoke(cli.main, ["sample", str(tmp_path), "-o", str(tmp_path / "c")])
    assert done.exit_code == 1 and "contains no finished run" in done.output and not (tmp_path / "c").exists()
