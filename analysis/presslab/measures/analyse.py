"""One call that parses an article and computes every measure."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from presslab.parsing.document import Document, parse
from presslab.reading import handover
from presslab.reading.article import Article

from . import attribution, framing, readability, sources, topic
from .attribution import Attribution
from .cards import CardError, Catalogue, with_frames
from .measure import Measure
from .sources import Source
from .trust import Kinds
from .usual import Place, Yardstick, bundled, load as load_yardstick


@dataclass(frozen=True)
class Analysis:
    """Everything presslab knows of one article. `voices` has one entry per token; `frames` are user-defined ones it was
    measured with; `yardstick` is what pages and tables call usual news."""

    article: Article
    document: Document
    attributions: list[Attribution]
    sources: list[Source]
    voices: list[str]
    measures: list[Measure]
    frames: tuple[framing.Frame, ...] = ()
    yardstick: Yardstick = field(default_factory=bundled)

    @cached_property
    def cards(self) -> Catalogue:
        """The cards of its measures."""
        return with_frames(self.frames)

    @cached_property
    def topics(self) -> tuple[str, ...]:
        """The topics that it reads like (`topic.near`)."""
        return topic.near(self.document.text)

    @property
    def kinds(self) -> Kinds:
        """The same, as trust in its numbers is asked for."""
        return Kinds.of([self.topics])

    def usual(self, m: Measure) -> Place | None:
        """Return where one of its numbers lies in usual news, as `Yardstick.place`."""
        return self.yardstick.place(m, len(self.document.words))

    def measure(self, name: str, scope: str = "article") -> Measure:
        """Return one measure by name and scope. Raises KeyError with the name if there is none."""
        for measure in self.measures:
            if (measure.name, measure.scope) == (name, scope):
                return measure
        raise KeyError(f"no measure {name} for scope {scope}")


_remembered: dict[tuple[str, bool, bool], Analysis] = {}


def remember(reference: str, clean: bool, any_language: bool, analysis: Analysis) -> None:
    """Keep one analysis, so that a notebook in a forked kernel finds it instead of computing it again."""
    _remembered.clear()
    _remembered[reference, clean, any_language] = analysis


def load(
    reference: str, clean: bool = True, any_language: bool = False, frames: str = "", yardstick: str = ""
) -> Analysis:
    """Return the analysis of an article by its path, or `TABLE#ID` for a row of a table. The notebooks' first call.

    `frames` is the path of a file with user-defined frames, `yardstick` of one with usual news, or "". Raises
    ArticleError if there is no article to be read.
    """
    from presslab.reading.read import read_one

    ready = _remembered.get((reference, clean, any_language))
    if ready:
        return ready
    handed = handover.unpack()  # a batch that runs a plain kernel leaves the article it has read in the kernel's folder
    article = handed[0] if handed else read_one(reference, clean=clean, any_language=any_language)
    return analyse(article, framing.own_frames(frames), load_yardstick(yardstick))


def analyse(article: Article, frames: tuple[framing.Frame, ...] = (), yardstick: Yardstick | None = None) -> Analysis:
    """Parse an article and compute every measure, those of user-defined frames too. The one door for notebooks,
    command line and batch. `yardstick` is usual news, by default the bundled one."""
    return analyse_document(parse(article), frames, yardstick)


def analyse_document(
    document: Document, frames: tuple[framing.Frame, ...] = (), yardstick: Yardstick | None = None
) -> Analysis:
    """Do the same as `analyse`, from a document that is parsed already."""
    attributions, people = heard(document)
    voices = attribution.voices(document, attributions)
    numbers = (
        sources.measure(document, attributions, people)
        + readability.measure(document)
        + framing.measure(document, attributions, voices, people, frames)
    )
    without = sorted({m.name for m in numbers} - set(with_frames(frames)))
    if without:
        raise CardError(f"measure without a card: {', '.join(without)}")
    usual_news = yardstick or bundled()
    return Analysis(document.article, document, attributions, people, voices, numbers, frames, usual_news)


def heard(document: Document) -> tuple[list[Attribution], list[Source]]:
    """Return the attributions of a document and who is heard in them, after the corrections beside the article.

    Raises CorrectionError if these don't fit the article.
    """
    attributions = attribution.extract(document)
    return sources.apply(document, attributions, sources.resolve(document, attributions))
