"""Nothing that comes from files, names or libraries reaches a terminal or a log as a control character, or as a line of
its own."""

from contextlib import closing
import io
import json
import logging
import os
import re
import sqlite3
import subprocess
import sys
import warnings

from click.testing import CliRunner
import pandas as pd
import pytest

from presslab.cli import main
from presslab.coding import codebook, form, prepare, sample
from presslab.runs.articles import report_run
from presslab.system import ours, outputs, terminal
from presslab.system.parallel import here
from stories import story

pytestmark = pytest.mark.usefixtures("in_this_process")

EVIL = "a\x1b]0;pwned\x07\x1b[2Jb\x9b31mc\x85d\u202ee\u2066f\u200fg\rh\ti\x00j\x7fk\u2028l"
LINE = "x\nError: all is well\n"
RAW = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def test_what_is_visible():
    assert (
        not RAW.search(terminal.visible(EVIL)) and terminal.visible("a\nb\r\nc  ü – 中 👩‍💻") == "a\nb\nc  ü – 中 👩‍💻"
    )
    assert (
        terminal.line(LINE + EVIL).count("\n") == 0
        and terminal.line("  a   b") == "  a   b"
        and terminal.visible("\ud800") == "?"
    )


def test_all_that_a_guarded_process_prints_is_visible(monkeypatch):
    out, err = io.StringIO(), io.StringIO()
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", err)
    terminal.guard()
    terminal.guard()
    print(EVIL)
    sys.stdout.writelines([EVIL, "\n"])
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        monkeypatch.setattr(warnings, "showwarning", lambda message, *_: sys.stderr.write(str(message)))
        warnings.warn(EVIL)
    handler = logging.StreamHandler(sys.stderr)
    handler.emit(logging.LogRecord("x", logging.WARNING, "x", 1, EVIL, (), None))
    assert "pwned" in out.getvalue() and "pwned" in err.getvalue() and not RAW.search(out.getvalue() + err.getvalue())


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Articles, files, outlets and ids with hostile names, and a run of them with a coded sample."""
    place = tmp_path_factory.mktemp("terminal")
    rows = [
        {
            "id": f"{n}{EVIL}",
            "title": EVIL,
            "outlet": EVIL + LINE,
            "byline": EVIL,
            "published": f"2026-0{1 + n // 3}-01",
            "event": "one",
            "text": story(n) + f"\n\n{EVIL} said {EVIL} on Monday to the council.",
        }
        for n in range(5)
    ]
    rows += [{"id": f"short{EVIL}{LINE}", "text": EVIL}, {"id": EVIL, "text": ""}]
    (place / "t.jsonl").write_text("\n".join(json.dumps(r) for r in rows), "utf-8")
    (place / "files").mkdir()
    evil = EVIL.replace("\0", "")
    for name in (f"{evil}.txt", f"{LINE}.txt", f"{evil}.xlsx", f"{evil}.json", f"{evil}.docx"):
        (place / "files" / name).write_bytes(f"{EVIL} no article".encode())
    (place / "frame.yaml").write_text(
        "name: own\nlabel: Own\nquestion: How?\nsource: none\nterms: [council,"
        f' "{evil.encode("unicode_escape").decode()}"]\n',
        "ascii",
    )
    report_run([place / "t.jsonl"], place / "run", spread=here)
    prepare.prepare(place / "run", place / "codes", 4, [], 1, 0, 1, None, False)
    return place


def raw_of(*texts: str) -> list[str]:
    return [match for text in texts for match in RAW.findall(text)]


COMMANDS = {
    "report": lambda p: ["report", p / "t.jsonl", p / "files", "-o", p / "run2", "--jobs", "1"],
    "compare": lambda p: ["compare", p / "t.jsonl", "-o", p / "events", "--jobs", "1"],
    "measure": lambda p: ["measure", p / "t.jsonl", p / "files", "-o", p / "m.csv", "--jobs", "1"],
    "attributions": lambda p: ["attributions", p / "t.jsonl", "-o", p / "a.jsonl", "--jobs", "1"],
    "clean": lambda p: ["clean", p / "files", p / "t.jsonl", "-o", p / "c.jsonl"],
    "read": lambda p: ["read", p / "files", p / "t.jsonl", "-o", p / "r.csv"],
    "missing": lambda p: ["read", p / EVIL.replace("\0", ""), "-o", p / "r.csv"],
    "frames": lambda p: ["frames", "check", p / "frame.yaml", "--on", p / "t.jsonl"],
    "corpus": lambda p: ["corpus", p / "run", "-o", p / "collection", "--title", EVIL],
    "sample": lambda p: ["sample", p / "run", "-n", "4", "--by", "outlet", "-o", p / "codes2"],
    "agree": lambda p: ["agree", p / "codes"],
    "validate": lambda p: ["validate", p / "run", p / "codes"],
    "estimate": lambda p: ["estimate", p / "run", p / "codes"],
    "calibrate": lambda p: ["frames", "calibrate", p / "run", p / "codes", "-o", p / "shares"],
    "excel": lambda p: ["excel", p / "run", "-o", p / "x.xlsx"],
    "rerun": lambda p: ["rerun", p / "run", "--inputs", p / "files", "--jobs", "1"],
    "option": lambda p: ["excel", p / "run", f"--{EVIL}"],
    "output": lambda p: ["excel", p / "run", "-o", f"{EVIL}.doc"],
    "folder": lambda p: ["agree", EVIL],
    "codebook": lambda p: ["sample", p / "run", "--codebook", p / "evil.yaml"],
}


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.slow
def test_no_command_prints_a_control_character(place, name):
    (place / "evil.yaml").write_text('title: x\nquestions:\n- name: "\\e[2J\\u202e"\n  ask: x\n  scale: y\n', "utf-8")
    done = CliRunner().invoke(main, [str(a).replace("\0", "") for a in COMMANDS[name](place)])
    assert done.exception is None or isinstance(done.exception, SystemExit), repr(done.exception)
    assert not raw_of(done.output), done.output
    assert not [line for line in done.output.splitlines() if line.startswith("Error: all is well")], done.output
    for path in (*place.rglob("run.log"), *place.rglob("failures/*.txt")):
        assert not raw_of(path.read_text("utf-8")) and "\nError: all" not in path.read_text("utf-8"), path


def test_what_a_coder_is_called_and_what_is_wrong_with_codes_is_one_plain_line(place):
    _, design = sample.load(place / "codes")
    book = codebook.load(place / "codes" / "codebook.yaml")
    good = {
        "format": "presslab codes 1",
        "sample": design.sample,
        "codebook": form.fingerprint(book),
        "coder": "ada",
        "articles": [],
    }
    entry = {"id": "x", "answers": {}, "marks": [], "comment": "", "uncodable": False}
    cases = [
        good | {"coder": EVIL},
        good | {"articles": [entry | {"id": EVIL + LINE}]},
        good | {"articles": [entry | {"answers": {EVIL + LINE: 1}}]},
        good | {EVIL + LINE: 1},
        good | {"format": LINE},
    ]
    for number, case in enumerate(cases):
        (place / "codes" / f"codes{EVIL}.json".replace("\0", "")).write_text(json.dumps(case), "utf-8")
        done = CliRunner().invoke(main, ["agree", str(place / "codes")])
        assert done.exit_code == 1 and len(done.output.splitlines()) == 1 and not raw_of(done.output), (
            number,
            done.output,
        )
    (place / "codes" / f"codes{EVIL}.json".replace("\0", "")).unlink()
    (place / "codes" / "agreed.csv").write_text(
        pd.DataFrame([{"id": EVIL, "question": LINE, "value": "1"}]).to_csv(index=False), "utf-8"
    )
    done = CliRunner().invoke(main, ["agree", str(place / "codes")])
    (place / "codes" / "agreed.csv").unlink()
    assert done.exit_code == 1 and not raw_of(done.output), done.output


@pytest.mark.slow
def test_the_real_command_too(place):
    """With streams of the system, and what its workers print."""
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "presslab.cli",
            "report",
            str(place / "files"),
            "-o",
            str(place / "run3"),
            "--jobs",
            "1",
        ],
        capture_output=True,
        env=dict(os.environ),
    )
    assert done.returncode == 1 and b"presslab: " in done.stderr and not raw_of((done.stdout + done.stderr).decode())


def test_warnings_that_name_a_folder_or_a_file_are_one_visible_line(tmp_path, monkeypatch, caplog):
    """Also where nothing guards the streams, as in a notebook."""
    hostile = tmp_path / ((EVIL + LINE).replace("\0", "").replace("/", ""))
    hostile.mkdir()
    (hostile / "datapackage.json").write_text("[]")
    with closing(sqlite3.connect(":memory:")) as store:
        store.execute("create table made (id, key, files, rows)")
        ours.Ours(hostile, store)
    monkeypatch.setenv("PRESSLAB_CACHE", str(hostile))
    (hostile / "written-1.sqlite").write_text("no database, but a long text of somebody's" * 100)
    (hostile / "partial").write_text("x")
    outputs.publish(hostile / "partial", hostile / "whole")
    with pytest.raises(outputs.OutputError):
        outputs.free(hostile / "whole", False)
    said = [record.getMessage() for record in caplog.records]
    assert len(said) == 3 and not any("\n" in text or RAW.search(text) for text in said), said
