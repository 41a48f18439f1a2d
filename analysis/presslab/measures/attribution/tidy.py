"""What the network returned, made into whole phrases: contents and sources without holes and splinters, sources that
can speak, and no reactions or judgements taken for speech."""

from __future__ import annotations

from presslab.parsing.document import Document

from .labels import SECTIONS
from .rules import SPEAKING, Parts, Tree, cue_classes, tokens_in, verbs

FUNCTION = frozenset({"DET", "ADP", "ADV", "PART", "CCONJ", "SCONJ", "AUX", "PUNCT", "PRON", "INTJ", "SPACE"})
SPEAKS = frozenset({"NOUN", "PROPN", "PRON", "NUM", "SYM", "X"})
THING = 4  # tokens that name a thing
OCCASIONS = frozenset(
    "conference interview briefing speech statement address hearing debate rally testimony tweet email e-mail call"
    " letter appearance broadcast podcast memo".split()
)
FINITE = frozenset({"VBD", "VBP", "VBZ"})
LOOSE = frozenset({"DET", "ADV", "AUX", "CCONJ", "SCONJ", "ADP"})
IMPERSONAL = frozenset("appear seem be remain turn look emerge become happen".split())
UNSPEAKING = frozenset("it that this there which who what".split())
IMPRESSIONS = frozenset(("appear", "seem"))
HOLE = 3  # tokens of nobody between two parts of a content that belong to it
SPLINTER = 2  # tokens: shorter parts of function words are no content


def tidied(tree: Tree, pieces: list[Parts]) -> list[Parts]:
    """Return the parts with their spans made whole; what is no attribution is left out."""
    pieces = [_nearer(tree, parts) for parts in _reclaimed(tree, pieces)]
    owned = tokens_in(pieces)
    made = []
    for source, cue, content, name in pieces:
        content = _filled(tree, content, owned)
        owned |= set(content)
        content = _without_splinters(tree, _beside_its_cue(tree, source, cue, content))
        source = _contiguous(tree, _not_spoken_of(tree, _one_phrase(tree, source, cue), cue), cue, owned)
        source = _speaker(tree, _trimmed(tree, source)) or _own_subject(tree, cue, owned)
        owned |= set(source)
        content = _without_circumstance(tree, cue, content)
        if not content or _is_subject(tree, source, cue, content) or _is_act(tree, cue, content):
            continue
        if _is_impression(tree, source, cue, content):
            continue
        if _reacts(tree.document, cue, content):
            source, cue = [], []
        made.append((source, cue, content, name))
    return made


def undivided(tree: Tree, pieces: list[Parts]) -> list[Parts]:
    """Return the parts with each quotation in one hand: what one attribution has more than half of is all its own, but
    for what is attributed by a cue inside the quotation."""
    t, quotes = tree.tokens, tree.tokens.quote
    inside: dict[int, list[int]] = {}
    for i in range(len(t)):
        if quotes[i] >= 0:
            inside.setdefault(quotes[i], []).append(i)
    contents = [set(content) for _, _, content, _ in pieces]
    named = {i for source, cue, _, _ in pieces for i in (*source, *cue)}
    nested: dict[int, set[int]] = {}  # by the quotation that the cue is in
    for parts in pieces:
        if parts[1]:
            nested.setdefault(quotes[parts[1][0]], set()).update(tokens_in([parts]))
    for quote, tokens in inside.items():
        free = set(tokens) - named - nested.get(quote, set())
        held = [(len(free & content), -k) for k, content in enumerate(contents) if free & content]
        if not held or 2 * max(held)[0] <= len(free):
            continue
        best = -max(held)[1]
        contents = [content | free if k == best else content - free for k, content in enumerate(contents)]
    return [(p[0], p[1], sorted(content), p[3]) for p, content in zip(pieces, contents) if content]


def _reclaimed(tree: Tree, pieces: list[Parts]) -> list[Parts]:
    """Return the parts after each verb of speech that follows its clause ("The drafts they published “are fine,” he
    said") has taken that clause back from cues inside it, which keep only what hangs on them."""
    t = tree.tokens
    left: list[Parts | None] = list(pieces)
    for k, one in enumerate(pieces):
        verb = _verb_after(tree, one)
        clause = set() if verb is None else {x for w in _complements(tree, verb) for x in tree.subtree(w)}
        if not clause or verb is None:
            continue
        taken = []
        for other, parts in enumerate(left):
            inner = None if parts is None or other == k or not parts[1] else _main(tree, parts[1])
            if parts is None or inner is None or inner not in clause:
                continue
            own = set(tree.subtree(inner))
            astray = [i for i in parts[2] if i in clause and i not in own]
            if astray and (content := [i for i in parts[2] if i not in astray]):
                left[other] = (parts[0], parts[1], content, parts[3])
                taken += astray
            elif astray:
                left[other] = None
                taken += [*parts[0], *parts[1], *astray]
        if left[k] is None:
            continue  # another verb has taken it back
        source, cue, content, name = left[k] or one
        if taken or clause & set(content):
            owned = tokens_in([parts for parts in left if parts])
            rest = [i for i in clause if i not in owned and t.sentence[i] == t.sentence[verb]]
            left[k] = (source, cue, sorted({*content, *taken, *rest} - {*source, *cue}), name)
    return [parts for parts in left if parts]


