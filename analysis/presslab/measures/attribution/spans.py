"""What an attribution is: source, cue and content as spans of a document."""

from __future__ import annotations

from dataclasses import dataclass

Span = tuple[int, int]


@dataclass(frozen=True)
class Attribution:
    """One attribution. Spans are offsets into `Document.text`, each list may be empty or have several pieces.

    `kind` is "direct" (all content inside quotation marks), "mixed" (some) or "indirect"; `cue_class` a class of
    data/cues.yaml; `negated` "did not say"; `modal` "would say"; `corrected` a reader changed or added it.
    """

    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: tuple[Span, ...]
    kind: str
    cue_class: str = "neutral"
    negated: bool = False
    modal: bool = False
    corrected: bool = False
