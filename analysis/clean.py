"""Take page furniture out of an article, by evidence, and keep the reason for every line."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
import re
from typing import Any

import yaml

LONG = 18  # words: a line this long among the first ones is taken for the story's beginning


@dataclass(frozen=True)
class Block:
    """One line or paragraph of the input: [start, end) in it, and its text, mended and with white space made plain.

    `offsets` tells for each character of `text` its place in the input; empty where they go side by side.
    """

    start: int
    end: int
    text: str
    offsets: tuple[int, ...] = ()

    def part(self, first: int, last: int) -> Block:
        """The block's text[first:last] as a block of its own."""
        if not self.offsets:
            return Block(self.start + first, self.start + last, self.text[first:last])
        inside = self.offsets[first:last]
        return Block(inside[0], inside[-1] + 1, self.text[first:last], inside) if inside else Block(self.start, self.start, "")

    @property
    def words(self) -> int:
        """How many words the block has."""
        return len(self.text.split())


@dataclass(frozen=True)
class Cut:
    """A block, or the beginning of one, that is no part of the story, with the rule and its reason."""

    start: int
    end: int
    rule: str
    reason: str


@dataclass(frozen=True)
class Cleaned:
    """What stays and what goes. `dateline` and `agency` are "" where the text gives none."""

    kept: tuple[Block, ...]
    cut: tuple[Cut, ...]
    dateline: str = ""
    agency: str = ""


@lru_cache(maxsize=1)
def rules() -> dict[str, Any]:
    """data/furniture.yaml with its patterns compiled."""
    loaded = yaml.safe_load((resources.files("analysis") / "data" / "furniture.yaml").read_text("utf-8"))
    for rule in loaded["rules"]:
        rule["pattern"] = re.compile(rule["pattern"], re.IGNORECASE | re.DOTALL)
    loaded["caption"]["credit"] = re.compile(loaded["caption"]["credit"], re.IGNORECASE)
    loaded["dateline"]["pattern"] = re.compile(loaded["dateline"]["pattern"])
    return loaded


def clean(blocks: list[Block]) -> Cleaned:
    """Cut furniture until nothing more is found, so that cleaning twice equals cleaning once."""
    kept, cut, dateline, agency = blocks, [], "", ""
    while True:
        once = _clean_once(kept)
        kept = list(once.kept)
        cut += once.cut
        dateline, agency = dateline or once.dateline, agency or once.agency
        if not once.cut:
            return Cleaned(tuple(kept), tuple(sorted(cut, key=lambda c: c.start)), dateline, agency)


def _clean_once(blocks: list[Block]) -> Cleaned:
    first, last = _story(blocks)
    kept: list[Block] = []
    cut: list[Cut] = []
    seen: dict[str, int] = {}
    ended = False
    for place, block in enumerate(blocks):
        found = _rule(block, place, first, last)
        if not found and _is_caption(block, place, first, blocks):
            found = ("caption", rules()["caption"]["reason"])
        if not found and block.words >= rules()["repeated"]["words"] and block.text in seen:
            found = ("repeated", rules()["repeated"]["reason"])
        if not found and ended and place > last:
            found = ("after-end", rules()["after_end"]["reason"])
        if found:
            cut.append(Cut(block.start, block.end, *found))
            ended = ended or (found[0] in rules()["after_end"]["ends"] and place > last)
        else:
            kept.append(block)
            seen.setdefault(block.text, place)
    dateline, agency = "", ""
    for place, block in enumerate(kept):
        match = rules()["dateline"]["pattern"].match(block.text)
        if match and block.words >= LONG and place <= 4:
            dateline, agency = match["place"], match["agency"] or ""
            kept[place] = block.part(match.end(), len(block.text))
            cut.append(Cut(block.start, kept[place].start, "dateline", rules()["dateline"]["reason"]))
            break
    return Cleaned(tuple(kept), tuple(cut), dateline, agency)


def _story(blocks: list[Block]) -> tuple[int, int]:
    """First and last block that read like a story's paragraph: long, and ending as a sentence does."""
    long = [i for i, b in enumerate(blocks) if b.words >= LONG and re.search(r"[.!?…][\"”’')]*$", b.text)]
    end = next((i for i, b in enumerate(blocks) if i > 2 and _named(b, rules()["after_end"]["ends"])), len(blocks))
    before = [i for i in long if i < end]
    return (before[0], before[-1]) if before else (len(blocks), -1)


def _named(block: Block, names: list[str]) -> bool:
    return any(
        r["name"] in names and block.words <= r["words"] and r["pattern"].fullmatch(block.text) for r in rules()["rules"]
    )


def _rule(block: Block, place: int, first: int, last: int) -> tuple[str, str] | None:
    for rule in rules()["rules"]:
        if block.words > rule["words"] or not rule["pattern"].fullmatch(block.text):
            continue
        allowed = {
            "anywhere": True, "edges": place < first or place > last, "start": place < first or place <= 3,
            "end": place > last,
        }[rule["where"]]  # fmt: skip
        if allowed:
            return rule["name"], rule["reason"]
    return None


def _is_caption(block: Block, place: int, first: int, blocks: list[Block]) -> bool:
    """A line with a credit at its end, or the same line without it just before or after."""
    if block.words > rules()["caption"]["words"] or block.words < 3:
        return False
    credit = rules()["caption"]["credit"]
    if credit.search(block.text):
        return True
    neighbours = blocks[max(0, place - 1) : place] + blocks[place + 1 : place + 2]
    return any(credit.search(n.text) and credit.sub("", n.text).strip() == block.text for n in neighbours)
