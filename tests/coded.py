"""Made-up articles, coders and exports for the tests of hand coding."""

from contextlib import closing
import hashlib
import json

import numpy as np
import pandas as pd

from presslab.coding import codebook, form, sample
from presslab.runs.state import State


def table(
    count: int = 200, outlets=("Gazette", "Herald", "Post"), months=("2026-01", "2026-02", "2026-03"), seed: int = 0
) -> pd.DataFrame:
    """A table of articles as a run has it."""
    random = np.random.default_rng(seed)
    rows = []
    for number in range(count):
        outlet, month = outlets[number % len(outlets)], months[int(random.integers(len(months)))]
        text = (
            f"Headline {number}\n\nThe council met on Monday. “We are {number} people,” Mayor Quill said. It"
            " rained.\n\nNobody else came."
        )
        rows.append(
            (f"a{number:04d}", f"Headline {number}", outlet, f"{month}-{1 + number % 28:02d}", "news", "", "en", text)
        )
    found = pd.DataFrame(
        rows, columns=["id", "title", "outlet", "published", "section", "agency", "language", "text_analysed"]
    )
    return found.assign(text_sha256=[hashlib.sha256(text.encode()).hexdigest() for text in found["text_analysed"]])


def export(folder, coder: str, answers: dict, marks: dict | None = None, name: str = "") -> None:
    """Write an export as the form writes it: answers by article and question, marks by article."""
    _, design = sample.load(folder)
    book = codebook.load(folder / "codebook.yaml")
    listed = [
        {"id": id, "answers": given, "marks": (marks or {}).get(id, []), "comment": "", "uncodable": False}
        for id, given in answers.items()
    ]
    found = {
        "format": "presslab codes 1",
        "sample": design.sample,
        "codebook": form.fingerprint(book),
        "coder": coder,
        "articles": listed,
    }
    (folder / (name or f"codes-{coder}.json")).write_text(json.dumps(found), "utf-8")


def folder_with(
    path, book: codebook.Codebook, drawn: int = 20, coders: int = 2, overlap: int = 20, count: int = 200, by=("outlet",)
):
    """A folder with a sample and a codebook, no forms; gives the sample."""
    articles = table(count)
    chosen, design = sample.draw(articles, drawn, by, coders, overlap)
    with closing(State(path, "coding")) as state:
        sample.save(state.ours, chosen, design, dict(zip(articles["id"], articles["text_analysed"])))
    (path / "codebook.yaml").write_text(codebook.dumped(book), "utf-8")
    return chosen
