"""What presslab leans on that other packages don't promise (CONTRIBUTING.md lists it): one test for each, which says
what changed."""

import ast
import inspect
import multiprocessing.popen_spawn_posix
import multiprocessing.spawn
from pathlib import Path
import re
import subprocess
import sys

import pytest

from presslab.measures.readability import asis
from presslab.parsing import parser

ROOT = Path(__file__).resolve().parents[1]
LISTED = (ROOT / "CONTRIBUTING.md").read_text("utf-8").split("## What presslab leans on")[1].split("\n## ")[0]


@pytest.fixture(scope="module")
def pipeline():
    """spaCy's pipeline as it is installed, without what presslab puts in its place."""
    import spacy

    return spacy.load(parser.MODEL)


def test_ipykernel_buffers_output_as_the_fork_expects():
    from ipykernel.iostream import OutStream

    source = inspect.getsource(OutStream)
    for name in ("self._buffers", "self._buffer_lock", "def _flush(", "def flush("):
        assert name in source, (
            f"ipykernel.iostream.OutStream has no {name}: system/forked.py Stream skips flushes by it"
        )


def test_ipykernel_makes_its_kernel_in_the_steps_that_the_fork_replaces():
    from ipykernel import ipkernel
    from ipykernel.ipkernel import IPythonKernel
    from ipykernel.kernelapp import IPKernelApp

    assert hasattr(IPythonKernel, "_supports_kernel_subshells"), (
        "ipykernel has no switch for subshells: see system/forked.py Kernel"
    )
    for name in ("parse_command_line", "init_control", "init_kernel"):
        assert callable(getattr(IPKernelApp, name, None)), f"IPKernelApp.{name} is missing: see system/forked.py App"
    assert {"kernel_class", "outstream_class"} <= set(IPKernelApp.class_trait_names()), (
        "IPKernelApp takes its classes in another way"
    )
    assert "shell_channel_thread" in inspect.getsource(IPKernelApp), (
        "ipykernel has no shell_channel_thread: see system/forked.py NoThread"
    )
    assert hasattr(ipkernel, "sys"), (
        "ipykernel.ipkernel no longer imports sys: App.init_kernel hides the list of modules from it"
    )


def test_jupyter_client_asks_kernels_and_clients_as_the_fork_answers():
    from jupyter_client.asynchronous import AsyncKernelClient
    from jupyter_client.manager import AsyncKernelManager
    from jupyter_client.provisioning import LocalProvisioner

    assert inspect.iscoroutinefunction(AsyncKernelClient._async_is_alive), (
        "AsyncKernelClient._async_is_alive: see system/kernel.py"
    )
    assert inspect.iscoroutinefunction(AsyncKernelManager._async_wait), (
        "AsyncKernelManager._async_wait: system/kernel.py replaces it"
    )
    assert "client_factory" in AsyncKernelManager.class_trait_names(), (
        "AsyncKernelManager takes its client in another way"
    )
    for name in ("poll", "wait", "send_signal", "kill"):
        assert f"self.process.{name}(" in inspect.getsource(LocalProvisioner), (
            f"LocalProvisioner doesn't call process.{name}: see system/kernel.py"
        )


def test_spacys_attribute_ruler_matches_by_a_method_that_can_be_replaced(pipeline):
    ruler = pipeline.get_pipe("attribute_ruler")
    assert "self.match(" in inspect.getsource(type(ruler).__call__), (
        "AttributeRuler calls no match(): parsing/parser.py replaces it"
    )
    assert all({"patterns", "attrs", "index"} == set(entry) for entry in ruler.patterns), (
        "AttributeRuler.patterns has other fields"
    )


def test_spacys_lemmatizer_looks_words_up_as_expected(pipeline):
    lemmatizer = pipeline.get_pipe("lemmatizer")
    assert (lemmatizer.mode, lemmatizer.overwrite) == (
        "rule",
        False,
    ), "the lemmatizer works in another mode: see parsing/lemmas.py"
    assert lemmatizer.lookups.has_table("lemma_index"), (
        "the lemmatizer has no table lemma_index: parsing/lemmas.py makes its lists sets"
    )


