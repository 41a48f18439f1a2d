"""Read any input into an Article: the text as published, and where it came from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
import csv
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from functools import partial
import glob
import hashlib
import json
from pathlib import Path
import re
import sys
import unicodedata

import ftfy

from . import corrections as corrections_files
from .clean import Block, clean as clean_blocks
from .corrections import Correction, CorrectionError

LARGEST_TEXT = 5_000_000
SHORTEST_BODY = 15
INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\xad\x00-\x08\x0e-\x1f\x7f]")
TABLE_ENDINGS = (".csv", ".jsonl", ".parquet")
TEXT_ENDINGS = (".txt", ".md", ".html", ".htm")
FIELDS = ("title", "outlet", "published", "byline", "url")
csv.field_size_limit(min(sys.maxsize, 2**31 - 1))


class ArticleError(Exception):
    """An input that can't become an Article; the message is one line for people: file, what is wrong, what to do."""


@dataclass(frozen=True)
class Removed:
    """A stretch of the input that cleaning took out, with its reason in plain words.

    `start` and `end` are character offsets into `Article.text`; `rule` names the entry of data/furniture.yaml.
    """

    start: int
    end: int
    text: str
    reason: str
    rule: str


@dataclass(frozen=True)
class Paragraph:
    """One paragraph that stayed. `offsets[i]` is where character `i` of `text` stands in `Article.text`.

    `offsets` has `len(text)` entries, rising; all are -1 where the paragraph is not part of the input text (a headline
    that came from a table's `title` column). `role` is "headline", "standfirst", "subheading" or "body".
    """

    text: str
    offsets: tuple[int, ...]
    role: str = "body"


@dataclass(frozen=True)
class Article:
    """One article. `text` is the input as given (decoded, newlines untouched; for HTML the extracted text).

    Fields that the input does not give are "". `published` is an ISO date or "". `language` is an ISO 639-1 code.
    `metadata` keeps the columns of a table that presslab does not use, `file` the input's file name without folders;
    `path` is where it lies (never written to any output), `in_table` tells that it is one row of that file; `corrections`
    are those that a reader has written in a file beside it.
    """

    id: str
    text: str
    paragraphs: tuple[Paragraph, ...]
    removed: tuple[Removed, ...] = ()
    title: str = ""
    byline: str = ""
    dateline: str = ""
    agency: str = ""
    published: str = ""
    outlet: str = ""
    url: str = ""
    language: str = ""
    file: str = ""
    cleaned: bool = True
    metadata: dict[str, str] = field(default_factory=dict)
    path: str = ""
    in_table: bool = False
    corrections: tuple[Correction, ...] = ()

    @property
    def body(self) -> str:
        """The body as one string, paragraphs divided by a blank line; headline and standfirst are not part of it."""
        return "\n\n".join(p.text for p in self.paragraphs if p.role in ("body", "subheading"))


@dataclass(frozen=True)
class Failure:
    """An input that could not be used: its id (where it has one), file name, and the reason in one line for people.

    Where its notebook failed: the number of the cell (0: none) and the file with the traceback ("": none).
    """

    id: str
    file: str
    reason: str
    cell: int = 0
    traceback: str = ""


@dataclass(frozen=True)
class Known:
    """An article that need not be read: its file is unchanged, and so is the hash of all that its report depends on."""

    id: str
    file: str
    key: str


Item = Article | Failure | Known


def read(
    inputs: Iterable[str | Path], clean: bool = True, any_language: bool = False,
    memory: Callable[[Path, Callable[[], Iterator[Item]]], Iterator[Item]] | None = None,
) -> Iterator[Item]:  # fmt: skip
    """Every article of files, folders, globs and tables, in a stable order; what can't be used comes as a Failure.

    Ids are made fit for file names; the second article with an id is a Failure that names both files. `memory` gives the
    items of a file, given its path and the function that reads it: there, what is Known need not be read.
    """
    seen: dict[str, str] = {}
    for path in _paths(inputs):
        reader = partial(_read_with_corrections, path, clean, any_language)
        for item in memory(path, reader) if memory else reader():
            if not isinstance(item, Failure):
                other = seen.setdefault(item.id.casefold(), item.file)
                if other is not item.file:
                    item = Failure(item.id, item.file, f"the id {item.id} is used twice (first in {other}); rename one")
            yield item


