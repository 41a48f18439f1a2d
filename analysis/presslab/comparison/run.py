"""Many events: compare, run the notebook, render, and keep what has not changed."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from dataclasses import asdict, replace
from pathlib import Path

import pandas as pd

from presslab.measures.framing import Frame
from presslab.measures.tables import TABLES_OF
from presslab.measures.usual import load
from presslab.reading import handover
from presslab.reading.account import Account
from presslab.reading.article import Failure
from presslab.reading.names import slug
from presslab.reading.read import read
from presslab.runs import folder as run_folder
from presslab.runs.job import Options
from presslab.runs.kind import Kind, key
from presslab.runs.sequence import Request, Say, absolute, ask, carry_out, files_among
from presslab.runs.state import State
from presslab.runs.warm import warm as warm_article
from presslab.runs.whole import Whole
from presslab.runs.writers import rows_of, write_tables
from presslab.system import outputs, provenance
from presslab.system.parallel import Limits, in_parallel

from . import Comparison, events, in_common, index, only_here, withheld as withheld_
from .events import Event
from .own_people import own_people

WORDS_KEPT = 50  # distinctive words an article, in the tables
TABLES = TABLES_OF["comparison"]


def rows(event: str, c: Comparison) -> dict[str, list[dict]]:
    """Return the rows that one event adds to each of the tables (columns as in TABLES)."""
    loaded_shares = c.measured.loc[c.measured["measure"] == "loaded_word_share", "value"]
    one = {
        "event": event,
        "slug": slug(event),
        "label": c.event,
        "outlets": "; ".join(c.labels),
        "articles": len(c.articles),
        "words": int(c.shared["words"].sum()),
        "sources_in_common": len(in_common(c.heard, len(c.labels))),
        "sources_by_one": int(only_here(c.heard)["source"].nunique()),
        "shared_wording": float(c.shared["shared_wording"].max()),
        "shared_quotation": float(c.shared["shared_quotation"].max()),
        "loaded_lowest": float(loaded_shares.min()),
        "loaded_highest": float(loaded_shares.max()),
    }
    words = c.words.groupby("outlet", sort=False).head(WORDS_KEPT)
    tables = {
        "heard": c.heard,
        "groups": c.groups,
        "types": c.types,
        "measured": c.measured,
        "differences": c.differences,
        "passages": c.passages,
        "distinctive_words": words,
        "actors": c.actors,
    }
    records = {name: table.assign(event=event)[list(TABLES[name])].to_dict("records") for name, table in tables.items()}
    return {"events": [one], **records}


def measure(event: Event, frames: tuple[Frame, ...], options: Options) -> dict[str, list[dict]]:
    """Compare an event, leave the result for the notebook to find, and return the table rows."""
    comparison = events.compare_event(event, frames, own_people(options.people), load(options.yardstick))
    events.remember(*reference(event), comparison)
    return rows(event.id, withheld_.comparison(comparison, options.text))


def texts(event: Event) -> list[str]:
    """Return the texts of an event's articles."""
    return [article.text for article in event.articles]


def reference(event: Event) -> tuple[str, str]:
    """Return how a notebook names the event: its inputs, divided by semicolons, and the event."""
    inputs = dict.fromkeys(Path(a.file).name for a in event.articles)
    return "; ".join(inputs), event.id if event.articles[0].metadata.get("event") else event.label


def warm() -> None:
    """Load in a template process all that the notebook needs."""
    from . import sections  # noqa: F401

    warm_article()


EVENTS = Kind("comparison", "event", "compare", "presslab.comparison.run:warm", events.hand_over, measure, texts)


def compare_run(
    inputs: Iterable[str | Path],
    folder: Path,
    options: Options = Options(),
    title: str = "",
    spread: run_folder.Spread = in_parallel,
    progress: run_folder.Progress = lambda name, seconds: None,
    limits: Limits = Limits(),
    prune: bool = False,
) -> run_folder.Run:
    """Return a report for each event among the inputs, an index of them, notebooks, tables, a data package.

    Only what changed is made again; reports of events that are no longer among the inputs stay in the folder until
    `prune` deletes them, but not in the index and the tables. `title` is the event's name for readers, if no column
    `event` gives one. Raises as `articles.report_run`.
    """
    request = ask(EVENTS, inputs, folder, options)
    accounts: list[Account] = []
    items = read(request.inputs, options.clean, options.any_language, accounts, limits=limits)
    event_list, failures = events.groups(items, title)
    if not event_list and outputs.kind(folder) != EVENTS.name:
        return run_folder.Run(folder, 0, 0, tuple(failures))  # nothing to write: no folder is made

    def jobs(state: State) -> Generator[run_folder.Job | Failure, None, None]:
        yield from failures
        yield from (_job(event, request) for event in event_list)

    def whole(state: State, work: run_folder.Progressed, say: Say) -> tuple[Whole, list[str]]:
        notes = run_folder.left(state, work, prune, say, "event")
        files, paths = files_among(request.inputs), absolute(request.inputs)
        parameters = {**request.basis.options.of_events, "event": title}
        return Whole(
            work.order, work.failures, files, accounts, request.basis.digest, paths, parameters, work.made
        ), notes

    return carry_out(request, jobs, whole, _show, spread, progress)


def _job(event: Event, request: Request) -> run_folder.Job:
    """Return the job of an event: its articles come without the paths where they lie."""
    bare = replace(event, articles=tuple(replace(a, path="") for a in event.articles))
    plain = [handover.plain(article) for article in bare.articles], bare.label, [asdict(f) for f in bare.left_out]
    inputs, name = reference(bare)
    parameters = {"articles": inputs, "event": name, **request.basis.options.of_events}
    return run_folder.Job(
        bare.id, bare.articles[0].file, key(plain, request.basis.digest), bare, parameters, request.basis
    )


def _show(request: Request, state: State, whole: Whole) -> None:
    """Write tables, event by event, and index."""
    event_rows: list[dict] = []

    def each_event() -> Iterator[dict[str, list[dict]]]:
        for records in rows_of(state, whole.order, TABLES):
            event_rows.extend(records["events"])
            yield records

    write_tables(state.ours, TABLES, each_event(), whole.failures, whole.accounts, at_once=1)
    table = pd.DataFrame(event_rows, columns=list(TABLES["events"]))
    about = {"citation": provenance.citation(), "tables": list(TABLES)}
    state.ours.write("index.html", [index.event_index(table, whole.failures, about)])