def _nearer(tree: Tree, parts: Parts) -> Parts:
    """Return the parts of a quotation with the one who said it in place of the paper that tells so: “…,” Lee said on
    Monday, according to The Courier."""
    t = tree.tokens
    _, cue, content, _ = parts
    if not any(t.lemma[i] in ("according", "accord") for i in cue) or t.quote[content[0]] < 0:
        return parts
    for i in (k for k in content if t.quote[k] >= 0 and t.dep[k] in ("ccomp", "parataxis", "dobj")):
        verb = t.head[i]
        if t.quote[verb] >= 0 or t.lemma[verb] not in SPEAKING or verb in cue:
            continue
        subjects = [k for k in tree.children[verb] if t.dep[k] == "nsubj" and t.quote[k] < 0]
        if source := [x for k in subjects for x in tree.subtree(k) if x not in cue]:
            return source, [verb], [x for x in content if t.quote[x] >= 0], "neutral"
    return parts


def _main(tree: Tree, cue: list[int]) -> int:
    """Return the word of a cue that the others hang on."""
    t = tree.tokens
    return next((i for i in cue if t.head[i] not in cue or t.head[i] == i), cue[0])


def _verb_after(tree: Tree, parts: Parts) -> int | None:
    """Return the verb of a cue that comes after its clause, with its subject; None for other cues."""
    t = tree.tokens
    source, cue, content, _ = parts
    if not cue or not source or not content or min(cue) < min(content):
        return None
    verb = _main(tree, cue)
    return verb if t.pos[verb] == "VERB" and t.quote[verb] < 0 else None


def _complements(tree: Tree, verb: int) -> list[int]:
    """Return the heads of the clauses before a verb that are what it says."""
    t = tree.tokens
    return [k for k in tree.children[verb] if t.dep[k] in ("ccomp", "parataxis") and k < verb]


def _filled(tree: Tree, content: list[int], owned: set[int]) -> list[int]:
    """Return content with the few tokens between two of its parts that nobody owns, within a sentence."""
    t, whole = tree.tokens, sorted(content)
    for before, after in zip(whole[:-1], whole[1:]):
        between = range(before + 1, after)
        if 0 < len(between) <= HOLE and t.sentence[before] == t.sentence[after] and not owned & set(between):
            content = [*content, *between]
    return sorted(content)


def _runs(content: list[int]) -> list[list[int]]:
    runs: list[list[int]] = []
    for i in content:
        if runs and i == runs[-1][-1] + 1:
            runs[-1].append(i)
        else:
            runs.append([i])
    return runs


def _beside_its_cue(tree: Tree, source: list[int], cue: list[int], content: list[int]) -> list[int]:
    """Return content without unquoted words of other sentences than the cue's, unless they go on where the rest ends:
    they are the story's own."""
    t, sentences = tree.tokens, {tree.tokens.sentence[i] for i in cue}
    runs = _runs(sorted(content))
    kept = [run for run in runs if any(t.sentence[i] in sentences or t.quote[i] >= 0 for i in run)]
    if not cue or not kept:
        return content
    inside = {*source, *cue, *(i for run in kept for i in run)}
    for run in runs:
        if run not in kept and (_next(tree, run[0], -1) in inside or _next(tree, run[-1], 1) in inside):
            kept.append(run)
            inside |= set(run)
    return sorted(i for run in kept for i in run)


def _next(tree: Tree, i: int, step: int) -> int:
    """Return the word before (-1) or after (1) a token, with only punctuation between."""
    i += step
    while 0 <= i < len(tree.tokens) and tree.tokens.pos[i] in ("PUNCT", "SPACE"):
        i += step
    return i


def _without_splinters(tree: Tree, content: list[int]) -> list[int]:
    """Return content without parts of a function word or two, unless they are quoted; nothing if only such are left."""
    t = tree.tokens
    kept = []
    for run in _runs(content):
        words = [i for i in run if t.pos[i] != "PUNCT"]
        empty = len(words) <= SPLINTER and all(t.pos[i] in FUNCTION for i in words)
        if not empty or any(t.quote[i] >= 0 for i in words):
            kept += run
    return kept


