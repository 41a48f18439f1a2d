"""An article as the types of its sources need it: its tree, and whether it is about politics."""

from __future__ import annotations

from functools import cached_property

from ..attribution.rules import Tree
from .types import words

TOPIC = 4  # different words of politics that make an article one about politics
SHORT = 100  # tokens from which on the topic can be told


class Setting(Tree):
    """A document's tree, and what its words say of its topic."""

    @cached_property
    def politics(self) -> tuple[str, ...]:
        """The different words of politics in the article, sorted (`politics` in data/source_words.yaml)."""
        return tuple(sorted({word.lower() for word in self.tokens.text} & words().politics))

    @property
    def political(self) -> bool:
        """Whether the article is about politics, or too short to say."""
        return len(self.politics) >= TOPIC or len(self.tokens) < SHORT
