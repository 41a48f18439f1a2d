"""Many events: compare, run the notebook, render, and keep what has not changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace
import json
from pathlib import Path
import time

import pandas as pd

from . import batch, events, files, handover, measures, provenance, report, runner, runs
from .article import Failure, read
from .compare import Comparison, in_common, only_here
from .events import Event
from .measures import COUNT, FLAG, NUMBER, TEXT
from .parallel import in_parallel
from .runs import Job, Made
from .state import State
from .tables import TableWriter

WORDS_KEPT = 50  # distinctive words an article, in the tables
TABLES: dict[str, dict[str, str]] = {
    "events": {"event": TEXT, "label": TEXT, "outlets": TEXT, "articles": COUNT, "words": COUNT, "sources_in_common": COUNT,
               "sources_by_one": COUNT, "shared_wording": NUMBER, "shared_quotation": NUMBER, "loaded_lowest": NUMBER,
               "loaded_highest": NUMBER, "comparisons": COUNT, "clear_differences": COUNT, "clear_measures": TEXT},
    "heard": {"event": TEXT, "source": TEXT, "type": TEXT, "group": TEXT, "known": FLAG, "outlet": TEXT, "name_there": TEXT, "type_there": TEXT,
              "how": TEXT, "attributions": COUNT, "words": COUNT, "word_share": NUMBER, "rank": COUNT, "first": NUMBER},
    "groups": {"event": TEXT, "outlet": TEXT, "group": TEXT, "attributions": COUNT, "all": COUNT, "share": NUMBER, "low": NUMBER,
               "high": NUMBER, "words": COUNT},
    "types": {"event": TEXT, "outlet": TEXT, "type": TEXT, "attributions": COUNT, "all": COUNT, "share": NUMBER, "low": NUMBER,
              "high": NUMBER, "words": COUNT},
    "measured": {"event": TEXT, "outlet": TEXT, "measure": TEXT, "scope": TEXT, "value": NUMBER, "low": NUMBER, "high": NUMBER,
                 "n": COUNT, "note": TEXT},
    "differences": {"event": TEXT, "measure": TEXT, "scope": TEXT, "outlet": TEXT, "other": TEXT, "difference": NUMBER, "low": NUMBER,
                    "high": NUMBER, "p": NUMBER, "p_holm": NUMBER, "clear": FLAG, "comparisons": COUNT},
    "passages": {"event": TEXT, "passage": COUNT, "outlet": TEXT, "kind": TEXT, "words": COUNT, "start": COUNT, "end": COUNT,
                 "text": TEXT, "similarity": NUMBER},
    "distinctive_words": {"event": TEXT, "outlet": TEXT, "word": TEXT, "count": COUNT, "others": COUNT, "log_odds": NUMBER,
                          "z": NUMBER, "p": NUMBER, "p_holm": NUMBER},
    "actors": {"event": TEXT, "actor": TEXT, "outlet": TEXT, "acts": TEXT, "acted_upon": TEXT, "described": TEXT, "positive": COUNT,
               "negative": COUNT, "instances": COUNT},
    "failures": {"id": TEXT, "file": TEXT, "reason": TEXT, "cell": COUNT, "traceback": TEXT},
}  # fmt: skip


def rows(event: str, c: Comparison) -> dict[str, list[dict]]:
    """The rows that one event adds to each of the tables (columns as in TABLES)."""
    loaded = c.measured.loc[c.measured["measure"] == "loaded_word_share", "value"]
    clear = c.differences[c.differences["clear"]]
    one = {
        "event": event, "label": c.event, "outlets": "; ".join(c.labels), "articles": len(c.articles),
        "words": int(c.shared["words"].sum()), "sources_in_common": len(in_common(c.heard, len(c.labels))),
        "sources_by_one": int(only_here(c.heard)["source"].nunique()), "shared_wording": float(c.shared["shared_wording"].max()),
        "shared_quotation": float(c.shared["shared_quotation"].max()), "loaded_lowest": float(loaded.min()),
        "loaded_highest": float(loaded.max()), "comparisons": len(c.differences), "clear_differences": len(clear),
        "clear_measures": "; ".join(dict.fromkeys(clear["measure"])),
    }  # fmt: skip
    words = c.words.groupby("outlet", sort=False).head(WORDS_KEPT)
    tables = {"heard": c.heard, "groups": c.groups, "types": c.types, "measured": c.measured, "differences": c.differences, "passages": c.passages, "distinctive_words": words, "actors": c.actors}
    found = {name: table.assign(event=event)[list(TABLES[name])].to_dict("records") for name, table in tables.items()}
    return {"events": [one], **found}


def prepare(folder: str, event: Event, options: batch.Options) -> dict[str, list[dict]]:
    """Compare an event, leave the result for the notebook to find, and give the table rows."""
    frames = str(Path(folder) / options.frames) if options.frames else ""
    comparison = events.compare_event(event, measures.own_frames(frames))
    events.remember(*reference(event), comparison)
    return rows(event.id, comparison)


def reference(event: Event) -> tuple[str, str]:
    """How a notebook names the event: inputs and event, as seen from the folder of its files."""
    return "; ".join(dict.fromkeys(a.file for a in event.articles)), event.id if event.articles[0].metadata.get("event") else event.label


def warm() -> None:
    """Load in a template process all that the notebook needs."""
    from . import compare_sections  # noqa: F401

    runner.warm()


def make(job: Job) -> Made:
    """Run the comparison notebook for one event and render its report. Raises what the notebook raised."""
    event, options, frame, code = job.arguments
    batch.check_code(code)
    start = time.perf_counter()
    inputs, name = reference(event)
    handed = {handover.FILE: handover.pack([*event.articles, *event.left_out])} | ({options.frames: frame} if options.frames else {})
    parameters = {"articles": inputs, "event": name, **asdict(options)}
    done = runner.run_twice("compare", parameters, ("analysis.event_batch:prepare", (event, options)), handed, "analysis.event_batch:warm")
    return Made(event.id, report.render(done.notebook), done.text, done.prepared, time.perf_counter() - start)


def key(event: Event, settled: str) -> str:
    """Hash of all that an event's report depends on, `settled` being that of the run; the same key means the same bytes."""
    plain = [handover.plain(article) for article in event.articles], event.label, [asdict(f) for f in event.left_out]
    return provenance.digest(json.dumps([plain, settled], sort_keys=True))


