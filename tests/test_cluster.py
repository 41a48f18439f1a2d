"""Dask: worker processes of their own, one killed in the middle, the same bytes as on one machine."""

from functools import partial
import os
import signal
import subprocess
import sys

import pytest

from presslab.runs.articles import report_run
from presslab.system import cluster, files
from presslab.system.parallel import Trouble, here
from stories import digests, stories

distributed = pytest.importorskip("distributed", reason="needs the extra `cluster`")


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory):
    """A cluster of two processes with folders of their own."""
    folder = str(tmp_path_factory.mktemp("dask"))
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, local_directory=folder
    ) as running:
        yield running


def fails_on_one(number: int) -> int:
    if number == 1:
        raise ValueError("one is not allowed")
    return number


@pytest.mark.slow
def test_results_come_in_order_and_failures_as_trouble(scheduler):
    found = [
        result for _, result in cluster.on_cluster(scheduler.scheduler_address, fails_on_one, [(n,) for n in range(20)])
    ]
    assert found[:1] + found[2:] == [0, *range(2, 20)]
    assert isinstance(found[1], Trouble) and found[1].reason == "ValueError: one is not allowed"


@pytest.mark.slow
def test_a_cluster_that_loses_a_worker_gives_the_same_bytes_as_one_machine(scheduler, tmp_path):
    inputs = stories(tmp_path / "in", 4, 6)
    report_run([inputs], tmp_path / "here", spread=here)
    killed = []

    def kill_one(name: str, seconds: float) -> None:
        if not killed:
            killed.append(next(iter(scheduler.workers.values())).process.process.pid)
            os.kill(killed[0], signal.SIGKILL)

    spread = partial(cluster.on_cluster, scheduler.scheduler_address)
    run = report_run([inputs], tmp_path / "there", spread=spread, progress=kill_one)
    assert killed and (run.made, run.failures) == (4, ())
    assert digests(tmp_path / "there") == digests(tmp_path / "here")


@pytest.mark.slow
def test_an_address_without_a_scheduler_is_one_line(monkeypatch):
    monkeypatch.setattr(cluster, "PATIENCE", 2.0)
    with pytest.raises(files.Stopped, match="no Dask scheduler at tcp://127.0.0.1:9"):
        list(cluster.on_cluster("tcp://127.0.0.1:9", fails_on_one, [(1,)]))


@pytest.mark.slow
def test_measure_works_on_a_cluster(scheduler, tmp_path):
    inputs = stories(tmp_path / "in", 3, 6)
    for name, where in (("here", ["--jobs", "1"]), ("there", ["--scheduler", scheduler.scheduler_address])):
        command = [
            sys.executable,
            "-m",
            "presslab.cli",
            "measure",
            str(inputs),
            "-o",
            str(tmp_path / f"{name}.csv"),
            *where,
        ]
        subprocess.run(command, check=True, timeout=300)
    assert (tmp_path / "here.csv").read_bytes() == (tmp_path / "there.csv").read_bytes()
