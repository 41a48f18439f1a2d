"""How often what is printed of main actors is right: `python -m presslab.validation.portrayal ../shared`.

Judged are pairs of an actor and a word (tests/gold/portrayal.jsonl), drawn at random from PolNeAR dev,
OneStopEnglish, saved web pages, the Narrative Frames Corpus and, for acts, acted upon, says and tone, BASIL. Rules
were written on errors in other pairs of BASIL and in news that is not here. After a first draw from these articles
the rules of labels and adjectives changed, and other sentences of the same articles were drawn for these two;
adjectives before a name ("the full House", "a solid Smith lead") were then right in 9 of 15, are printed no more and
are not among the pairs, which makes the figure of the 25 other adjectives of that draw a little too good. Pairs that
today's code no longer prints stay in n.

A language model judged each pair with its sentence in two passes, the second in another order; no person has. It may
have remembered its first verdict. Right: a reader of the sentence would agree that the text says this of this actor, as
something that happened, happens or will, and that the word alone does not mislead; for "tone", that the word shows the
actor in this light. Fields: id (corpus and article), actor, start, end (of the word, in `Document.text`), relation,
first, second (1: right), tone.
"""

from __future__ import annotations

from collections.abc import Iterable
import json
from pathlib import Path
import sys
from typing import Any

from presslab.measures import framing, validity
from presslab.measures.attribution import extract
from presslab.measures.sources import resolve
from presslab.measures.statistics import wilson
from presslab.parsing.document import parse
from presslab.reading.from_text import from_text

from . import off_politics
from .gold import lines

COMMAND = "python -m presslab.validation.portrayal ../shared"
GOLD = Path(__file__).resolve().parents[3] / "tests" / "gold" / "portrayal.jsonl"
RELATIONS = (*framing.RELATIONS, "tone")
Pair = dict[str, Any]


def judged() -> list[Pair]:
    """Return the judged pairs (fields above)."""
    return lines(GOLD)


def texts(shared: Path) -> dict[str, str]:
    """Return the texts of the articles of all judged pairs by id. Raises OSError if a corpus is missing."""
    found = off_politics.texts(shared)
    for line in (shared / "basil" / "articles.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        found[f"basil/{row['id']}"] = row["text"]
    for path in sorted((shared / "polnear" / "dev" / "text").glob("*.txt")):
        found[f"polnear/{path.stem}"] = path.read_text("utf-8")
    return {name: found[name] for name in sorted({pair["id"] for pair in judged()})}


def printed(stored: dict[str, str]) -> set[tuple[str, str, int, int, str]]:
    """Return what today's code prints of these articles: article, actor, start, end, and relation or "tone"."""
    there = set()
    for name, text in stored.items():
        document = parse(from_text(text, id=name))
        attributions = extract(document)
        for row in framing.actors(document, attributions, resolve(document, attributions)).itertuples():
            kinds = (row.relation, "tone") if row.tone else (row.relation,)
            there |= {(name, row.actor, row.start, row.end, kind) for kind in kinds}
    return there


def report(pairs: list[Pair], there: set[tuple[str, str, int, int, str]]) -> dict[str, Any]:
    """Return figures for each relation: n pairs, the share right in each pass with its 95 % interval (Wilson), the
    share on which both passes agree; of the pairs that are printed today, how many, and how many right in both."""
    figures: dict[str, Any] = {"pairs": len(pairs), "articles": len({pair["id"] for pair in pairs})}
    for relation in RELATIONS:
        mine = [pair for pair in pairs if pair["relation"] == relation]
        still = [p for p in mine if (p["id"], p["actor"], p["start"], p["end"], relation) in there]
        figures[relation.replace(" ", "_")] = {
            "n": len(mine), "first": _share(p["first"] for p in mine), "second": _share(p["second"] for p in mine),
            "agreed": round(sum(p["first"] == p["second"] for p in mine) / len(mine), 3),
            "printed": len(still), "printed_right": sum(p["first"] and p["second"] for p in still),
        }  # fmt: skip
    return figures


def _share(verdicts: Iterable[int]) -> dict[str, float]:
    right = list(verdicts)
    low, high = wilson(sum(right), len(right))
    return {"share": round(sum(right) / len(right), 3), "low": round(low, 3), "high": round(high, 3)}


def main(shared: Path) -> None:
    """Score the judged pairs, and look which of them are printed today."""
    figures = report(judged(), printed(texts(shared)))
    print(json.dumps(figures, indent=1))
    print(validity.save("portrayal", COMMAND, figures))


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared"))
