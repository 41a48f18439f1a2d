"""Events: articles of several outlets that tell the same, put together, analysed and compared."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
import json
from pathlib import Path
import re

from presslab.measures import framing
from presslab.measures.analyse import analyse
from presslab.measures.framing import own_frames
from presslab.measures.usual import Yardstick, load as load_yardstick
from presslab.reading import handover
from presslab.reading.article import Article, ArticleError, Failure
from presslab.reading.read import read

from . import Comparison, compare
from .own_people import NOBODY, OwnPeople, own_people


@dataclass(frozen=True)
class Event:
    """Articles on one event: `id` is as the table gives it, `label` is for readers; `left_out` could not be read."""

    id: str
    label: str
    articles: tuple[Article, ...]
    left_out: tuple[Failure, ...] = ()


def groups(items: Iterable[Article | Failure], name: str = "") -> tuple[list[Event], list[Failure]]:
    """Return the events among articles, in order of first appearance, and what is left out with its reason.

    If a table has a column `event` (and perhaps `event_label`), there is an event for each value of it; otherwise all
    articles are one event, called `name`. An event with one article alone can't be compared.
    """
    failures: list[Failure] = []
    articles: list[Article] = []
    for item in items:
        if isinstance(item, Failure):
            failures.append(item)
        else:
            articles.append(item)
    unread = tuple(failures)
    several = any(a.metadata.get("event") for a in articles)
    articles_by_key: dict[str, list[Article]] = {}
    for article in articles:
        key = article.metadata.get("event", "") if several else name or "one event"
        if key:
            articles_by_key.setdefault(key, []).append(article)
        else:
            failures.append(
                Failure(article.id, article.file, "it has no event (column event): there is nothing to compare it with")
            )
    events = []
    for key, members in articles_by_key.items():
        if len(members) < 2:
            reason = f"it is the only article of event {key}: a comparison needs two at least"
            failures += [Failure(a.id, a.file, reason) for a in members]
        else:
            label = next((a.metadata["event_label"] for a in members if a.metadata.get("event_label")), key)
            events.append(Event(key, label, tuple(members), () if several else unread))
    return events, failures


def compare_event(
    event: Event, frames: tuple[framing.Frame, ...] = (), people: OwnPeople = NOBODY, yardstick: Yardstick | None = None
) -> Comparison:
    """Analyse an event's articles and compare them. `yardstick` is usual news, by default the bundled one."""
    left_out = tuple((f.file or f.id, f.reason) for f in event.left_out)
    return compare([analyse(article, frames, yardstick) for article in event.articles], event.label, left_out, people)


EVENT_FILE = "handed-over-event.json"


def hand_over(event: Event) -> dict[str, bytes]:
    """Return files from which a notebook in a plain kernel takes the event instead of reading the inputs: name →
    content."""
    about = {"id": event.id, "label": event.label, "left_out": [asdict(f) for f in event.left_out]}
    return {handover.FILE: handover.pack(event.articles), EVENT_FILE: json.dumps(about).encode()}


def _handed_over() -> Event | None:
    path = Path(EVENT_FILE)
    if not path.exists():
        return None
    about = json.loads(path.read_bytes())
    return Event(about["id"], about["label"], tuple(handover.unpack()), tuple(Failure(**f) for f in about["left_out"]))


_remembered: dict[tuple[str, str], Comparison] = {}


def remember(inputs: str, event: str, comparison: Comparison) -> None:
    """Keep one comparison, so that a notebook in a forked kernel finds it instead of computing it again."""
    _remembered.clear()
    _remembered[inputs, event] = comparison


def load(
    inputs: str, event: str = "", clean: bool = True, any_language: bool = False, frames: str = "", people: str = "",
    yardstick: str = "",
) -> Comparison:  # fmt: skip
    """Return the comparison of an event: the notebook's first call.

    `inputs` are files, folders, globs or a table, divided by semicolons; `event` is the event's name in the table's
    column `event` ("" if there is one event alone, or none is named). Raises ArticleError, in words for people, if
    an article can't be read or there is no such event.
    """
    ready = _remembered.get((inputs, event))
    if ready:
        return ready
    if event_in_folder := _handed_over():
        return compare_event(event_in_folder, own_frames(frames), own_people(people), load_yardstick(yardstick))
    paths = [part.strip() for part in re.split(r";", inputs) if part.strip()]
    if not paths:
        raise ArticleError("no articles were given; name them with -p articles 'FILES', divided by semicolons")
    events, failures = groups(read(paths, clean=clean, any_language=any_language), event)
    matches = [e for e in events if event in ("", e.label, e.id)]
    if not matches:
        first = f"{failures[0].file}: {failures[0].reason}" if failures else "there is no article"
        raise ArticleError(f"there is no event {event} with two articles" if event else f"nothing to compare ({first})")
    if len(matches) > 1:
        raise ArticleError(
            f"there are {len(matches)} events; name one with -p event NAME ({matches[0].label}, {matches[1].label}, …)"
        )
    return compare_event(matches[0], own_frames(frames), own_people(people), load_yardstick(yardstick))
