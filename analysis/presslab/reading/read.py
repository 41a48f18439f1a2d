"""Read files, folders, globs and tables: every article, every failure, and an account for each file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
import glob
import hashlib
import logging
import os
from pathlib import Path

from presslab.system.apart import Apart, Ended
from presslab.system.outputs import KINDS, OutputError, kind as kind_of
from presslab.system.parallel import Limits
from presslab.system.pipes import STDIN, STDIN_NAME, PipeError, as_file, special

from . import corrections as corrections_files, formats, names
from .article import Article, ArticleError, Failure
from .corrections import Correction, CorrectionError
from .formats import Found, Mismatch, Record
from .formats.record import Announced, ReaderError, Skipped, Source, in_words
from .from_text import SHORTEST_BODY, from_text

TEXT_ENDINGS = (".txt", ".md", ".html", ".htm")
TABLE_ENDINGS = (".csv", ".tsv", ".jsonl", ".parquet", ".xlsx")
EXPORT_ENDINGS = (
    ".docx",
    ".rtf",
    ".xml",
    ".json",
    ".eml",
    ".rss",
    ".atom",
    ".warc",
    ".zip",
    ".tar",
    ".tgz",
    ".ndjson",
    ".nitf",
    ".newsml",
)
ENDINGS = TEXT_ENDINGS + TABLE_ENDINGS + EXPORT_ENDINGS  # no part of the id
# what such a file holds is articles, or it is named
ALWAYS_READ = (
    ".docx",
    ".rtf",
    ".eml",
    ".warc",
    ".zip",
    ".tar",
    ".tgz",
)
HIDDEN = (".", "~$")  # what names of files begin with that are not read in folders
log = logging.getLogger("presslab")
NAMED = formats.TABLES | {"feed"}  # kinds that give each article an id
NOT_IN_FOLDERS = formats.PLAIN | {"csv", "jsonl", "xml", "json"}  # of a folder's files without a known ending


@dataclass(frozen=True)
class Known:
    """An article that need not be read: its file is unchanged, and so is `key`, the hash of all that its report depends
    on; `text` is its `identity`."""

    id: str
    file: str
    key: str
    text: str


Item = Article | Failure | Known


@dataclass(frozen=True)
class Account:
    """What was read from one file. `announced` is how many documents the export says it holds (None if it doesn't
    say), `found` how many were found, `read` how many became articles; `refused` names the others with the reason.
    `skipped` counts what is no document; `warning` says where announced and found differ, or is "".
    """

    file: str
    format: str
    announced: int | None
    found: int
    read: int
    refused: tuple[tuple[str, str], ...] = ()
    skipped: str = ""
    warning: str = ""


# What a file gives, from its path, what the ids of its articles begin with, and the function that reads it.
Memory = Callable[[Path, str, Callable[[], Iterator[Item | Account]]], Iterator[Item | Account]]


def read(
    inputs: Iterable[str | Path], clean: bool = True, any_language: bool = False, accounts: list[Account] | None = None,
    memory: Memory | None = None, labels: dict[str, str] | None = None, limits: Limits | None = None,
) -> Iterator[Item]:  # fmt: skip
    """Yield every article of files, folders, globs and tables, in a stable order; what can't be used comes as a
    Failure.

    An article that has the id and the text of one before it is the same one, and left out; one with another text is
    a Failure that names both files. An export that announces another number of documents than it holds gives a
    Failure too. To `accounts` an Account is added for each file when it has been read. `memory` gives what is in a
    file, as the reader would: there, what is Known need not be read. `labels` has what ids of files began with in
    earlier runs, by absolute path, and is added to. With `limits` files are read in a process beside this one: a
    file that takes longer or needs more memory is a Failure, and what came of it before is given. A pipe is read to
    its end first, "-" is standard input.
    """
    apart = Apart(limits) if limits else None
    try:
        yield from _read_all(
            list(inputs), clean, any_language, accounts if accounts is not None else [], memory, labels, apart
        )
    finally:
        if apart:
            apart.close()


def _read_all(
    inputs: list[str | Path], clean: bool, any_language: bool, accounts: list[Account], memory: Memory | None,
    labels: dict[str, str] | None, apart: Apart | None,
) -> Iterator[Item]:  # fmt: skip
    seen: dict[str, tuple[str, str]] = {}
    paths, skipped = walked(inputs, lambda path: _is_input(path, apart))
    for folder in skipped:
        log.warning("presslab: %r holds %s: it is not read", str(folder), KINDS[kind_of(folder)])
    earlier = labels if labels is not None else {}
    known = names.labels(paths, ENDINGS, dict(earlier))
    earlier |= {os.path.abspath(path): label for path, label in known.items()}
    given = {Path(i) for i in inputs}
    for path in paths:
        twice: list[Failure] = []
        again = 0
        if path == STDIN or special(path):
            items = _piped(
                path, path in given, apart, clean, any_language, STDIN_NAME if path == STDIN else known[path]
            )
        else:
            reader = partial(_limited, apart, path, clean, any_language, known[path])
            items = memory(path, known[path], reader) if memory else reader()
        for item in items:
            if isinstance(item, Account):
                refused = (*item.refused, *((f.id, f.reason) for f in twice))
                skipped = ", ".join(
                    filter(None, [item.skipped, f"{again:,} read already (same id, same text)" if again else ""])
                )
                accounts.append(replace(item, read=item.read - len(twice) - again, refused=refused, skipped=skipped))
                continue
            if not isinstance(item, Failure):
                text = item.text if isinstance(item, Known) else identity(item)
                file, same = seen.setdefault(item.id, (item.file, ""))
                if same == text:
                    again += 1
                    continue
                if same:
                    reason = (
                        f"the id {names.shown(item.id)} is used twice, with another text or event in {file}; name each"
                        " article differently"
                    )
                    item = Failure(item.id, item.file, reason)
                    twice.append(item)
                else:
                    seen[item.id] = file, text
            yield item


def _limited(
    apart: Apart | None, path: Path, clean: bool, any_language: bool, name: str
) -> Iterator[Article | Failure | Account]:
    """Yield what `_read_with_corrections` gives, worked out in a process beside this one if there is one."""
    if apart is None:
        yield from _read_with_corrections(path, clean, any_language, name)
        return
    read, refused = 0, []
    try:
        for item in apart.items(_read_with_corrections, path, clean, any_language, name):
            read += isinstance(item, Article)
            refused += [(item.id, item.reason)] if isinstance(item, Failure) and not item.warns else []
            yield item
    except Ended as error:
        yield Failure(name, path.name, str(error))
        yield Account(path.name, "", None, read + len(refused), read, (*refused, (name, str(error))))


def _piped(
    path: Path, named: bool, apart: Apart | None, clean: bool, any_language: bool, name: str
) -> Iterator[Article | Failure | Account]:
    """Yield what comes through a pipe that was named, or is standard input; one that only lies in a folder is left
    alone."""
    file = STDIN_NAME if path == STDIN else path.name
    try:
        if not named:
            raise PipeError(
                f"warning: it is {special(path)}, not a file, and was not read; a pipe is read if it is named itself"
            )
        with as_file(path, (apart.limits if apart else Limits()).seconds) as whole:
            yield from _limited(apart, whole, clean, any_language, name)
    except (PipeError, OSError) as error:
        failure = Failure(name, file, str(error) if isinstance(error, PipeError) else in_words(error, ""))
        yield failure
        yield Account(file, "", None, 0, 0, () if failure.warns else ((failure.id, failure.reason),))


def read_one(reference: str | Path, clean: bool = True, any_language: bool = False) -> Article:
    """Return the article of a file, or of a row of a table or a document of an export (`FILE#ID`). Raises
    ArticleError with one line for people."""
    reference = str(reference)
    if not reference:
        raise ArticleError("no article was given; name one with -p article FILE, or TABLE#ID for a row of a table")
    path, wanted = _parted(reference)
    if not wanted and Path(path).suffix.lower() in TABLE_ENDINGS:
        raise ArticleError(f"{Path(path).name}: name the row as {Path(path).name}#ID")
    nearly: Article | Failure | None = None
    for item in _read_with_corrections(
        Path(path), clean, any_language, names.labels([Path(path)], ENDINGS)[Path(path)]
    ):
        if isinstance(item, Account):
            continue
        if wanted and item.id != wanted:  # among other files of its name its id began with its folder
            nearly = nearly or (
                item if wanted.endswith(f"/{item.id}") and isinstance(item, Article) and item.numbered else None
            )
            continue
        if isinstance(item, Article) and not wanted and item.in_table:
            raise ArticleError(
                f"{item.file}: holds several articles; name one as {item.file}#ID, such as"
                f" {item.file}#{names.shown(item.id)}"
            )
        nearly = item
        break
    if nearly is None:
        raise ArticleError(f"{Path(path).name}: there is no row with id {names.shown(wanted)}")
    if isinstance(nearly, Failure):
        raise ArticleError(f"{nearly.file}: {nearly.reason}")
    return nearly


def identity(article: Article) -> str:
    """Return the hash of what makes two articles of one id the same: text and event."""
    return hashlib.sha256("\0".join([article.text, article.metadata.get("event", "")]).encode()).hexdigest()


def _parted(reference: str) -> tuple[str, str]:
    """Return a file and the id of a document in it ("": none), divided by the first # behind which no file's name
    goes on."""
    if os.path.exists(reference):
        return reference, ""
    ends = [place for place, letter in enumerate(reference) if letter == "#"]
    end = next((place for place in ends if os.path.isfile(reference[:place])), ends[0] if ends else len(reference))
    return reference[:end], reference[end + 1 :]


def readable(inputs: Iterable[str | Path]) -> list[Path]:
    """Return the files of files, folders and globs, none of which is looked into. Raises OutputError if none of
    them is there: then there is nothing to write."""
    inputs = list(inputs)
    paths, skipped = walked(inputs, lambda path: True)
    if any(path == STDIN or path.exists() for path in paths):
        return paths
    if paths:
        raise OutputError(
            f"{paths[0]}: there is no such file" + (f", nor the {len(paths) - 1} others" if len(paths) > 1 else "")
        )
    why = f" ({skipped[0]} holds {KINDS[kind_of(skipped[0])]})" if skipped else ""
    raise OutputError(f"there is no article to read in {', '.join(map(str, inputs))}{why}")


def paths_of(inputs: Iterable[str | Path]) -> list[Path]:
    """Return the files that are read for files, folders and globs, each once, in a stable order; "-" comes as
    STDIN, and pipes and devices come like files."""
    return walked(inputs, lambda path: _is_input(path, None))[0]


def walked(inputs: Iterable[str | Path], wanted: Callable[[Path], bool]) -> tuple[list[Path], list[Path]]:
    """Return the files of files, folders and globs, each once, in a stable order; and the folders among them, or in
    them, that are passed over, since presslab made them. Of a folder's files those are given that are `wanted`."""
    paths: dict[str, Path] = {}
    skipped: dict[str, Path] = {}
    for given in inputs:
        text = str(given)
        path = Path(text)
        if path == STDIN:
            found = [STDIN if text == "-" else path.absolute()]
        elif path.is_dir():
            found, own = _within(path, wanted)
            skipped |= {str(folder): folder for folder in own}
        elif not path.exists() and any(c in text for c in "*?["):
            found = sorted(Path(p) for p in glob.glob(text, recursive=True) if Path(p).is_file()) or [path]
        else:
            found = [path]
        for one in found:
            # ./a.txt is a.txt; a link is a file of its own
            place = os.path.join(os.path.realpath(one.parent), one.name)
            paths.setdefault(place, one)
    return list(paths.values()), list(skipped.values())


