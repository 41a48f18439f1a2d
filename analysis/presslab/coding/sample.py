"""Draw a stratified sample of a run's articles for hand coding, and keep how likely each article was to be drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
import hashlib
import json
from pathlib import Path
import re
from typing import Any

import numpy as np
import pandas as pd

from presslab.reporting.html import plain
from presslab.runs import finished
from presslab.runs.writers import csv_text, guarded
from presslab.system.files import inside
from presslab.system.formulas import EXACT, with_formula
from presslab.system.ours import Ours

from . import CodingError

FIELDS = {
    "outlet": "outlet",
    "section": "section",
    "agency": "agency",
    "language": "language",
    "month": "published",
    "year": "published",
}
NEEDED = ("id", "title", "text_analysed", "text_sha256", *FIELDS.values())
LENGTHS = {"month": 7, "year": 4}
UNKNOWN = "(unknown)"
LEAST = 2  # coded articles a stratum: one has no variance
WORD = re.compile(r"\w[\w'’-]*")
SAMPLE, DESIGN, TEXTS = "sample.csv", "design.json", "texts.jsonl"
COLUMNS = (
    "id",
    "stratum",
    "articles_in_stratum",
    "drawn_in_stratum",
    "inclusion_probability",
    "weight",
    "coders",
    "title",
    "outlet",
    "published",
    "words",
    "text_sha256",
)


@dataclass(frozen=True)
class Design:
    """How a sample was drawn: `by` names the fields that make strata, `sample` is a hash of which texts were drawn."""

    seed: int
    articles: int
    drawn: int
    by: tuple[str, ...]
    coders: tuple[str, ...]
    overlap: int
    sample: str = ""


def articles(run: Path) -> pd.DataFrame:
    """Return the table of articles of a run, text included. Raises CodingError if there is none, Stopped if it
    can't be used."""
    if not inside(run, "tables/articles.parquet").is_file():
        raise CodingError(
            f"{run} contains no finished run (there is no tables/articles.parquet in it); make one with presslab report"
        )
    return finished.table(run, "articles", NEEDED).sort_values("id", kind="stable", ignore_index=True)


def group(table: pd.DataFrame, by: Sequence[str]) -> pd.Series:
    """Return for each article the values that it is grouped by, as a tuple. Raises CodingError for a field that
    there is not."""
    unknown_fields = [name for name in by if name not in FIELDS]
    if unknown_fields:
        raise CodingError(f"there is no field {', '.join(unknown_fields)} to group by (there are {', '.join(FIELDS)})")
    parts = [
        [str(value)[: LENGTHS.get(name, 200)] or UNKNOWN for value in table[FIELDS[name]].fillna("")] for name in by
    ]
    return pd.Series(list(zip(*parts)) if parts else [()] * len(table), index=table.index, dtype=object)


def strata(table: pd.DataFrame, by: Sequence[str], drawn: int) -> pd.Series:
    """Return for each article the name of its stratum.

    Neighbours (months that follow each other) are joined until the share of `drawn` that falls to each is two
    articles or more, within the first field as far as that goes. Raises CodingError if the first field alone has
    too many values.
    """
    keys = group(table, by)
    sizes = keys.value_counts().to_dict()
    groups: list[list[tuple]] = []
    least_size = LEAST * len(table) / drawn
    for key in sorted(sizes):
        last = groups[-1] if groups else None
        if last and last[0][:1] == key[:1] and _size(last, sizes) < least_size:
            last.append(key)
        else:
            groups.append([key])
    for place in range(len(groups) - 1, 0, -1):
        before, this = groups[place - 1], groups[place]
        if _size(this, sizes) < least_size and before[0][:1] == this[0][:1]:
            before += groups.pop(place)
    least_sample = sum(min(LEAST, _size(keys_, sizes)) for keys_ in groups)
    if least_sample > drawn:
        raise CodingError(
            f"{drawn} articles can't cover {len(groups)} groups by {by[0]} with {LEAST} each; draw {least_sample} or"
            " more, or group by something else"
        )
    names = {key: _name(keys_) for keys_ in groups for key in keys_}
    return keys.map(names)


