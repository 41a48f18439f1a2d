"""Articles, file names, frames and corrections in which everything is hostile, made out of tests/gold/payloads.jsonl.

Each payload stands in the text of one article (in prose, in a quotation, in a speaker's name), in its title, and, in
turn, in its other fields. Two words stand around it, so that a page can be asked what it shows between them."""

from __future__ import annotations

from dataclasses import dataclass
import html
import json
from pathlib import Path
import re

import yaml

FILE = Path(__file__).parent / "gold" / "payloads.jsonl"
EACH = 12  # payloads an article
PLACES = (
    Path("/presslab-pwned"),
    Path("/etc/presslab-pwned"),
    Path.home() / "presslab-pwned",
    Path.cwd() / "presslab-pwned",
)
STORY = (
    "The council of Marlow met on Monday evening to talk about the bridge, and the debate went on until midnight. "
    "“We need four engineers for this work and a year of time,” Ada Quill told reporters after the vote."
)
NAMES = (
    "<img src=x onerror='window.__pwned=1'>.txt",
    "{{ 7*7 }}.txt",
    "'; __import__('os').system('touch presslab-pwned') #.txt",
    '"""\nraise SystemExit\n""".txt',
    "$(touch presslab-pwned).txt",
    "-o presslab-pwned.txt",
    "\u202e\x1b[2Jtxt.exe.txt",
    "=1+1;b#c?d&%2e%2e%2f.txt",
)


@dataclass(frozen=True)
class Payload:
    """One hostile text: its number, kind, what it attacks, and itself."""

    number: int
    group: str
    attacks: str
    text: str

    @property
    def marks(self) -> tuple[str, str]:
        """The words before and after it."""
        return f"k{self.number:03d}a", f"k{self.number:03d}b"


def payloads() -> list[Payload]:
    """All of them, those of a kind spread over the articles."""
    found = [json.loads(line) for line in FILE.read_text("utf-8").splitlines()]
    return [Payload(n, p["group"], p["attacks"], p["text"] * p.get("times", 1)) for n, p in enumerate(found)]


def groups() -> list[list[Payload]]:
    """The payloads of each article: neighbours in the file come into different ones."""
    known = payloads()
    count = -(-len(known) // EACH)
    return [known[n::count] for n in range(count)]


def rows() -> list[dict]:
    """A table of articles."""
    made = []
    for n, group in enumerate(groups()):
        texts = [p.text for p in group]
        paragraphs = [STORY]
        for p in group:
            before, after = p.marks
            paragraphs.append(
                f"The note that the council published read {before} {p.text} {after} in full, and a clerk read it aloud"
                " at the meeting."
            )
            short = p.text[:300].replace("\0", "?")  # a text with more than two NULs is taken for something else
            paragraphs.append(f"“It is {short} here,” Mayor {short} Quill said on Monday to the whole council.")
        made.append(
            {
                "id": texts[0],
                "title": " ¦ ".join(t[:200] for t in texts),
                "outlet": texts[n % len(texts)][:500] or "x",
                "byline": f"By {texts[(n + 1) % len(texts)][:500]}",
                "section": texts[(n + 2) % len(texts)][:500],
                "url": texts[(n + 3) % len(texts)][:500],
                "published": f"2024-05-{n % 28 + 1:02d}",
                "text": "\n\n".join(paragraphs),
                "event": texts[0] if n % 4 == 0 else made[n - n % 4]["event"],
                "event_label": " ¦ ".join(t[:200] for t in texts),
                "<script>window.__pwned=1</script>": texts[1][:500],
            }
        )
    return made


def table(path: Path) -> Path:
    """The articles as a table of JSON lines, which can hold every character."""
    path.write_text("".join(json.dumps(row) + "\n" for row in rows()), "ascii")
    return path


def named(folder: Path) -> list[Path]:
    """Files with hostile names, an article in each."""
    folder.mkdir()
    for name in NAMES:
        (folder / name).write_text(f"{STORY}\n\n{STORY.replace('Monday', 'Tuesday')}", "utf-8")
    return sorted(folder.iterdir())


def frames(path: Path) -> Path:
    """A frame file in which name for readers, question, source and terms are hostile."""
    known = [printable(p.text) for p in payloads() if p.group != "length"]
    made = []
    for n in range(4):
        mine = known[n::4]
        terms = {
            " ".join(t.casefold().split()): t
            for t in mine
            if "/" not in t and "*" not in t and "-" not in t and t.strip()
        }
        terms = ["bridge/NOUN", f"council{n}", *terms.values()]
        made.append(
            {
                "name": f"hostile_{n}",
                "label": " ¦ ".join(mine[:3]),
                "question": " ¦ ".join(mine) + "?",
                "source": " ¦ ".join(mine[3:6]),
                "terms": terms[:12],
            }
        )
    path.write_text(yaml.safe_dump_all(made, allow_unicode=True, sort_keys=False), "utf-8")
    return path


def written() -> list[Path]:
    """What a payload that ran would have left behind."""
    return [p for p in PLACES if p.exists()]


def correction(number: int) -> list[dict]:
    """A correction of one article that gives a source a hostile name."""
    text = next(
        (t for p in payloads()[number * EACH :] if p.group != "length" and (t := " ".join(printable(p.text).split()))),
        "x",
    )
    return [{"rename": "Ada Quill", "to": text[:200]}]


def corrections(beside: dict[str, list[dict]]) -> str:
    """A file of corrections beside a table."""
    return yaml.safe_dump(beside, allow_unicode=True, sort_keys=False)


def printable(text: str) -> str:
    """A text with what YAML can't hold left out."""
    return re.sub(r"[^\t\n\r -\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]", "?", text)


def visible(text: str) -> str:
    """Letters and digits of a text, entities decoded: what is compared where marks and white space may change."""
    return "".join(c for c in html.unescape(html.unescape(html.unescape(text))) if c.isascii() and c.isalnum())
