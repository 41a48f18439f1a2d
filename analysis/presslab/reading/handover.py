"""An article as plain data: what its hash is made of, and what a notebook in a plain kernel reads instead of the
input."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import astuple, fields
import json
from pathlib import Path
from typing import Any

from .article import Article, Paragraph, Removed
from .corrections import Correction

FILE = "handed-over.json"
PLAIN = tuple(f.name for f in fields(Article) if f.name not in ("paragraphs", "removed", "corrections", "path"))


def plain(article: Article) -> dict[str, Any]:
    """Return the article for JSON, without where it lies on this machine. Offsets are runs: place of the first, how
    many."""
    return {name: getattr(article, name) for name in PLAIN} | {
        "paragraphs": [(p.text, p.role, _runs(p.offsets)) for p in article.paragraphs],
        "removed": [astuple(r) for r in article.removed],
        "corrections": [astuple(c) for c in article.corrections],
    }


def article(data: dict[str, Any]) -> Article:
    """Return the article that `plain` was made from, without its path."""
    paragraphs = tuple(Paragraph(text, _offsets(runs), role) for text, role, runs in data["paragraphs"])
    removed = tuple(Removed(*r) for r in data["removed"])
    corrections = tuple(Correction(kind, tuple(words), *rest) for kind, words, *rest in data["corrections"])
    fields = {name: data[name] for name in PLAIN} | {"authors": tuple(data["authors"])}
    return Article(**fields, paragraphs=paragraphs, removed=removed, corrections=corrections)


def pack(articles: Iterable[Article]) -> bytes:
    """Return articles as the content of a file called FILE."""
    return json.dumps([plain(a) for a in articles]).encode()


def unpack(folder: str | Path = ".") -> list[Article]:
    """Return the articles that were handed over in a folder; none if nothing was."""
    path = Path(folder) / FILE
    return [article(data) for data in json.loads(path.read_bytes())] if path.exists() else []


def _runs(offsets: Sequence[int]) -> list[tuple[int, int]]:
    """Return rising offsets as (first, length); offsets of -1 as (-1, length)."""
    runs: list[list[int]] = []
    for offset in offsets:
        if runs and offset == (-1 if runs[-1][0] < 0 else runs[-1][0] + runs[-1][1]):
            runs[-1][1] += 1
        else:
            runs.append([offset, 1])
    return [(first, length) for first, length in runs]


def _offsets(runs: Iterable[Sequence[int]]) -> tuple[int, ...]:
    return tuple(i for first, length in runs for i in (range(first, first + length) if first >= 0 else [-1] * length))
