"""What stands around a name and says who that is: titles, appositions, "X is a …", "X, a …", "X of CNN"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
import re

from presslab.parsing.document import Document

from ..attribution.rules import Tree
from .types import depends, heads, words

NOMINAL = ("NOUN", "PROPN", "ADJ", "PART", "DET", "NUM", "ADP", "PRON")
JOINING = ("of", "at", "for", "in", "on", "who", "with", "from", "and", "to")


@dataclass(frozen=True)
class Description:
    """A noun phrase that says what somebody is: its main noun (an index of a token), and all its tokens; or, as
    `owner`, whom somebody belongs to."""

    main: int
    tokens: tuple[int, ...]
    owner: bool = False


def descriptions(document: Document, tree: Tree, name: list[int]) -> Iterator[Description]:
    """Yield what describes the person named at these tokens, and what he or she is today."""
    if not name:
        return
    head = main_noun(document, name)
    for way in (
        _title,
        _before_comma,
        _noun_in_name,
        _appositions,
        _apposed_to,
        _belonging,
        _predicate,
        _after_comma,
    ):
        for description in way(document, tree, name, head):
            yield description
            yield from _now(document, tree, description)


def main_noun(document: Document, tokens: list[int]) -> int:
    """Return the token on which a phrase turns: the one whose head lies outside; a noun if there is one."""
    t, inside = document.tokens, set(tokens)
    tops = [i for i in tokens if t.head[i] not in inside or t.head[i] == i]
    if all(t.pos[i] == "ADP" for i in tops):  # "among white voters" turns on the voters
        tops = [i for i in tokens if t.head[i] in tops and t.dep[i] == "pobj"] or tops
    return min(tops, key=lambda i: (t.pos[i] not in ("NOUN", "PROPN", "PRON", "NUM"), i))


def is_past(document: Document, tokens: Iterable[int], main: int) -> bool:
    """Return whether a description's main noun, or a word before it, says that it is over ("former")."""
    return any(document.tokens.lemma[i] in words().past for i in tokens if i <= main)


def age_after(document: Document, last: int) -> str:
    """Return the age that follows a name ("Ann Doe, 33, …"), as news gives it of people who hold no office; otherwise
    ""."""
    t = document.tokens
    if last + 3 >= len(t) or t.text[last + 1] != "," or t.text[last + 3] not in (",", "."):
        return ""
    age = t.text[last + 2]
    return age if age.isdigit() and 15 < int(age) < 105 else ""


def written(document: Document, tokens: Iterable[int]) -> str:
    """Return the words from the first to the last of some tokens, on one line."""
    t, places = document.tokens, list(tokens)
    return re.sub(r"\s+", " ", document.text[t.start[places[0]] : t.end[places[-1]]])


def lowered(document: Document, tokens: Iterable[int]) -> str:
    """Return the same in small letters with plain apostrophes."""
    return written(document, tokens).lower().replace("’", "'")


def _title(document: Document, tree: Tree, name: list[int], head: int) -> Iterator[Description]:
    """Yield the words before a name ("Texas Sen. Ann Doe"), or whose it is ("CNN's Ann Doe")."""
    t, first = document.tokens, name[0]
    before = first
    while before and first - before < 9 and t.sentence[before - 1] == t.sentence[first]:
        of = t.pos[before - 1] == "ADP" and t.text[before - 1] == "of"
        hyphen = t.text[before - 1] == "-" and before < first  # "front-runner Ann Doe"
        if not of and not hyphen and t.pos[before - 1] not in ("NOUN", "PROPN", "ADJ", "PART", "NUM"):
            break
        before -= 1
    title = [i for i in range(before, first) if t.pos[i] != "ADP" or i > before]
    owner = bool(title) and t.pos[title[-1]] == "PART"
    while title and (t.pos[title[-1]] == "PART" or t.text[title[-1]] == "."):
        title.pop()  # the tokeniser cuts "Col." in two
    if title and t.tag[title[-1]] not in ("NNS", "NNPS"):
        yield Description(title[-1], tuple(title), owner)


def _before_comma(document: Document, tree: Tree, name: list[int], head: int) -> Iterator[Description]:
    """Yield a role before a comma and the name, whatever the parser made of it ("France’s minister for women, Ann
    Doe, said")."""
    t, first, after = document.tokens, name[0], name[-1] + 1
    if first < 3 or t.text[first - 1] != "," or after >= len(t) or t.sentence[first - 3] != t.sentence[first]:
        return
    if t.text[after] != "," and t.pos[after] not in ("VERB", "AUX"):
        return
    start = first - 2
    while start and first - start < 14 and t.sentence[start - 1] == t.sentence[first]:
        if t.pos[start] == "DET" or t.tag[start] == "PRP$" or t.pos[start - 1] not in NOMINAL:
            break
        start -= 1
    stop = next((i for i in range(start, first - 1) if t.pos[i] == "ADP"), first - 1)
    nouns = [i for i in range(start, stop) if t.tag[i] == "NN"]
    pointed = t.pos[start] in ("DET", "PROPN") or t.tag[start] == "PRP$"
    if nouns and pointed and t.text[start].lower() not in ("a", "an"):
        yield Description(nouns[-1], tuple(range(start, first - 1)))


def _noun_in_name(document: Document, tree: Tree, name: list[int], head: int) -> Iterator[Description]:
    """Yield a noun among the words of the name itself ("spokesman Ann Doe")."""
    nouns = [i for i in name if i != head and document.tokens.pos[i] == "NOUN"]
    if nouns:
        yield Description(nouns[-1], tuple(name))


