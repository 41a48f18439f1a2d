"""Sources: how many mentions are resolved right, on 40 articles of PolNeAR's train part read by hand, and how many
types are right (see source_types); saved as data/validation/sources.json.

    python -m presslab.validation.sources ../shared

tests/gold/source_mentions.jsonl has offsets and names, no text. One reader went through the names that presslab gave
and wrote down the right one where a name was wrong, so there is no second coder, and errors may have been overlooked.
Each article was read before anything was changed because of it. Scored with this file, the code of that time had, of
the first 25 articles' 471 mentions, .881 right, .074 wrong, .045 open (commit 7bd6e10); then, with what these had
taught, of the next 14 articles' 277 mentions .899 right, .061 wrong, .040 open, and of an interview's 65 only .20 right
(commit e4315bd). Since then all of them have been developed on, so what this prints now is no measure of unseen
articles."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
import json
from pathlib import Path
import sys

from presslab.measures import validity
from presslab.measures.attribution import Attribution, subjects
from presslab.measures.sources import resolve
from presslab.measures.sources.phrases import key
from presslab.parsing.document import Document, parse
from presslab.reading.article import Article
from presslab.reading.from_text import from_text

from . import source_types

COMMAND = "python -m presslab.validation.sources ../shared"
NOBODY = "-"  # what the article doesn't say, or a source that presslab leaves unresolved


@dataclass(frozen=True)
class Verdict:
    """One mention of a hand-read article: its words, the name that presslab gives, the right names, and "right",
    "wrong", or "open" (left unresolved or under its own words, where the article says who it is)."""

    article: str
    words: str
    given: str
    wanted: str
    verdict: str


def gold_attributions(document: Document, rows: list[dict]) -> list[Attribution]:
    """Return the attributions of a gold row as Attribution objects: offsets into the input become offsets into the
    document."""
    place = {offset: i for i, offset in enumerate(document.offsets) if offset >= 0}

    def spans(pairs: list[list[int]]) -> tuple[tuple[int, int], ...]:
        return tuple((place[s], place[e - 1] + 1) for s, e in pairs if s in place and e - 1 in place)

    marked = (
        Attribution(spans(r["source"]), spans(r["cue"]), spans(r["content"]), r["kind"], r["cue_class"]) for r in rows
    )
    return [subjects.completed(document, attribution) for attribution in marked]


def judge(article: Article, rows: list[dict]) -> list[Verdict]:
    """Return verdicts on one article; attributions whose gold `who` is null are not asked."""
    document = parse(article)
    found = gold_attributions(document, rows)
    owner = {index: source for source in resolve(document, found) for index in source.attributions}
    verdicts = []
    for index, (attribution, row) in enumerate(zip(found, rows)):
        if row["who"] is None:
            continue
        source = owner.get(index)
        start, end = (attribution.source[0][0], attribution.source[-1][1]) if attribution.source else (-1, -1)
        how = next((m.how for m in source.mentions if m.start == start), "") if source else ""
        given = source.name if source and any(m.how != "unresolved" for m in source.mentions) else NOBODY
        right = key(given) in [key(name) for name in row["who"].split("|")]
        verdict = "right" if right else "open" if given == NOBODY or how == "description" else "wrong"
        verdicts.append(Verdict(article.id, document.text[start:end] if start >= 0 else "", given, row["who"], verdict))
    return verdicts


def hand_read(gold: Path, texts: Path) -> list[Verdict]:
    """Return verdicts on all hand-read articles: `gold` is the JSON lines file, `texts` the folder with ID.txt."""
    found: list[Verdict] = []
    for line in gold.read_text("utf-8").splitlines():
        row = json.loads(line)
        text = next(texts.glob(f"{row['id']}*")).read_text("utf-8")
        found += judge(from_text(text, row["id"]), row["attributions"])
    return found


def main(shared: str) -> None:
    """Measure both again, save the figures, and print the main ones."""
    gold = Path(__file__).resolve().parents[3] / "tests" / "gold" / "source_mentions.jsonl"
    verdicts = hand_read(gold, Path(shared) / "polnear" / "train" / "text")
    counts = Counter(v.verdict for v in verdicts)
    shares = {name: round(counts[name] / len(verdicts), 3) for name in ("right", "wrong", "open")}
    articles = len({v.article for v in verdicts})
    types = source_types.report(source_types.typed(Path(shared)))
    validity.save(
        "sources", COMMAND, {"mentions": {"n": len(verdicts), "articles": articles, **shares}, "types": types}
    )
    print(f"sources of {articles} articles, {len(verdicts)} mentions: {shares}")
    for topic in ("all", *source_types.TOPICS):
        check = types["check"] if topic == "all" else types["check"][topic]
        print(f"types, check half, {topic}: {check}")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "../shared")
