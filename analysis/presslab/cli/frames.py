"""Commands for user-defined frames."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from presslab.reading.article import Failure
from presslab.reading.read import read

from .shared import complain, limits_options, shared_options

if TYPE_CHECKING:
    from presslab.system.parallel import Limits


@click.group()
def frames() -> None:
    """Work with user-defined frames.

    A frame is a list of words in a YAML file, measured like the built-in frames.

    \b
    Example:
      presslab frames check seeds/frames/war_peace.yaml --on seeds
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
