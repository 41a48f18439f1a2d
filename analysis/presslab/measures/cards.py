"""The catalogue: what each measure means, how it is computed and against which coding it was checked."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from functools import lru_cache
import math

from presslab.system.error import Error
from presslab.system.plain_yaml import packaged

from . import framing, trust
from .framing.frames import REPEATED, SHORT
from .measure import SCOPES
from .sources.types import source_types
from .usual import hundredths
from .validity import figures

GROUP = "group_"  # before a key of heard.GROUPS: the share of attributions to that group of sources

FRAME = "Frame: "  # what the label of a frame begins with
FRAME_UNIT = "0 to 1 (built-in frames: percentile rank among usual news)"  # beside charts of frames

GROUP_LABELS = {
    "officials": "officials and politicians",
    "people": "people without an office (witnesses, citizens)",
    "organisations": "experts, companies, associations and media",
    "documents": "documents and data",
    "nameless": "unnamed and collective sources",
    "not_given": "role not stated",
}


def type_label(kind: str) -> str:
    """Return the name of a type of source for readers."""
    return source_types()[kind].label if kind in source_types() else "type not stated"


def group_label(group: str) -> str:
    """Return the name of a group of sources (`compare.heard.GROUPS`) for readers."""
    return GROUP_LABELS[group]


def short_label(label: str) -> str:
    """Return the label of a frame for a place that says it is one: "conflict" for "Frame: conflict"; any other label
    as it is."""
    return label.removeprefix(FRAME)


@lru_cache(maxsize=1)
def own_cards() -> Catalogue:
    """Return the cards of what only a comparison shows (data/cards/compare.yaml)."""
    entries = packaged("cards/compare.yaml")
    return Catalogue(
        {name: Card(name=name, family="compare", **entry | {"checks": ()}) for name, entry in entries.items()}
    )


def _interval(name: str) -> str:
    """Return how the interval of a measure is made (data/cards/intervals.yaml); "" if its card says so itself."""
    kinds = packaged("cards/intervals.yaml")
    return next((k["said"] for k in kinds if any(fnmatchcase(name, pattern) for pattern in k["measures"])), "")


FAMILIES = ("attribution", "readability", "framing")
FRAME_SCOPES = {
    "article": "all words",
    "journalist": "words that are neither quoted nor reported as somebody's",
    "quoted": "words in quotations and in reported content",
}


class CardError(Error):
    """A measure card is missing or incomplete; the message names the card, the key and the file."""


@dataclass(frozen=True)
class Card:
    """What a measure means, how it is computed and how far to trust it: one entry of data/cards/FAMILY.yaml.

    `counted_on` names what `Measure.n` counts; `scopes` says for each scope in which text it was computed (none: it is
    shown as a table, not as a number); `checks` names the corpora whose records of this very number count, the first of
    which makes the word (`trust.trust`); `decimals` is how many a reader is shown; `key` marks the few measures of the
    index and the summary; these say in `plain` what their value means, with {value}, {of_100} or {full_100} (of 100
    usual news articles, those with less; not rounded up), and in `plain_near` what coders saw in the {n} coded articles
    on a topic that had such a value, for articles near that topic."""

    name: str
    family: str
    label: str
    meaning: str
    unit: str
    counted_on: str
    direction: str
    formula: str
    source: str
    minimum: str
    scopes: dict[str, str]
    checks: tuple[str, ...] = ()
    limits: str = ""
    decimals: int = 2
    key: bool = False
    plain: str = ""
    plain_near: Mapping[str, str] = field(default_factory=dict)

    @property
    def short_label(self) -> str:
        """The label as `short_label` returns it."""
        return short_label(self.label)

    def trusted(self, scope: str = "article", kinds: trust.Kinds = trust.UNKNOWN) -> trust.Trust:
        """Return how far to trust the number in a scope, for articles of these kinds."""
        return trust.trust(self.name, scope, self.checks, kinds)

    @property
    def validation(self) -> str:
        """The word for each scope with its figures, as text."""
        scopes = {scope: self.trusted(scope) for scope in self.scopes or ("article",)}
        if len(set(scopes.values())) == 1:
            return trust.as_text(next(iter(scopes.values())))
        return "; ".join(
            f"{', '.join(scope for scope in scopes if scopes[scope] == one)}: {trust.as_text(one)}"
            for one in dict.fromkeys(scopes.values())
        )

    def said(self, value: float, topics: Container[str] = (), usual: float | None = None) -> str:
        """Return what a value means in an article near these topics, in plain sentences; what the measure means if the
        card has none. `usual` is its rank in usual news, NaN if that is not known; by default the value itself, as
        generic frames have it."""
        rank = value if usual is None else usual
        if not self.plain or math.isnan(value) or math.isnan(rank) and "{full_100}" in self.plain:
            return self.meaning
        sentences = [
            self.plain.format(
                value=f"{value:.{self.decimals}f}",
                of_100=f"{100 * value:.{max(0, self.decimals - 2)}f}",
                full_100="" if math.isnan(rank) else hundredths(rank),
            )
        ]
        for topic, sentence in self.plain_near.items():
            if topic in topics:
                n, seen = coded_like(self.name, value)
                sentences.append(sentence.format(n=n, seen=seen))
        return " ".join(sentences)


def coded_like(frame: str, value: float) -> tuple[int, int]:
    """Return how many articles coded by hand had a value like this, and in how many of them coders saw the frame
    (data/validation/framing.json)."""
    groups = figures("framing")["frames"][frame.removeprefix("frame_")]["like"]
    _, n, seen = next((group for group in groups if value <= group[0]), groups[-1])
    return n, seen


@dataclass(frozen=True, eq=False)
class Catalogue(Mapping[str, Card]):
    """The cards of measures by name, in order: the built-in ones, then those of user-defined frames. It is never
    changed: a run makes one and hands it on."""

    _cards: Mapping[str, Card]

    def __getitem__(self, name: str) -> Card:
        return self._cards[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._cards)

    def __len__(self) -> int:
        return len(self._cards)

    @property
    def own(self) -> list[Card]:
        """The cards of user-defined frames."""
        return [card for name, card in self.items() if name not in builtin()]

    def compared(self, name: str) -> Card:
        """Return the card of a compared measure; a group of sources has the card `source_group` with its own label."""
        if not name.startswith(GROUP):
            return self[name]
        label = f"Heard: {group_label(name.removeprefix(GROUP))}"
        return replace(own_cards()["source_group"], name=name, label=label)

    def joined(self, cards: Iterable[Card]) -> Catalogue:
        """Return a catalogue that has more cards: those of `cards` that this one lacks."""
        return Catalogue({**self, **{card.name: card for card in cards if card.name not in self}})


def catalogue(frames: str = "") -> Catalogue:
    """Return the built-in cards and those of the user-defined frames in a YAML file, if one is named. Raises
    LexiconError."""
    return with_frames(framing.own_frames(frames))


def with_frames(frames: Iterable[framing.Frame]) -> Catalogue:
    """Return the built-in cards and those of user-defined frames."""
    return builtin().joined(map(of_frame, frames))


def of_frame(frame: framing.Frame) -> Card:
    """Return the card of a user-defined frame."""
    return Card(
        name=frame.column,
        family="framing",
        label=f"{FRAME}{frame.label}",
        meaning=f"{frame.question} The higher, the more of the text's words belong to this frame's word list.",
        unit="0–1",
        counted_on="words",
        direction="higher: the frame is more present",
        formula=(
            f"raw = 1000 × Σ weight × min(1, words since the term was last used / {REPEATED}) / words; value = raw /"
            f" (raw + {frame.half:g})"
        ),
        source=frame.source,
        minimum=f"any length; below {SHORT} words with a warning",
        scopes={scope: FRAME_SCOPES[scope] for scope in frame.scopes},
        limits=f"Rests on {len(frame.terms.terms)} terms of {frame.terms.file}. No coder has judged it.",
    )


def of_codebook(rows: Iterable[Mapping[str, str]]) -> Iterator[Card]:
    """Yield cards out of rows of a run's codebook.csv."""
    for row in rows:
        scopes = dict(part.partition(": ")[::2] for part in row["scopes"].split("; "))
        yield Card(
            name=row["measure"],
            family=row["family"],
            label=row["label"],
            meaning=row["meaning"],
            unit=row["unit"],
            counted_on=row["counted_on"],
            direction=row["direction"],
            formula=row["formula"],
            source=row["source"],
            minimum=row["minimum"],
            scopes=scopes,
            limits=row["limits"],
        )


@lru_cache(maxsize=1)
def builtin() -> Catalogue:
    """Return the built-in cards, in the order of the files. Raises CardError for a missing or unknown key."""
    found: dict[str, Card] = {}
    for family in FAMILIES:
        for name, entry in (packaged(f"cards/{family}.yaml") or {}).items():
            try:
                formula = "; ".join(filter(None, (entry["formula"], _interval(name))))
                checks = tuple(entry.get("checks", ()))
                card = Card(name=name, family=family, **entry | {"formula": formula, "checks": checks})
            except (TypeError, KeyError) as error:
                raise CardError(f"cards/{family}.yaml: {name}: {error}") from error
            unknown = set(card.scopes) - set(SCOPES)
            if unknown:
                raise CardError(f"cards/{family}.yaml: {name}: unknown scope {', '.join(sorted(unknown))}")
            found[name] = card
    return Catalogue(found)
