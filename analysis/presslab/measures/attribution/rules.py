"""Attributions by rule over the parse and the quotation marks: what the network leaves is taken from here."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Set
from functools import lru_cache

from presslab.parsing.document import Document, Tokens
from presslab.system.plain_yaml import packaged

from .labels import Labelled
from .spans import Attribution, Span

INTRODUCTION = 8  # tokens before a colon in which the verb has to be
SENTENCE = 8  # tokens of a quotation that stands alone, at least
SHORT_QUOTE = 3  # tokens: a shorter quotation without a cue is a scare quote or a title
Parts = tuple[list[int], list[int], list[int], str]  # tokens of source, cue, content; class of the cue
SUBJECTS = {"nsubj", "nsubjpass", "agent", "csubj", "expl"}
SPEAKING = {"say", "add", "tell", "write", "tweet", "call", "reply", "answer", "ask"}


@lru_cache(maxsize=1)
def cue_classes() -> dict[str, str]:
    """Return the class of each cue verb by lemma, from data/cues.yaml; a verb of two classes has the first."""
    table = packaged("cues.yaml")
    classes: dict[str, str] = {}
    for name, lemmas in table.items():
        if name not in ("nouns", "gestures", "acts", "commits", "targets"):
            for lemma in lemmas:
                classes.setdefault(lemma, name)
    return classes


@lru_cache(maxsize=4)
def verbs(kind: str) -> frozenset[str]:
    """Return the verbs of a kind from data/cues.yaml: "gestures", "acts", "commits" or "targets"."""
    return frozenset(packaged("cues.yaml")[kind])


class Tree:
    """Children, subtrees and spans over the columns of a document's tokens."""

    def __init__(self, document: Document) -> None:
        self.document, self.tokens = document, document.tokens
        self.children: list[list[int]] = [[] for _ in range(len(document.tokens))]
        for i, head in enumerate(document.tokens.head):
            if head != i:
                self.children[head].append(i)

    def subtree(self, i: int, without: Set[int] = frozenset()) -> list[int]:
        """Return tokens under i and itself, in order, leaving out the branches that start in `without`."""
        under, waiting = [], [i]
        while waiting:
            token = waiting.pop()
            if token not in without:
                under.append(token)
                waiting += self.children[token]
        return sorted(under)

    def spans(self, tokens: list[int]) -> tuple[Span, ...]:
        """Return the runs of neighbouring tokens as character spans; closing punctuation and bare commas at the
        edges go."""
        runs: list[list[int]] = []
        for i in sorted(set(tokens)):
            if runs and i == runs[-1][-1] + 1 and self.tokens.paragraph[i] == self.tokens.paragraph[i - 1]:
                runs[-1].append(i)
            else:
                runs.append([i])
        spans = []
        for run in runs:
            while run and self.tokens.text[run[-1]] in ",;:–—-.":
                run.pop()
            while run and self.tokens.text[run[0]] in ",;:–—-.":
                run.pop(0)
            if run and any(self.tokens.pos[i] not in ("PUNCT", "SPACE") for i in run):
                spans.append((self.tokens.start[run[0]], self.tokens.end[run[-1]]))
        return tuple(spans)


def tokens_in(pieces: list[Parts]) -> set[int]:
    """Return all tokens that have a role in some parts."""
    return {i for source, cue, content, _ in pieces for i in (*source, *cue, *content)}


def tokens_of(document: Document, labelled: list[Labelled]) -> set[int]:
    """Return the tokens of paragraphs that name their speaker."""
    paragraphs = {number for one in labelled for number in one.paragraphs}
    return {i for i, paragraph in enumerate(document.tokens.paragraph) if paragraph in paragraphs}


def finish(tree: Tree, pieces: list[Parts]) -> list[Attribution]:
    """Return token lists as Attributions, by first character; one without cue and content goes."""
    attributions = [_attribution(tree, *parts) for parts in _apart(pieces)]
    return sorted(
        (a for a in attributions if a.cue or a.content), key=lambda a: min(s for s, _ in a.source + a.cue + a.content)
    )


