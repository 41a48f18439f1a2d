"""Main actors: what they do, what is done to them, and the words attached to them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from presslab.parsing.document import Document

from ..attribution import Attribution, voices
from ..sources import Source
from .lexicon import builtin
from .match import find, negated
from .passives import find_passives

if TYPE_CHECKING:
    import pandas as pd  # imported where a table is built: measuring does without

MOST = 12  # actors shown
LEAST = 2  # mentions that make an actor
KINDS = {"PERSON", "ORG", "GPE", "NORP"}
TITLES = {"mr", "mr.", "mrs", "mrs.", "ms", "ms.", "dr", "dr.", "sen.", "rep.", "gov.", "president", "the", "'s", "’s"}
COLUMNS = ("actor", "relation", "text", "words", "tone", "voice", "start", "end", "sentence")
RELATIONS = ("acts", "acted upon", "says", "adjective", "label")
PORTRAYS = ("acted upon", "adjective", "label")  # what an actor does to others says nothing about how it is portrayed


@dataclass(frozen=True)
class Actor:
    """A person, organisation, place or group named in the text: `name` is its longest form, `heads` are the tokens that
    name it (the last word of each mention)."""

    name: str
    heads: tuple[int, ...]


def main_actors(document: Document, sources: list[Source]) -> list[Actor]:
    """Return the actors named most often, most first: sources with all their mentions, and other named entities.

    A shorter name joins the only longer one that it ends ("Baerbock" → "Annalena Baerbock").
    """
    tokens = document.tokens
    at = {end: i for i, end in enumerate(tokens.end)}
    heads: dict[str, set[int]] = {}
    for source in (s for s in sources if s.named):
        speakers = {at[m.end] for m in source.mentions if m.end in at}
        heads.setdefault(source.name, set()).update(_head(document, i) for i in speakers)
    taken = {i for group in heads.values() for i in group}
    for first, last in _entities(document):
        head = last
        words = [w for w in tokens.text[first : last + 1] if w.lower() not in TITLES and w.strip("[]()“”\"'")]
        if not words or head in taken:
            continue
        name = " ".join(words)
        heads.setdefault(_known(name, heads), set()).add(head)
    named = _joined(heads)
    _add_surnames(document, named)
    order = sorted(named, key=lambda name: (-len(named[name]), min(named[name])))
    return [Actor(name, tuple(sorted(named[name]))) for name in order if len(named[name]) >= LEAST][:MOST]


def _entities(document: Document) -> Iterator[tuple[int, int]]:
    """Yield the first and last token of each named entity that can act."""
    tokens, first = document.tokens, -1
    for i in range(len(tokens) + 1):
        ended = i == len(tokens) or tokens.entity_start[i] or not tokens.entity[i]
        if first >= 0 and ended:
            last = i - 1
            while last > first and tokens.text[last] in {"'s", "’s", "'", "’"}:
                last -= 1
            yield first, last
            first = -1
        if i < len(tokens) and tokens.entity_start[i] and tokens.entity[i] in KINDS:
            first = i


def _add_surnames(document: Document, named: dict[str, set[int]]) -> None:
    """Add later mentions by surname that the parser didn't recognise as a name ("Lopez was reckless")."""
    tokens = document.tokens
    taken = {i for indices in named.values() for i in indices}
    last: dict[str, list[str]] = {}
    for name in named:
        if " " in name:
            last.setdefault(name.split()[-1], []).append(name)
    for i, text in enumerate(tokens.text):
        full = len(last.get(text, ())) == 1 and tokens.pos[i] in {"PROPN", "NOUN", "ADJ"}
        if full and i not in taken and tokens.dep[i] != "compound" and not tokens.entity[i]:
            named[last[text][0]].add(i)


def _known(name: str, names: Iterable[str]) -> str:
    """Return the only known name that ends with this one; the name itself if there is none or more than one."""
    longer = [other for other in names if other.split()[-len(name.split()) :] == name.split()]
    return longer[0] if len(longer) == 1 else name


def _joined(heads: dict[str, set[int]]) -> dict[str, set[int]]:
    joined: dict[str, set[int]] = {}
    for name, found in heads.items():
        others = (other for other in heads if other != name)
        joined.setdefault(_known(name, others), set()).update(found)
    return joined


def _head(document: Document, token: int) -> int:
    """Return the head of a mention: go up the tree as long as the head is part of the same name."""
    tokens = document.tokens
    while tokens.dep[token] in {"compound", "flat", "appos"} and tokens.head[token] == token + 1:
        token = tokens.head[token]
    return token


