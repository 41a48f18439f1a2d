"""A finished run as a zip to give away: without its articles' text, without what it remembers of this machine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
import csv
import io
from pathlib import Path
import shutil
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from presslab.reporting.withheld import CODED, MARKS, SHOWS, unquoted
from presslab.runs import compared, finished, folder as run_folder
from presslab.runs.compared import altered
from presslab.runs.job import code_digest
from presslab.system import provenance, scratch
from presslab.system.files import Stopped, inside, json_text, part
from presslab.system.outputs import publish
from presslab.system.parallel import Limits, in_parallel

from .again import remake

TOP = "presslab-run"  # the folder within the zip
LAST = ("manifest.csv", "datapackage.json")  # which no manifest lists
TIME = (1980, 1, 1, 0, 0, 0)


def share(
    folder: Path, output: Path, show: str = "none", inputs: Iterable[str] = (), spread: run_folder.Spread = in_parallel,
    progress: run_folder.Progress = lambda name, seconds: None, limits: Limits = Limits(),
) -> list[str]:  # fmt: skip
    """Write a finished run to a zip, with no more of its articles' text than `show` ("none" or "excerpts"); the same
    bytes for the same run. Return what to report, a line each.

    A run that shows more is made again from its inputs, elsewhere (`inputs` as in `again.rerun`). Files that the run's
    manifest doesn't name, or that were changed since, are left out and named. Raises Stopped if the folder holds no
    run, or its inputs are not there or not as they were."""
    listed = compared.manifest(folder)
    changed = altered(folder, listed)
    own = {*listed, *LAST, "run.log"}
    lines = [f"left out, changed since the run: {path}" for path in changed]
    others = [path for path in finished.below(folder) if path not in own and not path.startswith(".presslab/")]
    lines += [f"left out, no file of the run: {path}" for path in others]
    if _bare(folder, listed, show):
        _zip(folder, [path for path in listed if path not in changed], output)
        return [*lines, f"{output}: {len(listed) - len(changed)} files, as the run left them"]
    kept = [path for path in listed if path in CODED and path not in changed]
    coded = {path: (folder / path).read_bytes() for path in kept}
    coded |= {MARKS: unquoted(coded[MARKS])} if MARKS in coded else {}
    lines += [
        f"left out, it may hold text: {path}" for path in listed if path.startswith("coding/") and path not in CODED
    ]
    with scratch.folder() as place:
        again = Path(place) / "run"
        remake(folder, again, coded, inputs, spread, progress, limits, show)
        if told := compared.changed(folder, again):
            raise Stopped(
                f"{folder}: the inputs are not as they were ({'; '.join(told[:3])}); name those of the run with"
                " --inputs"
            )
        made = compared.manifest(again)
        _zip(again, made, output)
    return [*lines, f"{output}: {len(made)} files, made again from the inputs with --text {show}"]


def _bare(folder: Path, listed: Mapping[str, str], show: str) -> bool:
    """Return whether this version of presslab made the run, with no more text than `show`, and nothing with text lies
    in it."""
    about = finished.described(folder)["presslab"]
    shown = about["parameters"].get("text")
    if shown not in SHOWS[: SHOWS.index(show) + 1] or about["code_sha256"] != code_digest():
        return False
    coded = {path for path in listed if path.startswith("coding/")}
    return coded <= CODED and (MARKS not in coded or unquoted(raw := (folder / MARKS).read_bytes()) == raw)


def _zip(run: Path, paths: Iterable[str], output: Path) -> None:
    """Write the files of a run, and what lists them, to a zip: whole or not at all, without a clock."""
    paths = sorted(paths)
    partial = part(output)
    try:
        with open(partial, "xb") as stream, ZipFile(stream, "w", ZIP_DEFLATED) as archive:
            for path in paths:
                with (
                    inside(run, path).open("rb") as source,
                    archive.open(_entry(path), "w", force_zip64=True) as target,
                ):
                    shutil.copyfileobj(source, target)
            for path, content in _last(run, set(paths)):
                archive.writestr(_entry(path), content)
        publish(partial, output)
    finally:
        partial.unlink(missing_ok=True)


def _entry(path: str) -> ZipInfo:
    entry = ZipInfo(f"{TOP}/{path}", TIME)
    entry.compress_type, entry.create_system, entry.external_attr = ZIP_DEFLATED, 3, 0o644 << 16
    return entry


def _last(run: Path, paths: set[str]) -> Iterator[tuple[str, bytes]]:
    """Yield the manifest and the data package, of these files alone."""
    head, *lines = finished.text(run, "manifest.csv").splitlines(keepends=True)
    kept = [
        line for line, row in zip(lines, csv.DictReader(io.StringIO("".join([head, *lines])))) if row["path"] in paths
    ]
    manifest = "".join([head, *kept]).encode()
    package = finished.described(run)
    package["resources"] = [r for r in package["resources"] if r["path"] in paths or r["path"] == "manifest.csv"]
    for resource in package["resources"]:
        if resource["path"] == "manifest.csv":
            resource |= {"bytes": len(manifest), "hash": f"sha256:{provenance.digest(manifest)}"}
    yield "manifest.csv", manifest
    yield "datapackage.json", json_text(package).encode()
