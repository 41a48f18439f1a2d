"""Commands for frames: try user-defined ones, calibrate values by codes."""

from __future__ import annotations

from pathlib import Path
import sys
from typing import TYPE_CHECKING

import click

from presslab.reading.article import Failure
from presslab.reading.read import read

from .coding import CODING, RUN_FOLDER, coding_errors
from .shared import QUIET, complain, limits_options, shared_options

if TYPE_CHECKING:
    from presslab.system.parallel import Limits


@click.group()
def frames() -> None:
    """Try user-defined frames, calibrate values.

    A user-defined frame is a list of words in a YAML file, measured like the built-in frames.

    \b
    Examples:
      presslab frames check seeds/frames/war_peace.yaml --on seeds
      presslab frames calibrate reports coding -o calibration
    """


@frames.command()
@click.argument("frame", type=click.Path(exists=True, dir_okay=False))
@click.option("--on", "files", multiple=True, required=True, help="Articles to try the frames on; can be repeated.")
@limits_options
@shared_options
def check(frame: str, files: tuple[str, ...], limits: Limits, no_clean: bool, any_language: bool, quiet: bool) -> None:
    """List what the terms of a frame match.

    Shows for each term of a frame file how often it matches, which words it matches, and which terms never match.

    \b
    Example:
      presslab frames check seeds/frames/war_peace.yaml --on seeds

    \b
    A term is
      a word as written                 airstrike
      a phrase                          front line
      a beginning                       escalat*
      a word in all its forms           invade/VERB
      one word or the other             his|her mother|father
      a number, or a part of speech     £ */NUM
      a kind of name                    <PERSON> (ORG, GPE, NORP, ACTOR)
    and may have contexts that block it (unless) or that its sentence must have (needs).

    seeds/frames/war_peace.yaml is a sample with two frames and explains each field. A file can have several frames,
    divided by lines with three hyphens. Use it with the option --frames of report, measure, compare and corpus.
    """
    from presslab.measures.framing import LexiconError, check as check_frame, load_frames
    from presslab.parsing.document import parse

    try:
        all_frames = load_frames(frame)
    except LexiconError as error:
        raise click.ClickException(str(error)) from error
    failures = 0
    documents = []
    for item in read(files, clean=not no_clean, any_language=any_language, limits=limits):
        if isinstance(item, Failure):
            failures += 1
            complain(item)
        else:
            documents.append(parse(item))
    for one in all_frames:
        click.echo(
            f"{one.label} ({one.name}), {len(one.terms.terms)} terms" if len(all_frames) > 1 else "",
            nl=len(all_frames) > 1,
        )
        click.echo(check_frame(one, documents).to_string(index=False))
    sys.exit(1 if failures else 0)


@frames.command()
@RUN_FOLDER
@CODING
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("calibration"),
    show_default=True,
    help="Folder for the page and the tables, outside of the run and the codes.",
)
@QUIET
def calibrate(run: Path, coding: Path, output: Path, quiet: bool) -> None:
    """Turn frame values into shares coders see.

    A frame's value counts words. From some hundred coded articles of a run (presslab sample, then the files that
    coders hand in), this computes for each frame that coders were asked about, user-defined ones too, in what share of
    articles with such a value coders see the frame. Run and codes are only read.

    \b
    Examples:
      presslab sample reports -n 200 --coders 2 --overlap 50 -o coding
      presslab frames calibrate reports coding -o calibration

    \b
    Writes into the output folder
      index.html        reliability before and after, validity, warnings
      calibrated.csv    one row per article and frame: value, share with
                        its 95 % interval, coded articles with such a value
      calibration.json  the curves and all figures

    Shares come from logistic regression with the weights of the sample; what is said of their quality is
    cross-validated, with all articles on one story in one fold. A frame is not calibrated if fewer
    than 10 coded articles have it or lack it, or if its words do not tell articles with the frame from others beyond
    chance (the interval of the area under the ROC curve includes .5, or Holm's test of all frames together fails).
    With fewer than 20 coded articles nothing is written; below 100, or if coded articles read unlike the rest of the
    run, there is a warning. A run that grew since (presslab report --add) can be used.
    """
    from presslab.coding.commands import calibrate as calibrate_by

    with coding_errors():
        lines = calibrate_by(run, coding, output)
    if not quiet:
        click.echo("\n".join(lines))
