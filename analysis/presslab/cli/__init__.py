"""The `presslab` command: thin doors to the same functions that notebooks call."""

from __future__ import annotations

import os
from typing import Any

import click

from presslab import __version__
from presslab.parsing import cache
from presslab.system import terminal
from presslab.system.own import namesake
from . import coding, frames, reports, rows, share
from .shared import ended_early


class _Commands(click.Group):
    """All commands: they print nothing but visible text, and whatever ends one before its time is one line."""

    def main(self, *arguments: Any, **options: Any) -> Any:
        """Run a command."""
        terminal.guard()
        return super().main(*arguments, **options)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            with ended_early():
                return super().invoke(ctx)
        except click.ClickException as error:
            error.message = terminal.line(error.message)
            raise


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="presslab")
def main() -> None:
    """Measure news articles: readability, who is heard, framing. Every number with its evidence and interval.

    FILES are files (.txt, .md, .html), folders, globs, tables (.csv, .jsonl, .parquet, .xlsx) with one article a row
    (columns id and text; title, outlet, published, byline, section, url where there are), and exports: `presslab read
    --help` says which.

    \b
    Examples:
      presslab report seeds -o reports
      presslab measure 'articles/*.txt' -o measures.csv

    Exit codes: 0 all done, 1 some articles failed (listed), 2 usage error.
    """
    if other := namesake():
        click.echo(f"presslab: {other}", err=True)
    os.environ.setdefault("JUPYTER_PLATFORM_DIRS", "1")
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ[name] = "1"  # every article has a process; threads within would change the last bits of numbers
    os.environ |= {"ARROW_DEFAULT_MEMORY_POOL": "system", "JE_ARROW_MALLOC_CONF": "background_thread:false"}  # a thread hinders forks
    if reason := cache.trouble():
        click.echo(f"presslab: {reason}", err=True)
        os.environ[cache.PARSES] = "off"


@main.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell) -> None:
    """The script that completes presslab's commands, options and files in a shell.

    \b
    Examples:
      eval "$(presslab completion bash)"            # in ~/.bashrc
      presslab completion fish > ~/.config/fish/completions/presslab.fish
    """
    from click.shell_completion import get_completion_class

    click.echo(get_completion_class(shell)(main, {}, "presslab", "_PRESSLAB_COMPLETE").source())


for command in (
    reports.report, reports.rerun, share.share_command, reports.compare, reports.corpus_command, rows.measure, rows.attributions, rows.clean, rows.read_command,
    rows.excel, reports.serve_command, coding.sample, coding.agree, coding.validate, coding.estimate, frames.frames,
):  # fmt: skip
    main.add_command(command)
