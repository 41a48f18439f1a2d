"""One word for how far to trust a number, from its own record of validity, its scope, and what the articles read
like."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
import re
from typing import Any

from presslab.system.plain_yaml import packaged

from .topic import TOPICS
from .validity import Record, records

UNCHECKED = "unchecked"
KIND = "another kind"  # in the reason of a word that is lowered for what an article reads like
PLURALS = {"sentence boundary": "sentence boundaries", "pair of versions": "pairs of versions"}


@dataclass(frozen=True)
class Kinds:
    """What articles read like: how many of `count` are near each topic (keys of `topic.TOPICS`)."""

    count: int = 0
    near: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, articles: Iterable[tuple[str, ...]]) -> Kinds:
        """Return the kinds of articles from the topics that each is near."""
        each = list(articles)
        return cls(len(each), dict(Counter(topic for topics in each for topic in topics)))

    @classmethod
    def read(cls, code: str) -> Kinds:
        """Return kinds from their `code`; none from text that is no code."""
        parts = dict(re.findall(r"(\w+)=(\d+)", code))
        count = int(parts.pop("n", 0))
        return cls(count, {topic: int(number) for topic, number in parts.items()})

    @property
    def code(self) -> str:
        """The kinds as one word: "n=1,politics=1"."""
        return ",".join([f"n={self.count}", *(f"{t}={n}" for t, n in sorted(self.near.items()))])

    def far(self, topic: str) -> int:
        """Return how many articles don't read like a topic."""
        return self.count - self.near.get(topic, 0) if topic in TOPICS else 0


UNKNOWN = Kinds()  # no article in sight, as in a codebook: no word is lowered for its kind


@dataclass(frozen=True)
class Trust:
    """The word for one number in one scope, why it is no better than its figure (sentences without full stop), and the
    records behind it, the one that makes the word first."""

    word: str
    why: tuple[str, ...] = ()
    records: tuple[Record, ...] = ()


@lru_cache(maxsize=1)
def rules() -> dict[str, Any]:
    """Return thresholds and limits (data/trust.yaml)."""
    return packaged("trust.yaml")


def lower(word: str, steps: int = 1) -> str:
    """Return the word so many steps below."""
    words = rules()["words"]
    return words[min(words.index(word) + steps, len(words) - 1)]


def worse(one: str, other: str) -> str:
    """Return the worse of two words."""
    return max(one, other, key=rules()["words"].index)


def by_figure(record: Record) -> tuple[str, tuple[str, ...]]:
    """Return the word that a record's own figures make, and what holds it down."""
    limits, why = rules()["limits"], []
    least = rules()["thresholds"][record.statistic]["least"]
    if record.low is None:
        return UNCHECKED, ("its figure has no interval",)
    word = next((name for name, bound in least.items() if record.low > bound), UNCHECKED)
    if word == UNCHECKED:
        return word, ("its check shows no more than chance",)

    def hold(most: str, reason: str) -> None:
        nonlocal word
        if worse(word, most) != word:
            word = most
            why.append(reason)

    if record.n < limits["few"]["below"]:
        hold(limits["few"]["most"], limits["few"]["why"].format(unit=record.unit))
    if record.unit != "article":
        hold(limits["smaller unit"]["most"], limits["smaller unit"]["why"].format(unit=record.unit))
    if limits["no person"]["coders"] in record.coders:
        hold(limits["no person"]["most"], limits["no person"]["why"])
    if record.among is not None and record.among < limits["coders differ"]["below"]:
        hold(limits["coders differ"]["most"], limits["coders differ"]["why"].format(among=record.among))
    for step in record.shared:
        if step in rules()["shared"]:
            hold(rules()["shared"][step]["most"], rules()["shared"][step]["why"])
    if record.bias is not None and record.spread and abs(record.bias) > limits["biased"]["above"] * record.spread:
        word = lower(word, limits["biased"]["steps"])
        why.append(limits["biased"]["why"])
    return word, tuple(why)


def trust(measure: str, scope: str, checks: Iterable[str], kinds: Kinds = UNKNOWN) -> Trust:
    """Return the word for a number from the records of the corpora in `checks`, the first of which makes it.

    Articles unlike the topic that it was checked on lower it by one step, and to the word of a check on other news if
    there is one that is worse.
    """
    found = [r for corpus in checks if (r := records().get((measure, scope, corpus)))]
    main = next((r for r in found if not r.of and r.topic != "other"), None)
    if main is None:
        return Trust(UNCHECKED, (), tuple(found))
    word, why = by_figure(main)
    limit = _unlike(main, kinds)
    if limit and word != UNCHECKED:
        word, why = lower(word, limit["steps"]), (*why, _said(limit["why"], main, kinds))
        for other in found:
            if other.topic == "other" and not other.of:
                word = worse(word, by_figure(other)[0])
    return Trust(word, why, (main, *(r for r in found if r is not main)))


def _unlike(record: Record, kinds: Kinds) -> dict[str, Any] | None:
    """Return the limit for articles that read like another kind than a record's; None if they don't."""
    limits, far = rules()["limits"], kinds.far(record.topic)
    if kinds.count == 1:
        return limits["other kind"] if far else None
    return limits["other kinds"] if far > limits["other kinds"]["above"] * kinds.count else None


def _said(text: str, record: Record, kinds: Kinds) -> str:
    return text.format(topic=TOPICS[record.topic], years=record.years, far=kinds.far(record.topic), of=kinds.count)


def as_text(one: Trust) -> str:
    """Return a word with what holds it down and its figures, as one piece of text."""
    why = f" ({'; '.join(one.why)})" if one.why else ""
    return " | ".join([one.word + why, *map(figures, one.records)])


def figures(record: Record) -> str:
    """Return a record's figures and where they come from: statistic, interval, count, error, name of the corpus
    (`corpora` says more), years, coders."""
    digits = 3 if record.statistic in ("F1", "share right", "pairs in order") else 2
    value = f"{record.value:.{digits}f}"
    bounds = "" if record.low is None else f" [{record.low:.{digits}f} to {record.high:.{digits}f}]"
    off = "" if record.error is None else f"; error {_short(record.error)}, bias {_signed(record.bias or 0)}"
    of = f"{record.of}: " if record.of else ""
    unit = PLURALS.get(record.unit, f"{record.unit}s")
    return (
        f"{of}{record.statistic} {value}{bounds}, n {record.n:,} {unit}{off}; {name_of(record)}, {record.years}, coded"
        f" by {record.coders}"
    )


def name_of(record: Record) -> str:
    """Return the name of a record's corpus, without what is said of it."""
    return record.on.partition(":")[0].partition(",")[0]


def corpora() -> list[Record]:
    """Return a record of each corpus that numbers were checked on, without those of people among themselves."""
    return list({name_of(r): r for r in reversed(records().values()) if not r.of}.values())[::-1]


def _short(value: float) -> str:
    return f"{value:.3f}" if abs(value) < 1 else f"{value:.1f}"


def _signed(value: float) -> str:
    return f"{'−' if value < 0 else '+'}{_short(abs(value))}"
