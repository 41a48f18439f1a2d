"""Who has been heard so far: the sources in the making while the attributions are gone through in their order."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property
import math
import re
from typing import NamedTuple

from presslab.parsing.document import Document
from presslab.parsing.phrases import tokens_in

from ..attribution import Attribution
from .entries import Entry
from .model import Mention
from .nouns import BODIES, is_human
from .person import Person
from .phrases import head_of, key, last_word
from .pronouns import GENDER, Scene
from .roles import Introduced, introduced


class Naming(NamedTuple):
    """Whom a mention means: canonical name, person (if it is one), and how that was resolved, a key of REASONS."""

    name: str
    person: Person | None
    how: str


@dataclass
class Heard:
    """The sources so far by canonical name, the source of each attribution, and who spoke last."""

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

    @cached_property
    def paragraph_starts(self) -> list[int]:
        """Where paragraphs begin."""
        return [start for start, _, _ in self.document.paragraphs]

    def note(self, index: int, start: int, end: int, naming: Naming) -> None:
        """Give an attribution to the source that [start, end) names."""
        document, tokens = self.document, tokens_in(self.document, start, end)
        text = re.sub(r"\s+", " ", document.text[start:end])
        name = naming.name.strip() or text.strip() or "…"  # a source cut down to "’s" still has a name
        entry = self.entries.setdefault(name, Entry(name, naming.person))
        head = head_of(document, tokens) if tokens else -1
        if not entry.mentions and not naming.person:
            entry.named = naming.how == "name" or self.is_name(head, name)
        self._add(entry, index, Mention(start, end, text, naming.how))
        if entry.name != "the interviewer" and self.labels(start, end):
            self.label = entry
        word = text.lower()
        if naming.how == "pronoun" and entry.person and word in GENDER:
            entry.person.women += GENDER[word] == "woman"
            entry.person.men += GENDER[word] == "man"
        if head < 0:
            return
        if entry.person:
            self.scene.note(entry.person, head, spoke=True, until=end)
        elif self._one_human(naming.how, head) and is_human(last_word(entry.name)):
            entry.stand_in = entry.stand_in or Person(entry.name)
            self.scene.note(entry.stand_in, head, spoke=True)

    def continued(self, entry: Entry, index: int, start: int) -> None:
        """Give an attribution without a source to the one who spoke before."""
        self._add(entry, index, Mention(start, start, "", "continued"))

    def _add(self, entry: Entry, index: int, mention: Mention) -> None:
        entry.mentions.append(mention)
        entry.attributions.append(index)
        self.owner[index] = self.last = entry

    def _one_human(self, how: str, head: int) -> bool:
        t = self.document.tokens
        return how in ("description", "title or role") and t.tag[head] == "NN" and is_human(t.lemma[head])

    def called(self, name: str) -> str:
        """Return the canonical name of the source that has this name but for case and article; otherwise the name."""
        return next((canonical for canonical in self.entries if key(canonical) == key(name)), name)

    def near(self, entry: Entry, start: int) -> bool:
        """Return whether a source was heard in the paragraph of `start` or the one before."""
        starts = self.paragraph_starts
        return bisect_right(starts, start) - bisect_right(starts, entry.mentions[-1].start) <= 1

    def nearness(self, person: Person) -> float:
        """Return 0–1 by how lately a person was named, and whether he or she spoke last."""
        naming = self.scene.seen.get(id(person))
        if not naming:
            return 0.0
        t = self.document.tokens
        place = min(self.scene.place, len(t) - 1)
        return 0.7 * math.exp(-max(0, t.paragraph[place] - t.paragraph[naming.token]) / 2) + 0.3 * (
            person is self.scene.last_speaker
        )

    def labels(self, start: int, end: int) -> bool:
        """Return whether a source is a label: it begins a paragraph and a colon follows."""
        return start in self.paragraph_starts and self.document.text[end : end + 1] == ":"

    def is_name(self, head: int, name: str) -> bool:
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
