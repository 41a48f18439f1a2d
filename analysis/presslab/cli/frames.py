"""Commands for frames of one's own."""

from __future__ import annotations

import sys

import click

from presslab.reading.article import Failure
from presslab.reading.read import read
from .shared import complain, limits_options, shared_options


@click.group()
def frames() -> None:
    """Frames of your own: word lists in YAML, measured like the built-in ones."""


@frames.command()
@click.argument("frame", type=click.Path(exists=True, dir_okay=False))
@click.option("--on", "files", multiple=True, required=True, help="Articles to try it on; may be given several times.")
@limits_options
@shared_options
def check(frame, files, limits, no_clean, any_language, quiet) -> None:
    """What each term of a frame file matches, how often, and which terms never do.

    \b
    Example:
      presslab frames check seeds/frames/war_peace.yaml --on seeds
    """
    from presslab.parsing.document import parse
    from presslab.measures.framing import LexiconError, check as check_frame, load_frames

    try:
        known = load_frames(frame)
    except LexiconError as error:
        raise click.ClickException(str(error)) from error
    failed = 0
    documents = []
    for item in read(files, clean=not no_clean, any_language=any_language, limits=limits):
        if isinstance(item, Failure):
            failed += 1
            complain(item)
        else:
            documents.append(parse(item))
    for one in known:
        click.echo(f"{one.label} ({one.name}), {len(one.terms.terms)} terms" if len(known) > 1 else "", nl=len(known) > 1)
        click.echo(check_frame(one, documents).to_string(index=False))
    sys.exit(1 if failed else 0)
