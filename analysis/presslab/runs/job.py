"""What every kind of run shares: options, the hash of the code, and a notebook run for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import lru_cache, partial
from importlib import resources
from itertools import combinations
import json
from pathlib import Path
from typing import Any

from presslab.system import allowance, kernel, notebook, provenance
from presslab.system.notebook import Executed
from presslab.system.outputs import OutputError

OWN_FILES = ("frames", "people", "yardstick")  # options that name a file of the user's


@dataclass(frozen=True)
class Options:
    """What a run was asked for. `text` says how much of the articles the run shows: full, excerpts or none;
    `frames` names a frame file, `people` a file of names to be joined or kept apart and `yardstick` one of usual news,
    or they are "".
    `count_reprints` has every version of a story counted in a collection, not one an outlet."""

    clean: bool = True
    any_language: bool = False
    text: str = "full"
    frames: str = ""
    people: str = ""
    count_reprints: bool = False
    yardstick: str = ""

    @property
    def of_articles(self) -> dict[str, Any]:
        """The options that a report on one article has: no names are joined and no stories counted there."""
        return {name: value for name, value in asdict(self).items() if name not in ("people", "count_reprints")}

    @property
    def of_events(self) -> dict[str, Any]:
        """The options that a comparison has: no stories are counted there."""
        return {name: value for name, value in asdict(self).items() if name != "count_reprints"}


@lru_cache(maxsize=1)
def code_digest() -> str:
    """Return one hash for everything of presslab that an output depends on: code, data, notebooks, package versions."""
    pieces = [json.dumps(provenance.versions(), sort_keys=True)]
    for root in (resources.files("presslab"), resources.files("presslab_notebooks")):
        folder = Path(str(root))
        for path in sorted(folder.rglob("*")):
            if path.suffix in {
                ".py",
                ".yaml",
                ".npz",
                ".json",
                ".ipynb",
                ".css",
                ".js",
                ".j2",
                ".html",
                ".txt",
                ".csv",
            }:
                pieces.append(f"{path.relative_to(folder).as_posix()} {provenance.digest(path.read_bytes())}")
    return provenance.digest("\n".join(pieces))


@dataclass(frozen=True)
class Basis:
    """What all reports of a run depend on, and each worker is given: the options, with the names alone of the
    user's files, the content of these by the options' names, the hash of the code."""

    options: Options
    own: Mapping[str, bytes]
    code: str

    @property
    def digest(self) -> str:
        """The hash of all that."""
        return provenance.digest(json.dumps([asdict(self.options), self.hashes, self.code]))

    @property
    def hashes(self) -> dict[str, str]:
        """The hash of each of the user's files, as a run's parameters name it."""
        return {f"{name}_sha256": provenance.digest(content) for name, content in self.own.items()}

    @property
    def files(self) -> dict[str, bytes]:
        """The user's files, for the folder that a notebook runs in."""
        return {getattr(self.options, name): content for name, content in self.own.items()}


def basis(options: Options) -> Basis:
    """Return what the reports of a run depend on, by this process's code. Raises OutputError for two files of the user
    that have one name."""
    paths = {name: Path(getattr(options, name)) for name in OWN_FILES if getattr(options, name)}
    for one, other in combinations(paths, 2):
        if (name := paths[one].name) == paths[other].name:
            raise OutputError(f"the files for --{one} and --{other} are both called {name}; rename one of them")
    own = {name: path.read_bytes() for name, path in paths.items()}
    bare_names: dict[str, Any] = {name: path.name for name, path in paths.items()}
    bare = replace(options, **bare_names)
    return Basis(bare, own, code_digest())


def executed(
    name: str, parameters: dict, prepare: tuple[str, tuple], files: dict[str, bytes], warmed_by: str, code: str
) -> Executed:
    """Run a notebook in a forked kernel, and once more in a plain one if that fails; arguments as in `notebook.run`.

    Raises what the second try raised, and VersionError if this process runs other code than `code`, the hash of the
    code that gave the job.
    """
    if code != code_digest():
        raise provenance.VersionError(
            "this worker runs another version of presslab or of a package; install the same lock file"
        )
    run = partial(notebook.run, name, parameters, prepare, files, warmed_by)
    if not kernel.can_fork():
        return replace(
            run(forked=False),
            plain="each notebook starts a kernel of its own, since forking needs Linux and PRESSLAB_FORK not 0",
        )
    try:
        return run(forked=True)
    except Exception as error:
        why = (
            f"{error}{allowance.tight()}"
            if isinstance(error, kernel.NoTemplate)
            else allowance.lacking(error) or type(error).__name__
        )
        try:
            return replace(
                run(forked=False),
                plain=f"a notebook was run again in a plain kernel, since the forked one failed ({why})",
            )
        except Exception as second:
            second.add_note(
                f"(second try, in a plain kernel; the first, in a forked one, ended with {type(error).__name__})"
            )
            raise second from None
