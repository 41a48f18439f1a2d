"""A run folder that somebody else made: no path in its lists and its memory leads out of it, and nothing in it stops a
command."""

import hashlib
import io
import json
import os
from pathlib import Path
import signal
import sqlite3
import zlib

from click.testing import CliRunner
import pandas as pd
import pyarrow as pa
import pyarrow.parquet
import pytest

from foreign import SECRET, commands, fresh, held, link, made, place, through  # noqa: F401 (fixtures)
from presslab.cli import main
from presslab.collecting.run import TABLES as COLLECTION_TABLES
from presslab.comparison.run import TABLES as EVENT_TABLES
from presslab.measures import tables, usual
from presslab.measures.tables import TABLES
from presslab.runs import finished, serve, state
from presslab.runs.articles import refreshed
from presslab.system.files import Stopped, inside
from stories import story

WAYS = {
    "up": lambda place, name: f"../outside/{name}", "absolute": lambda place, name: str(place / "outside" / name),
    "through a link": lambda place, name: f"way/{name}",
}  # fmt: skip
ODD = ["../x", "a/../../x", "/x", "..\\x", "a\\..\\x", "a//x", "./x", "a/.", "", "a/", "C:x", "x\0y", "way/x"]


@pytest.mark.parametrize("name", ODD)
def test_no_name_leads_out_of_a_folder(tmp_path, name):
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "way").symlink_to(tmp_path)
    with pytest.raises(Stopped):
        inside(tmp_path / "run", name)
    assert serve.found(tmp_path / "run", f"/{name}") is None


def in_state(place: Path, change) -> None:
    store = sqlite3.connect(place / "run" / state.FILE)
    change(store)
    store.commit()
    store.close()


def files_in_state(place: Path, way: str) -> None:
    """An article's files, and those that were made last."""
    files = json.dumps({way: [(place / "outside" / "x.html").stat().st_size, "0" * 64]})
    in_state(place, lambda store: store.execute("update made set files = ?", (files,)))
    (finished_,) = (
        sqlite3.connect(place / "run" / state.FILE)
        .execute("select value from notes where name = 'finished'")
        .fetchone()
    )
    note = json.loads(finished_)
    note["written"] = {way: [(place / "outside" / "x.html").stat().st_size, "0" * 64]}
    in_state(
        place, lambda store: store.execute("update notes set value = ? where name = 'finished'", (json.dumps(note),))
    )


def gone_from_state(place: Path, way: str) -> None:
    """An article that is no longer among the inputs, whose files are taken away."""
    in_state(
        place,
        lambda store: store.execute(
            "insert into made select 'zzz', key, ?, rows from made limit 1", (json.dumps({way: [1, "0"]}),)
        ),
    )


def note(place: Path, name: str, change) -> None:
    def changed(store) -> None:
        (value,) = store.execute("select value from notes where name = ?", (name,)).fetchone()
        store.execute("update notes set value = ? where name = ?", (json.dumps(change(json.loads(value))), name))

    in_state(place, changed)


def origin_in_state(place: Path, way: str) -> None:
    note(place, "inputs", lambda v: v | {"files": [str(place / "outside" / "x.html"), str(place / "outside")]})


def frames_in_state(place: Path, way: str) -> None:
    note(place, "inputs", lambda v: v | {"options": v["options"] | {"frames": str(place / "outside" / "frames.yaml")}})


def people_in_state(place: Path, way: str) -> None:
    note(place, "inputs", lambda v: v | {"options": v["options"] | {"people": str(place / "outside" / "people.yaml")}})


def yardstick_in_state(place: Path, way: str) -> None:
    own = str(place / "outside" / "local.json")
    note(place, "inputs", lambda v: v | {"options": v["options"] | {"yardstick": own}})


def traceback_in_state(place: Path, way: str) -> None:
    note(
        place,
        "told",
        lambda v: [v[0], [{"id": "a00", "file": "x", "reason": "y", "cell": 1, "traceback": way}], *v[2:]],
    )


def in_list(name: str, column: str):
    def plant(place: Path, way: str) -> None:
        path = place / "run" / name
        table = pd.read_csv(path, dtype=str, keep_default_na=False)
        table.loc[0, column] = way
        table.to_csv(path, index=False)

    return plant


def in_package(change):
    def plant(place: Path, way: str) -> None:
        path = place / "run" / "datapackage.json"
        package = json.loads(path.read_text("utf-8"))
        change(package, way)
        path.write_text(json.dumps(package), "utf-8")

    return plant


def resource(package, way):
    package["resources"][3] |= {"path": f"tables/{way}", "name": f"{way}".removesuffix(".csv")}


def resource_bare(package, way):
    package["resources"][3] |= {"path": way}


def frames_parameter(package, way):
    package["presslab"]["parameters"] |= {"frames": way.replace("x.html", "frames.yaml"), "frames_sha256": FRAMES_SHA}