def _apart(pieces: list[Parts]) -> list[Parts]:
    """Return the parts with each token in one role of one of them: the first that has it."""
    seen: set[int] = set()
    made = []
    for source, cue, content, name in pieces:
        roles = []
        for tokens in (source, cue, content):
            roles.append([i for i in dict.fromkeys(tokens) if i not in seen])
            seen |= set(tokens)
        made.append((roles[0], roles[1], roles[2], name))
    return made


def relative_clauses(tree: Tree, taken: set[int]) -> list[Parts]:
    """Return speech verbs with a subject of their own in a relative clause, which would else vanish in another's
    content."""
    verbs = [i for i in range(len(tree.tokens)) if i not in taken and _speaks_for_itself(tree, i)]
    return [parts for i in verbs if (parts := _clause(tree, i, taken))]


def introduced(tree: Tree, taken: set[int]) -> list[Parts]:
    """Return block quotations: a paragraph without quotation marks after one that ends in a verb of speech and a
    colon ("Trump lashed out on Twitter, saying:")."""
    t, document, made = tree.tokens, tree.document, []
    for number, (start, end, role) in enumerate(document.paragraphs[:-1]):
        following = document.paragraphs[number + 1]
        last = bisect_left(t.start, end) - 1
        if role != "body" or following[2] != "body" or last < 0 or t.text[last] != ":" or t.start[last] < start:
            continue
        near = range(max(bisect_left(t.start, start), last - INTRODUCTION), last)
        speaking = [i for i in near if t.lemma[i] in {*SPEAKING, "read", "state"} and t.pos[i] == "VERB"]
        content = list(range(last + 1, bisect_left(t.start, following[1])))
        if not speaking or not content or any(t.quote[i] >= 0 for i in content) or taken & {speaking[-1], *content}:
            continue
        verb = speaking[-1]
        subjects = [k for k in tree.children[verb] if t.dep[k] in SUBJECTS]
        if not subjects and t.dep[verb] in ("advcl", "xcomp", "conj"):
            subjects = [k for k in tree.children[t.head[verb]] if t.dep[k] in SUBJECTS]
        made.append(([x for k in subjects for x in tree.subtree(k)], [verb], content, "neutral"))
    return made


def commitments(tree: Tree, taken: set[int]) -> list[Parts]:
    """Return threats and promises of a thing that nothing else has taken ("Putin has threatened a response")."""
    t, made = tree.tokens, []
    for i in range(len(t)):
        if t.lemma[i] not in verbs("commits") or t.pos[i] != "VERB" or i in taken or t.quote[i] >= 0:
            continue
        kids = tree.children[i]
        subjects = [k for k in kids if t.dep[k] == "nsubj" and t.pos[k] in ("NOUN", "PROPN", "PRON")]
        things = [k for k in kids if t.dep[k] in ("dobj", "xcomp", "ccomp") and k > i]
        source = _speaker_of(tree, i, subjects)
        cue = _with_auxiliaries(tree, i)
        content = sorted({x for k in things for x in tree.subtree(k)} - set(cue))
        free = not taken & {*source, *content}
        person = things and t.entity[things[0]] == "PERSON" and t.dep[things[0]] == "dobj"
        if source and len(content) > 1 and free and not person:
            made.append((source, sorted(cue), content, "demand_commit"))
    return made


def _speaks_for_itself(tree: Tree, i: int) -> bool:
    """Return whether a token is a speech verb with its own subject in a relative clause ("terms that the allies
    have said are unacceptable")."""
    t = tree.tokens
    if t.dep[i] not in ("relcl", "acl") or cue_classes().get(t.lemma[i]) != "neutral" or t.quote[i] >= 0:
        return False
    return t.pos[i] in ("VERB", "AUX") and any(t.dep[k] == "nsubj" and t.pos[k] != "PRON" for k in tree.children[i])


