"""Syllables of figures where they are read aloud, as Flesch (1948) and McLaughlin (1969) counted them."""

from __future__ import annotations

import re

UNDER_TWENTY = (2, 1, 1, 1, 1, 1, 1, 2, 1, 1, 1, 3, 1, 2, 2, 2, 2, 3, 2, 2)  # zero … nineteen
TENS = (0, 0, 2, 2, 2, 2, 2, 3, 2, 2)  # twenty … ninety
SIGNS = {"$": 2, "£": 1, "€": 2, "%": 2, "°": 2, "&": 1, "#": 2, "+": 1}  # dollars, pounds, euros, percent, degrees …


def whole(number: int) -> int:
    """Return the syllables of a whole number: 1,948 is "one thousand nine hundred forty-eight"."""
    if number < 20:
        return UNDER_TWENTY[number]
    if number < 100:
        return TENS[number // 10] + (UNDER_TWENTY[number % 10] if number % 10 else 0)
    for size in (10**12, 10**9, 10**6, 1000, 100):  # trillion, billion, million, thousand, hundred: two syllables each
        if number >= size:
            rest = number % size
            return whole(number // size) + 2 + (whole(rest) if rest else 0)
    raise ValueError(number)


def year(number: int) -> int:
    """Return the syllables of a figure of four digits without a comma, read as a year: 1948 is "nineteen
    forty-eight"."""
    first, rest = divmod(number, 100)
    if number % 1000 < 10 or number < 1000:
        return whole(number)
    return whole(first) + (2 if not rest else whole(rest) + (rest < 10))  # nineteen hundred, nineteen oh five


def figure(written: str) -> int:
    """Return the syllables of figures with what stands at them: "$5.5", "50%", "9/11", "1990s", "3rd", "F-16",
    "10am"."""
    count = 0
    for digits, fraction, letters, sign in re.findall(r"(\d[\d,]*)(\.\d+)?|([A-Za-z]+)|([$£€%°&#+])", written):
        if digits:
            number = int(digits.replace(",", ""))
            plain = digits.isdigit() and not fraction
            if plain and digits.startswith("0") and len(digits) > 1:
                # "oh five"; :00 is silent
                count += sum(UNDER_TWENTY[int(d)] if d != "0" else 1 for d in digits if number)
            elif number >= 10**15:
                count += sum(UNDER_TWENTY[int(d)] for d in digits if d.isdigit())
            else:
                count += year(number) if plain and len(digits) == 4 and 1000 < number < 2100 else whole(number)
            count += 1 + sum(UNDER_TWENTY[int(d)] for d in fraction[1:]) if fraction else 0
        elif letters in ("th", "st", "nd", "rd"):
            count += _ordinal(written)
        elif letters in ("m", "bn", "tn", "k"):
            count += 2
        elif letters in ("million", "billion", "trillion"):
            count += 2
        elif letters != "s":
            count += sum(3 if c in "wW" else 1 for c in letters)
        count += SIGNS.get(sign, 0)
    return max(count + len(re.findall(r"\d[-–](?=\d)", written)), 1)


def _ordinal(written: str) -> int:
    """Return what an ordinal adds to its figure: twentieth has one more than twenty, second one more than two."""
    return int(bool(re.search(r"(?:[2-9]0|(?:^|[^1])2)(?:th|nd)", written)))
