"""Several processes: the items' order, limits, and no item lost but the one that can't be done."""

import os
from pathlib import Path
import subprocess
import sys
import time

import pytest

from presslab.system import parallel
from presslab.system.parallel import Limits, Trouble


def double(number: int) -> int:
    """The later an item, the sooner it is done."""
    time.sleep(0.2 / (number + 1))
    return 2 * number


def awkward(number: int):
    if number == 1:
        os._exit(9)
    if number == 2:
        raise ValueError("two is not allowed\nsecond line")
    if number == 3:
        time.sleep(60)
    if number == 4:
        return len(bytearray(2**31))
    return number


def dies_once(path: str, number: int) -> int:
    if number == 2 and not os.path.exists(path):
        open(path, "w").close()
        os.kill(os.getpid(), 9)
    return number


def alive(process: int | str) -> bool:
    """Whether it runs (one that has ended and that nobody has asked for its status does not)."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_results_come_in_the_order_of_the_items(jobs):
    found = list(parallel.in_parallel(double, [(n,) for n in range(9)], jobs))
    assert found == [((n,), 2 * n) for n in range(9)]


def test_nothing_to_do_starts_nothing():
    assert list(parallel.in_parallel(double, [], 4)) == []


def test_items_are_taken_as_they_are_needed():
    taken = []

    def items():
        for n in range(40):
            taken.append(n)
            yield (n,)

    for count, _ in enumerate(parallel.in_parallel(double, items(), 2, window=3), start=1):
        assert len(taken) <= count + 6


@pytest.mark.slow
def test_an_item_that_dies_fails_takes_too_long_or_too_much_memory_harms_no_other():
    limits = Limits(memory=2**30, seconds=15)
    found = [result for _, result in parallel.in_parallel(awkward, [(n,) for n in range(7)], 2, limits=limits)]
    assert [r for r in found if not isinstance(r, Trouble)] == [0, 5, 6]
    died, failed, late, large = found[1:5]
    assert "ended twice" in died.reason and "exit status 9" in died.reason
    assert failed.reason == "ValueError: two is not allowed" and "in awkward" in failed.traceback
    assert late.reason == "took longer than 15 s"
    assert large.reason == "MemoryError"


def test_an_item_whose_worker_was_killed_is_done_by_another(tmp_path):
    items = [(str(tmp_path / "mark"), n) for n in range(5)]
    assert [result for _, result in parallel.in_parallel(dies_once, items, 2)] == [0, 1, 2, 3, 4]


def test_workers_end_where_the_caller_stops():
    running = parallel.in_parallel(os.getpid, [()] * 50, 2)
    found = {next(running)[1] for _ in range(4)}
    running.close()
    assert found and not any(map(alive, found))


def test_workers_end_with_a_parent_that_is_killed():
    code = (
        "from presslab.system import parallel; import os\n"
        "r = parallel.in_parallel(os.getpid, [()] * 50, 2)\n"
        "print(next(r)[1], next(r)[1], flush=True); os.kill(os.getpid(), 9)"
    )
    script = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    time.sleep(1)
    workers = script.stdout.split()
    assert workers and not any(map(alive, workers)), script.stderr
