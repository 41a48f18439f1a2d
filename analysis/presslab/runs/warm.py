"""What a template process loads, so that every kernel forked from it is ready."""

from __future__ import annotations

from importlib import resources
from typing import Any

from presslab.system.notebook import notebook_path

WARM = "presslab.runs.warm:warm"


def warm() -> None:
    """Load in a template process what all of our notebooks need: the cells of the article notebook are run once, on a
    made-up article, so that every fork finds what they import, read and remember at their first use."""
    import nbformat

    from presslab.parsing.parser import parser

    parser()  # not needed below where the made-up article is in the cache
    cells = [cell.source for cell in nbformat.read(notebook_path(), 4).cells if cell.cell_type == "code"]
    space: dict[str, Any] = {}
    exec(cells[0], space)
    space["article"] = str(resources.files("presslab") / "data" / "rehearsal.txt")
    for cell in cells[1:]:
        exec(cell, space)