def _within(root: Path, wanted: Callable[[Path], bool]) -> tuple[list[Path], list[Path]]:
    """Return the files to read in a folder and those below it, and the folders that presslab made. Hidden files and
    read-me files are passed over."""
    found: list[Path] = []
    own: list[Path] = []
    for place, folders, names_ in os.walk(root):
        folder = Path(place)
        if kind_of(folder):
            own.append(folder)
            folders.clear()
            continue
        folders[:] = [name for name in folders if not name.startswith(HIDDEN)]
        inside = (folder / name for name in names_ if not name.startswith(HIDDEN))
        found += [path for path in inside if not path.is_dir() and path.stem.casefold() != "readme" and wanted(path)]
    return sorted(found), own


def _is_input(path: Path, apart: Apart | None) -> bool:
    """Return whether a file of a folder is read: a text or a table by its ending, any other kind by its content,
    into which the process `apart` looks. What can't be looked into is read too: its reader says why."""
    if path.suffix.lower() in TABLE_ENDINGS + TEXT_ENDINGS + ALWAYS_READ or special(path):
        return True
    if apart is None:
        return next(_articles_inside(path))
    try:
        return all(apart.items(_articles_inside, path))
    except Ended:
        return True


def _articles_inside(path: Path) -> Iterator[bool]:
    """Yield whether a file's kind is one that is read in a folder; one answer, as a process apart gives it."""
    try:
        yield formats.kind(Source.of_path(path)) not in NOT_IN_FOLDERS
    except Exception:  # said again, with its reason, when the file is read
        yield True


