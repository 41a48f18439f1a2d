"""One person, one name in a collection: which spellings are joined, which never are, and what the user's file says."""

import hashlib
from itertools import combinations
import json
from pathlib import Path

from click.testing import CliRunner
from hypothesis import given, settings, strategies as st
import pandas as pd
import pytest

import presslab
from presslab import collecting as corpus
from presslab.cli import main
from presslab.cli.again import rerun
from presslab.collecting import sections
from presslab.collecting.people import join, joined
from presslab.collecting.surnames import AMBIGUOUS
from presslab.comparison.full_names import is_first_name, may_be_one, same_first
from presslab.comparison.own_people import OWN, OwnPeople, PeopleError, load_people, read_people
from presslab.comparison.people import match
from presslab.measures.sources import Source
from presslab.runs.compared import lines
from presslab.runs.job import Options, basis
from presslab.system.files import Stopped
from presslab.system.outputs import OutputError
from presslab.system.parallel import here


def heard(*rows: tuple) -> pd.DataFrame:
    """Rows of sources: (name) or (name, article), and what else is given as a dictionary."""
    records = []
    for number, row in enumerate(rows):
        name, *rest = (row,) if isinstance(row, str) else row
        article = next((r for r in rest if isinstance(r, str)), f"a{number:03}")
        more = next((r for r in rest if isinstance(r, dict)), {})
        record = {"id": article, "source": name, "type": "politician", "gender": "", "named": True, "outlet": "Daily"}
        records.append(record | {"role": "", "mentions": "", "attributions": 1, "words": 9} | more)
    columns = ["id", "source", "type", "gender", "named", "outlet", "role", "mentions", "attributions", "words"]
    return pd.DataFrame(records, columns=columns)


def names(*rows: tuple, own: OwnPeople = OwnPeople()) -> list[str]:
    return joined(heard(*rows), own)


MAN, WOMAN = {"gender": "man"}, {"gender": "woman"}


@pytest.mark.parametrize(
    ("spellings", "name"),
    [
        (["Barack Obama", "Barack Obama", "Obama", "Mr. Obama", "President Obama", "Barack H. Obama"], "Barack Obama"),
        (["Hillary Clinton", "Hillary Clinton", "Hillary Rodham Clinton", "Hilary Clinton"], "Hillary Clinton"),
        (["Donald J. Trump", "Donald J. Trump", "Donald Trump", "Trump"], "Donald J. Trump"),
        (["Chuck Schumer", "Chuck Schumer", "Charles E. Schumer", "Sen. Schumer"], "Chuck Schumer"),
        (["Bill de Blasio", "Bill de Blasio", "de Blasio", "De Blasio", "Mayor Bill de Blasio"], "Bill de Blasio"),
        (["Osama bin Laden", "Osama bin Laden", "bin Laden", "Usama bin Laden"], "Osama bin Laden"),
        (["Chris Van Hollen", "Van Hollen", "Rep. Chris Van Hollen"], "Chris Van Hollen"),
        (["Ildefonso Guajardo Villarreal", "Guajardo Villarreal"], "Ildefonso Guajardo Villarreal"),
        (["David Petraeus", "David Petraeus", "Lt. Gen. David H. Petraeus", "Gen. Petraeus"], "David Petraeus"),
        (["Joe Biden", "Joe Biden", "Joseph R. Biden Jr.", "Vice President Biden"], "Joe Biden"),
        (["Mitt Romney", "Mitt Romney", "Willard Mitt Romney", "W. Mitt Romney"], "Mitt Romney"),
        (["Terry O'Neill", "Terry O'Neill", "Terry O’Neill"], "Terry O'Neill"),
        (["Reince Priebus", "RNC Chair Reince Priebus"], "Reince Priebus"),
        (["James Clapper", "Director of National Intelligence James Clapper"], "James Clapper"),
        (["Felipe Calderón", "Felipe Calderón", "Felipe Calderon"], "Felipe Calderón"),
        (["Vicente Fox", "Vicente Fox", "Vicente Fox", "Vincente Fox"], "Vicente Fox"),
        (["Donald Trump", "Donald Trump", "Donald J. Trump", "Billionaire Donald Trump"], "Donald Trump"),
        (["Obama", "Obama", "Obama", "Barack Obama"], "Barack Obama"),
        (["the Associated Press", "AP"], "Associated Press"),
    ],
)
def test_the_spellings_of_a_person_are_joined_under_the_most_frequent_of_several_words(spellings, name):
    assert set(names(*spellings)) == {name}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("John Smith", "Jane Smith"),
        ("George W. Bush", "George H. W. Bush"),
        ("George W. Bush", "George H.W. Bush"),
        ("Joe Klein", "Joel Klein"),
        ("Carl Jones", "Carla Jones"),
        ("Maria Lopez", "Marie Lopez"),
        ("Michael B. Smith", "Michael K. Smith"),
        ("Donald Trump", "Donald Trump Jr."),
        ("Robert F. Kennedy", "Robert F. Kennedy Jr."),
        ("John Jones Sr.", "John Jones Jr."),
        ("R. Clarke Cooper", "Roy Cooper"),
        ("Mary Alan Brinkley", "Alan Brinkley"),
        ("campaign of Hillary Clinton", "Hillary Clinton"),
        ("wife of Bill Clinton", "Bill Clinton"),
        ("Hillary Clinton’s campaign", "Hillary Clinton"),
        ("Al Gore", "Tipper Gore"),
        ("Barack Obama and Hillary Clinton", "Hillary Clinton"),
        ("Vice President", "the President"),
        ("General Motors", "Ford Motors"),
        ("Justice Department", "the State Department"),
        ("the Hill", "Anita Hill"),
        ("Capitol Hill", "Anita Hill"),
        ("Steven Smith", "Stella Smith"),
        ("Ivana Trump", "Ivanka Trump"),
        ("J. Trump", "Donald J. Trump"),
        ("U.S. Court of Appeals for the 3rd Circuit", "U.S. Court of Appeals for the 6th Circuit"),
    ],
)
def test_two_people_stay_two(one, other):
    assert len(set(names(one, one, other))) == 2
    assert len(set(names(other, other, one))) == 2


