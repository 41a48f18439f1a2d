"""What agency formats share: a body of paragraphs, a dateline in the first one, initials and notes after the last."""

from __future__ import annotations

from typing import Unpack

from .record import Fields, Record, Refused
from .story import after_dateline, composed


def record(
    paragraphs: list[str], furniture: dict[int, tuple[str, str]] | None = None, **fields: Unpack[Fields]
) -> Record | Refused:
    """Return a record out of an agency's paragraphs. A dateline with the agency's name goes to its fields; what
    follows the agency's closing line ("___", "# Notebook") is a note. Refused if there is no text."""
    furniture = dict(furniture or {})
    closing = next(
        (i for i, p in enumerate(paragraphs) if i > 0 and (p.strip("_-—* ") == "" or p.startswith("# "))), None
    )
    if closing is not None and closing > len(paragraphs) / 2:
        furniture |= {
            i: ("agency-note", "a note after the agency's closing line") for i in range(closing, len(paragraphs))
        }
    text, spans = composed(paragraphs, furniture)
    title = fields.get("title", "")
    if not text:
        return Refused(f"the item has no text in it (“{title or 'without a title'}”)")
    place, agency, spans = after_dateline(text, spans)
    fields["dateline"] = fields.get("dateline") or place
    fields["agency"] = fields.get("agency") or agency
    return Record(text, spans=spans, **fields)
