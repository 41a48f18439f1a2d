"""Who is who among the sources: each mention goes to one canonical source with its reason, or stays open."""

from __future__ import annotations

from bisect import bisect_left
import re

from presslab.parsing.document import Document
from presslab.parsing.phrases import tokens_in

from ..attribution import Attribution
from .described import meant
from .entries import WRITER, Entry, join_headline, join_lede, source
from .heard import Heard, Naming
from .implied import goes_on, implied
from .model import Source
from .people import COURTESY, roster
from .person import Person, find
from .person_names import TITLES, usual_gender
from .phrases import antecedent, plain, plural
from .pronouns import GENDER, Scene, learn_genders
from .roles import form_of, head_persons
from .setting import Setting

RELATIVE = {"who", "which", "that", "whom"}
OTHERS = {"they", "them", "it", "we", "i", "one", "you", "this", "these", "those", "us", "me", "their", "its"}
PRONOUNS = {*GENDER, *OTHERS, *RELATIVE}


def resolve(document: Document, attributions: list[Attribution]) -> list[Source]:
    """Return canonical sources of a document, by attributed words, most first.

    Every attribution with a source span belongs to exactly one source; a pronoun that can't be resolved is a source
    of its own, named by its words, type "unresolved".
    """
    people = roster(document)
    learn_genders(document, people)
    heard = Heard(document, attributions, people, Scene(document, people))
    for index in range(len(attributions)):
        _place(heard, index)
    tree = Setting(document)
    join_lede(document, tree, heard.entries)
    join_headline(document, heard.entries)
    sources = [source(document, tree, attributions, entry) for entry in heard.entries.values()]
    return sorted(sources, key=lambda s: (-s.words, min(m.start for m in s.mentions)))


def _place(heard: Heard, index: int) -> None:
    """Give one attribution to its source."""
    attribution = heard.attributions[index]
    if attribution.source:
        start, end = attribution.source[0][0], attribution.source[-1][1]
        heard.note(index, start, end, _named(heard, start, end, index))
    elif subject := implied(heard, attribution):
        naming = _named(heard, *subject, index)
        if naming.person or naming.name in heard.entries and naming.how != "unresolved":
            heard.note(index, *subject, naming._replace(how="sentence before"))
    elif (last := heard.last) and attribution.kind != "indirect" and goes_on(heard, last, attribution):
        heard.continued(last, index, min(s for s, _ in attribution.content or attribution.cue))


def _named(heard: Heard, start: int, end: int, index: int) -> Naming:
    """Return whom the mention [start, end) means."""
    document, t = heard.document, heard.document.tokens
    heard.scene.advance(start)
    start, end = _from_its_first_word(heard, start), _whole(heard, start, end)
    text = plain(document, start, end)
    words = re.findall(r"[\w’'.-]+", text.lower())
    if len(words) == 1 and words[0] in RELATIVE:
        start, end = antecedent(document, start, end)
        text = re.sub(r"\s+", " ", document.text[start:end])
        words = text.lower().split()
    if words and words[0] in OTHERS and {*words[1:]} <= {"all", "both"}:
        words = words[:1]
    tokens = tokens_in(document, start, end)
    if not words or not tokens:
        return Naming(text, None, "unresolved")
    if text in ("Q", "A") and heard.labels(start, end):
        return _interviewed(heard, text)
    if len(words) == 1 and words[0] in PRONOUNS:
        place = next((i for i in tokens if t.text[i].lower() == words[0]), tokens[0])
        return _pronoun(heard, words[0], place, index)
    inside = _people_in(heard, start, end)
    if heads := head_persons(document, inside, tokens):
        return _person(heard, heads, start, end)
    if document.role(t.paragraph[tokens[0]]) == "headline" and (person := _in_headline(heard, text)):
        return Naming(person.name, person, "name")
    return _bare_name(heard, start, text) or meant(heard, start, end, text, tokens, inside)


def _people_in(heard: Heard, start: int, end: int) -> list[Person]:
    """Return the people named in [start, end), in the order of the article."""
    first, last = (bisect_left(heard.named_at, (offset, -1)) for offset in (start, end))
    return [heard.people[number] for number in sorted({number for _, number in heard.named_at[first:last]})]


def _in_headline(heard: Heard, text: str) -> Person | None:
    """Return the only person whose full name is in a headline, whose capitals mislead the parser."""
    full = [p for p in heard.people if len(p.name.split()) > 1 and re.search(rf"\b{re.escape(p.name)}\b", text, re.I)]
    return full[0] if len(full) == 1 and "’s" not in text and "'s" not in text else None


def _bare_name(heard: Heard, start: int, text: str) -> Naming | None:
    """Return the person that a few capitalised words name."""
    if len(text.split()) > 4 or not all(w[:1].isupper() for w in text.split()):
        return None
    bare = text.removesuffix("’s").removesuffix("'s")
    person = find(heard.people, bare.title() if bare.isupper() else bare, start)
    return Naming(person.name, person, form_of(person, bare)) if person else None


def _from_its_first_word(heard: Heard, start: int) -> int:
    """Return where a name begins of which a source has only the last words ("Kyi" of "Suu Kyi")."""
    before = bisect_left(heard.named_at, (start, -1)) - 1
    if before < 0:
        return start
    first, number = heard.named_at[before]
    return first if any(s == first and start < e for s, e in heard.people[number].places) else start


