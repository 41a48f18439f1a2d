"""Plain English: words and turns that may not come back, wherever people read presslab."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
import re

import click
import nbformat
import pytest

from presslab.cli import main

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "analysis" / "presslab"

# what may not come back → what to write
UNUSUAL = {
    r"\b(?:a|one) (?:row|line|column|page|panel|report|file|sheet|dot|tick|mark|card) an? \w+": "one row per article",
    r"\b(?:words|syllables) an? (?:sentence|word)\b": "words per sentence",
    r"\bof one['’]s own\b": "user-defined",
    r"\banew\b": "again",
    r"\b(?:is|are|was|were|stands?|bears?) no part\b": "is not part of",
    r"\bbears? (?:a|the|its|no)\b": "has",
    r"\b(?:is|are|was|were|be|been) told (?!apart)": "is reported",
    r"\bheld against\b|\bhold \w+ against\b": "compared with",
    r"\b(?:None|NaN|[Ee]mpty|Yes|yes|Raises \w+) where\b": "if",
    r"(?:\A|\n)Gives ": "Return",
    r", else (?!if\b)(?:the|it|its|that|from|as|by|None|0|1|a|an)\b": "otherwise",
    r"\bwhosoever\b|\bhitherto\b|\bthereof\b|\bwhilst\b|\bupon which\b": "a usual word",
    r"\bstands? (?:in|beside|twice|elsewhere|too|in place)\b(?! (?:a name|for))": "is, lies, occurs",
    r"\btak(?:e|es|en|ing) (?:it|them|that file|the file|the folder \S+|the link|that folder) away\b": "remove",
    r"\bcomprehensive\b|\bseamless\w*|\bleverag\w+|\bcutting-edge\b|\bpowerful\b": "figures instead of praise",
}  # fmt: skip
# with which a function's docstring may begin; add a verb to the list if it is one
VERBS = set(
    """
    Add Analyse Answer Append Apply Block Bound Build Check Choose Close Collect Compare Compute Convert Copy
    Count Create Cut Deal Decide Delete Describe Do Draw Drop End Estimate Fill Filter Find Finish Fit Forget Fork
    Freeze Give Go Hold Ignore Import Join Keep Leave Let List Load Lock Log Look Make Mark Measure Merge Move
    Name Note Number Open Pack Parse Pass Print Publish Put Raise Read Refuse Reject Remember Remove Replace
    Report Resolve Return Round Run Save Say Score Send Serve Set Show Sort Split Start Stop Store Take Tell
    Test Train Try Turn Update Use Wait Warm Wipe Work Write Yield
    """.split()
)


def modules() -> list[Path]:
    """Return every module of the package."""
    return sorted(PACKAGE.rglob("*.py"))


@cache
def parsed(path: Path) -> ast.Module:
    """Return a module as a tree."""
    return ast.parse(path.read_text("utf-8"))


def documented(path: Path) -> Iterator[ast.AST]:
    """Yield whatever has a docstring in a module."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)) and ast.get_docstring(
            node
        ):
            yield node


def docstrings() -> Iterator[tuple[str, str]]:
    """Yield each docstring with its place."""
    for path in modules():
        for node in documented(path):
            yield f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 1)}", ast.get_docstring(node)


def messages() -> Iterator[tuple[str, str]]:
    """Yield each string of three words or more that is not a docstring, with its place."""
    for path in modules():
        documents = {id(node.body[0].value) for node in documented(path)}
        for node in ast.walk(parsed(path)):
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and id(node) not in documents
                and len(node.value.split()) >= 3
            ):
                yield f"{path.relative_to(ROOT)}:{node.lineno}", node.value


def pages() -> Iterator[tuple[str, str]]:
    """Yield the pages of the repository."""
    for path in sorted(ROOT.glob("*.md")):
        yield path.name, path.read_text("utf-8")


def help_texts(group: click.Group = main, path: str = "presslab") -> Iterator[tuple[str, str]]:
    """Yield what --help prints for each command."""
    for name, command in {"": group, **group.commands}.items():
        with click.Context(command, info_name=f"{path} {name}") as context:
            yield f"{path} {name} --help", command.get_help(context)
        if name and isinstance(command, click.Group):
            yield from help_texts(command, f"{path} {name}")


def data() -> Iterator[tuple[str, str]]:
    """Yield the data files and templates that readers see."""
    data = PACKAGE / "data"
    paths = [
        *data.glob("cards/*.yaml"),
        data / "columns.yaml",
        data / "furniture.yaml",
        data / "source_types.yaml",
        data / "source_words.yaml",
        *data.glob("coding/*"),
        *data.glob("report/*.j2"),
        *data.glob("report/*.js"),
        data / "validation" / "summary.yaml",
    ]
    for path in sorted(paths):
        yield str(path.relative_to(ROOT)), path.read_text("utf-8")


def prose() -> Iterator[tuple[str, str]]:
    """Yield the notebooks' text and the comments beside their parameters."""
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        for number, cell in enumerate(nbformat.read(path, as_version=4).cells):
            if cell.cell_type == "markdown" or "parameters" in cell.metadata.get("tags", []):
                yield f"{path.name}[{number}]", cell.source


@pytest.mark.parametrize("texts", [pages, help_texts, data, prose, messages, docstrings])
def test_no_unusual_turn_comes_back(texts):
    hits = [
        f"{place}: “{match[0].strip()}” → {better}"
        for place, text in texts()
        for turn, better in UNUSUAL.items()
        for match in re.finditer(turn, " ".join(text.split()) if "\\A" not in turn else text)
    ]
    assert not hits, "\n".join(hits)


def test_docstrings_of_functions_begin_with_a_verb():
    others = []
    for path in modules():
        for node in documented(path):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and not re.fullmatch(r"__\w+__", node.name):
                decorators = {getattr(d, "id", getattr(d, "attr", "")) for d in node.decorator_list}
                word = re.match(r"\w*", ast.get_docstring(node))[0]
                if not decorators & {"property", "cached_property"} and word not in VERBS:  # a property is a thing
                    others.append(f"{path.relative_to(ROOT)}:{node.lineno}: {word}")
    assert not others, "\n".join(others)


@pytest.mark.parametrize(
    "sentence",
    [
        "a row an article",
        "frames of one's own",
        "made anew",
        "it is no part of the run",
        "the reason is told in a line",
        "NaN where it is short",
        "else the name",
        "the figures stand in place of others",
    ],
)
def test_the_list_finds_what_it_is_for(sentence):
    assert any(re.search(turn, f"A measure, {sentence}, and so on") for turn in UNUSUAL)


@pytest.mark.parametrize(
    "sentence",
    [
        "sources that can be told apart",
        "a person who tells a story",
        "words that stand for a place",
        "one row per article",
    ],
)
def test_the_list_leaves_usual_english_alone(sentence):
    assert not any(re.search(turn, sentence) for turn in UNUSUAL)
