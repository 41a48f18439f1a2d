"""A start that loads no more than it needs, and the same results by the ways that are quick and those that are not."""

import math
import os
from pathlib import Path
import random
import subprocess
import sys

import pandas as pd
import pytest

from presslab.runs.writers import WideWriter, csv_text
from presslab.system import child, own, parallel
from presslab.system.parallel import Limits, Trouble

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent


def run(code: str) -> str:
    """What a new Python printed that ran some code."""
    return subprocess.run(
        [sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True, cwd=ROOT, timeout=300
    ).stdout


def rows(seed: int) -> tuple[list[str], list[dict]]:
    """A wide table as measures may give it: whole numbers, fractions, none, missing, very large and very small ones."""
    chance = random.Random(seed)
    kinds = [
        lambda: chance.randint(-9, 10**12),
        lambda: chance.choice((1, 2.0, 3.5)),
        chance.random,
        lambda: chance.uniform(-1, 1) * 10.0 ** chance.randint(-320, 300),
        lambda: chance.choice((math.nan, 4)),
        lambda: chance.choice((None, 0.1)),
        lambda: math.inf,
    ]
    columns = {f"m{n}": chance.choice(kinds) for n in range(12)}
    ids = (
        "plain",
        'with "marks"',
        "comma, here",
        "line\nend",
        *(["return\rhere"] if seed % 3 == 0 else []),
        "é",
        "",
        "-1",
        " x ",
    )
    table = [
        {"id": chance.choice(ids)} | {name: kind() for name, kind in columns.items() if chance.random() > 0.1}
        for _ in range(chance.randint(1, 60))
    ]
    return ["id", *columns], table


@pytest.mark.parametrize("seed", range(60))
def test_a_wide_table_has_the_bytes_that_pandas_gives_it(seed, tmp_path):
    columns, table = rows(seed)
    with WideWriter(tmp_path / "t.csv", columns) as writer:
        for row in table:
            writer.add(row)
    expected = csv_text(pd.DataFrame(columns=columns))
    for start in range(0, len(table), 50):
        expected += csv_text(pd.DataFrame(table[start : start + 50], columns=columns), header=False)
    assert (tmp_path / "t.csv").read_bytes().decode() == expected


def test_measuring_loads_neither_tables_nor_notebooks_nor_clients_of_the_web():
    code = (
        "import os; os.environ['PRESSLAB_CACHE'] = 'off'\n"  # another test may have parsed the article
        "from presslab.system.own import begin; begin()\n"
        "import presslab.cli, presslab.runs.writers, sys\n"
        "from presslab.measures.tables import measure_row\nfrom presslab.reading.read import read_one\n"
        "measure_row(read_one('seeds/bridge-officials.txt'))\n"
        "print(*{m.partition('.')[0] for m in sys.modules})\n"
        "assert 'spacy.cli' not in sys.modules\n"
    )
    loaded = set(run(code).split())
    assert "spacy" in loaded and not loaded & {
        "pandas",
        "pyarrow",
        "papermill",
        "nbformat",
        "requests",
        "httpx",
        "typer",
        "scipy",
        "trafilatura",
        "feedparser",
    }


def test_spacys_commands_are_there_for_whoever_asks_after_a_light_start():
    code = (
        "from presslab.system.own import begin; begin()\n"
        "from presslab.parsing.parser import parser; parser()\n"
        "import spacy; print(spacy.info(silent=True)['spacy_version'] == spacy.__version__)\n"
        "import spacy.cli; print(callable(spacy.cli.download))"
    )
    assert run(code).split() == ["True", "True"]


def test_a_process_of_our_own_has_one_thread_and_is_copied():
    code = (
        "from presslab.system.own import begin; begin()\nimport presslab.cli, pandas, pyarrow,"
        " presslab.runs.articles\nfrom presslab.system import child\nprint(child.can_fork())"
    )
    assert run(code).strip() == str(sys.platform == "linux")


def test_a_progress_bar_starts_no_thread():
    code = (
        "import threading\nfrom presslab.cli import shared\n"
        "with shared._bar()(total=3) as bar:\n bar.update()\n print(threading.active_count())"
    )
    assert run(code).strip() == "1"


def awkward(number: int):
    if number == 1:
        os._exit(9)
    if number == 2:
        raise ValueError("two is not allowed")
    if number == 3:
        import time

        time.sleep(60)
    if number == 4:
        return len(bytearray(2**33))
    return number, os.getppid()


@pytest.mark.skipif(sys.platform != "linux", reason="processes are copied on Linux alone")
def test_limits_hold_for_workers_that_are_copies(monkeypatch):
    monkeypatch.setattr(own, "_ours", True)
    monkeypatch.setattr(child, "started", child.Forked)
    limits = Limits(memory=2**32, seconds=8)
    found = [result for _, result in parallel.in_parallel(awkward, [(n,) for n in range(7)], 2, limits=limits)]
    assert [r for r in found if not isinstance(r, Trouble)] == [(n, os.getpid()) for n in (0, 5, 6)]
    died, failed, late, large = found[1:5]
    assert "ended twice" in died.reason and "exit status 9" in died.reason
    assert failed.reason == "ValueError: two is not allowed" and "in awkward" in failed.traceback
    assert late.reason == "took longer than 8 s"
    assert large.reason == "MemoryError"


def test_a_copy_does_what_is_to_be_done_at_its_own_end_and_not_what_its_parent_wants_done(tmp_path):
    code = (
        f"import atexit, sys; sys.path.insert(0, {str(ROOT / 'tests')!r})\n"
        "from presslab.system import child\n"
        "def life(connection):\n"
        "    atexit.register(print, 'child', flush=True)\n"
        "    connection.recv()\n"
        "atexit.register(print, 'parent')\n"
        "one = child.Forked(life); one.connection.send(1); one.end(now=False)\n"
    )
    assert run(code).split() == ["child", "parent"]


# what libraries do when they are imported is theirs: these are there before
STATE = """
import nbconvert, papermill, spacy, spacy.cli, textstat, wordfreq, py3langid, ftfy, rapidfuzz, seaborn
import logging, multiprocessing, os, sys, warnings
import matplotlib, pandas, numpy, random, locale, signal
def state():
    handlers = [
        (name, list(getattr(logger, 'handlers', [])), getattr(logger, 'level', 0))
        for name, logger in sorted(logging.root.manager.loggerDict.items()) if name in before_names
    ]
    return {
        'environment': dict(os.environ), 'filters': list(warnings.filters), 'root': list(logging.root.handlers),
        'level': logging.root.level, 'loggers': handlers,
        'start': multiprocessing.get_start_method(allow_none=True), 'rc': dict(matplotlib.rcParams),
        'path': list(sys.path), 'directory': os.getcwd(),
        'pandas': [
            pandas.get_option(name)
            for name in ('display.max_rows', 'display.width', 'display.precision', 'mode.chained_assignment')
        ],
        'errors': numpy.geterr(), 'random': (random.getstate(), numpy.random.get_state()[1].tolist()),
        'locale': locale.setlocale(locale.LC_ALL),
        'signals': [signal.getsignal(s) for s in (signal.SIGINT, signal.SIGTERM)],
        'hooks': (sys.excepthook, sys.displayhook, sys.stdout, sys.stderr),
        'threshold': __import__('gc').get_threshold(), 'limit': sys.getrecursionlimit(),
        'finders': [type(f) for f in sys.meta_path],
    }
before_names = set(logging.root.manager.loggerDict)
before = state()
stand_ins = {n for n, m in sys.modules.items() if m is None or not (getattr(m, '__spec__', None) or n == '__main__')}
"""
USED = """
changed = [name for name, value in state().items() if value != before[name]]
new = {
    n for n, m in sys.modules.items() if m is None or not (getattr(m, '__spec__', None) or n == '__main__')
} - stand_ins
print(changed, sorted(n for n in new if not n.startswith('_cython_')))
"""


def test_importing_and_measuring_leave_a_users_process_as_it_was():
    use = (
        "import presslab, presslab.runs.articles, presslab.runs.writers\nfrom presslab.measures.tables import"
        " measure_row, attribution_row\nfrom presslab.reading.read import read_one\narticle ="
        " read_one('seeds/bridge-officials.txt'); measure_row(article); attribution_row(article)\nassert spacy.info is"
        " spacy.cli.info\n"
    )
    assert run(STATE + use + USED).strip() == "[] []"
