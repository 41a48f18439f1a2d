"""Who is who among the sources: canonical names, types, and the ratios of attribution."""

from __future__ import annotations

from .corrected import apply
from .model import REASONS, Mention, Source
from .ratios import measure
from .resolution import resolve

__all__ = ["REASONS", "Mention", "Source", "apply", "measure", "resolve"]
