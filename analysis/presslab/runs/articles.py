"""Many articles: read, analyse, run the notebook, render, and keep what has not changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, astuple, replace
import hashlib
import json
from pathlib import Path
import time
from typing import Any

from presslab.measures.analyse import analyse, remember
from presslab.measures.cards import cards, own_frames
from presslab.measures.tables import TABLES, rows as article_rows
from presslab.reading import corrections, handover, names
from presslab.reading.account import Account, Item, Known
from presslab.reading.article import Article, Failure
from presslab.reading.read import identity, read
from presslab.reporting import pages, trust, withheld
from presslab.reporting.place import Distribution
from presslab.system import files, provenance
from presslab.system.files import Stopped
from presslab.system.ours import Draft
from presslab.system.outputs import OutputError
from presslab.system.parallel import Limits, Trouble, in_parallel

from . import finished, folder as run_folder, growth, package
from .folder import Job, Made, Run
from .job import Options, code_digest, executed, handed_out, settings
from .state import FILE, REMEDY, State
from .warm import WARM
from .writers import checked, index_row, write_tables

CHANGED = (
    "warning: the file was changed while it was read; its SHA-256 in inputs.csv is that of before: run the same command"
    " again"
)
PLACED_AT_ONCE = 100  # reports that may have to be made again where a run is killed while it puts places in


def key(article: Article, settled: str) -> str:
    """Return the hash of all that a report depends on, `settled` being that of the run; the same key means the same
    bytes."""
    return provenance.digest(json.dumps([handover.plain(article), settled], sort_keys=True))


def reference(article: Article) -> str:
    """Return how a notebook names an article in the folder of its file: NAME, or TABLE#ID."""
    name = Path(article.file).name
    return f"{name}#{article.id}" if article.in_table else name


def prepare(folder: str, article: Article, options: Options) -> dict[str, list[dict]]:
    """Analyse an article, leave the result for the notebook to find, and give the table rows."""
    frames = str(Path(folder) / options.frames) if options.frames else ""
    analysis = analyse(article, own_frames(frames))
    remember(reference(article), options.clean, options.any_language, analysis)
    return withheld.rows(article_rows(withheld.analysis(analysis, options.text)), options.text)


def make(job: Job) -> Made:
    """Run the article notebook for one article and render its report.

    A notebook that fails in a forked kernel is tried once more in a plain one. Raises what that raised, and
    VersionError where this process runs other code than the one that gave the job."""
    article, options, frame, code = job.arguments
    start = time.perf_counter()
    files = {handover.FILE: handover.pack([article])} | ({options.frames: frame} if options.frames else {})
    parameters = {"article": reference(article), **asdict(options)}
    done = executed("article", parameters, ("presslab.runs.articles:prepare", (article, options)), files, WARM, code)
    return Made(
        article.id, pages.render(done.notebook), done.text, done.prepared, time.perf_counter() - start, done.plain
    )


def without_text(spread: run_folder.Spread, show: str) -> run_folder.Spread:
    """Return a spread whose failures don't quote the articles of their jobs further than a run shows these."""

    def spreading(
        task: Callable[[Job], Made], items: Iterable[tuple[Job]]
    ) -> Iterator[tuple[tuple[Job], Made | Trouble]]:
        for (job,), result in spread(task, items):
            if isinstance(result, Trouble):
                of = job.arguments[0]
                texts = [article.text for article in getattr(of, "articles", (of,))]
                reason, traceback = (withheld.message(said, texts, show) for said in (result.reason, result.traceback))
                result = replace(result, reason=reason, traceback=traceback)
            yield (job,), result

    return spreading


