"""A reader who disagrees writes a small file beside the article; what doesn't fit is said with file and line."""

from pathlib import Path
import shutil

import pytest

from presslab.measures.analyse import analyse
from presslab.measures.tables import attribution_row, tables as tables_of
from presslab.reading import handover
from presslab.reading.article import Article, ArticleError, Failure
from presslab.reading.corrections import CorrectionError
from presslab.reading.read import read, read_one
from presslab.reporting import sections
from presslab.runs.job import Options, basis
from presslab.runs.kind import key

SEEDS = Path(__file__).resolve().parents[1] / "seeds"
STORY = """\
Harbour to close in March

The harbour will close in March, Mayor Adele Quill said on Monday. “The piers have cracked,” she said.

Karl Dahl, a spokesman for the dockers' union, said the town had waited too long. Critics said the mayor had known it.

“Nobody asked,” Dahl said. The engineers' report warned of cracks. The piers were built in 1961, by some accounts.
"""


@pytest.fixture
def corrected(tmp_path):
    """Analysis of STORY with corrections as given."""

    def with_corrections(text: str):
        (tmp_path / "story.txt").write_text(STORY, "utf-8")
        (tmp_path / "story.corrections.yaml").write_text(text, "utf-8")
        return analyse(read_one(tmp_path / "story.txt"))

    return with_corrections


def names(analysis):
    return {s.name: s for s in analysis.sources}


def test_sources_are_merged_and_the_numbers_follow(corrected, tmp_path):
    after = corrected("- merge: [Karl Dahl, Critics]\n  as: the harbour’s critics\n")
    (tmp_path / "story.corrections.yaml").unlink()
    before = analyse(read_one(tmp_path / "story.txt"))
    one = names(after)["the harbour’s critics"]
    assert len(one.attributions) == 3 and "merged with" in one.corrected
    assert after.measure("source_count").value == before.measure("source_count").value - 1


def test_words_of_an_attribution_give_it_to_somebody_else(corrected):
    after = corrected("- split: “The piers have cracked,”\n  to: Karl Dahl\n")
    dahl = names(after)["Karl Dahl"]
    assert [m.text for m in dahl.mentions if m.how == "corrected"] == ["she"]
    (index,) = [i for i, a in enumerate(after.attributions) if a.corrected]
    assert index in dahl.attributions and index not in names(after)["Adele Quill"].attributions


def test_a_source_is_renamed_and_keeps_what_it_said(corrected):
    after = corrected("- rename: Karl Dahl\n  to: the dockers’ union\n")
    assert "Karl Dahl" not in names(after) and len(names(after)["the dockers’ union"].attributions) == 2


def test_what_is_no_attribution_goes_and_its_source_with_it(corrected):
    after = corrected("- remove: Critics said\n")
    assert "Critics" not in names(after) and "critics" not in names(after)
    owned = sorted(i for s in after.sources for i in s.attributions)
    assert owned == sorted(set(owned)) and max(owned) < len(after.attributions)


def test_a_missed_attribution_is_added_in_its_place(corrected):
    after = corrected("- add: were built in 1961\n  cue: by some accounts\n  by: local historians\n")
    added = next(a for a in after.attributions if a.corrected)
    assert after.document.text[slice(*added.content[0])] == "were built in 1961" and added.kind == "indirect"
    assert names(after)["local historians"].words == 4
    starts = [min(s for s, _ in a.source + a.cue + a.content) for a in after.attributions]
    assert starts == sorted(starts)


def test_type_and_gender_take_words_of_the_article(corrected):
    after = corrected(
        "- source: Karl Dahl\n  type: ngo\n  words: union\n- source: Adele Quill\n  gender: woman\n  words: she\n"
    )
    assert (names(after)["Karl Dahl"].type, names(after)["Karl Dahl"].type_words) == ("ngo", "union")
    assert names(after)["Adele Quill"].gender == "woman"


def test_straight_and_curly_marks_and_occurrences_find_the_words(corrected):
    after = corrected("- split: '\"Nobody asked,\"'\n  to: Adele Quill\n- remove: Dahl\n  occurrence: 1\n")
    assert "Karl Dahl" not in names(after)


