"""How likely a coder is to have marked an attribution as well: the fewer its words, the surer the network has to be."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources
import json
import math

import numpy as np

from presslab.parsing.document import Document

SURE = 0.99, 0.999  # the network's chances are kept between 1 − the first and the second: beyond they say nothing


@lru_cache(maxsize=1)
def weights() -> dict[str, float]:
    """Return the weights of data/attribution/likely.json, which `presslab.validation.fit_likely` fits."""
    return json.loads((resources.files("presslab") / "data" / "attribution" / "likely.json").read_text("utf-8"))


def signs(document: Document, certain: np.ndarray, content: list[int]) -> tuple[float, float]:
    """Return what the chance rests on: the log-odds of the network's mean certainty of the content's tokens, and the
    log of the number of words. `certain`: the chance of each token's part (0–1)."""
    words = sum(document.tokens.pos[i] != "PUNCT" for i in content)
    mean = min(max(float(certain[content].mean()), 1 - SURE[0]), SURE[1])
    return math.log(mean / (1 - mean)), math.log(max(words, 1))


def chance(document: Document, certain: np.ndarray, content: list[int]) -> float:
    """Return the chance (0–1) that a coder marks an attribution with this content, by logistic regression."""
    w = weights()
    sure, words = signs(document, certain, content)
    return 1 / (1 + math.exp(-(w["intercept"] + w["certainty"] * sure + w["words"] * words)))


def is_likely(document: Document, certain: np.ndarray, content: list[int]) -> bool:
    """Return whether an attribution is likely enough to be reported."""
    return chance(document, certain, content) >= weights()["least"]