def _appositions(document: Document, tree: Tree, name: list[int], head: int) -> Iterator[Description]:
    """Yield what the parser hangs on the name as another name for it."""
    t = document.tokens
    for k in tree.children[head]:
        if t.dep[k] == "appos" and (k not in name or t.pos[k] == "NOUN"):
            yield Description(k, tuple(tree.subtree(k)[:24]))


def _apposed_to(document: Document, tree: Tree, name: list[int], head: int) -> Iterator[Description]:
    """Yield what the name is another name for ("the Texas senator, Ann Doe")."""
    t = document.tokens
    if t.dep[head] == "appos" and t.head[head] not in name:
        whole = [i for i in tree.subtree(t.head[head]) if i not in name and i < name[0]]
        if whole:
            yield Description(t.head[head], tuple(whole))


def _belonging(document: Document, tree: Tree, name: list[int], head: int) -> Iterator[Description]:
    """Yield where somebody is from or works ("Ann Doe of CNN"), unless it is a place."""
    t = document.tokens
    for k in tree.children[head]:
        if t.dep[k] == "prep" and t.text[k].lower() in ("of", "at", "with", "from") and k == name[-1] + 1:
            of = tree.subtree(k)[1:12]
            if of and t.entity[of[-1]] not in ("GPE", "PERSON"):
                yield Description(of[-1], tuple(of), owner=True)
    yield from _of_after_comma(document, name[-1])


def _of_after_comma(document: Document, last: int) -> Iterator[Description]:
    """Yield the body after a name, a comma and "of" ("Ann Doe, of the Harbour Trust, said")."""
    t, first = document.tokens, last + 3
    if first >= len(t) or t.text[last + 1] != "," or t.text[last + 2] not in ("of", "from", "at", "with"):
        return
    phrase = [i for i in range(first, min(len(t), first + 14)) if t.sentence[i] == t.sentence[last]]
    end = next((i for i in phrase if t.text[i] in (",", ";", ".")), phrase[-1] + 1 if phrase else first)
    inside = [i for i in phrase if i < end]
    nouns = [i for i in inside if t.pos[i] in ("NOUN", "PROPN")]
    if nouns and t.entity[nouns[-1]] not in ("GPE", "LOC", "PERSON"):
        yield Description(nouns[-1], tuple(inside), owner=True)


def _predicate(document: Document, tree: Tree, name: list[int], head: int) -> Iterator[Description]:
    """Yield what somebody is or becomes ("Ann Doe is a teacher")."""
    t = document.tokens
    if t.dep[head] == "nsubj" and t.lemma[t.head[head]] in ("be", "become"):
        for k in tree.children[t.head[head]]:
            if t.dep[k] == "attr" and t.pos[k] == "NOUN":
                yield Description(k, tuple(tree.subtree(k)[:16]))


def _after_comma(document: Document, tree: Tree, name: list[int], head: int) -> Iterator[Description]:
    """Yield what follows a name after a comma, whatever the parser made of it ("Ann Doe, 33, a teacher", "Ann Doe,
    who is a teacher")."""
    t, last = document.tokens, name[-1]
    if age_after(document, last) and last + 4 < len(t):
        last += 2  # "Ann Doe, 33, a teacher"
    if last + 2 >= len(t) or t.text[last + 1] != "," or t.sentence[last + 2] != t.sentence[last]:
        return
    end = last + 2
    while end < len(t) and end - last < 18 and t.sentence[end] == t.sentence[last]:
        if t.text[end] in (",", ";", "“", '"', "—", "–"):
            break
        end += 1
    phrase = range(last + 2, end)
    nouns = [i for i in phrase if t.pos[i] in ("NOUN", "PROPN")]
    if not nouns:
        return
    opening = phrase[0]
    if t.tag[opening] in ("DT", "NN", "NNS", "JJ", "NNP", "PRP$", "NNPS", "RB", "VBG") and t.pos[opening] != "VERB":
        first, second, *_ = *(i for i in phrase if t.text[i].lower() in JOINING), end, end
        before = [i for i in nouns if i < first]
        role = before and (t.lemma[before[-1]] in heads() or t.lemma[before[-1]] in depends())
        if before and not role and first < end and t.text[first] == "and":  # "an environment and security manager"
            before = [i for i in nouns if i < second]
        if before:
            yield Description(before[-1], tuple(phrase))
    elif t.text[opening].lower() == "one" and t.text[phrase[-1]] != "one" and t.text[opening + 1] == "of":
        yield Description(nouns[0], tuple(phrase))
    elif t.text[opening].lower() == "who":
        near = [i for i in nouns if any(_leads_to_role(t.text[k]) for k in range(max(last + 3, i - 4), i))]
        if near:
            yield Description(near[0], tuple(phrase))


def _leads_to_role(word: str) -> bool:
    return word.lower() in ("as", "is", "was", "a", "an", "the")


def _now(document: Document, tree: Tree, description: Description) -> Iterator[Description]:
    """Yield what somebody is today, within a description of what he or she was ("a former official who is now a
    fellow at …")."""
    t, tokens = document.tokens, description.tokens
    if not is_past(document, tokens, description.main):
        return
    for i in tokens:
        if t.text[i].lower() == "now" and t.lemma[t.head[i]] in ("be", "work", "serve") and t.head[i] in tokens:
            for noun in _roles_of(document, tree, t.head[i]):
                if noun > i and t.pos[noun] in ("NOUN", "PROPN"):
                    yield Description(noun, tuple(tree.subtree(noun)[:16]))


def _roles_of(document: Document, tree: Tree, verb: int) -> Iterator[int]:
    """Yield the nouns that a verb gives its subject ("is a fellow", "works as a fellow")."""
    t = document.tokens
    for k in tree.children[verb]:
        if t.dep[k] == "attr":
            yield k
        elif t.text[k] == "as":
            yield from [j for j in tree.children[k] if t.dep[j] == "pobj"][:1]