def test_a_name_that_fits_two_people_stays_apart_and_says_so():
    rows = heard("George W. Bush", "George H. W. Bush", "George Bush", "J. Quill", "Jane Quill", "John Quill")
    found = join(rows)
    assert len(set(found["joint"])) == 6
    assert found["how"].tolist() == ["", "", AMBIGUOUS, AMBIGUOUS, "", ""]


def test_jr_is_one_person_where_papers_differ_and_two_where_one_paper_writes_both():
    king, junior = ("Martin Luther King", {"outlet": "A"}), ("Martin Luther King Jr.", {"outlet": "B"})
    assert len(set(names(king, junior))) == 1
    assert len(set(names(king, junior, ("Martin Luther King", {"outlet": "B"})))) == 2


def test_a_surname_of_two_people_is_nobodys():
    rows = heard("Hillary Clinton", "Bill Clinton", "Clinton", "Mr. Smith")
    found = join(rows)
    assert found["joint"].tolist() == ["Hillary Clinton", "Bill Clinton", "Clinton", "Smith"]
    assert found["how"].tolist()[2:] == [AMBIGUOUS, "same name"] or found["how"].tolist()[2] == AMBIGUOUS


@pytest.mark.parametrize(
    ("row", "name"),
    [
        (("Clinton", {"mentions": "Mr. Clinton (name)"}), "Bill Clinton"),
        (("Clinton", {"mentions": "Mrs. Clinton (name); she (pronoun)"}), "Hillary Clinton"),
        (("Mrs. Clinton",), "Hillary Clinton"),
        (("Clinton", WOMAN), "Hillary Clinton"),
        (("Clinton", {"role": "Secretary"}), "Hillary Clinton"),
        (("Clinton", {"mentions": "Secretary Clinton (name)"}), "Hillary Clinton"),
        (("Clinton", {"mentions": "President Clinton (name)"}), "Bill Clinton"),
        (("Clinton",), "Clinton"),
        (("Clinton", {"role": "Senator"}), "Clinton"),
    ],
)
def test_mr_or_mrs_or_an_office_says_whose_a_surname_is(row, name):
    known = [("Hillary Clinton", {"role": "Secretary"} | WOMAN), ("Bill Clinton", {"role": "former President"} | MAN)]
    assert names(*known, row)[-1] == name