def compare_run(
    inputs: Iterable[str | Path],
    folder: Path,
    options: batch.Options = batch.Options(),
    name: str = "",
    spread: runs.Spread = in_parallel,
    progress: runs.Progress = lambda name, seconds: None,
) -> runs.Run:
    """A report for each event, an index of them, the notebooks and the tables, in a run folder.

    Only what changed is made again; reports of events that are no longer among the inputs are taken away. `spread` says
    where the work is done. Raises runs.Stopped and state.Busy as batch.report_run does.
    """
    frame = Path(options.frames).read_bytes() if options.frames else b""
    named = replace(options, frames=Path(options.frames).name)
    settled = batch.settings(options)
    with runs.opened(folder, ("events", "notebooks", "tables", "failures")) as (state, say):
        say("started")
        found, left_out = events.groups(read([str(i) for i in inputs], clean=options.clean, any_language=options.any_language), name)

        def items() -> Iterator[Job | Failure]:
            yield from left_out
            for event in found:
                moved = replace(event, articles=tuple(replace(a, path="") for a in event.articles))
                yield Job(event.id, event.articles[0].file, key(event, settled), (moved, named, frame, batch.code_digest()))

        done = runs.work_through(items(), make, spread, state, "events", say, progress)
        measures.cards.cache_clear()
        measures.own_frames(options.frames)
        failures = [asdict(failure) for failure in done.failures]
        listed = _write_tables(state, list(done.order), failures)
        facts = {"citation": provenance.citation(), "tables": list(TABLES)}
        files.write(folder / "index.html", [report.event_index(listed, list(done.failures), facts)])
        say(f"ended: {done.made} made, {done.kept} unchanged, {len(done.failures)} failed")
        return runs.Run(folder, done.made, done.kept, tuple(done.failures))


def _write_tables(state: State, order: list[str], failures: list[dict]) -> pd.DataFrame:
    """Write every table, event by event; gives the table of events for the index."""
    writers = {name: TableWriter(state.folder / "tables", name, columns) for name, columns in TABLES.items()}
    listed: list[dict] = []
    for event in order:
        for name, records in state.rows(event).items():
            writers[name].add(records)
            listed += records if name == "events" else []
    writers["failures"].add(failures)
    for writer in writers.values():
        writer.close()
    return pd.DataFrame(listed, columns=list(TABLES["events"]))
