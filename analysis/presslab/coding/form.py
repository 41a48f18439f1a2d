"""The coding form: one HTML file per coder, which needs nothing but a browser and fetches nothing."""

from __future__ import annotations

import hashlib
import math

import pandas as pd

from presslab.reporting.html import packaged, plain, script_digest
from presslab.reporting.templates import data, templates

from .codebook import Codebook, Question, dumped


def fingerprint(book: Codebook) -> str:
    """Return the hash of a codebook: codes name the one that they were made with."""
    return hashlib.sha256(dumped(book).encode()).hexdigest()[:16]


def form(book: Codebook, articles: pd.DataFrame, coder: str, sample: str, show_outlet: bool = False) -> str:
    """Return the form of one coder as HTML. `articles` has the columns id, title, outlet, published, text_analysed,
    in the order of work; `sample` is the hash of the sample. Outlet and date are left out unless `show_outlet`:
    they colour judgement."""
    contents = {
        "form": hashlib.sha256(f"{sample} {fingerprint(book)} {coder}".encode()).hexdigest()[:16],
        "sample": sample,
        "codebook": fingerprint(book),
        "coder": coder,
        "title": book.title,
        "instructions": book.instructions,
        "questions": [_question(q) for q in book.questions],
        "spans": [
            {"name": s.name, "label": s.label, "key": s.key, "definition": s.definition, "examples": s.examples}
            for s in book.spans
        ],
        "articles": [_article(row, show_outlet) for row in articles.to_dict("records")],
    }
    style, script = packaged("coding/form.css"), packaged("coding/form.js")
    return (
        templates("coding")
        .get_template("form.html.j2")
        .render(
            coder=coder,
            count=len(articles),
            style=style,
            script=script,
            style_digest=script_digest(style),
            script_digest=script_digest(script),
            data=data(contents),
        )
    )


def _question(q: Question) -> dict:
    bounds = {
        end: getattr(q, end) if math.isfinite(getattr(q, end)) and not q.values else None for end in ("low", "high")
    }
    return {
        "name": q.name,
        "ask": q.ask,
        "values": q.values,
        "unit": q.unit,
        "definition": q.definition,
        "examples": q.examples,
        **bounds,
    }


def _article(row: dict, show_outlet: bool) -> dict:
    text, title = plain(row["text_analysed"]), plain(row["title"] or "")
    paragraphs: list[dict[str, int | str | bool]] = []
    start = 0
    for part in text.split("\n\n"):
        if part.strip():
            headline = not paragraphs and bool(title) and part.strip() == title.strip()
            paragraphs.append({"start": start, "text": part, "headline": headline})
        start += len(part) + 2
    about = " · ".join(plain(row[name]) for name in ("outlet", "published") if row[name]) if show_outlet else ""
    return {"id": row["id"], "title": title or " ".join(text.split()[:8]), "about": about, "paragraphs": paragraphs}
