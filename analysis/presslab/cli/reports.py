"""Commands that make reports, make them again, and show them."""

from __future__ import annotations

from pathlib import Path
import sys
from typing import TYPE_CHECKING

import click

from presslab.reading.article import Failure
from presslab.reporting.wording import many

from .shared import (
    FILES,
    FOLDER,
    FRAMES,
    PEOPLE,
    QUIET,
    YARDSTICK,
    checked_frame,
    checked_people,
    checked_yardstick,
    complain,
    counting,
    ended_early,
    shared_options,
    spread_options,
)

if TYPE_CHECKING:
    from presslab.system.parallel import Limits, Spread

TEXT_HELP = (
    "How much of the articles' text the run contains: all; on pages the beginning of each paragraph (at most 25 words "
    "and a quarter of it); or none. presslab share --help has the details."
)


@click.command()
@FILES
@click.option("-o", "--output", type=click.Path(path_type=Path, file_okay=False), default=Path("reports"),
              show_default=True, help="Run folder: index.html, articles, notebooks, tables, run.log.")  # fmt: skip
@click.option("--text", type=click.Choice(["full", "excerpts", "none"]), default="full", show_default=True,
              help=TEXT_HELP)  # fmt: skip
@FRAMES
@YARDSTICK
@click.option(
    "--add",
    is_flag=True,
    help="Keep the articles of the run and add new ones; without it the run contains what FILES contain.",
)
@click.option("--prune", is_flag=True, help="Delete reports of articles that are no longer in the run.")
@spread_options
@shared_options
def report(
    files: tuple[str, ...], output: Path, text: str, frames: str | None, yardstick: str | None, add: bool,
    prune: bool, spread: Spread, limits: Limits, no_clean: bool, any_language: bool, quiet: bool,
) -> None:  # fmt: skip
    """Make reports: one HTML page per article.

    Also writes an index, the executed notebooks and the tables. The same input gives the same bytes, with any number
    of jobs, with forked or plain kernels, and on a cluster.

    \b
    Examples:
      presslab report story.txt
      presslab report articles.csv 'more/*.html' -o reports/may --jobs 2
      presslab report feed.xml -o reports/feed --add
      presslab report articles.csv --yardstick local.json

    \b
    What a run folder contains:
      index.html             all articles: search, filters by outlet, date, source
                             and frame, distributions, failures with reasons; the
                             selection is kept in the address
      articles/SLUG.html     one report per article: what was cut, what stands out,
                             the annotated article, sources, readability, framing,
                             method; a single file that needs no network
      notebooks/SLUG.ipynb   the executed notebook behind the report
      tables/NAME.parquet    tidy tables, also as .csv: articles, measures,
                             attributions, sources, evidence, removed, failures,
                             files
      codebook.csv           every measure: meaning, unit, formula, source, and
                             how far to trust it
      datapackage.json       a Frictionless data package: columns, versions,
                             parameters, hashes, how to cite
      inputs.csv             SHA-256 of every input
      manifest.csv           SHA-256 of every file of the run
      failures/SLUG.txt      traceback of each notebook that failed, also if the
                             second attempt in a plain kernel succeeded
      coding/                sample, codes and estimates, if coded by hand
      run.log                what happened when; the only file with clock times

    The column id has the id exactly as a table or feed states it, or the name of the file without its ending; files
    with the same name are told apart by their folders (guardian/001, mail/001). SLUG is the id if every system
    accepts it as a file name; otherwise, and for ids with capitals, it ends in a tilde and a hash. The same id with
    the same text twice is one article; with another text the second one is listed as failed.

    \b
    Reading a CSV table exactly:
      Texts that begin like a formula have an apostrophe in front, except in
      columns marked "exact" in datapackage.json (ids, and texts that offsets
      point into). So open CSV in a spreadsheet only if you trust the articles;
      otherwise use presslab excel. Parquet has the same content unchanged.
        table = pandas.read_csv("reports/tables/articles.csv", dtype=str,
                                keep_default_na=False)
        table["title"] = table["title"].str.replace(
            r"^'(?='*[=+\\-@\\t\\r])", "", regex=True)

    A second call makes only what changed. However a run ends (Ctrl-C, a full disk, kill -9), no file is half written,
    and the same command resumes and ends with the same bytes. On another kind of processor the last decimals of the
    parser may differ. A report that you changed is kept as ID.kept.html and named in the output.

    Articles that are no longer among FILES leave the index and the tables and are counted in run.log; their reports
    stay in the folder, outside index and manifest, until --prune deletes them.

    \b
    A collection that grows, as a line of crontab -e:
      15 3 * * *  cd ~/news && curl -sfO https://example.org/feed.xml && presslab report feed.xml -o feed --add --quiet

    This adds each night what is new in a feed. Entries are identified by guid, otherwise by link. With --add the run
    keeps its articles, failures and inputs, even if they are no longer among FILES; if a text has changed, the newest
    version is in the run, and run.log names it. Entries of an export are identified by their position in it: give
    each export a name of its own. Options that differ from those of the run are rejected, because its articles could
    not be made again; articles of an earlier version of presslab are kept and counted. --add needs the folder
    .presslab and is rejected without it. presslab rerun then needs all inputs as they were.

    \b
    Thousands of articles:
      presslab report articles.parquet -o runs/may --jobs 8 --memory 4

    On a terminal a bar shows articles per second and the time left. Articles are streamed: memory use does not grow
    with their number. A file that hangs or needs too much memory is one line, and the others are read. An article
    that fails is tried once more in a plain kernel, then listed with cell, reason and traceback. Parses are cached in
    the user's cache folder (at most 1 GB).

    \b
    Several machines (pip install 'presslab[cluster]' and the same lock file
    on each; no shared disk is needed):
      dask scheduler
      dask worker tcp://SCHEDULER:8786 --nworkers 8 --nthreads 1
      presslab report articles.parquet -o runs/may --scheduler tcp://SCHEDULER:8786

    Each number is placed in usual news: by the articles bundled with presslab, or by your own with --yardstick
    (presslab yardstick --help). A changed file makes the reports again.

    Corrections in ARTICLE.corrections.yaml beside an article are applied: see presslab attributions --help.
    """
    from presslab.runs.articles import report_run
    from presslab.runs.job import Options

    frame_path = str(checked_frame(frames).resolve()) if frames else ""
    yardstick_path = str(checked_yardstick(yardstick).resolve()) if yardstick else ""
    options = Options(not no_clean, any_language, text, frame_path, yardstick=yardstick_path)
    with counting(quiet, files) as progress, ended_early():
        run = report_run(files, output, options, spread, progress, limits, add, prune)
    for failure in run.failures:
        complain(failure)
    if not quiet:
        for line in run.notes:
            click.echo(line)
        click.echo(f"{run.told}. Open {output / 'index.html'}")
    sys.exit(1 if run.failures else 0)


