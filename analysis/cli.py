"""The `presslab` command: thin doors to the same functions that notebooks call."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
import json
import os
from pathlib import Path
import sys

import click

from . import __version__
from .article import Account, Article, Failure, read

FILES = click.argument("files", nargs=-1, required=True, type=click.Path(path_type=str))
NO_CLEAN = click.option("--no-clean", is_flag=True, help="Take the text as it is: cut nothing, refuse nothing for being short.")
QUIET = click.option("--quiet", is_flag=True, help="Say nothing but errors.")
SHARED = (
    NO_CLEAN,
    click.option("--any-language", is_flag=True, help="Accept text that is not English; the measures are made for English."),
    QUIET,
)
JOBS = click.option("--jobs", type=click.IntRange(1), default=os.cpu_count() or 1, show_default="the cores",
                    help="How many articles are worked on at a time.")  # fmt: skip


def shared_options(command):
    """The options that every command which reads articles takes."""
    for option in reversed(SHARED):
        command = option(command)
    return command


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="presslab")
def main() -> None:
    """Measure news articles: readability, who is heard, framing. Every number with its evidence and interval.

    FILES are files (.txt, .md, .html), folders, globs, tables (.csv, .jsonl, .parquet, .xlsx) with one article a row
    (columns id and text; title, outlet, published, byline, section, url where there are), and exports: `presslab read
    --help` says which.

    \b
    Examples:
      presslab report seeds -o reports
      presslab measure 'articles/*.txt' -o measures.csv

    Exit codes: 0 all done, 1 some articles failed (listed), 2 usage error.
    """
    os.environ.setdefault("JUPYTER_PLATFORM_DIRS", "1")


@main.command()
@FILES
@click.option("-o", "--output", type=click.Path(path_type=Path, file_okay=False), default=Path("reports"),
              show_default=True, help="Run folder: index.html, articles, notebooks, tables, run.log.")  # fmt: skip
@click.option("--text", type=click.Choice(["full", "excerpts", "none"]), default="full", show_default=True,
              help="How much of the article's text a report shows.")  # fmt: skip
@click.option("--frames", type=click.Path(exists=True, dir_okay=False), default=None, help="A frame file of your own (YAML).")
@JOBS
@shared_options
def report(files, output, text, frames, jobs, no_clean, any_language, quiet) -> None:
    """One HTML report an article, an index, the executed notebooks and the tables.

    A second call makes only what changed.

    \b
    Examples:
      presslab report story.txt
      presslab report articles.csv 'more/*.html' -o reports/may --jobs 2
    """
    from .batch import Options, report_run

    if frames:
        from .framing import LexiconError, load_frame

        try:
            load_frame(frames)
        except LexiconError as error:
            raise click.BadParameter(str(error), param_hint="--frames") from error
    options = Options(not no_clean, any_language, text, str(Path(frames).resolve()) if frames else "")
    with counting(quiet) as progress:
        accounts: list[Account] = []
        articles = read(files, clean=not no_clean, any_language=any_language, accounts=accounts)
        run = report_run(articles, output, options, jobs, progress, accounts)
    for failure in run.failures:
        complain(failure)
    if not quiet:
        warned = sum(f.reason.startswith("warning: ") for f in run.failures)
        told_warnings = f", {warned} warnings" if warned else ""
        click.echo(f"{run.made} made, {run.kept} unchanged, {len(run.failures) - warned} failed{told_warnings}. Open {output / 'index.html'}")
    sys.exit(1 if run.failures else 0)


@main.command()
@FILES
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path, dir_okay=False),
              help="The table to write: .csv, .jsonl or .parquet.")  # fmt: skip
@JOBS
@shared_options
def measure(files, output, jobs, no_clean, any_language, quiet) -> None:
    """The numbers alone, one row an article, a column a measure; empty where not measurable.

    \b
    Examples:
      presslab measure articles/ -o measures.csv
      presslab measure articles.parquet -o measures.parquet --quiet
    """
    import pandas as pd

    from .jobs import measure_row
    from .measures import columns
    from .tables import write_wide

    check_ending(output, (".csv", ".jsonl", ".parquet"))
    rows, failed = collect(measure_row, files, jobs, no_clean, any_language, quiet)
    write_wide(pd.DataFrame(rows, columns=["id", *columns()]), output)
    sys.exit(1 if failed else 0)


@main.command()
@FILES
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path, dir_okay=False), help="A .jsonl file.")
@JOBS
@shared_options
def attributions(files, output, jobs, no_clean, any_language, quiet) -> None:
    """Who says what: one JSON line an article, offsets counted in the input text as given.

    \b
    Example:
      presslab attributions articles/ -o attributions.jsonl
    """
    from .jobs import attribution_row

    check_ending(output, (".jsonl",))
    rows, failed = collect(attribution_row, files, jobs, no_clean, any_language, quiet)
    write_lines(rows, output)
    sys.exit(1 if failed else 0)


@main.command()
@FILES
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path, dir_okay=False), help="A .jsonl file.")
@shared_options
def clean(files, output, no_clean, any_language, quiet) -> None:
    """The articles as presslab reads them: body, fields, and every line that was cut, with its reason.

    \b
    Example:
      presslab clean 'saved/*.html' -o clean.jsonl
    """
    from .jobs import clean_row

    check_ending(output, (".jsonl",))
    rows, failed = collect(clean_row, files, 1, no_clean, any_language, quiet)
    write_lines(rows, output)
    sys.exit(1 if failed else 0)


@main.command("read")
@FILES
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path, dir_okay=False),
              help="The table to write: .parquet, .csv or .jsonl; every other command takes it.")  # fmt: skip
@click.option("--unique", is_flag=True, help="Of each group of duplicates keep one: the first published, then the longest.")
@NO_CLEAN
@QUIET
def read_command(files, output, unique, no_clean, quiet) -> None:
    """Exports of newspaper databases, agency files, feeds, mail, web archives → one table with an article a row.

    Tells for each file what it announces, what was found, read and refused, and which articles are duplicates. The
    language is told, not judged: articles that are not English are in the table too.

    \b
    Examples:
      presslab read exports/ -o articles.parquet
      presslab read 'nexis/*.docx' factiva.html -o articles.csv --unique
    """
    import pandas as pd

    from . import duplicates
    from .jobs import ARTICLE_COLUMNS, article_row
    from .tables import write_wide

    check_ending(output, (".csv", ".jsonl", ".parquet"))
    accounts: list[Account] = []
    rows, prints, failed = [], [], 0
    with counting(quiet) as progress:
        for item in read(files, clean=not no_clean, any_language=True, accounts=accounts):
            if isinstance(item, Failure):
                failed += 1
                complain(item)
            else:
                rows.append(article_row(item))
                prints.append(duplicates.fingerprint(item))
                progress(item.id, 0.0)
    groups = duplicates.groups(prints)
    places = {id: (group.ids[0], group.kind, differs) for group in groups for id, differs in zip(group.ids, group.differs)}
    for row in rows:
        row["duplicate_group"], row["duplicate_kind"], row["duplicate_differs"] = places.get(row["id"], ("", "", ""))
    left_out = sum(len(group.ids) - 1 for group in groups) if unique else 0
    rows = [row for row in rows if not unique or row["duplicate_group"] in ("", row["id"])]
    write_wide(pd.DataFrame(rows, columns=list(ARTICLE_COLUMNS)), output)
    if not quiet:
        click.echo(told(accounts, groups, unique))
        click.echo(f"{len(rows):,} articles in {output}" + (f", {left_out:,} duplicates left out" if left_out else ""))
    sys.exit(1 if failed else 0)


def told(accounts: list[Account], groups, unique: bool) -> str:
    """The account of what was read, a line for each export, and the groups of duplicates."""
    plain = [a for a in accounts if a.found == a.read == 1 and a.announced is None and not a.skipped]
    lines = []
    for a in accounts:
        if a not in plain:
            announced = f"{a.announced:,} announced, " if a.announced is not None else ""
            refused = f", {len(a.refused):,} refused" if a.refused else ""
            other = f"; {a.skipped}" if a.skipped else ""
            lines.append(f"{a.file} ({a.format or 'not read'}): {announced}{a.found:,} found, {a.read:,} read{refused}{other}")
            lines += [f"  {a.warning}"] if a.warning else []
    if plain:
        lines.append(f"{len(plain):,} files with one article each")
    if groups:
        count = sum(len(g.ids) for g in groups)
        kept = "one of each is kept" if unique else "all are kept; --unique keeps one of each"
        lines.append(f"{len(groups):,} groups of duplicates ({count:,} articles), {kept}:")
        lines += [f"  {g.ids[0]} = {id} ({g.kind}; differs in {d})" for g in groups[:20] for id, d in zip(g.ids[1:], g.differs[1:])]
        lines += [f"  … and {len(groups) - 20:,} more groups: see the columns duplicate_*"] if len(groups) > 20 else []
    return "\n".join(lines)


@main.group()
def frames() -> None:
    """Frames of your own: word lists in YAML, measured like the built-in ones."""


@frames.command()
@click.argument("frame", type=click.Path(exists=True, dir_okay=False))
@click.option("--on", "files", multiple=True, required=True, help="Articles to try it on; may be given several times.")
@shared_options
def check(frame, files, no_clean, any_language, quiet) -> None:
    """What each term of a frame file matches, how often, and which terms never do.

    \b
    Example:
      presslab frames check seeds/frames/war_peace.yaml --on seeds
    """
    from .document import parse
    from .framing import LexiconError, check as check_frame, load_frame

    try:
        known = load_frame(frame)
    except LexiconError as error:
        raise click.ClickException(str(error)) from error
    failed = 0
    documents = []
    for item in read(files, clean=not no_clean, any_language=any_language):
        if isinstance(item, Failure):
            failed += 1
            complain(item)
        else:
            documents.append(parse(item))
    click.echo(check_frame(known, documents).to_string(index=False))
    sys.exit(1 if failed else 0)


def collect(
    task: Callable[[Article], dict], files, jobs: int, no_clean: bool, any_language: bool, quiet: bool
) -> tuple[list[dict], int]:
    """Rows of a task over all articles, in order, and how many failed; failures go to standard error as they come."""
    from .parallel import in_parallel, reason

    rows: list[dict] = []
    failed = 0

    def wanted() -> Iterator[tuple[Article]]:
        nonlocal failed
        for item in read(files, clean=not no_clean, any_language=any_language):
            if isinstance(item, Failure):
                failed += 1
                complain(item)
            else:
                yield (item,)

    with counting(quiet) as progress:
        for (article,), result in in_parallel(task, wanted(), jobs, window=8):
            if isinstance(result, Exception):
                failed += 1
                complain(Failure(article.id, article.file, reason(result)))
            else:
                rows.append(result)
            progress(article.id, 0.0)
    return rows, failed


@contextmanager
def counting(quiet: bool):
    """A progress bar on a terminal, nothing in a pipe."""
    from tqdm import tqdm

    with tqdm(unit=" articles", disable=quiet or not sys.stderr.isatty(), file=sys.stderr) as bar:
        yield lambda name, seconds: bar.update()


def complain(failure: Failure) -> None:
    """One line on standard error for an article that failed."""
    click.echo(f"presslab: {failure.file or failure.id}: {failure.reason}", err=True)


def check_ending(output: Path, endings: tuple[str, ...]) -> None:
    """Usage error where a file's ending isn't one of those a command writes, or its folder doesn't exist."""
    if output.suffix not in endings:
        raise click.BadParameter(f"{output} must end in {' or '.join(endings)}", param_hint="--output")
    output.parent.mkdir(parents=True, exist_ok=True)


def write_lines(rows: list[dict], output: Path) -> None:
    """Write JSON lines, whole or not at all."""
    from .batch import write

    write(output, "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))


if __name__ == "__main__":
    main()
