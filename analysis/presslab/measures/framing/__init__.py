"""What a text makes salient: frames, loaded words, hedges, agency, reporting verbs."""

from __future__ import annotations

from presslab.parsing.document import Document

from ..attribution import Attribution
from ..measure import Measure
from ..sources import Source
from . import language, passives
from .emphasis import emphasis
from .frames import Frame, check, frame_measures, generic, load_frames, own_frames, read_frames, score
from .lexicon import LexiconError, builtin
from .match import find
from .passives import find_passives
from .roles import RELATIONS, actors, counted
from .scopes import parts
from .stance import stance, stance_by, stance_differences

__all__ = [
    "Frame",
    "LexiconError",
    "RELATIONS",
    "actors",
    "check",
    "counted",
    "emphasis",
    "frame_measures",
    "load_frames",
    "measure",
    "own_frames",
    "read_frames",
    "stance_by",
    "stance_differences",
]


def measure(
    document: Document,
    attributions: list[Attribution],
    voices: list[str],
    sources: list[Source],
    frames: tuple[Frame, ...] = (),
) -> list[Measure]:
    """Return all framing measures; scope journalist is voice "journalist", scope quoted is voices "quoted" and
    "reported".

    `frames` are user-defined frames (`load_frames`), measured exactly like the five generic ones.
    """
    scopes = parts(document, voices)
    frame_set = (*generic(), *frames)
    lists = (builtin("loaded"), builtin("hedges"), builtin("boosters"))
    matches = find(document, (*(frame.terms for frame in frame_set), *lists))
    numbers = [m for frame, hits in zip(frame_set, matches) for m in score(document, scopes, frame, hits)]
    judged, weak, strong = matches[len(frame_set) :]
    numbers += language.loaded(document, scopes, judged)
    numbers += language.hedges(document, scopes, weak)
    numbers += language.boosters(document, scopes, strong)
    numbers += passives.measures(document, scopes, find_passives(document))
    return numbers + stance(document, attributions, voices)
