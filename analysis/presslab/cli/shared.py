"""What the commands have in common: options, progress, and errors in one line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from functools import lru_cache, partial, wraps
import os
from pathlib import Path
import sys
from typing import IO, TYPE_CHECKING, Any

import click

from presslab.reading.article import Failure
from presslab.system import terminal

if TYPE_CHECKING:
    from tqdm import tqdm

FILES = click.argument("files", nargs=-1, required=True, type=click.Path(path_type=str))
EXISTING = click.Path(path_type=Path, exists=True, file_okay=False)
FOLDER = click.argument("folder", type=EXISTING)
FRAMES = click.option(
    "--frames",
    type=click.Path(exists=True, dir_okay=False),
    default=None,
    help="Add the user-defined frames of a YAML file; presslab frames check --help describes it.",
)
PEOPLE = click.option(
    "--people",
    type=click.Path(exists=True, dir_okay=False),
    default=None,
    help="Join names under one, or keep them apart, as a YAML file says; presslab corpus --help describes it.",
)
YARDSTICK = click.option(
    "--yardstick",
    type=click.Path(exists=True, dir_okay=False),
    default=None,
    help="Call other articles usual news, by a file of presslab yardstick; without it those bundled with presslab.",
)
NO_CLEAN = click.option(
    "--no-clean", is_flag=True, help="Take the text as it is: nothing is cut, and no text is rejected as too short."
)
FORCE = click.option("--force", is_flag=True, help="Replace an existing file, whoever wrote it.")
QUIET = click.option("--quiet", is_flag=True, help="Print errors only.")
SHARED = (
    NO_CLEAN,
    click.option(
        "--any-language", is_flag=True, help="Accept text that is not English; the measures are made for English."
    ),
    QUIET,
)
LIMITS = (
    click.option("--memory", type=click.FloatRange(0.5), default=4, show_default=True,
                 help="Memory in GB that a process may use for one article or for reading one file; "
                      "only the article that needs more fails."),
    click.option("--timeout", type=click.IntRange(5), default=1800, show_default=True,
                 help="Seconds allowed for reading one article, and for working on it."),
)  # fmt: skip
SPREAD = (
    click.option("--jobs", type=click.IntRange(1), default=os.cpu_count() or 1, show_default="the cores",
                 help="Number of articles processed at a time."),
    *LIMITS,
    click.option("--scheduler", default="", metavar="ADDRESS",
                 help="Use a Dask cluster: the address of its scheduler, such as tcp://10.0.0.1:8786."),
)  # fmt: skip


def shared_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of every command that reads articles."""
    for option in reversed(SHARED):
        command = option(command)
    return command


def limits_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that limit the reading of one file; the command gets them as one argument `limits`."""

    @wraps(command)
    def limited(*arguments: Any, memory: float, timeout: int, **options: Any) -> Any:
        from presslab.system.parallel import Limits

        return command(*arguments, limits=Limits(int(memory * 2**30), timeout), **options)

    for option in reversed(LIMITS):
        limited = option(limited)
    return limited


def spread_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say where the work is done and what it may use; the command gets them as two arguments,
    `spread` and `limits`."""

    @wraps(command)
    def spreading(*arguments: Any, jobs: int, memory: float, timeout: int, scheduler: str, **options: Any) -> Any:
        from presslab.system.parallel import Limits, in_parallel

        limits = Limits(int(memory * 2**30), timeout)
        if scheduler:
            from presslab.system.cluster import on_cluster

            spread = partial(on_cluster, scheduler)
        else:
            spread = partial(in_parallel, jobs=jobs, limits=limits)
        return command(*arguments, spread=spread, limits=limits, **options)

    for option in reversed(SPREAD):
        spreading = option(spreading)
    return spreading


class Misused(click.ClickException):
    """A usage error in one line."""

    exit_code = 2

    def show(self, file: IO[Any] | None = None) -> None:
        from presslab.reporting.html import plain

        click.echo(plain(f"presslab: {self.message}"), err=True)


