"""What main actors do, what is done to them, what they say, and the words that describe or name them."""

from __future__ import annotations

from collections.abc import Iterator
import re
from typing import TYPE_CHECKING, NamedTuple

from presslab.parsing.document import Document

from ..attribution import Attribution, voices
from ..sources import Source
from .actors import POSSESSIVE, Actor, main_actors
from .lexicon import builtin
from .match import find, negated
from .passives import AMOUNTS, find_passives

if TYPE_CHECKING:
    import pandas as pd  # imported where a table is built: measuring does without

COLUMNS = ("actor", "relation", "text", "words", "tone", "voice", "start", "end", "sentence")
RELATIONS = ("acts", "acted upon", "says", "adjective", "label")
PORTRAYS = ("acted upon", "adjective", "label")  # what an actor does to others says nothing about how it is portrayed
EMPTY = {"be", "have", "do", "seem"}  # no acts
UNDONE = {"have", "set", "suppose", "bear", "focus"}  # "is set to win", "was born": nothing is done to anybody
MODALS = {"would", "could", "may", "might", "should", "can", "must", "ought"}
NOT = {"not", "n't", "n’t", "never", "no", "hardly", "neither", "nor"}
UNLESS = {"if", "whether", "unless", "lest", "though", "without", "instead", "than"}
# "denied that he left", "refused to praise her", "accused of betraying them": nobody says that it happened
DENIED = frozenset(
    "accuse avoid decline deny dismiss dispute doubt fail hope imagine prevent refuse refute reject suspect threaten"
    " wish chance danger likelihood possibility prospect risk threat".split()
)
UP = {"ccomp", "xcomp", "pcomp", "prep", "acl", "conj", "advcl"}  # from a verb to what governs its clause
# adjectives that need more words ("due to leave") or compare: alone they describe nobody
NO_DESCRIPTION = frozenset(
    "able based born bound different due likely same set such supposed sure unable unlikely worth".split()
)
MODIFIERS = {"amod", "compound", "nmod", "npadvmod", "punct", "nummod"}
LONGEST = 6  # words of a label
# what may come before an organisation's name and say what it is; other nouns are part of its name or a product's
ORGANISATIONS = frozenset(
    "agency airline association authority bank body broadcaster brand business campaign charity chain club college"
    " committee company council firm foundation giant government group institute lobby maker manufacturer ministry"
    " network newspaper organisation organization party platform producer publisher regulator retailer school"
    " service start-up startup administration court legislature office supplier team union university watchdog"
    " website".split()
)
ADJECTIVES = {"JJ", "JJR", "JJS"}
NO_LABEL = frozenset("number part end reason chance way issue thing kind sort lot bit case time call".split())


class Instance(NamedTuple):
    """A word attached to a mention of an actor: `first` to `last` are its tokens, `near` is the mention's head."""

    first: int
    relation: str
    last: int
    near: int


class Tree:
    """A document's tokens with those that depend on each, and its passive clauses by verb."""

    def __init__(self, document: Document) -> None:
        self.tokens = document.tokens
        self.children: dict[int, list[int]] = {}
        for i, head in enumerate(self.tokens.head):
            if head != i:
                self.children.setdefault(head, []).append(i)
        self.passive = {p.verb: p for p in find_passives(document)}
        ends = [document.text[start:end].rstrip(" ”\"'’)")[-1:] for start, end, _ in document.sentences]
        self.questions = {number for number, sign in enumerate(ends) if sign == "?"}

    def below(self, token: int, *relations: str) -> list[int]:
        """Return the tokens that depend on one in one of these relations, in the text's order."""
        return [c for c in self.children.get(token, ()) if self.tokens.dep[c] in relations]