def _size(keys: Sequence[tuple], sizes: dict[tuple, int]) -> int:
    return sum(sizes[key] for key in keys)


def _name(keys: Sequence[tuple]) -> str:
    first, last = " · ".join(keys[0]) or "all", " · ".join(keys[-1])
    return first if len(keys) == 1 else f"{first} to {last.removeprefix(' · '.join(keys[0][:-1])).removeprefix(' · ')}"


def allotted(sizes: dict[str, int], drawn: int) -> dict[str, int]:
    """Return how many articles to draw from each stratum: in proportion to its size, two at least (or all there
    are)."""
    least = {name: min(LEAST, size) for name, size in sizes.items()}
    rest, total = drawn - sum(least.values()), sum(sizes.values())
    counts = dict(least)
    while rest > 0:  # one by one to the stratum that lacks most of its share
        open_ = [name for name in sizes if counts[name] < sizes[name]]
        name = max(open_, key=lambda n: (sizes[n] * drawn / total - counts[n], n))
        counts[name] += 1
        rest -= 1
    return counts


def draw(
    table: pd.DataFrame, drawn: int, by: Sequence[str] = (), coders: int = 1, overlap: int = 0, seed: int = 1
) -> tuple[pd.DataFrame, Design]:
    """Draw a sample: one row per article with the columns COLUMNS, and the design.

    Articles of a stratum are equally likely to be drawn: `inclusion_probability` is drawn ÷ articles of the
    stratum, `weight` one over it. `overlap` articles, spread over the strata, go to every coder, the others to one
    each. Raises CodingError if the numbers can't be met.
    """
    if not len(table):
        raise CodingError("the run has no articles")
    if drawn > len(table):
        raise CodingError(f"the run holds {len(table)} articles; {drawn} can't be drawn")
    if overlap > drawn:
        raise CodingError(f"{overlap} articles for all coders are more than the {drawn} that are drawn")
    if coders == 1 and overlap:
        raise CodingError("an overlap needs two coders or more")
    random = np.random.default_rng(seed)
    names = strata(table, by, drawn)
    sizes = {name: int(size) for name, size in sorted(names.value_counts().items())}
    share = allotted(sizes, drawn)
    indices = []
    for name in sizes:
        places = table.index[names == name].to_numpy()
        indices += sorted(random.choice(places, share[name], replace=False))
    people = tuple(f"coder-{number + 1}" for number in range(coders))
    both = set(_spread(len(indices), overlap, random))
    turns = list(random.permutation(coders))
    rows, others = [], 0
    for place, index in enumerate(indices):
        row, name = table.loc[index], names[index]
        mine = people if place in both or coders == 1 else (people[turns[others % coders]],)
        others += len(mine) == 1
        p = share[name] / sizes[name]
        rows.append(
            (
                row["id"],
                name,
                sizes[name],
                share[name],
                p,
                1 / p,
                ";".join(mine),
                row["title"],
                row["outlet"],
                row["published"],
                word_count(row["text_analysed"]),
                row["text_sha256"],
            )
        )
    sample = pd.DataFrame(rows, columns=list(COLUMNS))
    return sample, Design(seed, len(table), drawn, tuple(by), people, overlap, _digest(sample))


def _spread(count: int, size: int, random: np.random.Generator) -> list[int]:
    """Return `size` of `count` places in a row, evenly spread from a random start."""
    start = random.random()
    return [int((k + start) * count / size) for k in range(size)]


def word_count(text: str) -> int:
    """Return how many words a text has, as marks are counted in."""
    return len(WORD.findall(text))


