"""Cut a text into sentences and words by the count rules that the readability measures state."""

from __future__ import annotations

from functools import lru_cache
import re

from presslab.system.plain_yaml import packaged

# a sentence's end without its space: "in New Hampshire.The vote"
LOST = r"(?<=[a-z]{2})[.?!][”\"]?(?=[“\"]?[A-Z][a-z]+[ ,’'])"
# What stands between words: white space, dashes, slashes, dots of omission; an address stays whole, as do "9/11" and
# "2015–16"
BETWEEN = re.compile(rf"(?P<address>(?:https?://|www\.)\S+)|\s+|—|…|--+|\.{{2,}}|(?<!\d)[–/]|[–/](?!\d)|{LOST}")
# A mark that may end a sentence, with the closing marks on it and the white space after them
MARK = re.compile(
    r"(?P<mark>\.(?:\s?\.)+|…|[.?!]+…?)(?P<close>(?:''|[\"”’'»″＂)\]*_]|\[\d{1,3}\])*)"
    r"(?:\s+(?:…|\.(?:\s?\.)+))?(?P<space>\s+|$)"
    rf"|(?P<lost>{LOST})"
)
INNER = re.compile(r"[$£€]?[^\W_](?:.*[^\W_])?[%°]?", re.DOTALL)
BEFORE = re.compile(r"(?:[^\s(\[“\"‘'«—–/-]|(?<=\w)['’-](?=[a-z]))*$")
NEXT = re.compile(r"(?P<open>(?:''|``|[“\"‘’'«„‚″＂(\[¿¡*•_])*\s*)(?P<word>[$£€]?(?:[^\W_][\w’'&-]*)?)(?P<stop>\.?)")
SPEECH = (
    "said|says|say|asked|asks|added|adds|wrote|writes|tweeted|replied|replies|told|demanded|shouted|joked"
    "|wondered|yelled|answered|continued|declared|exclaimed|insisted|quipped|responded|recalled|inquired|chanted"
    "|cried|snapped|noted|began|called|whispered|murmured|muttered|sighed|laughed|screamed|roared"
)
# "Is it over?" Mr. Quill asked: the speaker belongs to the sentence that ends in a question mark
SPEAKER = re.compile(rf"(?:[A-Z][\w.’'-]*,?\s+){{1,4}}(?:\w+ly\s+|then\s+|once\s+)?(?:{SPEECH})\b")
# "[HuffPost]" after the last sentence names where it was read
TAIL = re.compile(r"(?:[\[(][^\])]*[^\]).?!”\"'’][\])]|\[[^\]]{1,24}\.\])\s*$")
ADDRESS = re.compile(r"https?:|www\.|[\w.-]+\.(?:com|org|net|gov|edu|co)\b")
# "WHO WON? - The polls closed …": what follows a heading's dash begins a sentence
HEADING = re.compile(r"[-–]\s+")
# characters that are looked at before and after a mark, so that the cost of a paragraph grows with its length
WINDOW = 2000
SHOUTED_NAMES = ("Yahoo!", "Jeopardy!", "Wham!")


@lru_cache(maxsize=1)
def abbreviations() -> dict[str, frozenset[str]]:
    """Return data/abbreviations.yaml: `before_names`, `before_figures`, `open` and `starters`, as sets of words as
    written."""
    loaded = packaged("abbreviations.yaml")
    return {name: frozenset(map(str, words)) for name, words in loaded.items()}


def words(text: str) -> list[tuple[int, int]]:
    """Return [start, end) of each word, without marks around it; must hold a letter or a digit.

    Words are divided by white space, dashes, slashes and dots of omission; a hyphen compound, a contraction, a
    figure with its range or date ("9/11") and a web address are one word each.
    """
    spans, begin = [], 0
    for match in [*BETWEEN.finditer(text), None]:
        pieces = [(begin, match.start() if match else len(text))] + (
            [match.span()] if match and match["address"] else []
        )
        for start, end in pieces:
            inner = INNER.search(text, start, end)
            if inner:
                spans.append(inner.span())
        begin = match.end() if match else begin
    return spans