def test_the_full_name_in_the_same_article_says_whose_a_surname_is():
    rows = [("Hillary Clinton", "one"), ("Bill Clinton", "two"), ("Clinton", "one"), ("Clinton", "three")]
    assert names(*rows)[2:] == ["Hillary Clinton", "Clinton"]
    both = [*rows, ("Hillary Clinton", "four"), ("Bill Clinton", "four"), ("Clinton", "four")]
    assert names(*both)[-1] == "Clinton"


def test_mr_is_never_joined_to_a_woman():
    assert names(("Jane Smith", WOMAN), ("Smith", {"mentions": "Mr. Smith (name)"})) == ["Jane Smith", "Smith"]
    assert names(("Laura Bush", MAN), ("Bush", {"mentions": "Mr. Bush (name)"})) == ["Laura Bush", "Bush"]


@pytest.mark.parametrize(
    ("place", "person", "kind"),
    [
        ("Israel", "Steve Israel", "government"),
        ("Washington", "Kerry Washington", "government"),
        ("Twitter", "State Twitter", "business"),
        ("Florida", "POLITICO Florida", "politician"),
    ],
)
def test_a_country_or_a_company_is_no_surname(place, person, kind):
    assert names((place, {"type": kind}), person) == [place, person]
    if kind == "government":
        assert names((place, {"type": kind, "role": "Senator"}), person) == [person, person]


def test_an_office_held_by_two_people_says_nothing():
    rows = [
        ("Edna Brown", {"role": "Governor"}),
        ("Scott Brown", {"role": "Governor"}),
        ("Brown", {"role": "Governor"}),
    ]
    assert names(*rows)[-1] == "Brown"


def test_organisations_are_joined_with_their_initials_and_unnamed_people_never():
    found = names(
        "Federal Bureau of Investigation", "FBI", "the F.B.I.", ("residents", {"type": "collective", "named": False}),
        ("a spokesman for Jane Roe", {"type": "unnamed", "named": False}),
    )  # fmt: skip
    assert found == ["Federal Bureau of Investigation"] * 3 + ["", ""]


FIRST = ["John", "Jane", "Joe", "Joel", "William", "Bill", "Will", "Robert", "Bob", "J.", "W.", "Maria", "Marie", "Ted",
         "Edward", "Theodore", "Zoltan", "Ed"]  # fmt: skip
MIDDLE = ["", "", "A.", "H. W.", "W.", "Alan", "Rodham"]
LAST = ["Smith", "Clinton", "de Vos"]
END = ["", "", "Jr.", "III"]
FULL = st.builds(
    lambda *parts: " ".join(filter(None, parts)),
    st.sampled_from(FIRST), st.sampled_from(MIDDLE), st.sampled_from(LAST), st.sampled_from(END),
)  # fmt: skip
BARE = st.sampled_from(LAST)
TITLED = [{"mentions": f"{title} {name} (name)"} for title in ("Mr.", "Mrs.") for name in LAST]
ROWS = st.lists(
    st.tuples(
        st.one_of(FULL, FULL, BARE),
        st.sampled_from(["one", "two", "three", "four"]),
        st.sampled_from([{}, MAN, WOMAN, {"role": "President"}, *TITLED]),
    ),
    max_size=14,
)  # fmt: skip


def people(rows: list[tuple], found: list[str]) -> dict[str, list[str]]:
    """The full names that are joined under each name."""
    groups: dict[str, list[str]] = {}
    for (name, *_), joint in zip(rows, found):
        groups.setdefault(joint, []).append(name)
    return groups


def first_of(name: str) -> str:
    return name.split()[0].rstrip(".").lower()


@given(ROWS)
@settings(max_examples=300, deadline=None, derandomize=True)
def test_no_two_first_names_that_are_not_one_are_joined(rows):
    for group in people(rows, names(*rows)).values():
        full = [n for n in group if first_of(n) not in ("smith", "clinton", "de")]
        for one, other in combinations(full, 2):
            a, b = first_of(one), first_of(other)
            assert same_first(a, b), group
            assert may_be_one(tuple(one.replace(".", "").split()), tuple(other.replace(".", "").split())), group


@given(ROWS, st.randoms(use_true_random=False))
@settings(max_examples=200, deadline=None, derandomize=True)
def test_the_order_of_rows_does_not_matter(rows, random):
    order = list(range(len(rows)))
    random.shuffle(order)
    found, again = names(*rows), names(*[rows[i] for i in order])
    assert [again[order.index(i)] for i in range(len(rows))] == found


