"""Saved results of validation: one JSON file a family, from which cards, reports and README take their figures.

What the check of one printed number found is a `Record`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib import resources
import json
from pathlib import Path
import re
import subprocess
import sys
from typing import Any

from presslab.system.error import Error
from presslab.system.plain_yaml import packaged

HERE = Path(__file__).resolve().parents[1]
MARKS = "<!-- validity -->", "<!-- /validity -->"


class ValidationError(Error):
    """A saved result is missing or lacks a figure that a card names; the message names both."""


@dataclass(frozen=True)
class Record:
    """How well one printed number, in one scope, agreed with coders of one corpus.

    `statistic` with `value` and its 95 % interval `low`, `high` (None: there is none); `n` units of kind `unit`
    (article, sentence, clause, word); `on` says what the corpus is, `topic` is a key of `topic.TOPICS`, "other" or
    "any"; `coders` says who coded. `error` (mean absolute) and `bias` are in the measure's own unit, `spread` is the
    standard deviation of the coders' numbers. `shared` names the steps that presslab decided in both numbers; `of` is
    what was checked if that is not the number itself (such a record never makes a word), `among` alpha among the coders
    if it was published.
    """

    measure: str
    scope: str
    corpus: str
    statistic: str
    value: float
    n: int
    unit: str
    on: str
    years: str
    topic: str
    coders: str
    low: float | None = None
    high: float | None = None
    error: float | None = None
    bias: float | None = None
    spread: float | None = None
    shared: tuple[str, ...] = ()
    of: str = ""
    among: float | None = None


@lru_cache(maxsize=1)
def records() -> dict[tuple[str, str, str], Record]:
    """Return the records of all saved results by measure, scope and corpus. Every file of data/validation with a list
    `records` adds its own.

    Raises ValidationError for a record that is there twice or lacks a field.
    """
    found: dict[tuple[str, str, str], Record] = {}
    folder = resources.files("presslab") / "data" / "validation"
    for file in sorted((f for f in folder.iterdir() if f.name.endswith(".json")), key=lambda f: f.name):
        for row in figures(file.name.removesuffix(".json")).get("records", ()):
            try:
                record = Record(**row | {"shared": tuple(row.get("shared", ()))})
            except TypeError as error:
                raise ValidationError(f"data/validation/{file.name}: {error}") from error
            key = (record.measure, record.scope, record.corpus)
            if key in found:
                raise ValidationError(f"data/validation/{file.name}: {', '.join(key)} is there twice")
            found[key] = record
    return found


@lru_cache(maxsize=16)
def figures(family: str) -> dict[str, Any]:
    """Return the saved figures of a family ("attribution", "readability", "framing"); {} if none were saved."""
    file = resources.files("presslab") / "data" / "validation" / f"{family}.json"
    return json.loads(file.read_text("utf-8")) if file.is_file() else {}


def by_corpus() -> dict[str, dict[str, Record]]:
    """Return the records of the whole article by corpus and measure."""
    found: dict[str, dict[str, Record]] = {}
    for (measure, scope, corpus), record in records().items():
        if scope == "article":
            found.setdefault(corpus, {})[measure] = record
    return found


def filled(text: str, family: str) -> str:
    """Return a row's text with its figures, written as `{name[inner]:.2f}`, from the family's saved result.

    Raises ValidationError if a figure is not there.
    """
    try:
        known = figures(family) | ({"by": by_corpus()} if family == "printed" else {})
        return re.sub(r"(?<= )-(?=\d)", "−", text.format_map(known))  # a minus sign, not a hyphen
    except (KeyError, ValueError, TypeError) as error:
        raise ValidationError(f"data/validation/{family}.json has no figure for “{text}”: {error!r}") from error


def save(family: str, command: str, numbers: dict[str, Any], folder: Path = HERE / "data" / "validation") -> Path:
    """Write a family's figures with the command, the date and the commit they were made at; returns the file."""
    origin = {"command": command, "date": date.today().isoformat(), "commit": commit()}
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{family}.json"
    path.write_text(json.dumps({"made": origin, **numbers}, indent=1, ensure_ascii=False) + "\n", "utf-8")
    figures.cache_clear()
    records.cache_clear()
    return path


def commit() -> str:
    """Return short name of the commit that is checked out, with "+" if files were changed since; "" outside a
    checkout."""

    def git(*words: str) -> str:
        return subprocess.run(
            ["git", "-C", str(HERE), *words], capture_output=True, text=True, check=True
        ).stdout.strip()

    try:
        return git("rev-parse", "--short=9", "HEAD") + ("+" if git("status", "--porcelain", "--", str(HERE)) else "")
    except (OSError, subprocess.CalledProcessError):
        return ""


COLUMNS = {"measure": "measure", "data": "on", "unit": "unit", "coders": "coded by", "agreement": "agreement"}


def summary() -> str:
    """Return README's table of agreement with coders, in Markdown: data/validation/summary.yaml with its figures."""
    lines = [f"| {' | '.join(COLUMNS.values())} |", "|---" * len(COLUMNS) + "|"]
    for row in packaged("validation/summary.yaml"):
        cells = (filled(row[name], row["family"]) for name in COLUMNS)
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def written_into(text: str) -> str:
    """Return a README with the table between its two marks made again. Raises ValidationError if the marks are
    missing."""
    start, end = (text.find(mark) for mark in MARKS)
    if not 0 <= start < end:
        raise ValidationError(f"the file has no place for the table: {MARKS[0]} … {MARKS[1]}")
    return f"{text[:start]}{MARKS[0]}\n{summary()}\n{text[end:]}"


if __name__ == "__main__":
    readme = Path(sys.argv[1])
    readme.write_text(written_into(readme.read_text("utf-8")), "utf-8")
