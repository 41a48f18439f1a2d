"""Make the folder that coders work from: sample, codebook, a form and a sheet each."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from .. import finished
from ..files import inside, write
from . import CodingError, codebook as books
from .form import form
from .read import AGREED, CODEBOOK, read
from .sample import DESIGN, Design, articles, draw, load, save
from .sheet import sheet


def prepare(
    run: Path, folder: Path, drawn: int, by: Sequence[str] = (), coders: int = 1, overlap: int = 0, seed: int = 1,
    codebook: Path | None = None, show_outlet: bool = False,
) -> list[str]:  # fmt: skip
    """Draw a sample of a run and write all that coders need; gives what to tell people, a line each.

    Raises CodingError where codes of another sample lie in the folder already, or the numbers can't be met.
    """
    table = articles(run)
    if (shown := finished.text_shown(run)) != "full":
        raise CodingError(f"{run} was made with --text {shown}: the texts to be coded aren't in it; make the run with --text full")
    book = books.load(codebook) if codebook else books.default(_own(run))
    sample, design = draw(table, drawn, by, coders, overlap, seed)
    _spare(folder, design)
    folder.mkdir(parents=True, exist_ok=True)
    text = codebook.read_text("utf-8") if codebook else books.dumped(book)
    save(folder, sample, design, dict(zip(table["id"], table["text_analysed"])))
    write(folder / CODEBOOK, [text])
    work = sample[["id", "coders"]].merge(table, on="id", validate="one_to_one")
    told = []
    for number, coder in enumerate(design.coders):
        mine = in_order(work[[coder in names.split(";") for names in work["coders"]]], seed, number)
        write(folder / f"form-{coder}.html", [form(book, mine, coder, design.sample, show_outlet)])
        sheet(book, mine, coder, design.sample, folder / f"sheet-{coder}.xlsx", show_outlet)
        told.append(f"{coder}: {len(mine)} articles in {folder / f'form-{coder}.html'} (or {f'sheet-{coder}.xlsx'})")
    groups = sample["stratum"].nunique()
    shared = f", {overlap} of them for every coder" if coders > 1 else ""
    return [f"{drawn} of {len(table):,} articles drawn from {groups} {'stratum' if groups == 1 else 'strata'} (seed {seed}){shared}", *told,
            f"Put what coders hand in into {folder}, then: presslab agree {folder}"]  # fmt: skip


def in_order(articles_: pd.DataFrame, seed: int, number: int) -> pd.DataFrame:
    """A coder's articles in an order of their own: strata are mixed, and fatigue falls on other articles for each coder."""
    return articles_.iloc[np.random.default_rng([seed, number]).permutation(len(articles_))]


def _own(run: Path) -> list[dict[str, str]]:
    """The rows of a run's codebook.csv."""
    return finished.listed(run, "codebook.csv", "measure") if inside(run, "codebook.csv").exists() else []


def _spare(folder: Path, design: Design) -> None:
    """Refuse to draw another sample over one that people have begun to code."""
    if not (folder / DESIGN).is_file() or load(folder)[1].sample == design.sample:
        return
    try:
        begun = read(folder).files
    except CodingError:
        begun = (AGREED,)  # what can't be read may be somebody's work
    if begun:
        raise CodingError(f"{folder} holds codes of another sample ({', '.join(begun)}); name another folder with -o")
