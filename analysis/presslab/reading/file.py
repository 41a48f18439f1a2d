"""Read one file: its articles with the corrections beside them, its failures, and its account."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from presslab.system.pipes import STDIN_NAME

from . import corrections as corrections_files, formats, names
from .account import Account
from .article import Article, ArticleError, Failure
from .corrections import Correction, CorrectionError
from .formats import Found, Mismatch, Record
from .formats.record import Announced, ReaderError, Skipped, Source, in_words
from .from_text import SHORTEST_BODY, from_text
from .paths import TABLE_ENDINGS

NAMED = formats.TABLES | {"feed"}  # kinds that give each article an id


def read_file(path: Path, clean: bool, any_language: bool, name: str) -> Iterator[Article | Failure | Account]:
    """Yield the articles of a file with the corrections beside it; if these can't be used the article is a
    Failure, since numbers without them would not be what its reader asked for. A file of several articles has a
    list for each id."""
    beside: _Beside | None = None
    refused: list[tuple[str, str]] = []
    for item in _read_path(path, clean, any_language, name):
        table = path.suffix.lower() in TABLE_ENDINGS
        if beside is None and (table or isinstance(item, Article)):
            beside = _Beside(path, name, table or isinstance(item, Article) and item.in_table)
        if isinstance(item, Account):
            yield from beside.without_article() if beside else ()
            yield replace(item, read=item.read - len(refused), refused=(*item.refused, *refused))
            continue
        corrections = beside.of(item) if beside else ()
        if not isinstance(item, Article):
            yield item
        elif isinstance(corrections, CorrectionError):
            refused.append((item.id, str(corrections)))
            yield Failure(item.id, item.file, str(corrections))
        else:
            yield replace(item, corrections=corrections) if corrections else item


class _Beside:
    """The corrections beside a file, and the ids among them that no article has had yet."""

    def __init__(self, path: Path, name: str, table: bool) -> None:
        self.path, self.name, self.table = path, name, table
        self.broken: CorrectionError | None = None
        self.lists: dict[str, tuple[Correction, ...] | CorrectionError] = {}
        try:
            self.lists = corrections_files.of_table(path) if table else {"": corrections_files.of_article(path)}
        except CorrectionError as error:
            self.broken = error
        self.unseen = set(self.lists) if table else set()

    def of(self, item: Article | Failure) -> tuple[Correction, ...] | CorrectionError:
        """Return the corrections of an article, or why none of this file can be used."""
        entry = item.id if self.table else ""
        if entry not in self.lists and isinstance(item, Article) and item.numbered and item.id.startswith(self.name):
            # its id when no other file has its name
            entry = f"{self.name.rpartition('/')[2]}{item.id.removeprefix(self.name)}"
        self.unseen.discard(entry)
        return self.broken or self.lists.get(entry, ())

    def without_article(self) -> Iterator[Failure]:
        """Yield a Failure for each id that no article has had."""
        file = corrections_files.path_beside(self.path).name
        for id in sorted(self.unseen):
            reason = f"there is no row with the id “{names.shown(id)}” in {self.path.name}"
            yield Failure(f"{id}-corrections", file, reason)


def _read_path(path: Path, clean: bool, any_language: bool, name: str) -> Iterator[Article | Failure | Account]:
    """Yield the articles of one file, and its account last. Ids that the file doesn't give begin with `name`."""
    number, read, announced = 0, 0, None
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
                number += 1
                article = article_of(item, name, number, path, clean, any_language)
                read += isinstance(article, Article)
                refused += [article] if isinstance(article, Failure) else []
                yield article
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
        if not number:
            raise ReaderError(f"no article is in it{''.join(f'; {count:,} {what}' for what, count in skipped.items())}")
    except Exception as error:  # whatever went wrong is this file's trouble, and no other's
        refused.append(Failure(name, path.name, in_words(error, kind)))
        yield refused[-1]
    other = ", ".join(f"{count:,} {what}" for what, count in skipped.items())
    yield Account(path.name, kind, announced, number, read, tuple((f.id, f.reason) for f in refused), other, warning)


def article_of(
    document: Found, name: str, number: int, path: Path, clean: bool, any_language: bool
) -> Article | Failure:
    """Return the article of a document, or the Failure with the reason why it can't be one."""
    in_table = bool(document.place) or document.kind in NAMED
    table = document.kind in formats.TABLES
    own_id = names.exact(document.item.name) if document.kind in NAMED else ""
    place = str(document.item.number or "") or names.exact(document.place)
    id = own_id or "-".join(filter(None, [name, place]))
    row = f"row {number}: " if table and own_id else ""
    if not isinstance(document.item, Record):
        return Failure(id, path.name, f"{row}{document.item.reason}")
    record = document.item
    try:
        normal = formats.normalised(record)
        return from_text(
            record.text,
            id,
            clean,
            any_language,
            record.markdown,
            record.spans,
            1 if record.whole else SHORTEST_BODY,
            title=normal.title,
            byline=normal.byline,
            dateline=normal.dateline,
            agency=normal.agency,
            # a date that can't be told stays as the table gives it
            published=normal.published or (record.published if table else ""),
            outlet=normal.outlet,
            section=normal.section,
            url=normal.url,
            metadata=normal.metadata,
            authors=normal.authors,
            format=record.format or document.kind,
            language=normal.language,
            in_table=in_table,
            file=path.name,
            path=str(path.absolute()),
            numbered=not own_id and bool(place or name == STDIN_NAME),
        )
    except Exception as error:  # a document, as in `readers.record.attempted`
        reason = str(error) if isinstance(error, ArticleError) else in_words(error, "text")
        return Failure(id, path.name, f"{row or (f'{record.url}: ' if document.kind == 'warc' else '')}{reason}")
