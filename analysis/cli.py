"""The `presslab` command: thin doors to the same functions that notebooks call."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial, wraps
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
SPREAD = (
    click.option("--jobs", type=click.IntRange(1), default=os.cpu_count() or 1, show_default="the cores",
                 help="How many articles are worked on at a time."),
    click.option("--memory", type=click.FloatRange(0.5), default=4, show_default=True,
                 help="GB that a process may take for one article; one that needs more fails alone."),
    click.option("--timeout", type=click.IntRange(10), default=1800, show_default=True,
                 help="Seconds that one article may take."),
    click.option("--scheduler", default="", metavar="ADDRESS",
                 help="Work on a Dask cluster: the address of its scheduler, such as tcp://10.0.0.1:8786."),
)  # fmt: skip


def shared_options(command):
    """The options that every command which reads articles takes."""
    for option in reversed(SHARED):
        command = option(command)
    return command


def spread_options(command):
    """The options that say where the work is done, put together as one argument `spread`."""

    @wraps(command)
    def spreading(*arguments, jobs, memory, timeout, scheduler, **options):
        from .parallel import Limits, in_parallel

        limits = Limits(int(memory * 2**30), timeout)
        if scheduler:
            from .cluster import on_cluster

            spread = partial(on_cluster, scheduler)
        else:
            spread = partial(in_parallel, jobs=jobs, limits=limits)
        return command(*arguments, spread=spread, **options)

    for option in reversed(SPREAD):
        spreading = option(spreading)
    return spreading


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
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ[name] = "1"  # every article has a process; threads within would change the last bits of numbers


@main.command()
@FILES
@click.option("-o", "--output", type=click.Path(path_type=Path, file_okay=False), default=Path("reports"),
              show_default=True, help="Run folder: index.html, articles, notebooks, tables, run.log.")  # fmt: skip
@click.option("--text", type=click.Choice(["full", "excerpts", "none"]), default="full", show_default=True,
              help="How much of the article's text a report shows.")  # fmt: skip
@click.option("--frames", type=click.Path(exists=True, dir_okay=False), default=None, help="A frame file of your own (YAML).")
@spread_options
@shared_options
def report(files, output, text, frames, spread, no_clean, any_language, quiet) -> None:
    """One HTML report an article, an index, the executed notebooks and the tables.

    A second call makes only what changed.

    \b
    Examples:
      presslab report story.txt
      presslab report articles.csv 'more/*.html' -o reports/may --jobs 2
    """
    from .batch import Options, report_run

    options = Options(not no_clean, any_language, text, str(checked_frame(frames).resolve()) if frames else "")
    with counting(quiet, files) as progress, ended_early():
        run = report_run(files, output, options, spread, progress)
    for failure in run.failures:
        complain(failure)
    if not quiet:
        click.echo(f"{run.told}. Open {output / 'index.html'}")
    sys.exit(1 if run.failures else 0)


@main.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--inputs", multiple=True, help="Where the input files are now, if they were moved; may be given several times.")
@click.option("--quiet", is_flag=True, help="Say nothing but errors.")
@spread_options
def rerun(folder, inputs, spread, quiet) -> None:
    """Make a run again from its inputs, elsewhere, and say whether every file came out with the same bytes.

    Exit code 0: the same; 1: not.

    \b
    Example:
      presslab rerun reports
    """
    from .rerun import lines as told, rerun as run_again

    with counting(quiet) as progress, ended_early():
        result = run_again(folder, inputs, spread, progress)
    for line in told(result)[-1:] if quiet and result.same else told(result):
        click.echo(line, err=not result.same)
    sys.exit(0 if result.same else 1)


@main.command()
@FILES
@click.option("-o", "--output", type=click.Path(path_type=Path, file_okay=False), default=Path("reports"),
              show_default=True, help="Run folder: index.html, events, notebooks, tables, run.log.")  # fmt: skip
@click.option("--event", default="", help="A name for the event, where the files tell one and no column says which.")
@click.option("--text", type=click.Choice(["full", "excerpts", "none"]), default="full", show_default=True,
              help="How much of the articles' text a report shows.")  # fmt: skip
@click.option("--frames", type=click.Path(exists=True, dir_okay=False), default=None, help="A frame file of your own (YAML).")
@spread_options
@shared_options
def compare(files, output, event, text, frames, spread, no_clean, any_language, quiet) -> None:
    """One event seen through several outlets: one HTML report an event, an index of events, tables.

    All FILES are one event; a table with a column event has one for each value of it (event_label: its name for readers).

    \b
    Examples:
      presslab compare seeds/bridge-*.txt -o reports/bridge --event "Ferry Bridge closed"
      presslab compare articles.jsonl -o reports/events
    """
    from .batch import Options
    from .event_batch import compare_run

    own = str(checked_frame(frames).resolve()) if frames else ""
    options = Options(not no_clean, any_language, text, own)
    with counting(quiet) as progress, ended_early():
        run = compare_run(files, output, options, event, spread, progress)
    for failure in run.failures:
        complain(failure)
    if not run.made + run.kept:
        raise click.ClickException("there is no event with two articles: name files that tell one event, or a table with a column event")
    if not quiet:
        click.echo(f"{run.told}. Open {output / 'index.html'}")
    sys.exit(1 if run.failures else 0)


@main.command("corpus")
@FILES
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path, file_okay=False),
              help="Folder of the report: index.html, figures, notebook, tables.")  # fmt: skip
@click.option("--title", default="", help="The report's title; else the input's name.")
@click.option("--frames", type=click.Path(exists=True, dir_okay=False), default=None, help="A frame file of your own (YAML).")
@spread_options
@shared_options
def corpus_command(files, output, title, frames, spread, no_clean, any_language, quiet) -> None:
    """One report on a whole collection: outlets, time, who is heard, frames, with intervals over articles.

    FILES may be the folder of a run: then nothing is measured again.

    \b
    Examples:
      presslab corpus reports -o reports/collection
      presslab corpus articles.parquet -o collection --title "Spring campaign"
    """
    from .article import ArticleError
    from .batch import Options
    from .corpus_batch import corpus_run

    options = Options(not no_clean, any_language, "none", str(checked_frame(frames).resolve()) if frames else "")
    with counting(quiet, files) as progress, ended_early():
        try:
            found = corpus_run(files, output, options, title, spread, progress)
        except ArticleError as error:
            raise click.ClickException(str(error)) from error
    for file, reason in found.left_out:
        complain(Failure("", file, reason))
    if not quiet:
        click.echo(f"{len(found.articles):,} articles, {len(found.left_out)} left out. Open {output / 'index.html'}")
    sys.exit(1 if found.left_out else 0)


@main.command()
@FILES
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path, dir_okay=False),
              help="The table to write: .csv, .jsonl or .parquet.")  # fmt: skip
@click.option("--frames", type=click.Path(exists=True, dir_okay=False), default=None, help="A frame file of your own (YAML).")
@spread_options
@shared_options
def measure(files, output, frames, spread, no_clean, any_language, quiet) -> None:
    """The numbers alone, one row an article, a column a measure; empty where not measurable.

    \b
    Examples:
      presslab measure articles/ -o measures.csv
      presslab measure articles.parquet -o measures.parquet --quiet
      presslab measure seeds -o measures.csv --frames seeds/frames/war_peace.yaml
    """
    from .jobs import measure_row
    from .measures import columns, own_frames
    from .tables import WideWriter

    check_ending(output, (".csv", ".jsonl", ".parquet"))
    own = own_frames(str(checked_frame(frames)) if frames else "")  # adds their columns
    with ended_early(), WideWriter(output, ["id", *columns()]) as table:
        failed = collect(partial(measure_row, frames=own), files, spread, no_clean, any_language, quiet, table.add)
    sys.exit(1 if failed else 0)


@main.command()
@FILES
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path, dir_okay=False), help="A .jsonl file.")
@spread_options
@shared_options
def attributions(files, output, spread, no_clean, any_language, quiet) -> None:
    """Who says what: one JSON line an article, offsets counted in the input text as given.

    \b
    Example:
      presslab attributions articles/ -o attributions.jsonl
    """
    from .jobs import attribution_row

    check_ending(output, (".jsonl",))
    with ended_early(), lines(output) as add:
        failed = collect(attribution_row, files, spread, no_clean, any_language, quiet, add)
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
    from .parallel import here

    check_ending(output, (".jsonl",))
    with ended_early(), lines(output) as add:
        failed = collect(clean_row, files, here, no_clean, any_language, quiet, add)
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
    with counting(quiet, files) as progress, ended_early():
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


@main.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path, dir_okay=False), help="An .xlsx file.")
def excel(folder, output) -> None:
    """All tables of a run folder in one Excel workbook, with the codebook.

    \b
    Example:
      presslab excel reports -o reports.xlsx
    """
    from .excel import write
    from .files import Stopped

    check_ending(output, (".xlsx",))
    try:
        for line in write(folder, output):
            click.echo(f"presslab: {line}", err=True)
    except Stopped as error:
        raise click.ClickException(str(error)) from error


@main.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell) -> None:
    """The script that completes presslab's commands, options and files in a shell.

    \b
    Examples:
      eval "$(presslab completion bash)"            # in ~/.bashrc
      presslab completion fish > ~/.config/fish/completions/presslab.fish
    """
    from click.shell_completion import get_completion_class

    click.echo(get_completion_class(shell)(main, {}, "presslab", "_PRESSLAB_COMPLETE").source())


@main.command("serve")
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0 takes any free one.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Another address lets other machines look at the run.")
def serve_command(folder, port, host) -> None:
    """A run folder in the browser: read only, for this machine alone, until Ctrl-C.

    \b
    Example:
      presslab serve reports
    """
    from .files import Stopped
    from .serve import server

    try:
        serving = server(folder, host, port)
    except Stopped as error:
        raise click.ClickException(str(error)) from error
    with serving:
        try:
            click.echo(f"{folder} is at http://{host}:{serving.server_address[1]} (Ctrl-C ends it)")
            serving.serve_forever()
        except KeyboardInterrupt:
            click.echo()


@main.command()
@click.argument("run", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("-n", "drawn", type=click.IntRange(4), default=60, show_default=True, help="How many articles to draw.")
@click.option("--by", default="", metavar="FIELDS", help="Fields that make the strata, with commas: outlet, month, year, section, agency, language.")
@click.option("--coders", type=click.IntRange(1, 20), default=1, show_default=True, help="How many people code.")
@click.option("--overlap", type=click.IntRange(0), default=0, show_default=True, help="How many articles all of them code.")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Another seed draws another sample.")
@click.option("--codebook", type=click.Path(exists=True, dir_okay=False, path_type=Path), default=None, help="A codebook of your own (YAML).")
@click.option("--show-outlet", is_flag=True, help="Tell coders outlet and date; without it they code blind.")
@click.option("-o", "--output", type=click.Path(path_type=Path, file_okay=False), default=Path("coding"), show_default=True,
              help="Folder for the sample, the codebook, forms and sheets; codes are put there too.")  # fmt: skip
@QUIET
def sample(run, drawn, by, coders, overlap, seed, codebook, show_outlet, output, quiet) -> None:
    """A stratified sample of a run's articles, and a form (HTML) and sheet (Excel) to code it for each coder.

    \b
    Examples:
      presslab sample reports -n 60 --by outlet,month --coders 2 --overlap 20 -o coding
      presslab sample reports -n 12 --codebook mine.yaml
    """
    from .coding.prepare import prepare

    with coding_errors():
        made = prepare(run, output, drawn, [f.strip() for f in by.split(",") if f.strip()], coders, overlap, seed, codebook, show_outlet)
    if not quiet:
        click.echo("\n".join(made))


@main.command()
@click.argument("coding", type=click.Path(path_type=Path, exists=True, file_okay=False))
@QUIET
def agree(coding, quiet) -> None:
    """How far the coders of a sample agree: Krippendorff's alpha for each question, and where they differ.

    Writes agreement.html, agreement.json and disagreements.csv into the folder. agreed.csv there holds what was settled
    after discussion (id, question, value): disagreements.csv with its column value filled in.

    \b
    Example:
      presslab agree coding
    """
    from .coding.commands import agree as agree_on

    with coding_errors():
        told = agree_on(coding)
    if not quiet:
        click.echo("\n".join(told))


RUN_FOLDER = click.argument("run", type=click.Path(path_type=Path, exists=True, file_okay=False))
CODING = click.argument("coding", type=click.Path(path_type=Path, exists=True, file_okay=False))


@main.command()
@RUN_FOLDER
@CODING
@QUIET
def validate(run, coding, quiet) -> None:
    """How well each measure does on a run's articles, against the codes of its sample.

    Writes coding/validity.html into the run; the figures stand in its reports in place of the general ones. Only HTML is made
    again.

    \b
    Example:
      presslab validate reports coding
    """
    from .batch import refreshed
    from .coding.commands import validate as hold_against

    with coding_errors(), ended_early():
        told = hold_against(run, coding)
        told.append(refreshed(run))
    if not quiet:
        click.echo("\n".join(told))


@main.command()
@RUN_FOLDER
@CODING
@click.option("--by", default="", metavar="FIELDS", help="Groups to compare, with commas; without it those of the sample.")
@QUIET
def estimate(run, coding, by, quiet) -> None:
    """Means, shares, differences and trends of all articles of a run: machine scores corrected by the codes of its sample.

    Writes coding/estimates.html and estimates.csv into the run, beside the estimates from the sample alone and from the
    machine alone. Needs pip install 'presslab[estimates]'.

    \b
    Examples:
      presslab estimate reports coding
      presslab estimate reports coding --by outlet
    """
    from .batch import refreshed
    from .coding.commands import estimate as estimate_of

    with coding_errors(), ended_early():
        told = estimate_of(run, coding, [f.strip() for f in by.split(",") if f.strip()])
        told.append(refreshed(run))
    if not quiet:
        click.echo("\n".join(told))


@contextmanager
def coding_errors():
    """What is wrong with a codebook, a sample or codes, in one line."""
    from .coding import CodingError

    try:
        yield
    except CodingError as error:
        raise click.ClickException(str(error)) from error


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
    from .framing import LexiconError, check as check_frame, load_frames

    try:
        known = load_frames(frame)
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
    for one in known:
        click.echo(f"{one.label} ({one.name}), {len(one.terms.terms)} terms" if len(known) > 1 else "", nl=len(known) > 1)
        click.echo(check_frame(one, documents).to_string(index=False))
    sys.exit(1 if failed else 0)


def collect(
    task: Callable[[Article], dict], files, spread, no_clean: bool, any_language: bool, quiet: bool, add: Callable[[dict], None]
) -> int:
    """Give the row of a task for each article to `add`, in order; gives how many failed. Failures go to standard error as
    they come."""
    from .parallel import Trouble

    failed = 0

    def wanted() -> Iterator[tuple[Article]]:
        nonlocal failed
        for item in read(files, clean=not no_clean, any_language=any_language):
            if isinstance(item, Failure):
                failed += 1
                complain(item)
                progress(item.id, 0.0)
            else:
                yield (item,)

    with counting(quiet, files) as progress:
        for (article,), result in spread(task, wanted()):
            if isinstance(result, Trouble):
                failed += 1
                complain(Failure(article.id, article.file, result.reason))
            else:
                add(result)
            progress(article.id, 0.0)
    return failed


@contextmanager
def ended_early():
    """What ends a run before its time, in one line: Ctrl-C, a full disk, another run in the same folder."""
    from .files import FULL, Stopped, full
    from .state import Busy

    try:
        yield
    except OSError as error:
        if error.errno not in FULL:
            raise
        raise click.ClickException(full(error.filename)) from error
    except (Stopped, Busy) as error:
        raise click.ClickException(str(error)) from error
    except KeyboardInterrupt:
        click.echo("presslab: interrupted; what is done is kept, the same command goes on from here", err=True)
        sys.exit(130)


@contextmanager
def counting(quiet: bool, files=()):
    """A progress bar on a terminal, nothing in a pipe: articles, articles per second, and the time left where it can be
    told how many there are in `files`."""
    from tqdm import tqdm

    from .expected import articles

    shown = not quiet and sys.stderr.isatty()
    total = articles(files) if shown and files else None
    with tqdm(total=total, unit=" articles", disable=not shown, file=sys.stderr, dynamic_ncols=True) as bar:
        yield lambda name, seconds: bar.update()


def checked_frame(path: str) -> Path:
    """The path of a frame file that can be read; usage error, naming file and line, for one that can't."""
    from .framing import LexiconError, load_frames

    try:
        load_frames(path)
    except LexiconError as error:
        raise click.BadParameter(str(error), param_hint="--frames") from error
    return Path(path)


def complain(failure: Failure) -> None:
    """One line on standard error for an article that failed; nothing in a file's name moves the cursor."""
    from tqdm import tqdm

    from .html import plain

    with tqdm.external_write_mode(file=sys.stderr):  # a progress bar makes room
        click.echo(plain(f"presslab: {failure.file or failure.id}: {failure.reason}"), err=True)


def check_ending(output: Path, endings: tuple[str, ...]) -> None:
    """Usage error where a file's ending isn't one of those a command writes, or its folder doesn't exist."""
    if output.suffix not in endings:
        raise click.BadParameter(f"{output} must end in {' or '.join(endings)}", param_hint="--output")
    output.parent.mkdir(parents=True, exist_ok=True)


@contextmanager
def lines(output: Path):
    """Gives a function that adds a JSON line; the file appears when all is done, or not at all."""
    partial_file = output.with_name(f".{output.name}.part")
    try:
        with partial_file.open("w", encoding="utf-8", errors="replace", newline="\n") as stream:
            yield lambda row: stream.write(json.dumps(row, ensure_ascii=False) + "\n")
        os.replace(partial_file, output)
    finally:
        partial_file.unlink(missing_ok=True)


if __name__ == "__main__":
    main()
