"""How well words tell the topic of an article: `python -m presslab.validation.topics ../shared`.

Writes data/topics.json (profiles and thresholds, numbers only) and data/validation/topics.json (ROC areas and error
rates on articles that neither made the profiles nor chose the thresholds). Profiles: every second article of PolNeAR's
training part, of the Narrative Frames Corpus and of OneStopEnglish (the text for advanced readers). Thresholds:
articles of the same corpora that made no profile. Figures: PolNeAR dev, all of BASIL, the saved web pages that are not
politics, and the rest of the other two."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
import json
from pathlib import Path
import sys
import time

import numpy as np

from presslab.measures import topic, validity
from presslab.measures.statistics.agreement import roc_area, roc_bootstrap
from presslab.measures.topic import TOPICS, Profiles

from . import off_politics

COMMAND = "python -m presslab.validation.topics ../shared"
PLACE = Path(__file__).resolve().parents[1] / "data" / "topics.json"
WORDS, SEEN = 2500, 8  # words in a profile; articles that a word must be in
RAREST = 1e-3  # share of articles below which a word is no rarer
# Names of institutions are always capitalised and say what an article is on; names of persons go out of date.
INSTITUTIONS = frozenset(
    "republican republicans democrat democrats democratic gop senate senator senators congress congressional"
    " congressman house president presidential governor secretary administration americans american".split()
)
TWICE = 2  # a far article called near keeps a figure that it has no right to, a near one called far loses one step


def texts(shared: Path) -> dict[str, list[str]]:
    """Return the texts of each corpus, in a fixed order. Raises OSError if one is missing."""

    def lines(name: str, wanted: Callable[[dict], bool] = bool) -> list[str]:
        rows = map(json.loads, (shared / name / "articles.jsonl").read_text("utf-8").splitlines())
        return [row["text"] for row in rows if wanted(row)]

    def folder(part: str) -> list[str]:
        return [p.read_text("utf-8") for p in sorted((shared / "polnear" / part / "text").glob("*.txt"))]

    return {
        "polnear_train": folder("train"), "polnear_dev": folder("dev"), "basil": lines("basil"),
        "climate": lines("frames"), "onestop": lines("onestop", lambda row: str(row["level"]) == "2"),
        "web": off_politics.pages(shared),
    }  # fmt: skip


def split(corpora: dict[str, list[str]]) -> tuple[dict[str, list[str]], dict[str, list[str]], dict[str, list[str]]]:
    """Return texts for profiles and for thresholds, by topic, and for figures, by corpus."""
    train, climate, other = corpora["polnear_train"], corpora["climate"], corpora["onestop"]
    return (
        {"politics": train[::2], "climate": climate[::2], "other": other[::2]},
        {"politics": train[1::2], "climate": climate[1::4], "other": other[1::4]},
        {"polnear_dev": corpora["polnear_dev"], "basil": corpora["basil"], "climate": climate[3::4],
         "onestop": other[3::4], "web": corpora["web"]},
    )  # fmt: skip


def fitted(by_topic: dict[str, list[str]]) -> Profiles:
    """Return words, rarities and mean profiles from texts by topic; no thresholds yet. Every topic counts alike,
    however many texts it has."""
    small, capital, seen = Counter[str](), Counter[str](), {name: Counter[str]() for name in by_topic}
    for name, some in by_topic.items():
        for text in some:
            found = topic.words(text)
            small.update(w for w in found if w.islower())
            capital.update(w.lower() for w in found if not w.islower())
            seen[name].update({w.lower() for w in found})
    share = {
        word: round(float(np.mean([seen[name][word] / len(some) for name, some in by_topic.items()])), 9)
        for word in sorted(set().union(*seen.values()))
        if sum(counts[word] for counts in seen.values()) >= SEEN
        and (small[word] >= capital[word] or word in INSTITUTIONS)
    }
    chosen = sorted(share, key=lambda word: (-share[word], word))[:WORDS]
    place = {word: i for i, word in enumerate(chosen)}
    rarity = np.log(1 / np.array([max(share[word], RAREST) for word in chosen])).round(3)
    centre = {
        name: topic.unit(np.mean([topic.profile(text, place, rarity) for text in some], axis=0))
        for name, some in by_topic.items()
    }
    return Profiles(place, rarity, {name: (10_000 * c).round() for name, c in centre.items()}, {})


def units(known: Profiles) -> Profiles:
    """Return profiles whose centres have unit length, as `topic.profiles` returns them."""
    return known._replace(centre={name: topic.unit(c) for name, c in known.centre.items()})


def margins(some: Iterable[str], known: Profiles) -> dict[str, np.ndarray]:
    """Return the margins of texts by topic."""
    rows = [topic.margins(text, known) for text in some]
    return {name: np.array([row[name] for row in rows]) for name in TOPICS}


def threshold(near: np.ndarray, far: np.ndarray) -> float:
    """Return the margin that costs least, a far text called near counting TWICE."""
    steps = np.linspace(-0.2, 0.2, 161).round(4)
    return float(min(steps, key=lambda least: (near < least).mean() + TWICE * (far >= least).mean()))


def report(found: dict[str, dict[str, np.ndarray]], least: dict[str, float]) -> dict[str, object]:
    """Return for each topic the area under the ROC curve with its interval and both error rates, of all its articles
    against all others, and the share called near in each corpus."""
    homes = {"politics": ("polnear_dev", "basil"), "climate": ("climate",)}
    report: dict[str, object] = {}
    for name in TOPICS:
        values = {corpus: by_topic[name] for corpus, by_topic in found.items()}
        near = np.concatenate([values[c] for c in homes[name]])
        far = np.concatenate([v for c, v in values.items() if c not in homes[name]])
        judged, margin = np.repeat([True, False], (len(near), len(far))), np.concatenate([near, far])
        low, high = roc_bootstrap(judged, margin)
        report[name] = {
            "least": least[name], "near": len(near), "far": len(far), "roc_area": round(roc_area(judged, margin), 3),
            "low": round(low, 3), "high": round(high, 3),
            "near_called_far": round(float((near < least[name]).mean()), 3),
            "far_called_near": round(float((far >= least[name]).mean()), 3),
            "called_near": {c: round(float((v >= least[name]).mean()), 3) for c, v in values.items()},
        }  # fmt: skip
    return report


def main(shared: Path) -> None:
    """Make profiles and thresholds, and measure how well they tell topics apart."""
    corpora = texts(shared)
    for_profiles, for_thresholds, for_figures = split(corpora)
    known = fitted(for_profiles)
    whole = units(known)
    chosen = {name: margins(some, whole) for name, some in for_thresholds.items()}
    least = {
        name: threshold(chosen[name][name], np.concatenate([m[name] for k, m in chosen.items() if k != name]))
        for name in TOPICS
    }
    saved = {
        "provenance": f"{COMMAND}; corpora: PolNeAR train, Narrative Frames (MIT), OneStopEnglish (CC BY-SA 4.0)",
        "words": list(known.place), "rarity": [round(1000 * r) for r in known.rarity.tolist()],
        "centre": {name: c.astype(int).tolist() for name, c in known.centre.items()}, "least": least,
    }  # fmt: skip
    PLACE.write_text(json.dumps(saved, ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8")
    figures = report({name: margins(some, whole) for name, some in for_figures.items()}, least)
    start = time.process_time()
    for text in corpora["polnear_dev"]:
        topic.near(text)
    figures["milliseconds"] = round(1000 * (time.process_time() - start) / len(corpora["polnear_dev"]), 2)
    print(json.dumps(figures, indent=1))
    print(validity.save("topics", COMMAND, figures))


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared"))
