"""A run folder that somebody else made: links and paths in it lead to a file outside, which no command may read, write or delete."""

import hashlib
import io
import json
import os
from pathlib import Path
import shutil
import sqlite3
import zipfile
import zlib

from click.testing import CliRunner
import nbformat
import pandas as pd
import pyarrow as pa
import pyarrow.parquet
import pytest
from stories import story

from presslab import explore
from presslab.cli import main
from presslab.coding import prepare, reliability, simulated, validity
from presslab.collecting import run as corpus_batch
from presslab.collecting.run import TABLES as COLLECTION_TABLES
from presslab.measures import tables
from presslab.runs import finished, folder as run_folder, serve, state
from presslab.runs.articles import report_run
from presslab.system import parallel
from presslab.system.files import Stopped
from presslab.system.notebook import Executed
from presslab.system.parallel import here

SECRET = "xylophone-of-the-treasurer"
INPUTS = 6


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """A run of a few articles, with a coded sample that its reports use; and the rows of each article."""
    place = tmp_path_factory.mktemp("foreign")
    rows = [{"id": f"a{n:02}", "outlet": "The Daily", "published": f"2026-0{1 + n // 3}-01", "text": story(n)} for n in range(INPUTS)]
    (place / "in.jsonl").write_text("\n".join(json.dumps(r) for r in rows), "utf-8")
    report_run([place / "in.jsonl"], place / "run", spread=here)
    prepare.prepare(place / "run", place / "codes", 4, [], 2, 4, 1, None, False)
    simulated.code(place / "run", place / "codes")
    done = CliRunner().invoke(main, ["validate", str(place / "run"), str(place / "codes")])
    assert done.exit_code == 0, done.output
    return place


@pytest.fixture
def place(made, tmp_path, monkeypatch):
    """A copy of the run with a folder outside of it; reports are made out of nothing, so that only what is around them counts."""
    shutil.copy(made / "in.jsonl", tmp_path / "in.jsonl")
    fresh(made, tmp_path)
    kept = state.State(made / "run")
    rows = {f"a{n:02}": kept.rows(f"a{n:02}") for n in range(INPUTS)}
    kept.close()

    def canned(task, items, **_):
        for (job,) in items:
            yield (job,), run_folder.Made(job.id, "<p>page</p>", "{}", rows.get(job.id, {}), 0.0)

    monkeypatch.setattr(parallel, "in_parallel", canned)
    monkeypatch.setattr(corpus_batch, "executed", lambda *_: Executed(nbformat.v4.new_notebook(), "{}", None))
    monkeypatch.setattr(reliability, "RESAMPLES", 20)
    monkeypatch.setattr(validity, "RESAMPLES", 20)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def fresh(made: Path, place: Path) -> None:
    """The run and the codes as they were, nothing outside, nothing that a command wrote."""
    for name in ("run", "codes", "outside", "collection", "coding"):
        shutil.rmtree(place / name, ignore_errors=True)
    for name in ("run", "codes"):
        shutil.copytree(made / name, place / name)
    if not (place / "mine").exists():
        shutil.copytree(made / "run", place / "mine")
    (place / "outside").mkdir()
    (place / "run.xlsx").unlink(missing_ok=True)
    (place / "saved.csv").unlink(missing_ok=True)


