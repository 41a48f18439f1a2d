"""The annotated article: who speaks, loaded words, hedges, hard sentences and frames, shown in the text itself."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping

from presslab.measures import readability
from presslab.measures.analyse import Analysis
from presslab.measures.measure import Evidence
from presslab.parsing.document import Document

from . import withheld
from .html import Fragment, html, join

COLOURS = 6  # the sources most heard have a colour of their own (.by1 to .by6); the others have their number
LISTED = 12  # sources beside the text
LIT = 40  # sources whose words light up together
LAYERS = (("loaded_word_share", "loaded"), ("hedges_per_1000", "hedge"))
FRAMES = {
    "frame_conflict": "conflict",
    "frame_human_interest": "human",
    "frame_economic": "economic",
    "frame_morality": "moral",
    "frame_resolution": "resolve",
}
CORRECTED = " ✎"  # after the number of a source where a reader corrected the attribution
SWITCHES = (
    ("speech", "who speaks", True),
    ("kinds", "quoted or paraphrased", True),
    ("loaded", "loaded words", True),
    ("hedge", "hedges", False),
    ("hard", "hard sentences", False),
    ("framed", "words of frames", False),
)


Mark = tuple[int, int, str, str, int | None]  # start, end, classes, label, attribution (None: no words of a source)


def numbers(analysis: Analysis) -> dict[str, int]:
    """Return the number that each source has in the report, 1 for the one with most attributed words."""
    return {source.name: place for place, source in enumerate(analysis.sources, start=1)}


def badge(place: int, label: str = "", tag: str = "span", more: Fragment | str = "") -> Fragment:
    """Return the number of a source as it is in text, list and table."""
    return html('<{} class="who by{}"{}>{}</{}>', tag, place, more, label or place, tag)


def sentence(analysis: Analysis, start: int) -> int:
    """Return the number of the sentence that holds the character `start`, headline included, 1 being the first."""
    return bisect_right(analysis.document.sentences, start, key=lambda s: s[0])


def where(analysis: Analysis, start: int, show: str = "full", label: str = "") -> Fragment:
    """Return the sentence that holds the character `start` as a link to it, or its number alone if the report
    doesn't show it."""
    place = sentence(analysis, start)
    name = label or place
    link = place and shown(analysis, place, show)
    return html('<a href="#s{}">{}</a>', place, name) if link else html("{}", name)


def shown(analysis: Analysis, place: int, show: str) -> bool:
    """Return whether a report shows the beginning of a sentence, 1 being the first."""
    start, _, paragraph = analysis.document.sentences[place - 1]
    return show == "full" or (show == "excerpts" and start < withheld.visible(analysis.document, paragraph, show))


def article(analysis: Analysis, show: str = "full", frames: Mapping[str, str] = {}) -> Fragment:
    """Return the article with its annotations and, beside it, who is heard in it. `show` is "full", "excerpts" (the
    beginning of each paragraph) or "none". `frames` are measures of frames (name → label) whose words can be
    marked, by default the generic ones."""
    if show == "none":
        return html('<p class="note">The text of the article is left out of this report.</p>') + _heard(analysis)
    document = analysis.document
    marks = _marks(analysis, frames or FRAMES)
    pieces = []
    for place, (start, end, role) in enumerate(document.paragraphs):
        stop = withheld.visible(document, place, show)
        kind = "" if role == "body" else html(' class="headline"')
        marked_text = _annotated(document, start, stop, marks)
        pieces.append(html("<p{}>{}{}</p>", kind, marked_text, " …" if stop < end else ""))
    on = {"framed"} if frames else set()
    switches = join(
        html(
            '<span><input type="checkbox" id="show-{}"{}><label for="show-{}">{}</label></span>',
            name,
            " checked" if checked or name in on else "",
            name,
            label,
        )
        for name, label, checked in SWITCHES
    )
    legend = html(
        '<p class="legend"><span class="speech by1">words of a source</span>, after its number; underlined '
        '<span class="direct">solid: quoted</span>, <span class="mixed">dashed: partly</span>, <span '
        'class="indirect">dotted: paraphrased</span> · <span class="loaded">loaded word</span> bold, with a '
        'wavy line · <span class="hedge">hedge</span> boxed · <span class="hard">hard sentence</span> after '
        'a bar · <span class="framed" data-f="frame">word of a frame</span> with its name. Point at a source '
        "to see all that it says.</p>"
    )
    return html(
        '<div class="annotated"><fieldset class="switches"><legend>Show</legend>{}</fieldset>{}<div '
        'class="beside"><div class="story" id="story" lang="en">{}</div>{}</div></div>{}',
        switches,
        legend,
        join(pieces),
        _heard(analysis),
        _lights(analysis),
    )