def people_parameter(package, way):
    package["presslab"]["parameters"] |= {"people": way.replace("x.html", "people.yaml"), "people_sha256": PEOPLE_SHA}


def yardstick_parameter(package, way):
    own = {"yardstick": way.replace("x.html", "local.json"), "yardstick_sha256": YARDSTICK_SHA}
    package["presslab"]["parameters"] |= own


def failures_in_table(place: Path, way: str) -> None:
    path = place / "run" / "tables" / "failures.parquet"
    schema = pa.parquet.read_schema(path)
    pa.parquet.write_table(
        pa.Table.from_pylist([{"id": way, "file": way, "reason": "x", "cell": 1, "traceback": way}], schema=schema),
        path,
    )


FRAMES = f"name: secret\nlabel: {SECRET}\nquestion: How much?\nsource: none\nterms: [council, bridge]\n"
FRAMES_SHA = hashlib.sha256(FRAMES.encode()).hexdigest()
PEOPLE = f"- {SECRET}: [Adele Quill]\n"
PEOPLE_SHA = hashlib.sha256(PEOPLE.encode()).hexdigest()
YARDSTICK = json.dumps(
    {"about": {"articles": 9, "outlets": 1, "years": SECRET}, "levels": list(usual.LEVELS), "quantiles": {}}
)
YARDSTICK_SHA = hashlib.sha256(YARDSTICK.encode()).hexdigest()
PATHS = {
    "state: files": files_in_state,
    "state: files to delete": gone_from_state,
    "state: inputs": origin_in_state,
    "state: frames": frames_in_state,
    "state: people": people_in_state,
    "state: yardstick": yardstick_in_state,
    "state: tracebacks": traceback_in_state,
    "manifest": in_list("manifest.csv", "path"),
    "inputs": in_list("inputs.csv", "file"),
    "package: resource": in_package(resource),
    "package: path": in_package(resource_bare),
    "package: frames": in_package(frames_parameter),
    "package: people": in_package(people_parameter),
    "package: yardstick": in_package(yardstick_parameter),
    "failures": failures_in_table,
}


@pytest.mark.parametrize("name", PATHS)
@pytest.mark.slow
def test_no_path_in_a_run_leads_out_of_it(made, place, name, caplog):
    opened = (
        ["report", "rerun plain"] if name.startswith("state") else ["report", "rerun plain", "share", "excel", "serve"]
    )
    for way, leads in WAYS.items():
        for command in opened if way == "up" else opened[:2]:
            fresh(made, place, ["run"])
            (place / "outside" / "x.html").write_text(f"<p>{SECRET} {story(3, 3)}</p>" * 3, "utf-8")
            (place / "outside" / "frames.yaml").write_text(FRAMES, "utf-8")
            (place / "outside" / "people.yaml").write_text(PEOPLE, "utf-8")
            (place / "outside" / "local.json").write_text(YARDSTICK, "utf-8")
            if way == "through a link":
                (place / "run" / "way").symlink_to(place / "outside")
            PATHS[name](place, leads(place, "x.html"))
            held(place, command, caplog)


def test_a_note_of_inputs_that_somebody_else_wrote_is_not_used(made, place, monkeypatch, tmp_path):
    """It may name any file of this machine, and its articles would be read."""
    assert state.origin(place / "run")["files"] == [str(made / "in.jsonl")]
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "another user"))
    assert state.origin(place / "run")["files"] == []
    done = CliRunner().invoke(main, ["rerun", str(place / "run")])
    assert done.exit_code == 1 and "--inputs" in done.output
    done = CliRunner().invoke(main, ["rerun", str(place / "run"), "--inputs", str(place / "in.jsonl")])
    assert "The same" in done.output
    done = CliRunner().invoke(main, ["validate", str(place / "run"), str(place / "codes")])
    assert done.exit_code == 0 and state.origin(place / "run")["files"] == []


def view(store) -> None:
    store.execute("alter table made rename to other")
    store.execute("create view made as select id, key, files, rows from other")


DATABASES = {
    "a view": view,
    "a trigger": lambda store: store.execute("create trigger t after insert on notes begin delete from made; end"),
    "another table": lambda store: store.execute("create table more (x)"),
    "another column": lambda store: store.execute("alter table made add column more text default 'x'"),
    "a generated column": lambda store: (
        store.execute("drop table notes"),
        store.execute("create table notes (name text primary key, value text as (name))"),
    ),
    "an index": lambda store: store.execute("create index i on made (key)"),
}


@pytest.mark.parametrize("name", DATABASES)
def test_a_database_that_holds_more_than_presslabs_tables_is_not_used(made, place, name, caplog):
    in_state(place, DATABASES[name])
    with pytest.raises(sqlite3.DatabaseError, match="other tables"):
        state.origin(place / "run")
    for command in ("rerun plain", "report"):
        held(place, command, caplog)


def rows_of(rows: object, level: int = 9):
    packed = zlib.compress(rows if isinstance(rows, bytes) else json.dumps(rows).encode(), level)
    return lambda store: store.execute("update made set rows = ?", (packed,))


