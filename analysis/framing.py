"""What a text makes salient: frames, loaded words, hedges, agency, reporting verbs."""

from __future__ import annotations

from .attribution import Attribution
from .document import Document
from .evidence import Measure
from .sources import Source


def measure(
    document: Document, attributions: list[Attribution], voices: list[str], sources: list[Source]
) -> list[Measure]:
    """All framing measures; scope journalist is voice "journalist", scope quoted is voices "quoted" and "reported"."""
    return []
