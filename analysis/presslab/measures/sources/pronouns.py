"""Whom he and she mean: each person named before is scored by a few plain signs, and a near tie stays open.

The signs are those of the tradition of Lappin & Leass (1994): nearness, being a subject, being the one who speaks,
being spoken of often; and the gender that the article's own words give."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
import math

from presslab.parsing.document import Document
from presslab.system.plain_yaml import packaged

from .person import Person
from .person_names import SUBJECTS, usual_gender

GENDER = {
    "he": "man",
    "him": "man",
    "his": "man",
    "himself": "man",
    "she": "woman",
    "her": "woman",
    "hers": "woman",
    "herself": "woman",
}
MARGIN = 0.15  # a lead smaller than this is a tie
SURE = 2.0  # with such a lead 99 of 100 pronouns of tests/gold/speakers.jsonl are right, with a smaller one 74
FARTHEST = 4  # paragraphs since the last naming


@lru_cache(maxsize=1)
def weights() -> dict[str, float]:
    """Return how much each sign counts, from data/pronouns.yaml."""
    return {name: float(value) for name, value in packaged("pronouns.yaml")["weights"].items()}


@dataclass
class _Seen:
    """What is known of a person at some place of the text."""

    token: int
    subject: bool
    spoke: bool
    quoted: bool
    count: int = 1
    until: int = 0  # where the source phrase ends that the naming is part of
    gender: str = ""  # of the pronoun, if that is what the naming was


@dataclass
class Scene:
    """Who has been named so far, moving through a document from the beginning to the end."""

    document: Document
    people: list[Person]
    seen: dict[int, _Seen] = field(default_factory=dict)  # by id of the person
    who: dict[int, Person] = field(default_factory=dict)
    last_speaker: Person | None = None
    latest: Person | None = None  # whom the article named last outside quotations
    place: int = 0

    def __post_init__(self) -> None:
        t = self.document.tokens
        self.names = {s: (p, e) for p in self.people for s, e in p.places}
        self.heads = {}
        for i in range(len(t)):
            if t.start[i] in self.names:
                _, end = self.names[t.start[i]]
                inside = [k for k in range(i, min(i + 8, len(t))) if t.start[k] < end]
                self.heads[i] = next((k for k in inside if t.head[k] not in inside or t.head[k] == k), i)

    def advance(self, start: int) -> None:
        """Go on to the character `start`, noting names and pronouns on the way."""
        t = self.document.tokens
        while self.place < len(t) and t.start[self.place] < start:
            i = self.place
            if i in self.heads:
                self.note(self.names[t.start[i]][0], self.heads[i])
            elif t.text[i].lower() in GENDER and t.quote[i] < 0:
                person = self.choose(i)
                if person:
                    self._learn(person, i)
                    self.note(person, i)
            self.place += 1

    def _learn(self, person: Person, token: int) -> None:
        """Note the gender of the one who speaks by a pronoun in the same sentence if nobody else comes near: "the
        minister said she had not been told"."""
        t, ranked = self.document.tokens, self.scores(token)
        naming = self.seen[id(person)]
        if naming.spoke and t.sentence[naming.token] == t.sentence[token] and _lead(ranked) > 1:
            person.women += GENDER[t.text[token].lower()] == "woman"
            person.men += GENDER[t.text[token].lower()] == "man"

    def note(self, person: Person, token: int, spoke: bool = False, until: int = 0) -> None:
        """Note a naming of a person; the same naming may be noted again as that of a source."""
        t = self.document.tokens
        quoted = t.quote[token] >= 0 and not spoke
        before = self.seen.get(id(person))
        if before and before.spoke and not spoke and (before.token == token or t.start[token] < before.until):
            return
        if before and quoted and not before.quoted and t.paragraph[token] - t.paragraph[before.token] <= 1:
            before.count += 1  # being spoken of by others doesn't hide that one was named in the story itself
            return
        cited = t.dep[token] == "pobj" and t.text[t.head[token] - 1].lower() == "according"  # as good as a subject
        subject = t.dep[token] in SUBJECTS or (spoke and (cited or t.dep[token] not in ("poss", "pobj")))
        count = (before.count if before else 0) + (not before or before.token != token)
        gender = GENDER.get(t.text[token].lower(), before.gender if before and before.token == token else "")
        self.seen[id(person)] = _Seen(token, subject, spoke, quoted, count, until, gender)
        self.who[id(person)] = person
        if not quoted:
            self.latest = person
        if spoke:
            self.last_speaker = person

    def scores(self, token: int) -> list[tuple[float, Person]]:
        """Return persons that the pronoun at a token may mean, best first."""
        t = self.document.tokens
        gender = GENDER[t.text[token].lower()]
        ranking = []
        for key, naming in self.seen.items():
            person = self.who[key]
            if t.paragraph[token] - t.paragraph[naming.token] > FARTHEST or self._same_clause(token, naming.token):
                continue
            evidence = person.women + person.men
            if person.gender and person.gender != gender and evidence >= 2:
                continue
            signs = self.signs(token, naming, person)
            ranking.append((sum(weights()[name] * value for name, value in signs.items()), person))
        return sorted(ranking, key=lambda pair: -pair[0])

    def signs(self, token: int, naming: _Seen, person: Person) -> dict[str, float]:
        """Return what speaks for and against that the pronoun at a token means a person: a key of data/pronouns.yaml →
        how much of it there is (0 to about 3)."""
        t = self.document.tokens
        sentences = max(0, t.sentence[token] - t.sentence[naming.token])
        paragraphs = t.paragraph[token] - t.paragraph[naming.token]
        last = person is self.last_speaker
        gender, evidence = GENDER[t.text[token].lower()], person.women + person.men
        return {
            "near": math.exp(-sentences / 2),
            "same_sentence": float(not sentences),
            "here": float(not paragraphs and not naming.quoted),
            "paragraph_before": float(paragraphs == 1 and not naming.quoted),
            "subject": float(naming.subject),
            "spoke": float(naming.spoke),
            "quoted": float(naming.quoted),
            "last_speaker": float(last),
            "last_speaker_near": float(last and paragraphs <= 1),
            "latest": float(person is self.latest),
            "often": math.log(naming.count),
            "same_gender": float(min(evidence, 3)) if person.gender == gender else 0.0,
            "other_gender": float(bool(person.gender) and person.gender != gender),
            "other_pronoun": float(bool(naming.gender) and naming.gender != gender),
            "other_first_name": float(usual_gender(person.name) not in ("", gender)),
        }

    def bearer(self, bearers: list[Person], token: int) -> Person:
        """Return whom a surname of several means: the one in the story's eye, otherwise the one named most often."""

        def score(person: Person) -> float:
            naming, t = self.seen.get(id(person)), self.document.tokens
            often = math.log(1 + len(person.places))
            if not naming:
                return often
            near = weights()["near"] * math.exp(-max(0, t.sentence[token] - t.sentence[naming.token]) / 2)
            return (
                often
                + near / 2
                + weights()["subject"] * naming.subject
                + weights()["last_speaker"] * (person is self.last_speaker)
            )

        return max(bearers, key=score)

    def choose(self, token: int) -> Person | None:
        """Return the person that a pronoun means, or None if nobody leads clearly."""
        ranked = self.scores(token)
        if not ranked or _lead(ranked) < MARGIN:
            return None
        return ranked[0][1]

    def is_sure(self, token: int) -> bool:
        """Return whether the one whom a pronoun means leads so far that somebody else is hardly meant."""
        return _lead(self.scores(token)) >= SURE

    def _same_clause(self, pronoun: int, name: int) -> bool:
        """Return whether a subject pronoun can mean this person: it is not whom its own verb has for another
        argument ("he told Trump")."""
        t = self.document.tokens
        if t.dep[pronoun] not in SUBJECTS:
            return False
        verb, up = t.head[pronoun], t.head[name]
        return (
            up == verb
            and name > pronoun
            or (up != verb and t.head[up] == verb and t.dep[up] in ("dative", "prep") and name > pronoun)
        )


