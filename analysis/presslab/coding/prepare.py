"""Make the folder that coders work from: sample, codebook, a form and a sheet each."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing, nullcontext
from pathlib import Path

import numpy as np
import pandas as pd

from presslab.reporting.wording import many
from presslab.runs import finished
from presslab.runs.state import State
from presslab.system import outputs
from presslab.system.files import inside

from . import CodingError, codebook as books
from .codebook import Codebook
from .form import fingerprint, form
from .read import AGREED, CODEBOOK, read
from .sample import DESIGN, Design, articles, draw, load, save
from .sheet import sheet


def prepare(
    run: Path, folder: Path, drawn: int, by: Sequence[str] = (), coders: int = 1, overlap: int = 0, seed: int = 1,
    codebook: Path | None = None, show_outlet: bool = False,
) -> list[str]:  # fmt: skip
    """Draw a sample of a run and write all that coders need; returns what to tell people, line by line.

    A codebook that was changed in the folder is kept and used; so are forms and sheets that somebody has filled in.
    Raises OutputError if the folder is not presslab's, CodingError if codes of another sample or codebook lie in
    it already, or the numbers can't be met.
    """
    same_codebook = codebook is not None and (folder / CODEBOOK).exists() and codebook.samefile(folder / CODEBOOK)
    but = (CODEBOOK,) if same_codebook else ()
    outputs.claim(folder, "coding", but)
    table = articles(run)
    if (text_option := finished.text_shown(run)) != "full":
        raise CodingError(
            f"{run} was made with --text {text_option}: the texts to be coded aren't in it; make the run with --text"
            " full"
        )
    new_book = books.load(codebook) if codebook else None
    sample, design = draw(table, drawn, by, coders, overlap, seed)
    _spare(folder, design)
    with closing(State(folder, "coding", but)) as state:
        ours, notes = state.ours, []
        if ours.changed(CODEBOOK):
            book = books.load(folder / CODEBOOK)
            if new_book and fingerprint(new_book) != fingerprint(book):
                raise CodingError(
                    f"{folder / CODEBOOK} was changed by hand, and {codebook} is another: name another folder with -o"
                )
            notes.append(f"{CODEBOOK} was changed by hand: it is kept, and the forms ask its questions")
        else:
            book = new_book or books.default(_own(run))
            _spare_answers(folder, book)
            with open(codebook, encoding="utf-8", newline="") if codebook else nullcontext() as stream:
                ours.write(CODEBOOK, [stream.read() if stream else books.dumped(book)])
        save(ours, sample, design, dict(zip(table["id"], table["text_analysed"])))
        work = sample[["id", "coders"]].merge(table, on="id", validate="one_to_one")
        for number, coder in enumerate(design.coders):
            mine = in_order(work[[coder in names.split(";") for names in work["coders"]]], seed, number)
            page, sheet_name = f"form-{coder}.html", f"sheet-{coder}.xlsx"
            partial = ours.part(sheet_name)
            sheet(book, mine, coder, design.sample, partial, show_outlet)
            for draft in (
                ours.draft(page, [form(book, mine, coder, design.sample, show_outlet)]),
                ours.whole(sheet_name, partial),
            ):
                if ours.changed(draft.name):
                    notes.append(f"{draft.name} was changed by hand: it is kept, and no new one is made")
                    draft.partial.unlink()
                else:
                    ours.publish([draft])
            notes.append(f"{coder}: {len(mine)} articles in {folder / page} (or {sheet_name})")
        notes += ours.kept
    groups = sample["stratum"].nunique()
    overlap_note = f", {overlap} of them for every coder" if coders > 1 else ""
    return [
        (
            f"{drawn} of {many(len(table), 'article')} drawn from {many(groups, 'stratum', 'strata')} (seed"
            f" {seed}){overlap_note}"
        ),
        *notes,
        f"Put what coders hand in into {folder}, then: presslab agree {folder}",
    ]


def in_order(articles_: pd.DataFrame, seed: int, number: int) -> pd.DataFrame:
    """Return a coder's articles in an order of their own: strata are mixed, and fatigue falls on other articles for
    each coder."""
    return articles_.iloc[np.random.default_rng([seed, number]).permutation(len(articles_))]


def _own(run: Path) -> list[dict[str, str]]:
    """Return the rows of a run's codebook.csv."""
    return finished.listed(run, "codebook.csv", "measure") if inside(run, "codebook.csv").exists() else []


def _spare(folder: Path, design: Design) -> None:
    """Refuse to draw another sample over one that people have begun to code."""
    if not (folder / DESIGN).is_file() or load(folder)[1].sample == design.sample:
        return
    try:
        code_files = read(folder).files
    except CodingError:
        code_files = (AGREED,)  # what can't be read may be somebody's work
    if code_files:
        raise CodingError(
            f"{folder} contains codes of another sample ({', '.join(code_files)}); name another folder with -o"
        )


def _spare_answers(folder: Path, book: Codebook) -> None:
    """Refuse to put another codebook over one that codes were made with."""
    if not (folder / CODEBOOK).is_file() or not (folder / DESIGN).is_file():
        return
    if fingerprint(books.load(folder / CODEBOOK)) != fingerprint(book) and (code_files := read(folder).files):
        raise CodingError(
            f"{folder} contains codes that were made with another codebook ({', '.join(code_files)}); name another"
            " folder with -o"
        )