def _whole(heard: Heard, start: int, end: int) -> int:
    """Return the end of a source whose last words are a title or first name, cut from the name that they belong
    to."""
    t, tokens = heard.document.tokens, tokens_in(heard.document, start, end)
    if not tokens:
        return end
    last = tokens[-1]
    name = t.head[last]
    if t.dep[last] in ("compound", "nmod") and last < name <= last + 4 and t.pos[last] == "PROPN" == t.pos[name]:
        return t.end[name]
    after = next((i for i in (last + 1, last + 2) if i < len(t) and t.text[i] != "."), -1)
    title = t.text[last].rstrip(".") + "." in TITLES
    if title and after > 0 and t.pos[after] == "PROPN" and t.sentence[after] == t.sentence[last]:
        return next((e for p in heard.people for s, e in p.places if s == t.start[after]), t.end[after])
    return end


def _person(heard: Heard, heads: list[Person], start: int, end: int) -> Naming:
    """Return the person of a phrase; of several of one surname the one whom its title and the story suggest."""
    document, person = heard.document, heads[0]
    form = next(document.text[s:e] for s, e in person.places if start <= s < end)
    if len(heads) > 1:
        return Naming(" and ".join(dict.fromkeys(p.name for p in heads)), None, "name")
    same = [p for p in heard.people if p.surname == person.surname and (len(p.name.split()) > 1 or p is person)]
    if len(same) > 1 and len(form.split()) == 1:
        gender = COURTESY.get(document.text[max(0, start) : end].split()[0], "")
        fitting = [p for p in same if not gender or (p.gender or usual_gender(p.name)) in ("", gender)] or same
        fitting = [p for p in fitting if p.places[0][0] <= start] or fitting  # not one whom the story names later
        person = heard.scene.bearer(fitting, tokens_in(document, start, end)[0])
    return Naming(person.name, person, form_of(person, form))


def _pronoun(heard: Heard, word: str, token: int, index: int) -> Naming:
    """Return whom a pronoun means; itself, unresolved, if that is not clear."""
    t, last = heard.document.tokens, heard.last
    if word in GENDER:
        if person := heard.scene.choose(token):
            entry = next((e for e in heard.entries.values() if e.person is person or e.stand_in is person), None)
            how = "pronoun" if heard.scene.is_sure(token) else "unsure pronoun"
            return Naming(entry.name, entry.person, how) if entry else Naming(person.name, person, how)
    elif word in ("i", "me"):
        if speaker := _enclosing(heard, t.start[token], index) or (heard.label if t.quote[token] < 0 else None):
            return Naming(speaker.name, speaker.person, "pronoun")
        if person := _speaker_beside(heard, token, index):
            return Naming(person.name, person, "pronoun")
        if t.quote[token] < 0 and not heard.label:
            return Naming(WRITER, None, "pronoun")
    elif (
        word in ("we", "us") and t.quote[token] < 0 and not heard.label and not _enclosing(heard, t.start[token], index)
    ):
        return Naming(WRITER, None, "pronoun")
    elif word in ("they", "them", "their", "it", "its") and last and last.person is None:
        several = plural(last.name) or word in ("it", "its") or not last.stand_in
        if several and heard.near(last, t.start[token]) and any(m.how != "unresolved" for m in last.mentions):
            return Naming(last.name, None, "pronoun")
    return Naming(word, None, "unresolved")


def _speaker_beside(heard: Heard, token: int, index: int) -> Person | None:
    """Return the person to whom another attribution gives the quotation in which a token stands."""
    document, quote = heard.document, heard.document.tokens.quote[token]
    if quote < 0:
        return None
    whole = document.quotes[quote]
    for other, attribution in enumerate(heard.attributions):
        inside = any(whole.start <= s < whole.end for s, _ in attribution.content)
        if other != index and inside and attribution.source:
            start, end = attribution.source[0][0], attribution.source[-1][1]
            if not whole.start <= start < whole.end:
                heads = head_persons(document, _people_in(heard, start, end), tokens_in(document, start, end))
                return heads[0] if len(heads) == 1 else None
    return None


def _interviewed(heard: Heard, label: str) -> Naming:
    """Return the source of a part of an interview: Q is the interviewer, A the person whom the article has
    named most before the first question; open where two are named as often."""
    if label == "Q":
        return Naming("the interviewer", None, "description")
    if heard.label and heard.label.person:
        return Naming(heard.label.name, heard.label.person, "title or role")
    document = heard.document
    first = next((s for s, e, _ in document.paragraphs if document.text[s:e].startswith(("Q:", "A:"))), 0)
    by_count = sorted(heard.people, key=lambda p: -sum(s < first for s, _ in p.places))
    counts = [sum(s < first for s, _ in p.places) for p in by_count] + [0, 0]
    if counts[0] > counts[1]:
        return Naming(by_count[0].name, by_count[0], "title or role")
    return Naming(label, None, "unresolved")


def _enclosing(heard: Heard, start: int, index: int) -> Entry | None:
    """Return the source in whose words a place stands."""
    for other, entry in heard.owner.items():
        if other != index and any(s <= start < e for s, e in heard.attributions[other].content):
            return entry
    return None
