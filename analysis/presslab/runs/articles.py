"""Many articles: read, analyse, run the notebook, render, and keep what has not changed."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import asdict, astuple, replace
import json
from pathlib import Path

from presslab.measures.analyse import analyse, remember
from presslab.measures.cards import Catalogue
from presslab.measures.framing import Frame
from presslab.measures.tables import TABLES, rows as article_rows
from presslab.measures.usual import load
from presslab.reading import corrections, handover, names
from presslab.reading.account import Account, Item, Known
from presslab.reading.article import Article, Failure
from presslab.reading.read import identity, read
from presslab.reporting import pages, trust, withheld
from presslab.reporting.place import Distribution
from presslab.reporting.wording import either, many
from presslab.system import files, provenance
from presslab.system.files import Stopped
from presslab.system.ours import Draft
from presslab.system.outputs import OutputError
from presslab.system.parallel import Limits, in_parallel

from . import finished, folder as run_folder, growth
from .folder import Job, Progressed, Run
from .job import OWN_FILES, Options, basis
from .kind import Kind, key
from .sequence import Request, Say, absolute, ask, carry_out, finish, request_of
from .state import FILE, REMEDY, State
from .warm import WARM
from .whole import Given, Whole, account, whole_of
from .writers import index_row, rows_of, write_tables

CHANGED = (
    "warning: the file was changed while it was read; its SHA-256 in inputs.csv is that of before: run the same command"
    " again"
)
PLACED_AT_ONCE = 100  # reports that may have to be made again where a run is killed while it puts places in


def reference(article: Article) -> str:
    """Return how a notebook names an article in the folder of its file: NAME, or TABLE#ID."""
    name = Path(article.file).name
    return f"{name}#{article.id}" if article.in_table else name


def handed_over(article: Article) -> dict[str, bytes]:
    """Return the file from which a notebook in a plain kernel takes the article."""
    return {handover.FILE: handover.pack([article])}


def measure(article: Article, frames: tuple[Frame, ...], options: Options) -> dict[str, list[dict]]:
    """Analyse an article, leave the result for the notebook to find, and return the table rows."""
    analysis = analyse(article, frames, load(options.yardstick))
    remember(reference(article), options.clean, options.any_language, analysis)
    return article_rows(withheld.analysis(analysis, options.text))


def texts(article: Article) -> tuple[str]:
    """Return the text of an article, alone."""
    return (article.text,)


