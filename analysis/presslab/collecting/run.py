"""One report on a collection: gather, run the notebook, save figures and tables as a data package."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
import hashlib
from pathlib import Path
import time

import pandas as pd

from presslab import collecting as corpus
from presslab.measures.cards import Card, cards as catalogue, own_frames
from presslab.measures.tables import COUNT, FLAG, NUMBER, TABLES as ARTICLE_TABLES, TEXT
from presslab.reading.account import Account
from presslab.reporting import pages, trust
from presslab.runs import finished, folder as run_folder, package
from presslab.runs.job import Options, code_digest, executed, handed_out
from presslab.runs.writers import TableWriter, files_rows
from presslab.system import allowance, outputs
from presslab.system.files import Stopped, inside, written
from presslab.system.notebook import Executed
from presslab.system.ours import Ours
from presslab.system.parallel import Limits, in_parallel, trouble

from . import Collection, charts
from .gather import hand_over, remember

TABLES: dict[str, dict[str, str]] = {
    "collection": {"id": TEXT, "title": TEXT, "outlet": TEXT, "published": TEXT, "words": COUNT, "story": TEXT},
    "outlets": {
        "outlet": TEXT,
        "measure": TEXT,
        "scope": TEXT,
        "value": NUMBER,
        "low": NUMBER,
        "high": NUMBER,
        "n": COUNT,
    },
    "outlet_differences": {
        "measure": TEXT,
        "scope": TEXT,
        "outlet": TEXT,
        "difference": NUMBER,
        "low": NUMBER,
        "high": NUMBER,
        "p": NUMBER,
        "p_holm": NUMBER,
        "clear": FLAG,
        "n": COUNT,
        "comparisons": COUNT,
    },
    "source_groups": {
        "outlet": TEXT,
        "group": TEXT,
        "count": COUNT,
        "all": COUNT,
        "value": NUMBER,
        "low": NUMBER,
        "high": NUMBER,
        "n": COUNT,
    },
    "speakers": {
        "source": TEXT,
        "type": TEXT,
        "articles": COUNT,
        "share": NUMBER,
        "low": NUMBER,
        "high": NUMBER,
        "attributions": COUNT,
        "words": COUNT,
    },
    "periods": {
        "period": TEXT,
        "unit": TEXT,
        "measure": TEXT,
        "scope": TEXT,
        "value": NUMBER,
        "low": NUMBER,
        "high": NUMBER,
        "n": COUNT,
    },
    "stories": {"story": TEXT, "id": TEXT, "outlet": TEXT, "published": TEXT, "title": TEXT},
    "failures": {"id": TEXT, "file": TEXT, "reason": TEXT},
    "files": ARTICLE_TABLES["files"],
}


def prepare(folder: str, inputs: str, collection: Collection, cards: dict[str, dict]) -> None:
    """Leave the collection where the notebook finds it."""
    for name, card in cards.items():
        catalogue()[name] = Card(**card)
    remember(inputs, collection)


def warm() -> None:
    """Load in a template process all that the notebook needs."""
    from . import sections  # noqa: F401

    catalogue()


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
    inputs = [str(i) for i in inputs]
    frame, named, settled = handed_out(options)
    if len(inputs) == 1 and finished.is_run(inputs[0]):  # its tables are read, none of its files is an article
        outputs.claim(folder, "collection")
        outputs.apart(folder, inputs, [], folder=True)
    else:
        run_folder.ready(inputs, folder, "collection", options.frames)
    start = time.perf_counter()
    catalogue.cache_clear()  # a frame of an earlier run in this process is no measure of this one
    accounts: list[Account] = []
    c = corpus.opened(
        inputs, options.clean, options.any_language, own_frames(options.frames), spread, progress, accounts, limits
    )
    with run_folder.opened(folder, "collection") as (state, say):
        say(f"gathered {len(c.articles)} articles in {time.perf_counter() - start:.1f} s, {len(c.left_out)} left out")
        state.write_origin([str(Path(i).absolute()) for i in inputs], asdict(options))
        state.write_note("finished", None)
        name = c.name
        own = {n: asdict(catalogue()[n]) for n in c.frames if n in catalogue()}
        parameters = {
            "articles": name,
            "title": title,
            "clean": options.clean,
            "any_language": options.any_language,
            "frames": named.frames,
        }
        files = hand_over(c) | ({named.frames: frame} if named.frames else {})
        try:
            done = executed(
                "corpus",
                parameters,
                ("presslab.collecting.run:prepare", (name, c, own)),
                files,
                "presslab.collecting.run:warm",
                code_digest(),
            )
        except Exception as error:
            problem = trouble(error)
            say(f"failed: {problem.reason}")
            raise Stopped(
                problem.stops or f"the report could not be made: {problem.reason}{allowance.tight()}"
            ) from error
        if done.plain:
            run_folder.say_slower(done.plain, say)
        coded = finished.own(Path(inputs[0])) if len(inputs) == 1 and finished.is_run(inputs[0]) else {}
        figures = _write(state.ours, c, done, accounts, coded)
        described = (
            parameters
            | {"collection": True, "text": options.text}
            | ({"frames_sha256": hashlib.sha256(frame).hexdigest()} if named.frames else {})
        )
        given = [(Path(i).name, written(Path(i))[1], 0) for i in inputs if Path(i).is_file()]
        given += [
            (f"{Path(i).name}/datapackage.json", written(inside(Path(i), "datapackage.json"))[1], 0)
            for i in inputs
            if finished.is_run(i)
        ]
        others = ["notebooks/corpus.ipynb", *sorted(figures)]
        run_folder.settle(
            state, settled, package.write(folder, state.ours.write, described, given, (), others, TABLES, code_digest())
        )
        say(f"ended: a report on {len(c.articles)} articles")
        return c


def _write(ours: Ours, c: Collection, done: Executed, accounts: list[Account], coded: dict[str, str]) -> list[str]:
    """Write page, notebook, figures and tables, take away figures that an earlier run had and this one has not;
    returns the figures' paths."""
    ours.write("index.html", [trust.filled(pages.render(done.notebook), coded)])
    ours.write("notebooks/corpus.ipynb", [done.text])
    figures = charts.save(c, ours)
    for name in ours.names("figures"):
        if name not in figures:
            ours.remove(name)
    failed = pd.DataFrame([("", file, reason) for file, reason in c.left_out], columns=list(TABLES["failures"]))
    tables = {
        "collection": c.articles,
        "outlets": corpus.outlets(c),
        "outlet_differences": corpus.differences(c),
        "source_groups": corpus.groups(c),
        "speakers": corpus.heard(c),
        "periods": corpus.periods(c),
        "stories": corpus.stories(c),
        "failures": failed,
        "files": pd.DataFrame(files_rows(accounts), columns=list(TABLES["files"])),
    }
    for name, table in tables.items():
        writer = TableWriter(ours, name, TABLES[name])
        writer.add(
            [
                {k: None if v is None or v is pd.NA else v for k, v in r.items()}
                for r in table[list(TABLES[name])].to_dict("records")
            ]
        )
        writer.close()
    return figures
