"""Save a selection: a table that every command of presslab reads, and the command that makes a run of it."""

from __future__ import annotations

from dataclasses import dataclass
import os
from pathlib import Path
import shlex

import pandas as pd
import yaml

from presslab.reading.article import Article
from presslab.reading.corrections import Correction
from presslab.reading.formats.tables import ARTICLE_COLUMNS
from presslab.reading.rows import article_row
from presslab.runs.writers import write_wide
from presslab.system.files import write

from .collection import Collection, ExploreError, document

ENDINGS = (".csv", ".parquet", ".jsonl")


@dataclass(frozen=True)
class Exported:
    """What was saved: the table, the files beside it, the command line that makes a run of the selection, and what
    the run will not have ("": nothing)."""

    table: Path
    beside: tuple[Path, ...]
    command: str
    warning: str = ""


def export(collection: Collection, rows: pd.DataFrame, path: str | Path) -> Exported:
    """Save the articles of `rows` as .csv, .parquet or .jsonl: text, fields and scores, one row per article.

    Frames that were added are saved beside it, and corrections of the articles too. A file that is there already is
    never written over: the name gets a number. Raises ExploreError if nothing is selected or the file can't be
    written.
    """
    if rows.empty:
        raise ExploreError("no article is selected: there is nothing to save")
    if Path(path).suffix.lower() not in ENDINGS or not Path(path).stem.strip():
        raise ExploreError(f"{path}: give a file name that ends in {', '.join(ENDINGS)}")
    try:
        table = _free(Path(path))
        articles = [collection.read.get(id) or document(collection, id).article for id in rows["id"]]
        scores = rows[["words", *(c for c in rows.columns if c.startswith("frame_"))]].reset_index(drop=True)
        frame = pd.concat(
            [pd.DataFrame([article_row(a) for a in articles], columns=list(ARTICLE_COLUMNS)), scores], axis=1
        )
        write_wide(frame, table)
        beside, options = _beside(collection, articles, table)
    except (OSError, ValueError) as error:
        raise ExploreError(f"{path}: can't be written ({getattr(error, 'strerror', None) or error})") from error
    words = ["presslab", "report", table.as_posix(), "-o", (table.parent / f"{table.stem}-run").as_posix(), *options]
    if collection.run:
        words.append("--no-clean")  # the tables of a run hold the text that was measured: nothing is left to cut
    if any(a.language not in ("", "en") for a in articles):
        words.append("--any-language")
    attributions = collection.tables["attributions"]
    corrected_count = (
        attributions[attributions["corrected"] & attributions["id"].isin(rows["id"])]["id"].nunique()
        if collection.run
        else 0
    )
    warning = (
        f"In {corrected_count} of them a reader has corrected sources; the corrections are not in the run's tables: put"
        " the file beside the table."
        if corrected_count
        else ""
    )
    return Exported(table, beside, shlex.join(words), warning)


def _free(path: Path) -> Path:
    """Return the path, or with a number if it or a file that may come beside it is there already."""
    number, free = 2, path
    while any(
        os.path.lexists(free.with_name(name))
        for name in (free.name, *(f"{free.stem}.{kind}.yaml" for kind in ("frames", "corrections")))
    ):
        free = path.with_name(f"{path.stem}-{number}{path.suffix}")
        number += 1
    return free


def _beside(collection: Collection, articles: list[Article], table: Path) -> tuple[tuple[Path, ...], list[str]]:
    """Return the files beside the table, and the options that name them."""
    paths: list[Path] = []
    options: list[str] = []
    texts = list(dict.fromkeys(a.text.rstrip() + "\n" for a in collection.applied))
    if texts:
        paths.append(table.with_name(f"{table.stem}.frames.yaml"))
        write(paths[-1], ["---\n".join(texts)])
        options += ["--frames", paths[-1].as_posix()]
    corrections = {a.id: [_plain(c) for c in a.corrections] for a in articles if a.corrections}
    if corrections:
        paths.append(table.with_name(f"{table.stem}.corrections.yaml"))
        write(paths[-1], [yaml.safe_dump(corrections, allow_unicode=True, sort_keys=False)])
    return tuple(paths), options


def _plain(c: Correction) -> dict[str, object]:
    """Return a correction as its file has it."""
    target = {"merge": "as", "add": "by"}.get(c.kind, "to")
    entry = {c.kind: list(c.words) if c.kind == "merge" else c.words[0], target: c.to, "cue": c.cue, "type": c.type,
            "gender": c.gender, "words": c.because, "occurrence": c.occurrence}  # fmt: skip
    return {key: value for key, value in entry.items() if value}
