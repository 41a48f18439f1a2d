"""Proof that tests can fail: plant one defect at a time in a copy of the tree; do the tests named for it notice?

    python tests/defects.py             all of them, as a table; exit 1 unless every one is caught
    python tests/defects.py rename      those whose name contains a word

A defect whose place in the code is gone, or whose tests fail without it, stops the script: it can't rot unseen.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
import os
from pathlib import Path
import re
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = Path(__file__).resolve().parents[1]
LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv", "__pycache__", ".pytest_cache", ".hypothesis", "reports", "*.egg-info"
)
LONGEST = 900  # seconds that the tests of one defect may take
FAILED = 1  # pytest's exit status if tests failed; 2 to 5 say that they didn't run


@dataclass(frozen=True)
class Defect:
    """A change of one file, `sound` → `broken` (`sound` occurs there once), and the tests that have to notice it."""

    name: str
    file: str
    sound: str
    broken: str
    tests: tuple[str, ...]


DEFECTS = (
    Defect(
        "an escape removed in the HTML",
        "analysis/presslab/reporting/html.py",
        "else escape(plain(value))\n\n\ndef join",
        "else plain(value)\n\n\ndef join",
        ("tests/test_html.py::test_whatever_is_put_into_html_is_escaped",),
    ),
    Defect(
        "the policy dropped from a page",
        "analysis/presslab/data/report/presslab/index.html.j2",
        '<meta http-equiv="Content-Security-Policy"',
        '<meta name="policy"',
        ("tests/test_policy.py",),
    ),
    Defect(
        "a way out let through by serve",
        "analysis/presslab/runs/serve.py",
        "path = inside(root, name)",
        "path = root / name",
        ("tests/test_serve.py::test_nothing_else_is_given",),
    ),
    Defect(
        "rename not atomic: files written in place",
        "analysis/presslab/system/files.py",
        "    partial, size, digest = drafted(path, pieces)\n",
        """    with open(path, "wb") as stream:
        stream.writelines(piece.encode() for piece in pieces)
    return written(path)
