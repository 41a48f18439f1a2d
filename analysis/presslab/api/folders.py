"""Runs: report, compare, collection write a folder; open_run reads one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import pandas as pd

from presslab.collecting.run import corpus_run
from presslab.comparison.own_people import load_people
from presslab.comparison.run import compare_run
from presslab.measures.framing import load_frames
from presslab.measures.tables import TABLES_OF
from presslab.measures.usual import load
from presslab.reading.article import Failure
from presslab.reporting import withheld
from presslab.runs import finished
from presslab.runs.articles import report_run
from presslab.runs.folder import Run
from presslab.runs.job import Options
from presslab.system.allowance import ending
from presslab.system.error import Error
from presslab.system.files import Stopped
from presslab.system.outputs import OutputError
from presslab.system.parallel import Limits, in_parallel

from .inputs import paths_only
from .work import shown


class OpenRun:
    """A run folder: its tables are attributes (`run.measures`) and entries (`run["measures"]`), read when they are
    asked for.

    `tables` names them; `codebook` is a data frame; `parameters`, `versions`, `citation` and `title` say how the run
    was made."""

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        package = finished.described(self.folder)
        about = package["presslab"]
        self.title: str = package["title"]
        self.parameters: dict[str, Any] = about["parameters"]
        self.versions: dict[str, str] = about["versions"]
        self.citation: str = about["citation"]
        self.tables: tuple[str, ...] = tuple(finished.tables(self.folder))

    @cached_property
    def codebook(self) -> pd.DataFrame:
        """What each measure of the run means: one row per measure."""
        return pd.DataFrame(finished.listed(self.folder, "codebook.csv", "measure"))

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self.tables:
            raise KeyError(f"{self.folder} has no table {name}; it has {', '.join(self.tables)}")
        return finished.table(self.folder, name, known=self._kinds)

    def __getattr__(self, name: str) -> pd.DataFrame:
        if name.startswith("_") or name not in self.tables:
            raise AttributeError(f"a run has no {name!r}; its tables are {', '.join(self.__dict__.get('tables', ()))}")
        return self[name]

    @property
    def _kinds(self) -> Mapping[str, Mapping[str, str]]:
        of_events = "event" in self.parameters
        return TABLES_OF["collection" if self.parameters.get("collection") else "comparison" if of_events else "report"]

    def __dir__(self) -> list[str]:
        return sorted(["folder", "title", "parameters", "versions", "citation", "codebook", "tables", *self.tables])

    def _ipython_key_completions_(self) -> list[str]:
        return list(self.tables)

    def __repr__(self) -> str:
        return f"<presslab run {str(self.folder)!r}: {', '.join(self.tables)}>"


def open_run(folder: str | Path) -> OpenRun:
    """Return a finished run: its tables as data frames, its codebook and parameters.

    Parameters
    ----------
    folder : str or Path
        What `report`, `compare` or `collection` wrote. It may come from anybody: no link in it is followed.

    Returns
    -------
    OpenRun
        `run.measures` or `run["measures"]` is a data frame, read when it is asked for; `run.tables` names all.

    Raises
    ------
    Error
        If it is no finished run, or a file of it is damaged.

    Examples
    --------
    >>> import presslab
    >>> presslab.open_run("nowhere")
    Traceback (most recent call last):
    presslab.system.files.Stopped: nowhere holds no finished run (there is no datapackage.json in it)
    """
    return OpenRun(folder)


def report(
    inputs: str | Path | Iterable[str | Path],
    output: str | Path = "reports",
    *,
    text: str = "full",
    frames: str | Path = "",
    yardstick: str | Path = "",
    add: bool = False,
    prune: bool = False,
    clean: bool = True,
    any_language: bool = False,
    jobs: int = 1,
    progress: bool = False,
) -> Run:
    """Write one HTML report per article, an index, notebooks and tables: what `presslab report` does.

    Parameters
    ----------
    inputs : path or list of paths
        Files, folders, globs, tables, exports.
    output : path
        The run folder. What lies in it and is not presslab's is never changed.
    text : str
        How much of the articles' text the run shows: "full", "excerpts" or "none".
    frames : path, optional
        A file of user-defined frames.
    yardstick : path, optional
        A file of usual news, made by `presslab yardstick`; by default the one bundled with presslab.
    add, prune : bool
        Keep what the run has and add what is new; delete reports of articles that are no longer in the run.
    clean, any_language, jobs, progress
        As in `measure`.

    Returns
    -------
    Run
        `folder`, `made`, `kept`, `failures` (each with id, file and reason), `notes`.

    Raises
    ------
    Error
        If there is nothing to read, or the folder can't be written to.

    Examples
    --------
    >>> import presslab
    >>> run = presslab.report("seeds/few-sources.txt", folder)
    >>> run.made, run.failures
    (1, ())
    >>> len(presslab.open_run(run.folder).articles)
    1
    """
    options = _options(frames, clean, any_language, text, yardstick=yardstick)
    with _running(jobs, progress) as (spread, step):
        return report_run(paths_only(inputs), Path(output), options, spread, step, Limits(), add, prune)


def compare(
    inputs: str | Path | Iterable[str | Path],
    output: str | Path = "reports",
    *,
    event: str = "",
    text: str = "full",
    frames: str | Path = "",
    people: str | Path = "",
    yardstick: str | Path = "",
    prune: bool = False,
    clean: bool = True,
    any_language: bool = False,
    jobs: int = 1,
    progress: bool = False,
) -> Run:
    """Write one HTML report per event, as several outlets tell it: what `presslab compare` does.

    Parameters
    ----------
    inputs : path or list of paths
        All are one event, but a table with a column `event` has one for each value of it.
    event : str
        A name for the event.
    people : path, optional
        A file of names to be joined or kept apart; `presslab corpus --help` describes it.
    output, text, frames, yardstick, prune, clean, any_language, jobs, progress
        As in `report`.

    Returns
    -------
    Run
        As `report` returns it; `made` and `kept` count events.

    Raises
    ------
    Error
        If there is no event with two articles, and as `report`.

    Examples
    --------
    >>> import presslab
    >>> run = presslab.compare("seeds/bridge-*.txt", folder, event="Ferry Bridge closed")
    >>> run.made, list(presslab.open_run(run.folder).events["label"])
    (1, ['Ferry Bridge closed'])
    """
    options = _options(frames, clean, any_language, text, people, yardstick)
    with _running(jobs, progress) as (spread, step):
        run = compare_run(paths_only(inputs), Path(output), options, event, spread, step, Limits(), prune)
    if not run.made + run.kept:
        raise NoEvent("there is no event with two articles: name files about one event, or a table with a column event")
    return run


def collection(
    inputs: str | Path | Iterable[str | Path],
    output: str | Path,
    *,
    title: str = "",
    frames: str | Path = "",
    people: str | Path = "",
    yardstick: str | Path = "",
    count_reprints: bool = False,
    clean: bool = True,
    any_language: bool = False,
    jobs: int = 1,
    progress: bool = False,
) -> Run:
    """Write one report on a whole collection: what `presslab corpus` does.

    Parameters
    ----------
    inputs : path or list of paths
        The folder of a run, of which nothing is measured again, or files.
    output : path
        The folder of the report.
    title : str
        The report's title; by default the input's name.
    people : path, optional
        A file of names to be joined or kept apart; `presslab corpus --help` describes it.
    count_reprints : bool
        Count every version of a story, not one an outlet.
    frames, yardstick, clean, any_language, jobs, progress
        As in `report`.

    Returns
    -------
    Run
        `folder`, `made` (the articles in the report), `failures`.

    Raises
    ------
    Error
        If there are fewer than two articles, the file of people can't be used, and as `report`.

    Examples
    --------
    >>> import presslab
    >>> presslab.collection("seeds/bridge-*.txt", folder).made
    3
    """
    options = _options(frames, clean, any_language, "none", people, yardstick)
    options = replace(options, count_reprints=count_reprints)
    with _running(jobs, progress) as (spread, step):
        c = corpus_run(paths_only(inputs), Path(output), options, title, spread, step, Limits())
    return Run(Path(output), len(c.articles), 0, tuple(Failure("", file, reason) for file, reason in c.left_out))


class NoEvent(Error):
    """Nothing to compare."""


def _options(
    frames: str | Path, clean: bool, any_language: bool, text: str, people: str | Path = "", yardstick: str | Path = ""
) -> Options:  # fmt: skip
    if text not in withheld.SHOWS:
        raise OutputError(f"text={text!r}: give full, excerpts or none")
    if frames:
        load_frames(frames)
    if people:
        load_people(people)
    load(yardstick)
    frames, people, yardstick = (str(Path(file).resolve()) if file else "" for file in (frames, people, yardstick))
    return Options(clean, any_language, text, frames, people, yardstick=yardstick)


@contextmanager
def _running(jobs: int, progress: bool) -> Iterator[tuple[Any, Callable[[str, float], None]]]:
    """Give where the work is done and what counts it; a full disk or a closed folder is an Error."""
    try:
        with shown(progress) as step:
            yield partial(in_parallel, jobs=jobs, limits=Limits()), step
    except (OSError, MemoryError, RuntimeError, ImportError) as error:
        if line := ending(error):
            raise Stopped(line) from error
        raise
