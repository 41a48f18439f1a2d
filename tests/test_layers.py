"""The direction of the flow: nobody imports to the right of themselves."""

import ast
from pathlib import Path
import re

import pytest

ANALYSIS = Path(__file__).resolve().parents[1] / "analysis"
ORDER = [
    {"files", "allowance", "pipes", "plain_yaml", "scratch", "signature", "terminal", "names", "formulas"}, {"kernel", "forked", "parallel", "cache"}, {"outputs", "ours"}, {"state"}, {"apart"},
    {"engine"}, {"provenance", "corrections"}, {"readers"}, {"article", "clean"}, {"expected"},
    {"handover"}, {"quotes", "segment", "duplicates"}, {"entities", "lemmas"}, {"parser"}, {"document"}, {"evidence", "validation"},
    {"readability", "attribution"}, {"sources"}, {"framing"}, {"compare"}, {"measures"}, {"withheld"}, {"finished"}, {"tables", "jobs", "events"}, {"corpus"}, {"agreement"},
    {"html"}, {"trust"}, {"strips"}, {"highlight"}, {"charts", "figures", "place", "families", "downloads"}, {"sections", "framing_sections"},
    {"compare_summary"}, {"compare_sections", "corpus_charts", "corpus_words"}, {"corpus_sections"}, {"report"}, {"explore"}, {"excel"}, {"coding"},
    {"runner"}, {"package"}, {"runs", "cluster"}, {"growth"}, {"batch"}, {"event_batch", "corpus_batch"}, {"rerun"}, {"share"}, {"serve"}, {"cli"}, {"__main__"},
]  # fmt: skip
RANK = {name: rank for rank, names in enumerate(ORDER) for name in names}
TIED = {("article", "readers"), ("readers", "article")}  # readers make Articles, and article.read is their door


def modules() -> list[Path]:
    return sorted(ANALYSIS.rglob("*.py"))


def owner(path: Path) -> str:
    """The step of the journey that a file belongs to: its module, or the folder it lies in."""
    return path.relative_to(ANALYSIS).parts[0].removesuffix(".py")


def imported(path: Path) -> set[str]:
    """Names of our own modules that a file imports, wherever in it."""
    package = ["analysis", *path.relative_to(ANALYSIS).parent.parts]
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            found |= {f"{module}.{alias.name}" for alias in node.names}
    return {name.split(".")[1] for name in found if name.startswith("analysis.") and len(name.split(".")) > 1}


@pytest.mark.parametrize("path", modules(), ids=lambda p: p.relative_to(ANALYSIS).as_posix())
def test_nobody_imports_to_the_right(path):
    name = owner(path)
    if name == "__init__":
        assert not imported(path)
        return
    assert name in RANK, f"{name} has no place in the order of HOUSE: article → … → cli"
    right = {
        other
        for other in imported(path) & set(RANK)
        if RANK[other] > RANK[name] and (name, other) not in TIED
    }
    assert not right


@pytest.mark.parametrize("name", ["kernel", "provenance"])
def test_kernel_and_provenance_import_nothing_of_ours(name):
    assert not imported(ANALYSIS / f"{name}.py")


def test_only_the_parser_and_its_parts_touch_spacy():
    users = {owner(p) for p in modules() if re.search(r"^\s*(import|from) spacy", p.read_text("utf-8"), re.M)}
    assert users <= {"parser", "entities", "lemmas"}
