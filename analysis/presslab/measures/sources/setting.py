"""An article as the types of its sources need it: its tree, and whether it is about politics or sport."""

from __future__ import annotations

from functools import cached_property

from ..attribution.rules import Tree
from .types import words

POLITICS = 4  # different words of politics that make an article one about politics
SPORT, SPORT_IN_BRIEF = 6, 4  # the same of sport, in a long and in a short article
BRIEF, SHORT = 400, 100  # tokens of a short article, and of one too short to tell what it is about


class Setting(Tree):
    """A document's tree, and what its words say of its topic."""

    @cached_property
    def politics(self) -> tuple[str, ...]:
        """The different words of politics in the article, sorted (`politics` in data/source_words.yaml)."""
        return self._different(words().politics)

    @cached_property
    def topic(self) -> str:
        """ "politics", also for an article too short to tell, "sport", or "" for anything else."""
        size = len(self.tokens)
        if len(self.politics) >= POLITICS or size < SHORT:
            return "politics"
        sports = len(self._different(words().sports))
        return "sport" if sports >= (SPORT_IN_BRIEF if size < BRIEF else SPORT) else ""

    @property
    def political(self) -> bool:
        """Whether the article is read as one about politics."""
        return self.topic == "politics"

    def _different(self, listed: frozenset[str]) -> tuple[str, ...]:
        return tuple(sorted({word.lower() for word in self.tokens.text} & listed))