def _heard(analysis: Analysis) -> Fragment:
    """Return the sources beside the text, with the length of what each says."""
    if not analysis.sources:
        return html('<p class="heard note">No source was found in this article.</p>')
    most = max(max(s.words for s in analysis.sources), 1)
    items = join(
        html(
            '<li>{} {} <small>{}</small><i style="width:{:.0f}%"></i></li>',
            badge(place, tag="a", more=html(' href="#source-{}" aria-label="source {}"', place, place)),
            s.name,
            s.words,
            100 * s.words / most,
        )
        for place, s in enumerate(analysis.sources[:LISTED], start=1)
    )
    more = len(analysis.sources) - LISTED
    rest = (
        html('<p class="note">and {} more <a href="#source-{}">in the table</a></p>', more, LISTED + 1)
        if more > 0
        else ""
    )
    return html(
        '<aside class="heard" aria-label="Who is heard"><h3>Who is heard, in words</h3><ol>{}</ol>{}</aside>',
        items,
        rest,
    )


def _lights(analysis: Analysis) -> Fragment | str:
    """Return rules by which all words of a source light up when one points at it: in the text, in the list, in the
    table."""
    rules = ",".join(
        f"body:has(.by{n}:is(:hover,:focus-visible,:target),tr:hover .by{n}) .by{n}"
        for n in range(1, min(len(analysis.sources), LIT) + 1)
    )
    return (
        html("<style>@media screen{{{}{{outline:2px solid var(--ink);outline-offset:1px}}}}</style>", rules)
        if rules
        else ""
    )


def _marks(analysis: Analysis, frames: Mapping[str, str]) -> list[Mark]:
    """Return everything that is marked, in order. The label is the name of a frame or the number of a source; the
    attribution is −1 for all its parts but the first."""
    number = numbers(analysis)
    marks: list[Mark] = []
    for source in analysis.sources:
        place = number[source.name]
        for index in source.attributions:
            attribution = analysis.attributions[index]
            label = f"{place}{CORRECTED}" if attribution.corrected else str(place)
            classes = f"speech {attribution.kind} by{place}"
            for part, (start, end) in enumerate(attribution.content):
                marks.append((start, end, classes, label, -1 if part else index))
    for name, kind in LAYERS:
        marks += [(e.start, e.end, kind, "", None) for e in _evidence(analysis, name)]
    for name, label in frames.items():
        marks += [(e.start, e.end, "framed", label, None) for e in _evidence(analysis, name)]
    for row in readability.sentence_difficulty(analysis.document).itertuples():
        if row.level == "very hard":
            marks.append((int(row.start), int(row.end), "hard", "", None))
    return sorted(marks, key=lambda m: m[:4])


def _evidence(analysis: Analysis, name: str) -> tuple[Evidence, ...]:
    try:
        return analysis.measure(name).evidence
    except KeyError:
        return ()


def _annotated(document: Document, start: int, end: int, marks: list[Mark]) -> Fragment:
    """Return a paragraph cut at every boundary of a mark; each piece carries the classes of the marks over it, and
    each sentence is an element that tables can link to."""
    here = [m for m in marks if m[0] < end and m[1] > start and m[2] != "hard"]
    hard = {m[0] for m in marks if m[2] == "hard"}
    sentences = {
        s: (place, min(e, end)) for place, (s, e, _) in enumerate(document.sentences, start=1) if start <= s < end
    }
    cuts = sorted(
        {
            start,
            end,
            *sentences,
            *(e for _, e in sentences.values()),
            *(max(start, m[0]) for m in here),
            *(min(end, m[1]) for m in here),
        }
    )
    pieces: list[Fragment | str] = []
    closes, open_speech = -1, ""
    for a, b in zip(cuts, cuts[1:]):
        over = [m for m in here if m[0] <= a and m[1] >= b]
        speech = _classes(m for m in over if m[4] is not None)
        begins = [m for m in over if m[4] is not None and max(m[0], start) == a]
        if open_speech and (speech != open_speech or begins or a == closes):
            pieces.append(html("</span>"))
            open_speech = ""
        if a == closes:
            pieces.append(html("</span>"))
        if a in sentences:
            place, closes = sentences[a]
            pieces.append(html('<span id="s{}"{}>', place, " class=hard" if a in hard else ""))
        pieces += [_number(m[3], m[4]) for m in begins]
        if speech and not open_speech:
            pieces.append(html('<span class="{}">', speech))
            open_speech = speech
        within, frame_names = (
            _classes(m for m in over if m[4] is None),
            dict.fromkeys(m[3] for m in over if m[2] == "framed"),
        )
        data = html(' data-f="{}"', " + ".join(frame_names)) if frame_names else ""
        inner = document.text[a:b]
        pieces.append(html('<span class="{}"{}>{}</span>', within, data, inner) if within else inner)
    return join(pieces) + html("</span>") * (bool(open_speech) + (closes == end))


def _classes(marks: Iterable[Mark]) -> str:
    return " ".join(dict.fromkeys(c for m in marks for c in m[2].split()))


def _number(label: str, attribution: int | None) -> Fragment:
    """Return the number of a source as a link to its row in the table; the table links back to the attribution's
    first."""
    place = int(label.removesuffix(CORRECTED))
    description = f"source {place}" + (", corrected by a reader" if label.endswith(CORRECTED) else "")
    anchor = html(' id="a{}"', attribution) if attribution is not None and attribution >= 0 else ""
    return badge(place, label, "a", html('{} href="#source-{}" aria-label="{}"', anchor, place, description))
