"""How well attributions and sources agree with human coders; figures for cards, README and notebook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
import json
from pathlib import Path
import re
import subprocess
import sys
import tempfile
from typing import Any

import pandas as pd

from presslab.measures import validity
from presslab.measures.tables import attribution_row
from presslab.reading.article import Article
from presslab.reading.read import read

from . import direct, gold, off_politics
from .sources import hand_read

COMMAND = "make validate"
GOLD = Path(__file__).resolve().parents[3] / "tests" / "gold" / "source_mentions.jsonl"
ROLES = ("source", "cue", "content")
SPLIT = re.compile(r"\w+")


def measured(shared: Path) -> dict[str, Any]:
    """Return all figures of the family "attribution", measured again on the corpora in `shared`.

    Keys: `dev` (spans and ratios: PolNeAR dev against its first annotator), `human` (the second annotator against
    the first, on the articles of train and dev that have two), `off` (news that is not politics, the half that taught
    nothing, against a language model's codes), `direct` (its direct quotations), `speakers` (BASIL),
    `mentions` (who is meant, hand-read articles). Raises FileNotFoundError if a corpus is missing.
    """
    return {
        "dev": dev(shared), "human": human(shared), "off": off_politics_figures(shared),
        "direct": direct.figures(shared),
        "speakers": speakers(shared),
        "mentions": mentions(shared),
    }  # fmt: skip


def dev(shared: Path) -> dict[str, Any]:
    """Return spans and article ratios against the first annotator of PolNeAR dev, by the scorer beside the corpus."""
    part = shared / "polnear" / "dev"
    with tempfile.TemporaryDirectory() as folder:
        found = _write(Path(folder) / "found.jsonl", predictions(part / "text"))
        return _scored(shared / "scorers" / "score_attribution.py", found, part)


def human(shared: Path) -> dict[str, Any]:
    """Return the same figures for the second annotator against the first: how far two people agree."""
    with tempfile.TemporaryDirectory() as folder:
        double = Path(folder) / "double"
        rows = (row for part in ("train", "dev") for row in _second_annotators(shared / "polnear" / part, double))
        found = _write(Path(folder) / "second.jsonl", rows)
        return _scored(shared / "scorers" / "score_attribution.py", found, double)


def off_politics_figures(shared: Path) -> dict[str, Any]:
    """Return spans and ratios on news that is not politics, against the first of two passes by a language model."""
    with tempfile.TemporaryDirectory() as folder:
        rows = (attribution_row(article) for article in off_politics.lay_out(shared, "kept", Path(folder)))
        found = _write(Path(folder) / "found.jsonl", rows)
        return _scored(shared / "scorers" / "score_attribution.py", found, Path(folder))


def speakers(shared: Path) -> dict[str, Any]:
    """Return the share of BASIL's quotations whose speaker is found, and found right."""
    basil = shared / "basil"
    with tempfile.TemporaryDirectory() as folder:
        found = _write(Path(folder) / "basil.jsonl", predictions(basil / "articles.jsonl"))
        return _scored(
            shared / "scorers" / "score_speakers.py", found, basil / "articles.jsonl", basil / "annotations.jsonl"
        )


def mentions(shared: Path) -> dict[str, Any]:
    """Return the shares of mentions resolved right, wrong and left open in hand-read articles (see
    sources.validate: they were developed on since they were read)."""
    texts = shared / "polnear" / "train" / "text"
    verdicts = [v.verdict for v in hand_read(GOLD, texts)] if GOLD.is_file() else []
    return {"n": len(verdicts)} | {
        name: round(verdicts.count(name) / max(len(verdicts), 1), 3) for name in ("right", "wrong", "open")
    }


def predictions(path: Path) -> Iterator[dict[str, Any]]:
    """Yield a line for the scorers for each article of a folder or table, read as it stands."""
    for item in read([str(path)], clean=False, any_language=True):
        if isinstance(item, Article):
            yield attribution_row(item)


def _write(path: Path, rows: Iterator[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def _scored(*words: Path) -> dict[str, Any]:
    done = subprocess.run([sys.executable, *map(str, words), "--json"], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def _annotations(part: Path, name: str) -> list[Path]:
    return sorted((part / "attributions").glob(f"{name}_*.ann"))


def _second_annotators(dev: Path, folder: Path) -> Iterator[dict[str, Any]]:
    """Yield lines for the scorer as if the second annotator were a program; lays the doubly annotated articles into
    `folder`."""
    for part in ("text", "attributions"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    for text in sorted((dev / "text").glob("*.txt")):
        files = _annotations(dev, text.stem)
        if len(files) < 2:
            continue
        (folder / "text" / text.name).write_bytes(text.read_bytes())
        (folder / "attributions" / files[0].name).write_bytes(files[0].read_bytes())
        yield {"id": text.stem, "attributions": gold.read(files[1])}


def told(corpora: str | Path) -> str:
    """Return what the notebook's figures come from: the saved result, and whether dev was scored again just now."""
    made = validity.figures("attribution")["made"]
    again = (
        "PolNeAR dev was scored again just now"
        if _there(corpora)
        else f"the corpora are not at {corpora}, so nothing was scored again"
    )
    return f"Saved result of {made['date']}, commit {made['commit']}, by {made['command']}; {again}."


def _there(corpora: str | Path) -> bool:
    return (Path(corpora) / "polnear" / "dev").is_dir()


SPANS = {
    "content token": "content, by token",
    "content exact": "content, exact",
    "cue exact": "cue, exact",
    "source token": "source, by token",
    "attribution": "attribution",
    "attribution+source": "… and its source",
    "attribution+source+cue": "… and its cue",
}


def spans_table(corpora: str | Path) -> pd.DataFrame:
    """Return the F1 of spans on dev: saved, and scored just now."""
    saved = validity.figures("attribution")
    now = dev(Path(corpora)) if _there(corpora) else None
    return pd.DataFrame(
        [
            {
                "what": label,
                "presslab": saved["dev"]["spans"][key]["f1"],
                "scored now": now["spans"][key]["f1"] if now else None,
            }
            for key, label in SPANS.items()
        ]
    ).set_index("what")


CORPORA = {"polnear": "PolNeAR dev", "other_news": "other news", "polnear_people": "two people of PolNeAR"}


def ratios_table() -> pd.DataFrame:
    """Return the records of printed numbers of attribution: r with its interval, error and bias, by number and
    corpus."""
    rows = [
        {
            "number": r.measure,
            "corpus": CORPORA[r.corpus],
            "r": r.value,
            "interval": f"{r.low:.2f} to {r.high:.2f}",
            "error": r.error,
            "bias": r.bias,
            "n": r.n,
            "shared": ", ".join(r.shared),
        }
        for r in validity.records().values()
        if r.corpus in CORPORA and r.scope == "article" and not r.measure.startswith("stance_")
    ]
    return pd.DataFrame(rows).sort_values(["number", "corpus"], kind="stable").set_index(["number", "corpus"])


def types_table() -> pd.DataFrame:
    """Return source types against the coded set, by part and topic: right of all, of those that get a type, end to end
    (found and right), and left open, each with n and 95 % interval."""
    saved = validity.figures("sources")["types"]
    labels = {
        "given": "coders' attributions",
        "decided": "… where a type is given",
        "open": "… no type given",
        "end_to_end": "our attributions, not found is wrong",
    }
    rows = [
        {
            "part": part,
            "topic": topic,
            "from": labels[key],
            **(saved[part] if topic == "all" else saved[part][topic])[key],
        }
        for part in ("check", "tune")
        for topic in ("all", "politics", "other")
        for key in labels
    ]
    return pd.DataFrame(rows).set_index(["part", "topic", "from"])


def errors(shared: str | Path, count: int = 10) -> pd.DataFrame:
    """Return errors on PolNeAR dev to learn from: of each kind the ones with most words of content at stake, in turn.

    Columns: article, error ("missed", "not in the gold", "wrong source", "content cut or too long"), cue, source,
    our source or content as short pieces of text, words. Empty if the corpora are absent.
    """
    dev = Path(shared) / "polnear" / "dev"
    columns = ["article", "error", "cue", "gold", "found", "words"]
    if not dev.is_dir():
        return pd.DataFrame(columns=columns)
    listed = [row for line in predictions(dev / "text") for row in _article_errors(dev, line)]
    table = pd.DataFrame(listed, columns=columns).sort_values(["words", "article"], ascending=[False, True])
    table["turn"] = table.groupby("error").cumcount()
    return (
        table.sort_values(["turn", "words"], ascending=[True, False])
        .head(count)
        .drop(columns="turn")
        .reset_index(drop=True)
    )


def _article_errors(dev: Path, line: dict[str, Any]) -> Iterator[tuple]:
    text = (dev / "text" / f"{line['id']}.txt").read_bytes().decode("utf-8")
    ours = list(line["attributions"])

    def words(spans: Iterable[tuple[int, int]]) -> set[int]:
        return {m.start() for s, e in spans for m in SPLIT.finditer(text, s, e)}

    def shown(spans: Iterable[tuple[int, int]]) -> str:
        return " … ".join(text[s:e] for s, e in spans)[:80]

    coders = gold.read(_annotations(dev, line["id"])[0])
    for wanted in coders:
        mine = words(wanted["content"])
        best = max(ours, key=lambda a: len(words(a["content"]) & mine), default=None)
        shared_words = len(words(best["content"]) & mine) if best else 0
        cue = shown(wanted["cue"])
        if best is None or not shared_words:
            yield line["id"], "missed", cue, shown(wanted["source"]), "", len(mine)
        elif shared_words / len(words(best["content"]) | mine) < 0.5:
            yield (
                line["id"],
                "content cut or too long",
                cue,
                shown(wanted["content"]),
                shown(best["content"]),
                len(words(best["content"]) ^ mine),
            )
        elif wanted["source"] and not any(s < b and a < e for s, e in best["source"] for a, b in wanted["source"]):
            yield line["id"], "wrong source", cue, shown(wanted["source"]), shown(best["source"]), len(mine)
    golden = set().union(*(words(a["content"]) for a in coders))
    for found in ours:
        if found["content"] and not words(found["content"]) & golden:
            yield (
                line["id"],
                "not in the gold",
                shown(found["cue"]),
                "",
                shown(found["source"]),
                len(words(found["content"])),
            )


if __name__ == "__main__":
    validity.save("attribution", COMMAND, measured(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared")))