@click.command()
@FOLDER
@click.option("--inputs", multiple=True, help="Where the input files are now, if they were moved; can be repeated.")
@QUIET
@spread_options
def rerun(folder: Path, inputs: tuple[str, ...], spread: Spread, limits: Limits, quiet: bool) -> None:
    """Make a run again and compare every byte.

    The run is made from its inputs in a temporary folder; the run itself is not changed. Inputs that were moved are
    named with --inputs, and inputs that have changed are listed. Exit code 0: every file is the same; 1: some differ.

    \b
    Example:
      presslab rerun reports
    """
    from presslab.runs.compared import lines as told

    from .again import rerun as run_again

    with counting(quiet) as progress, ended_early():
        result = run_again(folder, inputs, spread, progress, limits)
    for line in told(result)[-1:] if quiet and result.same else told(result):
        click.echo(line, err=not result.same)
    sys.exit(0 if result.same else 1)


@click.command()
@FILES
@click.option("-o", "--output", type=click.Path(path_type=Path, file_okay=False), default=Path("reports"),
              show_default=True, help="Run folder: index.html, events, notebooks, tables, run.log.")  # fmt: skip
@click.option("--event", default="", help="A name for the event, if the files cover one event and no column names it.")
@click.option("--text", type=click.Choice(["full", "excerpts", "none"]), default="full", show_default=True,
              help=TEXT_HELP)  # fmt: skip
@FRAMES
@PEOPLE
@YARDSTICK
@click.option("--prune", is_flag=True, help="Delete reports of events that are no longer in the run.")
@spread_options
@shared_options
def compare(
    files: tuple[str, ...], output: Path, event: str, text: str, frames: str | None, people: str | None,
    yardstick: str | None, prune: bool, spread: Spread, limits: Limits, no_clean: bool, any_language: bool, quiet: bool,
) -> None:  # fmt: skip
    """Compare outlets on one event.

    Writes one HTML report per event (events/SLUG.html), an index of events, notebooks and tables: headlines side by
    side, who is heard by whom and in which order, sources that only one outlet hears, passages that several share,
    frames and loaded language with intervals, how the same actors are portrayed, distinctive words with their
    contexts, and how many comparisons were made.

    All FILES together are one event. A table with a column event is split by its values, one comparison for each; the
    column event_label is the event's name for readers.

    \b
    Examples:
      presslab compare seeds/bridge-*.txt -o reports/bridge \\
        --event "Ferry Bridge closed"
      presslab compare seeds/dock-strike.csv -o reports/events

    A file for --people joins names of sources or keeps them apart: see presslab corpus --help.

    Tables: events, heard, groups, types, measured, differences, passages, distinctive_words, actors, failures, files.
    """
    from presslab.comparison.run import compare_run
    from presslab.runs.job import Options

    frame_path = str(checked_frame(frames).resolve()) if frames else ""
    people_path = str(checked_people(people).resolve()) if people else ""
    yardstick_path = str(checked_yardstick(yardstick).resolve()) if yardstick else ""
    options = Options(not no_clean, any_language, text, frame_path, people_path, yardstick=yardstick_path)
    with counting(quiet) as progress, ended_early():
        run = compare_run(files, output, options, event, spread, progress, limits, prune)
    for failure in run.failures:
        complain(failure)
    if not run.made + run.kept:
        raise click.ClickException(
            "there is no event with two articles: name files on one event, or a table with a column event"
        )
    if not quiet:
        for line in run.notes:
            click.echo(line)
        click.echo(f"{run.told}. Open {output / 'index.html'}")
    sys.exit(1 if run.failures else 0)


