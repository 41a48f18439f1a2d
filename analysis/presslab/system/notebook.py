"""Run one of our notebooks in a kernel of its own and give it back without clock times, paths and random ids."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
import importlib
from importlib import resources
from itertools import groupby
import os
from pathlib import Path
import re
import threading
from typing import Any

from . import kernel, scratch

CELL_TIMEOUT = 600  # seconds a cell may take, unless a run says otherwise
ADDRESS = re.compile(r"(<[^<>]* at )0x[0-9a-f]+(?=[ >])")
FOLDERS = re.compile(r"(?:/[^\s/:\"']+)+/(?=site-packages/|python3\.\d+/|ipykernel_\d+/)")
_one_at_a_time = threading.Lock()  # a process has one template, and what was prepared there is for the next fork


@dataclass(frozen=True)
class Executed:
    """An executed notebook, the same as the text of a file, and what `prepare` gave; `plain` says why its kernel was
    not forked, which takes seconds instead of milliseconds."""

    notebook: Any
    text: str
    prepared: Any
    plain: str = ""


def notebook_path(name: str = "article") -> Path:
    """Return where the notebook template NAME.ipynb is, in a checkout or in an installed wheel."""
    return Path(str(resources.files("presslab_notebooks") / f"{name}.ipynb"))


def run(
    name: str,
    parameters: Mapping[str, Any],
    prepare: tuple[str, tuple],
    files: Mapping[str, bytes],
    warmed_by: str,
    forked: bool = True,
    timeout: int = CELL_TIMEOUT,
) -> Executed:
    """Run the notebook template NAME.ipynb in a folder of its own that holds `files`.

    `prepare` is ("module:function", arguments): it is called first with that folder and the arguments, in the process
    that the kernel is forked from, so that the notebook finds what it leaves there; with a plain kernel it is called in
    this process, and the notebook works from `files`. `warmed_by` is a "module:function" that loads what the notebook
    needs. Raises what `prepare` or the notebook raised."""
    import nbformat  # here, not above: kernel has to be imported first
    import papermill
    from traitlets.config import Config

    function, arguments = prepare
    with _one_at_a_time, scratch.folder() as folder:
        for file, content in files.items():
            Path(folder, file).write_bytes(content)
        if forked:
            template = kernel.Template.shared()
            template.once(warmed_by)
            prepared = template.call(function, folder, *arguments, patience=timeout)
        else:
            module, function_name = function.split(":")
            prepared = getattr(importlib.import_module(module), function_name)(folder, *arguments)
        notebook = papermill.execute_notebook(
            notebook_path(name),
            None,
            parameters=dict(parameters),
            engine_name="presslab" if forked else None,
            kernel_name="python3",
            progress_bar=False,
            cwd=folder,
            execution_timeout=timeout,
            shutdown_kernel="immediate",
            config=Config(KernelManager={"connection_file": str(Path(folder, "kernel.json"))}),  # goes with the folder
            **({"plain": False} if forked else {}),
        )
    normalised(notebook, folder)
    return Executed(notebook, nbformat.writes(notebook) + "\n", prepared)


def normalised(notebook: Any, folder: str = "") -> Any:
    """Return the executed notebook (a NotebookNode) without clock times, durations, machine paths, memory addresses
    and random cell ids, and with what was printed in one piece.

    Changes it in place; `folder` is the folder it ran in.
    """
    run = notebook.metadata.get("papermill", {})
    notebook.metadata["papermill"] = {
        name: run[name] for name in ("default_parameters", "parameters", "version") if name in run
    }
    for number, cell in enumerate(notebook.cells):
        for name in ("papermill", "execution", "status"):
            cell.metadata.pop(name, None)
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell["id"] = f"injected-parameters-{number}"
        if "outputs" in cell:
            cell["outputs"] = joined(cell.outputs)
        for output in cell.get("outputs", []):
            if "text" in output:
                output["text"] = without_machine(output["text"], folder)
            data = output.get("data", {})
            for kind in data:
                if kind.startswith("text/") and isinstance(data[kind], str):
                    data[kind] = without_machine(data[kind], folder)
    return notebook


def joined(outputs: Iterable[Any]) -> list[Any]:
    """Return the outputs of a cell with all that was printed between two other outputs in one piece, standard
    output before standard error: a kernel sends what was printed by the clock, so where it is cut, and which of the
    two comes first, is chance."""
    whole: list[Any] = []
    for is_stream, group in groupby(outputs, key=lambda output: output["output_type"] == "stream"):
        if not is_stream:
            whole.extend(group)
            continue
        pieces = list(group)
        for name in ("stdout", "stderr"):
            of_name = [piece for piece in pieces if piece["name"] == name]
            if of_name:
                whole.append(type(of_name[0])(of_name[0], text="".join(piece["text"] for piece in of_name)))
    return whole


def without_machine(text: str, folder: str = "") -> str:
    """Return a text without memory addresses and without the folders of this machine: paths of code begin at their
    package."""
    if " at 0x" in text:
        text = ADDRESS.sub(r"\1…", text)
    if folder:
        text = text.replace(f"{folder}{os.sep}", "").replace(folder, ".")
    root = str(Path(__file__).resolve().parents[2])
    for place in (root, str(notebook_path().parent.parent)):
        text = text.replace(f"{place}{os.sep}", "")
    return FOLDERS.sub("", text) if any(mark in text for mark in ("site-packages/", "python3.", "ipykernel_")) else text
