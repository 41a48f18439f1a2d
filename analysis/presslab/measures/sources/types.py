"""The type of a source, from the words by which the article itself describes it, and the words that decided."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
import re

from presslab.parsing.document import Document
from presslab.system.error import Error
from presslab.system.plain_yaml import packaged

from ..attribution.rules import Tree
from .phrases import tokens_in

UNRESOLVED = "unresolved"
CROWDS = ("collective", "unnamed")  # types that the form of a phrase decides: a crowd, or a few whose name is withheld
QUANTIFIERS = {
    "many",
    "some",
    "most",
    "few",
    "several",
    "others",
    "those",
    "all",
    "none",
    "both",
    "half",
    "more",
    "any",
    "nobody",
    "everyone",
    "anyone",
    "someone",
    "everybody",
    "somebody",
    "thousands",
    "hundreds",
    "dozens",
    "percent",
    "they",
    "we",
    "these",
    "majority",
    "lot",
    "lots",
    "number",
    "plenty",
    "people",
    "who",
    "millions",
    "scores",
    "handful",
    "legion",
    "bulk",
    "share",
    "rest",
    "minority",
    "third",
    "quarter",
    "%",
}
# of what they are made
LOTS = {
    "wave",
    "series",
    "string",
    "spate",
    "batch",
    "crop",
    "slew",
    "raft",
    "flurry",
    "barrage",
    "set",
}
FEW = re.compile(
    r"(?i)\b(one|two|three|four|five|six|seven|a couple of|a pair of|another|an?|a second|a third|a former|each)\b"
)
ORGANISED = {
    "group",
    "organization",
    "organisation",
    "union",
    "company",
    "firm",
    "campaign",
    "committee",
    "party",
    "council",
    "outlet",
    "network",
    "government",
    "agency",
    "department",
    "media",
    "press",
    "newspaper",
    "insurer",
    "bank",
    "corporation",
    "retailer",
    "airline",
    "automaker",
    "university",
    "court",
    "state",
    "country",
    "nation",
    "city",
    "pac",
    "association",
    "station",
    "police",
    "church",
    "coalition",
    "house",
    "commission",
    "camp",
    "institute",
    "department",
    "ministry",
    "embassy",
    "board",
    "team",
    "administration",
    "industry",
    "business",
    "gop",
    "senate",
    "congress",
    "authority",
    "opposition",
    "panel",
    "field",
    "plaintiff",
    "investigation",
    "hearing",
    "college",
    "magazine",
    "foundation",
    "movement",
    "congressional",
}
TOPIC = 5  # different words about elections that make an article one about an election
STAFF = {"spokesman", "spokeswoman", "spokesperson", "adviser", "advisor", "aide", "strategist", "director", "manager"}
SPEAKERS = {
    "politician",
    "government",
    "military_police",
    "legal",
    "business",
    "expert",
    "ngo",
    "citizen",
    "celebrity",
    "media",
    "international",
}
RELATIONS = {
    "wife",
    "husband",
    "mother",
    "father",
    "son",
    "daughter",
    "brother",
    "sister",
    "friend",
    "spouse",
    "parent",
    "colleague",
    "man",
    "woman",
    "mom",
    "dad",
    "cousin",
    "child",
    "kid",
    "immigrant",
    "refugee",
    "girlfriend",
    "boyfriend",
}
# marks that others outdo
VAGUE = {
    "department",
    "agency",
    "government",
    "federal",
    "city",
    "county",
    "company",
    "firm",
    "office",
    "bureau",
    "campaign",
}
# what stands for its owner
INNER = {
    "mind",
    "view",
    "argument",
    "opinion",
    "word",
    "voice",
    "remark",
    "message",
    "point",
    "position",
    "rhetoric",
    "comment",
    "thinking",
    "heart",
    "lip",
    "answer",
}
OCCUPATION = re.compile(r"[a-z]{3}(?:er|or|ist|ian|ee|man|woman)$")
PAST = {"former", "ex", "then", "onetime", "one-time", "ex-", "retired", "late"}


class TypesError(Error):
    """data/source_types.yaml is not as it must be; the message names the type and the key."""


@dataclass(frozen=True)
class SourceType:
    """One type: its label and definition for readers, and the words that decide (see data/source_types.yaml)."""

    key: str
    label: str
    definition: str
    heads: frozenset[str]
    marks: frozenset[str]
    beside: frozenset[str]


@dataclass(frozen=True)
class Description:
    """A noun phrase that says what somebody is: its main noun (an index of a token), and all its tokens; or, as
    `owner`, whom somebody belongs to."""

    main: int
    tokens: tuple[int, ...]
    owner: bool = False


@lru_cache(maxsize=1)
def _file() -> dict:
    return packaged("source_types.yaml")


@lru_cache(maxsize=1)
def source_types() -> dict[str, SourceType]:
    """Return all types by key. Raises TypesError for a missing or unknown key, or a word that stands under two
    types."""
    found: dict[str, SourceType] = {}
    owner: dict[str, str] = {}
    for key, entry in _file()["types"].items():
        if set(entry) != {"label", "definition", "heads", "marks", "beside"}:
            raise TypesError(f"source_types.yaml: {key} must have exactly label, definition, heads, marks and beside")
        heads, marks, beside = (frozenset(str(w).lower() for w in entry[k]) for k in ("heads", "marks", "beside"))
        for word in heads:
            if owner.setdefault(word, key) != key:
                raise TypesError(f"source_types.yaml: head “{word}” stands under {owner[word]} and under {key}")
        found[key] = SourceType(key, entry["label"], entry["definition"], heads, marks, beside)
    unknown = set(_file()["depends"].values()) - set(found)
    if unknown:
        raise TypesError(f"source_types.yaml: depends names the unknown type {', '.join(sorted(unknown))}")
    return found


@lru_cache(maxsize=1)
def _heads() -> dict[str, str]:
    return {word: kind.key for kind in source_types().values() for word in kind.heads}


@lru_cache(maxsize=1)
def _marks() -> list[tuple[re.Pattern, str, str]]:
    """Return marks as patterns, longest first, with type."""
    pairs = [(word, kind.key) for kind in source_types().values() if kind.key not in CROWDS for word in kind.marks]
    return [
        (re.compile(rf"(?<![\w-]){re.escape(word)}(?!\w)"), word, key)
        for word, key in sorted(pairs, key=lambda pair: (-len(pair[0]), pair))
    ]


def decide(
    document: Document,
    tree: Tree,
    name: str,
    mentions: list[tuple[int, int]],
    places: list[tuple[int, int]],
    person: bool,
) -> tuple[str, str]:
    """Return the type of a source and the words that decided, ("unresolved", "") where the article doesn't say.

    `mentions` are the spans by which the source is named as a source (pronouns left out), `places` all spans where
    a person's name stands; both are offsets into `Document.text`. What describes the person most directly decides:
    a title or apposition, then a past one ("former …"), then the words beside the bare name.
    """
    if person:
        return _person(document, tree, mentions, places)
    for start, end in mentions:
        kind, words = _phrase(document, tree, tokens_in(document, start, end))
        if kind != UNRESOLVED:
            return kind, words
    return _marked(name.lower()) or _by_name(document, tree, mentions)


def _by_name(document: Document, tree: Tree, mentions: list[tuple[int, int]]) -> tuple[str, str]:
    """Return a bare name that was not taken for a person's, or several joined by "and": what is said wherever its
    last word stands."""
    t = document.tokens
    for start, end in mentions:
        tokens = tokens_in(document, start, end)
        tops = {_main(document, tokens)} if tokens else set()
        tops |= {i for i in tokens if t.dep[i] == "conj" and t.head[i] in tops}
        surnames = {t.text[i] for i in tops if t.pos[i] == "PROPN"}
        found = weigh(evidence(document, tree, [[i] for i in range(len(t)) if t.text[i] in surnames]), _file()["votes"])
        if found[0] != UNRESOLVED:
            return found
    return UNRESOLVED, ""


def _main(document: Document, tokens: list[int]) -> int:
    """Return the token on which a phrase turns: the one whose head lies outside; a noun if there is one."""
    t, inside = document.tokens, set(tokens)
    tops = [i for i in tokens if t.head[i] not in inside or t.head[i] == i]
    if all(t.pos[i] == "ADP" for i in tops):  # "among white voters" turns on the voters
        tops = [i for i in tokens if t.head[i] in tops and t.dep[i] == "pobj"] or tops
    return min(tops, key=lambda i: (t.pos[i] not in ("NOUN", "PROPN", "PRON", "NUM"), i))


def _phrase(document: Document, tree: Tree, tokens: list[int]) -> tuple[str, str]:
    """Return a source that is no named person: a thing, an organisation, a crowd, or persons whose name is withheld."""
    t = document.tokens
    tokens = [i for i in tokens if t.pos[i] != "SPACE"]
    if not tokens:
        return UNRESOLVED, ""
    main = _main(document, tokens)
    text = _text(document, tokens)
    lemma, word = _singular(document, main), t.text[main].lower()
    if lemma in LOTS and (inner := _inner(document, tree, main)) is not None:
        main, lemma, word = inner, _singular(document, inner), t.text[inner].lower()
    plural = (
        t.tag[main] in ("NNS", "NNPS")
        or " and " in text
        and t.tag[main].startswith("NN")
        and not text.startswith("the ")
    )
    if (
        (word in QUANTIFIERS or lemma in QUANTIFIERS)
        and text != "the number"
        or t.tag[main] == "CD"
        or t.dep[main] == "nummod"
    ):
        inner = _inner(document, tree, main)
        if inner is not None and _heads().get(t.lemma[inner]) in ("document", "media"):
            return _heads()[t.lemma[inner]], t.text[inner]
        if word == "one":
            return "unnamed", text.split(" who ")[0][:60]
        if (
            inner is not None
            and (role := _role(document, tokens, inner))
            and role[0] == "politician"
            and word in ("one", "two", "both", "three")
        ):
            return role
        if word in ("two", "three", "four", "five", "both") and not re.search(r"\bin\b|percent|%", text):
            return "unnamed", t.text[main]
        return "collective", t.text[main]
    head = _role(document, tokens, main)
    proper = (
        t.pos[main] == "PROPN"
        and t.tag[main] != "NNPS"
        and (head is None or t.entity[main] in ("ORG", "GPE", "FAC", "WORK_OF_ART"))
    )
    if proper:
        written = (
            head
            if head and head[0] == "document" and lemma not in ("post", "record", "page", "order", "code")
            else None
        )
        for found in (written, _marked(text, last=True), head):
            if found:
                return found
        described = _by_name(document, tree, [(t.start[tokens[0]], t.end[tokens[-1]])])
        if described[0] != UNRESOLVED:
            return described
        if t.entity[main] in ("GPE", "LOC"):
            return "government", t.text[main]
        if t.entity[main] == "NORP":
            return "collective", t.text[main]
        return UNRESOLVED, ""
    if head and head[0] == "document":
        return head
    if plural and re.search(r"\b(house|senate|congressional) (republicans|democrats|conservatives)\b", text):
        return "politician", t.text[main]
    if t.entity[main] == "NORP" and plural:
        return "collective", t.text[main]
    owner = next((k for k in tree.children[main] if t.dep[k] == "poss" and t.pos[k] == "PROPN"), None)
    if owner is not None and head is None and lemma in INNER:
        return _by_name(document, tree, [(t.start[owner], t.end[owner])])
    kind, words = head or _marked(text) or (UNRESOLVED, "")
    thing = (
        kind in ("document", "international")
        or (
            kind == "media"
            and lemma
            not in (
                "reporter",
                "journalist",
                "host",
                "anchor",
                "pundit",
                "commentator",
                "columnist",
                "correspondent",
                "critic",
                "blogger",
                "editor",
            )
        )
        or lemma in ORGANISED
    )
    if thing and kind != UNRESOLVED:
        return kind, words
    if any(mark in text for mark in source_types()["unnamed"].marks):
        return "unnamed", next(mark for mark in sorted(source_types()["unnamed"].marks) if mark in text)
    numbered = FEW.match(text) is not None
    if kind == "politician" and re.match(r"(both|each|the two|either|neither)\b", text):
        return kind, words
    if (
        kind == "politician"
        and any(t.entity[i] == "PERSON" for i in tokens)
        and re.search(r" (like|such as|including) ", text)
    ):
        return kind, words
    if plural and t.tag[main] in ("NNS", "NNPS"):
        few = re.match(r"(two|three|four|five|six|both|the two|a couple of)\b", text)
        return ("unnamed" if few else "collective"), t.text[main]
    if kind in CROWDS:
        return kind, words
    if numbered and kind in SPEAKERS and head:
        return "unnamed", " ".join(text.split()[:6])
    if kind == "government" and head and _past(document, tokens, main):
        return "politician", words
    return kind, words


def _inner(document: Document, tree: Tree, noun: int) -> int | None:
    """Return the noun after "of" that hangs on another ("a wave of ads": ads)."""
    t = document.tokens
    ofs = [k for k in tree.children[noun] if t.dep[k] == "prep" and t.text[k].lower() == "of"]
    return next((k for of in ofs[:1] for k in tree.children[of] if t.dep[k] == "pobj"), None)


def _person(
    document: Document, tree: Tree, mentions: list[tuple[int, int]], places: list[tuple[int, int]]
) -> tuple[str, str]:
    """Return a named person: what describes him or her votes for types, each kind of evidence with its weight."""
    named = sorted(set(places)) or sorted(mentions)
    return weigh(
        evidence(document, tree, [tokens for s, e in named if (tokens := tokens_in(document, s, e))]), _file()["votes"]
    )


def evidence(document: Document, tree: Tree, names: list[list[int]]) -> list[tuple[str, str, str]]:
    """Return the (kind of evidence, type, words) of all that the article says about a person named at these tokens.

    Kinds: "head" (a noun that names a role), "depends" (one such as "director"), "past" ("former …"), "mark"
    (another word of a description), "age", "near" and "sentence" (words beside the name), "topic" (an article about
    an election).
    """
    t = document.tokens
    found: list[tuple[str, str, str]] = []
    for tokens in names:
        told = [d for first in _descriptions(document, tree, tokens) for d in (first, *_now(document, tree, first))]
        for d in told:
            role = _role(document, list(d.tokens), d.main)
            past = _past(document, d.tokens, d.main)
            if role and role[0] == "collective" and t.tag[d.main] == "NN":
                role = ("citizen", role[1])  # a named supporter, critic or protester speaks for himself or herself
            if role and role[0] in SPEAKERS:
                kind = (
                    "past"
                    if past
                    else (
                        "relation"
                        if t.lemma[d.main] in RELATIONS
                        else "depends"
                        if t.lemma[d.main] in _depends()
                        else "head"
                    )
                )
                office = role[0] == "government" or role[1] == "attorney general"
                found.append((kind, "politician" if past and office else role[0], role[1]))
            elif d.owner and (marked := _marked(_text(document, list(d.tokens)))) and marked[0] == "media":
                found.append(("head", *marked))  # "CNN's Ann Doe", "Ann Doe of CNN"
            elif (marked := _marked(_text(document, list(d.tokens)))) and marked[0] in SPEAKERS:
                found.append(("past" if past else "mark", *marked))
            elif t.tag[d.main] == "NN" and OCCUPATION.search(t.lemma[d.main]):
                found.append(("mark", "citizen", t.text[d.main]))  # "a retired welder": a trade, and no office
        if age := _age(document, tokens[-1]):
            found.append(("age", "citizen", age))
    found += _beside(document, names)
    if len(names) >= 3 and not any(kind in ("head", "depends", "age") for kind, _, _ in found):
        topic = sorted({w for word in t.text if "politician" in _neighbours().get(w := word.lower(), ())})
        if len(topic) >= TOPIC:
            found.append(("topic", "politician", "an article about an election: " + ", ".join(topic[:3])))
    return found


def weigh(found: list[tuple[str, str, str]], weight: dict[str, float]) -> tuple[str, str]:
    """Return the type with most votes and the words that gave it most; ("unresolved", "") for no evidence.

    Of one kind of evidence for one type the first counts whole and each further one `again` of it, up to `most`.
    """
    votes: dict[str, dict[str, float]] = {}
    words: dict[str, dict[str, float]] = {}
    for kind, key, text in found:
        much = weight[kind]
        if kind not in ("near", "sentence") and votes.get(key, {}).get(kind):
            much *= weight["again"]
        votes.setdefault(key, {})[kind] = min(votes.get(key, {}).get(kind, 0) + much, weight["most"])
        words.setdefault(key, {})[text] = words.get(key, {}).get(text, 0) + weight[kind]
    if not votes:
        return UNRESOLVED, ""
    best = min(votes, key=lambda key: (-sum(votes[key].values()), key))
    shown = sorted(words[best], key=lambda text: (-words[best][text], text))
    return best, ", ".join(shown[:3])


def _age(document: Document, last: int) -> str:
    """Return the age that follows a name ("Ann Doe, 33, …"), as news gives it of people who hold no office; else ""."""
    t = document.tokens
    if (
        last + 3 < len(t)
        and t.text[last + 1] == ","
        and t.text[last + 2].isdigit()
        and 15 < int(t.text[last + 2]) < 105
        and t.text[last + 3] in (",", ".")
    ):
        return t.text[last + 2]
    return ""


def _descriptions(document: Document, tree: Tree, name: list[int]) -> Iterable[Description]:
    """Yield what stands around a name and describes it: title, apposition, "X is a …", "X, a …"."""
    t = document.tokens
    if not name:
        return
    head = _main(document, name)
    inside = set(name)
    first, last = name[0], name[-1]
    before = first
    while (
        before
        and t.sentence[before - 1] == t.sentence[first]
        and t.pos[before - 1] in ("NOUN", "PROPN", "ADJ", "PART", "NUM", "ADP")
        and (t.pos[before - 1] != "ADP" or t.text[before - 1] == "of")
        and first - before < 9
    ):
        before -= 1
    title = [i for i in range(before, first) if t.pos[i] != "ADP" or i > before]
    owner = bool(title) and t.pos[title[-1]] == "PART"
    while title and t.pos[title[-1]] == "PART":
        title.pop()
    if title and t.tag[title[-1]] not in ("NNS", "NNPS"):
        yield Description(title[-1], tuple(title), owner)
    own = [i for i in name if i != head and t.pos[i] == "NOUN"]
    if own:
        yield Description(own[-1], tuple(name))
    for k in tree.children[head]:
        if t.dep[k] == "appos" and k not in inside or t.dep[k] == "appos" and t.pos[k] == "NOUN":
            yield Description(k, tuple(tree.subtree(k)[:24]))
    if t.dep[head] == "appos" and t.head[head] not in inside:
        whole = [i for i in tree.subtree(t.head[head]) if i not in inside and i < first]
        if whole:
            yield Description(t.head[head], tuple(whole))
    for k in tree.children[head]:
        if t.dep[k] == "prep" and t.text[k].lower() in ("of", "at", "with", "from") and k == last + 1:
            of = tree.subtree(k)[1:12]
            if of and t.entity[of[-1]] not in ("GPE", "PERSON"):
                yield Description(of[-1], tuple(of), owner=True)
    if t.dep[head] in ("nsubj",) and t.lemma[t.head[head]] in ("be", "become"):
        for k in tree.children[t.head[head]]:
            if t.dep[k] == "attr" and t.pos[k] == "NOUN":
                yield Description(k, tuple(tree.subtree(k)[:16]))
    if _age(document, last) and last + 4 < len(t):
        last += 2  # "Ann Doe, 33, a teacher"
    if last + 2 < len(t) and t.text[last + 1] == "," and t.sentence[last + 2] == t.sentence[last]:
        end = last + 2
        while (
            end < len(t)
            and t.sentence[end] == t.sentence[last]
            and end - last < 18
            and t.text[end] not in (",", ";", "“", '"', "—", "–")
        ):
            end += 1
        phrase = list(range(last + 2, end))
        nouns = [i for i in phrase if t.pos[i] in ("NOUN", "PROPN")]
        if (
            nouns
            and t.tag[phrase[0]] in ("DT", "NN", "JJ", "NNP", "PRP$", "NNPS", "RB", "VBG")
            and t.pos[phrase[0]] != "VERB"
        ):
            stop = next(
                (
                    i
                    for i in phrase
                    if t.text[i].lower() in ("of", "at", "for", "in", "on", "who", "with", "from", "and", "to")
                ),
                end,
            )
            early = [i for i in nouns if i < stop]
            if early:
                yield Description(early[-1], tuple(phrase))
        elif nouns and t.text[phrase[0]].lower() == "who":
            after = [
                i
                for i in nouns
                if any(
                    t.text[k].lower() in ("as", "is", "was", "a", "an", "the") for k in range(max(last + 3, i - 4), i)
                )
            ]
            if after:
                yield Description(after[0], tuple(phrase))


def _past(document: Document, tokens: Iterable[int], main: int) -> bool:
    """Return whether a description's main noun, or a word before it, says that it is over ("former")."""
    return any(document.tokens.lemma[i] in PAST for i in tokens if i <= main)


