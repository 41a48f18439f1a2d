"""Evidence of what a named person is: what describes the name votes for types, each kind with its weight."""

from __future__ import annotations

import re

from presslab.parsing.document import Document

from ..attribution.rules import Tree
from .descriptions import Description, age_after, descriptions, is_past, lowered, written
from .types import SPEAKERS, UNRESOLVED, Verdict, beside, depends, heads, marked, words

TOPIC = 5  # different words about elections that make an article one about an election
OCCUPATION = re.compile(r"[a-z]{3}(?:er|or|ist|ian|ee|man|woman)$")
NEAR, FAR = 4, 30  # tokens from a name in which words beside it count whole, and in which they count at all
Evidence = tuple[str, str, str]  # its kind, the type it speaks for, the words


def evidence(document: Document, tree: Tree, names: list[list[int]]) -> list[Evidence]:
    """Return all that the article says about a person named at these tokens.

    Kinds: "head" (a noun that names a role), "depends" (one such as "director"), "relation" ("wife"), "past"
    ("former …"), "mark" (another word of a description), "age", "near" and "sentence" (words beside the name),
    "topic" (an article about an election).
    """
    pieces: list[Evidence] = []
    for tokens in names:
        readings = (_of_description(document, d) for d in descriptions(document, tree, tokens))
        pieces += filter(None, readings)
        if age := age_after(document, tokens[-1]):
            pieces.append(("age", "citizen", age))
    pieces += _beside(document, names)
    if len(names) >= 3 and not any(kind in ("head", "depends", "age") for kind, _, _ in pieces):
        topic = sorted(
            {word for word in map(str.lower, document.tokens.text) if "politician" in beside().get(word, ())}
        )
        if len(topic) >= TOPIC:
            pieces.append(("topic", "politician", "an article about an election: " + ", ".join(topic[:3])))
    return pieces


def _of_description(document: Document, d: Description) -> Evidence | None:
    """Return what one description says."""
    t = document.tokens
    role, past = role_of(document, list(d.tokens), d.main), is_past(document, d.tokens, d.main)
    if role and role[0] == "collective" and t.tag[d.main] == "NN":
        role = ("citizen", role[1])  # a named supporter, critic or protester speaks for himself or herself
    if role and role[0] in SPEAKERS:
        lemma = t.lemma[d.main]
        kind = "relation" if lemma in words().relations else "depends" if lemma in depends() else "head"
        office = role[0] == "government" or role[1] == "attorney general"
        return "past" if past else kind, "politician" if past and office else role[0], role[1]
    mark = marked(lowered(document, d.tokens))
    if mark and d.owner and mark[0] == "media":
        return "head", *mark  # "CNN's Ann Doe", "Ann Doe of CNN"
    if mark and mark[0] in SPEAKERS:
        return "past" if past else "mark", *mark
    if t.tag[d.main] == "NN" and OCCUPATION.search(t.lemma[d.main]):
        return "mark", "citizen", t.text[d.main]  # "a retired welder": a trade, and no office
    return None


def _beside(document: Document, names: list[list[int]]) -> list[Evidence]:
    """Return the words beside a name ("near") or elsewhere in its sentence, each place counted once."""
    t = document.tokens
    places: dict[tuple[int, str], str] = {}
    for tokens in names:
        first, last = tokens[0], tokens[-1]
        for i in range(max(0, first - FAR), min(len(t), last + FAR + 1)):
            if t.sentence[i] == t.sentence[first] and not first <= i <= last:
                near = first - NEAR <= i <= last + NEAR
                for key in beside().get(t.text[i].lower(), ()):
                    if near or (i, key) not in places:
                        places[i, key] = "near" if near else "sentence"
    return [(kind, key, t.text[i].lower()) for (i, key), kind in sorted(places.items())]


def weigh(pieces: list[Evidence], weight: dict[str, float]) -> Verdict:
    """Return the type with most votes and the words that gave it most; ("unresolved", "") for no evidence.

    Of one kind of evidence for one type the first counts whole and each further one `again` of it, up to `most`.
    """
    votes: dict[str, dict[str, float]] = {}
    by_words: dict[str, dict[str, float]] = {}
    for kind, key, text in pieces:
        much = weight[kind]
        if kind not in ("near", "sentence") and votes.get(key, {}).get(kind):
            much *= weight["again"]
        votes.setdefault(key, {})[kind] = min(votes.get(key, {}).get(kind, 0) + much, weight["most"])
        by_words.setdefault(key, {})[text] = by_words.get(key, {}).get(text, 0) + weight[kind]
    if not votes:
        return UNRESOLVED, ""
    best = min(votes, key=lambda key: (-sum(votes[key].values()), key))
    shown = sorted(by_words[best], key=lambda text: (-by_words[best][text], text))
    return best, ", ".join(shown[:3])


def role_of(document: Document, tokens: list[int], main: int) -> Verdict | None:
    """Return what a description's main noun says, with up to three words before it ("press secretary"): its own
    type, or, for one such as "director", that of the rest."""
    t, lemma = document.tokens, singular(document, main)
    upto = [i for i in tokens if i <= main and main - i < 4]
    for size in range(len(upto), 0, -1):
        phrase = " ".join(t.text[i].lower() for i in upto[-size:])
        for form in (phrase, " ".join([*phrase.split()[:-1], lemma])):
            if form in depends():
                return _by_the_rest(document, tokens, main, form, size == 1)
            if form in heads():
                return heads()[form], form
    return None


def _by_the_rest(document: Document, tokens: list[int], main: int, form: str, single: bool) -> Verdict:
    """Return the type of a role that depends on the rest of its description ("director of …")."""
    t = document.tokens
    shown = t.text[main] if single else form
    mark = marked(lowered(document, tokens).replace(shown.lower(), " ", 1))
    if single:
        others = [i for i in tokens if i != main and t.entity[i] == "PERSON"]
        if others and form in words().staff and (mark is None or mark[0] != "government"):
            return "politician", f"{shown} … {t.text[others[-1]]}"
        if mark is None and form == "president" and any(t.entity[i] == "ORG" for i in tokens if i != main):
            return "ngo", written(document, tokens)
    return (mark[0], f"{shown} … {mark[1]}") if mark else (depends()[form], shown)


def singular(document: Document, token: int) -> str:
    """Return the lemma of a noun in small letters; of one in capitals ("Leaked Documents") too, which the parser
    takes for a name."""
    t = document.tokens
    word = t.text[token].lower()
    if t.tag[token] not in ("NNP", "NNPS") or not word.endswith("s"):
        return t.lemma[token]
    forms = (word[:-1], word[:-3] + "y")
    return next((form for form in forms if form in heads() or form in depends()), t.lemma[token])