def sentences(text: str, proposed: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return [start, end) of each sentence, without white space around it.

    A sentence ends at a paragraph's end and where a mark says so; `proposed` are the parser's sentences, which
    decide only where the marks leave it open (after "U.S.", after three dots).
    """
    starts = {start for start, _ in proposed}
    spans = []
    for paragraph in re.finditer(r"[^\n]+", text):
        line, begin = paragraph.group(), 0
        letters_end = len(line) - next((i for i, c in enumerate(reversed(line)) if c.isalpha()), len(line))
        for match in MARK.finditer(line):
            if match["lost"] or match.end() < letters_end and _ends(line, match, begin, paragraph.start(), starts):
                spans.append((paragraph.start() + begin, paragraph.start() + match.end()))
                begin = match.end()
        spans.append((paragraph.start() + begin, paragraph.end()))
    trimmed = []
    for start, end in spans:
        inside = text[start:end]
        if inside.strip():
            trimmed.append((start + len(inside) - len(inside.lstrip()), start + len(inside.rstrip())))
    return trimmed


def _ends(line: str, match: re.Match[str], begin: int, offset: int, proposed: set[int]) -> bool:
    """Return whether a sentence of the line ends at this mark, which letters follow. `begin` is where the sentence
    began."""
    rest = line[match.end() : match.end() + WINDOW]
    if len(line) - match.end() <= WINDOW and TAIL.match(rest):
        return False
    following = _following(rest)
    if not following["word"] and match["mark"][0] in "?!" and not match["close"] and (dash := HEADING.match(rest)):
        following = _following(rest, dash.end())
    first, opened = following["word"], following["open"].strip()
    agreed = bool(proposed & {offset + match.end(), offset + match.end() + following.end("open")})
    mark, closed, starter = match["mark"], match["close"], _starter(following)
    if not any(c.isalnum() for c in line[begin : match.start()]) or closed == ")" and line[match.start() - 1] in "(?!":
        return False
    if ADDRESS.match(rest) or not first or not (first[0].isupper() or first[0].isdigit() or first[0] in "$£€"):
        plain = mark == "." and not closed and not _abbreviated(line, match)
        return agreed and plain and first[:1].islower() and not ADDRESS.match(rest)
    if mark[0] in "?!":
        if closed and closed[0] in "\"”'’" and SPEAKER.match(rest) and not starter:
            return False
        return not line.endswith(SHOUTED_NAMES, 0, match.end("mark"))
    if len(mark) > 1 or mark == "…":
        return agreed or starter or bool(opened) or not line[match.start() - 1].isspace()
    if closed and not (closed[0] in ")]" and _abbreviated(line, match)):
        return True
    return _stops(line, match, begin, following, agreed)


def _following(rest: str, place: int = 0) -> re.Match[str]:
    """Return what comes after a mark: opening marks, a word, its full stop. Each may be "", so that NEXT always
    matches."""
    if not (match := NEXT.match(rest, place)):
        raise ValueError(f"{NEXT.pattern} has to match any text")
    return match


def _before(line: str, match: re.Match[str]) -> str:
    """Return the word in front of a mark."""
    word = BEFORE.search(line[max(match.start() - WINDOW, 0) : match.start()])
    return word.group() if word else ""


def _abbreviated(line: str, match: re.Match[str]) -> str:
    """Return the abbreviation that the full stop belongs to, without it; "" if it ends a common word."""
    word, lists = _before(line, match), abbreviations()
    listed = word in lists["before_names"] or word in lists["before_figures"] or word in lists["open"]
    return word if listed or re.fullmatch(r"[A-Za-z](?:[.&-]+[A-Za-z]{1,2})*", word) else ""


def _starter(following: re.Match[str]) -> bool:
    """Return whether the next word is one that begins sentences ("The", "He’s"), not an initial ("A." Milne)."""
    word = re.sub("['’](?:s|re|ve|m|ll|d)$", "", following["word"]).replace("’", "'")
    return word in abbreviations()["starters"] and not following["stop"]


def _stops(line: str, match: re.Match[str], begin: int, following: re.Match[str], agreed: bool) -> bool:
    """Return whether a full stop before a capital or a figure ends the sentence."""
    word, lists, first = _before(line, match), abbreviations(), following["word"]
    if word.rstrip(")").isdigit() and not line[begin : match.start() - len(word)].strip("“\"'‘( "):
        return False  # "2. Even in a state …": the number of a list's entry
    short = _abbreviated(line, match)
    if not short:
        return True
    if not first[0].isalpha():
        return False  # "Sept. 11", "No. 10"
    if short in lists["before_names"]:
        return False
    if short in lists["before_figures"]:
        return True
    if _starter(following):
        return True
    return agreed and (len(short) > 1 or short == "I")
