"""The annotated article: who speaks, loaded words, hedges and hard sentences, shown in the text itself."""

from __future__ import annotations

from collections.abc import Mapping

from . import readability
from .html import Fragment, text
from .measures import Analysis

COLOURS = 8
LAYERS = (("loaded_word_share", "loaded"), ("hedges_per_1000", "hedge"))
CORRECTED = " ✎"  # after the number of a source where a reader corrected the attribution
EXCERPT = 240  # characters of each paragraph that text="excerpts" shows


def numbers(analysis: Analysis) -> dict[str, int]:
    """The number that each source has in the report, 1 for the one with most attributed words."""
    return {source.name: place for place, source in enumerate(analysis.sources, start=1)}


def article(analysis: Analysis, show: str = "full", frames: Mapping[str, str] = {}) -> Fragment:
    """The article with its annotations. `show` is "full", "excerpts" (the beginning of each paragraph) or "none".

    `frames` are measures of frames (name → name for readers) whose words are marked too.
    """
    if show == "none":
        return Fragment('<p class="note">The text of the article is left out of this report.</p>')
    document = analysis.document
    marks = _marks(analysis, tuple(frames))
    anchors = {start: f'<span id="sentence-{place}"></span>' for place, (start, _, _) in enumerate(document.sentences, start=1)}
    pieces = []
    for start, end, role in document.paragraphs:
        stop = min(end, start + EXCERPT) if show == "excerpts" else end
        tag = "p" if role == "body" else 'p class="headline"'
        pieces.append(f"<{tag}>{_annotated(document.text, start, stop, marks, anchors)}{' …' if stop < end else ''}</p>")
    switches = "".join(
        f'<input type="checkbox" id="show-{name}"{" checked" if on else ""}><label for="show-{name}">{label}</label>'
        for name, label, on in (
            ("speech", "who speaks", True), ("loaded", "loaded words", True), ("hedge", "hedges", False),
            ("hard", "hard sentences", False), *([("framed", "words of the frame", True)] if frames else []),
        )
    )  # fmt: skip
    legend = (
        '<p class="legend"><span class="speech c1">words of a source</span> with its number; underline '
        '<span class="direct">solid: quoted</span>, <span class="mixed">dashed: partly</span>, '
        '<span class="indirect">dotted: paraphrased</span> · <span class="loaded">loaded word</span> in bold with a wavy line · '
        '<span class="hedge">hedge</span> in a frame · <span class="hard">hard sentence</span> with a bar'
        + "".join(f' · <span class="framed">{text(label)}</span> with a line above' for label in frames.values()) + "</p>"
    )
    return Fragment(f'<div class="annotated">{switches}{legend}<div class="story" lang="en">{"".join(pieces)}</div></div>')


def _marks(analysis: Analysis, frames: tuple[str, ...] = ()) -> list[tuple[int, int, str, str]]:
    """(start, end, class, label) of everything that is marked, in order."""
    number = numbers(analysis)
    found: list[tuple[int, int, str, str]] = []
    for source in analysis.sources:
        place = number[source.name]
        for index in source.attributions:
            attribution = analysis.attributions[index]
            for start, end in attribution.content:
                label = f"{place}{CORRECTED}" if attribution.corrected else str(place)
                found.append((start, end, f"speech {attribution.kind} c{(place - 1) % COLOURS + 1}", label))
    for name, kind in (*LAYERS, *((name, "framed") for name in frames)):
        for e in _evidence(analysis, name):
            found.append((e.start, e.end, kind, ""))
    for row in readability.sentence_difficulty(analysis.document).itertuples():
        if row.level == "very hard":
            found.append((int(row.start), int(row.end), "hard", ""))
    return sorted(found)


def _evidence(analysis: Analysis, name: str):
    try:
        return analysis.measure(name).evidence
    except KeyError:
        return ()


def _annotated(whole: str, start: int, end: int, marks: list[tuple[int, int, str, str]], anchors: dict[int, str]) -> str:
    """A paragraph cut at every boundary of a mark; each piece carries the classes of the marks over it. `anchors` stand
    where sentences begin, so that tables can link to them."""
    here = [m for m in marks if m[0] < end and m[1] > start]
    cuts = sorted({start, end, *(a for a in anchors if start <= a < end), *(max(start, m[0]) for m in here), *(min(end, m[1]) for m in here)})
    pieces = []
    for a, b in zip(cuts, cuts[1:]):
        over = [m for m in here if m[0] <= a and m[1] >= b]
        classes = " ".join(dict.fromkeys(c for m in over for c in m[2].split()))
        label = "".join(_number(m[3]) for m in over if m[3] and max(m[0], start) == a)
        inner = text(whole[a:b])
        pieces.append(anchors.get(a, "") + label + (f'<span class="{classes}">{inner}</span>' if classes else inner))
    return "".join(pieces)


def _number(label: str) -> str:
    """The number of a source as a link to its row in the table."""
    place = label.removesuffix(CORRECTED)
    said = f"source {place}" + (", corrected by a reader" if place != label else "")
    return f'<a class="who" href="#source-{place}" aria-label="{said}">{label}</a>'
