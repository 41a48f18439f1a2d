"""The `presslab` command: thin doors to the same functions that notebooks call."""

from __future__ import annotations

import os
from typing import Any, Literal

import click

from presslab import __version__
from presslab.parsing import cache
from presslab.system import allowance, terminal
from presslab.system.own import FOLDERS, SINGLE, namesake

from . import coding, frames, reports, rows, share, yardstick
from .shared import ended_early


class _Commands(click.Group):
    """All commands: they print nothing but visible text, and whatever ends one before its time is one line."""

    def main(self, *arguments: Any, **options: Any) -> Any:
        """Run a command."""
        terminal.guard()
        return super().main(*arguments, **options)

    def make_context(self, *arguments: Any, **options: Any) -> click.Context:
        """Read the words of a command; Ctrl-C is the same one line here."""
        with ended_early():
            return super().make_context(*arguments, **options)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            with ended_early():
                return super().invoke(ctx)
        except click.ClickException as error:
            error.message = terminal.line(error.message)  # type: ignore[misc]  # said to be final; nobody else has it
            raise


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="presslab")
def main() -> None:
    """Measure news articles: readability, who is heard, framing. Every number comes with its evidence and interval.

    FILES are text files in any encoding (.txt, .md), saved pages (.html), folders, globs, tables (.csv, .jsonl,
    .parquet, .xlsx) with one article per row, and exports of newspaper databases (presslab read --help lists them). A
    table needs the columns id and text; title, outlet, published, byline, section and url are used if present. A
    single hyphen reads standard input, and a named pipe is read like a file.

    \b
    Examples:
      presslab report seeds -o reports
      presslab measure 'articles/*.txt' -o measures.csv

    \b
    Where to look:
      corrections to one article               presslab attributions --help
      formats of exports                       presslab read --help
      folders, growing and large collections   presslab report --help
      runs without the articles' text          presslab share --help

    Files that presslab did not write are never changed or deleted. A folder for output must be new, empty, an earlier
    run of the same kind, or free of the names that presslab writes; otherwise the command ends with exit code 2 and
    lists what is in the way. Commands that write one file replace it only if they wrote it themselves (its SHA-256 is
    kept in the cache folder) or with --force. No output may be an input; folders that presslab made are skipped among
    the inputs.

    \b
    Environment variables:
      PRESSLAB_CACHE     folder for cached parses; "off" caches nothing
      PRESSLAB_CACHE_MB  size of the cache (1024)
      PRESSLAB_FORK      0 starts a kernel for each notebook instead of forking one
      PRESSLAB_MEMORY    bytes of memory that a kernel may use

    Exit codes: 0 all done, 1 some articles failed (each is listed), 2 usage error.
    """
    if other := namesake():
        click.echo(f"presslab: {other}", err=True)
    os.environ.setdefault(FOLDERS, "1")
    os.environ |= SINGLE
    if short := allowance.too_little():
        raise click.ClickException(short)
    if reason := cache.trouble():
        click.echo(f"presslab: {reason}", err=True)
        os.environ[cache.PARSES] = "off"


@main.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: Literal["bash", "zsh", "fish"]) -> None:
    """Print the script for shell completion.

    With it the Tab key completes commands, options and files.

    \b
    Examples:
      eval "$(presslab completion bash)"            # in ~/.bashrc
      presslab completion fish > ~/.config/fish/completions/presslab.fish
    """
    from click.shell_completion import get_completion_class

    click.echo(get_completion_class(shell)(main, {}, "presslab", "_PRESSLAB_COMPLETE").source())


for command in (
    reports.report,
    reports.rerun,
    share.share_command,
    reports.compare,
    reports.corpus_command,
    rows.measure,
    rows.attributions,
    rows.clean,
    rows.read_command,
    rows.excel,
    reports.serve_command,
    coding.sample,
    coding.agree,
    coding.validate,
    coding.estimate,
    frames.frames,
    yardstick.yardstick_command,
):
    main.add_command(command)
