"""The run folder as a Frictionless data package: what is in it, what each column means, what it was made from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
import csv
from functools import lru_cache
import io
from itertools import chain
from pathlib import Path
from typing import Any

from presslab.measures.cards import Card, Catalogue
from presslab.measures.tables import COUNT, FLAG, NUMBER, TEXT
from presslab.system import provenance
from presslab.system.files import json_text, written
from presslab.system.formulas import EXACT, no_formula
from presslab.system.plain_yaml import packaged

Put = Callable[[str, Iterable[str]], tuple[int, str]]
KINDS = {TEXT: "string", NUMBER: "number", COUNT: "integer", FLAG: "boolean"}
KEYS = {"articles": "id", "events": "event"}
CODEBOOK = (
    "measure",
    "family",
    "label",
    "meaning",
    "unit",
    "counted_on",
    "direction",
    "formula",
    "source",
    "minimum",
    "validation",
    "limits",
    "scopes",
)
BESIDE = {
    "codebook": dict.fromkeys(CODEBOOK, TEXT),
    "inputs": {"file": TEXT, "sha256": TEXT, "articles": COUNT},
    "manifest": {"path": TEXT, "bytes": COUNT, "sha256": TEXT},
}


def write(
    folder: Path,
    put: Put,
    parameters: Mapping[str, Any],
    inputs: Iterable[tuple[str, str, int]],
    made: Iterable[tuple[str, tuple[int, str]]],
    others: Iterable[str],
    tables: Mapping[str, Mapping[str, str]],
    cards: Catalogue,
    code: str,
) -> dict[str, tuple[int, str]]:
    """Write codebook.csv, inputs.csv, manifest.csv and, last, datapackage.json; returns what was made last: path →
    (size, SHA-256).

    `put` writes a text file of the folder (`Ours.write`); `inputs` are (file name, SHA-256, articles); `made` are
    (path, (size, SHA-256)) of reports and notebooks; `others` are more paths for the manifest; `tables` are the
    tables in `tables/` with their columns; `cards` are those of the measures; `code` is the hash of the code.
    """
    put("codebook.csv", _lines(CODEBOOK, codebook(cards.values())))
    put("inputs.csv", _lines(BESIDE["inputs"], inputs))
    last = [
        "index.html",
        "codebook.csv",
        "inputs.csv",
        *(f"tables/{name}.{end}" for name in tables for end in ("csv", "parquet")),
    ]

    last_files = {path: written(folder / path) for path in last}

    def listed() -> Iterator[tuple]:
        for path, about in chain(made, ((path, written(folder / path)) for path in others), last_files.items()):
            yield path, *about

    last_files["manifest.csv"] = put("manifest.csv", _lines(BESIDE["manifest"], listed()))
    description = {
        "profile": "data-package",
        "name": "presslab-run",
        "title": "A run of presslab: readability, source attribution and framing of news articles",
        "description": (
            "Tables of measures with intervals and evidence; codebook.csv explains each measure, manifest.csv lists"
            " every file. In CSV a text that begins like a formula has an apostrophe in front, unless its field is"
            " marked exact (ids, texts that offsets point into)."
        ),
        "version": provenance.facts()["presslab"],
        "presslab": {
            "citation": provenance.citation(),
            "parameters": dict(parameters),
            "versions": provenance.versions(),
            "requirements_lock_sha256": provenance.lock_digest(),
            "code_sha256": code,
        },
        "resources": [
            *(_resource(folder, name, f"{name}.csv", columns, {}) for name, columns in BESIDE.items()),
            *(_resource(folder, name, f"tables/{name}.csv", columns, tables) for name, columns in tables.items()),
        ],
    }
    last_files["datapackage.json"] = put("datapackage.json", [json_text(description)])
    return last_files


@lru_cache(maxsize=1)
def columns() -> dict[str, dict[str, str]]:
    """Return what each column of each table holds, in words."""
    return packaged("columns.yaml")


def _resource(
    folder: Path, name: str, path: str, types: Mapping[str, str], tables: Mapping[str, Any]
) -> dict[str, Any]:
    size, digest = written(folder / path)
    meaning = columns().get(name, {})
    schema: dict[str, Any] = {
        "fields": [
            {
                "name": field,
                "type": KINDS[kind],
                "description": meaning.get(field, ""),
                **({"exact": True} if field in EXACT else {}),
            }
            for field, kind in types.items()
        ],
        "missingValues": [""],
    }
    key = next((k for table, k in KEYS.items() if table in tables), "")
    if KEYS.get(name):
        schema["primaryKey"] = [KEYS[name]]
    elif key and key in types and name != "failures":
        home = next(table for table in KEYS if table in tables)
        schema["foreignKeys"] = [{"fields": [key], "reference": {"resource": home, "fields": [key]}}]
    return {
        "name": name,
        "type": "table",
        "path": path,
        "scheme": "file",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": size,
        "hash": f"sha256:{digest}",
        "schema": schema,
    }


def codebook(cards: Iterable[Card]) -> Iterator[tuple]:
    """Return the rows of a codebook (columns CODEBOOK), one per card."""
    for card in cards:
        scopes = "; ".join(f"{scope}: {what}" for scope, what in card.scopes.items())
        yield card.name, *(getattr(card, name) for name in CODEBOOK[1:-1]), scopes


def _lines(head: Iterable[str], rows: Iterable[tuple]) -> Iterator[str]:
    """Yield CSV, line by line."""
    for row in chain([tuple(head)], rows):
        stream = io.StringIO()
        safe = [no_formula(value) for value in row]
        lone = any(isinstance(value, str) and "\r" in value for value in safe)  # Python's writer would not quote it
        csv.writer(stream, lineterminator="\n", quoting=csv.QUOTE_ALL if lone else csv.QUOTE_MINIMAL).writerow(safe)
        yield stream.getvalue()
