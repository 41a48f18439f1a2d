"""How often the gender of a named source is right, on namings that leave no doubt.

    python -m presslab.validation.gender ../shared

writes data/validation/gender.json.

A naming is one person who is a source in one article. Two kinds of gold, neither made by the rule that is tried:

- "words": the article itself leaves no doubt ("Mrs. Quill", "Ann Quill, a spokeswoman", "Ann Quill and her husband").
  These words are taken out of the text before it is parsed, so that first name and pronouns have to do.
- "figures": people of public record by full name (tests/gold/public_figures.csv), in the articles as they are; of one
  person at most MOST articles count, the first by the hash of their names.

Articles are split in halves by the hash of their names: on "tune" the rule was written, errors in "check" were never
read."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
import csv
from dataclasses import dataclass
import hashlib
import json
from pathlib import Path
import re
import sys
from typing import Any

from presslab.measures import validity
from presslab.measures.attribution import extract
from presslab.measures.sources import resolve
from presslab.measures.statistics import wilson
from presslab.parsing.document import parse
from presslab.reading.article import ArticleError
from presslab.reading.from_text import from_text

GOLD = Path(__file__).resolve().parents[3] / "tests" / "gold" / "public_figures.csv"
MOST = 12
SURNAME = r"[A-Z][a-z’'-]+[A-Z]?[a-z]+"
FULL = rf"[A-Z][a-z’-]+ (?:[A-Z]\. )?{SURNAME}"
HONORIFIC = re.compile(rf"\b(Mr|Mrs|Ms|Miss)\.? (?=({SURNAME}))")
OF_HONORIFIC = {"Mr": "man", "Mrs": "woman", "Ms": "woman", "Miss": "woman"}
# word before or after a full name, whom it means, and what the word is replaced by
WORDS = {
    "spokeswoman": ("woman", "aide"), "congresswoman": ("woman", "lawmaker"), "chairwoman": ("woman", "head"),
    "actress": ("woman", "performer"), "businesswoman": ("woman", "owner"), "councilwoman": ("woman", "member"),
    "congressman": ("man", "lawmaker"), "businessman": ("man", "owner"), "councilman": ("man", "member"),
    "spokesman": ("man", "aide"),
}  # fmt: skip
BEFORE = re.compile(rf"\b({'|'.join(WORDS)}),? (?={FULL}\b)", re.IGNORECASE)
AFTER = re.compile(rf"\b({FULL}), (?:an?|the) (?:\w+ ){{0,2}}({'|'.join(WORDS)})\b")
SPOUSE = re.compile(rf"\b({FULL}) and (his wife|her husband)\b")


@dataclass(frozen=True)
class Naming:
    """One person in one article: the gold ("woman", "man"), what presslab gives ("" is not known), kind and half."""

    article: str
    name: str
    gold: str
    given: str
    kind: str
    half: str


def told(text: str) -> tuple[dict[str, str], str]:
    """Return full name → gender of the people whose gender an article's words leave in no doubt, and the article
    without these words. A surname that two people bear is left out."""
    found: dict[str, set[str]] = defaultdict(set)
    first_names: dict[str, set[str]] = defaultdict(set)
    for match in re.finditer(rf"(?=\b({FULL})\b)", text):
        words = match[1].split()
        if words[0] not in ("Mr", "Mrs", "Ms", "Miss", "Sen", "Rep", "Gov", "The", "But", "And", "President"):
            first_names[words[-1]].add(words[0])
    for match in HONORIFIC.finditer(text):
        surname = match[2].removesuffix("’s").removesuffix("'s")
        if len(firsts := first_names[surname]) == 1:
            found[f"{next(iter(firsts))} {surname}"].add(OF_HONORIFIC[match[1]])
    for match in BEFORE.finditer(text):
        name = re.match(FULL, text[match.end() :])
        if name:
            found[_plain(name[0])].add(WORDS[match[1].lower()][0])
    for match in AFTER.finditer(text):
        found[_plain(match[1])].add(WORDS[match[2]][0])
    for match in SPOUSE.finditer(text):
        found[_plain(match[1])].add("man" if match[2] == "his wife" else "woman")
    text = SPOUSE.sub(r"\1 and the family", HONORIFIC.sub("", text))
    for word, (_, plain) in WORDS.items():
        text = re.sub(rf"\b{word}\b", plain, re.sub(rf"\b{word.title()}\b", plain.title(), text))
    sure = {name: genders.pop() for name, genders in found.items() if len(genders) == 1}
    return sure, text


def _plain(name: str) -> str:
    """Return a name without initials and the genitive's s, as keys of both kinds of gold are."""
    words = [w for w in name.replace("'", "’").removesuffix("’s").split() if not re.fullmatch(r"[A-Z]\.", w)]
    return " ".join(words)


