"""Dates as exports write them → ISO dates."""

from __future__ import annotations

from datetime import date, timedelta
import re

MONTHS = {
    "january": 1,
    "januar": 1,
    "januari": 1,
    "janvier": 1,
    "enero": 1,
    "gennaio": 1,
    "janeiro": 1,
    "jänner": 1,
    "february": 2,
    "februar": 2,
    "februari": 2,
    "février": 2,
    "fevrier": 2,
    "febrero": 2,
    "febbraio": 2,
    "fevereiro": 2,
    "march": 3,
    "märz": 3,
    "maart": 3,
    "mars": 3,
    "marzo": 3,
    "março": 3,
    "mrz": 3,
    "mrt": 3,
    "april": 4,
    "avril": 4,
    "abril": 4,
    "aprile": 4,
    "avr": 4,
    "abr": 4,
    "may": 5,
    "mai": 5,
    "mei": 5,
    "mayo": 5,
    "maggio": 5,
    "maio": 5,
    "june": 6,
    "juni": 6,
    "juin": 6,
    "junio": 6,
    "giugno": 6,
    "junho": 6,
    "july": 7,
    "juli": 7,
    "juillet": 7,
    "julio": 7,
    "luglio": 7,
    "julho": 7,
    "juil": 7,
    "august": 8,
    "augustus": 8,
    "août": 8,
    "aout": 8,
    "agosto": 8,
    "ago": 8,
    "september": 9,
    "septembre": 9,
    "septiembre": 9,
    "settembre": 9,
    "setembro": 9,
    "sept": 9,
    "october": 10,
    "oktober": 10,
    "octobre": 10,
    "octubre": 10,
    "ottobre": 10,
    "outubro": 10,
    "okt": 10,
    "november": 11,
    "novembre": 11,
    "noviembre": 11,
    "novembro": 11,
    "december": 12,
    "dezember": 12,
    "décembre": 12,
    "decembre": 12,
    "diciembre": 12,
    "dicembre": 12,
    "dezembro": 12,
    "dez": 12,
}
# The first three letters of the English names too, and of the others where they tell one month.
for _name, _number in list(MONTHS.items()):
    if MONTHS.setdefault(_name[:3], _number) != _number:
        MONTHS[_name[:3]] = {"mar": 3, "jui": 0}.get(_name[:3], MONTHS[_name[:3]])

WORD = r"(?P<month>[^\W\d_]{3,12})\.?"
PATTERNS = (
    r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})(?!\d)",
    r"(?<!\d)(?P<y>(?:19|20)\d{2})(?P<m>\d{2})(?P<d>\d{2})(?:T|Z|$|\s|(?=\d{6}))",
    r"(?P<y>\d{4})/(?P<m>\d{1,2})/(?P<d>\d{1,2})(?!\d)",
    WORD + r"\s+(?P<d>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<y>\d{4})",
    r"(?P<d>\d{1,2})(?:\.|st|nd|rd|th)?(?:\s+|-)(?:de\s+|of\s+)?" + WORD + r",?(?:\s+|-)(?:de\s+)?(?P<y>\d{4})",
    r"(?P<y>\d{4})(?:年)(?P<m>\d{1,2})月(?P<d>\d{1,2})日",
    r"(?<![\d.])(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{4})",
)
SLASHED = re.compile(r"(?<!\d)(?P<a>\d{1,2})/(?P<b>\d{1,2})/(?P<y>\d{4})")
COMPILED = tuple(re.compile(p, re.IGNORECASE) for p in PATTERNS)


def iso(text: str) -> str:
    """Return the first date in a text as YYYY-MM-DD, or "" if there is none or it is unclear which is meant.

    The day is taken as written, in whatever time zone. 03/04/2017 may be April or March, so it gives "";
    03/14/2017 can only be one.
    """
    best: tuple[int, str] | None = None
    for pattern in COMPILED:
        for match in pattern.finditer(text):
            parts = match.groupdict()
            month = MONTHS.get(parts["month"].casefold(), 0) if "month" in parts else int(parts["m"])
            date = _valid(int(parts["y"]), month, int(parts["d"]))
            if date and (best is None or match.start() < best[0]):
                best = (match.start(), date)
                break
    if best:
        return best[1]
    slashed = SLASHED.search(text)
    if slashed:
        first, second, year = int(slashed["a"]), int(slashed["b"]), int(slashed["y"])
        readings = {_valid(year, first, second), _valid(year, second, first)} - {""}
        return readings.pop() if len(readings) == 1 else ""
    return ""


def serial(number: float) -> str:
    """Return the ISO date of a spreadsheet's day number (days since 1899-12-30), or ""."""
    if not 10_000 < number < 80_000:
        return ""
    return (date(1899, 12, 30) + timedelta(days=int(number))).isoformat()


def _valid(year: int, month: int, day: int) -> str:
    try:
        return date(year, month, day).isoformat() if 1600 <= year <= 2200 else ""
    except ValueError:
        return ""
