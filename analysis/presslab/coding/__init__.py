"""Hand-coded samples: draw one, code it, tell how reliable the codes are, and what they say of the measures."""

from __future__ import annotations

from presslab.system.error import Error


class CodingError(Error):
    """A codebook, a sample or codes that can't be used; the message is one line for people: file, what is wrong, what
    to do."""
