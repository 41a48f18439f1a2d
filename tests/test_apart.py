"""Reading within limits: a file that hangs, crashes or eats memory is one line, and what came before and after it is
read."""

import ctypes
import os
from pathlib import Path
import subprocess
import sys
import time

import pytest

import made
from presslab.reading import formats, from_text
from presslab.reading.account import Account
from presslab.reading.article import Article, Failure
from presslab.reading.clean import clean
from presslab.reading.read import read
from presslab.system import child
from presslab.system.apart import Apart, Ended
from presslab.system.parallel import Limits

GOOD = "\n\n".join(made.ONE)


def counted(most: int, then: str):
    yield from range(most)
    if then == "hangs":
        time.sleep(60)
    elif then == "dies":
        os.kill(os.getpid(), 9)
    elif then == "crashes":
        ctypes.string_at(0)
    elif then == "eats":
        bytearray(2**32)
    elif then == "raises":
        raise KeyError("a fault")


@pytest.fixture(params=["forked", "spawned"])
def process(request, monkeypatch):
    monkeypatch.setattr(child, "started", child.Forked if request.param == "forked" else child.Spawned)
    one = Apart(Limits(2**31, 15))
    yield one
    one.close()


@pytest.mark.parametrize(
    "then, words",
    [
        ("hangs", "took longer than 2 s"),
        ("dies", "SIGKILL"),
        ("crashes", "SIGSEGV"),
        ("eats", "MemoryError"),
        ("raises", "KeyError"),
    ],
)
@pytest.mark.slow
def test_what_came_before_the_trouble_is_kept_and_the_next_task_is_done(process, then, words):
    if then == "hangs":  # it has started, which may take seconds, before its patience is short
        assert list(process.items(counted, 1, "")) == [0]
        process.limits = Limits(2**31, 2)
    came = []
    with pytest.raises(Ended, match=words):
        for item in process.items(counted, 3, then):
            came.append(item)
    assert came == [0, 1, 2]
    process.limits = Limits(2**31, 15)
    assert list(process.items(counted, 2, "")) == [0, 1]


def test_a_consumer_that_stops_early_ends_the_process_and_leaves_no_rest_for_the_next(process):
    items = process.items(counted, 100_000, "")
    assert next(items) == 0
    items.close()
    assert list(process.items(counted, 2, "")) == [0, 1]


def test_the_process_ends_with_a_parent_that_is_killed():
    code = (
        "from presslab.system.apart import Apart; from presslab.system.parallel import Limits; import os, sys;"
        " sys.path.insert(0, 'tests'); import test_apart\na = Apart(Limits()); i = a.items(test_apart.counted, 1,"
        " 'hangs'); next(i); print(a._child.pid, flush=True); os.kill(os.getpid(), 9)"
    )
    one_thread = os.environ | {"OPENBLAS_NUM_THREADS": "1"}  # else the process is spawned, and has another way to end
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        cwd=Path(__file__).resolve().parents[1],
        timeout=60,
        env=one_thread,
    )
    time.sleep(0.5)
    state = Path(f"/proc/{int(done.stdout)}/stat")
    assert not state.exists() or state.read_text().rsplit(")", 1)[1].split()[0] == "Z"


TROUBLES = {
    "hangs": (lambda: time.sleep(60), "took longer than 5 s"),
    "dies": (lambda: os.kill(os.getpid(), 9), "its process ended (signal SIGKILL"),
    "eats": (lambda: bytearray(2**33), "needs more memory"),
    "recurses": (lambda: TROUBLES["recurses"][0](), "RecursionError"),
    "is_wrong": (lambda: {}["nothing of that name"], "KeyError: 'nothing of that name'"),
}


@pytest.fixture()
def troubled(monkeypatch):
    """A reader that comes to grief in the middle of a file whose name says how."""
    real = formats._items

    def items(source, known):
        yield from real(source, known)
        if (stem := Path(source.name).stem) in TROUBLES:
            TROUBLES[stem][0]()

    monkeypatch.setattr(formats, "_items", items)
    monkeypatch.setattr(child, "started", child.Forked)  # a new interpreter would not have the reader above


