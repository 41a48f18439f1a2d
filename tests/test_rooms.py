"""The rooms of the house: who may import whom, how many entries there are, how long a file and a line may be."""

import ast
from graphlib import TopologicalSorter
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[1] / "analysis" / "presslab"
ROOMS = "system reading parsing measures reporting runs comparison collecting coding explore validation cli".split()
FILES = {
    ".".join(("presslab", *p.relative_to(HOUSE).with_suffix("").parts)).removesuffix(".__init__"): p
    for p in sorted(HOUSE.rglob("*.py"))
}


def imported(name: str) -> set[str]:
    """Our modules that a module imports, wherever in it; a package counts if a name is taken from itself."""
    package = name if FILES[name].stem == "__init__" else name.rpartition(".")[0]
    modules = set()
    for node in ast.walk(ast.parse(FILES[name].read_text("utf-8"))):
        if isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = (
                ".".join(filter(None, [*package.split(".")[: len(package.split(".")) - node.level + 1], node.module]))
                if node.level
                else node.module
            )
            modules |= {inner if (inner := f"{base}.{alias.name}") in FILES else base for alias in node.names}
    return modules & FILES.keys()


def room(name: str) -> int:
    """The place of a module's room in the order; the package itself comes before all, its doors (api, __main__) after
    all."""
    return ([*ROOMS, "api", "__main__"].index(name.split(".")[1])) if name.count(".") else -1


def test_nobody_imports_to_the_right():
    assert not [
        f"{name} imports {other}"
        for name in FILES
        for other in imported(name)
        if room(name) >= 0 and room(other) > room(name)
    ]


def test_there_are_no_circles():
    list(TopologicalSorter({name: imported(name) for name in FILES}).static_order())


def test_the_house_has_few_entries():
    assert len([p for p in HOUSE.iterdir() if p.name not in ("data", "__pycache__")]) <= 16


def test_nobody_but_the_parser_touches_spacy():
    users = {
        name
        for name, path in FILES.items()
        if "\nimport spacy" in path.read_text("utf-8") or "\nfrom spacy" in path.read_text("utf-8")
    }
    assert {name.split(".")[1] for name in users} == {"parsing"}


def test_statistics_have_one_home():
    """Quantiles written out, SciPy and Krippendorff's alpha are found in one place."""

    def own(node: ast.AST) -> bool:
        modules = (
            [a.name for a in getattr(node, "names", ())]
            if isinstance(node, ast.Import)
            else [getattr(node, "module", "")]
        )
        statistics = [str(module) for module in modules if module != "scipy.optimize"]  # that is for training
        libraries = {module.partition(".")[0] for module in statistics} & {"scipy", "krippendorff"}
        return (
            bool(libraries)
            or isinstance(node, ast.Constant)
            and isinstance(node.value, float)
            and 1.95 < node.value < 1.97
        )

    strangers = {name for name, path in FILES.items() if any(map(own, ast.walk(ast.parse(path.read_text("utf-8")))))}
    assert {name.rpartition(".")[0] for name in strangers} == {"presslab.measures.statistics"}


def test_no_file_is_long_and_no_line_wide():
    """Newcomers read a file of the package in one go, and two side by side."""
    long = {name: count for name, path in FILES.items() if (count := len(path.read_text("utf-8").splitlines())) > 400}
    assert not long, long
    wide = [
        f"{path}:{number}"
        for path in [*FILES.values(), *Path(__file__).parent.rglob("*.py")]
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if len(line) > 120
    ]
    assert not wide
