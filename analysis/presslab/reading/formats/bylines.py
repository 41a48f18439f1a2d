"""A byline as published → the names in it."""

from __future__ import annotations

import re

ROLE = (
    r"(?:(?:chief|senior|deputy|associate|assistant|special|staff|political|diplomatic|environment|transport|"
    r"economics?|business|health|science|education|home|foreign|social|industry|legal|crime|security|defen[cs]e|"
    r"religion|media|technology|arts?|sports?|football|city|national|world|europe|consumer|energy|royal|westminster|"
    r"us|uk|eu|affairs|policy|news|managing|contributing|executive|editorial|investigations?|ap|and|&|new york|"
    r"washington|times)\s+)*(?:correspondents?|editors?|reporters?|writers?|columnists?|critics?|journalists?|"
    r"commentator|bureau chief|contributor|reports|analyst|staff|team)"
)
CREDIT = re.compile(
    r"(?i)\b(contributed|reported from|contributing|contributes|is a\b|is an\b|is the\b|are the\b|are\b|was\b|"
    r"follow\b|special (?:to|for)|compiled|report from|brought to you|translated|photograph|research by|"
    r"additional reporting|editing by|e-?mail|reporting by|in collaboration)"
)
LOOSE_ENDS = re.compile(
    rf"(?i)\s*(?:,.*|\((?!['\"]).*?\)|\s+-\s+.*|\s+in [A-Z][\w.' -]+|\s+(?:the )?(?:associated press|{ROLE}))\s*$"
)
ORGANISATION = re.compile(
    r"(?i)\b(news|press|agency|agencies|agence|reuters|bloomberg|staff|letters|times|guardian|post|journal|wire|"
    r"service|services|reporters?|correspondents?|writers?|dow jones|ap|afp|dpa|efe|upi|editorial|board|desk|online|"
    r"com|foreign|bbc|cnn)\b|/|\d"
)
# where correspondents sign from: "Nick Squires Rome"
CITIES = frozenset(
    (
        "Amsterdam|Athens|Baghdad|Bangkok|Barcelona|Beijing|Beirut|Belfast|Belgrade|Berlin|Brussels|Budapest|Cairo"
        "|Canberra|Caracas|Copenhagen|Cork|Delhi|Dublin|Edinburgh|Frankfurt|Geneva|Glasgow|Harare|Havana|Helsinki"
        "|Istanbul|Jakarta|Jerusalem|Johannesburg|Kabul|Kiev|Kyiv|Lagos|Lisbon|London|Madrid|Manila|Melbourne|Moscow"
        "|Mumbai|Nairobi|Oslo|Ottawa|Paris|Prague|Pretoria|Rome|Seoul|Shanghai|Singapore|Stockholm|Strasbourg|Sydney"
        "|Taipei|Tehran|Tokyo|Tripoli|Vienna|Warsaw|Washington|Zurich|New York|Hong Kong|Los Angeles|San Francisco"
        "|New Delhi|Tel Aviv|Buenos Aires|Mexico City|Cape Town|Abu Dhabi|Sao Paulo|Rio de Janeiro|Kuala Lumpur"
        "|Ho Chi Minh City|Addis Ababa|St Petersburg|United Nations|Washington DC"
    ).split("|")
)
PARTICLES = {
    "de",
    "da",
    "di",
    "del",
    "della",
    "der",
    "den",
    "van",
    "von",
    "la",
    "le",
    "bin",
    "al",
    "el",
    "ter",
    "ten",
    "y",
    "dos",
    "du",
}


def names(byline: str) -> tuple[str, ...]:
    """Return the persons (or the agency) who sign, in the byline's order: "By JANE DOE and JOHN ROE" → ("Jane Doe",
    "John Roe").

    Roles, places, outlets and who contributed or reported from where are left out. A name in capitals is set in
    upper and lower case.
    """
    text = re.sub(r"\s+", " ", byline.replace("\xa0", " ")).strip(" ;,.|")
    text = re.sub(r"(?i)^(?:by|von|par|por|door|di)\b[:\s]+", "", text)
    text = re.sub(r"(?i)^(?:text|story|report|words) by\s+", "", text)
    authors: list[str] = []
    for part in re.split(r"\s*[;|]\s*", text):
        if CREDIT.search(part) or not part:
            continue
        part = re.sub(r"\((?:now|earlier|later)\)", "", part)
        turned = re.fullmatch(r"([^\W\d_][\w'’-]+), ([^\W\d_][\w'’-]+(?: [A-Z]\.?)?)", part)
        if (
            turned
            and not ORGANISATION.search(part)
            and not re.search(rf"(?i)\b{ROLE}\b", part)
            and turned[2] not in CITIES
        ):
            part = f"{turned[2]} {turned[1]}"  # "DOE, JANE"
        for piece in re.split(r"\s*(?:,\s*and|,|&|\band\b|\bund\b|\bwith\b|\s/\s)\s*", part):
            name = _name(piece, first=not authors)
            if name and name.casefold() not in {n.casefold() for n in authors}:
                authors.append(name)
    return tuple(authors)


def joined(authors: tuple[str, ...]) -> str:
    """Return names as a line of text: "A", "A and B", "A, B and C"."""
    return authors[0] if len(authors) == 1 else f"{', '.join(authors[:-1])} and {authors[-1]}" if authors else ""


def _name(piece: str, first: bool) -> str:
    """Return one name out of a piece of a byline, or "" if the piece is a role, an outlet or a place."""
    piece = re.sub(r"(?i)^by:? ", "", piece.strip(" .,:"))
    piece = re.sub(r"(?i)\bfor (?:the )?[A-Z].*$", "", piece).strip()
    whole = piece
    while (shorter := LOOSE_ENDS.sub("", piece).strip()) and shorter != piece and (" " in shorter or "," in piece):
        piece = shorter
    words = piece.split()
    if len(words) > 3 and re.search(rf"(?i)\b{ROLE}$", whole):  # "Ann Lee Some Desk correspondent"
        piece = " ".join(words[: 3 if len(words[1].strip(".")) == 1 else 2])
    if not first and (piece in CITIES or re.fullmatch(rf"(?i){ROLE}", piece)):
        return ""
    words = piece.split()
    if len(words) > 2 and words[-1] in CITIES:
        words.pop()
        piece = " ".join(words)
    person = (
        2 <= len(words) <= 5
        and not ORGANISATION.search(piece)
        and all(
            w[0].isupper()
            or re.match(r"[dlo]['’][A-Z]", w)
            or w.casefold() in PARTICLES
            or w.islower()
            and len(words) == 2
            for w in words
        )
    )
    if not person and not first:
        return ""  # what follows the first name and is no name is a role, a place or an outlet
    return _cased(piece) if person else piece


def _cased(name: str) -> str:
    """Return a name with its words in capitals set in upper and lower case; a name all in lower case too."""
    words: list[str] = []
    for word in name.split():
        letters = re.sub(r"[\W_]", "", word)
        if (
            len(letters) > 2
            and letters.isupper()
            or len(letters) == 2
            and letters.isupper()
            and name.isupper()
            and "." not in word
        ):
            word = re.sub(r"[^\W\d_]+", lambda m: m[0].capitalize(), word)
            word = re.sub(r"\bMc([a-z])", lambda m: "Mc" + m[1].upper(), word)
            word = re.sub(r"(?<=[a-z])['’]S\b", "'s", word)
            if word.casefold() in PARTICLES and words:
                word = word.lower()
        elif name.islower() and word not in PARTICLES:
            word = word.capitalize()
        words.append(word)
    return " ".join(words)
