"""Quotation marks of every kind are seen; apostrophes, inches and left-out letters are not."""

import pytest

from presslab.parsing.quotes import find, for_parser

SEEN = [
    ("‘It’s the boats’ turn, we’ve waited,’ she said. ‘Go!’", ["‘It’s the boats’ turn, we’ve waited,’", "‘Go!’"]),
    ("The nurses’ leader wasn’t sure. ‘He said “soon”, that’s all,’ she said.", ["‘He said “soon”, that’s all,’"]),
    ("'It's over,' he said, and 'we're done'.", ["'It's over,'", "'we're done'"]),
    ("A 'quick fix' in the '90s, rock 'n' roll, give 'em time.", ["'quick fix'"]),
    ("``We waited,'' she said. ''Too long,'' he said.", ["``We waited,''", "''Too long,''"]),
    ("″Yes,″ he said of the 6′ 2″ gate.", ["″Yes,″"]),
    ("＂Yes,＂ he said.", ["＂Yes,＂"]),
    ("”Vi väntar,” sade hon. ”Nej.”", ["”Vi väntar,”", "”Nej.”"]),
    ("»Nein«, sagte sie. «Oui», dit-elle. „Ja“, „ja”.", ["»Nein«", "«Oui»", "„Ja“", "„ja”"]),
    ("He called it “strange“, a slip of the keys.", ["“strange“"]),
    ('"It is \'the best\' yet," he said of the 5\' 11" door.', ['"It is \'the best\' yet,"']),
    ("‘Tis the season. The ‘80s. The workers' rights and the bosses' plans.", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "quotations"), SEEN)
def test_quotations_are_seen_in_all_marks(text, quotations):
    assert [text[q.start : q.end] for q in find(text)] == quotations
    assert all(q.closed for q in find(text))


@pytest.mark.parametrize("mark", ["“", '"', "‘", "'", "``"])
def test_a_quotation_that_goes_on_in_the_next_paragraph_stays_open(mark):
    close = {"“": "”", "‘": "’", "``": "''"}.get(mark, mark)
    text = f"{mark}We waited for two years.\n\n{mark}Then the boat came,{close} she said."
    first, second = find(text)
    assert (first.closed, second.closed) == (False, True)
    assert text[first.start : first.end].endswith("years.")


def test_a_single_mark_that_is_never_closed_is_no_quotation():
    assert not find("The ‘boat, she said, was late.\n\nIt came on Monday.")


@pytest.mark.parametrize(("text", "quotations"), SEEN)
def test_the_parser_reads_a_text_of_the_same_length(text, quotations):
    plain = for_parser(text, find(text))
    assert len(plain) == len(text)
    changed = {i for i, (a, b) in enumerate(zip(text, plain)) if a != b}
    assert all(any(i in (q.start, q.end - 1) for q in find(text)) for i in changed)


@pytest.mark.parametrize(
    "text, inside",
    [
        # the first mark was lost with a headline: the others keep their sides
        ('The threat is real," Cortez said at an event. "We have been here," she said.', ["We have been here,"]),
        # a paragraph that goes on without a closing mark, set on one line
        ('"It is late. "It is dark," he said.', ["It is late. ", "It is dark,"]),
        # a space on the wrong side
        ('They left." The trend is clear," Ann Lee said. It "ends" here.', [" The trend is clear,", "ends"]),
        ('He is 5\' 11" tall and "quick", she said.', ["quick"]),
    ],
)
def test_a_lost_mark_does_not_turn_the_rest_inside_out(text, inside):
    assert [text[q.start + 1 : q.end - q.closed] for q in find(text)] == inside