def read_one(reference: str | Path, clean: bool = True, any_language: bool = False) -> Article:
    """The article of a file, or of a row of a table (`TABLE#ID`). Raises ArticleError with one line for people."""
    reference = str(reference)
    if not reference:
        raise ArticleError("no article was given; name one with -p article FILE, or TABLE#ID for a row of a table")
    path, _, wanted = reference.partition("#")
    if not wanted and Path(path).suffix.lower() in TABLE_ENDINGS:
        raise ArticleError(f"{Path(path).name}: name the row as {Path(path).name}#ID")
    if Path(reference).exists():
        path, wanted = reference, ""
    for item in _read_with_corrections(Path(path), clean, any_language):
        if wanted and item.id != wanted:
            continue
        if isinstance(item, Failure):
            raise ArticleError(f"{item.file}: {item.reason}")
        return item
    raise ArticleError(f"{Path(path).name}: there is no row with id {wanted}")


def from_text(
    text: str, id: str = "text", clean: bool = True, any_language: bool = False, markdown: bool = False, **fields: object
) -> Article:
    """An Article from a string; `fields` are fields of Article. With `markdown` marks of Markdown at the edges of
    paragraphs are left out. Raises ArticleError where there is no article in it."""
    if len(text) > LARGEST_TEXT:
        raise ArticleError(f"too long for one article ({len(text):,} characters; at most {LARGEST_TEXT:,})")
    if not text.strip():
        raise ArticleError("empty: there is no text in it")
    if text.count("\0") > 2 or sum(unicodedata.category(c) == "Cc" and c not in "\t\n\r\f\v" for c in text[:4000]) > 40:
        raise ArticleError("this is not text (binary data?); give a text, Markdown or HTML file, or a table")
    blocks = [b for b in _blocks(text) if b.text]
    first_is_heading = markdown and bool(blocks) and blocks[0].text.startswith("# ")
    if markdown:
        blocks = [b for b in map(_unmarked, blocks) if b.text]
    cut: tuple[Removed, ...] = ()
    if clean:
        cleaned = clean_blocks(blocks)
        cut = tuple(Removed(c.start, c.end, text[c.start : c.end].strip(), c.reason, c.rule) for c in cleaned.cut)
        blocks = list(cleaned.kept)
        byline = next((re.sub(r"(?i)^by:? ", "", c.text).split(",")[0] for c in cut if c.rule == "byline"), "")
        read = {"dateline": cleaned.dateline, "agency": cleaned.agency, "byline": byline}
        fields = read | {k: v for k, v in fields.items() if v}
    given = str(fields.get("title") or "")
    headline = 1 if first_is_heading and len(blocks) > 1 else _headline(blocks, given)
    paragraphs = [_paragraph(b, "headline" if i < headline else "body") for i, b in enumerate(blocks)]
    paragraphs = [p for p in paragraphs if p.text]
    if headline and paragraphs:
        fields["title"] = given or paragraphs[0].text
    elif given.strip():
        paragraphs.insert(0, Paragraph(given.strip(), (-1,) * len(given.strip()), "headline"))
    body = " ".join(p.text for p in paragraphs if p.role == "body")
    count = len(body.split())
    if clean and count < SHORTEST_BODY:
        raise ArticleError(f"no article text found ({count} words after cleaning; try --no-clean)")
    language = _language(body) if count >= 20 else "en"
    if language != "en" and not any_language:
        raise ArticleError(f"the text is not English (it looks like '{language}'); use --any-language to measure it all the same")
    return Article(id=id, text=text, paragraphs=tuple(paragraphs), removed=cut, language=language, cleaned=clean, **fields)


def _paths(inputs: Iterable[str | Path]) -> Iterator[Path]:
    seen: set[str] = set()
    for given in inputs:
        text = str(given)
        path = Path(text)
        if path.is_dir():
            found = sorted(p for p in path.rglob("*") if p.is_file() and _is_input(p, path))
        elif not path.exists() and any(c in text for c in "*?["):
            found = sorted(Path(p) for p in glob.glob(text, recursive=True) if Path(p).is_file()) or [path]
        else:
            found = [path]
        for one in found:
            if str(one) not in seen:
                seen.add(str(one))
                yield one


def _is_input(path: Path, root: Path) -> bool:
    hidden = any(part.startswith(".") for part in path.relative_to(root).parts)
    return not hidden and path.suffix.lower() in TABLE_ENDINGS + TEXT_ENDINGS and path.stem.casefold() != "readme"


