"""What a run is when its reports are made, and what its folder remembers of that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, astuple, dataclass, field
import json
from typing import Any

from presslab.reading.account import Account
from presslab.reading.article import Failure
from presslab.system import files, provenance
from presslab.system.files import Stopped

from .state import FILE, REMEDY, State

NOTE = "told"
Given = tuple[str, str, int]  # an input: file name, SHA-256, number of articles


@dataclass(frozen=True)
class Whole:
    """A run whose reports are made: their ids with their hashes, failures, inputs, accounts of files, and `paths`,
    where the inputs lie.

    `digest` is that of the run's basis, `parameters` are what the data package says of the run; `made` is how many
    reports were made now; `beside` are more files of the folder that index and reports depend on.
    """

    order: dict[str, str]
    failures: list[Failure]
    given: list[Given]
    accounts: list[Account]
    digest: str
    paths: list[str] = field(default_factory=list)
    parameters: dict[str, Any] = field(default_factory=dict)
    made: int = 0
    beside: list[str] = field(default_factory=list)

    @property
    def plain(self) -> list:
        """What is remembered of it between runs."""
        failures = [asdict(failure) for failure in self.failures]
        return [list(self.order.items()), failures, self.given, [astuple(a) for a in self.accounts], self.digest]

    def signature(self, state: State) -> str:
        """Return the hash of all that index, tables and data package depend on."""
        beside = [(path, files.written(state.folder / path)) for path in self.beside]
        return provenance.digest(json.dumps([*self.plain, self.parameters, beside]))


def whole_of(state: State) -> Whole | None:
    """Return the run that a folder remembers, without parameters; None if it remembers none. Raises Stopped for a
    damaged note."""
    note = state.note(NOTE)
    if not note:
        return None
    try:
        order, failures, inputs, accounts, digest = note
        return Whole(
            dict(order),
            [Failure(**failure) for failure in failures],
            [(file, sha, count) for file, sha, count in inputs],
            [account(plain) for plain in accounts],
            digest,
            (state.origin() or {}).get("files", []),
        )
    except (TypeError, ValueError) as error:
        raise Stopped(f"{state.folder}: {FILE} is damaged ({error}); {REMEDY}") from error


def account(plain: Sequence) -> Account:
    """Return the account that was kept as plain data."""
    file, format, announced, number, read, refused, skipped, warning = plain
    names = tuple((id, reason) for id, reason in refused)
    return Account(file, format, announced, number, read, names, skipped, warning)
