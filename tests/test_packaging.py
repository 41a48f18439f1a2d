"""The wheel carries everything, and the repository names no machine."""

from pathlib import Path
import re
import subprocess
import sys
import tomllib
import zipfile

ROOT = Path(__file__).resolve().parents[1]


def test_the_wheel_carries_code_data_and_notebooks(tmp_path):
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", str(tmp_path), "."]
    copy = tmp_path / "copy"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(copy)], check=True)
    subprocess.run(command, cwd=copy, check=True, timeout=300)
    names = set(zipfile.ZipFile(next(tmp_path.glob("*.whl"))).namelist())
    tracked = subprocess.run(["git", "ls-files", "analysis", "notebooks"], cwd=copy, capture_output=True, text=True).stdout.split()
    wanted = {name.replace("notebooks/", "presslab_notebooks/", 1) if name.startswith("notebooks/") else name for name in tracked}
    assert not wanted - names


def test_every_folder_of_the_package_is_listed():
    listed = set(tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]["packages"])
    found = {".".join(p.parent.relative_to(ROOT).parts) for p in (ROOT / "analysis").rglob("__init__.py")}
    assert found | {"presslab_notebooks"} == listed


def test_the_lock_is_hashed_and_names_no_index():
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    pinned = re.findall(r"^([\w.\[\]-]+)==", lock, re.M)
    assert len(pinned) > 100 and not re.search(r"https?://|--index|--extra-index|--find-links|file:/", lock)
    for block in re.split(r"\n(?=[\w.-]+==)", lock):
        assert "--hash=sha256:" in block or block.startswith("#"), block[:80]


def test_every_dependency_is_in_the_lock():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    asked = project["dependencies"] + [d for extra in project["optional-dependencies"].values() for d in extra]
    lock = (ROOT / "requirements.lock").read_text("utf-8").lower()
    for dependency in asked:
        name = re.match(r"[\w.-]+", dependency).group().lower().replace("_", "-")
        assert re.search(rf"^{re.escape(name)}==", lock, re.M), name
