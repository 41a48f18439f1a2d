"""presslab: readability, source attribution and framing of news articles, with evidence and intervals."""

__version__ = "0.1.0"