def _read_path(path: Path, clean: bool, any_language: bool, name: str) -> Iterator[Article | Failure | Account]:
    """Yield the articles of one file, and its account last. Ids that the file doesn't give begin with `name`."""
    found, read, announced = 0, 0, None
    refused: list[Failure] = []
    skipped: Counter[str] = Counter()
    kind, warning = "", ""
    try:
        if not path.exists():
            raise ReaderError("there is no such file")
        source = Source.of_path(path)
        kind = formats.kind(source)
        for item in formats.documents(source, kind):
            if isinstance(item, Found):
                found += 1
                made = article_of(item, name, found, path, clean, any_language)
                read += isinstance(made, Article)
                refused += [made] if isinstance(made, Failure) else []
                yield made
            elif isinstance(item, Announced):
                announced = (announced or 0) + item.count
            elif isinstance(item, Skipped):
                skipped[item.what] += item.count
            elif isinstance(item, Mismatch):
                where = f" ({item.member})" if item.member else ""
                warning = (
                    f"warning: the export{where} announces {item.announced} documents, {item.found} were found in it;"
                    " compare with the database"
                )
                yield Failure(name, path.name, warning)
        if not found:
            raise ReaderError(f"no article is in it{''.join(f'; {count:,} {what}' for what, count in skipped.items())}")
    except Exception as error:  # whatever went wrong is this file's trouble, and no other's
        refused.append(Failure(name, path.name, in_words(error, kind)))
        yield refused[-1]
    other = ", ".join(f"{count:,} {what}" for what, count in skipped.items())
    yield Account(path.name, kind, announced, found, read, tuple((f.id, f.reason) for f in refused), other, warning)


