"""Work on articles one after another, or several at once, with a bar."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
import sys
from threading import Lock
from typing import Any

from presslab.parsing.parser import single_thread
from presslab.reading.article import Article, Failure
from presslab.system.parallel import Limits, Trouble, here, in_parallel

# the parser is loaded once per process and can't parse two texts at once
_one_at_a_time = Lock()


@contextmanager
def shown(progress: bool) -> Iterator[Callable[[str, float], None]]:
    """Give a function that counts an article on a bar, or does nothing."""
    from tqdm import tqdm

    with tqdm(unit=" articles", disable=not progress, file=sys.stderr) as bar:
        yield lambda name, seconds: bar.update() and None


def worked(
    task: Callable[[Article], Any], work: Any, jobs: int, progress: bool
) -> Iterator[tuple[Article | Failure, Any]]:
    """Give each article with its result and each failure with itself, in order."""
    waiting: deque[Article | Failure] = deque()

    def wanted() -> Iterator[tuple[Article]]:
        for item in work.items():
            waiting.append(item)
            if isinstance(item, Article):
                yield (item,)

    def failed() -> Iterator[tuple[Failure, Failure]]:
        while waiting and isinstance(failure := waiting[0], Failure):
            waiting.popleft()
            step(failure.id, 0.0)
            yield failure, failure

    spread = partial(in_parallel, jobs=jobs, limits=Limits()) if jobs > 1 else _here
    with shown(progress) as step:
        for (article,), result in spread(task, wanted()):
            yield from failed()
            waiting.popleft()
            step(article.id, 0.0)
            yield article, Failure(article.id, article.file, result.reason) if isinstance(result, Trouble) else result
        yield from failed()


@contextmanager
def in_turn() -> Iterator[None]:
    """Work on an article in this process, one at a time and on one thread: as in the command's workers."""
    with _one_at_a_time, single_thread().limit(limits=1):
        yield


def _here(task: Callable[[Article], Any], items: Iterator[tuple[Article]]) -> Iterator[tuple[tuple[Article], Any]]:
    """Do the same as `here`, one article at a time."""
    for item in items:
        with in_turn():
            results = list(here(task, [item]))
        yield from results
