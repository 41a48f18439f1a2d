"""Load a word list from YAML and check it: every error names the file and the line."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from itertools import product
from math import prod
from pathlib import Path
import re

import yaml

from presslab.system.error import Error
from presslab.system.plain_yaml import LOADER, NotPlain, nodes

POS = {"NOUN", "VERB", "ADJ", "ADV", "PRON", "AUX", "ADP", "DET", "PROPN", "INTJ", "NUM", "*"}


class LexiconError(Error):
    """A word list that can't be used; the message is one line for people: file, line, what is wrong, what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(" ".join(message.split()))  # what it quotes may have line ends


ENTITIES = {
    "PERSON": ("PERSON",), "ORG": ("ORG",), "GPE": ("GPE",), "NORP": ("NORP",), "MONEY": ("MONEY",),
    "ACTOR": ("PERSON", "ORG", "GPE", "NORP"),
}  # fmt: skip
SETTINGS = ("weight", "unless", "needs")  # of a term or of a group
MOST = 1000  # ways in which one term may be spelt out


@dataclass(frozen=True)
class Element:
    """One place of a term: `kind` is "form" (as written), "lemma" (any form of it, or the word itself), "prefix", "pos"
    (any word of that part of speech) or "entity" (a word of such a name); `pos` "" takes any."""

    kind: str
    value: str
    pos: str = ""


@dataclass(frozen=True, eq=False)  # compared by identity: a list holds each term once, and hashing all fields is slow
class Term:
    """One entry of a word list. `variants` are the element sequences that it may appear as ("far-left", "far left");
    it doesn't count if it overlaps one of `unless` ("trade war" for war), nor if there are `needs` and none of them is
    in its sentence ("my" for lonely). `line` is its place in the file."""

    text: str
    weight: float = 1.0
    group: str = ""
    unless: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    line: int = 0
    variants: tuple[tuple[Element, ...], ...] = field(default=(), repr=False)


@dataclass(frozen=True, eq=False)
class Lexicon:
    """A checked word list: its heading (plain keys of the file) and its terms, in the order of the file. `line` is
    where it begins."""

    file: str
    heading: dict[str, object]
    terms: tuple[Term, ...]
    line: int = 1


def elements(text: str) -> tuple[tuple[Element, ...], ...]:
    """Return the element sequences that a term stands for. `word` is matched as written, `lemma/VERB` and `lemma/*`
    in all forms, `wild*` by its beginning, `*/NUM` by its part of speech, `<PERSON>` by the kind of name that it is
    part of (ENTITIES); `his|her` is one or the other; a hyphen matches a hyphen or nothing. ValueError says what is
    wrong with it."""
    pieces = text.replace("’", "'").split()
    if not pieces:
        raise ValueError("empty term")
    places = [_choices(piece, text) for piece in pieces]
    if prod(len(choices) for choices in places) > MOST:
        raise ValueError(f"“{text}” can be spelt out in more than {MOST} ways: make several terms of it")
    hyphen = Element("form", "-")
    variants: list[tuple[Element, ...]] = []
    for chosen in product(*places):
        plain = tuple(element for choice in chosen for element in choice)
        variants.append(plain)
        if hyphen in plain and len(plain) > 1:
            variants.append(tuple(e for e in plain if e != hyphen))
    return tuple(variants)


def _choices(piece: str, text: str) -> list[list[Element]]:
    """Return the element sequences that one piece of a term stands for, one for each choice ("his|her")."""
    if name := re.fullmatch(r"<(\w+)>", piece):
        if name[1] not in ENTITIES:
            raise ValueError(f"unknown kind of name “{piece}” in “{text}” (one of {', '.join(sorted(ENTITIES))})")
        return [[Element("entity", label)] for label in ENTITIES[name[1]]]
    words, slash, pos = piece.rpartition("/")
    if slash and pos not in POS:
        raise ValueError(f"unknown part of speech “{pos}” in “{text}” (one of {', '.join(sorted(POS))})")
    if slash and not words:
        raise ValueError(f"no lemma before the slash in “{text}”")
    chosen = (words if slash else piece).split("|") if piece != "|" else [piece]
    if not all(chosen):
        raise ValueError(f"a word is missing beside | in “{text}”")
    return [_choice(word, pos if slash else "") for word in chosen]


