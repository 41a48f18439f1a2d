"""The codebook: what coders are asked. YAML, checked with file and line; a default one comes from the measures'
cards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
import re
from typing import Any, get_args

import yaml

from presslab.measures.cards import Card, builtin, short_label
from presslab.measures.measure import SCOPES
from presslab.measures.statistics.agreement import Scale
from presslab.system.plain_yaml import LARGEST, NotPlain, nodes, packaged

from . import CodingError

SCALES: tuple[Scale, ...] = get_args(Scale)
QUESTION = {
    "name": True,
    "ask": True,
    "scale": True,
    "values": False,
    "low": False,
    "high": False,
    "unit": False,
    "definition": False,
    "examples": False,
    "measure": False,
    "scope": False,
}
SPAN = {"name": True, "label": True, "key": True, "definition": False, "examples": False, "measure": False}
TAKEN = "jknpuexc?"  # keys that the form uses itself
NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
SHARE = "share of words marked"


@dataclass(frozen=True)
class Question:
    """One question to coders. `scale` is one of SCALES; `values` are (number, label) to choose from, or () if a
    number from `low` to `high` is typed in; `measure` and `scope` name what presslab measures of the same, or are
    ""."""

    name: str
    ask: str
    scale: Scale
    values: tuple[tuple[float, str], ...] = ()
    low: float = float("-inf")
    high: float = float("inf")
    unit: str = ""
    definition: str = ""
    examples: tuple[str, ...] = ()
    measure: str = ""
    scope: str = "article"

    @property
    def binary(self) -> bool:
        """Whether the answers are yes (1) and no (0)."""
        return sorted(value for value, _ in self.values) == [0, 1]

    @property
    def bounds(self) -> tuple[float, float]:
        """The lowest and the highest answer there can be."""
        if self.values:
            return min(v for v, _ in self.values), max(v for v, _ in self.values)
        return max(self.low, 0.0) if self.scale == "ratio" else self.low, self.high

    def fits(self, value: float) -> bool:
        """Return whether a number is an answer to it."""
        return value in {v for v, _ in self.values} if self.values else self.low <= value <= self.high

    def label(self, value: float) -> str:
        """Return the answer in words, or the number."""
        return dict(self.values).get(value, f"{value:g}")


@dataclass(frozen=True)
class SpanKind:
    """Something that coders mark in the text, with the key that marks it. `measure` is compared with the share of words
    marked."""

    name: str
    label: str
    key: str
    definition: str = ""
    examples: tuple[str, ...] = ()
    measure: str = ""


@dataclass(frozen=True)
class Codebook:
    """All that coders are asked: a title, words on how to work, questions, kinds of spans."""

    title: str
    instructions: str
    questions: tuple[Question, ...]
    spans: tuple[SpanKind, ...] = ()

    def question(self, name: str) -> Question:
        """Return a question by name. Raises KeyError."""
        return next(q for q in self.asked() if q.name == name)

    def asked(self) -> tuple[Question, ...]:
        """Return the questions, and one for each kind of span: which share of the article's words was marked."""
        span_questions = tuple(
            Question(
                f"{s.name}_share", f"{s.label}: {SHARE}", "ratio", low=0, high=1, unit="share, 0–1", measure=s.measure
            )
            for s in self.spans
        )
        return self.questions + span_questions


def default(own: Iterable[Mapping[str, str]] = ()) -> Codebook:
    """Return the codebook made from the measures' cards and data/coding/questions.yaml.

    `own` are rows of a run's codebook.csv: user-defined frames in them are asked about too.
    """
    texts = packaged("coding/questions.yaml")
    questions = [_asked(builtin()[name], entry) for name, entry in texts["questions"].items()]
    questions += [
        Question(
            row["measure"],
            f"Does the article frame the matter as {short_label(row['label'])}?",
            "nominal",
            ((1, "yes"), (0, "no")),
            definition=row["meaning"],
            measure=row["measure"],
        )
        for row in own
        if row["measure"].startswith("frame_") and row["measure"] not in texts["questions"]
    ]
    spans = [
        SpanKind(s["name"], s["label"], s["key"], s["definition"], tuple(s["examples"]), measure)
        for measure, s in texts["spans"].items()
    ]
    text = (
        "Read the whole article once, then answer. Answer by the definitions here, not by what you know of the outlet"
        " or the event. If you can’t decide, choose what fits better and say so in the comment. Don’t talk about an"
        " article with other coders before all are done."
    )
    return Codebook("What coders are asked", text, tuple(questions), tuple(spans))


def _asked(card: Card, entry: Mapping[str, Any]) -> Question:
    values = tuple((float(value), str(label)) for value, label in entry.get("values", {}).items())
    bounds = {end: float(entry[end]) for end in ("low", "high") if end in entry}
    return Question(
        card.name,
        entry["ask"],
        entry["scale"],
        values,
        unit=entry.get("unit", ""),
        definition=entry["definition"],
        examples=tuple(entry["examples"]),
        measure=card.name,
        scope=entry.get("scope", "article"),
        **bounds,
    )


