"""What was read: accounts of files, and articles that need not be read again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from .article import Article, Failure


@dataclass(frozen=True)
class Known:
    """An article that need not be read: its file is unchanged, and so is `key`, the hash of all that its report depends
    on; `text` is its `identity`."""

    id: str
    file: str
    key: str
    text: str


Item = Article | Failure | Known


@dataclass(frozen=True)
class Account:
    """What was read from one file. `announced` is how many documents the export says it holds (None if it doesn't
    say), `found` how many were found, `read` how many became articles; `refused` names the others with the reason.
    `skipped` counts what is no document; `warning` says where announced and found differ, or is "".
    """

    file: str
    format: str
    announced: int | None
    found: int
    read: int
    refused: tuple[tuple[str, str], ...] = ()
    skipped: str = ""
    warning: str = ""


# What a file gives, from its path, what the ids of its articles begin with, and the function that reads it.
Memory = Callable[[Path, str, Callable[[], Iterator[Item | Account]]], Iterator[Item | Account]]
