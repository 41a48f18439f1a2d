"""Commands that make reports, make them again, and show them."""

from __future__ import annotations

from pathlib import Path
import sys

import click

from presslab.reading.article import Failure
from .shared import FILES, FOLDER, QUIET, checked_frame, complain, counting, ended_early, shared_options, spread_options

TEXT_HELP = (
    "How much of the articles' text the run holds, in pages, notebooks and tables: all; the beginning of each paragraph, on pages (at most "
    "25 words and a fourth of it); or no stretch of text, only names of sources up to seven words and terms up to three."
)


@click.command()
@FILES
@click.option("-o", "--output", type=click.Path(path_type=Path, file_okay=False), default=Path("reports"),
              show_default=True, help="Run folder: index.html, articles, notebooks, tables, run.log.")  # fmt: skip
@click.option("--text", type=click.Choice(["full", "excerpts", "none"]), default="full", show_default=True,
              help=TEXT_HELP)  # fmt: skip
@click.option("--frames", type=click.Path(exists=True, dir_okay=False), default=None, help="A frame file of your own (YAML).")
@click.option("--add", is_flag=True, help="Keep what the run has and add what is new; without it a run has what FILES hold.")
@click.option("--prune", is_flag=True, help="Delete reports of articles that are no longer in the run.")
@spread_options
@shared_options
def report(files, output, text, frames, add, prune, spread, limits, no_clean, any_language, quiet) -> None:
    """One HTML report an article, an index, the executed notebooks and the tables.

    A second call makes only what changed. Articles that are no longer among FILES leave the index and the tables; their
    reports stay until --prune.

    \b
    Examples:
      presslab report story.txt
      presslab report articles.csv 'more/*.html' -o reports/may --jobs 2
      presslab report feed.xml -o reports/feed --add
    """
    from presslab.runs.articles import report_run
    from presslab.runs.job import Options

    options = Options(not no_clean, any_language, text, str(checked_frame(frames).resolve()) if frames else "")
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
@click.option("--inputs", multiple=True, help="Where the input files are now, if they were moved; may be given several times.")
@QUIET
@spread_options
def rerun(folder, inputs, spread, limits, quiet) -> None:
    """Make a run again from its inputs, elsewhere, and say whether every file came out with the same bytes.

    Exit code 0: the same; 1: not.

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
@click.option("--event", default="", help="A name for the event, where the files tell one and no column says which.")
@click.option("--text", type=click.Choice(["full", "excerpts", "none"]), default="full", show_default=True,
              help=TEXT_HELP)  # fmt: skip
@click.option("--frames", type=click.Path(exists=True, dir_okay=False), default=None, help="A frame file of your own (YAML).")
@click.option("--prune", is_flag=True, help="Delete reports of events that are no longer in the run.")
@spread_options
@shared_options
def compare(files, output, event, text, frames, prune, spread, limits, no_clean, any_language, quiet) -> None:
    """One event seen through several outlets: one HTML report an event, an index of events, tables.

    All FILES are one event; a table with a column event has one for each value of it (event_label: its name for readers).

    \b
    Examples:
      presslab compare seeds/bridge-*.txt -o reports/bridge --event "Ferry Bridge closed"
      presslab compare articles.jsonl -o reports/events
    """
    from presslab.runs.job import Options
    from presslab.comparison.run import compare_run

    own = str(checked_frame(frames).resolve()) if frames else ""
    options = Options(not no_clean, any_language, text, own)
    with counting(quiet) as progress, ended_early():
        run = compare_run(files, output, options, event, spread, progress, limits, prune)
    for failure in run.failures:
        complain(failure)
    if not run.made + run.kept:
        raise click.ClickException("there is no event with two articles: name files that tell one event, or a table with a column event")
    if not quiet:
        for line in run.notes:
            click.echo(line)
        click.echo(f"{run.told}. Open {output / 'index.html'}")
    sys.exit(1 if run.failures else 0)


@click.command("corpus")
@FILES
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path, file_okay=False),
              help="Folder of the report: index.html, figures, notebook, tables.")  # fmt: skip
@click.option("--title", default="", help="The report's title; else the input's name.")
@click.option("--frames", type=click.Path(exists=True, dir_okay=False), default=None, help="A frame file of your own (YAML).")
@spread_options
@shared_options
def corpus_command(files, output, title, frames, spread, limits, no_clean, any_language, quiet) -> None:
    """One report on a whole collection: outlets, time, who is heard, frames, with intervals over articles.

    FILES may be the folder of a run: then nothing is measured again.

    \b
    Examples:
      presslab corpus reports -o reports/collection
      presslab corpus articles.parquet -o collection --title "Spring campaign"
    """
    from presslab.reading.article import ArticleError
    from presslab.runs.job import Options
    from presslab.collecting.run import corpus_run

    options = Options(not no_clean, any_language, "none", str(checked_frame(frames).resolve()) if frames else "")
    with counting(quiet, files) as progress, ended_early():
        try:
            found = corpus_run(files, output, options, title, spread, progress, limits)
        except ArticleError as error:
            raise click.ClickException(str(error)) from error
    for file, reason in found.left_out:
        complain(Failure("", file, reason))
    if not quiet:
        click.echo(f"{len(found.articles):,} articles, {len(found.left_out)} left out. Open {output / 'index.html'}")
    sys.exit(1 if found.left_out else 0)


@click.command("serve")
@FOLDER
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0 takes any free one.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Another address lets other machines look at the run.")
def serve_command(folder, port, host) -> None:
    """A run folder in the browser: read only, for this machine alone, until Ctrl-C.

    \b
    Example:
      presslab serve reports
    """
    from presslab.runs.serve import server

    with ended_early():
        serving = server(folder, host, port)
    with serving:
        try:
            click.echo(f"{folder} is at http://{host}:{serving.server_address[1]} (Ctrl-C ends it)")
            serving.serve_forever()
        except KeyboardInterrupt:
            click.echo()
