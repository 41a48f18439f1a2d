"""Where presslab keeps on this machine what it remembers."""

from __future__ import annotations

import os
from pathlib import Path
import sys


def cache_folder() -> Path | None:
    """Return where the cache is, or None if it is switched off."""
    given = os.environ.get("PRESSLAB_CACHE", "")
    if given == "off":
        return None
    if given:
        return Path(given)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home())) / "presslab" / "cache"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "presslab"