def _clause(tree: Tree, i: int, taken: set[int]) -> Parts | None:
    """Return a speech verb with its subject and what it says; None if one of them is missing."""
    t, kids = tree.tokens, tree.children[i]
    cue = _with_auxiliaries(tree, i)
    subjects = [k for k in kids if t.dep[k] in SUBJECTS]
    source = _speaker_of(tree, i, subjects)
    clauses = [k for k in kids if t.dep[k] == "ccomp"]
    content = {x for k in clauses for x in tree.subtree(k, {*cue, *subjects})}
    content |= _quoted_beside(tree, i, content, bool(clauses), taken)
    content -= {*taken, *cue, *source}
    source = [x for x in source if x not in taken]
    return (source, cue, sorted(content), "neutral") if source and content else None


def _with_auxiliaries(tree: Tree, verb: int) -> list[int]:
    """Return a verb after the auxiliaries, negation and particle that belong to it."""
    beside = [k for k in tree.children[verb] if tree.tokens.dep[k] in ("aux", "auxpass", "neg", "prt")]
    return [k for k in beside if abs(k - verb) < 5] + [verb]


def _speaker_of(tree: Tree, verb: int, subjects: list[int]) -> list[int]:
    """Return the tokens of a speech verb's subject; of a relative pronoun those of the noun that it stands for."""
    t = tree.tokens
    pronouns = [k for k in subjects if t.lemma[k] in ("who", "which", "that")]
    if not pronouns:
        return [x for k in subjects for x in tree.subtree(k, _quotation_marks(tree, k))]
    noun = t.head[verb]
    return tree.subtree(noun, {verb, *_quotation_marks(tree, noun)}) if t.dep[verb] == "relcl" else []


def _quoted_beside(tree: Tree, verb: int, content: set[int], clause: bool, taken: set[int]) -> set[int]:
    """Return the quoted words of a speech verb's sentence that it claims: all for a verb of speaking, or if it has
    no other content or content in the same quotation. Without a clause other verbs ("read", "note") leave out
    quotations of a word or two, which are titles and scare quotes."""
    t, speaking = tree.tokens, tree.tokens.lemma[verb] in SPEAKING
    near = range(max(0, verb - 150), min(len(t), verb + 150))
    quoted = {j for j in near if t.sentence[j] == t.sentence[verb] and t.quote[j] >= 0 and j not in taken}
    if not clause and not speaking:
        words = Counter(t.quote[j] for j in quoted if t.pos[j] != "PUNCT")
        quoted = {j for j in quoted if words[t.quote[j]] >= SHORT_QUOTE}
    own = speaking or not content or {t.quote[j] for j in content} & {t.quote[j] for j in quoted}
    return quoted if own else set()


def _quotation_marks(tree: Tree, head: int) -> set[int]:
    """Return the quotation marks that hang on a noun: they are not part of a source's name."""
    t = tree.tokens
    return {k for k in tree.children[head] if t.dep[k] in ("punct", "cc") and t.text[k] in '“”"'}


def transcript(tree: Tree, earlier: list[Parts], labelled: list[Labelled]) -> list[Parts]:
    """Return the parts with paragraphs that name their speaker: the name is the source, the rest what he or she
    says."""
    t, pieces = tree.tokens, list(earlier)

    def inside(span: Span) -> range:
        return range(bisect_left(t.start, span[0]), bisect_left(t.start, span[1]))

    for one in labelled:
        content = [i for span in one.content for i in inside(span)]
        pieces.append((list(inside(one.source)), [], content, "neutral"))
    return pieces