@given(ROWS)
@settings(max_examples=400, deadline=None, derandomize=True)
def test_what_is_joined_stays_joined_when_it_is_joined_again(rows):
    """But for surnames alone that could be several people's: these are no one person's group."""
    table = heard(*rows)
    found = join(table)
    again = joined(table.assign(source=found["joint"]))
    surnames = {name for name, how in zip(found["joint"], found["how"]) if how == AMBIGUOUS and name in LAST}
    for name in set(found["joint"]) - surnames:
        assert len({other for mine, other in zip(found["joint"], again) if mine == name}) == 1, name


@given(
    st.sampled_from([n for n in ("John", "Jane", "Joe", "Joel", "Hillary", "Hilary", "Bill", "William", "Liam", "Kim")])
)
def test_a_first_name_is_one_with_itself_and_its_initial(name):
    assert same_first(name.lower(), name.lower()) and same_first(name.lower(), name[0].lower()) and is_first_name(name)


GIVEN = """
- Barack Obama: [Obama, the president, B. Obama II]
- Beyoncé: [Beyonce Knowles, Queen B]
- apart: [Mike Flynn, Michael Flynn]
"""


def test_the_users_file_joins_and_keeps_apart():
    own = read_people(GIVEN, "people.yaml")
    rows = heard(
        ("Barack Obama", MAN), ("Michelle Obama", WOMAN), "Obama", ("the president", {"type": "government"}),
        "Barack H. Obama", "Queen B", "Beyonce Knowles", "Mike Flynn", "Michael Flynn",
        ("the president", {"type": "unnamed", "named": False}),
    )  # fmt: skip
    found = join(rows, own)
    assert found["joint"].tolist() == [
        "Barack Obama", "Michelle Obama", "Barack Obama", "Barack Obama", "Barack Obama", "Beyoncé", "Beyoncé",
        "Mike Flynn", "Michael Flynn", "Barack Obama",
    ]  # fmt: skip
    assert found["how"].tolist()[2:4] == [OWN, OWN]
    assert joined(rows)[:3] == ["Barack H. Obama", "Michelle Obama", "Obama"] and len(set(joined(rows)[7:9])) == 1


def test_the_users_file_keeps_a_surname_apart():
    own = read_people("- apart: [Smith, Jane Smith]", "people.yaml")
    assert names("Jane Smith", "Smith") == ["Jane Smith"] * 2 and names("Jane Smith", "Smith", own=own)[1] == "Smith"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 1, "nothing in it"),
        ("Barack Obama: [Obama]", 1, "expected a list"),
        ("- Barack Obama", 1, "one name and a list"),
        ("- Barack Obama: Obama", 1, "square brackets"),
        ("- Barack Obama: []", 1, "square brackets"),
        ("- Barack Obama: [Obama]\n- Michelle Obama: [Mrs. Obama]", 2, "joined under Barack Obama already (line 1"),
        ("- Barack Obama: [Obama]\n- Barack Obama: [B. Obama]", 2, "twice"),
        ("- apart: [Obama]", 1, "two different names"),
        ("- apart: [Obama, Mr. Obama]", 1, "two different names"),
        ("- Barack Obama: [Obama]\n- apart: [Obama, Barack Obama]", 2, "remove one of the entries"),
        ("- Barack Obama: [[Obama]]", 1, "expected a name"),
        ("- A: [B]\n---\n- C: [D]", 3, "three hyphens"),
        ("- Barack Obama: [Obama", 2, "not valid YAML"),
        ("- Barack Obama: [Obama, '']", 1, "expected a name"),
    ],
)
def test_a_file_that_cannot_be_used_is_one_line_with_its_place(text, line, words):
    with pytest.raises(PeopleError) as error:
        read_people(text, "people.yaml")
    assert str(error.value).startswith(f"people.yaml:{line}: ") and words in str(error.value)
    assert "\n" not in str(error.value)


@given(st.text(alphabet="- ABapart:[],{}\n'\"*&é#|>", max_size=60))
@settings(max_examples=300, deadline=None, derandomize=True)
def test_any_text_is_read_or_is_an_error_of_ours(text):
    try:
        read_people(text, "people.yaml")
    except PeopleError as error:
        assert str(error).startswith("people.yaml:")


