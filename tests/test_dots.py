"""The chart of dots with intervals: rows, groups, axis, and what those hear who don't see it."""

import math
import re

from hypothesis import given, strategies as st
import pytest

from presslab.reporting.dots import SHAPES, Dot, along, chart, decimals, numbers, steps, with_numbers

NAN = math.nan
ROWS = [
    Dot("officials", 0.5, 0.4, 0.6, "50 % [40 % to 60 %]", "Post", "n-officials"),
    Dot("officials", 0.25, NAN, NAN, "25 %", "<Gazette>", "n-officials"),
    Dot("people", NAN, NAN, NAN, "–", "Post"),
    Dot("people", 1.0, 0.9, 1.2, "100 % [90 % to 100 %]", "<Gazette>"),
]


def test_a_row_says_its_label_groups_and_values_in_words():
    drawn = chart(ROWS, "Who is heard", "share of attributions")
    said = re.findall(r'role="img" aria-label="([^"]*)"', drawn)
    assert said == [
        "officials: Post 50 % [40 % to 60 %]; &lt;Gazette&gt; 25 %",
        "people: &lt;Gazette&gt; 100 % [90 % to 100 %]",
    ]
    assert "<b>Who is heard.</b> share of attributions; a line is a 95 % interval; hollow: too few for one." in drawn
    assert '<a href="#n-officials">officials</a>' in drawn and "<span>people</span>" in drawn


def test_a_value_lies_where_the_axis_says_and_its_interval_around_it():
    drawn = chart([Dot("a", 0.5, 0.25, 1.0, "half")], "t", "share", shares=True)
    assert re.findall(r"left:([\d.]+)%\">([^<]*)<", drawn) == [(f"{20 * n}", f"{20 * n} %") for n in range(6)]
    assert 'x1="25.0%" x2="100.0%"' in drawn and 'cx="50.0%"' in drawn


def test_what_has_no_interval_is_hollow():
    filled, hollow = re.findall(r'<g class="([^"]*)"', chart(ROWS[:2], "t", "u"))
    assert (filled, hollow) == ("g1", "g2 open")


def test_a_group_keeps_its_mark_where_others_are_missing():
    drawn = chart(ROWS[3:], "t", "u", {"Post": "Post", "<Gazette>": "Gazette"})
    assert '<g class="g2">' in drawn and SHAPES.index("square") == 1 and "M-4.5-4.5" in drawn
    assert drawn.count('<span class="g') == 1  # the key names who is shown


def test_more_groups_than_marks_and_nothing_at_all_are_drawn_too():
    many = [Dot("a", n / 20, NAN, NAN, str(n), f"outlet {n}") for n in range(20)]
    assert chart(many, "t", "u").count("<g class=") == 20
    nothing = [Dot("a", NAN, NAN, NAN, "–")]
    assert "nothing to show" in chart(nothing, "t", "u") and "nothing to show" in along(nothing, "t", "u")


def test_a_line_to_compare_with_is_drawn_in_every_row():
    drawn = chart(ROWS, "t", "u", line=0.5)
    assert drawn.count('<line class="limit"') == 2 and "limit" not in chart(ROWS, "t", "u")


def test_no_axis_of_shares_goes_below_0_or_above_100_per_cent():
    drawn = chart([Dot("a", 0.1, -0.3, 1.4, "x")], "t", "u", shares=True, zero=False)
    assert "−" not in drawn and "120 %" not in drawn and 'x1="0.0%" x2="100.0%"' in drawn


def test_time_runs_from_left_to_right_and_leaves_room_for_what_is_missing():
    dots = [Dot("2024-01", 1, NAN, NAN, "1"), Dot("2024-02", NAN, NAN, NAN, "–"), Dot("2024-03", 3, 2, 4, "3 [2 to 4]")]
    drawn = along(dots, "Sources", "sources")
    assert re.findall(r'cx="([\d.]+)%" cy="([\d.]+)%"', drawn) == [("16.7", "75.0"), ("83.3", "25.0")]
    assert 'aria-label="Sources: 2024-01 1; 2024-03 3 [2 to 4]"' in drawn and ">2024-02<" in drawn


def test_the_numbers_are_a_table_below():
    whole = with_numbers(chart(ROWS, "t", "u"), numbers(ROWS, ("group", "outlet", "value"), "t"))
    assert "The numbers as a table" in whole and whole.count("<tr>") == 4 and "<td>&lt;Gazette&gt;<td>25 %" in whole


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=9), st.booleans())
def test_steps_are_few_round_and_hold_every_value(values, zero):
    at = steps(values, zero)
    assert 2 <= len(at) <= 8 and at == sorted(set(at))
    slack = 1e-6 * max(1.0, *map(abs, values))
    assert at[0] <= min(values) + slack and at[-1] >= max(values) - slack and (not zero or at[0] <= 0)


@pytest.mark.parametrize(("at", "expected"), [([0, 0.05], 2), ([0, 0.2], 1), ([0, 1], 0), ([0, 50], 0)])
def test_labels_of_an_axis_can_be_told_apart(at, expected):
    assert decimals(at) == expected