def secret(path: Path, original: Path) -> None:
    """Write a file like `original`, as somebody's private run would have it, with the secret in it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if original.suffix == ".parquet":
        table = pd.read_parquet(original)
        texts = [c for c in table.select_dtypes("object").columns if c not in ("id", "measure", "scope", "published", "source", "kind", "cue_class")]
        pa.parquet.write_table(pa.Table.from_pandas(table.assign(**dict.fromkeys(texts, SECRET)), preserve_index=False), path)
    elif original.suffix == ".sqlite":
        shutil.copy(original, path)
    elif original.is_file():
        text = original.read_text("utf-8")
        for word in ("The Daily", "council", "attributed_word_share: ", "reads", "n = 4", "sources", "stratum", "share"):
            text = text.replace(word, SECRET if word != "n = 4" else f"n = 4 {SECRET}", 1)
        path.write_text(text, "utf-8")
    else:
        path.write_text(f"{SECRET}\n", "utf-8")


LINKS = [
    "index.html", "datapackage.json", "manifest.csv", "inputs.csv", "codebook.csv", "run.log", "articles/a00.html", "tables/articles.parquet", "tables/articles.csv",
    "tables/measures.parquet", "tables/sources.parquet", "tables/evidence.parquet", "tables/failures.parquet", ".presslab/state-1.sqlite", ".presslab/lock",
    ".presslab/state-1.sqlite-journal", ".presslab/state-1.sqlite-wal", "coding/validity.json", "coding/validity.html", "coding/sample.csv", "coding/codebook.yaml", "coding/marks.csv",
    "coding/agreement.json", "coding/estimates.csv", "coding/own/notes.txt", "figures/x.svg", "failures/a00.txt", ".index.html.part", "articles/.a00.html.part", "tables/.articles.csv.part",
    "articles", "notebooks", "tables", "failures", "figures", "coding", ".presslab",
]  # fmt: skip
CODES = ["sample.csv", "design.json", "texts.jsonl", "codebook.yaml", "codes-coder-1.json", "agreed.csv", "agreement.html", "agreement.json", "disagreements.csv", "more"]


def commands(place: Path) -> dict[str, list]:
    """What opens a run, each as its arguments; what it writes goes beside the run or into it."""
    run, codes = place / "run", place / "codes"
    return {
        "report": ["report", place / "in.jsonl", "-o", run], "report none": ["report", place / "in.jsonl", "-o", run, "--text", "none"], "compare": ["compare", place / "in.jsonl", "-o", run],
        "corpus": ["corpus", run, "-o", place / "collection"], "corpus into it": ["corpus", place / "mine", "-o", run], "rerun": ["rerun", run], "rerun inputs": ["rerun", run, "--inputs", place / "in.jsonl"],
        "sample": ["sample", run, "-n", "4", "-o", place / "coding"], "agree": ["agree", run / "coding"], "agree codes": ["agree", codes], "validate": ["validate", run, codes], "estimate": ["estimate", run, codes],
        "excel": ["excel", run, "-o", place / "run.xlsx"],
    }  # fmt: skip


def listing(folder: Path) -> dict[str, bytes | str]:
    """Everything below a folder, links as what they name."""
    found: dict[str, bytes | str] = {}
    for where, folders, names in os.walk(folder):
        for path in (Path(where, name) for name in (*folders, *names)):
            found[str(path.relative_to(folder))] = str(path.readlink()) if path.is_symlink() else path.read_bytes() if path.is_file() else "folder"
    return found


def words(path: Path) -> str:
    """All text that a file holds, unpacked."""
    raw = path.read_bytes()
    if path.suffix == ".parquet":
        return pa.parquet.read_table(path).to_pandas().to_csv()
    if path.suffix in (".xlsx", ".zip"):
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            raw = b"\n".join(archive.read(name) for name in archive.namelist())
    elif path.suffix == ".sqlite":
        store = sqlite3.connect(path)
        cells = [cell for (name,) in store.execute("select name from sqlite_master where type = 'table'").fetchall() for row in store.execute(f"select * from {name}") for cell in row]
        store.close()
        raw = b"\n".join((zlib.decompress(c) if c.startswith(b"\x78") else c) if isinstance(c, bytes) else str(c).encode() for c in cells)
    return raw.decode("utf-8", "replace")


def held(place: Path, name: str, arguments: list, unread: bool = True) -> None:
    """Run a command and look whether it reached anything outside; `unread`: whether what lies there may not be read either."""
    before = listing(place / "outside")
    done = CliRunner().invoke(main, [str(a) for a in arguments])
    assert done.exception is None or isinstance(done.exception, SystemExit), f"{name}: {done.exception!r}"
    assert listing(place / "outside") == before, f"{name} changed what lies outside"
    assert not unread or SECRET not in done.output, f"{name} printed it: {done.output}"
    for where, _, names in os.walk(place):
        for path in (Path(where, file) for file in names):
            if not path.is_relative_to(place / "outside") and not path.is_symlink() and path.is_file():
                assert not unread or SECRET not in words(path), f"{name} copied it to {path.relative_to(place)}"


def looked_at(place: Path) -> None:
    """The ways of looking at a run that are no command: the server, the notebook that explores it."""
    run, before = place / "run", listing(place / "outside")
    for where, _, names in os.walk(run, followlinks=True):
        for path in (Path(where, name) for name in names):
            given = serve.found(run, "/" + path.relative_to(run).as_posix())
            assert given is None or SECRET not in words(given), path
    try:
        collection = explore.load(run)
        shown = "".join(explore.annotated(collection, id) for id in collection.articles["id"][:2]) + explore.overview(collection) + explore.listing(collection, collection.articles)
        explore.export(collection, collection.articles, place / "saved.csv")
        assert SECRET not in shown + (place / "saved.csv").read_text("utf-8")
    except explore.ExploreError as error:
        assert SECRET not in str(error)
    assert listing(place / "outside") == before


def planted(place: Path, folder: str, name: str) -> None:
    """Put a link to a file or folder outside in the place of one in the run, which is moved out and holds the secret now."""
    inner, outer = place / folder / name, place / "outside" / name
    if inner.is_dir() or "." not in Path(name).name and name != ".presslab/lock":
        inner.mkdir(exist_ok=True)
        for path in sorted(p for p in inner.rglob("*") if p.is_file()):
            secret(outer / path.relative_to(inner), path)
        outer.mkdir(parents=True, exist_ok=True)
        (outer / "own.txt").write_text(SECRET)
        (outer / ".own.txt.part").write_text(SECRET)
        shutil.rmtree(inner)
    else:
        secret(outer, inner)
        inner.parent.mkdir(exist_ok=True)
        inner.unlink(missing_ok=True)
    inner.symlink_to(outer)


@pytest.mark.parametrize("name", LINKS)
def test_no_link_in_a_run_is_followed(made, place, name):
    for command, arguments in commands(place).items():
        if command not in ("report none", "rerun inputs", "agree codes"):
            fresh(made, place)
            planted(place, "run", name)
            held(place, command, arguments)
    looked_at(place)


@pytest.mark.parametrize("name", CODES)
def test_no_link_in_a_folder_of_codes_is_followed(made, place, name):
    for command in ("agree codes", "validate", "estimate", "sample onto it"):
        fresh(made, place)
        planted(place, "codes", name)
        held(place, command, commands(place).get(command) or ["sample", place / "run", "-n", "4", "--coders", "2", "--overlap", "4", "-o", place / "codes"])


WAYS = {
    "up": lambda place, name: f"../outside/{name}", "far up": lambda place, name: f"articles/../../outside/{name}", "absolute": lambda place, name: str(place / "outside" / name),
    "backslashes": lambda place, name: f"..\\outside\\{name}", "doubled": lambda place, name: f"articles//../../outside/{name}", "through a link": lambda place, name: f"way/{name}",
}  # fmt: skip


def in_state(place: Path, change) -> None:
    store = sqlite3.connect(place / "run" / state.FILE)
    change(store)
    store.commit()
    store.close()


def files_in_state(place: Path, way: str) -> None:
    """An article's files, and those that were made last."""
    files = json.dumps({way: [(place / "outside" / "x.html").stat().st_size, "0" * 64]})
    in_state(place, lambda store: store.execute("update made set files = ?", (files,)))
    (finished_,) = sqlite3.connect(place / "run" / state.FILE).execute("select value from notes where name = 'finished'").fetchone()
    note = json.loads(finished_)
    note["files"] = {way: (place / "outside" / "x.html").stat().st_size}
    in_state(place, lambda store: store.execute("update notes set value = ? where name = 'finished'", (json.dumps(note),)))