def _now(document: Document, tree: Tree, told: Description) -> Iterable[Description]:
    """Yield what somebody is today, within a description of what he or she was ("a former official who is now a
    fellow at …")."""
    t = document.tokens
    for i in told.tokens if _past(document, told.tokens, told.main) else ():
        if t.text[i].lower() == "now" and t.lemma[t.head[i]] in ("be", "work", "serve") and t.head[i] in told.tokens:
            for k in tree.children[t.head[i]]:
                noun = (
                    k
                    if t.dep[k] == "attr"
                    else next((j for j in tree.children[k] if t.dep[j] == "pobj"), -1)
                    if t.text[k] == "as"
                    else -1
                )
                if noun > i and t.pos[noun] in ("NOUN", "PROPN"):
                    yield Description(noun, tuple(tree.subtree(noun)[:16]))


def _role(document: Document, tokens: list[int], main: int) -> tuple[str, str] | None:
    """Return what a description's main noun says: its own type, or, for one such as "director", that of the rest."""
    t = document.tokens
    text = _text(document, tokens)
    lemma = _singular(document, main)
    upto = [i for i in tokens if i <= main and main - i < 4]
    for size in range(len(upto), 0, -1):
        words = " ".join(t.text[i].lower() for i in upto[-size:])
        for form in (words, " ".join([*words.split()[:-1], lemma])):
            if form in _heads() and form not in _depends():
                return _heads()[form], form
            if form in _depends() and size == 1:
                rest = text.replace(t.text[main].lower(), " ", 1)
                marked = _marked(rest)
                others = [i for i in tokens if i != main and t.entity[i] == "PERSON"]
                if others and form in STAFF and (marked is None or marked[0] != "government"):
                    return "politician", f"{t.text[main]} … {t.text[others[-1]]}"
                if marked is None and form == "president" and any(t.entity[i] == "ORG" for i in tokens if i != main):
                    return "ngo", _case(document, tokens)
                return (marked[0], f"{t.text[main]} … {marked[1]}") if marked else (_depends()[form], t.text[main])
            if form in _depends():
                marked = _marked(text.replace(form, " ", 1))
                return (marked[0], f"{form} … {marked[1]}") if marked else (_depends()[form], form)
    return None


