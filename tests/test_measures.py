"""The catalogue: every measure has a card, every number its interval, evidence and scope."""

import math

import pandas as pd
import pytest

from presslab.measures.analyse import analyse
from presslab.measures.cards import builtin
from presslab.measures.measure import SCOPES
from presslab.measures.statistics import bootstrap, wilson
from presslab.measures.tables import TABLES, columns, tables as tables_of, wide as wide_table
from presslab.reading.read import read_one


@pytest.fixture(scope="module")
def analysis(wire_story):
    return analyse(read_one(str(wire_story)))


SHOWN_AS_TABLES = {"actor_portrayal", "stance_by_side", "emphasis"}  # they are no single number, and have no column


def test_every_card_says_what_a_reader_must_know():
    assert len(builtin()) > 40
    for card in builtin().values():
        for field in (
            "label",
            "meaning",
            "unit",
            "counted_on",
            "direction",
            "formula",
            "source",
            "minimum",
            "validation",
        ):
            assert str(getattr(card, field)).strip(), f"{card.name}: {field} is empty"
        assert card.scopes or card.name in SHOWN_AS_TABLES, card.name


@pytest.mark.shared
def test_every_measure_has_a_card_with_its_scope(analysis):
    for m in analysis.measures:
        assert m.scope in builtin()[m.name].scopes, (m.name, m.scope)


@pytest.mark.shared
def test_every_card_is_computed(analysis):
    computed = {(m.name, m.scope) for m in analysis.measures}
    promised = {(card.name, scope) for card in builtin().values() for scope in card.scopes}
    assert computed == promised


@pytest.mark.shared
def test_no_measure_comes_twice(analysis):
    names = [(m.name, m.scope) for m in analysis.measures]
    assert len(names) == len(set(names))


@pytest.mark.shared
def test_intervals_hold_their_value_and_evidence_points_at_the_text(analysis):
    for m in analysis.measures:
        assert m.scope in SCOPES
        if not math.isnan(m.low):
            assert m.low - 1e-9 <= m.value <= m.high + 1e-9, m
        if math.isnan(m.value):
            assert m.note, f"{m.name} ({m.scope}) is empty and doesn't say why"
        for e in m.evidence:
            assert 0 <= e.start < e.end <= len(analysis.document.text), m.name


@pytest.mark.shared
def test_wide_table_has_the_columns_in_the_order_of_the_cards(analysis):
    wide = wide_table([analysis])
    assert list(wide.columns) == ["id", *columns()]
    assert wide.loc[0, "word_count"] == analysis.measure("word_count").value


@pytest.mark.shared
def test_tidy_tables_have_their_columns(analysis):
    tables = tables_of([analysis])
    for name, table in tables.items():
        assert list(table.columns) == list(TABLES[name])
    assert len(tables["measures"]) == len(analysis.measures)
    spans = tables["evidence"]
    text = tables["articles"].loc[0, "text_analysed"]
    assert all(text[s:e] == t for s, e, t in zip(spans["start"], spans["end"], spans["text"]))


def test_bootstrap_is_the_same_every_time_and_holds_a_known_mean():
    parts = pd.DataFrame({"hits": [1, 0, 1, 1, 0, 1, 0, 1] * 10, "all": [1] * 80}).to_numpy()
    first = bootstrap(parts, lambda s: s[:, 0] / s[:, 1])
    assert first == bootstrap(parts, lambda s: s[:, 0] / s[:, 1])
    assert first[0] < 0.625 < first[1]


def test_wilson_gives_the_textbook_interval():
    low, high = wilson(8, 10)  # Brown, Cai & DasGupta 2001: .490–.943
    assert (round(low, 3), round(high, 3)) == (0.490, 0.943)
    assert all(math.isnan(x) for x in wilson(0, 0))