def save(ours: Ours, sample: pd.DataFrame, design: Design, texts: dict[str, str]) -> None:
    """Write sample.csv, design.json and texts.jsonl, which has the text of each article by id as coders see it."""
    ours.write(SAMPLE, [csv_text(guarded(sample))])
    ours.write(DESIGN, [json.dumps(asdict(design), indent=1) + "\n"])
    ours.write(
        TEXTS, (json.dumps({"id": id, "text": plain(texts[id])}, ensure_ascii=False) + "\n" for id in sample["id"])
    )


def load(folder: Path) -> tuple[pd.DataFrame, Design]:
    """Return a sample as `save` wrote it. Raises CodingError if a file is missing or not as it was written, Stopped
    for a link."""
    missing_files = [name for name in (DESIGN, SAMPLE) if not inside(folder, name).exists()]
    if missing_files:
        raise CodingError(
            f"{folder} contains no sample (there is no {missing_files[0]} in it); draw one with presslab sample"
        )
    remedy = "draw it again with the same seed"
    with finished.usable(folder, DESIGN, remedy) as path:
        design = _design(json.loads(path.read_text("utf-8")))
    with finished.usable(folder, SAMPLE, remedy) as path:
        text = dict.fromkeys(("id", "stratum", "coders", "title", "outlet", "published", "text_sha256"), str)
        sample = pd.read_csv(path, dtype=text, keep_default_na=False)
        if list(sample.columns) != list(COLUMNS):
            raise ValueError("its columns are not those of a sample")
        for name in text.keys() - EXACT:
            sample[name] = sample[name].map(with_formula)
        numbers = sample.select_dtypes("number")
        if len(numbers.columns) != len(COLUMNS) - len(text) or not (np.isfinite(numbers) & (numbers >= 0)).all(
            axis=None
        ):
            raise ValueError("a number in it can't be read")
        if not sample["id"].is_unique or _digest(sample) != design.sample:
            raise ValueError(f"its articles are not those that {DESIGN} says were drawn")
    return sample, design


def _design(data: Any) -> Design:
    """Return the design in a JSON file. Raises ValueError if a value is missing or of another kind."""
    kinds = {"seed": int, "articles": int, "drawn": int, "by": list, "coders": list, "overlap": int, "sample": str}
    if (
        not isinstance(data, dict)
        or data.keys() != kinds.keys()
        or not all(type(data[k]) is kind for k, kind in kinds.items())
    ):
        raise ValueError("it does not say how a sample was drawn")
    if (
        not all(isinstance(name, str) for name in (*data["by"], *data["coders"]))
        or not set(data["by"]) <= set(FIELDS)
        or min(data["articles"], data["drawn"]) < 1
    ):
        raise ValueError("no sample can be drawn by what it says")
    return Design(
        seed=data["seed"],
        articles=data["articles"],
        drawn=data["drawn"],
        by=tuple(data["by"]),
        coders=tuple(data["coders"]),
        overlap=data["overlap"],
        sample=data["sample"],
    )


def _digest(sample: pd.DataFrame) -> str:
    """Return the hash of which texts were drawn."""
    return hashlib.sha256("\n".join(sample["id"] + " " + sample["text_sha256"]).encode("utf-8", "replace")).hexdigest()[
        :16
    ]


def texts(folder: Path) -> dict[str, str]:
    """Return the texts of a sample by id, as coders saw them; {} if texts.jsonl was removed. Raises Stopped if it
    can't be used."""
    with finished.usable(folder, TEXTS, "draw the sample again with the same seed") as path:
        if not path.exists():
            return {}
        texts_by_id: dict[str, str] = {}
        for line in path.read_text("utf-8").split("\n"):
            if not line:
                continue
            entry = json.loads(line)
            if (
                not isinstance(entry, dict)
                or not isinstance(entry.get("id"), str)
                or not isinstance(entry.get("text"), str)
            ):
                raise ValueError("a line has no id or no text")
            texts_by_id[entry["id"]] = entry["text"]
        return texts_by_id
