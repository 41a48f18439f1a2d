"""A collection that grows: what a run has already, and how what is new is added to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from presslab.reading.account import Account
from presslab.reading.article import Article, Failure
from presslab.reading.names import shown
from presslab.reporting.wording import many, number
from presslab.system.files import Stopped

from .finished import is_run
from .folder import Progressed
from .state import FILE, REMEDY, State
from .whole import Given, Whole, whole_of

NOTE, BEGUN = "growth", "growing"


@dataclass(frozen=True)
class Before:
    """What a run has when another is to be added to it.

    `whole` is what it was finished with, `labels` what the ids of each file begin with, `texts` the identity of each
    article's text, `code` the hash of the code that made it, `others` that of the articles which were made by another
    one; `steps` says how many of the inputs were added at a time. `begun` are articles that a run with --add made
    before it was ended."""

    whole: Whole = Whole({}, [], [], [], "")
    labels: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    code: str = ""
    others: dict[str, str] = field(default_factory=dict)
    steps: tuple[int, ...] = ()
    begun: tuple[str, ...] = ()


def before(state: State, asked: str) -> Before:
    """Return what a run has, nothing for a new folder.

    Raises Stopped if it was asked for in another way than `asked` says (its articles can't be made again without
    their inputs), or its memory was removed.
    """
    whole, note, begun_ids = whole_of(state), state.note(NOTE), state.note(BEGUN)
    if not whole or not note:
        if is_run(state.folder):
            raise Stopped(f"{state.folder}: the run's memory is missing ({FILE}), so --add can't keep its articles; "
                          "leave --add out and name all inputs, or name another folder with -o")  # fmt: skip
        return Before()
    try:
        if note["asked"] != asked:
            raise Stopped(
                f"{state.folder}: the run was made with other options (--text, --frames, --no-clean, --any-language),"
                " and the articles that it has can't be made again without their inputs: use the same options, or"
                " another folder with -o"
            )
        return Before(
            whole,
            dict(note["labels"]),
            dict(note["texts"]),
            str(note["code"]),
            dict(note["others"]),
            tuple(note["parameters"].get("add", [len(whole.given)])),
            () if begun_ids is None else tuple(id for id in state.others([*whole.order, *begun_ids]) if state.key(id)),
        )
    except (TypeError, ValueError, KeyError) as error:
        raise Stopped(f"{state.folder}: {FILE} is damaged ({error}); {REMEDY}") from error


def begin(state: State, had: Before, add: bool) -> None:
    """Note which reports are not part of the run, so that what an ended run with --add has made is not taken for
    one of them."""
    outside = state.note(BEGUN)
    if add and outside is None:
        state.write_note(BEGUN, state.others(had.whole.order))
    elif not add:
        end(state)


def end(state: State) -> None:
    """Note that the run is whole, if it is noted that it was not."""
    if state.note(BEGUN) is not None:
        state.write_note(BEGUN, None)


def remember(
    state: State,
    labels: dict[str, str],
    texts: dict[str, str],
    asked: str,
    code: str,
    others: dict[str, str],
    parameters: dict[str, Any],
) -> None:
    """Note what the next run needs to add to this one."""
    state.write_note(
        NOTE,
        {"labels": labels, "texts": texts, "asked": asked, "code": code, "others": others, "parameters": parameters},
    )


def taken(article: Article) -> Failure:
    """Return the failure of an article whose id, a place in a file, is another article's in the run: it is no newer
    text of that one."""
    reason = (
        f"the run has another article under the id {shown(article.id)}, which is only a place in a file; rename this"
        " file"
    )
    return Failure(article.id, article.file, reason)


def joined(state: State, had: Before, done: Progressed, accounts: Iterable[Account]) -> Progressed:
    """Return what a run has with what was added: its articles in their order, then the new ones; failures likewise.
    `accounts` are of the files that were read now.

    An article whose report is gone, and whose input is not among those that were read now, becomes a failure.
    """
    failing = {failure.id for failure in done.failures}
    order, lost_failures = {}, []
    for id, key in had.whole.order.items():
        if id in done.order:
            order[id] = done.order[id]
        elif state.key(id) == key:
            order[id] = key
        elif id not in failing:
            lost_failures.append(
                Failure(
                    id,
                    "",
                    "its report was removed or changed, and its input is not among those read now; name that input"
                    " again",
                )
            )
    order |= done.order
    order |= {id: state.key(id) for id in had.begun if id not in order and id not in failing}
    files, labels = {account.file for account in accounts}, set(had.labels.values())

    def over(failure: Failure) -> bool:
        """Return whether a failure is no longer so: the article is there, fails again, or the file that failed as a
        whole was read again."""
        return failure.id in order or failure.id in failing or failure.file in files and failure.id in labels

    now: dict[tuple[str, str], list[Failure]] = {}
    for failure in done.failures:
        now.setdefault((failure.id, failure.file), []).append(failure)
    failures: list[Failure] = []
    for failure in had.whole.failures:  # those of now stand where the first of before stood
        failures += now.pop((failure.id, failure.file), [] if over(failure) else [failure])
    new = [failure for failure in done.failures if (failure.id, failure.file) in now]
    return replace(done, order=order, failures=failures + lost_failures + new)


def others(had: Before, done: Progressed, whole: Progressed, code: str) -> dict[str, str]:
    """Return the articles of a run that were made by another code than `code`, with that code's hash: those that were
    not read now."""
    before = {id: had.others.get(id, had.code) for id in whole.order if id in had.whole.order and id not in done.order}
    return {id: maker for id, maker in before.items() if maker != code}


def told(
    had: Before, done: Progressed, whole: Progressed, texts: dict[str, str], old: int, say: Callable[[str], None]
) -> list[str]:
    """Return what to say of a run that grew, one line per fact; run.log gets the ids. `old` is how many `others` it
    has."""
    changed_ids = [id for id in done.order if had.texts.get(id, texts[id]) != texts[id]]
    for id in changed_ids:
        say(f"another text than before: {shown(id)}")
    kept_count = sum(id in had.whole.order and id not in done.order for id in whole.order)
    lines = []
    if had.whole.order:
        lines.append(f"{many(len(whole.order), 'article')} in the run, {number(kept_count)} of them kept from before")
    if changed_ids:
        lines.append(
            f"{number(len(changed_ids))} with another text than before: the run has the newest (run.log names them)"
        )
    if old:
        lines.append(f"{number(old)} made by another version of presslab or of a package, kept as they are")
    return lines


def inputs_of(
    had: Before, done: Progressed, given: Sequence[Given], ids: Sequence[Sequence[str]], accounts: Sequence[Account]
) -> tuple[list[Given], list[Account], list[int]]:
    """Return the inputs and the accounts of a run and of what was added, and how many inputs were added at a time.
    `ids` are those of the articles of each of the inputs `given`.

    Adding the inputs in these steps makes the run again. A file that was read again with the same content therefore
    keeps its place if it changed nothing; it has a new one if it has given no article before, and both if another file
    had given newer texts of its articles meanwhile.
    """
    old, order = {g[:2] for g in had.whole.given}, had.whole.order
    kept_files, moved_files = set(), set()
    for one, articles in zip(given, ids):
        if one[:2] in old:
            if all(order.get(id) == done.order[id] for id in articles if id in done.order):
                kept_files.add(one[:2])
            elif not any(id in order for id in articles):
                moved_files.add(one[:2])
    rest = iter(had.whole.given)
    new = [g for g in given if g[:2] not in kept_files]
    steps = [sum(g[:2] not in moved_files for g in islice(rest, size)) for size in had.steps] + [len(new)]
    before = [account for account, file in _hashed(had.whole.accounts, had.whole.given) if file not in moved_files]
    return (
        [g for g in had.whole.given if g[:2] not in moved_files] + new,
        before + [account for account, file in _hashed(accounts, given) if file not in kept_files],
        [size for size in steps if size],
    )


def _hashed(accounts: Iterable[Account], inputs: Iterable[Given]) -> list[tuple[Account, tuple[str, str]]]:
    """Return each account with the name of its file and the file's hash, "" for what is no file."""
    hashes: dict[str, list[str]] = {}
    for file, sha, _ in inputs:
        hashes.setdefault(file, []).append(sha)
    return [
        (account, (account.file, hashes[account.file].pop(0) if hashes.get(account.file) else ""))
        for account in accounts
    ]