def _choice(word: str, pos: str) -> list[Element]:
    if pos and word == "*":
        if pos == "*":
            raise ValueError("“*/*” matches every word")
        return [Element("pos", pos)]
    if pos:
        return [Element("lemma", word.lower(), "" if pos == "*" else pos)]
    if word.endswith("*"):
        if len(word) < 4 or "*" in word[:-1]:
            raise ValueError(f"“{word}” matches too much: three letters at least before a final *")
        return [Element("prefix", word[:-1].lower())]
    return [Element("form", part) for part in _tokens(word.lower())]


def _tokens(word: str) -> list[str]:
    """Return a word of a term cut as the parser cuts it: "far-left" in three, "don't" and "nation's" in two."""
    parts = [part for part in re.split(r"(-)", word) if part]
    cut = []
    for part in parts:
        ending = re.fullmatch(r"(.+?)(n't|'s|'re|'ve|'ll|'d)", part)
        cut += list(ending.groups()) if ending else [part]
    return cut


def read(text: str, file: str, required: tuple[str, ...], optional: tuple[str, ...] = ()) -> Lexicon:
    """Check a word list given as YAML text. `file` is named in errors; `required` and `optional` are the heading's keys
    beside `terms`. Raises LexiconError for unknown or missing keys, empty lists, bad or duplicate terms."""
    lexicons = read_all(text, file, required, optional)
    if len(lexicons) != 1:
        raise LexiconError(f"{file}: holds {len(lexicons)} word lists, one is expected here")
    return lexicons[0]


def read_all(text: str, file: str, required: tuple[str, ...], optional: tuple[str, ...] = ()) -> list[Lexicon]:
    """Do the same as `read`, for a file that may hold several word lists, divided by lines with three hyphens."""
    try:
        roots = nodes(text, file)
    except NotPlain as error:
        raise LexiconError(str(error)) from error
    if not roots:
        raise LexiconError(f"{file}:1: expected keys such as {', '.join(required)} and terms")
    return [_lexicon(root, file, required, optional) for root in roots]


def _lexicon(root: yaml.Node, file: str, required: tuple[str, ...], optional: tuple[str, ...]) -> Lexicon:
    first = root.start_mark.line + 1
    if not isinstance(root, yaml.MappingNode):
        raise LexiconError(f"{file}:{first}: expected keys such as {', '.join(required)} and terms")
    heading: dict[str, object] = {}
    terms: list[Term] | None = None
    allowed = (*required, *optional, "terms")
    for key, value in root.value:
        if key.value not in allowed:
            raise _error(file, key, f"unknown key “{key.value}” (known: {', '.join(allowed)})")
        if key.value in heading or (key.value == "terms" and terms is not None):
            raise _error(file, key, f"key “{key.value}” appears twice")
        if key.value == "terms":
            terms = _terms(value, file)
        else:
            heading[key.value] = _plain(value)
            if heading[key.value] in ("", None, []):
                raise _error(file, key, f"“{key.value}” is empty")
    missing = [key for key in required if key not in heading] + (["terms"] if terms is None else [])
    if missing or terms is None:
        raise LexiconError(f"{file}:{first}: missing key {', '.join(missing)}")
    return Lexicon(file, heading, tuple(terms), first)


