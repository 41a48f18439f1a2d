"""Many events: compare, run the notebook, render, and keep what has not changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
import json
import math
import os
from pathlib import Path
import time
from typing import Any

import nbformat
import pandas as pd

from . import batch, events, kernel, measures, provenance, report
from .article import Article, Failure
from .compare import Comparison, in_common, only_here
from .events import Event
from .measures import COUNT, FLAG, NUMBER, TEXT
from .parallel import in_parallel, reason
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
    "failures": {"id": TEXT, "file": TEXT, "reason": TEXT},
}  # fmt: skip


@dataclass(frozen=True)
class Made:
    """One event's report as it comes back from a worker: HTML, executed notebook (JSON), table rows, seconds."""

    id: str
    html: str
    notebook: str
    rows: dict[str, list[dict]]
    seconds: float


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


def prepare(event: Event, options: batch.Options) -> dict[str, list[dict]]:
    """Compare an event, leave the result for the notebook to find, and give the table rows."""
    comparison = events.compare_event(event, measures.own_frames(options.frames))
    inputs, name, _ = reference(event)
    events.remember(inputs, name, comparison)
    return rows(event.id, comparison)


def reference(event: Event) -> tuple[str, str, Path]:
    """How a notebook names the event: inputs and event, as seen from a folder, and that folder."""
    folder = Path(event.articles[0].path).parent
    paths = dict.fromkeys(os.path.relpath(a.path, folder) for a in event.articles)
    return "; ".join(paths), event.id if event.articles[0].metadata.get("event") else event.label, folder


def warm() -> None:
    """Load in a template process all that the notebook needs."""
    from . import compare_sections  # noqa: F401

    batch.warm()


_warmed: set[int] = set()


def make(event: Event, options: batch.Options, forked: bool = True) -> Made:
    """Run the comparison notebook for one event and render its report; a failure in a forked kernel is tried once more."""
    start = time.perf_counter()
    if forked and kernel.can_fork():
        try:
            template = kernel.Template.shared()
            if template.process.pid not in _warmed:
                template.call("analysis.event_batch:warm")
                _warmed.add(template.process.pid)
            found = template.call("analysis.event_batch:prepare", event, options)
            notebook = _execute(event, options, "presslab")
        except Exception as error:
            error.add_note("(first try, in a forked kernel)")
            return make(event, options, forked=False)
    else:
        found = prepare(event, options)
        notebook = _execute(event, options, None)
    return Made(event.id, report.render(notebook), nbformat.writes(notebook) + "\n", found, time.perf_counter() - start)


def _execute(event: Event, options: batch.Options, engine: str | None) -> nbformat.NotebookNode:
    import papermill

    inputs, name, folder = reference(event)
    settings = asdict(options) | {"frames": os.path.relpath(options.frames, folder) if options.frames else ""}
    notebook = papermill.execute_notebook(
        batch.notebook_path("compare"), None, parameters={"articles": inputs, "event": name, **settings}, engine_name=engine,
        kernel_name="python3", progress_bar=False, cwd=folder, execution_timeout=batch.CELL_TIMEOUT,
    )  # fmt: skip
    return batch.normalised(notebook)


def key(event: Event, options: batch.Options) -> str:
    """Hash of all that an event's report depends on; the same key means the same bytes."""
    frames = provenance.digest(Path(options.frames).read_bytes()) if options.frames else ""
    plain = [batch.fields(article) for article in event.articles], event.label, [asdict(f) for f in event.left_out]
    return provenance.digest(json.dumps([plain, asdict(options) | {"frames": frames}, batch.code_digest()], sort_keys=True))


def compare_run(
    items: Iterable[Article | Failure],
    folder: Path,
    options: batch.Options,
    name: str = "",
    jobs: int = 1,
    progress: Callable[[str, float], None] = lambda name, seconds: None,
) -> batch.Run:
    """A report for each event, an index of them, the notebooks and the tables, in a run folder.

    Only what changed is made again; reports of events that are no longer among `items` are taken away.
    """
    for part in ("events", "notebooks", "tables", ".presslab"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    found, failures = events.groups(items, name)
    log, kept, made = [f"started {time.strftime('%Y-%m-%d %H:%M:%S')}"], 0, 0
    log += [f"left out {f.id or f.file}: {f.reason}" for f in failures]

    def wanted() -> Iterator[tuple[Event, batch.Options]]:
        nonlocal kept
        for event in found:
            if _state(folder, event.id).get("key") == key(event, options) and all(p.exists() for p in _files(folder, event.id)):
                kept += 1
                progress(event.id, 0.0)
            else:
                yield event, options

    lost = set()
    for (event, _), result in in_parallel(make, wanted(), jobs, window=2):
        if isinstance(result, Exception):
            failures.append(Failure(event.id, event.articles[0].file, reason(result)))
            lost.add(event.id)
            log.append(f"failed {event.id}: {reason(result)}")
        else:
            page, notebook = _files(folder, event.id)
            batch.write(page, result.html)
            batch.write(notebook, result.notebook)
            state = {"key": key(event, options), "rows": _plain(result.rows)}
            batch.write(_state_path(folder, event.id), json.dumps(state, ensure_ascii=True, allow_nan=False) + "\n")
            made += 1
            log.append(f"made {event.id} in {result.seconds:.2f} s")
        progress(event.id, getattr(result, "seconds", 0.0))
    order = [event.id for event in found if event.id not in lost]
    for path in sorted((folder / ".presslab").glob("*.json")):
        if path.stem not in set(order):
            for old in (*_files(folder, path.stem), path):
                old.unlink(missing_ok=True)
    listed = _write_tables(folder, order, failures)
    facts = {"citation": provenance.citation(), "tables": list(TABLES)}
    batch.write(folder / "index.html", report.event_index(listed, failures, facts))
    log.append(f"{made} made, {kept} unchanged, {len(failures)} failed; ended {time.strftime('%Y-%m-%d %H:%M:%S')}")
    batch.write(folder / "run.log", "\n".join(log) + "\n")
    return batch.Run(folder, made, kept, tuple(failures))


def _write_tables(folder: Path, order: list[str], failures: list[Failure]) -> pd.DataFrame:
    """Write every table, event by event; gives the table of events for the index."""
    writers = {name: TableWriter(folder / "tables", name, columns) for name, columns in TABLES.items()}
    listed: list[dict] = []
    for event in order:
        for name, records in _state(folder, event)["rows"].items():
            writers[name].add(records)
            listed += records if name == "events" else []
    writers["failures"].add([asdict(failure) for failure in failures])
    for writer in writers.values():
        writer.close()
    return pd.DataFrame(listed, columns=list(TABLES["events"]))


def _files(folder: Path, event: str) -> tuple[Path, Path]:
    return folder / "events" / f"{event}.html", folder / "notebooks" / f"{event}.ipynb"


def _state_path(folder: Path, event: str) -> Path:
    return folder / ".presslab" / f"{event}.json"


def _state(folder: Path, event: str) -> dict[str, Any]:
    path = _state_path(folder, event)
    return json.loads(path.read_text("utf-8")) if path.exists() else {}


def _plain(found: dict[str, list[dict]]) -> dict[str, list[dict]]:
    """Rows fit for JSON: NaN becomes null, numbers are Python's own."""
    return {
        table: [{k: _cell(v) for k, v in row.items()} for row in records] for table, records in found.items()
    }


def _cell(value: Any) -> Any:
    if isinstance(value, float) and math.isnan(value):
        return None
    return value.item() if hasattr(value, "item") else value
