"""Where a number lies in usual news, in few words, and which articles usual news is."""

from __future__ import annotations

from presslab.measures.usual import Place, Yardstick, bundled, hundredths

from .wording import many, number

WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def news(yardstick: Yardstick) -> str:
    """Return which articles a yardstick calls usual news: one sentence, two for a user's own."""
    about = yardstick.about
    kinds = len(about.get("kinds", ()))
    count = WORDS[kinds] if kinds < len(WORDS) else f"{kinds}"
    outlets = f" of {many(about['outlets'], 'outlet')}" if about["outlets"] else ""
    articles = f"{many(about['articles'], 'article')}{outlets}"
    which = ", ".join(filter(None, (articles, about["years"], f"{count} kinds of news" if kinds > 1 else "")))
    if yardstick == bundled():
        return f"Usual news is {which}."
    return (
        f"Usual news is the user’s own: {which} (--yardstick). Values of the five generic frames stay places in"
        f" presslab’s {many(bundled().about['articles'], 'article')}."
    )


def place(found: Place | None, decimals: int) -> str:
    """Return a place in few words, such as "higher than in 83 % of usual news", in the middle half "usual (middle half:
    0.31 to 0.54)"; "" if there is none. Shares are never rounded up."""
    if found is None:
        return ""
    if found.value > found.high:
        return f"higher than in {hundredths(found.lower)} % of usual news"
    if found.value < found.low:
        return f"lower than in {hundredths(found.higher)} % of usual news"
    low, high = number(found.low, decimals), number(found.high, decimals)
    return f"usual (middle half: {low if low == high else f'{low} to {high}'})"