def test_spacys_entity_recogniser_is_built_as_expected(pipeline):
    ner = pipeline.get_pipe("ner")
    kinds = {ner.moves.get_class_name(number).partition("-")[0] for number in range(ner.moves.n_moves)}
    assert {"B", "I", "L", "U", "O"} <= kinds, f"the recogniser's moves are {kinds}: see parsing/entities.py"
    lower, upper = ner.model.get_ref("lower"), ner.model.get_ref("upper")
    assert lower.get_dim("nF") == 3 and ner.cfg["beam_width"] == 1, (
        "the recogniser has other features or a beam: see parsing/entities.py"
    )
    assert lower.has_param("b") and upper.has_param("W") and upper.has_param("b"), (
        "the recogniser's layers have other parameters"
    )


def test_thinc_multiplies_matrices_by_gemm():
    from thinc.api import NumpyOps

    assert list(inspect.signature(NumpyOps.gemm).parameters)[:6] == [
        "self",
        "x",
        "y",
        "out",
        "trans1",
        "trans2",
    ], "NumpyOps.gemm: see parsing/parser.py"


def test_textstat_counts_syllables_by_the_functions_that_are_replaced():
    theirs = asis.textstat()
    backend = Path(theirs.__file__).parent / "backend"
    for name in (
        "counts/_count_syllables.py",
        "counts/_count_polysyllable_words.py",
        "validations/_is_difficult_word.py",
    ):
        assert (backend / name).is_file(), (
            f"textstat has no backend/{name}: measures/readability/asis.py replaces functions in it"
        )
    assert "get_cmudict(" in (backend / "counts/_count_syllables.py").read_text("utf-8"), (
        "textstat takes its dictionary from elsewhere"
    )


def test_nbconvert_initialises_resources_by_a_method_of_its_exporter():
    from nbconvert.exporters import HTMLExporter
    from nbconvert.exporters.exporter import Exporter

    assert callable(getattr(Exporter, "_init_resources", None)), "Exporter._init_resources: reporting/pages.py calls it"
    assert callable(getattr(HTMLExporter, "_create_environment", None)), (
        "HTMLExporter._create_environment: reporting/pages.py extends it"
    )


def test_multiprocessing_looks_at_the_spec_of_main_and_leaves_a_package_alone():
    source = inspect.getsource(multiprocessing.spawn.get_preparation_data)
    assert '"__spec__"' in source or "__spec__" in source, (
        "multiprocessing finds the main module in another way: see system/own.py"
    )
    fixed = inspect.getsource(multiprocessing.spawn._fixup_main_from_name)
    assert '.endswith(".__main__")' in fixed or ".endswith('.__main__')" in fixed, (
        "multiprocessing would run presslab's __main__ again in workers"
    )


def test_atexit_forgets_what_a_parent_asked_for_and_does_what_the_copy_did():
    script = """
import atexit, os
atexit.register(print, "parent", flush=True)
if not (pid := os.fork()):
    atexit._clear()
    atexit.register(print, "copy", flush=True)
    atexit._run_exitfuncs()
    os._exit(0)
os.waitpid(pid, 0)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.stdout.split() == ["copy", "parent"], done.stderr


def test_lxml_names_the_type_of_its_elements():
    from lxml import etree

    assert isinstance(etree.fromstring("<a/>"), etree._Element), (
        "lxml.etree._Element is gone: reading/formats names it in annotations"
    )


def foreign_insides() -> set[str]:
    """Return the names with a leading underscore that presslab's code uses without defining them."""
    trees = {path: ast.parse(path.read_text("utf-8")) for path in (ROOT / "analysis").rglob("*.py")}
    defined, used = set(), set()
    for tree in trees.values():
        for node in ast.walk(tree):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                defined.add(node.name)
            elif isinstance(node, (ast.Attribute, ast.Name)) and isinstance(node.ctx, ast.Store):
                defined.add(node.attr if isinstance(node, ast.Attribute) else node.id)
            elif isinstance(node, ast.Attribute) and re.match(r"_(?!_)", node.attr):
                used.add(node.attr)
            elif (
                isinstance(node, ast.ImportFrom) and node.level == 0 and not (node.module or "").startswith("presslab")
            ):
                used |= {alias.name for alias in node.names if re.match(r"_(?!_)", alias.name)}
    return used - defined - {"_exit", "_replace"}  # those of os and of named tuples are public


@pytest.mark.slow
def test_every_inside_that_the_code_uses_is_listed():
    missing = sorted(name for name in foreign_insides() if name not in LISTED)
    assert not missing, f"CONTRIBUTING.md, “What presslab leans on”, does not list {', '.join(missing)}"
