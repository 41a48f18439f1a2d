"""The command that makes a run fit to be given away."""

from __future__ import annotations

from pathlib import Path

import click

from .shared import FOLDER, FORCE, QUIET, check_output, counting, ended_early, spread_options


@click.command("share")
@FOLDER
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The zip to write.")
@click.option("--text", type=click.Choice(["none", "excerpts"]), default="none", show_default=True,
              help="How much of the articles' text the zip holds, as in presslab report.")  # fmt: skip
@click.option("--inputs", multiple=True, help="Where the input files are now, if they were moved; may be given several times.")
@FORCE
@QUIET
@spread_options
def share_command(folder, output, text, inputs, force, spread, limits, quiet) -> None:
    """A finished run as a zip to give away, without its articles' text.

    A run that was made with more text is made again from its inputs. What isn't the run's, or was changed since, is left out
    and named; so are run.log and what the run remembers of this machine.

    \b
    Examples:
      presslab share reports -o reports.zip
      presslab share reports -o reports.zip --text excerpts
    """
    from .zipped import share

    check_output(output, (".zip",), force, inputs)
    with counting(quiet) as progress, ended_early():
        told = share(folder, output, text, inputs, spread, progress, limits)
    if not quiet:
        click.echo("\n".join(told))