def actors(document: Document, attributions: list[Attribution], sources: list[Source]) -> pd.DataFrame:
    """Return every instance in which a main actor acts, is acted upon, says something, or is described.

    Columns: actor, relation (acts, acted upon, says, adjective, label), text (the verb's lemma, or the adjective or
    label), words (the passage from actor to word as printed), tone ("positive", "negative" or ""; only for what is done
    to the actor or said about it), voice (whose words), start, end (of the word, in `Document.text`), sentence. Rows
    are sorted by actor (most often named first), then by place.
    """
    import pandas as pd

    tokens = document.tokens
    tones, voice = _tones(document), voices(document, attributions)
    passive = {p.verb: p for p in find_passives(document)}
    cues = {i for a in attributions for s, e in a.cue for i, at in enumerate(tokens.start) if s <= at < e}
    children: dict[int, list[int]] = {}
    for i, head in enumerate(tokens.head):
        if head != i:
            children.setdefault(head, []).append(i)
    rows = []
    for actor in main_actors(document, sources):
        relations = {item for head in actor.heads for item in _relations(document, children, passive, head)}
        for relation, word, near in sorted(relations, key=lambda item: (item[1], item[0], item[2])):
            kind = "says" if relation == "acts" and word in cues else relation
            first, last = min(word, near), max(word, near)
            words = document.text[tokens.start[first] : tokens.end[last]]
            text = tokens.lemma[word] if kind in RELATIONS[:3] else tokens.text[word]
            tone = tones.get(word, "") if kind in PORTRAYS else ""
            place = (tokens.start[word], tokens.end[word], tokens.sentence[word])
            rows.append((actor.name, kind, text, words, tone, voice[word], *place))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def summary(table: pd.DataFrame) -> pd.DataFrame:
    """Return one row per actor: actor, acts, acted_upon, says, descriptions, positive, negative (counts), does,
    undergoes (the three most frequent verbs of each)."""
    import pandas as pd

    rows = []
    for actor, group in table.groupby("actor", sort=False):
        count = group["relation"].value_counts()
        verbs = group[group["relation"].isin(RELATIONS[:2])]
        most = verbs.groupby(["relation", "text"], sort=False).size().sort_values(ascending=False, kind="stable")
        top = {name: [text for (relation, text) in most.index if relation == name][:3] for name in RELATIONS[:2]}
        rows.append(
            {
                "actor": actor,
                "acts": int(count.get("acts", 0)),
                "acted_upon": int(count.get("acted upon", 0)),
                "says": int(count.get("says", 0)),
                "descriptions": int(count.get("adjective", 0) + count.get("label", 0)),
                "positive": int((group["tone"] == "positive").sum()),
                "negative": int((group["tone"] == "negative").sum()),
                "does": ", ".join(top["acts"]),
                "undergoes": ", ".join(top["acted upon"]),
            }
        )
    names = ["actor", "acts", "acted_upon", "says", "descriptions", "positive", "negative", "does", "undergoes"]
    return pd.DataFrame(rows, columns=names)


def _relations(document: Document, children: dict, passive: dict, head: int) -> Iterator[tuple[str, int, int]]:
    """Yield (relation, token of the word, token of the actor) for one mention."""
    tokens = document.tokens
    dep, up = tokens.dep[head], tokens.head[head]
    while dep == "conj":  # "Smith and Jones argued": Jones argues too
        dep, up = tokens.dep[up], tokens.head[up]
    if dep == "nsubj" and tokens.pos[up] in {"VERB", "AUX"}:
        if tokens.lemma[up] == "be":
            yield from _attributes(document, children, up, head)
        else:
            yield "acts", up, head
            yield from (("acts", c, head) for c in children.get(up, []) if _shared_subject(document, children, c))
    elif dep in {"nsubjpass", "dobj", "obj", "dative"} and tokens.pos[up] == "VERB":
        yield "acted upon", up, head
    elif dep == "pobj" and tokens.dep[up] == "agent" and tokens.head[up] in passive:
        yield "acts", tokens.head[up], head
    for child in children.get(head, []):
        if tokens.dep[child] == "amod":
            yield "adjective", child, head
        elif tokens.dep[child] == "appos" and tokens.pos[child] == "NOUN":
            yield "label", child, head
        elif tokens.dep[child] == "compound" and tokens.pos[child] == "NOUN":
            yield "label", child, head


def _attributes(document: Document, children: dict, verb: int, head: int) -> Iterator[tuple[str, int, int]]:
    """Yield what a form of "be" says about the actor: "Smith is reckless", "Smith is a hero"."""
    tokens = document.tokens
    if any(tokens.dep[c] == "neg" for c in children.get(verb, [])):
        return
    for child in children.get(verb, []):
        if tokens.dep[child] == "acomp" and tokens.pos[child] == "ADJ":
            yield "adjective", child, head
        elif tokens.dep[child] == "attr" and tokens.pos[child] == "NOUN":
            yield "label", child, head
            yield from (("adjective", c, head) for c in children.get(child, []) if tokens.dep[c] == "amod")


def _shared_subject(document: Document, children: dict, verb: int) -> bool:
    """Return whether this is a further verb of the same subject: "Smith rose and left"."""
    tokens = document.tokens
    below = {tokens.dep[c] for c in children.get(verb, [])}
    return tokens.dep[verb] == "conj" and tokens.pos[verb] == "VERB" and not below & {"nsubj", "nsubjpass", "auxpass"}


def _tones(document: Document) -> dict[int, str]:
    """Return the tone of each token that has one, by data/lexicons/tone.yaml; negated words have none."""
    tones: dict[int, str] = {}
    for match in find(document, (builtin("tone"),))[0]:
        if not negated(document, match):
            tones |= dict.fromkeys(range(match.first, match.last + 1), match.term.group)
    return tones
