"""Explore articles: open a folder or a run, filter, look, add a frame, save the selection. The functions that
explore.ipynb calls."""

from __future__ import annotations

from .collection import Applied, Collection, ExploreError, analysis, load
from .own_frames import Count, counted, from_file, opened, typed, with_frames
from .saving import Exported, export
from .selection import ORDERS, PAGE, Filter, filtered, page, pages
from .view import annotated, first, listing, overview, provenance_of, saved, told

__all__ = [
    "ORDERS",
    "PAGE",
    "Applied",
    "Collection",
    "Count",
    "Exported",
    "ExploreError",
    "Filter",
    "analysis",
    "annotated",
    "counted",
    "export",
    "filtered",
    "first",
    "from_file",
    "listing",
    "load",
    "opened",
    "overview",
    "page",
    "pages",
    "provenance_of",
    "saved",
    "told",
    "typed",
    "with_frames",
]
