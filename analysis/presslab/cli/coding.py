"""Commands for codes that people give: draw a sample, hold coders against each other, measures against codes."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path

import click

from .shared import EXISTING, QUIET, ended_early

RUN_FOLDER = click.argument("run", type=EXISTING)
CODING = click.argument("coding", type=EXISTING)


@click.command()
@RUN_FOLDER
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
    from presslab.coding.prepare import prepare

    with coding_errors():
        made = prepare(run, output, drawn, fields(by), coders, overlap, seed, codebook, show_outlet)
    if not quiet:
        click.echo("\n".join(made))


@click.command()
@CODING
@QUIET
def agree(coding, quiet) -> None:
    """How far the coders of a sample agree: Krippendorff's alpha for each question, and where they differ.

    Writes agreement.html, agreement.json and disagreements.csv into the folder. agreed.csv there holds what was settled
    after discussion (id, question, value): disagreements.csv with its column value filled in.

    \b
    Example:
      presslab agree coding
    """
    from presslab.coding.commands import agree as agree_on

    with coding_errors():
        told = agree_on(coding)
    if not quiet:
        click.echo("\n".join(told))


@click.command()
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
    from presslab.runs.articles import refreshed
    from presslab.coding.commands import validate as hold_against

    with coding_errors():
        told = hold_against(run, coding)
        told.append(refreshed(run))
    if not quiet:
        click.echo("\n".join(told))


@click.command()
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
    from presslab.runs.articles import refreshed
    from presslab.coding.commands import estimate as estimate_of

    with coding_errors():
        told = estimate_of(run, coding, fields(by))
        told.append(refreshed(run))
    if not quiet:
        click.echo("\n".join(told))


def fields(by: str) -> list[str]:
    """The names in a list with commas."""
    return [name.strip() for name in by.split(",") if name.strip()]


@contextmanager
def coding_errors():
    """What is wrong with a run, a codebook, a sample or codes, in one line."""
    from presslab.coding import CodingError

    try:
        with ended_early():
            yield
    except CodingError as error:
        raise click.ClickException(str(error)) from error
