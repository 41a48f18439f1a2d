"""The encoder: how words are cut into pieces, windows, and that its arithmetic gives the same everywhere."""

import json
import os
from pathlib import Path
import subprocess
import sys

from hypothesis import given, settings, strategies as st
import numpy as np
import pytest

from presslab.measures.attribution import network
from presslab.measures.attribution.pieces import WINDOW, blocks, runs
from presslab.parsing.document import parse
from presslab.reading.from_text import from_text

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "analysis" / "presslab" / "data" / "attribution"

# as the tokenizer that the encoder was published with cuts them
PIECES = {
    "The": "the",
    "U.S.": "u . s .",
    "Ryabkov’s": "ry ##ab ##kov ’ s",
    "naïve": "naive",
    "3.5%": "3 . 5 %",
    "@realDonaldTrump": "@ real ##don ##ald ##trum ##p",
    "https://t.co/abcDEF": "https : / / t . co / abc ##de ##f",
    "co-operate": "co - operate",
    "snake_case": "snake _ case",
    "£5m": "£5 ##m",
    "Straße": "st ##raße",
    "İstanbul": "istanbul",
    "“": "“",
}


@pytest.mark.parametrize(("word", "pieces"), PIECES.items())
def test_words_are_cut_as_the_encoder_learned_them(word, pieces):
    cutter = network.load().pieces
    names = {number: name for name, number in cutter.number.items()}
    assert " ".join(names[i] for i in cutter.cut(word)) == pieces


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80))
def test_any_word_has_pieces_and_not_many(word):
    assert 1 <= len(network.load().pieces.cut(word)) <= 12


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(1, 90), min_size=1, max_size=12))
def test_windows_hold_every_token_once_and_in_order(lengths):
    text = "\n\n".join(" ".join(["Bridges, he said."] * n) for n in lengths)
    document = parse(from_text(text, clean=False, any_language=True))
    cutter = network.load().pieces
    windows = cutter.windows(document.tokens)
    every = np.concatenate(windows.ids)
    assert max(map(len, windows.ids)) <= WINDOW
    assert (windows.first[1:] >= windows.last[:-1]).all()
    for i in (0, len(document.tokens) // 2, len(document.tokens) - 1):
        assert every[windows.first[i] : windows.last[i]].tolist() == cutter.cut(document.tokens.text[i])


def test_ranges_of_equal_values_and_blocks_that_fit():
    assert list(runs([1, 1, 2, 2, 2, 3], 0, 6)) == [(0, 2), (2, 5), (5, 6)]
    document = parse(from_text("He said so. " * 200, clean=False, any_language=True))
    sizes = np.arange(len(document.tokens) + 1)
    assert all(end - start <= 30 for start, end in blocks(document.tokens, sizes, 32))


def test_the_weights_are_small_and_hold_arrays_only():
    files = [*DATA.glob("*.npz")]
    assert files and sum(path.stat().st_size for path in DATA.iterdir()) <= 25_000_000
    for path in files:
        with np.load(path, allow_pickle=False) as stored:
            assert all(stored[name].dtype in (np.int8, np.float16, np.float32) for name in stored.files)


def test_an_empty_document_has_no_states():
    loaded = network.load()
    document = parse(from_text("1", clean=False, any_language=True))
    assert loaded.encoder.states(loaded.pieces.windows(document.tokens)).shape == (1, loaded.encoder.width)


@pytest.mark.slow
@pytest.mark.shared
def test_three_processors_find_the_same_attributions(shared, tmp_path):
    """OpenBLAS is told to compute as on three processors, whose last digits differ."""
    found = []
    articles = sorted((shared / "polnear/dev/text").glob("*.txt"))[:12]
    for processor in ("Haswell", "SkylakeX", "Sandybridge"):
        out = tmp_path / f"{processor}.jsonl"
        command = [sys.executable, "-m", "presslab.cli", "attributions", *map(str, articles), "-o", str(out), "--quiet"]
        subprocess.run(command, check=True, timeout=300, env={**os.environ, "OPENBLAS_CORETYPE": processor})
        found.append([json.loads(line) for line in out.read_text("utf-8").splitlines()])
    assert len(found[0]) == 12
    assert found[0] == found[1] == found[2]
