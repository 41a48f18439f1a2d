"""Each defect that `make planted` plants has its place in the code, exactly once, and a test that is there."""

from pathlib import Path

import pytest

from defects import DEFECTS

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: defect.name)
def test_it_can_be_planted(defect):
    assert (ROOT / defect.file).read_text("utf-8").count(defect.sound) == 1
    for test in defect.tests:
        path, _, name = test.partition("::")
        assert (ROOT / path).is_file() and (not name or f"def {name}(" in (ROOT / path).read_text("utf-8")), test
