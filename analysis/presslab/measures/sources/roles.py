"""Whom "the Texas senator", "the campaign" or "the letter" means, by what the article has said of persons and
bodies."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
import math
import re

from presslab.parsing.document import Document
from presslab.parsing.phrases import phrase, tokens_in

from .nouns import ANY_BODY, BODIES, DOCUMENTS, is_human, synonyms
from .people import MEN, WOMEN
from .person import Person
from .person_names import SUBJECTS, TITLES
from .phrases import head_of, key

MARGIN = 0.3  # a lead smaller than this is a tie
SAME = {
    "suit": {"lawsuit"},
    "lawsuit": {"suit"},
    "ad": {"advertisement", "commercial", "spot"},
    "advertisement": {"ad", "commercial", "spot"},
    "commercial": {"ad", "advertisement", "spot"},
    "spot": {"ad", "commercial"},
    "poll": {"survey"},
    "survey": {"poll"},
    "tweet": {"post"},
}
OTHER_NAMES = {
    word: sorted(kind for kind, same in SAME.items() if word in same) for word in set().union(*SAME.values())
}
ANEW = {"same", "new", "latest", "latter"}  # say only which, not of what kind
MAKING = frozenset(
    "release issue send write publish post air launch unveil file retort deliver give make submit sign produce run"
    " record".split()
)


def roles(person: Person) -> set[str]:
    """Return role words of a person: those of the descriptions before "of", "for", "who"."""
    leading = (re.split(r"\b(?:of|for|to|who|in|at|from|with)\b", d.lower())[0] for d in person.descriptions)
    return {
        w.rstrip(".")
        for part in leading
        for w in re.findall(r"[\w’'-]+", part.replace("R-", "R ").replace("r-", "r ").replace("d-", "d "))
    }


def role_word(document: Document, head: int) -> str:
    """Return the head of a phrase as one word, hyphens kept ("front-runner")."""
    t = document.tokens
    if head > 1 and t.text[head - 1] == "-" and t.end[head - 1] == t.start[head]:
        return f"{t.text[head - 2]}-{t.lemma[head]}".lower()
    return t.lemma[head].lower()


def person_meant(
    document: Document, people: list[Person], tokens: list[int], head: int, nearness: Callable[[Person], float]
) -> Person | None:
    """Return the one person whom a definite phrase describes: the article has given him or her the role of its
    head, the other words fit, and nobody else fits nearly as well. `nearness` is 0–1 by how lately a person was
    named."""
    t = document.tokens
    role = role_word(document, head)
    wanted = synonyms().get(role, frozenset([role]))
    words = {
        t.text[i].lower(): t.pos[i]
        for i in tokens
        if i != head and t.pos[i] in ("NOUN", "PROPN", "ADJ") and t.text[i + 1 : i + 2] != ("-",)
    }
    ranking = []
    for person in people:
        if (
            not wanted & roles(person)
            or (role in WOMEN and person.gender == "man")
            or (role in MEN and person.gender == "woman")
        ):
            continue
        description = person.known_by
        former = ("former" in words) != ("former" in description) and role not in ("candidate", "nominee")
        score = (
            sum(0.5 if w in description else -0.5 if pos == "PROPN" else -0.2 for w, pos in words.items())
            - 1.5 * former
            + nearness(person)
        )
        score += 0.2 * math.log(len(person.places))
        ranking.append((score, person))
    ranking.sort(key=lambda pair: -pair[0])
    if not ranking or ranking[0][0] < 0.1 or (len(ranking) > 1 and ranking[0][0] - ranking[1][0] < MARGIN):
        return None
    return ranking[0][1]


# kind → name → (start, text, paragraph), in the text's order
Introduced = dict[str, dict[str, list[tuple[int, str, int]]]]


def introduced(document: Document) -> Introduced:
    """Return where bodies and documents are spoken of in full, by the word that means them."""
    t = document.tokens
    places: Introduced = {}
    for i in range(len(t)):
        own = t.lemma[i].lower()
        meant = [kind for kind in (own, *OTHER_NAMES.get(own, ())) if kind in BODIES | DOCUMENTS]
        part = t.dep[i] in ("compound", "poss") and t.head[i] != i and t.pos[t.head[i]] in ("NOUN", "PROPN")
        if not meant or t.pos[i] not in ("NOUN", "PROPN") or part:
            continue
        if text := _introduced(document, i):
            for kind in meant:
                places.setdefault(kind, {}).setdefault(key(text), []).append((t.start[i], text, t.paragraph[i]))
    return places


def body_meant(document: Document, bodies: Introduced, head: int, start: int) -> tuple[str, str] | None:
    """Return full name and reason of the body or document that "the campaign" or "the letter" means: the only one
    of its kind that was named in full before, or the only one in this paragraph and the one before. A word before
    the noun has to begin one of the name ("the fire department" is not the Department of Roads, "the Q poll" is the
    Quinnipiac poll)."""
    t = document.tokens
    before_noun = [w.rstrip(".") for w in key(document.text[start : t.start[head]]).split() if w not in ANEW]
    kind = t.lemma[head].lower()
    here = t.paragraph[head]
    candidates: dict[str, tuple[str, int]] = {}
    for name, places in bodies.get(kind, {}).items():
        before = bisect_left(places, start, key=lambda place: place[0])
        if before and all(any(w.startswith(word) for w in name.split()) for word in before_noun):
            candidates[name] = places[before - 1][1:]
    if candidates:
        near = {k: v for k, v in candidates.items() if here - v[1] <= 1}
        chosen = candidates if len(candidates) == 1 else near if len(near) == 1 else {}
        if chosen:
            return next(iter(chosen.values()))[0], "title or role"
    if kind in ANY_BODY:
        names: dict[str, str] = {}
        for i in tokens_in(document, 0, start):
            if (
                here - t.paragraph[i] <= 1
                and t.entity[i] == "ORG"
                and t.dep[i] in SUBJECTS
                and t.quote[i] < 0
                and t.pos[i] == "PROPN"
            ):
                s, e = phrase(document, i)
                names[key(document.text[s:e])] = document.text[s:e]
        if len(names) == 1:
            return next(iter(names.values())), "title or role"
    return None


def _introduced(document: Document, noun: int) -> str:
    """Return the full name of a body or document where it is spoken of first: "the Clinton campaign", "a report by
    the auditor", "the Romney campaign’s ad" (of "The Romney campaign retorted with an ad"); "" if the phrase tells
    nothing."""
    t = document.tokens
    s, e = phrase(document, noun)
    text = re.sub(r"\s+", " ", document.text[s:e])
    first = text.split()[0].lower()
    if first in ("his", "her", "their", "its", "my", "our", "no", "any", "this", "that"):
        return ""
    if t.lemma[noun].lower() in DOCUMENTS and first in ("a", "an"):
        prep = t.head[noun] if t.dep[noun] == "pobj" and t.dep[t.head[noun]] == "prep" else -1
        verb = t.head[prep] if prep >= 0 else t.head[noun]
        maker = next((k for k in range(max(0, verb - 20), verb) if t.head[k] == verb and t.dep[k] == "nsubj"), -1)
        if (
            maker >= 0
            and (t.lemma[verb] in MAKING or prep >= 0 and t.text[prep] == "in")
            and (t.pos[maker] == "PROPN" or t.lemma[maker].lower() in BODIES)
        ):
            a, b = phrase(document, maker)
            return f"{document.text[a:b].removesuffix('.')}’s {t.lemma[noun]}"
    telling = bool(re.search(r"(?<!^)\b[A-Z]", text)) or first in ("a", "an")
    return text if telling and len(key(text).split()) > 1 else ""


def abbreviated(document: Document, letters: str, start: int) -> str:
    """Return the name of several capitalised words before `start` whose first letters these are, or ""."""
    if not re.fullmatch(r"(?:[A-Z]\.?){2,6}", letters):
        return ""
    wanted = letters.replace(".", "")
    t = document.tokens
    initials = [
        i
        for i in tokens_in(document, 0, start)
        if t.text[i][:1].isupper() or t.text[i] in ("of", "the", "for", "and", "&")
    ]
    for place, i in enumerate(initials):
        run = [i]
        while place + len(run) < len(initials) and initials[place + len(run)] == run[-1] + 1 and len(run) < 10:
            run.append(initials[place + len(run)])
        for size in range(len(wanted), len(run) + 1):
            capitals = [k for k in run[:size] if t.text[k][:1].isupper()]
            if (
                "".join(t.text[k][0] for k in capitals) == wanted
                and run[0] == capitals[0]
                and capitals[-1] == run[size - 1]
                and len(t.text[capitals[0]]) > 2
            ):
                return document.text[t.start[run[0]] : t.end[run[size - 1]]]
    return ""


def longer_name(document: Document, text: str, start: int) -> str:
    """Return the one longer name of an organisation that begins or ends with these words ("the Times" of "The New
    York Times"), or ""; of several, the one named last before `start`."""
    t, short = document.tokens, re.sub(r"^(the|a|an) ", "", text, flags=re.I).split()
    if not all(w[:1].isupper() for w in short) or len(short) > 2:
        return ""
    candidates: dict[str, tuple[int, str]] = {}
    for i in range(len(t)):
        if t.entity[i] != "ORG" or not t.entity_start[i]:
            continue
        end = i
        while end + 1 < len(t) and t.entity[end + 1] == "ORG" and not t.entity_start[end + 1]:
            end += 1
        name = re.sub(r"\s+", " ", document.text[t.start[i] : t.end[end]]).removesuffix("’s").removesuffix("'s")
        words = re.sub(r"^(the|a|an) ", "", name, flags=re.I).split()
        if (
            len(words) > len(short)
            and (words[-len(short) :] == short or words[: len(short)] == short)
            and all(w[:1].isupper() or w in ("of", "the", "for", "and", "&") for w in words)
        ):
            candidates[key(name)] = (t.start[i], re.sub(r"^The ", "the ", name))
    before = [place for place in candidates.values() if place[0] < start]
    chosen = max(before) if before else next(iter(candidates.values())) if len(candidates) == 1 else (0, "")
    return chosen[1]


def head_persons(document: Document, inside: list[Person], tokens: list[int]) -> list[Person]:
    """Return the persons that a source phrase is about: those whose names hold the phrase's head, its apposition,
    or what is joined to it by "and"; not one in a possessive or after "of" or "for" ("Clinton's spokesman", "a
    lawyer for Trump")."""
    t, phrase_tokens = document.tokens, set(tokens)
    heads = {i for i in tokens if t.head[i] not in phrase_tokens or t.head[i] == i}

    def person_at(i: int) -> Person | None:
        return next((p for p in inside if any(s <= t.start[i] < e for s, e in p.places)), None)

    own = [i for i in tokens if _on_head(document, i, heads) and person_at(i)]
    first = person_at(own[0]) if own else next((p for p in inside if _set_apart(document, p, tokens)), None)
    if first is None:
        return []
    chain = reached = {*heads, *own}
    while reached:
        reached = {i for i in tokens if t.dep[i] == "conj" and t.head[i] in chain} - chain
        chain = chain | reached
    others = [p for i in sorted(chain - {*heads, *own}) if (p := person_at(i)) and p is not first]
    return [first, *dict.fromkeys(others)]


def _on_head(document: Document, i: int, heads: set[int]) -> bool:
    """Return whether a token is a phrase's head, another name for it, or part of a person's name with it."""
    t, head = document.tokens, document.tokens.head[i]
    if i in heads or t.dep[i] == "appos" and head in heads:
        return True
    return t.dep[i] in ("compound", "flat", "nmod") and head in heads and t.entity[i] == "PERSON" == t.entity[head]


def _set_apart(document: Document, person: Person, tokens: list[int]) -> bool:
    """Return whether a comma or the next verb sets a person's name apart in a phrase, whatever noun the parser hangs
    it on: at its end ("…, Brad Woodhouse"), or at its beginning, but for titles."""
    t, start, end = document.tokens, document.tokens.start[tokens[0]], document.tokens.end[tokens[-1]]
    for s, e in person.places:
        if start <= s and e == end and document.text[start:s].rstrip().endswith(","):
            if is_human(t.lemma[head_of(document, tokens)]):
                return True
        if not start <= s < e <= end:
            continue
        after = tokens_in(document, e, end)[:1]
        cut = document.text[e : e + 1] == "," or any(t.text[i] == "(" or t.pos[i] in ("VERB", "AUX") for i in after)
        before = tokens_in(document, start, s)
        if cut and all(t.dep[i] in ("compound", "amod", "nmod") or t.text[i] in TITLES for i in before):
            return True
    return False


def form_of(person: Person, form: str) -> str:
    plain = form.title() if form.isupper() else form
    if plain == person.name:
        return "name"
    return (
        "part of name"
        if plain in person.name or person.surname.lower() == plain.split()[-1].lower()
        else "spelling variant"
    )
