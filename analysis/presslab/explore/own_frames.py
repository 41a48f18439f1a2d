"""A user-defined frame, typed or in a file, applied to articles that are measured already."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
import re

import pandas as pd
import yaml

from presslab.measures.attribution import voices
from presslab.measures.framing import Frame, LexiconError, frame_measures, read_frames

from .collection import Applied, Collection, ExploreError, Progress, attributions, document, load

LARGEST = 500_000  # bytes of a frame file
TYPED = "typed frame"


@dataclass(frozen=True)
class Count:
    """What a frame matched: `articles` of `of` with at least one of its terms, `matches` in all; `dead` terms matched
    nothing, `frequent` are (term, matches), most first."""

    label: str
    terms: int
    articles: int
    of: int
    matches: int
    frequent: tuple[tuple[str, int], ...]
    dead: tuple[str, ...]


def typed(name: str, terms: str) -> str:
    """Return the YAML of a frame file out of a name and terms that are divided by commas or line ends. Raises
    ExploreError."""
    label = " ".join(name.split())
    column = re.sub(r"[^a-z0-9]+", "_", label.casefold()).strip("_")
    if not column:
        raise ExploreError("give the frame a name, in plain letters")
    if column[0].isdigit():
        column = f"f_{column}"
    term_list = list(dict.fromkeys(t for part in re.split(r"[,;\n]", terms) if (t := " ".join(part.split()))))
    if not term_list:
        raise ExploreError(
            "give the frame some terms, divided by commas or one on each line, such as: rent, landlord/NOUN, evict*"
        )
    heading = {
        "name": column, "label": label, "question": f"How much of the text’s vocabulary belongs to “{label}”?",
        "source": "terms typed in explore.ipynb", "terms": term_list,
    }  # fmt: skip
    return yaml.safe_dump(heading, allow_unicode=True, sort_keys=False)


def from_file(path: str | Path) -> str:
    """Return the text of a frame file. Raises ExploreError if it can't be read."""
    try:
        if Path(path).stat().st_size > LARGEST:
            raise ExploreError(f"{Path(path).name}: too large for a frame file (at most {LARGEST // 1000} kB)")
        return Path(path).read_text("utf-8")
    except (OSError, ValueError) as error:
        raise ExploreError(
            f"{path}: can't be read ({getattr(error, 'strerror', None) or 'no UTF-8 text, or no file name'})"
        ) from error


def with_frames(
    collection: Collection,
    text: str,
    file: str = TYPED,
    ids: Iterable[str] | None = None,
    progress: Progress = lambda done, all: None,
) -> Collection:
    """Return the collection with the frames of a frame file's `text` measured, each as a column of `articles` like
    the generic ones.

    `ids` are the articles it is applied to (None: all); the others have no score. A frame of the same name is
    replaced. Raises ExploreError, in words for people, if the frame can't be used.
    """
    try:
        frames = read_frames(text, file)
    except LexiconError as error:
        plain = str(error)
        raise ExploreError(re.sub(rf"^{TYPED}(:\d+)?: ", "", plain) if file == TYPED else plain) from error
    article_ids = list(collection.articles["id"]) if ids is None else list(ids)
    measures: dict[str, dict] = {frame.column: {} for frame in frames}
    for number, id in enumerate(article_ids, start=1):
        document_ = document(collection, id)
        token_voices = voices(document_, attributions(collection, id))
        for frame in frames:
            measures[frame.column][id] = next(
                m for m in frame_measures(document_, token_voices, _on_articles(frame)) if m.scope == "article"
            )
        progress(number, len(article_ids))
    articles = collection.articles.copy()
    for column, by_id in measures.items():
        articles[column] = articles["id"].map({id: m.value for id, m in by_id.items()}).astype(float)
    new = [Applied(frame, text, measures[frame.column]) for frame in frames]
    others = [a for a in collection.applied if a.frame.column not in measures]
    return replace(collection, articles=articles, applied=(*others, *new))


def opened(given: str | Path, frames: str = "", progress: Progress = lambda done, all: None) -> Collection:
    """Return `load`, and the frames of a frame file ("": none) applied to all articles."""
    collection = load(given, progress=progress)
    return with_frames(collection, from_file(frames), Path(frames).name, progress=progress) if frames else collection


def _on_articles(frame: Frame) -> Frame:
    return replace(frame, scopes=("article",))


def counted(applied: Applied) -> Count:
    """Return what a frame that was applied has matched."""
    labels = pd.Series([e.label for m in applied.measured.values() for e in m.evidence], dtype=object)
    frequent = labels.value_counts()
    most_first = sorted(frequent.items(), key=lambda item: (-item[1], item[0]))
    dead = tuple(t.text for t in applied.frame.terms.terms if t.text not in frequent.index)
    with_any = sum(bool(m.evidence) for m in applied.measured.values())
    return Count(
        applied.frame.label, len(applied.frame.terms.terms), with_any, len(applied.measured), len(labels),
        tuple((str(term), int(n)) for term, n in most_first), dead,
    )  # fmt: skip
