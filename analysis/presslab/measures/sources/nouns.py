"""Which nouns are for a person, a body or a text: words of the language, nothing about persons."""

from __future__ import annotations

from functools import lru_cache
import re

from presslab.system.plain_yaml import packaged

from . import types

BODIES = frozenset(
    "campaign team camp administration office government department ministry committee party organization company group"
    " agency council commission association institute university union foundation newspaper network court bureau board"
    " coalition firm center centre alliance league federation police".split()
)
ANY_BODY = frozenset(
    "group organization organisation company firm agency newspaper network outlet association coalition body nonprofit"
    " union".split()
)
DOCUMENTS = frozenset(
    "letter statement report study poll survey memo document filing complaint lawsuit suit bill ad advertisement "
    "commercial video resolution article editorial book website email release petition indictment ruling order "
    "brief transcript post tweet message speech plan".split()
)
NOT_HUMAN = frozenset(
    "newspaper paper order number disorder center matter factor error chapter power water weather winter summer tower"
    " refrain committee restaurant plant matter offer answer effort color december november october september november"
    " cover decree pedigree degree header border corner order".split()
)


@lru_cache(maxsize=1)
def synonyms() -> dict[str, frozenset[str]]:
    """Return the role words that each role word may stand for, from data/roles.yaml."""
    table = packaged("roles.yaml")
    return {word: frozenset([word, *others]) for word, others in table.items()}


@lru_cache(maxsize=1)
def _people_words() -> frozenset[str]:
    """Return nouns for one person by role, from data/roles.yaml and data/source_types.yaml."""
    words = {w for word, others in synonyms().items() for w in (word, *others)}
    kinds = types.source_types()
    for name in (
        "government",
        "politician",
        "legal",
        "military_police",
        "business",
        "expert",
        "ngo",
        "celebrity",
        "citizen",
        "unnamed",
    ):
        words |= {h for h in kinds[name].heads if " " not in h and not h.endswith("s")}
    return frozenset(words - {"r", "d", "court", "jury"} - types.words().organised)


def is_human(noun: str) -> bool:
    """Return whether a noun (lower case, singular) is for one person: a role word, or formed like one (employee,
    organizer)."""
    if noun in BODIES | ANY_BODY | DOCUMENTS:
        return False
    return (
        noun in _people_words()
        or bool(re.search(r"(?:[a-z]{3}(?:er|or|ist|ian|ee|ant)|man|woman)$", noun))
        and noun not in NOT_HUMAN
    )
