"""A collection of articles: outlets, time, who is heard, with the article as the unit."""

from .gather import Collection, load, opened
from .tables import ALL, CLEAR, OTHERS, differences, groups, heard, names, outlets, periods, stories

__all__ = [
    "ALL",
    "CLEAR",
    "OTHERS",
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
