"""The numbers of a report as files inside it: links that hold CSV and JSON themselves, no script and no server."""

from __future__ import annotations

import json
import math
from urllib.parse import quote

from presslab.measures.analyse import Analysis
from presslab.measures.tables import rows
from presslab.reading.names import slug
from presslab.system import provenance

from .html import Fragment, html, plain

SAFE = ' !$()*+,-./:;=?@[]^_`{|}~"\u2019'  # may stand as they are in a data: address in single quotation marks


def links(analysis: Analysis) -> Fragment:
    """Return two links: all measures as CSV; sources and attributions (as offsets, without the words) as JSON."""
    name = slug(analysis.article.id)
    return html(
        "<a download=\"{}-measures.csv\" href='data:text/csv;charset=utf-8,{}'>the numbers as CSV</a>, <a "
        "download=\"{}.json\" href='data:application/json;charset=utf-8,{}'>sources and attributions as "
        "JSON</a>",
        name,
        _held(csv(analysis)),
        name,
        _held(as_json(analysis)),
    )


def csv(analysis: Analysis) -> str:
    """Return all measures, one per row: measure, scope, value (four digits), low and high (three; empty if not
    measurable), n."""
    lines = ["measure,scope,value,low,high,n"]
    lines += [
        ",".join(
            [m["measure"], m["scope"], _digits(m["value"], 4), _digits(m["low"], 3), _digits(m["high"], 3), str(m["n"])]
        )
        for m in rows(analysis)["measures"]
    ]
    return "\n".join(lines) + "\n"


def as_json(analysis: Analysis) -> str:
    """Return the article's facts; its sources and attributions as {"columns", "data"}, which pandas reads as
    "split"; an attribution names the place of its source in the list, from 1.

    Offsets point into the text that was analysed, whose SHA-256 is given; the text itself is left out.
    """
    table_rows = rows(analysis)
    facts = {
        k: table_rows["articles"][0][k]
        for k in ("id", "title", "byline", "published", "outlet", "url", "file", "removed_count")
    }
    tables = {
        "sources": ("source", "type", "gender", "named", "attributions", "words"),
        "attributions": ("source_number", "kind", "cue_class", "source_spans", "cue_spans", "content_spans"),
    }
    number = {row["source"]: place for place, row in enumerate(table_rows["sources"], start=1)}
    for row in table_rows["attributions"]:
        row["source_number"] = number.get(row["source"])
    whole = {
        "article": facts,
        "text_sha256": table_rows["articles"][0]["text_sha256"],
        "presslab": provenance.facts()["presslab"],
        **{
            name: {"columns": columns, "data": [[row[c] for c in columns] for row in table_rows[name]]}
            for name, columns in tables.items()
        },
    }
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":"))


def _held(content: str) -> Fragment:
    """Return content as part of an address between single quotation marks, of which it has none, nor any < or &."""
    return Fragment(quote(plain(content), safe=SAFE))


def _digits(value: float, digits: int) -> str:
    return "" if math.isnan(value) else f"{value:.{digits}g}"
