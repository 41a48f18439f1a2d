"""The base of every exception that presslab raises on purpose: its message is a line for people."""

from __future__ import annotations


class Error(Exception):
    """What presslab could not do; the message says what is wrong and what to do. Every exception of presslab is one of
    these."""
