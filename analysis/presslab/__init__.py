"""presslab: readability, source attribution and framing of news articles, with evidence and intervals.

>>> import presslab
>>> text = "The old bridge will close in May, Mayor Ada Quill said on Monday. Residents fear a long winter."
>>> presslab.sources(text)["source"].tolist()
['Ada Quill', 'Residents']

Tables, one row per article: measure, read. Tidy tables: attributions, sources, evidence. One article: analyse. Folders
with reports: report, compare, collection, open_run. What numbers mean: codebook, frames. Error: the base of every
exception."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .api.article import analyse
    from .api.catalogue import codebook, frames
    from .api.folders import collection, compare, open_run, report
    from .api.tables import attributions, evidence, measure, read, sources
    from .system.error import Error

__version__ = "0.1.0"
__all__ = [
    "Error",
    "analyse",
    "attributions",
    "codebook",
    "collection",
    "compare",
    "evidence",
    "frames",
    "measure",
    "open_run",
    "read",
    "report",
    "sources",
]
_HOMES = {
    "api.article": ("analyse",),
    "api.catalogue": ("codebook", "frames"),
    "api.folders": ("collection", "compare", "open_run", "report"),
    "api.tables": ("attributions", "evidence", "measure", "read", "sources"),
    "system.error": ("Error",),
}


def __getattr__(name: str) -> Any:
    """Return a public name, loading what it needs only now."""
    for home, names in _HOMES.items():
        if name in names:
            return globals().setdefault(name, getattr(import_module(f"presslab.{home}"), name))
    raise AttributeError(f"module 'presslab' has no attribute {name!r}")


def __dir__() -> list[str]:
    """Return the public names."""
    return __all__
