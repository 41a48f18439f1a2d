"""Forked kernels: the same results as plain ones, and as isolated."""

import os
import subprocess
import sys
import time

from jupyter_client.connect import write_connection_file
import nbformat
import papermill
import pytest

from presslab.system import kernel
from presslab.system.notebook import joined, normalised

pytestmark = pytest.mark.skipif(
    not kernel.can_fork(), reason="this system can't fork kernels (needs Linux with pidfd_open)"
)


def cells(tmp_path, codes: list[str], engine: str | None = "presslab", **kwargs) -> list[list[dict]]:
    """Execute a notebook in a folder; gives the outputs of each cell, without where the clock cut what was printed."""
    path = tmp_path / "one.ipynb"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code) for code in codes])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, path)
    done = papermill.execute_notebook(
        path, None, engine_name=engine, kernel_name="python3", progress_bar=False, cwd=tmp_path, **kwargs
    )
    return [
        [{k: v for k, v in output.items() if k != "metadata"} for output in joined(cell.outputs)] for cell in done.cells
    ]


def run(tmp_path, code: str, **kwargs) -> list[dict]:
    """Execute a notebook of one cell in a folder; gives its outputs."""
    return cells(tmp_path, [code], **kwargs)[0]


CODES = [
    "print(sum(range(10)))",
    "import pandas as pd; pd.DataFrame({'a': [1, 2]})",
    (
        "import os; os.path.basename(os.getcwd()) == os.path.basename(os.environ.get('PWD', os.getcwd())) or"
        " os.listdir()"
    ),
    "from IPython.display import HTML; HTML('<b>x</b>')",
    "import asyncio; print('before'); await asyncio.sleep(0.01); print('after')",
    (
        "import subprocess, sys; print('a'); subprocess.run([sys.executable, '-c', 'print(1)'], check=True);"
        " print('b', file=sys.stderr)"
    ),
    "import threading\nfor i in range(3):\n    t = threading.Thread(target=print, args=(i,)); t.start(); t.join()",
    (
        "import sys, time\nfor i in range(40):\n    print(i)\n    time.sleep(0.013)\nsys.stdout.flush();"
        " display('shown'); print('end')"
    ),
    "import ipykernel.ipkernel; ipykernel.ipkernel.sys.version",
]
CHART = "import matplotlib.pyplot as plt\nfigure = plt.plot([1, 2])"


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """What each cell of one notebook gives in a forked and in a plain kernel."""
    folder = tmp_path_factory.mktemp("both")
    forked, plain = (cells(folder, [*CODES, CHART], engine) for engine in ("presslab", None))
    return dict(zip([*CODES, CHART], zip(forked, plain, strict=True), strict=True))


@pytest.mark.parametrize("code", CODES)
def test_forked_and_plain_kernels_give_the_same_outputs(both, code):
    forked, plain = both[code]
    assert forked == plain and forked


def printed(*texts: str):
    """Outputs of a cell as a kernel sends them: "!…" was printed on stderr, "[…]" shown."""
    return [
        nbformat.v4.new_output("display_data", {"text/plain": text}) if text.startswith("[")
        else nbformat.v4.new_output("stream", name="stderr" if text.startswith("!") else "stdout", text=text)
        for text in texts
    ]  # fmt: skip


@pytest.mark.parametrize("sent", [["a\nb\n", "!w\n!x\n"], ["a\n", "b\n", "!w\n!x\n"], ["!w\n", "a\n", "!x\n", "b\n"]])
def test_when_a_kernel_sent_what_was_printed_changes_no_byte(sent):
    cell = nbformat.v4.new_code_cell("", id="same", outputs=printed(*sent, "[chart]", "c", "d\n"))
    notebook = normalised(nbformat.v4.new_notebook(cells=[cell]))
    assert notebook.cells[0].outputs == printed("a\nb\n", "!w\n!x\n", "[chart]", "cd\n")


def test_kernels_work_in_their_own_folder_with_their_own_random_state(tmp_path):
    code = "import os, random; print(os.getcwd()); print(random.random())"
    first, second = run(tmp_path, code)[0]["text"].split(), run(tmp_path, code)[0]["text"].split()
    assert first[0] == second[0] == str(tmp_path)
    assert first[1] != second[1]


