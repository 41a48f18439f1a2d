"""The ratios of attribution: how much is attributed, to whom, in which kind of speech."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

import numpy as np

from presslab.parsing.document import Document

from ..attribution import Attribution
from ..measure import Evidence, Measure
from ..statistics import Ends, blocks, cluster_share, jackknife
from .types import source_types

if TYPE_CHECKING:
    from .model import Source

KINDS = ("direct", "mixed", "indirect")
ACCUSING = {"conflict", "claim_doubt"}


def measure(document: Document, attributions: list[Attribution], sources: list[Source]) -> list[Measure]:
    """Return all ratios for the scope article, each with its count, interval and evidence; NaN with a note where
    there is nothing to divide by."""
    return [
        *_word_shares(document, attributions),
        *_source_shares(attributions, sources),
        *_concentration(document, attributions, sources),
        *_places(document, attributions, sources),
    ]


def _kinds(document: Document, attributions: list[Attribution]) -> list[str]:
    """Return for each word of the document "", or the kind of speech that it is attributed in."""
    mark = np.zeros(len(document.text) + 1, dtype=np.int8)
    for a in attributions:
        for start, end in a.content:
            mark[start:end] = KINDS.index(a.kind) + 1
    return ["" if not mark[w.start] else KINDS[mark[w.start] - 1] for w in document.words]


def _block_of_words(document: Document) -> np.ndarray:
    """Return for each word the number of its stretch of text (`blocks`)."""
    sentence = np.array([w.sentence for w in document.words], dtype=int)
    return blocks(np.array([paragraph for *_, paragraph in document.sentences], dtype=int))[sentence]


def _word_shares(document: Document, attributions: list[Attribution]) -> list[Measure]:
    kinds = _kinds(document, attributions)
    n = len(kinds)
    spans = {
        kind: tuple(Evidence(s, e, kind) for a in attributions if a.kind == kind for s, e in a.content)
        for kind in KINDS
    }
    numbers = []
    block = _block_of_words(document)
    totals = np.bincount(block).astype(float)
    for name, wanted in (("attributed_word_share", KINDS), *((f"{k}_word_share", (k,)) for k in KINDS)):
        hits = np.array([k in wanted for k in kinds], dtype=float)
        evidence = tuple(sorted((e for k in wanted for e in spans[k]), key=lambda e: e.start))
        ends = cluster_share(np.bincount(block, hits, len(totals)), totals) if n else (math.nan, math.nan)
        numbers.append(_measure(name, hits.sum() / n if n else math.nan, *ends, n, evidence, "" if n else "no words"))
    counts = np.zeros(len(totals))
    starts = np.array([w.start for w in document.words], dtype=int)
    for a in attributions:
        first = min(s for s, _ in a.cue or a.content)
        index = int(np.searchsorted(starts, first))
        counts[block[min(index, n - 1)]] += 1
    rate = math.nan if not n else 1000 * len(attributions) / n
    low, high = jackknife(np.column_stack([counts, totals]), lambda s: 1000 * s[:, 0] / s[:, 1], 0.0)
    cues = tuple(Evidence(s, e, a.cue_class) for a in attributions for s, e in a.cue)
    numbers.append(_measure("attributions_per_1000", rate, low, high, n, cues, "" if n else "no words"))
    numbers.append(Measure("unattributed_word_count", "article", sum(not k for k in kinds), n=n))
    return numbers


def _source_shares(attributions: list[Attribution], sources: list[Source]) -> list[Measure]:
    owned = sum(len(s.attributions) for s in sources)
    heard = [s for s in sources if _known(s)]
    numbers = [Measure("source_count", "article", len(heard), n=owned, evidence=_mentions(heard))]
    groups = {
        "named_share": [s for s in sources if s.named],
        "unnamed_share": [s for s in sources if s.type == "unnamed"],
        "collective_share": [s for s in sources if s.type == "collective"],
    }
    groups |= {
        f"source_type_share_{key}": [s for s in sources if s.type == key] for key in (*source_types(), "unresolved")
    }
    for name, chosen in groups.items():
        count = sum(len(s.attributions) for s in chosen)
        low, high = _by_source(chosen, sources)
        value = count / owned if owned else math.nan
        numbers.append(
            _measure(name, value, low, high, owned, _mentions(chosen), "" if owned else "no attribution has a source")
        )
    gendered = [s for s in sources if s.gender]
    women = [s for s in gendered if s.gender == "woman"]
    of_women, known = (sum(len(s.attributions) for s in some) for some in (women, gendered))
    low, high = _by_source(women, gendered)
    note = f"of {known} attributions of people whose gender is known; {owned - known} others are left out"
    note = note if known else "the gender of no source is known"
    value = of_women / known if known else math.nan
    numbers.append(_measure("women_share", value, low, high, known, _mentions(women), note))
    return numbers


def _by_source(chosen: list[Source], sources: list[Source]) -> Ends:
    """Return the interval of the share of attributions that are to some of the sources."""
    of = np.array([len(s.attributions) for s in sources], dtype=float)
    return cluster_share(np.array([len(s.attributions) if s in chosen else 0 for s in sources], dtype=float), of)


def _known(source: Source) -> bool:
    """Return whether it is known who is meant; a person whom the article doesn't describe has no type, and is a
    source all the same."""
    return source.named or any(m.how not in ("unresolved", "continued") for m in source.mentions)


def _concentration(document: Document, attributions: list[Attribution], sources: list[Source]) -> list[Measure]:
    words = np.array([s.words for s in sources], dtype=float)
    total = words.sum()
    if not total:
        note = "no attributed words have a source"
        names = ("top_source_word_share", "source_concentration", "source_evenness", "single_source")
        return [Measure(name, "article", math.nan, note=note) for name in names]
    parts = _words_by_block(document, attributions, sources)

    def shares(sums: np.ndarray) -> np.ndarray:
        return sums / sums.sum(1, keepdims=True)

    def evenness(p: np.ndarray) -> np.ndarray:
        with np.errstate(divide="ignore", invalid="ignore"):
            entropy = -np.where(p > 0, p * np.log(p), 0).sum(1)
        return entropy / np.log(len(sources)) if len(sources) > 1 else np.full(len(p), math.nan)

    p = shares(words[None, :])
    top = max(sources, key=lambda s: s.words)
    numbers = []
    for name, statistic, evidence in (
        ("top_source_word_share", lambda s: shares(s)[:, int(words.argmax())], _contents(attributions, top)),
        ("source_concentration", lambda s: (shares(s) ** 2).sum(1), ()),
        ("source_evenness", lambda s: evenness(shares(s)), ()),
    ):
        value = float(statistic(words[None, :])[0])
        note = "" if math.isfinite(value) else "there is only one source"
        low, high = jackknife(parts, statistic, 0.0, 1.0) if not note else (math.nan, math.nan)
        numbers.append(_measure(name, value, low, high, int(p.shape[1]), evidence, note))
    heard = [s for s in sources if _known(s)]
    numbers.append(Measure("single_source", "article", float(len(heard) == 1), n=len(heard), evidence=_mentions(heard)))
    return numbers


def _words_by_block(document: Document, attributions: list[Attribution], sources: list[Source]) -> np.ndarray:
    """Return the attributed words of each source (columns) in each block of the text (rows)."""
    block = _block_of_words(document)
    parts = np.zeros((int(block.max()) + 1, len(sources)))
    for number, source in enumerate(sources):
        for i in source.attributions:
            for place in set().union(*(document.words_from(s, e) for s, e in attributions[i].content)):
                parts[block[place], number] += 1
    return parts


def _places(document: Document, attributions: list[Attribution], sources: list[Source]) -> list[Measure]:
    kinds = _kinds(document, attributions)
    body = [i for i, (_, _, role) in enumerate(document.paragraphs) if role == "body"]
    headline = {i for i, (_, _, role) in enumerate(document.paragraphs) if role == "headline"}
    numbers = []
    for name, wanted, what in (
        ("headline_attributed_share", headline, "headline"),
        ("lede_attributed_share", set(body[:1]), "lede"),
    ):
        chosen = [bool(k) for k, w in zip(kinds, document.words) if w.paragraph in wanted]
        value = sum(chosen) / len(chosen) if chosen else math.nan  # every word of it is counted: there is no interval
        note = "" if chosen else f"there is no {what}"
        numbers.append(_measure(name, value, math.nan, math.nan, len(chosen), (), note))
    top = max(sources, key=lambda s: s.words, default=None)
    opening = [w for w in document.words if w.paragraph in set(body[:3])]
    spans = [span for i in top.attributions for span in attributions[i].content] if top else []
    hits = sum(any(s <= w.start < e for s, e in spans) for w in opening)
    value = hits / len(opening) if top and opening else math.nan
    note = "" if top else "there is no source"
    numbers.append(_measure("top_source_lede_share", value, math.nan, math.nan, len(opening), (), note))
    return [*numbers, _reply_gap(document, attributions, sources)]


def _reply_gap(document: Document, attributions: list[Attribution], sources: list[Source]) -> Measure:
    """Return words from the first accusation of a source to that source's next attribution."""
    starts = [w.start for w in document.words]
    for a in sorted(attributions, key=lambda a: a.cue[0] if a.cue else (0, 0)):
        if a.cue_class not in ACCUSING or not a.cue:
            continue
        content = " ".join(document.text[s:e] for s, e in a.content)
        for source in sources:
            last = source.name.split()[-1]
            if (
                attributions.index(a) in source.attributions
                or not last[:1].isupper()
                or not re.search(rf"\b{re.escape(last)}\b", content)
            ):
                continue
            cue = a.cue[0][0]
            later = [
                attributions[i].content[0][0]
                for i in source.attributions
                if attributions[i].content and attributions[i].content[0][0] > cue
            ]
            evidence = tuple(Evidence(s, e, f"accuses {source.name}") for s, e in a.content)
            if not later:
                return Measure(
                    "reply_gap",
                    "article",
                    math.nan,
                    n=1,
                    evidence=evidence,
                    note=f"{source.name} is not heard after the accusation",
                )
            gap = int(np.searchsorted(starts, min(later)) - np.searchsorted(starts, cue))
            return Measure("reply_gap", "article", gap, n=1, evidence=evidence)
    return Measure("reply_gap", "article", math.nan, note="no accusation of a source was found")


def _measure(
    name: str, value: float, low: float, high: float, n: int, evidence: tuple[Evidence, ...], note: str
) -> Measure:
    return Measure(name, "article", float(value), low, high, n, evidence, note)


def _mentions(sources: list[Source]) -> tuple[Evidence, ...]:
    return tuple(Evidence(m.start, m.end, s.name) for s in sources for m in s.mentions if m.end > m.start)


def _contents(attributions: list[Attribution], source: Source) -> tuple[Evidence, ...]:
    return tuple(Evidence(s, e, source.name) for i in source.attributions for s, e in attributions[i].content)
