"""Whatever of a user's lies where presslab writes is there afterwards, byte for byte; what is presslab's own is kept up
to date."""

import hashlib
import json
import os
from pathlib import Path
import shutil
import subprocess
import sys

from click.testing import CliRunner
import pytest

from coded import export
from presslab.cli import main
from presslab.coding import CodingError, commands, prepare, sample
from presslab.collecting.run import corpus_run
from presslab.runs import state
from presslab.runs.articles import report_run
from presslab.system import outputs
from presslab.system.files import Stopped
from presslab.system.outputs import OutputError
from presslab.system.parallel import Trouble, here
from stories import digests, stories, story
from test_package import canned

LAID = (
    "index.html",
    "articles/x.html",
    "events/x.html",
    "notebooks/x.ipynb",
    "tables/articles.csv",
    "figures/me.png",
    "failures/x.txt",
    "run.log",
    "codebook.csv",
    "inputs.csv",
    "manifest.csv",
    "datapackage.json",
    "coding/codes.csv",
    ".presslab/notes.txt",
    "codebook.yaml",
    "sample.csv",
    "design.json",
    "texts.jsonl",
    "form-coder-1.html",
    "sheet-coder-2.xlsx",
    "disagreements.csv",
    "agreement.html",
    "calibration.json",
    "calibrated.csv",
)
WAYS = ("report", "comparison", "collection", "coding", "calibration")

pytestmark = pytest.mark.usefixtures("in_this_process")


