"""Names of persons, and whether two of them may be one person's: first and middle names, initials, "Jr."."""

from __future__ import annotations

from functools import lru_cache
import re
import unicodedata

from rapidfuzz.distance import Levenshtein

from presslab.measures.sources.person_names import first_names
from presslab.system.plain_yaml import packaged

PARTICLES = frozenset("al bin da de del della den der di dos du el ibn la le san st ten ter van von".split())
SUFFIXES = frozenset("jr sr ii iii iv".split())
# "a lawyer for Jane Roe", "wife of Jane Roe" are not Jane Roe
RELATED = frozenset("for to by with and from who that about in on off at under against over as than".split())
OF_SOMEBODY = frozenset(
    "campaign team administration wife husband son daughter office".split()
)  # "campaign of Jane Roe"
ENDINGS = frozenset(
    "committee department ministry office agency council party union association institute university center centre"
    " company corporation group house senate court police force news times post journal report foundation bank"
    " commission service campaign republicans democrats administration government board bureau fund league team camp"
    " authority congress street agents officials motors electric mills dynamics assembly".split()
)

ARTICLES = frozenset("the a an".split())
TITLES = ARTICLES | frozenset(
    "mr mrs ms miss dr prof professor sir lady lord dame sen senator rep representative gov governor gen general col"
    " colonel lt lieutenant sgt sergeant capt captain cpl corporal maj cmdr commander adm admiral rev reverend"
    " president vice mayor minister premier secretary chancellor judge justice chief speaker congressman congresswoman"
    " councilman councilwoman chairman chairwoman attorney ambassador sheriff detective officer spokesman spokeswoman"
    " spokesperson prime first deputy former rabbi pastor".split()
)

Words = tuple[str, ...]


def words_of(name: str) -> list[str]:
    """Return a name's words without titles, articles, possessives and dots."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name.replace(".", "")) if not unicodedata.combining(c))
    plain = re.sub(r"'s\b", "", plain.replace("’", "'"))
    words = re.findall(r"[\w'&-]+", plain)
    while len(words) > 1 and words[0].lower() in TITLES:
        if words[-1].lower() in ENDINGS | TITLES and words[0].lower() not in ARTICLES:
            break  # "Justice Department", "General Motors", "Vice President"
        words = words[1:]
    return words


@lru_cache(maxsize=1)
def nicknames() -> dict[str, frozenset[str]]:
    """Return short forms and other spellings by first name, lower case (data/nicknames.yaml)."""
    table = packaged("nicknames.yaml")
    return {name.lower(): frozenset(forms) for name, forms in table.items()}


@lru_cache(maxsize=1)
def _fuller() -> dict[str, frozenset[str]]:
    """Return for each first name what it may stand for: itself, and the names that list it as a short form."""
    fuller: dict[str, set[str]] = {}
    for name, forms in nicknames().items():
        for form in (name, *forms):
            fuller.setdefault(form, {form}).add(name)
    return {form: frozenset(names) for form, names in fuller.items()}


@lru_cache(maxsize=1)
def _known_firsts() -> frozenset[str]:
    return frozenset(name.lower() for name in first_names()) | frozenset(_fuller())


def is_first_name(word: str) -> bool:
    """Return whether a word is in the lists of first names and their short forms."""
    return word.lower() in _known_firsts()


def same_first(a: str, b: str) -> bool:
    """Return whether two first names (lower case) may be one person's: equal, one the other's initial, short forms or
    spellings of one name. "Joe" and "Joel" are two names, "Bill" and "Billy" one."""
    if a == b or 1 in (len(a), len(b)) and a[0] == b[0]:
        return True
    return bool(_fuller().get(a, frozenset((a,))) & _fuller().get(b, frozenset((b,)))) or is_slip(a, b)


def is_slip(a: str, b: str) -> bool:
    """Return whether one first name may be the other, misspelt ("Vincente" for "Vicente"). Two that are both in the
    lists are two names ("Maria", "Marie")."""
    return misspelt(a, b) and not (is_first_name(a) and is_first_name(b))


def misspelt(a: str, b: str) -> bool:
    """Return whether both have five letters or more, the same first one, and differ in one letter."""
    return a != b and min(len(a), len(b)) >= 5 and a[0] == b[0] and Levenshtein.distance(a, b) == 1


def is_person(words: Words | list[str]) -> bool:
    """Return whether there are two to five capitalised words, particles ("de") aside: so look names of persons;
    organisations' last words don't help."""
    plain, _ = without_suffix(tuple(words))
    if not 2 <= len(plain) <= 5 or plain[-1].lower() in ENDINGS:
        return False
    if plain[0].lower() in PARTICLES and plain[0][0].islower():
        return False
    return all(w[0].isupper() or w in PARTICLES for w in plain) and plain[-1][0].isupper()


def without_suffix(words: Words) -> tuple[Words, str]:
    """Return a name's words without "Jr." or "III" at the end, and that in lower case or ""."""
    if len(words) > 1 and words[-1].lower() in SUFFIXES:
        return words[:-1], words[-1].lower()
    return words, ""


