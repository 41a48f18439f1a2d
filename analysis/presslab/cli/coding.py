"""Commands for codes that people give: draw a sample, compare coders with each other, measures against codes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from .shared import EXISTING, QUIET, ended_early

RUN_FOLDER = click.argument("run", type=EXISTING)
CODING = click.argument("coding", type=EXISTING)


@click.command()
@RUN_FOLDER
@click.option("-n", "drawn", type=click.IntRange(4), default=60, show_default=True, help="Number of articles to draw.")
@click.option(
    "--by",
    default="",
    metavar="FIELDS",
    help="Fields that define the strata, separated by commas: outlet, month, year, section, agency, language.",
)
@click.option("--coders", type=click.IntRange(1, 20), default=1, show_default=True, help="Number of coders.")
@click.option("--overlap", type=click.IntRange(0), default=0, show_default=True,
              help="Number of articles that every coder codes.")  # fmt: skip
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True,
              help="Random seed: another seed draws another sample.")  # fmt: skip
@click.option(
    "--codebook",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    default=None,
    help="A user-defined codebook (YAML); by default the questions come from the cards of the measures.",
)
@click.option("--show-outlet", is_flag=True, help="Show coders the outlet and the date; by default they code blind.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("coding"),
    show_default=True,
    help="Folder for the sample, the codebook, forms and sheets, and later for the codes.",
)
@QUIET
def sample(
    run: Path, drawn: int, by: str, coders: int, overlap: int, seed: int, codebook: Path | None, show_outlet: bool,
    output: Path, quiet: bool,
) -> None:  # fmt: skip
    """Draw a sample of articles to code by hand.

    The sample is stratified and seeded. Neighbouring months are joined until each stratum has two articles;
    sample.csv records how likely each article was to be drawn.

    \b
    Examples:
      presslab sample reports -n 60 --by outlet,month \\
        --coders 2 --overlap 20 -o coding
      presslab sample reports -n 12 --codebook mine.yaml

    codebook.yaml has the questions, made from the cards of the measures; --codebook takes a user-defined one, and a
    mistake in it is reported with file and line. Coders see no scores and, without --show-outlet, neither outlet nor
    date.

    Each coder gets one HTML form that needs only a browser: keys 1-9 answer, j and k go to the next and the previous
    question, marked words get a letter, u undoes. The browser keeps the answers; the exported file is what a coder
    hands in. An Excel sheet has the same questions, but words can't be marked in it. Put the files handed in into the
    folder, then run presslab agree, presslab validate and presslab estimate.
    """
    from presslab.coding.prepare import prepare

    with coding_errors():
        lines = prepare(run, output, drawn, fields(by), coders, overlap, seed, codebook, show_outlet)
    if not quiet:
        click.echo("\n".join(lines))


@click.command()
@CODING
@QUIET
def agree(coding: Path, quiet: bool) -> None:
    """Compute how far coders agree.

    Computes Krippendorff's alpha for each question by its scale, with a bootstrap interval, for marked words too.
    Writes agreement.html, agreement.json and disagreements.csv into the folder. To record what the coders agreed on
    after discussion, fill in the column value of disagreements.csv and save it as agreed.csv (id, question, value).

    \b
    Example:
      presslab agree coding
    """
    from presslab.coding.commands import agree as agree_on

    with coding_errors():
        lines = agree_on(coding)
    if not quiet:
        click.echo("\n".join(lines))


@click.command()
@RUN_FOLDER
@CODING
@QUIET
def validate(run: Path, coding: Path, quiet: bool) -> None:
    """Check each measure against human codes.

    Reports how well each measure agrees with the codes of the run's sample, where it is off and where it fails.
    Writes coding/validity.html into the run; its reports then show these results instead of the general ones. No
    notebook is run for that, and presslab rerun gives the same bytes with them. The codes are copied to the folder
    coding of the run, and its index lists them beside the corrections of single articles.

    \b
    Example:
      presslab validate reports coding
    """
    from presslab.coding.commands import validate as hold_against
    from presslab.runs.articles import refreshed

    with coding_errors():
        lines = hold_against(run, coding)
        lines.append(refreshed(run))
    if not quiet:
        click.echo("\n".join(lines))


@click.command()
@RUN_FOLDER
@CODING
@click.option("--by", default="", metavar="FIELDS",
              help="Groups to compare, separated by commas; by default those of the sample.")  # fmt: skip
@click.option("--coder-error", type=click.FloatRange(0, 0.4), default=None, metavar="SHARE",
              help="Share of answers to yes-or-no questions that are wrong, such as 0.05; by default it is computed"
                   " from the articles that two coders coded.")  # fmt: skip
@QUIET
def estimate(run: Path, coding: Path, by: str, coder_error: float | None, quiet: bool) -> None:
    """Estimate averages, corrected by codes.

    Estimates means, shares, differences and trends of all articles of a run by prediction-powered inference
    (Angelopoulos et al. 2023): all scores, corrected by the codes of the sample with its weights. Writes
    coding/estimates.html and estimates.csv into the run, with the estimates from the sample alone and from the scores
    alone for comparison. Needs pip install 'presslab[estimates]'.

    \b
    Examples:
      presslab estimate reports coding
      presslab estimate reports coding --by outlet
      presslab estimate reports coding --coder-error 0.05

    Groups with fewer than ten coded articles have no estimate; an answer that fewer than five coded articles have is
    counted and not estimated. The intervals apply to this collection, not to other articles. They take the codes as
    right; if ten articles were coded twice, or with --coder-error, yes-or-no questions also have an estimate without
    coder error, which assumes that yes and no are wrong equally often. --coder-error 0 leaves it out.
    """
    from presslab.coding.commands import estimate as estimate_of
    from presslab.runs.articles import refreshed

    with coding_errors():
        lines = estimate_of(run, coding, fields(by), coder_error)
        lines.append(refreshed(run))
    if not quiet:
        click.echo("\n".join(lines))


def fields(by: str) -> list[str]:
    """Return the names in a list with commas."""
    return [name.strip() for name in by.split(",") if name.strip()]


@contextmanager
def coding_errors() -> Iterator[None]:
    """Report what is wrong with a run, a codebook, a sample or codes in one line."""
    from presslab.coding import CodingError

    try:
        with ended_early():
            yield
    except CodingError as error:
        raise click.ClickException(str(error)) from error
