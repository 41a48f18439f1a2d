"""Make a run again and tell whether it came out the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
import hashlib
from itertools import islice
from pathlib import Path

from . import batch, corpus_batch, event_batch, finished, runs, scratch, terminal
from .article import paths_of
from .files import Stopped, inside, written
from .parallel import Limits, in_parallel
from .state import FILE, origin


@dataclass(frozen=True)
class Compared:
    """How a run differs from its repetition. `differing`, `missing` and `new` are paths in the run folder; `altered` are
    files that were changed after the run; `inputs` and `versions` say in a line each what is not as it was."""

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


def rerun(
    folder: Path, inputs: Iterable[str] = (), spread: runs.Spread = in_parallel, progress: runs.Progress = lambda n, s: None,
    limits: Limits = Limits(),
) -> Compared:  # fmt: skip
    """Make the run of a folder again elsewhere, and compare every file of its manifest. The folder is not changed.

    `inputs` are where the input files are now, where that is not where they were. Of a run that somebody else made, or that
    was made on another machine, no path is used: its inputs have to be named. Raises Stopped where the folder holds no run,
    or its inputs are not found.
    """
    manifest(folder)  # what can't be read is told before anything is made
    with scratch.folder() as place:
        again = Path(place) / "run"
        coded = {path: (folder / path).read_bytes() for path in finished.below(folder, "coding")}
        remake(folder, again, coded, inputs, spread, progress, limits)
        return compare(folder, again)


def remake(
    folder: Path, again: Path, coded: Mapping[str, bytes], inputs: Iterable[str], spread: runs.Spread, progress: runs.Progress,
    limits: Limits, show: str = "",
) -> None:  # fmt: skip
    """Make the run of a folder once more in the folder `again`, from its inputs, with the files `coded` (path → content) in its
    folder `coding`; `show` takes the place of its --text, "" of none. Other arguments and what is raised as in `rerun`."""
    parameters = finished.described(folder)["presslab"]["parameters"]
    _inputs(folder)
    with finished.usable(folder, FILE):
        noted = origin(folder)
    given = [str(i) for i in inputs] or (noted or {}).get("files", [])
    absent = [i for i in given if not Path(i).exists() and not any(c in i for c in "*?[")]
    if not given or absent:
        raise Stopped(f"{folder}: the inputs are not where they were; name them with --inputs ({', '.join(absent) or 'none are noted'})")
    with finished.usable(folder, finished.DESCRIPTION):
        kinds = {"clean": bool, "any_language": bool, "text": str, "frames": str} | ({"title": str} if "title" in parameters else {"event": str} if "event" in parameters else {})
        if not all(isinstance(parameters[name], kind) for name, kind in kinds.items()) or parameters["text"] not in ("full", "excerpts", "none"):
            raise ValueError("its parameters are none of presslab's")
    frames = _frames(parameters, given, noted)
    options = batch.Options(parameters["clean"], parameters["any_language"], show or parameters["text"], frames)
    if "title" in parameters:
        corpus_batch.corpus_run(given, again, options, parameters["title"], spread, progress, limits)
    elif "event" in parameters:
        event_batch.compare_run(given, again, options, parameters["event"], spread, progress, limits)
    else:
        with runs.opened(again, "report"):
            pass  # a run's folder: what lies in it then is not in the way
        for path, content in coded.items():
            (again / path).parent.mkdir(parents=True, exist_ok=True)
            (again / path).write_bytes(content)
        for step in _steps(folder, given, parameters["add"]) if "add" in parameters else [given]:
            batch.report_run(step, again, options, spread, progress, limits, add="add" in parameters)


def _steps(folder: Path, given: list[str], sizes: list[int]) -> list[list[str]]:
    """The inputs of a run that grew by --add, in the steps in which they were added.

    Raises Stopped if one is not there with the content that it had: the articles of the run are from all of them.
    """
    listed = [(row["file"], row["sha256"]) for row in finished.listed(folder, "inputs.csv", "sha256")]
    places = {written(path)[1]: str(path) for path in paths_of(given) if path.is_file()}
    absent = [file for file, sha in listed if sha not in places]
    if absent:
        names = ", ".join(absent[:3]) + (" …" if len(absent) > 3 else "")
        raise Stopped(f"{folder}: the run grew by --add, and {len(absent):,} of its {len(listed):,} inputs are not there with the content that they had "
                      f"({names}); name with --inputs where each of them is now")  # fmt: skip
    with finished.usable(folder, finished.DESCRIPTION):
        if not isinstance(sizes, list) or not all(isinstance(size, int) and size > 0 for size in sizes) or sum(sizes) != len(listed):
            raise ValueError("its parameters are none of presslab's")
    coming = iter(listed)
    return [[places[sha] for _, sha in islice(coming, size)] for size in sizes]


def compare(folder: Path, again: Path) -> Compared:
    """Compare two run folders by their manifests and data packages."""
    before, after = manifest(folder), manifest(again)
    one, two = (finished.described(f)["presslab"] for f in (folder, again))
    names = sorted(set(one["versions"]) | set(two["versions"]))
    versions = [f"{n}: {one['versions'].get(n)} then, {two['versions'].get(n)} now" for n in names if one["versions"].get(n) != two["versions"].get(n)]
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
    """What to tell people, a line each."""
    told = [f"the input {line}" for line in result.inputs] + [f"version: {line}" for line in result.versions]
    told += [f"changed after the run: {path}" for path in result.altered]
    told += [f"differs: {path}" for path in result.differing] + [f"was not made again: {path}" for path in result.missing]
    told += [f"is new: {path}" for path in result.new]
    if result.same:
        told.append(f"The same: all {result.files} files have the same bytes.")
    else:
        count = len(result.differing) + len(result.missing)
        told.append(f"Not the same: {count} of {result.files} files differ or were not made again, {len(result.new)} are new.")
    return [terminal.line(text) for text in told]


def _frames(parameters: dict, given: list[str], noted: dict | None) -> str:
    """The frame file of a run, "" for none. Raises Stopped where it is not found with the content it had."""
    if not parameters["frames"]:
        return ""
    if Path(parameters["frames"]).name != parameters["frames"] or "\\" in parameters["frames"]:
        raise Stopped(f"the frame file {parameters['frames']} is named with a path, as no run of presslab's does")
    beside = [Path(i).parent / parameters["frames"] for i in given] + [Path(i) for i in given if Path(i).name == parameters["frames"]]
    for path in ([Path(noted["options"]["frames"])] if noted and noted["options"].get("frames") else []) + beside:
        if path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == parameters.get("frames_sha256"):
            return str(path)
    raise Stopped(f"the frame file {parameters['frames']} is not where it was, or has changed")


def altered(folder: Path, listed: Mapping[str, str]) -> list[str]:
    """Return the paths of a manifest whose files are gone, or not as the run left them."""
    return [p for p, digest in listed.items() if not (path := inside(folder, p)).is_file() or written(path)[1] != digest]


def manifest(folder: Path) -> dict[str, str]:
    """Path → SHA-256 of every file of a run, the manifest's own apart. Raises Stopped for a path that leads out of the run."""
    paths = {row["path"]: row["sha256"] for row in finished.listed(folder, "manifest.csv", "sha256")}
    for path in paths:
        inside(folder, path)
    return paths


def _inputs(folder: Path) -> set[tuple[str, str]]:
    """Name and SHA-256 of every input of a run."""
    return {(row["file"], row["sha256"]) for row in finished.listed(folder, "inputs.csv", "sha256")}


def changed(folder: Path, again: Path) -> list[str]:
    """Inputs that are not as they were."""
    before, after = _inputs(folder), _inputs(again)
    gone, come = before - after, after - before
    names = {file for file, _ in come}
    return [f"{file} {'has changed' if file in names else 'is not there'}" for file, _ in sorted(gone)] + [
        f"{file} is new" for file, _ in sorted(come) if file not in {f for f, _ in gone}
    ]
