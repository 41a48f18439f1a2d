"""The command that makes a run fit to be given away."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from .shared import FOLDER, FORCE, QUIET, check_output, counting, ended_early, spread_options

if TYPE_CHECKING:
    from presslab.system.parallel import Limits, Spread


@click.command("share")
@FOLDER
@click.option(
    "-o", "--output", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The zip to write."
)
@click.option("--text", type=click.Choice(["none", "excerpts"]), default="none", show_default=True,
              help="How much of the articles' text the zip contains.")  # fmt: skip
@click.option("--inputs", multiple=True, help="Where the input files are now, if they were moved; can be repeated.")
@FORCE
@QUIET
@spread_options
def share_command(
    folder: Path, output: Path, text: str, inputs: tuple[str, ...], force: bool, spread: Spread, limits: Limits,
    quiet: bool,
) -> None:  # fmt: skip
    """Pack a run into a zip without its text.

    A run that was made with more text is made again from its inputs; inputs that have changed are rejected. Files
    that are not part of the run or were changed by hand are left out and named. run.log and .presslab are left out
    too. Of coding/ the zip has the sample, codes, offsets of marks, comments and figures.

    \b
    Examples:
      presslab share reports -o reports.zip
      presslab share reports -o reports.zip --text excerpts

    \b
    The same levels for a new run:
      presslab report articles.parquet -o runs/may --text none

    With --text none no file of the run (pages, notebooks, tables, coding, cached state) has eight consecutive words
    of an article's body. It contains titles and other descriptions of articles, numbers, offsets, the SHA-256 of each
    text (text_sha256), names of sources (cut at seven words) and counted terms of up to three words in alphabetical
    order: anyone who has the articles can restore the rest. Columns of text are empty. Headlines, bylines, coders'
    comments and codebooks are shown as they are.

    With --text excerpts pages also show the beginning of each paragraph: at most 25 words, and no more than a quarter
    of it. Reports on collections never contain more than "none".

    What needs the texts reports that they are missing: presslab sample and exploring reject such a run, and presslab
    corpus does not look for repeated stories in it. presslab validate, estimate and rerun work.
    """
    from presslab.runs.finished import is_run
    from presslab.system.outputs import apart

    from .zipped import share

    runs = [i for i in inputs if is_run(i)]  # a collection is made of one, of its tables
    check_output(output, (".zip",), force, [i for i in inputs if i not in runs])
    with ended_early():
        apart(output, runs, [], folder=False)
    with counting(quiet) as progress, ended_early():
        lines = share(folder, output, text, inputs, spread, progress, limits)
    if not quiet:
        click.echo("\n".join(lines))
