"""Tables about articles: measure, attributions, sources, evidence, read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from difflib import get_close_matches
from functools import partial
import logging
from pathlib import Path
from typing import Any, TypeAlias
import warnings

import pandas as pd
import pyarrow as pa

from presslab.measures.cards import with_frames
from presslab.measures.framing import Frame, load_frames
from presslab.measures.measure import SCOPES
from presslab.measures.tables import TABLES, column, columns, evidence_rows, heard_rows, measure_row, measure_rows
from presslab.measures.usual import Yardstick, load
from presslab.reading import duplicates
from presslab.reading.article import Article, Failure
from presslab.reading.formats.tables import ARTICLE_COLUMNS
from presslab.reading.rows import article_row, with_duplicates
from presslab.runs.writers import schema, whole_rows
from presslab.system.error import Error

from .inputs import Inputs, given
from .work import worked

Frames: TypeAlias = "str | Path | Iterable[Frame] | None"
# a library prints nothing; who wants its warnings adds a handler
logging.getLogger("presslab").addHandler(logging.NullHandler())


NUMBERS = ("value", "low", "high", "usual_share")


class UnknownName(Error):
    """A name that presslab doesn't know; the message has those that are like it."""


def measure(
    inputs: Inputs,
    *,
    measures: Iterable[str] | None = None,
    scopes: Iterable[str] | None = None,
    intervals: bool = True,
    long: bool = False,
    frames: Frames = None,
    yardstick: str | Path = "",
    clean: bool = True,
    any_language: bool = False,
    jobs: int = 1,
    progress: bool = False,
) -> pd.DataFrame:
    """Return the numbers of articles: one row per input, in order.

    Parameters
    ----------
    inputs : str, Path, Series, DataFrame, or a list of texts, paths or Articles
        A DataFrame has a column `text`, and may have `id` (otherwise its index is used), title, outlet, published,
        byline, section, url. A string is a path if a file, folder or glob of that name is there; otherwise it is a
        text. Nothing of it is changed.
    measures, scopes : list of str, optional
        Names as in `codebook()`, and "article", "journalist" or "quoted"; by default all.
    intervals : bool
        False leaves out the 95 % intervals.
    long : bool
        True gives one row per input, measure and scope: the columns of a run's table `measures`.
    frames : path or frames, optional
        User-defined frames, a YAML file or what `frames` returns.
    yardstick : path, optional
        A file of usual news, made by `presslab yardstick`: each number gets a column NAME_usual, its rank there (0–1).
        With `long` the column is usual_share, by default in the news bundled with presslab.
    clean, any_language : bool
        As the command's --no-clean and --any-language.
    jobs : int
        How many processes work; 1 is this process alone.
    progress : bool
        True shows a bar on standard error.

    Returns
    -------
    DataFrame
        `id`, the columns of `presslab measure`, and `note`: why an input could not be measured (its numbers are NaN),
        otherwise "". The index is that of the DataFrame or Series, so that `df.join(...)` and `df.merge(..., on="id")`
        work.

    Raises
    ------
    Error
        For inputs that are not there or not readable as a whole, and for names that are in no codebook.

    Examples
    --------
    >>> import presslab
    >>> text = "The mayor said on Monday that the old bridge will close. Residents fear a long winter."
    >>> presslab.measure([text, ""], measures=["word_count"], intervals=False)[["id", "word_count", "note"]]
       id  word_count                           note
    0   0        16.0
    1   1         NaN  empty: there is no text in it
    """
    own_frames = frames_of(frames)
    pairs = _wanted(own_frames, measures, scopes)
    if long:
        return _long(inputs, own_frames, load(yardstick), pairs, intervals, clean, any_language, jobs, progress)
    usual = load(yardstick) if yardstick else None
    ends = (*(("_low", "_high") if intervals else ()), *(("_usual",) if usual else ()))
    names = [name for c, s in pairs for name in (column(c, s), *(f"{column(c, s)}{end}" for end in ends))]
    names = [name for name in columns(own_frames, usual) if name in set(names)]
    ids, numbers, index = [], [], None
    work = given(inputs, clean, any_language)
    for item, row in worked(partial(measure_row, frames=own_frames, yardstick=usual), work, jobs, progress):
        ids.append(item.id or item.file)
        numbers.append({**row, "note": ""} if isinstance(row, dict) else {"note": row.reason})
    index = work.index if work.index is not None else pd.RangeIndex(len(ids))
    table = pd.DataFrame(numbers, columns=["id", *names, "note"], index=index)
    table["id"] = pd.Series(work.ids if work.ids is not None else ids, index=index)
    return table.astype(dict.fromkeys(names, float)).astype({"note": "str"})