def surnames(words: Words) -> frozenset[Words]:
    """Return what may stand for a person alone, lower case: the last word, with particles before it, or with the
    word before it ("Wasserman Schultz")."""
    plain = tuple(w.lower() for w in without_suffix(words)[0])
    start = len(plain) - 1
    while start > 1 and plain[start - 1] in PARTICLES:
        start -= 1
    found = {plain[-1:], plain[start:]}
    if len(plain) > 2 and not is_first_name(plain[-2]) and len(plain[-2]) > 1:
        found.add(plain[-2:])
    return frozenset(found)


def may_be_one(one: Words, other: Words) -> bool:
    """Return whether two names of two words or more with the same surname may be one person's.

    First names fit as in `same_first`; middle names don't contradict each other (George W. and George H. W. do);
    "Jr." and "Sr." are two; words before a whole name are no first names ("Historian Alan Brinkley", but not "Mary
    Alan Brinkley"), and don't say that it is somebody else ("wife of"). A name that only one has is no contradiction.
    """
    (a, a_end), (b, b_end) = without_suffix(one), without_suffix(other)
    if a_end and b_end and a_end != b_end:
        return False
    if is_titled(a, b) or is_titled(b, a):
        return True
    a, b = tuple(w.lower() for w in a), tuple(w.lower() for w in b)
    if a == b:
        return True
    if min(len(a), len(b)) < 2:
        return False
    if a[-1] != b[-1] or not same_first(a[0], b[0]) or not _middles_fit(a[1:-1], b[1:-1]):
        return False
    # R. Clarke Cooper is called Clarke: he is no Roy Cooper
    return all(x == y or not _by_middle(x) or _by_middle(x) == _by_middle(y) or x[1] in y for x, y in ((a, b), (b, a)))


def _by_middle(words: Words) -> str:
    """Return the middle name by which somebody is called whose first name is an initial, or ""."""
    return words[1] if len(words) > 2 and len(words[0]) == 1 and len(words[1]) > 2 and words[1] not in PARTICLES else ""


def is_titled(long: Words, short: Words) -> bool:
    """Return whether one name is the other, of two words or more, with what the person is before it ("Historian Alan
    Brinkley", "Director of Roads Alan Brinkley"), or with another first name that people leave out ("Willard Mitt
    Romney"); not with a relation to somebody ("wife of Alan Brinkley")."""
    before = long[: -len(short)]
    if (
        len(short) < 2
        or len(short[0]) == 1
        or not before
        or [w.lower() for w in long[-len(short) :]] != [w.lower() for w in short]
    ):
        return False
    lower = {w.lower() for w in before}
    if (
        RELATED & lower
        or "of" in lower
        and (
            before[-1] == "of"
            or OF_SOMEBODY & lower
            or not all(w[0].isupper() or w.lower() in ("of", "the") for w in before)
        )
    ):
        return False
    return not (is_first_name(short[0]) and any(is_first_name(w) for w in before))


def _middles_fit(a: Words, b: Words) -> bool:
    """Return whether middle names don't contradict each other; "H W" are two."""
    a, b = (tuple(w for w in _spelt_out(ws) if w not in PARTICLES) for ws in (a, b))
    if not a or not b:
        return True
    whole = {w for w in a if len(w) > 1} & {w for w in b if len(w) > 1}
    if whole:
        return True
    return all(x == y or x[0] == y[0] and 1 in (len(x), len(y)) for x, y in zip(a, b))


def _spelt_out(words: Words) -> Words:
    """Return middle names with initials that are written together ("HW") as one each."""
    return tuple(c for w in words for c in (w if len(w) == 2 and not set(w) & set("aeiouy") else (w,)))
