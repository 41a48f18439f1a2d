"""Gold data: JSON lines, and attributions of brat files as labels of tokens."""

from __future__ import annotations

import json
from pathlib import Path
import re
from typing import Any

import numpy as np

from presslab.measures.attribution.spans import Attribution, Span
from presslab.parsing.document import Document

ROLES = ("source", "cue", "content")


def lines(file: Path) -> list[dict[str, Any]]:
    """Return the objects of a JSON lines file."""
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def read(path: Path) -> list[dict[str, list[tuple[int, int]]]]:
    """Return the attributions of one brat file: role → pieces, as offsets into the text file."""
    spans: dict[str, list[tuple[int, int]]] = {}
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        parts = line.split("\t")
        if re.fullmatch(r"T\d+", parts[0]) and len(parts) > 1:
            where = parts[1].partition(" ")[2]
            pieces = (piece.split() for piece in where.split(";"))
            spans[parts[0]] = [(int(start), int(end)) for start, end in pieces]
        elif re.fullmatch(r"E\d+", parts[0]) and len(parts) > 1:
            made: dict[str, list[tuple[int, int]]] = {role: [] for role in ROLES}
            for argument in parts[1].split():
                name, _, key = argument.partition(":")
                if (role := name.rstrip("0123456789").lower()) in ROLES:
                    made[role] += spans.get(key, [])
            if made["cue"]:
                found.append(made)
    return found


def agreed(one: list[dict], two: list[dict]) -> tuple[list[dict], list[dict]]:
    """Return what two coders marked alike (as the first did), and what only one of them marked; two marks are alike if
    their contents share half of their characters or more."""

    def characters(marked: dict) -> set[int]:
        return {i for start, end in marked["content"] for i in range(start, end)}

    left = list(two)
    alike, single = [], []
    for mark in one:
        here = characters(mark)
        shared = [(len(here & there) / max(len(here | there), 1), k) for k, there in enumerate(map(characters, left))]
        best = max(shared, default=(0.0, -1))
        if best[0] >= 0.5:
            alike.append(mark)
            left.pop(best[1])
        else:
            single.append(mark)
    return alike, single + left


def labels(document: Document, attributions: list[dict]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return for each token: 1 if it is a cue's main word, the main word of its attribution's cue (-1), its role
    (-1)."""
    t, n = document.tokens, len(document.tokens)
    places = np.array([document.offsets[s] for s in t.start])
    ends = np.array([document.offsets[e - 1] + 1 for e in t.end])
    heads, owner, role = np.zeros(n, np.float32), np.full(n, -1), np.full(n, -1)
    for made in attributions:
        inside = {r: [i for s, e in made[r] for i in np.flatnonzero((places < e) & (ends > s))] for r in ROLES}
        if not inside["cue"]:
            continue
        top = [i for i in inside["cue"] if t.head[i] not in inside["cue"] or t.head[i] == i]
        main = min(
            top, key=lambda i: (t.pos[i] not in ("VERB", "AUX", "NOUN", "SCONJ"), t.pos[i] in ("PUNCT", "ADV"), i)
        )
        heads[main] = 1
        for r, tokens in inside.items():
            for i in tokens:
                if role[i] < 0:
                    owner[i], role[i] = main, ROLES.index(r)
    return heads, owner, role


def attributions(document: Document, marked: list[dict]) -> list[Attribution]:
    """Return the coders' attributions of a document as ours would be, for measuring what comes after them (who is
    who, types)."""
    t = document.tokens
    place = {offset: i for i, offset in enumerate(document.offsets) if offset >= 0}

    def spans(pieces: list[tuple[int, int]]) -> tuple[Span, ...]:
        inside = [[place[k] for k in range(s, e) if k in place] for s, e in pieces]
        return tuple(sorted((i[0], i[-1] + 1) for i in inside if i))

    found = []
    for made in marked:
        source, cue, content = (spans(made[role]) for role in ROLES)
        if cue or content:
            quoted = any(a <= t.start[i] < b for a, b in content for i in range(len(t)) if t.quote[i] >= 0)
            found.append(Attribution(source, cue, content, "direct" if quoted else "indirect"))
    return sorted(found, key=lambda a: min(s for s, _ in a.source + a.cue + a.content))
