"""One article with its tables as attributes: analyse."""

from __future__ import annotations

from functools import cached_property
from itertools import islice
from pathlib import Path

import pandas as pd

from presslab.measures.analyse import Analysis, analyse as analysed
from presslab.measures.tables import rows
from presslab.measures.usual import load
from presslab.reading.article import Article, ArticleError, Failure
from presslab.reporting import alone
from presslab.reporting.wording import many, number, short

from .inputs import given
from .tables import Frames, framed, frames_of
from .work import in_turn


class Analysed:
    """One article and all that was measured: its tables are attributes, with the columns of a run's tables.

    `article` is the article as it was read, `text` the text that all offsets count in. In Jupyter it shows itself
    annotated."""

    def __init__(self, analysis: Analysis) -> None:
        self._analysis = analysis

    @property
    def article(self) -> Article:
        """The article as it was read: title, outlet, paragraphs, what was removed."""
        return self._analysis.article

    @property
    def text(self) -> str:
        """The text that was analysed: all offsets count in it."""
        return self._analysis.document.text

    @cached_property
    def _rows(self) -> dict[str, list[dict]]:
        return rows(self._analysis)

    @cached_property
    def measures(self) -> pd.DataFrame:
        """One row per measure and scope: value, 95 % interval, what it was counted on."""
        return framed(self._rows["measures"], "measures")

    @cached_property
    def attributions(self) -> pd.DataFrame:
        """One row per attribution: source, cue, content."""
        return framed(self._rows["attributions"], "attributions")

    @cached_property
    def sources(self) -> pd.DataFrame:
        """One row per source, the one with most words first."""
        return framed(self._rows["sources"], "sources")

    @cached_property
    def evidence(self) -> pd.DataFrame:
        """One row per stretch of text that a number rests on."""
        return framed(self._rows["evidence"], "evidence")

    @cached_property
    def removed(self) -> pd.DataFrame:
        """One row per stretch of the input that was cut before measuring, with the reason."""
        return framed(self._rows["removed"], "removed")

    def __repr__(self) -> str:
        source_count, attribution_count = len(self._analysis.sources), len(self._analysis.attributions)
        title = " ".join((self.article.title or self.article.id).split())
        return (
            f"<presslab: {short(title, 60)!r}, {many(len(self.text.split()), 'word')}, {many(source_count, 'source')},"
            f" {many(attribution_count, 'attribution')}>"
        )

    def _repr_html_(self) -> str:
        article = self.article
        facts = [
            ("outlet", article.outlet),
            ("published", article.published),
            ("byline", article.byline),
            ("words", number(len(self.text.split()))),
        ]
        return str(alone.framed(self._analysis, article.title or article.id, facts))


def analyse(
    text: str | Path | Article,
    *,
    frames: Frames = None,
    yardstick: str | Path = "",
    clean: bool = True,
    any_language: bool = False,
) -> Analysed:
    """Return one article with all its numbers, tables and evidence.

    Parameters
    ----------
    text : str, Path or Article
        A text, the path of a file with one article, or an Article.
    frames : path or frames, optional
        User-defined frames, a YAML file or what `frames` returns.
    yardstick : path, optional
        A file of usual news, made by `presslab yardstick`; by default the one bundled with presslab.
    clean, any_language : bool
        As the command's --no-clean and --any-language.

    Returns
    -------
    Analysed
        `measures`, `attributions`, `sources`, `evidence` and `removed` are data frames; `text` is what was analysed. In
        Jupyter the article is shown annotated.

    Raises
    ------
    Error
        If there is no article in it, or more than one.

    Examples
    --------
    >>> import presslab
    >>> presslab.analyse("The old bridge will close in May, Mayor Ada Quill said on Monday.", clean=False)
    <presslab: 'text', 13 words, 1 source, 1 attribution>
    """
    items = list(islice(given(text, clean, any_language).items(), 2))
    if len(items) != 1:
        raise ArticleError(
            "there are several articles in it; measure() takes many" if items else "there is no article in it"
        )
    item = items[0]
    if isinstance(item, Failure):
        raise ArticleError(": ".join(filter(None, [item.file, item.reason])))
    with in_turn():
        return Analysed(analysed(item, frames_of(frames), load(yardstick)))
