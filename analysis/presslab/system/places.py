"""Where presslab keeps on this machine what it remembers: in the folders that the system has for that."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs


def cache_folder() -> Path | None:
    """Return where the cache is, or None if it is switched off."""
    place = os.environ.get("PRESSLAB_CACHE", "")
    if place == "off":
        return None
    return Path(place) if place else platformdirs.user_cache_path("presslab", appauthor=False)


def key_file() -> Path:
    """Return where the key is kept by which presslab knows its own notes again."""
    return platformdirs.user_state_path("presslab", appauthor=False) / "key"