def test_a_file_that_is_not_there_or_no_text_is_one_line(tmp_path):
    (tmp_path / "people.yaml").write_bytes(b"\xff\xfe\x00")
    for path in (tmp_path / "people.yaml", tmp_path / "absent.yaml"):
        with pytest.raises(PeopleError, match=rf"^{path.name}: can't be read"):
            load_people(path)


def test_a_comparison_takes_the_same_file():
    articles = [[Source("Mike Flynn", "politician")], [Source("Michael Flynn", "politician")],
                [Source("Barack Obama", "politician"), Source("Michelle Obama", "politician")],
                [Source("Obama", "politician")], [Source("the president", "unnamed", named=False)]]  # fmt: skip
    assert len(match(articles)) == 5
    found = match(articles, read_people(GIVEN, "people.yaml"))
    assert sorted(j.name for j in found) == ["Barack Obama", "Michael Flynn", "Michelle Obama", "Mike Flynn"]


PEOPLE = "- Adele Quill: [the mayor]\n- Nobody Here: [Somebody]\n- apart: [Tom Vesper, Thomas Vesper]\n"


def story(who: str, more: str = "") -> str:
    """An article in which somebody is heard."""
    return (
        "The council closed the bridge over the river on Tuesday after engineers had found cracks in two of its piers."
        "\n\n"
        f"“The bridge will open again in the autumn,” {who} told reporters at the town hall. {more}\n\n"
        "The work will take three months and cost two million pounds, which the county pays out of its reserves. Buses"
        " go by the road along the canal until then, and the ferry sails every half hour from the old harbour."
    )


@pytest.fixture(scope="module")
def articles(tmp_path_factory) -> Path:
    place = tmp_path_factory.mktemp("people")
    texts = [
        story("Adele Quill", "Ms. Quill is the mayor."), story("Mayor Quill"), story("Adele M. Quill"),
        story("Tom Vesper", "Mr. Vesper is an engineer."), story("Thomas Vesper", "Mr. Vesper is an engineer."),
    ]  # fmt: skip
    rows = [{"id": f"a{i}", "title": f"Bridge {i}", "outlet": "Daily", "text": t} for i, t in enumerate(texts)]
    (place / "articles.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    (place / "people.yaml").write_text(PEOPLE, "utf-8")
    return place


def test_the_table_of_names_lists_each_spelling_with_its_articles(articles):
    table = corpus.names(corpus.opened([str(articles / "articles.jsonl")]))
    listed = {(r.source, r.spelling): (r.how, r.articles) for r in table.itertuples()}
    assert listed[("Adele M. Quill", "Quill")] == ("surname", 1), listed
    assert listed[("Adele M. Quill", "Adele Quill")] == ("middle name or initial", 1)
    assert listed[("Thomas Vesper", "Tom Vesper")] == ("short first name", 1)


def test_the_report_shows_what_was_joined_and_what_the_file_did_not_reach(articles):
    own = load_people(articles / "people.yaml")
    c = corpus.opened([str(articles / "articles.jsonl")], own=own)
    page = str(sections.names(c))
    assert "Which spellings were joined (1 name)" in page and "Adele Quill (1)" in page
    assert "Quill (surname, 1)" in page and "Adele M. Quill (middle name or initial, 1)" in page
    assert "Names in that file that no article has: Nobody Here." in page
    assert {"Tom Vesper", "Thomas Vesper"} <= set(c.sources["joint"])


def test_what_a_run_depends_on_has_the_file_of_people(articles, tmp_path):
    path = tmp_path / "people.yaml"
    path.write_text(PEOPLE, "utf-8")
    first = basis(Options(people=str(path)))
    path.write_text(PEOPLE + "- A B: [C]\n", "utf-8")
    digests = {first.digest, basis(Options(people=str(path))).digest, basis(Options()).digest}
    assert len(digests) == 3 and first.files == {"people.yaml": PEOPLE.encode()}
    assert "people" not in Options(people=str(path)).of_articles
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "people.yaml").write_text("x", "utf-8")
    with pytest.raises(OutputError, match="both called people.yaml"):
        basis(Options(people=str(path), frames=str(tmp_path / "other" / "people.yaml")))


