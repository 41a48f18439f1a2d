"""Run folders that somebody else made, the commands that open them, and a look at whether these reached anything
outside."""

from collections.abc import Callable, Iterable
import io
import json
import logging
import os
from pathlib import Path
import re
import shutil
import sqlite3
import stat
import zipfile
import zlib

from click.testing import CliRunner
import nbformat
import pyarrow as pa
import pyarrow.parquet
import pytest

from presslab import explore
from presslab.cli import main
from presslab.coding import prepare, simulated
from presslab.collecting import charts
from presslab.measures.statistics import agreement
from presslab.reading import read
from presslab.runs import finished, kind, serve
from presslab.runs.articles import report_run
from presslab.runs.folder import Made
from presslab.system import parallel
from presslab.system.files import PART, Stopped
from presslab.system.notebook import Executed
from stories import story

SECRET = "xylophone-of-the-treasurer"
RUNS = ("run", "comparison", "collection")
ROWS: dict[tuple, dict] = {}  # by article or event, and by how much text is shown
OPENED_BY = {
    "run": [
        "report",
        "compare onto it",
        "corpus",
        "corpus onto it",
        "rerun",
        "share",
        "sample",
        "agree in it",
        "validate",
        "estimate",
        "calibrate",
        "excel",
        "serve",
        "explore",
    ],
    "comparison": [
        "compare",
        *(f"{c} comparison" for c in ("rerun", "excel", "share", "serve", "corpus of", "sample of", "explore")),
    ],
    "collection": [
        "corpus",
        *(f"{c} collection" for c in ("rerun", "excel", "share", "serve", "corpus of", "sample of", "explore")),
    ],
    "codes": ["agree codes", "validate", "estimate", "calibrate", "sample onto codes"],
}