def gone_from_state(place: Path, way: str) -> None:
    """An article that is no longer among the inputs, whose files are taken away."""
    in_state(place, lambda store: store.execute("insert into made select 'zzz', key, ?, rows from made limit 1", (json.dumps({way: [1, "0"]}),)))


def note(place: Path, name: str, change) -> None:
    def changed(store) -> None:
        (value,) = store.execute("select value from notes where name = ?", (name,)).fetchone()
        store.execute("update notes set value = ? where name = ?", (json.dumps(change(json.loads(value))), name))

    in_state(place, changed)


def origin_in_state(place: Path, way: str) -> None:
    note(place, "inputs", lambda v: v | {"files": [str(place / "outside" / "x.html"), str(place / "outside")]})


def frames_in_state(place: Path, way: str) -> None:
    note(place, "inputs", lambda v: v | {"options": v["options"] | {"frames": str(place / "outside" / "frames.yaml")}})


def traceback_in_state(place: Path, way: str) -> None:
    note(place, "told", lambda v: [v[0], [{"id": "a00", "file": "x", "reason": "y", "cell": 1, "traceback": way}], *v[2:]])


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


def failures_in_table(place: Path, way: str) -> None:
    path = place / "run" / "tables" / "failures.parquet"
    schema = pa.parquet.read_schema(path)
    pa.parquet.write_table(pa.Table.from_pylist([{"id": way, "file": way, "reason": "x", "cell": 1, "traceback": way}], schema=schema), path)


