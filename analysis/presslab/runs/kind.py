"""A kind of run: what its reports are about, and how one of them is made. All else is the same for every kind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
import json
from pathlib import Path
import time
from typing import Any

from presslab.measures.framing import Frame, own_frames
from presslab.reporting import pages, withheld
from presslab.system import provenance

from .folder import Job, Made
from .job import OWN_FILES, Options, executed


def no_texts(subject: Any) -> Sequence[str]:
    """Return no texts, of a subject that holds none."""
    return ()


@dataclass(frozen=True)
class Kind:
    """What is different in a kind of run.

    `name` is a key of `outputs.KINDS`; `unit` is what a report is about (pages lie in the folder `UNITs`); `notebook`
    makes it, in a template that `warmed_by` has warmed. Called with what a report is about, `files` returns the files
    from which a notebook in a plain kernel takes it, `texts` its articles' texts, and `measure` (called with
    user-defined frames and options too) its table rows, once the result is where the notebook finds it. A worker is
    given all that: the functions are those of a module.
    """

    name: str
    unit: str
    notebook: str
    warmed_by: str
    files: Callable[[Any], dict[str, bytes]]
    measure: Callable[[Any, tuple[Frame, ...], Options], dict[str, list[dict]]]
    texts: Callable[[Any], Sequence[str]] = no_texts


def key(plain: Any, digest: str) -> str:
    """Return the hash of all that a report depends on: its subject as plain data, and `Basis.digest`; the same key
    means the same bytes."""
    return provenance.digest(json.dumps([plain, digest], sort_keys=True))


def make(kind: Kind, job: Job) -> Made:
    """Run the notebook for one job and render its report. Raises as `job.executed`."""
    start = time.perf_counter()
    execution = executed(
        kind.notebook,
        job.parameters,
        ("presslab.runs.kind:prepare", (kind, job.subject, job.basis.options)),
        kind.files(job.subject) | job.basis.files,
        kind.warmed_by,
        job.basis.code,
    )
    seconds = time.perf_counter() - start
    return Made(job.id, pages.render(execution.notebook), execution.text, execution.prepared, seconds, execution.plain)


def prepare(folder: str, kind: Kind, subject: Any, options: Options) -> dict[str, list[dict]]:
    """Measure what a report is about, leave the result for the notebook to find, and return the table rows."""
    files: dict[str, Any] = {name: str(Path(folder) / file) for name in OWN_FILES if (file := getattr(options, name))}
    there = replace(options, **files)
    return withheld.rows(kind.measure(subject, own_frames(there.frames), there), options.text)