def load_all(path: Path, required: tuple[str, ...], optional: tuple[str, ...] = ()) -> list[Lexicon]:
    """Read and check the word lists of a file; errors name it without its folders. Raises LexiconError."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise LexiconError(
            f"{path.name}: can't be read ({getattr(error, 'strerror', None) or 'no UTF-8 text'})"
        ) from error
    return read_all(text, path.name, required, optional)


@lru_cache(maxsize=None)
def builtin(name: str) -> Lexicon:
    """Return one of the lists that travel with the package: data/lexicons/NAME.yaml."""
    file = resources.files("presslab") / "data" / "lexicons" / f"{name}.yaml"
    return read(
        file.read_text("utf-8"),
        f"lexicons/{name}.yaml",
        ("name", "label", "source", "provenance"),
        ("question", "language", "scope", "negation"),
    )


def _error(file: str, node: yaml.Node, message: str) -> LexiconError:
    return LexiconError(f"{file}:{node.start_mark.line + 1}: {message}")


def _plain(node: yaml.Node) -> object:
    """Return a node without its place: str, number, bool, list or dict."""
    if isinstance(node, yaml.SequenceNode):
        return [_plain(child) for child in node.value]
    if isinstance(node, yaml.MappingNode):
        return {key.value: _plain(value) for key, value in node.value}
    quoted = node.style in {"'", '"', "|", ">"}
    try:
        return node.value if quoted or not node.value else yaml.load(node.value, LOADER)
    except (ValueError, yaml.YAMLError):  # looks like a date or a number, and is none (2001-99-99)
        return node.value


def _terms(node: yaml.Node, file: str) -> list[Term]:
    """Return the checked entries of `terms`: strings, {term: …} mappings, and {group: …, terms: […]} mappings."""
    terms: list[Term] = []
    _collect(node, file, {}, terms)
    first: dict[tuple[Element, ...], Term] = {}
    for term in terms:
        known = [first.setdefault(variant, term) for variant in term.variants]
        if term not in known:  # nothing is left that it alone would find
            raise LexiconError(f"{file}:{term.line}: duplicate term “{term.text}” (first on line {known[0].line})")
    return terms


def _collect(node: yaml.Node, file: str, group: dict, terms: list[Term]) -> None:
    if not isinstance(node, yaml.SequenceNode) or not node.value:
        raise _error(file, node, "a list of terms is empty; remove it or add terms")
    for item in node.value:
        if isinstance(item, yaml.ScalarNode):
            terms.append(_term(item, file, group))
            continue
        if not isinstance(item, yaml.MappingNode):
            raise _error(file, item, "a term is a text or has the keys term, weight, unless, needs")
        keys = {key.value: value for key, value in item.value}
        allowed = (*SETTINGS, "group", "terms") if "terms" in keys else (*SETTINGS, "term")
        for key, _ in item.value:
            if key.value not in allowed:
                raise _error(file, key, f"unknown key “{key.value}” (known: {', '.join(allowed)})")
        settings = group | _settings(keys, file)
        if "terms" in keys:
            _collect(keys["terms"], file, settings, terms)
        elif "term" in keys:
            terms.append(_term(keys["term"], file, settings))
        else:
            raise _error(file, item, "a term without text: give the key term")


def _settings(keys: dict[str, yaml.Node], file: str) -> dict:
    settings: dict[str, object] = {}
    if "group" in keys and not isinstance(keys["group"], yaml.ScalarNode):
        raise _error(file, keys["group"], "a group has a name, one word or several")
    if "group" in keys:
        settings["group"] = keys["group"].value
    if "weight" in keys:
        weight = _plain(keys["weight"])
        if isinstance(weight, bool) or not isinstance(weight, (int, float)) or not 0 < weight <= 10:
            raise _error(file, keys["weight"], f"weight must be a number above 0 and up to 10, not “{weight}”")
        settings["weight"] = float(weight)
    for key in ("unless", "needs"):
        if key not in keys:
            continue
        contexts = _plain(keys[key])
        if not isinstance(contexts, list) or not contexts:
            raise _error(file, keys[key], f"{key} is a list of contexts, such as [trade war]")
        for context in contexts:
            _checked(str(context), file, keys[key])
        settings[key] = tuple(map(str, contexts))
    return settings


def _checked(text: str, file: str, node: yaml.Node) -> tuple[tuple[Element, ...], ...]:
    try:
        return elements(text)
    except ValueError as error:
        raise _error(file, node, str(error)) from error


def _term(node: yaml.Node, file: str, settings: dict) -> Term:
    if not isinstance(node, yaml.ScalarNode):
        raise _error(file, node, "a term must be a text")
    text = node.value.strip()
    return Term(text=text, line=node.start_mark.line + 1, variants=_checked(text, file, node), **settings)
