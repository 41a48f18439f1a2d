"""Articles to explore: a folder of articles, measured now, or what an earlier run has left in its tables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
import os
from pathlib import Path
import re
from typing import Any

import pandas as pd

from presslab.measures.analyse import Analysis, analyse
from presslab.measures.attribution import Attribution
from presslab.measures.cards import FRAME, builtin
from presslab.measures.framing import Frame
from presslab.measures.measure import Evidence, Measure
from presslab.measures.sources import Source
from presslab.measures.tables import TABLES, rows as article_rows
from presslab.parsing.document import Document, parse
from presslab.reading.article import Article, Failure, Paragraph
from presslab.reading.read import read
from presslab.runs import finished
from presslab.system.error import Error
from presslab.system.files import Stopped
from presslab.system.parallel import Trouble, here, in_parallel

FEW = 24  # so many articles are measured in this process; more by one process a core
HELD = 2000  # parsed articles kept in memory, so that the next frame is applied at once
NEEDED = ("articles", "measures", "attributions", "sources", "evidence")
FIELDS = ("id", "title", "outlet", "published", "byline", "section", "url", "language", "file", "text")
Progress = Callable[[int, int], None]


class ExploreError(Error):
    """What was asked for can't be opened, filtered, added or saved; the message is one line for people."""


@dataclass(frozen=True)
class Applied:
    """A user-defined frame with its measure for each article, by id; `text` is its file's YAML."""

    frame: Frame
    text: str
    measured: dict[str, Measure]


@dataclass(frozen=True)
class Collection:
    """Articles with what was measured of them.

    `articles` has one row per article: FIELDS (`text` is what offsets point into), `day` (ISO date or ""), `words`,
    `sources` (how many), and a column for each measure of the whole article. `tables` are tidy tables by name, as
    in tables.TABLES (of a run without `evidence`, which is read when it is needed). `failures` could not be read.
    `read` has the articles as they were read, by id; a run has none. `run` is a run's folder. `applied` are frames
    that were added.
    """

    given: str
    articles: pd.DataFrame
    tables: dict[str, pd.DataFrame]
    failures: tuple[Failure, ...] = ()
    read: dict[str, Article] = field(default_factory=dict)
    run: Path | None = None
    applied: tuple[Applied, ...] = ()

    @property
    def outlets(self) -> list[str]:
        """The outlets, those with most articles first."""
        names = self.articles.loc[self.articles["outlet"] != "", "outlet"]
        return sorted(names.unique().tolist(), key=lambda name: (-(names == name).sum(), name))

    @property
    def frames(self) -> dict[str, str]:
        """Column of each frame → its name for readers: the generic ones, those of the run, those that were added."""
        cards = builtin()
        labels = {c: cards[c].label if c in cards else c for c in self.articles.columns if c.startswith("frame_")}
        return labels | {a.frame.column: f"{FRAME}{a.frame.label}" for a in self.applied}

    def rows(self, name: str, id: str) -> pd.DataFrame:
        """Return the rows of a tidy table that are one article's."""
        if name == "evidence" and self.run:
            return _table(self.run, name, [("id", "=", id)])
        table = self.tables[name]
        return table[table["id"] == id]


def load(given: str | Path, any_language: bool = False, progress: Progress = lambda done, all: None) -> Collection:
    """Return the articles of a file, a folder or a glob, measured now; or those of a run's folder, as its tables
    have them.

    What can't be read is in `failures`; `progress` receives how many articles are measured, of how many. Raises
    ExploreError if there is nothing of that name, or the run's tables can't be used.
    """
    path = Path(given)
    if str(given).strip() == "":
        raise ExploreError("name a folder of articles, or the folder of a run")
    try:
        if not path.exists() and not any(c in str(given) for c in "*?["):
            raise ExploreError(f"{given}: there is no such file or folder")
        if finished.is_run(path) or (path / "tables").is_dir():
            return _of_run(path)
    except Stopped as error:
        raise ExploreError(str(error)) from error
    except (OSError, ValueError) as error:  # too long a name, a NUL in it
        raise ExploreError(f"{given}: no file can have that name") from error
    return _measured(str(given), any_language, progress)


def _measured(path: str, any_language: bool, progress: Progress) -> Collection:
    failures: list[Failure] = []
    articles: list[Article] = []
    for item in read([path], any_language=any_language):
        if isinstance(item, Article):
            articles.append(item)
        else:
            failures.append(item)
    many = len(articles) > FEW
    spread = partial(in_parallel, jobs=os.cpu_count() or 1) if many else here
    rows: list[dict[str, list[dict]]] = []
    articles_by_id: dict[str, Article] = {}
    for number, ((article,), result) in enumerate(spread(rows_of, ((a,) for a in articles)), start=1):
        if isinstance(result, Trouble):
            failures.append(Failure(article.id, article.file, result.reason))
        else:
            rows.append(result)
            articles_by_id[article.id] = article
        progress(number, len(articles))
    tables = {
        name: pd.DataFrame([record for one in rows for record in one[name]], columns=list(TABLES[name]))
        for name in NEEDED
    }
    return Collection(path, _articles(tables), tables, tuple(failures), articles_by_id)


def rows_of(article: Article) -> dict[str, list[dict]]:
    """Return the rows of one article in the tidy tables."""
    return article_rows(analyse(article))


