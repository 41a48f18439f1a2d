"""What presslab withstands, measured: kill -9 at random moments of six commands, and very many very short articles.

python tests/bench/endurance.py --kills 20                  each command killed so often, to tests/bench/kills.json
python tests/bench/endurance.py --kills 20 --command read   one of them
python tests/bench/endurance.py --tiny 20000                a long table measured, to tests/bench/tiny.json
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
import random
import shutil
import sys
import tempfile
import time

import psutil

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import kills  # noqa: E402
from stories import varied  # noqa: E402

WORDS = 40  # of a tiny article
QUARTERS = 4
MB = 1_000_000


def killed(commands: list[str], times: int) -> dict[str, dict[str, int]]:
    """Kill each command so often, at moments spread over its duration, every other time with its whole process group.

    Count how often nothing was half written, no process and no litter stayed, and the second run ended with the same
    bytes."""
    counts = {}
    with tempfile.TemporaryDirectory(prefix="presslab-bench-") as place:
        start = kills.prepared(Path(place) / "start")
        for name in commands:
            whole = kills.undisturbed(name, start, Path(place) / f"whole-{name}")
            chance, same = random.Random(f"killed {name}"), 0
            for number in range(times):
                folder = Path(place) / f"{name}-{number}"
                wrong = kills.killed(name, start, folder, whole, chance, bool(number % 2))
                wrong += kills.went_on(name, folder, whole)
                if not wrong:
                    shutil.rmtree(folder)
                same += not wrong
                print(f"{name} {number + 1}: {'; '.join(wrong) or 'same'}", file=sys.stderr, flush=True)
            counts[name] = {"killed": times, "same": same}
    return counts


def tiny(count: int) -> list[dict[str, float]]:
    """Measure so many tiny articles of one table with one job, and return the cost of each quarter.

    CPU seconds are per 1,000 articles; memory is the most that all processes held (MB, proportional share).
    """
    with tempfile.TemporaryDirectory(prefix="presslab-bench-") as place:
        table, output = Path(place) / "tiny.jsonl", Path(place) / "out.csv"
        with table.open("w", encoding="utf-8") as stream:
            for number in range(count):
                text = " ".join(varied(number).split()[:WORDS])
                print(json.dumps({"id": f"t{number:06}", "text": f"{text}."}), file=stream)
        command = [sys.executable, "-m", "presslab", "measure", str(table), "-o", str(output), "--jobs", "1", "--quiet"]
        process = psutil.Popen(command, cwd=place)
        samples = []
        while process.poll() is None:
            samples.append((_lines(Path(place)), *_cost(process)))
            time.sleep(1)
    quarters = []
    for number in range(QUARTERS):
        low, high = count * number // QUARTERS, count * (number + 1) // QUARTERS
        inside = [sample for sample in samples if low < sample[0] <= high + 1]
        rows, cpu = (inside[-1][i] - inside[0][i] for i in (0, 1))
        most = round(max(sample[2] for sample in inside))
        quarters.append({"articles": high, "cpu_per_1000": round(1000 * cpu / rows, 2), "memory": most})
    return quarters


def _lines(place: Path) -> int:
    """Rows written so far."""
    return sum(path.read_bytes().count(b"\n") for path in place.glob(f"{kills.PART}*"))


def _cost(process: psutil.Process) -> tuple[float, float]:
    """CPU seconds so far and memory now (MB) of a process and all below it."""
    cpu = memory = 0.0
    try:
        for one in [process, *process.children(recursive=True)]:
            used = one.cpu_times()
            cpu += used.user + used.system + used.children_user + used.children_system
            memory += one.memory_full_info().pss / MB
    except psutil.Error:  # one of them has just ended
        pass
    return cpu, memory


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=0, metavar="N")
    parser.add_argument("--command", choices=["all", *kills.COMMANDS], default="all")
    parser.add_argument("--tiny", type=int, default=0, metavar="N")
    options = parser.parse_args()
    if options.tiny:
        quarters = tiny(options.tiny)
        (HERE / "tiny.json").write_text(json.dumps(quarters, indent=1) + "\n")
        print(*quarters, sep="\n")
    if options.kills:
        counts = killed(list(kills.COMMANDS) if options.command == "all" else [options.command], options.kills)
        total, same = (sum(count[what] for count in counts.values()) for what in ("killed", "same"))
        if options.command == "all":
            result = {"killed": total, "same": same, "commands": counts}
            (HERE / "kills.json").write_text(json.dumps(result, indent=1) + "\n")
        print(f"{same} of {total} the same")
        sys.exit(same != total)


if __name__ == "__main__":
    main()
