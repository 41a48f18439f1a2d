"""Many events: compare, run the notebook, render, and keep what has not changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, astuple, replace
import hashlib
import json
from pathlib import Path
import time

import pandas as pd

from presslab.measures.cards import cards, own_frames
from presslab.measures.tables import COUNT, FLAG, NUMBER, TABLES as ARTICLE_TABLES, TEXT
from presslab.reading import handover
from presslab.reading.account import Account
from presslab.reading.article import Failure
from presslab.reading.names import slug
from presslab.reading.read import read
from presslab.reporting import pages, withheld
from presslab.runs import folder as run_folder, package
from presslab.runs.articles import without_text
from presslab.runs.job import Options, code_digest, executed, handed_out
from presslab.runs.state import State
from presslab.runs.warm import warm as warm_article
from presslab.runs.writers import TableWriter, checked, files_rows
from presslab.system import outputs, provenance
from presslab.system.files import written
from presslab.system.parallel import Limits, in_parallel

from . import Comparison, events, in_common, index, only_here, withheld as withheld_
from .events import Event

WORDS_KEPT = 50  # distinctive words an article, in the tables
TABLES: dict[str, dict[str, str]] = {
    "events": {
        "event": TEXT,
        "slug": TEXT,
        "label": TEXT,
        "outlets": TEXT,
        "articles": COUNT,
        "words": COUNT,
        "sources_in_common": COUNT,
        "sources_by_one": COUNT,
        "shared_wording": NUMBER,
        "shared_quotation": NUMBER,
        "loaded_lowest": NUMBER,
        "loaded_highest": NUMBER,
        "comparisons": COUNT,
        "clear_differences": COUNT,
        "clear_measures": TEXT,
    },
    "heard": {
        "event": TEXT,
        "source": TEXT,
        "type": TEXT,
        "group": TEXT,
        "known": FLAG,
        "outlet": TEXT,
        "name_there": TEXT,
        "type_there": TEXT,
        "how": TEXT,
        "attributions": COUNT,
        "words": COUNT,
        "word_share": NUMBER,
        "rank": COUNT,
        "first": NUMBER,
    },
    "groups": {
        "event": TEXT,
        "outlet": TEXT,
        "group": TEXT,
        "attributions": COUNT,
        "all": COUNT,
        "share": NUMBER,
        "low": NUMBER,
        "high": NUMBER,
        "words": COUNT,
    },
    "types": {
        "event": TEXT,
        "outlet": TEXT,
        "type": TEXT,
        "attributions": COUNT,
        "all": COUNT,
        "share": NUMBER,
        "low": NUMBER,
        "high": NUMBER,
        "words": COUNT,
    },
    "measured": {
        "event": TEXT,
        "outlet": TEXT,
        "measure": TEXT,
        "scope": TEXT,
        "value": NUMBER,
        "low": NUMBER,
        "high": NUMBER,
        "n": COUNT,
        "note": TEXT,
    },
    "differences": {
        "event": TEXT,
        "measure": TEXT,
        "scope": TEXT,
        "outlet": TEXT,
        "other": TEXT,
        "difference": NUMBER,
        "low": NUMBER,
        "high": NUMBER,
        "p": NUMBER,
        "p_holm": NUMBER,
        "clear": FLAG,
        "comparisons": COUNT,
    },
    "passages": {
        "event": TEXT,
        "passage": COUNT,
        "outlet": TEXT,
        "kind": TEXT,
        "words": COUNT,
        "start": COUNT,
        "end": COUNT,
        "text": TEXT,
        "similarity": NUMBER,
    },
    "distinctive_words": {
        "event": TEXT,
        "outlet": TEXT,
        "word": TEXT,
        "count": COUNT,
        "others": COUNT,
        "log_odds": NUMBER,
        "z": NUMBER,
        "p": NUMBER,
        "p_holm": NUMBER,
    },
    "actors": {
        "event": TEXT,
        "actor": TEXT,
        "outlet": TEXT,
        "acts": TEXT,
        "acted_upon": TEXT,
        "described": TEXT,
        "positive": COUNT,
        "negative": COUNT,
        "instances": COUNT,
    },
    "failures": ARTICLE_TABLES["failures"],
    "files": ARTICLE_TABLES["files"],
}


def rows(event: str, c: Comparison) -> dict[str, list[dict]]:
    """Return the rows that one event adds to each of the tables (columns as in TABLES)."""
    loaded = c.measured.loc[c.measured["measure"] == "loaded_word_share", "value"]
    clear = c.differences[c.differences["clear"]]
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
        "loaded_lowest": float(loaded.min()),
        "loaded_highest": float(loaded.max()),
        "comparisons": len(c.differences),
        "clear_differences": len(clear),
        "clear_measures": "; ".join(dict.fromkeys(clear["measure"])),
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
    found = {name: table.assign(event=event)[list(TABLES[name])].to_dict("records") for name, table in tables.items()}
    return {"events": [one], **found}


def prepare(folder: str, event: Event, options: Options) -> dict[str, list[dict]]:
    """Compare an event, leave the result for the notebook to find, and give the table rows."""
    frames = str(Path(folder) / options.frames) if options.frames else ""
    comparison = events.compare_event(event, own_frames(frames))
    events.remember(*reference(event), comparison)
    return withheld.rows(rows(event.id, withheld_.comparison(comparison, options.text)), options.text)


def reference(event: Event) -> tuple[str, str]:
    """Return how a notebook names the event: its inputs, divided by semicolons, and the event."""
    inputs = dict.fromkeys(Path(a.file).name for a in event.articles)
    return "; ".join(inputs), event.id if event.articles[0].metadata.get("event") else event.label


def warm() -> None:
    """Load in a template process all that the notebook needs."""
    from . import sections  # noqa: F401

    warm_article()


def make(job: run_folder.Job) -> run_folder.Made:
    """Run the comparison notebook for one event and render its report; see `job.executed`."""
    event, options, frame, code = job.arguments
    start = time.perf_counter()
    inputs, name = reference(event)
    files = events.hand_over(event) | ({options.frames: frame} if options.frames else {})
    parameters = {"articles": inputs, "event": name, **asdict(options)}
    done = executed(
        "compare",
        parameters,
        ("presslab.comparison.run:prepare", (event, options)),
        files,
        "presslab.comparison.run:warm",
        code,
    )
    return run_folder.Made(
        event.id, pages.render(done.notebook), done.text, done.prepared, time.perf_counter() - start, done.plain
    )


def key(event: Event, settled: str) -> str:
    """Return the hash of all that an event's report depends on, `settled` being that of the run."""
    plain = [handover.plain(article) for article in event.articles], event.label, [asdict(f) for f in event.left_out]
    return provenance.digest(json.dumps([plain, settled], sort_keys=True))


