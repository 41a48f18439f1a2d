"""What each measure means, and user-defined frames."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from presslab.measures.cards import with_frames
from presslab.measures.framing import Frame, load_frames
from presslab.runs.package import CODEBOOK, codebook as codebook_rows

from .tables import Frames, frames_of


def codebook(frames: Frames = None) -> pd.DataFrame:
    """Return what each measure means, how it is computed and how far to trust it: one row per measure.

    Parameters
    ----------
    frames : path or frames, optional
        User-defined frames, which come last.

    Returns
    -------
    DataFrame
        The columns of a run's codebook.csv: measure, family, label, meaning, unit, formula, source, validation, limits,
        scopes …

    Examples
    --------
    >>> import presslab
    >>> presslab.codebook().set_index("measure").loc["word_count", "unit"]
    'words'
    """
    return pd.DataFrame(codebook_rows(with_frames(frames_of(frames)).values()), columns=list(CODEBOOK))


def frames(path: str | Path) -> tuple[Frame, ...]:
    """Return the user-defined frames of a YAML file, checked.

    Parameters
    ----------
    path : str or Path
        A frame file; `presslab frames --help` describes it.

    Returns
    -------
    tuple of Frame
        What `measure`, `evidence`, `analyse` and `codebook` take as `frames=`.

    Raises
    ------
    Error
        With file and line, for whatever is wrong in it.

    Examples
    --------
    >>> import presslab
    >>> [frame.label for frame in presslab.frames("seeds/frames/war_peace.yaml")]
    ['War journalism', 'Peace journalism']
    """
    return load_frames(path)
