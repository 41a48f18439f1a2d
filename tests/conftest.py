"""Where the real articles are, and articles made in a line."""

from collections import Counter
import os
from pathlib import Path

import pytest

from processes import started_none

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with many slow tests come first, so that two processes end at about the same time."""
    slow = Counter(item.path for item in items if item.get_closest_marker("slow"))
    items.sort(key=lambda item: -slow[item.path])


@pytest.fixture(scope="session", autouse=True)
def cache_of_its_own(tmp_path_factory):
    """Tests keep parsed texts, and the key that signs where inputs lie, in folders of their own. Processes of one test
    run share the parsed texts: each text is parsed once."""
    own = tmp_path_factory.getbasetemp()
    everybodys = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    (everybodys / "presslab-cache").mkdir(exist_ok=True)
    os.environ["PRESSLAB_CACHE"] = str(everybodys / "presslab-cache")
    os.environ["XDG_STATE_HOME"] = str(tmp_path_factory.mktemp("state"))


@pytest.fixture(scope="module")
def in_this_process():
    """Commands that the tests of a file call in their own process work there, see processes.py."""
    with pytest.MonkeyPatch.context() as patch:
        started_none(patch)
        yield


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with the real articles and the gold data, which lies beside the repository and is not part of it."""
    if not SHARED.is_dir():
        pytest.skip("needs the shared corpora beside the repository (../shared), which are not there")
    return SHARED


@pytest.fixture(scope="session")
def wire_story(shared: Path) -> Path:
    """The messy wire story that the project started from."""
    return next((shared / "seeds").glob("*.txt"))