@pytest.mark.parametrize(
    "text, line, said",
    [
        ("- rename: Dahl\n  too: Karl\n", 2, "unknown key “too”"),
        ("- rename: Dahl\n", 1, "needs the key to"),
        ("- merge: Dahl\n", 1, "list of two sources"),
        ("# note\n- move: Dahl\n", 2, "exactly one of the keys merge, split"),
        ("- remove: Dahl said nothing\n", 1, "are not in the article"),
        ("- remove: Dahl\n", 1, "appear 2 times"),
        ("- remove: Dahl\n  occurrence: 9\n", 1, "appear 2 times, not 9"),
        ("- remove: Dahl\n  occurrence: first\n", 2, "occurrence is a number"),
        ("# one\n- remove: said on Monday. “The piers\n", 2, "touch 2 attributions"),
        ("- remove: in 1961\n", 1, "no attribution in the words"),
        ("- rename: Karl Dhal\n  to: Dahl\n", 1, "no source is called “Karl Dhal” (there are: Karl Dahl"),
        ("- rename: Karl Dahl\n  to: Adele Quill\n", 1, "use merge"),
        ("- source: Dahl\n  type: unionist\n", 1, "no type “unionist”"),
        ("- source: Dahl\n  gender: man\n", 1, "give the words of the article that state the gender"),
        ("- source: Dahl\n  gender: man\n  words: his wife\n", 1, "“his wife” are not in the article"),
        ("- add: The piers have cracked\n  cue: said\n  by: Dahl\n", 1, "belong to an attribution already"),
        ("rename: Dahl\n", 1, "expected a list"),
        ("- rename: [a, b]\n  to: c\n", 1, "expected words here"),
        ("- rename: 'Dahl\n", 2, "not valid YAML"),
        ("", 1, "there are no corrections"),
        ("- !!python/object/apply:os.system [ls]\n", 1, "a correction has keys"),
        ("- &a [*a, *a]\n", 1, "an alias"),
        ("[" * 100_000, 1, "nested too deep"),
    ],
)
def test_what_does_not_fit_is_said_with_file_and_line(corrected, text, line, said):
    with pytest.raises((CorrectionError, ArticleError)) as caught:
        corrected(text)
    message = str(caught.value)
    assert f"story.corrections.yaml:{line}: " in message and said in message and "\n" not in message


def test_a_broken_file_fails_its_article_and_no_other(tmp_path):
    for name in ("one", "two"):
        (tmp_path / f"{name}.txt").write_text(STORY, "utf-8")
    (tmp_path / "one.corrections.yaml").write_text("- rename: x\n", "utf-8")
    found = list(read([tmp_path]))
    assert [type(item) for item in found] == [Failure, Article] and "one.corrections.yaml:1:" in found[0].reason


def test_a_table_has_its_corrections_by_id(tmp_path):
    rows = "".join(f'{{"id": "{name}", "text": {_json(STORY)}}}\n' for name in ("a", "b"))
    (tmp_path / "week.jsonl").write_text(rows, "utf-8")
    (tmp_path / "week.corrections.yaml").write_text(
        "b:\n- rename: Karl Dahl\n  to: the union\nzz:\n- remove: Dahl\n", "utf-8"
    )
    a, b, missing = read([tmp_path / "week.jsonl"])
    assert not a.corrections and b.corrections[0].line == 2
    assert isinstance(missing, Failure) and "no row with the id “zz”" in missing.reason
    assert "the union" in names(analyse(b)) and "Karl Dahl" in names(analyse(a))


def _json(text: str) -> str:
    import json

    return json.dumps(text)


def test_the_report_is_made_anew_when_the_file_changes(tmp_path):
    (tmp_path / "story.txt").write_text(STORY, "utf-8")
    digest = basis(Options()).digest
    keys = [key(handover.plain(read_one(tmp_path / "story.txt")), digest)]
    for to in ("Dahl", "Karl", "Dahl"):
        (tmp_path / "story.corrections.yaml").write_text(f"- rename: Karl Dahl\n  to: {to}\n", "utf-8")
        keys.append(key(handover.plain(read_one(tmp_path / "story.txt")), digest))
    assert len(set(keys)) == 3 and keys[1] == keys[3]


def test_what_was_corrected_is_marked_in_report_and_tables(tmp_path):
    for name in ("court-harbour.txt", "court-harbour.corrections.yaml"):
        shutil.copy(SEEDS / name, tmp_path / name)
    analysis = analyse(read_one(tmp_path / "court-harbour.txt"))
    html = sections.who(analysis)
    assert "A reader corrected who is heard (3 corrections in court-harbour.corrections.yaml)" in html
    assert "✎ corrected: merged with" in html
    tables = tables_of([analysis])
    assert set(tables["sources"].query("corrected != ''")["source"]) == {"Anton Veit", "Ilse Brandt"}
    assert tables["attributions"]["corrected"].sum() == 1
    assert sum(row["corrected"] for row in attribution_row(analysis.article)["attributions"]) == 1


def test_hostile_names_stay_text(corrected):
    after = corrected("- rename: Karl Dahl\n  to: <script>alert(1)</script>\n")
    assert "<script>" not in sections.who(after) and "&lt;script&gt;" in sections.who(after)
