"""Read files, folders, globs and tables: every article, every failure, and an account for each file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial
import logging
import os
from pathlib import Path
from typing import overload

from presslab.system import provenance
from presslab.system.apart import Apart, Ended
from presslab.system.outputs import KINDS, kind as kind_of
from presslab.system.parallel import Limits
from presslab.system.pipes import STDIN, STDIN_NAME, PipeError, as_file, special

from . import names
from .account import Account, Item, Known, Memory
from .article import Article, ArticleError, Failure
from .file import read_file
from .formats.record import in_words
from .paths import ENDINGS, TABLE_ENDINGS, is_input, walked

log = logging.getLogger("presslab")


@overload
def read(
    inputs: Iterable[str | Path], clean: bool = True, any_language: bool = False, accounts: list[Account] | None = None,
    memory: None = None, labels: dict[str, str] | None = None, limits: Limits | None = None,
) -> Iterator[Article | Failure]: ...  # fmt: skip
@overload
def read(
    inputs: Iterable[str | Path], clean: bool = True, any_language: bool = False, accounts: list[Account] | None = None,
    memory: Memory | None = None, labels: dict[str, str] | None = None, limits: Limits | None = None,
) -> Iterator[Item]: ...  # fmt: skip
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
    first_with_id: dict[str, tuple[str, str]] = {}
    paths, skipped = walked(inputs, lambda path: is_input(path, apart))
    for folder in skipped:
        log.warning("presslab: %r holds %s: it is not read", str(folder), KINDS[kind_of(folder)])
    earlier = labels if labels is not None else {}
    prefixes = names.labels(paths, ENDINGS, dict(earlier))
    earlier |= {os.path.abspath(path): label for path, label in prefixes.items()}
    direct = {Path(i) for i in inputs}
    for path in paths:
        twice: list[Failure] = []
        again = 0
        if path == STDIN or special(path):
            items: Iterator[Item | Account] = _piped(
                path, path in direct, apart, clean, any_language, STDIN_NAME if path == STDIN else prefixes[path]
            )
        else:
            reader = partial(_limited, apart, path, clean, any_language, prefixes[path])
            items = memory(path, prefixes[path], reader) if memory else reader()
        for item in items:
            if isinstance(item, Account):
                refused = (*item.refused, *((f.id, f.reason) for f in twice))
                other = ", ".join(
                    filter(None, [item.skipped, f"{again:,} read already (same id, same text)" if again else ""])
                )
                accounts.append(replace(item, read=item.read - len(twice) - again, refused=refused, skipped=other))
                continue
            if not isinstance(item, Failure):
                text = item.text if isinstance(item, Known) else identity(item)
                file, same = first_with_id.setdefault(item.id, (item.file, ""))
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
                    first_with_id[item.id] = file, text
            yield item


def _limited(
    apart: Apart | None, path: Path, clean: bool, any_language: bool, name: str
) -> Iterator[Article | Failure | Account]:
    """Yield what `read_file` gives, worked out in a process beside this one if there is one."""
    if apart is None:
        yield from read_file(path, clean, any_language, name)
        return
    read, refused = 0, []
    try:
        for item in apart.items(read_file, path, clean, any_language, name):
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
    for item in read_file(Path(path), clean, any_language, names.labels([Path(path)], ENDINGS)[Path(path)]):
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
    return provenance.digest("\0".join([article.text, article.metadata.get("event", "")]))


def _parted(reference: str) -> tuple[str, str]:
    """Return a file and the id of a document in it ("": none), divided by the first # behind which no file's name
    goes on."""
    if os.path.exists(reference):
        return reference, ""
    ends = [place for place, letter in enumerate(reference) if letter == "#"]
    end = next((place for place in ends if os.path.isfile(reference[:place])), ends[0] if ends else len(reference))
    return reference[:end], reference[end + 1 :]
