"""Whether a run that was made again came out the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from presslab.reporting.wording import number
from presslab.system import terminal
from presslab.system.files import inside, written

from . import finished


@dataclass(frozen=True)
class Compared:
    """How a run differs from its repetition. `differing`, `missing` and `new` are paths in the run folder; `altered`
    are files that were changed after the run; `inputs` and `versions` say line by line what is not as it was."""

    files: int
    differing: tuple[str, ...]
    missing: tuple[str, ...]
    new: tuple[str, ...]
    altered: tuple[str, ...]
    inputs: tuple[str, ...]
    versions: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Whether every file came out with the same bytes."""
        return not (self.differing or self.missing or self.new)


def compare(folder: Path, again: Path) -> Compared:
    """Compare two run folders by their manifests and data packages."""
    before, after = manifest(folder), manifest(again)
    one, two = (finished.described(f)["presslab"] for f in (folder, again))
    names = sorted(set(one["versions"]) | set(two["versions"]))
    versions = [
        f"{n}: {one['versions'].get(n)} then, {two['versions'].get(n)} now"
        for n in names
        if one["versions"].get(n) != two["versions"].get(n)
    ]
    if one["code_sha256"] != two["code_sha256"] and not versions:
        versions.append("the code or data of presslab itself has changed")
    common = before.keys() & after.keys()
    return Compared(
        files=len(before),
        differing=tuple(p for p in before if p in common and before[p] != after[p]),
        missing=tuple(p for p in before if p not in after),
        new=tuple(p for p in after if p not in before),
        altered=tuple(altered(folder, before)),
        inputs=tuple(changed(folder, again)),
        versions=tuple(versions),
    )


def lines(result: Compared) -> list[str]:
    """Return what to tell people, line by line."""
    result_lines = [f"the input {line}" for line in result.inputs] + [f"version: {line}" for line in result.versions]
    result_lines += [f"changed after the run: {path}" for path in result.altered]
    result_lines += [f"differs: {path}" for path in result.differing] + [
        f"was not made again: {path}" for path in result.missing
    ]
    result_lines += [f"is new: {path}" for path in result.new]
    if result.same:
        result_lines.append(f"The same: all {number(result.files)} files have the same bytes.")
    else:
        count = len(result.differing) + len(result.missing)
        result_lines.append(
            f"Not the same: {number(count)} of {number(result.files)} files differ or were not made again,"
            f" {number(len(result.new))} are new."
        )
    return [terminal.line(text) for text in result_lines]


def altered(folder: Path, listed: Mapping[str, str]) -> list[str]:
    """Return the paths of a manifest whose files are gone, or not as the run left them."""
    return [
        p for p, digest in listed.items() if not (path := inside(folder, p)).is_file() or written(path)[1] != digest
    ]


def manifest(folder: Path) -> dict[str, str]:
    """Return path → SHA-256 of every file of a run, the manifest's own apart. Raises Stopped for a path that leads
    out of the run."""
    paths = {row["path"]: row["sha256"] for row in finished.listed(folder, "manifest.csv", "sha256")}
    for path in paths:
        inside(folder, path)
    return paths


def inputs_of(folder: Path) -> set[tuple[str, str]]:
    """Return name and SHA-256 of every input of a run."""
    return {(row["file"], row["sha256"]) for row in finished.listed(folder, "inputs.csv", "sha256")}


def changed(folder: Path, again: Path) -> list[str]:
    """Return inputs that are not as they were."""
    before, after = inputs_of(folder), inputs_of(again)
    losses, additions = before - after, after - before
    names = {file for file, _ in additions}
    return [f"{file} {'has changed' if file in names else 'is not there'}" for file, _ in sorted(losses)] + [
        f"{file} is new" for file, _ in sorted(additions) if file not in {f for f, _ in losses}
    ]
