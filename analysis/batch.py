"""Many articles: read, analyse, run the notebook, render, and keep what has not changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from importlib import resources
import json
import math
import os
from pathlib import Path
import re
import time
from typing import Any

import nbformat

from . import kernel, measures, provenance
from .article import Account, Article, Failure
from .parallel import in_parallel, reason
from .tables import write_tables

CELL_TIMEOUT = 600


@dataclass(frozen=True)
class Options:
    """What a run was asked for. `text` says how much of the article a report shows: full, excerpts or none;
    `frames` names a frame file or is ""."""

    clean: bool = True
    any_language: bool = False
    text: str = "full"
    frames: str = ""


@dataclass(frozen=True)
class Made:
    """One article's report as it comes back from a worker: HTML, executed notebook (JSON), table rows, seconds."""

    id: str
    html: str
    notebook: str
    rows: dict[str, list[dict]]
    seconds: float


@dataclass(frozen=True)
class Run:
    """What a run did: reports made, reports kept because nothing changed, and failures with their reasons."""

    folder: Path
    made: int
    kept: int
    failures: tuple[Failure, ...]


def notebook_path(name: str = "article") -> Path:
    """Where the notebook template NAME.ipynb is, in a checkout or in an installed wheel."""
    return Path(str(resources.files("presslab_notebooks") / f"{name}.ipynb"))


@lru_cache(maxsize=1)
def code_digest() -> str:
    """One hash for everything of presslab that an output depends on: code, data, notebooks, package versions."""
    pieces = [json.dumps(provenance.facts(), sort_keys=True)]
    for root in (resources.files("analysis"), resources.files("presslab_notebooks")):
        folder = Path(str(root))
        for path in sorted(folder.rglob("*")):
            if path.suffix in {".py", ".yaml", ".npz", ".json", ".ipynb", ".css", ".js", ".j2", ".html", ".txt", ".csv"}:
                pieces.append(f"{path.relative_to(folder).as_posix()} {provenance.digest(path.read_bytes())}")
    return provenance.digest("\n".join(pieces))


def key(article: Article, options: Options) -> str:
    """Hash of all that a report depends on; the same key means the same bytes."""
    frames = provenance.digest(Path(options.frames).read_bytes()) if options.frames else ""
    settings = {**asdict(options), "frames": frames}
    return provenance.digest(json.dumps([fields(article), settings, code_digest()], sort_keys=True))


def fields(article: Article) -> dict[str, Any]:
    """The article as plain data, without where it lies on this machine."""
    plain = asdict(article)
    plain.pop("path")
    return plain


def reference(article: Article) -> str:
    """How a notebook names an article in the folder of its file: NAME, or TABLE#ID."""
    name = Path(article.path).name
    return f"{name}#{article.id}" if article.in_table else name


def warm() -> None:
    """Load in a template process all that notebooks need."""
    from . import charts, highlight, sections  # noqa: F401
    from .document import parser

    parser()


def prepare(article: Article, options: Options) -> dict[str, list[dict]]:
    """Analyse an article, leave the result for the notebook to find, and give the table rows."""
    analysis = measures.analyse(article, measures.own_frames(options.frames))
    measures.remember(reference(article), options.clean, options.any_language, analysis)
    return measures.rows(analysis)


def make(article: Article, options: Options, forked: bool = True) -> Made:
    """Run the article notebook for one article and render its report.

    Raises what the notebook raised; with `forked` a notebook that fails is tried once more in a plain kernel.
    """
    from . import report

    start = time.perf_counter()
    if forked and kernel.can_fork():
        try:
            template = _warm_template()
            rows = template.call("analysis.batch:prepare", article, options)
            notebook = _execute(article, options, "presslab")
        except Exception as error:
            error.add_note("(first try, in a forked kernel)")
            return make(article, options, forked=False)
    else:
        rows = prepare(article, options)
        notebook = _execute(article, options, None)
    html = report.render(notebook)
    text = nbformat.writes(notebook) + "\n"
    return Made(article.id, html, text, rows, time.perf_counter() - start)


_warmed: set[int] = set()


def _warm_template() -> kernel.Template:
    template = kernel.Template.shared()
    if template.process.pid not in _warmed:
        template.call("analysis.batch:warm")
        _warmed.add(template.process.pid)
    return template


def _execute(article: Article, options: Options, engine: str | None) -> nbformat.NotebookNode:
    import papermill

    folder = Path(article.path).parent
    frames = os.path.relpath(options.frames, folder) if options.frames else ""
    notebook = papermill.execute_notebook(
        notebook_path(),
        None,
        parameters={"article": reference(article), **asdict(options), "frames": frames},
        engine_name=engine,
        kernel_name="python3",
        progress_bar=False,
        cwd=folder,
        execution_timeout=CELL_TIMEOUT,
    )
    return normalised(notebook)


