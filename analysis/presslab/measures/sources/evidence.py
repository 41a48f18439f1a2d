"""Evidence of what a named person is: what describes the name votes for types, each kind with its weight."""

from __future__ import annotations

import re

from presslab.parsing.document import Document

from .descriptions import Description, age_after, descriptions, is_past, lowered, written
from .person_names import first_names
from .roles import abbreviated, longer_name
from .setting import Setting
from .types import SPEAKERS, UNRESOLVED, Verdict, beside, deeds, depends, heads, marked, words

OCCUPATION = re.compile(r"[a-z]{3}(?:er|or|ist|ian|ee|man|woman)$")
SCHOLAR = re.compile(r"(?:ologist|iatrist|iatrician|scientist|geneticist|physicist|therapist|economist|ographer)$")
NO_SCHOLAR = frozenset("photographer choreographer videographer biographer cinematographer".split())
NEAR, FAR = 4, 30  # tokens from a name in which words beside it count whole, and in which they count at all
TOPIC = 5  # different words about elections that make somebody a politician of whom an article says nothing else
PARTIES = frozenset("republican democrat conservative liberal independent libertarian socialist".split())
WORKING = frozenset("work serve sit study lead run head chair edit".split())
Evidence = tuple[str, str, str]  # its kind, the type it speaks for, the words


def evidence(document: Document, tree: Setting, names: list[list[int]]) -> list[Evidence]:
    """Return all that the article says about a person named at these tokens.

    Kinds: "head" (a noun that names a role), "depends" (one such as "director", with what it is of), "alone" (the same
    without), "relation" ("wife"), "past" ("former …"), "mark" (another word of a description), "age", "near" and
    "sentence" (words beside the name), "topic" (an article about an election).
    """
    pieces: list[Evidence] = []
    ages: list[Evidence] = []
    for tokens in names:
        readings = (_of_description(document, tree, d) for d in descriptions(document, tree, tokens))
        pieces += filter(None, readings)
        pieces += _deeds(document, tree, tokens)
        pieces += _titled(document, tokens)
        if age := age_after(document, tokens[-1]):
            ages.append(("age", "citizen", age))
    if not any(kind in ("head", "depends", "alone", "past") and _office(key, text) for kind, key, text in pieces):
        pieces += ages
    pieces += _beside(document, tree, names)
    if len(names) >= 3 and not any(kind in ("head", "depends", "alone", "age") for kind, _, _ in pieces):
        topic = [word for word in tree.politics if "politician" in beside().get(word, ())]
        if len(topic) >= TOPIC:
            pieces.append(("topic", "politician", "an article about an election: " + ", ".join(topic[:3])))
    return pieces


def _office(key: str, text: str) -> bool:
    """Return whether a role is one for which news gives an age beside it: not that of a citizen, and no mere
    allegiance ("Ann Doe, 63, a Republican")."""
    return key != "citizen" and text.rsplit(" ", 1)[-1] not in PARTIES


def _titled(document: Document, name: list[int]) -> list[Evidence]:
    """Return the role that a name begins with, where the parser took a title for a part of it ("Councilwoman LaToya
    Cantrell"); not a first name ("Dean")."""
    t = document.tokens
    word = t.text[name[0]]
    kind = heads().get(word.lower())
    if len(name) < 2 or kind not in SPEAKERS or not word[:1].isupper() or word in first_names():
        return []
    return [("head", kind, word.lower())]


def _deeds(document: Document, tree: Setting, name: list[int]) -> list[Evidence]:
    """Return what "who …" after a name says by its verb ("who studies sleep", "who led the research"), or by the
    place of work ("who works at the university")."""
    t, last = document.tokens, name[-1]
    if reporting := _reporting(document, tree, last):
        return [reporting]
    who = next((i for i in (last + 1, last + 2) if i < len(t) and t.text[i].lower() == "who"), -1)
    if who < 0 or t.sentence[who] != t.sentence[last]:
        return []
    verb = t.head[who]
    if t.dep[who] != "nsubj" or not who < verb <= who + 6:
        return []
    objects = [t.lemma[k].lower() for k in tree.children[verb] if t.dep[k] == "dobj"]
    for deed in (*(f"{t.lemma[verb]} {thing}" for thing in objects), t.lemma[verb]):
        if deed in deeds():
            return [("mark", deeds()[deed], deed)]
    if t.lemma[verb] in WORKING:
        clause = [i for i in range(verb, min(len(t), verb + 16)) if t.sentence[i] == t.sentence[verb]]
        mark = marked(lowered(document, clause), political=tree.political)
        return [("mark", *mark)] if mark and mark[0] in SPEAKERS else []
    return []


def _reporting(document: Document, tree: Setting, name: int) -> Evidence | None:
    """Return that somebody is a journalist who "reports for NPR"."""
    t, verb = document.tokens, document.tokens.head[name]
    if t.dep[name] != "nsubj" or t.lemma[verb] not in ("report", "write"):
        return None
    preps = [k for k in tree.children[verb] if t.dep[k] == "prep" and t.text[k].lower() in ("for", "in")]
    marks = (marked(lowered(document, tree.subtree(k)[:6]), political=tree.political) for k in preps)
    return next((("mark", *mark) for mark in marks if mark and mark[0] == "media"), None)


