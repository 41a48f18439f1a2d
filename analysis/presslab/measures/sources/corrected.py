"""Apply a reader's corrections to attributions and sources. What was changed is marked, so that a report can say so."""

from __future__ import annotations

from dataclasses import replace
from difflib import get_close_matches
import re

from presslab.parsing.document import Document
from presslab.reading.corrections import Correction

from ..attribution import Attribution
from . import decision, types
from .model import Mention, Source
from .phrases import key
from .setting import Setting

ORDER = ("remove", "add", "split", "merge", "rename", "source")  # whatever their order in the file
PLAIN = str.maketrans("“”„‘’‚\u00a0", "\"\"\"'''" + " ")
Heard = tuple[list[Attribution], list[Source]]


def apply(document: Document, attributions: list[Attribution], sources: list[Source]) -> Heard:
    """Return attributions and sources after the corrections of the document's article, the same objects where there
    are none.

    A corrected attribution has `corrected` True, a corrected source says in `corrected` what was done. Raises
    CorrectionError, with file and line, where the article doesn't have the words or they mean more than one thing.
    """
    corrections = sorted(document.article.corrections, key=lambda c: ORDER.index(c.kind))
    for correction in corrections:
        attributions, sources = HOW[correction.kind](document, attributions, sources, correction)
    if corrections:
        sources = sorted(
            (_counted(document, attributions, s) for s in sources if s.attributions),
            key=lambda s: (-s.words, _first(s)),
        )
    return attributions, sources


def _remove(document: Document, attributions: list[Attribution], sources: list[Source], c: Correction) -> Heard:
    gone = _attribution(document, attributions, c)
    new = {index: place for place, index in enumerate(i for i in range(len(attributions)) if i != gone)}
    kept = []
    for s in sources:
        if gone in s.attributions:
            spans = attributions[gone].source
            left = tuple(m for m in s.mentions if not any(a <= m.start < max(b, a + 1) for a, b in spans))
            s = replace(s, mentions=left or s.mentions, corrected=_said(s, "an attribution was taken away"))
        kept.append(replace(s, attributions=tuple(new[i] for i in s.attributions if i != gone)))
    return [attributions[i] for i in new], [s for s in kept if s.attributions]


def _add(document: Document, attributions: list[Attribution], sources: list[Source], c: Correction) -> Heard:
    content = _place(document, c, c.words[0], c.occurrence)
    cue = _near(document, c, c.cue, content)
    for a in attributions:
        if any(s < content[1] and e > content[0] for s, e in a.source + a.cue + a.content):
            said = " … ".join(document.text[s:e] for s, e in a.content)[:60]
            raise c.error(
                f"these words belong to an attribution already (“{said}”); remove that first, or correct it with split"
            )
    named = _find(document, c.to, cue)
    t = document.tokens
    inside = [t.quote[i] >= 0 for i in range(len(t)) if content[0] <= t.start[i] < content[1] and t.pos[i] != "PUNCT"]
    share = sum(inside) / max(len(inside), 1)
    kind = "direct" if share > 0.95 else "indirect" if share < 0.05 else "mixed"
    span = (named,) if named else ()
    addition = Attribution(span, (cue,), (content,), kind, corrected=True)
    order = sorted([*range(len(attributions)), -1], key=lambda i: _start(addition if i < 0 else attributions[i]))
    new = {index: place for place, index in enumerate(order)}
    sources = [replace(s, attributions=tuple(new[i] for i in s.attributions)) for s in sources]
    attributions = [addition if i < 0 else attributions[i] for i in order]
    at = named or (content[0], content[0])
    return attributions, _given(
        document,
        sources,
        c,
        new[-1],
        Mention(*at, document.text[at[0] : at[1]], "corrected"),
        "an attribution was added",
    )