def attributions(
    inputs: Inputs, *, clean: bool = True, any_language: bool = False, jobs: int = 1, progress: bool = False
) -> pd.DataFrame:
    """Return who says what: one row per attribution, as in a run's table `attributions`.

    Parameters
    ----------
    inputs, clean, any_language, jobs, progress
        As in `measure`.

    Returns
    -------
    DataFrame
        id, attribution (its number), source, source_type, kind, cue_class, negated, modal, spans and texts of source,
        cue and content, corrected. Spans are offsets into the text that was analysed. `attrs["failures"]` lists what
        could not be read.

    Raises
    ------
    Error
        As `measure`.

    Examples
    --------
    >>> import presslab
    >>> text = "The old bridge will close in May, Mayor Ada Quill said on Monday."
    >>> presslab.attributions(text, clean=False)[["source", "cue_text"]]
                  source cue_text
    0  Ada Quill     said
    """
    return _tidy(partial(heard_rows, name="attributions"), "attributions", inputs, clean, any_language, jobs, progress)


def sources(
    inputs: Inputs, *, clean: bool = True, any_language: bool = False, jobs: int = 1, progress: bool = False
) -> pd.DataFrame:
    """Return who is heard: one row per source, as in a run's table `sources`, the one with most words first.

    Parameters
    ----------
    inputs, clean, any_language, jobs, progress
        As in `measure`.

    Returns
    -------
    DataFrame
        id, source, type, type_words, role, gender, named, attributions, words, first_start, mentions, corrected.
        `attrs["failures"]` lists what could not be read.

    Raises
    ------
    Error
        As `measure`.

    Examples
    --------
    >>> import presslab
    >>> text = "The old bridge will close in May, Mayor Ada Quill said on Monday."
    >>> presslab.sources(text, clean=False)[["source", "named", "words"]]
          source  named  words
    0  Ada Quill   True      7
    """
    return _tidy(partial(heard_rows, name="sources"), "sources", inputs, clean, any_language, jobs, progress)


def evidence(
    inputs: Inputs,
    *,
    measures: Iterable[str] | None = None,
    scopes: Iterable[str] | None = None,
    frames: Frames = None,
    clean: bool = True,
    any_language: bool = False,
    jobs: int = 1,
    progress: bool = False,
) -> pd.DataFrame:
    """Return the words that numbers rest on: one row per stretch of text, as in a run's table `evidence`.

    Parameters
    ----------
    inputs, measures, scopes, frames, clean, any_language, jobs, progress
        As in `measure`.

    Returns
    -------
    DataFrame
        id, measure, scope, label, weight, start, end, text. `start` and `end` are offsets into the text that was
        analysed. `attrs["failures"]` lists what could not be read.

    Raises
    ------
    Error
        As `measure`.

    Examples
    --------
    >>> import presslab
    >>> text = "Perhaps the disastrous plan will fail."
    >>> presslab.evidence(text, measures=["hedges_per_1000"], scopes=["article"], clean=False)[["measure", "text"]]
               measure     text
    0  hedges_per_1000  Perhaps
    """
    own_frames = frames_of(frames)
    pairs = set(_wanted(own_frames, measures, scopes))
    table = _tidy(partial(evidence_rows, frames=own_frames), "evidence", inputs, clean, any_language, jobs, progress)
    return table[[pair in pairs for pair in zip(table["measure"], table["scope"])]].reset_index(drop=True)


def read(inputs: Inputs, *, unique: bool = False, clean: bool = True) -> pd.DataFrame:
    """Return articles as a table: what `presslab read` writes, from exports, agency files, feeds, mail, web archives,
    tables, texts.

    Parameters
    ----------
    inputs, clean
        As in `measure`. The language is stated, not judged.
    unique : bool
        True keeps one of each group of duplicates: the first published, then the longest.

    Returns
    -------
    DataFrame
        The columns of `presslab read` (id, title, byline, outlet, published, body, text …) and `note`: why an input
        could not be read, otherwise "". Every function of presslab takes it.

    Raises
    ------
    Error
        As `measure`.

    Examples
    --------
    >>> import presslab
    >>> text = "By Tom Reed\\n\\nThe ferry will run on Sundays from May."
    >>> presslab.read([text], clean=False)[["id", "language", "note"]]
       id language note
    0   0       en
    """
    work = given(inputs, clean, True)
    items = list(work.items())
    groups = duplicates.groups([duplicates.fingerprint(item) for item in items if isinstance(item, Article)])
    rows = [
        {**article_row(i), "note": ""} if isinstance(i, Article) else {"id": i.id, "file": i.file, "note": i.reason}
        for i in items
    ]
    rows = [dict.fromkeys(ARTICLE_COLUMNS, "") | row for row in with_duplicates(rows, groups)]
    table = pd.DataFrame(rows, columns=[*ARTICLE_COLUMNS, "note"], index=work.index, dtype="str")
    if work.ids is not None:
        table["id"] = pd.Series(work.ids, index=work.index)
    first_of_each = [row["duplicate_group"] in ("", row["id"]) for row in rows]
    return table[first_of_each] if unique else table