def _singular(document: Document, token: int) -> str:
    """Return the lemma of a noun in small letters; of one in capitals ("Leaked Documents") too, which the parser
    takes for a name."""
    t = document.tokens
    word = t.text[token].lower()
    if t.tag[token] not in ("NNP", "NNPS") or not word.endswith("s"):
        return t.lemma[token]
    return next(
        (form for form in (word[:-1], word[:-3] + "y") if form in _heads() or form in _depends()), t.lemma[token]
    )


@lru_cache(maxsize=1)
def _depends() -> dict[str, str]:
    source_types()
    return {str(k).lower(): v for k, v in _file()["depends"].items()}


def _marked(text: str, last: bool = False) -> tuple[str, str] | None:
    """Return the first mark in a text (the last one, as a name's own kind stands at its end: "Washington Post"),
    the longest of those at one place."""
    found = [
        (word in VAGUE, -m.end() if last else m.start(), -len(word), key, word)
        for pattern, word, key in _marks()
        for m in pattern.finditer(text)
    ]
    return min(found)[3:] if found else None


def _beside(document: Document, names: list[list[int]]) -> list[tuple[str, str, str]]:
    """Return the words of `beside` within four tokens of a name ("near") or elsewhere in its sentence, each place
    counted once."""
    t = document.tokens
    places: dict[tuple[int, str], str] = {}
    for tokens in names:
        first, last = tokens[0], tokens[-1]
        for i in range(max(0, first - 30), min(len(t), last + 31)):
            if t.sentence[i] == t.sentence[first] and not first <= i <= last:
                for key in _neighbours().get(t.text[i].lower(), ()):
                    if first - 4 <= i <= last + 4 or (i, key) not in places:
                        places[i, key] = "near" if first - 4 <= i <= last + 4 else "sentence"
    return [(kind, key, t.text[i].lower()) for (i, key), kind in sorted(places.items())]


@lru_cache(maxsize=1)
def _neighbours() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for kind in source_types().values():
        for word in kind.beside:
            found[word] = (*found.get(word, ()), kind.key)
    return found


def _text(document: Document, tokens: list[int]) -> str:
    return _case(document, tokens).lower().replace("’", "'")


def _case(document: Document, tokens: list[int]) -> str:
    t = document.tokens
    return re.sub(r"\s+", " ", document.text[t.start[tokens[0]] : t.end[tokens[-1]]])
