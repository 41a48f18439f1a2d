"""The sequence of every run: ask, open the folder, make what is not there yet, and finish with index, tables and data
package."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path

from presslab.measures.cards import Catalogue, catalogue
from presslab.measures.tables import TABLES_OF
from presslab.reading.account import Known
from presslab.reading.article import Failure
from presslab.reporting import withheld
from presslab.reporting.wording import many
from presslab.system import files
from presslab.system.parallel import Result, Spread, Trouble

from . import growth, package
from .folder import (
    Job,
    Progress,
    Progressed,
    Run,
    is_finished,
    note_finished,
    opened,
    ready,
    work_through,
)
from .job import Basis, Options, basis
from .kind import Kind, make
from .state import State
from .whole import NOTE, Given, Whole

Say = Callable[[str], None]


@dataclass(frozen=True)
class Request:
    """What a run was asked for: its kind, inputs, folder and options, what its reports depend on, and the cards of its
    measures."""

    kind: Kind
    inputs: list[str]
    folder: Path
    options: Options
    basis: Basis
    cards: Catalogue


Show = Callable[[Request, State, Whole], None]


def request_of(kind: Kind, inputs: Iterable[str | Path], folder: Path, options: Options) -> Request:
    """Return what a run is asked for."""
    return Request(kind, [str(i) for i in inputs], folder, options, basis(options), catalogue(options.frames))


def ask(kind: Kind, inputs: Iterable[str | Path], folder: Path, options: Options) -> Request:
    """Return what a run is asked for. Raises OutputError, before anything is read, if the folder is not this kind of
    run's or there is nothing to read."""
    request = request_of(kind, inputs, folder, options)
    ready(request.inputs, folder, kind.name, [options.frames, options.people, options.yardstick])
    return request


def carry_out(
    request: Request,
    items: Callable[[State], Generator[Job | Known | Failure, None, None]],
    whole: Callable[[State, Progressed, Say], tuple[Whole, list[str]]],
    show: Show,
    spread: Spread,
    progress: Progress,
) -> Run:
    """Make every report of a run that is not there yet, then its index, tables and data package.

    `items` reads the inputs; `whole` returns what the run is once the reports are made, and what to say of it, line by
    line; `show` as in `finish`, `spread` and `progress` as in `folder.work_through`. Raises as `folder.opened`.
    """
    with opened(request.folder, request.kind.name) as (state, say):
        say(f"started: {many(len(request.inputs), 'input')}")
        spread = without_text(spread, request)
        pages = f"{request.kind.unit}s"
        with closing(items(state)) as reading:  # whatever ends the run, the process that reads ends too
            work = work_through(reading, partial(make, request.kind), spread, state, pages, say, progress)
        result, notes = whole(state, work, say)
        finish(request, state, result, show)
        growth.end(state)
        run = Run(request.folder, work.made, work.kept, tuple(result.failures), tuple(notes))
        say(f"ended: {run.told}")
        return run


def finish(request: Request, state: State, whole: Whole, show: Show) -> None:
    """Write what a run shows, with its data package, if anything in it has changed. `show` writes index and tables."""
    signature = whole.signature(state)
    if not whole.made and is_finished(state, signature):
        return
    state.write_note(NOTE, whole.plain)
    state.write_origin(whole.paths, asdict(request.options))
    tracebacks = [failure.traceback for failure in whole.failures if failure.traceback]
    for path in state.ours.names("failures"):
        if path not in tracebacks:
            state.ours.remove(path)
    show(request, state, whole)
    parameters = whole.parameters | request.basis.hashes
    made_files = (item for name in whole.order for item in state.files(name).items())
    others = [*tracebacks, *whole.beside]
    last = package.write(
        state.folder, state.ours.write, parameters, whole.given, made_files, others,
        TABLES_OF[request.kind.name], request.cards, request.basis.code,
    )  # fmt: skip
    note_finished(state, signature, last)


def absolute(inputs: Iterable[str]) -> list[str]:
    """Return where the inputs of a run lie, for a run that is made again from another folder."""
    return [str(Path(i).absolute()) for i in inputs]


def files_among(inputs: Iterable[str]) -> list[Given]:
    """Return the inputs that are files, for a run that does not count the articles in each."""
    return [(Path(i).name, files.written(Path(i))[1], 0) for i in inputs if Path(i).is_file()]


def without_text(spread: Spread, request: Request) -> Spread:
    """Return a spread whose failures don't quote the articles of their jobs further than the run shows these."""

    def spreading(task: Callable[..., Result], items: Iterable[tuple]) -> Iterator[tuple[tuple, Result | Trouble]]:
        for (job,), result in spread(task, items):
            if isinstance(result, Trouble):
                texts, show = request.kind.texts(job.subject), request.options.text
                reason, traceback = (withheld.message(text, texts, show) for text in (result.reason, result.traceback))
                result = replace(result, reason=reason, traceback=traceback)
            yield (job,), result

    return spreading