def _of_run(folder: Path) -> Collection:
    if (folder / "tables" / "events.parquet").exists() and not (folder / "tables" / "articles.parquet").exists():
        raise ExploreError(f"{folder}: a run of comparisons; open its articles instead, or a run of presslab report")
    if finished.is_run(folder) and (text_option := finished.text_shown(folder)) != "full":
        raise ExploreError(
            f"{folder} was made with --text {text_option}: the articles aren't in it to be searched or shown; open the"
            " articles themselves"
        )
    tables = {name: _table(folder, name) for name in NEEDED if name != "evidence"}
    failures = tuple(Failure(r.id, r.file, r.reason) for r in _table(folder, "failures").itertuples())
    if tables["articles"]["id"].duplicated().any():
        raise ExploreError(f"{folder}: an id occurs twice in tables/articles.parquet; make the run again")
    return Collection(str(folder), _articles(tables), tables, failures, run=folder)


def _table(folder: Path, name: str, filters: list | None = None) -> pd.DataFrame:
    try:
        return finished.table(folder, name, filters=filters)
    except Stopped as error:
        raise ExploreError(str(error)) from error


def _articles(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return one row per article, with its measures of the whole article beside its fields."""
    table = tables["articles"].rename(columns={"text_analysed": "text"})[list(FIELDS)].reset_index(drop=True)
    # a date in the notation of ISO 8601, else nothing: what can't be told can't be filtered by
    table["day"] = [p[:10] if re.match(r"\d{4}-\d\d-\d\d(?!\d)", p) else "" for p in table["published"]]
    whole = tables["measures"]
    whole = whole[whole["scope"] == "article"]
    wide = whole.pivot_table(index="id", columns="measure", values="value", aggfunc="first", dropna=False)
    order = [name for name in dict.fromkeys(whole["measure"]) if name in wide.columns]
    wide = wide[order].reindex(table["id"]).reset_index(drop=True)
    table["words"] = wide["word_count"].fillna(0).astype(int) if "word_count" in wide else 0
    table["sources"] = table["id"].map(tables["sources"]["id"].value_counts()).fillna(0).astype(int)
    return pd.concat([table, wide[[c for c in wide if c not in table]]], axis=1)


def document(collection: Collection, id: str) -> Document:
    """Return the parsed article."""
    if id in collection.read:
        return _parsed(collection.read[id])
    row = collection.articles[collection.articles["id"] == id].iloc[0]
    return _parsed(_rebuilt(**{name: str(row[name]) for name in FIELDS}))


def _rebuilt(text: str, **fields: Any) -> Article:
    """Return an article out of a run's table: its paragraphs are divided by blank lines, its title comes first
    if it has one."""
    paragraphs, start = [], 0
    for number, part in enumerate(text.split("\n\n")):
        role = "headline" if number == 0 and part == fields["title"].strip() else "body"
        paragraphs.append(Paragraph(part, tuple(range(start, start + len(part))), role))
        start += len(part) + 2
    return Article(text=text, paragraphs=tuple(paragraphs), cleaned=False, **fields)


class _ById:
    """An article that is distinguished from others by its id and text alone: comparing all of its fields would be
    slow."""

    def __init__(self, article: Article) -> None:
        self.article, self.key = article, (article.id, article.text)

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ById) and self.key == other.key


@lru_cache(maxsize=HELD)
def _parse(key: _ById) -> Document:
    return replace(parse(key.article), vectors=None)  # only attributions need these, and they are known


def _parsed(article: Article) -> Document:
    return _parse(_ById(article))


def attributions(collection: Collection, id: str) -> list[Attribution]:
    """Return the attributions of an article, out of the tables."""
    return [
        Attribution(
            _spans(r.source_spans),
            _spans(r.cue_spans),
            _spans(r.content_spans),
            r.kind,
            r.cue_class,
            r.negated,
            r.modal,
            r.corrected,
        )
        for r in collection.rows("attributions", id).itertuples()
    ]


def analysis(collection: Collection, id: str) -> Analysis:
    """Return what is known of one article, put together again from the tables: the numbers are those of the tables.

    Mentions of sources and the measures of other scopes' evidence stay in the tables. Raises ExploreError for an id
    that isn't there.
    """
    from presslab.measures.attribution import voices

    if id not in set(collection.articles["id"]):
        raise ExploreError(f"there is no article {id}")
    document_ = document(collection, id)
    attributions_ = attributions(collection, id)
    rows = collection.rows("attributions", id)
    indices = {name: tuple(int(i) for i in group["attribution"]) for name, group in rows.groupby("source")}
    people = [
        Source(
            r.source,
            r.type,
            r.type_words,
            r.role,
            r.gender,
            bool(r.named),
            (),
            indices.get(r.source, ()),
            int(r.words),
            r.corrected,
        )
        for r in collection.rows("sources", id).itertuples()
    ]
    words: dict[tuple[str, str], list[Evidence]] = {}
    for r in collection.rows("evidence", id).itertuples():
        words.setdefault((r.measure, r.scope), []).append(Evidence(int(r.start), int(r.end), r.label, float(r.weight)))
    measures = [
        Measure(
            r.measure, r.scope, r.value, r.low, r.high, int(r.n), tuple(words.get((r.measure, r.scope), ())), r.note
        )
        for r in collection.rows("measures", id).itertuples()
    ]
    own = [a.measured[id] for a in collection.applied if id in a.measured]
    own_names = {m.name for m in own}
    others = [m for m in measures if m.name not in own_names]
    return Analysis(
        document_.article, document_, attributions_, people, voices(document_, attributions_), [*others, *own]
    )


def _spans(text: str) -> tuple[tuple[int, int], ...]:
    return tuple((int(start), int(end)) for start, end in re.findall(r"(\d+)-(\d+)", text))
