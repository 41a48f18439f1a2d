"""The README and the help texts are tested: commands run, and every command and option is documented."""

from pathlib import Path
import re
import shlex
import subprocess
import sys

import click
from click.testing import CliRunner
import pytest

from presslab.cli import main
from presslab.system.notebook import notebook_path
from processes import started_none

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text("utf-8")
FIGURES = (ROOT / "FIGURES.md").read_text("utf-8")
BIN = Path(sys.executable).parent
SOME = (
    "court-harbour.txt",
    "court-harbour.corrections.yaml",
    "dock-strike.csv",
    "empty.txt",
    "few-sources.txt",
    "frames",
    "saved-page.html",
)


def commands() -> list[str]:
    """Every command line of the README's code blocks, without comments."""
    lines = [line.strip().split("  #")[0].strip() for line in re.findall(r"^    (.+)$", README, re.M)]
    return [line for line in lines if re.match(r"(make|\.venv/bin/)", line)]


def test_the_first_screen_shows_the_main_job():
    first = "\n".join(README.splitlines()[:30])
    assert "make reports" in first and "presslab report" in first


def test_make_targets_exist():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for name in re.findall(r"`?make (\w+)`?", README):
        assert re.search(rf"^{name}:", makefile, re.M), name


@pytest.mark.parametrize("line", [c for c in commands() if c.startswith(".venv/bin/") and "jupyter" not in c])
@pytest.mark.slow
def test_every_command_runs(line, tmp_path):
    """On ten of the seeds, one of them bad; all of them are what the commands for coding begin with."""
    (tmp_path / "seeds").mkdir()
    for name in (*SOME, *(path.name for path in (ROOT / "seeds").glob("bridge-*.txt"))):
        (tmp_path / "seeds" / name).symlink_to(ROOT / "seeds" / name)
    (tmp_path / "notebooks").symlink_to(ROOT / "notebooks")
    words = shlex.split(
        line.replace(".venv/bin/", f"{BIN}/")
        .replace("seeds/*.txt", "seeds/few-sources.txt")
        .replace("seeds/FILE.txt", "seeds/few-sources.txt")
        .replace("-p articles seeds", "-p articles seeds -p drawn 8 -p overlap 6")
    )
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, timeout=300)
    assert done.returncode in (0, 1) and "Traceback" not in done.stderr, done.stderr[-2000:]


@pytest.mark.slow
def test_the_lines_of_python_run(tmp_path, monkeypatch):
    """Those of README, on one seed."""
    import pandas as pd

    block = README.split("## From Python")[1].split("\n## ")[0]
    lines = "\n".join(re.findall(r"^    (.+)$", block, re.M))
    assert "presslab.measure(df)" in lines and '"seeds"' in lines
    started_none(monkeypatch)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "seeds").symlink_to(ROOT / "seeds")
    text = (ROOT / "seeds" / "few-sources.txt").read_text("utf-8")
    names = {"df": pd.DataFrame({"id": ["one"], "text": [text]}), "text": text}
    exec(
        lines.replace("seeds/bridge-*.txt", "seeds/bridge-officials.txt").replace('"seeds"', '"seeds/few-sources.txt"'),
        names,
    )
    assert len(names["run"].measures) > 40


def every_command(group: click.Group = main, path: str = "presslab") -> list[tuple[str, click.Command]]:
    """Return each command with the words that call it, those of groups included."""
    pairs = []
    for name, command in group.commands.items():
        pairs.append((f"{path} {name}", command))
        pairs += every_command(command, f"{path} {name}") if isinstance(command, click.Group) else []
    return pairs


def help_of(command: click.Command) -> str:
    """Return what --help prints, with its white space collapsed to single spaces."""
    with click.Context(command, info_name="presslab") as context:
        return " ".join(command.get_help(context).split())


def test_the_readme_is_short():
    assert len(README.splitlines()) <= 200


@pytest.mark.parametrize("name", list(main.commands))
def test_every_command_is_in_the_readme(name):
    assert f"presslab {name}" in README


def test_the_readme_names_no_option_that_does_not_exist():
    options = {option for _, command in every_command() for parameter in command.params for option in parameter.opts}
    for line in re.findall(r"^(?:    |\| `)(?:\.venv/bin/)?(presslab .+)$", README, re.M):
        assert set(re.findall(r"(?<![\w-])--[a-z-]+", line)) <= options, line


@pytest.mark.parametrize("words, command", every_command())
def test_every_option_of_every_command_is_explained_in_its_help(words, command):
    text = help_of(command)
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help and len(parameter.help.split()) >= 3, (words, parameter.name)
            assert set(parameter.opts) <= set(re.findall(r"(?<![\w-])--?[a-zA-Z][\w-]*", text)), (words, parameter.name)


