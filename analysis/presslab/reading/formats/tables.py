"""Tables with one article a row: CSV, JSON lines, Parquet, XLSX, and JSON arrays → records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
import csv
import datetime
import io
from typing import Any

from presslab.system.formulas import EXACT, with_formula

from .archives import checked_zip
from .dates import serial
from .record import Item, ReaderError, Record, Refused, Source, Span, attempted, from_json

LONGEST = 20_000_000  # characters of a line: no article is as long
csv.field_size_limit(LONGEST)
FIELDS = ("title", "outlet", "published", "byline", "url", "section")
OURS = ("dateline", "agency", "language")  # read back only from a table that presslab wrote
ARTICLE_COLUMNS = (  # of the table that `presslab read` writes
    "id",
    "title",
    "byline",
    "authors",
    "outlet",
    "edition",
    "published",
    "section",
    "url",
    "dateline",
    "agency",
    "language",
    "body",
    "text",
    "removed",
    "metadata",
    "format",
    "file",
    "duplicate_group",
    "duplicate_kind",
    "duplicate_differs",
)
GUARDED = tuple(name for name in ARTICLE_COLUMNS if name not in EXACT)
SYNONYMS = {  # columns as databases and researchers name them; used where the column of our own name is missing
    "text": ("body", "full text", "fulltext", "full_text", "content", "article text", "article_text", "article"),
    "id": ("article_id", "articleid", "document_id", "document id", "doc_id", "an", "accession number"),
    "title": ("headline", "hd", "head", "kop"),
    "outlet": ("source", "publication", "newspaper", "publication title", "medium", "publisher", "sn"),
    "published": ("date", "publication date", "pub_date", "pubdate", "published_at", "pd", "publication_date"),
    "byline": ("author", "authors", "author(s)", "by", "writer"),
    "url": ("link", "permalink", "document url"),
    "section": ("desk", "rubric", "se"),
}  # fmt: skip


def documents(source: Source, kind: str) -> Iterator[Item]:
    """Yield a record for each row; its `name` is the row's id exactly, its `number` the row's if the table gives
    no id.

    Raises ReaderError if the columns `id` and `text` are missing or the file is broken.
    """
    number = 0
    columns: dict[str, str] | None = None
    try:
        for number, row in enumerate(_rows(source, kind), start=1):
            if not isinstance(row, dict):
                yield Refused(f"line {number} is not a JSON object", number=number)
                continue
            if kind == "csv" and row.keys() >= set(ARTICLE_COLUMNS):  # presslab wrote it, with its guard
                row |= {name: with_formula(row[name]) for name in GUARDED}
            columns = columns_of(row, number if kind == "jsonl" else 0, columns)
            yield attempted("row", record_of, row, columns, number)
    except ReaderError:
        raise
    except MemoryError:
        raise
    except (
        Exception
    ) as error:  # csv, openpyxl and pyarrow let through what they like; here it is known how far they came
        first = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ReaderError(f"broken after row {number} ({first})" if number else first) from error
    if not number:
        raise ReaderError("the table has no rows")


def count(source: Source, kind: str) -> int:
    """Return how many rows a table has."""
    if kind == "parquet":
        import pyarrow.parquet

        with source.open() as stream:
            return pyarrow.parquet.ParquetFile(stream).metadata.num_rows
    return sum(1 for _ in _rows(source, kind))


def columns_of(row: Mapping[str, Any], line: int, before: dict[str, str] | None) -> dict[str, str]:
    """Return our name → the table's column. Worked out from the first row, and again if a JSON line has other
    keys."""
    if before is not None and (not line or set(before.values()) <= set(row)):
        return before
    named = {str(c).strip().casefold(): c for c in row if c is not None}
    columns: dict[str, str] = {}
    for ours in ("id", "text", *FIELDS):
        column = next((named[n] for n in (ours, *SYNONYMS.get(ours, ())) if n in named), None)
        if ours in row:
            column = ours
        if column is not None and column not in columns.values():
            columns[ours] = column
    missing = [name for name in ("id", "text") if name not in columns]
    if "text" in missing or missing and "text" in row:
        raise ReaderError(f"a table of articles needs the columns id and text; {' and '.join(missing)} is missing")
    return columns


def record_of(row: Mapping[str, Any], columns: dict[str, str], number: int) -> Record:
    """Return a row as a record. Raises ReaderError if presslab's own columns are not as it writes them."""
    name = row[columns["id"]] if "id" in columns else None
    name = "" if name is None else str(name)
    values = {ours: _plain(row[columns[ours]]) for ours in FIELDS if ours in columns and _plain(row[columns[ours]])}
    if "published" in values:
        values["published"] = _date(row[columns["published"]], values["published"])
    ours = row.get("format") and "removed" in row
    spans, metadata = _own(row) if ours else ((), {})
    values |= {f: _plain(row.get(f)) for f in OURS if ours and _plain(row.get(f))}
    written = _plain(row["format"]) if ours else ""
    used = {
        "id",
        "text",
        *columns.values(),
        *(
            (
                "format",
                "removed",
                "metadata",
                "body",
                "authors",
                "file",
                *OURS,
                *(c for c in row if str(c).startswith("duplicate_")),
            )
            if ours
            else ()
        ),
    }
    other = {str(k): str(v) for k, v in row.items() if k not in used and v not in (None, "")}
    return Record(
        str(row[columns["text"]] or ""),
        title=values.get("title", ""),
        byline=values.get("byline", ""),
        dateline=values.get("dateline", ""),
        agency=values.get("agency", ""),
        published=values.get("published", ""),
        outlet=values.get("outlet", ""),
        section=values.get("section", ""),
        url=values.get("url", ""),
        language=values.get("language", ""),
        metadata=metadata | other,
        spans=spans,
        name=name,
        number=0 if name else number,
        markdown=written == "markdown",
        whole=written not in ("", "text", "markdown", "html"),
        format=written,
    )