TAMPERED = {
    "a bomb": rows_of(b" " * 30_000_000),
    "no zlib": lambda store: store.execute("update made set rows = x'00'"),
    "a text": lambda store: store.execute("update made set rows = 'x'"),
    "null": lambda store: store.execute("update made set rows = null"),
    "a list": rows_of([]),
    "nothing": rows_of({}),
    "a table that there is not": rows_of({"more": [{"id": "x"}]}),
    "numbers": rows_of({"articles": 7}),
    "a row of a list": rows_of({"articles": [[1]]}),
    "no columns": rows_of({"articles": [{}]}),
    "nested": rows_of(b"[" * 100_000),
    "half": rows_of(b'{"articles": ['),
    "NaN": rows_of(b"NaN"),
    "files a list": lambda store: store.execute("update made set files = '[1]'"),
    "files of texts": lambda store: store.execute("""update made set files = '{"articles/a00.html": "x"}'"""),
    "files no JSON": lambda store: store.execute("update made set files = 'x'"),
    "key a blob": lambda store: store.execute("update made set key = x'ff'"),
    "told a text": lambda store: store.execute("update notes set value = '\"x\"' where name = 'told'"),
    "told half": lambda store: store.execute("update notes set value = '[1' where name = 'told'"),
    "finished a list": lambda store: store.execute("update notes set value = '[1]' where name = 'finished'"),
    "inputs a list": lambda store: store.execute("update notes set value = '[1]' where name = 'inputs'"),
    "inputs of numbers": lambda store: store.execute(
        'update notes set value = \'{"files": [7], "options": {"clean": 3}}\' where name = \'inputs\''
    ),
    "items a text": lambda store: store.execute("update inputs set items = '\"x\"'"),
    "items no JSON": lambda store: store.execute("update inputs set items = 'x'"),
    "items of another kind": lambda store: store.execute("update inputs set items = '[[\"known\", [1]]]'"),
}


@pytest.mark.parametrize("name", TAMPERED)
def test_a_memory_that_was_tampered_with_is_one_line_or_made_again(made, place, name, caplog, monkeypatch):
    monkeypatch.setattr(state, "LARGEST_ROWS", 10_000_000)
    for command in ("report", "rerun plain") if name.startswith(("inputs", "items")) else ("report",):
        fresh(made, place, ["run"])
        in_state(place, TAMPERED[name])
        (place / "run" / "articles" / "a00.html").write_text("changed")
        held(place, command, caplog)
    fresh(made, place, ["run"])
    in_state(place, TAMPERED[name])
    try:
        refreshed(place / "run")
    except Stopped as error:
        assert "damaged" in str(error)


def grown(rows: int, text: str) -> bytes:
    """A table of articles that is small on the disk: one text in every row."""
    stream = io.BytesIO()
    kinds = tables.TABLES["articles"]
    columns = {
        n: (
            pa.array([f"a{i}" for i in range(rows)])
            if n == "id"
            else (
                pa.array([text] * rows, pa.dictionary(pa.int32(), pa.string())).cast(pa.string())
                if k == "string"
                else pa.array([0] * rows).cast(pa.type_for_alias(k))
            )
        )
        for n, k in kinds.items()
    }
    with pa.parquet.ParquetWriter(
        stream, pa.schema([(n, pa.type_for_alias(k)) for n, k in kinds.items()]), compression="zstd"
    ) as writer:
        writer.write_table(pa.table(columns))
    return stream.getvalue()


def test_a_table_that_would_fill_the_memory_is_refused(place, monkeypatch):
    monkeypatch.setattr(finished, "NOT_A_BOMB", 10_000_000)
    (place / "run" / "tables" / "articles.parquet").write_bytes(grown(2000, "x" * 20_000))
    for command in ("corpus", "sample", "excel", "validate"):
        done = CliRunner().invoke(main, [str(a) for a in commands(place)[command][1]])
        assert done.exit_code == 1 and "would grow from" in done.output and len(done.output.splitlines()) == 1, (
            done.output
        )


@pytest.mark.parametrize("command", ["report", "excel", "serve", "explore"])
def test_a_pipe_in_a_run_stops_nobody(made, place, command, caplog):
    """Opening it would wait for ever."""

    def pipe(name: str) -> None:
        (place / "run" / name).unlink()
        os.mkfifo(place / "run" / name)

    names = [
        "tables/articles.parquet",
        "datapackage.json",
        "run.log",
        "coding/validity.json",
        "manifest.csv",
        ".presslab/lock",
    ]
    signal.alarm(500)
    try:
        through(made, place, command, names, pipe, caplog)
    finally:
        signal.alarm(0)


def test_the_tables_that_a_run_may_name_are_those_that_presslab_writes():
    assert finished.NAMES == {*TABLES, *EVENT_TABLES, *COLLECTION_TABLES}