def _read_path(path: Path, clean: bool, any_language: bool) -> Iterator[Article | Failure]:
    place = {"file": path.name, "path": str(path.absolute())}
    ending = path.suffix.lower()
    if ending in TABLE_ENDINGS:
        yield from _read_table(path, ending, clean, any_language, place)
        return
    name = safe_id(path.stem if ending in TEXT_ENDINGS else path.name)
    try:
        if not path.exists():
            raise ArticleError("there is no such file")
        if path.stat().st_size > 4 * LARGEST_TEXT:
            raise ArticleError(f"too large for one article ({path.stat().st_size / 1e6:.0f} MB)")
        raw = path.read_bytes()
        if ending in (".html", ".htm"):
            yield _from_html(raw, name, clean, any_language, place)
        else:
            text = decode(raw)
            yield from_text(text, name, clean, any_language, ending == ".md", **place)
    except ArticleError as error:
        yield Failure(name, path.name, str(error))
    except OSError as error:
        yield Failure(name, path.name, f"can't be read ({error.strerror or error})")


def _read_with_corrections(path: Path, clean: bool, any_language: bool) -> Iterator[Article | Failure]:
    """The articles of a file with the corrections beside it; where these can't be used the article is a Failure, since
    numbers without them would not be what its reader asked for."""
    table = path.suffix.lower() in TABLE_ENDINGS
    known: dict[str, tuple[Correction, ...] | CorrectionError] = {}
    broken = None
    try:
        known = corrections_files.of_table(path) if table else {"": corrections_files.of_article(path)}
    except CorrectionError as error:
        broken = error
    unseen = set(known) if table else set()
    for item in _read_path(path, clean, any_language):
        found = broken or known.get(item.id if table else "", ())
        unseen.discard(item.id)
        if isinstance(item, Article) and found:
            item = Failure(item.id, item.file, str(found)) if isinstance(found, CorrectionError) else replace(item, corrections=found)
        yield item
    for name in sorted(unseen):
        file = corrections_files.path_beside(path).name
        yield Failure(f"{safe_id(name)}-corrections", file, f"there is no row with the id “{name}” in {path.name}")


def _read_table(path: Path, ending: str, clean: bool, any_language: bool, place: dict) -> Iterator[Article | Failure]:
    number = 0
    try:
        if not path.exists():
            raise ArticleError("there is no such file")
        for number, row in enumerate(_rows(path, ending), start=1):
            if not isinstance(row, dict):
                yield Failure(f"{safe_id(path.stem)}-{number}", path.name, f"line {number} is not a JSON object")
                continue
            if not {"id", "text"} <= set(row):
                missing = " and ".join(sorted({"id", "text"} - set(row)))
                raise ArticleError(f"a table of articles needs the columns id and text; {missing} is missing")
            name = safe_id(str(row["id"] if row["id"] is not None else ""))
            known = {f: str(row[f]).strip() for f in FIELDS if row.get(f) not in (None, "")}
            other = {str(k): str(v) for k, v in row.items() if k not in ("id", "text", *FIELDS) and v not in (None, "")}
            try:
                yield from_text(str(row["text"] or ""), name, clean, any_language, False, metadata=other, in_table=True, **known, **place)
            except ArticleError as error:
                yield Failure(name, path.name, f"row {number}: {error}")
        if not number:
            raise ArticleError("the table has no rows")
    except (ArticleError, OSError, ValueError, csv.Error) as error:
        yield Failure(safe_id(path.stem), path.name, str(error).splitlines()[0] if str(error) else "can't be read")


def _rows(path: Path, ending: str) -> Iterator[dict | None]:
    if ending == ".parquet":
        import pyarrow.parquet

        for batch in pyarrow.parquet.ParquetFile(path).iter_batches(batch_size=100):
            yield from batch.to_pylist()
    elif ending == ".csv":
        with path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
            yield from csv.DictReader(stream)
    else:
        with path.open(encoding="utf-8-sig", errors="replace", newline="\n") as stream:
            for line in stream:
                if line.strip():
                    try:
                        yield json.loads(line)
                    except ValueError:
                        yield None


def _from_html(raw: bytes, name: str, clean: bool, any_language: bool, place: dict) -> Article:
    import trafilatura

    page = trafilatura.bare_extraction(raw, include_comments=False, include_tables=False, with_metadata=True)
    if page is None or not (page.text or "").strip():
        raise ArticleError("no article was found on the page; save the article alone, or give its text as .txt")
    text = re.sub(r"\n+", "\n\n", page.text)
    known = {"title": page.title, "byline": page.author, "published": page.date, "outlet": page.sitename, "url": page.url}
    return from_text(text, name, clean, any_language, False, **{k: v for k, v in known.items() if v}, **place)


