"""The same functions with fields, buttons and lists to click, for JupyterLab. No number is made here."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any

import ipywidgets as w

from presslab.measures.sources.types import source_types
from presslab.reporting.html import Fragment, html, join, packaged, plain
from presslab.reporting.wording import many, number

from . import own_frames, saving, selection, view
from .collection import Collection, ExploreError, load
from .selection import PAGE, Filter

STYLE = html("<style>\n{}</style>", packaged("explore/widgets.css"))
# of the columns beside the title, in em
WIDTHS = {
    "outlet": 7.2,
    "published": 6.4,
    "words": 3.8,
    "sources": 4.8,
    "score": 3.6,
}
GAP = 0.6
SETTLING = 0.3  # seconds in which what was typed before a button was pressed may still arrive
ALL, ANY, READ_ORDER = "all outlets", "anybody", "as they were read"
WIDE, HALF = w.Layout(width="98%"), w.Layout(flex="1 1 33rem", min_width="20rem")


def bar() -> Callable[[int, int], None]:
    """Return a bar that shows how far the reading of many articles is, for `load`'s `progress`; it is gone when all
    is done."""
    from IPython.display import display

    progress_bar = w.IntProgress(description="measuring", layout=w.Layout(width="24rem"))
    display(progress_bar)
    return lambda done, all: _step(progress_bar, done, all)


def _step(progress_bar: w.IntProgress, done: int, all: int) -> None:
    progress_bar.max, progress_bar.value = max(all, 1), done
    if done >= all:
        progress_bar.layout.display = "none"


def _telling(action: Callable) -> Callable:
    """Show whatever goes wrong in what a person asked for in words beside the fields, not as a traceback."""

    @wraps(action)
    def done(self: Explorer, *arguments: Any) -> None:
        with self.busy():
            try:
                action(self)
            except ExploreError as error:
                self.say(html('<p class="presslab-trouble" role="alert">{}</p>', error))

    return done


def _settled(action: Callable) -> Callable:
    """Return what acts a moment after a button is pressed: a press can overtake the last value of a field, since
    JupyterLab holds values back while a kernel is busy, but not presses."""

    def pressed(button: w.Button) -> None:
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:  # pressed by a program: every value is there
            action(button)
        else:
            button.disabled = True
            loop.call_later(SETTLING, action, button)

    return pressed


class Explorer:
    """Fields to filter by, a list to click, the annotated article, a box for frames, and saving, in one widget.

    `collection` is what is open, `rows` what the filter leaves, `place` the page of the list, `chosen` the id of the
    article that is shown ("": none)."""

    def __init__(self, collection: Collection) -> None:
        self.collection, self.rows, self.place, self.chosen = collection, collection.articles, 1, ""
        self.quiet = False  # while fields are set by the program
        self.folder = w.Text(
            value=plain(collection.given),
            description="Folder",
            placeholder="a folder of articles, or of a run",
            layout=HALF,
        )
        self.open_folder = w.Button(description="Open", icon="folder-open", tooltip="Read this folder")
        self.progress = w.IntProgress(layout=w.Layout(width="16rem", display="none"))
        self.said = w.HTML(layout=WIDE).add_class("presslab-said")
        self.about = w.HTML(layout=WIDE)
        self._filters()
        self._list()
        self.article = w.HTML(layout=w.Layout(flex="1 1 30rem", min_width="20rem"))
        self._boxes()
        self.box = w.VBox(
            [
                w.HTML(STYLE),
                w.HBox([self.folder, self.open_folder, self.progress], layout=w.Layout(flex_flow="row wrap")),
                self.about,
                self.filters,
                self.said,
                w.HBox([self.list, self.article], layout=w.Layout(flex_flow="row wrap", align_items="flex-start")),
                self.boxes,
            ]
        ).add_class("presslab-explorer")
        for field in (*self.fields, self.order):
            field.observe(self.filter, "value")
        for button, action in (
            (self.open_folder, _settled(self.read)),
            (self.reset, self.clear),
            (self.add, _settled(self.add_frame)),
            (self.save, _settled(self.export)),
            (self.back, self.turn_back),
            (self.on, self.turn_on),
        ):
            button.on_click(action)
        self.renew()

    def _repr_mimebundle_(self, **options: Any) -> Any:
        """Return what a notebook shows."""
        return self.box._repr_mimebundle_(**options)

    def _filters(self) -> None:
        self.words = w.Text(description="Words", placeholder="in title or text; Enter", continuous_update=False)
        self.outlet = w.Dropdown(description="Outlet", options=[(ALL, "")])
        self.since, self.until = w.DatePicker(description="From"), w.DatePicker(description="To")
        self.source = w.Text(description="Source", placeholder="part of a name; Enter", continuous_update=False)
        kinds = [(kind.label, key) for key, kind in source_types().items()]
        self.source_type = w.Dropdown(description="Who speaks", options=[(ANY, ""), *kinds])
        self.frame = w.Dropdown(description="Frame", options=[("no frame", "")])
        self.least = w.FloatSlider(
            description="at least", min=0, max=1, step=0.05, readout_format=".2f", continuous_update=False
        )
        self.order = w.Dropdown(description="Order", options=[(READ_ORDER, "")])
        self.reset = w.Button(description="Clear the filter", icon="times")
        self.fields = (
            self.words,
            self.outlet,
            self.since,
            self.until,
            self.source,
            self.source_type,
            self.frame,
            self.least,
        )
        self.filters = w.HBox([*self.fields, self.order, self.reset], layout=w.Layout(flex_flow="row wrap"))

    def _list(self) -> None:
        self.count = w.HTML()
        self.titles = [
            w.Button(layout=w.Layout(flex="1 1 8rem", min_width="8rem")).add_class("presslab-title")
            for _ in range(PAGE)
        ]
        self.cells = [w.HTML(layout=w.Layout(flex="0 0 auto")) for _ in range(PAGE)]
        self.head = w.HTML(layout=w.Layout(flex="0 0 auto"))
        self.heading = w.HBox(
            [w.HTML(html('<div class="presslab-head">article</div>'), layout=w.Layout(flex="1 1 8rem")), self.head]
        )
        self.lines = [w.HBox(pair) for pair in zip(self.titles, self.cells)]
        for line, title in enumerate(self.titles):
            title.on_click(lambda _, line=line: self.show(line))
        self.back, self.on = (
            w.Button(description="Earlier page", icon="chevron-left"),
            w.Button(description="Next page", icon="chevron-right"),
        )
        self.where = w.HTML()
        self.pager = w.HBox([self.back, self.where, self.on], layout=w.Layout(align_items="center", grid_gap=".8rem"))
        self.list = w.VBox([self.count, self.heading, *self.lines, self.pager], layout=HALF)

    def _boxes(self) -> None:
        self.frame_name = w.Text(description="Name", placeholder="such as: Housing costs")
        self.frame_terms = w.Textarea(
            description="Terms",
            rows=4,
            layout=WIDE,
            placeholder="divided by commas, or one on each line: rent, evict*, landlord/NOUN, cost of living",
        )
        self.frame_file = w.Text(description="or a file", placeholder="frames.yaml", layout=WIDE)
        self.add = w.Button(description="Add the frame", icon="plus", button_style="primary")
        self.matched = w.HTML(layout=WIDE).add_class("presslab-said")
        about = w.HTML(
            html(
                "<p>A frame is a list of terms. <code>rent</code> is matched as written, <code>evict*</code> by its "
                "beginning, <code>landlord/NOUN</code> in all its forms. It is applied to the articles that the "
                "filter leaves, and can then be filtered by.</p>"
            )
        ).add_class("presslab-said")
        self.file = w.Text(description="File", value="selection.csv", placeholder="selection.csv")
        self.save = w.Button(description="Save the selection", icon="download", button_style="primary")
        self.saved = w.HTML(layout=WIDE).add_class("presslab-said")
        frames = w.VBox([about, self.frame_name, self.frame_terms, self.frame_file, self.add, self.matched])
        self.boxes = w.Accordion(
            [frames, w.VBox([self.file, self.save, self.saved])],
            titles=("Add a frame", "Save the selection"),
            selected_index=0,
        )

    @contextmanager
    def busy(self) -> Iterator[None]:
        """Keep buttons from being pressed again while their work is done."""
        buttons = (self.open_folder, self.add, self.save)
        try:
            for button in buttons:
                button.disabled = True
            yield
        finally:
            for button in buttons:
                button.disabled = False
            self.progress.layout.display = "none"

    def say(self, told: Fragment | str = "") -> None:
        """Tell something above the list."""
        self.said.value = told

    def worked(self, done: int, all: int) -> None:
        """Move the bar."""
        self.progress.layout.display, self.progress.max, self.progress.value = "", max(all, 1), done

    @_telling
    def read(self) -> None:
        """Open the folder that is named."""
        self.say(html("<p>Reading …</p>"))
        self.collection = load(self.folder.value, progress=self.worked)
        self.chosen, self.article.value, self.matched.value, self.saved.value = "", "", "", ""
        self.renew()

    def renew(self) -> None:
        """Set the fields to what is open now."""
        self.about.value = view.overview(self.collection)
        self.quiet = True
        count = self.collection.articles["outlet"].value_counts()
        self.outlet.options = [
            (ALL, ""),
            *((f"{plain(name)} ({count[name]})", name) for name in self.collection.outlets),
        ]
        self._frame_options("")
        self.quiet = False
        self.clear()

    def _frame_options(self, frame: str) -> None:
        options = [(plain(label), column) for column, label in self.collection.frames.items()]
        order = self.order.value
        self.frame.options = [("no frame", ""), *options]
        self.order.options = [(READ_ORDER, ""), *((name, name) for name in selection.ORDERS), *options]
        self.frame.value = frame
        self.order.value = order if order in {value for _, value in self.order.options} else ""

    @_telling
    def clear(self) -> None:
        """Take every filter away."""
        self.quiet = True
        for field in self.fields:
            field.value = None if isinstance(field, w.DatePicker) else 0.0 if field is self.least else ""
        self.quiet = False
        self._filter()

    @property
    def wanted(self) -> Filter:
        """The filter as the fields have it."""
        since, until = (d.value.isoformat() if d.value else "" for d in (self.since, self.until))
        outlets = (self.outlet.value,) if self.outlet.value else ()
        return Filter(
            self.words.value,
            outlets,
            since,
            until,
            self.source.value,
            self.source_type.value,
            self.frame.value,
            self.least.value,
            self.order.value,
        )

    @_telling
    def filter(self) -> None:
        """Filter by what the fields say."""
        if not self.quiet:
            self._filter()

    def _filter(self) -> None:
        self.rows = selection.filtered(self.collection, self.wanted)
        self.say()
        self._turn(1)

    @_telling
    def turn_back(self) -> None:
        """Show the page before."""
        self._turn(self.place - 1)

    @_telling
    def turn_on(self) -> None:
        """Show the next page."""
        self._turn(self.place + 1)

    def _turn(self, place: int) -> None:
        last = selection.pages(len(self.rows))
        self.place = min(max(place, 1), last)
        page_rows = selection.page(self.rows, self.place).to_dict("records")
        frame = self.frame.value
        text_columns = [name for name in ("outlet", "published") if any(row[name] for row in page_rows)]
        columns = [*text_columns, "words", "sources", *(["score"] if frame else [])]
        self.head.value = _cells({name: name for name in columns}, " presslab-head")
        self.heading.layout.display = "" if page_rows else "none"
        self.count.value = html(
            "<p><strong>{}</strong> of {}</p>", number(len(self.rows)), many(len(self.collection.articles), "article")
        ) + ("" if page_rows else html("<p>No article fits; make the filter wider.</p>"))
        for line, title, cells, row in zip(
            self.lines, self.titles, self.cells, [*page_rows, *[None] * (PAGE - len(page_rows))]
        ):
            line.layout.display = "none" if row is None else ""
            if row is not None:
                title.description = title.tooltip = plain(row["title"] or row["id"])
                row["score"] = number(row[frame], 2) if frame else ""
                cells.value = _cells({name: row[name] for name in columns})
        self._mark()
        self.where.value = f"page {self.place} of {last}"
        self.back.disabled, self.on.disabled = self.place == 1, self.place == last
        self.pager.layout.display = "none" if last == 1 else ""

    def _mark(self) -> None:
        ids = selection.page(self.rows, self.place)["id"].tolist()
        for title, id in zip(self.titles, [*ids, *[None] * (PAGE - len(ids))]):
            (title.add_class if id is not None and id == self.chosen else title.remove_class)("presslab-open")

    def show(self, line: int) -> None:
        """Show the article on a line of the list (0: the first)."""
        page_rows = selection.page(self.rows, self.place)
        if line < len(page_rows):
            self.chosen = page_rows.iloc[line]["id"]
            self._show()

    @_telling
    def _show(self) -> None:
        self.article.value = view.annotated(self.collection, self.chosen)
        self._mark()

    @_telling
    def add_frame(self) -> None:
        """Apply the frame that is typed, or that of a file, to what the filter leaves."""
        file = self.frame_file.value.strip()
        frames = own_frames.from_file(file) if file else own_frames.typed(self.frame_name.value, self.frame_terms.value)
        before = {a.frame.column: a for a in self.collection.applied}
        self.collection = own_frames.with_frames(
            self.collection, frames, Path(file).name if file else own_frames.TYPED, self.rows["id"], self.worked
        )
        new = [a for a in self.collection.applied if before.get(a.frame.column) is not a]
        self.matched.value = join(view.told(own_frames.counted(a)) for a in new)
        self.quiet = True
        self._frame_options(new[-1].frame.column)
        self.quiet = False
        self._filter()
        if self.chosen:
            self.article.value = view.annotated(self.collection, self.chosen)

    @_telling
    def export(self) -> None:
        """Save what the filter leaves."""
        result = saving.export(self.collection, self.rows, self.file.value.strip())
        self.saved.value = view.told_saved(result, len(self.rows))


def _cells(values: dict[str, object], kind: str = "") -> Fragment:
    """Return the cells of a line beside its title, by column."""
    cells = join(
        html('<span{} title="{}">{}</span>', "" if name in ("outlet", "published") else " class=number", value, value)
        for name, value in values.items()
    )
    widths = " ".join(f"{WIDTHS[name]}em" for name in values)
    return html(
        '<div class="presslab-cells{}" style="grid-template-columns: {}; column-gap: {}em">{}</div>',
        kind,
        widths,
        GAP,
        cells,
    )