def _own(row: Mapping[str, Any]) -> tuple[tuple[Span, ...], dict[str, str]]:
    """Return what was cut and the metadata, as `presslab read` wrote them."""
    try:
        spans = tuple(Span(c["start"], c["end"], c["rule"], c["reason"]) for c in from_json(row.get("removed") or "[]"))
        return spans, {str(k): str(v) for k, v in from_json(row.get("metadata") or "{}").items()}
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ReaderError(
            "the columns removed and metadata are not as presslab read writes them; remove them"
        ) from error


def _plain(value: object) -> str:
    return "" if value is None else str(value).strip()


def _date(value: object, text: str) -> str:
    if isinstance(value, datetime.datetime | datetime.date):
        return value.isoformat()[:10]
    if isinstance(value, float | int) and serial(value):
        return serial(value)
    return text


def _rows(source: Source, kind: str) -> Iterator[dict | None]:
    if kind == "parquet":
        import pyarrow.parquet

        with source.open() as stream:
            table = pyarrow.parquet.ParquetFile(stream)
            groups = [table.metadata.row_group(i).total_byte_size for i in range(table.num_row_groups)]
            if max(groups, default=0) > 1_000_000_000:
                raise ReaderError("too large: a row group of more than 1 GB; write it with smaller ones")
            for batch in table.iter_batches(batch_size=100):
                yield from batch.to_pylist()
    elif kind == "xlsx":
        yield from _sheet(source)
    elif kind == "json":
        yield from from_json(source.whole().decode("utf-8-sig", "replace"))
    elif kind == "csv":
        with (
            source.open() as raw,
            io.TextIOWrapper(raw, encoding=_encoding(source), errors="replace", newline="") as stream,
        ):
            yield from csv.DictReader(_lines(stream), delimiter=_delimiter(source))
    else:
        with (
            source.open() as raw,
            io.TextIOWrapper(raw, encoding="utf-8-sig", errors="replace", newline="\n") as stream,
        ):
            for line in _lines(stream):
                if line.strip():
                    try:
                        yield from_json(line)
                    except ValueError:
                        yield None


def _lines(stream: io.TextIOBase) -> Iterator[str]:
    while line := stream.readline(LONGEST):
        if len(line) == LONGEST:
            raise ReaderError(f"has a line of more than {LONGEST // 1_000_000} million characters; is it a table?")
        yield line


def _encoding(source: Source) -> str:
    """Return UTF-8 (with or without its mark), UTF-16 with its mark, otherwise Windows-1252, which older Excel
    writes."""
    head = source.head(1_000_000)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    try:
        head[: max(len(head) - 4, 0)].decode("utf-8") if len(head) == 1_000_000 else head.decode("utf-8")
        return "utf-8-sig"
    except UnicodeDecodeError as error:
        return "utf-8-sig" if error.start >= len(head) - 8 else "cp1252"


def _delimiter(source: Source) -> str:
    line = source.head(20_000).replace(b"\0", b"").split(b"\n")[0]
    return max((",", ";", "\t"), key=lambda d: line.count(d.encode())) if line.count(b",") == 0 else ","


def _sheet(source: Source) -> Iterator[dict]:
    """Yield the rows of the first sheet that has a heading line with at least two names; read as a stream."""
    import openpyxl

    raw = source.whole()
    checked_zip(io.BytesIO(raw)).close()
    try:
        book = openpyxl.load_workbook(io.BytesIO(raw), read_only=True, data_only=True)
    except Exception as error:  # openpyxl lets through whatever zipfile, the XML parser and its own lookups raise
        raise ReaderError(f"broken XLSX ({type(error).__name__}); save it again") from error
    for sheet in book.worksheets:
        rows = sheet.iter_rows(values_only=True)
        heading = next((r for r in rows if sum(v is not None for v in r) >= 2), None)
        if heading is None:
            continue
        names = [str(v).strip() if v is not None else f"column {i}" for i, v in enumerate(heading, start=1)]
        for row in rows:
            if any(v is not None for v in row):
                yield dict(zip(names, row))
        return
