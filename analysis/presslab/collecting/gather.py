"""A collection: what was found in many articles, out of the tables of a run or measured now."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
import io
import json
import math
from pathlib import Path
import re

import pandas as pd
import pyarrow.parquet as pq

from presslab.comparison.measured import MEASURES as COMPARED
from presslab.comparison.own_people import NOBODY, OwnPeople, own_people
from presslab.measures.analyse import analyse
from presslab.measures.cards import Card, Catalogue, builtin, of_codebook, with_frames
from presslab.measures.framing import Frame, own_frames
from presslab.measures.measure import Measure
from presslab.measures.tables import TABLES, rows as article_rows
from presslab.measures.trust import Kinds
from presslab.measures.usual import Yardstick, bundled, load as load_yardstick
from presslab.reading import duplicates
from presslab.reading.account import Account
from presslab.reading.article import Article, ArticleError, Failure
from presslab.reading.read import read
from presslab.reporting import withheld
from presslab.runs import finished
from presslab.system.files import Stopped
from presslab.system.parallel import Limits, Spread, Trouble, here

from .events import events
from .people import join

NO_OUTLET, FEWEST_ARTICLES = "outlet not stated", 2
LENGTH = ("attributed_word_share", "article")  # whose n are all words of the article
MEASURES = (
    ("attributed_word_share", "article"),
    ("source_count", "article"),
    ("flesch_kincaid_grade", "article"),
    ("combined_readability", "article"),
    *(pair for pair in COMPARED if pair[0] not in ("attributed_word_share", "unnamed_share")),
)
FILES = ("collection-articles.parquet", "collection-values.parquet", "collection-sources.parquet", "collection.json")


@dataclass(frozen=True, eq=False)
class Collection:
    """Many articles; tables made of it are kept by its identity. Its own tables:

    `articles`: id, title, outlet, published (ISO date or ""), words, reads_like (topics, divided by spaces), story (id
    of the first article of a group of near-duplicates, "" for none), event (id of the first article on the event, its
    own if it is the only one), first (of its story in the whole collection), first_there (of its story in its outlet),
    in order of id; `values`: id, measure, scope, value (NaN if not measurable), usual_share (its rank in usual news,
    NaN if that is not known), for MEASURES and user-defined frames;
    `sources`: id, source, type, gender, named, attributions, words, joint (the name that the source has in the whole
    collection, "" if nobody can tell it from others), how (it came under that name, as in `people.join`). `left_out`:
    (file, reason). `unheard` are the names of the user's file of people that no source has. `compared` says whether the
    articles' texts were there, so that articles which tell one story could be found. `cards` are those of its measures.
    `reprints` says whether each version of a story counts; `yardstick` is usual news.
    """

    name: str
    articles: pd.DataFrame
    values: pd.DataFrame
    sources: pd.DataFrame
    left_out: tuple[tuple[str, str], ...] = ()
    compared: bool = True
    cards: Catalogue = field(default_factory=builtin)
    unheard: tuple[str, ...] = ()
    reprints: bool = False
    yardstick: Yardstick = field(default_factory=bundled)

    def counted(self, outlet: str = "") -> pd.DataFrame:
        """Return the articles that count: each story once in an outlet, or ("") once in the collection, by the version
        that came first; every article if `reprints`."""
        mine = self.articles[self.articles["outlet"] == outlet] if outlet else self.articles
        return mine if self.reprints else mine[mine["first_there" if outlet else "first"]]

    @property
    def stories(self) -> int:
        """How many different stories the articles tell."""
        return int(self.articles["first"].sum())

    @property
    def kinds(self) -> Kinds:
        """What the articles read like."""
        return Kinds.of(tuple(topics.split()) for topics in self.articles["reads_like"])

    @property
    def outlets(self) -> list[str]:
        """The outlets, those with most articles first."""
        counts = self.articles["outlet"].value_counts()
        return sorted(counts.index, key=lambda name: (-counts[name], name))

    @property
    def frames(self) -> list[str]:
        """The columns of the frames that were measured, generic ones first."""
        return [m for m in dict.fromkeys(self.values["measure"]) if m.startswith("frame_")]


def rows_of(article: Article, frames: tuple[Frame, ...] = ()) -> dict[str, list[dict]]:
    """Return the rows of one article that a collection needs, and its fingerprint for finding duplicates."""
    rows = article_rows(analyse(article, frames))
    pairs = _wanted(frames)
    return {
        "articles": [
            {k: v for k, v in rows["articles"][0].items() if k != "text_analysed"}
            | {"_print": duplicates.fingerprint(article)}
        ],
        "measures": [r for r in rows["measures"] if (r["measure"], r["scope"]) in pairs],
        "sources": rows["sources"],
    }


def gather(
    items: Iterable[Article | Failure],
    name: str,
    frames: tuple[Frame, ...] = (),
    spread: Spread | None = None,
    progress: Callable[[str, float], None] = lambda id, seconds: None,
    own: OwnPeople = NOBODY,
    yardstick: Yardstick | None = None,
) -> Collection:
    """Measure articles and put them together; what fails is left out with its reason, and stops nothing. Raises Stopped
    if the disk is full or the system allows too little."""
    failures: list[tuple[str, str]] = []

    def wanted() -> Iterator[tuple[Article, tuple[Frame, ...]]]:
        for item in items:
            if isinstance(item, Failure):
                failures.append((item.file or item.id, item.reason))
            else:
                yield item, frames

    all_rows: dict[str, list[dict]] = {"articles": [], "measures": [], "sources": []}
    for (article, _), result in (spread or here)(rows_of, wanted()):
        if isinstance(result, Trouble):
            if result.stops:
                raise Stopped(result.stops)
            failures.append((article.file or article.id, withheld.message(result.reason, [article.text], "none")))
        else:
            for table, records in result.items():
                all_rows[table] += records
        progress(article.id, 0.0)
    prints = [row.pop("_print") for row in all_rows["articles"]]
    tables = {
        name: pd.DataFrame(records, columns=None if records else list(TABLES[name]))
        for name, records in all_rows.items()
    }
    return _put_together(name, tables, prints, tuple(failures), frames, own, yardstick)


def of_run(
    folder: Path, frames: tuple[Frame, ...] = (), own: OwnPeople = NOBODY, yardstick: Yardstick | None = None
) -> Collection:
    """Return the collection of a run folder, from its tables; nothing is measured again. Raises ArticleError for
    another kind of run, Stopped if a file of it can't be used."""
    if "articles" not in finished.tables(folder):
        raise ArticleError(f"{folder} contains no finished run of articles (made by presslab report)")
    tables = {name: finished.table(folder, name) for name in ("articles", "measures", "sources", "failures")}
    compared = finished.text_shown(folder) == withheld.FULL
    prints = [
        duplicates.fingerprint_of(r.id, r.text_analysed, (r.title, r.outlet, r.published, r.byline, ""))
        for r in (tables["articles"].itertuples() if compared else ())
    ]
    failures = tuple((r.file or r.id, r.reason) for r in tables["failures"].itertuples())
    frame_columns = tuple(dict.fromkeys(m for m in tables["measures"]["measure"] if m.startswith("frame_")))
    with finished.usable(folder, "codebook.csv"):
        codebook_rows = finished.listed(folder, "codebook.csv", "measure")
        cards = with_frames(frames).joined(of_codebook(row for row in codebook_rows if row["measure"] in frame_columns))
    pairs = _wanted(frames) | {(name, "article") for name in frame_columns}
    table = tables["measures"]
    tables["measures"] = table[[pair in pairs for pair in zip(table["measure"], table["scope"])]]
    whole = _put_together(folder.resolve().name, tables, prints, failures, frames, own, yardstick)
    return replace(whole, compared=compared, cards=cards)


