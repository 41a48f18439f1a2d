"""Entries of a feed move down as new ones come: what they are called may not depend on where they are."""

from presslab.reading.article import Article
from presslab.reading.read import read

STORY = (
    "The council met on day {n} to talk about the ferry bridge of the old town, and residents of Marlow came to hear"
    " it. "
)


def feed(*numbers: int) -> str:
    entries = "".join(
        "<item><title>Day"
        f" {n}</title><guid>day-{n}</guid><link>https://mirror.example/{n}</link>"
        f"<description>{STORY.format(n=n) * 3}</description></item>"
        for n in numbers
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>The Mirror</title>{entries}</channel></rss>'


def test_an_entry_is_called_the_same_wherever_it_is_in_the_feed(tmp_path):
    path = tmp_path / "mirror.rss"

    def bodies(*numbers: int) -> dict[str, str]:
        path.write_text(feed(*numbers), "utf-8")
        return {a.id: a.body for a in read([path]) if isinstance(a, Article)}

    before, after = bodies(1, 2, 3), bodies(4, 3, 2)
    common = before.keys() & after.keys()
    assert len(before) == len(after) == 3 and len(common) == 2 and all(before[id] == after[id] for id in common)
