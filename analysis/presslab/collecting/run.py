"""One report on a collection: gather, run the notebook, save figures and tables as a data package."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path
import time

import pandas as pd

from presslab import collecting as corpus
from presslab.comparison.own_people import own_people
from presslab.measures.cards import builtin
from presslab.measures.framing import Frame, own_frames
from presslab.measures.tables import TABLES_OF
from presslab.measures.usual import load
from presslab.reading.account import Account
from presslab.reading.article import Failure
from presslab.reporting import trust
from presslab.runs import finished, folder as run_folder
from presslab.runs.job import Options
from presslab.runs.kind import Kind, make
from presslab.runs.sequence import Request, absolute, ask, files_among, finish
from presslab.runs.state import State
from presslab.runs.whole import Given, Whole
from presslab.runs.writers import write_tables
from presslab.system import allowance
from presslab.system.files import Stopped, inside, written
from presslab.system.ours import Ours
from presslab.system.parallel import Limits, Trouble, attempt, in_parallel

from . import Collection, charts
from .gather import hand_over, remember

TABLES = TABLES_OF["collection"]


def measure(c: Collection, frames: tuple[Frame, ...], options: Options) -> dict[str, list[dict]]:
    """Leave the collection, which is measured, where the notebook finds it."""
    remember(c.name, c)
    return {}


def warm() -> None:
    """Load in a template process all that the notebook needs."""
    from . import sections  # noqa: F401

    builtin()


COLLECTIONS = Kind("collection", "collection", "corpus", "presslab.collecting.run:warm", hand_over, measure)


def corpus_run(
    inputs: Iterable[str | Path],
    folder: Path,
    options: Options = Options(),
    title: str = "",
    spread: run_folder.Spread = in_parallel,
    progress: run_folder.Progress = lambda name, seconds: None,
    limits: Limits = Limits(),
) -> Collection:
    """Return a report on all articles of a run folder, or of files, folders, globs and tables: index.html, figures,
    notebook, tables, a data package.

    Raises ArticleError if there are fewer than two articles, and as `articles.report_run`.
    """
    request = ask(COLLECTIONS, inputs, folder, options)
    basis = request.basis
    runs = [i for i in request.inputs if finished.is_run(i)]
    start = time.perf_counter()
    accounts: list[Account] = []
    frames = own_frames(options.frames)
    own = own_people(options.people)
    c = corpus.opened(
        request.inputs, options.clean, options.any_language, frames, spread, progress, accounts, limits, own,
        options.count_reprints, load(options.yardstick),
    )  # fmt: skip
    request = replace(request, cards=c.cards)
    with run_folder.opened(folder, COLLECTIONS.name) as (state, say):
        say(f"gathered {len(c.articles)} articles in {time.perf_counter() - start:.1f} s, {len(c.left_out)} left out")
        options_ = basis.options
        parameters = {
            "articles": c.name,
            "title": title,
            "clean": options_.clean,
            "any_language": options_.any_language,
            "frames": options_.frames,
            "people": options_.people,
            "count_reprints": options_.count_reprints,
            "yardstick": options_.yardstick,
        }
        result = attempt(make, (COLLECTIONS, run_folder.Job(c.name, "", "", c, parameters, basis)))
        if isinstance(result, Trouble):
            say(f"failed: {result.reason}")
            raise Stopped(result.stops or f"the report could not be made: {result.reason}{allowance.tight()}")
        if result.plain:
            run_folder.say_slower(result.plain, say)
        state.ours.write("notebooks/corpus.ipynb", [result.notebook])
        beside = ["notebooks/corpus.ipynb", *_figures(state.ours, c)]
        failures = [Failure("", file, reason) for file, reason in c.left_out]
        files = files_among(request.inputs) + [_description(run) for run in runs]
        whole = Whole(
            {}, failures, files, accounts, basis.digest, absolute(request.inputs),
            parameters | {"collection": True, "text": options_.text}, 1, beside,
        )  # fmt: skip
        finish(request, state, whole, partial(_show, c=c, page=result.html))
        say(f"ended: a report on {len(c.articles)} articles, {c.stories} stories")
        return c


def _description(run: str) -> Given:
    """Return the data package of a run, the input of which all its tables are vouched for."""
    return f"{Path(run).name}/datapackage.json", written(inside(Path(run), "datapackage.json"))[1], 0


def _figures(ours: Ours, c: Collection) -> list[str]:
    """Write the figures, remove those that an earlier run had and this one has not; returns their paths."""
    figures = charts.save(c, ours)
    for name in ours.names("figures"):
        if name not in figures:
            ours.remove(name)
    return sorted(figures)


def _show(request: Request, state: State, whole: Whole, c: Collection, page: str) -> None:
    """Write the page and the tables of a collection."""
    (first_input, *others) = request.inputs
    own_figures = finished.own(Path(first_input)) if not others and finished.is_run(first_input) else {}
    state.ours.write("index.html", [trust.filled(page, own_figures, request.cards)])
    tables = {
        "collection": c.articles,
        "outlets": corpus.outlets(c),
        "outlet_differences": corpus.differences(c),
        "source_groups": corpus.groups(c),
        "speakers": corpus.heard(c),
        "names": corpus.names(c),
        "periods": corpus.periods(c),
        "stories": corpus.stories(c),
    }
    rows = {name: _plain(table[list(TABLES[name])]) for name, table in tables.items()}
    write_tables(state.ours, TABLES, [rows], whole.failures, whole.accounts)


def _plain(table: pd.DataFrame) -> list[dict]:
    """Return the rows of a table with None for what is missing."""
    return [{k: None if v is None or v is pd.NA else v for k, v in row.items()} for row in table.to_dict("records")]
