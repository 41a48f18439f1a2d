"""A run folder: do what is not done yet, keep the rest, and never show a file that is half written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
import logging
from pathlib import Path
import sqlite3
import sys
import time
from typing import Any
import zlib

from presslab.reading.account import Known
from presslab.reading.article import Failure
from presslab.reading.corrections import path_beside
from presslab.reading.names import shown, slug
from presslab.reading.paths import readable
from presslab.reporting.wording import either, many, number
from presslab.system import outputs
from presslab.system.files import FULL, Stopped, full, own
from presslab.system.notebook import without_machine
from presslab.system.parallel import Spread, Trouble
from presslab.system.terminal import line, visible

from .finished import is_run
from .job import Basis
from .state import FILE, State, plain_rows

Progress = Callable[[str, float], None]
log = logging.getLogger("presslab")


@dataclass(frozen=True)
class Job:
    """One report to be made: its id, the input's file name, the hash of all it depends on, what it is about, what its
    notebook is told, and what all reports of the run depend on."""

    id: str
    file: str
    key: str
    subject: Any
    parameters: dict[str, Any]
    basis: Basis


@dataclass(frozen=True)
class Made:
    """One report as it comes back from a worker: HTML, executed notebook (JSON), table rows, seconds."""

    id: str
    html: str
    notebook: str
    rows: dict[str, list[dict]]
    seconds: float
    plain: str = ""  # why its notebook ran in a plain kernel, which is slower


@dataclass
class Progressed:
    """What has become of the items of a run: ids with their hashes in the items' order, counts, failures."""

    order: dict[str, str] = field(default_factory=dict)
    made: int = 0
    kept: int = 0
    failures: list[Failure] = field(default_factory=list)


@dataclass(frozen=True)
class Run:
    """What a run did: reports made, reports kept because nothing changed, and failures with their reasons, and what
    else to say, line by line."""

    folder: Path
    made: int
    kept: int
    failures: tuple[Failure, ...]
    notes: tuple[str, ...] = ()

    @property
    def told(self) -> str:
        """The counts in a line: made, unchanged, failed, and warnings if there are any."""
        warnings = sum(failure.warns for failure in self.failures)
        failed = len(self.failures) - warnings
        counts = f"{number(self.made)} made, {number(self.kept)} unchanged, {number(failed)} failed"
        return f"{counts}, {many(warnings, 'warning')}" if warnings else counts


def ready(inputs: Iterable[str], folder: Path, kind: str, own: Iterable[str] = ()) -> None:
    """Make sure, before anything is read, that there is something to read and that a folder may be written to.

    `own` are the user's files, "" for one that there is not. Raises OutputError, a usage error in one line.
    """
    inputs = list(inputs)
    outputs.claim(folder, kind)
    # of a run the tables are read, none of its files is an article
    of_run = kind == "collection" and len(inputs) == 1 and (is_run(inputs[0]) or outputs.kind(Path(inputs[0])))
    files = [] if of_run else readable(inputs)
    outputs.apart(folder, [*inputs, *filter(None, own)], [*files, *map(path_beside, files)], folder=True)


@contextmanager
def opened(folder: Path, kind: str) -> Iterator[tuple[State, Callable[[str], None]]]:
    """Open a folder of a kind (see `outputs.KINDS`) with its state and a function that adds a line to run.log, for
    one process at a time.

    What an earlier run that was ended left half written is removed; what others changed is named at the end, on
    standard error too. A full disk and a damaged state end in Stopped. Raises as `State`.
    """
    try:
        state = State(folder, kind)
        try:
            with own(folder, "run.log").open("a", encoding="utf-8", errors="replace", buffering=1) as stream:

                def say(text: str) -> None:
                    print(time.strftime("%Y-%m-%d %H:%M:%S"), line(text), file=stream)

                try:
                    yield state, say
                except BaseException as error:
                    say(f"stopped: {type(error).__name__} {error}")
                    raise
                finally:
                    for text in state.ours.kept:
                        say(text)
                        log.warning("%s", line(f"presslab: {folder}: {text}"))
        finally:
            state.close()
    except OSError as error:
        if error.errno not in FULL:
            raise
        raise Stopped(full(error.filename or folder)) from error
    except (sqlite3.DatabaseError, zlib.error) as error:
        if isinstance(error, sqlite3.OperationalError) and "locked" in str(error):
            raise
        if "full" in str(error) or "disk" in str(error) and "malformed" not in str(error):
            raise Stopped(full(folder)) from error
        place = folder / outputs.MEMORY
        if isinstance(error, sqlite3.OperationalError) and "malformed" not in str(error):
            raise Stopped(f"{place} can't be written ({error}); name another folder with -o") from error
        remedy = "remove that folder and run the same command again: finished reports are kept"
        raise Stopped(f"{place} is damaged ({error}); {remedy}") from error


