"""News of many kinds, for what is usual and for checks off politics: corpora in ../shared, and two public ones that
are downloaded by hand into another folder, since their terms allow research but no copies:

    bbc/KIND/NNN.txt            BBC News 2004–2005 (Greene & Cunningham 2006; http://mlg.ucd.ie/datasets/bbc.html)
    abc/science.txt, rural.txt  Australian Broadcasting Corporation 2006 (the corpus "abc" of the Natural Language
                                Toolkit; https://www.nltk.org/nltk_data/)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
import html
from pathlib import Path
import re

from . import gold, off_politics

KINDS = ("politics", "business", "science and climate", "sport", "culture and society")
BBC = {"politics": "politics", "business": "business", "sport": "sport", "tech": "culture and society",
       "entertainment": "culture and society"}  # fmt: skip
ABC = {"science": "science and climate", "rural": "business"}
SHORTEST = 150  # words of an item of the ABC files: below are lists and corrections
SAME = 400  # letters and digits from the beginning in which two files are one story


@dataclass(frozen=True)
class Story:
    """One article: `id` is corpus/name, `kind` one of KINDS."""

    id: str
    kind: str
    outlet: str
    year: str
    text: str


def stories(shared: Path, news: Path) -> Iterator[Story]:
    """Yield all articles, in a fixed order. Raises FileNotFoundError if a corpus is missing."""
    published = _metadata(shared)
    for part in ("dev", "train"):
        for file in sorted((shared / "polnear" / part / "text").glob("*.txt")):
            outlet, year = file.stem.split("_")[0], published.get(file.stem, "2016")[:4]
            yield Story(f"polnear/{file.stem}", "politics", outlet, year, file.read_text("utf-8"))
    for row in gold.lines(shared / "basil" / "articles.jsonl"):
        yield Story(f"basil/{row['id']}", "politics", row["outlet"].lower(), str(row["published"])[:4], row["text"])
    for row in gold.lines(shared / "frames" / "articles.jsonl"):
        outlet = re.sub(r"\W", "", row["outlet"].lower())
        yield Story(f"frames/{row['id']}", "science and climate", outlet, str(row["published"])[:4], row["text"])
    for name, text in sorted(off_politics.texts(shared).items()):
        corpus = name.partition("/")[0]
        if corpus == "onestop":
            yield Story(name, "culture and society", "guardian", "2013–2016", text)
        elif corpus == "html":
            yield Story(name, "culture and society", "web", "2019", text)
    yield from public(news)


def public(news: Path) -> Iterator[Story]:
    """Yield the articles of the two downloaded corpora, each story once. Raises FileNotFoundError if one is missing."""
    for folder, kind in BBC.items():
        seen: set[str] = set()
        files = sorted((news / "bbc" / folder).glob("*.txt"))
        if not files:
            raise FileNotFoundError(f"no articles in {news / 'bbc' / folder}: {__doc__}")
        for file in files:
            text = _decoded(file.read_bytes()).strip()
            key = re.sub(r"\W", "", text.lower())[:SAME]
            if key not in seen:
                seen.add(key)
                yield Story(f"bbc/{folder}/{file.stem}", kind, "bbc", "2004–2005", text)
    for name, kind in ABC.items():
        text = html.unescape((news / "abc" / f"{name}.txt").read_text("latin-1").replace("\r", ""))
        for number, item in enumerate(re.split(r"\n[ \t]*\n", text)):
            lines = [line.strip() for line in item.split("\n") if line.strip()]
            if len(" ".join(lines).split()) >= SHORTEST:
                yield Story(f"abc/{name}/{number:03}", kind, "abc", "2006", "\n\n".join(lines))


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _metadata(shared: Path) -> dict[str, str]:
    rows = [line.split("\t") for line in (shared / "polnear" / "metadata.tsv").read_text("utf-8").splitlines()]
    name, date = rows[0].index("filename"), rows[0].index("publication_date")
    return {row[name]: row[date] for row in rows[1:]}