def _read_with_corrections(
    path: Path, clean: bool, any_language: bool, name: str
) -> Iterator[Article | Failure | Account]:
    """Yield the articles of a file with the corrections beside it; where these can't be used the article is a
    Failure, since numbers without them would not be what its reader asked for. A file of several articles has a
    list for each id."""
    table: bool | None = True if path.suffix.lower() in TABLE_ENDINGS else None
    known: dict[str, tuple[Correction, ...] | CorrectionError] | None = None
    broken = None
    refused: list[tuple[str, str]] = []
    unseen: set[str] = set()
    for item in _read_path(path, clean, any_language, name):
        if known is None and (table or isinstance(item, Article)):
            table = table or isinstance(item, Article) and item.in_table
            known = {}
            try:
                known = corrections_files.of_table(path) if table else {"": corrections_files.of_article(path)}
            except CorrectionError as error:
                broken = error
            unseen = set(known) if table else set()
        if isinstance(item, Account):
            for id in sorted(unseen):
                file = corrections_files.path_beside(path).name
                yield Failure(
                    f"{id}-corrections", file, f"there is no row with the id “{names.shown(id)}” in {path.name}"
                )
            yield replace(item, read=item.read - len(refused), refused=(*item.refused, *refused))
            continue
        entry = item.id if table else ""
        if entry not in (known or {}) and isinstance(item, Article) and item.numbered and item.id.startswith(name):
            entry = f"{name.rpartition('/')[2]}{item.id.removeprefix(name)}"  # its id when no other file has its name
        found = broken or (known or {}).get(entry, ())
        unseen.discard(entry)
        if isinstance(item, Article) and found:
            item = (
                Failure(item.id, item.file, str(found))
                if isinstance(found, CorrectionError)
                else replace(item, corrections=found)
            )
            refused += [(item.id, item.reason)] if isinstance(item, Failure) else []
        yield item


def article_of(found: Found, name: str, number: int, path: Path, clean: bool, any_language: bool) -> Article | Failure:
    """Return the article of a document, or the Failure with the reason why it can't be one."""
    in_table = bool(found.place) or found.kind in NAMED
    table = found.kind in formats.TABLES
    given = names.exact(found.item.name) if found.kind in NAMED else ""
    place = str(found.item.number or "") or names.exact(found.place)
    id = given or "-".join(filter(None, [name, place]))
    row = f"row {number}: " if table and given else ""
    if not isinstance(found.item, Record):
        return Failure(id, path.name, f"{row}{found.item.reason}")
    record = found.item
    try:
        kept = formats.normalised(record)
        fields = {
            f: getattr(kept, f)
            for f in ("title", "byline", "dateline", "agency", "published", "outlet", "section", "url", "metadata")
        }
        if table and not fields["published"]:
            fields["published"] = record.published  # a date that can't be told stays as the table gives it
        return from_text(
            record.text,
            id,
            clean,
            any_language,
            record.markdown,
            record.spans,
            1 if record.whole else SHORTEST_BODY,
            authors=kept.authors,
            format=record.format or found.kind,
            language=kept.language,
            in_table=in_table,
            file=path.name,
            path=str(path.absolute()),
            numbered=not given and bool(place or name == STDIN_NAME),
            **{f: v for f, v in fields.items() if v},
        )
    except Exception as error:  # a document, as in `readers.record.attempted`
        reason = str(error) if isinstance(error, ArticleError) else in_words(error, "text")
        return Failure(id, path.name, f"{row or (f'{record.url}: ' if found.kind == 'warc' else '')}{reason}")
