"""The one home of statistics: intervals, differences, corrections for many tests, agreement.

Agreement among coders and of scores with codes is in `agreement`, which loads more than measuring needs.
"""

from .blocks import FEWEST_CLUSTERS, Ends, blocks, cluster_share, jackknife
from .clusters import clustered, share_clustered, summed
from .comparing import holm, informative_prior, log_odds
from .means import FEWEST, ratio
from .quantiles import Z95, student, student_exact, two_sided
from .resampling import bootstrap, draws, interval, intervals
from .shares import wilson

__all__ = [
    "FEWEST",
    "FEWEST_CLUSTERS",
    "Ends",
    "Z95",
    "blocks",
    "bootstrap",
    "cluster_share",
    "clustered",
    "draws",
    "holm",
    "informative_prior",
    "interval",
    "intervals",
    "jackknife",
    "log_odds",
    "ratio",
    "share_clustered",
    "student",
    "student_exact",
    "summed",
    "two_sided",
    "wilson",
]