def decode(raw: bytes) -> str:
    """Text from bytes: UTF-8, UTF-16 with its mark, else Windows-1252 (what English text is that isn't UTF-8)."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", "replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace") if raw.count(0) < len(raw) / 10 else raw.decode("utf-8", "replace")


def safe_id(name: str) -> str:
    """An id that is also a file name: letters, digits, dot, hyphen, underscore. One that had to be changed gets eight
    characters of its hash, so that different ids stay different."""
    plain = re.sub(r"[^\w.-]+", "-", unicodedata.normalize("NFC", name.encode("utf-8", "replace").decode())).lstrip("-.").rstrip(".")
    reserved = re.fullmatch(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?", plain)
    if plain == name and plain and not reserved and len(plain) <= 120:
        return plain
    return f"{plain[:100] or 'article'}-{hashlib.sha256(name.encode('utf-8', 'replace')).hexdigest()[:8]}"


def _blocks(text: str) -> list[Block]:
    """The text's paragraphs: its lines, or, where lines are wrapped at a width, what stands between blank lines."""
    lines = [m for m in re.finditer(r"[^\r\n\f\v\x85\u2028\u2029]+", text) if m.group().strip("\ufeff \t\xa0")]
    full = [m for m in lines if 50 <= len(m.group()) <= 100]
    wrapped = len(lines) > 8 and len(full) > 0.5 * len(lines) and max(len(m.group()) for m in lines) <= 110
    pattern = r"\S(?:(?!\r?\n[ \t]*\r?\n).)*" if wrapped else r"[^\r\n\f\v\x85\u2028\u2029]+"
    found = []
    for match in re.finditer(pattern, text, re.DOTALL):
        inner = match.group().strip("\ufeff \t\xa0\r\n")
        if inner:
            start = match.start() + match.group().index(inner)
            found.append(_block(text, start, start + len(inner)))
    return found


def _unmarked(block: Block) -> Block:
    """A block of Markdown without the marks before and after it (#, >, list marks, emphasis around the whole)."""
    inner = re.fullmatch(r"(?:#{1,6} +|> ?|[-*+] +|\d+\. +)?([*_]{0,3})(.*?)\1(?: #+)?", block.text)
    if not inner:
        return block
    return block.part(inner.start(2), inner.end(2))


def _headline(blocks: list[Block], given: str) -> int:
    """1 where the first block is the headline, else 0: it is short, shorter than what follows, and either the title that
    was given, or without a closing full stop, or Mostly in Capitals."""
    if len(blocks) < 2:
        return 0
    first = blocks[0]
    if given and re.sub(r"\W+", "", given).casefold() == re.sub(r"\W+", "", first.text).casefold():
        return 1
    long = [w for w in re.findall(r"[^\W\d_]+", first.text) if len(w) > 3]
    capitals = sum(w[0].isupper() for w in long) >= 0.6 * len(long)
    ended = re.search(r"[.!?…:;][\"”’')]*$", first.text)
    return int(first.words <= 25 and first.words < blocks[1].words and not given and bool(not ended or capitals))


def _block(text: str, start: int, end: int) -> Block:
    """A stretch of the input as a block: mojibake mended, odd white space made plain, every character's place kept."""
    given = text[start:end]
    mended = given
    if not given.isascii():
        mended = ftfy.fix_text(
            given, uncurl_quotes=False, fix_character_width=False, fix_latin_ligatures=False, normalization=None
        )
    plain = re.sub(r"\s", " ", INVISIBLE.sub("", mended)).strip()
    if len(plain) == len(given):
        return Block(start, end, plain)
    return Block(start, end, plain, tuple(start + i for i in _align(given, plain)))


def _paragraph(block: Block, role: str) -> Paragraph:
    return Paragraph(block.text, block.offsets or tuple(range(block.start, block.end)), role)


def _align(given: str, mended: str) -> list[int]:
    """For each character of `mended` the place in `given` that it came from."""
    places: list[int] = []
    for kind, a, b, c, d in SequenceMatcher(None, given, mended, autojunk=False).get_opcodes():
        if kind != "delete":
            places += [a + min(i, max(b - a - 1, 0)) for i in range(d - c)]
    return places


def _language(text: str) -> str:
    """ISO 639-1 code of the likeliest language (py3langid)."""
    import py3langid

    return str(py3langid.classify(text[:5000])[0])