def _split(document: Document, attributions: list[Attribution], sources: list[Source], c: Correction) -> Heard:
    index = _attribution(document, attributions, c)
    spans = attributions[index].source
    start, end = (spans[0][0], spans[-1][1]) if spans else (_start(attributions[index]),) * 2
    left = []
    for s in sources:
        if index in s.attributions:
            mentions = tuple(m for m in s.mentions if m.start != start)
            s = replace(s, attributions=tuple(i for i in s.attributions if i != index), mentions=mentions or s.mentions)
        left.append(s)
    changed = [*attributions]
    changed[index] = replace(attributions[index], corrected=True)
    mention = Mention(start, end, re.sub(r"\s+", " ", document.text[start:end]), "corrected")
    found = _given(
        document,
        [s for s in left if s.attributions or key(s.name) == key(c.to)],
        c,
        index,
        mention,
        "an attribution was given to it",
    )
    return changed, [s for s in found if s.attributions]


def _merge(document: Document, attributions: list[Attribution], sources: list[Source], c: Correction) -> Heard:
    chosen = list(dict.fromkeys(_source(document, sources, c, words) for words in c.words))
    if len(chosen) < 2:
        raise c.error(f"these are one source already: {chosen[0].name}")
    first = next((s for s in chosen if s.named), chosen[0])
    name = c.to or first.name
    others = [s.name for s in chosen if s.name != name]
    typed = next((s for s in (first, *chosen) if s.type != types.UNRESOLVED), first)
    one = replace(
        first, name=name, type=typed.type, type_words=typed.type_words, named=any(s.named for s in chosen),
        role=max((s.role for s in chosen), key=len), gender=next((s.gender for s in (first, *chosen) if s.gender), ""),
        mentions=tuple(sorted((m for s in chosen for m in s.mentions), key=lambda m: m.start)),
        attributions=tuple(sorted(i for s in chosen for i in s.attributions)),
        corrected=_said(first, f"merged with {', '.join(others)}"),
    )  # fmt: skip
    return attributions, [s for s in sources if s not in chosen] + [one]


def _rename(document: Document, attributions: list[Attribution], sources: list[Source], c: Correction) -> Heard:
    old = _source(document, sources, c, c.words[0])
    if any(key(s.name) == key(c.to) for s in sources if s is not old):
        raise c.error(f"there is a source called “{c.to}” already; use merge: [{c.words[0]}, {c.to}]")
    return attributions, [
        replace(s, name=c.to, named=True, corrected=_said(s, f"was called {s.name}")) if s is old else s
        for s in sources
    ]


def _describe(document: Document, attributions: list[Attribution], sources: list[Source], c: Correction) -> Heard:
    old = _source(document, sources, c, c.words[0])
    if c.type and c.type not in types.source_types():
        raise c.error(f"there is no type “{c.type}” (types: {', '.join(types.source_types())})")
    if c.because and not _places(document, c.because):
        raise c.error(f"the words “{c.because}” are not in the article")
    new = old
    if c.type:
        named = old.named and c.type not in ("unnamed", "collective")
        new = replace(new, type=c.type, type_words=c.because, named=named, corrected=_said(new, f"type was {old.type}"))
    if c.gender:
        new = replace(new, gender=c.gender, corrected=_said(new, f"gender was {old.gender or 'not known'}"))
    return attributions, [new if s is old else s for s in sources]


HOW = {"remove": _remove, "add": _add, "split": _split, "merge": _merge, "rename": _rename, "source": _describe}


def _given(
    document: Document, sources: list[Source], c: Correction, index: int, mention: Mention, what: str
) -> list[Source]:
    """Return the sources with one attribution more for the one that the correction names, which may be new."""
    namesakes = [s for s in sources if key(s.name) == key(c.to)] or [
        s for s in sources if any(key(m.text) == key(c.to) for m in s.mentions)
    ]
    if len(namesakes) > 1:
        raise c.error(
            f"“{c.to}” is a mention of {len(namesakes)} sources: {', '.join(s.name for s in namesakes)}; give the"
            " source's name"
        )
    if namesakes:
        old = namesakes[0]
        new = replace(
            old,
            attributions=tuple(sorted({*old.attributions, index})),
            mentions=(*old.mentions, mention),
            corrected=_said(old, what),
        )
        return [new if s is old else s for s in sources]
    named = bool(re.search(r"\b[A-Z]", c.to))
    own = [(mention.start, mention.end)] if mention.end > mention.start else []
    kind, words = decision.decide(document, Setting(document), c.to, own, [], False)
    return [
        *sources,
        Source(c.to, kind, words, named=named, mentions=(mention,), attributions=(index,), corrected=what),
    ]