def _wanted(frames: tuple[Frame, ...]) -> set[tuple[str, str]]:
    return {*MEASURES, *((frame.column, "article") for frame in frames), ("word_count", "article")}


def _put_together(
    name: str, tables: dict[str, pd.DataFrame], prints: list[duplicates.Print], failures: tuple[tuple[str, str], ...],
    frames: tuple[Frame, ...], own: OwnPeople, yardstick: Yardstick | None,
) -> Collection:  # fmt: skip
    articles, values = tables["articles"], tables["measures"]
    words = values[(values["measure"] == "word_count") & (values["scope"] == "article")].set_index("id")["value"]
    story = {id: group.ids[0] for group in duplicates.groups(prints) for id in group.ids}
    table = pd.DataFrame(
        {
            "id": articles["id"],
            "title": articles["title"].fillna(""),
            "outlet": articles["outlet"].fillna("").replace("", NO_OUTLET),
            "published": [p if re.fullmatch(r"\d{4}-\d\d-\d\d.*", p or "") else "" for p in articles["published"]],
        }
    )
    table["published"] = table["published"].str[:10]
    table["reads_like"] = articles["reads_like"].fillna("")
    table["words"] = table["id"].map(words).fillna(0).astype(int)
    table["story"] = [story.get(id, "") for id in table["id"]]
    days = dict(zip(table["id"], table["published"]))
    event = events(prints, [days[p.id] for p in prints])
    table["event"] = [event.get(id, id) for id in table["id"]]
    table = firsts(table)
    order = {pair: place for place, pair in enumerate([*MEASURES, *((f.column, "article") for f in frames)])}
    usual_news = yardstick or bundled()
    values = values[values["measure"] != "word_count"].astype({"value": float})
    values["usual_share"] = ranks(values, usual_news)
    values = values[["id", "measure", "scope", "value", "usual_share"]]
    values = values.assign(_place=[order.get(pair, len(order)) for pair in zip(values["measure"], values["scope"])])
    values = (
        values.sort_values(["_place", "measure", "scope", "id"], kind="stable")
        .drop(columns="_place")
        .reset_index(drop=True)
    )
    heard = tables["sources"].sort_values("id", kind="stable").reset_index(drop=True)
    heard["outlet"] = heard["id"].map(dict(zip(table["id"], table["outlet"])))
    people = heard[["id", "source", "type", "gender", "named", "attributions", "words"]].copy()
    people[["joint", "how"]] = join(heard, own)
    unheard = tuple(name for name, _ in own.joined if name not in set(people["joint"]))
    people["joint"] = people["joint"].map(withheld.names(people["joint"]))
    people["source"] = people["source"].map(withheld.cut)
    return Collection(
        name, table.sort_values("id", kind="stable").reset_index(drop=True), values, people, tuple(sorted(failures)),
        cards=with_frames(frames), unheard=unheard, yardstick=usual_news,
    )  # fmt: skip


