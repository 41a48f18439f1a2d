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