def frames_of(frames: Frames) -> tuple[Frame, ...]:
    """Return user-defined frames, from their file if it is named. Raises LexiconError for a file that can't be used."""
    return load_frames(frames) if isinstance(frames, str | Path) else tuple(frames or ())


def _tidy(
    task: Callable[[Article], Any],
    name: str,
    inputs: Inputs,
    clean: bool,
    any_language: bool,
    jobs: int,
    progress: bool,
) -> pd.DataFrame:
    """Return a table with the columns and types of a run's; ids are the user's own."""
    rows: list[dict] = []
    owners: list[Any] = []
    failures: list[dict[str, Any]] = []
    work = given(inputs, clean, any_language)
    for place, (item, result) in enumerate(worked(task, work, jobs, progress)):
        id = work.ids[place] if work.ids is not None else item.id
        if isinstance(result, Failure):
            failures.append({"id": id, "file": result.file, "reason": result.reason})
            continue
        rows += result
        owners += [id] * len(result)
    if failures:
        first = failures[0]
        text = (
            f"presslab: {len(failures)} of the inputs left out, the first is {first['id']!r} ({first['reason']});"
            " attrs['failures'] lists them"
        )
        warnings.warn(text, stacklevel=3)
    table = framed(rows, name)
    if work.ids is not None:
        table["id"] = pd.Series(owners, dtype=None if owners else object)
    table.attrs["failures"] = failures
    return table


def framed(rows: list[dict], name: str) -> pd.DataFrame:
    """Return rows of a run's table with its columns and types."""
    return pa.Table.from_pylist(whole_rows(rows, TABLES[name]), schema=schema(TABLES[name])).to_pandas()


def _long(
    inputs: Inputs,
    own_frames: tuple[Frame, ...],
    yardstick: Yardstick,
    pairs: list[tuple[str, str]],
    intervals: bool,
    clean: bool,
    any_language: bool,
    jobs: int,
    progress: bool,
) -> pd.DataFrame:
    """Return one row per input, measure and scope; what could not be measured has all its rows, without a number
    and with the reason."""
    rows: list[dict] = []
    owners: list[Any] = []
    pair_set = set(pairs)
    cards = with_frames(own_frames)
    work = given(inputs, clean, any_language)
    task = partial(measure_rows, frames=own_frames, yardstick=yardstick)
    for place, (item, result) in enumerate(worked(task, work, jobs, progress)):
        if isinstance(result, Failure):
            empty = {"id": item.id, "note": result.reason, "n": 0} | dict.fromkeys(NUMBERS)
            result = [empty | {"measure": name, "scope": scope, "unit": cards[name].unit} for name, scope in pairs]
        article_rows = [row for row in result if (row["measure"], row["scope"]) in pair_set]
        rows += article_rows
        owners += [work.ids[place] if work.ids is not None else item.id] * len(article_rows)
    table = framed(rows, "measures")
    if work.ids is not None:
        table["id"] = pd.Series(owners, dtype=None if owners else object)
    return table if intervals else table.drop(columns=["low", "high"])


def _wanted(
    frames: tuple[Frame, ...], measures: Iterable[str] | None, scopes: Iterable[str] | None
) -> list[tuple[str, str]]:
    """Return measures with scopes, in the order of the cards. Raises Error for a name that is none."""
    cards = with_frames(frames)
    names, places = list(cards if measures is None else [measures] if isinstance(measures, str) else measures), list(
        SCOPES if scopes is None else [scopes] if isinstance(scopes, str) else scopes)  # fmt: skip
    for name, choices, what in [*((n, cards, "measure") for n in names), *((s, SCOPES, "scope") for s in places)]:
        if name not in choices:
            near = get_close_matches(str(name), list(choices), 3, 0.5)
            raise UnknownName(
                f"{name!r} is no {what}"
                + (f"; did you mean {' or '.join(near)}?" if near else "; codebook() lists all")
            )
    return [
        (name, scope)
        for name, card in cards.items()
        if name in names
        for scope in SCOPES
        if scope in card.scopes and scope in places
    ]