def compare_run(
    inputs: Iterable[str | Path],
    folder: Path,
    options: Options = Options(),
    name: str = "",
    spread: run_folder.Spread = in_parallel,
    progress: run_folder.Progress = lambda name, seconds: None,
    limits: Limits = Limits(),
    prune: bool = False,
) -> run_folder.Run:
    """Return a report for each event among the inputs, an index of them, notebooks, tables, a data package.

    Only what changed is made again; reports of events that are no longer among the inputs stay in the folder until
    `prune` deletes them, but not in the index and the tables. `name` is what the event is called where the inputs
    tell one. Raises as `articles.report_run`.
    """
    inputs = [str(i) for i in inputs]
    frame, named, settled = handed_out(options)
    run_folder.ready(inputs, folder, "comparison", options.frames)
    accounts: list[Account] = []
    found, left_out = events.groups(read(inputs, options.clean, options.any_language, accounts, limits=limits), name)
    if not found and outputs.kind(folder) != "comparison":
        return run_folder.Run(folder, 0, 0, tuple(left_out))  # nothing to write: no folder is made
    with run_folder.opened(folder, "comparison") as (state, say):
        say(f"started: {len(inputs)} inputs")

        def items() -> Iterator[run_folder.Job | Failure]:
            yield from left_out
            for event in found:
                articles = tuple(replace(a, path="") for a in event.articles)
                bare = replace(event, articles=articles)
                yield run_folder.Job(
                    event.id, event.articles[0].file, key(bare, settled), (bare, named, frame, code_digest())
                )

        done = run_folder.work_through(
            items(), make, without_text(spread, options.text), state, "events", say, progress
        )
        notes = run_folder.left(state, done, prune, say, "event")
        parameters = {**asdict(named), "event": name} | (
            {"frames_sha256": hashlib.sha256(frame).hexdigest()} if options.frames else {}
        )
        _finish(state, done, accounts, inputs, options, parameters, settled)
        run = run_folder.Run(folder, done.made, done.kept, tuple(done.failures), tuple(notes))
        say(f"ended: {run.told}")
        return run


def _finish(
    state: State,
    done: run_folder.Progressed,
    accounts: list[Account],
    inputs: list[str],
    options: Options,
    parameters: dict,
    settled: str,
) -> None:
    """Write index, tables and data package if anything in them has changed."""
    given = [(Path(i).name, written(Path(i))[1], 0) for i in inputs if Path(i).is_file()]
    told = [[asdict(f) for f in done.failures], [astuple(a) for a in accounts], given]
    signature = provenance.digest(json.dumps([list(done.order.items()), *told, parameters, settled]))
    if run_folder.settled(state, signature):
        return
    state.write_origin([str(Path(i).absolute()) for i in inputs], asdict(options))
    cards.cache_clear()  # a frame of an earlier run in this process is no measure of this one
    own_frames(options.frames)
    listed = _write_tables(state, done, accounts)
    state.ours.write(
        "index.html",
        [index.event_index(listed, done.failures, {"citation": provenance.citation(), "tables": list(TABLES)})],
    )
    made = (item for name in done.order for item in state.files(name).items())
    tracebacks = [f.traceback for f in done.failures if f.traceback]
    run_folder.settle(
        state,
        signature,
        package.write(state.folder, state.ours.write, parameters, given, made, tracebacks, TABLES, code_digest()),
    )


def _write_tables(state: State, done: run_folder.Progressed, accounts: list[Account]) -> pd.DataFrame:
    """Write every table, event by event; returns the table of events for the index."""
    writers = {name: TableWriter(state.ours, name, columns) for name, columns in TABLES.items()}
    listed: list[dict] = []
    for event in done.order:
        for name, records in checked(state.rows(event), TABLES, state.folder).items():
            writers[name].add(records)
            listed += records if name == "events" else []
    writers["failures"].add([{name: asdict(failure)[name] for name in TABLES["failures"]} for failure in done.failures])
    writers["files"].add(files_rows(accounts))
    for writer in writers.values():
        writer.close()
    return pd.DataFrame(listed, columns=list(TABLES["events"]))