def test_what_one_kernel_changes_no_other_sees(tmp_path):
    run(tmp_path, "import math, os; math.pi = 3; os.environ['LEFT_BEHIND'] = '1'")
    assert (
        run(tmp_path, "import math, os; print(math.pi, os.environ.get('LEFT_BEHIND'))")[0]["text"]
        == "3.141592653589793 None\n"
    )


def test_a_kernel_that_dies_is_an_error_and_harms_no_other(tmp_path):
    with pytest.raises(Exception, match="(?i)died|kernel"):
        run(tmp_path, "import os; os._exit(3)")
    assert run(tmp_path, "print('alive')")[0]["text"] == "alive\n"


def test_an_error_in_a_cell_is_raised_with_its_name(tmp_path):
    with pytest.raises(papermill.PapermillExecutionError, match="ZeroDivisionError"):
        run(tmp_path, "1/0")


def test_what_the_template_was_told_to_do_is_found_in_the_fork(tmp_path):
    kernel.Template.shared().call("os:putenv", "UNUSED", "1")
    kernel.Template.shared().call("random:seed", 5)
    with pytest.raises(AttributeError):
        kernel.Template.shared().call("os:no_such_function")
    assert run(tmp_path, "print('still here')")[0]["text"] == "still here\n"


@pytest.mark.slow
def test_what_no_article_needs_is_not_loaded():
    """NLTK, which textstat wants for a download, loads scipy and scikit-learn; the figures that a collection
    saves load matplotlib."""
    code = "import sys; from presslab.runs.warm import warm; warm(); print(*{m.partition('.')[0] for m in sys.modules})"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert "spacy" in loaded  # textstat is measured in a copy of its own, which leaves no name
    assert not {"textstat", "nltk", "scipy", "sklearn", "matplotlib", "seaborn"} & set(loaded)


def test_switched_off_the_engine_is_plain_papermill(tmp_path, monkeypatch):
    monkeypatch.setenv("PRESSLAB_FORK", "0")
    assert run(tmp_path, "print(1)")[0]["text"] == "1\n"


def test_a_chart_is_a_picture_in_a_forked_kernel_too(both):
    forked, plain = both[CHART]
    assert forked == plain and any("image/png" in output.get("data", {}) for output in forked)


def test_a_kernel_ends_with_its_template(tmp_path):
    template = kernel.Template()
    template.once("presslab.runs.warm:warm")
    path, _ = write_connection_file(str(tmp_path / "kernel.json"))
    pid = template.fork(path, str(tmp_path), dict(os.environ))
    process = kernel.ForkedProcess(pid)
    assert process.poll() is None
    template.process.kill()
    template.close()
    deadline = time.monotonic() + 10
    while process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.05)
    assert process.poll() == 0


def test_a_template_that_takes_too_long_is_ended(tmp_path):
    template = kernel.Template()
    with pytest.raises(kernel.TemplateError, match="took more than 1 s for call time:sleep"):
        template.call("time:sleep", 60, patience=1)
    assert template.process.wait(10) != 0


@pytest.mark.slow
def test_a_template_with_threads_is_not_forked_and_the_notebook_runs_all_the_same(tmp_path, monkeypatch):
    template = kernel.Template()
    monkeypatch.setattr(kernel.Template, "_shared", template)
    template.call(
        "builtins:exec", "import threading, time; threading.Thread(target=time.sleep, args=(60,), daemon=True).start()"
    )
    with pytest.raises(kernel.TemplateError, match="2 threads"):
        template.fork("", "", {})
    assert run(tmp_path, "print('alive')")[0]["text"] == "alive\n"
    template.close()


@pytest.mark.slow
def test_memory_of_kernels_is_limited(tmp_path, monkeypatch):
    monkeypatch.setenv(kernel.MEMORY, str(3 * 2**30))
    monkeypatch.setattr(kernel.Template, "_shared", kernel.Template())
    with pytest.raises(papermill.PapermillExecutionError, match="MemoryError"):
        run(tmp_path, "held = bytearray(4 * 2**30)")
    assert run(tmp_path, "print('alive')")[0]["text"] == "alive\n"
    kernel.Template.shared().close()
