"""Names, imports, lines, complexity and types hold: ruff and mypy find nothing with the settings of pyproject.toml."""

from pathlib import Path
import subprocess
import sys

import pytest

ROOT = Path(__file__).resolve().parents[1]
COMMANDS = ["ruff check analysis tests", "ruff format --check analysis tests", "mypy"]


@pytest.mark.slow  # make check runs them by themselves
@pytest.mark.parametrize("command", COMMANDS)
def test_it_finds_nothing(command):
    ended = subprocess.run([sys.executable, "-m", *command.split()], cwd=ROOT, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stdout + ended.stderr
