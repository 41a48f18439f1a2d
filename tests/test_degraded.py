"""A run that is slower than it could be says so once, with the reason."""

from pathlib import Path

import made

from presslab.runs.articles import report_run


def test_kernels_that_are_not_forked_are_said_once(tmp_path, monkeypatch, caplog):
    monkeypatch.setenv("PRESSLAB_FORK", "0")
    for name in "ab":
        (tmp_path / f"{name}.txt").write_text("\n\n".join(made.ONE) + f"\n\nThat was said again by the mayor of {name} on Friday.", "utf-8")
    run = report_run([tmp_path / "a.txt", tmp_path / "b.txt"], tmp_path / "out")
    assert run.made == 2
    log = Path(tmp_path / "out" / "run.log").read_text("utf-8")
    assert log.count("slower than it could be") == 1 and "PRESSLAB_FORK" in log
    assert sum("slower than it could be" in record.message for record in caplog.records) == 1