def follow(tree: Tree, pieces: list[Parts], taken: set[int]) -> list[Parts]:
    """Return the parts with quotations that no cue took: one beside an attribution of its paragraph goes to that; a
    paragraph that is all quotation goes on with the last speaker; whole sentences that stand alone are an attribution
    without a source; headlines and transcripts are left alone."""
    t = tree.tokens
    pieces = sorted(pieces, key=lambda parts: min([*parts[0], *parts[1], *parts[2]]))
    loose: dict[int, list[int]] = {}
    for i in range(len(t)):
        if t.quote[i] >= 0 and i not in taken:
            loose.setdefault(t.quote[i], []).append(i)
    for quote, tokens in loose.items():
        if sum(t.pos[i] != "PUNCT" for i in tokens) < SHORT_QUOTE:
            continue
        owners = _quoted_in_paragraph(tree, pieces, tokens) or _quoted_until(tree, pieces, quote, tokens[0])
        if owners:
            before = [k for k in owners if pieces[k][1] and min(pieces[k][1]) < tokens[0]]
            k = before[-1] if before else owners[0]
            source, cue, content, name = pieces[k]
            pieces[k] = (source, cue, sorted({*content, *tokens}), name)
            taken |= set(tokens)
        elif _stands_alone(tree, tokens):
            pieces.append(([], [], tokens, "neutral"))
            taken |= set(tokens)
    return pieces


def _stands_alone(tree: Tree, quoted: list[int]) -> bool:
    """Return whether quoted tokens are whole sentences of the story itself, with a verb: no title, no scare quote."""
    t, first, last = tree.tokens, quoted[0], quoted[-1]
    if tree.document.role(t.paragraph[first]) != "body" or sum(t.pos[i] != "PUNCT" for i in quoted) < SENTENCE:
        return False
    inside, numbers = set(quoted), {t.sentence[i] for i in quoted}
    near = range(max(0, first - SENTENCE), min(len(t), last + SENTENCE))
    others = [i for i in near if t.sentence[i] in numbers and i not in inside]
    return any(t.pos[i] == "VERB" for i in quoted) and all(t.pos[i] == "PUNCT" for i in others)


def _quoted_in_paragraph(tree: Tree, pieces: list[Parts], quoted: list[int]) -> list[int]:
    """Return the attributions with quoted words whose cue is in the paragraph of a quotation, and of which some word
    is in its sentence or in one beside it."""
    t = tree.tokens
    near = range(t.sentence[quoted[0]] - 1, t.sentence[quoted[-1]] + 2)
    same = [k for k, (_, cue, _, _) in enumerate(pieces) if cue and t.paragraph[cue[-1]] == t.paragraph[quoted[0]]]
    same = [k for k in same if any(t.quote[x] >= 0 for x in pieces[k][2])]
    return [k for k in same if any(t.sentence[x] in near for x in (*pieces[k][1], *pieces[k][2]))]


def _quoted_until(tree: Tree, pieces: list[Parts], quote: int, first: int) -> list[int]:
    """Return the attribution of the quotation before, if that was left open and nothing stands between."""
    before = tree.document.quotes[quote - 1] if quote else None
    if before is None or before.closed or not tree.document.text[before.end : tree.tokens.start[first]].isspace():
        return []
    return [k for k, parts in enumerate(pieces) if any(tree.tokens.quote[x] == quote - 1 for x in parts[2])][:1]


def kind_of(tokens: Tokens, content: list[int]) -> str:
    """Return "direct", "mixed" or "indirect": how much of a content (places of tokens) is inside quotation marks."""
    words = [i for i in content if tokens.pos[i] != "PUNCT"]
    share = sum(tokens.quote[i] >= 0 for i in words) / max(len(words), 1)
    return "direct" if share > 0.95 else "indirect" if share < 0.05 else "mixed"


def _attribution(tree: Tree, source: list[int], cue: list[int], content: list[int], name: str) -> Attribution:
    t = tree.tokens
    return Attribution(
        tree.spans(source), tree.spans(cue), tree.spans(content), kind_of(t, content), name,
        negated=any(t.dep[i] == "neg" for i in cue), modal=any(t.tag[i] == "MD" for i in cue),
    )  # fmt: skip
