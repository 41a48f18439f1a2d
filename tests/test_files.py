"""A file is there whole or not at all, whoever looks and whenever writing ends."""

import pytest

from presslab.system.files import write

OLD = "what was there before\n"


def test_whoever_looks_while_a_file_is_written_sees_the_one_before(tmp_path):
    path = tmp_path / "a.html"
    path.write_text(OLD)
    seen = []

    def pieces():
        for _ in range(3):
            seen.append(path.read_text())
            yield "new " * 100_000

    write(path, pieces())
    assert seen == [OLD] * 3 and path.read_text() == "new " * 300_000


def test_a_file_whose_writing_fails_is_as_it_was_and_nothing_lies_beside_it(tmp_path):
    path = tmp_path / "a.html"
    path.write_text(OLD)

    def pieces():
        yield "half"
        raise RuntimeError("no more")

    with pytest.raises(RuntimeError):
        write(path, pieces())
    assert path.read_text() == OLD and list(tmp_path.iterdir()) == [path]