""",
        ("tests/test_files.py",),
    ),
    Defect(
        "no limit for archive bombs",
        "analysis/presslab/reading/formats/archives.py",
        "LARGEST_RATIO = 250",
        "LARGEST_RATIO = 10**9",
        ("tests/test_hostile.py::test_a_file_made_to_do_harm_or_cut_short_gets_one_clear_line",),
    ),
    Defect(
        "a run folder's lock ignored",
        "analysis/presslab/runs/state.py",
        "lock.acquire(blocking=False)",
        "pass",
        ("tests/test_resume.py::test_two_runs_at_once_in_one_folder_are_refused",),
    ),
    Defect(
        "a file changed by hand is deleted",
        "analysis/presslab/system/ours.py",
        "if there and self._wrote(name, there):",
        "if there:",
        ("tests/test_outputs.py::test_a_changed_report_of_an_article_that_is_gone_is_kept",),
    ),
    Defect(
        "a file changed by hand is overwritten",
        "analysis/presslab/system/ours.py",
        "and not self._wrote(draft.name, there):",
        "and False:",
        ("tests/test_outputs.py::test_what_was_changed_or_added_by_hand_in_a_run_is_kept_and_named",),
    ),
    Defect(
        "the text filter off for tables",
        "analysis/presslab/reporting/withheld.py",
        "return {name: [_row(row, columns(name)) for row in records] for name, records in tables.items()}",
        "return tables",
        ("tests/test_text_none.py::test_no_file_of_a_run_without_text_holds_eight_words_of_an_article",),
    ),
    Defect(
        "entries of a feed called by position",
        "analysis/presslab/reading/formats/feeds.py",
        "_name(entry, guids, links))",
        "str(feed.entries.index(entry)))",
        ("tests/test_feeds.py",),
    ),
    Defect(
        "no time limit for an article",
        "analysis/presslab/system/parallel.py",
        "self.deadline = time.monotonic() + self.seconds",
        "self.deadline = time.monotonic() + 1e6",
        ("tests/test_parallel.py::test_an_item_that_dies_fails_takes_too_long_or_too_much_memory_harms_no_other",),
    ),
    Defect(
        "no time limit for reading",
        "analysis/presslab/system/apart.py",
        "process.connection.poll(self.limits.seconds)",
        "process.connection.poll(1e6)",
        ("tests/test_apart.py::test_what_came_before_the_trouble_is_kept_and_the_next_task_is_done",),
    ),
    Defect(
        "folders of killed processes left",
        "analysis/presslab/system/scratch.py",
        "shutil.rmtree(held.parent)",
        "pass",
        ("tests/test_scratch.py",),
    ),
    Defect(
        "a card with another number's figure",
        "analysis/presslab/measures/cards.py",
        "return trust.trust(self.name, scope, self.checks, kinds)",
        'return trust.trust("attributed_word_share", scope, self.checks, kinds)',
        ("tests/test_trust.py::test_each_printed_figure_is_that_of_the_record_of_this_number_and_scope",),
    ),
    Defect(
        "an article of another kind trusted as the validated one",
        "analysis/presslab/measures/trust.py",
        "return self.count - self.near.get(topic, 0) if topic in TOPICS else 0",
        "return 0",
        ("tests/test_trust.py::test_an_article_of_another_kind_lowers_the_word_one_step_and_says_why",),
    ),
)


def tested(tree: Path, tests: tuple[str, ...]) -> tuple[int, str, float]:
    """Run tests in a tree; return pytest's exit status, the test that failed (or what pytest said last), and
    seconds."""
    environment = os.environ | {"PYTHONPATH": str(tree / "analysis"), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "--no-header", *tests]
    start = time.monotonic()
    done = subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True, timeout=LONGEST)
    failed = re.search(r"^(?:FAILED|ERROR) (\S+)", done.stdout, re.M)
    said = failed[1] if failed else (done.stdout.strip().splitlines() or [done.stderr[-300:]])[-1]
    return done.returncode, said, time.monotonic() - start


def changed(path: Path, defect: Defect) -> str:
    """Plant a defect in a file; return the file's text before. Exits if the place is not there exactly once."""
    before = path.read_text("utf-8")
    if before.count(defect.sound) != 1:
        times = before.count(defect.sound)
        sys.exit(
            f"{defect.file}: {defect.sound!r} occurs {times} times, not once; mend tests/defects.py ({defect.name})"
        )
    path.write_text(before.replace(defect.sound, defect.broken), "utf-8")
    return before


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("word", nargs="?", default="", help="only defects whose name contains it")
    chosen = [defect for defect in DEFECTS if parser.parse_args().word in defect.name]
    with tempfile.TemporaryDirectory(prefix="presslab-defects-") as place:
        tree = Path(place) / "tree"
        shutil.copytree(ROOT, tree, ignore=LEFT_OUT, symlinks=True)
        asked = [sys.executable, "-c", "import presslab; print(presslab.__file__)"]
        environment = os.environ | {"PYTHONPATH": str(tree / "analysis")}
        imported = subprocess.run(asked, cwd=tree, capture_output=True, text=True, env=environment)
        if not imported.stdout.startswith(str(tree)):
            sys.exit(f"the copy is not what Python imports: {imported.stdout or imported.stderr}")
        for defect in chosen:  # all places first: nobody should wait for tests to learn that one is gone
            (tree / defect.file).write_text(changed(tree / defect.file, defect), "utf-8")
        print("| defect | caught by | seconds |\n|---|---|---|", flush=True)
        caught = 0
        for defect in chosen:
            status, said, _ = tested(tree, defect.tests)
            if status:
                sys.exit(f"{defect.name}: without the defect, {said} (pytest ended with {status})")
            before = changed(tree / defect.file, defect)
            status, said, seconds = tested(tree, defect.tests)
            (tree / defect.file).write_text(before, "utf-8")
            caught += status == FAILED
            by = said if status == FAILED else f"NOT CAUGHT (pytest ended with {status}: {said})"
            print(f"| {defect.name} | {by} | {seconds:.0f} |", flush=True)
    print(f"\n{caught} of {len(chosen)} caught")
    sys.exit(caught != len(chosen))


if __name__ == "__main__":
    main()