def namings(texts: dict[str, str]) -> Iterator[Naming]:
    """Yield every naming of both kinds in texts by name, in the order of the hashes of the names."""
    with GOLD.open(encoding="utf-8", newline="") as file:
        figures = {_plain(row["name"]): row["gender"] for row in csv.DictReader(file)}
    often: Counter[str] = Counter()
    for article in sorted(texts, key=_hash):
        half = "tune" if int(_hash(article), 16) % 2 else "check"
        sure, blanked = told(texts[article])
        sure = {name: gender for name, gender in sure.items() if name not in figures}
        if sure:
            yield from (Naming(article, *row, "words", half) for row in _given(article, blanked, sure))
        if any(name.split()[-1] in texts[article] for name in figures):
            for name, gold, given in _given(article, texts[article], figures):
                often[name] += 1
                if often[name] <= MOST:
                    yield Naming(article, name, gold, given, "figures", half)


def _given(article: str, text: str, gold: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    """Yield name, gold and the gender that presslab gives, of the sources of a text who are in the gold."""
    try:
        document = parse(from_text(text, id=article))
    except ArticleError:  # no English, or no article
        return
    for source in resolve(document, extract(document)):
        if (name := _plain(source.name)) in gold:
            yield name, gold[name], source.gender


def _hash(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


def corpora(shared: Path) -> dict[str, str]:
    """Return the articles of PolNeAR, BASIL, OneStopEnglish (advanced) and the Narrative Frames Corpus by corpus and
    name. Raises FileNotFoundError if a corpus is missing."""
    texts = {}
    for part in ("train", "dev"):
        for file in sorted((shared / "polnear" / part / "text").iterdir()):
            texts[f"polnear/{file.stem}"] = file.read_text("utf-8")
    for corpus in ("basil", "onestop", "frames"):
        for line in (shared / corpus / "articles.jsonl").read_text("utf-8").splitlines():
            row = json.loads(line)
            if str(row.get("level", "2")) == "2":
                texts[f"{corpus}/{row['id']}"] = row["text"]
    return texts


def figures(found: list[Naming]) -> dict[str, Any]:
    """Return counts and shares of namings: `n`, `women`, `given`, `wrong`, `open`, and `wrong_share` (of those given)
    and `open_share` (of all), each with `low` and `high` (95 %, Wilson)."""
    given = [n for n in found if n.given]
    wrong = sum(n.given != n.gold for n in given)
    shares = {}
    for name, count, of in (("wrong_share", wrong, len(given)), ("open_share", len(found) - len(given), len(found))):
        low, high = wilson(count, of)
        shares[name] = {"value": round(count / of, 4) if of else None, "low": round(low, 4), "high": round(high, 4)}
    return {
        "n": len(found), "people": len({n.name for n in found}), "women": sum(n.gold == "woman" for n in found),
        "given": len(given), "wrong": wrong, "open": len(found) - len(given), **shares,
    }  # fmt: skip


def measured(shared: Path) -> dict[str, Any]:
    """Return the figures of all namings, of each kind and of each half."""
    found = list(namings(corpora(shared)))
    parts = {"all": found}
    for kind in ("words", "figures"):
        parts[kind] = [n for n in found if n.kind == kind]
        for gold in ("woman", "man"):
            parts[f"{kind}_{gold}"] = [n for n in parts[kind] if n.gold == gold]
    for half in ("tune", "check"):
        parts[half] = [n for n in found if n.half == half]
    return {name: figures(rows) for name, rows in parts.items()}


if __name__ == "__main__":
    numbers = measured(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared"))
    print(validity.save("gender", "make validate", numbers))