def report_run(
    inputs: Iterable[str | Path],
    folder: Path,
    options: Options = Options(),
    spread: run_folder.Spread = in_parallel,
    progress: run_folder.Progress = lambda name, seconds: None,
    limits: Limits = Limits(),
    add: bool = False,
    prune: bool = False,
) -> Run:
    """Return a report for each article of files, folders, globs and tables, an index, notebooks, tables, a data
    package.

    Only what changed is made again; a file that somebody changed is kept. Index and tables have the articles of the
    inputs, with `add` those too that the run has already; reports of others stay in the folder until `prune`
    deletes them. `spread` says where the work is done: a function like `in_parallel`. Raises OutputError, before
    anything is read, where the folder is not this run's or there is nothing to read, Stopped where the disk is full
    and state.Busy where another run is writing to the folder.
    """
    inputs = [str(i) for i in inputs]
    frame, named, settled = handed_out(options)
    run_folder.ready(inputs, folder, "report", options.frames)
    if quoting := _quoting(folder) if options.text != withheld.FULL else "":
        raise OutputError(
            f"{folder / quoting} may hold text of the articles, which --text {options.text} leaves out: move it away,"
            " or use another folder"
        )
    with run_folder.opened(folder, "report") as (state, say):
        say(f"started: {len(inputs)} inputs")
        memory = _Memory(state, settled)
        asked = settings(options, "")
        had = growth.before(state, asked) if add else growth.Before()
        growth.begin(state, had, add)
        accounts: list[Account] = []
        labels, texts = dict(had.labels), dict(had.texts)

        def items() -> Iterator[Job | Known | Failure]:
            for item in read(inputs, options.clean, options.any_language, accounts, memory, labels, limits=limits):
                if isinstance(item, Failure):
                    yield item
                    continue
                texts[item.id] = item.text if isinstance(item, Known) else identity(item)
                if isinstance(item, Known):
                    yield item
                elif item.numbered and had.texts.get(item.id, texts[item.id]) != texts[item.id]:
                    texts[item.id] = had.texts[item.id]
                    yield growth.taken(item)
                else:
                    article = replace(item, path="")
                    yield Job(item.id, item.file, memory.key(item), (article, named, frame, code_digest()))

        done = run_folder.work_through(
            items(), make, without_text(spread, options.text), state, "articles", say, progress, had.failures
        )
        whole = growth.joined(state, had, done, accounts)
        given, accounts, steps = growth.inputs_of(had, memory.files, accounts)
        others = growth.others(had, done, whole, code_digest())
        notes = growth.told(had, done, whole, texts, len(others), say) if add else []
        notes += run_folder.left(state, whole, prune, say, "article") if prune or not add else []
        parameters = ({"add": steps} if add else {}) | ({"made_by_other_code": len(others)} if others else {})
        growth.remember(
            state,
            labels,
            {id: texts[id] for id in whole.order if id in texts},
            asked,
            code_digest(),
            others,
            parameters,
        )
        if not add:
            state.forget_inputs(memory.used)
        _finish(state, whole, given, accounts, [*had.inputs, *inputs], options, named, settled, parameters)
        growth.end(state)
        run = Run(folder, done.made, done.kept, tuple(whole.failures), tuple(notes))
        say(f"ended: {run.told}")
        return run


def _quoting(folder: Path) -> str:
    """Return the first file of a run's folder `coding` that may hold text of the articles; "" if there is none."""
    for path in finished.below(folder, "coding"):
        if (
            path not in withheld.CODED
            or path == withheld.MARKS
            and withheld.unquoted(raw := (folder / path).read_bytes()) != raw
        ):
            return path
    return ""


def _finish(
    state: State,
    done: run_folder.Progressed,
    given: list[tuple[str, str, int]],
    accounts: list[Account],
    inputs: list[str],
    options: Options,
    named: Options,
    settled: str,
    grown: dict[str, Any],
) -> None:
    """Write index, tables and data package if anything in them has changed; `grown` are parameters that say how the
    run grew. Whatever changes of the codes of a sample (folder `coding`), no notebook is run for it."""
    told = [[asdict(f) for f in done.failures], given, [astuple(a) for a in accounts]]
    coded = finished.below(state.folder, "coding")
    codes = [(path, files.written(state.folder / path)) for path in coded]
    signature = provenance.digest(
        json.dumps([list(done.order.items()), *told, settled, *([codes] if codes else []), *([grown] if grown else [])])
    )
    if not done.made and run_folder.settled(state, signature):
        return
    state.write_note("told", [list(done.order.items()), *told, settled])
    cards.cache_clear()  # a frame of an earlier run in this process is no measure of this one
    own_frames(options.frames)  # their cards, which workers have already read, are needed here too
    state.write_origin(list(dict.fromkeys(str(Path(i).absolute()) for i in inputs)), asdict(options))
    failures = [asdict(failure) for failure in done.failures]
    run, trusted, corrected = Distribution(), finished.own(state.folder), 0

    def measured() -> Iterator[dict[str, list[dict]]]:
        nonlocal corrected
        for name in done.order:
            rows = checked(state.rows(name), TABLES, state.folder)
            run.add(index_row(rows))
            corrected += any(row["corrected"] for row in [*rows.get("attributions", ()), *rows.get("sources", ())])
            yield rows

    write_tables(state.ours, measured(), failures, accounts)
    rows = _placed(state, done.order, run, trusted)
    pieces = pages.index(
        rows, len(done.order), failures, {"citation": provenance.citation(), "coded": coded, "corrected": corrected}
    )
    state.ours.write("index.html", pieces)
    parameters = (
        asdict(named)
        | grown
        | ({"frames_sha256": hashlib.sha256(Path(options.frames).read_bytes()).hexdigest()} if options.frames else {})
    )
    made = (item for name in done.order for item in state.files(name).items())
    tracebacks = [f.traceback for f in done.failures if f.traceback]
    last = package.write(
        state.folder, state.ours.write, parameters, given, made, [*tracebacks, *coded], TABLES, code_digest()
    )
    run_folder.settle(state, signature, last)


