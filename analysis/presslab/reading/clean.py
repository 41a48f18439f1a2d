"""Take page furniture out of an article, by evidence, and keep the reason for every line."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
import re
from typing import Any

import ftfy
from rapidfuzz.distance import Levenshtein

from presslab.system.plain_yaml import packaged

from .formats.record import Span

INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\xad\x00-\x08\x0e-\x1f\x7f]")
# those of them that are no part of mojibake
BEYOND_BYTES = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
ENTITY = re.compile(r"&(?:#?\w{2,8});")  # “&quot;” in a text: marks that somebody forgot to turn back
SHORT = 4  # words: what may follow the dateline where a text is known to be a story
LONG = 18  # words: a line this long among the first ones is taken for the story's beginning


@dataclass(frozen=True)
class Block:
    """One line or paragraph of the input: [start, end) in it, and its text, mended and with white space made plain.

    `offsets` gives for each character of `text` its place in the input; empty if they go side by side.
    """

    start: int
    end: int
    text: str
    offsets: tuple[int, ...] = ()

    def part(self, first: int, last: int) -> Block:
        """Return the block's text[first:last] as a block of its own."""
        if not self.offsets:
            return Block(self.start + first, self.start + last, self.text[first:last])
        inside = self.offsets[first:last]
        return (
            Block(inside[0], inside[-1] + 1, self.text[first:last], inside)
            if inside
            else Block(self.start, self.start, "")
        )

    @property
    def words(self) -> int:
        """How many words the block has."""
        return len(self.text.split())


@dataclass(frozen=True)
class Cleaned:
    """The blocks that stay, and what goes: blocks, or the beginning of one. `dateline` and `agency` may be ""."""

    kept: tuple[Block, ...]
    cut: tuple[Span, ...]
    dateline: str = ""
    agency: str = ""


@lru_cache(maxsize=1)
def rules() -> dict[str, Any]:
    """Return data/furniture.yaml with its patterns compiled."""
    loaded = packaged("furniture.yaml")
    for rule in loaded["rules"]:
        rule["pattern"] = re.compile(rule["pattern"], re.IGNORECASE | re.DOTALL)
    loaded["caption"]["credit"] = re.compile(loaded["caption"]["credit"], re.IGNORECASE)
    loaded["dateline"]["pattern"] = re.compile(loaded["dateline"]["pattern"])
    return loaded


def without(blocks: list[Block], spans: Iterable[tuple[int, int]]) -> list[Block]:
    """Return the blocks without what is in [start, end) of a span; a block that is cut in its middle becomes two."""
    rising = sorted(spans)
    first = 0
    left: list[Block] = []
    for block in blocks:
        while first < len(rising) and rising[first][1] <= block.start:
            first += 1
        places = block.offsets or range(block.start, block.end)
        begin, whole = 0, True
        for start, end in islice(rising, first, None):
            if start >= block.end:
                break
            if end <= block.start:
                continue
            left.append(_stripped(block.part(begin, max(bisect_left(places, start), begin))))
            begin, whole = max(bisect_left(places, end), begin), False
        left.append(block if whole else _stripped(block.part(begin, len(block.text))))
    return [block for block in left if block.text]


def _stripped(block: Block) -> Block:
    first = len(block.text) - len(block.text.lstrip())
    return block.part(first, max(len(block.text.rstrip()), first))


def clean(blocks: list[Block], page: bool = True) -> Cleaned:
    """Cut furniture until nothing more is found, so that cleaning twice equals cleaning once.

    With `page` the text came off a page, where a paragraph that is repeated word for word is furniture; in an export
    it is the story's.
    """
    kept, dateline, agency = blocks, "", ""
    cut: list[Span] = []
    while True:
        once = _clean_once(kept, page)
        kept = list(once.kept)
        cut += once.cut
        dateline, agency = dateline or once.dateline, agency or once.agency
        if not once.cut:
            return Cleaned(tuple(kept), tuple(sorted(cut, key=lambda c: c.start)), dateline, agency)


def _clean_once(blocks: list[Block], page: bool) -> Cleaned:
    first, last = _story(blocks)
    kept: list[Block] = []
    cut: list[Span] = []
    seen: dict[str, int] = {}
    ended = False
    for place, block in enumerate(blocks):
        found = _rule(block, place, len(kept), first, last)
        if not found and _is_caption(block, place, first, blocks):
            found = ("caption", rules()["caption"]["reason"])
        if not found and page and block.words >= rules()["repeated"]["words"] and block.text in seen:
            found = ("repeated", rules()["repeated"]["reason"])
        if not found and ended and place > last:
            found = ("after-end", rules()["after_end"]["reason"])
        if found:
            cut.append(Span(block.start, block.end, *found))
            ended = ended or (found[0] in rules()["after_end"]["ends"] and place > last)
        else:
            kept.append(block)
            seen.setdefault(block.text, place)
    dateline, agency = "", ""
    for place, block in enumerate(kept):
        if place > 4:
            break
        end = 0
        for match in _datelines(block.text, LONG if page else SHORT):
            dateline, agency = dateline or match["place"], agency or match["agency"] or ""
            start, end = block.part(end, match.end()).start, match.end()
            rest = block.part(end, end + 1)
            cut.append(Span(start, rest.start if rest.text else block.end, "dateline", rules()["dateline"]["reason"]))
        kept[place] = block.part(end, len(block.text)) if end else block
        if dateline:
            break
    return Cleaned(tuple(kept), tuple(cut), dateline, agency)


def _datelines(text: str, fewest: int) -> Iterator[re.Match[str]]:
    """Yield the datelines, one after the other, that a text begins with; `fewest` words have to be left with each."""
    place, words = 0, len(text.split())
    while words >= fewest and (match := rules()["dateline"]["pattern"].match(text, place)):
        yield match
        place, begin = match.end(), place
        inside_word = place < len(text) and not (text[place - 1].isspace() or text[place].isspace())
        words -= len(text[begin:place].split()) - inside_word