def ranks(values: pd.DataFrame, yardstick: Yardstick) -> list[float]:
    """Return the rank in usual news of each number of a table with id, measure, scope, value and n, NaN if that is not
    known. The table has the share of attributed words of each article: it is counted on all its words."""
    whole = values[(values["measure"] == LENGTH[0]) & (values["scope"] == LENGTH[1])]
    words = dict(zip(whole["id"], whole["n"]))
    found = (
        yardstick.place(Measure(r.measure, r.scope, r.value, n=int(r.n)), int(words.get(r.id, 0)))
        for r in values.itertuples()
    )
    return [place.rank if place else math.nan for place in found]


def firsts(table: pd.DataFrame) -> pd.DataFrame:
    """Return the articles with marks at the first version of each story, in the collection and in its outlet: the one
    published first, of these the longest, of these the first by id. All versions of a story are on one event."""
    story = table["story"].where(table["story"] != "", table["id"])
    order = table.assign(
        _story=story, _day=table["published"].replace("", "9999"), _length=-table["words"]
    ).sort_values(["_day", "_length", "id"], kind="stable")
    first = set(order.drop_duplicates("_story")["id"])
    there = set(order.drop_duplicates(["_story", "outlet"])["id"])
    event = dict(zip(table["id"], table["event"]))
    leader = dict(zip(order.drop_duplicates("_story")["_story"], order.drop_duplicates("_story")["id"]))
    return table.assign(
        event=[event[leader[s]] for s in story],
        first=table["id"].isin(first),
        first_there=table["id"].isin(there),
    )


