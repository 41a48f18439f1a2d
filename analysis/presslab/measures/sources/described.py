"""Whom a phrase means that is no person's name: a body, a document, somebody described. A list of rules, the first
that knows an answer decides."""

from __future__ import annotations

from dataclasses import dataclass
import re

from presslab.parsing.phrases import tokens_in

from .entries import Entry, metonyms
from .heard import Heard, Naming
from .nouns import ANY_BODY, BODIES, is_human, synonyms
from .people import MEN, WOMEN
from .person import Person, find
from .person_names import SUBJECTS, TITLES, usual_gender
from .phrases import head_of, key, last_word, phrase as phrase_of, shorter
from .roles import abbreviated, body_meant, longer_name, person_meant, role_word, roles

POINTING = ("the", "this", "that")
PARTIES = frozenset("republican democrat conservative liberal independent socialist".split())
SPEAK_FOR = frozenset(
    "spokesman spokeswoman spokesperson source official aide adviser advisor staffer assistant employee reporter host"
    " deputy lawyer attorney".split()
)

HELPERS = SPEAK_FOR | frozenset("strategist manager chief chairman chairwoman director executive".split())


@dataclass(frozen=True)
class Phrase:
    """A source's words: their offsets and tokens, the people named in them, the `head` they hang on, its noun as one
    word (`kind`), the words without article in small letters (`bare`), and the first word in small letters."""

    start: int
    end: int
    text: str
    tokens: list[int]
    inside: list[Person]
    head: int
    kind: str
    bare: str
    first: str


def meant(heard: Heard, start: int, end: int, text: str, tokens: list[int], inside: list[Person]) -> Naming:
    """Return whom the phrase [start, end) means; by default it stands for itself."""
    head = head_of(heard.document, tokens)
    kind, first = role_word(heard.document, head), heard.document.tokens.text[tokens[0]].lower()
    phrase = Phrase(start, end, text, tokens, inside, head, kind, key(text), first)
    return next(naming for rule in RULES if (naming := rule(heard, phrase)))


def _metonym(heard: Heard, p: Phrase) -> Naming | None:
    """Resolve a place or building that stands for a government ("the Kremlin"): named as the article names it first."""
    if p.bare not in metonyms():
        return None
    group = metonyms()[p.bare]
    before = (e for e in heard.entries.values() if not e.person and metonyms().get(key(e.name)) == group)
    name = next((e.name for e in before), shorter(p.text))
    return Naming(name, None, "metonym" if key(name) != p.bare else "name")


def _his_or_her(heard: Heard, p: Phrase) -> Naming | None:
    """Resolve what belongs to whom a pronoun means ("his campaign")."""
    document, t = heard.document, heard.document.tokens
    if p.first not in ("his", "her") or t.head[p.tokens[0]] != p.head or len(p.tokens) > 4:
        return None
    owner = heard.scene.choose(p.tokens[0])
    if not owner:
        return None
    return Naming(f"{owner.name}’s {document.text[t.end[p.tokens[0]] : t.end[p.head]].strip()}", None, "possessive")


def _body_of_a_person(heard: Heard, p: Phrase) -> Naming | None:
    """Resolve a body with a person's name before it ("the Clinton campaign", "Clinton’s campaign")."""
    t = heard.document.tokens
    if p.kind not in BODIES or p.head - p.tokens[0] > 5:
        return None
    starts = {
        t.start[i]
        for i in p.tokens
        if t.head[i] == p.head
        and t.dep[i] in ("poss", "compound", "nmod")
        or t.head[t.head[i]] == p.head
        and t.dep[t.head[i]] == "poss"
    }
    owners = [person for person in p.inside if any(start in starts for start, _ in person.places)]
    if len(owners) != 1:
        return None
    return Naming(f"{owners[0].name}’s {p.kind}", None, "name" if t.dep[p.tokens[0]] == "det" else "possessive")


def _first_letters(heard: Heard, p: Phrase) -> Naming | None:
    """Resolve the first letters of a name before it ("the EPA")."""
    full = abbreviated(heard.document, p.text.removeprefix("the ").removeprefix("The "), p.start)
    return Naming(heard.called(full), None, "abbreviation") if full else None


def _person_in_a_role(heard: Heard, p: Phrase) -> Naming | None:
    """Resolve a person by the role that the article has given ("the Texas senator"), or the only one who speaks."""
    t = heard.document.tokens
    if p.first not in POINTING or t.tag[p.head] not in ("NN", "NNP") or t.entity[p.head] in ("ORG", "GPE"):
        return None
    person = person_meant(heard.document, heard.people, p.tokens, p.head, heard.nearness)
    if person:
        return Naming(person.name, person, "title or role") if any(s < p.start for s, _ in person.places) else None
    last = heard.last
    return Naming(last.name, last.person, "title or role") if last and _only_speaker(heard, last, p) else None


def _heard_before(heard: Heard, p: Phrase) -> Naming | None:
    """Resolve the same words as a source before."""
    entry = next((entry for name, entry in heard.entries.items() if key(name) == p.bare), None)
    return Naming(entry.name, entry.person, "name" if entry.named else "description") if entry else None


def _part_of_an_organisation(heard: Heard, p: Phrase) -> Naming | None:
    """Resolve the beginning or end of an organisation's name ("the Times" of "The New York Times")."""
    t = heard.document.tokens
    if t.tag[p.head] == "NNPS" or t.entity[p.head] == "GPE" or not heard.is_name(p.head, p.text):
        return None  # "Vietnam" is not "the Diplomatic Academy of Vietnam"
    full = longer_name(heard.document, p.text, p.start)
    return Naming(heard.called(full), None, "part of name") if full else None


