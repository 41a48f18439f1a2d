"""Commands that give tables alone, a row or one line per article."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
import json
from pathlib import Path
import sys
from typing import TYPE_CHECKING, TextIO

import click

from presslab.reading.account import Account
from presslab.reading.article import Article, Failure
from presslab.reading.read import read
from presslab.reporting.wording import many, number
from presslab.system import terminal
from presslab.system.files import Stopped, part
from presslab.system.outputs import publish
from presslab.system.parallel import Limits, Spread

from .shared import (  # fmt: skip
    FILES,
    FOLDER,
    FORCE,
    FRAMES,
    NO_CLEAN,
    QUIET,
    YARDSTICK,
    check_output,
    checked_frame,
    checked_yardstick,
    complain,
    counting,
    ended_early,
    limits_options,
    shared_options,
    spread_options,
)

if TYPE_CHECKING:
    from presslab.reading.duplicates import Group


@click.command()
@FILES
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path, dir_okay=False),
              help="The table to write: .csv, .jsonl or .parquet.")  # fmt: skip
@FRAMES
@YARDSTICK
@FORCE
@spread_options
@shared_options
def measure(
    files: tuple[str, ...], output: Path, frames: str | None, yardstick: str | None, force: bool, spread: Spread,
    limits: Limits, no_clean: bool, any_language: bool, quiet: bool,
) -> None:  # fmt: skip
    """Measure articles: one row per article.

    The same numbers as in reports, without notebooks: one column per measure, empty if it can't be measured.
    codebook.csv of any run describes the columns. With --yardstick each number has a column NAME_usual: the share of
    these articles, of about the same length, with a lower number (those with the same count by half).

    \b
    Examples:
      presslab measure articles/ -o measures.csv
      presslab measure articles.parquet -o measures.parquet --quiet
      presslab measure seeds -o measures.csv --frames seeds/frames/war_peace.yaml
      presslab measure seeds -o measures.csv --yardstick local.json
    """
    from presslab.measures.framing import load_frames
    from presslab.measures.tables import columns, measure_row
    from presslab.measures.usual import load
    from presslab.runs.writers import WideWriter

    check_output(output, (".csv", ".jsonl", ".parquet"), force, files, (frames, yardstick))
    own_frames = load_frames(checked_frame(frames)) if frames else ()
    own_usual = load(checked_yardstick(yardstick)) if yardstick else None
    task = partial(measure_row, frames=own_frames, yardstick=own_usual)
    with ended_early(), WideWriter(output, ["id", *columns(own_frames, own_usual)]) as table:
        failures = collect(task, files, spread, limits, no_clean, any_language, quiet, table.add)
    sys.exit(1 if failures else 0)


@click.command()
@FILES
@click.option(
    "-o", "--output", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The .jsonl file to write."
)
@FORCE
@spread_options
@shared_options
def attributions(
    files: tuple[str, ...], output: Path, force: bool, spread: Spread, limits: Limits, no_clean: bool,
    any_language: bool, quiet: bool,
) -> None:  # fmt: skip
    """List who says what, with offsets.

    Writes one JSON line per article with source, cue and content of each attribution. Offsets count the characters of
    the input text as given, before cleaning.

    \b
    Example:
      presslab attributions articles/ -o attributions.jsonl

    To correct an article, put story.corrections.yaml beside story.txt. All numbers then come from the corrected
    sources, and each correction is marked in the article, in the table of sources and in the column corrected of the
    tables.

    \b
    What a corrections file can contain:
      - merge: [Former harbour chief, Anton Veit]     # these are one source
                                         # (as: NAME if neither name is right)
      - split: “I have paid back every crown of it”   # this attribution
        to: Marek Sole                                # has another source
      - rename: Veit
        to: Anton Veit
      - remove: declined to comment                   # not an attribution
      - add: gave the company four contracts          # one that was missed
        cue: allegedly
        by: Ilse Brandt
      - source: Anton Veit
        type: business          # a type of data/source_types.yaml
        gender: man             # only as the words of the article state it
        words: he

    Name sources as the report does, or by words that refer to them; name attributions by words of the article. If the
    words occur several times, quote more of them or add "occurrence: 2". Beside a table, table.corrections.yaml has
    such a list under each id. A correction that does not fit is an error with file and line. Delete or rename the
    file to return to presslab's own reading. seeds/court-harbour.corrections.yaml is a sample.
    """
    from presslab.measures.tables import attribution_row

    check_output(output, (".jsonl",), force, files)
    with ended_early(), lines(output) as add:
        failures = collect(attribution_row, files, spread, limits, no_clean, any_language, quiet, add)
    sys.exit(1 if failures else 0)


@click.command()
@FILES
@click.option(
    "-o", "--output", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The .jsonl file to write."
)
@FORCE
@limits_options
@shared_options
def clean(
    files: tuple[str, ...], output: Path, force: bool, limits: Limits, no_clean: bool, any_language: bool, quiet: bool
) -> None:
    """Show what is cut before measuring.

    Writes one JSON line per article: its body and fields as presslab reads them, and every line that was cut, with
    the reason.

    \b
    Example:
      presslab clean 'saved/*.html' -o clean.jsonl
    """
    from presslab.reading.rows import clean_row
    from presslab.system.parallel import here

    check_output(output, (".jsonl",), force, files)
    with ended_early(), lines(output) as add:
        failures = collect(clean_row, files, here, limits, no_clean, any_language, quiet, add)
    sys.exit(1 if failures else 0)


@click.command("read")
@FILES
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path, dir_okay=False),
              help="The table to write: .parquet, .csv or .jsonl; every other command reads it.")  # fmt: skip
@click.option(
    "--unique",
    is_flag=True,
    help="Keep one article of each group of duplicates: the first published, then the longest, then the first by id.",
)
@FORCE
@limits_options
@NO_CLEAN
@QUIET
def read_command(
    files: tuple[str, ...], output: Path, unique: bool, force: bool, limits: Limits, no_clean: bool, quiet: bool
) -> None:
    """Convert exports into one table.

    The table has one row per article: title, byline, outlet, date, section, link, body and language. Dates, names and
    outlets (data/outlets.yaml) are brought into one form; the raw values and all other fields of the export are in
    the column metadata. Articles that are not English are included.

    \b
    Examples:
      presslab read exports/ -o articles.parquet
      presslab read 'nexis/*.docx' factiva.html -o articles.csv --unique

    \b
    What can be read                                             checked on
      Nexis Advance, Nexis Uni, LexisNexis: DOCX, text           real exports
        RTF of the same                                          made files
      Factiva: HTML                                              real exports
        text and RTF, with field codes or without                made files
      ProQuest, NewsBank: text                                   made files
      agencies: NITF 3, NewsML-G2, NewsML 1 (AFP), ninjs 1-3,    files of AP,
        IPTC 7901                                                AFP, dpa, EFE,
                                                                 IPTC
      the web: saved HTML                                        real pages
        RSS, Atom, WARC (streamed)                               made files
      the desk: EML newsletters with attachments, DOCX, RTF,     made files
        XLSX; ZIP, tar, gzip of any of these

    The format of a file is recognised by its content, never by its name alone. For each file presslab lists how many
    documents the export announces and how many were found, read and rejected, and why. If the announced number
    differs from the number found, that is a warning in the index and exit code 1 (table files of a run).

    Articles that are one story (identical, with at least 70 % of their words in common, or one cut short) are listed
    as groups with what differs. All of them are kept unless you add --unique.
    """
    import pandas as pd

    from presslab.reading import duplicates
    from presslab.reading.formats.tables import ARTICLE_COLUMNS
    from presslab.reading.rows import article_row, with_duplicates
    from presslab.runs.writers import write_wide

    check_output(output, (".csv", ".jsonl", ".parquet"), force, files)
    accounts: list[Account] = []
    rows, prints, failures = [], [], 0
    with counting(quiet, files) as progress, ended_early():
        for item in read(files, clean=not no_clean, any_language=True, accounts=accounts, limits=limits):
            if isinstance(item, Failure):
                failures += 1
                complain(item)
            else:
                rows.append(article_row(item))
                prints.append(duplicates.fingerprint(item))
            progress(item.id, 0.0)
    groups = duplicates.groups(prints)
    rows = with_duplicates(rows, groups)
    duplicate_count = sum(len(group.ids) - 1 for group in groups) if unique else 0
    rows = [row for row in rows if not unique or row["duplicate_group"] in ("", row["id"])]
    if rows:
        with ended_early():
            output.parent.mkdir(parents=True, exist_ok=True)
            write_wide(pd.DataFrame(rows, columns=list(ARTICLE_COLUMNS)), output)
    if not quiet:
        click.echo(told(accounts, groups, unique))
        click.echo(
            (f"{many(len(rows), 'article')} in {output}" if rows else "no article could be read: nothing is written")
            + (f", {many(duplicate_count, 'duplicate')} left out" if duplicate_count else "")
        )
    sys.exit(1 if failures else 0)


def told(accounts: list[Account], groups: list[Group], unique: bool) -> str:
    """Return the account of what was read, one line per export, and the groups of duplicates."""
    plain = [a for a in accounts if a.found == a.read == 1 and a.announced is None and not a.skipped]
    lines = []
    for a in accounts:
        if a not in plain:
            announced_note = f"{number(a.announced)} announced, " if a.announced is not None else ""
            refused_note = f", {number(len(a.refused))} refused" if a.refused else ""
            other = f"; {a.skipped}" if a.skipped else ""
            lines.append(
                terminal.line(
                    f"{a.file} ({a.format or 'not read'}): {announced_note}{number(a.found)} found,"
                    f" {number(a.read)} read{refused_note}{other}"
                )
            )
            lines += [terminal.line(f"  {a.warning}")] if a.warning else []
    if plain:
        lines.append(f"{many(len(plain), 'file')} with one article each")
    if groups:
        count = sum(len(g.ids) for g in groups)
        kept_note = "one of each is kept" if unique else "all are kept; --unique keeps one of each"
        lines.append(f"{many(len(groups), 'group')} of duplicates ({many(count, 'article')}), {kept_note}:")
        lines += [
            terminal.line(f"  {g.ids[0]} = {id} ({g.kind}; differs in {d})")
            for g in groups[:20]
            for id, d in zip(g.ids[1:], g.differs[1:])
        ]
        lines += (
            [f"  … and {many(len(groups) - 20, 'more group')}: see the columns duplicate_*"] if len(groups) > 20 else []
        )
    return "\n".join(lines)


@click.command()
@FOLDER
@click.option(
    "-o", "--output", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The .xlsx file to write."
)
@FORCE
def excel(folder: Path, output: Path, force: bool) -> None:
    """Write all tables to an Excel workbook.

    The workbook has a sheet for each table of the run and one for the codebook; no text in it is a formula.

    \b
    Example:
      presslab excel reports -o reports.xlsx
    """
    from presslab.runs.excel import write

    check_output(output, (".xlsx",), force)
    with ended_early():
        for line in write(folder, output):
            click.echo(terminal.line(f"presslab: {line}"), err=True)


def collect(
    task: Callable[[Article], dict],
    files: tuple[str, ...],
    spread: Spread,
    limits: Limits,
    no_clean: bool,
    any_language: bool,
    quiet: bool,
    add: Callable[[dict], None],
) -> int:
    """Give the row of a task for each article to `add`, in order; returns how many failed. Failures go to standard
    error as they come."""
    from presslab.system.parallel import Trouble

    failures = 0

    def wanted() -> Iterator[tuple[Article]]:
        nonlocal failures
        for item in read(files, clean=not no_clean, any_language=any_language, limits=limits):
            if isinstance(item, Failure):
                failures += 1
                complain(item)
                progress(item.id, 0.0)
            else:
                yield (item,)

    with counting(quiet, files) as progress:
        for (article,), result in spread(task, wanted()):
            if isinstance(result, Trouble):
                if result.stops:
                    raise Stopped(result.stops)
                failures += 1
                complain(Failure(article.id, article.file, result.reason))
            else:
                add(result)
            progress(article.id, 0.0)
    return failures


@contextmanager
def lines(output: Path) -> Iterator[Callable[[dict], None]]:
    """Yield a function that adds a JSON line; the file appears when all is done, or not at all if no line was added."""
    draft: tuple[Path, TextIO] | None = None

    def add(row: dict) -> None:
        nonlocal draft
        if draft is None:
            output.parent.mkdir(parents=True, exist_ok=True)
            path = part(output)
            draft = path, path.open("w", encoding="utf-8", errors="replace", newline="\n")
        draft[1].write(json.dumps(row, ensure_ascii=False) + "\n")

    try:
        yield add
        if draft is not None:
            draft[1].close()
            publish(draft[0], output)
    finally:
        if draft is not None:
            draft[1].close()
            draft[0].unlink(missing_ok=True)
