"""What an article reads like: US political news, news on climate, or neither, by its everyday words.

Measures were checked on articles of certain topics; this says whether an article is of their kind. Each of some
thousand common words has a rarity, each topic a mean profile over them (data/topics.json, made by
`presslab.validation.topics`: numbers only, no texts, no names of persons). An article is near a topic if its profile is
closer to that topic's than to the others' by more than the topic's threshold (nearest centroid on TF-IDF, Rocchio
1971)."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from importlib import resources
import json
import re
from typing import NamedTuple

import numpy as np

TOPICS = {"politics": "US political news", "climate": "news about climate"}  # as readers are told
SHORTEST = 50  # words: a shorter text has too few to tell
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


class Profiles(NamedTuple):
    """Place of each word, its rarity, and the mean profile of each topic (unit length), "other" among them; the
    least margin by topic."""

    place: dict[str, int]
    rarity: np.ndarray
    centre: dict[str, np.ndarray]
    least: dict[str, float]


@lru_cache(maxsize=1)
def profiles() -> Profiles:
    """Return what data/topics.json holds."""
    saved = json.loads((resources.files("presslab") / "data" / "topics.json").read_text("utf-8"))
    return Profiles(
        {word: i for i, word in enumerate(saved["words"])},
        np.array(saved["rarity"]) / 1000,
        {topic: unit(np.array(weights, float)) for topic, weights in saved["centre"].items()},
        saved["least"],
    )


def words(text: str) -> list[str]:
    """Return the words of a text as they stand, curly apostrophes made straight."""
    return [word.replace("’", "'") for word in WORD.findall(text)]


def profile(text: str, place: dict[str, int], rarity: np.ndarray) -> np.ndarray:
    """Return (1 + log count) × rarity of each word that has a place, at unit length; zeros if none occurs."""
    counts = np.zeros(len(rarity))
    for word, count in Counter(map(str.lower, words(text))).items():
        if word in place:
            counts[place[word]] = 1 + np.log(count)
    return unit(counts * rarity)


def unit(vector: np.ndarray) -> np.ndarray:
    """Return a vector at length 1; zeros stay zeros."""
    length = float(np.sqrt(vector @ vector))
    return vector / length if length else vector


def margins(text: str, known: Profiles | None = None) -> dict[str, float]:
    """Return for each topic how much closer a text is to it than to the nearest other one (cosines, −1 to 1)."""
    known = known or profiles()
    mine = profile(text, known.place, known.rarity)
    close = {topic: float(mine @ centre) for topic, centre in known.centre.items()}
    return {topic: close[topic] - max(v for k, v in close.items() if k != topic) for topic in TOPICS}


def near(text: str) -> tuple[str, ...]:
    """Return the topics that a text reads like, keys of TOPICS; () if it is like none or too short to tell."""
    if len(words(text)) < SHORTEST:
        return ()
    least = profiles().least
    return tuple(topic for topic, margin in margins(text).items() if margin >= least[topic])