def actors(document: Document, attributions: list[Attribution], sources: list[Source]) -> pd.DataFrame:
    """Return every instance in which a main actor acts, is acted upon, says something, or is described.

    Columns: actor, relation (acts, acted upon, says, adjective, label), text (the verb's lemma with its particle, or
    the adjective or label as printed), words (the passage from actor to word as printed), tone ("positive", "negative"
    or ""; only for what is done to the actor or said about it), voice (whose words), start, end (of the word, in
    `Document.text`), sentence. Left out is what the text denies, asks or only imagines ("would", "if"). Rows are sorted
    by actor (most often named first), then by place.
    """
    import pandas as pd

    tokens, tree = document.tokens, Tree(document)
    tones, voice = _tones(document), voices(document, attributions)
    cues = {i for a in attributions for s, e in a.cue for i, at in enumerate(tokens.start) if s <= at < e}
    rows = []
    for actor in main_actors(document, sources):
        for first, relation, last, near in sorted({item for head in actor.heads for item in _all(tree, actor, head)}):
            kind = "says" if relation == "acts" and first in cues else relation
            if relation == "acts" and tokens.lemma[first] in (EMPTY if kind == "acts" else {"be"}):
                continue
            start, end = tokens.start[first], tokens.end[last]
            words = document.text[min(start, tokens.start[near]) : max(end, tokens.end[near])]
            text = _verb(tree, first) if kind in RELATIONS[:3] else document.text[start:end]
            found = {tones[i] for i in range(first, last + 1) if i in tones} if kind in PORTRAYS else set()
            tone = found.pop() if len(found) == 1 else ""
            rows.append((actor.name, kind, text, words, tone, voice[first], start, end, tokens.sentence[first]))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def counted(texts: pd.Series) -> dict[str, int]:
    """Return how often each word or label occurs, most frequent first; capitals make no difference, and the form with
    the fewest is shown."""
    forms: dict[str, list[str]] = {}
    for text in texts:
        forms.setdefault(text.lower(), []).append(text)
    shown = {min(same, key=lambda form: sum(c.isupper() for c in form)): len(same) for same in forms.values()}
    return dict(sorted(shown.items(), key=lambda item: -item[1]))


def _all(tree: Tree, actor: Actor, head: int) -> Iterator[Instance]:
    """Yield what is attached to one mention of an actor."""
    tokens = tree.tokens
    if head + 1 < len(tokens) and tokens.text[head + 1] in POSSESSIVE or tokens.tag[head] == "PRP$":
        return
    for relation, verb in _verbs(tree, head):
        if relation == "acted upon" and tokens.lemma[verb] in UNDONE:
            continue
        if tokens.sentence[verb] not in tree.questions and is_told(tree, verb):
            yield Instance(verb, relation, verb, head)
    own = {word.lower() for word in re.findall(r"\w+", actor.name)}
    for relation, first, last in (*_predicates(tree, head), *_attached(tree, actor, head)):
        words = {tokens.text[i].lower() for i in range(first, last + 1)}
        if not words <= own and any(c.isalpha() for word in words for c in word):
            yield Instance(first, relation, last, head)


def _verbs(tree: Tree, head: int) -> Iterator[tuple[str, int]]:
    """Yield the verbs of which a mention is subject ("acts"), object or passive subject ("acted upon")."""
    tokens = tree.tokens
    dep, up = tokens.dep[head], tokens.head[head]
    while dep == "conj":  # "Smith and Jones argued": Jones argues too
        dep, up = tokens.dep[up], tokens.head[up]
    if tokens.pos[up] not in {"VERB", "AUX"} and dep != "pobj":
        return
    if dep == "nsubj" and _is_finite(tree, up) and not _is_bare(tree, up) and not _verb_between(tree, head, up):
        yield "acts", up
        yield from (("acts", c) for c in tree.below(up, "conj") if _shares_subject(tree, c))
    elif dep == "nsubjpass" and not _verb_between(tree, head, up):
        yield "acted upon", up
    elif dep in {"dobj", "obj", "dative"} and _is_finite(tree, up) and not _verb_between(tree, head, up):
        yield "acted upon", up
    elif dep == "pobj" and tokens.dep[up] == "agent" and tokens.head[up] in tree.passive:
        yield "acts", tokens.head[up]


def _is_finite(tree: Tree, verb: int) -> bool:
    """Return whether a verb says that something happens: no infinitive ("to leave", "help him leave"), no command."""
    tokens = tree.tokens
    if tokens.tag[verb] == "VB":
        return any(tokens.lemma[c] in {"will", "do"} for c in tree.below(verb, "aux"))
    return True


def _is_bare(tree: Tree, verb: int) -> bool:
    """Return whether a verb is a participle alone, as passives are in headlines ("Stone poised for a win")."""
    return tree.tokens.tag[verb] == "VBN" and not tree.below(verb, "aux", "auxpass")


