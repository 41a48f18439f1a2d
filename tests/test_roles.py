"""What an article has its main actors do and undergo, and the words it attaches to them."""

import pandas as pd
import pytest

from presslab.measures import framing, validity
from presslab.measures.cards import catalogue
from presslab.parsing.document import parse
from presslab.reading.from_text import from_text
from presslab.validation import portrayal


def roles(text: str, actor: str = "Karen Stone") -> list[tuple[str, str]]:
    """Return relation and word of an actor; a sentence is added that names Karen Stone and says nothing of her."""
    document = parse(from_text(text + "\n\nThere was no word about Karen Stone.", clean=False, any_language=True))
    table = framing.actors(document, [], [])
    mine = table[table["actor"] == actor]
    return list(zip(mine["relation"], mine["text"]))


def only(text: str, relation: str) -> list[str]:
    return [word for kind, word in roles(text) if kind == relation]


@pytest.mark.parametrize(
    "text",
    [
        "Karen Stone did not sign the bill.",
        "Karen Stone never signed the bill.",
        "Karen Stone would sign the bill.",
        "Karen Stone could sign the bill on Monday.",
        "The mayor asked whether Karen Stone signed the bill.",
        "Did Karen Stone sign the bill?",
        "The mayor wanted Karen Stone to sign the bill.",
        "The firm denied that Karen Stone signed the bill.",
        "The case of Karen Stone v. Lopez grew.",
    ],
)
def test_what_is_denied_asked_or_imagined_is_no_act(text):
    assert only(text, "acts") == []


@pytest.mark.parametrize(
    "text",
    [
        "The mayor refused to praise Karen Stone.",
        "The mayor has not praised Karen Stone.",
        "The mayor would praise Karen Stone.",
        "The mayor was accused of betraying Karen Stone.",
        "The mayor won Karen Stone's vote.",
        "Karen Stone is set to win.",
    ],
)
def test_what_is_denied_or_imagined_is_not_done_to_anybody(text):
    assert only(text, "acted upon") == []


def test_what_will_happen_is_told_and_a_later_verb_has_the_same_subject():
    assert only("Karen Stone will sign the bill.", "acts") == ["sign"]
    assert only("Karen Stone signed the bill and quickly left the room.", "acts") == ["sign", "leave"]
    assert only("Karen Stone likes the bill but says that the mayor hates it.", "acts") == ["like", "say"]


def test_a_verb_is_shown_with_its_particle_and_the_parsers_slips_are_mended():
    assert only("Karen Stone pushed back on Friday.", "acts") == ["push back"]
    assert only("The court fined Karen Stone on Friday.", "acted upon") == ["fine"]


def test_having_and_doing_are_no_acts():
    assert only("Karen Stone has a house.", "acts") == []


@pytest.mark.parametrize(
    "text, label",
    [
        ("Karen Stone, a former bank director, left.", "former bank director"),
        ("Karen Stone is a total opportunist.", "total opportunist"),
        ("Karen Stone, the vice presidential nominee, left.", "vice presidential nominee"),
        ("The meeting was led by former bank director Karen Stone.", "former bank director"),
        ("The bank's director, Karen Stone, left.", "director"),
        ("Karen Stone, chief research officer at the bank, left.", "chief research officer"),
        ("Karen Stone of Ohio, a lawyer, left.", "lawyer"),
    ],
)
def test_a_label_is_shown_whole(text, label):
    assert only(text, "label") == [label] and only(text, "adjective") == []


@pytest.mark.parametrize(
    "text",
    [
        "Karen Stone is not a hero.",
        "Karen Stone may be a hero.",
        "Is Karen Stone a hero?",
        "Karen Stone: Possession of drugs.",
        "The nominee for president, Karen Stone, left.",
    ],
)
def test_what_is_not_said_of_somebody_is_no_label(text):
    assert only(text, "label") == []


@pytest.mark.parametrize(
    "text",
    [
        "Karen Stone is due to leave.",
        "Karen Stone is likely to leave.",
        "Nobody knows how reckless Karen Stone is.",
        "Karen Stone is not reckless.",
        "Karen Stone wasn’t impressed.",
        "A solid Karen Stone lead shrank.",
        "The popular firm founder Karen Stone left.",
    ],
)
def test_words_that_describe_nobody_are_no_adjectives(text):
    assert only(text, "adjective") == []


def test_an_adjective_is_what_the_text_says_somebody_is():
    assert only("Karen Stone is visibly reckless.", "adjective") == ["reckless"]
    assert only("Karen Stone was self-confident.", "adjective") == ["self-confident"]


def test_an_organisations_own_words_describe_it_to_nobody():
    text = "The Supreme Court met. The Supreme Court ruled. The Supreme Court left."
    assert ("adjective", "Supreme") not in roles(text, "Supreme Court")


def test_a_company_is_not_the_person_of_its_name():
    text = "Ford reported a loss of $3bn. Ford cut jobs. Later Bill Ford met reporters. Bill Ford smiled."
    assert "report" not in {word for _, word in roles(text, "Bill Ford")}


def test_a_group_member_is_not_named_after_a_longer_name_with_of():
    text = "The Dragon King of Hogwarts slept. The Dragon King of Hogwarts woke. Hogwarts made a mark."
    assert ("acts", "make") not in roles(text, "Dragon King of Hogwarts")


def test_labels_are_counted_without_regard_to_capitals():
    words = framing.counted(pd.Series(["Governor", "mayor", "governor", "governor"]))
    assert words == {"governor": 3, "mayor": 1} and list(words) == ["governor", "mayor"]


def test_the_card_quotes_the_saved_figures_of_the_stricter_pass():
    figures = validity.figures("portrayal")
    limits = catalogue()["actor_portrayal"].limits
    for key, name in {"acted_upon": "is acted upon", "adjective": "adjectives", "label": "labels"}.items() | {
        (same, same) for same in ("acts", "says", "tone")
    }:
        share = min(figures[key][which]["share"] for which in ("first", "second"))
        assert f"{name} .{100 * share + 1e-6:.0f} (" in limits and share >= 0.8


def test_nothing_that_is_printed_was_judged_right_in_less_than_four_of_five():
    pairs = portrayal.judged()
    figures = portrayal.report(pairs, set())
    assert {pair["relation"] for pair in pairs} == {*framing.RELATIONS, "tone"}
    assert min(figures[kind.replace(" ", "_")]["second"]["share"] for kind in portrayal.RELATIONS) >= 0.8