def normalised(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The executed notebook without clock times, durations, machine paths and random cell ids. Changes it in place."""
    run = notebook.metadata.get("papermill", {})
    notebook.metadata["papermill"] = {name: run[name] for name in ("default_parameters", "parameters", "version") if name in run}
    for number, cell in enumerate(notebook.cells):
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
        cell.metadata.pop("status", None)
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell["id"] = f"injected-parameters-{number}"
    return notebook


def report_run(
    items: Iterable[Article | Failure],
    folder: Path,
    options: Options,
    jobs: int = 1,
    progress: Callable[[str, float], None] = lambda name, seconds: None,
    accounts: Sequence[Account] = (),
) -> Run:
    """A report for each article, an index, the notebooks and the tables, in a run folder.

    Only what changed is made again. Every file is written whole under another name and then moved into place. Reports
    that an earlier run left for articles which are no longer among `items` are taken away. `accounts` is read when all
    `items` have been: what `article.read` tells of each file.
    """
    from . import report

    for name in ("articles", "notebooks", "tables", ".presslab"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    failures: list[Failure] = []
    order: list[str] = []
    kept = 0
    log = [f"started {time.strftime('%Y-%m-%d %H:%M:%S')}"]

    def wanted() -> Iterator[tuple]:
        nonlocal kept
        for item in items:
            if isinstance(item, Failure):
                failures.append(item)
                log.append(f"failed {item.id or item.file}: {item.reason}")
                continue
            order.append(item.id)
            if _state(folder, item.id).get("key") == key(item, options) and all(p.exists() for p in _files(folder, item.id)):
                kept += 1
                progress(item.id, 0.0)
                continue
            yield item, options

    made = 0
    for (article, _), result in in_parallel(make, wanted(), jobs):
        if isinstance(result, Exception):
            failures.append(Failure(article.id, article.file, reason(result)))
            order.remove(article.id)
            log.append(f"failed {article.id}: {reason(result)}")
            log += re.sub(r"\x1b\[[\d;]*m", "", str(result)).splitlines()
            for path in (*_files(folder, article.id), _state_path(folder, article.id)):
                path.unlink(missing_ok=True)
        else:
            html, notebook = _files(folder, article.id)
            write(html, result.html)
            write(notebook, result.notebook)
            state = {"key": key(article, options), "rows": _plain(result.rows)}
            write(_state_path(folder, article.id), json.dumps(state, ensure_ascii=True, allow_nan=False) + "\n")
            made += 1
            log.append(f"made {article.id} in {result.seconds:.2f} s")
        progress(article.id, getattr(result, "seconds", 0.0))
    for path in sorted((folder / ".presslab").glob("*.json")):
        if path.stem not in set(order):
            for old in (*_files(folder, path.stem), path):
                old.unlink(missing_ok=True)
    measures.own_frames(options.frames)  # their cards, which workers have already read, are needed here too
    index_rows = write_tables(folder / "tables", (_state(folder, name)["rows"] for name in order), failures, accounts)
    write(folder / "index.html", report.index(*index_rows, {"citation": provenance.citation(), "facts": provenance.facts()}))
    log.append(f"{made} made, {kept} unchanged, {len(failures)} failed; ended {time.strftime('%Y-%m-%d %H:%M:%S')}")
    write(folder / "run.log", "\n".join(log) + "\n")
    return Run(folder, made, kept, tuple(failures))


def write(path: Path, text: str) -> None:
    """Write a text file whole or not at all (UTF-8, lone surrogates replaced)."""
    partial = path.with_name(f".{path.name}.part")
    partial.write_bytes(text.encode("utf-8", "replace"))
    os.replace(partial, path)


def _files(folder: Path, name: str) -> tuple[Path, Path]:
    return folder / "articles" / f"{name}.html", folder / "notebooks" / f"{name}.ipynb"


def _state_path(folder: Path, name: str) -> Path:
    return folder / ".presslab" / f"{name}.json"


def _state(folder: Path, name: str) -> dict[str, Any]:
    path = _state_path(folder, name)
    return json.loads(path.read_text("utf-8")) if path.exists() else {}


def _plain(rows: dict[str, list[dict]]) -> dict[str, list[dict]]:
    """Rows fit for JSON: NaN becomes null."""
    return {
        table: [{k: None if isinstance(v, float) and math.isnan(v) else v for k, v in row.items()} for row in records]
        for table, records in rows.items()
    }
