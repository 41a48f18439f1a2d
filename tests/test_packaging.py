"""The wheel carries everything, and the repository names no machine."""

from importlib import metadata
from pathlib import Path
import re
import subprocess
import sys
import tomllib
import zipfile

from packaging.requirements import Requirement
import pytest

ROOT = Path(__file__).resolve().parents[1]


def test_the_wheel_carries_code_data_and_notebooks(tmp_path):
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "-w",
        str(tmp_path),
        ".",
    ]
    copy = tmp_path / "copy"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(copy)], check=True)
    subprocess.run(command, cwd=copy, check=True, timeout=300)
    names = set(zipfile.ZipFile(next(tmp_path.glob("*.whl"))).namelist())
    tracked = subprocess.run(
        ["git", "ls-files", "analysis", "notebooks"], cwd=copy, capture_output=True, text=True
    ).stdout.split()
    wanted = {
        name.removeprefix("analysis/") if name.startswith("analysis/") else f"presslab_{name}" for name in tracked
    }
    assert not wanted - names


def test_every_folder_of_the_package_is_listed():
    listed = set(tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]["packages"])
    found = {".".join(p.parent.relative_to(ROOT / "analysis").parts) for p in (ROOT / "analysis").rglob("__init__.py")}
    assert found | {"presslab_notebooks"} == listed


LOCKS = ("requirements.lock", "requirements-all.lock")


@pytest.mark.parametrize("name", LOCKS)
def test_the_lock_is_hashed_and_names_no_index(name):
    lock = (ROOT / name).read_text("utf-8")
    pinned = re.findall(r"^([\w.\[\]-]+)==", lock, re.M)
    assert len(pinned) > 100 and not re.search(r"https?://|--index|--extra-index|--find-links|file:/", lock)
    for block in re.split(r"\n(?=[\w.-]+==)", lock):
        assert "--hash=sha256:" in block or block.startswith("#"), block[:80]


def test_every_dependency_is_in_the_lock():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = [d for extra in project["optional-dependencies"].values() for d in extra]
    for lock_name, asked in zip(LOCKS, (project["dependencies"], project["dependencies"] + extras)):
        lock = (ROOT / lock_name).read_text("utf-8").lower()
        for dependency in asked:
            name = re.match(r"[\w.-]+", dependency).group().lower().replace("_", "-")
            assert re.search(rf"^{re.escape(name)}==", lock, re.M), (lock_name, name)


def test_the_two_locks_pin_the_same_versions():
    light, whole = (set(re.findall(r"^([\w.-]+==[^\s;]+)", (ROOT / name).read_text("utf-8"), re.M)) for name in LOCKS)
    assert light < whole


@pytest.mark.parametrize("lock", LOCKS)
@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13"])
def test_the_lock_holds_what_every_python_needs(python, lock):
    """pip refuses a hashed lock that lacks one package which only another Python needs (papermill asks for aiohttp on
    3.12)."""
    here = {"python_version": python, "python_full_version": f"{python}.9"}
    lines = re.findall(r"^([\w.-]+==[^\\\n]+?)\s*\\?$", (ROOT / lock).read_text("utf-8"), re.M)
    locked = {r.name.lower() for line in lines if (r := Requirement(line)).marker is None or r.marker.evaluate(here)}
    missing = set()
    for name in locked:
        try:
            asked = [Requirement(line) for line in metadata.requires(name) or ()]
        except metadata.PackageNotFoundError:  # only another Python or system has it
            continue
        missing |= {
            f"{r.name} for {name}"
            for r in asked
            if (r.marker is None or r.marker.evaluate(here | {"extra": ""}))
            and re.sub(r"[-_.]+", "-", r.name.lower()) not in locked
        }
    assert not missing


def test_the_citation_is_valid_and_of_this_version():
    """By the rules of the Citation File Format 1.2.0 for the fields that it uses."""
    import yaml

    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert {"cff-version", "message", "title", "authors"} <= set(citation)  # what the format demands
    assert set(citation) <= {
        "cff-version",
        "message",
        "title",
        "authors",
        "abstract",
        "type",
        "version",
        "license",
        "keywords",
    }
    assert (
        citation["cff-version"] == "1.2.0"
        and citation["type"] == "software"
        and citation["license"] == project["license"]
    )
    assert str(citation["version"]) == project["version"] and citation["authors"] == project["authors"]
    assert len(set(citation["keywords"])) == len(citation["keywords"]) and all(
        isinstance(word, str) for word in citation["keywords"]
    )


def test_the_changelog_has_this_version():
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert f"## [{version}]" in (ROOT / "CHANGELOG.md").read_text("utf-8")