ARTICLES = Kind("report", "article", "article", WARM, handed_over, measure, texts)


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
    anything is read, if the folder is not this run's or there is nothing to read, Stopped if the disk is full
    and state.Busy if another run is writing to the folder.
    """
    request = ask(ARTICLES, inputs, folder, options)
    if quoting := _quoting(folder) if options.text != withheld.FULL else "":
        raise OutputError(
            f"{folder / quoting} may hold text of the articles, which --text {options.text} leaves out: move it away,"
            " or use another folder"
        )
    reading = _Reading(request, limits, add, prune)
    return carry_out(request, reading.items, reading.whole, _show, spread, progress)


class _Reading:
    """The articles of a run as they are read: what the run `had` before them (if it grows with `add`), and what it
    is with them."""

    def __init__(self, request: Request, limits: Limits, add: bool, prune: bool) -> None:
        self.request, self.limits, self.add, self.prune = request, limits, add, prune
        self.options_digest = replace(request.basis, code="").digest  # a run may grow by other code, not options
        self.accounts: list[Account] = []

    def items(self, state: State) -> Generator[Job | Known | Failure, None, None]:
        """Yield a job for each article that is new or has changed, and what else was read."""
        basis, options = self.request.basis, self.request.options
        self.memory = _Memory(state, basis.digest)
        self.had = had = growth.before(state, self.options_digest) if self.add else growth.Before()
        self.labels, self.texts = dict(had.labels), dict(had.texts)
        growth.begin(state, had, self.add)
        for item in read(self.request.inputs, options.clean, options.any_language, self.accounts, self.memory,
                         self.labels, limits=self.limits):  # fmt: skip
            if isinstance(item, Failure):
                yield item
                continue
            text = item.text if isinstance(item, Known) else identity(item)
            self.texts[item.id] = text
            if isinstance(item, Known):
                yield item
            elif item.numbered and had.texts.get(item.id, text) != text:
                self.texts[item.id] = had.texts[item.id]
                yield growth.taken(item)
            else:
                parameters = {"article": reference(item), **basis.options.of_articles}
                yield Job(item.id, item.file, self.memory.key(item), replace(item, path=""), parameters, basis)

    def whole(self, state: State, done: Progressed, say: Say) -> tuple[Whole, list[str]]:
        """Return what the run is with the reports that are made, and what to say of it; what another run needs to add
        to it is noted."""
        had, basis = self.had, self.request.basis
        total = growth.joined(state, had, done, self.accounts)
        inputs, accounts, steps = growth.inputs_of(had, done, self.memory.files, self.memory.ids, self.accounts)
        others = growth.others(had, done, total, basis.code)
        notes = growth.told(had, done, total, self.texts, len(others), say) if self.add else []
        notes += run_folder.left(state, total, self.prune, say, "article") if self.prune or not self.add else []
        additions = ({"add": steps} if self.add else {}) | ({"made_by_other_code": len(others)} if others else {})
        texts = {id: self.texts[id] for id in total.order if id in self.texts}
        growth.remember(state, self.labels, texts, self.options_digest, basis.code, others, additions)
        if not self.add:
            state.forget_inputs(self.memory.used)
        whole = Whole(
            total.order,
            total.failures,
            inputs,
            accounts,
            basis.digest,
            paths=list(dict.fromkeys([*had.whole.paths, *absolute(self.request.inputs)])),
            parameters=basis.options.of_articles | additions,
            made=done.made,
            beside=finished.below(state.folder, "coding"),
        )
        return whole, notes


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


def _show(request: Request, state: State, whole: Whole) -> None:
    """Write tables and index, and into each report the article's place in the run. Whatever changes of the codes of a
    sample (folder `coding`), no notebook is run for it."""
    run, corrected_count = Distribution(), 0

    def each_article() -> Iterator[dict[str, list[dict]]]:
        nonlocal corrected_count
        for rows in rows_of(state, whole.order, TABLES):
            run.add(index_row(rows))
            corrected_count += any(
                row["corrected"] for row in [*rows.get("attributions", ()), *rows.get("sources", ())]
            )
            yield rows

    write_tables(state.ours, TABLES, each_article(), whole.failures, whole.accounts)
    rows = _placed(state, whole.order, run, request.cards)
    about = {"citation": provenance.citation(), "coded": whole.beside, "corrected": corrected_count}
    failures = [asdict(failure) for failure in whole.failures]
    state.ours.write("index.html", pages.index(rows, len(whole.order), failures, about))


def refreshed(folder: Path) -> str:
    """Put into the reports of a finished run what the folder `coding` in it says now; returns what to tell people.

    Nothing but HTML and the lists of files is made again.
    """
    with run_folder.opened(folder, "report") as (state, say):
        whole, origin = whole_of(state), state.origin()
        again = f"make the run again with presslab report to have the figures in the reports of {folder}"
        if not whole or not origin:
            return f"The run's memory is missing: {again}"
        try:
            options = Options(**origin["options"])
            additions = dict((state.note(growth.NOTE) or {}).get("parameters", {}))
        except (TypeError, ValueError) as error:
            raise Stopped(f"{folder}: {FILE} is damaged ({error}); {REMEDY}") from error
        own = [path for name in OWN_FILES if (path := getattr(options, name))]
        if not all(Path(path).is_file() for path in own) or basis(options).digest != whole.digest:
            return f"presslab, or a file for --frames or --yardstick, has changed since: {again}"
        request = request_of(ARTICLES, whole.paths, folder, options)
        parameters, coding_files = request.basis.options.of_articles | additions, finished.below(folder, "coding")
        finish(request, state, replace(whole, parameters=parameters, beside=coding_files), _show)
        say("reports refreshed from the folder coding")
        count = len(whole.order)
        return f"{many(count, 'report')} of {folder} {either(count, 'says', 'say')} so; no notebook was run"


def _placed(state: State, ids: Iterable[str], run: Distribution, cards: Catalogue) -> Iterator[dict]:
    """Put each article's place in the run into its report, and what the run's own codes say of each measure: no
    notebook is needed for that. Returns the rows of the index."""
    own_figures = finished.own(state.folder)
    drafts: dict[str, Draft] = {}  # by article

    def settle() -> None:
        state.ours.publish(list(drafts.values()))
        for id, draft in drafts.items():
            state.change(id, draft.name, draft.size, draft.digest)
        state.commit()
        drafts.clear()

    for id, rows in zip(ids, rows_of(state, ids, TABLES)):
        row, path = index_row(rows), f"articles/{names.slug(id)}.html"
        page = (state.folder / path).read_bytes().decode()
        new_page = trust.filled(run.placed(page, row), own_figures, cards)
        if new_page != page:
            drafts[id] = state.ours.draft(path, [new_page])
        if len(drafts) == PLACED_AT_ONCE:
            settle()
        yield row
    settle()


class _Memory:
    """What input files gave when they were read before, with their accounts: an unchanged file is not read again.

    `files` lists what was read in this run: name, SHA-256, number of articles; `ids` are those of their articles,
    `used` the hashes that the files are remembered by.
    """

    def __init__(self, state: State, digest: str) -> None:
        self.state, self.basis = state, digest
        self.files: list[Given] = []
        self.ids: list[list[str]] = []
        self.used: list[str] = []
        self._keys: dict[str, str] = {}

    def key(self, article: Article) -> str:
        """Return the article's hash, worked out once."""
        return self._keys.pop(article.id, None) or key(handover.plain(article), self.basis)

    def __call__(
        self, path: Path, label: str, reader: Callable[[], Iterator[Item | Account]]
    ) -> Iterator[Item | Account]:
        if not path.is_file():
            yield from reader()
            return
        corrections_path = corrections.path_beside(path)
        try:
            sha = files.written(path)[1]
            corrections_sha = files.written(corrections_path)[1] if corrections_path.is_file() else ""
        except OSError:  # the reader says so in a Failure
            yield from reader()
            return
        digest = provenance.digest(json.dumps([path.name, label, sha, corrections_sha, self.basis]))
        self.used.append(digest)
        try:
            items = [_remembered(kind, item) for kind, item in self.state.input(digest) or ()]
        except (TypeError, ValueError, KeyError):  # what presslab did not write is read again
            items = []
        if items and all(self.state.key(i.id) == i.key for i in items if isinstance(i, Known)):
            self._note(path, sha, [i.id for i in items if isinstance(i, Known)])
            yield from items
            return
        plain: list[tuple[str, tuple]] = []
        passing = False
        for item in reader():
            if isinstance(item, Article):
                self._keys[item.id] = key(handover.plain(item), self.basis)
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
        self._note(path, sha, [item[0] for kind, item in plain if kind == "known"])

    def _note(self, path: Path, sha: str, ids: list[str]) -> None:
        self.files.append((path.name, sha, len(ids)))
        self.ids.append(ids)


def _changed(path: Path, sha: str) -> bool:
    """Return whether a file is no longer what it was."""
    try:
        return files.written(path)[1] != sha
    except OSError:
        return True


def _remembered(kind: str, item: list) -> Known | Failure | Account:
    """Return what an input gave, out of the plain data that was learnt of it."""
    if kind == "account":
        return account(item)
    if kind == "known" and not all(isinstance(field, str) for field in item):
        raise ValueError("no article is remembered so")
    return Known(*item) if kind == "known" else Failure(*item)