def _lead(ranked: list[tuple[float, Person]]) -> float:
    """Return how far the first of ranked persons leads; infinite without a second one."""
    return ranked[0][0] - ranked[1][0] if len(ranked) > 1 else math.inf


def learn_genders(document: Document, people: list[Person]) -> None:
    """Count, for each person, the pronouns that can mean nobody else: those after the only person of a sentence, who is
    its subject ("Quill said she …"). Adds to `women` and `men`."""
    t = document.tokens
    names = {start: (person, end) for person in people for start, end in person.places}
    sentences: dict[int, list[int]] = {}
    for i in range(len(t)):
        if t.quote[i] < 0:
            sentences.setdefault(t.sentence[i], []).append(i)
    for tokens in sentences.values():
        starts = [i for i in tokens if t.start[i] in names]
        if len({id(names[t.start[i]][0]) for i in starts}) == 1:
            person, end = names[t.start[starts[0]]]
            gender = _gender_told(document, tokens, [k for k in tokens if k >= starts[0] and t.start[k] < end])
            person.women += gender == "woman"
            person.men += gender == "man"


def _gender_told(document: Document, tokens: list[int], name: list[int]) -> str:
    """Return the gender of the pronouns of a sentence after the name that is its subject; "" if they differ, or if
    one stands before the verb."""
    t = document.tokens
    verb = next((t.head[k] for k in name if t.dep[k] in SUBJECTS and t.head[k] not in name), None)
    if verb is None:
        return ""
    pronouns = [k for k in tokens if t.text[k].lower() in GENDER]
    if any(k < verb and k not in name and t.pos[k] == "PRON" for k in pronouns):
        return ""
    genders = {GENDER[t.text[k].lower()] for k in pronouns if k > name[-1]}
    return genders.pop() if len(genders) == 1 else ""