FRAMES = f"name: secret\nlabel: {SECRET}\nquestion: How much?\nsource: none\nterms: [council, bridge]\n"
FRAMES_SHA = hashlib.sha256(FRAMES.encode()).hexdigest()
PATHS = {
    "state: files": files_in_state, "state: files to delete": gone_from_state, "state: inputs": origin_in_state, "state: frames": frames_in_state, "state: tracebacks": traceback_in_state,
    "manifest": in_list("manifest.csv", "path"), "inputs": in_list("inputs.csv", "file"), "package: resource": in_package(resource), "package: path": in_package(resource_bare),
    "package: frames": in_package(frames_parameter), "failures": failures_in_table,
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", PATHS)
def test_no_path_in_a_run_leads_out_of_it(made, place, name, way):
    for command, arguments in commands(place).items():
        if way != "up" and command not in ("report", "rerun inputs", "excel"):
            continue
        fresh(made, place)
        (place / "outside" / "x.html").write_text(f"<p>{SECRET} {story(3, 3)}</p>" * 3, "utf-8")
        (place / "outside" / "frames.yaml").write_text(FRAMES, "utf-8")
        if way == "through a link":
            (place / "run" / "way").symlink_to(place / "outside")
        PATHS[name](place, WAYS[way](place, "x.html"))
        held(place, command, arguments)
    looked_at(place)


def test_a_note_of_inputs_that_somebody_else_wrote_is_not_used(made, place, monkeypatch, tmp_path):
    """It may name any file of this machine, and its articles would be read."""
    assert state.origin(place / "run")["files"] == [str(made / "in.jsonl")]
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "another user"))
    assert state.origin(place / "run")["files"] == []
    done = CliRunner().invoke(main, ["rerun", str(place / "run")])
    assert done.exit_code == 1 and "--inputs" in done.output
    done = CliRunner().invoke(main, ["rerun", str(place / "run"), "--inputs", str(place / "in.jsonl")])
    assert "were not made again" in done.output or "The same" in done.output
    done = CliRunner().invoke(main, ["validate", str(place / "run"), str(place / "codes")])
    assert done.exit_code == 0 and state.origin(place / "run")["files"] == []


def view(store) -> None:
    store.execute("alter table made rename to other")
    store.execute("create view made as select id, key, files, rows from other")


DATABASES = {
    "a view": view, "a trigger": lambda store: store.execute("create trigger t after insert on notes begin delete from made; end"),
    "another table": lambda store: store.execute("create table more (x)"), "another column": lambda store: store.execute("alter table made add column more text default 'x'"),
    "a generated column": lambda store: (store.execute("drop table notes"), store.execute("create table notes (name text primary key, value text as (name))")),
    "an index": lambda store: store.execute("create index i on made (key)"),
}  # fmt: skip


@pytest.mark.parametrize("name", DATABASES)
def test_a_database_that_holds_more_than_presslabs_tables_is_not_used(made, place, name):
    in_state(place, DATABASES[name])
    with pytest.raises(sqlite3.DatabaseError, match="other tables"):
        state.origin(place / "run")
    for command, arguments in commands(place).items():
        fresh(made, place)
        in_state(place, DATABASES[name])
        held(place, command, arguments)


def rows_of(rows: object, level: int = 9):
    packed = zlib.compress(rows if isinstance(rows, bytes) else json.dumps(rows).encode(), level)
    return lambda store: store.execute("update made set rows = ?", (packed,))


def bomb() -> bytes:
    """Three megabytes that unpack to three thousand."""
    packing, pieces = zlib.compressobj(9), []
    for _ in range(300):
        pieces.append(packing.compress(b" " * 10_000_000))
    return b"".join(pieces) + packing.flush()


