"""An article as the types of its sources need it: its tree, and whether it is about politics."""

from __future__ import annotations

from functools import cached_property

from ..attribution.rules import Tree
from .types import words

TOPIC = 4  # different words of politics that make an article one about politics


class Setting(Tree):
    """A document's tree, and what its words say of its topic."""

    @cached_property
    def politics(self) -> tuple[str, ...]:
        """The different words of politics in the article, sorted (`politics` in data/source_words.yaml)."""
        return tuple(sorted({word.lower() for word in self.tokens.text} & words().politics))

    @property
    def political(self) -> bool:
        """Whether the article is about politics."""
        return len(self.politics) >= TOPIC