def refreshed(folder: Path) -> str:
    """Put into the reports of a finished run what the folder `coding` in it says now; returns what to tell people.

    Nothing but HTML and the lists of files is made again.
    """
    with run_folder.opened(folder, "report") as (state, say):
        told, noted = state.note("told"), state.origin()
        again = f"make the run again with presslab report to have the figures in the reports of {folder}"
        if not told or not noted:
            return f"The run's memory is missing: {again}"
        try:
            order, failures, given, accounts, settled = told
            options = Options(**noted["options"])
            done = run_folder.Progressed(dict(order), 0, len(order), [Failure(**f) for f in failures])
            inputs, listed = [tuple(g) for g in given], [growth.account(a) for a in accounts]
            grown = dict((state.note(growth.NOTE) or {}).get("parameters", {}))
        except (TypeError, ValueError) as error:
            raise Stopped(f"{folder}: {FILE} is damaged ({error}); {REMEDY}") from error
        if options.frames and not Path(options.frames).is_file() or handed_out(options)[2] != settled:
            return f"presslab or the frame file has changed since: {again}"
        _finish(state, done, inputs, listed, noted["files"], options, handed_out(options)[1], settled, grown)
        say("reports refreshed from the folder coding")
        return f"{len(order):,} reports of {folder} say so; no notebook was run"


def _placed(state: State, ids: Iterable[str], run: Distribution, trusted: dict[str, str]) -> Iterator[dict]:
    """Put each article's place in the run into its report, and what the run's own codes say of each measure: no
    notebook is needed for that. Returns the rows of the index."""
    drafts: dict[str, Draft] = {}  # by article

    def settle() -> None:
        state.ours.publish(list(drafts.values()))
        for id, draft in drafts.items():
            state.change(id, draft.name, draft.size, draft.digest)
        state.commit()
        drafts.clear()

    for id in ids:
        row, path = index_row(checked(state.rows(id), TABLES, state.folder)), f"articles/{names.slug(id)}.html"
        page = (state.folder / path).read_bytes().decode()
        placed = trust.filled(run.placed(page, row), trusted)
        if placed != page:
            drafts[id] = state.ours.draft(path, [placed])
        if len(drafts) == PLACED_AT_ONCE:
            settle()
        yield row
    settle()


class _Memory:
    """What input files gave when they were read before, with their accounts: an unchanged file is not read again.

    `files` lists what was read in this run: name, SHA-256, number of articles; `used` the hashes it is remembered by.
    """

    def __init__(self, state: State, settled: str) -> None:
        self.state, self.settled = state, settled
        self.files: list[tuple[str, str, int]] = []
        self.used: list[str] = []
        self._keys: dict[str, str] = {}

    def key(self, article: Article) -> str:
        """Return the article's hash, worked out once."""
        return self._keys.pop(article.id, None) or key(article, self.settled)

    def __call__(
        self, path: Path, label: str, reader: Callable[[], Iterator[Item | Account]]
    ) -> Iterator[Item | Account]:
        if not path.is_file():
            yield from reader()
            return
        corrected = corrections.path_beside(path)
        try:
            sha = files.written(path)[1]
            corrections_sha = files.written(corrected)[1] if corrected.is_file() else ""
        except OSError:  # the reader says so in a Failure
            yield from reader()
            return
        digest = provenance.digest(json.dumps([path.name, label, sha, corrections_sha, self.settled]))
        self.used.append(digest)
        try:
            known = [_remembered(kind, item) for kind, item in self.state.input(digest) or ()]
        except (TypeError, ValueError, KeyError):  # what presslab did not write is read again
            known = []
        if known and all(self.state.key(i.id) == i.key for i in known if isinstance(i, Known)):
            self.files.append((path.name, sha, sum(isinstance(i, Known) for i in known)))
            yield from known
            return
        plain: list[tuple[str, tuple]] = []
        passing = False
        for item in reader():
            if isinstance(item, Article):
                self._keys[item.id] = key(item, self.settled)
                plain.append(("known", (item.id, item.file, self._keys[item.id], identity(item))))
            else:
                plain.append(("account" if isinstance(item, Account) else "failure", astuple(item)))
                passing |= isinstance(item, Failure) and item.passing
            yield item
        if _changed(path, sha):
            passing = True
            yield Failure("", path.name, CHANGED)
        if not passing:
            self.state.learn(digest, plain)
        self.files.append((path.name, sha, sum(kind == "known" for kind, _ in plain)))


def _changed(path: Path, sha: str) -> bool:
    """Return whether a file is no longer what it was."""
    try:
        return files.written(path)[1] != sha
    except OSError:
        return True


def _remembered(kind: str, item: list) -> Known | Failure | Account:
    """Return what an input gave, out of the plain data that was learnt of it."""
    if kind == "account":
        return growth.account(item)
    if kind == "known" and not all(isinstance(field, str) for field in item):
        raise ValueError("no article is remembered so")
    return Known(*item) if kind == "known" else Failure(*item)
