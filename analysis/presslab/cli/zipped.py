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
    bytes for the same run. Return what to report, line by line.

    A run that shows more is made again from its inputs, elsewhere (`inputs` as in `again.rerun`). Files that the run's
    manifest doesn't name, or that were changed since, are left out and named. Raises Stopped if the folder holds no
    run, or its inputs are not there or not as they were."""
    manifest = compared.manifest(folder)
    changed_paths = altered(folder, manifest)
    run_files = {*manifest, *LAST, "run.log"}
    lines = [f"left out, changed since the run: {path}" for path in changed_paths]
    others = [path for path in finished.below(folder) if path not in run_files and not path.startswith(".presslab/")]
    lines += [f"left out, no file of the run: {path}" for path in others]
    if _bare(folder, manifest, show):
        _zip(folder, [path for path in manifest if path not in changed_paths], output)
        return [*lines, f"{output}: {len(manifest) - len(changed_paths)} files, as the run left them"]
    coding_paths = [path for path in manifest if path in CODED and path not in changed_paths]
    coding_files = {path: (folder / path).read_bytes() for path in coding_paths}
    coding_files |= {MARKS: unquoted(coding_files[MARKS])} if MARKS in coding_files else {}
    lines += [
        f"left out, it may hold text: {path}" for path in manifest if path.startswith("coding/") and path not in CODED
    ]
    with scratch.folder() as place:
        again = Path(place) / "run"
        remake(folder, again, coding_files, inputs, spread, progress, limits, show)
        if differences := compared.changed(folder, again):
            raise Stopped(
                f"{folder}: the inputs are not as they were ({'; '.join(differences[:3])}); name those of the run with"
                " --inputs"
            )
        new_manifest = compared.manifest(again)
        _zip(again, new_manifest, output)
    return [*lines, f"{output}: {len(new_manifest)} files, made again from the inputs with --text {show}"]


def _bare(folder: Path, manifest: Mapping[str, str], show: str) -> bool:
    """Return whether this version of presslab made the run, with no more text than `show`, and nothing with text lies
    in it."""
    about = finished.described(folder)["presslab"]
    text_option = about["parameters"].get("text")
    if text_option not in SHOWS[: SHOWS.index(show) + 1] or about["code_sha256"] != code_digest():
        return False
    coding_paths = {path for path in manifest if path.startswith("coding/")}
    return coding_paths <= CODED and (
        MARKS not in coding_paths or unquoted(raw := (folder / MARKS).read_bytes()) == raw
    )


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
    rows = [
        line for line, row in zip(lines, csv.DictReader(io.StringIO("".join([head, *lines])))) if row["path"] in paths
    ]
    manifest = "".join([head, *rows]).encode()
    package = finished.described(run)
    package["resources"] = [r for r in package["resources"] if r["path"] in paths or r["path"] == "manifest.csv"]
    for resource in package["resources"]:
        if resource["path"] == "manifest.csv":
            resource |= {"bytes": len(manifest), "hash": f"sha256:{provenance.digest(manifest)}"}
    yield "manifest.csv", manifest
    yield "datapackage.json", json_text(package).encode()
