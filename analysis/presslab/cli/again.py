"""Make a run again from its inputs, elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from pathlib import Path

from presslab.collecting import Collection
from presslab.collecting.run import corpus_run
from presslab.comparison.run import compare_run
from presslab.reading.paths import paths_of
from presslab.reporting.wording import many, number
from presslab.runs import finished, folder as run_folder
from presslab.runs.articles import report_run
from presslab.runs.compared import Compared, compare, inputs_of, manifest
from presslab.runs.job import OWN_FILES, Options
from presslab.runs.state import FILE, origin
from presslab.system import scratch
from presslab.system.files import Stopped, written
from presslab.system.parallel import Limits, in_parallel

Making = Callable[
    [Iterable[str], Path, Options, str, run_folder.Spread, run_folder.Progress, Limits], run_folder.Run | Collection
]
# the parameter that a run has a name by, and what makes the run
NAMED: dict[str, Making] = {"title": corpus_run, "event": compare_run}


def rerun(
    folder: Path,
    inputs: Iterable[str] = (),
    spread: run_folder.Spread = in_parallel,
    progress: run_folder.Progress = lambda n, s: None,
    limits: Limits = Limits(),
) -> Compared:
    """Make the run of a folder again elsewhere, and compare every file of its manifest. The folder is not changed.

    `inputs` are where the input files are now, if that is not where they were. Of a run that somebody else made,
    or that was made on another machine, no path is used: its inputs have to be named. Raises Stopped if the folder
    holds no run, or its inputs are not found.
    """
    finished.described(folder)  # what can't be read is reported before anything is made
    manifest(folder)
    with scratch.folder() as place:
        again = Path(place) / "run"
        coding_files = {path: (folder / path).read_bytes() for path in finished.below(folder, "coding")}
        remake(folder, again, coding_files, inputs, spread, progress, limits)
        return compare(folder, again)


def remake(
    folder: Path,
    again: Path,
    coded: Mapping[str, bytes],
    inputs: Iterable[str],
    spread: run_folder.Spread,
    progress: run_folder.Progress,
    limits: Limits,
    show: str = "",
) -> None:
    """Make the run of a folder once more in the folder `again`, from its inputs, with the files `coded` (path →
    content) in its folder `coding`; `show` takes the place of its --text, "" of none. Other arguments and what is
    raised as in `rerun`."""
    parameters = finished.described(folder)["presslab"]["parameters"]
    inputs_of(folder)
    with finished.usable(folder, FILE):
        record = origin(folder)
    input_paths = [str(i) for i in inputs] or (record or {}).get("files", [])
    absent = [i for i in input_paths if not Path(i).exists() and not any(c in i for c in "*?[")]
    if not input_paths or absent:
        raise Stopped(
            f"{folder}: the inputs are not where they were; name them with --inputs"
            f" ({', '.join(absent) or 'none are noted'})"
        )
    with finished.usable(folder, finished.DESCRIPTION):
        name = next((name for name in NAMED if name in parameters), "")  # "" for a run of articles
        parameters = {
            "people": "",
            "count_reprints": False,
            "yardstick": "",
        } | parameters  # not every kind of run has them
        kinds = {"clean": bool, "any_language": bool, "count_reprints": bool, "text": str} | dict.fromkeys(
            (*OWN_FILES, name or "text"), str
        )
        if not all(isinstance(parameters[name], kind) for name, kind in kinds.items()) or parameters["text"] not in (
            "full",
            "excerpts",
            "none",
        ):
            raise ValueError("its parameters are not presslab's")
    own = {kind: _own_file(kind, parameters, input_paths, record) for kind in OWN_FILES}
    options = Options(
        parameters["clean"], parameters["any_language"], show or parameters["text"],
        count_reprints=parameters["count_reprints"], **own,
    )  # fmt: skip
    if name:
        NAMED[name](input_paths, again, options, parameters[name], spread, progress, limits)
    else:
        with run_folder.opened(again, "report"):
            pass  # a run's folder: what lies in it then is not in the way
        for path, content in coded.items():
            (again / path).parent.mkdir(parents=True, exist_ok=True)
            (again / path).write_bytes(content)
        for step in _steps(folder, input_paths, parameters["add"]) if "add" in parameters else [input_paths]:
            report_run(step, again, options, spread, progress, limits, add="add" in parameters)


def _steps(folder: Path, inputs: list[str], sizes: list[int]) -> list[list[str]]:
    """Return the inputs of a run that grew by --add, in the steps in which they were added.

    Raises Stopped if one is not there with the content that it had: the articles of the run are from all of them.
    """
    input_rows = [(row["file"], row["sha256"]) for row in finished.listed(folder, "inputs.csv", "sha256")]
    places = {written(path)[1]: str(path) for path in paths_of(inputs) if path.is_file()}
    absent = [file for file, sha in input_rows if sha not in places]
    if absent:
        names = ", ".join(absent[:3]) + (" …" if len(absent) > 3 else "")
        raise Stopped(
            f"{folder}: the run grew by --add, and {number(len(absent))} of its"
            f" {many(len(input_rows), 'input')} are not there with the"
            f" content that they had ({names}); name with --inputs where each of them is now"
        )
    with finished.usable(folder, finished.DESCRIPTION):
        if (
            not isinstance(sizes, list)
            or not all(isinstance(size, int) and size > 0 for size in sizes)
            or sum(sizes) != len(input_rows)
        ):
            raise ValueError("its parameters are not presslab's")
    coming = iter(input_rows)
    return [[places[sha] for _, sha in islice(coming, size)] for size in sizes]


def _own_file(kind: str, parameters: dict, inputs: list[str], record: dict | None) -> str:
    """Return the user's file of a kind (of OWN_FILES) of a run, "" for none. Raises Stopped if it is not found with the
    content it had."""
    name = parameters[kind]
    if not name:
        return ""
    if Path(name).name != name or "\\" in name:
        raise Stopped(f"the file for --{kind} {name} is named with a path, as no run of presslab's does")
    beside = [Path(i).parent / name for i in inputs] + [Path(i) for i in inputs if Path(i).name == name]
    for path in ([Path(record["options"][kind])] if record and record["options"].get(kind) else []) + beside:
        if path.is_file() and written(path)[1] == parameters.get(f"{kind}_sha256"):
            return str(path)
    raise Stopped(f"the file for --{kind} {name} is not where it was, or has changed")