@pytest.mark.slow
def test_the_command_takes_the_file_notes_it_and_makes_the_report_again_when_it_changes(articles, tmp_path):
    people_file, out = tmp_path / "people.yaml", tmp_path / "out"
    people_file.write_text(PEOPLE, "utf-8")
    command = ["corpus", str(articles / "articles.jsonl"), "-o", str(out), "--people", str(people_file), "--jobs", "1"]
    done = CliRunner().invoke(main, command, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    about = json.loads((out / "datapackage.json").read_text("utf-8"))["presslab"]["parameters"]
    assert about["people"] == "people.yaml"
    assert about["people_sha256"] == hashlib.sha256(PEOPLE.encode()).hexdigest()
    table = pd.read_csv(out / "tables" / "names.csv")
    assert set(table["source"]) == {"Adele Quill"}
    page = (out / "index.html").read_text("utf-8")
    assert "Which spellings were joined" in page and "Nobody Here" in page and str(tmp_path) not in page
    result = rerun(out, spread=here)
    assert result.same, lines(result)
    people_file.write_text("- Thomas Vesper: [Tom Vesper]\n", "utf-8")
    CliRunner().invoke(main, command, catch_exceptions=False)
    assert "Thomas Vesper" in set(pd.read_csv(out / "tables" / "names.csv")["source"])
    people_file.write_text("- apart: [A B, C D]\n", "utf-8")
    with pytest.raises(Stopped, match="the file for --people people.yaml is not where it was, or has changed"):
        rerun(out, spread=here)


@pytest.mark.slow
def test_python_and_a_comparison_take_the_file(articles, tmp_path):
    run = presslab.collection(articles / "articles.jsonl", tmp_path / "one", people=articles / "people.yaml")
    assert run.made == 5 and set(presslab.open_run(tmp_path / "one").names["source"]) == {"Adele Quill"}
    presslab.compare(articles / "articles.jsonl", tmp_path / "two", people=articles / "people.yaml")
    heard_by = presslab.open_run(tmp_path / "two").heard
    assert {"Tom Vesper", "Thomas Vesper", "Adele Quill"} <= set(heard_by["source"])
    presslab.compare(articles / "articles.jsonl", tmp_path / "three")
    assert not {"Tom Vesper", "Thomas Vesper"} <= set(presslab.open_run(tmp_path / "three").heard["source"])


@pytest.mark.parametrize("command", ["corpus", "compare"])
def test_a_file_that_cannot_be_used_is_a_usage_error(articles, tmp_path, command):
    (tmp_path / "people.yaml").write_text("Barack Obama: [Obama]", "utf-8")
    arguments = [command, str(articles / "articles.jsonl"), "-o", str(tmp_path / "out"), "--people"]
    done = CliRunner().invoke(main, [*arguments, str(tmp_path / "people.yaml")])
    assert done.exit_code == 2 and "people.yaml:1: expected a list" in done.output and not (tmp_path / "out").exists()
    with pytest.raises(presslab.Error, match="people.yaml:1: expected a list"):
        presslab.collection(articles / "articles.jsonl", tmp_path / "out", people=tmp_path / "people.yaml")


@pytest.mark.shared
@pytest.mark.slow
def test_people_of_real_articles_have_one_name_each(shared):
    """tests/gold/people.csv lists spellings in BASIL and PolNeAR dev that are one person's, and pairs that are two
    people, as read by hand."""
    c = corpus.opened([str(shared / "basil" / "articles.jsonl"), str(shared / "polnear" / "dev" / "text")])
    sources = c.sources[c.sources["attributions"] > 0]
    found = sources.groupby("source")["joint"].agg(set).to_dict()
    gold = pd.read_csv(Path(__file__).parent / "gold" / "people.csv")
    wrong = []
    for person, group in gold.groupby("person"):
        # a surname alone may stay apart where an article leaves open whose it is
        joint = [found[s] - ({s} if " " not in s else set()) for s in group["spelling"] if s in found]
        one = len(set().union(*joint)) <= 1
        wrong += [(person, joint)] if one != group["together"].iloc[0] and len(joint) > 1 else []
    assert not wrong
    assert sum(s in found for s in gold["spelling"]) > 0.9 * len(gold)
    obama = sources[sources["source"] == "Obama"]["joint"]
    assert set(obama) <= {"Barack Obama", "Obama"} and (obama == "Barack Obama").mean() > 0.8
