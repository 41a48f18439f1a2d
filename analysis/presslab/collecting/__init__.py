"""A collection of articles: outlets, time, who is heard, with the article as the unit."""

from .gather import Collection, load, opened
from .tables import ALL, differences, groups, heard, names, outlets, periods, stories

__all__ = [
    "ALL",
    "Collection",
    "differences",
    "groups",
    "heard",
    "load",
    "names",
    "opened",
    "outlets",
    "periods",
    "stories",
]
