"""The Python door: what people import gives the command's numbers, changes nothing of theirs, and says what is wrong."""

import ast
import os
from pathlib import Path
import subprocess
import sys

HOUSE = Path(__file__).resolve().parents[1] / "analysis" / "presslab"
SEEDS = Path(__file__).resolve().parents[1] / "seeds"


def ran(folder: Path, code: str, *options: str, **environment: str) -> str:
    """Run a script without a guard that lies in a folder; gives its standard output. It may print nothing else."""
    script = folder / "script.py"
    script.write_text(code)
    done = subprocess.run([sys.executable, *options, str(script)], cwd=folder, env=os.environ | environment, capture_output=True, text=True, timeout=300)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return done.stdout


def test_every_exception_of_presslab_is_an_error():
    from presslab.system.error import Error

    bases = {
        f"{path.relative_to(HOUSE)}: {node.name}"
        for path in HOUSE.rglob("*.py") if path.relative_to(HOUSE).parts[0] != "cli"
        for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.ClassDef)
        for base in node.bases if isinstance(base, ast.Name) and base.id.endswith(("Exception", "Error")) and base.id != Error.__name__
    }  # fmt: skip
    assert bases == {"system/error.py: Error"}


def test_workers_never_run_the_users_script_again(tmp_path):
    code = (
        "print('begun')\nimport threading\nfrom presslab.system.apart import Apart\nfrom presslab.system.parallel import Limits, in_parallel\n"
        "print(sorted(r for _, r in in_parallel(abs, [(-1,), (-2,)], 2)))\n"
        "threading.Thread(target=threading.Event().wait, daemon=True).start()  # with two threads a process is spawned, not forked\n"
        "print(list(Apart(Limits()).items(reversed, (1, 2))), __spec__)\n"
    )
    assert ran(tmp_path, code) == "begun\n[1, 2]\n[2, 1] None\n"
