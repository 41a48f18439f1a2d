"""News that is not politics, coded for attributions: tests/gold/attributions_off_politics.jsonl.

140 articles of OneStopEnglish, the Narrative Frames Corpus and saved web pages (science, health, courts, business,
sport, culture, climate), chosen by the hash of their names. A language model coded each in two passes that did not see
each other, by a guide after PolNeAR's; no person has checked them, and that both passes are by one model makes their
agreement look better than that of two people. Offsets count characters of the corpus's own text, no text is kept. Half
of the articles ("train") taught the network, the other half ("kept") is for the figure."""

from __future__ import annotations

from collections.abc import Iterator
import json
from pathlib import Path

from presslab.parsing.document import Document, parse
from presslab.reading.article import Article, ArticleError
from presslab.reading.from_text import from_text

GOLD = Path(__file__).resolve().parents[3] / "tests" / "gold" / "attributions_off_politics.jsonl"
Marks = list[dict[str, list[tuple[int, int]]]]


def articles(shared: Path, part: str) -> Iterator[tuple[Document, list[Marks]]]:
    """Yield the documents of one part ("train", "kept") with what each pass marked: role → pieces, as offsets into the
    text. Raises FileNotFoundError if a corpus is missing."""
    stored = texts(shared)
    for name, coders in sorted(marks(part).items()):
        yield parse(from_text(stored[name], id=name)), coders


def marks(part: str = "") -> dict[str, list[Marks]]:
    """Return what each pass marked, by article; of one part if it is named."""
    coded: dict[str, list[Marks]] = {}
    for line in GOLD.read_text("utf-8").splitlines():
        row = json.loads(line)
        if part in ("", row["part"]):
            marked: Marks = [
                {role: [(start, end) for start, end in spans] for role, spans in mark.items()}
                for mark in row["attributions"]
            ]
            coded.setdefault(row["id"], []).append(marked)
    return coded


def lay_out(shared: Path, part: str, folder: Path) -> Iterator[Article]:
    """Write one part as the scorer reads it (text, and the first pass as brat files) and yield its articles, whose ids
    are the names of the files. Raises FileNotFoundError if a corpus is missing."""
    for name in ("text", "attributions"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for number, (document, coders) in enumerate(articles(shared, part)):
        text, name = document.article.text, f"{number:03}"
        (folder / "text" / f"{name}.txt").write_bytes(text.encode("utf-8"))
        (folder / "attributions" / f"{name}_1.ann").write_text(_brat(coders[0]), "utf-8")
        yield from_text(text, id=name)


def _brat(marks: Marks) -> str:
    """Return attributions as lines of a brat file."""
    lines: list[str] = []
    for number, mark in enumerate(marks):
        arguments = []
        for role, spans in mark.items():
            if spans:
                name = f"T{len(lines) + 1}"
                where = ";".join(f"{start} {end}" for start, end in spans)
                lines.append(f"{name}\t{role.title()} {where}\t-")
                arguments.append(f"{role.title()}:{name}")
        lines.append(f"E{number + 1}\tAttribution {' '.join(arguments)}")
    return "\n".join(lines) + "\n"


def uncoded(shared: Path) -> Iterator[Document]:
    """Yield the documents of the same corpora that nobody coded, by name."""
    coded = {json.loads(line)["id"] for line in GOLD.read_text("utf-8").splitlines()}
    for name, text in sorted(texts(shared).items()):
        if name not in coded:
            try:
                yield parse(from_text(text, id=name))
            except ArticleError:  # no English, or no article
                continue


def texts(shared: Path) -> dict[str, str]:
    """Return the articles by corpus and name."""
    found = {}
    for corpus in ("onestop", "frames"):
        for line in (shared / corpus / "articles.jsonl").read_text("utf-8").splitlines():
            row = json.loads(line)
            if str(row.get("level", "2")) == "2":  # OneStopEnglish: the text for advanced readers
                found[f"{corpus}/{row['id']}"] = row["text"]
    for name, body in json.loads((shared / "html" / "bodies.json").read_text("utf-8")).items():
        found[f"html/{name}"] = body if isinstance(body, str) else body["articleBody"]
    return found


def pages(shared: Path) -> list[str]:
    """Return the saved web pages among the coded articles: science, health, business, sport, crime, culture."""
    coded = {json.loads(line)["id"] for line in GOLD.read_text("utf-8").splitlines()}
    return [text for name, text in sorted(texts(shared).items()) if name in coded and name.startswith("html/")]
