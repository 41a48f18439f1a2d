"""Whether a note in a run folder was written by this user on this machine: by a key that never leaves it."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets

from .places import key_file


def sign(text: str) -> str:
    """Return the signature of a text; "" if no key can be kept here. The first call makes the key."""
    try:
        path = key_file()
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
                    stream.write(secrets.token_bytes(32))
            except FileExistsError:
                pass  # another process was first
        key = path.read_bytes()
    except (OSError, RuntimeError):  # a home that can't be written, or none
        return ""
    return hmac.new(key, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest() if len(key) == 32 else ""


def signed(text: str, signature: object) -> bool:
    """Return whether `sign` gave this signature of this text to this user."""
    mine = sign(text)
    return (
        bool(mine)
        and isinstance(signature, str)
        and hmac.compare_digest(mine.encode(), signature.encode("utf-8", "replace"))
    )
