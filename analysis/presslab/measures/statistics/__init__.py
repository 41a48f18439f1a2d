"""The one home of statistics: intervals, differences, corrections for many tests, agreement.

Agreement among coders and of scores with codes is in `agreement`, which loads more than measuring needs.
"""

from .clusters import clustered, share_clustered
from .comparing import holm, informative_prior, log_odds
from .means import FEWEST, ratio
from .quantiles import Z95, student, student_exact, two_sided
from .resampling import bootstrap, draws, interval, intervals
from .shares import wilson

__all__ = [
    "FEWEST",
    "Z95",
    "bootstrap",
    "clustered",
    "draws",
    "holm",
    "informative_prior",
    "interval",
    "intervals",
    "log_odds",
    "ratio",
    "student",
    "student_exact",
    "share_clustered",
    "two_sided",
    "wilson",
]