def _one_phrase(tree: Tree, source: list[int], cue: list[int]) -> list[int]:
    """Return a source without the words that the clause of its cue's subject leaves out ("[A number of firms] have
    pods and [Huffington] predicts", "which [the scientists] said")."""
    t = tree.tokens
    runs = _runs(sorted(source))
    subjects = [k for verb in cue for k in tree.children[verb] if t.dep[k] == "nsubj" and k in source]
    if not subjects and len(runs) > 1 and runs[-1][-1] + 1 == min(cue, default=-1) and t.tag[min(cue)] in FINITE:
        return runs[-1] if any(t.tag[k] in FINITE for k in range(runs[-2][-1] + 1, runs[-1][0])) else source
    if len(subjects) != 1 or t.tag[subjects[0]] in ("WDT", "WP"):
        return source
    own = set(tree.subtree(subjects[0]))
    apart = {k for run in runs if not own & set(run) for k in run}
    return [i for i in source if i not in apart and not (i == min(source) and t.tag[i] in ("WDT", "WP"))]


def _not_spoken_of(tree: Tree, source: list[int], cue: list[int]) -> list[int]:
    """Return a source, or nothing if it is whom others speak of: the subject of a passive cue ("Lee was asked", "he
    is expected to") that nothing follows ("was quoted as saying"), or the "it" of "it appears"."""
    t, main = tree.tokens, _main(tree, cue) if cue else -1
    if [t.text[i].lower() for i in source] == ["it"] and main >= 0 and t.lemma[main] in IMPERSONAL:
        return []
    if not source or main < 0 or t.lemma[main] not in verbs("targets") or not _is_passive(tree, main):
        return source
    subjects = {x for k in tree.children[main] if t.dep[k] == "nsubjpass" for x in tree.subtree(k)}
    speaks = any(t.tag[i] in ("VBG", "VB") for i in cue if i != main)
    agent = any(t.dep[k] == "agent" for k in tree.children[main])
    return [] if subjects & set(source) and not agent and not speaks else source


def _is_passive(tree: Tree, verb: int) -> bool:
    return any(tree.tokens.dep[k] == "auxpass" for k in tree.children[verb])


def _trimmed(tree: Tree, source: list[int]) -> list[int]:
    """Return a source without the words at its ends that belong to their surroundings ("he all but", "or Lee")."""
    t, words = tree.tokens, list(source)
    while len(words) > 1 and (t.pos[words[-1]] in LOOSE or t.tag[words[-1]] in (*FINITE, "MD", "WP", "WDT")):
        words.pop()
    while len(words) > 1 and t.pos[words[0]] in ("CCONJ", "SCONJ", "PUNCT") and t.text[words[0]].lower() != "both":
        words.pop(0)
    return words


def _contiguous(tree: Tree, source: list[int], cue: list[int], owned: set[int]) -> list[int]:
    """Return a source as one stretch: the part with the cue's subject, or the nearest to the cue, and others from which
    a few words of nobody, or words that hang on the same noun, part it ("The [authors] of the report")."""
    runs = _runs(sorted(source))
    if len(runs) < 2:
        return source
    t = tree.tokens
    subjects = [i for i in source if t.head[i] in cue and t.dep[i] == "nsubj"]
    named = [run for run in runs if any(t.pos[i] in SPEAKS for i in run)] or runs
    first = bool(cue) and t.tag[_main(tree, cue)] in ("VB", "VBG")  # who does it stands at the beginning
    kept = min(named, key=lambda run: (not set(subjects) & set(run), first or _apart(run, cue)))
    main = next((i for i in subjects if i in kept), None)
    top = next((i for i in kept if t.head[i] not in kept or t.head[i] == i), kept[0]) if main is None else main
    phrase = set(tree.subtree(top))
    k = runs.index(kept)
    for run in (*runs[:k][::-1], *runs[k + 1 :]):
        gap = range(run[-1] + 1, kept[0]) if run[0] < kept[0] else range(kept[-1] + 1, run[0])
        near = len(gap) <= HOLE and t.sentence[run[0]] == t.sentence[kept[0]]
        near = near and not any(t.tag[i] in FINITE for i in gap)
        if (near or phrase >= {*gap, *run}) and not (owned | set(cue)) & set(gap):
            kept = sorted({*kept, *gap, *run})
    return kept


def _apart(run: list[int], cue: list[int]) -> int:
    """Return how many tokens lie between a run and a cue."""
    return min((max(run[0] - k, k - run[-1]) for k in cue), default=0)


