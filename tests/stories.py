"""What several tests of runs share: articles made in a line, and the hashes of a run folder."""

import hashlib
from pathlib import Path
import random

from presslab.reporting import place


def story(number: int, length: int = 14) -> str:
    """An article of our own, different for each number."""
    names = ["Ada Quill", "Tom Reed", "Ines Vale", "Karl Roe"]
    lines = []
    for i in range(length):
        name = names[(i + number) % 4]
        lines.append(
            f"The council of district {number} met on day {i + 1} to talk about the bridge, and the debate was long. "
            f"“We need {i + 2} engineers for this work,” {name} said after the vote."
        )
    return "\n\n".join(lines)


NAMES = ("Ada Quill", "Tom Reed", "Ines Vale", "Karl Roe")
NOUNS = (
    "bridge school harbour budget ferry market road theatre clinic library tunnel station garden mill archive"
    " stadium".split()
)
VERBS = (
    "opened closed moved repaired sold painted measured flooded cleaned rented emptied lit praised inspected copied"
    " guarded".split()
)
PLACES = (
    "Marlow Ostra Benfield Calder Dunmore Eastwick Fenton Granby Holm Iver Jarrow Kelso Luton Morley Norby Oban".split()
)


def varied(number: int) -> str:
    """An article unlike the others."""
    chance = random.Random(number)
    lines = []
    for i in range(10):
        noun, verb, place, other = (chance.choice(words) for words in (NOUNS, VERBS, PLACES, NOUNS))
        name = NAMES[chance.randrange(4)]
        lines.append(
            f"The {noun} in {place} was {verb} before the {other} of {chance.choice(PLACES)} {chance.choice(VERBS)}"
            f" again. “We {chance.choice(VERBS)} the {chance.choice(NOUNS)} near {chance.choice(PLACES)},” {name} said"
            f" on the {chance.choice(NOUNS)}."
        )
    return "\n\n".join(lines)


def stories(folder: Path, count: int, length: int = 14) -> Path:
    """A folder with stories as text files."""
    folder.mkdir()
    for number in range(count):
        (folder / f"a{number:03}.txt").write_text(story(number, length), "utf-8")
    return folder


def unplaced(folder: Path) -> dict[str, str]:
    """SHA-256 of every report and notebook of a run folder, reports without their article's place in the run: those are
    whole as soon as they have their name, and get their place when all articles are measured."""
    return {
        p.relative_to(folder).as_posix(): hashlib.sha256(place.taken_out(p.read_bytes().decode()).encode()).hexdigest()
        for part in ("articles", "notebooks")
        for p in sorted((folder / part).glob("[!.]*"))
    }


def digests(folder: Path) -> dict[str, str]:
    """SHA-256 of every file of a run folder that is output: all but run.log and what the run remembers."""
    return {
        p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(folder.rglob("*"))
        if p.is_file() and p.name != "run.log" and ".presslab" not in p.parts
    }
