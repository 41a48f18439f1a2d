"""The type of a source, from the words by which the article itself describes it, and the words that decided."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
import re

from presslab.parsing.document import Document
from presslab.parsing.phrases import tokens_in

from .descriptions import is_past, lowered, main_noun
from .evidence import evidence, role_of, singular, weigh
from .nouns import is_human
from .phrases import antecedent
from .setting import Setting
from .types import CROWDS, SPEAKERS, UNRESOLVED, Verdict, heads, marked, source_types, votes, words

FEW = re.compile(
    r"(?i)\b(one|two|three|four|five|six|seven|a couple of|a pair of|another|an?|a second|a third|a former|each)\b"
)
NUMBERED = re.compile(r"(two|three|four|five|six|both|the two|a couple of)\b")
IN_CONGRESS = re.compile(r"\b(house|senate|congressional) (republicans|democrats|conservatives)\b")
SAID = (
    "head",
    "depends",
    "alone",
    "past",
    "mark",
    "relation",
)  # evidence by which an article says itself what somebody is
RELATIVE = ("who", "which", "that", "whom")
NOBODY = re.compile(r"no(?:[ -]one|body| other)\b")
ACRONYMS = re.compile(r"[A-Z]{2,}s$")  # "MPs"
NOT_TEXTS = ("total", "post", "record", "page", "order", "code")  # in a name: "the Washington Post" is no post


def decide(
    document: Document,
    tree: Setting,
    name: str,
    mentions: list[tuple[int, int]],
    places: list[tuple[int, int]],
    person: bool,
) -> Verdict:
    """Return the type of a source and the words that decided, ("unresolved", "") where the article doesn't say.

    `mentions` are the spans by which the source is named as a source (pronouns left out), `places` all spans where
    a person's name stands; both are offsets into `Document.text`. What describes the person most directly decides:
    a title or apposition, then a past one ("former …"), then the words beside the bare name.
    """
    if person:
        spans = sorted(set(places)) or sorted(mentions)
        names = [tokens for start, end in spans if (tokens := tokens_in(document, start, end))]
        pieces = evidence(document, tree, names)
        if tree.topic == "sport" and not any(kind in SAID for kind, _, _ in pieces):
            pieces.append(("topic", "celebrity", "an article about sport"))
        return weigh(pieces, votes())
    for start, end in mentions:
        if document.text[start:end].lower() in RELATIVE:
            start, end = antecedent(document, start, end)
        verdict = _of_phrase(document, tree, tokens_in(document, start, end))
        if verdict[0] != UNRESOLVED:
            return verdict
    return marked(name.lower(), political=tree.political) or _by_name(document, tree, mentions)


def _by_name(document: Document, tree: Setting, mentions: list[tuple[int, int]], beside: bool = True) -> Verdict:
    """Return the type of a bare name that was not taken for a person's, or of several joined by "and": what is said
    wherever its last word stands; with `beside` the words near it count as well."""
    t = document.tokens
    for start, end in mentions:
        tokens = tokens_in(document, start, end)
        tops = {main_noun(document, tokens)} if tokens else set()
        tops |= {i for i in tokens if t.dep[i] == "conj" and t.head[i] in tops}
        surnames = {t.text[i] for i in tops if t.pos[i] == "PROPN"}
        pieces = evidence(document, tree, [[i] for i in range(len(t)) if t.text[i] in surnames])
        verdict = weigh([piece for piece in pieces if beside or piece[0] not in ("near", "sentence", "topic")], votes())
        if verdict[0] != UNRESOLVED:
            return verdict
    return UNRESOLVED, ""


@dataclass(frozen=True)
class Phrase:
    """A source that is no named person: its tokens, the noun it turns on (a token), and its text in small letters."""

    document: Document
    tree: Setting
    tokens: list[int]
    main: int
    text: str

    @property
    def shown(self) -> str:
        """The noun as it is written."""
        return self.document.tokens.text[self.main]

    @cached_property
    def lemma(self) -> str:
        """The noun in the singular."""
        return singular(self.document, self.main)

    @cached_property
    def role(self) -> Verdict | None:
        """What the noun says."""
        t = self.document.tokens
        before = self.main - 1
        if t.entity[self.main] == t.entity[before] == "PERSON" and t.pos[before] == "PROPN" and before in self.tokens:
            return None  # "Paul Farmer" is no farmer
        return role_of(self.document, self.tree, self.tokens, self.main)

    @property
    def noun(self) -> str:
        """The noun in the singular, as one word ("start-up")."""
        return self.role[1] if self.role and "-" in self.role[1] and " " not in self.role[1] else self.lemma

    @cached_property
    def verdict(self) -> Verdict:
        """What the noun says, otherwise the other words."""
        return self.role or marked(self.text, political=self.tree.political) or (UNRESOLVED, "")

    @property
    def entity(self) -> str:
        """The kind of name that the noun is part of, or ""."""
        return self.document.tokens.entity[self.main]

    @property
    def plural(self) -> bool:
        """Whether it speaks of several, by the noun or by "and"."""
        tag = self.document.tokens.tag[self.main]
        joined = " and " in self.text and tag.startswith("NN") and not self.text.startswith("the ")
        return tag in ("NNS", "NNPS") or joined or bool(ACRONYMS.match(self.shown))

    @property
    def human(self) -> bool:
        """Whether the noun is for a person, by what it says or how it is formed."""
        role = self.role
        return self.noun not in words().organised and (role[0] in SPEAKERS if role else is_human(self.lemma))


def _of_phrase(document: Document, tree: Setting, tokens: list[int]) -> Verdict:
    """Return the type of a source that is no named person: a thing, an organisation, a crowd, or persons whose name
    is withheld. The first rule that knows an answer decides."""
    tokens = [i for i in tokens if document.tokens.pos[i] != "SPACE"]
    if not tokens:
        return UNRESOLVED, ""
    main = main_noun(document, tokens)
    if singular(document, main) in words().lots and (inner := _inner(document, tree, main)) is not None:
        main = inner
    phrase = Phrase(document, tree, tokens, main, lowered(document, tokens))
    return next((verdict for rule in RULES if (verdict := rule(phrase))), phrase.verdict)


def _inner(document: Document, tree: Setting, noun: int) -> int | None:
    """Return the noun after "of" that hangs on another ("a wave of ads": ads)."""
    t = document.tokens
    ofs = [k for k in tree.children[noun] if t.dep[k] == "prep" and t.text[k].lower() == "of"]
    return next((k for of in ofs[:1] for k in tree.children[of] if t.dep[k] == "pobj"), None)


def _quantity(p: Phrase) -> Verdict | None:
    """Decide on a number or a word for one: a crowd ("many voters"), a few whose name is withheld ("two of them"),
    or what they are of ("most polls", "one of the senators")."""
    t, word = p.document.tokens, p.shown.lower()
    counting = (word in words().quantifiers or p.lemma in words().quantifiers) and p.text != "the number"
    if NOBODY.match(p.text):
        return "collective", p.shown
    if p.text in ("another", "a second", "a third"):
        return "unnamed", p.text
    if p.shown == "WHO":
        return "international", p.shown
    if not counting and t.tag[p.main] != "CD" and t.dep[p.main] != "nummod":
        return None
    inner = _inner(p.document, p.tree, p.main)
    if inner is not None and (kind := heads().get(t.lemma[inner])) in ("document", "media"):
        return kind, t.text[inner]
    if word == "one":
        return "unnamed", p.text.split(" who ")[0][:60]
    if inner is not None and word in ("two", "both", "three"):
        role = role_of(p.document, p.tree, p.tokens, inner)
        if role and role[0] == "politician":
            return role
    few = word in ("two", "three", "four", "five", "both") and not re.search(r"\bin\b|percent|%", p.text)
    return "unnamed" if few else "collective", p.shown


def _proper_name(p: Phrase) -> Verdict | None:
    """Decide on a proper name: what kind of text it is, what its last mark says ("Washington Post"), its role, what
    the article says of it elsewhere; a place is a government, a people a crowd."""
    t = p.document.tokens
    body = p.role is None and p.entity in ("ORG", "PERSON", "PRODUCT")  # "Jefferies" is not several
    if t.pos[p.main] != "PROPN" or t.tag[p.main] == "NNPS" and not body or ACRONYMS.match(p.shown):
        return None
    if p.role and p.entity not in ("ORG", "GPE", "FAC", "WORK_OF_ART"):
        return None
    text = p.role if p.role and p.role[0] == "document" and p.lemma not in NOT_TEXTS else None
    if verdict := text or _mark_of_name(p) or p.role:
        return verdict
    if p.tree.topic == "sport" and p.entity in ("ORG", "GPE", "NORP", "PERSON"):
        return "celebrity", f"{p.shown} … an article about sport"
    if p.entity == "GPE":
        return "government", p.shown  # "Quebec reported 858 cases": no newspaper
    place = p.entity == "LOC"
    described = _by_name(p.document, p.tree, [(t.start[p.tokens[0]], t.end[p.tokens[-1]])], beside=not place)
    if described[0] != UNRESOLVED:
        return described
    if place:
        return "government", p.shown
    return ("collective", p.shown) if p.entity == "NORP" else (UNRESOLVED, "")


def _mark_of_name(p: Phrase) -> Verdict | None:
    """Return the last mark of a name, of what stands before a comma if there is one ("the EPA, with the US army")."""
    cut = next((k for k, i in enumerate(p.tokens) if i > p.main and p.document.tokens.text[i] == ","), len(p.tokens))
    own = lowered(p.document, p.tokens[:cut])
    return next(filter(None, (marked(text, True, p.tree.political) for text in (own, p.text))), None)


def _text(p: Phrase) -> Verdict | None:
    """Decide on a text or data ("a report by the auditor")."""
    return p.role if p.role and p.role[0] == "document" else None


def _party_in_congress(p: Phrase) -> Verdict | None:
    """Decide on members of a parliament ("House Republicans")."""
    return ("politician", p.shown) if p.plural and IN_CONGRESS.search(p.text) else None


def _people(p: Phrase) -> Verdict | None:
    """Decide on people by nation, faith or party ("Americans")."""
    return ("collective", p.shown) if p.entity == "NORP" and p.plural else None


def _owner(p: Phrase) -> Verdict | None:
    """Decide on what stands for its owner ("in Lee’s mind")."""
    t = p.document.tokens
    owner = next((k for k in p.tree.children[p.main] if t.dep[k] == "poss" and t.pos[k] == "PROPN"), None)
    if owner is None or p.role or p.lemma not in words().inner:
        return None
    return _by_name(p.document, p.tree, [(t.start[owner], t.end[owner])])


def _body(p: Phrase) -> Verdict | None:
    """Decide on a body: an outlet, an organisation, an agency; not on people who belong to one."""
    kind = p.verdict[0]
    outlet = kind == "media" and p.lemma not in words().journalists
    thing = kind in ("document", "international") or outlet or p.noun in words().organised
    return p.verdict if thing and kind != UNRESOLVED else None


def _withheld(p: Phrase) -> Verdict | None:
    """Decide on whoever asked not to be named ("who spoke on condition of anonymity")."""
    mark = next((mark for mark in sorted(source_types()["unnamed"].marks) if mark in p.text), None)
    return ("unnamed", mark) if mark else None


def _politicians(p: Phrase) -> Verdict | None:
    """Decide on politicians whom the article tells apart ("both candidates", "Republicans such as Lee")."""
    if p.verdict[0] != "politician":
        return None
    some = any(p.document.tokens.entity[i] == "PERSON" for i in p.tokens)
    named = some and re.search(r" (like|such as|including) ", p.text)
    return p.verdict if named or re.match(r"(both|each|the two|either|neither)\b", p.text) else None


def _several(p: Phrase) -> Verdict | None:
    """Decide on several: a few whose name is withheld ("two officials"), or a crowd ("officials")."""
    tag = p.document.tokens.tag[p.main]
    if tag not in ("NNS", "NNPS") and not ACRONYMS.match(p.shown):
        return None
    if p.role is None and not is_human(p.lemma) and p.entity != "NORP":
        return None  # "structures" and "Jefferies" are no crowds
    return "unnamed" if NUMBERED.match(p.text) else "collective", p.shown


def _crowd(p: Phrase) -> Verdict | None:
    """Decide on a word for a crowd or for somebody without a name ("the public", "a source")."""
    return p.verdict if p.verdict[0] in CROWDS else None


def _one_of_many(p: Phrase) -> Verdict | None:
    """Decide on one or a few in a role, without a name ("a senior official")."""
    if p.human and FEW.match(p.text):
        return "unnamed", " ".join(p.text.split()[:6])
    return None


def _some_citizen(p: Phrase) -> Verdict | None:
    """Decide on one whom the article describes and never names ("the man", "his doctor")."""
    owned = re.match(r"(his|her|my|our|their) ", p.text) and p.role and p.role[0] == "expert"
    pointed = re.match(r"(the|this|that) ", p.text) and p.lemma in words().nobodies
    return ("unnamed", p.text[:40]) if (owned or pointed) and p.human and not p.plural else None


def _former_official(p: Phrase) -> Verdict | None:
    """Decide on whoever held an office ("the former governor"): he or she is in politics."""
    if p.role and p.verdict[0] == "government" and is_past(p.document, p.tokens, p.main):
        return "politician", p.verdict[1]
    return None


RULES = (
    _quantity,
    _proper_name,
    _text,
    _party_in_congress,
    _people,
    _owner,
    _body,
    _withheld,
    _politicians,
    _several,
    _crowd,
    _one_of_many,
    _some_citizen,
    _former_official,
)