def work_through(
    items: Iterable[Job | Known | Failure], task: Callable[[Job], Made], spread: Spread, state: State, pages: str,
    say: Callable[[str], None], progress: Progress,
) -> Progressed:  # fmt: skip
    """Make every report that is not there yet, in the items' order: its page in the folder `pages`, its notebook,
    its rows.

    A failure's traceback is kept in the folder `failures`. Reports of articles that are not among the items stay (see
    `left`). Raises Stopped if a disk is full.
    """
    work = Progressed()
    failures: dict[int, Failure] = {}
    places: dict[str, int] = {}
    slower = ""

    def wanted() -> Iterator[tuple[Job]]:
        for place, item in enumerate(items):
            if isinstance(item, Failure):
                failures[place] = item
                if not item.warns:
                    progress(item.id, 0.0)
                say(f"{'' if item.warns else 'failed '}{shown(item.id or item.file)}: {item.reason}")
            else:
                work.order[item.id] = item.key
                if isinstance(item, Known) or state.key(item.id) == item.key:
                    work.kept += 1
                    progress(item.id, 0.0)
                else:
                    places[item.id] = place
                    yield (item,)

    for (job,), result in spread(task, wanted()):
        if isinstance(result, Trouble):
            if result.stops:
                raise Stopped(result.stops)
            forget(state, job.id)
            del work.order[job.id]
            failures[places[job.id]] = _failed(state, job, result)
            say(f"failed {shown(job.id)}: {result.reason}")
        else:
            _keep(state, job, result, pages)
            work.made += 1
            say(f"made {shown(job.id)} in {result.seconds:.2f} s")
            if result.plain and not slower:
                slower = result.plain
                say_slower(slower, say)
        progress(job.id, getattr(result, "seconds", 0.0))
    work.failures = [failures[place] for place in sorted(failures)]
    return work


def say_slower(why: str, say: Callable[[str], None]) -> None:
    """Say in run.log and on standard error that a run is slower than it could be, and why."""
    text = line(f"slower than it could be: {why}; the results are the same")
    say(text)
    log.warning("presslab: %s", text)


def left(state: State, done: Progressed, prune: bool, say: Callable[[str], None], what: str) -> list[str]:
    """Deal with reports of articles or events (`what`) that are no longer among the inputs: they stay, or go with
    `prune`.

    What is among the inputs and failed has not left. Returns what to say, one line if there are any; run.log names
    each.
    """
    failed_ids = {failure.id for failure in done.failures}
    names = [name for name in state.others(done.order) if name not in failed_ids]
    for name in names:
        say(f"{'pruned' if prune else 'no longer among the inputs, its report is kept until --prune:'} {shown(name)}")
        if prune:
            forget(state, name)
    for path in state.orphans() if prune else []:
        state.ours.remove(path)
    if not names:
        return []
    count = len(names)
    are = either(count, "is", "are")
    reports = either(count, "its report", "their reports")
    fate = f"{either(count, 'was', 'were')} deleted" if prune else f"{are} kept until --prune"
    return [f"{many(count, what)} {are} no longer among the inputs; {reports} {fate}"]


def forget(state: State, name: str) -> None:
    """Take a report's files away, those apart that somebody changed, and what is remembered of it."""
    files = state.files(name)
    if files:
        state.forget(name)
        for path in files:
            state.ours.remove(path)


def _keep(state: State, job: Job, result: Made, pages: str) -> None:
    """Write a report's files and remember it. What was remembered before is forgotten first: a run that is killed in
    between makes it again."""
    state.forget(job.id)
    name = slug(job.id)
    texts = {f"{pages}/{name}.html": result.html, f"notebooks/{name}.ipynb": result.notebook}
    drafts = [state.ours.draft(name, [text]) for name, text in texts.items()]
    state.ours.publish(drafts)
    state.save(job.id, job.key, {draft.name: (draft.size, draft.digest) for draft in drafts}, plain_rows(result.rows))


def _failed(state: State, job: Job, trouble: Trouble) -> Failure:
    path = ""
    if trouble.traceback:
        path = f"failures/{slug(job.id)}.txt"
        state.ours.write(path, [visible(without_machine(trouble.traceback)).rstrip() + "\n"])
    return Failure(job.id, job.file, without_machine(trouble.reason), trouble.cell, path)


def is_finished(state: State, signature: str) -> bool:
    """Return whether the files that are made last were made for just this, and are all there as they were left."""
    note: Any = state.note("finished")
    if not note or note["signature"] != signature or "written" not in note:
        return False
    return all(state.ours.intact(path, size, digest) for path, (size, digest) in note["written"].items())


def note_finished(state: State, signature: str, made: Mapping[str, tuple[int, str]]) -> None:
    """Note that all is made: `made` are the files that are made last (path → size, SHA-256)."""
    state.write_note("finished", {"signature": signature, "written": dict(made)})


def cleared(folder: Path) -> list[str]:
    """Delete what presslab made in a folder of its own, and nothing else; returns a line for each file that
    somebody changed, which is kept. Raises as `State`."""
    kind = outputs.kind(folder)
    if not kind:
        return []
    with closing(State(folder, kind)) as state:
        for name in state.ours.names(""):
            state.ours.remove(name)
        kept_paths = list(state.ours.kept)
    for name in ("run.log", f"{outputs.MEMORY}/{outputs.MARK}", f"{outputs.MEMORY}/lock", FILE):
        own(folder, name).unlink(missing_ok=True)
    for place in (folder / part for part in (*outputs.PARTS[kind], "coding", outputs.MEMORY)):
        if place.is_dir() and not any(place.iterdir()):
            place.rmdir()
    return kept_paths


if __name__ == "__main__":  # make clean
    for changed in cleared(Path(sys.argv[1])):
        print(changed)
