"""The command that makes a user's own usual news."""

from __future__ import annotations

from pathlib import Path

import click

from presslab.reporting.wording import many

from .shared import EXISTING, FORCE, QUIET, check_output, ended_early


@click.command("yardstick")
@click.argument("runs", nargs=-1, required=True, type=EXISTING)
@click.option(
    "-o", "--output", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The .json file to write."
)
@FORCE
@QUIET
def yardstick_command(runs: tuple[Path, ...], output: Path, force: bool, quiet: bool) -> None:
    """Make your own yardstick of usual news.

    Reports place each number among usual news: "higher than in 83 % of usual news". By default that is the news
    bundled with presslab; a yardstick from RUNS (folders of presslab report) takes its place with the option
    --yardstick of report, compare, corpus and measure. The file has numbers only: quantiles of each measure, by the
    length of articles if that matters, also of user-defined frames.

    \b
    Examples:
      presslab report archive/ -o runs/archive
      presslab yardstick runs/archive -o local.json
      presslab report today/ -o runs/today --yardstick local.json

    Each story counts once, in whichever run it is, by the version that was published first. Runs made with --text none
    or excerpts only show that two texts are identical. At least 100 articles are needed, and 500 or more are better; a
    number that fewer than 100 articles have gets no place. The values of the five generic frames do not change: they
    are ranks in the bundled news, so that they can be compared across runs.
    """
    from presslab.collecting.yardstick import ENOUGH, yardstick
    from presslab.measures.usual import YardstickError, as_json
    from presslab.reading.article import ArticleError
    from presslab.system.files import drafted
    from presslab.system.outputs import apart, publish

    check_output(output, (".json",), force)
    with ended_early():
        apart(output, runs, [], folder=False)
        try:
            made = yardstick(runs)
        except (ArticleError, YardstickError) as error:
            raise click.ClickException(str(error)) from error
        output.parent.mkdir(parents=True, exist_ok=True)
        partial, *_ = drafted(output, [as_json(made)])
        publish(partial, output)
    articles = made.about["articles"]
    if articles < ENOUGH:
        click.echo(
            f"presslab: {many(articles, 'article')} are few: places are rough, {ENOUGH} or more are better", err=True
        )
    if not quiet:
        click.echo(f"{many(articles, 'article')}, {many(len(made.quantiles), 'number')}: {output}")