def _same_noun(heard: Heard, p: Phrase) -> Naming | None:
    """Resolve the only source whose name turns on this noun ("the officials" after "two senior officials")."""
    t = heard.document.tokens
    if p.first not in ("the", "these", "those") or t.pos[p.head] != "NOUN":
        return None
    longer = [n for n in heard.entries if key(n).endswith(" " + p.bare) and last_word(n) == last_word(p.bare)]
    noun = t.text[p.head].lower()
    names = longer or [e.name for e in heard.entries.values() if not e.person and last_word(e.name) == noun]
    if len(names) != 1:
        return None
    entry = heard.entries[names[0]]
    if not longer and not (len(p.bare.split()) == 1 and heard.near(entry, p.start)):
        return None
    return Naming(entry.name, entry.person, "title or role")


def _body_or_document(heard: Heard, p: Phrase) -> Naming | None:
    """Resolve a body by a word for any ("the group" after "Earthjustice"), or what was named in full before ("the
    letter")."""
    t = heard.document.tokens
    common = t.tag[p.head] == "NN" or t.tag[p.head] == "NNP" and t.text[p.head].islower()
    if p.first not in POINTING or not common or len(p.bare.split()) > 2:
        return None
    last = heard.last
    if p.kind in ANY_BODY and last and not last.person and last.named and heard.near(last, p.start):
        return Naming(last.name, None, "title or role")
    full = body_meant(heard.document, heard.introduced, p.head, p.start)
    return Naming(heard.called(_owned(heard.people, full[0])), None, full[1]) if full else None


def _end_of_a_name(heard: Heard, p: Phrase) -> Naming | None:
    """Resolve the last word of one source's name ("Earthjustice" of "Florida Earthjustice")."""
    if len(p.bare.split()) != 1 or not p.text[:1].isupper() or heard.document.tokens.tag[p.head] in ("NNS", "NNPS"):
        return None
    full = re.compile(rf"^[A-Z][\w.]+ (?:[A-Z][\w.]+ )?{re.escape(p.text)}$")
    names = [name for name, entry in heard.entries.items() if not entry.person and full.search(name)]
    return Naming(names[0], None, "part of name") if len(names) == 1 else None


def _itself(heard: Heard, p: Phrase) -> Naming:
    """Resolve a source of its own; of one that is described and named, by its name ("the company, Ostra Marine")."""
    t = heard.document.tokens
    beside = [i for i in p.tokens if t.head[i] == p.head and t.dep[i] == "appos" and t.pos[i] == "PROPN"]
    if t.pos[p.head] == "NOUN" and len(beside) == 1 and beside[0] > p.head:
        start, end = phrase_of(heard.document, beside[0])
        name = heard.called(shorter(heard.document.text[start:end]))
        return Naming(name, None, "name")
    name = shorter(p.text)
    return Naming(name, None, "name" if heard.is_name(p.head, name) else "description")


RULES = (
    _metonym,
    _his_or_her,
    _body_of_a_person,
    _first_letters,
    _person_in_a_role,
    _heard_before,
    _part_of_an_organisation,
    _same_noun,
    _body_or_document,
    _end_of_a_name,
    _itself,
)


def _owned(people: list[Person], text: str) -> str:
    """Return the canonical form of "the Clinton campaign" where Clinton is a known person; other texts as they
    are."""
    bare = re.sub(r"^(the|a|an) ", "", text, flags=re.I)
    owner, possessive, rest = re.split(r"(['’]s )", bare, maxsplit=1) if re.search(r"['’]s ", bare) else ("", "", "")
    if not possessive and bare.split()[-1].lower() in BODIES:
        *before, rest = bare.split()
        owner = " ".join(before)
    person = find(people, " ".join(w for w in owner.split() if w not in TITLES)) if owner else None
    return f"{person.name}’s {rest.lower() if not possessive else rest}" if person else shorter(text)


def _of_the_other_gender(person: Person, noun: str) -> bool:
    """Return whether a noun ("businessman") speaks of a man and the person is a woman, or the other way round."""
    gender = person.gender or usual_gender(person.name)
    return noun in WOMEN and gender == "man" or noun in MEN and gender == "woman"


def _only_speaker(heard: Heard, last: Entry, p: Phrase) -> bool:
    """Return whether a role that the article gives to nobody is the last speaker's, if nobody else was named since
    the paragraph before began and he or she has no role of another kind ("…," the Texas governor continues)."""
    t = heard.document.tokens
    if not last.person or not is_human(p.kind) or p.kind in SPEAK_FOR or _of_the_other_gender(last.person, p.kind):
        return False
    wanted = synonyms().get(p.kind, frozenset([p.kind]))
    others = any(wanted & roles(person) for person in heard.people if person is not last.person)
    own = roles(last.person)
    if p.kind not in PARTIES and (others or own & HELPERS) and not wanted & own:
        return False  # the article gives this role to somebody else, or the last speaker that of a helper
    if len(p.tokens) < 3 and p.kind not in synonyms():
        return False
    unknown = (i for i in p.tokens if t.pos[i] == "PROPN" and t.text[i].lower() not in last.person.known_by)
    if any(i != p.head and t.dep[i] == "pobj" for i in unknown):
        return False  # "the Republican from Alabama"
    here = t.paragraph[p.head]
    subjects = {
        id(person)
        for person in heard.people
        for start, _ in person.places
        for i in tokens_in(heard.document, start, start + 1)
        if here - 1 <= t.paragraph[i] <= here and i < p.head and t.quote[i] < 0 and t.dep[i] in SUBJECTS
    }
    return subjects <= {id(last.person)} and heard.near(last, t.start[p.head])
