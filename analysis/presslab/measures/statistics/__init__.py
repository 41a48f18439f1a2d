"""The one home of statistics: intervals, differences, corrections for many tests, agreement.

Agreement among coders and of scores with codes is in `agreement`, which loads more than measuring needs.
"""

from .blocks import FEWEST_BLOCKS, FEWEST_SOURCES, Ends, block_share, blocks, in_blocks, jackknife, source_share
from .clusters import clustered, share_clustered
from .comparing import holm, informative_prior, log_odds
from .means import FEWEST, ratio
from .quantiles import Z95, student, student_exact, two_sided
from .resampling import bootstrap, draws, interval, intervals
from .shares import wilson

__all__ = [
    "FEWEST",
    "FEWEST_BLOCKS",
    "FEWEST_SOURCES",
    "Ends",
    "Z95",
    "block_share",
    "blocks",
    "bootstrap",
    "clustered",
    "draws",
    "holm",
    "in_blocks",
    "informative_prior",
    "interval",
    "intervals",
    "jackknife",
    "log_odds",
    "ratio",
    "source_share",
    "student",
    "student_exact",
    "share_clustered",
    "two_sided",
    "wilson",
]
