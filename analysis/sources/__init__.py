"""Who is who among the sources: canonical names, types, and the ratios of attribution."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
import re

import yaml

from ..attribution import Attribution
from ..document import Document
from . import types
from .people import Person, find, roster

PRONOUNS = {"he": "man", "she": "woman", "they": "", "him": "man", "her": "woman", "it": "", "who": "", "i": "", "we": ""}
OUTER = {"the", "a", "an", "his", "her", "their", "its", "our", "my"}


@dataclass(frozen=True)
class Mention:
    """One naming of a source: span in `Document.text`, and how it was resolved: "name", "part of name", "title or role",
    "pronoun", "metonym", "spelling variant", "description", "unresolved"; "continued" (an empty span) where a quotation
    without a source goes on after the last speaker."""

    start: int
    end: int
    text: str
    how: str


@dataclass(frozen=True)
class Source:
    """One who is heard. `name` is canonical ("he" has become a name); `role` the article's own description or "";
    `type` a key of data/source_types.yaml or "unresolved", `type_words` the words that decided; `gender` "woman", "man" or
    "" as the article's own pronouns and titles give it; `attributions` indices into the list of attributions; `words`
    attributed words; `named` False for unnamed sources and collectives."""

    name: str
    type: str
    type_words: str = ""
    role: str = ""
    gender: str = ""
    named: bool = True
    mentions: tuple[Mention, ...] = ()
    attributions: tuple[int, ...] = ()
    words: int = 0


@dataclass
class _Entry:
    name: str
    person: Person | None = None
    mentions: list[Mention] = field(default_factory=list)
    attributions: list[int] = field(default_factory=list)


@lru_cache(maxsize=1)
def metonyms() -> dict[str, str]:
    """The canonical name of each form in data/metonyms.yaml, lower case, without an article."""
    table = yaml.safe_load((resources.files("analysis") / "data" / "metonyms.yaml").read_text("utf-8"))
    return {_key(form): group[0] for group in table for form in group}


def resolve(document: Document, attributions: list[Attribution]) -> list[Source]:
    """Canonical sources of a document, by attributed words, most first.

    Every attribution with a source span belongs to exactly one source; a pronoun that can't be resolved is a source of
    its own, named by its words, type "unresolved".
    """
    people = roster(document)
    entries: dict[str, _Entry] = {}
    last: _Entry | None = None
    for index, attribution in enumerate(attributions):
        if not attribution.source:
            if last and attribution.kind != "indirect" and _goes_on(document, last, attribution):
                start = min(s for s, _ in attribution.content or attribution.cue)
                last.mentions.append(Mention(start, start, "", "continued"))
                last.attributions.append(index)
            continue
        start, end = attribution.source[0][0], attribution.source[-1][1]
        text = re.sub(r"\s+", " ", document.text[start:end])
        name, person, how = _resolve(document, people, entries, last, start, text)
        entry = entries.setdefault(name, _Entry(name, person))
        entry.mentions.append(Mention(start, end, text, how))
        entry.attributions.append(index)
        if how == "pronoun" and person:
            person.women += text.lower() == "she"
            person.men += text.lower() == "he"
        last = entry
    _join_lede(document, entries)
    sources = [_source(document, attributions, entry) for entry in entries.values()]
    return sorted(sources, key=lambda s: (-s.words, min(m.start for m in s.mentions)))


def _resolve(
    document: Document, people: list[Person], entries: dict[str, _Entry], last: _Entry | None, start: int, text: str
) -> tuple[str, Person | None, str]:
    """Canonical name, person (if it is one), and how the mention was resolved."""
    words = text.lower().replace("’", "'").split()
    if words in (["who"], ["which"], ["that"]):
        start, text = _antecedent(document, start, text)
        words = text.lower().split()
    if words and words[0] in PRONOUNS and len(words) == 1:
        return _pronoun(document, people, last, start, text, PRONOUNS[words[0]])
    inside = [p for p in people if any(start <= s < start + len(text) for s, _ in p.places)]
    if inside:
        head = _head_person(document, inside, start, start + len(text))
        if head:
            form = next(document.text[s:e] for s, e in head.places if start <= s < start + len(text))
            how = "name" if form == head.name else "part of name" if head.name.endswith(form) or form in head.name else "spelling variant"
            return head.name, head, how
    bare = _key(text)
    if 0 < len(words) <= 4 and all(w[:1].isupper() for w in text.split()):
        bare_name = text.removesuffix("’s").removesuffix("'s")
        person = find(people, bare_name.title() if bare_name.isupper() else bare_name)
        if person:
            exact = person.surname.lower() == bare_name.split()[-1].lower()
            return person.name, person, "part of name" if exact else "spelling variant"
    if bare in metonyms():
        return metonyms()[bare], None, "metonym"
    if bare in entries:
        return bare, None, "name"
    titled = [p for p in people if any(_key(d).startswith(bare) or _key(d).endswith(bare) for d in p.descriptions if d)]
    if words and words[0] == "the" and len(titled) == 1 and len(bare.split()) <= 3 and titled[0].places[0][0] < start:
        return titled[0].name, titled[0], "title or role"
    known = next((name for name in entries if _key(name) == bare), None)
    return known or re.sub(r"^(The|A|An) ", lambda m: m.group().lower(), _shorter(text)), None, "description"


def _pronoun(
    document: Document, people: list[Person], last: _Entry | None, start: int, text: str, gender: str
) -> tuple[str, Person | None, str]:
    """He and she: the person who spoke last in this paragraph or the one before, else the one named last as a subject
    before it. They, it, we: the last source if it is no person. Otherwise unresolved."""
    paragraph = max(i for i, (s, _, _) in enumerate(document.paragraphs) if s <= start)
    here = document.paragraphs[paragraph][0]
    before = document.paragraphs[max(0, paragraph - 1)][0]
    if text.lower() in ("he", "she", "him", "her"):
        fits = [p for p in people if p.gender in ("", gender)]
        outside = [p for p in fits if any(here <= s < start for s, _ in p.places)]
        named_here = sorted(outside, key=lambda p: min(s for s, _ in p.places if s >= here))
        if last and last.person in fits and last.mentions[-1].start >= here:
            return last.name, last.person, "pronoun"
        if len(named_here) == 1 and (not last or not last.person or _last_speech(last) < before):
            return named_here[0].name, named_here[0], "pronoun"
        if last and last.person in fits and last.mentions[-1].start >= before:
            return last.name, last.person, "pronoun"
        if named_here:
            return named_here[0].name, named_here[0], "pronoun"
        if last and last.person in fits:
            return last.name, last.person, "pronoun"
        recent = [p for p in fits if any(s < start for s, _ in p.places)]
        if recent:
            nearest = max(recent, key=lambda p: max(s for s, _ in p.places if s < start))
            return nearest.name, nearest, "pronoun"
    elif text.lower() in ("they", "it") and last and last.person is None and last.mentions[-1].start >= before:
        return last.name, None, "pronoun"
    return text.lower(), None, "unresolved"


def _antecedent(document: Document, start: int, text: str) -> tuple[int, str]:
    """The noun phrase that a relative pronoun stands for ("a senior official who asked …"), else the pronoun itself."""
    t = document.tokens
    place = bisect_right(t.start, start) - 1
    verb = t.head[place]
    if t.dep[verb] != "relcl":
        return start, text
    noun = first = t.head[verb]
    while first and t.head[first - 1] == noun and t.dep[first - 1] in ("det", "amod", "compound", "nummod", "poss"):
        first -= 1
    return t.start[first], document.text[t.start[first] : t.end[noun]]


def _goes_on(document: Document, last: _Entry, attribution: Attribution) -> bool:
    """A quotation without a source in the paragraph of the last speaker, or in the next one."""
    start = min(s for s, _ in attribution.content or attribution.cue)
    starts = [s for s, _, _ in document.paragraphs]
    here, before = bisect_right(starts, start), bisect_right(starts, last.mentions[-1].start)
    return here - before in (0, 1)


def _last_speech(entry: _Entry) -> int:
    return entry.mentions[-1].start


def _head_person(document: Document, inside: list[Person], start: int, end: int) -> Person | None:
    """The person that a source phrase is about: the one whose name holds the phrase's head or its apposition, not one
    in a possessive or after "of" or "for" ("Clinton's spokesman", "a lawyer for Trump")."""
    t = document.tokens
    tokens = [i for i in range(len(t)) if start <= t.start[i] < end]
    heads = [i for i in tokens if t.head[i] not in tokens or t.head[i] == i]
    for i in tokens:
        if i in heads or (t.dep[i] == "appos" and t.head[i] in heads) or (t.dep[i] in ("compound", "flat", "nmod") and t.head[i] in heads and t.entity[i] == "PERSON" and t.entity[t.head[i]] == "PERSON"):
            for person in inside:
                if any(s <= t.start[i] < e for s, e in person.places):
                    return person
    return None


def _join_lede(document: Document, entries: dict[str, _Entry]) -> None:
    """A described speaker of the first paragraph ("Moscow's top negotiator") is the person with a title who speaks first
    in the next one: news names in the second paragraph whom the lede describes."""
    body = [i for i, (_, _, role) in enumerate(document.paragraphs) if role == "body"][:2]
    if len(body) < 2:
        return
    (s1, e1, _), (s2, e2, _) = document.paragraphs[body[0]], document.paragraphs[body[1]]
    described = [
        e for e in entries.values()
        if e.person is None and all(s1 <= m.start < e1 and m.how == "description" for m in e.mentions)
        and types.decide(e.name, True, False)[0] not in (types.UNRESOLVED, "document", "media") and not _plural(e.name)
        and not re.match(r"(an?|one|two|some) ", e.name)
    ]  # fmt: skip
    named = [e for e in entries.values() if e.person and e.person.descriptions and any(s2 <= m.start < e2 for m in e.mentions)]
    first_named = [e for e in entries.values() if e.person and any(m.start < e1 for m in e.mentions)]
    if len(described) == 1 and named and not first_named:
        old, new = described[0], min(named, key=lambda e: min(m.start for m in e.mentions))
        new.mentions = [Mention(m.start, m.end, m.text, "title or role") for m in old.mentions] + new.mentions
        new.attributions = old.attributions + new.attributions
        del entries[old.name]


def _source(document: Document, attributions: list[Attribution], entry: _Entry) -> Source:
    person = entry.person
    texts = [m.text for m in entry.mentions if m.how not in ("pronoun", "unresolved", "continued")]
    description = "; ".join(dict.fromkeys([*(person.descriptions if person else []), *texts]))
    unresolved = all(m.how in ("unresolved", "continued") for m in entry.mentions)
    named = person is not None or bool(re.search(r"(?<!^)\b[A-Z]", entry.name.removeprefix("the "))) or entry.name in metonyms().values()
    if unresolved:
        kind, words, named = types.UNRESOLVED, "", False
    elif entry.name in metonyms().values():
        kind, words = "government", entry.name
    else:
        kind, words = types.decide(description or entry.name, named, person is None and _plural(entry.name))
    covered = [(s, e) for index in entry.attributions for s, e in attributions[index].content]
    count = sum(any(s <= w.start < e for s, e in covered) for w in document.words)
    role = max((person.descriptions if person else []), key=len, default="")
    return Source(
        entry.name, kind, words, role, person.gender if person else "", named, tuple(entry.mentions),
        tuple(sorted(entry.attributions)), count,
    )  # fmt: skip


def _plural(name: str) -> bool:
    head = re.split(r" (?:of|in|at|from|for|who|that|with|on|to)\b|,", name)[0].split()
    last = head[-1].lower() if head else ""
    return bool(re.search(r"[^s']s$", last)) or last in ("people", "many", "some", "others", "they", "women", "men", "police") or " and " in name


def _key(text: str) -> str:
    """For comparison: lower case, no article or possessive in front, plain apostrophes."""
    words = text.lower().replace("’", "'").removesuffix("'s").split()
    while words and words[0] in OUTER:
        words = words[1:]
    return " ".join(words)


def _shorter(text: str) -> str:
    """The phrase up to its first comma, without quotation marks."""
    return re.sub(r"[“”\"]", "", text.split(",")[0]).strip()[:120] or text[:120]


from .ratios import measure  # noqa: E402  (ratios reads the classes above)

__all__ = ["Mention", "Source", "measure", "metonyms", "resolve"]