def dumped(book: Codebook) -> str:
    """Return the codebook as YAML, as `load` reads it."""

    def plain(value: float) -> float | int:
        return int(value) if value == int(value) else value

    def kept(entry: dict[str, Any]) -> dict[str, Any]:
        return {k: v for k, v in entry.items() if v not in ("", [], {}, None)}

    questions = [
        kept(
            {
                "name": q.name,
                "ask": q.ask,
                "scale": q.scale,
                "values": {plain(v): label for v, label in q.values},
                "low": None if q.low == float("-inf") or q.values else plain(q.low),
                "high": None if q.high == float("inf") or q.values else plain(q.high),
                "unit": q.unit,
                "definition": q.definition,
                "examples": list(q.examples),
                "measure": q.measure,
                "scope": q.scope if q.scope != "article" else "",
            }
        )
        for q in book.questions
    ]
    spans = [
        kept(
            {
                "name": s.name,
                "label": s.label,
                "key": s.key,
                "definition": s.definition,
                "examples": list(s.examples),
                "measure": s.measure,
            }
        )
        for s in book.spans
    ]
    about = (
        "# What coders are asked. scale: nominal, ordinal, interval or ratio. Give values with labels, or low and high"
        " for a\n# number to type in. measure (and scope: article, journalist, quoted) names what presslab measures of"
        " the same.\n"
    )
    body = kept({"title": book.title, "instructions": book.instructions, "questions": questions, "spans": spans})
    return about + yaml.safe_dump(body, sort_keys=False, allow_unicode=True, width=118)


def load(path: Path) -> Codebook:
    """Read and check a codebook. Raises CodingError, which names file and line."""
    try:
        stamp = path.stat().st_mtime_ns
    except OSError as error:
        raise CodingError(f"{path.name}: can't be read: {error.strerror}") from error
    return _loaded(path, stamp)


@lru_cache(maxsize=8)
def _loaded(path: Path, mtime: int) -> Codebook:
    file = path.name
    try:
        if path.stat().st_size > 4 * LARGEST:
            raise CodingError(f"{file}: too large (at most {LARGEST // 1000} kB)")
        roots = nodes(path.read_text("utf-8"), file)
    except NotPlain as error:
        raise CodingError(str(error)) from error
    except (OSError, UnicodeDecodeError) as error:
        raise CodingError(f"{file}: can't be read ({getattr(error, 'strerror', None) or 'no UTF-8 text'})") from error
    root = roots[0] if roots else None
    if root is None:
        raise CodingError(f"{file}:1: is empty; expected title and questions")
    top = _keys(root, {"title": True, "instructions": False, "questions": True, "spans": False}, file, "a codebook")
    questions = tuple(_question(node, file) for node in _items(top["questions"], file, "questions"))
    spans = tuple(_span(node, file) for node in _items(top["spans"], file, "spans")) if "spans" in top else ()
    lines: dict[str, int] = {}
    entries = [*top["questions"].value, *(top["spans"].value if "spans" in top else [])]
    for node, name in zip(entries, [q.name for q in questions] + [s.name for s in spans]):
        if name in lines:
            raise _error(file, node, f"the name “{name}” is given in line {lines[name]} already")
        lines[name] = node.start_mark.line + 1
    keys = [s.key for s in spans]
    for node, key in zip(entries[len(questions) :], keys):
        if keys.count(key) > 1:
            raise _error(file, node, f"two kinds of spans have the key “{key}”")
    instructions = _text(top["instructions"], file) if "instructions" in top else ""
    return Codebook(_text(top["title"], file), instructions, questions, spans)


def _question(node: yaml.Node, file: str) -> Question:
    fields = _keys(node, QUESTION, file, "a question")
    words = ("name", "ask", "scale", "unit", "definition", "measure", "scope")
    text: dict[str, str] = {k: _text(fields[k], file) for k in words if k in fields}
    _named(fields["name"], text["name"], file)
    scale = next((s for s in SCALES if s == text["scale"]), None)
    if scale is None:
        raise _error(file, fields["scale"], f"unknown scale “{text['scale']}” (one of {', '.join(SCALES)})")
    values = _values(fields["values"], file) if "values" in fields else ()
    low = _number(fields["low"], file) if "low" in fields else float("-inf")
    high = _number(fields["high"], file) if "high" in fields else float("inf")
    if values and fields.keys() & {"low", "high"}:
        raise _error(file, node, "give either values, or low and high")
    if not values and scale in ("nominal", "ordinal"):
        raise _error(file, node, f"a question on a {scale} scale needs values, such as {{1: yes, 0: no}}")
    if low >= high:
        raise _error(file, fields["low"], "low must be less than high")
    if scale == "ratio" and (min((v for v, _ in values), default=0.0) < 0 or "low" in fields and low < 0):
        raise _error(file, node, "a ratio scale begins at 0")
    scope = text.get("scope", "article")
    if scope not in SCOPES:
        raise _error(file, fields["scope"], f"unknown scope “{scope}” (one of {', '.join(SCOPES)})")
    _measured(fields, text, file)
    return Question(
        name=text["name"],
        ask=text["ask"],
        scale=scale,
        values=values,
        low=low,
        high=high,
        unit=text.get("unit", ""),
        definition=text.get("definition", ""),
        examples=_examples(fields, file),
        measure=text.get("measure", ""),
        scope=scope,
    )