def _of_description(document: Document, tree: Setting, d: Description) -> Evidence | None:
    """Return what one description says."""
    t = document.tokens
    role, past = role_of(document, tree, list(d.tokens), d.main), is_past(document, d.tokens, d.main)
    if role and role[0] == "collective" and t.tag[d.main] == "NN":
        role = ("citizen", role[1])  # a named supporter, critic or protester speaks for himself or herself
    if role and role[0] in SPEAKERS:
        lemma = t.lemma[d.main]
        kind = "relation" if lemma in words().relations else "depends" if lemma in depends() else "head"
        if kind == "depends" and "…" not in role[1]:
            kind = "alone"  # the article does not say of what: a guess
        office = role[0] == "government" or role[1] == "attorney general"
        return "past" if past else kind, "politician" if past and office else role[0], role[1]
    mark = marked(lowered(document, d.tokens), political=tree.political)
    if mark and d.owner and mark[0] == "media":
        return "head", *mark  # "CNN's Ann Doe", "Ann Doe of CNN"
    if mark and mark[0] in SPEAKERS:
        return "past" if past else "mark", *mark
    if t.tag[d.main] == "NN" and OCCUPATION.search(t.lemma[d.main]):
        return "mark", "citizen", t.text[d.main]  # "a retired welder": a trade, and no office
    return None


def _beside(document: Document, tree: Setting, names: list[list[int]]) -> list[Evidence]:
    """Return the words beside a name ("near") or elsewhere in its sentence, each place counted once; words of
    elections only in an article about politics."""
    t = document.tokens
    places: dict[tuple[int, str], str] = {}
    for tokens in names:
        first, last = tokens[0], tokens[-1]
        for i in range(max(0, first - FAR), min(len(t), last + FAR + 1)):
            if t.sentence[i] == t.sentence[first] and not first <= i <= last:
                near = first - NEAR <= i <= last + NEAR
                for key in beside().get(t.text[i].lower(), ()):
                    if (near or (i, key) not in places) and (tree.political or key != "politician"):
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


def role_of(document: Document, tree: Setting, tokens: list[int], main: int) -> Verdict | None:
    """Return what a description's main noun says, with up to three words before it ("press secretary"): its own
    type, or, for one such as "director", that of the rest; otherwise what its ending says ("volcanologist")."""
    t, lemma = document.tokens, singular(document, main)
    upto = [i for i in tokens if i <= main and main - i < 5]
    for size in range(len(upto), 0, -1):
        phrase = " ".join(t.text[i].lower() for i in upto[-size:])
        for form in (phrase, " ".join([*phrase.split()[:-1], lemma])):
            for written_form in (form.replace(" - ", "-"), form):
                if written_form in depends(tree.topic):
                    return _by_the_rest(document, tree, tokens, main, written_form, size == 1)
                if written_form in heads():
                    return heads()[written_form], written_form
    return ("expert", lemma) if SCHOLAR.search(lemma) and lemma not in NO_SCHOLAR else None


def _by_the_rest(document: Document, tree: Setting, tokens: list[int], main: int, form: str, single: bool) -> Verdict:
    """Return the type of a role that depends on the rest of its description ("director of …"): what a mark says,
    otherwise what the article says elsewhere of the body that is named, otherwise what the noun means alone."""
    t = document.tokens
    shown = t.text[main] if single else form
    mark = marked(lowered(document, tokens).replace(shown.lower(), " ", 1), political=tree.political)
    if single and tree.political:
        others = [i for i in tokens if i != main and t.entity[i] == "PERSON"]
        if others and form in words().staff and (mark is None or mark[0] != "government"):
            return "politician", f"{shown} … {t.text[others[-1]]}"
    if mark is None and (body := _body(document, tree, tokens, main)):
        return body[0], f"{shown} … {body[1]}"
    if mark is None and single and form == "president":
        if any(t.entity[i] == "ORG" for i in tokens if i != main):
            return "ngo", written(document, tokens)
    return (mark[0], f"{shown} … {mark[1]}") if mark else (depends(tree.topic)[form], shown)


def _body(document: Document, tree: Setting, tokens: list[int], main: int) -> Verdict | None:
    """Return what the article says elsewhere of the body named in a description ("a spokesman for Masen", where "the
    solar energy agency Masen" stands before)."""
    t = document.tokens
    names = [i for i in tokens if i != main and t.pos[i] == "PROPN" and t.entity[i] in ("ORG", "PERSON", "PRODUCT")]
    ends = [i for i in names if i + 1 not in names]
    for end in ends[:2]:
        for place in ([i] for i in range(len(t)) if t.text[i] == t.text[end] and t.pos[i] == "PROPN"):
            for d in descriptions(document, tree, place):
                kind = singular(document, d.main)
                verdict = heads().get(kind) if kind in words().organised else None
                found = (verdict, kind) if verdict else marked(lowered(document, d.tokens), political=tree.political)
                if found and kind in words().organised and found[0] in SPEAKERS:
                    return found
        whole = _full_name(document, end)
        if whole and (found := marked(whole, political=tree.political)) and found[0] in SPEAKERS:
            return found
    return None


def _full_name(document: Document, token: int) -> str:
    """Return the name in small letters whose first letters a token has ("ACEA"), or that it is the last word of
    ("Commission" of "European Commission"); "" for none."""
    letters = document.tokens.text[token]
    full = abbreviated(document, letters, len(document.text)) or longer_name(document, letters, len(document.text))
    return full.lower()


def singular(document: Document, token: int) -> str:
    """Return the lemma of a noun in small letters; of one in capitals ("Leaked Documents") too, which the parser
    takes for a name."""
    t = document.tokens
    word = t.text[token].lower()
    if t.tag[token] not in ("NNP", "NNPS") or not word.endswith("s"):
        return t.lemma[token].lower()
    forms = (word[:-1], word[:-3] + "y")
    return next((form for form in forms if form in heads() or form in depends()), t.lemma[token].lower())