def _source(document: Document, sources: list[Source], c: Correction, words: str) -> Source:
    """Return the source that has this name, or a mention in these words, or one that these words of the article
    touch."""
    wanted, places = key(words.translate(PLAIN)), _places(document, words)
    for namesakes in (
        [s for s in sources if key(s.name.translate(PLAIN)) == wanted],
        [s for s in sources if any(key(m.text.translate(PLAIN)) == wanted for m in s.mentions)],
        [s for s in sources if any(a < m.end and b > m.start for m in s.mentions for a, b in places)],
    ):
        if len(namesakes) == 1:
            return namesakes[0]
        if namesakes:
            raise c.error(
                f"“{words}” is said of {len(namesakes)} sources: {', '.join(s.name for s in namesakes)}; give the"
                " source's name"
            )
    near = get_close_matches(words, [s.name for s in sources], 3, 0.4) or [s.name for s in sources[:5]]
    raise c.error(f"no source is called “{words}” (there are: {', '.join(near) or 'none'})")


def _attribution(document: Document, attributions: list[Attribution], c: Correction) -> int:
    """Return the index of the one attribution that the quoted words are part of."""
    start, end = _place(document, c, c.words[0], c.occurrence)
    places = [
        i for i, a in enumerate(attributions) if any(s < end and e > start for s, e in a.source + a.cue + a.content)
    ]
    if not places:
        raise c.error(f"presslab has no attribution in the words “{c.words[0]}”")
    if len(places) > 1:
        raise c.error(f"the words “{c.words[0]}” touch {len(places)} attributions; quote words of one only")
    return places[0]


def _places(document: Document, words: str) -> list[tuple[int, int]]:
    """Return everywhere that words are in the article, whatever its quotation marks and spaces."""
    pattern = r"\s+".join(re.escape(w) for w in words.translate(PLAIN).split())
    before, after = (r"(?<!\w)" if words[:1].isalnum() else ""), (r"(?!\w)" if words[-1:].isalnum() else "")
    return [m.span() for m in re.finditer(before + pattern + after, document.text.translate(PLAIN))]


def _place(document: Document, c: Correction, words: str, occurrence: int = 0) -> tuple[int, int]:
    places = _places(document, words)
    if not places:
        raise c.error(f"the words “{words}” are not in the article as presslab reads it")
    if occurrence > len(places):
        raise c.error(f"the words “{words}” appear {len(places)} times, not {occurrence}")
    if len(places) > 1 and not occurrence:
        raise c.error(
            f"the words “{words}” appear {len(places)} times; quote more of them, or add occurrence: 1 to {len(places)}"
        )
    return places[max(occurrence, 1) - 1]


def _near(document: Document, c: Correction, words: str, place: tuple[int, int]) -> tuple[int, int]:
    """Return the occurrence of words that is nearest to a place and not inside it."""
    places = [p for p in _places(document, words) if p[1] <= place[0] or p[0] >= place[1]]
    if not places:
        raise c.error(f"the words “{words}” are not in the article outside the words that are attributed")
    return min(places, key=lambda p: max(place[0] - p[1], p[0] - place[1]))


def _find(document: Document, words: str, place: tuple[int, int]) -> tuple[int, int] | None:
    """Return the occurrence of words nearest to a place, within 300 characters, or None."""
    near = [p for p in _places(document, words) if abs(p[0] - place[0]) < 300]
    return min(near, key=lambda p: abs(p[0] - place[0])) if near else None


def _counted(document: Document, attributions: list[Attribution], source: Source) -> Source:
    covered = [(s, e) for i in source.attributions for s, e in attributions[i].content]
    return replace(source, words=sum(any(s <= w.start < e for s, e in covered) for w in document.words))


def _said(source: Source, what: str) -> str:
    return f"{source.corrected}; {what}" if source.corrected else what


def _start(attribution: Attribution) -> int:
    return min(s for s, _ in attribution.source + attribution.cue + attribution.content)


def _first(source: Source) -> int:
    return min((m.start for m in source.mentions), default=0)