def _verb_between(tree: Tree, head: int, verb: int) -> bool:
    """Return whether another verb comes between a verb and its subject or object, where parsers often are wrong. A
    clause about the subject may ("Smith, who had won, left")."""
    tokens = tree.tokens
    for i in range(min(head, verb) + 1, max(head, verb)):
        if tokens.pos[i] == "VERB" or tokens.text[i].lower() == "whose":
            up, steps = i, {i}
            while up not in (head, verb) and tokens.head[up] not in steps:
                up = tokens.head[up]
                steps.add(up)
            if up != head or head > verb:
                return True
    return False


def _shares_subject(tree: Tree, verb: int) -> bool:
    """Return whether this is a further verb of the same subject: "Smith rose and slowly left"."""
    tokens = tree.tokens
    if (
        tokens.pos[verb] != "VERB"
        or tokens.tag[verb] in {"VB", "VBG", "VBN"}
        or tree.below(verb, "nsubj", "nsubjpass", "auxpass")
    ):
        return False
    before = verb - 1
    while tokens.dep[before] in {"aux", "advmod", "neg"}:
        before -= 1
    return tokens.dep[before] in {"cc", "punct"}


def is_told(tree: Tree, verb: int) -> bool:
    """Return whether the text says that something happened, happens or will: no negation, "would", "if", denial."""
    tokens, steps = tree.tokens, {verb}
    while True:
        words = {tokens.text[c].lower() for c in tree.below(verb, "neg", "advmod", "mark", "det", "preconj", "punct")}
        helpers = {tokens.text[c].lower() for c in tree.below(verb, "aux")}
        if words & (NOT | UNLESS) or helpers & (MODALS | {"'d", "’d"}) and not _had(tree, verb):
            return False
        up = tokens.head[verb]
        if tokens.dep[verb] not in UP or up in steps:
            return True
        if tokens.dep[verb] == "advcl":
            return True
        if tokens.lemma[up] in DENIED or tokens.text[up].lower() in UNLESS:
            return False
        steps.add(up)
        verb = up


def _had(tree: Tree, verb: int) -> bool:
    """Return whether "’d" before a verb is "had" ("he’d left")."""
    return tree.tokens.tag[verb] == "VBN" and not any(tree.tokens.lemma[c] in MODALS for c in tree.below(verb, "aux"))


def _predicates(tree: Tree, head: int) -> Iterator[tuple[str, int, int]]:
    """Yield what a form of "be" says about the actor: "Smith is reckless", "Smith is a former hero"."""
    tokens, verb = tree.tokens, tree.tokens.head[head]
    if tokens.dep[head] != "nsubj" or tokens.lemma[verb] != "be" or head > verb:
        return
    if tokens.sentence[verb] in tree.questions or not is_told(tree, verb) or not _is_finite(tree, verb):
        return
    for child in tree.below(verb, "acomp", "attr"):
        if tokens.dep[child] == "acomp" and tokens.tag[child] in ADJECTIVES and _describes(tree, child):
            yield "adjective", *_whole(tree, child)
        elif tokens.dep[child] == "attr" and tokens.tag[child] == "NN" and not tree.below(child, "neg"):
            yield from _label(tree, child)


def _attached(tree: Tree, actor: Actor, head: int) -> Iterator[tuple[str, int, int]]:
    """Yield the nouns around the name itself: "Smith, a lawyer", "party leader Jane Smith"; and the mention itself if
    it is no name ("the party leader"). Adjectives before a name too often say something else ("the full House", "a
    solid Smith lead")."""
    tokens = tree.tokens
    following = tokens.pos[head + 1] if head + 1 < len(tokens) else ""
    if tokens.dep[head] == "compound" or following in {"NOUN", "PROPN", "ADJ", "NUM"}:
        return  # "a solid Smith lead"
    for child in tree.below(head, "appos"):
        if head < child and _adjoins(tree, head, child):
            yield from _label(tree, child)
    group = actor.person and tokens.lemma[head] in ORGANISATIONS  # taken for a person by mistake
    if tokens.tag[head] == "NN" and tokens.text[head] not in actor.name.split() and not group:
        yield from _label(tree, head)
    if tokens.entity[head] in {"PERSON", "ORG"}:
        yield from _before(tree, actor, head)