def lay(folder: Path, *names: str) -> dict[str, bytes]:
    """Files of a user's own; gives their bytes."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(f"{name}: a year of work\r\n".encode())
    return bytes_of(folder)


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def presslab(*words: object):
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture(scope="module")
def inputs(tmp_path_factory):
    return stories(tmp_path_factory.mktemp("inputs") / "in", 3, 3)


@pytest.fixture(scope="module")
def finished(tmp_path_factory, inputs):
    """A finished run of made-up rows."""
    folder = tmp_path_factory.mktemp("finished") / "run"
    report_run([inputs], folder, spread=canned)
    return folder


@pytest.fixture()
def run(finished, tmp_path):
    """A copy of the finished run."""
    return Path(shutil.copytree(finished, tmp_path / "run"))


@pytest.mark.parametrize("kind", WAYS)
@pytest.mark.parametrize("name", LAID)
def test_a_users_file_under_a_name_that_presslab_writes_is_refused_and_whole(kind, name, inputs, finished, tmp_path):
    before = lay(tmp_path / "out", name)
    command = {
        "report": ["report", inputs],
        "comparison": ["compare", inputs],
        "collection": ["corpus", inputs],
        "coding": ["sample", finished, "-n", 4],
        "calibration": ["frames", "calibrate", finished, finished.parent],
    }[kind]
    in_the_way = name.split("/")[0] in outputs.NAMES[kind]
    if in_the_way:
        done = presslab(*command, "-o", tmp_path / "out")
        assert done.exit_code == 2, done.output
        assert len(done.output.strip().splitlines()) == 1 and name.split("/")[0] in done.output and "-o" in done.output
        assert bytes_of(tmp_path / "out") == before
    else:
        outputs.claim(tmp_path / "out", kind)  # free to write beside it


def test_files_that_are_in_nobodys_way_lie_beside_the_run(inputs, tmp_path):
    before = lay(tmp_path / "out", "README.md", ".gitignore", "notes/plan.txt")
    (tmp_path / "out" / "articles").mkdir()  # an empty folder is no obstacle
    assert report_run([inputs], tmp_path / "out", spread=canned).made == 3
    assert before.items() <= bytes_of(tmp_path / "out").items()
    assert report_run([inputs], tmp_path / "out", spread=canned).kept == 3


@pytest.mark.parametrize("kind", WAYS)
def test_a_folder_of_another_kind_is_refused(kind, run):
    before = bytes_of(run)
    if kind == "report":
        outputs.claim(run, kind)
    else:
        with pytest.raises(OutputError, match="holds a run of presslab report"):
            outputs.claim(run, kind)
    shutil.rmtree(run / ".presslab")  # its data package says so too
    assert outputs.kind(run) == "report"
    assert {name for name in before if not name.startswith(".")} == set(bytes_of(run))


def edited(path: Path, same_size: bool) -> bytes:
    """Change a file by hand; gives its new bytes."""
    raw = path.read_bytes()
    raw = raw[:-3] + b"***" if same_size else raw + b"<p>my note</p>"
    path.write_bytes(raw)
    return raw


@pytest.mark.parametrize("same_size", [True, False])
def test_what_was_changed_or_added_by_hand_in_a_run_is_kept_and_named(run, inputs, same_size, caplog):
    clean = digests(run)
    mine = {name: edited(run / name, same_size) for name in ("articles/a000.html", "index.html", "tables/measures.csv")}
    added = lay(run / "articles", "my-notes.html") | {}
    lay(run / "failures", "seen.txt")
    done = report_run([inputs], run, spread=canned)
    assert (done.made, done.kept) == (1, 2)
    for name, raw in mine.items():
        path = run / name
        assert path.with_name(f"{path.stem}.kept{path.suffix}").read_bytes() == raw
        assert f"{name} was changed" in caplog.text and f"{name} was changed" in (run / "run.log").read_text()
    assert (run / "articles" / "my-notes.html").read_bytes() == added["my-notes.html"] and (
        run / "failures" / "seen.txt"
    ).exists()
    now = digests(run)
    assert {name: now[name] for name in clean} == clean


def test_a_changed_report_of_an_article_that_is_gone_is_kept(run, inputs, tmp_path, caplog):
    mine = edited(run / "articles" / "a001.html", True)
    two = [inputs / "a000.txt", inputs / "a002.txt"]
    report_run(two, run, spread=canned, prune=True)
    assert (run / "articles" / "a001.html").read_bytes() == mine and "articles/a001.html was changed" in caplog.text
    assert not (run / "notebooks" / "a001.ipynb").exists()
    report_run([inputs], run, spread=canned)  # it comes back: the changed one makes room
    assert (run / "articles" / "a001.kept.html").read_bytes() == mine


def test_the_traceback_of_a_failure_goes_with_it_and_no_other(inputs, tmp_path):
    def failing(task, items):
        for (job,) in items:
            yield (job,), Trouble(f"it broke on {job.id}", 3, "Traceback\n")

    out = tmp_path / "out"
    report_run([inputs], out, spread=failing)
    assert {p.name for p in (out / "failures").iterdir()} == {f"a{n:03}.txt" for n in range(3)}
    (out / "failures" / "a001.txt").write_text("Traceback\nI know why\n")
    report_run([inputs], out, spread=canned)
    assert {p.name for p in (out / "failures").iterdir()} == {"a001.txt"}


@pytest.mark.parametrize("harm", ["gone", "damaged", "garbled"])
def test_a_run_without_its_memory_is_continued_and_nothing_is_lost_or_doubled(run, inputs, harm, tmp_path):
    before, out = digests(run), run
    if harm == "gone":
        shutil.rmtree(out / ".presslab")
    else:
        path = next((out / ".presslab").glob("*.sqlite"))
        raw = path.read_bytes()
        path.write_bytes(b"no database" * 1000 if harm == "damaged" else raw[:100] + bytes(len(raw) - 100))
    mine = edited(out / "articles" / "a002.html", False)
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "b.txt").write_text(story(9), "utf-8")
    done = report_run([inputs, tmp_path / "more"], out, spread=canned)
    assert done.made == 4
    assert [p.name for p in out.rglob("*.kept*")] == ["a002.kept.html"] and (
        out / "articles" / "a002.kept.html"
    ).read_bytes() == mine
    report_run([inputs], out, spread=canned, prune=True)
    (out / "articles" / "a002.kept.html").unlink()
    assert digests(out) == before


def test_only_half_written_files_of_presslab_are_cleared(run, inputs):
    mine = lay(run / "articles", ".draft.part", ".my.html.part")
    (run / "articles" / ".presslab-part-0123456789abcdef").write_text("half")
    report_run([inputs], run, spread=canned)
    assert mine.items() <= bytes_of(run / "articles").items()
    assert not list(run.rglob(".presslab-part-*"))


@pytest.mark.parametrize(
    "name", ["articles", "tables", "failures", ".presslab", "index.html", "run.log", "manifest.csv"]
)
def test_no_link_in_a_run_is_followed(run, inputs, tmp_path, name):
    target = tmp_path / "elsewhere"
    shutil.move(run / name, target)
    (run / name).symlink_to(target)
    before = bytes_of(target) if target.is_dir() else target.read_bytes()
    done = presslab("report", inputs, "-o", run)
    assert done.exit_code == 2 and "is a link" in done.output, done.output
    assert (bytes_of(target) if target.is_dir() else target.read_bytes()) == before


@pytest.mark.parametrize("name", ["run.log", ".presslab/lock", state.FILE])
@pytest.mark.parametrize("how", ["link", "second name"])
def test_log_lock_and_state_that_are_another_file_are_refused(run, inputs, tmp_path, name, how):
    target = tmp_path / "elsewhere"
    shutil.move(run / name, target)
    (run / name).symlink_to(target) if how == "link" else os.link(target, run / name)
    before = target.read_bytes()
    with pytest.raises((Stopped, OutputError), match="link|plain file"):
        report_run([inputs], run, spread=canned)
    assert target.read_bytes() == before


def test_a_state_that_names_files_elsewhere_reaches_none(run, inputs, tmp_path):
    import sqlite3

    victim = tmp_path / "victim.html"
    victim.write_text("mine")
    digest = hashlib.sha256(b"mine").hexdigest()
    with sqlite3.connect(run / state.FILE) as store:
        store.execute("insert into made values ('gone', 'k', ?, '')", (json.dumps({"../victim.html": [4, digest]}),))
        store.execute("insert into written values ('../victim.html', 4, ?, 0)", (digest,))
    with pytest.raises(Stopped, match="no path inside the folder"):
        report_run([inputs], run, spread=canned, prune=True)
    assert victim.read_text() == "mine"


@pytest.mark.slow
def test_a_users_own_figure_stays_in_a_collection(run, tmp_path, caplog):
    rows = [{"id": f"a{n}", "text": story(n, 4), "outlet": "One"} for n in range(2)]
    (tmp_path / "t.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    out = tmp_path / "collection"
    corpus_run([tmp_path / "t.jsonl"], out, spread=here)
    mine = lay(out / "figures", "me.png")["me.png"]
    old = out / "figures" / "heard.svg"
    with state.State(out, "collection").ours.store as store:
        store.execute("insert into written values ('figures/old.svg', 3, ?, 0)", (hashlib.sha256(b"old").hexdigest(),))
    (out / "figures" / "old.svg").write_bytes(b"old")
    changed = edited(old, False)
    corpus_run([tmp_path / "t.jsonl"], out, spread=here)
    assert (out / "figures" / "me.png").read_bytes() == mine and "me.png" not in (out / "manifest.csv").read_text()
    assert not (out / "figures" / "old.svg").exists() and (out / "figures" / "heard.kept.svg").read_bytes() == changed


TABLES = {"measure": ".csv", "read": ".csv", "attributions": ".jsonl", "clean": ".jsonl", "excel": ".xlsx"}


def words(command: str, inputs: Path, finished: Path, output: Path) -> list:
    """A command that writes one file, with its inputs."""
    return [command, finished if command == "excel" else inputs, "-o", output]


@pytest.mark.parametrize(("command", "ending"), TABLES.items())
def test_a_file_that_presslab_did_not_write_is_replaced_with_force_alone(command, ending, inputs, finished, tmp_path):
    output = tmp_path / f"out{ending}"
    mine = lay(tmp_path, output.name)[output.name]
    done = presslab(*words(command, inputs, finished, output))
    assert done.exit_code == 2 and "--force" in done.output and len(done.output.strip().splitlines()) == 1, done.output
    assert output.read_bytes() == mine
    assert presslab(*words(command, inputs, finished, output), "--force").exit_code == 0
    first = output.read_bytes()
    assert first != mine
    assert presslab(*words(command, inputs, finished, output)).exit_code == 0  # its own, as it left it
    assert output.read_bytes() == first
    output.write_bytes(first + b"\n")  # a note was added
    assert presslab(*words(command, inputs, finished, output)).exit_code == 2 and output.read_bytes() == first + b"\n"
    assert {p.name for p in tmp_path.iterdir()} == {output.name}


@pytest.mark.parametrize(("command", "ending"), TABLES.items())
def test_a_link_is_not_followed_and_a_folder_is_no_file(command, ending, inputs, finished, tmp_path):
    target = tmp_path / f"target{ending}"
    mine = lay(tmp_path, target.name)[target.name]
    for name, there in (("link", target), ("dangling", tmp_path / "nowhere")):
        link = tmp_path / f"{name}{ending}"
        link.symlink_to(there)
        assert presslab(*words(command, inputs, finished, link)).exit_code == 2 and link.is_symlink()
        assert presslab(*words(command, inputs, finished, link), "--force").exit_code == 0
        assert not link.is_symlink() and target.read_bytes() == mine and not (tmp_path / "nowhere").exists()
    folder = tmp_path / f"folder{ending}"
    folder.mkdir()
    assert presslab(*words(command, inputs, finished, folder), "--force").exit_code == 2 and folder.is_dir()


@pytest.mark.parametrize("command", ["measure", "read", "attributions", "clean", "report", "compare", "corpus"])
def test_nothing_is_created_where_there_is_nothing_to_read(command, tmp_path):
    (tmp_path / "empty").mkdir()
    output = tmp_path / "new" / "deep" / (f"out{TABLES[command]}" if command in TABLES else "out")
    for given in (tmp_path / "absent.txt", tmp_path / "empty", tmp_path / "*.html"):
        done = presslab(command, given, "-o", output)
        assert done.exit_code == 2 and len(done.output.strip().splitlines()) == 1, done.output
        assert not (tmp_path / "new").exists()
    if command in TABLES:
        (tmp_path / "bad.txt").write_bytes(b"")
        assert presslab(command, tmp_path / "bad.txt", "-o", output).exit_code == 1 and not (tmp_path / "new").exists()
    assert (
        presslab(command, tmp_path / "bad.txt", "-o", tmp_path / "new" / "out.doc", "--no-such-option").exit_code == 2
    )
    assert not (tmp_path / "new").exists()


def spellings(folder: Path, name: str) -> dict[str, Path]:
    """Names of one file."""
    (folder / "alias").symlink_to(folder)
    (folder / "link.csv").symlink_to(folder / name)
    os.link(folder / name, folder / "twin.csv")
    return {
        "itself": folder / name,
        "dots": folder / "x" / ".." / name,
        "folder link": folder / "alias" / name,
        "link": folder / "link.csv",
        "hard link": folder / "twin.csv",
    }


@pytest.mark.parametrize("command", ["measure", "read"])
@pytest.mark.parametrize("how", ["itself", "dots", "folder link", "link", "hard link"])
@pytest.mark.parametrize("force", [[], ["--force"]])
def test_an_output_that_is_an_input_is_refused_by_every_spelling(command, how, force, tmp_path, monkeypatch):
    (tmp_path / "x").mkdir()
    (tmp_path / "t.csv").write_text(f'id,text\na,"{story(1, 3)}"\n')
    path = spellings(tmp_path, "t.csv")[how]
    before = bytes_of(tmp_path)
    done = presslab(command, tmp_path / "t.csv", "-o", path, *force)
    assert (
        done.exit_code == 2
        and bytes_of(tmp_path) == before
        and "is an input too" in done.output
        or how == "link"
        and not force
    ), done.output
    monkeypatch.chdir(tmp_path)
    assert presslab(command, "t.csv", "-o", "./x/../t.csv", *force).exit_code == 2
    assert presslab(command, "*.csv", "-o", tmp_path / "t.csv", *force).exit_code == 2
    assert presslab(command, ".", "-o", "x/new.csv", *force).exit_code == 2  # the next call would read it
    assert presslab(command, tmp_path / "alias", "-o", "new.csv", *force).exit_code == 2
    assert bytes_of(tmp_path) == before


def test_frames_and_corrections_are_inputs_too(inputs, tmp_path):
    (tmp_path / "a.txt").write_text(story(1, 3))
    (tmp_path / "a.corrections.yaml").write_text("[]\n")
    frames = tmp_path / "frames.csv"
    frames.write_bytes((Path(__file__).parents[1] / "seeds" / "frames" / "war_peace.yaml").read_bytes())
    before = bytes_of(tmp_path)
    assert presslab("measure", tmp_path / "a.txt", "-o", frames, "--frames", frames, "--force").exit_code == 2
    (tmp_path / "twin.csv").symlink_to(tmp_path / "a.corrections.yaml")
    assert presslab("measure", tmp_path / "a.txt", "-o", tmp_path / "twin.csv", "--force").exit_code == 2
    (tmp_path / "twin.csv").unlink()
    out = tmp_path / "out"
    out.mkdir()
    shutil.copy(frames, out / "mine.yaml")
    assert presslab("report", tmp_path / "a.txt", "-o", out, "--frames", out / "mine.yaml").exit_code == 2
    shutil.rmtree(out)
    assert bytes_of(tmp_path) == before


def test_no_input_of_a_run_lies_in_its_folder(run, inputs, tmp_path, monkeypatch):
    before = bytes_of(run)
    (tmp_path / "alias").symlink_to(run)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "linked.html").symlink_to(run / "articles" / "a000.html")
    for given in (
        run / "articles" / "a000.html",
        run / "articles",
        run,
        tmp_path / "alias" / "articles" / "a001.html",
        tmp_path / "in",
    ):
        for command in ("report", "compare", "corpus"):
            done = presslab(command, given, "-o", run)
            assert done.exit_code == 2 and len(done.output.strip().splitlines()) == 1, (command, given, done.output)
    monkeypatch.chdir(tmp_path)
    assert presslab("report", "run/articles/a000.html", "-o", "./in/../run").exit_code == 2
    assert bytes_of(run) == before


def test_the_run_folder_among_the_inputs_is_skipped_with_a_line(inputs, tmp_path, monkeypatch, caplog):
    shutil.copytree(inputs, tmp_path / "work")
    monkeypatch.chdir(tmp_path / "work")
    for count in (3, 0, 0):
        assert report_run(["."], Path("reports"), spread=canned).made == count
    assert "'reports' holds a run of presslab report: it is not read" in caplog.text
    prepare.prepare(Path("reports"), Path("coding"), 3)
    caplog.clear()
    done = presslab("clean", ".", "-o", "../c.jsonl")
    assert done.exit_code == 0 and len((tmp_path / "c.jsonl").read_text().splitlines()) == 3
    assert "'reports' holds" in caplog.text and "'coding' holds a sample" in caplog.text
    assert presslab("clean", "reports", "-o", "../d.jsonl").exit_code == 2 and not (tmp_path / "d.jsonl").exists()


def test_a_second_sample_keeps_codebook_forms_sheets_and_codes(run, tmp_path):
    folder = tmp_path / "coding"
    prepare.prepare(run, folder, 3, coders=1)
    book = (folder / "codebook.yaml").read_bytes()
    mine = {
        "codebook.yaml": book + b"# agreed on Monday\n",
        "sheet-coder-1.xlsx": edited(folder / "sheet-coder-1.xlsx", False),
        "notes.txt": b"mine",
    }
    for name, raw in mine.items():
        (folder / name).write_bytes(raw)
    export(folder, "coder-9", {sample.load(folder)[0]["id"][0]: {"frame_conflict": 1}})
    mine["codes-coder-9.json"] = (folder / "codes-coder-9.json").read_bytes()
    told = "\n".join(prepare.prepare(run, folder, 3, coders=1))
    assert (
        mine.items() <= bytes_of(folder).items()
        and "codebook.yaml was changed by hand" in told
        and "sheet-coder-1.xlsx was changed by hand" in told
    )
    assert "\n".join(prepare.prepare(run, folder, 3, codebook=folder / "codebook.yaml"))  # the one that is there
    other = tmp_path / "other.yaml"
    other.write_bytes(book.replace(b"ask: ", b"ask: Really, ", 1))
    with pytest.raises(CodingError, match="was changed by hand"):
        prepare.prepare(run, folder, 3, codebook=other)
    (folder / "codebook.yaml").write_bytes(book)
    with pytest.raises(CodingError, match="made with another codebook"):
        prepare.prepare(run, folder, 3, codebook=other)
    assert (folder / "codes-coder-9.json").read_bytes() == mine["codes-coder-9.json"]


def test_agree_and_validate_keep_what_people_wrote(run, tmp_path):
    folder = tmp_path / "coding"
    prepare.prepare(run, folder, 3, coders=2, overlap=3)
    ids = list(sample.load(folder)[0]["id"])
    for coder, value in (("coder-1", 0), ("coder-2", 1)):
        export(folder, coder, {id: {"frame_conflict": value} for id in ids})
    commands.agree(folder)
    filled = (folder / "disagreements.csv").read_bytes().replace(b"\n", b"1\n").replace(b"value1\n", b"value\n")
    (folder / "disagreements.csv").write_bytes(filled)
    (folder / "agreed.csv").write_text(f"id,question,value\n{ids[0]},frame_conflict,1\n")
    before = bytes_of(folder)
    told = "\n".join(commands.agree(folder))
    assert "disagreements.csv was changed by hand" in told
    kept = (
        "disagreements.csv",
        "agreed.csv",
        "codebook.yaml",
        "codes-coder-1.json",
        "codes-coder-2.json",
        "sample.csv",
    )
    assert {name: bytes_of(folder)[name] for name in kept} == {name: before[name] for name in kept}
    mine = lay(run / "coding", "codes.csv", "plan.txt")
    told = "\n".join(commands.validate(run, folder))
    now = bytes_of(run / "coding")
    assert (
        now["plan.txt"] == mine["plan.txt"]
        and now["codes.kept.csv"] == mine["codes.csv"]
        and "coding/codes.kept.csv" in told
    )
    assert "codes.kept-2.csv" not in (commands.validate(run, folder), bytes_of(run / "coding"))[1]


def test_make_clean_takes_away_what_presslab_made_and_nothing_else(run):
    added = lay(run, "README.md", "articles/notes.txt", "coding/plan.txt", "index.kept.html")
    mine = {name: added[name] for name in ("README.md", "articles/notes.txt", "coding/plan.txt", "index.kept.html")}
    mine["articles/a001.html"] = edited(run / "articles" / "a001.html", True)
    root = Path(__file__).resolve().parents[1]
    done = subprocess.run(
        [sys.executable, "-m", "presslab.runs.folder", str(run)], cwd=root, capture_output=True, text=True
    )
    assert done.returncode == 0 and "articles/a001.html was changed" in done.stdout, done.stderr
    assert bytes_of(run) == mine and not (run / "tables").exists() and not (run / ".presslab").exists()
    recipe = (root / "Makefile").read_text().split("\nclean:")[1].split("\n\n")[0]
    assert "-m presslab.runs.folder reports" in recipe and "reports/" not in recipe.split("\n", 1)[1].replace(
        "presslab.runs.folder reports", ""
    )


def test_saving_a_selection_takes_no_name_that_is_taken(tmp_path):
    from presslab.explore.saving import _free

    lay(tmp_path, "ferry.csv", "ferry-3.frames.yaml")
    (tmp_path / "ferry-2.csv").symlink_to(tmp_path / "nowhere")
    assert _free(tmp_path / "ferry.csv").name == "ferry-4.csv"


def test_the_one_run_that_corpus_is_given_is_its_input(run, tmp_path):
    done = presslab("corpus", run, "-o", tmp_path / "out")
    assert "no article to read" not in done.output and done.exit_code != 2, done.output
    inside = run / "collection"  # as in the README: a folder within the run, which is none of its own
    assert presslab("corpus", run, "-o", inside).exit_code == done.exit_code