@contextmanager
def ended_early() -> Iterator[None]:
    """Report in one line what ends a run early: Ctrl-C, a full disk, a place where nothing can be written, another run
    in the same folder, a limit of the system."""
    from presslab.runs.state import Busy
    from presslab.system.allowance import ending
    from presslab.system.files import INTERRUPTED, Stopped
    from presslab.system.outputs import OutputError

    try:
        yield
    except (OSError, MemoryError, RuntimeError, ImportError) as error:
        if line := ending(error):
            raise click.ClickException(line) from error
        raise
    except (OutputError, Busy) as error:
        raise Misused(str(error)) from error
    except Stopped as error:
        raise click.ClickException(str(error)) from error
    except KeyboardInterrupt:
        click.echo(INTERRUPTED, err=True)
        sys.unraisablehook = lambda _: None  # what libraries were writing is cut off, and Python would tell each of it
        sys.exit(130)


@contextmanager
def counting(quiet: bool, files: Sequence[str] = ()) -> Iterator[Callable[[str, float], None]]:
    """Show a progress bar on a terminal, nothing in a pipe: articles, articles per second, and the time left if the
    articles in `files` can be counted.

    Yield the function to call after each article with its name and its seconds."""
    if quiet or not sys.stderr.isatty():
        yield lambda name, seconds: None
        return
    from presslab.reading.count import articles

    total = articles(files) if files else None
    with _bar()(total=total, unit=" articles", file=terminal.raw(sys.stderr), dynamic_ncols=True, miniters=1) as bar:
        yield lambda name, seconds: bar.update()


@lru_cache(maxsize=1)
def _bar() -> type[tqdm]:
    """Return tqdm's progress bar without the thread that it would start: a process with one thread can fork."""
    from tqdm import tqdm

    class Bar(tqdm):
        monitor_interval = 0

    return Bar


def checked_frame(path: str) -> Path:
    """Return the path of a frame file. Raises BadParameter, naming file and line, if it can't be read."""
    from presslab.measures.framing import LexiconError, load_frames

    return _checked(path, load_frames, LexiconError, "--frames")


def checked_people(path: str) -> Path:
    """Return the path of a file of people. Raises BadParameter, naming file and line, if it can't be read."""
    from presslab.comparison.own_people import PeopleError, load_people

    return _checked(path, load_people, PeopleError, "--people")


def checked_yardstick(path: str) -> Path:
    """Return the path of a file of usual news. Raises BadParameter, naming the file, if it can't be used."""
    from presslab.measures.usual import YardstickError, load

    return _checked(path, load, YardstickError, "--yardstick")


def _checked(path: str, load: Callable[[str], object], refusal: type[Exception], option: str) -> Path:
    try:
        load(path)
    except refusal as error:
        raise click.BadParameter(str(error), param_hint=option) from error
    return Path(path)


def complain(failure: Failure) -> None:
    """Report an article that failed in one line on standard error; nothing in a file's name moves the cursor."""
    room = _bar().external_write_mode(file=terminal.raw(sys.stderr)) if _bar.cache_info().currsize else nullcontext()
    with room:  # a progress bar steps aside for the line
        click.echo(terminal.line(f"presslab: {failure.file or failure.id}: {failure.reason}"), err=True)


def check_output(
    output: Path, endings: tuple[str, ...], force: bool, files: Sequence[str] = (), own: Sequence[str | None] = ()
) -> None:
    """Refuse, before anything is read, a file that can't be written. Raises BadParameter or Misused if its ending is
    not one of `endings`, something lies there already, it is also an input or one of the user's `own` files, or there
    is nothing to read."""
    from presslab.reading.corrections import path_beside
    from presslab.reading.paths import readable
    from presslab.system.outputs import apart, free

    if output.suffix not in endings:
        raise click.BadParameter(f"{output} must end in {' or '.join(endings)}", param_hint="--output")
    with ended_early():
        paths = readable(files) if files else []
        apart(output, [*files, *filter(None, own)], [*paths, *map(path_beside, paths)], folder=False)
        free(output, force)
