"""How hard is it to read: counts, formulas, intervals."""

from __future__ import annotations

from .document import Document
from .evidence import Measure


def measure(document: Document) -> list[Measure]:
    """All readability measures of a document, for the scopes article, journalist (outside quotation marks), quoted."""
    return []