def canned(task, items, **_):
    """Give a bare page for each article or event, and its real rows: only what is around the notebooks counts here."""
    for (job,) in items:
        options = job.basis.options
        if (job.id, options.text) not in ROWS:
            ROWS[job.id, options.text] = kind.prepare("", *task.args, job.subject, options)
        yield (job,), Made(job.id, "<p>page</p>", "{}", ROWS[job.id, options.text], 0.0)


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """A run of a few articles with a coded sample that its reports use, a comparison and a collection."""
    place = tmp_path_factory.mktemp("foreign")
    rows = [
        {
            "id": f"a{n:02}",
            "outlet": ("The Daily", "The Post")[n % 2],
            "event": f"e{n // 3}",
            "published": f"2026-0{1 + n // 3}-01",
            "text": story(n),
        }
        for n in range(6)
    ]
    (place / "in.jsonl").write_text("\n".join(json.dumps(r) for r in rows), "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        quick(patch)
        patch.chdir(place)
        report_run([place / "in.jsonl"], place / "run", spread=canned)
        prepare.prepare(place / "run", place / "codes", 4, [], 2, 4, 1, None, False)
        simulated.code(place / "run", place / "codes")
        for command in ("agree codes", "validate", "estimate", "compare", "corpus"):
            done = CliRunner().invoke(main, [str(a) for a in commands(place)[command][1]])
            assert done.exit_code == 0, done.output
    return place


def quick(patch: pytest.MonkeyPatch) -> None:
    """Let no notebook run, read without a process beside this one, draw one chart of a collection and few samples."""
    every = charts.plans
    patch.setattr(charts, "plans", lambda collection: every(collection)[:1])
    patch.setattr(parallel, "in_parallel", canned)
    patch.setattr(read, "Apart", lambda limits: None)
    patch.setattr(kind, "executed", lambda *_: Executed(nbformat.v4.new_notebook(), "{}", None))
    patch.setattr(agreement, "RESAMPLES", 20)


@pytest.fixture
def place(made, tmp_path, monkeypatch, caplog):
    """A copy of the folders, with a folder outside of them."""
    caplog.set_level(logging.INFO)
    quick(monkeypatch)
    shutil.copy(made / "in.jsonl", tmp_path / "in.jsonl")
    fresh(made, tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def fresh(made: Path, place: Path, folders: Iterable[str] = (*RUNS, "codes")) -> None:
    """Put back folders as they were, and nothing else."""
    for path in place.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name != "in.jsonl":
            path.unlink()
    for name in folders:
        shutil.copytree(made / name, place / name)
    (place / "outside").mkdir()


def commands(place: Path) -> dict[str, tuple[int, list | Callable[[], str]]]:
    """What opens each folder: how it ends where nothing is planted, and its arguments or a function."""
    run, codes, given, new = place / "run", place / "codes", place / "in.jsonl", place / "new"
    one = {
        "report": (0, ["report", given, "-o", run]),
        "compare onto it": (2, ["compare", given, "-o", run]),
        "corpus": (0, ["corpus", run, "-o", place / "collection"]),
        "corpus onto it": (2, ["corpus", run, "-o", run]),
        "rerun": (0, ["rerun", run, "--inputs", given]),
        "rerun plain": (0, ["rerun", run]),
        "share": (0, ["share", run, "--inputs", given, "-o", new / "run.zip"]),
        "sample": (0, ["sample", run, "-n", "4", "-o", new]),
        "agree in it": (1, ["agree", run / "coding"]),
        "validate": (0, ["validate", run, codes]),
        "estimate": (0, ["estimate", run, codes]),
        "calibrate": (1, ["frames", "calibrate", run, codes, "-o", new]),
        "excel": (0, ["excel", run, "-o", new / "run.xlsx"]),
        "serve": (0, lambda: served(run)),
        "explore": (0, lambda: explored(run)),
        "agree codes": (0, ["agree", codes]),
        "sample onto codes": (1, ["sample", run, "-n", "5", "--coders", "2", "--overlap", "4", "-o", codes]),
        "compare": (0, ["compare", given, "-o", place / "comparison"]),
    }
    for name in RUNS[1:]:
        folder, inputs = place / name, run if name == "collection" else given
        one |= {
            f"rerun {name}": (0, ["rerun", folder, "--inputs", inputs]),
            f"excel {name}": (0, ["excel", folder, "-o", new / "run.xlsx"]),
            f"share {name}": (0, ["share", folder, "--inputs", inputs, "-o", new / "run.zip"]),
            f"serve {name}": (0, lambda f=folder: served(f)),
            f"corpus of {name}": (1, ["corpus", folder, "-o", new]),
            f"sample of {name}": (1, ["sample", folder, "-n", "4", "-o", new]),
            f"explore {name}": (1, lambda f=folder: explored(f)),
        }
    return one


def served(run: Path) -> str:
    """Return all that a server gives of a run, whatever is asked for."""
    serve.server(run, port=0).server_close()
    paths = [
        Path(where, name).relative_to(run).as_posix()
        for where, _, names in os.walk(run, followlinks=True)
        for name in names
    ]
    files = (
        serve.found(run, f"/{path}") for path in [*paths, "../outside/x.html", "%2e%2e/outside/x.html", "way/x.html"]
    )
    return "".join(words(file) for file in files if file)


def explored(run: Path) -> str:
    """Return what the notebook that explores a run shows of it."""
    collection = explore.load(run)
    explore.export(collection, collection.articles, run.parent / "saved.csv")
    shown = "".join(explore.annotated(collection, id) for id in collection.articles["id"][:1])
    return shown + explore.overview(collection) + explore.listing(collection, collection.articles)


def words(path: Path) -> str:
    """Return all text that a file holds, unpacked."""
    raw = path.read_bytes()
    if path.suffix == ".parquet":
        return pa.parquet.read_table(path).to_pandas().to_csv()
    if path.suffix in (".xlsx", ".zip"):
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            raw = b"\n".join(archive.read(name) for name in archive.namelist())
    elif path.suffix == ".sqlite":
        store = sqlite3.connect(f"{path.as_uri()}?immutable=1", uri=True)
        tables = [name for (name,) in store.execute("select name from sqlite_master where type = 'table'")]
        cells = [cell for name in tables for row in store.execute(f"select * from {name}") for cell in row]
        store.close()
        raw = b"\n".join(unpacked(c) if isinstance(c, bytes) else str(c).encode() for c in cells)
    return raw.decode("utf-8", "replace")


def unpacked(packed: bytes) -> bytes:
    """Return what zlib packed, or the bytes themselves if it did not."""
    try:
        return zlib.decompress(packed)
    except zlib.error:
        return packed


def listing(folder: Path) -> dict[str, bytes | str]:
    """Return everything below a folder, links as what they name."""
    contents: dict[str, bytes | str] = {}
    for where, folders, names in os.walk(folder):
        for path in (Path(where, name) for name in (*folders, *names)):
            name = path.relative_to(folder).as_posix()
            contents[name] = (
                str(path.readlink()) if path.is_symlink() else path.read_bytes() if path.is_file() else "folder"
            )
    return contents


def stamps(place: Path) -> dict[Path, tuple]:
    """Return of each file beside the folder outside what changes when it is written."""
    paths = (
        Path(where, name) for where, _, names in os.walk(place) if Path(where) != place / "outside" for name in names
    )
    plain = ((path, path.lstat()) for path in paths if not path.is_relative_to(place / "outside"))
    return {path: (s.st_ino, s.st_size, s.st_mtime_ns, s.st_ctime_ns) for path, s in plain if stat.S_ISREG(s.st_mode)}


def held(place: Path, name: str, caplog: pytest.LogCaptureFixture) -> tuple[int, str]:
    """Run a command; return its exit code and what it printed, once it is sure that it reached nothing outside."""
    before, earlier = listing(place / "outside"), stamps(place)
    caplog.clear()
    _, what = commands(place)[name]
    (place / "new").mkdir(exist_ok=True) if name.startswith(("excel", "share")) else None
    if callable(what):
        try:
            code, output = 0, what()
        except (Stopped, explore.ExploreError) as error:
            code, output = 1, str(error)
    else:
        done = CliRunner().invoke(main, [str(a) for a in what])
        assert done.exception is None or isinstance(done.exception, SystemExit), f"{name}: {done.exception!r}"
        code, output = done.exit_code, done.output + caplog.text
    assert listing(place / "outside") == before, f"{name} changed what lies outside"
    assert SECRET not in output and "Traceback" not in output, f"{name}: {output}"
    for path in {path for path, stamp in stamps(place).items() if earlier.get(path) != stamp}:
        assert SECRET not in words(path), f"{name} copied it to {path.relative_to(place)}"
    return code, output


def through(made: Path, place: Path, command: str, names: Iterable[str], plant: Callable[[str], None], caplog) -> None:
    """Run a command in a folder where something is planted under each name, without what it names as a reason to stop,
    until it ends as it does where nothing is planted: each thing is then either refused, or lies there and is not
    reached."""
    left, expected = list(names), commands(place)[command][0]
    folders = {"run", *(folder for folder, several in OPENED_BY.items() if command in several)}
    while True:
        fresh(made, place, folders)
        for name in left:
            plant(name)
        code, output = held(place, command, caplog)
        if code == expected and (not code or "is a link" not in output):
            return
        named = [name for name in left if re.search(rf"[/ ]{re.escape(name)}[ /:]", output)]
        assert named, f"{command} ends with {code}: {output}"
        left = [name for name in left if name not in named]


def secret(path: Path, original: Path) -> None:
    """Write a file like `original`, as somebody's private run would have it, with the secret in it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if original.suffix == ".parquet":
        schema, kept = (
            pa.parquet.read_schema(original),
            (
                "id",
                "measure",
                "scope",
                "published",
                "source",
                "kind",
                "cue_class",
            ),
        )
        rows = pa.parquet.read_table(original).to_pylist() or [dict.fromkeys(schema.names)]
        texts = dict.fromkeys((f.name for f in schema if f.type in finished.TEXTS and f.name not in kept), SECRET)
        pa.parquet.write_table(pa.Table.from_pylist([row | texts for row in rows], schema=schema), path)
    elif original.suffix == ".sqlite":
        shutil.copy(original, path)
        store = sqlite3.connect(path)
        with store:
            store.execute("update notes set value = replace(value, 'in.jsonl', ?)", (SECRET,))
        store.close()
    else:
        text = original.read_bytes().decode("utf-8", "surrogateescape") if original.is_file() else ""
        for word in ("The Daily", "council", "reads", "question: ", "too few", "A run"):
            text = text.replace(word, word + SECRET if word.endswith(" ") else f"{word} {SECRET}", 1)
        path.write_bytes((text if SECRET in text else f"{text}{SECRET}\n").encode("utf-8", "surrogateescape"))


def link(made: Path, place: Path, folder: str, name: str, folders: bool) -> None:
    """Put a link to a file or folder outside in the place of one in the run; what was there lies outside, with the
    secret."""
    inner, outer, kept = place / folder / name, place / "outside" / name, made / "secret" / folder
    below = sorted(p.relative_to(inner) for p in inner.rglob("*") if p.is_file()) if folders else [Path()]
    for path in below:
        if not (kept / name / path).exists():
            secret(kept / name / path, made / folder / name / path)
        (outer / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(kept / name / path, outer / path)
    if folders:
        outer.mkdir(exist_ok=True)
        for own in ("own.txt", f"{PART}0"):
            (outer / own).write_text(SECRET)
        shutil.rmtree(inner, ignore_errors=True)
    else:
        inner.parent.mkdir(exist_ok=True)
        inner.unlink(missing_ok=True)
    inner.symlink_to(outer)