def _before(tree: Tree, actor: Actor, head: int) -> Iterator[tuple[str, int, int]]:
    """Yield labels before the name of a person or an organisation: "party leader Jane Smith", "the lawyer, Jane
    Smith"."""
    tokens, first = tree.tokens, head
    while first and tokens.pos[first - 1] == "PROPN" and tokens.head[first - 1] == head:
        first -= 1
    noun = first - 1
    if noun >= 0 and tokens.tag[noun] == "NN" and tokens.head[noun] == head and tokens.dep[noun] == "compound":
        if actor.person or tokens.lemma[noun] in ORGANISATIONS:
            yield from _label(tree, noun, head)
    noun = first - 2
    if noun >= 0 and tokens.text[first - 1] == "," and tokens.head[head] == noun and tokens.dep[head] == "appos":
        # "the lawyer, Jane Smith", not "the nominee for president, Jane Smith"
        if actor.person and tokens.tag[noun] == "NN" and tree.below(noun, "det", "poss"):
            yield from _label(tree, noun)


def _adjoins(tree: Tree, head: int, noun: int) -> bool:
    """Return whether a noun after a name names the same ("Smith, a lawyer"): nothing but a comma or a bracket and the
    noun's own words between, or "of Ohio" and the like."""
    tokens = tree.tokens
    between = range(head + 1, noun)
    if {tokens.text[i] for i in between} & {"-", "–", "—", "―", "“", '"', ":", ";"}:
        return False
    if any(tokens.pos[i] in {"VERB", "AUX", "PRON"} and tokens.dep[i] not in {"amod", "poss"} for i in between):
        return False
    return tokens.tag[noun] == "NN" and tokens.entity[noun] not in AMOUNTS


def _label(tree: Tree, noun: int, head: int = -1) -> Iterator[tuple[str, int, int]]:
    """Yield a noun with what comes before it, article and owner aside: "former chief executive"."""
    tokens, first = tree.tokens, noun
    while (
        first
        and tokens.head[first - 1] in {head, *range(first, noun + 1)}
        and (tokens.dep[first - 1] in MODIFIERS and (tokens.dep[first - 1] != "punct" or tokens.text[first - 1] == "-"))
    ):
        first -= 1
    while first < noun and not tokens.text[first][0].isalnum():
        first += 1
    first, last = _whole(tree, first)[0], _whole(tree, noun)[1]
    if last - first < LONGEST and tokens.text[last].isalpha() and tokens.lemma[last] not in NO_LABEL:
        yield "label", first, last


def _describes(tree: Tree, adjective: int) -> bool:
    """Return whether an adjective says how somebody is: no question ("how reckless"), no "due to leave"."""
    tokens = tree.tokens
    words = {tokens.text[c].lower() for c in tree.below(adjective, "advmod", "neg")}
    return tokens.lemma[adjective].lower() not in NO_DESCRIPTION and not words & (NOT | {"how", "less", "too"})


def _whole(tree: Tree, token: int) -> tuple[int, int]:
    """Return the first and last token of the hyphenated word that a token is part of ("Paris-born")."""
    tokens, first, last = tree.tokens, token, token
    while first > 1 and tokens.text[first - 1] == "-" and tokens.end[first - 1] == tokens.start[first]:
        first -= 2
    while last + 2 < len(tokens) and tokens.text[last + 1] == "-" and tokens.end[last] == tokens.start[last + 1]:
        last += 2
    return first, last


def _verb(tree: Tree, verb: int) -> str:
    """Return a verb's lemma with its particle ("push back")."""
    tokens = tree.tokens
    lemma, word = tokens.lemma[verb].lower(), tokens.text[verb].lower()
    if re.fullmatch(r"[^aeiou]*[aeiou][^aeiouwxy]", lemma) and word in (lemma + "ed", lemma + "ing"):
        lemma += "e"  # the parser has "hop" for "hoped", which would be "hopped"
    near = [c for c in tree.below(verb, "prt", "advmod") if verb < c <= verb + 2]
    particles = [c for c in near if tokens.dep[c] == "prt" or tokens.text[c] in {"back", "out", "up", "down", "away"}]
    return " ".join([lemma, *(tokens.text[c].lower() for c in particles)])


def _tones(document: Document) -> dict[int, str]:
    """Return the tone of each token that has one, by data/lexicons/tone.yaml; negated words have none."""
    tones: dict[int, str] = {}
    for match in find(document, (builtin("tone"),))[0]:
        if not negated(document, match):
            tones |= dict.fromkeys(range(match.first, match.last + 1), match.term.group)
    return tones
