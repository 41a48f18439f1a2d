"""What to look at: the collection in a line, a table of articles, one article annotated. Whatever comes from articles
is escaped, and the annotated article is a page of its own that can run nothing and fetch nothing."""

from __future__ import annotations

import pandas as pd

from presslab.reporting import alone
from presslab.reporting.html import Fragment, folded, html, join, table
from presslab.reporting.wording import first as first_names, many, number
from presslab.system import provenance

from .collection import Collection, analysis
from .own_frames import Count
from .saving import Exported, export
from .selection import PAGE, page, pages


def overview(collection: Collection) -> Fragment:
    """Return how many articles, of how many outlets, from when to when; what could not be read, with the reason."""
    articles, dates = collection.articles, sorted(d for d in collection.articles["day"] if d)
    facts: list[Fragment | str] = [html("<strong>{}</strong>", many(len(articles), "article"))]
    facts.append(many(len(collection.outlets), "outlet") if collection.outlets else "no outlet is stated")
    facts.append(
        f"{dates[0]} to {dates[-1]}"
        + (f" ({len(articles) - len(dates)} without a date)" if len(dates) < len(articles) else "")
        if dates
        else "no date is stated"
    )
    failures = [f for f in collection.failures if not f.warns]
    failure_rows = [(f.file or f.id, f.reason) for f in collection.failures]
    failure_table = (
        folded(
            f"Not read: {len(failures)}",
            table(("file", "reason"), failure_rows[:100], "What could not be read, and why"),
        )
        if failure_rows
        else ""
    )
    return html("<p>{}</p>{}", join(facts, " · "), failure_table)


def listing(collection: Collection, rows: pd.DataFrame, frame: str = "", place: int = 1) -> Fragment:
    """Return one page of a selection as a table; `frame` is the column of a frame to show beside."""
    head = ["article", "outlet", "published", "words", "sources", *([collection.frames[frame]] if frame else [])]
    page_rows = page(rows, place)
    cells = [
        (
            r["title"] or r["id"],
            r["outlet"],
            r["published"],
            number(r["words"]),
            r["sources"],
            *([number(r[frame], 2)] if frame else []),
        )
        for r in page_rows.to_dict("records")
    ]
    more = f", page {place} of {pages(len(rows))}" if len(rows) > PAGE else ""
    if not cells:
        return html('<p class="note">No article fits; make the filter wider.</p>')
    return table(head, cells, f"{many(len(rows), 'article')} of {number(len(collection.articles))}{more}", (3, 4, 5))


def annotated(collection: Collection, id: str, height: str = "42rem") -> Fragment:
    """Return one article, annotated, in a frame of the browser that is shut off from everything around it: the
    words of frames that were added are marked too, and its sources are below."""
    analysis_ = analysis(collection, id)
    row = collection.articles[collection.articles["id"] == id].iloc[0]
    frame_labels = {a.frame.column: a.frame.label for a in collection.applied if id in a.measured}
    facts = [
        ("outlet", row["outlet"]),
        ("published", row["published"]),
        ("byline", row["byline"]),
        ("words", number(row["words"])),
    ]
    facts += [
        (f"frame {label}", f"{number(m.value, 2)}, {many(len(m.evidence), 'match', 'matches')}")
        for column, label in frame_labels.items()
        if (m := analysis_.measure(column))
    ]
    return alone.framed(analysis_, row["title"] or row["id"], facts, frame_labels, height)


def first(collection: Collection, rows: pd.DataFrame) -> Fragment:
    """Return the first article of a selection, annotated; a line if there is none."""
    return (
        html('<p class="note">No article is selected.</p>') if rows.empty else annotated(collection, rows.iloc[0]["id"])
    )


def told(count: Count) -> Fragment:
    """Return what a frame matched, in words: articles, matches, the commonest terms, those that match nothing."""
    frequent = ", ".join(f"{term} ({n})" for term, n in count.frequent[:12])
    dead = first_names(count.dead, 30)
    return html(
        "<p><strong>{}</strong> ({}): {} in <strong>{} of {}</strong>.{}{} No coder has judged this frame: "
        "read its score as a count of words.</p>",
        count.label,
        many(count.terms, "term"),
        many(count.matches, "match", "matches"),
        number(count.articles),
        many(count.of, "article"),
        f" Most: {frequent}." if frequent else "",
        f" Never: {dead}." if dead else "",
    )


def saved(collection: Collection, rows: pd.DataFrame, path: str) -> Fragment:
    """Save a selection and tell where, and the command that makes a run of it; "" saves nothing."""
    if not path:
        return html(
            '<p class="note">Nothing was saved: give a file name in the parameter “save”, or press the button '
            "above.</p>"
        )
    return told_saved(export(collection, rows, path), len(rows))


def told_saved(done: Exported, count: int) -> Fragment:
    """Return where a selection was saved, and the command that makes a run of it."""
    files = join((html("<code>{}</code>", path.name) for path in (done.table, *done.beside)), ", ")
    warning = html("<p>{}</p>", done.warning) if done.warning else ""
    return html(
        "<p>{} in {}. The same selection as a run, by this command in the folder of this notebook:</p><pre>{}</pre>{}",
        many(count, "article"),
        files,
        done.command,
        warning,
    )


def provenance_of(collection: Collection) -> Fragment:
    """Return versions, the hash of all texts, how to cite."""
    digest = provenance.digest("\n".join(sorted(provenance.digest(t) for t in collection.articles["text"])))
    facts = [
        *provenance.facts().items(),
        ("articles", len(collection.articles)),
        ("SHA-256 of the texts’ hashes, sorted", digest),
    ]
    return html("<p>{}</p>", provenance.citation()) + folded(
        "Versions and hashes", table(("what", "which"), facts, "Provenance")
    )
