"""One notation for readers: how numbers, intervals, plurals and long names are written, and that nobody writes them
by hand."""

import ast
import math
from pathlib import Path
import re

import pytest

from presslab.measures.measure import Measure
from presslab.reporting import wording

PACKAGE = Path(__file__).resolve().parents[1] / "analysis" / "presslab"
ROOMS = ("reporting", "comparison", "collecting", "coding", "explore", "api", "cli")
NAN = math.nan


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (wording.number(1234.5, 1), "1,234.5"),
        (wording.number(-0.25, 2), "−0.25"),
        (wording.number(12345), "12,345"),
        (wording.number(NAN, 2), "–"),
        (wording.number(None, 2), "–"),
        (wording.signed(0.5, 2), "+0.50"),
        (wording.signed(-0.5, 2), "−0.50"),
        (wording.signed(-0.0, 2), "−0.00"),
        (wording.percent(0.431), "43 %"),
        (wording.percent(0.431, 1), "43.1 %"),
        (wording.percent(NAN), "–"),
        (wording.interval(33.2, 54, 1), "33.2 to 54.0"),
        (wording.with_interval(43, 33.2, 54, 1), "43.0 [33.2 to 54.0]"),
        (wording.with_interval(43, NAN, NAN, 1), "43.0"),
        (wording.with_interval(NAN, 1, 2, 1), "–"),
        (wording.share(0.43, -0.02, 1.2), "43 % [0 % to 100 %]"),
        (wording.share(0.43, NAN, NAN), "43 %"),
        (wording.share(NAN, 0.1, 0.2), "–"),
        (wording.chance(0.0004), "< .001"),
        (wording.chance(0.0341), ".034"),
        (wording.chance(1.0), "1.000"),
        (wording.many(1, "word"), "1 word"),
        (wording.many(0, "word"), "0 words"),
        (wording.many(1234, "story", "stories"), "1,234 stories"),
        (wording.either(2, "is", "are"), "are"),
        (" ".join(map(wording.order, (1, 2, 3, 4, 11, 12, 21, 112))), "1st 2nd 3rd 4th 11th 12th 21st 112th"),
        (wording.short("abcdef", 6), "abcdef"),
        (wording.short("abcdefg", 6), "abcde…"),
        (wording.first(["a", "b", "c"], 2), "a, b …"),
        (wording.first(["a", "b"], 2), "a, b"),
    ],
)  # fmt: skip
def test_everything_is_written_in_one_notation(written, expected):
    assert written == expected


def by_hand(source: str) -> list[int]:
    """The lines of a module that write a thousands separator, per cent or a plural by themselves."""
    lines = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FormattedValue) and node.format_spec:
            spec = "".join(v.value for v in node.format_spec.values if isinstance(v, ast.Constant))
            if re.search(r"[,%]", spec):
                lines.append(node.lineno)
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and re.search(r"\{[^{}]*:[^{}]*[,%]\}", node.value)
        ):
            lines.append(node.lineno)
        if isinstance(node, ast.IfExp) and isinstance(node.test, ast.Compare):
            words = [
                n.value for n in (node.body, node.orelse) if isinstance(n, ast.Constant) and isinstance(n.value, str)
            ]
            counted = isinstance(node.test.comparators[0], ast.Constant) and node.test.comparators[0].value == 1
            if (
                len(words) == 2
                and counted
                and (words[0] + "s" == words[1] or words in (["", "s"], ["s", ""], ["is", "are"]))
            ):
                lines.append(node.lineno)
    return lines


def test_nobody_writes_numbers_or_plurals_by_hand():
    assert not [
        f"{path.relative_to(PACKAGE)}:{line}"
        for room in ROOMS
        for path in sorted((PACKAGE / room).glob("*.py"))
        if path.name != "wording.py"
        for line in by_hand(path.read_text("utf-8"))
    ]


@pytest.mark.parametrize(
    "source",
    ["f'{x:,}'", "f'{x:.0%}'", "html('{:,}', x)", "'word' if n == 1 else 'words'", "f\"{'' if n == 1 else 's'}\""],
)
def test_what_is_written_by_hand_is_noticed(source):
    assert by_hand(source)


@pytest.mark.parametrize(
    ("value", "n", "unit", "said"),
    [(2 / 3, 3, "share, 0–1", "2 of 3"), (0.0, 4, "share, 0–1", "0 of 4"), (0.4, 5, "share, 0–1", "0.40"),
     (0.418, 3, "share, 0–1", "0.42"), (2.0, 3, "sources", "2.00"),
     (NAN, 3, "share, 0–1", "–")],
)  # fmt: skip
def test_a_share_of_few_cases_is_a_count(value, n, unit, said):
    assert wording.value_of(Measure("x", "article", value, n=n), unit, 2) == said