@pytest.mark.parametrize("name", TROUBLES)
def test_a_reader_in_trouble_is_one_line_and_no_article_is_lost(troubled, tmp_path, name):
    for file in ("a.txt", "z.txt"):
        (tmp_path / file).write_text(GOOD, "utf-8")
    rows = "".join(f'{{"id": "r{n}", "text": "{" ".join(made.TWO)}"}}\n' for n in range(3))
    (tmp_path / f"{name}.jsonl").write_text(rows, "utf-8")
    accounts: list[Account] = []
    items = list(read([tmp_path], any_language=True, accounts=accounts, limits=Limits(2**32, 5)))
    assert [i.id for i in items if isinstance(i, Article)][:3] == ["a", "r0", "r1"] and items[-1].id == "z"
    failed = [i for i in items if isinstance(i, Failure)]
    assert len(failed) == 1 and TROUBLES[name][1] in failed[0].reason and "\n" not in failed[0].reason
    assert failed[0].passing == (name in ("hangs", "dies", "eats"))
    assert len(accounts) == 3 and sum(a.read for a in accounts) == sum(isinstance(i, Article) for i in items)


@pytest.mark.parametrize("name", ["recurses", "is_wrong", "eats"])
def test_a_member_in_trouble_leaves_the_others_of_its_archive(troubled, tmp_path, name):
    (tmp_path / "a.zip").write_bytes(
        made.zipped({"a.txt": GOOD.encode(), f"{name}.txt": GOOD.encode() + b" Once more.", "z.txt": GOOD.encode()})
    )
    items = list(read([tmp_path / "a.zip"], any_language=True, limits=Limits(2**32, 20)))
    assert [i.id for i in items if isinstance(i, Article)][::2] == ["a-a", "a-z"]
    assert [TROUBLES[name][1] in i.reason for i in items if isinstance(i, Failure)] == [True]


def test_limited_and_unlimited_reading_give_the_same(tmp_path):
    (tmp_path / "a.txt").write_text(GOOD, "utf-8")
    (tmp_path / "export.txt").write_text(made.nexis_text(), "utf-8")
    (tmp_path / "bad.xml").write_text("<?xml version='1.0'?><nitf>", "utf-8")
    accounts: tuple[list, list] = ([], [])
    one, two = (list(read([tmp_path], accounts=a, limits=limits)) for a, limits in zip(accounts, (None, Limits())))
    assert one == two and accounts[0] == accounts[1] and len(one) == 4


def test_a_fault_in_cleaning_one_row_leaves_the_others(tmp_path, monkeypatch):
    real = clean
    monkeypatch.setattr(
        from_text,
        "clean_blocks",
        lambda blocks, **how: real(blocks, **how) if "ferry" not in blocks[0].text else {}["x"],
    )
    rows = [f'{{"id": "r{n}", "text": "{" ".join(text)}"}}' for n, text in enumerate((made.ONE, made.TWO, made.ONE))]
    (tmp_path / "t.jsonl").write_text("\n".join(rows), "utf-8")
    items = list(read([tmp_path / "t.jsonl"]))
    assert [i.id for i in items] == ["r0", "r1", "r2"] and "KeyError" in items[1].reason


@pytest.mark.parametrize("first", ["", "import tempfile; kept = tempfile.TemporaryDirectory()"])
def test_python_ends_though_nobody_has_ended_the_process_that_reads(tmp_path, first):
    """Whatever the user's process has asked to be done at its end before presslab was imported."""
    code = f"""
{first}
from presslab.system import apart, child

if __name__ == "__main__":
    left = child.Spawned(apart._serve, 2**34)
    print(left.process.is_alive())
"""
    (tmp_path / "script.py").write_text(code, "utf-8")
    command = [sys.executable, str(tmp_path / "script.py")]
    ended = subprocess.run(command, timeout=30, capture_output=True, text=True)
    assert (ended.returncode, ended.stdout) == (0, "True\n"), ended.stderr
