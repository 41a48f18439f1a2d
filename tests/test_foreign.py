"""A run folder that somebody else made: links in it lead to files outside, which no command reads or changes."""

import hashlib
from pathlib import Path

import pytest

from foreign import OPENED_BY, link, made, place, through  # noqa: F401 (fixtures)
from presslab.runs import state
from presslab.system.files import PART


def partial(name: str) -> str:
    """Return where a file is written until it is whole."""
    path = Path(name)
    return path.with_name(PART + hashlib.sha256(path.name.encode()).hexdigest()[:16]).as_posix()


MEMORY = [".presslab/kind", ".presslab/lock", state.FILE, f"{state.FILE}-wal"]
LAST = ["index.html", "datapackage.json", "manifest.csv", "inputs.csv", "codebook.csv", "run.log"]
FILES = {
    "run": [
        *LAST,
        *MEMORY,
        "articles/a00.html",
        "notebooks/a00.ipynb",
        "failures/a00.txt",
        "figures/x.svg",
        "coding/own/notes.txt",
        "tables/articles.csv",
        *(f"tables/{name}.parquet" for name in ("articles", "measures", "sources", "evidence", "failures")),
        *(f"coding/{name}" for name in ("validity.json", "sample.csv", "marks.csv", "agreement.json", "estimates.csv")),
    ],
    "comparison": [
        *LAST,
        *MEMORY,
        "events/e0.html",
        "notebooks/e0.ipynb",
        "tables/events.csv",
        "tables/events.parquet",
        "tables/heard.parquet",
    ],
    "collection": [
        *LAST,
        *MEMORY,
        "notebooks/corpus.ipynb",
        "figures/x.svg",
        "tables/outlets.csv",
        "tables/outlets.parquet",
    ],
    "codes": [
        *MEMORY,
        "sample.csv",
        "design.json",
        "texts.jsonl",
        "codebook.yaml",
        "codes-coder-1.json",
        "agreed.csv",
        "agreement.html",
        "agreement.json",
        "disagreements.csv",
        "codes-more.json",
        "form-coder-1.html",
    ],
}
for names_ in FILES.values():
    names_ += [partial(name) for name in list(names_) if not name.startswith(".") and "own/" not in name]
FOLDERS = {
    "run": ["articles", "notebooks", "tables", "failures", "figures", "coding", ".presslab"],
    "comparison": ["events", "notebooks", "tables", "failures", ".presslab"],
    "collection": ["notebooks", "figures", "tables", ".presslab"], "codes": [".presslab", "more"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("folder", "command"), [(folder, command) for folder, names in OPENED_BY.items() for command in names]
)
@pytest.mark.slow
def test_no_link_in_a_folder_is_followed(made, place, caplog, folder, command):
    for folders, names in ((False, FILES[folder]), (True, FOLDERS[folder])):
        through(made, place, command, names, lambda name: link(made, place, folder, name, folders), caplog)