@pytest.mark.parametrize("words, command", every_command())
def test_every_command_has_an_example_in_its_help(words, command):
    assert words.removeprefix("presslab ").split()[0] in command.help.split("Example", 1)[1]


@pytest.mark.parametrize("group", [main, main.commands["frames"]])
def test_every_summary_is_whole_and_at_most_45_characters(group):
    for name, command in group.commands.items():
        summary = command.help.split("\n")[0]
        assert summary.endswith(".") and summary.count(".") == 1 and len(summary) <= 45, (name, summary)
    listed = CliRunner().invoke(group, ["--help"], terminal_width=80).output.split("Commands:")[1]
    for command in group.commands.values():
        assert command.help.split("\n")[0] in listed
    assert "..." not in listed


# what README once explained, and which help explains now
EXPLAINED = {
    "report": [
        "crontab -e",
        "--prune",
        "a plain kernel",
        "dask worker",
        "datapackage.json",
        "kept.html",
        "keep_default_na",
        "guid",
        "kill -9",
        "tilde and a hash",
        "failures/SLUG.txt",
        "attributions --help",
    ],
    "attributions": [
        "corrections.yaml",
        "merge:",
        "split:",
        "rename:",
        "remove:",
        "add:",
        "occurrence: 2",
        "table.corrections.yaml",
    ],
    "read": [
        "Nexis",
        "Factiva",
        "ProQuest",
        "NewsBank",
        "NITF 3",
        "NewsML-G2",
        "ninjs",
        "IPTC 7901",
        "WARC",
        "EML",
        "70 %",
        "checked on",
    ],
    "compare": ["event_label", "distinctive_words", "passages that several share"],
    "corpus": ["300 dpi", "bootstrap-t", "below 10 events", "--count-reprints"],
    "share": ["eight consecutive words", "text_sha256", "25 words", "quarter", "presslab sample and exploring reject"],
    "sample": ["stratified", "keys 1-9", "sample.csv", "codebook.yaml"],
    "agree": ["Krippendorff's alpha", "agreed.csv"],
    "validate": ["coding/validity.html", "rerun"],
    "estimate": ["prediction-powered", "Angelopoulos", "fewer than ten coded articles", "presslab[estimates]"],
    "excel": ["no text in it is a formula"],
    "measure": ["one column per measure"],
    "rerun": ["--inputs", "Exit code 0"],
}


@pytest.mark.parametrize("name, phrases", EXPLAINED.items())
def test_the_help_explains_what_the_readme_leaves_to_it(name, phrases):
    text = help_of(main.commands[name])
    assert not [phrase for phrase in phrases if phrase not in text]


def test_the_general_help_explains_inputs_outputs_and_surroundings():
    text = help_of(main)
    for phrase in ("columns id and text", "standard input", "never changed or deleted", "exit code 2", "Exit codes: 0",
                   "PRESSLAB_CACHE", "PRESSLAB_CACHE_MB", "PRESSLAB_FORK", "PRESSLAB_MEMORY"):  # fmt: skip
        assert phrase in text, phrase


def test_the_corrections_that_the_help_shows_can_be_read(tmp_path):
    """Those of `presslab attributions --help`, on the seed that they are about."""
    from presslab.reading import corrections

    shown = main.commands["attributions"].help.split("can contain:\n")[1].split("\n\n")[0]
    (tmp_path / "story.corrections.yaml").write_text(shown, "utf-8")
    assert [one.kind for one in corrections.of_article(tmp_path / "story.txt")] == list(corrections.KINDS)


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
                assert not nodes & {ast.For, ast.While, ast.If, ast.FunctionDef, ast.Try, ast.ClassDef}, (
                    path.name,
                    cell.source,
                )


def test_the_benchmark_is_quoted_as_it_was_measured():
    quoted = FIGURES.split("<!-- bench -->")[1].split("<!-- /bench -->")[0].strip()
    measured = ROOT / "tests" / "bench" / "results.md"
    assert quoted == (measured.read_text("utf-8").strip() if measured.exists() else "")


def test_the_coverage_of_estimates_is_quoted_as_it_was_simulated():
    from presslab.validation import estimates

    assert FIGURES.split(estimates.MARKS[0])[1].split(estimates.MARKS[1])[0].strip() == estimates.summary()


@pytest.mark.slow
def test_the_commands_for_coding_run_one_after_the_other(tmp_path):
    """Those of README, on the seeds: fewer articles, made-up coders."""
    from presslab.coding import simulated

    lines = [
        line.split("  #")[0].strip()
        for line in re.findall(r"^    (presslab (?:sample|agree|validate|estimate) .+)$", README, re.M)
        if "DIR" not in line and "CODING" not in line
    ]
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


def test_the_line_for_cron_is_one_line_here_and_in_the_help():
    (line,) = re.findall(r"^    (15 3 .+)$", README, re.M)
    assert line in CliRunner().invoke(main, ["report", "--help"]).output