def _story(blocks: list[Block]) -> tuple[int, int]:
    """Return first and last block that read like a story's paragraph: long, and ending as a sentence does."""
    long = [i for i, b in enumerate(blocks) if b.words >= LONG and re.search(r"[.!?…][\"”’')]*$", b.text)]
    end = next((i for i, b in enumerate(blocks) if i > 2 and _named(b, rules()["after_end"]["ends"])), len(blocks))
    before = [i for i in long if i < end]
    return (before[0], before[-1]) if before else (len(blocks), -1)


def _named(block: Block, names: list[str]) -> bool:
    return any(
        r["name"] in names and block.words <= r["words"] and r["pattern"].fullmatch(block.text)
        for r in rules()["rules"]
    )


def _rule(block: Block, place: int, above: int, first: int, last: int) -> tuple[str, str] | None:
    """Return name and reason of the rule that takes the block; `above` is how many blocks before it stay."""
    words = block.words
    for rule in rules()["rules"]:
        if words > rule["words"] or not rule["pattern"].fullmatch(block.text):
            continue
        allowed = {
            "anywhere": True, "edges": place < first or place > last, "start": place < first or above <= 3,
            "end": place > last,
        }[rule["where"]]  # fmt: skip
        if allowed:
            return rule["name"], rule["reason"]
    return None


def _is_caption(block: Block, place: int, first: int, blocks: list[Block]) -> bool:
    """Return whether this is a line with a credit at its end, or the same line without it just before or after."""
    if block.words > rules()["caption"]["words"] or block.words < 3:
        return False
    credit = rules()["caption"]["credit"]
    if credit.search(block.text):
        return True
    neighbours = blocks[max(0, place - 1) : place] + blocks[place + 1 : place + 2]
    return any(credit.search(n.text) and credit.sub("", n.text).strip() == block.text for n in neighbours)


def blocks_of(text: str) -> list[Block]:
    """Return the text's paragraphs: its lines, or, if lines are wrapped at a width, what lies between blank
    lines."""
    lines = [m for m in re.finditer(r"[^\r\n\f\v\x85\u2028\u2029]+", text) if m.group().strip("\ufeff \t\xa0")]
    full = [m for m in lines if 50 <= len(m.group()) <= 100]
    wrapped = len(lines) > 8 and len(full) > 0.5 * len(lines) and max(len(m.group()) for m in lines) <= 110
    pattern = r"\S(?:(?!\r?\n[ \t]*\r?\n).)*" if wrapped else r"[^\r\n\f\v\x85\u2028\u2029]+"
    blocks = []
    for match in re.finditer(pattern, text, re.DOTALL):
        inner = match.group().strip("\ufeff \t\xa0\r\n")
        if inner:
            start = match.start() + match.group().index(inner)
            blocks.append(_block(text, start, start + len(inner)))
    return blocks


def unmarked(block: Block) -> Block:
    """Return a block of Markdown without the marks before and after it (#, >, list marks, emphasis around the
    whole)."""
    inner = re.fullmatch(r"(?:#{1,6} +|> ?|[-*+] +|\d+\. +)?([*_]{0,3})(.*?)\1(?: #+)?", block.text)
    if not inner:
        return block
    return block.part(inner.start(2), inner.end(2))


def _block(text: str, start: int, end: int) -> Block:
    """Return a stretch of the input as a block: mojibake mended, odd white space made plain, every character's
    place kept."""
    original = mended = text[start:end]
    places: Sequence[int] = range(len(original))
    if not original.isascii() or ENTITY.search(original):
        # ftfy takes some of them away: comparing would take the square
        original, places = _unseen(original, places, BEYOND_BYTES)
        mended = ftfy.fix_text(
            original, uncurl_quotes=False, fix_character_width=False, fix_latin_ligatures=False, normalization=None
        )
        if mended != original:
            places = [places[i] for i in _align(original, mended)]
    mended, places = _unseen(mended, places, INVISIBLE)
    first = len(mended) - len(mended.lstrip())
    plain = re.sub(r"\s", " ", mended.strip())
    if len(plain) == end - start:
        return Block(start, end, plain)
    return Block(start, end, plain, tuple(start + i for i in places[first : first + len(plain)]))


def _unseen(text: str, places: Sequence[int], unwanted: re.Pattern[str]) -> tuple[str, Sequence[int]]:
    """Return a text and the places of its characters without those that a pattern matches."""
    if not unwanted.search(text):
        return text, places
    visible = [i for i, c in enumerate(text) if not unwanted.match(c)]
    return "".join(text[i] for i in visible), [places[i] for i in visible]


def _align(original: str, mended: str) -> list[int]:
    """Return for each character of `mended` the place in `original` that it came from. Mending hardly ever changes
    white space: word by word the comparison takes as long as the line is, as a whole it would take the square of
    that."""
    before, after = re.findall(r"\s+|\S+", original), re.findall(r"\s+|\S+", mended)
    if len(before) != len(after):
        return _compared(original, mended)
    places: list[int] = []
    start = 0
    for one, other in zip(before, after):
        places += range(start, start + len(one)) if one == other else [start + i for i in _compared(one, other)]
        start += len(one)
    return places


def _compared(original: str, mended: str) -> list[int]:
    places: list[int] = []
    for step in Levenshtein.opcodes(original, mended):  # difflib takes minutes for one long damaged line
        if step.tag != "delete":
            last = max(step.src_end - step.src_start - 1, 0)
            places += [step.src_start + min(i, last) for i in range(step.dest_end - step.dest_start)]
    return places
