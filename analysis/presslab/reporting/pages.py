"""Executed notebook → one self-contained HTML file; and the index of a run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib import resources
from itertools import chain, islice
from typing import Any

from jinja2 import Environment
from nbconvert.exporters import HTMLExporter
import nbformat
from traitlets import List, default

from presslab.measures.cards import Card, builtin

from .html import Fragment, html, packaged, plain, script_digest
from .templates import data, ours, page_style, templates

FIRST = 50  # articles of the index that are there without scripts


class ReportExporter(HTMLExporter):
    """nbconvert exporter `presslab`: our template, our style, one small script of ours, no external request."""

    export_from_notebook = "presslab report"
    default_preprocessors: List[type] = List(
        [], help="None: the template takes HTML outputs as they are; nbconvert checks a notebook again after each."
    ).tag(config=True)

    @default("template_name")
    def _our_template(self) -> str:
        return "presslab"

    @default("extra_template_basedirs")
    def _our_folder(self) -> list[str]:
        return [str(resources.files("presslab") / "data" / "report")]

    def from_notebook_node(  # type: ignore[override]  # as nbconvert's own do
        self, nb: nbformat.NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """Convert a notebook. HTMLExporter would read the page again with BeautifulSoup, for the sake of pictures and
        cells that our template doesn't have; that took seven times as long as the page itself."""
        return super(HTMLExporter, self).from_notebook_node(nb, self._init_resources(resources), **kw)

    def _create_environment(self) -> Environment:
        environment = ours(super()._create_environment())
        environment.globals |= {
            "style": page_style(),
            "comparison": page_style("comparison"),
            "script": packaged("report/report.js"),
            "digest": script_digest(packaged("report/report.js")),
        }
        return environment


def render(notebook: nbformat.NotebookNode) -> str:
    """Return the HTML of an executed notebook; the same notebook gives the same bytes."""
    page, _ = _exporter().from_notebook_node(notebook)
    return page


@lru_cache(maxsize=1)
def _exporter() -> ReportExporter:
    return ReportExporter()


def index(rows: Iterable[dict], count: int, failures: Iterable[dict], run: dict) -> Iterator[str]:
    """Return the index of a run, piece by piece: all articles with the key measures, searchable, filtered,
    sortable, their distributions, and what failed with its reason. Without scripts it is a table of the first FIRST
    articles.

    `rows` has `count` rows of `writers.index_row`; `failures` are rows of the table of that name; `run` has
    `citation`, `coded` (files of its codes) and `corrected` (how many articles a reader corrected).
    """
    script = packaged("report/articles.js")
    key_cards = [card for card in builtin().values() if card.key]
    failure_list = list(failures)
    coming = iter(rows)
    head = list(islice(coming, FIRST))
    stream = (
        templates("report")
        .get_template("index.html.j2")
        .stream(
            head=head,
            data=_data(chain(head, coming), key_cards),
            count=count,
            failures=[f for f in failure_list if not f["reason"].startswith("warning: ")],
            warnings=[f for f in failure_list if f["reason"].startswith("warning: ")],
            keyed=key_cards,
            run=run,
            style=page_style("index"),
            script=script,
            digest=script_digest(script),
        )
    )
    stream.enable_buffering(200)
    return stream


def _data(rows: Iterable[dict], key_cards: list[Card]) -> Iterator[Fragment]:
    """Yield what the index's script reads, as JSON that a script element can hold: one row per article, outlets and
    sources by number."""
    outlets: dict[str, int] = {}
    sources: dict[str, int] = {}

    def rounded(value: float | None, decimals: int) -> float | int | None:
        return None if value is None else int(value) if value == int(value) else round(value, decimals)

    yield html('{{"rows":[')
    for place, row in enumerate(rows):
        source_numbers = [sources.setdefault(plain(name), len(sources)) for name in row["sources"]]
        numbers = [
            rounded(row[card.name + end], card.decimals + (not end))
            for card in key_cards
            for end in ("", "_low", "_high")
        ]
        outlet = outlets.setdefault(plain(row["outlet"] or ""), len(outlets))
        cells = [
            plain(row["id"]),
            plain(row["title"] or row["id"]),
            outlet,
            plain(row["published"] or ""),
            rounded(row["words"], 0),
            source_numbers,
            row["slug"] if row["slug"] != row["id"] else 0,
            *numbers,
        ]
        yield html("{}{}", "," if place else "", data(cells))
    measures = [
        {
            "name": c.name,
            "label": c.label,
            "short": c.short_label,
            "family": c.family,
            "decimals": c.decimals,
            "meaning": c.meaning,
        }
        for c in key_cards
    ]
    lists = data(list(outlets)), data(list(sources)), data(measures)
    yield html('],"outlets":{},"sources":{},"measures":{}}}', *lists)
