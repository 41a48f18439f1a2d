"""Who is who among the sources: each mention goes to one canonical source with its reason, or stays open."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from functools import cached_property
import math
import re

from presslab.parsing.document import Document

from ..attribution import Attribution
from ..attribution.rules import Tree
from .entries import Entry, join_headline, join_lede, metonyms, source
from .model import Mention, Source
from .nouns import ANY_BODY, BODIES, is_human, synonyms
from .people import SUBJECTS, TITLES, Person, find, roster
from .phrases import head_of, key, last_word, phrase, plain, plural, shorter, tokens_in
from .pronouns import GENDER, Scene, learn_genders
from .roles import (
    Introduced,
    abbreviated,
    body_meant,
    form_of,
    head_persons,
    introduced,
    longer_name,
    person_meant,
    role_word,
)

RELATIVE = {"who", "which", "that", "whom"}
OTHERS = {"they", "them", "it", "we", "i", "one", "you", "this", "these", "those", "us", "me", "their", "its"}
SPEAK_FOR = frozenset(
    "spokesman spokeswoman spokesperson source official aide adviser advisor staffer assistant employee reporter host"
    " deputy lawyer attorney".split()
)
ATTACHED = {"xcomp", "advcl", "conj"}


def resolve(document: Document, attributions: list[Attribution]) -> list[Source]:
    """Return canonical sources of a document, by attributed words, most first.

    Every attribution with a source span belongs to exactly one source; a pronoun that can't be resolved is a source
    of its own, named by its words, type "unresolved".
    """
    people = roster(document)
    learn_genders(document, people)
    resolver = Resolver(document, attributions, people, Scene(document, people))
    for index in range(len(attributions)):
        resolver.place(index)
    tree = Tree(document)
    join_lede(document, tree, resolver.entries)
    join_headline(document, resolver.entries)
    sources = [source(document, tree, attributions, entry) for entry in resolver.entries.values()]
    return sorted(sources, key=lambda s: (-s.words, min(m.start for m in s.mentions)))


@dataclass
class Resolver:
    """Goes through the attributions in their order and keeps who has been heard so far."""

    document: Document
    attributions: list[Attribution]
    people: list[Person]
    scene: Scene
    entries: dict[str, Entry] = field(default_factory=dict)
    owner: dict[int, Entry] = field(default_factory=dict)
    last: Entry | None = None
    label: Entry | None = None  # who answers in a transcript

    @cached_property
    def introduced(self) -> Introduced:
        """Where bodies and documents are spoken of in full."""
        return introduced(self.document)

    @cached_property
    def named_at(self) -> list[tuple[int, int]]:
        """Where people are named, in the text's order: offset, and number of the person in `people`."""
        return sorted((start, number) for number, person in enumerate(self.people) for start, _ in person.places)

    def place(self, index: int) -> None:
        """Give one attribution to its source."""
        attribution = self.attributions[index]
        if attribution.source:
            start, end = attribution.source[0][0], attribution.source[-1][1]
            self._note(index, start, end, *self.named(start, end, index))
            return
        start = min(s for s, _ in attribution.content or attribution.cue)
        subject = self._implied(attribution)
        if subject:
            name, person, how = self.named(*subject, index)
            if person or name in self.entries and how != "unresolved":
                self._note(index, subject[0], subject[1], name, person, "sentence before")
        elif self.last and attribution.kind != "indirect" and self._goes_on(attribution):
            self.last.mentions.append(Mention(start, start, "", "continued"))
            self.last.attributions.append(index)
            self.owner[index] = self.last

    def _note(self, index: int, start: int, end: int, name: str, person: Person | None, how: str) -> None:
        document, tokens = self.document, tokens_in(self.document, start, end)
        text = re.sub(r"\s+", " ", document.text[start:end])
        name = name.strip() or text.strip() or "…"  # a source cut down to "’s" still has a name
        entry = self.entries.setdefault(name, Entry(name, person))
        head = head_of(document, tokens) if tokens else -1
        if not entry.mentions and not person:
            entry.named = self._is_name(head, name)
        entry.mentions.append(Mention(start, end, text, how))
        entry.attributions.append(index)
        self.owner[index] = self.last = entry
        if entry.name != "the interviewer" and self._labels(start, end):
            self.label = entry
        word = text.lower()
        if how == "pronoun" and entry.person and word in GENDER:
            entry.person.women += GENDER[word] == "woman"
            entry.person.men += GENDER[word] == "man"
        if head >= 0:
            if entry.person:
                self.scene.note(entry.person, head, spoke=True, until=end)
            elif (
                how in ("description", "title or role")
                and document.tokens.tag[head] == "NN"
                and is_human(document.tokens.lemma[head])
            ):
                entry.stand_in = entry.stand_in or Person(entry.name)
                self.scene.note(entry.stand_in, head, spoke=True)

    def named(self, start: int, end: int, index: int) -> tuple[str, Person | None, str]:
        """Return canonical name, person (if it is one), and how the mention [start, end) was resolved."""
        document, t = self.document, self.document.tokens
        self.scene.advance(start)
        end = self._whole(start, end)
        text = plain(document, start, end)
        words = re.findall(r"[\w’'.-]+", text.lower())
        if len(words) == 1 and words[0] in RELATIVE:
            start, end = self._antecedent(start, end)
            text = re.sub(r"\s+", " ", document.text[start:end])
            words = text.lower().split()
        words = [
            w for w in words if w not in ("himself", "herself", "itself", "themselves", "also", "then", "later", "too")
        ] or words
        tokens = tokens_in(document, start, end)
        if not words or not tokens:
            return text, None, "unresolved"
        if text in ("Q", "A") and self._labels(start, end):
            return self._interviewed(text)
        if len(words) == 1 and words[0] in GENDER | dict.fromkeys(OTHERS | RELATIVE):
            return self._pronoun(words[0], next((i for i in tokens if t.text[i].lower() == words[0]), tokens[0]), index)
        first, last = (bisect_left(self.named_at, (offset, -1)) for offset in (start, end))
        inside = [self.people[number] for number in sorted({number for _, number in self.named_at[first:last]})]
        heads = head_persons(document, inside, tokens)
        if heads:
            return self._person(heads, start, end)
        if document.role(t.paragraph[tokens[0]]) == "headline":  # capitals mislead the parser: look for names alone
            named = [
                p for p in self.people if len(p.name.split()) > 1 and re.search(rf"\b{re.escape(p.name)}\b", text, re.I)
            ]
            if len(named) == 1 and "’s" not in text and "'s" not in text:
                return named[0].name, named[0], "name"
        if len(text.split()) <= 4 and all(w[:1].isupper() for w in text.split()):
            bare = text.removesuffix("’s").removesuffix("'s")
            person = find(self.people, bare.title() if bare.isupper() else bare, start)
            if person:
                return person.name, person, form_of(person, bare)
        return self._other(start, end, text, tokens, inside)

    def _whole(self, start: int, end: int) -> int:
        """Return the end of a source whose last words are a title or first name, cut from the name that they belong
        to."""
        t, tokens = self.document.tokens, tokens_in(self.document, start, end)
        if not tokens:
            return end
        last = tokens[-1]
        name = t.head[last]
        if t.dep[last] in ("compound", "nmod") and last < name <= last + 4 and t.pos[last] == "PROPN" == t.pos[name]:
            return t.end[name]
        after = next((i for i in (last + 1, last + 2) if i < len(t) and t.text[i] != "."), -1)
        if (
            t.text[last].rstrip(".") + "." in TITLES
            and after > 0
            and t.pos[after] == "PROPN"
            and t.sentence[after] == t.sentence[last]
        ):
            place = next((e for p in self.people for s, e in p.places if s == t.start[after]), t.end[after])
            return place
        return end

    def _person(self, heads: list[Person], start: int, end: int) -> tuple[str, Person | None, str]:
        document = self.document
        person = heads[0]
        form = next(document.text[s:e] for s, e in person.places if start <= s < end)
        if len(heads) > 1:
            return " and ".join(dict.fromkeys(p.name for p in heads)), None, "name"
        same = [p for p in self.people if p.surname == person.surname and len(p.name.split()) > 1]
        if len(same) > 1 and len(form.split()) == 1:
            title = document.text[max(0, start) : end].split()[0]
            gender = {"Mr.": "man", "Mrs.": "woman", "Ms.": "woman"}.get(title, "")
            fitting = [p for p in same if not gender or p.gender in ("", gender)] or same
            person = self.scene.bearer(fitting, tokens_in(document, start, end)[0])
        return person.name, person, form_of(person, form)

    def _other(
        self, start: int, end: int, text: str, tokens: list[int], inside: list[Person]
    ) -> tuple[str, Person | None, str]:
        """Return a source that isn't a person's name: a body, a document, somebody described."""
        document, t = self.document, self.document.tokens
        head = head_of(document, tokens)
        bare, kind = key(text), role_word(document, head)
        first = t.text[tokens[0]].lower()
        if bare in metonyms():
            return metonyms()[bare], None, "metonym"
        if first in ("his", "her") and t.head[tokens[0]] == head and len(tokens) <= 4:
            whose = self.scene.choose(tokens[0])
            if whose:
                return f"{whose.name}’s {document.text[t.end[tokens[0]] : t.end[head]].strip()}", None, "possessive"
        owners = [
            p
            for p in inside
            if any(
                t.start[i] == s
                and t.head[i] == head
                and t.dep[i] in ("poss", "compound", "nmod")
                or (t.start[i] == s and t.head[t.head[i]] == head and t.dep[t.head[i]] == "poss")
                for i in tokens
                for s, _ in p.places
            )
        ]
        if len(owners) == 1 and kind in BODIES and head - tokens[0] <= 5:
            return f"{owners[0].name}’s {kind}", None, "name" if t.dep[tokens[0]] == "det" else "possessive"
        full = abbreviated(document, text.removeprefix("the ").removeprefix("The "), start)
        if full:
            return next((n for n in self.entries if key(n) == key(full)), full), None, "abbreviation"
        definite = first in ("the", "this", "that") or t.pos[tokens[0]] != "DET" and len(tokens) == 1
        if first in ("the", "this", "that") and t.tag[head] in ("NN", "NNP") and t.entity[head] not in ("ORG", "GPE"):
            person = person_meant(document, self.people, tokens, head, self._nearness)
            if person and any(s < start for s, _ in person.places):
                return person.name, person, "title or role"
            if not person and self._only_speaker(tokens, head):
                return self.last.name, self.last.person, "title or role"
        known = next((name for name in self.entries if key(name) == bare), None)
        if known:
            return known, self.entries[known].person, "name" if self.entries[known].named else "description"
        full = longer_name(document, text, start) if t.tag[head] != "NNPS" and self._is_name(head, text) else ""
        if full:
            return next((n for n in self.entries if key(n) == key(full)), full), None, "part of name"
        if first in ("the", "these", "those") and t.pos[head] == "NOUN":
            longer = [n for n in self.entries if key(n).endswith(" " + bare) and last_word(n) == last_word(bare)]
            same = longer or [
                e.name for e in self.entries.values() if not e.person and last_word(e.name) == t.text[head].lower()
            ]
            if len(same) == 1 and (longer or len(bare.split()) == 1 and self._near(self.entries[same[0]], start)):
                return same[0], self.entries[same[0]].person, "title or role"
        common = t.tag[head] == "NN" or t.tag[head] == "NNP" and t.text[head].islower()
        if definite and first in ("the", "this", "that") and common and len(bare.split()) <= 2:
            if (
                kind in ANY_BODY
                and self.last
                and not self.last.person
                and self.last.named
                and self._near(self.last, start)
            ):
                return self.last.name, None, "title or role"
            found = body_meant(document, self.introduced, head, start)
            if found:
                name = self._owned(found[0])
                return next((n for n in self.entries if key(n) == key(name)), name), None, found[1]
        name = shorter(text)
        ending = [
            n
            for n, e in self.entries.items()
            if not e.person and re.search(rf"^[A-Z][\w.]+ (?:[A-Z][\w.]+ )?{re.escape(text)}$", n)
        ]
        if len(bare.split()) == 1 and text[:1].isupper() and t.tag[head] not in ("NNS", "NNPS") and len(ending) == 1:
            return ending[0], None, "part of name"
        return name, None, "name" if self._is_name(head, name) else "description"

    def _owned(self, text: str) -> str:
        """Return the canonical form of "the Clinton campaign" where Clinton is a known person; other texts as they
        are."""
        bare = re.sub(r"^(the|a|an) ", "", text, flags=re.I)
        owner, possessive, rest = (
            re.split(r"(['’]s )", bare, maxsplit=1) if re.search(r"['’]s ", bare) else ("", "", "")
        )
        if not possessive and bare.split()[-1].lower() in BODIES:
            *before, rest = bare.split()
            owner = " ".join(before)
        person = find(self.people, " ".join(w for w in owner.split() if w not in TITLES)) if owner else None
        return f"{person.name}’s {rest.lower() if not possessive else rest}" if person else shorter(text)

    def _is_name(self, head: int, name: str) -> bool:
        """Return whether a phrase names somebody or something: its head is a proper noun, or it is a person's or
        place's body."""
        t = self.document.tokens
        if head < 0:
            return False
        proper = bool(re.search(r"\b[A-Z]", name.removeprefix("the ").removeprefix("a ")))
        return proper and (
            t.pos[head] == "PROPN"
            or t.entity[head] in ("ORG", "GPE", "PERSON", "NORP")
            or t.lemma[head].lower() in BODIES
        )

    def _nearness(self, person: Person) -> float:
        seen = self.scene.seen.get(id(person))
        if not seen:
            return 0.0
        t = self.document.tokens
        place = min(self.scene.place, len(t) - 1)
        return 0.7 * math.exp(-max(0, t.paragraph[place] - t.paragraph[seen.token]) / 2) + 0.3 * (
            person is self.scene.last_speaker
        )

    def _only_speaker(self, tokens: list[int], head: int) -> bool:
        """Return whether a role that the article gives to nobody is the last speaker's, if nobody else was named
        since the paragraph before began and he or she has no role of another kind ("…," the Texas governor
        continues)."""
        t = self.document.tokens
        role = role_word(self.document, head)
        if (
            not self.last
            or not self.last.person
            or not is_human(role)
            or (len(tokens) < 3 and role not in synonyms())
            or role in SPEAK_FOR
        ):
            return False
        person, here = self.last.person, t.paragraph[head]
        if any(
            t.pos[i] == "PROPN" and i != head and t.text[i].lower() not in person.known_by and t.dep[i] == "pobj"
            for i in tokens
        ):
            return False  # "the Republican from Alabama"
        near = {
            id(p)
            for p in self.people
            for s, _ in p.places
            for i in tokens_in(self.document, s, s + 1)
            if here - 1 <= t.paragraph[i] <= here and i < head and t.quote[i] < 0 and t.dep[i] in SUBJECTS
        }
        return near <= {id(person)} and self._near(self.last, t.start[head])

    def _near(self, entry: Entry, start: int) -> bool:
        """Return whether a source was heard in this paragraph or the one before."""
        starts = [s for s, _, _ in self.document.paragraphs]
        return bisect_right(starts, start) - bisect_right(starts, entry.mentions[-1].start) <= 1

    def _pronoun(self, word: str, token: int, index: int) -> tuple[str, Person | None, str]:
        t = self.document.tokens
        if word in GENDER:
            person = self.scene.choose(token)
            if person:
                entry = next((e for e in self.entries.values() if e.person is person or e.stand_in is person), None)
                return (entry.name, entry.person, "pronoun") if entry else (person.name, person, "pronoun")
        elif word in ("i", "me"):
            speaker = self._enclosing(t.start[token], index) or (self.label if t.quote[token] < 0 else None)
            if speaker:
                return speaker.name, speaker.person, "pronoun"
        elif (
            word in ("they", "them", "their", "it", "its")
            and self.last
            and self.last.person is None
            and self._near(self.last, t.start[token])
        ):
            if plural(self.last.name) or word in ("it", "its") or not self.last.stand_in:
                if any(m.how != "unresolved" for m in self.last.mentions):
                    return self.last.name, None, "pronoun"
        return word, None, "unresolved"

    def _labels(self, start: int, end: int) -> bool:
        """Return whether a source is a label: it begins a paragraph and a colon follows."""
        return any(s == start for s, _, _ in self.document.paragraphs) and self.document.text[end : end + 1] == ":"

    def _interviewed(self, label: str) -> tuple[str, Person | None, str]:
        """Return the source of a part of an interview: Q is the interviewer, A the person whom the article has
        named most before the first question; open where two are named as often."""
        if label == "Q":
            return "the interviewer", None, "description"
        if self.label and self.label.person:
            return self.label.name, self.label.person, "title or role"
        first = next((s for s, e, _ in self.document.paragraphs if self.document.text[s:e].startswith(("Q:", "A:"))), 0)
        named = sorted(self.people, key=lambda p: -sum(s < first for s, _ in p.places))
        counts = [sum(s < first for s, _ in p.places) for p in named] + [0, 0]
        if counts[0] > counts[1]:
            return named[0].name, named[0], "title or role"
        return label, None, "unresolved"

    def _enclosing(self, start: int, index: int) -> Entry | None:
        """Return the source in whose words a place stands."""
        for other, entry in self.owner.items():
            if other != index and any(s <= start < e for s, e in self.attributions[other].content):
                return entry
        return None

    def _antecedent(self, start: int, end: int) -> tuple[int, int]:
        """Return the noun phrase that a relative pronoun stands for ("a senior official who asked …"), otherwise
        the pronoun itself."""
        t = self.document.tokens
        place = bisect_right(t.start, start) - 1
        verb = t.head[place]
        for _ in range(3):
            if t.dep[verb] == "relcl" or t.head[verb] == verb:
                break
            verb = t.head[verb]
        if t.dep[verb] != "relcl" or t.head[verb] > place:
            return start, end
        near = place - 2 if place > 1 and t.text[place - 1] == "," else place - 1
        if t.entity[near] in ("ORG", "PERSON") and near != t.head[verb] and t.pos[t.head[verb]] == "NOUN":
            return phrase(self.document, near)  # "a decision from the Board of Elections, which ruled"
        return phrase(self.document, t.head[verb])

    def _implied(self, attribution: Attribution) -> tuple[int, int] | None:
        """Return the subject of the clause that a cue without one hangs on ("…, saying that"), or, for a quotation
        without a cue, the person who is the subject of the sentence before it; None if there is none."""
        document, t = self.document, self.document.tokens
        if attribution.cue:
            tokens = tokens_in(document, attribution.cue[0][0], attribution.cue[-1][1])
            verb = next(
                (i for i in tokens if t.pos[i] in ("VERB", "AUX") and (t.head[i] not in tokens or t.head[i] == i)), -1
            )
            own = [k for k in range(max(0, verb - 12), verb) if t.head[k] == verb and t.dep[k] == "nsubj"]
            if own and not any(s <= t.start[own[-1]] < e for s, e in attribution.content):
                return phrase(document, own[-1])  # the network left the source out
            if verb >= 0 and t.tag[verb] == "VBN" and t.dep[verb] == "advcl":
                return None  # "Asked whether …": somebody else asks
            for _ in range(3):
                if (
                    verb < 0
                    or t.dep[verb] not in ATTACHED
                    or any(t.head[k] == verb and t.dep[k] in SUBJECTS for k in range(max(0, verb - 12), verb))
                ):
                    return None
                up = t.head[verb]
                if t.dep[verb] == "xcomp" and any(t.head[k] == up and t.dep[k] == "dobj" for k in range(up, verb)):
                    return None  # "prompted him to say": the object speaks
                subjects = [k for k in range(max(0, up - 25), up) if t.head[k] == up and t.dep[k] == "nsubj"]
                if subjects and not any(s <= t.start[subjects[-1]] < e for s, e in attribution.content):
                    return phrase(document, subjects[-1])
                verb = up
            return None
        if attribution.kind == "indirect" or not attribution.content:
            return None
        start = min(s for s, _ in attribution.content)
        place = bisect_right(t.start, start) - 1
        before = t.sentence[place] - 1
        earlier = [i for i in range(max(0, place - 60), place) if t.sentence[i] == before and t.quote[i] < 0]
        subjects = [i for i in earlier if t.dep[i] == "nsubj" and t.dep[t.head[i]] == "ROOT"]
        if not subjects or t.paragraph[place] - t.paragraph[subjects[0]] > 1:
            return None
        ended = document.text[:start].rstrip("“\"‘' \n")[-1:] == ":"
        s, e = phrase(document, subjects[0])
        person = any(s <= a < e for p in self.people for a, _ in p.places) or t.text[subjects[0]].lower() in (
            "he",
            "she",
        )
        fresh = not self.last or self.last.mentions[-1].start < t.start[earlier[0]]
        return (s, e) if person and (ended or fresh) else None

    def _goes_on(self, attribution: Attribution) -> bool:
        """Return whether this is a quotation without a source in the paragraph of the last speaker, or in the next
        one."""
        start = min(s for s, _ in attribution.content or attribution.cue)
        starts = [s for s, _, _ in self.document.paragraphs]
        here, before = bisect_right(starts, start), bisect_right(starts, self.last.mentions[-1].start)
        return here - before in (0, 1)
