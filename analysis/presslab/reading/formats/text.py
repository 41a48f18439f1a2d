"""Text from bytes."""

from __future__ import annotations


def decode(raw: bytes) -> str:
    """Return text from bytes: UTF-8, UTF-16 with its mark, otherwise Windows-1252 (what English text is that isn't
    UTF-8)."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", "replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace") if raw.count(0) < len(raw) / 10 else raw.decode("utf-8", "replace")