@click.command("corpus")
@FILES
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path, file_okay=False),
              help="Folder of the report: index.html, figures, notebook, tables.")  # fmt: skip
@click.option("--title", default="", help="Title of the report; by default the name of the input.")
@FRAMES
@PEOPLE
@YARDSTICK
@click.option("--count-reprints", is_flag=True, help="Count every version of a story, not one version an outlet.")
@spread_options
@shared_options
def corpus_command(
    files: tuple[str, ...], output: Path, title: str, frames: str | None, people: str | None,
    yardstick: str | None, count_reprints: bool, spread: Spread, limits: Limits, no_clean: bool, any_language: bool,
    quiet: bool,
) -> None:  # fmt: skip
    """Report on a whole collection.

    One report on all articles of a run folder (then nothing is measured again) or of FILES: the outlets on each
    measure, which differences are more than chance, time lines by day, week or month, who is heard across all
    articles, in which roles, how often women and how often unnamed sources, frames, articles that report the same
    story, and a paragraph for a methods section.

    \b
    Examples:
      presslab corpus reports -o reports/collection
      presslab corpus articles.parquet -o collection --title "Spring campaign"
      presslab corpus reports -o reports/collection --people people.yaml

    Each figure is also in figures/ as SVG and PNG (180 mm wide, 300 dpi) with its n; its numbers are in the report
    and in tables/. Every interval is over events (bootstrap-t); below 10 events there is no interval. How often the
    intervals contain the true value is measured on 840 real articles and stated in the report.

    Articles of nearly the same words (reprints, agency copy) are one story. It counts once in an outlet, by the version
    that came first there, and once in the whole collection; --count-reprints counts every version. Articles on the same
    event, told by shared rare words and by date, are one cluster: they are drawn together and never taken for
    independent. Outlets that report the same events are compared within these. Two outlets are one comparison; of three
    or more each is compared with all others together. A difference is called clear if it is more than chance after
    all comparisons are counted. Of a run made with --text none or excerpts neither stories nor events can be told: it
    has no intervals and no tests.

    The same person has one name: Obama, Barack H. Obama and President Obama are Barack Obama; Hillary Rodham Clinton is
    Hillary Clinton. A surname that two people of the collection have is joined to one of them only if Mr. or Mrs., an
    office or the full name in the same article leaves no other; George Bush stays apart if George W. Bush and George
    H. W. Bush are there too. Two people of exactly the same name can't be told apart. The report and the table names
    list each spelling with its articles. A run made with --text none or excerpts has no titles and offices: more
    surnames stay apart.

    \b
    What a file for --people can contain:
      - Barack Obama: [Obama, the president]   # spellings of one name
      - Beyoncé: [Beyoncé Knowles]
      - apart: [Mike Flynn, Michael Flynn]     # never joined with each other

    The file comes before presslab's own reading. Give names as the report shows them; titles, dots, accents and
    capitals don't count. Names in the file that no article has are listed in the report. A changed file makes the
    report again.
    """
    from presslab.collecting.run import corpus_run
    from presslab.reading.article import ArticleError
    from presslab.runs.job import Options

    frame_path = str(checked_frame(frames).resolve()) if frames else ""
    people_path = str(checked_people(people).resolve()) if people else ""
    yardstick_path = str(checked_yardstick(yardstick).resolve()) if yardstick else ""
    options = Options(not no_clean, any_language, "none", frame_path, people_path, count_reprints, yardstick_path)
    with counting(quiet, files) as progress, ended_early():
        try:
            collection = corpus_run(files, output, options, title, spread, progress, limits)
        except ArticleError as error:
            raise click.ClickException(str(error)) from error
    for file, reason in collection.left_out:
        complain(Failure("", file, reason))
    if not quiet:
        click.echo(
            f"{many(len(collection.articles), 'article')}, {len(collection.left_out)} left out. Open"
            f" {output / 'index.html'}"
        )
    sys.exit(1 if collection.left_out else 0)


@click.command("serve")
@FOLDER
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True,
              help="Port to listen on; 0 takes any free one.")  # fmt: skip
@click.option("--host", default="127.0.0.1", show_default=True,
              help="Address to listen on; any other than the default lets other machines read the run.")  # fmt: skip
def serve_command(folder: Path, port: int, host: str) -> None:
    """Show a run folder in the browser.

    The run can be read but not changed, and only from this machine unless --host says otherwise. Ctrl-C ends it.

    \b
    Example:
      presslab serve reports
    """
    from presslab.runs.serve import server

    with ended_early():
        serving = server(folder, host, port)
    address = f"http://{host}:{serving.server_address[1]}"
    with serving:
        try:
            # said only once the loop hears Ctrl-C: pressed while asyncio sets up, it left a traceback
            serving.serve_forever(lambda: click.echo(f"{folder} is at {address} (Ctrl-C ends it)"))
        except KeyboardInterrupt:
            click.echo()