ROWS = {
    "a bomb": lambda store: store.execute("update made set rows = ?", (bomb(),)), "no zlib": lambda store: store.execute("update made set rows = x'00'"), "a text": lambda store: store.execute("update made set rows = 'x'"),
    "null": lambda store: store.execute("update made set rows = null"), "a list": rows_of([]), "nothing": rows_of({}), "a table that there is not": rows_of({"more": [{"id": "x"}]}), "numbers": rows_of({"articles": 7}),
    "a row of a list": rows_of({"articles": [[1]]}), "no columns": rows_of({"articles": [{}]}), "nested": rows_of(b"[" * 100_000), "half": rows_of(b'{"articles": ['), "NaN": rows_of(b"NaN"),
    "files a list": lambda store: store.execute("update made set files = '[1]'"), "files of texts": lambda store: store.execute("""update made set files = '{"articles/a00.html": "x"}'"""),
    "files no JSON": lambda store: store.execute("update made set files = 'x'"), "key a blob": lambda store: store.execute("update made set key = x'ff'"),
    "told a text": lambda store: store.execute("update notes set value = '\"x\"' where name = 'told'"), "told half": lambda store: store.execute("update notes set value = '[1' where name = 'told'"),
    "finished a list": lambda store: store.execute("update notes set value = '[1]' where name = 'finished'"), "inputs a list": lambda store: store.execute("update notes set value = '[1]' where name = 'inputs'"),
    "inputs of numbers": lambda store: store.execute("update notes set value = '{\"files\": [7], \"options\": {\"clean\": 3}}' where name = 'inputs'"),
    "items a text": lambda store: store.execute("update inputs set items = '\"x\"'"), "items no JSON": lambda store: store.execute("update inputs set items = 'x'"),
    "items of another kind": lambda store: store.execute("update inputs set items = '[[\"known\", [1]]]'"),
}  # fmt: skip


@pytest.mark.parametrize("name", ROWS)
def test_a_memory_that_was_tampered_with_is_one_line_or_made_again(made, place, name):
    for command in ("report", "validate", "rerun", "compare"):
        fresh(made, place)
        in_state(place, ROWS[name])
        (place / "run" / "articles" / "a00.html").write_text("changed")
        done = CliRunner().invoke(main, [str(a) for a in commands(place)[command]])
        assert done.exception is None or isinstance(done.exception, SystemExit), f"{command}: {done.exception!r}"
        assert "Traceback" not in done.output


def grown(rows: int, text: str) -> bytes:
    """A table of articles that is small on the disk: one text in every row."""
    stream = io.BytesIO()
    kinds = tables.TABLES["articles"]
    columns = {n: pa.array([f"a{i}" for i in range(rows)]) if n == "id" else pa.array([text] * rows, pa.dictionary(pa.int32(), pa.string())).cast(pa.string()) if k == "string"
               else pa.array([0] * rows).cast(pa.type_for_alias(k)) for n, k in kinds.items()}  # fmt: skip
    with pa.parquet.ParquetWriter(stream, pa.schema([(n, pa.type_for_alias(k)) for n, k in kinds.items()]), compression="zstd") as writer:
        writer.write_table(pa.table(columns))
    return stream.getvalue()


def test_a_table_that_would_fill_the_memory_is_refused(place, monkeypatch):
    monkeypatch.setattr(finished, "NOT_A_BOMB", 10_000_000)
    (place / "run" / "tables" / "articles.parquet").write_bytes(grown(2000, "x" * 20_000))
    for command in ("corpus", "sample", "excel", "validate"):
        done = CliRunner().invoke(main, [str(a) for a in commands(place)[command]])
        assert done.exit_code == 1 and "would grow from" in done.output and len(done.output.splitlines()) == 1, done.output


@pytest.mark.parametrize("name", ["tables/articles.parquet", "datapackage.json", "run.log", "coding/validity.json", "manifest.csv", ".presslab/lock"])
def test_a_pipe_in_a_run_stops_nobody(made, place, name):
    """Opening it would wait for ever."""
    for command, arguments in commands(place).items():
        fresh(made, place)
        (place / "run" / name).unlink()
        os.mkfifo(place / "run" / name)
        held(place, command, arguments)
    assert serve.found(place / "run", f"/{name}") is None


def test_the_tables_that_a_run_may_name_are_those_that_presslab_writes():
    from presslab.comparison.run import TABLES as EVENT_TABLES
    from presslab.measures.tables import TABLES

    assert finished.NAMES == {*TABLES, *EVENT_TABLES, *COLLECTION_TABLES}


def test_stopped_is_the_error_of_a_link(place):
    planted(place, "run", "coding/validity.json")
    with pytest.raises(Stopped, match="is a link"):
        finished.below(place / "run", "coding")