def _own_subject(tree: Tree, cue: list[int], owned: set[int]) -> list[int]:
    """Return the subject of a cue's finite verb that the network left out ("he’s said"); nothing if there is none."""
    t, main = tree.tokens, _main(tree, cue) if cue else -1
    if main < 0 or t.pos[main] not in ("VERB", "AUX") or _is_passive(tree, main):
        return []
    helped = any(t.dep[k] == "aux" and t.tag[k] in (*FINITE, "MD") for k in tree.children[main])
    subjects = [k for k in tree.children[main] if t.dep[k] == "nsubj" and k < main and k not in owned]
    if len(subjects) != 1 or not helped and t.tag[main] not in FINITE:
        return []
    own = subjects[0]
    if t.pos[own] not in SPEAKS or t.text[own].lower() in UNSPEAKING or t.quote[own] != t.quote[main]:
        return []
    return [x for x in tree.subtree(own) if x not in owned]


def _speaker(tree: Tree, source: list[int]) -> list[int]:
    """Return a source if its main word can speak: a noun, a name, a pronoun, a number; otherwise nothing."""
    t = tree.tokens
    words = [i for i in source if t.pos[i] != "PUNCT"]
    if len(words) == 1 and t.text[words[0]].lower() in ("the", "a", "an"):
        return []
    if not words or len(words) == 1 and t.text[words[0]].upper().rstrip(":") in SECTIONS and t.text[words[0]].isupper():
        return []
    return (
        source if any(t.pos[i] in SPEAKS or t.tag[i] in ("NN", "NNS", "NNP", "NNPS", "DT", "JJ") for i in words) else []
    )


def _is_subject(tree: Tree, source: list[int], cue: list[int], content: list[int]) -> bool:
    """Return whether what was taken for the content is only the subject of the cue ("Lee was not convinced")."""
    t = tree.tokens
    if source or not cue or any(t.quote[i] >= 0 for i in content):
        return False
    words = [i for i in content if t.pos[i] != "PUNCT"]
    verbs = [i for i in cue if t.pos[i] in ("VERB", "AUX", "ADJ")]
    subjects = {
        x for verb in verbs for k in tree.children[verb] if t.dep[k] in ("nsubj", "nsubjpass") for x in tree.subtree(k)
    }
    return (
        bool(words)
        and set(words) <= subjects
        and not any(t.dep[i] in ("ccomp", "csubj") for i in words)
        and max(words) < min(cue)
    )


def _is_act(tree: Tree, cue: list[int], content: list[int]) -> bool:
    """Return whether a cue is an act and what was taken for the content only the thing that it is done to: a few words
    without a verb, not quoted ("agreed to the talks")."""
    t = tree.tokens
    if not cue or not any(t.lemma[i] in verbs("acts") for i in cue) or any(t.quote[i] >= 0 for i in content):
        return False
    return len(content) <= THING and not any(t.pos[i] in ("VERB", "AUX") for i in content)


def _is_impression(tree: Tree, source: list[int], cue: list[int], content: list[int]) -> bool:
    """Return whether a cue tells how a person seems to the writer ("Lee appears to have learned"), not what is said
    ("seemed to say")."""
    t, main = tree.tokens, _main(tree, cue) if cue else -1
    if main < 0 or t.lemma[main] not in IMPRESSIONS or any(t.quote[i] >= 0 for i in content):
        return False
    person = any(t.entity[i] == "PERSON" or t.text[i].lower() in ("he", "she") for i in source)
    return person and not any(t.lemma[i] in cue_classes() for i in cue if i != main and t.pos[i] == "VERB")


def _without_circumstance(tree: Tree, cue: list[int], content: list[int]) -> list[int]:
    """Return content without when and where it was said, at its end ("… during a press conference")."""
    t = tree.tokens
    places = set(content)
    for i in content:
        if t.text[i].lower() != "during" or t.dep[i] != "prep" or t.quote[i] >= 0 or i == content[0]:
            continue
        under = tree.subtree(i)
        words = {t.lemma[x] for x in under}
        if words & OCCASIONS and max(under) >= max(content) and not any(t.quote[x] >= 0 for x in under):
            return sorted(places - set(under) - {x for x in content if x > i})
    return content


def _reacts(document: Document, cue: list[int], content: list[int]) -> bool:
    """Return whether the cue is a gesture in a sentence of its own after a quotation: “They never asked us.” Hale
    nodded."""
    t = document.tokens
    if not cue or not any(t.lemma[i] in verbs("gestures") for i in cue):
        return False
    quoted = [i for i in content if t.quote[i] >= 0]
    if not quoted or max(quoted) > min(cue):
        return False
    end = document.quotes[t.quote[quoted[-1]]].end
    return document.text[:end].rstrip("”\"'’»")[-1:] == "." and not any(i > quoted[-1] for i in content)