def _span(node: yaml.Node, file: str) -> SpanKind:
    fields = _keys(node, SPAN, file, "a kind of span")
    words = ("name", "label", "key", "definition", "measure")
    text: dict[str, str] = {k: _text(fields[k], file) for k in words if k in fields}
    _named(fields["name"], text["name"], file)
    if not re.fullmatch("[a-z]", text["key"]) or text["key"] in TAKEN:
        raise _error(
            file,
            fields["key"],
            f"key must be one letter a–z, and none of {', '.join(TAKEN[:-1])}, which the form needs",
        )
    _measured(fields, text, file)
    return SpanKind(
        name=text["name"],
        label=text["label"],
        key=text["key"],
        definition=text.get("definition", ""),
        examples=_examples(fields, file),
        measure=text.get("measure", ""),
    )


def _measured(fields: Mapping[str, yaml.Node], text: Mapping[str, str], file: str) -> None:
    """Refuse a measure that there is not; user-defined frames are known only to the run."""
    name = text.get("measure", "")
    if (
        name
        and not name.startswith("frame_")
        and (name not in builtin() or text.get("scope", "article") not in builtin()[name].scopes)
    ):
        raise _error(
            file,
            fields["measure"],
            f"there is no measure “{name}” for the scope {text.get('scope', 'article')}; the run’s codebook.csv lists"
            " them",
        )


def _named(node: yaml.Node, name: str, file: str) -> None:
    if not NAME.fullmatch(name):
        raise _error(file, node, f"“{name}” is not a name: small letters, digits and _, beginning with a letter")


def _keys(node: yaml.Node, keys: Mapping[str, bool], file: str, what: str) -> dict[str, yaml.Node]:
    if not isinstance(node, yaml.MappingNode):
        raise _error(file, node, f"{what} has keys: {', '.join(keys)}")
    fields: dict[str, yaml.Node] = {}
    for key, value in node.value:
        if key.value not in keys:
            raise _error(file, key, f"unknown key “{key.value}” in {what} (known: {', '.join(keys)})")
        if key.value in fields:
            raise _error(file, key, f"key “{key.value}” appears twice")
        fields[key.value] = value
    missing_keys = [k for k, is_required in keys.items() if is_required and k not in fields]
    if missing_keys:
        raise _error(file, node, f"{what} needs the key {', '.join(missing_keys)}")
    return fields


def _items(node: yaml.Node, file: str, what: str) -> list[yaml.Node]:
    if not isinstance(node, yaml.SequenceNode) or not node.value:
        raise _error(file, node, f"{what} is a list, each entry beginning with “- name:”")
    return node.value


def _values(node: yaml.Node, file: str) -> tuple[tuple[float, str], ...]:
    if not isinstance(node, yaml.MappingNode) or len(node.value) < 2:
        raise _error(file, node, "values are numbers with labels, two at least, such as {1: yes, 0: no}")
    values = tuple((_number(key, file), _text(value, file)) for key, value in node.value)
    if len({v for v, _ in values}) < len(values):
        raise _error(file, node, "a value appears twice")
    return values


def _examples(fields: Mapping[str, yaml.Node], file: str) -> tuple[str, ...]:
    if "examples" not in fields:
        return ()
    if not isinstance(fields["examples"], yaml.SequenceNode):
        raise _error(file, fields["examples"], "examples are a list")
    return tuple(_text(item, file) for item in fields["examples"].value)


def _text(node: yaml.Node, file: str) -> str:
    if not isinstance(node, yaml.ScalarNode) or not node.value.strip():
        raise _error(file, node, "expected words here")
    return node.value.strip()


def _number(node: yaml.Node, file: str) -> float:
    try:
        number = float(node.value)
    except (TypeError, ValueError):
        raise _error(file, node, f"expected a number here, not “{node.value}”") from None
    if number != number or abs(number) > 1e12:
        raise _error(file, node, f"“{node.value}” is not a number to code with")
    return number


def _error(file: str, node: yaml.Node, message: str) -> CodingError:
    return CodingError(f"{file}:{node.start_mark.line + 1}: {message}")
