"""The README is tested: its commands run, and every option is documented."""

from pathlib import Path
import re
import shlex
import subprocess
import sys

import pytest

from presslab.cli import main
from presslab.system.notebook import notebook_path

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text("utf-8")
BIN = Path(sys.executable).parent


def commands() -> list[str]:
    """Every command line of the README's code blocks, without comments."""
    lines = [line.strip().split("  #")[0].strip() for line in re.findall(r"^    (.+)$", README, re.M)]
    return [line for line in lines if re.match(r"(make|\.venv/bin/)", line)]


def test_the_first_screen_shows_the_main_job():
    first = "\n".join(README.splitlines()[:20])
    assert "make reports" in first and "presslab report" in first


def test_make_targets_exist():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for name in re.findall(r"`?make (\w+)`?", README):
        assert re.search(rf"^{name}:", makefile, re.M), name


@pytest.mark.parametrize("line", [c for c in commands() if c.startswith(".venv/bin/") and "jupyter" not in c])
def test_every_command_runs(line, tmp_path):
    (tmp_path / "seeds").symlink_to(ROOT / "seeds")
    (tmp_path / "notebooks").symlink_to(ROOT / "notebooks")
    words = shlex.split(line.replace(".venv/bin/", f"{BIN}/").replace("seeds/*.txt", "seeds/few-sources.txt").replace("seeds/FILE.txt", "seeds/few-sources.txt"))
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, timeout=300)
    assert done.returncode in (0, 1) and "Traceback" not in done.stderr, done.stderr[-2000:]


@pytest.mark.parametrize("name", ["report", "read", "measure", "attributions", "clean", "compare", "frames", "rerun", "share", "sample", "agree", "validate", "estimate", "serve", "excel", "completion", "corpus"])
def test_every_command_is_documented(name):
    assert name in main.commands and f"presslab {name}" in README


def test_every_option_is_documented():
    for name, command in main.commands.items():
        for parameter in command.params:
            for option in parameter.opts:
                if option.startswith("--") and option not in ("--output", "--quiet"):
                    assert option in README, f"{name} {option}"


def test_the_notebook_is_committed_without_outputs_and_has_parameters():
    import nbformat

    notebook = nbformat.read(notebook_path(), as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(not cell.outputs and cell.execution_count is None for cell in code)
    assert "parameters" in code[0].metadata.tags


def test_notebook_cells_hold_no_logic():
    import ast

    import nbformat

    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == "code":
                nodes = {type(n) for n in ast.walk(ast.parse(cell.source))}
                assert not nodes & {ast.For, ast.While, ast.If, ast.FunctionDef, ast.Try, ast.ClassDef}, (path.name, cell.source)


def test_the_benchmark_is_quoted_as_it_was_measured():
    quoted = README.split("<!-- bench -->")[1].split("<!-- /bench -->")[0].strip()
    measured = ROOT / "tests" / "bench" / "results.md"
    assert quoted == (measured.read_text("utf-8").strip() if measured.exists() else "")


def test_the_coverage_of_estimates_is_quoted_as_it_was_simulated():
    from presslab.validation import estimates

    assert README.split(estimates.MARKS[0])[1].split(estimates.MARKS[1])[0].strip() == estimates.summary()


def test_the_commands_for_coding_run_one_after_the_other(tmp_path):
    """Those of README, on the seeds: fewer articles, made-up coders."""
    from presslab.coding import simulated

    lines = [line.split("  #")[0].strip() for line in re.findall(r"^    (presslab (?:sample|agree|validate|estimate) .+)$", README, re.M) if "DIR" not in line and "CODING" not in line]
    assert len(lines) == 4
    for command in ("presslab report seeds -o reports --quiet", *lines):
        words = shlex.split(command.replace("-n 60 --by outlet,month", "-n 14").replace("--overlap 20", "--overlap 10"))
        cwd = tmp_path
        if command.startswith("presslab report"):
            (tmp_path / "seeds").symlink_to(ROOT / "seeds")
        done = subprocess.run([str(BIN / words[0]), *words[1:]], cwd=cwd, capture_output=True, text=True, timeout=300)
        assert done.returncode in (0, 1 if " report " in command else 0), done.stderr
        if " sample " in command:
            simulated.code(tmp_path / "reports", tmp_path / "coding")


def test_every_picture_is_there_and_small():
    pictures = re.findall(r"!\[[^\]]{20,}\]\(([^)]+)\)", README)
    assert len(pictures) == README.count("](tests/gallery/") >= 5
    for name in pictures:
        assert (ROOT / name).stat().st_size <= 100_000, name
