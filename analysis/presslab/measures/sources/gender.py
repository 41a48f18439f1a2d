"""Whether a named source is a woman or a man: what the article calls the person, the first name, and the pronouns.

Words at the name come first ("Mrs. Quill", "Ann Quill, a spokeswoman"), then the first name by the list of Van Buskirk,
Clauset & Larremore (2023). Pronouns decide only where both are silent, and contradict where they are many: "her" beside
a name is often somebody else's. Where what is known disagrees, the gender is not known. It is what the article and
usage of names say, not how a person sees himself or herself."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources
import re
import unicodedata

from presslab.parsing.document import Document

from .person import Person

SURE = 50  # at most so many of 1,000 bearers of a first name are of the other gender; the list goes to 100
PRONOUNS = 3  # so many, and none of the other gender, decide where words and name are silent
HONORIFICS = {
    "Mr": "man", "Sir": "man", "Lord": "man", "King": "man", "Prince": "man", "Mrs": "woman", "Ms": "woman",
    "Miss": "woman", "Madam": "woman", "Lady": "woman", "Dame": "woman", "Queen": "woman", "Princess": "woman",
    "Baroness": "woman",
}  # fmt: skip
OFFICES = (
    "chair congress spokes business council assembly alder police fire sales camera crafts stunt anchor states news"
    " weather noble service frontiers sports gentle"
).split()
CALLED = {f"{office}{gender}": gender for office in OFFICES for gender in ("woman", "man")} | {
    "actress": "woman", "waitress": "woman", "heiress": "woman", "hostess": "woman", "stewardess": "woman",
    "comedienne": "woman", "duchess": "woman", "nun": "woman", "businesswomen": "woman", "waiter": "man", "duke": "man",
    "first lady": "woman", "schoolgirl": "woman", "schoolboy": "man", "grandmother": "woman", "grandfather": "man",
}  # fmt: skip
KIN = {
    "wife": "woman", "widow": "woman", "mother": "woman", "daughter": "woman", "sister": "woman", "aunt": "woman",
    "niece": "woman", "girlfriend": "woman", "grandmother": "woman", "ex-wife": "woman", "fiancée": "woman",
    "stepmother": "woman", "husband": "man", "widower": "man", "father": "man", "son": "man", "brother": "man",
    "uncle": "man", "nephew": "man", "boyfriend": "man", "grandfather": "man", "ex-husband": "man", "stepfather": "man",
}  # fmt: skip


def _any(words: dict[str, str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=lambda word: (-len(word), word)))


TITLE = re.compile(rf"(?<!and )\b({_any(HONORIFICS)})\.? (?:[A-Z]\w+\. )?$")
ROLE = re.compile(rf"\b({_any(CALLED | KIN)}),? (?:(?:Dr|Sen|Rep|Gov)\. )?$", re.IGNORECASE)
# "Ann Quill, a former spokeswoman for the council"; of kin only "the mother of": "Quill, his wife, and …" may be a list
AFTER = re.compile(
    rf",? (?:\(?\d\d\)?, )?(?:(?:an?|the|her|his|its|their|[a-z][\w-]+|[A-Z][\w.-]+[’']s) ){{0,3}}"
    rf"(?:({_any(CALLED)})(?= for | of | at | who |[,.;)])|(?<=the |, a )({_any(KIN)})(?= of ))"
)
SPOUSE = re.compile(r" and (his wife|her husband)\b")
OF_SPOUSE = {"his wife": "man", "her husband": "woman"}


@lru_cache(maxsize=1)
def shares() -> dict[str, int]:
    """Return how many of 1,000 bearers of a first name are women, from data/first_names/shares.txt; names in lower
    case, without accents."""
    table = (resources.files("presslab") / "data" / "first_names" / "shares.txt").read_text("utf-8")
    rows = (line.split() for line in table.splitlines())
    return {name: int(share) for share, *names in rows for name in names}


def by_name(name: str, mixed: int = SURE) -> str:
    """Return "woman" or "man" if all but `mixed` of 1,000 bearers of a full name's first name (at most 100) are that,
    otherwise ""."""
    words = [w for w in re.sub(r"[“\"‘(][^”\"’)]*[”\"’)] ", "", name).split() if w.rstrip(".") not in HONORIFICS]
    while len(words) > 2 and re.fullmatch(r"[A-Z]\.?(?:[A-Z]\.)*", words[0]):
        words = words[1:]  # J. Christopher Stevens
    if len(words) < 2 or re.fullmatch(r"[A-Z][a-z]+-[a-z]+", words[1]):
        return ""  # a surname alone, or one that comes first: Ban Ki-moon
    plain = unicodedata.normalize("NFKD", words[0].lower().replace("’", "'"))
    share = shares().get("".join(c for c in plain if not unicodedata.combining(c)))
    if share is None or mixed < share < 1000 - mixed:
        return ""
    return "woman" if share > 500 else "man"


def called(document: Document, person: Person) -> list[str]:
    """Return "woman" or "man" for each place where the words at a person's name tell it."""
    found = []
    for start, end in person.places:
        before = document.text[max(0, start - 40) : start].replace("\n", " . ")
        after = document.text[end : end + 80].split("\n")[0]
        own = document.text[start:end].split(" ")
        if title := TITLE.search(before):
            found.append(HONORIFICS[title[1]])
        elif len(own) > 1 and own[0].rstrip(".") in HONORIFICS:
            found.append(HONORIFICS[own[0].rstrip(".")])
        if len(own) < 2:
            continue
        if role := ROLE.search(before):
            found.append((CALLED | KIN)[role[1].lower()])
        if role := AFTER.match(after):
            found.append(CALLED[role[1]] if role[1] else KIN[role[2]])
        if spouse := SPOUSE.match(after):
            found.append(OF_SPOUSE[spouse[1]])
    return found


def gender(document: Document, person: Person) -> str:
    """Return "woman", "man" or "" (not known) of a named person. A first name that is not quite sure (Hillary) needs a
    pronoun or a title that agrees and none that doesn't."""
    words = called(document, person)
    told = next((g for g in ("woman", "man") if words.count(g) > 3 * (len(words) - words.count(g))), "")
    if words and not told:
        return ""
    usual, likely = by_name(person.name), by_name(person.name, mixed=100)
    if told:
        return told if usual in ("", told) else ""
    heard = person.gender if person.women + person.men >= PRONOUNS else ""
    if usual:
        return usual if heard in ("", usual) else ""
    if min(person.women, person.men):
        return ""
    return person.gender if person.gender == likely else heard if not likely else ""
