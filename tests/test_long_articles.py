"""An article of any shape costs what its length says: four times as long, not sixteen times as dear."""

import time

import pytest

from presslab.measures.analyse import heard
from presslab.parsing import document, segment
from presslab.reading.from_text import from_text
from timing import without_garbage

NAMES = ("Ada Quill", "Tom Reed", "Ines Vale", "Karl Roe", "Maya Lind", "Omar Fenn")
SENTENCE = "The council met again on the river road to speak about the ferry bridge of the old harbour town. "
SHAPES = {
    "many marks in one paragraph": (SENTENCE, ""),
    "one quotation without an end": ("“We need it. ", ""),
    "one quotation": ("It is late. ", "”"),
    "brackets that nobody closes": ("It is late. (See below. [As before. ", ""),
    "a list of figures": ("In 1. 2. 3. 4. 5. ", ""),
    "mail addresses": ("a.b.c.d.e.f@x.org. Then ", ""),
}


def seconds(call, *arguments) -> float:
    """CPU seconds of a call, the quickest of two."""
    taken = []
    with without_garbage():
        for _ in range(2):
            start = time.process_time()
            call(*arguments)
            taken.append(time.process_time() - start)
    return min(taken)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.slow
def test_sentences_and_words_cost_what_their_number_says(shape):
    unit, end = SHAPES[shape]
    for call, size in ((lambda text: segment.sentences(text, []), 8_000), (segment.words, 120_000)):
        small, large = (unit * (length // len(unit)) + end for length in (size, 4 * size))
        assert seconds(call, large) < 8 * seconds(call, small) + 0.1


def test_who_is_meant_costs_what_the_number_of_mentions_says():
    """One paragraph in which a body is named in every sentence, and every sentence has a source to resolve."""

    def parsed(count: int) -> document.Document:
        text = "".join(
            f"The council met on day {n} to talk about the bridge, and {NAMES[n % 6]} said it would open soon. "
            for n in range(count)
        )
        return document.parse(from_text(text))

    small, large = parsed(60), parsed(240)
    assert seconds(heard, large) < 7 * seconds(heard, small) + 0.1


@pytest.mark.parametrize(
    "line",
    [
        "It ended. " * 300 + "(Reporting by A. Quill.)",
        "He came at 5 p.m. " * 300 + "Then he left.",
        "“No.” " * 400 + "She said so.",
    ],
)
def test_a_long_paragraph_is_cut_as_its_parts_are(line):
    """What is looked at around a mark is bounded; sentences are the same as without a bound."""
    whole = [line[s:e] for s, e in segment.sentences(line, [])]
    window, segment.WINDOW = segment.WINDOW, 10**9
    try:
        assert whole == [line[s:e] for s, e in segment.sentences(line, [])]
    finally:
        segment.WINDOW = window