def hand_over(c: Collection) -> dict[str, bytes]:
    """Return files from which a notebook in a plain kernel takes the collection: name → content."""
    contents = {}
    for name, table in zip(FILES, (c.articles, c.values, c.sources)):
        stream = io.BytesIO()
        table.to_parquet(stream, index=False)
        contents[name] = stream.getvalue()
    own_cards = [asdict(card) for card in c.cards.own]
    return contents | {
        FILES[3]: json.dumps(
            {
                "name": c.name,
                "left_out": c.left_out,
                "compared": c.compared,
                "cards": own_cards,
                "unheard": c.unheard,
                "reprints": c.reprints,
            }
        ).encode()
    }


_remembered: dict[str, Collection] = {}


def remember(inputs: str, collection: Collection) -> None:
    """Keep one collection, so that a notebook in a forked kernel finds it instead of reading it again."""
    _remembered.clear()
    _remembered[inputs] = collection


def load(
    inputs: str, clean: bool = True, any_language: bool = False, frames: str = "", people: str = "",
    count_reprints: bool = False, yardstick: str = "",
) -> Collection:  # fmt: skip
    """Return the collection of a run folder, or of files, folders, globs and tables divided by semicolons: the
    notebook's first call.

    Raises ArticleError, in words for people, if there are fewer than two articles, Stopped if a run can't be
    used.
    """
    if inputs in _remembered:
        return _remembered[inputs]
    if all(Path(name).exists() for name in FILES):
        articles, values, sources = (pq.read_table(name).to_pandas() for name in FILES[:3])
        about = json.loads(Path(FILES[3]).read_bytes())
        left_out = tuple((file, reason) for file, reason in about["left_out"])
        cards = builtin().joined(Card(**card | {"checks": ()}) for card in about["cards"])
        return Collection(
            about["name"], articles, values, sources, left_out, about["compared"], cards, tuple(about["unheard"]),
            about["reprints"], load_yardstick(yardstick),
        )  # fmt: skip
    paths = [part.strip() for part in inputs.split(";") if part.strip()]
    return opened(
        paths, clean, any_language, own_frames(frames), own=own_people(people), reprints=count_reprints,
        yardstick=load_yardstick(yardstick),
    )  # fmt: skip


def opened(
    inputs: list[str], clean: bool = True, any_language: bool = False, frames: tuple[Frame, ...] = (),
    spread: Spread | None = None, progress: Callable[[str, float], None] = lambda id, seconds: None,
    accounts: list[Account] | None = None, limits: Limits | None = None, own: OwnPeople = NOBODY,
    reprints: bool = False, yardstick: Yardstick | None = None,
) -> Collection:  # fmt: skip
    """Return a collection out of one run folder, or of anything else that holds articles. Each story counts once, or
    with `reprints` every version of it."""
    if not inputs:
        raise ArticleError("no articles were given; name a run folder or files")
    if len(inputs) == 1 and finished.is_run(inputs[0]):
        collection = of_run(Path(inputs[0]), frames, own, yardstick)
    else:
        name = ", ".join(Path(i).name for i in inputs[:3]) + (" …" if len(inputs) > 3 else "")
        items = read(inputs, clean, any_language, accounts, limits=limits)
        collection = gather(items, name, frames, spread, progress, own, yardstick)
    if len(collection.articles) < FEWEST_ARTICLES:
        first = f" ({collection.left_out[0][0]}: {collection.left_out[0][1]})" if collection.left_out else ""
        raise ArticleError(f"a collection needs two articles at least, {len(collection.articles)} could be read{first}")
    return replace(collection, reprints=reprints)
